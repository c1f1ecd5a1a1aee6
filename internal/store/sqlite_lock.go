package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// schemaLock keeps two processes from changing the schema at once; SQLite has
// no lock of that kind for goose to use.
const (
	schemaLock = "schema"
	schemaWait = 10 * time.Millisecond // between two looks at the lock
)

func (f *sqliteFile) alone(ctx context.Context, _ *sql.DB, work func() error) error {
	lock := f.fileLock(schemaLock)
	if _, err := lock.TryLockContext(ctx, schemaWait); err != nil {
		return err
	}
	defer func() { _ = lock.Unlock() }()
	return work()
}

func (f *sqliteFile) lock(_ context.Context, _ *sql.DB, _, name string) (release func(), holder string, err error) {
	lock := f.fileLock(name)
	taken, err := lock.TryLock()
	if err != nil || !taken {
		return nil, holderOf(lock.Path()), err
	}
	// Who holds it is a courtesy to the reader of an error: a failure to write
	// it costs nothing, and on Windows a locked file cannot be written again.
	_ = os.WriteFile(lock.Path(), []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600)
	return sync.OnceFunc(func() {
		_ = os.Truncate(lock.Path(), 0)
		_ = lock.Unlock()
	}), "", nil
}

// fileLock is the lock of that name, not taken yet. Its file is never removed:
// a process could then hold a lock on a file that nobody else finds.
func (f *sqliteFile) fileLock(name string) *flock.Flock {
	return flock.New(f.path+"."+name+".lock", flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
}

// holderOf names the process that has written its number into a lock file.
func holderOf(path string) string {
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
