package handlers

import (
	"koprik/bot"
	"koprik/casework"
)

// registerCommissions registers what is about commissions, their meetings and
// reminders.
func (h *Handlers) registerCommissions(r *bot.Router) {
	for name, handler := range map[string]bot.Handler{
		"komissiya": h.typedProposed, "kun": h.agenda, "murosa": h.typedParty,
		"majlis": h.typedConvene, "majlislar": h.meetings, "muntazam": h.typedSeries,
		"boraman": h.typedComing, "borolmayman": h.typedNotComing, "boshqavaqt": h.typedOtherTime,
		"ornimga": h.typedMeetingSubstitute, "manfaat": h.typedConflict,
		"bayonnoma": h.typedHeld, "keldi": h.typedCame, "kelmadi": h.typedAbsent, "tomon": h.typedSide, "natija": h.typedEnd, "yakun": h.typedFinish,
		"qaror": h.typedDecide, "qarorsiz": h.typedUnmake, "qarorlar": h.typedDecisions, "bajarildi": h.typedDone, "muddat": h.typedLater,
		"ics": h.typedICS, "taqvim": h.typedFeed,
		"kechroq": h.typedSnooze, "kelmasin": h.typedHush,
	} {
		r.Command(name, h.awake(handler))
	}
	for verb, handler := range map[string]bot.Handler{
		casework.PressAgenda: h.pressAgenda, casework.PressItem: h.pressItem, casework.PressParty: h.pressParty,
		casework.PressMeetNew: h.pressMeetNew, casework.PressMeetDay: h.pressMeetDay, casework.PressMeetClock: h.pressMeetClock,
		casework.PressMeetPlace: h.pressMeetPlace, casework.PressMeetItem: h.pressMeetItem, casework.PressMeetMember: h.pressMeetMember,
		casework.PressMeetStep: h.pressMeetStep, casework.PressMeetCall: h.pressMeetCall, casework.PressMeetDrop: h.pressMeetDrop,
		casework.PressMeetRSVP: h.pressRSVP, casework.PressMeetOpen: h.pressMeetOpen, casework.PressMeetPage: h.pressMeetPage,
		casework.PressMeetSubstitute: h.pressMeetSubstitute, casework.PressMeetConflict: h.pressMeetConflict,
		casework.PressMeetNudge: h.pressMeetNudge, casework.PressMeetMove: h.pressMeetMove, casework.PressMeetCancel: h.pressMeetCancel,
		casework.PressMeetBack: h.pressMeetBack, casework.PressMeetRecord: h.pressMeetRecord, casework.PressMeetAgenda: h.pressMeetAgenda,
		casework.PressICS: h.pressICS, casework.PressFeed: h.pressFeed, casework.PressSeries: h.pressSeries,
		casework.PressComing: h.pressComing,
		casework.PressSnooze: h.pressSnooze, casework.PressHush: h.pressHush,
		casework.PressReminders: h.pressReminders, casework.PressCompose: h.pressCompose,
	} {
		r.Button(verb, h.awake(handler))
	}
	for verb, handler := range h.heldButtons() {
		r.Button(verb, h.awake(handler))
	}
	for flow, handler := range map[string]bot.Handler{
		casework.FlowGate: h.hearGate, casework.FlowParty: h.hearParty,
		casework.FlowConvene: h.hearConvene, casework.FlowMeetingOther: h.hearOther, casework.FlowComing: h.hearComing,
		casework.FlowMeetingMove: h.hearMove, casework.FlowMeetingCancel: h.hearCause,
		casework.FlowCompose: h.hearCompose, casework.FlowSeries: h.hearSeries,
	} {
		r.Step(flow, h.awake(h.answering(handler)))
	}
	for flow, handler := range h.heldSteps() {
		r.Step(flow, h.awake(h.answering(handler)))
	}
}
