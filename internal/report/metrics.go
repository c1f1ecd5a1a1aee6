package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
)

// A Run is one run of a sending, as monitoring sees it.
type Run struct {
	Publication string // its id
	Issue       string // "": none was ever sent
	States      States // of the issue's deliveries
	Exit        int    // the program's exit code
	Ended       time.Time
	Seconds     float64
	Sent        int // letters in this run
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
	for _, m := range [...]struct {
		name, help string
		value      float64
	}{
		{"broadsheet_run_exit_code", "Exit code of the last run; 0 is done.", float64(r.Exit)},
		{"broadsheet_run_end_timestamp_seconds", "When the last run ended.", float64(r.Ended.Unix())},
		{"broadsheet_run_duration_seconds", "How long the last run took.", r.Seconds},
		{"broadsheet_run_letters", "Letters that the last run sent.", float64(r.Sent)},
	} {
		gauge(m.name, m.help)
		fmt.Fprintf(&b, "%s{%s} %s\n", m.name, publication, strconv.FormatFloat(m.value, 'f', -1, 64))
	}
	return []byte(b.String())
}

func label(name, value string) string {
	return name + `="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(value) + `"`
}
