package newsletter

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

// A ThemeFile is one file of a theme.
type ThemeFile struct{ Name, Content string }

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
