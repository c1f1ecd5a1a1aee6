package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"

	"broadsheet/internal/newsletter"
)

// TestInterrupted is said in plain words, with what else befell the run.
func TestInterrupted(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	alone := fmt.Errorf("read the answer: %w", ctx.Err())
	for _, test := range []struct {
		name string
		err  error
		want string
	}{
		{"alone", alone, "broadsheet: interrupted; nothing is lost\n"},
		{
			"with bounces", errors.Join(alone, newsletter.Faultf(newsletter.Undecided, "look at them", "too many bounces")),
			"broadsheet: interrupted; nothing is lost\ntoo many bounces\n  look at them\n",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var b bytes.Buffer
			p := &program{streams: Streams{Err: &b}}
			if code := p.fail(ctx, test.err); code != exitInterrupted || b.String() != test.want {
				t.Errorf("exit %d: %q, want %q", code, b.String(), test.want)
			}
		})
	}
}
