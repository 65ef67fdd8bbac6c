package locales

// idleWords say nothing of a matter: greetings, little words, and the words
// that every complaint has, Uzbek and Russian.
const idleWords = `
assalomu alaykum assalom alekum salom vaalaykum hurmatli iltimos rahmat marhamat xayrli kun kech ertalab
va bilan uchun ham lekin ammo chunki agar yoki yana faqat hali endi shu bu u men biz siz ular sizlar mening bizning sizning bizda menda
meni bizni menga bizga sizga sizdan unga uni uning ularni bir ikki uch har hech kim nima qanday qachon qayer qayerda qayerga nega qancha necha
bor yoq yo'q edi ekan emas bolib bo'lib bo'ldi bo'ladi bo'lyapti bolyapti boldi boladi bolsa bo'lsa qilib qildi qilyapti qilsa qilamiz qilish
deb dedi degan ekanda kerak mumkin juda ko'p kop hamma doim doimo tez tezroq yordam bering berib beringlar chora ko'ring koring
kundan kundan beri beri oldin keyin orqasida oldida yonida ichida ustida tagida oldidagi yonidagi haqida tomonidan
bugun kecha ertaga hozir kunlari kuni kunda soat soatda oy oyda oydan hafta haftadan yil yildan marta
mahalla mahallada mahallamiz mahallamizda mahallasi mfy tuman ko'cha kocha ko'chada kochada ko'chamiz ko'chamizda kochamizda uy uyi uyda uyning uydagi odam odamlar
и в во на с со к ко у о об от до из за по под при без для не ни но а же ли бы что чтобы как когда где куда почему
я мы вы он она они мне нам вам меня нас вас его её их мой моя наш наша наши наше это этот эта эти тот там тут здесь
есть нет был была было были будет очень уже ещё еще все всё каждый каждую каждое опять снова тоже только просим прошу пожалуйста помогите
здравствуйте добрый день вечер утро спасибо сегодня вчера завтра сейчас дня дней день часа часов час неделю недели месяц месяца год лет
улица улице дом дома доме двор дворе махалля махалле район примите меры сделайте
srochno pojalusta pojaluysta yest net kajdiy den`

// meanings are the words of one meaning in both languages, and the beginnings
// under which their forms are known. They are for complaints that neighbours
// make again and again; it is no dictionary.
func meanings() []string {
	return []string{
		"musiqa muzika musika музык kolonka magnitofon dinamik karnay колонк",
		"shovqin shum шум шумя шумн baqir qichqir to'polon крича крик",
		"chiroq chirog lampa lampoch svet fonar свет фонар лампоч лампа освещ elektr tok электр",
		"suv вода воды воду воде водопровод",
		"quvur truba труба трубы трубу",
		"kanalizatsiya канализ oqova lyuk люк",
		"gaz газ газа газом",
		"axlat musor мусор мусора chiqindi свалк помойк konteyner контейнер",
		"it itlar iti itlari daydi собак пёс псы собач",
		"mashina moshina avtomobil машин автомоб avto",
		"yo'l yol doroga дорог asfalt асфальт",
		"chuqur yama яма ямы яму выбоин",
		"daraxt дерев деревь shox ветк",
		"bola bolalar дети детей детск ребён ребен",
		"maktab школ",
		"bog'cha садик детсад",
		"qo'shni сосед соседк",
		"janjal urush mushtlash драк дерут дерёт ссор ruga ругаютс",
		"mast ichib ichkilik aroq pivo пьян пьют распива алкого водк пив",
		"o'g'ri o'g'irla украл кража воры угнал обокрал",
		"pul деньг",
		"telefon телефон",
		"velosiped велосипед",
		"do'kon magazin магазин лавка",
		"kafe kafesi кафе ресторан restoran choyxona чайхан",
		"to'y to'yxona свадьб toyhona",
		"tutun дым дыма smog kuydir yoqa жгут жжёт сжига",
		"hid hidi запах вонь воня",
		"podezd podyezd подъезд",
		"lift лифт",
		"yerto'la podval подвал",
		"hovli ovli двор",
		"devor zabor забор стена стену",
		"ariq арык канав",
		"qurilish qurilishi стройк ремонт remont drel дрель",
		"tun tunda tungi kechasi tunlari ночь ночью ночам kechqurun вечер вечерам",
		"karta karti karta карт sms смс bank банк",
		"eshik дверь двери",
		"maydon площадк",
		"bekat остановк",
		"svetofor светофор",
		"tez tezlik гоня скорост poyga",
		"parkovka парков stoyanka стоянк to'sib загород",
		"moto mototsikl мотоцикл скутер skuter",
		"nasvay sigaret сигар кур",
		"yigit yoshlar молодёж молодеж парни подростк o'smir",
		"garaj гараж",
		"sumka сумк hamyon кошел",
		"mol sigir qo'y коров баран скот",
		"tom крыш",
		"bozor базар рынок рынк",
	}
}
