package bot

import (
	"github.com/prometheus/client_golang/prometheus"
)

// Metrics count what goes in and out. No label holds anything of a person.
type Metrics struct {
	updateSeconds prometheus.Histogram
	cardSeconds   prometheus.Histogram
	callSeconds   prometheus.Histogram
	stored        prometheus.Counter
	repeated      prometheus.Counter
	handled       *prometheus.CounterVec // by outcome
	quarantined   *prometheus.CounterVec // by reason
	presses       *prometheus.CounterVec // by outcome of the answer
	messages      *prometheus.CounterVec // by fate and cause
	refused       *prometheus.CounterVec // by kind
	ambiguous     prometheus.Counter
	lostParts     prometheus.Counter
	webhook       *prometheus.CounterVec // by status
	polls         *prometheus.CounterVec // by outcome
}

// NewMetrics makes the collectors and registers them; with nil they only count.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	m := &Metrics{
		updateSeconds: seconds("koprik_update_seconds", "From an update being stored to its effect being committed."),
		cardSeconds:   seconds("koprik_card_seconds", "From a report being filed to Telegram taking its card."),
		callSeconds:   seconds("koprik_send_seconds", "One call that sends or edits a message."),
		stored:        count("koprik_updates_stored_total", "Updates stored for the first time."),
		repeated:      count("koprik_updates_repeated_total", "Updates that were stored already."),
		handled:       counts("koprik_updates_handled_total", "Runs of updates by outcome.", "outcome"),
		quarantined:   counts("koprik_updates_quarantined_total", "Updates put aside by reason.", "reason"),
		presses:       counts("koprik_press_answers_total", "Answers to presses by outcome.", "outcome"),
		messages:      counts("koprik_messages_total", "Attempts to send by fate and cause.", "fate", "cause"),
		refused:       counts("koprik_messages_refused_total", "Messages that Telegram takes in no way, those to people out of reach included, by kind.", "kind"),
		ambiguous:     count("koprik_messages_ambiguous_total", "Attempts to send of which nobody knows whether they arrived."),
		lostParts:     count("koprik_message_parts_lost_total", "Parts of albums that Telegram did not take."),
		webhook:       counts("koprik_webhook_total", "Answers of the webhook by status.", "status"),
		polls:         counts("koprik_polls_total", "Long polls by outcome.", "outcome"),
	}
	m.begin()
	if reg != nil {
		reg.MustRegister(m.updateSeconds, m.cardSeconds, m.callSeconds, m.stored, m.repeated, m.handled,
			m.quarantined, m.presses, m.messages, m.refused, m.ambiguous, m.lostParts, m.webhook, m.polls)
	}
	return m
}

// begin makes the series that an alarm is set on stand at 0 from the start: one
// that is not there yet would hide the first failure from increase and rate.
func (m *Metrics) begin() {
	for _, reason := range []string{"error", "panic", "deadly", "unreadable"} {
		m.quarantined.WithLabelValues(reason)
	}
	for _, outcome := range []string{"answered", "put_off", "failed"} {
		m.presses.WithLabelValues(outcome)
	}
	for _, outcome := range []Cause{"ok", Contested, Unauthorized, TooMany, ServerError, Garbage, TooLarge, Unreachable, TimedOut, Cut} {
		m.polls.WithLabelValues(string(outcome))
	}
	for _, cause := range []Cause{
		Blocked, Deactivated, NotStarted, Kicked, NoChat, Forbid, BadFile, TooLong, Empty, BadMarkup, BadButton, BadMedia, NoRights, BadRequest,
	} {
		m.messages.WithLabelValues("refused", string(cause))
	}
	m.messages.WithLabelValues("refused", unrecordable)
}

func seconds(name, help string) prometheus.Histogram {
	return prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: name, Help: help,
		Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300},
	})
}

func count(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
}

func counts(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}
