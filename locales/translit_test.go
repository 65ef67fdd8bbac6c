package locales_test

import (
	"strings"
	"testing"

	"koprik/locales"
)

func TestTransliterationBothWays(t *testing.T) {
	for _, row := range table(t, "translit_pairs.csv") {
		if got := locales.ToLatin(row["cyrl"]); got != row["latn"] {
			t.Errorf("ToLatin(%q) = %q, want %q", row["cyrl"], got, row["latn"])
		}
		if got := locales.ToCyrillic(row["latn"]); got != row["cyrl"] {
			t.Errorf("ToCyrillic(%q) = %q, want %q", row["latn"], got, row["cyrl"])
		}
		if got := locales.ToCyrillic(row["typed_ascii"]); got != row["cyrl"] {
			t.Errorf("ToCyrillic(%q) = %q, want %q", row["typed_ascii"], got, row["cyrl"])
		}
	}
}

func TestToLatin(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"ШАҲАР Шаҳар шаҳар Ш Ш.", "SHAHAR Shahar shahar Sh Sh."},
		{"СЕНТЯБРЬДА Октябрда", "SENTABRDA Oktabrda"},
		{"выезд қуйи", "viyezd quyi"},
		{"Latin ва 5 та\xff👍", "Latin va 5 ta\xff👍"},
	} {
		if got := locales.ToLatin(c.in); got != c.want {
			t.Errorf("ToLatin(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestToCyrillic(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"OʻZBEKISTON Oʻzbekiston O'", "ЎЗБЕКИСТОН Ўзбекистон Ў"},
		{"ratsional konstitutsiyaviy", "рационал конституциявий"},
		{"yanvar yanvarda", "январь январда"},
		{"sexda sexy", "цехда сехй"},
		{"yoʻl yol 'salom'", "йўл ёл 'салом'"},
		{"аралаш matn 5 ta\xff👍", "аралаш матн 5 та\xff👍"},
	} {
		if got := locales.ToCyrillic(c.in); got != c.want {
			t.Errorf("ToCyrillic(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestApostrophes(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"o'zbek O`zbek g‘oz G’oz", "oʻzbek Oʻzbek gʻoz Gʻoz"},
		{"ma'no san´at 'salom'", "maʼno sanʼat 'salom'"},
		{"maʻno", "maʼno"}, // the wrong one of the two signs
		{"", ""},
	} {
		if got := locales.Apostrophes(c.in); got != c.want {
			t.Errorf("Apostrophes(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestCyrillicTextLeavesWhatIsNoText(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Salom, {{.name}}! {{if .x}}Ha{{else}}Yoʻq{{end}}", "Салом, {{.name}}! {{if .x}}Ҳа{{else}}Йўқ{{end}}"},
		{`<b>Xabar</b> &lt;matn&gt; &amp; <a href="https://t.me/x">havola</a>`, `<b>Хабар</b> &lt;матн&gt; &amp; <a href="https://t.me/x">ҳавола</a>`},
		{"<code>soato,name</code> ustuni <pre>a b</pre>", "<code>soato,name</code> устуни <pre>a b</pre>"},
		{"/start yoki /til@bot bosing, va/yoki", "/start ёки /til@bot босинг, ва/ёки"},
		{"@koprik_bot ga yozing", "@koprik_bot га ёзинг"},
		{"https://t.me/{{.bot}}?start=m_1 orqali.", "https://t.me/{{.bot}}?start=m_1 орқали."},
		{"info@koprik.uz, koprik.uz/til va mahalla.csv.", "info@koprik.uz, koprik.uz/til ва mahalla.csv."},
		{"Telegram orqali PDF va QR yuboring", "Telegram орқали PDF ва QR юборинг"},
		{"XXI asr, IV bosqich, I sektor, MFY, IIB", "XXI аср, IV босқич, I сектор, МФЙ, ИИБ"},
		{"24-noyabr, 5 < 7 va 7 > 5", "24-ноябрь, 5 < 7 ва 7 > 5"},
		{"parol va profil", "пароль ва профиль"},
		{"✅ № 1 · oʻq{{.n}}ta", "✅ № 1 · ўқ{{.n}}та"},
		{"{{ yopilmagan <b", "{{ ёпилмаган <б"},
		{"a{{.x}}", "а{{.x}}"},
	} {
		if got := locales.CyrillicText(c.in); got != c.want {
			t.Errorf("CyrillicText(%q)\n got %q\nwant %q", c.in, got, c.want)
		}
	}
	if got := locales.CyrillicText("Koprik boti", "Koprik"); got != "Koprik боти" {
		t.Errorf("a kept word: got %q", got)
	}
}

func FuzzToCyrillic(f *testing.F) {
	for _, s := range []string{"Oʻzbekiston", "{{", "<code>", "&;", "/", "@", "http://", "ʼ", "a\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if out := locales.ToCyrillic(s); strings.ContainsFunc(out, func(r rune) bool { return r >= 'a' && r <= 'z' }) {
			t.Fatalf("of %q: Latin letters are left in %q", s, out)
		}
		locales.CyrillicText(s)
		locales.ToLatin(s)
	})
}
