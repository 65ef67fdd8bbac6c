package mahalla

import (
	"slices"
	"strconv"
)

// Template names a ready closing sentence: the outcome, the group of categories
// and a number. It is kept in the place of words, and each reads it in the own
// language.
type Template string

// TemplatesEach is how many sentences there are for an outcome.
const TemplatesEach = 3

// anyGroup are the sentences that fit every category.
const anyGroup = "any"

// templated lists the groups of categories that have sentences of their own for
// an outcome; all others have the common ones.
var templated = map[Closing][]string{
	Solved: {"order", "family", "minors", "crime", "dispute", "social", "danger"},
	Warned: {"order", "family"},
}

// TemplateAgreed is what is said of a case whose sides came to an agreement in a
// commission; ByAgreement names it on a button.
const (
	TemplateAgreed Template = "solved.agreed.1"
	ByAgreement    string   = "agreed"
)

// TemplateOf is the sentence of a number, from 1, for an outcome of a category.
// What is secret has only common sentences, which say nothing of what it was.
func TemplateOf(with Closing, of Category, n int) (Template, bool) {
	if !known(with) || n < 1 || n > TemplatesEach {
		return "", false
	}
	group := of.Group
	if of.Secrecy == Secret || !slices.Contains(templated[with], group) {
		group = anyGroup
	}
	return Template(string(with) + "." + group + "." + strconv.Itoa(n)), true
}

// Templates lists every sentence that there is.
func Templates() []Template {
	list := []Template{TemplateAgreed}
	for _, with := range Closings() {
		for _, group := range append([]string{anyGroup}, templated[with]...) {
			for n := 1; n <= TemplatesEach; n++ {
				list = append(list, Template(string(with)+"."+group+"."+strconv.Itoa(n)))
			}
		}
	}
	return list
}

// WantsEvidence tells whether a case of a category that ends so is to be shown
// in a picture.
func (c Category) WantsEvidence(with Closing) bool { return c.Evidence && with == Solved }

// Shows tells whether some media show anything.
func Shows(list []Media) bool {
	return slices.ContainsFunc(list, func(m Media) bool { return m.Kind == Photo || m.Kind == Video || m.Kind == Image })
}
