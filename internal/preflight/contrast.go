package preflight

import (
	"strings"
	"unicode"
)

// What text needs to be read (WCAG 2.2, success criterion 1.4.3): large is
// from 24 pixels on, or from 18.66 where it is bold.
const (
	enoughContrast      = 4.5
	enoughContrastLarge = 3
	largeText           = 24
	largeBoldText       = 18.66
	smallestText        = 2 // smaller is hidden from people
)

// checkContrast looks at words where they stand, in the light and, where the
// page has rules for it, in the dark.
func (r *reader) checkContrast(text string) {
	top := r.top()
	if top == nil || strings.IndexFunc(text, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }) < 0 {
		return
	}
	r.compare(top.light, "")
	if r.styles.dark {
		r.compare(top.dark, " in dark mode")
	}
}

func (r *reader) compare(l look, when string) {
	if l.hidden || l.unknown || l.size < smallestText {
		return
	}
	enough := enoughContrast
	if l.size >= largeText || l.bold && l.size >= largeBoldText {
		enough = enoughContrastLarge
	}
	if ratio := contrast(l.text, l.back); ratio < enough {
		r.add(ruleContrast, "text of %s on %s has a contrast of %.1f:1%s; it needs %.2g:1", l.text, l.back, ratio, when, enough)
	}
}
