package postfix

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const id = "<2026-W47.abc@weekly.example.org>"

func TestRead(t *testing.T) {
	const (
		head  = "Nov 20 07:00:01 mx postfix/cleanup[11]: 4F1A2B: message-id=" + id + "\n"
		taken = "Nov 20 07:00:01 mx postfix/qmgr[12]: 4F1A2B: from=<news@example.org>, size=2210, nrcpt=1 (queue active)\n"
		to    = "Nov 20 07:00:02 mx postfix/smtp[13]: 4F1A2B: to=<ada@example.net>, relay=mx.example.net[192.0.2.1]:25, delay=0.4, delays=0.1/0/0.1/0.2, "
		sent  = to + "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 77XYZ1)\n"
		later = to + "dsn=4.2.0, status=deferred (host mx.example.net said: 450 4.2.0 come again)\n"
		back  = to + "dsn=5.1.1, status=bounced (host mx.example.net said: 550 5.1.1 no such user)\n"
		gone  = "Nov 20 07:00:03 mx postfix/qmgr[12]: 4F1A2B: removed\n"
	)
	tests := []struct {
		name, log string
		want      Trace
	}{
		{"nothing", "", Trace{}},
		{"another letter", strings.Replace(head, "W47", "W46", 1) + taken + sent, Trace{}},
		{"the line broke before the server had it", head, Trace{Fate: Seen, Line: 1}},
		{"taken", head + taken, Trace{Fate: Taken, Line: 2}},
		{"sent", head + taken + sent + gone, Trace{Fate: Delivered, Line: 3, DSN: "2.0.0", Reply: "250 2.0.0 Ok: queued as 77XYZ1"}},
		{"deferred", head + taken + later, Trace{Fate: Deferred, Line: 3, DSN: "4.2.0", Reply: "host mx.example.net said: 450 4.2.0 come again"}},
		{"deferred, then sent", head + taken + later + sent + gone, Trace{Fate: Delivered, Line: 4, DSN: "2.0.0", Reply: "250 2.0.0 Ok: queued as 77XYZ1"}},
		{"deferred, then bounced", head + taken + later + back + gone, Trace{Fate: Bounced, Line: 4, DSN: "5.1.1", Reply: "host mx.example.net said: 550 5.1.1 no such user"}},
		{
			"given up", head + taken + later + "Nov 24 07:00:03 mx postfix/qmgr[12]: 4F1A2B: from=<news@example.org>, status=expired, returned to sender\n",
			Trace{Fate: Bounced, Line: 4, Reply: "given up after the server's own time"},
		},
		{"the queue id was given again", head + taken + gone + sent, Trace{Fate: Taken, Line: 2}},
		{"the queue id was given again, and the log lost a line", head + taken + strings.Replace(head, "W47", "W46", 1) + sent, Trace{Fate: Taken, Line: 2}},
		{"tried twice, once in vain", head + taken + back + gone + head + taken + sent + gone, Trace{Fate: Delivered, Line: 7, DSN: "2.0.0", Reply: "250 2.0.0 Ok: queued as 77XYZ1"}},
		{
			"through a filter, then bounced",
			head + taken + strings.ReplaceAll(head+taken+back+gone, "4F1A2B", "77XYZ1") + sent + gone,
			Trace{Fate: Bounced, Line: 5, DSN: "5.1.1", Reply: "host mx.example.net said: 550 5.1.1 no such user"},
		},
		{
			"other formats of time, instance and queue id",
			"2026-11-20T07:00:01.123456+01:00 mx postfix-out/cleanup[11]: 3Rqfxk1zXYz4: message-id=" + id + "\n" +
				"2026-11-20T07:00:02.123456+01:00 mx postfix-out/lmtp[11]: 3Rqfxk1zXYz4: to=<ada@example.net>, relay=x, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (250 ok)\n",
			Trace{Fate: Delivered, Line: 2, DSN: "2.0.0", Reply: "250 ok"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			traces, err := Read(strings.NewReader(tt.log), func(s string) bool { return s == id })
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, traces[id], cmp.AllowUnexported(Trace{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadBoundsALine(t *testing.T) {
	_, err := Read(strings.NewReader("one\n"+strings.Repeat("x", maxLine+1)), func(string) bool { return true })
	if err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("an endless line: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("Nov 20 07:00:01 mx postfix/cleanup[1]: 4F1A2B: message-id=" + id + "\nNov 20 07:00:01 mx postfix/smtp[1]: 4F1A2B: to=<a@b>, dsn=2.0.0, status=sent (ok)\n")
	f.Fuzz(func(t *testing.T, log string) {
		traces, err := Read(strings.NewReader(log), func(s string) bool { return s == id })
		for got, trace := range traces {
			if got != id || trace.Fate == Unknown || trace.Line < 1 || trace.Line > 1+strings.Count(log, "\n") {
				t.Errorf("%q: %+v", got, trace)
			}
		}
		if err == nil && len(traces) > 0 && !strings.Contains(log, id) {
			t.Error("a letter out of nothing")
		}
	})
}
