package store

import (
	"context"
	"fmt"
	"regexp"

	"broadsheet/internal/newsletter"
)

var lockName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

// Lock takes the lock of that name ([a-z][a-z0-9-]{0,31}) without waiting.
// Where it is held, by another process or through another Store, the error is
// a Fault of kind Locked.
//
// In a file it is the operating system's own lock beside the database. At a
// server it is the server's, held by the one connection that writes: whoever
// lost the lock with the line cannot claim a delivery any more. Either ends with
// release or with the process, however that ends; no clock is involved.
func (s *Store) Lock(ctx context.Context, name string) (release func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !lockName.MatchString(name) || name == schemaLock {
		return nil, fmt.Errorf("taking the lock %q: not a name of a lock", name)
	}
	release, holder, err := s.engine.lock(ctx, s.writer, s.id, name)
	switch {
	case err != nil:
		return nil, s.explain("taking the lock "+name, err)
	case release == nil:
		return nil, newsletter.Faultf(newsletter.Locked, "wait until the other run has ended, then run again",
			"the lock %s is held by %s", name, holder)
	}
	if err := stays(ctx, s.reader); err != nil {
		release()
		return nil, s.explain("taking the lock "+name, err)
	}
	return release, nil
}
