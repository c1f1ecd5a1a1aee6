package folder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"broadsheet/internal/newsletter"
)

func TestWriteReplacesWhole(t *testing.T) {
	f := Open(t.TempDir())
	write := map[string]func(string, []byte, fs.FileMode) error{"Write": f.Write, "WriteDurably": f.WriteDurably}
	for name, write := range write {
		for _, content := range []string{"a long first content", "short"} {
			if err := write("issues/1/"+name, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := f.Read("issues/1/" + name)
			if err != nil || string(got) != content {
				t.Fatalf("%s: read %q, %v", name, got, err)
			}
		}
		info, err := os.Stat(f.Path("issues/1/" + name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", name, info.Mode(), err)
		}
	}
	left, err := f.Match("issues/1/.*")
	if err != nil || len(left) > 0 {
		t.Errorf("files left beside: %v, %v", left, err)
	}
}

func TestFailedWriteLeavesTheFile(t *testing.T) {
	f := Open(t.TempDir())
	if err := f.Write("taken/inside", []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := f.Write("taken", []byte("y"), 0o644); err == nil {
		t.Fatal("a folder was replaced by a file")
	}
	if got, err := f.Read("taken/inside"); err != nil || string(got) != "x" {
		t.Errorf("read %q, %v", got, err)
	}
	entries, err := os.ReadDir(f.Path("."))
	if err != nil || len(entries) != 1 {
		t.Errorf("entries left: %v, %v", entries, err)
	}
}

func TestNamesStayInside(t *testing.T) {
	f := Open(filepath.Join(t.TempDir(), "publication"))
	for _, name := range []string{"../x", "/etc/x", "a/../../x", ""} {
		if err := f.Write(name, nil, 0o644); err == nil {
			t.Errorf("wrote %q", name)
		}
		if _, err := f.Read(name); err == nil {
			t.Errorf("read %q", name)
		}
		if err := f.Clear(name); err == nil {
			t.Errorf("cleared %q", name)
		}
	}
	if err := f.Clear("."); err == nil {
		t.Error("cleared the publication itself")
	}
}

func TestTheme(t *testing.T) {
	builtin := fstest.MapFS{}
	for _, file := range []string{"page.html", "text.txt", "style.css", "head.css"} {
		builtin["plain/"+file] = &fstest.MapFile{Data: []byte("built-in " + file)}
	}
	f := Open(t.TempDir())
	for name, content := range map[string]string{
		"templates/style.css":       "own, for any theme",
		"templates/head.css":        "own, for any theme",
		"templates/plain/style.css": "own, for plain",
		"templates/mine/page.html":  "mine",
	} {
		if err := f.Write(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := f.Theme("plain", builtin)
	if err != nil {
		t.Fatal(err)
	}
	want := newsletter.Theme{
		Name:  "plain",
		Page:  newsletter.ThemeFile{Name: "built-in/plain/page.html", Content: "built-in page.html"},
		Text:  newsletter.ThemeFile{Name: "built-in/plain/text.txt", Content: "built-in text.txt"},
		Style: newsletter.ThemeFile{Name: "templates/plain/style.css", Content: "own, for plain"},
		Head:  newsletter.ThemeFile{Name: "templates/head.css", Content: "own, for any theme"},
	}
	if got != want {
		t.Errorf("got %+v", got)
	}
	_, err = f.Theme("mine", builtin)
	if fault := (*newsletter.Fault)(nil); !errors.As(err, &fault) || fault.Kind != newsletter.Misuse || !strings.Contains(err.Error(), "text.txt") {
		t.Errorf("an incomplete theme: %v", err)
	}
}
