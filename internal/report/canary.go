package report

import (
	"fmt"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
)

// A Canary is how the letters of an issue that went first fare.
type Canary struct {
	Letters int                      `json:"letters"` // suppressed ones are none
	State   CanaryState              `json:"state"`
	Until   time.Time                `json:"until,omitzero"` // while it is waited for
	StopIf  newsletter.Conditions    `json:"stop_if"`
	Counts  map[newsletter.Count]int `json:"counts"`
	Stopped string                   `json:"stopped,omitempty"` // the condition that held, with its figures
}

// CanaryState is how far a canary is.
type CanaryState string

// The states of a canary.
const (
	CanaryPlanned   CanaryState = "planned"
	CanarySending   CanaryState = "sending"
	CanaryWaiting   CanaryState = "waiting" // all of it was tried; what comes back is looked at
	CanaryPassed    CanaryState = "passed"
	CanaryStopped   CanaryState = "stopped"
	CanaryOverruled CanaryState = "overruled" // stopped, and sent to everybody all the same
)

// Is tells whether there is a canary in a state.
func (c *Canary) Is(state CanaryState) bool { return c != nil && c.State == state }

// Words say it in half a sentence, beginning with the number of letters.
func (c *Canary) Words() string {
	words := fmt.Sprintf("%d letters", c.Letters)
	if c.Letters == 1 {
		words = "1 letter"
	}
	switch c.State {
	case CanaryPlanned:
		words += fmt.Sprintf(" first; the others follow unless %s", c.StopIf)
	case CanarySending:
		words += " first; not all of them are tried yet"
	case CanaryWaiting:
		words += fmt.Sprintf(" went first and are looked at until %s; the others follow unless %s", c.Until.Format(time.DateTime), c.StopIf)
	case CanaryStopped:
		words += " went first and stopped it, " + c.Stopped
	case CanaryOverruled:
		words += " went first, " + c.Stopped + "; the others went out all the same"
	case CanaryPassed:
		words += " went first and fared well"
	}
	var counts []string
	for _, what := range newsletter.CanaryCounts {
		if n := c.Counts[what]; n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n, what))
		}
	}
	if len(counts) > 0 {
		words += " (" + strings.Join(counts, ", ") + ")"
	}
	return words
}
