package disk

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// Identity tells a file from every copy of it, on one disk: through a reboot and
// a renaming of the file or of a folder above it stays what it is. It is the
// instant at which the file was made, to the nanosecond, which no program can
// set; an inode's number is soon another file's, and on some file systems lasts
// no longer than the mount. It stands in only where none is kept. "": the file
// system has neither.
func Identity(f *os.File) (string, error) {
	var s unix.Statx_t
	if err := unix.Statx(int(f.Fd()), "", unix.AT_EMPTY_PATH, unix.STATX_BTIME|unix.STATX_INO, &s); err != nil {
		return "", &os.PathError{Op: "statx", Path: f.Name(), Err: err}
	}
	switch {
	case s.Mask&unix.STATX_BTIME != 0:
		return fmt.Sprintf("made %d.%09d", s.Btime.Sec, s.Btime.Nsec), nil
	case s.Mask&unix.STATX_INO != 0:
		return fmt.Sprintf("inode %d", s.Ino), nil
	default:
		return "", nil
	}
}
