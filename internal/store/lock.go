package store

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/gofrs/flock"

	"broadsheet/internal/newsletter"
)

var lockName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

// Lock takes the lock of that name ([a-z][a-z0-9-]{0,31}) without waiting. It
// is the operating system's own lock on a file beside the database and ends
// with release or with the process, however that ends; no clock is involved.
// Where it is held, by another process or through another Store, the error is
// a Fault of kind Locked.
func (s *Store) Lock(ctx context.Context, name string) (release func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !lockName.MatchString(name) || name == schemaLock {
		return nil, fmt.Errorf("taking the lock %q: not a name of a lock", name)
	}
	lock := s.fileLock(name)
	switch taken, err := lock.TryLock(); {
	case err != nil:
		return nil, fmt.Errorf("taking the lock %s: %w", name, err)
	case !taken:
		return nil, newsletter.Faultf(newsletter.Locked, "wait until the other run has ended, then run again",
			"the lock %s is held by %s", name, holder(lock.Path()))
	}
	// Who holds it is a courtesy to the reader of an error: a failure to write
	// it costs nothing, and on Windows a locked file cannot be written again.
	_ = os.WriteFile(lock.Path(), []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600)
	return sync.OnceFunc(func() {
		_ = os.Truncate(lock.Path(), 0)
		_ = lock.Unlock()
	}), nil
}

// fileLock is the lock of that name, not taken yet. Its file is never removed:
// a process could then hold a lock on a file that nobody else finds.
func (s *Store) fileLock(name string) *flock.Flock {
	return flock.New(s.path+"."+name+".lock", flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
}

// holder names the process that has written its number into a lock file.
func holder(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return "another process"
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return "another process"
	}
	if pid == os.Getpid() {
		return "this process"
	}
	return fmt.Sprintf("process %d", pid)
}
