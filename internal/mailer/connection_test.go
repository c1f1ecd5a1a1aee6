package mailer

import (
	"bytes"
	"context"
	"io"
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
		{"RSET fails", script{"DATA": "452 4.3.1 full", "RSET": "drop"}, outcome{State: "deferred", Stage: data, Code: 452, Class: "4.3.1", Broken: true}},

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
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d, s := pipeDialer(tc.replies)
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

// As long as the dot is not on its way the letter is the server's in no case.
func TestLineLostInBody(t *testing.T) {
	for how, within := range map[string]time.Duration{"drop": 0, "stuck": 3 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			d, _ := pipeDialer(script{"BODY": how})
			l, start := letter(), time.Now()
			l.Bytes = bytes.Repeat([]byte("x\r\n"), 3*blockSize)
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
				got := c.Deliver(t.Context(), newsletter.Letter{From: tc.from, To: tc.to, Bytes: letter().Bytes})
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
