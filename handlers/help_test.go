package handlers_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"koprik/locales"
	"koprik/mahalla"
)

// helpOf are the parts of the help that people of a kind read, and the sections
// of docs/commands.md that say what they can do. The play help_roles shows that
// they do read these.
var helpOf = map[string]struct{ keys, sections []string }{
	"a resident":               {everybodys, []string{"Everybody"}},
	"a side":                   {with("help.invited"), []string{"Everybody", "Whoever is invited to a meeting"}},
	"an activist":              {with("help.activist"), []string{"Everybody", "Activists and mahalla chairs"}},
	"an officer":               {with("help.officer"), []string{"Everybody", "Officers"}},
	"a supervisor":             {with("help.officer", "help.supervisor"), []string{"Everybody", "Officers", "Senior inspectors and heads"}},
	"an administrator":         {with("help.administrator"), []string{"Everybody", "Administrators"}},
	"a member of a commission": {with("help.invited", "help.commission"), []string{"Everybody", "Whoever is invited to a meeting", "Members of commissions"}},
	"a secretary": {with("help.invited", "help.commission", "help.convene"),
		[]string{"Everybody", "Whoever is invited to a meeting", "Members of commissions", "Secretaries and chairs of commissions"}},
}

// everybodys are the parts that everybody reads.
var everybodys = []string{"help.resident", "help.typed"}

func with(keys ...string) []string { return slices.Concat(everybodys, keys) }

// unhelped are commands that need no help: it is how one came there, or asked by
// the very message to which it answers.
var unhelped = []string{"/start", "/help", "/tayyor"}

// slashed is a command in a text.
var slashed = regexp.MustCompile(`/[a-z]+`)

func commandsIn(text string) []string {
	found := map[string]bool{}
	for _, command := range slashed.FindAllString(regexp.MustCompile(`</?[a-z]+>`).ReplaceAllString(text, ""), -1) {
		if !slices.Contains(unhelped, command) {
			found[command] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func TestTheHelpOfEachRoleListsWhatItCanDo(t *testing.T) {
	t.Parallel()
	catalogue, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../docs/commands.md")
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]string{}
	for part := range strings.SplitSeq(string(page), "\n## ") {
		title, rest, _ := strings.Cut(part, "\n")
		sections[title] = rest
	}
	for who, of := range helpOf {
		var documented string
		for _, title := range of.sections {
			if sections[title] == "" {
				t.Fatalf("docs/commands.md has no section %q", title)
			}
			for _, code := range regexp.MustCompile("`[^`]*`").FindAllString(sections[title], -1) {
				documented += code + "\n"
			}
		}
		for _, lang := range mahalla.Languages() {
			var help string
			for _, key := range of.keys {
				text, err := catalogue.Text(lang, key, map[string]any{"numbers": "102"})
				if err != nil {
					t.Fatal(err)
				}
				help += text + "\n"
			}
			if got, want := commandsIn(help), commandsIn(documented); !slices.Equal(got, want) {
				t.Errorf("%s in %s:\n got  %v\n want %v", who, lang, got, want)
			}
		}
	}
}
