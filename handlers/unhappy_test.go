package handlers_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestWhatTheTableOfUnhappyPathsNamesIsThere reads the second table of the plays'
// README: a play that it names is a file, and a test a function.
func TestWhatTheTableOfUnhappyPathsNamesIsThere(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("testdata/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(page), "# What goes wrong")
	if !ok {
		t.Fatal("the table is gone")
	}
	tests := testsOf(t, "..")
	plays := 0
	for _, name := range regexp.MustCompile("`([A-Za-z_]+)`").FindAllStringSubmatch(table, -1) {
		switch {
		case strings.HasPrefix(name[1], "Test"):
			if !tests[name[1]] {
				t.Errorf("there is no %s", name[1])
			}
		case name[1] != "bot" && name[1] != "mahalla" && name[1] != "scheduler":
			plays++
			if _, err := os.Stat("testdata/" + name[1] + ".txt"); err != nil {
				t.Errorf("there is no play %s", name[1])
			}
		}
	}
	if plays < 40 {
		t.Errorf("the table names %d plays", plays)
	}
}

// testsOf lists the tests below a folder.
func testsOf(t *testing.T, folder string) map[string]bool {
	t.Helper()
	tests := map[string]bool{}
	err := filepath.WalkDir(folder, func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, name := range regexp.MustCompile(`(?m)^func (Test\w+)`).FindAllSubmatch(source, -1) {
			tests[string(name[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tests
}
