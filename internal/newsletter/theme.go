package newsletter

import (
	"path"
	"strings"
)

// A Theme is what draws the letter: its files, each with the name to show in an
// error.
type Theme struct {
	Name  string
	Page  ThemeFile   // html/template, one definition for each kind of fragment
	Text  ThemeFile   // text/template, the same definitions
	Style ThemeFile   // CSS that is inlined
	Head  ThemeFile   // CSS that stays in the head byte for byte: at-rules, :hover, client hacks
	Words []ThemeFile // LANGUAGE.yaml, the letter's own words; later ones change earlier ones of their language
}

// Files are the theme's files, those of words last.
func (t *Theme) Files() []ThemeFile {
	return append([]ThemeFile{t.Page, t.Text, t.Style, t.Head}, t.Words...)
}

// A ThemeFile is one file of a theme.
type ThemeFile struct{ Name, Content string }

// BuiltinPrefix begins the names of files that are built in.
const BuiltinPrefix = "built-in/"

// Builtin tells whether the file is built in, and not the publication's own.
func (f ThemeFile) Builtin() bool { return strings.HasPrefix(f.Name, BuiltinPrefix) }

// Part is the file's name within a theme: page.html, words/de.yaml.
func (f ThemeFile) Part() string {
	if path.Ext(f.Name) == ".yaml" {
		return path.Join("words", path.Base(f.Name))
	}
	return path.Base(f.Name)
}

// ThemeOptions are what a configuration sets of a theme.
type ThemeOptions struct {
	Name string
	// Styles are values for custom properties of the theme's style sheet, by
	// name without the dashes: ink, dark-ink, font-text, width, …
	Styles map[string]string
	Logo   Logo
}

// A Logo stands in the masthead in the place of the name. Without a URL there
// is none.
type Logo struct {
	URL           string // https
	Dark          string // the one for dark mode; "" is the same
	Width, Height int    // in pixels, as it is shown
}
