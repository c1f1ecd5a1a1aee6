package render

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"broadsheet/internal/newsletter"
)

// A style sheet's custom properties are a theme's options: style.css sets them
// in :root, both sheets use them as var(--name), the configuration may give
// others. They are put in before anything is inlined, because few mail programs
// know them and inliners break them.
var (
	rootRule   = regexp.MustCompile(`(?s):root\s*\{([^{}]*--[^{}]*)\}`)
	property   = regexp.MustCompile(`--([A-Za-z0-9-]+)\s*:\s*([^;{}]+?)\s*(?:;|$)`)
	use        = regexp.MustCompile(`var\(\s*--([A-Za-z0-9-]+)\s*\)`)
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
)

// options are custom properties by their names without dashes.
type options map[string]string

// resolve returns the theme with its options put into both style sheets, and
// the options. Lines stay where they are.
func resolve(theme newsletter.Theme, set map[string]string) (newsletter.Theme, options, error) {
	o := options{}
	theme.Style.Content = cssComment.ReplaceAllStringFunc(theme.Style.Content, onlyLines)
	theme.Style.Content = rootRule.ReplaceAllStringFunc(theme.Style.Content, func(rule string) string {
		for _, found := range property.FindAllStringSubmatch(rootRule.FindStringSubmatch(rule)[1], -1) {
			o[found[1]] = found[2]
		}
		return onlyLines(rule)
	})
	var all []error
	for _, name := range slices.Sorted(maps.Keys(set)) {
		if _, ok := o[name]; !ok {
			all = append(all, &newsletter.Problem{
				File: theme.Style.Name, Value: "--" + name, Message: "the configuration sets what the theme has no option for",
				Mend: "take it out of theme: in the configuration, or set and use it in the style sheet",
			})
		}
		o[name] = set[name]
	}
	for _, file := range []*newsletter.ThemeFile{&theme.Style, &theme.Head} {
		all = append(all, o.putInto(file))
	}
	return theme, o, errors.Join(all...)
}

// An Option is a custom property of a theme.
type Option struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Set   bool   `json:"set"` // by the configuration
}

// Options lists the options of a theme by name, with the values that a
// configuration sets.
func Options(theme newsletter.Theme, set map[string]string) []Option {
	_, o, _ := resolve(theme, set) // what is wrong with the theme shows where it is used
	list := make([]Option, 0, len(o))
	for _, name := range slices.Sorted(maps.Keys(o)) {
		_, own := set[name]
		list = append(list, Option{Name: name, Value: o[name], Set: own})
	}
	return list
}

// About is what a theme says of itself: the first paragraph of the comment that
// its style sheet begins with.
func About(theme newsletter.Theme) string {
	css := strings.TrimSpace(theme.Style.Content)
	if !strings.HasPrefix(css, "/*") {
		return ""
	}
	comment, _, _ := strings.Cut(strings.TrimPrefix(css, "/*"), "*/")
	paragraph, _, _ := strings.Cut(comment, "\n\n")
	said := oneLine(paragraph)
	if name, rest, ok := strings.Cut(said, ": "); ok && strings.EqualFold(name, theme.Name) {
		return rest
	}
	return said
}

// onlyLines keeps the line ends of a text.
func onlyLines(s string) string { return strings.Repeat("\n", strings.Count(s, "\n")) }

// putInto fills in the options that a style sheet uses.
func (o options) putInto(file *newsletter.ThemeFile) error {
	var all []error
	for _, at := range use.FindAllStringSubmatchIndex(file.Content, -1) {
		if name := file.Content[at[2]:at[3]]; o[name] == "" {
			all = append(all, &newsletter.Problem{
				File: file.Name, Line: 1 + strings.Count(file.Content[:at[0]], "\n"), Value: "--" + name,
				Message: "the option is not set", Mend: "set it in :root { … } of style.css",
			})
		}
	}
	file.Content = use.ReplaceAllStringFunc(file.Content, func(found string) string {
		return o[use.FindStringSubmatch(found)[1]]
	})
	return errors.Join(all...)
}

// option is the template function that names an option's value.
func (o options) option(name string) (string, error) {
	if o[name] == "" {
		return "", fmt.Errorf("there is no option %q; style.css sets %s", name, strings.Join(slices.Sorted(maps.Keys(o)), ", "))
	}
	return o[name], nil
}

// pixels is the template function that names an option's value less some
// pixels as attributes want it: without a unit.
func (o options) pixels(name string, less int) (int, error) {
	value, err := o.option(name)
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(strings.TrimSuffix(value, "px"))
	if err != nil {
		return 0, fmt.Errorf("the option %q is %s and not a number of pixels", name, value)
	}
	return n - less, nil
}
