package disk

import (
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

// Identity tells a file from every copy of it, on one disk: through a reboot and
// a renaming of the file or of a folder above it stays what it is. It is NTFS's
// index of the file, which counts how often its place was given away; the time at
// which a file was made outlives its replacement.
func Identity(f *os.File) (string, error) {
	var info windows.ByHandleFileInformation
	if err := windows.GetFileInformationByHandle(windows.Handle(f.Fd()), &info); err != nil {
		return "", &os.PathError{Op: "identify", Path: f.Name(), Err: err}
	}
	return fmt.Sprintf("index %08x%08x", info.FileIndexHigh, info.FileIndexLow), nil
}
