package folder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

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
	for _, file := range []string{"plain/page.html", "text.txt", "plain/style.css", "plain/head.css", "words/de.yaml", "words/en.yaml"} {
		builtin[file] = &fstest.MapFile{Data: []byte("built-in " + file)}
	}
	f := Open(t.TempDir())
	for name, content := range map[string]string{
		"templates/style.css":       "own, for any theme",
		"templates/head.css":        "own, for any theme",
		"templates/plain/style.css": "own, for plain",
		"templates/mine/page.html":  "mine",
		"templates/words/de.yaml":   "own words",
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
		Page:  newsletter.ThemeFile{Name: "built-in/plain/page.html", Content: "built-in plain/page.html"},
		Text:  newsletter.ThemeFile{Name: "built-in/text.txt", Content: "built-in text.txt"},
		Style: newsletter.ThemeFile{Name: "templates/plain/style.css", Content: "own, for plain"},
		Head:  newsletter.ThemeFile{Name: "templates/head.css", Content: "own, for any theme"},
		Words: []newsletter.ThemeFile{
			{Name: "built-in/words/de.yaml", Content: "built-in words/de.yaml"},
			{Name: "built-in/words/en.yaml", Content: "built-in words/en.yaml"},
			{Name: "templates/words/de.yaml", Content: "own words"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if mine, err := f.Theme("mine", builtin); err != nil || mine.Text.Name != "built-in/text.txt" {
		t.Errorf("a theme of one's own has the text %+v, error %v", mine.Text, err)
	}
	_, err = f.Theme("other", builtin)
	if fault := (*newsletter.Fault)(nil); !errors.As(err, &fault) || fault.Kind != newsletter.Misuse || !strings.Contains(err.Error(), "page.html") {
		t.Errorf("an unknown theme: %v", err)
	}
}

func TestThemes(t *testing.T) {
	builtin := fstest.MapFS{"plain/page.html": {}, "magazine/page.html": {}, "words/en.yaml": {}, "text.txt": {}}
	f := Open(t.TempDir())
	for _, name := range []string{"templates/plain/page.html", "templates/mine/page.html", "templates/words/en.yaml", "templates/style.css"} {
		if err := f.Write(name, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := f.Themes(builtin)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"magazine", "mine", "plain"}, got); diff != "" {
		t.Error(diff)
	}
}
