package cli

import (
	"context"
	"errors"
	"iter"

	"broadsheet/internal/newsletter"
)

// Exit codes are an interface: scripts and cron jobs act on them.
const (
	exitDone        = 0
	exitFailure     = 1
	exitMisuse      = 2
	exitNothing     = 3
	exitUnfinished  = 4
	exitBlocked     = 5
	exitUndecided   = 6
	exitLocked      = 7
	exitUnavailable = 75
	exitInterrupted = 130
)

var exitOf = map[newsletter.Kind]int{
	newsletter.Failure:     exitFailure,
	newsletter.Misuse:      exitMisuse,
	newsletter.Nothing:     exitNothing,
	newsletter.Unfinished:  exitUnfinished,
	newsletter.Blocked:     exitBlocked,
	newsletter.Undecided:   exitUndecided,
	newsletter.Locked:      exitLocked,
	newsletter.Unavailable: exitUnavailable,
}

// exitMeanings are the codes in words, in the order in which they win.
func exitMeanings() []exitMeaning {
	return []exitMeaning{
		{exitInterrupted, "interrupted; nothing is lost"},
		{exitLocked, "another run holds the lock"},
		{exitMisuse, "wrong usage or configuration"},
		{exitFailure, "error; also: the server refuses the sender or a policy"},
		{exitBlocked, "the check found errors; nothing was sent"},
		{exitUnavailable, "server or network down, or the database busy; try later"},
		{exitUndecided, "a person must decide"},
		{exitUnfinished, "something is still queued or deferred; run again"},
		{exitNothing, "nothing to send"},
		{exitDone, "done"},
	}
}

type exitMeaning struct {
	code    int
	meaning string
}

// exitCode is the code of an error, however many it joins.
func exitCode(ctx context.Context, err error) int {
	if err == nil {
		return exitDone
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return exitInterrupted
	}
	found := map[int]bool{}
	for f := range faults(err) {
		found[exitOf[f.Kind]] = true
	}
	for _, e := range exitMeanings() {
		if found[e.code] {
			return e.code
		}
	}
	return exitFailure
}

// besides is what befell an interrupted run, other than that.
func besides(err error) (messages []string) {
	for f := range faults(err) {
		if !errors.Is(f.Err, context.Canceled) {
			messages = append(messages, f.Err.Error())
		}
	}
	return messages
}

// faults yields every fault in a tree of errors. An error that is no fault
// counts as a failure; a file's problem has a mend too.
func faults(err error) iter.Seq[*newsletter.Fault] {
	return func(yield func(*newsletter.Fault) bool) { walkErrors(err, yield) }
}

func walkErrors(err error, yield func(*newsletter.Fault) bool) bool {
	switch e := err.(type) { //nolint:errorlint // the tree is walked here by hand
	case nil:
		return true
	case *newsletter.Fault:
		return yield(e)
	case *newsletter.Problem:
		return yield(&newsletter.Fault{Kind: newsletter.Failure, Err: e, Hint: e.Mend})
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			if !walkErrors(inner, yield) {
				return false
			}
		}
		return true
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			return walkErrors(inner, yield)
		}
	}
	return yield(&newsletter.Fault{Kind: newsletter.Failure, Err: err})
}
