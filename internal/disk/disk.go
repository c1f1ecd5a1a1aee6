// Package disk reads files that people and other programs leave in a folder:
// regular ones, up to a size. A pipe or a device under a file's name would
// block for ever or never end.
package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// ErrTooLarge says that a file is larger than the reader takes.
var ErrTooLarge = errors.New("is too large")

// Open opens a regular file; anything else is a *fs.PathError that says what it
// is.
func Open(in fs.FS, name string) (fs.File, error) {
	info, err := fs.Stat(in, name)
	if err != nil {
		return nil, err
	}
	if kind := kind(info.Mode()); kind != "" {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("is " + kind + ", not a file")}
	}
	return in.Open(name)
}

// ReadFile reads a regular file. One of more than limit bytes is an error with
// ErrTooLarge in its chain, after no more than limit bytes.
func ReadFile(in fs.FS, name string, limit int64) ([]byte, error) {
	f, err := Open(in, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("%w: more than %s", ErrTooLarge, size(limit))}
	}
	return data, nil
}

// kind says in words what a regular file is not.
func kind(mode fs.FileMode) string {
	switch mode.Type() {
	case 0:
		return ""
	case fs.ModeDir:
		return "a folder"
	case fs.ModeNamedPipe:
		return "a named pipe"
	case fs.ModeSocket:
		return "a socket"
	default:
		return "a device"
	}
}

func size(bytes int64) string {
	if bytes >= 1<<20 {
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%d KiB", bytes>>10)
}
