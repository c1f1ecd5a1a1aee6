package newsletter

import "time"

// An IssueRecord is what the store knows of an issue.
type IssueRecord struct {
	Key       string
	Created   time.Time
	Period    time.Time // start of the period the issue was compiled for
	Generated []byte    // issue.md as compile last made it, before any edit
	Abandoned bool
	FrozenAt  time.Time // zero: still a draft
	States    map[State]int
}

// A Result is the outcome of one attempt, as the ledger keeps it.
type Result struct {
	Number int64
	State  State     // anything but Claimed
	Due    time.Time // for Deferred
	Code   int
	Reply  string
}
