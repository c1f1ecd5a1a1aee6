package disk_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"broadsheet/internal/disk"
)

func TestReadFile(t *testing.T) {
	in := fstest.MapFS{
		"file":   {Data: []byte("12345678")},
		"folder": {Mode: fs.ModeDir},
		"pipe":   {Mode: fs.ModeNamedPipe},
		"device": {Mode: fs.ModeDevice | fs.ModeCharDevice},
		"socket": {Mode: fs.ModeSocket},
	}
	for _, tt := range []struct {
		name  string
		limit int64
		says  string // of the error; "": none
	}{
		{"file", 8, ""},
		{"file", 7, "is too large: more than 0 KiB"},
		{"folder", 8, "read folder: is a folder, not a file"},
		{"pipe", 8, "read pipe: is a named pipe, not a file"},
		{"device", 8, "is a device, not a file"},
		{"socket", 8, "is a socket, not a file"},
		{"absent", 8, "file does not exist"},
	} {
		data, err := disk.ReadFile(in, tt.name, tt.limit)
		if tt.says == "" {
			if err != nil || string(data) != "12345678" {
				t.Errorf("%s: %q, %v", tt.name, data, err)
			}
			continue
		}
		if data != nil || err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %q, %v; want an error that says %q", tt.name, data, err, tt.says)
		}
		if is := errors.Is(err, disk.ErrTooLarge); is != (tt.name == "file") {
			t.Errorf("%s: too large is %v", tt.name, is)
		}
	}
}

// What never ends is what a link may lead to, too.
func TestReadFileThroughALink(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink(os.DevNull, filepath.Join(dir, "link")); err != nil {
		t.Skip("no links here: ", err)
	}
	if _, err := disk.ReadFile(os.DirFS(dir), "link", 8); err == nil || !strings.Contains(err.Error(), "device") {
		t.Errorf("a link to a device: %v", err)
	}
}
