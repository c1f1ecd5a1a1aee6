package preview

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long changes may follow one another before a rendering:
// editors write a file in several steps.
const settle = 20 * time.Millisecond

// A watch waits for changes of files and folders, whether or not they exist.
// It watches the folders they are or would be in, since editors replace files.
type watch struct {
	watcher *fsnotify.Watcher
	paths   []string // absolute
}

// watchPaths begins to watch; no change after it is missed.
func watchPaths(paths []string) (*watch, error) {
	w := &watch{}
	for _, path := range paths {
		path, err := filepath.Abs(path)
		if err != nil {
			return nil, fmt.Errorf("watch for changes: %w", err)
		}
		w.paths = append(w.paths, path)
	}
	var err error
	if w.watcher, err = fsnotify.NewWatcher(); err != nil {
		return nil, fmt.Errorf("watch for changes: %w", err)
	}
	if err := w.extend(); err != nil {
		return nil, errors.Join(err, w.watcher.Close())
	}
	return w, nil
}

// follow calls changed after every change, until ctx ends.
func (w *watch) follow(ctx context.Context, changed func()) error {
	defer w.watcher.Close()
	quiet := time.NewTimer(0)
	quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case event := <-w.watcher.Events:
			if w.concerned(event) {
				quiet.Reset(settle)
			}
		case err := <-w.watcher.Errors:
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				return fmt.Errorf("watch for changes: %w", err)
			}
			quiet.Reset(settle) // something has changed that nobody knows of
		case <-quiet.C:
			if err := w.extend(); err != nil {
				return err
			}
			changed()
		}
	}
}

// extend watches the folders that are there now.
func (w *watch) extend() error {
	for _, path := range w.paths {
		if err := w.above(path); err != nil {
			return err
		}
		if err := w.below(path); err != nil {
			return err
		}
	}
	return nil
}

// above watches the folder of path or, where it is missing, the nearest one in
// which it would begin to appear.
func (w *watch) above(path string) error {
	for watched := ""; ; {
		dir := filepath.Dir(path)
		for !isDir(dir) && dir != filepath.Dir(dir) {
			dir = filepath.Dir(dir)
		}
		if dir == watched {
			return nil // still the nearest now that it is watched
		}
		if err := w.add(dir); err != nil {
			return err
		}
		watched = dir
	}
}

// below watches path, where it is a folder, and every folder in it.
func (w *watch) below(path string) error {
	return filepath.WalkDir(path, func(dir string, _ fs.DirEntry, err error) error {
		if err == nil && isDir(dir) {
			return w.add(dir)
		}
		return nil // rendering says what is missing or cannot be read
	})
}

func (w *watch) add(dir string) error {
	err := w.watcher.Add(dir)
	if err == nil || errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return nil
	}
	return fmt.Errorf("watch %s for changes: %w", dir, err)
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// concerned tells whether a change is of a watched path, of something in it,
// or of a folder around it. What programs leave beside the files they edit
// does not count.
func (w *watch) concerned(event fsnotify.Event) bool {
	if event.Op == fsnotify.Chmod {
		return false
	}
	base := filepath.Base(event.Name)
	leftover := strings.HasPrefix(base, ".") || strings.HasSuffix(base, "~")
	for _, path := range w.paths {
		if event.Name == path || inside(path, event.Name) || inside(event.Name, path) && !leftover {
			return true
		}
	}
	return false
}

func inside(path, dir string) bool {
	return strings.HasPrefix(path, strings.TrimSuffix(dir, string(filepath.Separator))+string(filepath.Separator))
}
