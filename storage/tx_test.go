package storage_test

import (
	"errors"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

var errTest = errors.New("on purpose")

// resident makes one person known.
func resident(t *testing.T, db *storage.DB) (c *storage.Contact) {
	t.Helper()
	err := db.InTx(t.Context(), func(tx *storage.Tx) (err error) {
		c, err = tx.AddPerson(42, "Aziza", mahalla.UzLatn, time.Unix(0, 0))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// languageOf is how the person stands in the database.
func languageOf(t *testing.T, db *storage.DB) (l mahalla.Language) {
	t.Helper()
	err := db.Read(t.Context(), func(tx *storage.Tx) error {
		c, err := tx.ContactByTelegram(42)
		if err == nil {
			l = c.Language
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestAnUndoneTryTakesWithItWhatATryInsideItKept(t *testing.T) {
	t.Parallel()
	for _, reach := range []bool{false, true} {
		db := openDB(t)
		c := resident(t, db)
		touch := func(tx *storage.Tx) error {
			if !reach {
				return nil
			}
			_, err := tx.Contact(c.ID) // what was held back reaches the server
			return err
		}
		err := db.InTx(t.Context(), func(tx *storage.Tx) error {
			err := tx.Try(func() error {
				tx.SetLanguage(c.ID, mahalla.Ru)
				if err := touch(tx); err != nil {
					return err
				}
				if err := tx.Try(func() error { return touch(tx) }); err != nil {
					return err
				}
				return errTest
			})
			if !errors.Is(err, errTest) {
				t.Errorf("got %v, want the error of the try", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := languageOf(t, db); got != mahalla.UzLatn {
			t.Errorf("reaching the server %v: got %s, want the change undone", reach, got)
		}
	}
}

func TestAnUndoneTryGivesBackTheNoticesThatItReplaced(t *testing.T) {
	t.Parallel()
	db := openDB(t)
	to := resident(t, db).Recipient()
	card := func(about mahalla.CaseID) func(*storage.Tx) error {
		return func(tx *storage.Tx) error {
			return tx.Send(to, mahalla.Notice{Kind: mahalla.CardReporter}, about, time.Unix(0, 0), time.Time{})
		}
	}
	err := db.InTx(t.Context(), func(tx *storage.Tx) error {
		err := errors.Join(card(1)(tx), card(2)(tx))
		_ = tx.Try(func() error { return errors.Join(card(1)(tx), card(3)(tx), errTest) })
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []mahalla.CaseID
	for range 3 {
		var list []storage.Message
		err := db.InTx(t.Context(), func(tx *storage.Tx) (err error) {
			if list, err = tx.ClaimMessages(1, time.Minute); err != nil || len(list) == 0 {
				return err
			}
			got = append(got, list[0].Case)
			return tx.FinishMessages([]storage.Delivery{{Message: list[0], Fate: storage.FateDropped}}, storage.Pace{})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(got) != 2 || got[0] != 1 || got[1] != 2 {
		t.Errorf("got the cards of cases %v, want 1 and 2", got)
	}
}

func TestWhoeverMayOnlyReadCannotWrite(t *testing.T) {
	t.Parallel()
	db := openDB(t)
	c := resident(t, db)
	err := db.Read(t.Context(), func(tx *storage.Tx) error {
		tx.SetLanguage(c.ID, mahalla.Ru)
		_, err := tx.Contact(c.ID)
		return err
	})
	if err == nil {
		t.Error("got no error for a write")
	}
	err = db.Read(t.Context(), func(tx *storage.Tx) error {
		return tx.Send(c.Recipient(), mahalla.Notice{Kind: "test"}, 0, time.Unix(0, 0), time.Time{})
	})
	if err == nil {
		t.Error("got no error for a notice")
	}
	if got := languageOf(t, db); got != mahalla.UzLatn {
		t.Errorf("got %s, want nothing written", got)
	}
}
