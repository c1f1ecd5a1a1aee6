package mailer

import (
	"context"
	"io"
	"maps"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

func TestOutcomes(t *testing.T) {
	const (
		mail, rcpt, data = newsletter.StageMail, newsletter.StageRcpt, newsletter.StageData
		body, done       = newsletter.StageBody, newsletter.StageDone
	)
	type outcome = newsletter.Outcome
	cases := []struct {
		name    string
		replies script
		want    outcome // without Reply
	}{
		{"accepted", script{}, outcome{State: "sent", Stage: done, Code: 250, Class: "2.0.0"}},
		{"accepted in many words", script{".": "250-2.6.0 one\r\n250 2.6.0 two"}, outcome{State: "sent", Stage: done, Code: 250, Class: "2.6.0"}},
		{"accepted without a word", script{".": "250"}, outcome{State: "sent", Stage: done, Code: 250}},
		{"forwarded", script{"RCPT": "251 will forward"}, outcome{State: "sent", Stage: done, Code: 250, Class: "2.0.0"}},

		{"MAIL 4xx", script{"MAIL": "451 4.3.0 later"}, outcome{State: "deferred", Stage: mail, Code: 451, Class: "4.3.0"}},
		{"MAIL 421", script{"MAIL": "421 4.4.2 idle"}, outcome{State: "queued", Stage: mail, Code: 421, Class: "4.4.2", Broken: true}},
		{"MAIL 5xx", script{"MAIL": "550 5.1.8 bad sender"}, outcome{State: "queued", Stage: mail, Code: 550, Class: "5.1.8", Halt: true}},
		{"MAIL 3xx", script{"MAIL": "354 what"}, outcome{State: "queued", Stage: mail, Code: 354, Broken: true}},
		{"MAIL garbage", script{"MAIL": "hello"}, outcome{State: "queued", Stage: mail, Broken: true}},
		{"MAIL drop", script{"MAIL": "drop"}, outcome{State: "queued", Stage: mail, Broken: true}},
		{"MAIL hang", script{"MAIL": "hang"}, outcome{State: "queued", Stage: mail, Broken: true}},

		{"RCPT 4xx", script{"RCPT": "450 4.2.1 greylisted"}, outcome{State: "deferred", Stage: rcpt, Code: 450, Class: "4.2.1"}},
		{"RCPT 421", script{"RCPT": "421 4.7.0 too fast"}, outcome{State: "deferred", Stage: rcpt, Code: 421, Class: "4.7.0", Broken: true}},
		{"RCPT 5xx", script{"RCPT": "550 5.1.1 no such user"}, outcome{State: "refused", Stage: rcpt, Code: 550, Class: "5.1.1"}},
		{"RCPT 5xx bare", script{"RCPT": "550 no such user"}, outcome{State: "refused", Stage: rcpt, Code: 550}},
		{"RCPT 5xx false class", script{"RCPT": "550 4.7.1 odd"}, outcome{State: "refused", Stage: rcpt, Code: 550}},
		{"RCPT 5xx many lines", script{"RCPT": "550-5.1.1 no\r\n550 5.1.1 user"}, outcome{State: "refused", Stage: rcpt, Code: 550, Class: "5.1.1"}},
		{"RCPT policy", script{"RCPT": "554 5.7.1 relay denied"}, outcome{State: "queued", Stage: rcpt, Code: 554, Class: "5.7.1", Halt: true}},
		{"RCPT login wanted", script{"RCPT": "530 log in"}, outcome{State: "queued", Stage: rcpt, Code: 530, Halt: true}},
		{"RCPT out of order", script{"RCPT": "503 need MAIL"}, outcome{State: "queued", Stage: rcpt, Code: 503, Halt: true}},
		{"RCPT garbage", script{"RCPT": "550-5.1.1 no\r\n250 yes"}, outcome{State: "queued", Stage: rcpt, Broken: true}},
		{"RCPT drop", script{"RCPT": "drop"}, outcome{State: "queued", Stage: rcpt, Broken: true}},
		{"RCPT hang", script{"RCPT": "hang"}, outcome{State: "queued", Stage: rcpt, Broken: true}},

		{"DATA 4xx", script{"DATA": "452 4.3.1 full"}, outcome{State: "deferred", Stage: data, Code: 452, Class: "4.3.1"}},
		{"DATA 421", script{"DATA": "421 bye"}, outcome{State: "deferred", Stage: data, Code: 421, Broken: true}},
		{"DATA 5xx", script{"DATA": "554 5.5.1 no"}, outcome{State: "queued", Stage: data, Code: 554, Class: "5.5.1", Halt: true}},
		{"DATA 250", script{"DATA": "250 done"}, outcome{State: "queued", Stage: data, Code: 250, Broken: true}},
		{"DATA drop", script{"DATA": "drop"}, outcome{State: "queued", Stage: data, Broken: true}},
		{"DATA hang", script{"DATA": "hang"}, outcome{State: "queued", Stage: data, Broken: true}},
		{"DATA and a reply unasked", script{"DATA": "354 go\r\n250 sent"}, outcome{State: "queued", Stage: body, Broken: true}},

		{"dot 4xx", script{".": "451 4.3.0 later"}, outcome{State: "deferred", Stage: done, Code: 451, Class: "4.3.0"}},
		{"dot 421", script{".": "421 4.3.2 going down"}, outcome{State: "deferred", Stage: done, Code: 421, Class: "4.3.2", Broken: true}},
		{"dot 5xx", script{".": "550 5.7.1 spam"}, outcome{State: "queued", Stage: done, Code: 550, Class: "5.7.1", Halt: true}},
		{"dot 354", script{".": "354 more"}, outcome{State: "uncertain", Stage: done, Code: 354, Broken: true}},
		{"dot garbage", script{".": "OK"}, outcome{State: "uncertain", Stage: done, Broken: true}},
		{"dot endless line", script{".": "250 " + strings.Repeat("x", 1<<16)}, outcome{State: "uncertain", Stage: done, Broken: true}},
		{"dot endless reply", script{".": strings.Repeat("250-x\r\n", 1000) + "250 x"}, outcome{State: "uncertain", Stage: done, Broken: true}},
		{"dot half a reply", script{".": "250-x\r\n250"}, outcome{State: "sent", Stage: done, Code: 250}},
		{"dot drop", script{".": "drop"}, outcome{State: "uncertain", Stage: done, Broken: true}},
		{"dot hang", script{".": "hang"}, outcome{State: "uncertain", Stage: done, Broken: true}},
		{"dot on its way", script{"END": "drop"}, outcome{State: "uncertain", Stage: done, Broken: true}},
	}
	for _, tc := range cases {
		forEachOffer(t, tc.name, func(t *testing.T, offer string) {
			synctest.Test(t, func(t *testing.T) {
				d, s := pipeDialer(tc.replies.offering(offer))
				c := connect(t, d)
				got := c.Deliver(t.Context(), letter())
				if got.Reply == "" && tc.replies["."] != "250" && got.Code != 250 {
					t.Error("no reply")
				}
				got.Reply = ""
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Fatalf("outcome (-want +got):\n%s\n%v", diff, s.commands)
				}
				next := c.Deliver(t.Context(), letter())
				if got.Broken && (next.State != newsletter.Queued || !next.Broken || next.Code != 0) {
					t.Errorf("a broken connection goes on: %+v", next)
				}
				if !got.Broken && next.State != newsletter.Sent {
					t.Errorf("the next letter has to pay: %+v", next)
				}
			})
		})
	}
}

// forEachOffer runs a test with servers that let the client hurry, and with
// those that do not.
func forEachOffer(t *testing.T, name string, run func(t *testing.T, offer string)) {
	for _, offer := range []string{"SMTPUTF8", "PIPELINING"} {
		t.Run(name+", "+offer, func(t *testing.T) { run(t, offer) })
	}
}

func (s script) offering(offer string) script {
	s = maps.Clone(s)
	s["EHLO"] = "250-hello\r\n250-SIZE 1000000\r\n250 " + offer
	return s
}

// A letter and the next one's envelope go out together; each fares by itself.
func TestExchange(t *testing.T) {
	sent := newsletter.Outcome{State: "sent", Stage: newsletter.StageDone, Code: 250, Class: "2.0.0"}
	for _, tc := range []struct {
		name    string
		replies script
		second  newsletter.Outcome // what its envelope gets
		third   newsletter.State   // what the letter after it gets; "": the line is broken
	}{
		{"all is well", script{}, newsletter.Outcome{Ready: true}, "sent"},
		{"no such user", script{"RCPT": "550 5.1.1 no"}, newsletter.Outcome{State: "refused", Stage: newsletter.StageRcpt, Code: 550, Class: "5.1.1"}, "sent"},
		{"no such user, no data", script{"RCPT": "550 5.1.1 no", "DATA": "503 5.5.1 no recipient"}, newsletter.Outcome{State: "refused", Stage: newsletter.StageRcpt, Code: 550, Class: "5.1.1"}, "sent"},
		{"later", script{"MAIL": "451 4.3.0 later"}, newsletter.Outcome{State: "deferred", Stage: newsletter.StageMail, Code: 451, Class: "4.3.0"}, "sent"},
		{"no data", script{"DATA": "452 4.3.1 full"}, newsletter.Outcome{State: "deferred", Stage: newsletter.StageData, Code: 452, Class: "4.3.1"}, "sent"},
		{"no undoing", script{"DATA": "452 4.3.1 full", "RSET": "500 what"}, newsletter.Outcome{State: "deferred", Stage: newsletter.StageData, Code: 452, Class: "4.3.1"}, ""},
		{"the line breaks", script{"RCPT": "drop"}, newsletter.Outcome{State: "queued", Stage: newsletter.StageRcpt, Broken: true}, ""},
		{"too much", script{"RCPT": "421 4.7.0 slow down"}, newsletter.Outcome{State: "deferred", Stage: newsletter.StageRcpt, Code: 421, Class: "4.7.0", Broken: true}, ""},
	} {
		forEachOffer(t, tc.name, func(t *testing.T, offer string) {
			synctest.Test(t, func(t *testing.T) {
				d, s := pipeDialer(script{}.offering(offer))
				c := connect(t, d)
				first, second, third := letter(), letter(), letter()
				if _, opened := c.Exchange(t.Context(), nil, &first); !opened.Ready {
					t.Fatalf("the first is not awaited: %+v", opened)
				}
				s.replies = maps.Clone(tc.replies)
				done, opened := c.Exchange(t.Context(), &first, &second)
				done.Reply, opened.Reply = "", ""
				if diff := cmp.Diff([]newsletter.Outcome{sent, tc.second}, []newsletter.Outcome{done, opened}); diff != "" {
					t.Fatalf("outcomes (-want +got):\n%s\n%q", diff, s.commands)
				}
				if opened.Ready {
					if done, _ = c.Exchange(t.Context(), &second, nil); done.State != newsletter.Sent {
						t.Errorf("the second: %+v", done)
					}
				}
				synctest.Wait()           // for the server to be done
				delete(s.replies, "DATA") // not asked for without PIPELINING
				got := c.Deliver(t.Context(), third)
				if tc.third == "" && !got.Broken || tc.third != "" && got.State != tc.third {
					t.Errorf("the third: %+v\n%q", got, s.commands)
				}
			})
		})
	}
}

// The first letter's line breaks: nothing is said of the second.
func TestExchangeBroken(t *testing.T) {
	for verdict, want := range map[string]newsletter.State{"drop": "uncertain", "421 4.3.2 going down": "deferred", "OK": "uncertain"} {
		forEachOffer(t, verdict, func(t *testing.T, offer string) {
			synctest.Test(t, func(t *testing.T) {
				d, s := pipeDialer(script{}.offering(offer))
				c := connect(t, d)
				first, second := letter(), letter()
				c.Exchange(t.Context(), nil, &first)
				s.replies = script{".": verdict}
				done, opened := c.Exchange(t.Context(), &first, &second)
				if done.State != want || opened.State != newsletter.Queued || opened.Code != 0 || !opened.Broken {
					t.Errorf("%+v, %+v", done, opened)
				}
			})
		})
	}
}

// With PIPELINING a letter and the next envelope are one write.
func TestOneWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _ := pipeDialer(script{}.offering("PIPELINING"))
		writes := countWrites(d)
		c := connect(t, d)
		letters := make([]newsletter.Letter, 5)
		for i := range letters {
			letters[i] = letter()
		}
		c.Exchange(t.Context(), nil, &letters[0])
		before := writes.n
		for i := range len(letters) - 1 {
			if done, opened := c.Exchange(t.Context(), &letters[i], &letters[i+1]); done.State != newsletter.Sent || !opened.Ready {
				t.Fatalf("%+v, %+v", done, opened)
			}
		}
		if got := writes.n - before; got != len(letters)-1 {
			t.Errorf("%d letters took %d writes", len(letters)-1, got)
		}
	})
}

// countWrites counts those of the dialer's next connection.
func countWrites(d *Dialer) *countedConn {
	writes, dial := &countedConn{}, d.dial
	d.dial = func(ctx context.Context, network, address string) (conn net.Conn, err error) {
		writes.Conn, err = dial(ctx, network, address)
		return writes, err
	}
	return writes
}

type countedConn struct {
	net.Conn
	n int
}

func (c *countedConn) Write(p []byte) (int, error) {
	c.n++
	return c.Conn.Write(p)
}

func TestTooLarge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, s := pipeDialer(script{"EHLO": "250-x\r\n250 SIZE 1000"})
		l := letter()
		l.Pieces = pieces(strings.Repeat("x", 1001))
		got := connect(t, d).Deliver(t.Context(), l)
		if !got.Halt || got.State != newsletter.Queued || got.Class != "5.3.4" || len(s.commands) > 1 {
			t.Errorf("got %+v after %q", got, s.commands)
		}
	})
}

// As long as the dot is not on its way the letter is the server's in no case.
func TestLineLostInBody(t *testing.T) {
	for how, within := range map[string]time.Duration{"drop": 0, "stuck": 3 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			d, _ := pipeDialer(script{"BODY": how})
			l, start := letter(), time.Now()
			l.Pieces = pieces(strings.Repeat("x\r\n", 3*blockSize))
			got := connect(t, d).Deliver(t.Context(), l)
			if got.State != newsletter.Queued || got.Stage != newsletter.StageBody || got.Code != 0 || !got.Broken {
				t.Errorf("%s: got %+v", how, got)
			}
			if waited := time.Since(start); waited != within {
				t.Errorf("%s: gave up after %s", how, waited)
			}
		})
	}
}

func TestDeadlines(t *testing.T) {
	for verb, want := range map[string]time.Duration{"MAIL": 5 * time.Minute, "RCPT": 5 * time.Minute, "DATA": 2 * time.Minute, ".": 10 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			d, _ := pipeDialer(script{verb: "hang"})
			c, start := connect(t, d), time.Now()
			c.Deliver(t.Context(), letter())
			if got := time.Since(start); got != want {
				t.Errorf("%s is awaited for %s, want %s", verb, got, want)
			}
		})
	}
}

func TestInterruption(t *testing.T) {
	for name, tc := range map[string]struct {
		verb   string // that hangs when the interruption comes
		state  newsletter.State
		within time.Duration
	}{
		"MAIL": {"MAIL", newsletter.Queued, 0},
		"RCPT": {"RCPT", newsletter.Queued, 0},
		"DATA": {"DATA", newsletter.Queued, 0},
		"dot":  {".", newsletter.Uncertain, 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d, _ := pipeDialer(script{tc.verb: "hang"})
				c := connect(t, d)
				ctx, cancel := context.WithCancel(t.Context())
				var stopped time.Time
				time.AfterFunc(time.Minute, func() { stopped = time.Now(); cancel() })
				got := c.Deliver(ctx, letter())
				if got.State != tc.state || !got.Broken || got.Code != 0 {
					t.Errorf("got %+v", got)
				}
				if waited := time.Since(stopped); waited != tc.within {
					t.Errorf("gave up after %s", waited)
				}
			})
		})
	}
}

// An interruption while the server thinks about the final dot does not lose its
// answer.
func TestInterruptedLetterIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, s := pipeDialer(script{".": "hang"})
		c := connect(t, d)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Minute, cancel)
		time.AfterFunc(time.Minute+20*time.Second, func() { _, _ = io.WriteString(s.conn, "250 2.0.0 at last\r\n") })
		if got := c.Deliver(ctx, letter()); got.State != newsletter.Sent || got.Broken {
			t.Errorf("got %+v", got)
		}
		if got := c.Deliver(ctx, letter()); got.State != newsletter.Queued || got.Broken || got.Stage != newsletter.StageConnect {
			t.Errorf("after the interruption: %+v", got)
		}
	})
}

func TestEnvelope(t *testing.T) {
	for name, tc := range map[string]struct {
		from, to string
		hello    string
		want     newsletter.Outcome
		mail     string // the command that the server sees
	}{
		"plain":          {"news@example.org", "zoe@example.org", "", newsletter.Outcome{State: "sent"}, "MAIL FROM:<news@example.org>"},
		"quoted":         {"news@example.org", `"a b"@example.org`, "", newsletter.Outcome{State: "sent"}, "MAIL FROM:<news@example.org>"},
		"not ASCII":      {"news@example.org", "zoë@example.org", "", newsletter.Outcome{State: "sent"}, "MAIL FROM:<news@example.org> BODY=8BITMIME SMTPUTF8"},
		"no SMTPUTF8":    {"news@example.org", "zoë@example.org", "250 hello", newsletter.Outcome{State: "refused", Code: 553, Class: "5.6.7"}, ""},
		"command added":  {"news@example.org", "a@example.org>\r\nRCPT TO:<b@example.org", "", newsletter.Outcome{State: "refused", Code: 553, Class: "5.1.3"}, ""},
		"option added":   {"news@example.org", "a@example.org> NOTIFY=NEVER", "", newsletter.Outcome{State: "refused", Code: 553, Class: "5.1.3"}, ""},
		"quoted option":  {"news@example.org", `"a"@b> X="@c`, "", newsletter.Outcome{State: "refused", Code: 553, Class: "5.1.3"}, ""},
		"empty":          {"news@example.org", "", "", newsletter.Outcome{State: "refused", Code: 553, Class: "5.1.3"}, ""},
		"sender's fault": {"news", "zoe@example.org", "", newsletter.Outcome{State: "queued", Code: 553, Class: "5.1.7", Halt: true}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				replies := script{}
				if tc.hello != "" {
					replies["EHLO"] = tc.hello
				}
				d, s := pipeDialer(replies)
				c := connect(t, d)
				got := c.Deliver(t.Context(), newsletter.Letter{From: tc.from, To: tc.to, Pieces: letter().Pieces})
				if got.State != tc.want.State || got.Class != tc.want.Class && tc.want.Class != "" || got.Halt != tc.want.Halt || got.Broken {
					t.Errorf("got %+v", got)
				}
				if err := c.Close(); err != nil {
					t.Error(err)
				}
				synctest.Wait()
				i := slices.IndexFunc(s.commands, func(c string) bool { return strings.HasPrefix(c, "MAIL") })
				if tc.mail == "" && i >= 0 || tc.mail != "" && (i < 0 || s.commands[i] != tc.mail) {
					t.Errorf("the server saw %q", s.commands)
				}
			})
		})
	}
}
