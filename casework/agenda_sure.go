package casework

import "koprik/mahalla"

// What a button on an item says about a yes to the question of a gate, which ends
// the item for good: that it is meant, or not.
const (
	ItemSure = "sure"
	ItemBack = "back"
)

// SureOf lets the card of an item ask whether a yes is meant; answer is what the
// button of the yes says.
func SureOf(answer string) map[string]string { return map[string]string{argChoose: answer} }

// askSure asks that once, where the gate is still the one that was answered.
func (w *words) askSure(i *mahalla.Item, args map[string]string, s *mahalla.Screen) {
	gate := i.Gate()
	answer := ItemAnswer + string(gate) + "_"
	if !i.State.Open() || len(s.Rows) < 2 || gate != mahalla.GateViolence && gate != mahalla.GateCrime || args[argChoose] != answer+string(mahalla.ReplyYes) {
		return
	}
	sure := w.say("item.sure.crime")
	if gate == mahalla.GateViolence {
		sure = w.say("item.sure.violence")
	}
	s.Text = lines(s.Text, sure)
	s.Rows = [][]mahalla.Button{
		{itemPress(i, answer+ItemSure, w.say("item.press.sure"), mahalla.Danger)},
		{itemPress(i, ItemBack, w.say("button.back"), "")},
	}
}
