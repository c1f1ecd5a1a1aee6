package report

import (
	"maps"
	"slices"
	"time"

	"broadsheet/internal/newsletter"
)

// The outcomes that a timeline shows, from the bottom of a bar to its top.
const (
	sent = iota
	uncertain
	refused
	outcomes
)

func outcomeOf(s newsletter.State) (outcome int, ok bool) {
	switch s {
	case newsletter.Sent:
		return sent, true
	case newsletter.Uncertain:
		return uncertain, true
	case newsletter.Refused:
		return refused, true
	default:
		return 0, false
	}
}

// A Timeline is what was settled when, in steps of equal length. The time in
// which nothing was is left out: a sending may sleep for days.
type Timeline struct {
	Step      int       `json:"step_seconds"`
	Stretches []Stretch `json:"stretches"`
}

// A Stretch is a time without a long pause.
type Stretch struct {
	Begin time.Time `json:"begin"`
	Bars  []Bar     `json:"steps"`
}

// A Bar is what was settled in one step.
type Bar struct {
	Sent      int `json:"sent"`
	Uncertain int `json:"uncertain"`
	Refused   int `json:"refused"`
}

func (b Bar) total() int { return b.Sent + b.Uncertain + b.Refused }

const (
	barsMost = 120 // in a timeline
	pause    = 8   // empty steps and more end a stretch
)

// newTimeline takes the shortest step that leaves a timeline short enough.
func newTimeline(seconds map[int64]*[outcomes]int) Timeline {
	when := slices.Sorted(maps.Keys(seconds))
	steps := [...]int64{1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400}
	step := steps[len(steps)-1]
	if i := slices.IndexFunc(steps[:], func(s int64) bool { return length(when, s) <= barsMost }); i >= 0 {
		step = steps[i]
	}
	t := Timeline{Step: int(step)}
	for i, at := range when {
		bin := at / step
		if i == 0 || bin-when[i-1]/step > pause {
			t.Stretches = append(t.Stretches, Stretch{Begin: time.Unix(bin*step, 0).UTC()})
		}
		last := &t.Stretches[len(t.Stretches)-1]
		if missing := int(bin-last.Begin.Unix()/step) + 1 - len(last.Bars); missing > 0 {
			last.Bars = append(last.Bars, make([]Bar, missing)...)
		}
		bar, n := &last.Bars[len(last.Bars)-1], seconds[at]
		bar.Sent += n[sent]
		bar.Uncertain += n[uncertain]
		bar.Refused += n[refused]
	}
	return t
}

// length is how many bars the seconds make, pauses counted like bars.
func length(when []int64, step int64) (bars int64) {
	for i, at := range when {
		switch {
		case i == 0:
			bars = 1
		case at/step-when[i-1]/step > pause:
			bars += pauseWidth + 1
		default:
			bars += at/step - when[i-1]/step
		}
	}
	return bars
}

// speed is how many letters were sent in a second, while any were, and at most.
func (t Timeline) speed() (mean, most float64) {
	letters, steps, top := 0, 0, 0
	for _, s := range t.Stretches {
		for _, b := range s.Bars {
			letters += b.Sent
			top = max(top, b.Sent)
			if b.Sent > 0 {
				steps++
			}
		}
	}
	if steps == 0 {
		return 0, 0
	}
	return float64(letters) / float64(steps*t.Step), float64(top) / float64(t.Step)
}
