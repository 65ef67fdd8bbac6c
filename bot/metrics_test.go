package bot

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

func TestWhatAnAlarmIsSetOnStandsAtZeroFromTheStart(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	NewMetrics(registry)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			for _, label := range m.GetLabel() {
				got[family.GetName()+" "+label.GetName()+"="+label.GetValue()] = m.GetCounter().GetValue() == 0
			}
		}
	}
	for _, want := range []string{
		"koprik_updates_quarantined_total reason=error", "koprik_updates_quarantined_total reason=panic", "koprik_updates_quarantined_total reason=unreadable",
		"koprik_messages_total fate=refused", "koprik_messages_total cause=bad_request", "koprik_polls_total outcome=contested", "koprik_polls_total outcome=ok",
	} {
		if !got[want] {
			t.Errorf("%s is not there with 0", want)
		}
	}
}
