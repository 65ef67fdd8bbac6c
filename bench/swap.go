package main

import (
	"fmt"
	"reflect"
	"sync/atomic"
	"time"

	"koprik/mahalla"
)

// counters make ids that nobody has.
type counters struct{ rows, numbers, updates atomic.Int64 }

// firstOfLoop keeps the loop's rows apart from the bot's.
const firstOfLoop = firstRow + 1_000_000_000

func (c *counters) row() int64 { return firstOfLoop + c.rows.Add(1) }

// number is a case number; the numbers jump about as random ones do.
func (c *counters) number() int { return int(c.numbers.Add(1) * 79_197_773 % 100_000_000) }

func (c *counters) update() int64 { return firstTelegram - 1e8 + c.updates.Add(1) }

// swap puts somebody and something else into recorded arguments.
type swap struct {
	ids   map[int64]int64 // known numbers: people, chats, places, the case, rows
	texts map[string]string
	shift time.Duration // of moments
}

var (
	durationType = reflect.TypeFor[time.Duration]()
	numberType   = reflect.TypeFor[mahalla.Number]()
	timeType     = reflect.TypeFor[time.Time]()
	bytesType    = reflect.TypeFor[[]byte]()
)

// args are recorded arguments with everything put in.
func (s *swap) args(recorded []any, c *counters) []any {
	list := make([]any, len(recorded))
	for i, v := range recorded {
		list[i] = s.value(reflect.ValueOf(v), c)
	}
	return list
}

// value changes one argument, keeping its form.
func (s *swap) value(v reflect.Value, c *counters) any {
	if !v.IsValid() {
		return nil
	}
	switch t := v.Type(); {
	case t == bytesType, t == durationType:
		return v.Interface()
	case t == timeType:
		return v.Interface().(time.Time).Add(s.shift)
	case t == numberType:
		return c.number()
	case (t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice) && v.IsNil():
		return v.Interface()
	case t.Kind() == reflect.Pointer:
		return s.value(v.Elem(), c)
	case t.Kind() == reflect.Slice:
		return s.slice(v, c)
	case v.CanInt():
		return s.number(v.Int(), c)
	case t.Kind() == reflect.String:
		if text, ok := s.texts[v.String()]; ok {
			return text
		}
		return v.String()
	}
	return v.Interface()
}

// slice changes every element. The result has the recorded type, so that pgx
// encodes it in the same way.
func (s *swap) slice(v reflect.Value, c *counters) any {
	out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
	for i := range v.Len() {
		put(out.Index(i), s.value(v.Index(i), c))
	}
	return out.Interface()
}

func put(to reflect.Value, v any) {
	if v == nil {
		return
	}
	from := reflect.ValueOf(v)
	if to.Kind() == reflect.Pointer && from.Kind() != reflect.Pointer {
		p := reflect.New(to.Type().Elem())
		p.Elem().Set(from.Convert(to.Type().Elem()))
		to.Set(p)
		return
	}
	to.Set(from.Convert(to.Type()))
}

// number tells by its size what a number stands for: below a billion chats are
// all known and the rest are counts and ids of Telegram's messages; from there
// to firstRow people and places; above it rows, which are new unless known.
func (s *swap) number(n int64, c *counters) int64 {
	if known, ok := s.ids[n]; ok {
		return known
	}
	switch {
	case n >= firstUpdate:
		panic(fmt.Sprintf("bench: the loop does not know the update %d", n))
	case n >= firstRow:
		row := c.row()
		s.ids[n] = row
		return row
	case n >= firstTelegram && n < firstPerson:
		panic(fmt.Sprintf("bench: the loop does not know the chat %d", n))
	case n >= 4e8 && n < firstTelegram:
		return c.update()
	}
	return n
}

// widen makes one statement for many: arrays of one element become arrays of
// one element for each, everything else is taken from the first.
func widen(recorded []any, many []*swap, c *counters) []any {
	list := make([]any, len(recorded))
	for i, v := range recorded {
		value := reflect.ValueOf(v)
		if !value.IsValid() || value.Type() == bytesType || value.Kind() != reflect.Slice || value.Len() != 1 {
			list[i] = many[0].value(value, c)
			continue
		}
		out := reflect.MakeSlice(value.Type(), 0, len(many))
		for _, s := range many {
			out = reflect.AppendSlice(out, reflect.ValueOf(s.slice(value, c)))
		}
		list[i] = out.Interface()
	}
	return list
}
