package preflight

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/andybalholm/cascadia"
)

// A look is how an element's text appears.
type look struct {
	text, back color
	unknown    bool    // its colors cannot be told
	size       float64 // of the text, in CSS pixels
	bold       bool
	hidden     bool
}

// plainLook is what a letter without any style looks like.
func plainLook() look { return look{text: black, back: white, size: 16} }

// nightLook is the same in the dark, where the page says that it is made for
// it.
func nightLook() look { return look{text: white, back: color{30, 30, 30, 1}, size: 16} }

// styles dress elements with what their attributes and the page's style sheets
// say (CSS Cascading and Inheritance Level 4), as far as the contrast of texts
// depends on it. Selectors see an element's ancestors, not its siblings.
type styles struct {
	known map[string][]declaration // style attributes
	rules []dressRule
	dark  bool // a sheet has rules for the dark
}

// A dressRule is a rule of a sheet with one selector.
type dressRule struct {
	selector     cascadia.Sel
	declarations []declaration
	dark         bool
}

func newStyles() *styles { return &styles{known: map[string][]declaration{}} }

// take adds a rule of a style sheet that holds for every screen, or in the
// dark.
func (s *styles) take(rule styleRule) {
	dark := rule.at != "" && strings.Contains(rule.at, "prefers-color-scheme") && strings.Contains(rule.at, "dark")
	if !dark && rule.at != "" && rule.at != "@media screen" && rule.at != "@media all" {
		return
	}
	relevant := slices.DeleteFunc(declarations(rule.block), func(d declaration) bool { return !isDress(d.property) })
	selectors, err := cascadia.ParseGroup(rule.selector)
	if err != nil || len(relevant) == 0 {
		return
	}
	s.dark = s.dark || dark
	for _, selector := range selectors {
		if selector.PseudoElement() == "" {
			s.rules = append(s.rules, dressRule{selector, relevant, dark})
		}
	}
	slices.SortStableFunc(s.rules, func(a, b dressRule) int {
		x, y := a.selector.Specificity(), b.selector.Specificity()
		return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1]), cmp.Compare(x[2], y[2]))
	})
}

func isDress(property string) bool {
	switch property {
	case "color", "background", "background-color", "background-image", "font", "font-size", "font-weight",
		"display", "visibility", "opacity", "max-height", "mso-hide":
		return true
	}
	return false
}

func (s *styles) attribute(style string) []declaration {
	list, ok := s.known[style]
	if !ok {
		list = declarations(style)
		s.known[style] = list
	}
	return list
}

// dress finds an element's looks.
func (s *styles) dress(e, parent *element) {
	e.light, e.dark = plainLook(), nightLook()
	if parent != nil {
		e.light, e.dark = parent.light, parent.dark
	}
	style := ""
	for _, a := range e.node.Attr {
		if a.Key == "style" {
			style = a.Val
		}
	}
	inline := s.attribute(style)
	var light, dark []declaration
	for _, r := range s.rules {
		if !r.selector.Match(e.node) {
			continue
		}
		dark = append(dark, r.declarations...)
		if !r.dark {
			light = append(light, r.declarations...)
		}
	}
	e.light.wear(e, light, inline)
	if s.dark {
		e.dark.wear(e, dark, inline)
	}
}

// wear changes an inherited look to an element's own.
func (l *look) wear(e *element, sheet, inline []declaration) {
	inherited := *l
	l.attributes(e)
	for _, important := range [...]bool{false, true} {
		for _, list := range [...][]declaration{sheet, inline} {
			for _, d := range list {
				if d.important == important {
					l.declare(d, inherited)
				}
			}
		}
	}
	l.text = l.text.over(l.back)
}

// attributes gives what elements and their old attributes say.
func (l *look) attributes(e *element) {
	switch e.node.Data {
	case "b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6":
		l.bold = true
		if size := strings.IndexByte("?123456", e.node.Data[len(e.node.Data)-1]); e.node.Data[0] == 'h' && size > 0 {
			l.size *= [...]float64{0, 2, 1.5, 1.17, 1, 0.83, 0.67}[size]
		}
	case "small":
		l.size *= 0.83
	case "head", "style", "script", "template", "noscript":
		l.hidden = true
	}
	for _, a := range e.node.Attr {
		switch {
		case a.Key == "href" && e.node.Data == "a":
			l.text = color{0, 0, 238, 1} // the usual blue
			if l.back.luminance() < 0.2 {
				l.text = color{158, 158, 255, 1}
			}
		case a.Key == "bgcolor":
			l.paint(a.Val)
		case a.Key == "background":
			l.unknown = true
		case a.Key == "text" && e.node.Data == "body", a.Key == "color" && e.node.Data == "font":
			l.ink(a.Val)
		case a.Key == "hidden":
			l.hidden = true
		}
	}
}

func (l *look) declare(d declaration, inherited look) {
	switch d.property {
	case "color":
		if d.value == "inherit" {
			l.text = inherited.text
			return
		}
		l.ink(d.value)
	case "background", "background-color":
		l.paint(d.value)
	case "background-image":
		l.unknown = l.unknown || d.value != "none"
	case "font-size":
		l.size = fontSize(d.value, inherited.size)
	case "font-weight":
		l.bold = d.value == "bold" || d.value == "bolder" || len(d.value) == 3 && d.value >= "600"
	case "font":
		l.font(d.value, inherited.size)
	case "display":
		l.hidden = inherited.hidden || d.value == "none"
	case "visibility":
		l.hidden = d.value == "hidden"
	case "opacity":
		if n, err := strconv.ParseFloat(d.value, 64); err == nil {
			l.hidden = inherited.hidden || n == 0
			l.unknown = l.unknown || n > 0 && n < 1
		}
	case "max-height":
		l.hidden = l.hidden || d.value == "0" || d.value == "0px"
	case "mso-hide":
		l.hidden = l.hidden || d.value == "all"
	}
}

// ink sets the color of text. One that cannot be read leaves it unknown.
func (l *look) ink(value string) {
	c, ok := parseColor(value)
	l.unknown = l.unknown || !ok
	l.text = c
	if ok && c.alpha == 0 {
		l.hidden = true
	}
}

// paint sets the background. A picture or gradient without a color beside it
// leaves it unknown.
func (l *look) paint(value string) {
	for _, word := range colorWords(value) {
		if c, ok := parseColor(word); ok {
			l.back, l.unknown = c.over(l.back), l.unknown && c.alpha < 1
			return
		}
	}
	switch value {
	case "none", "inherit", "initial", "0":
	default:
		l.unknown = true
	}
}

// colorWords cuts a value at its spaces, functions kept whole.
func colorWords(value string) []string {
	var words []string
	for value != "" {
		var word string
		word, value, _ = cutCSS(value, " ")
		if word != "" && !strings.Contains(word, "gradient(") && !strings.HasPrefix(word, "url(") {
			words = append(words, word)
		}
	}
	return words
}

func (l *look) font(value string, inherited float64) {
	l.bold = false
	for word := range strings.FieldsSeq(value) {
		size, _, _ := strings.Cut(word, "/")
		switch {
		case word == "bold" || word == "bolder" || len(word) == 3 && word >= "600" && word <= "900":
			l.bold = true
		case strings.Trim(size, "0123456789.") != size && size != "":
			l.size = fontSize(size, inherited)
			return
		}
	}
}

// fontSize reads a size in CSS pixels; one that cannot be read is the
// inherited one.
func fontSize(value string, inherited float64) float64 {
	units := [...]struct {
		name   string
		factor float64
	}{{"px", 1}, {"pt", 4.0 / 3}, {"rem", 16}, {"em", inherited}, {"%", inherited / 100}, {"", 1}}
	for _, u := range units {
		number, ok := strings.CutSuffix(value, u.name)
		if n, err := strconv.ParseFloat(number, 64); ok && err == nil {
			return n * u.factor
		}
	}
	return inherited
}
