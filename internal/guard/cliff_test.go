package guard

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// cliff is a collection of summaries that machines wrote, each with people's
// word on whether it is true to its source (CLIFF, as AggreFact has it).
const cliff = "../../../shared/data/faithfulness/cliff-dev.jsonl"

type labelled struct {
	ID, Origin, Text string
	Summary          []string
	ErrorType        string `json:"error_type"`
}

func (l labelled) wrong() bool { return l.ErrorType != "correct" }

// tuned tells the half of the articles on which the tolerances were chosen from
// the one that the figures are of.
func (l labelled) tuned() bool { return sha256.Sum256([]byte(l.ID))[1]%2 == 0 }

func readCliff(t testing.TB) []labelled {
	t.Helper()
	f, err := os.Open(cliff)
	if os.IsNotExist(err) {
		t.Skip("the labelled summaries are not here: " + cliff)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []labelled
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var l labelled
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// A rate counts how many of some summaries are faulted.
type rate struct{ faulted, all int }

func (r rate) share() float64 { return float64(r.faulted) / float64(max(r.all, 1)) }

func (r *rate) count(faulted bool) {
	r.all++
	if faulted {
		r.faulted++
	}
}

// rates are the errors caught and the false alarms among the rows chosen.
func rates(rows []labelled, at tolerance, chosen func(labelled) bool) (caught, alarms rate) {
	for _, l := range rows {
		if !chosen(l) {
			continue
		}
		v := check(l.Text, strings.Join(l.Summary, " "), "en", at)
		if l.wrong() {
			caught.count(!v.OK)
		} else {
			alarms.count(!v.OK)
		}
	}
	return caught, alarms
}

// The floor is a little below what was measured on the half that nothing was
// chosen on; see BENCHMARKS.md.
func TestCaughtAgainstFalseAlarms(t *testing.T) {
	rows := readCliff(t)
	for _, tuned := range []bool{true, false} {
		half := func(l labelled) bool { return l.tuned() == tuned }
		for _, at := range []tolerance{{0, 0.3}, {0.15, 0.3}, chosen, {chosen.novel, 1}, {0.5, 1}, {1, 1}} {
			caught, alarms := rates(rows, at, half)
			t.Logf("tuned %-5v %+v: caught %d of %d (%.0f %%), false alarms %d of %d (%.0f %%)", tuned, at,
				caught.faulted, caught.all, 100*caught.share(), alarms.faulted, alarms.all, 100*alarms.share())
		}
		for _, origin := range []string{"cnndm", "xsum"} {
			caught, alarms := rates(rows, chosen, func(l labelled) bool { return half(l) && l.Origin == origin })
			t.Logf("tuned %-5v %s: caught %d of %d, false alarms %d of %d", tuned, origin, caught.faulted, caught.all, alarms.faulted, alarms.all)
		}
	}
	caught, alarms := rates(rows, chosen, func(l labelled) bool { return !l.tuned() })
	if caught.share() < 0.85 || alarms.share() > 0.45 {
		t.Errorf("caught %.2f, false alarms %.2f", caught.share(), alarms.share())
	}
}

func BenchmarkCheck(b *testing.B) {
	source := strings.Repeat("Ministers of the U.S. and the E.U. met on Monday, Jan. 8, to talk about the price of bread. “It rose by 7.5 percent,” said Dr. Jane Smith.\n\n", 30)
	const summary = "U.S. and E.U. ministers met on Monday to talk about bread. Its price rose by 7.5 percent, said Jane Smith."
	b.ReportAllocs()
	b.SetBytes(int64(len(source)))
	for b.Loop() {
		if v := Check(source, summary, "en"); !v.OK {
			b.Fatal(v.Faults)
		}
	}
}
