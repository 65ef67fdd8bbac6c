package mahalla

import (
	"testing"
	"time"
)

func TestWhenADialogueWantsAttention(t *testing.T) {
	t.Parallel()
	draft := func(change func(*Draft)) Dialogue {
		d := &Draft{Began: monday("10:00"), Touched: monday("10:30"), Parts: []Part{{Words: "x"}}}
		change(d)
		return Dialogue{Draft: d}
	}
	for _, test := range []struct {
		name  string
		d     Dialogue
		known bool
		want  time.Time
	}{
		{"nothing is under way", Dialogue{Serial: 7}, true, time.Time{}},
		{"a question of joining stays", Dialogue{Question: &Question{Flow: "phone"}}, true, time.Time{}},
		{"a question about a case ends", Dialogue{Question: &Question{Until: monday("12:00")}}, true, monday("12:00")},
		{"a draft is offered again", draft(func(*Draft) {}), true, monday("10:50")},
		{"a draft without anything in it is not", draft(func(d *Draft) { d.Parts = nil }), true, at("2026-11-25 10:30")},
		{"once offered it waits for its end", draft(func(d *Draft) { d.Offered = true }), true, at("2026-11-25 10:30")},
		{"words from before the consent end two days after the first", draft(func(d *Draft) { d.Offered = true }), false, at("2026-11-25 10:00")},
		{"a draft of an earlier release", draft(func(d *Draft) { d.Touched = time.Time{} }), true, monday("10:20")},
		{"the earlier of both", Dialogue{Question: &Question{Until: monday("10:40")}, Draft: draft(func(*Draft) {}).Draft}, true, monday("10:40")},
		{"an album needs no waking", Dialogue{Album: &Album{Until: monday("10:05")}}, true, time.Time{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			sameTime(t, "wakes", test.d.Wake(test.known), test.want)
		})
	}
}

func TestWhatIsOver(t *testing.T) {
	t.Parallel()
	q := &Question{Until: monday("12:00")}
	same(t, "a question a second early", q.Over(monday("12:00").Add(-time.Second)), false)
	same(t, "a question in time", q.Over(monday("12:00")), true)
	same(t, "a question without end", (&Question{}).Over(at("2030-01-01 00:00")), false)
	d := &Draft{Began: monday("10:00"), Touched: monday("11:00"), Parts: []Part{{}}}
	same(t, "not forgotten yet", d.Forgotten(monday("11:19")), false)
	same(t, "forgotten", d.Forgotten(monday("11:20")), true)
	same(t, "kept", d.Over(true, at("2026-11-25 10:59")), false)
	same(t, "over", d.Over(true, at("2026-11-25 11:00")), true)
	same(t, "over without consent", d.Over(false, at("2026-11-25 10:00")), true)
}

func TestWhichPicturesContinueAnAlbum(t *testing.T) {
	t.Parallel()
	d := Dialogue{Album: &Album{Group: "7", Until: monday("10:05")}}
	for _, test := range []struct {
		name string
		d    Dialogue
		m    *Media
		now  string
		want bool
	}{
		{"the same album", d, &Media{Group: "7"}, "10:04", true},
		{"too late", d, &Media{Group: "7"}, "10:05", false},
		{"another album", d, &Media{Group: "8"}, "10:04", false},
		{"a single picture", Dialogue{Album: &Album{Until: monday("10:05")}}, &Media{}, "10:04", false},
		{"words", d, nil, "10:04", false},
		{"no album", Dialogue{}, &Media{Group: "7"}, "10:04", false},
	} {
		same(t, test.name, test.d.Continues(test.m, monday(test.now)), test.want)
	}
}
