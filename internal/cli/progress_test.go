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

func TestProgressText(t *testing.T) {
	for _, test := range []struct {
		name string
		give workflow.Progress
		want string
	}{
		{"all there is", onTheWay(1), "2026-W47: 50 %, 90 of 200 sent, 12 a second, 5s left, 40 deferred, 10 refused; slow: example.net (no answer for 41s), example.org (40 deferred)"},
		{"nothing yet", workflow.Progress{}, ": 0 %, 0 of 0 sent, 0.0 a second"},
		{"a slow rate", workflow.Progress{Rate: 0.25, SendReport: workflow.SendReport{Issue: "7", Recipients: 3, Sent: 1, Queued: 2}}, "7: 33 %, 1 of 3 sent, 0.2 a second"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := progressText(test.give); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestProgressLine stays one line of the terminal, and leaves it empty.
func TestProgressLine(t *testing.T) {
	var b bytes.Buffer
	p := progress{line: &b, width: 40}
	p.show(onTheWay(1))
	p.show(onTheWay(2))
	p.clear()
	line := "\r2026-W47: 50 %, 90 of 200 sent, 12 a se\x1b[K"
	if got, want := b.String(), line+line+"\r\x1b[K"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
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
		if !fields && lines[0] != progressText(onTheWay(10)) {
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
