package newsletter

import (
	"fmt"
	"strings"
)

// A Fault is an error that a person or a script must act on. Its kind decides
// the exit code.
type Fault struct {
	Kind Kind
	Err  error
	Hint string // the mend, in plain words; may have several lines
}

func (f *Fault) Error() string { return f.Err.Error() }
func (f *Fault) Unwrap() error { return f.Err }

// Faultf makes a Fault like fmt.Errorf makes an error.
func Faultf(kind Kind, hint, format string, args ...any) *Fault {
	return &Fault{Kind: kind, Err: fmt.Errorf(format, args...), Hint: hint}
}

// Kind is what a fault asks of whoever meets it.
type Kind int

// The kinds of faults.
const (
	Failure     Kind = iota // something went wrong
	Misuse                  // wrong usage or configuration
	Locked                  // another run holds the lock
	Blocked                 // the preflight found errors
	Unavailable             // server or network down, or the database busy: try later
	Undecided               // a person must decide
	Unfinished              // deliveries are still queued or deferred
	Nothing                 // there is nothing to send
)

// A Problem is something wrong at a place in a file, or in a source as a
// whole. It is an error where it stops the work, a diagnosis where it does not.
type Problem struct {
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`  // from 1; 0: the whole file
	Value   string `json:"value,omitempty"` // the offending words
	Message string `json:"message"`
	Mend    string `json:"mend,omitempty"`
}

func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	b.WriteString(": ")
	b.WriteString(p.Message)
	if p.Value != "" {
		fmt.Fprintf(&b, ": %q", p.Value)
	}
	return b.String()
}
