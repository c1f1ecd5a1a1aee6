//go:build linux || darwin

package cli

import "syscall"

// free is the room for this user on the disk that holds a folder, in bytes.
func free(dir string) (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return int64(min(s.Bavail*uint64(s.Bsize), 1<<62)), nil
}
