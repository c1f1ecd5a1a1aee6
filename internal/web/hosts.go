package web

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Politeness towards one host. The servers of this very machine need none.
const (
	defaultPerHost = 2               // requests at once
	maxPatience    = 5 * time.Second // the longest wait that a server may ask for within one request
)

// hosts spreads requests over servers: so many at once to each, and none while
// one asks to be left alone.
type hosts struct {
	limit int // requests at once to one host; 0: the default, and any number to this machine

	mu    sync.Mutex
	known map[string]*host
}

type host struct {
	slots  chan struct{} // nil: any number
	closed time.Time     // no request before; guarded by hosts.mu
}

func newHosts(limit int) *hosts {
	return &hosts{limit: limit, known: map[string]*host{}}
}

// enter waits for a place among the requests to a URL's host. Leave gives it
// up again.
func (h *hosts) enter(ctx context.Context, u *url.URL) (leave func(), err error) {
	to := h.host(u)
	leave = func() {}
	if to.slots != nil {
		select {
		case to.slots <- struct{}{}:
			leave = func() { <-to.slots }
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	if err := h.wait(ctx, to); err != nil {
		leave()
		return nil, err
	}
	return leave, nil
}

func (h *hosts) wait(ctx context.Context, to *host) error {
	h.mu.Lock()
	wait := time.Until(to.closed)
	h.mu.Unlock()
	if wait <= 0 {
		return nil
	}
	if wait > maxPatience {
		return &busyError{wait}
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// close notes that a host asks for no request before the wait is over.
func (h *hosts) close(u *url.URL, wait time.Duration) {
	if h.limit == 0 && isThisMachine(u.Hostname()) {
		return
	}
	to := h.host(u)
	h.mu.Lock()
	defer h.mu.Unlock()
	if until := time.Now().Add(wait); until.After(to.closed) {
		to.closed = until
	}
}

func (h *hosts) host(u *url.URL) *host {
	name := net.JoinHostPort(strings.ToLower(strings.TrimSuffix(u.Hostname(), ".")), u.Port())
	h.mu.Lock()
	defer h.mu.Unlock()
	to := h.known[name]
	if to == nil {
		to = &host{slots: h.slots(u.Hostname())}
		h.known[name] = to
	}
	return to
}

func (h *hosts) slots(name string) chan struct{} {
	switch {
	case h.limit > 0:
		return make(chan struct{}, h.limit)
	case isThisMachine(name):
		return nil
	}
	return make(chan struct{}, defaultPerHost)
}

// isThisMachine tells whether a host's name or address is always this
// machine's (RFC 6761, section 6.3).
func isThisMachine(host string) bool {
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	if a, err := netip.ParseAddr(name); err == nil {
		return a.Unmap().IsLoopback()
	}
	return name == "localhost" || strings.HasSuffix(name, ".localhost")
}

// A busyError says that a server asked to be left alone for longer than one
// request can wait.
type busyError struct{ wait time.Duration }

func (e *busyError) Error() string {
	return fmt.Sprintf("the server asks to wait %s before the next request", e.wait.Round(time.Second))
}
