package mailer

import (
	"bufio"
	"bytes"
	"context"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/internal/newsletter"
)

// A body that is stuck is broken by the end of the context, but for its last
// block, which could be the letter's end and leaves in its own time.
func TestInterruptedBody(t *testing.T) {
	for name, tc := range map[string]struct {
		size   int
		within time.Duration
	}{
		"blocks before the last": {3 * blockSize, time.Minute},
		"the last":               {blockSize / 6, 3 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d, _ := pipeDialer(script{"BODY": "stuck"})
				c := connect(t, d)
				ctx, cancel := context.WithCancel(t.Context())
				l, start := letter(), time.Now()
				l.Pieces = pieces(strings.Repeat("x\r\n", tc.size))
				time.AfterFunc(time.Minute, cancel)
				got := c.Deliver(ctx, l)
				if got.State != newsletter.Queued || got.Stage != newsletter.StageBody || !got.Broken {
					t.Errorf("got %+v", got)
				}
				if waited := time.Since(start); waited != tc.within {
					t.Errorf("gave up after %s", waited)
				}
			})
		})
	}
}

// What leaves with a letter's dot is not broken either, however much room the letter
// leaves in its last block for the next one's commands.
func TestInterruptedAtTheDot(t *testing.T) {
	d := drainDialer(t)
	cutter := &cutConn{}
	d.dial = cutter.dial(d.dial)
	for room := range 100 {
		ctx, cancel := context.WithCancel(t.Context())
		cutter.cut = cancel
		c := connect(t, d)
		l, next, text := letter(), letter(), blockSize-room-len(".\r\n")
		l.Pieces = pieces(strings.Repeat("\r\n", text/2-1), strings.Repeat("x", text%2), "\r\n")
		c.Exchange(ctx, nil, &l)
		if done, _ := c.Exchange(ctx, &l, &next); done.State != newsletter.Sent {
			t.Errorf("with %d bytes of room: %+v", room, done)
		}
	}
}

// A cutConn cuts its user short when a dot is about to leave.
type cutConn struct {
	net.Conn
	cut func()
}

func (c *cutConn) dial(dial func(context.Context, string, string) (net.Conn, error)) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (conn net.Conn, err error) {
		c.Conn, err = dial(ctx, network, address)
		return c, err
	}
}

func (c *cutConn) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte("\r\n.\r\n")) {
		c.cut()
	}
	return c.Conn.Write(p)
}

// The end of a context that no exchange has any more breaks nothing: neither
// another one's exchange nor the goodbye.
func TestContextsOfOneConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, s := pipeDialer(script{})
		c := connect(t, d)
		first, cancel := context.WithCancel(t.Context())
		if got := c.Deliver(first, letter()); got.State != newsletter.Sent {
			t.Fatalf("got %+v", got)
		}
		s.replies = script{"RCPT": "hang"}
		second, cancelSecond := context.WithCancel(t.Context())
		defer cancelSecond()
		time.AfterFunc(time.Minute, cancel)
		start := time.Now()
		if got := c.Deliver(second, letter()); got.Stage != newsletter.StageRcpt || time.Since(start) != 5*time.Minute {
			t.Errorf("got %+v after %s", got, time.Since(start))
		}
	})
}

func TestInterruptedBetweenLetters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, s := pipeDialer(script{})
		c := connect(t, d)
		ctx, cancel := context.WithCancel(t.Context())
		if got := c.Deliver(ctx, letter()); got.State != newsletter.Sent {
			t.Fatalf("got %+v", got)
		}
		cancel()
		synctest.Wait()
		if got := c.Deliver(t.Context(), letter()); got.State != newsletter.Sent {
			t.Errorf("another context's letter: %+v", got)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if !slices.Contains(s.commands, "QUIT") {
			t.Errorf("no goodbye: %q", s.commands)
		}
	})
}

// An exchange makes little besides what it keeps: the server's words.
func TestExchangeAllocates(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c := connect(t, drainDialer(t))
	letters := [2]newsletter.Letter{letter(), letter()}
	c.Exchange(ctx, nil, &letters[0])
	n := 0
	allocations := testing.AllocsPerRun(1000, func() {
		if done, opened := c.Exchange(ctx, &letters[n%2], &letters[(n+1)%2]); done.State != newsletter.Sent || !opened.Ready {
			t.Fatalf("%+v, %+v", done, opened)
		}
		n++
	})
	if allocations > 2 {
		t.Errorf("%v allocations for an exchange", allocations)
	}
}

// drainDialer leads to a server on the loopback interface that takes every
// letter, with PIPELINING, and allocates nothing.
func drainDialer(t testing.TB) *Dialer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go drain(conn)
		}
	}()
	return New(newsletter.SMTP{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, TLS: "none"}, "")
}

func drain(conn net.Conn) {
	defer conn.Close()
	r, body := bufio.NewReaderSize(conn, 64<<10), false
	replies := map[string]string{"EHLO": "250-hello\r\n250-SIZE 1000000\r\n250 PIPELINING\r\n", "DATA": "354 go on\r\n", ".\r\n": "250 2.0.0 queued\r\n"}
	out := []byte("220 ready\r\n")
	for {
		if r.Buffered() == 0 {
			if _, err := conn.Write(out); err != nil {
				return
			}
			out = out[:0]
		}
		line, err := r.ReadSlice('\n')
		if err != nil {
			return
		}
		if body && string(line) != ".\r\n" {
			continue
		}
		reply, special := replies[string(line[:min(4, len(line))])]
		if !special {
			reply = "250 2.1.0 fine\r\n"
		}
		out = append(out, reply...)
		body = string(line) == "DATA\r\n"
	}
}

// BenchmarkExchange takes letters of 28 KB in ten pieces to a server in the same
// process, which reads every line.
func BenchmarkExchange(b *testing.B) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	c, err := drainDialer(b).Connect(ctx)
	if err != nil {
		b.Fatal(err)
	}
	piece := strings.Repeat("The council met on Tuesday and decided what to do about it, as before.\r\n", 38)
	l := letter()
	l.Pieces = pieces(slices.Repeat([]string{piece}, 10)...)
	c.Exchange(ctx, nil, &l)
	b.ReportAllocs()
	b.SetBytes(int64(l.Size()))
	for b.Loop() {
		if done, opened := c.Exchange(ctx, &l, &l); done.State != newsletter.Sent || !opened.Ready {
			b.Fatalf("%+v, %+v", done, opened)
		}
	}
	if err := c.Close(); err != nil {
		b.Error(err)
	}
}
