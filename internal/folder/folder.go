// Package folder is the publication's folder on disk: the issues' files, the
// marks of frozen ones, and a theme's files. A file is written aside and then
// renamed, so that nobody ever reads half of one.
package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"broadsheet/internal/disk"
)

// A Folder reads and writes below one directory. Names are slash-separated
// and cannot leave it.
type Folder struct{ dir string }

// Open returns the folder at dir.
func Open(dir string) *Folder { return &Folder{dir: dir} }

// Path is the file-system path of name.
func (f *Folder) Path(name string) string {
	return filepath.Join(f.dir, filepath.FromSlash(name))
}

// most bounds what is read; nobody writes as much by hand.
const most = 8 << 20

// Read returns the bytes of a regular file of up to 8 MiB; fs.ErrNotExist where
// there is none.
func (f *Folder) Read(name string) ([]byte, error) {
	if !fs.ValidPath(name) {
		return nil, fmt.Errorf("read %q: not a name inside the publication", name)
	}
	return disk.ReadFile(os.DirFS(f.dir), name, most)
}

// Match returns the names that a pattern of path.Match matches, sorted.
func (f *Folder) Match(pattern string) ([]string, error) {
	return fs.Glob(os.DirFS(f.dir), pattern)
}

// Write replaces a file, or makes it and its folders. What can be made again
// needs no more; a crash may take the file back to what it was.
func (f *Folder) Write(name string, data []byte, mode fs.FileMode) error {
	return f.write(name, as(data), mode, false)
}

// WriteDurably is Write for what a crash must not take back: when it returns,
// the file is on the disk.
func (f *Folder) WriteDurably(name string, data []byte, mode fs.FileMode) error {
	return f.write(name, as(data), mode, true)
}

// WriteSelf is WriteDurably for a file that names itself: its content is told what
// Identity will say of it.
func (f *Folder) WriteSelf(name string, content func(identity string) ([]byte, error), mode fs.FileMode) error {
	return f.write(name, content, mode, true)
}

// Identity tells a file from every copy of it, see disk.Identity.
func (f *Folder) Identity(name string) (string, error) {
	if !fs.ValidPath(name) {
		return "", fmt.Errorf("identify %q: not a name inside the publication", name)
	}
	file, err := os.Open(f.Path(name))
	if err != nil {
		return "", err
	}
	defer file.Close()
	return disk.Identity(file)
}

// as is content that does not depend on the file that it comes into.
func as(data []byte) func(string) ([]byte, error) {
	return func(string) ([]byte, error) { return data, nil }
}

func (f *Folder) write(name string, content func(identity string) ([]byte, error), mode fs.FileMode, durably bool) error {
	if !fs.ValidPath(name) {
		return fmt.Errorf("write %q: not a name inside the publication", name)
	}
	path := f.Path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := replace(path, content, mode, durably); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// Clear removes a folder and all in it.
func (f *Folder) Clear(name string) error {
	if !fs.ValidPath(name) || name == "." {
		return fmt.Errorf("clear %q: not a name inside the publication", name)
	}
	return os.RemoveAll(f.Path(name))
}

func replace(path string, content func(identity string) ([]byte, error), mode fs.FileMode, durably bool) error {
	aside, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	err = errors.Join(fill(aside, content), aside.Chmod(mode))
	if durably {
		err = errors.Join(err, aside.Sync())
	}
	err = errors.Join(err, aside.Close())
	if err == nil {
		err = os.Rename(aside.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(aside.Name()))
	}
	if durably {
		return syncDir(filepath.Dir(path))
	}
	return nil
}

// fill writes the content of a file that was just made.
func fill(f *os.File, content func(identity string) ([]byte, error)) error {
	identity, err := disk.Identity(f)
	if err != nil {
		return err
	}
	data, err := content(identity)
	if err == nil {
		_, err = f.Write(data)
	}
	return err
}

// syncDir makes a rename durable.
func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
