package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// Act names a reading of contents in the audit log.
type Act string

// The acts of the audit log.
const (
	ActSearch Act = "search" // words of many cases were compared with what was typed
	ActLook   Act = "look"   // a head read all of one case
	ActOpen   Act = "open"   // an officer opened a case that they were not told of

	// These read nothing: how somebody got a role of officers.
	ActJoinedAlone Act = "joined_alone" // nobody stands above who could approve
	ActApproved    Act = "approved"     // somebody else, as a colleague
	ActDisapproved Act = "disapproved"
)

// Audit records that a person read the contents of so many cases; of none there
// is nothing to record.
func (tx *Tx) Audit(p mahalla.PersonID, act Act, cases int, at time.Time) {
	if cases > 0 {
		tx.write("INSERT INTO audit_log (at, person_id, act, cases, mac) VALUES ($1, $2, $3, $4, $5)", at, p, act, cases,
			tx.db.seals.readingMAC(readingRow{at, int64(p), string(act), cases, 0, ""}))
	}
}

// AuditRole records how somebody got a role, or did not.
func (tx *Tx) AuditRole(p mahalla.PersonID, act Act, at time.Time) {
	tx.write("INSERT INTO audit_log (at, person_id, act, cases, mac) VALUES ($1, $2, $3, 0, $4)", at, p, act,
		tx.db.seals.readingMAC(readingRow{at, int64(p), string(act), 0, 0, ""}))
}

// AuditCase records that a person read all of one case, and why: a code.
func (tx *Tx) AuditCase(p mahalla.PersonID, act Act, c mahalla.CaseID, why string, at time.Time) {
	tx.write("INSERT INTO audit_log (at, person_id, act, cases, case_id, reason, mac) VALUES ($1, $2, $3, 1, $4, $5, $6)", at, p, act, c, why,
		tx.db.seals.readingMAC(readingRow{at, int64(p), string(act), 1, int64(c), why}))
}

// Readings counts what a person's acts of a kind since a moment were, and how
// many cases they read.
func (tx *Tx) Readings(p mahalla.PersonID, act Act, since time.Time) (acts, cases int, err error) {
	err = tx.read("SELECT count(*), coalesce(sum(cases), 0) FROM audit_log WHERE person_id = $1 AND act = $2 AND at >= $3",
		func(rows pgx.Rows) error { return rows.Scan(&acts, &cases) }, p, act, since)
	return acts, cases, err
}
