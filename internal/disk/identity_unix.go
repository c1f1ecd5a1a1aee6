//go:build unix && !linux

package disk

import (
	"fmt"
	"os"
	"syscall"
)

// Identity tells a file from every copy of it, on one disk: through a reboot and
// a renaming of the file or of a folder above it stays what it is. It is the
// inode's number, which APFS gives to no second file; the time at which a file was
// made is copied along by some programs.
func Identity(f *os.File) (string, error) {
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return fmt.Sprintf("inode %d", s.Ino), nil
	}
	return "", nil
}
