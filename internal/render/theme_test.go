package render

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestPlainContrast holds the theme to WCAG 2.2, success criterion 1.4.3, in
// the light and the dark.
func TestPlainContrast(t *testing.T) {
	theme := plain(t)
	_, dark, _ := strings.Cut(theme.Head.Content, "prefers-color-scheme: dark")
	for mode, css := range map[string]string{"light": theme.Style.Content, "dark": dark} {
		back := luminance(t, css, `\.sheet \{[^}]*background-color`)
		for _, class := range []string{"ink", "soft", "accent"} {
			front := luminance(t, css, `\.`+class+`\b[^{]*\{ color`)
			ratio := (math.Max(front, back) + 0.05) / (math.Min(front, back) + 0.05)
			if ratio < 4.5 {
				t.Errorf("%s: .%s has a contrast of %.1f, want 4.5", mode, class, ratio)
			}
		}
	}
}

// luminance is the relative luminance (WCAG 2.2) of a colour in a style sheet.
func luminance(t *testing.T, css, declaration string) float64 {
	t.Helper()
	found := regexp.MustCompile(declaration + `: #([0-9a-f]{6})`).FindStringSubmatch(css)
	if found == nil {
		t.Fatalf("no colour for %s", declaration)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(found[1][2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func TestPlainIsReadable(t *testing.T) {
	theme := plain(t)
	for _, size := range regexp.MustCompile(`(?:font-size: |[ :])(\d+)px/`).FindAllStringSubmatch(theme.Style.Content, -1) {
		if n, _ := strconv.Atoi(size[1]); n < 14 {
			t.Errorf("a font of %d px", n)
		}
	}
	html, _, _ := cut(t, render(t, publication(), issue(), nonce), "all")
	level := 0
	for _, heading := range regexp.MustCompile(`<h(\d)`).FindAllStringSubmatch(html, -1) {
		n, _ := strconv.Atoi(heading[1])
		if n > level+1 {
			t.Errorf("<h%d> follows <h%d>", n, level)
		}
		level = n
	}
	for _, want := range []string{`<html lang="en"`, "<title>The Weekly Broadsheet · 20 November 2026</title>", `alt="A train at night"`, `role="presentation"`} {
		if !strings.Contains(html, want) {
			t.Errorf("%s is missing", want)
		}
	}
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
