package casework

import (
	"testing"
	"time"

	"koprik/locales"
	"koprik/mahalla"
)

func TestWhatAReplyToAnInvitationSays(t *testing.T) {
	t.Parallel()
	d := plainDesk(t)
	const yes, no = mahalla.RSVPYes, mahalla.RSVPNo
	for typed, want := range map[string]ComingHeard{
		"да":                   {Answer: yes},
		"Yoʻq":                 {Answer: no},
		"Kelaman":              {Answer: yes},
		"нет, болею":           {Answer: no, Rest: "болею"},
		"нет болею":            {Answer: no, Rest: "болею"},
		"да, приду":            {Answer: yes},
		"да приду с сыном":     {Answer: yes, Rest: "приду с сыном"},
		"не получится, уезжаю": {Answer: no, Rest: "уезжаю"},
		"yoʻq, kasalman":       {Answer: no, Rest: "kasalman"},
		"yo'q kasalman":        {Answer: no, Rest: "kasalman"},
		"йўқ, касалман":        {Answer: no, Rest: "касалман"},
		"ҳа, албатта":          {Answer: yes, Rest: "албатта"},
		"ha, albatta":          {Answer: yes, Rest: "albatta"},
		"ha albatta boraman":   {Answer: yes},
		"Нет\nменя не будет в городе до пятницы":     {Answer: no, Rest: "меня не будет в городе до пятницы"},
		"yoʻq, toʻyga ketyapman, kela olmayman, uzr": {Answer: no, Rest: "toʻyga ketyapman, kela olmayman, uzr"},
		"нет проблем, приду":                         {Answer: yes, Rest: "приду"},
		"Boraman, rahmat":                            {Answer: yes, Rest: "rahmat"},
		"bora olmayman, kasalxonadaman":              {Answer: no, Rest: "kasalxonadaman"},

		"ok, приду":     {Answer: yes},
		"Хорошо, буду":  {Answer: yes},
		"хўп, келаман":  {Answer: yes},
		"xo'p, kelaman": {Answer: yes},

		"да нет":                     {Doubt: true, Rest: "нет"},
		"да нет, наверное":           {Doubt: true, Rest: "нет, наверное"},
		"да, но опоздаю":             {Doubt: true, Rest: "но опоздаю"},
		"нет, приду":                 {Doubt: true, Rest: "приду"},
		"да, не смогу":               {Doubt: true, Rest: "не смогу"},
		"да, к 15:00":                {Doubt: true, Rest: "к 15:00"},
		"kelaman deb oʻylayman emas": {Doubt: true, Rest: "deb oʻylayman emas"},
		"приду если успею":           {Doubt: true, Rest: "если успею"},
		"нет, свадьба":               {Doubt: true, Rest: "свадьба"},

		"нет света": {},
		"Да у нас опять нет света во всём доме": {},
		"Ha shu yerda har kuni janjal boʻladi":  {},
		"нет в доме никого уже третий день":     {},
		"да?":                             {},
		"Qoʻshnim kechasi musiqa qoʻyadi": {Rest: "Qoʻshnim kechasi musiqa qoʻyadi"},
		"":                                {},
	} {
		if got := d.HearReply(typed); got != want {
			t.Errorf("%q: got %+v, want %+v", typed, got, want)
		}
	}
}

func TestATimeThatIsAskedForInAReply(t *testing.T) {
	t.Parallel()
	d := plainDesk(t)
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, locales.Tashkent())
	for _, typed := range []string{"29.11 11:00", "можно 29.11 в 11:00?", "А можно ли 29.11 в 11:00?", "давайте 29 ноября в 11:00", "Давайте лучше 29.11 11:00",
		"29-noyabr 11:00 mumkinmi?", "keling 29.11 11:00", "29-ноябрь 11:00 бўладими?"} {
		said, err := d.ParseMeeting(d.TimeWished(typed), AskedEither, now)
		if err != nil || said.Place != "" || said.Day.IsZero() || said.Clock != 11*time.Hour {
			t.Errorf("%q: got %+v, %v", typed, said, err)
		}
	}
}
