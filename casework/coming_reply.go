package casework

import (
	"slices"
	"strings"
	"unicode"

	"koprik/locales"
	"koprik/mahalla"
)

// ComingHeard is what a reply to an invitation says: that the person comes or does not,
// with or without more; or, in doubt, something of both or of neither.
type ComingHeard struct {
	Answer mahalla.RSVP // empty when it is not known
	Doubt  bool         // it is to be asked whether that is meant
	Rest   string       // what was said besides
}

// mostBesides is how many words may follow a bare yes or no that nothing sets apart: more
// are somebody's report that only begins with it.
const mostBesides = 3

// mostDoubted is how many words something may have that is perhaps an answer.
const mostDoubted = 6

// HearReply tells what words in reply to an invitation answer. A yes, a no or words that
// say as much may begin more; what follows must not speak against it.
func (d *Desk) HearReply(typed string) ComingHeard {
	if answer := d.saysComing(typed); answer != "" {
		return ComingHeard{Answer: answer}
	}
	if strings.Contains(typed, "?") {
		return ComingHeard{}
	}
	head, rest := untilStop(typed)
	answer := d.saysComing(head)
	apart := answer != "" && rest != ""
	if !apart {
		head, rest = firstWord(strings.Join(strings.Fields(typed), " "))
		if answer = d.saysComing(head); answer == "" {
			return ComingHeard{Doubt: d.beginsComing(typed) && fewWords(typed, mostDoubted), Rest: typed}
		}
	}
	against := d.against(answer, rest)
	switch {
	case !against && d.HearComing(rest) == answer, !against && d.bears(answer, rest):
		return ComingHeard{Answer: answer, Rest: rest}
	case !apart && (d.matters.Read(rest).Familiar() || !fewWords(rest, mostBesides) && !against):
		return ComingHeard{} // "нет света"
	case against || d.matters.Read(rest).Familiar() || !apart && d.HearComing(head) != "":
		return ComingHeard{Doubt: fewWords(typed, mostDoubted), Rest: rest}
	}
	return ComingHeard{Answer: answer, Rest: rest}
}

// saysComing is HearComing of words that answer a question: a yes or a no is enough.
func (d *Desk) saysComing(words string) mahalla.RSVP {
	if strings.Contains(words, "?") {
		return ""
	}
	answer := d.HearComing(words)
	switch {
	case answer != "":
	case d.Yes(words):
		answer = mahalla.RSVPYes
	case d.No(words):
		answer = mahalla.RSVPNo
	}
	return answer
}

// against tells whether what follows an answer says the contrary, hesitates, or names a
// time or a number.
func (d *Desk) against(answer mahalla.RSVP, rest string) bool {
	if strings.ContainsFunc(rest, unicode.IsDigit) || d.holdsWord("word.doubt", rest) {
		return true
	}
	folded := " " + locales.Fold(rest) + " "
	no := d.cutPhrases("word.not_coming", &folded)
	yes := d.cutPhrases("word.coming", &folded)
	for word := range strings.FieldsSeq(folded) {
		yes, no = yes || d.Yes(word), no || d.No(word)
	}
	return answer == mahalla.RSVPYes && no || answer == mahalla.RSVPNo && yes
}

// bears tells whether what follows an answer says it again.
func (d *Desk) bears(answer mahalla.RSVP, rest string) bool {
	folded := " " + locales.Fold(rest) + " "
	if d.cutPhrases("word.not_coming", &folded) {
		return answer == mahalla.RSVPNo
	}
	return answer == mahalla.RSVPYes && d.cutPhrases("word.coming", &folded)
}

// beginsComing tells whether more than an answer begins with words that are one.
func (d *Desk) beginsComing(typed string) bool {
	folded := locales.Fold(typed) + " "
	for _, key := range []string{"word.coming", "word.not_coming"} {
		if slices.ContainsFunc(d.phrases(key), func(p string) bool { return strings.HasPrefix(folded, p+" ") }) {
			return true
		}
	}
	return false
}

// TimeWished is the time that is asked for in words like "may it be on 29.11 at 11:00?".
func (d *Desk) TimeWished(typed string) string {
	list := strings.Fields(strings.TrimRight(typed, " ?!."))
	for len(list) > 0 && d.holdsWord("word.wish", list[0]) {
		list = list[1:]
	}
	for len(list) > 0 && d.holdsWord("word.wish", list[len(list)-1]) {
		list = list[:len(list)-1]
	}
	return strings.Join(list, " ")
}

// holdsWord tells whether one of the words under a key stands in a text.
func (d *Desk) holdsWord(key, text string) bool {
	words := locales.FoldWords(text)
	return slices.ContainsFunc(d.phrases(key), func(p string) bool { return slices.Contains(words, p) })
}

// cutPhrases takes the phrases under a key out of folded words, the longest first, and
// tells whether there were any.
func (d *Desk) cutPhrases(key string, folded *string) bool {
	list := d.phrases(key)
	slices.SortFunc(list, func(a, b string) int { return len(b) - len(a) })
	before := *folded
	for _, p := range list {
		*folded = strings.ReplaceAll(*folded, " "+p+" ", " ")
	}
	return *folded != before
}

// phrases are the folded phrases under a key, in all languages.
func (d *Desk) phrases(key string) []string {
	var list []string
	for _, lang := range mahalla.Languages() {
		text, err := d.catalogue.Text(lang, key, nil)
		if err != nil {
			continue
		}
		for phrase := range strings.SplitSeq(text, "/") {
			if folded := locales.Fold(phrase); folded != "" {
				list = append(list, folded)
			}
		}
	}
	return list
}

// untilStop cuts a text at the first sign that sets off what follows.
func untilStop(text string) (head, rest string) {
	for i, r := range text {
		before, after := text[:i], text[i+len(string(r)):]
		if strings.ContainsRune(",.;:!\n—–(", r) || r == '-' && strings.HasSuffix(before, " ") {
			return strings.TrimSpace(before), strings.TrimSpace(strings.TrimLeft(after, " .,!)-—–"))
		}
	}
	return text, ""
}

func fewWords(text string, most int) bool { return len(strings.Fields(text)) <= most }
