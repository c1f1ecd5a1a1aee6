package folder

import (
	"os"
	"path/filepath"
	"testing"
)

// selfWritten writes a file that holds its own identity.
func selfWritten(t *testing.T, f *Folder, name string) string {
	t.Helper()
	if err := f.WriteSelf(name, func(identity string) ([]byte, error) { return []byte(identity), nil }, 0o600); err != nil {
		t.Fatal(err)
	}
	return f.Path(name)
}

// itself tells whether a file says of itself which one it is.
func itself(t *testing.T, f *Folder, name string) bool {
	t.Helper()
	says, err := f.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	is, err := f.Identity(name)
	if err != nil {
		t.Fatal(err)
	}
	if is == "" {
		t.Skip("this file system does not tell a file from a copy")
	}
	return string(says) == is
}

func TestFileKnowsItself(t *testing.T) {
	dir := t.TempDir()
	f := Open(filepath.Join(dir, "one"))
	selfWritten(t, f, "issues/1/mark")
	if !itself(t, f, "issues/1/mark") {
		t.Error("a file does not know itself")
	}
	if err := os.Rename(filepath.Join(dir, "one"), filepath.Join(dir, "two")); err != nil {
		t.Fatal(err)
	}
	if !itself(t, Open(filepath.Join(dir, "two")), "issues/1/mark") {
		t.Error("after its folder was renamed it is another")
	}
}

// A copy is another file, whether it is made anew, or in place of a later one.
func TestCopyIsAnother(t *testing.T) {
	f := Open(t.TempDir())
	path := selfWritten(t, f, "mark")
	backup, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(f.Path("copy"), backup, 0o600); err != nil {
		t.Fatal(err)
	}
	if itself(t, f, "copy") {
		t.Error("a copy takes itself for the first")
	}
	for i := range 5 { // a file system may give the place of the first to one of these
		selfWritten(t, f, "mark")
		if err := os.WriteFile(path, backup, 0o600); err != nil {
			t.Fatal(err)
		}
		if itself(t, f, "mark") {
			t.Errorf("a backup that was put in place of file %d takes itself for the first", i+2)
		}
	}
}
