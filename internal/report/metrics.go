package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
)

// A Run is one run of a sending, as monitoring sees it, at its end or on the way.
type Run struct {
	Publication string    // its id
	Issue       string    // "": none was ever sent
	States      States    // of the issue's deliveries
	Ended       time.Time // zero: it goes on
	Exit        int       // the program's exit code, at the end
	Seconds     float64   // so far
	Sent        int       // letters in this run
}

// Metrics are the run's figures in the text format of Prometheus, version 0.0.4,
// as node_exporter's textfile collector reads it.
func (r Run) Metrics() []byte {
	var b strings.Builder
	publication := label("publication", r.Publication)
	gauge := func(name, help string) {
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name)
	}
	if r.Issue != "" {
		gauge("broadsheet_deliveries", "Deliveries of the latest issue by state.")
		for _, s := range newsletter.States {
			fmt.Fprintf(&b, "broadsheet_deliveries{%s,%s,%s} %d\n", publication, label("issue", r.Issue), label("state", string(s)), r.States[s])
		}
	}
	value := func(name, help string, v float64) {
		gauge(name, help)
		fmt.Fprintf(&b, "%s{%s} %s\n", name, publication, strconv.FormatFloat(v, 'f', -1, 64))
	}
	active := 1.0
	if !r.Ended.IsZero() {
		active = 0
		value("broadsheet_run_exit_code", "Exit code of the last run; 0 is done.", float64(r.Exit))
		value("broadsheet_run_end_timestamp_seconds", "When the last run ended.", float64(r.Ended.Unix()))
	}
	value("broadsheet_run_active", "1 while a run sends, and 0 when it has ended.", active)
	value("broadsheet_run_duration_seconds", "How long the last run took, or takes so far.", r.Seconds)
	value("broadsheet_run_letters", "Letters that the last run sent.", float64(r.Sent))
	return []byte(b.String())
}

func label(name, value string) string {
	return name + `="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(value) + `"`
}
