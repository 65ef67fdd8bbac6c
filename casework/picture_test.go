package casework

import (
	"bytes"
	"image/color"
	"image/png"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// eightWeeks are figures of weeks before the day of the tests.
func eightWeeks(filed ...int) []mahalla.WeekFigures {
	list := make([]mahalla.WeekFigures, mahalla.WeeksShown)
	for i, begins := range mahalla.DefaultCalendar(locales.Tashkent(), nil).Weeks(day, mahalla.WeeksShown)[:mahalla.WeeksShown] {
		n := filed[i%len(filed)]
		list[i] = mahalla.WeekFigures{Begins: begins, Filed: n, Closed: n * 3 / 4, Accepted: n / 2, Median: time.Duration(n) * time.Minute}
	}
	return list
}

// pictureOf draws the weekly picture of a place.
func (g *gallery) pictureOf(lang mahalla.Language, place mahalla.TerritoryID, weeks []mahalla.WeekFigures) []byte {
	g.Helper()
	w := g.desk.speak(lang, day)
	p := w.weeksPicture([]mahalla.TerritoryID{place}, weeks, g.desk.Calendar().Week(day))
	g.must(w.err)
	drawn, err := g.desk.studio.weeks(p)
	g.must(err)
	return drawn
}

func TestThePictureIsOneThatPhonesShow(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	for _, lang := range mahalla.Languages() {
		for name, weeks := range map[string][]mahalla.WeekFigures{
			"busy":             eightWeeks(12, 31, 24, 45, 38, 22, 0, 34),
			"nothing":          eightWeeks(0),
			"one week":         eightWeeks(0, 0, 0, 0, 0, 0, 0, 3),
			"a whole republic": eightWeeks(98_765, 123_456, 7),
			"what cannot be":   eightWeeks(-5, 1<<62, 3),
		} {
			drawn := g.pictureOf(lang, g.district, weeks)
			img, err := png.Decode(bytes.NewReader(drawn))
			if err != nil || img.Bounds().Dx() < 1080 || img.Bounds().Dy() > 1280 || img.Bounds().Dx() > 1280 {
				t.Errorf("%s in %s: got %v, %v", name, lang, img.Bounds(), err)
			}
			if len(drawn) > 300<<10 {
				t.Errorf("%s in %s has %d bytes", name, lang, len(drawn))
			}
			if got, want := color.RGBAModel.Convert(img.At(pictureMargin+20, 254)), color.Color(filedColour); got != want {
				t.Errorf("%s in %s: the legend is %v, want %v", name, lang, got, want)
			}
		}
	}
}

// TestEveryLetterOfThePictureHasAShape looks up every letter that the picture
// may write: its words, and the name of every place that comes with the program.
func TestEveryLetterOfThePictureHasAShape(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	raw, err := storage.DemoTerritory()
	g.must(err)
	file, err := ReadTerritoryFile(raw)
	g.must(err)
	g.tx(func(tx *storage.Tx) error {
		if _, err := g.desk.ImportTerritory(tx, file, false, day); err != nil {
			return err
		}
		_, err := g.desk.Refresh(tx, day)
		return err
	})
	g.must(g.desk.studio.open())
	seen := map[rune]bool{}
	for _, lang := range mahalla.Languages() {
		w := g.desk.speak(lang, day)
		for id, place := range g.desk.Reference().Territories {
			if strings.Contains(place.Names.UzLatn, "<script>") {
				continue // the gallery's own, of every kind of letter
			}
			p := w.weeksPicture([]mahalla.TerritoryID{id, id}, eightWeeks(3, 80, 500), g.desk.Calendar().Week(day))
			texts := []string{p.title, p.span, p.filed, p.closed, p.median, p.none}
			for _, week := range p.weeks {
				texts = append(texts, week.label, week.waitLabel)
			}
			for _, text := range texts {
				if got := g.desk.studio.readable(text); got != text {
					t.Errorf("%s: %q is shown as %q", lang, text, got)
				}
				for _, r := range text {
					seen[r] = true
				}
			}
		}
		g.must(w.err)
	}
	for _, r := range "ʻʼқғҳўҚҒЎъёы–…" {
		if g.desk.studio.readable(string(r)) == "" {
			t.Errorf("%q has no shape", r)
		}
	}
	for _, r := range "ʻʼқғҳў" {
		if !seen[r] {
			t.Errorf("%q was not looked up", r)
		}
	}
	if got := g.desk.studio.readable("Oʻz\u202ebek 👩 中  tumani"); got != "Oʻzbek tumani" {
		t.Errorf("what has no shape: got %q", got)
	}
}

func TestATextIsCutToItsRoom(t *testing.T) {
	t.Parallel()
	s := &studio{}
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	e := &easel{studio: s}
	face := e.face(letters{size: 58, bold: true})
	long := strings.Repeat("Qoʻrgʻontepa, ", 20)
	short := fitted(&face, long, 900)
	if float64(face.Width(short)) > 900 || !strings.HasSuffix(short, "…") || !strings.HasPrefix(long, strings.TrimSuffix(short, "…")) {
		t.Errorf("got %q", short)
	}
	if got := fitted(&face, "Namuna", 900); got != "Namuna" {
		t.Errorf("got %q", got)
	}
	if got := fitted(&face, "Namuna", 1); got != "" {
		t.Errorf("got %q in no room", got)
	}
}

func TestALabelKeepsOffTheLine(t *testing.T) {
	t.Parallel()
	points := func(ys ...float64) (list []point) {
		for i, y := range ys {
			list = append(list, point{x: float64(i), y: y, there: y > 0})
		}
		return list
	}
	for _, test := range []struct {
		name  string
		list  []point
		i     int
		below bool
	}{
		{"a peak", points(200, 100, 200), 1, false},
		{"a valley", points(100, 200, 100), 1, true},
		{"a valley at the ground", points(100, 480, 100), 1, false},
		{"the first, falling", points(100, 200), 0, false},
		{"the first, rising", points(200, 100), 0, true},
		{"alone", points(0, 200, 0), 1, false},
	} {
		if got := noteAt(test.list, test.i, 500) > 0; got != test.below {
			t.Errorf("%s: got below %v", test.name, got)
		}
	}
}

func TestPicturesAreDrawnOneAtATime(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	var group sync.WaitGroup
	first := g.pictureOf(mahalla.Ru, g.district, eightWeeks(5, 7))
	for range 4 {
		group.Go(func() {
			if !bytes.Equal(g.pictureOf(mahalla.Ru, g.district, eightWeeks(5, 7)), first) {
				t.Error("the same figures make another picture")
			}
		})
	}
	group.Wait()
}

// BenchmarkWeeklyPicture measures one picture: time and memory.
func BenchmarkWeeklyPicture(b *testing.B) {
	g := newGallery(b)
	weeks := eightWeeks(12, 31, 24, 45, 38, 22, 0, 34)
	for i := range weeks {
		weeks[i].Median += time.Duration(rand.IntN(60)) * time.Minute
	}
	b.ReportAllocs()
	size := 0
	for b.Loop() {
		size = len(g.pictureOf(mahalla.UzLatn, g.district, weeks))
	}
	b.ReportMetric(float64(size), "bytes")
}
