package locales

import "testing"

func TestWhatOnlySwindlersAskForIsRecognised(t *testing.T) {
	t.Parallel()
	stems, err := LoadFrauds()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		"Karta raqamingizni yozib yuboring":                           true,
		"plastik kartangiz raqami va amal qilish muddatini ayting":    true,
		"Телефонингизга келган кодни айтинг":                          true,
		"SMS kodni menga yuboring":                                    true,
		"Telefoningizga hozir kod keladi, ayting":                     true,
		"Kompensatsiya uchun karta nomeringizni bering":               true,
		"shu kartaga 200 ming oʻtkazing":                              true,
		"Пул ўтказинг, кейин ҳал қиламиз":                             true,
		"Сообщите номер карты и срок действия карты":                  true,
		"Продиктуйте код из смс":                                      true,
		"Для компенсации пришлите фото банковской карты с номером":    true,
		"Nomer karty skazhite":                                        true, // Russian in Latin letters
		"Назовите ваш пароль от госуслуг":                             true,
		"Переведите деньги на карту участкового":                      true,
		"8600 1234 5678 9012 ga tashlang":                             true,
		"9860123456789012":                                            true,
		"Menga ozgina pul bering, masala hal boʻladi":                 true,
		"Click orqali oʻtkazing":                                      true,
		"Pora bersangiz tezroq boʻladi":                               true,
		"Choy puli kerak":                                             true,
		"№ 4821-0937 boʻyicha +998 90 123-45-67 ga qoʻngʻiroq qiling": false,
		"pin kodini yozing":                                           true,

		"Qaysi uyda va soat nechada boʻldi?":                 false,
		"Domofon kodini ayting, borganda kirolmay qoldim":    false,
		"Код от домофона сообщите, пожалуйста":               false,
		"Pasportingizni olib keling":                         false,
		"Xaritada joyni belgilab yuboring":                   false,
		"Mashina raqamini eslaysizmi?":                       false,
		"Номер машины запомнили?":                            false,
		"Telefon raqamingizga qoʻngʻiroq qilaymi?":           false,
		"Rasm yuborsangiz, yaxshi boʻlardi":                  false,
		"Какого числа это было?":                             false,
		"Uy raqamini yozing":                                 false,
		"Nafaqa puli kartaga oʻtkazilmaganini bankka aytdik": false,
		"Ogohlantirildi, bayonnoma tuzildi":                  false,
		"Поликлиника: медицинская карта с номером найдена":   false,
	} {
		if got := stems.Asks(text); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}
