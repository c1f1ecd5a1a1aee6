package mailer

import (
	"context"
	"net"
	"sync"
	"time"
)

// An ending is what the end of a context does to what is under way on a line.
type ending int

const (
	nothing ending = iota // it goes on in its own time
	breaks                // the line gives up at once
	hastens               // the server's word is awaited for limits.grace
)

// A watch waits for the end of a context. It stands from one exchange to the
// next, which nearly always have the same context: to begin one costs more than
// all else that an exchange does outside of the kernel.
type watch struct {
	line  net.Conn
	grace time.Duration
	done  <-chan struct{} // the context's; nil: it never ends
	stop  func() bool     // nil: nothing is to be stopped

	mu   sync.Mutex
	then ending
}

// newWatch begins to wait for the end of ctx.
func newWatch(ctx context.Context, line net.Conn, grace time.Duration) *watch {
	w := &watch{line: line, grace: grace, done: ctx.Done()}
	if w.done != nil {
		w.stop = context.AfterFunc(ctx, w.ended)
	}
	return w
}

// ended does what the end of the context is to do now.
func (w *watch) ended() {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch w.then {
	case nothing:
	case breaks:
		_ = w.line.SetDeadline(time.Unix(1, 0))
	case hastens:
		_ = w.line.SetDeadline(time.Now().Add(w.grace))
	} // a deadline fails only on a closed line, as the next read does
}

// until sets a deadline and what the end of the context does from now on, in one
// step: an end that comes meanwhile waits for it, and then has the last word.
func (w *watch) until(deadline time.Time, then ending) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.then = then
	return w.line.SetDeadline(deadline)
}

// rest keeps the end of the context from doing anything.
func (w *watch) rest() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.then = nothing
}

// end is for a watch that is needed no more.
func (w *watch) end() {
	w.rest()
	if w.stop != nil {
		w.stop()
	}
}
