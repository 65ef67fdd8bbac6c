package handlers

import (
	"errors"

	"koprik/bot"
	"koprik/mahalla"
)

// officerCommands are for those who answer for cases, or stand above them.
func (h *Handlers) officerCommands() map[string]bot.Handler {
	return map[string]bot.Handler{
		"ishlar": h.work, "kutilmoqda": h.awaited, "navbat": h.duty, "kechikkan": h.overdue,
		"qidir": h.typedSearch, "eskiroq": h.typedOlder,
		"qabul": h.typedAccept, "vada": h.typedPromise, "bordim": h.typedKept, "yop": h.typedClose, "bekor": h.typedUndo,
		"sora": h.typedAsk, "izoh": h.typedNote, "batafsil": h.typedLook, "tasdiq": h.typedConfirm,
		"otkaz": h.typedTransfer, "emas": h.typedDecline, "rad": h.typedReject, "ber": h.typedGive, "takror": h.typedDuplicate, "turtki": h.typedNudge,
		"yoqman": h.typedAbsence, "orinbosar": h.typedSubstitute, "keldim": h.typedReturn, "topshir": h.typedHandOn,
		"eslatma": h.typedReminders,
	}
}

// serving keeps a command of officers from everybody else, who is told what to do
// instead, and tells officers who try it on their own report that others handle
// that.
func (h *Handlers) serving(handler bot.Handler) bot.Handler {
	return func(q *bot.Request) error {
		if !q.Contact.Has(mahalla.MayAnswer, q.Now) && !q.Contact.Has(mahalla.MaySupervise, q.Now) {
			return mahalla.Refuse(mahalla.Forbidden, "not_officer")
		}
		err := handler(q)
		var refusal *mahalla.Error
		if !errors.As(err, &refusal) || refusal.Code != mahalla.Forbidden && refusal.Code != mahalla.NotFound {
			return err
		}
		c, _, unnamed := h.caseNamed(q)
		if unnamed != nil || !c.Speaks(q.Contact.ID) {
			return err
		}
		return mahalla.Refuse(mahalla.Forbidden, "own_report", "number", c.Number.String())
	}
}
