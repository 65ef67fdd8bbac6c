package locales

import (
	"fmt"
	"regexp"
)

// Frauds recognises what nobody who serves ever asks a resident for: the data of
// a bank card, money, a code from a message, a password. Whose words ask for that
// is not an officer, or acts like none.
type Frauds struct{ stems *Stems }

// LoadFrauds reads the table inside the program; it is built as that of danger,
// its numbers and categories are of no use.
func LoadFrauds() (*Frauds, error) {
	table, err := files.Open("text/fraud_stems.csv")
	if err != nil {
		return nil, fmt.Errorf("locales: %w", err)
	}
	defer table.Close()
	stems, err := LoadStems(table, nil)
	return &Frauds{stems}, err
}

// cardNumber is the number of a bank card, in groups of four or in one.
var cardNumber = regexp.MustCompile(`\b\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}\b`)

// Asks tells whether words ask for such a thing, or name a card.
func (f *Frauds) Asks(words string) bool {
	return cardNumber.MatchString(words) || len(f.stems.Match(words)) > 0
}
