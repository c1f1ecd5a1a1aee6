package bounce_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"broadsheet/internal/bounce"
)

const collection = "../../../shared/data/bounces"

// An opinion is what another program makes of a notice, by its prose too.
type opinion struct {
	Hard   bool
	Reason string
}

// TestRealNotices reads what servers of many makes have written. What is dead here
// must be so for others, who read the prose; but where a server itself says 5.1.1
// and means something else, nothing can be done.
func TestRealNotices(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(collection, "expected.json"))
	if err != nil {
		t.Skipf("shared data not present: no %s", collection)
	}
	var expected map[string][]opinion
	if err := json.Unmarshal(data, &expected); err != nil {
		t.Fatal(err)
	}
	failures, complaints, gone, mistaken := 0, 0, 0, 0
	for name, opinions := range expected {
		letter, err := os.ReadFile(filepath.Join(collection, name))
		if err != nil {
			t.Fatal(err)
		}
		var n bounce.Notice
		letters := 0
		for n, err = range bounce.All(bytes.NewReader(letter)) {
			letters++
		}
		if err != nil || letters != 1 {
			t.Errorf("%s: %d letters, %v", name, letters, err)
		}
		switch n.Kind {
		case bounce.Complained:
			complaints++
			if !slices.ContainsFunc(opinions, func(o opinion) bool { return o.Reason == "feedback" }) {
				t.Errorf("%s complains of nothing: %v", name, opinions)
			}
		case bounce.Failed:
			failures++
			if dead(n) > 0 {
				gone++
			}
			if hard := len(slices.DeleteFunc(opinions, func(o opinion) bool { return !o.Hard })); dead(n) > hard {
				mistaken++
				t.Logf("%s: %d dead, others say %d: %v", name, dead(n), hard, n.Recipients)
			}
		}
	}
	t.Logf("%d letters: %d of failure, %d of them for good, %d of complaint", len(expected), failures, gone, complaints)
	if failures < 150 || gone < 25 || complaints < 3 || mistaken > 3 {
		t.Errorf("%d failures, %d of them for good, %d complaints, %d mistakes", failures, gone, complaints, mistaken)
	}
}

func dead(n bounce.Notice) (dead int) {
	for _, r := range n.Recipients {
		if slices.Contains([]string{"5.1.1", "5.1.2", "5.1.10"}, r.Status) {
			dead++
		}
	}
	return dead
}
