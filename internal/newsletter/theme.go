package newsletter

// A Theme is what draws the letter: four files, each with the name to show in
// an error.
type Theme struct {
	Name  string
	Page  ThemeFile // html/template, one definition for each kind of fragment
	Text  ThemeFile // text/template, the same definitions
	Style ThemeFile // CSS that is inlined
	Head  ThemeFile // CSS that stays in the head byte for byte: at-rules, :hover, client hacks
}

// A ThemeFile is one file of a theme.
type ThemeFile struct{ Name, Content string }
