package casework

import (
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

func TestEveryStateOfAnApprovalRenders(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	for name, change := range map[string]func(*storage.Approval){
		"open":    func(*storage.Approval) {},
		"unasked": func(a *storage.Approval) { a.Asked = 0 },
		"granted": func(a *storage.Approval) { a.AnsweredAt, a.AnsweredBy, a.Granted = day, g.head.ID, true },
		"refused": func(a *storage.Approval) { a.AnsweredAt, a.AnsweredBy = day, g.head.ID },
	} {
		t.Run(name, func(t *testing.T) {
			var id int64
			list := []storage.Message{{Person: g.plain.ID, Kind: CardJoin}, {Person: g.plain.ID, Kind: CardJoin, Args: map[string]string{"answer": "awaits"}},
				{Person: g.plain.ID, Kind: CardJoin, Args: joinNotice(&storage.Approval{Role: mahalla.PreventionInspector, Territory: g.mahalla}, "granted", true).Args},
				{Person: g.plain.ID, Kind: CardJoin, Args: joinNotice(&storage.Approval{Role: mahalla.PreventionInspector, Territory: g.mahalla}, "refused", true).Args}}
			g.tx(func(tx *storage.Tx) error {
				token, err := tx.Invite(mahalla.PreventionInspector, g.mahalla, day, day.Add(time.Hour))
				if err != nil {
					return err
				}
				i, err := tx.Invitation(token, day)
				if err != nil {
					return err
				}
				id = i.ID
				tx.UseInvitation(i, g.plain.ID, day)
				tx.AddApproval(&storage.Approval{ID: id, Person: g.plain.ID, AskedAt: day, Asked: 1, LookAt: day.AddDate(0, 0, 1)})
				a, err := tx.Approval(id)
				if err != nil {
					return err
				}
				change(a)
				tx.SaveApproval(a)
				return nil
			})
			for _, who := range []*storage.Contact{g.head, g.senior, g.admin, g.officer, g.resident} {
				for _, args := range []map[string]string{nil, {"phone": "yes"}} {
					list = append(list, storage.Message{Person: who.ID, Kind: CardApproval, Case: mahalla.CaseID(id), Args: args})
				}
			}
			drawn := g.look(func(tx *storage.Tx) error { return tx.SetPhone(g.plain.ID, "+998901234567") }, list...)
			if drawn < 3*len(list) {
				t.Errorf("only %d screens were drawn, want those of %d messages in each language", drawn, len(list))
			}
		})
	}
}
