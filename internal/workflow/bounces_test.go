package workflow

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

func deliveryTo(address string) newsletter.Delivery {
	return newsletter.Delivery{Address: newsletter.Address{Spelled: address, Identity: address, Wire: address}}
}

func TestOnlyMissingMailboxesAreSuppressed(t *testing.T) {
	for class, want := range map[string]bool{
		"5.1.1": true, "5.1.2": true, "5.1.10": true,
		"5.1.0": false, "5.1.3": false, "5.2.1": false, "5.2.2": false, "5.4.1": false, "5.5.0": false, "5.1.11": false, "": false,
	} {
		if got := dead(newsletter.Outcome{State: newsletter.Refused, Code: 550, Class: class}); got != want {
			t.Errorf("%q: %v", class, got)
		}
	}
	if dead(newsletter.Outcome{State: newsletter.Queued, Halt: true, Code: 550, Class: "5.1.1"}) {
		t.Error("a refusal of the sender counts against the reader")
	}
}

func TestBouncesAreDoubtedWhereTheyAreMany(t *testing.T) {
	tests := []struct {
		name       string
		dead, sent int
		believed   int
	}{
		{"few of few", 9, 0, 9},
		{"ten of two hundred are five per cent", 10, 190, 10},
		{"ten of 199 are more", 10, 189, 0},
		{"all", 10, 0, 0},
		{"many of very many", 500, 9500, 500},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b bounces
			for i := range tt.dead {
				b.note(deliveryTo(fmt.Sprintf("gone%d@example.org", i)), newsletter.Outcome{State: newsletter.Refused, Class: "5.1.1"}, now)
			}
			for i := range tt.sent {
				b.note(deliveryTo(fmt.Sprintf("ok%d@example.org", i)), newsletter.Outcome{State: newsletter.Sent}, now)
			}
			b.note(deliveryTo("one@example.net"), newsletter.Outcome{State: newsletter.Refused, Class: "5.1.1"}, now)
			list, doubted := b.believed()
			if len(list) != tt.believed+1 {
				t.Errorf("%d suppressed, want %d", len(list), tt.believed+1)
			}
			want := map[string]int(nil)
			if tt.believed == 0 {
				want = map[string]int{"example.org": tt.dead}
			}
			if diff := cmp.Diff(want, doubted); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCircuit(t *testing.T) {
	sent := newsletter.Outcome{State: newsletter.Sent}
	tests := []struct {
		name    string
		outcome newsletter.Outcome
		opens   bool
		kind    newsletter.Kind
	}{
		{"addresses refused", newsletter.Outcome{State: newsletter.Refused, Stage: newsletter.StageRcpt, Code: 550}, true, newsletter.Failure},
		{"letters deferred", newsletter.Outcome{State: newsletter.Deferred, Stage: newsletter.StageDone, Code: 452}, true, newsletter.Unavailable},
		{"addresses deferred", newsletter.Outcome{State: newsletter.Deferred, Stage: newsletter.StageRcpt, Code: 450}, false, 0},
		{"letters greylisted", newsletter.Outcome{State: newsletter.Deferred, Stage: newsletter.StageDone, Code: 451, Reply: "4.7.1 Greylisted, come again"}, false, 0},
		{"letters sent", sent, false, 0},
		{"ready for the body", newsletter.Outcome{Ready: true}, false, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var c circuit
			for range maxFailures - 1 {
				if err := c.note(tt.outcome); err != nil {
					t.Fatal(err)
				}
			}
			if err := c.note(sent); err != nil {
				t.Fatal(err)
			}
			for range maxFailures - 1 {
				if err := c.note(tt.outcome); err != nil {
					t.Fatal("one accepted letter does not reset it:", err)
				}
			}
			err := c.note(tt.outcome)
			fault := (*newsletter.Fault)(nil)
			if errors.As(err, &fault) != tt.opens || tt.opens && fault.Kind != tt.kind {
				t.Errorf("after %d in a row: %v", maxFailures, err)
			}
			if c.broken.Load() != tt.opens {
				t.Error("the report would not say so")
			}
		})
	}
}

func TestCircuitCountsLines(t *testing.T) {
	var c circuit
	for range maxLosses {
		if err := errors.Join(c.note(newsletter.Outcome{State: newsletter.Queued, Broken: true}), c.lost()); err != nil {
			t.Fatal(err)
		}
	}
	_ = c.note(newsletter.Outcome{State: newsletter.Queued, Broken: true})
	if c.lost() == nil {
		t.Error("lines may break for ever")
	}
}
