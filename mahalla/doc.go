// Package mahalla holds the rules of Koʻprik: what a case is, who answers for
// a place, what happens when nobody does, and what each person may do next.
//
// Everything here is pure. A rule is a table or a function of its arguments;
// time is a parameter. The package does no input or output, knows neither SQL
// nor Telegram, has no context and never reads the clock.
package mahalla
