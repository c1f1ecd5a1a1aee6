package stylesheet

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/vanng822/go-premailer/premailer"
)

// everything names the variable that has every page of the collections
// compared instead of a sample, and go-premailer alone beside.
const everything = "BROADSHEET_INLINE_ALL"

type inliner func(page []byte) ([]byte, error)

func alone(page []byte) ([]byte, error) {
	p, err := premailer.NewPremailerFromBytes(page, premailer.NewOptions())
	if err != nil {
		return nil, err
	}
	out, err := p.Transform()
	return []byte(out), err
}

func ours(page []byte) ([]byte, error) {
	r, err := Inline(page, Options{})
	return r.Page, err
}

// A named page is a case of a collection.
type namedPage struct {
	name string
	html []byte
}

func hardCases(t *testing.T) []namedPage {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/hard.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var pages []namedPage
	for _, f := range archive.Files {
		pages = append(pages, namedPage{f.Name, f.Data})
	}
	return pages
}

// survivors are what must come through byte for byte.
var survivors = regexp.MustCompile(`(?s)<!--.*?-->|<!\[.*?\]>|\{\{.*?\}\}|\{%.*?%\}|<%.*?%>|\*\|[\w:]+\|\*|%%\w+%%|__\w+__`)

var styles = regexp.MustCompile(`(?is)<style[^>]*>(.*?)</style>`)

// lost lists what of a page did not survive.
func lost(before, after []byte) []string {
	var missing []string
	for _, piece := range survivors.FindAll(styles.ReplaceAll(before, nil), -1) {
		if bytes.Count(after, piece) < bytes.Count(before, piece) {
			missing = append(missing, fmt.Sprintf("lost %q", piece))
		}
	}
	for _, sheet := range styles.FindAllSubmatch(before, -1) {
		for _, st := range parse(string(sheet[1])) {
			if st.at != "" && st.fault == "" && !bytes.Contains(after, []byte(st.text)) {
				missing = append(missing, fmt.Sprintf("lost %q", st.text))
			}
		}
	}
	return missing
}

// right counts the pages that an inliner leaves as they were.
func right(t *testing.T, c *comparer, pages []namedPage, inline inliner, say func(format string, args ...any)) int {
	t.Helper()
	n := 0
	for _, p := range pages {
		after, err := inline(p.html)
		if err != nil {
			say("%s: %v", p.name, err)
			continue
		}
		if found := append(lost(p.html, after), c.differences(t, p.html, after)...); len(found) > 0 {
			say("%s: %s", p.name, strings.Join(found[:min(2, len(found))], "; "))
			continue
		}
		n++
	}
	return n
}

func TestRenderingOfHardCases(t *testing.T) {
	pages := hardCases(t)
	c := newComparer(t)
	n := right(t, c, pages, ours, t.Errorf)
	t.Logf("right: %d of %d", n, len(pages))
	if os.Getenv(everything) != "" {
		t.Logf("go-premailer alone: %d", right(t, c, pages, alone, t.Logf))
	}
}

// TestRenderingOfRealPages counts the templates, and another inliner's cases,
// that are drawn after inlining as before.
func TestRenderingOfRealPages(t *testing.T) {
	for _, collection := range []struct {
		name, folder string
		least        float64 // of the pages that may not fall below it
	}{
		{"templates", templates, 0.95},
		{"cases of another inliner", "../../../shared/data/css", 0.9},
	} {
		t.Run(collection.name, func(t *testing.T) {
			pages := collected(t, collection.folder)
			inliners := map[string]inliner{"": ours, "go-premailer alone: ": alone}
			if os.Getenv(everything) == "" {
				pages = sample(pages)
				delete(inliners, "go-premailer alone: ")
			}
			c := newComparer(t)
			for name, inline := range inliners {
				n := right(t, c, pages, inline, t.Logf)
				t.Logf("%s%d of %d right", name, n, len(pages))
				if share := float64(n) / float64(len(pages)); name == "" && share < collection.least {
					t.Errorf("%.2f are right, fewer than %.2f", share, collection.least)
				}
			}
		})
	}
}

// sample is one page in eight.
func sample(pages []namedPage) []namedPage {
	var some []namedPage
	for i := 0; i < len(pages); i += 8 {
		some = append(some, pages[i])
	}
	return some
}

const templates = "../../../shared/data/email-html"

// collected are the pages of a folder, or the test is skipped.
func collected(t *testing.T, folder string) []namedPage {
	t.Helper()
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("the collection is not there: %v", err)
	}
	var pages []namedPage
	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".html" {
			return err
		}
		page, err := os.ReadFile(path)
		pages = append(pages, namedPage{strings.TrimPrefix(path, folder+"/"), page})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return pages
}
