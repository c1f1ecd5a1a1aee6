package source

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/newsletter"

	"github.com/google/go-cmp/cmp"
)

var desk = newsletter.Source{ID: "desk", Folder: "articles"}

func readFolder(t *testing.T, pub *newsletter.Publication) newsletter.Harvest {
	t.Helper()
	h, err := Read(t.Context(), nil, pub, desk, newsletter.SourceState{}, now)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func keys(h newsletter.Harvest) []string {
	var out []string
	for _, a := range h.Articles {
		out = append(out, a.Key)
	}
	return out
}

const grain = "---\ntitle: Grain leaves Odesa\nurl: https://desk.example/grain\ndate: 2026-11-19\ntopics: [ukraine]\nauthor: Jane\nlanguage: en\nhold: true\n---\n\nThe first ship left on Thursday.\n\nMore will follow.\n"

func TestReadMarkdownFile(t *testing.T) {
	pub := publication(t)
	write(t, pub.Dir, "articles/week/grain.md", grain)
	h := readFolder(t, pub)
	want := []newsletter.Article{{
		ID: digest("desk\x00week/grain.md")[:10], Source: "desk", Key: "week/grain.md", Link: "https://desk.example/grain",
		Title: "Grain leaves Odesa", Author: "Jane", Text: "The first ship left on Thursday.\n\nMore will follow.", Language: "en",
		Labels: []string{"ukraine"}, Published: time.Date(2026, 11, 19, 0, 0, 0, 0, time.UTC), FirstSeen: now,
		State: newsletter.Held, Why: "hold: true in its front matter",
	}}
	if diff := cmp.Diff(want, h.Articles); diff != "" || len(h.Problems) > 0 {
		t.Errorf("problems %+v\n%s", h.Problems, diff)
	}
}

func TestReadTextAndHTMLFiles(t *testing.T) {
	pub := publication(t)
	write(t, pub.Dir, "articles/a.txt", "Grain leaves Odesa\n\nEurope\n\nThe first ship left the harbour on Thursday, the ministry said.\n\nMore ships will follow within days, it said.\n")
	write(t, pub.Dir, "articles/b.html", `<html lang="de"><head><title>Getreide</title></head><body><article><h1>Getreide verlässt Odessa</h1>
		<p>Das erste Schiff hat den Hafen am Donnerstag verlassen, sagte das Ministerium.</p></article></body></html>`)
	h := readFolder(t, pub)
	if len(h.Articles) != 2 || len(h.Problems) != 0 {
		t.Fatalf("%+v", h)
	}
	text, page := h.Articles[0], h.Articles[1]
	if text.Title != "Grain leaves Odesa" || !strings.HasPrefix(text.Text, "The first ship") || len(text.Labels) != 1 || text.State != newsletter.New {
		t.Errorf("text: %+v", text)
	}
	if page.Title != "Getreide verlässt Odessa" && page.Title != "Getreide" || page.Language != "de" || !strings.HasPrefix(page.Text, "Das erste Schiff") {
		t.Errorf("page: %+v", page)
	}
}

func TestWhichFilesAreRead(t *testing.T) {
	pub := publication(t)
	for _, name := range []string{
		"b.md", "a.TXT", "c.html", "d.htm", "sub/sub/e.md",
		".hidden.md", ".git/f.md", ".#lock.md", "g.md~", "g.md.swp", ".g.md.swp", "#g.md#", "~$g.html", "h.docx", "i", "j.png", "k.yaml",
	} {
		write(t, pub.Dir, "articles/"+name, "Grain leaves Odesa\n\nThe first ship of the year left the port on Monday.\n")
	}
	h := readFolder(t, pub)
	if diff := cmp.Diff([]string{"a.TXT", "b.md", "c.html", "d.htm", "sub/sub/e.md"}, keys(h)); diff != "" || len(h.Problems) > 0 {
		t.Errorf("problems %+v\n%s", h.Problems, diff)
	}
}

func TestBrokenFilesCostOnlyThemselves(t *testing.T) {
	pub := publication(t)
	write(t, pub.Dir, "articles/a.md", "---\ntitle: T\ndate: someday\n---\nText.\n")
	write(t, pub.Dir, "articles/b.md", grain)
	write(t, pub.Dir, "articles/c.txt", " \n")
	write(t, pub.Dir, "articles/d.txt", "a\x00b\x00c")
	write(t, pub.Dir, "articles/e.md", strings.Repeat("word ", maxFile/5+1))
	h := readFolder(t, pub)
	if diff := cmp.Diff([]string{"b.md"}, keys(h)); diff != "" {
		t.Error(diff)
	}
	if len(h.Problems) != 4 {
		t.Fatalf("problems %+v", h.Problems)
	}
	date := h.Problems[0]
	if date.File != filepath.Join("articles", "a.md") || date.Line != 3 || date.Value != "someday" || date.Mend == "" {
		t.Errorf("date: %+v", date)
	}
	for i, words := range []string{"date", "neither a title nor a text", "binary", "larger than 5 MiB"} {
		if !strings.Contains(h.Problems[i].Message, words) {
			t.Errorf("problem %d: %+v, want %q", i, h.Problems[i], words)
		}
	}
}

func TestSymbolicLinks(t *testing.T) {
	pub, outside := publication(t), t.TempDir()
	write(t, pub.Dir, "articles/real/a.md", grain)
	write(t, outside, "secret.md", grain)
	for name, target := range map[string]string{
		"inside.md":  "real/a.md",
		"outside.md": filepath.Join(outside, "secret.md"),
		"folder":     outside,
		"again":      "real",
		"up.md":      "../../secret.md",
		"dead.md":    "none.md",
		"loop.md":    "loop.md",
		"logo.png":   "/etc/passwd",
	} {
		if err := os.Symlink(target, filepath.Join(pub.Dir, "articles", name)); err != nil {
			t.Fatal(err)
		}
	}
	h := readFolder(t, pub)
	if diff := cmp.Diff([]string{"inside.md", "real/a.md"}, keys(h)); diff != "" {
		t.Error(diff)
	}
	var files []string
	for _, p := range h.Problems {
		files = append(files, filepath.Base(p.File))
	}
	if diff := cmp.Diff([]string{"dead.md", "folder", "loop.md", "outside.md", "up.md"}, files); diff != "" {
		t.Errorf("%s\n%+v", diff, h.Problems)
	}
}

func TestFoldersThatCannotBeRead(t *testing.T) {
	pub := publication(t)
	write(t, pub.Dir, "file", "")
	for folder, want := range map[string][2]string{
		"none":      {"no such file or directory", "make the folder"},
		"file":      {"not a directory", "make the folder"},
		"../none":   {"leads out of the publication's folder", "absolute path"},
		"a/../../b": {"leads out of the publication's folder", "absolute path"},
	} {
		h, err := Read(t.Context(), nil, pub, newsletter.Source{ID: "desk", Folder: folder}, newsletter.SourceState{Failures: 1}, now)
		wantFault(t, err, want[0], want[1])
		wantFault(t, err, folder, "")
		if h.State.Failures != 2 || h.State.LastError != err.Error() {
			t.Errorf("%s: %+v", folder, h.State)
		}
	}
}

func TestAbsoluteFolder(t *testing.T) {
	pub, elsewhere := publication(t), t.TempDir()
	write(t, elsewhere, "a.md", grain)
	h, err := Read(t.Context(), nil, pub, newsletter.Source{ID: "desk", Folder: elsewhere}, newsletter.SourceState{}, now)
	if err != nil || len(h.Articles) != 1 {
		t.Errorf("%+v, %v", h, err)
	}
}
