package bot

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"koprik/bot/simulator"
	"koprik/mahalla"
	"koprik/storage"
)

// state gives the number of messages in a state of the outbox.
func (w *world) state(state storage.Fate) int {
	w.t.Helper()
	return w.count("SELECT count(*) FROM outbox WHERE state = $1", int(state))
}

// drain sends everything that is ready.
func (w *world) drain() int {
	w.t.Helper()
	n, err := w.sender.Drain(w.t.Context())
	w.must(err)
	return n
}

// sends are the calls of methods that send or edit, in their order.
func (w *world) sends() []string {
	list := []string{}
	for _, c := range w.sim.Calls() {
		if strings.HasPrefix(c.Method, "send") || strings.HasPrefix(c.Method, "edit") {
			list = append(list, c.Method)
		}
	}
	return list
}

// once makes the next call fail that a method name selects.
func once(method string, f simulator.Fault) func(string, int64) *simulator.Fault {
	var used atomic.Bool
	return func(called string, _ int64) *simulator.Fault {
		if called != method || used.Swap(true) {
			return nil
		}
		return &f
	}
}

func TestTheMessagesOfAChatArriveInTheirOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var users []*simulator.User
	var want []string
	for i := range 10 {
		u, to := w.person(fmt.Sprint("p", i))
		users = append(users, u)
		var list []mahalla.Notice
		for n := range 10 {
			list = append(list, notice(fmt.Sprint(n)))
		}
		w.send(to, list...)
	}
	for n := range 10 {
		want = append(want, fmt.Sprint(n))
	}
	w.sim.SetLatency(2 * time.Millisecond)
	stop := w.run(w.sender.Run)
	w.eventually("everything has arrived", func() bool {
		for _, u := range users {
			if len(heard(u)) < 10 {
				return false
			}
		}
		return true
	})
	stop()
	for _, u := range users {
		if got := heard(u); !slices.Equal(got, want) {
			t.Errorf("%s: got %q", u.Key(), got)
		}
	}
	if got := w.state(storage.FateSent); got != 100 {
		t.Errorf("recorded as sent: got %d, want 100", got)
	}
	if got := w.count("SELECT sum(waiting) FROM outbox_chats"); got != 0 {
		t.Errorf("counters: got %d, want 0", got)
	}
	w.correct()
}

func TestAStopWaitsForWhatIsOnItsWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, to := w.person("resident")
	w.send(to, notice("a"))
	w.sim.SetLatency(300 * time.Millisecond)
	stop := w.run(w.sender.Run)
	w.eventually("it is on its way", func() bool { return w.state(1) == 1 })
	stop()
	if got := heard(u); len(got) != 1 || w.state(storage.FateSent) != 1 {
		t.Errorf("got %q and %d recorded, want one of each", got, w.state(storage.FateSent))
	}
}

// A claim whose COMMIT fails is nobody's: whoever claims the message next sends it.
func TestWhatWasNotCommittedIsNotInHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, to := w.person("resident")
	w.send(to, notice("a"))
	for _, sql := range []string{
		"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not now'; END $$",
		"CREATE CONSTRAINT TRIGGER refuse AFTER UPDATE ON outbox DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()",
	} {
		_, err := w.raw.Exec(t.Context(), sql)
		w.must(err)
	}
	stop := w.run(w.sender.Run)
	time.Sleep(300 * time.Millisecond)
	stop()
	if got := heard(u); len(got) != 0 {
		t.Errorf("sent without a claim that was committed: %q", got)
	}
	_, err := w.raw.Exec(t.Context(), "DROP TRIGGER refuse ON outbox")
	w.must(err)
	w.drain()
	if got := heard(u); len(got) != 1 {
		t.Errorf("got %q, want it once", got)
	}
}

func TestTheMostUrgentLaneGoesFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lanes := []mahalla.Lane{mahalla.LaneBroadcast, mahalla.LaneReminder, mahalla.LaneAnswer, mahalla.LaneEscalation, mahalla.LaneUrgent}
	for _, lane := range lanes {
		_, to := w.person(fmt.Sprint("p", lane))
		n := notice(fmt.Sprint(int(lane)))
		n.Lane = lane
		w.send(to, n)
	}
	w.drain()
	var got []string
	for _, c := range w.sim.Calls() {
		if c.Method == "sendMessage" {
			got = append(got, c.Params["text"].(string))
		}
	}
	if want := []string{"0", "1", "2", "3", "4"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestACardIsEditedInPlaceAndAnUnchangedOneNotAtAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, to := w.person("officer")
	for _, text := range []string{"new", "accepted", "accepted", "closed"} {
		w.send(to, card(text, false))
		w.drain()
	}
	if got, want := w.sends(), []string{"sendMessage", "editMessageText", "editMessageText"}; !slices.Equal(got, want) {
		t.Errorf("calls: got %q, want %q", got, want)
	}
	if got, want := heard(u), []string{"closed"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := w.state(storage.FateSent); got != 4 {
		t.Errorf("recorded as sent: got %d, want 4", got)
	}
	id := w.count("SELECT message_id FROM cards")
	if got := w.count("SELECT case_id FROM messages WHERE message_id = $1", id); got != 7 {
		t.Errorf("the card's message is about case %d, want 7", got)
	}
}

func TestACardWhoseMessageIsGoneIsSentAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, to := w.person("officer")
	w.send(to, card("new", false))
	w.drain()
	_, err := w.raw.Exec(t.Context(), "UPDATE cards SET message_id = 999999")
	w.must(err)
	w.send(to, card("accepted", false))
	w.drain()
	if got, want := heard(u), []string{"new", "accepted"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := w.count("SELECT message_id FROM cards"); got == 999999 {
		t.Error("the card still stands where nothing is")
	}
}

func TestARingingCardTakesTheButtonsOfTheOlderOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(_ *WorkerOptions, o *SenderOptions) {
		o.Render = func(_ *storage.Tx, m storage.Message) (mahalla.Screen, error) {
			return mahalla.Screen{Text: m.Args["text"], Rows: [][]mahalla.Button{{{Label: "Qabul", Press: mahalla.Press{Verb: "accept"}}}}}, nil
		}
	})
	u, to := w.person("officer")
	w.send(to, card("first", true))
	w.drain()
	w.send(to, card("again", true))
	w.drain()
	alive := 0
	for _, m := range u.Messages() {
		if len(m.Buttons) > 0 {
			alive++
		}
	}
	if got, want := heard(u), []string{"first", "again"}; !slices.Equal(got, want) || alive != 1 {
		t.Errorf("got %q with %d living cards, want %q with one", got, alive, want)
	}
	w.correct()
}

// TestOfACardThatComesAnewTheOlderMessageSaysWhatItIsTold, with buttons or without.
func TestOfACardThatComesAnewTheOlderMessageSaysWhatItIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(_ *WorkerOptions, o *SenderOptions) {
		o.Render = func(_ *storage.Tx, m storage.Message) (mahalla.Screen, error) {
			s := mahalla.Screen{Text: m.Args["text"], Former: "<b>moved</b>, see " + m.Args["text"]}
			if m.Args["text"] == "first" {
				s.Rows = [][]mahalla.Button{{{Label: "Qabul", Press: mahalla.Press{Verb: "accept"}}}}
			}
			return s, nil
		}
	})
	u, to := w.person("officer")
	for _, text := range []string{"first", "second", "third"} {
		w.send(to, card(text, true))
		w.drain()
	}
	want := []string{"moved, see second", "moved, see third", "third"}
	if got := heard(u); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, m := range u.Messages() {
		if len(m.Buttons) > 0 {
			t.Errorf("%q has buttons", m.Text)
		}
	}
	w.correct()
}

func TestAnAlbumIsOneCallAndEveryPartIsAboutTheCase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, to := w.person("officer")
	id := u.Photo("")
	var file string
	for _, m := range u.Messages() {
		if m.ID == id {
			file = m.FileID
		}
	}
	w.sender.o.Render = func(*storage.Tx, storage.Message) (mahalla.Screen, error) {
		photo := mahalla.Media{Kind: mahalla.Photo, File: file}
		return mahalla.Screen{Media: []mahalla.Media{photo, photo, photo}}, nil
	}
	w.must(w.db.InTx(t.Context(), func(tx *storage.Tx) error {
		return tx.Send(to, mahalla.Notice{Kind: mahalla.NoticeMedia}, 7, moment(), time.Time{})
	}))
	w.drain()
	if got := w.sends(); !slices.Equal(got, []string{"sendMediaGroup"}) {
		t.Errorf("calls: got %q", got)
	}
	if got := w.count("SELECT count(*) FROM messages WHERE case_id = 7"); got != 3 {
		t.Errorf("messages about the case: got %d, want 3", got)
	}
}

func TestOfAnAlbumWithABrokenPartTheOthersAreKept(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		broken []int // counted from 1, of ten
		lost   string
		sent   int
		state  storage.Fate
	}{
		"the tenth":          {[]int{10}, "[10]", 9, storage.FateSent},
		"the first":          {[]int{1}, "[1]", 9, storage.FateSent},
		"three of them":      {[]int{2, 3, 7}, "[2 3 7]", 7, storage.FateSent},
		"all but the eighth": {[]int{1, 2, 3, 4, 5, 6, 7, 9, 10}, "[1 2 3 4 5 6 7 9 10]", 1, storage.FateSent},
		"all":                {[]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, "[1 2 3 4 5 6 7 8 9 10]", 0, storage.FateRefused},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var told []string
			w := newWorld(t, func(_ *WorkerOptions, o *SenderOptions) {
				o.Refused = func(_ *storage.Tx, m storage.Message, parts []int) error {
					told = append(told, fmt.Sprint(m.Kind, parts))
					return nil
				}
			})
			u, to := w.person("officer")
			u.Photo("")
			var album []mahalla.Media
			for i := range 10 {
				album = append(album, mahalla.Media{Kind: mahalla.Photo, File: u.Messages()[len(u.Messages())-1].FileID})
				if slices.Contains(c.broken, i+1) {
					album[i].File = "broken"
				}
			}
			u.ResetCounters()
			w.sender.o.Render = func(_ *storage.Tx, m storage.Message) (mahalla.Screen, error) {
				if m.Kind == mahalla.NoticeMedia {
					return mahalla.Screen{Media: album}, nil
				}
				return mahalla.Screen{Text: "card"}, nil
			}
			w.send(to, mahalla.Notice{Kind: mahalla.NoticeMedia}, card("card", true))
			w.drain()
			if got := u.Received(); got != c.sent+1 {
				t.Errorf("messages: got %d, want %d parts and the card", got, c.sent)
			}
			if want := []string{"media" + c.lost}; !slices.Equal(told, want) {
				t.Errorf("told: got %q, want %q", told, want)
			}
			if got := w.state(c.state); got < 1 {
				t.Errorf("in state %d: got none", c.state)
			}
			if got := heard(u); got[len(got)-1] != "card" {
				t.Errorf("got %q, want the card last", got)
			}
		})
	}
}

func TestALimitInTheMiddleOfAnAlbumLosesNothing(t *testing.T) {
	t.Parallel()
	var told []string
	w := newWorld(t, func(_ *WorkerOptions, o *SenderOptions) {
		o.Refused = func(_ *storage.Tx, m storage.Message, parts []int) error {
			told = append(told, fmt.Sprint(parts))
			return nil
		}
	})
	u, to := w.person("officer")
	id := u.Photo("")
	var file string
	for _, m := range u.Messages() {
		if m.ID == id {
			file = m.FileID
		}
	}
	good := mahalla.Media{Kind: mahalla.Photo, File: file}
	w.sender.o.Render = func(*storage.Tx, storage.Message) (mahalla.Screen, error) {
		return mahalla.Screen{Media: []mahalla.Media{good, good, {Kind: mahalla.Photo, File: "broken"}}}, nil
	}
	var calls atomic.Int32
	w.sim.SetFault(func(method string, _ int64) *simulator.Fault {
		if method == "sendPhoto" && calls.Add(1) == 1 {
			return &simulator.Fault{Status: 502}
		}
		return nil
	})
	w.send(to, mahalla.Notice{Kind: mahalla.NoticeMedia})
	w.drain()
	if got := w.state(storage.FateSent); got != 1 || !slices.Equal(told, []string{"[3]"}) {
		t.Errorf("sent: got %d, told %q", got, told)
	}
}

func TestWhateverTelegramTakesInNoWayIsPassedOn(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"400 Bad Request: chat not found":                                   "unreachable",
		"400 Bad Request: PEER_ID_INVALID":                                  "unreachable",
		"400 Bad Request: USER_DEACTIVATED":                                 "unreachable",
		"400 Bad Request: INPUT_USER_DEACTIVATED":                           "unreachable",
		"400 Bad Request: user not found":                                   "unreachable",
		"403 Forbidden: user is deactivated":                                "unreachable",
		"403 Forbidden: bot was blocked by the user":                        "unreachable",
		"403 Forbidden: bot can't initiate conversation with a user":        "unreachable",
		"400 Bad Request: message is too long":                              "refused",
		"400 Bad Request: MEDIA_CAPTION_TOO_LONG":                           "refused",
		"400 Bad Request: can't parse entities: unsupported start tag":      "refused",
		"400 Bad Request: BUTTON_DATA_INVALID":                              "refused",
		"400 Bad Request: a word that nobody has seen":                      "refused",
		"400 Bad Request: wrong file identifier/HTTP URL specified":         "refused",
		"400 Bad Request: can't use file of type Video as Photo":            "refused",
		"400 Bad Request: wrong remote file identifier specified: can't go": "refused",
	} {
		t.Run(said, func(t *testing.T) {
			t.Parallel()
			var told []string
			w := newWorld(t, func(_ *WorkerOptions, o *SenderOptions) {
				o.Unreachable = func(tx *storage.Tx, m storage.Message) error { told = append(told, "unreachable"); return nil }
				o.Refused = func(tx *storage.Tx, m storage.Message, _ []int) error { told = append(told, "refused"); return nil }
			})
			_, to := w.person("officer")
			code, words, _ := strings.Cut(said, " ")
			status, err := strconv.Atoi(code)
			w.must(err)
			w.sim.SetFault(func(method string, _ int64) *simulator.Fault {
				if method != "sendMessage" {
					return nil
				}
				return &simulator.Fault{Status: status, Body: fmt.Sprintf(`{"ok":false,"error_code":%d,"description":%q}`, status, words)}
			})
			w.send(to, card("case", true))
			w.drain()
			if !slices.Equal(told, []string{want}) {
				t.Errorf("got %q, want %s", told, want)
			}
			if got := w.state(storage.FateRefused); got != 1 {
				t.Errorf("given up: got %d, want 1", got)
			}
		})
	}
	t.Run("what cannot be drawn", func(t *testing.T) {
		t.Parallel()
		told := 0
		w := newWorld(t, func(_ *WorkerOptions, o *SenderOptions) {
			o.Render = func(*storage.Tx, storage.Message) (mahalla.Screen, error) { panic("canary") }
			o.Refused = func(*storage.Tx, storage.Message, []int) error { told++; return nil }
		})
		_, to := w.person("officer")
		w.send(to, card("case", true))
		w.drain()
		if told != 1 || w.state(storage.FateRefused) != 1 {
			t.Errorf("told %d times, given up %d", told, w.state(storage.FateRefused))
		}
	})
}

func TestAMessageThatCouldNotBeReadForTheDatabasesSakeIsNeverGivenUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var tries atomic.Int32
	w.sender.o.Render = func(_ *storage.Tx, m storage.Message) (mahalla.Screen, error) {
		if tries.Add(1) <= 2*mostRenders {
			return mahalla.Screen{}, fmt.Errorf("storage: %w", io.ErrUnexpectedEOF)
		}
		return rendered(nil, m)
	}
	u, to := w.person("resident")
	w.send(to, notice("at last"))
	w.drain()
	if got := heard(u); !slices.Equal(got, []string{"at last"}) || w.state(storage.FateRefused) != 0 {
		t.Errorf("got %q, %d given up", got, w.state(storage.FateRefused))
	}
}

func TestACardWithoutButtonsHasNoneTakenAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, to := w.person("officer")
	for _, text := range []string{"closed", "open again"} {
		w.send(to, card(text, true)) // the cards of these tests have no buttons
		w.drain()
	}
	for _, c := range w.sim.Calls() {
		if c.Method == "editMessageReplyMarkup" {
			t.Errorf("got a call of %s, want none", c.Method)
		}
	}
	w.correct()
}

func TestAMessageThatIsPointlessIsDropped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, to := w.person("resident")
	w.sender.o.Render = func(_ *storage.Tx, m storage.Message) (mahalla.Screen, error) {
		if m.Args["text"] == "old" {
			return mahalla.Screen{}, fmt.Errorf("of round 1: %w", ErrPointless)
		}
		return rendered(nil, m)
	}
	w.send(to, notice("old"), notice("current"))
	w.drain()
	if got := heard(u); !slices.Equal(got, []string{"current"}) || w.state(storage.FateDropped) != 1 {
		t.Errorf("got %q, %d dropped", got, w.state(storage.FateDropped))
	}
}

func TestAMessageThatCannotBeDrawnIsGivenUpAndBlocksNoOtherChat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var tries atomic.Int32
	w.sender.o.Render = func(tx *storage.Tx, m storage.Message) (mahalla.Screen, error) {
		switch m.Args["text"] {
		case "panic":
			tries.Add(1)
			panic("canary")
		case "empty":
			return mahalla.Screen{Text: "<b> </b>"}, nil
		case "writes":
			tx.SetLanguage(m.Person, mahalla.UzCyrl)
		}
		return rendered(nil, m)
	}
	u, to := w.person("resident")
	other, toOther := w.person("other")
	w.send(to, notice("panic"), notice("empty"), notice("writes"), notice("after"))
	w.send(toOther, notice("unharmed"))
	w.drain()
	if got := heard(u); !slices.Equal(got, []string{"after"}) {
		t.Errorf("got %q, want only what can be drawn", got)
	}
	if got := heard(other); !slices.Equal(got, []string{"unharmed"}) {
		t.Errorf("other: got %q", got)
	}
	if got := tries.Load(); got != mostRenders {
		t.Errorf("tries: got %d, want %d", got, mostRenders)
	}
	if got := w.state(storage.FateRefused); got != 3 {
		t.Errorf("given up: got %d, want 3", got)
	}
	if len(w.sender.broken) != 0 {
		t.Errorf("still counted: %v", w.sender.broken)
	}
}

func TestAHeldUpChatWaitsAndTheOthersDoNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, to := w.person("resident")
	other, toOther := w.person("other")
	w.sim.SetFault(func(_ string, chat int64) *simulator.Fault {
		if chat == u.ID() {
			return &simulator.Fault{RetryAfter: 3600}
		}
		return nil
	})
	w.send(to, notice("later"))
	w.send(toOther, notice("now"))
	w.drain()
	w.drain()
	if got := heard(u); len(got) != 0 {
		t.Errorf("held up: got %q, want nothing", got)
	}
	if got := heard(other); !slices.Equal(got, []string{"now"}) {
		t.Errorf("other: got %q", got)
	}
	calls := 0
	for _, c := range w.sim.Calls() {
		if c.ChatID == u.ID() {
			calls++
		}
	}
	if calls != 1 {
		t.Errorf("calls for the chat: got %d, want 1", calls)
	}
	if got := w.count("SELECT count(*) FROM outbox_chats WHERE ready_at > now() + interval '59 minutes'"); got != 1 {
		t.Errorf("chats that wait for an hour: got %d, want 1", got)
	}
}

func TestTwoHeldUpChatsStopEverybody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 4 {
		_, to := w.person(fmt.Sprint("p", i))
		w.send(to, notice("x"))
	}
	w.sim.SetFault(func(string, int64) *simulator.Fault { return &simulator.Fault{RetryAfter: 30} })
	w.drain()
	if got := w.sends(); len(got) != 2 {
		t.Errorf("calls: got %d, want 2 before everything stops", len(got))
	}
	if left := w.sender.pause.left(time.Now()); left < 25*time.Second {
		t.Errorf("pause: got %v, want about 30 s", left)
	}
}

func TestThePauseNeedsTwoChatsWithinFiveSeconds(t *testing.T) {
	t.Parallel()
	at := moment()
	var b brake
	b.hit(1, at, time.Minute)
	b.hit(1, at.Add(time.Second), time.Minute)
	b.hit(2, at.Add(7*time.Second), time.Minute)
	if got := b.left(at.Add(7 * time.Second)); got > 0 {
		t.Errorf("got a pause of %v, want none", got)
	}
	b.hit(1, at.Add(11*time.Second), 40*time.Second)
	b.hit(2, at.Add(12*time.Second), 10*time.Second)
	if got := b.left(at.Add(12 * time.Second)); got != 39*time.Second {
		t.Errorf("got %v, want the longer one of 39 s", got)
	}
}

func TestWhoeverHasBlockedTheBotIsReportedAtOnce(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var reported []mahalla.PersonID
	var failures atomic.Int32
	w := newWorld(t, func(_ *WorkerOptions, o *SenderOptions) {
		o.Unreachable = func(tx *storage.Tx, m storage.Message) error {
			if failures.Add(-1) >= 0 {
				panic("canary")
			}
			tx.SetReach(m.Person, mahalla.Blocked)
			mu.Lock()
			defer mu.Unlock()
			reported = append(reported, m.Person)
			return nil
		}
	})
	u, to := w.person("officer")
	gone, toGone := w.person("gone")
	u.Block()
	gone.Deactivate()
	failures.Store(1)
	w.send(to, card("case", true))
	w.send(toGone, notice("x"))
	w.drain()
	slices.Sort(reported)
	want := []mahalla.PersonID{to.Person, toGone.Person}
	slices.Sort(want)
	if !slices.Equal(reported, want) {
		t.Errorf("reported: got %v, want %v", reported, want)
	}
	if got := w.state(storage.FateRefused); got != 2 {
		t.Errorf("given up: got %d, want 2", got)
	}
	if got := w.count("SELECT count(*) FROM people WHERE reach = 'blocked' AND id > 0"); got != 2 {
		t.Errorf("out of reach: got %d, want 2", got)
	}
	if got := w.count("SELECT sum(waiting) FROM outbox_chats"); got != 0 {
		t.Errorf("counters: got %d, want 0", got)
	}
}

func TestALostAnswerDoublesAMessageAtMostOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, to := w.person("resident")
	w.sim.SetFault(once("sendMessage", simulator.Fault{LoseAnswer: true}))
	w.send(to, notice("a"), notice("b"))
	w.drain()
	if got, want := heard(u), []string{"a", "a", "b"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := w.state(storage.FateSent); got != 2 {
		t.Errorf("recorded as sent: got %d, want 2", got)
	}
}

func TestPassingFaultsAreOutlived(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]simulator.Fault{
		"500":             {Status: 500},
		"502 with a page": {Status: 502, Body: "<html>Bad Gateway</html>"},
		"garbage":         {Status: 200, Body: `{"ok":tr`},
		"no result":       {Status: 200, Body: `{"ok":true}`},
		"huge":            {Status: 200, Body: strings.Repeat("x", 2<<20)},
		"401":             {Status: 401},
		"wrong file":      {Status: 400, Body: `{"ok":false,"error_code":400,"description":"Bad Request: wrong file identifier/HTTP URL specified"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			u, to := w.person("resident")
			w.sim.SetFault(once("sendMessage", fault))
			w.send(to, notice("a"))
			w.drain()
			if got := heard(u); !slices.Equal(got, []string{"a"}) || w.state(storage.FateSent) != 1 {
				t.Errorf("got %q, %d recorded as sent", got, w.state(storage.FateSent))
			}
		})
	}
}

func TestWhatTelegramRefusesForGoodIsGivenUp(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"bad_markup": "Bad Request: can't parse entities: x", "bad_request": "Bad Request: of next year", "migrated": "Bad Request: group chat was upgraded to a supergroup chat",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			u, to := w.person("resident")
			w.sim.SetFault(once("sendMessage", simulator.Fault{Status: 400, Body: fmt.Sprintf(`{"ok":false,"error_code":400,"description":%q}`, body)}))
			w.send(to, notice("a"), notice("b"))
			w.drain()
			if got := heard(u); !slices.Equal(got, []string{"b"}) {
				t.Errorf("got %q, want what comes after it", got)
			}
			if got := w.count("SELECT count(*) FROM outbox WHERE state = 3 AND reason = $1", name); got != 1 {
				t.Errorf("given up as %s: got %d, want 1", name, got)
			}
		})
	}
}

// grudging grants so many messages in all.
type grudging struct{ left, refused atomic.Int32 }

func (g *grudging) Take(_ context.Context, n int) (int, time.Duration) {
	for {
		left := g.left.Load()
		take := min(int32(n), left)
		if take == 0 {
			g.refused.Add(1)
			return 0, time.Millisecond
		}
		if g.left.CompareAndSwap(left, left-take) {
			return int(take), 0
		}
	}
}

func TestNoMoreIsSentThanTheLimiterGrants(t *testing.T) {
	t.Parallel()
	limiter := &grudging{}
	limiter.left.Store(6)
	w := newWorld(t, func(_ *WorkerOptions, o *SenderOptions) { o.Limiter = limiter })
	for i := range 10 {
		_, to := w.person(fmt.Sprint("p", i))
		w.send(to, notice("x"))
	}
	stop := w.run(w.sender.Run)
	w.eventually("six are sent", func() bool { return len(w.sends()) >= 6 && limiter.refused.Load() > 1 })
	if got := w.state(0); got != 4 {
		t.Errorf("still waiting: got %d, want 4", got)
	}
	limiter.left.Store(4)
	w.eventually("all are sent", func() bool { return len(w.sends()) == 10 })
	stop()
	if got := w.state(storage.FateSent); got != 10 {
		t.Errorf("recorded as sent: got %d, want 10", got)
	}
}

func TestEveryPartOfAnAlbumAndEverySecondCallTakesAPermit(t *testing.T) {
	t.Parallel()
	limiter := &grudging{}
	w := newWorld(t, func(_ *WorkerOptions, o *SenderOptions) { o.Limiter = limiter })
	u, to := w.person("officer")
	id := u.Photo("")
	var file string
	for _, m := range u.Messages() {
		if m.ID == id {
			file = m.FileID
		}
	}
	w.sender.o.Render = func(_ *storage.Tx, m storage.Message) (mahalla.Screen, error) {
		photo := mahalla.Media{Kind: mahalla.Photo, File: file}
		if m.IsCard() {
			return mahalla.Screen{Text: m.Args["text"], Rows: [][]mahalla.Button{{{Label: "Qabul", Press: mahalla.Press{Verb: "accept"}}}}}, nil
		}
		return mahalla.Screen{Media: []mahalla.Media{photo, photo, photo}}, nil
	}
	taken := func() int32 { // by a drain, which itself asks for none
		limiter.left.Store(100)
		w.drain()
		return 100 - limiter.left.Load()
	}
	w.send(to, notice("album"))
	if got := taken(); got != 2 {
		t.Errorf("an album of three: got %d permits besides its own, want 2", got)
	}
	w.send(to, card("first", false))
	if got := taken(); got != 0 {
		t.Errorf("a card: got %d permits besides its own, want 0", got)
	}
	w.send(to, card("second", true))
	if got := taken(); got != 1 {
		t.Errorf("a card that takes the buttons of the older one: got %d permits besides its own, want 1", got)
	}
	w.send(to, card("third", false))
	if got := taken(); got != 0 {
		t.Errorf("an edit: got %d permits besides its own, want 0", got)
	}
}

func TestAChatKeepsItsPaceWhileOthersAreServed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(_ *WorkerOptions, o *SenderOptions) {
		o.Pace = storage.Pace{Private: time.Hour, PrivateBurst: 3, Group: time.Hour, GroupBurst: 3}
	})
	u, to := w.person("busy")
	other, toOther := w.person("other")
	for range 10 {
		w.send(to, notice("x"))
	}
	w.send(toOther, notice("y"))
	w.drain()
	if got := len(heard(u)); got != 3 {
		t.Errorf("busy: got %d messages, want the burst of 3", got)
	}
	if got := len(heard(other)); got != 1 {
		t.Errorf("other: got %d messages, want 1", got)
	}
}

func TestResultsOutliveADatabaseThatIsAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, to := w.person("resident")
	w.send(to, notice("a"))
	w.sim.SetLatency(200 * time.Millisecond)
	stop := w.run(w.sender.Run)
	w.eventually("it is on its way", func() bool { return w.state(1) == 1 })
	_, err := w.raw.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	w.must(err)
	w.eventually("it is recorded", func() bool { return w.state(storage.FateSent) == 1 })
	stop()
	if got := heard(u); len(got) != 1 {
		t.Errorf("got %q, want it once", got)
	}
}
