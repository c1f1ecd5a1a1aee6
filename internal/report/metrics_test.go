package report_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/report"
)

func TestMetrics(t *testing.T) {
	run := report.Run{
		Publication: "weekly\\\"\n.example", Issue: "2026-W47", States: report.States{newsletter.Sent: 12_345_678, newsletter.Deferred: 3},
		Exit: 4, Ended: begin.Add(time.Minute), Seconds: 61.25, Sent: 12_345_000,
	}
	got := string(run.Metrics())
	if *update {
		if err := os.WriteFile("testdata/run.prom", []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/run.prom")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	line := regexp.MustCompile(`^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+\{([a-z]+="([^"\\\n]|\\[\\"n])*",?)+\} -?[0-9.]+)$`)
	for text := range strings.Lines(got) {
		if !line.MatchString(strings.TrimSuffix(text, "\n")) {
			t.Errorf("not in the format: %q", text)
		}
	}
}

// TestMetricsUnderWay do not say how it ended.
func TestMetricsUnderWay(t *testing.T) {
	got := string(report.Run{Publication: "weekly.example", Issue: "2026-W47", States: report.States{newsletter.Sent: 7}, Seconds: 60, Sent: 7}.Metrics())
	for _, line := range []string{
		`broadsheet_run_active{publication="weekly.example"} 1`,
		`broadsheet_run_letters{publication="weekly.example"} 7`,
		`broadsheet_deliveries{publication="weekly.example",issue="2026-W47",state="sent"} 7`,
	} {
		if !strings.Contains(got, line+"\n") {
			t.Errorf("no line %s", line)
		}
	}
	if strings.Contains(got, "exit_code") || strings.Contains(got, "end_timestamp") {
		t.Errorf("it has ended:\n%s", got)
	}
}

func TestMetricsBeforeAnyIssue(t *testing.T) {
	if got := string(report.Run{Publication: "weekly.example", Ended: begin}.Metrics()); strings.Contains(got, "broadsheet_deliveries") {
		t.Errorf("deliveries of no issue:\n%s", got)
	}
}
