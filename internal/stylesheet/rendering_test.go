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

func realPages(t *testing.T) []namedPage {
	t.Helper()
	const folder = "../../../shared/data/email-html"
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("the collection of e-mail templates is not there: %v", err)
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
