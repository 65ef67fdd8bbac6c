package locales

import "fmt"

// FraudStems returns the stems of what nobody who serves ever asks a resident
// for: the data of a bank card, money, a code from a message, a password. Whose
// words have one is not an officer, or acts like none. Their categories and
// numbers are all the same.
func FraudStems() (*Stems, error) {
	table, err := files.Open("text/fraud_stems.csv")
	if err != nil {
		return nil, fmt.Errorf("locales: %w", err)
	}
	defer table.Close()
	return LoadStems(table, nil)
}
