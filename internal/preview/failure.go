package preview

import (
	"errors"
	"strings"

	"broadsheet/internal/newsletter"
)

// A failure says why there is no letter.
type failure struct {
	Problems []newsletter.Problem // those without a file have a message only
	Hint     string
}

// explain takes an error apart for the page.
func explain(err error) *failure {
	f := &failure{Problems: problems(err)}
	if fault := (*newsletter.Fault)(nil); errors.As(err, &fault) {
		f.Hint = fault.Hint
	}
	for i, p := range f.Problems {
		if strings.Contains(f.Hint, p.Mend) {
			f.Problems[i].Mend = "" // the hint says it
		}
	}
	return f
}

// problems lists what an error joins; what names no place stands as it is.
func problems(err error) []newsletter.Problem {
	switch e := err.(type) { //nolint:errorlint // the tree is taken apart here by hand
	case *newsletter.Fault:
		return problems(e.Err)
	case interface{ Unwrap() []error }:
		var list []newsletter.Problem
		for _, joined := range e.Unwrap() {
			list = append(list, problems(joined)...)
		}
		return list
	}
	if p := (*newsletter.Problem)(nil); errors.As(err, &p) {
		return []newsletter.Problem{*p}
	}
	return []newsletter.Problem{{Message: err.Error()}}
}
