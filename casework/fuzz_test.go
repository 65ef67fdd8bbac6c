package casework

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"koprik/locales"
	"koprik/mahalla"
)

// fuzzed is when everything here is typed: a Monday at ten.
var fuzzed = time.Date(2026, 11, 23, 10, 0, 0, 0, locales.Tashkent())

// refusedInWords fails unless an error is a refusal that can be said in every language.
func refusedInWords(t *testing.T, d *Desk, typed string, err error) {
	t.Helper()
	var refusal *mahalla.Error
	if !errors.As(err, &refusal) {
		t.Fatalf("%q: got %v, want a refusal", typed, err)
	}
	for _, lang := range mahalla.Languages() {
		if text, err := d.catalogue.Text(lang, "error."+refusal.Reason, asWords(refusal.Args)); err != nil || text == "" {
			t.Errorf("%q is refused as %s, said as %q, %v", typed, refusal.Reason, text, err)
		}
	}
}

// FuzzWhen reads anything as a moment: it is one, on a full minute, and typed as
// it is shown in numbers it is the same.
func FuzzWhen(f *testing.F) {
	for _, s := range []string{"25.11 15:00", "ertaga", "завтра 09:00", "29.02", "31.12.99", "0.0.0", "9999999999999999999.1", "-1:-1", "15:00 15:00", "1.1.-5", "٢٥.١١", "27-noyabr soat 15 da", "в 3 дня", "kechqurun 6 da", "juma 27.11 15.00"} {
		f.Add(s)
	}
	d := plainDesk(f)
	f.Fuzz(func(t *testing.T, typed string) {
		at, err := d.ParseWhen(typed, fuzzed)
		if err != nil {
			refusedInWords(t, d, typed, err)
			return
		}
		if at.Second() != 0 || at.Nanosecond() != 0 || at.Year() < 1 || at.Year() > 9999 {
			t.Errorf("%q is %v", typed, at)
		}
		if again, err := d.ParseWhen(at.Format("02.01.2006 15:04"), fuzzed); err != nil || !again.Equal(at) {
			t.Errorf("%q is %v, which is %v, %v", typed, at, again, err)
		}
		if shown, err := d.When(mahalla.Ru, at, fuzzed); err != nil || shown == "" {
			t.Errorf("%q is %v, shown as %q, %v", typed, at, shown, err)
		}
	})
}

// FuzzRule reads anything as a recurrence: what is taken comes, in the future, in
// order, not at night, and can be said.
func FuzzRule(f *testing.F) {
	for _, s := range []string{"har dushanba 09:00", "оҳирги жума", "каждую вторую субботу месяца 10:00", "0 9 29 2 *", "*/5 * * * *", "0 9 * * 1-5/2", "oyning 31-kuni", "31.02 10:00", "- - - - -", "2-2-2-", "0 9 31 2,4 *", "@yearly"} {
		f.Add(s)
	}
	d := newGallery(f).desk
	f.Fuzz(func(t *testing.T, typed string) {
		r, err := d.ParseRule(typed, fuzzed)
		if err != nil {
			refusedInWords(t, d, typed, err)
			return
		}
		last := fuzzed
		dates := d.NextDates(r, fuzzed, 3)
		for _, at := range dates {
			if !at.After(last) || d.Calendar().IsQuiet(at) {
				t.Errorf("%q comes at %v", typed, dates)
			}
			last = at
		}
		if len(dates) == 0 {
			t.Errorf("%q was taken and never comes", typed)
		}
		for _, lang := range mahalla.Languages() {
			w := d.speak(lang, fuzzed)
			if w.rule(r) == "" || w.err != nil {
				t.Errorf("%q cannot be said: %v", typed, w.err)
			}
		}
	})
}

// FuzzMeetingWords reads anything as "day time place": the moment is in one day,
// and no word of the place is lost.
func FuzzMeetingWords(f *testing.F) {
	for _, s := range []string{"12.12 10:00 Mahalla idorasi", "30.11 15", "ertaga, 9:00;", "31.02", "10:00 10:00", "Idora 12.12 10:00", ". .. ...", "завтра"} {
		f.Add(s, false)
		f.Add(s, true)
	}
	for _, s := range []string{"27 noyabr soat 15 da Idora", "juma kuni 15-00", "в 3 дня, школа"} {
		f.Add(s, true)
	}
	d := plainDesk(f)
	f.Fuzz(func(t *testing.T, typed string, bare bool) {
		asked := AskedLine
		if bare {
			asked = AskedEither
		}
		w, err := d.ParseMeeting(typed, asked, fuzzed)
		if err != nil {
			refusedInWords(t, d, typed, err)
			return
		}
		if w.Clock < -1 || w.Clock >= 24*time.Hour || !strings.HasSuffix(strings.TrimSpace(locales.Clean(typed)), w.Place) {
			t.Errorf("%q: got %+v", typed, w)
		}
		if at := w.At(fuzzed); !at.IsZero() && w.Clock < 0 {
			t.Errorf("%q: no time of day, and %v", typed, at)
		}
		if order, rest := d.OrderNamed(typed); order == "" && rest != strings.TrimSpace(typed) {
			t.Errorf("%q without an order is %q", typed, rest)
		}
	})
}

// FuzzPhoneIn reads anything as a name with a number: the number is in one form,
// and read again it is the same.
func FuzzPhoneIn(f *testing.F) {
	for _, s := range []string{"Karim aka +998 90 123-45-67", "12", "٩٩٨٩٠١٢٣٤٥٦٧", "+++", "901234567 901234567", "998(90)1234567 Ali", strings.Repeat("9", 100)} {
		f.Add(s)
	}
	d := plainDesk(f)
	f.Fuzz(func(t *testing.T, typed string) {
		b, err := d.Neighbour(typed)
		if err != nil {
			refusedInWords(t, d, typed, err)
			return
		}
		if b.Phone != "" && (b.Phone[0] != '+' || len(b.Phone) < 8 || len(b.Phone) > 16 || strings.Trim(b.Phone[1:], "0123456789") != "") {
			t.Errorf("%q has the number %q", typed, b.Phone)
		}
		if !utf8.ValidString(b.Name) || locales.Clean(b.Name) != b.Name {
			t.Errorf("%q has the name %q", typed, b.Name)
		}
		if again, err := d.Neighbour("Ali " + b.Phone); b.Phone != "" && (again.Phone != b.Phone || err != nil) {
			t.Errorf("%q has the number %q, which is read as %q, %v", typed, b.Phone, again.Phone, err)
		}
	})
}

// FuzzCalendarFile puts anything as the place of a meeting into its calendar
// file: another library reads one event, and the place as it was.
func FuzzCalendarFile(f *testing.F) {
	for _, s := range []string{"Idora, 2-xona; \\n", "a\r\nEND:VCALENDAR\r\nX", "👨‍👩‍👧" + strings.Repeat("ў", 80), "\x00\xff\"", "ATTENDEE:mailto:x@y"} {
		f.Add(s)
	}
	g := newGallery(f)
	f.Fuzz(func(t *testing.T, place string) {
		m := sitting10()
		m.Commission, m.Place = g.mahalla, oneLine(locales.Cut(place, mahalla.MostPlace))
		w := g.desk.speak(mahalla.UzLatn, fuzzed)
		file := w.file(m, 5)
		lay(t, file)
		_, e := readBack(t, file)
		if m.Place == "" {
			return
		}
		if got := text(t, e.Props, "LOCATION"); got != locales.Clean(m.Place) || w.err != nil {
			t.Errorf("%q is read as %q, %v", m.Place, got, w.err)
		}
	})
}

// asWords makes the arguments of a refusal those of a text.
func asWords(args map[string]string) map[string]any {
	out := make(map[string]any, len(args))
	for name, value := range args {
		out[name] = value
	}
	return out
}
