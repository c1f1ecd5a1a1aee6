package main_test

import (
	"html"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	firstIssue = "2026-W47"
	nextIssue  = "2026-W48"
	nextFriday = "2026-11-27T07:00:00+01:00"
)

// newWeekly makes the sample publication, with a reader whose topic never has
// an article and with two readers who have left, and compiles it.
func newWeekly(t *testing.T) (*publication, *mailbox) {
	t.Helper()
	p, m := newPublication(t), newMailbox(t, nil)
	p.mailTo(m, 4)
	p.edit("broadsheet.yaml", `(?m)^topics:\n`, "topics:\n  - {id: chess, title: Chess}\n")
	p.write("subscribers/chess.csv", "email,topics\nonly.chess@example.org,chess\nchess.too@example.org,chess;culture\n")
	p.run(0, "suppress", "add", "Xenia@EXAMPLE.net")
	p.run(0, "subscribers", "remove", "jana.novak@example.org")
	p.run(0, "compile")
	return p, m
}

// expected are the readers who are to get something, by envelope address.
func expected(p *publication, e edition) map[string]*reader {
	readers := make(map[string]*reader)
	for identity, r := range p.subscribers() {
		left := identity == "xenia@example.net" || identity == "jana.novak@example.org"
		if !left && len(e.headlines(r)) > 0 {
			readers[r.to] = r
		}
	}
	return readers
}

// TestSample follows the sample publication from its files to every mailbox.
func TestSample(t *testing.T) {
	t.Parallel()
	p, m := newWeekly(t)
	issue := p.edition(firstIssue)
	want := expected(p, issue)
	s := p.send(0)
	if s.Sent != len(want) || s.Recipients != len(want)+2 || s.Suppressed != 2 || s.SkippedEmpty != 1 || s.Exit != 0 {
		t.Errorf("%d readers are to get mail; the report says %+v", len(want), s)
	}
	once := make(map[string]int)
	for to := range want {
		once[to] = 1
	}
	if diff := cmp.Diff(once, m.counts()); diff != "" {
		t.Fatalf("letters by reader (-want +got):\n%s", diff)
	}
	ids := make(map[string]string)
	for _, l := range m.kept() {
		r, got := want[l.to], parse(t, l)
		checkHeaders(t, l, r, got, issue.headlines(r)[0])
		checkItems(t, l.to, got, issue.headlines(r))
		checkProofs(t, p, r, got)
		id, err := got.header.MessageID()
		if err != nil || ids[id] != "" {
			t.Errorf("letters to %s and %s are both %q; %v", l.to, ids[id], id, err)
		}
		ids[id] = l.to
	}
}

func checkItems(t *testing.T, to string, got parsed, want []string) {
	t.Helper()
	if diff := cmp.Diff(want, textHeadlines(got.text)); diff != "" {
		t.Errorf("headlines in the text for %s (-want +got):\n%s", to, diff)
	}
	if diff := cmp.Diff(want, htmlHeadlines(t, got.html)); diff != "" {
		t.Errorf("headlines in the HTML for %s (-want +got):\n%s", to, diff)
	}
}

func checkHeaders(t *testing.T, l letter, r *reader, got parsed, lead string) {
	t.Helper()
	address := func(name string) mail.Address {
		list, err := got.header.AddressList(name)
		if err != nil || len(list) != 1 {
			t.Fatalf("letter to %s: %s is %v, %v", l.to, name, list, err)
		}
		return *list[0]
	}
	if l.from != "news@example.org" || address("From") != (mail.Address{Name: "The Weekly", Address: "news@example.org"}) {
		t.Errorf("letter to %s is from %s, %v", l.to, l.from, address("From"))
	}
	if to := address("To"); to != (mail.Address{Name: r.name, Address: r.to}) {
		t.Errorf("letter to %s (%s) says To: %v", r.to, r.name, to)
	}
	if to := address("Reply-To"); to.Address != "desk@example.org" {
		t.Errorf("letter to %s says Reply-To: %v", l.to, to)
	}
	if subject, err := got.header.Subject(); err != nil || subject != lead {
		t.Errorf("letter to %s: subject %q, want %q; %v", l.to, subject, lead, err)
	}
	at, err := time.Parse(time.RFC3339, friday)
	if date, failed := got.header.Date(); err != nil || failed != nil || !date.Equal(at) {
		t.Errorf("letter to %s is of %v; %v", l.to, date, failed)
	}
	if list := got.header.Get("List-Id"); list != `"The Weekly Broadsheet" <weekly.example.org>` {
		t.Errorf("letter to %s: List-Id is %s", l.to, list)
	}
	if post := got.header.Get("List-Unsubscribe-Post"); post != "" {
		t.Errorf("letter to %s promises one click: %s", l.to, post)
	}
	if out := got.header.Get("List-Unsubscribe"); !strings.HasPrefix(out, "<mailto:unsubscribe@example.org?subject=") ||
		!strings.HasSuffix(out, ">") || strings.Contains(out, ",") {
		t.Errorf("letter to %s: List-Unsubscribe is %s", l.to, out)
	}
}

// checkProofs compares both parts with the files that compile wrote: only the
// way out may be another.
func checkProofs(t *testing.T, p *publication, r *reader, got parsed) {
	t.Helper()
	out := strings.Trim(got.header.Get("List-Unsubscribe"), "<> ")
	const proof = "mailto:unsubscribe@example.org"
	name := "issues/" + firstIssue + "/segments/" + r.segment()
	text := strings.ReplaceAll(got.text, out, proof)
	page := strings.ReplaceAll(got.html, html.EscapeString(out), proof)
	if text == got.text || page == got.html {
		t.Errorf("the letter to %s lacks its way out, %s", r.to, out)
	}
	if diff := cmp.Diff(p.read(name+".txt"), text); diff != "" {
		t.Errorf("%s.txt and the text for %s:\n%s", name, r.to, diff)
	}
	if diff := cmp.Diff(p.read(name+".html"), page); diff != "" {
		t.Errorf("%s.html and the HTML for %s:\n%s", name, r.to, diff)
	}
}

// TestNextWeek: nobody gets anything twice, neither an issue nor an article.
func TestNextWeek(t *testing.T) {
	t.Parallel()
	p, m := newWeekly(t)
	before := p.edition(firstIssue).titles()
	p.send(0)
	m.forget()
	p.send(3)
	p.send(3, "--issue", firstIssue)
	if n := len(m.kept()); n > 0 {
		t.Fatalf("a second send brought %d letters", n)
	}

	p.now = nextFriday
	p.write("articles/bridge.md", "---\ntitle: A bridge for everyone\ntopics: [europe, ukraine, climate, science, culture]\n"+
		"date: 2026-11-26\n---\n\nThe bridge across the river was opened on Thursday. Three countries had built it.\n")
	p.run(0, "compile")
	issue := p.edition(nextIssue)
	now := issue.titles()
	if slices.ContainsFunc(now, func(title string) bool { return slices.Contains(before, title) }) ||
		!slices.Contains(now, "A bridge for everyone") {
		t.Errorf("last week's items were %q, this week's are %q", before, now)
	}
	p.send(0)
	want := expected(p, issue)
	if len(m.kept()) != len(want) {
		t.Errorf("%d letters for %d readers", len(m.kept()), len(want))
	}
	for _, l := range m.kept() {
		if want[l.to] == nil {
			t.Fatalf("a letter to %s, who is to get none", l.to)
		}
		checkItems(t, l.to, parse(t, l), issue.headlines(want[l.to]))
	}
}

// TestSameBytes: the same inputs at the same time give the same files and, with
// the same secret, the same letters.
func TestSameBytes(t *testing.T) {
	t.Parallel()
	const secret = ".broadsheet-secret"
	one, onesMail := newWeekly(t)
	two, twosMail := newWeekly(t)
	if diff := cmp.Diff(files(t, one.path("issues")), files(t, two.path("issues"))); diff != "" {
		t.Errorf("two compiles differ:\n%s", diff)
	}
	one.send(0)
	two.write(secret, one.read(secret))
	two.send(0)
	if diff := cmp.Diff(byReader(onesMail), byReader(twosMail)); diff != "" {
		t.Errorf("two sends differ:\n%s", diff)
	}
}

func byReader(m *mailbox) map[string]string {
	letters := make(map[string]string)
	for _, l := range m.kept() {
		letters[l.to] = string(l.raw)
	}
	return letters
}

// files are the contents of all files below a folder.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	contents := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		contents[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return contents
}

// TestGoldenSample keeps the issue of the sample publication under testdata,
// where every change of it is seen.
func TestGoldenSample(t *testing.T) {
	t.Parallel()
	p := newPublication(t)
	p.run(0, "compile")
	for _, name := range []string{"issue.md", "index.html", "index.txt"} {
		got, golden := p.read("issues/"+firstIssue+"/"+name), filepath.Join("testdata", "sample", name)
		if *update {
			if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got); make golden rewrites it:\n%s", name, diff)
		}
	}
}
