package cli

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/workflow"
)

func onTheWay(seconds float64) workflow.Progress {
	return workflow.Progress{
		SendReport: workflow.SendReport{
			Issue: "2026-W47", Recipients: 200, Sent: 90, Queued: 60, Deferred: 40, Refused: 10, Seconds: seconds,
		},
		Rate: 12.3, Left: 5 * time.Second,
		Slow: []workflow.SlowDomain{{Domain: "example.net", Silent: 41 * time.Second}, {Domain: "example.org", Deferred: 40}},
	}
}

func TestProgressPhrases(t *testing.T) {
	for _, test := range []struct {
		name string
		give workflow.Progress
		want string
	}{
		{"all there is", onTheWay(1), "2026-W47: 50 %, 90 of 200 sent, 12 a second, 5 s left, 40 deferred, 10 refused; slow: example.net (no answer for 41 s), example.org (40 deferred)"},
		{"nothing yet", workflow.Progress{}, ": 0 %, 0 of 0 sent, 0.0 a second"},
		{"to late readers", workflow.Progress{Rate: 3, SendReport: workflow.SendReport{Issue: "7", Mailing: "7.1", Recipients: 2, Sent: 1, Queued: 1}}, "7.1: 50 %, 1 of 2 sent, 3.0 a second"},
		{"waiting", waiting(90), "2026-W47: 80 %, 150 of 200 sent, waiting until 14:05:10, 40 deferred, 10 refused"},
		{"interrupted", workflow.Progress{Stopping: true, SendReport: workflow.SendReport{Issue: "7", Recipients: 3, Sent: 1, Queued: 2}}, "7: stopping, Ctrl-C again ends at once; 1 of 3 sent"},
		{"a slow rate", workflow.Progress{Rate: 0.25, SendReport: workflow.SendReport{Issue: "7", Recipients: 3, Sent: 1, Queued: 2}}, "7: 33 %, 1 of 3 sent, 0.2 a second"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := strings.Join(progressPhrases(test.give), ""); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func waiting(seconds float64) workflow.Progress {
	return workflow.Progress{
		SendReport: workflow.SendReport{Issue: "2026-W47", Recipients: 200, Sent: 150, Deferred: 40, Refused: 10, Seconds: seconds},
		Resumes:    time.Date(2026, time.November, 20, 14, 5, 10, 0, time.UTC),
	}
}

// TestStatusLine stays one line of the terminal, also of one that becomes
// narrower, and leaves it empty.
func TestStatusLine(t *testing.T) {
	var b bytes.Buffer
	width := 40
	line := &statusLine{w: &b, width: func() int { return width }}
	line.clear()
	p := progress{line: line}
	p.show(onTheWay(1))
	width = 20
	p.show(onTheWay(2))
	width = 80
	p.show(onTheWay(3))
	p.clear()
	p.clear()
	want := "\r2026-W47: 50 %, 90 of 200 sent …\x1b[J" +
		"\r\x1b[1A2026-W47: 50 %, 90…\x1b[J" +
		"\r2026-W47: 50 %, 90 of 200 sent, 12 a second, 5 s left, 40 deferred …\x1b[J" +
		"\r\x1b[J"
	if got := b.String(); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestFit(t *testing.T) {
	for _, test := range []struct {
		width int
		want  string
	}{{3, "fi…"}, {5, "five…"}, {7, "fiveü …"}, {12, "fiveü, six …"}, {15, "fiveü, six, ten"}, {14, "fiveü, six …"}} {
		if got := fit([]string{"fiveü", ", six", ", ten"}, test.width); got != test.want {
			t.Errorf("%d: got %q, want %q", test.width, got, test.want)
		}
	}
}

// TestReading names who is waited for; what a source says stands above the line.
func TestReading(t *testing.T) {
	var b bytes.Buffer
	r := &reading{
		program: &program{log: slog.New(&plainHandler{w: &b})}, waiting: []string{"a", "b", "c"}, total: 3,
		line: &statusLine{w: &b, width: func() int { return 80 }},
	}
	r.draw()
	r.heard(workflow.SourceReport{Source: "b"})
	r.heard(workflow.SourceReport{Source: "a", Error: "it is gone"})
	r.heard(workflow.SourceReport{Source: "c"})
	want := "\r0 of 3 sources read; waiting for a, b, c\x1b[J" +
		"\r\x1b[J\r1 of 3 sources read; waiting for a, c\x1b[J" +
		"\r\x1b[Jwarning: a: it is gone\n\r2 of 3 sources read; waiting for c\x1b[J" +
		"\r\x1b[J"
	if got := b.String(); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestWaitingIsSaidOnce where there is no terminal: it may take hours.
func TestWaitingIsSaidOnce(t *testing.T) {
	var b bytes.Buffer
	p := progress{log: slog.New(slog.NewJSONHandler(&b, nil)), fields: true, next: logEvery}
	for seconds := 0.5; seconds < 7200; seconds += 0.5 {
		p.show(waiting(seconds))
	}
	if lines := strings.Count(b.String(), "\n"); lines != 1 || !strings.Contains(b.String(), `"resumes":"2026-11-20T14:05:10Z"`) {
		t.Errorf("%d lines:\n%s", lines, b.String())
	}
}

// TestProgressRecords come every ten seconds where there is no terminal.
func TestProgressRecords(t *testing.T) {
	for _, fields := range []bool{false, true} {
		var b bytes.Buffer
		p := progress{log: slog.New(&plainHandler{w: &b}), fields: fields, next: logEvery}
		if fields {
			p.log = slog.New(slog.NewJSONHandler(&b, nil))
		}
		for seconds := 0.5; seconds < 35; seconds += 0.5 {
			p.show(onTheWay(seconds))
		}
		p.clear()
		lines := strings.Split(strings.TrimSpace(b.String()), "\n")
		if len(lines) != 3 {
			t.Errorf("%d lines in 35 seconds, want 3:\n%s", len(lines), b.String())
		}
		if !fields && lines[0] != strings.Join(progressPhrases(onTheWay(10)), "") {
			t.Errorf("the line is %q", lines[0])
		}
		var record struct {
			Sent, Deferred int
			Slow           []workflow.SlowDomain
		}
		if err := json.Unmarshal([]byte(lines[0]), &record); fields && (err != nil || record.Sent != 90 || record.Slow[1].Deferred != 40) {
			t.Errorf("the record is %s: %v", lines[0], err)
		}
	}
}
