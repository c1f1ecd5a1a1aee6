package render

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
)

// builtins are the themes that everybody has.
var builtins = []string{"plain", "magazine"}

// eachTheme runs a test for the whole issue's letter in every built-in theme.
func eachTheme(t *testing.T, check func(t *testing.T, theme newsletter.Theme, html string)) {
	t.Helper()
	for _, name := range builtins {
		t.Run(name, func(t *testing.T) {
			theme := builtin(t, name)
			p, err := New(publication(), theme, issue(), "", nonce)
			if err != nil {
				t.Fatal(err)
			}
			if len(p.Warnings) > 0 {
				t.Errorf("the theme warns of itself: %+v", p.Warnings)
			}
			html, _, _ := cut(t, p, "all")
			check(t, theme, html)
		})
	}
}

func TestThemesAreReadable(t *testing.T) {
	eachTheme(t, func(t *testing.T, theme newsletter.Theme, html string) {
		for _, css := range []string{theme.Style.Content, theme.Head.Content} {
			for _, size := range regexp.MustCompile(`(?:font-size: |font: [a-z ]*)(\d+)px`).FindAllStringSubmatch(css, -1) {
				if n, _ := strconv.Atoi(size[1]); n < 14 && n > 1 { // 1: what nobody is to see
					t.Errorf("a font of %d px", n)
				}
			}
		}
		level := 0
		for _, heading := range regexp.MustCompile(`<h(\d)`).FindAllStringSubmatch(html, -1) {
			n, _ := strconv.Atoi(heading[1])
			if n > level+1 {
				t.Errorf("<h%d> follows <h%d>", n, level)
			}
			level = n
		}
		for _, table := range regexp.MustCompile(`<table[^>]*>`).FindAllString(html, -1) {
			if !strings.Contains(table, `role="presentation"`) {
				t.Errorf("a screen reader takes this for data: %s", table)
			}
		}
		for _, want := range []string{`<html lang="en"`, "<title>The Weekly Broadsheet · Friday, 20 November 2026</title>", `alt="A train at night"`} {
			if !strings.Contains(html, want) {
				t.Errorf("%s is missing", want)
			}
		}
	})
}

// TestPreferences: nothing is promised that is not there.
func TestPreferences(t *testing.T) {
	pub := publication()
	for url, want := range map[string]bool{"": false, "https://weekly.example.org/topics": true} {
		pub.PreferencesURL = url
		html, text, _ := cut(t, render(t, pub, issue(), nonce), "europe")
		link := fmt.Sprintf("href=%q", url)
		if strings.Contains(html, "Change your topics") != want || strings.Contains(text, "Change your topics: "+url) != want || want && !strings.Contains(html, link) {
			t.Errorf("with preferences at %q: the link is there: %v", url, !want)
		}
	}
}
