package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"koprik/casework"
	"koprik/mahalla"
	"koprik/storage"
)

const (
	aimSearch  = 200 * time.Millisecond
	aimSimilar = 20 * time.Millisecond
)

// search measures (i): how long an inspector's search of the own territory takes
// in a district with very many cases, and how long a resident who files waits
// for the look whether somebody has reported the same.
func search(ctx context.Context, b *bench) error {
	a, err := b.openArchive(ctx)
	if err != nil {
		return err
	}
	defer a.close()
	b.table.note("i", fmt.Sprintf("cases of the district; in the own territory, of %d mahallas", ownMahallas), fmt.Sprintf("%d, %d", a.cases, a.own))
	kinds := a.searches()
	for i := range kinds { // once uncounted: it tells how many cases are opened
		if err := a.opened(ctx, &kinds[i]); err != nil {
			return err
		}
	}
	for i := range b.sizes.searches {
		for k := range kinds {
			if err := a.measure(ctx, &kinds[k], i); err != nil {
				return err
			}
		}
	}
	for _, k := range kinds {
		b.table.note("i", fmt.Sprintf("%s, words of %d cases read: p50", k.subject, k.read), span(quantile(k.took, 0.5)))
		p99 := quantile(k.took, 0.99)
		if k.who == a.head { // whose territory is the whole district
			b.table.note("i", fmt.Sprintf("  p99 of %d", len(k.took)), span(p99))
			continue
		}
		b.table.result("i", fmt.Sprintf("  p99 of %d", len(k.took)), span(p99), "< "+span(aimSearch), p99 < aimSearch)
	}
	took, err := a.similar(ctx, 2*b.sizes.searches)
	if err != nil {
		return err
	}
	p99 := quantile(took, 0.99)
	b.table.note("i", fmt.Sprintf("similar cases while filing, the newest %d of %d open: p50", compared, alike), span(quantile(took, 0.5)))
	b.table.result("i", fmt.Sprintf("  p99 of %d", len(took)), span(p99), "< "+span(aimSimilar), p99 < aimSimilar)
	return nil
}

// searching is one kind of search.
type searching struct {
	subject string
	who     *storage.Contact
	typed   []string // in turn
	by      string   // how it is to be understood
	none    bool     // nothing is to be found
	read    int      // cases whose words are opened for it
	took    []time.Duration
}

// searches are the kinds: by an inspector, and by the head of the district, who
// finds by words what was given to him.
func (a *archive) searches() []searching {
	return []searching{
		{subject: "search by number", who: a.inspector, typed: a.numbers, by: casework.ByNumber},
		{subject: "search by place", who: a.inspector, typed: []string{"Bogʻishamol 1 mahallasi", "боғишамол 2", "Bogishamol 2"}, by: casework.ByPlace},
		{subject: "search in another script", who: a.inspector, typed: []string{"мусиқа дарвоза", "чироқ", "итлар ахлат", "muzika kechasi"}, by: casework.ByWords},
		{subject: "search for words of a place", who: a.inspector, typed: []string{"bogishamol 1 musiqa", "боғишамол 2 лифт"}, by: casework.ByWords},
		{subject: "search for what nobody wrote", who: a.inspector, typed: []string{"parashyut", "вертолёт", "teleskop"}, by: casework.ByWords, none: true},
		{subject: "a head's search by place", who: a.head, typed: []string{"Namuna tumani"}, by: casework.ByPlace},
		{subject: "a head's search in another script", who: a.head, typed: []string{"мусиқа", "doʻkon savdo"}, by: casework.ByWords},
	}
}

// opened does a search of each text and reads in the audit log how many cases
// the dearest of them opened.
func (a *archive) opened(ctx context.Context, s *searching) error {
	for i := range min(len(s.typed), 5) {
		before, err := a.readings(ctx, s.who)
		if err != nil {
			return err
		}
		if err := a.measure(ctx, s, i); err != nil {
			return err
		}
		after, err := a.readings(ctx, s.who)
		if err != nil {
			return err
		}
		s.read = max(s.read, after-before)
	}
	s.took = nil
	return nil
}

func (a *archive) readings(ctx context.Context, who *storage.Contact) (cases int, err error) {
	err = a.db.Read(ctx, func(tx *storage.Tx) (err error) {
		_, cases, err = tx.Readings(who.ID, storage.ActSearch, noon.Add(-time.Hour))
		return err
	})
	return cases, err
}

// measure does one search and looks whether it found what it should.
func (a *archive) measure(ctx context.Context, s *searching, i int) error {
	typed := s.typed[i%len(s.typed)]
	var found casework.Found
	began := time.Now()
	err := a.db.InTx(ctx, func(tx *storage.Tx) (err error) {
		found, err = a.desk.Search(tx, s.who, typed, 0, noon)
		return err
	})
	s.took = append(s.took, time.Since(began))
	if err == nil && (found.By != s.by || (found.Total == 0) != s.none || (len(found.Lines) == 0) != s.none) {
		err = fmt.Errorf("%s: %q found %d by %s", s.subject, typed, found.Total, found.By)
	}
	return err
}

// similar compares new reports with those that are open. Every second one is
// about what somebody has reported.
func (a *archive) similar(ctx context.Context, count int) (took []time.Duration, err error) {
	chance := rand.New(rand.NewPCG(5, 6))
	for i := range count {
		words := complaintWords(chance)
		if i%2 == 0 {
			words = a.open[i/2%compared]
		}
		var list []casework.Similar
		began := time.Now()
		err := a.db.InTx(ctx, func(tx *storage.Tx) (err error) {
			list, err = a.desk.Similar(tx, a.crowded, similarCategory, words, a.head, noon)
			return err
		})
		took = append(took, time.Since(began))
		if err == nil && i%2 == 0 && len(list) == 0 {
			err = fmt.Errorf("%q is not found by its own words", words)
		}
		if err != nil {
			return nil, err
		}
	}
	return took, nil
}

// similarCategory is what the open cases are about that are compared.
const similarCategory mahalla.CategoryCode = "noise"
