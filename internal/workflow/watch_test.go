package workflow_test

import (
	"context"
	"encoding/json"
	"errors"
	"path"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

// A long sending is seen while it lasts: the report on disk is never older than
// a minute, and the time left is that of the letters that the run may send.
func TestLongSendingIsSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := sendTo(t, &clerk{}, newsletter.Limits{}, []newsletter.SMTP{{Weight: 1, Rate: 1, Connections: 2}}, map[string]int{"a.example": 400})
		begin, minutes := time.Now(), 0
		_, err := d.Send(t.Context(), workflow.SendOptions{Limit: 200, Progress: func(p workflow.Progress) {
			passed := time.Since(begin)
			if passed > 20*time.Second && (p.Left+passed < 190*time.Second || p.Left+passed > 210*time.Second) {
				t.Errorf("%s left after %s, want 200 s together", p.Left, passed)
			}
			if minute := int((passed - time.Second) / time.Minute); minute > minutes {
				minutes = minute
				if got := reportedSent(t, d); got < p.Sent-2 || got > p.Sent {
					t.Errorf("after %s %d are sent, and the report says %d", passed, p.Sent, got)
				}
			}
		}})
		if fault := (*newsletter.Fault)(nil); !errors.As(err, &fault) || fault.Kind != newsletter.Unfinished {
			t.Errorf("the sending ends with %v", err)
		}
		if minutes != 3 {
			t.Errorf("the report was seen in %d minutes, want 3", minutes)
		}
	})
}

// reportedSent is what the report on disk says.
func reportedSent(t *testing.T, d *workflow.Desk) int {
	t.Helper()
	names, err := d.Folder.Match("issues/*/sending.json")
	if err != nil || len(names) != 1 {
		t.Fatalf("reports %q: %v", names, err)
	}
	data, err := d.Folder.Read(names[0])
	if err != nil {
		t.Fatal(err)
	}
	if page, err := d.Folder.Read(path.Dir(names[0]) + "/report.html"); err != nil || len(page) == 0 {
		t.Errorf("there is no page: %v", err)
	}
	var report struct {
		States map[newsletter.State]int `json:"states"`
	}
	if err := json.Unmarshal(data, &report); err != nil {
		t.Fatal(err)
	}
	return report.States[newsletter.Sent]
}

// hesitant is a line that defers the first letter and is slow with the next.
type hesitant struct {
	workflow.Connection
	tries *int
}

func (h hesitant) Exchange(ctx context.Context, letter, next *newsletter.Letter) (done, opened newsletter.Outcome) {
	if next == nil {
		return h.Connection.Exchange(ctx, letter, next)
	}
	if *h.tries++; *h.tries == 1 {
		return done, newsletter.Outcome{State: newsletter.Deferred, Stage: newsletter.StageRcpt, Code: 450, Reply: "later"}
	}
	time.Sleep(10 * time.Second)
	return h.Connection.Exchange(ctx, letter, next)
}

// A run that waits says until when, and one that is interrupted that it stops.
func TestWaitingAndStoppingAreSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &clerk{}
		d := sendTo(t, c, newsletter.Limits{}, servers(1), map[string]int{"a.example": 1})
		dial, tries := d.Dial, 0
		d.Dial = func(ctx context.Context, server newsletter.SMTP) (workflow.Connection, error) {
			conn, err := dial(ctx, server)
			return hesitant{conn, &tries}, err
		}
		ctx, interrupt := context.WithCancel(t.Context())
		defer interrupt()
		var heard []string
		_, err := d.Send(ctx, workflow.SendOptions{Wait: 24 * time.Hour, Progress: func(p workflow.Progress) {
			word := "at work"
			switch {
			case p.Stopping:
				word = "stopping"
			case !p.Resumes.IsZero():
				word = "waiting"
				if left := time.Until(p.Resumes); left <= 0 || left > 8*time.Minute {
					t.Errorf("it waits for %s", left)
				}
			default:
				interrupt()
			}
			if len(heard) == 0 || heard[len(heard)-1] != word {
				heard = append(heard, word)
			}
		}})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("the sending ends with %v", err)
		}
		if want := []string{"waiting", "at work", "stopping"}; !slices.Equal(heard, want) {
			t.Errorf("heard %q, want %q", heard, want)
		}
	})
}
