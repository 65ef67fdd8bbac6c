package casework

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"koprik/mahalla"
	"koprik/storage"
)

const testHeader = "district_code,district_uz_latn,sector_no,mahalla_code,mahalla_uz_latn,mahalla_uz_cyrl,mahalla_ru\n"

func readFile(t testing.TB, text string) TerritoryFile {
	t.Helper()
	f, err := ReadTerritoryFile([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func demoFile(t testing.TB) []byte {
	t.Helper()
	raw, err := storage.DemoTerritory()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestTheDemoFileIsReadWithoutARemark(t *testing.T) {
	t.Parallel()
	f := readFile(t, string(demoFile(t)))
	if len(f.Mahallas) != 24 || len(f.Districts) != 2 || len(f.Bad)+len(f.Remarks)+len(f.Ignored) != 0 {
		t.Fatalf("got %d mahallas, %d districts, bad %v, remarks %v, ignored %v", len(f.Mahallas), len(f.Districts), f.Bad, f.Remarks, f.Ignored)
	}
	if f.Letters+f.Apostrophes+f.Swapped+f.Made+f.Doubled != 0 || f.Encoding != "UTF-8" || f.Separator != "," {
		t.Errorf("nothing is to be repaired: got %+v", f)
	}
	got := f.Mahallas[7]
	want := FileMahalla{Line: 9, District: "9901", Sector: 3, Code: "DEMO-1008", Point: "1-2", Name: PlaceName{
		Given: mahalla.Names{UzLatn: "Doʻstlik", UzCyrl: "Дўстлик"},
		Names: mahalla.Names{UzLatn: "Doʻstlik", UzCyrl: "Дўстлик", Ru: "Дўстлик"}}}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if d := f.Districts[1]; d.Code != "9902" || d.Region != "99" || d.Line != 14 || d.Name.Names.Ru != "Тажрибинский район (учебный)" {
		t.Errorf("the second district: got %+v", d)
	}
}

func TestABadLineIsNamedAndTheOthersAreGood(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", maxCode+1)
	for _, test := range []struct{ name, line, want string }{
		{"too few fields", "9901,Namuna", "fields: 2, not 7"},
		{"too many fields", "9901,Namuna,1,M2,Bahor,Баҳор,,,", "fields: 9, not 7"},
		{"no code of a mahalla", "9901,Namuna,1, ,Bahor,Баҳор,", "no_code: "},
		{"no code of a district", ",Namuna,1,M2,Bahor,Баҳор,", "no_code: "},
		{"a dash is no code", "-,Namuna,1,M2,Bahor,Баҳор,", "no_code: "},
		{"a space inside a code", "9901,Namuna,1,M 2,Bahor,Баҳор,", "code: M 2"},
		{"a code that a spreadsheet made a number of", `9901,Namuna,1,"1,7E+06",Bahor,Баҳор,`, "code: 1,7E+06"},
		{"a Cyrillic letter in a code", "9901,Namuna,1,М2,Bahor,Баҳор,", "code: М2 has 'М' (U+041C)"},
		{"a code too long for a link", "9901,Namuna,1," + long + ",Bahor,Баҳор,", "code: " + long},
		{"a district's code too long for its sectors", long[:38] + ",Namuna,1,M2,Bahor,Баҳор,", "code: " + long[:38] + "-S1"},
		{"no name", "9901,Namuna,1,M2,,,Бахор", "no_name: "},
		{"a dash is no name", "9901,Namuna,1,M2,-,—,Бахор", "no_name: "},
		{"signs are no name", "9901,Namuna,1,M2,+,,", "no_name: "},
		{"a name too long", "9901,Namuna,1,M2," + strings.Repeat("a", maxName+1) + ",,", "long_name: " + strings.Repeat("a", maxName-1) + "…"},
		{"letters lost in a conversion", "9901,Namuna,1,M2,Bahor,Ба?ор,", "letters_lost: Ба?ор"},
		{"a sector in words", "9901,Namuna,birinchi,M2,Bahor,Баҳор,", "sector: birinchi"},
		{"a sector 0", "9901,Namuna,0,M2,Bahor,Баҳор,", "sector: 0"},
		{"a sector 100", "9901,Namuna,100,M2,Bahor,Баҳор,", "sector: 100"},
		{"a negative sector", "9901,Namuna,-1,M2,Bahor,Баҳор,", "sector: -1"},
		{"the mahalla again under another name", "9901,Namuna,1,M1,Bahor,Баҳор,", "doubled: M1, line 2"},
		{"the mahalla again in another sector", "9901,Namuna,2,M1,Navbahor,Навбаҳор,", "doubled: M1, line 2"},
		{"the mahalla again in another district", "9902,Tajriba,1,M1,Navbahor,Навбаҳор,", "elsewhere: M1, line 2"},
		{"the code of a district", "9901,Namuna,1,9901,Bahor,Баҳор,", "code_taken: 9901"},
		{"the code of a sector", "9901,Namuna,1,9901-S1,Bahor,Баҳор,", "code_taken: 9901-S1"},
		{"a quotation mark that nothing closes", `9901,Namuna,1,M2,"Bahor,Баҳор,`, "quote: "},
		{"text behind a quotation mark", `9901,Namuna,1,M2,"Bahor" MFY,Баҳор,`, "quote: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := readFile(t, testHeader+"9901,Namuna,1,M1,Navbahor,Навбаҳор,\n"+test.line+"\n9901,Namuna,1,M3,Chinor,Чинор,\n")
			if len(f.Bad) != 1 || f.Bad[0].Line != 3 || fmt.Sprintf("%s: %s", f.Bad[0].Reason, f.Bad[0].Detail) != test.want {
				t.Errorf("got %+v, want line 3 %s", f.Bad, test.want)
			}
			if f.Bad != nil && f.Bad[0].Reason.English() == string(f.Bad[0].Reason) {
				t.Errorf("%s has no words", f.Bad[0].Reason)
			}
			if len(f.Mahallas) != 2 || f.Mahallas[0].Code != "M1" || f.Mahallas[1].Code != "M3" || f.Mahallas[1].Line != 4 {
				t.Errorf("the good lines: got %+v", f.Mahallas)
			}
		})
	}
}

func TestAFileThatCannotBeReadIsRefusedInWords(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		want       FileError
	}{
		{"nothing", "", FileError{Reason: FileEmpty}},
		{"blank lines", " \r\n\n", FileError{Reason: FileEmpty}},
		{"a byte-order mark alone", "\uFEFF", FileError{Reason: FileColumns, Detail: "district_code, mahalla_code, mahalla_uz_latn or mahalla_uz_cyrl"}},
		{"UTF-16, little end first", "\xFF\xFEd\x00i\x00", FileError{Reason: FileUTF16}},
		{"UTF-16, big end first", "\xFE\xFF\x00d\x00i", FileError{Reason: FileUTF16}},
		{"UTF-16 without its mark", "d\x00i\x00", FileError{Reason: FileUTF16}},
		{"a workbook", "PK\x03\x04\x14\x00\x06", FileError{Reason: FileWorkbook}},
		{"an old workbook", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", FileError{Reason: FileWorkbook}},
		{"a picture", "\x89PNG\r\n\x1a\n\x00", FileError{Reason: FileNoText}},
		{"too big", strings.Repeat("x", maxTerritoryFile+1), FileError{Reason: FileTooBig}},
		{"no header", "9901,DEMO-1,Navbahor\n", FileError{Reason: FileColumns, Detail: "district_code, mahalla_code, mahalla_uz_latn or mahalla_uz_cyrl"}},
		{"a column missing", "mahalla_code;mahalla_ru;district_code\n", FileError{Reason: FileColumns, Detail: "mahalla_uz_latn or mahalla_uz_cyrl"}},
		{"a column twice", "mahalla_code,mahalla_uz_latn,district_code,Mahalla_Code\n", FileError{Reason: FileTwice, Detail: "mahalla_code"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := ReadTerritoryFile([]byte(test.text))
			var got *FileError
			if !errors.As(err, &got) || *got != test.want {
				t.Errorf("got %v, want %+v", err, test.want)
			}
			if got != nil && got.Error() == string(got.Reason) {
				t.Errorf("%s has no words", got.Reason)
			}
		})
	}
}

func TestTheWaysOfWritingAFileMeanTheSame(t *testing.T) {
	t.Parallel()
	plain := testHeader + "9901,Намуна,1,M1,,Ўрикзор,\n9901,Намуна,2,M2,,Чинор,Чинар\n"
	want := readFile(t, plain)
	windows := func(s string) string {
		out, err := charmap.Windows1251.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	semicolons := strings.ReplaceAll(plain, ",", ";")
	for _, test := range []struct{ name, text, encoding, separator string }{
		{"semicolons", semicolons, "UTF-8", ";"},
		{"tabs", strings.ReplaceAll(plain, ",", "\t"), "UTF-8", "\t"},
		{"a byte-order mark", "\uFEFF" + plain, "UTF-8 with a byte-order mark", ","},
		{"Windows-1251", windows(plain), "Windows-1251", ","},
		{"Windows-1251 with semicolons and \\r\\n", windows(strings.ReplaceAll(semicolons, "\n", "\r\n")), "Windows-1251", ";"},
		{"\\r alone", strings.ReplaceAll(plain, "\n", "\r"), "UTF-8", ","},
		{"no end of the last line", strings.TrimSuffix(plain, "\n"), "UTF-8", ","},
		{"quotation marks", strings.ReplaceAll(plain, "Чинор", `"Чинор"`), "UTF-8", ","},
		{"capitals and spaces in the header", strings.Replace(plain, "mahalla_code", " Mahalla_CODE\u00a0", 1), "UTF-8", ","},
		{"spaces and hidden characters in cells", strings.ReplaceAll(plain, "Чинор", "\u00a0Чи\u00adнор\t"), "UTF-8", ","},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := readFile(t, test.text)
			if got.Encoding != test.encoding || got.Separator != test.separator {
				t.Errorf("got %s and %q, want %s and %q", got.Encoding, got.Separator, test.encoding, test.separator)
			}
			if !reflect.DeepEqual(got.Mahallas, want.Mahallas) || !reflect.DeepEqual(got.Districts, want.Districts) || len(got.Bad) > 0 {
				t.Errorf("got %+v, bad %v, want %+v", got.Mahallas, got.Bad, want.Mahallas)
			}
		})
	}
}

func TestADamagedByteCostsItsLineOnly(t *testing.T) {
	t.Parallel()
	f := readFile(t, testHeader+"9901,Намуна,1,M1,,Чин\xFFор,\n9901,Намуна,1,M2,,Боғишамол,\n")
	if f.Encoding != "damaged UTF-8" || len(f.Mahallas) != 1 || len(f.Bad) != 1 || f.Bad[0].Line != 2 || f.Bad[0].Reason != LineLost {
		t.Errorf("got %s, %+v, bad %v", f.Encoding, f.Mahallas, f.Bad)
	}
}

func TestLettersAndApostrophesArePutRightAndCounted(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, latn, cyrl, ru       string
		want                       mahalla.Names
		letters, apostrophes, made int
		swapped                    int
		remarks                    int
	}{
		{name: "nothing to do", latn: "Boʻston", cyrl: "Бўстон", want: mahalla.Names{UzLatn: "Boʻston", UzCyrl: "Бўстон", Ru: "Бўстон"}},
		{name: "Cyrillic о and а in a Latin word", latn: "Nаvbahоr", cyrl: "Навбаҳор",
			want: mahalla.Names{UzLatn: "Navbahor", UzCyrl: "Навбаҳор", Ru: "Навбаҳор"}, letters: 2},
		{name: "Latin letters in Cyrillic words", latn: "Oqtepa", cyrl: "Oқтeпa", ru: "Aктепa",
			want: mahalla.Names{UzLatn: "Oqtepa", UzCyrl: "Оқтепа", Ru: "Актепа"}, letters: 5},
		{name: "each word for itself", latn: "Shаrq yulduzi", cyrl: "Шарқ IV юлдузи",
			want: mahalla.Names{UzLatn: "Sharq yulduzi", UzCyrl: "Шарқ IV юлдузи", Ru: "Шарқ IV юлдузи"}, letters: 1},
		{name: "even: the column decides", latn: "оo", cyrl: "oо", want: mahalla.Names{UzLatn: "oo", UzCyrl: "оо", Ru: "оо"}, letters: 2},
		{name: "the rarer letters have no twins, the others do", latn: "Қaxop", cyrl: "Қaxop",
			want: mahalla.Names{UzLatn: "Qaxor", UzCyrl: "Қахор", Ru: "Қахор"}, letters: 8, swapped: 1, made: 1},
		{name: "beyond repair", latn: "Navбаҳор", cyrl: "Навбаҳор",
			want: mahalla.Names{UzLatn: "Navбаҳор", UzCyrl: "Навбаҳор", Ru: "Навбаҳор"}, remarks: 1},
		{name: "every apostrophe", latn: "Bo'ston G`uncha Is’hoqota Do‘st Saʻdobod", cyrl: "Бўстон",
			want: mahalla.Names{UzLatn: "Boʻston Gʻuncha Isʼhoqota Doʻst Saʼdobod", UzCyrl: "Бўстон", Ru: "Бўстон"}, apostrophes: 5},
		{name: "an apostrophe after a Cyrillic о", latn: "Dо'stlik", cyrl: "Дўстлик",
			want: mahalla.Names{UzLatn: "Doʻstlik", UzCyrl: "Дўстлик", Ru: "Дўстлик"}, letters: 1, apostrophes: 1},
		{name: "no Cyrillic name", latn: "Qo'rg'ontepa", want: mahalla.Names{UzLatn: "Qoʻrgʻontepa", UzCyrl: "Қўрғонтепа", Ru: "Қўрғонтепа"}, apostrophes: 2, made: 1},
		{name: "no Latin name", cyrl: "Саъдобод", ru: "Саадабад", want: mahalla.Names{UzLatn: "Saʼdobod", UzCyrl: "Саъдобод", Ru: "Саадабад"}, made: 1},
		{name: "a Cyrillic name in the Latin column", latn: "Ёшлик", want: mahalla.Names{UzLatn: "Yoshlik", UzCyrl: "Ёшлик", Ru: "Ёшлик"}, swapped: 1, made: 1},
		{name: "a Latin name in the Cyrillic column", cyrl: "Yoshlik", want: mahalla.Names{UzLatn: "Yoshlik", UzCyrl: "Ёшлик", Ru: "Ёшлик"}, swapped: 1, made: 1},
		{name: "a Roman number", latn: "IV", cyrl: "IV", want: mahalla.Names{UzLatn: "IV", UzCyrl: "IV", Ru: "IV"}},
		{name: "the columns swapped", latn: "Бахтли", cyrl: "Baxtli", want: mahalla.Names{UzLatn: "Baxtli", UzCyrl: "Бахтли", Ru: "Бахтли"}, swapped: 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := readFile(t, testHeader+fmt.Sprintf("9901,Namuna,1,M1,%s,%s,%s\n", test.latn, test.cyrl, test.ru))
			if len(f.Mahallas) != 1 {
				t.Fatalf("got %v", f.Bad)
			}
			if got := f.Mahallas[0].Name.Names; got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			got := []int{f.Letters, f.Apostrophes, f.Made, f.Swapped, len(f.Remarks)}
			if want := []int{test.letters, test.apostrophes, test.made, test.swapped, test.remarks}; !reflect.DeepEqual(got, want) {
				t.Errorf("letters, apostrophes, made, swapped, remarks: got %v, want %v", got, want)
			}
		})
	}
}

func TestLinesAreNumberedAsATextEditorDoes(t *testing.T) {
	t.Parallel()
	f := readFile(t, testHeader+
		"\n"+
		"9901,Namuna,1,M1,\"Yangi\nBahor\",Янги Баҳор,\n"+ // lines 3 and 4
		";,,,,,\n"+ // a semicolon is no code
		",,,,,,\n"+
		"9901,Namuna,x,M2,Chinor,Чинор,\n"+ // line 7
		"9901,Namuna,1,M3,\"Guliston,Гулистон,\n"+ // line 8, never closed
		"9901,Namuna,1,M4,Mehrjon,Меҳржон,\n")
	if len(f.Mahallas) != 2 || f.Mahallas[0].Line != 3 || f.Mahallas[0].Name.Names.UzLatn != "Yangi Bahor" || f.Mahallas[1].Line != 9 {
		t.Errorf("got %+v", f.Mahallas)
	}
	want := []LineNote{{5, LineNoCode, ""}, {7, LineSector, "x"}, {8, LineQuote, ""}}
	if len(f.Bad) != 3 || f.Bad[0].Line != 5 || f.Bad[1] != want[1] || f.Bad[2] != want[2] {
		t.Errorf("got %v, want %v", f.Bad, want)
	}
}

func TestAQuotationMarkCostsOneLineThoughAnotherFollows(t *testing.T) {
	t.Parallel()
	f := readFile(t, testHeader+
		"9901,Namuna,1,M1,\"Navbahor,Навбаҳор,\n"+
		"9901,Namuna,1,M2,Chinor,Чинор,\n"+
		"9901,Namuna,1,M3,Guliston\",Гулистон,\n"+
		"9901,Namuna,1,M4,Mehrjon,Меҳржон,\n")
	if len(f.Mahallas) != 3 || len(f.Bad) != 1 || f.Bad[0].Line != 2 {
		t.Errorf("got %+v, bad %v", f.Mahallas, f.Bad)
	}
}

func TestRepeatedLinesAndUnknownColumnsAreOnlyNamed(t *testing.T) {
	t.Parallel()
	f := readFile(t, "Rais,district_code,mahalla_code,mahalla_uz_latn,inspector_code,Aholi soni,\n"+
		"A,9901,M1,Bo'ston,I1,1,\nB,9901,M1,Boʻston,I2,2,\nB,9901, M1 ,Bоʻston,,,\n")
	if len(f.Mahallas) != 1 || f.Doubled != 2 || len(f.Bad) != 0 {
		t.Errorf("got %+v, %d doubled, bad %v", f.Mahallas, f.Doubled, f.Bad)
	}
	if want := []string{"Rais", "Aholi soni"}; !reflect.DeepEqual(f.Ignored, want) {
		t.Errorf("ignored: got %q, want %q", f.Ignored, want)
	}
	if f.HasSectors || f.HasPoints {
		t.Errorf("there is no column of sectors or points: got %v, %v", f.HasSectors, f.HasPoints)
	}
}

func TestADistrictIsGatheredFromItsLines(t *testing.T) {
	t.Parallel()
	f := readFile(t, "region_code,district_code,district_uz_latn,district_uz_cyrl,mahalla_code,mahalla_uz_latn\n"+
		",9901,,,M1,Chinor\n"+
		"1703,9901,Namuna,,M2,Guliston\n"+
		"1706,9901,Tajriba,,M3,Mehrjon\n"+
		"1706,9901,Tajriba,,M4,Bahor\n"+
		",9902,,,M5,Navbahor\n")
	want := []FileDistrict{
		{Line: 2, Code: "9901", Region: "1703", Name: completed(mahalla.Names{UzLatn: "Namuna"})},
		{Line: 6, Code: "9902"},
	}
	if !reflect.DeepEqual(f.Districts, want) {
		t.Errorf("got %+v, want %+v", f.Districts, want)
	}
	if want := []LineNote{{4, RemarkDistrict, "9901: 1703, 1706"}}; !reflect.DeepEqual(f.Remarks, want) {
		t.Errorf("remarks: got %v, want %v", f.Remarks, want)
	}
}

func FuzzReadTerritoryFile(f *testing.F) {
	f.Add(demoFile(f))
	f.Add([]byte(testHeader + "9901,Namuna,1,M1,\"Yangi\nBahor\",Янги Баҳор,\n9901,Намуна,1,M1,Bо'ston\"\",?,\n"))
	f.Add([]byte("\uFEFFdistrict_code;mahalla_code;mahalla_uz_cyrl\r\n9901;M1;\xD7\xE8\xED\xEE\xF0\r\n"))
	f.Add([]byte("district_code\tmahalla_code\tmahalla_uz_latn\n9\tM\t\"\"\"\"\n9\tM\t\"\n\n\n\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		file, err := ReadTerritoryFile(raw)
		if err != nil {
			var refused *FileError
			if !errors.As(err, &refused) {
				t.Fatalf("got %v, want a *FileError", err)
			}
			return
		}
		districts, codes := map[string]bool{}, map[string]bool{}
		for _, d := range file.Districts {
			districts[d.Code] = true
		}
		for _, m := range file.Mahallas {
			if reason, _ := badCode(m.Code, m.District); reason != "" || codes[m.Code] || districts[m.Code] || !districts[m.District] {
				t.Errorf("got a mahalla with codes %q and %q", m.Code, m.District)
			}
			codes[m.Code] = true
			if n := m.Name.Names; n.UzLatn == "" || n.UzCyrl == "" || n.Ru == "" || strings.ContainsAny(n.UzLatn+n.UzCyrl+n.Ru, "\x00\n\uFFFD") {
				t.Errorf("got names %q", n)
			}
			if m.Sector < 0 || m.Sector > 99 || m.Line < 2 {
				t.Errorf("got sector %d in line %d", m.Sector, m.Line)
			}
		}
		if !bytes.ContainsAny(raw, "\"\x85\v\f") { // a quoted cell may go over several lines
			if n := fullLines(raw, file.Separator); len(file.Mahallas)+len(file.Bad)+file.Doubled != n {
				t.Errorf("%d good, %d bad and %d doubled of %d lines", len(file.Mahallas), len(file.Bad), file.Doubled, n)
			}
		}
		for _, n := range append(file.Bad, file.Remarks...) {
			if n.Line < 2 || strings.ContainsAny(n.String(), "\x00\n\x1b") {
				t.Errorf("got note %q", n)
			}
		}
	})
}

// fullLines counts the lines of a file below its header that say something.
func fullLines(raw []byte, separator string) (n int) {
	text, _, _ := decode(raw)
	for _, line := range strings.Split(text, "\n") {
		if strings.Trim(line, " \t\u00a0\r"+separator) != "" { // as a program for tables leaves empty rows
			n++
		}
	}
	return n - 1
}
