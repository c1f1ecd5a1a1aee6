package preview

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
)

// A desk of files: every step changes something below dir, after which the file
// must soon be seen to have the content.
func TestChangesAreNoticed(t *testing.T) {
	type step struct {
		do   func(dir string) error
		want string // content of the file; "": there is none
	}
	write := func(name, content string) func(string) error {
		return func(dir string) error { return os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600) }
	}
	mkdir := func(name string) func(string) error {
		return func(dir string) error { return os.MkdirAll(filepath.Join(dir, name), 0o700) }
	}
	rename := func(from, to string) func(string) error {
		return func(dir string) error { return os.Rename(filepath.Join(dir, from), filepath.Join(dir, to)) }
	}
	remove := func(name string) func(string) error {
		return func(dir string) error { return os.RemoveAll(filepath.Join(dir, name)) }
	}
	both := func(first, then func(string) error) func(string) error {
		return func(dir string) error {
			if err := first(dir); err != nil {
				return err
			}
			return then(dir)
		}
	}
	tests := []struct {
		name, watched, file string
		before              func(string) error
		steps               []step
	}{
		{
			"a file is written, replaced, removed and made again", "issue.md", "issue.md", write("issue.md", "1"),
			[]step{
				{write("issue.md", "2"), "2"},
				{both(write("issue.md.new", "3"), rename("issue.md.new", "issue.md")), "3"},
				{both(rename("issue.md", "issue.md~"), write("issue.md", "4")), "4"},
				{remove("issue.md"), ""},
				{write("issue.md", "5"), "5"},
			},
		},
		{
			"folders appear one by one", "templates", "templates/plain/style.css", mkdir("."),
			[]step{
				{both(mkdir("templates"), both(mkdir("templates/plain"), write("templates/plain/style.css", "1"))), "1"},
				{write("templates/plain/style.css", "2"), "2"},
				{rename("templates", "away"), ""},
				{rename("away", "templates"), "2"},
				{write("templates/plain/style.css", "3"), "3"},
				{remove("templates"), ""},
				{both(mkdir("templates/plain"), write("templates/plain/style.css", "4")), "4"},
			},
		},
		{
			"a file's folders appear and vanish", "issues/1/issue.md", "issues/1/issue.md", mkdir("."),
			[]step{
				{both(mkdir("issues/1"), write("issues/1/issue.md", "1")), "1"},
				{rename("issues/1", "issues/2"), ""},
				{rename("issues/2", "issues/1"), "1"},
				{remove("issues"), ""},
				{both(mkdir("issues/1"), write("issues/1/issue.md", "2")), "2"},
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := tt.before(dir); err != nil {
				t.Fatal(err)
			}
			w, err := watchPaths([]string{filepath.Join(dir, tt.watched)})
			if err != nil {
				t.Fatal(err)
			}
			seen := make(chan string)
			go func() {
				defer close(seen)
				err := w.follow(t.Context(), func() {
					content, _ := os.ReadFile(filepath.Join(dir, tt.file)) // empty where there is none
					select {
					case seen <- string(content):
					case <-t.Context().Done():
					}
				})
				if err != nil {
					t.Error(err)
				}
			}()
			t.Cleanup(func() {
				for range seen { // closed when the watch has ended
				}
			})
			for i, s := range tt.steps {
				if err := s.do(dir); err != nil {
					t.Fatal(err)
				}
				awaitContent(t, seen, i, s.want)
			}
		})
	}
}

func awaitContent(t *testing.T, seen <-chan string, step int, want string) {
	t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case got := <-seen:
			if got == want {
				return
			}
		case <-deadline:
			t.Fatalf("step %d: nobody noticed that the file has the content %q", step, want)
		}
	}
}

func TestConcerned(t *testing.T) {
	root := t.TempDir()
	at := func(name string) string { return filepath.Join(root, filepath.FromSlash(name)) }
	w := &watch{paths: []string{at("pub/issues/1/issue.md"), at("pub/templates"), at("pub/.hidden.yaml")}}
	tests := []struct {
		name string
		op   fsnotify.Op
		want bool
	}{
		{"pub/issues/1/issue.md", fsnotify.Write, true},
		{"pub/issues/1/issue.md", fsnotify.Chmod, false},
		{"pub/issues/1/issue.md~", fsnotify.Write, false},
		{"pub/issues/1/index.html", fsnotify.Create, false},
		{"pub/issues/1", fsnotify.Remove, true},
		{"pub/issues", fsnotify.Create, true},
		{"pub/issues/2", fsnotify.Create, false},
		{"pub/templates", fsnotify.Create, true},
		{"pub/templates/plain/page.html", fsnotify.Create, true},
		{"pub/templates/plain/.page.html.swp", fsnotify.Write, false},
		{"pub/templates/plain/page.html~", fsnotify.Write, false},
		{"pub/templates.old/page.html", fsnotify.Write, false},
		{"pub/.hidden.yaml", fsnotify.Write, true},
		{"pub/broadsheet.db-wal", fsnotify.Write, false},
	}
	for _, tt := range tests {
		if got := w.concerned(fsnotify.Event{Name: at(tt.name), Op: tt.op}); got != tt.want {
			t.Errorf("%s of %s: %v", tt.op, tt.name, got)
		}
	}
}

func TestRelativePathsAreWatched(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	w, err := watchPaths([]string{"broadsheet.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	defer w.watcher.Close()
	if err := os.WriteFile("broadsheet.yaml", []byte("name: x"), 0o600); err != nil {
		t.Fatal(err)
	}
	select {
	case event := <-w.watcher.Events:
		if !w.concerned(event) || !strings.HasSuffix(event.Name, "broadsheet.yaml") {
			t.Errorf("the change %s of a watched file does not count", event)
		}
	case <-time.After(patience):
		t.Error("nobody noticed the change")
	}
}
