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
const settle = 60 * time.Millisecond

// watch renders anew whenever something watched changes, until ctx ends.
func (s *Server) watch(ctx context.Context) error {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watch for changes: %w", err)
	}
	defer watcher.Close()
	files, err := follow(watcher, s.book.Watched())
	if err != nil {
		return err
	}
	quiet := time.NewTimer(0)
	<-quiet.C
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-watcher.Errors:
			return fmt.Errorf("watch for changes: %w", err)
		case event := <-watcher.Events:
			if event.Op != fsnotify.Chmod && files.concern(event.Name) {
				quiet.Reset(settle)
			}
		case <-quiet.C:
			s.render(ctx)
		}
	}
}

// watched is what counts: whole folders, and single files in others. Files are
// watched through their folders, since editors replace them.
type watched struct {
	folders []string
	files   map[string]bool
}

func follow(watcher *fsnotify.Watcher, paths []string) (watched, error) {
	w := watched{files: make(map[string]bool)}
	for _, path := range paths {
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return w, err
		}
		dirs := []string{filepath.Dir(path)}
		if info.IsDir() {
			w.folders = append(w.folders, path)
			if dirs, err = below(path); err != nil {
				return w, err
			}
		} else {
			w.files[path] = true
		}
		for _, dir := range dirs {
			if err := watcher.Add(dir); err != nil {
				return w, fmt.Errorf("watch %s: %w", dir, err)
			}
		}
	}
	return w, nil
}

func below(dir string) (dirs []string, err error) {
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			dirs = append(dirs, path)
		}
		return err
	})
	return dirs, err
}

// concern leaves out what programs leave beside the files they edit.
func (w watched) concern(name string) bool {
	base := filepath.Base(name)
	if strings.HasPrefix(base, ".") || strings.HasSuffix(base, "~") {
		return false
	}
	if w.files[name] {
		return true
	}
	for _, dir := range w.folders {
		if strings.HasPrefix(name, dir+string(filepath.Separator)) {
			return true
		}
	}
	return false
}
