package stylesheet

import (
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
)

// pseudos yields the pseudo-classes and pseudo-elements of a selector, with
// their colons and without arguments, in lower case.
func pseudos(selector tokens) []string {
	var names []string
	colons := ""
	for _, t := range selector {
		switch {
		case isChar(t, ":"):
			colons += ":"
		case colons != "":
			names = append(names, colons+strings.ToLower(strings.TrimSuffix(t.Value, "(")))
			colons = ""
		}
	}
	return names
}

// fixed lists the pseudo-classes that a page answers once and for all; every
// other depends on what a reader does, or on more than the page.
var fixed = []string{
	":not", ":has", ":root", ":link", ":lang", ":empty",
	":first-child", ":last-child", ":only-child", ":nth-child", ":nth-last-child",
	":first-of-type", ":last-of-type", ":only-of-type", ":nth-of-type", ":nth-last-of-type",
}

// compile makes a matcher of one selector, or tells that it must stay in a
// style sheet: it waits for the reader or is not understood.
func compile(selector tokens) (cascadia.Sel, bool) {
	if slices.ContainsFunc(pseudos(selector), func(p string) bool { return !slices.Contains(fixed, p) }) {
		return nil, false
	}
	sel, err := cascadia.Parse(selector.String())
	return sel, err == nil
}
