package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"koprik/locales"
	"koprik/storage"
)

// auditMetrics tells what the auditor finds: an alarm stands on the heartbeat, for
// an audit that is not made is no better than one that finds something.
type auditMetrics struct {
	clean prometheus.Gauge
	found *prometheus.GaugeVec // by invariant
}

func newAuditMetrics(reg prometheus.Registerer) *auditMetrics {
	m := &auditMetrics{
		clean: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "koprik_audit_clean_timestamp_seconds", Help: "When this replica's audit last found nothing, Unix time."}),
		found: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "koprik_audit_findings", Help: "What the last audit counted of what must not be, by invariant."}, []string{"invariant"}),
	}
	m.hear(storage.Findings{}, time.Time{})
	reg.MustRegister(m.clean, m.found)
	return m
}

// hear takes the findings of an audit; with a zero moment nothing was audited yet.
func (m *auditMetrics) hear(f storage.Findings, at time.Time) {
	for invariant, n := range byInvariant(f) {
		m.found.WithLabelValues(invariant).Set(float64(n))
	}
	if f.Sum() == 0 && !at.IsZero() {
		m.clean.Set(float64(at.Unix()))
	}
}

func byInvariant(f storage.Findings) map[string]int {
	return map[string]int{"untold": f.Untold, "disagree": f.Disagree, "late": f.Late, "unfired": f.Unfired, "doubled": f.Doubled, "stuck": f.Stuck}
}

// audit says what the auditor of the running bot has found last.
func (d *doctor) audit(ctx context.Context) (string, error) {
	if d.db == nil {
		return "", errSkipped
	}
	var f storage.Findings
	var at, clean time.Time
	err := d.db.Read(ctx, func(tx *storage.Tx) (err error) {
		f, at, clean, err = tx.LastAudit()
		return err
	})
	ago := d.now().Sub(at).Round(time.Second)
	switch {
	case err != nil:
		return "", errors.New("cannot be read: " + storage.Loggable(err))
	case at.IsZero():
		return "", doubt("there was none yet: the bot makes one every minute")
	case f.Sum() > 0:
		last := "never"
		if !clean.IsZero() {
			last = clean.In(locales.Tashkent()).Format("02.01.2006 15:04")
		}
		return "", fmt.Errorf("%d untold, %d disagree, %d late, %d unfired, %d doubled, %d stuck, %s ago; last clean: %s (docs/faults.md says what they are)",
			f.Untold, f.Disagree, f.Late, f.Unfired, f.Doubled, f.Stuck, ago, last)
	case ago > 5*time.Minute:
		return "", doubt(fmt.Sprintf("the last one is %s old: does the bot run?", ago))
	}
	return fmt.Sprintf("found nothing, %s ago", ago), nil
}
