package config

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"broadsheet/internal/newsletter"
)

var (
	themeName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)
	color     = regexp.MustCompile(`^#(?:[0-9a-fA-F]{3}){1,2}$`)
	// fontList ends with a family that every mail program has.
	fontList = regexp.MustCompile(`^(?:[A-Za-z0-9 '"-]+, *)*(?:serif|sans-serif|monospace)$`)
)

// The widest letter fits a mail program's reading pane, the narrowest is a
// phone's.
const narrowest, widest = 320, 800

// theme checks the options of a theme. Which of them a theme has shows when it
// is used.
func (c *check) theme(doc themeDocument) newsletter.ThemeOptions {
	if !themeName.MatchString(doc.Name) {
		c.bad("theme.name", doc.Name, "is not a theme's name", "write plain or magazine, or the name of a folder in templates")
	}
	o := newsletter.ThemeOptions{Name: doc.Name, Styles: map[string]string{}}
	if doc.Width != 0 {
		if doc.Width < narrowest || doc.Width > widest {
			c.bad("theme.width", fmt.Sprint(doc.Width), "is no width for a letter", fmt.Sprintf("write pixels from %d to %d; 600 is usual", narrowest, widest))
		}
		o.Styles["width"] = fmt.Sprintf("%dpx", doc.Width)
	}
	c.colors(o.Styles, "theme.colors.", "", doc.Colors)
	c.colors(o.Styles, "theme.dark.", "dark-", doc.Dark)
	c.fonts(o.Styles, doc.Fonts)
	o.Logo = c.logo(doc.Logo)
	return o
}

func (c *check) colors(styles map[string]string, at, prefix string, doc colorDocument) {
	for name, value := range map[string]string{
		"back": doc.Back, "sheet": doc.Sheet, "tint": doc.Tint, "ink": doc.Ink, "soft": doc.Soft, "accent": doc.Accent, "line": doc.Line,
	} {
		switch {
		case value == "":
		case !color.MatchString(value):
			c.bad(at+name, value, "is not a colour", `write red, green and blue in hexadecimal, in quotes: "#96301c"`)
		default:
			styles[prefix+name] = strings.ToLower(value)
		}
	}
}

func (c *check) fonts(styles map[string]string, doc fontDocument) {
	for name, value := range map[string]string{"title": doc.Title, "text": doc.Text, "label": doc.Label} {
		switch {
		case value == "":
		case !fontList.MatchString(value) || strings.Count(value, `"`)%2 != 0 || strings.Count(value, "'")%2 != 0:
			c.bad("theme.fonts."+name, value, "is not a list of fonts", "write names and at the end serif, sans-serif or monospace: Georgia, serif")
		default:
			// Style attributes stand in double quotes.
			styles["font-"+name] = strings.ReplaceAll(value, `"`, "'")
		}
	}
}

func (c *check) logo(doc logoDocument) newsletter.Logo {
	if doc == (logoDocument{}) {
		return newsletter.Logo{}
	}
	c.required("theme.logo.url", doc.URL, "https://example.org/logo.png")
	for at, value := range map[string]string{"theme.logo.url": doc.URL, "theme.logo.dark": doc.Dark} {
		if u, err := url.Parse(value); value != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
			c.bad(at, value, "is not a picture that mail programs show", "write a full address that begins with https://")
		}
	}
	for at, value := range map[string]int{"theme.logo.width": doc.Width, "theme.logo.height": doc.Height} {
		if value < 1 || value > widest {
			c.bad(at, fmt.Sprint(value), "is not a size", "write how many pixels wide and high the logo is shown")
		}
	}
	return newsletter.Logo{URL: doc.URL, Dark: doc.Dark, Width: doc.Width, Height: doc.Height}
}
