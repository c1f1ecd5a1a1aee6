package newsletter

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Canary is the part of a mailing that goes first: what comes of it decides
// whether everybody else gets theirs.
type Canary struct {
	Size   int           `json:"size"`    // letters
	Wait   time.Duration `json:"wait"`    // from the last first try of one of them to the verdict
	StopIf Conditions    `json:"stop_if"` // any of them stops the mailing
	// Numbers are its deliveries, ascending; nil: they are not chosen yet.
	Numbers []int64 `json:"numbers,omitempty"`
	// Stopped is the condition that held, with its figures; "": none did.
	Stopped string `json:"stopped,omitempty"`
	// Over says that everybody else gets theirs.
	Over bool `json:"over,omitempty"`
}

// Same tells whether two canaries were wished for in the same way.
func (c *Canary) Same(as *Canary) bool {
	return c.Size == as.Size && c.Wait == as.Wait && slices.Equal(c.StopIf, as.StopIf)
}

// CanaryWait is how long a canary is looked at where nothing else is said: most
// bounces are there by then, and a server that greylists has been asked twice.
const CanaryWait = 20 * time.Minute

// DefaultConditions are those of a canary for which none was named. One
// complaint in a small part is many in the whole; a letter that is tried again
// may yet arrive.
func DefaultConditions() Conditions {
	return Conditions{
		{What: CountRefused, Limit: 2, Percent: true},
		{What: CountDeferred, Limit: 20, Percent: true},
		{What: CountUncertain, Limit: 2, Percent: true},
		{What: CountBounced, Limit: 2, Percent: true},
		{What: CountComplained},
	}
}

// A Count is what is counted of a canary.
type Count string

// The counts. A delivery is in one of them at most.
const (
	CountRefused      Count = "5xx"       // the server said no
	CountDeferred     Count = "4xx"       // the server, or a broken line, says: later
	CountUncertain    Count = "uncertain" // nobody knows whether it arrived
	CountBounced      Count = "bounced"   // taken, and suppressed as bounced since
	CountComplained   Count = "complained"
	CountUnsubscribed Count = "unsubscribed"
)

// CanaryCounts lists every count.
var CanaryCounts = [...]Count{CountRefused, CountDeferred, CountUncertain, CountBounced, CountComplained, CountUnsubscribed}

// A Condition is that more than so many of a canary's letters fare badly in one
// way, written 5xx>2% or complained>0.
type Condition struct {
	What    Count
	Limit   float64
	Percent bool // of the letters that were not suppressed
}

// Conditions are written with commas between them.
type Conditions []Condition

func (list Conditions) String() string {
	words := make([]string, len(list))
	for i, c := range list {
		words[i] = c.String()
	}
	return strings.Join(words, ", ")
}

// ParseCondition reads a condition. The error says which part is wrong.
func ParseCondition(s string) (c Condition, err error) {
	what, limit, ok := strings.Cut(s, ">")
	if !ok {
		return c, fmt.Errorf("%q has no >", s)
	}
	c.What = Count(strings.ToLower(strings.TrimSpace(what)))
	if !slices.Contains(CanaryCounts[:], c.What) {
		return c, fmt.Errorf("%q counts nothing that there is, in %q", strings.TrimSpace(what), s)
	}
	limit = strings.TrimSpace(limit)
	number, percent := strings.CutSuffix(limit, "%")
	c.Limit, err = strconv.ParseFloat(strings.TrimSpace(number), 64)
	c.Percent = percent
	switch {
	case err != nil:
		return c, fmt.Errorf("%q is no number, in %q", limit, s)
	case !(c.Limit >= 0): // nor not a number
		return c, fmt.Errorf("%q is below zero, in %q", limit, s)
	case percent && c.Limit >= 100:
		return c, fmt.Errorf("never more than %s are, in %q", limit, s)
	case !percent && c.Limit != float64(int(c.Limit)):
		return c, fmt.Errorf("%q letters cannot be counted, in %q", limit, s)
	}
	return c, nil
}

func (c Condition) String() string {
	s := string(c.What) + ">" + strconv.FormatFloat(c.Limit, 'f', -1, 64)
	if c.Percent {
		s += "%"
	}
	return s
}

// MarshalText writes a condition as ParseCondition reads it.
func (c Condition) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText is ParseCondition.
func (c *Condition) UnmarshalText(text []byte) (err error) {
	*c, err = ParseCondition(string(text))
	return err
}

// Holds tells whether the condition holds of so many letters.
func (c Condition) Holds(counts map[Count]int, of int) bool {
	n := float64(counts[c.What])
	if c.Percent {
		return 100*n > c.Limit*float64(of)
	}
	return n > c.Limit
}

// Final tells whether a condition that holds will hold for good: only what is
// deferred may still arrive.
func (c Condition) Final() bool { return c.What != CountDeferred }

// A Candidate is a delivery that a canary may have.
type Candidate struct {
	Number  int64
	Segment int
	Domain  int // names the address's domain
}

// ChooseCanary chooses so many of the candidates, fewer only where there are no
// more, and returns their numbers, ascending. It puts the list in order, by
// domain, those with the most readers first, then by segment and number, and
// takes letters from it at equal distances (systematic sampling; Madow and
// Madow, 1944). So each domain and, within it, each segment has its share: the
// percentages are those to expect of the whole, and the few providers on which
// a sending stands or falls are all there, as are the pages that most
// readers get. The same list gives the same letters.
func ChooseCanary(list []Candidate, size int) []int64 {
	readers := make(map[int]int)
	for _, c := range list {
		readers[c.Domain]++
	}
	slices.SortFunc(list, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(readers[b.Domain], readers[a.Domain]), cmp.Compare(a.Domain, b.Domain),
			cmp.Compare(a.Segment, b.Segment), cmp.Compare(a.Number, b.Number))
	})
	size = min(size, len(list))
	numbers := make([]int64, size)
	for i := range numbers {
		numbers[i] = list[(2*i+1)*len(list)/(2*size)].Number
	}
	slices.Sort(numbers)
	return numbers
}
