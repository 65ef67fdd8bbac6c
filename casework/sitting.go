package casework

import (
	"koprik/mahalla"
	"koprik/storage"
)

// sitting draws what is about a meeting of a commission or an item of its agenda:
// about is its id, where the messages of cases have the case's.
type sitting func(d *Desk, tx *storage.Tx, w *words, reader *storage.Contact, about int64, args map[string]string) (mahalla.Screen, error)

// sittings are the screens of commissions and approvals. Their kinds are about no
// case.
func sittings() map[mahalla.NoticeKind]sitting {
	return map[mahalla.NoticeKind]sitting{
		CardApproval:      (*Desk).drawApproval,
		CardMeeting:       (*Desk).drawMeeting,
		CardConvene:       (*Desk).drawConvene,
		CardReminded:      (*Desk).drawReminded,
		CardGiven:         (*Desk).drawGiven,
		CardMeetings:      (*Desk).drawMeetings,
		CardComing:        (*Desk).drawComing,
		NoticeMeetingPin:  (*Desk).drawMeetingPin,
		NoticeMeetingNews: (*Desk).drawMeetingNews,
		NoticeAgendaNews:  (*Desk).drawAgendaNews,
		NoticeICS:         drawCalendar,
		NoticeSeriesDraft: drawSeriesDraft,
		mahalla.CardItem:  (*Desk).drawItem,
		mahalla.CardParty: (*Desk).drawParty,
		CardHeld:          (*Desk).drawHeld,
		CardDecision:      (*Desk).drawDecision,
		NoticeDecided:     (*Desk).drawDecided,
		NoticeSided:       (*Desk).drawSided,
		NoticeSit:         (*Desk).drawSitSay,
		NoticePaper:       (*Desk).drawPaper,
		NoticeWritten:     (*Desk).drawWrittenOf,
		NoticeAgreed:      (*Desk).drawAgreed,
		NoticeAsks: func(d *Desk, _ *storage.Tx, w *words, _ *storage.Contact, _ int64, args map[string]string) (mahalla.Screen, error) {
			return d.drawSay(w, args)
		},
	}
}

// drawSitting draws one of them.
func (d *Desk) drawSitting(tx *storage.Tx, w *words, m storage.Message, draw sitting) (mahalla.Screen, error) {
	reader, err := tx.Contact(m.Person)
	if err != nil {
		return mahalla.Screen{}, err
	}
	return draw(d, tx, w, reader, int64(m.Case), m.Args)
}
