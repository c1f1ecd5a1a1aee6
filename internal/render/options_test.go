package render

import (
	"errors"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
)

// TestOptions: what the configuration sets is what the letter has, in the light
// and in the dark, and wherever a template asks.
func TestOptions(t *testing.T) {
	for _, name := range builtins {
		pub := publication()
		pub.Theme.Styles = map[string]string{"width": "640px", "ink": "#010203", "dark-accent": "#fefdfc", "back": "#f9f8f7", "font-label": "Verdana, sans-serif"}
		pub.Theme.Logo = newsletter.Logo{URL: "https://weekly.example.org/logo.png", Dark: "https://weekly.example.org/dark.png", Width: 200, Height: 50}
		p, err := New(pub, builtin(t, name), issue(), "", nonce)
		if err != nil {
			t.Fatal(err)
		}
		html, _, _ := cut(t, p, "all")
		for _, want := range []string{
			"max-width:640px", `<!--[if mso]><table role="presentation" width="640"`, "color:#010203", "color: #fefdfc !important", `bgcolor="#f9f8f7"`, "Verdana, sans-serif",
			`src="https://weekly.example.org/logo.png" alt="The Weekly Broadsheet" width="200" height="50"`, `src="https://weekly.example.org/dark.png"`,
		} {
			if !strings.Contains(html, want) {
				t.Errorf("%s: %s is missing", name, want)
			}
		}
		if strings.Contains(html, "var(") || strings.Contains(html, "--ink") {
			t.Errorf("%s: a custom property is in the letter", name)
		}
	}
}

func TestOptionErrors(t *testing.T) {
	for _, test := range []struct {
		name, style, head string
		set               map[string]string
		want              string
	}{
		{"not set", ":root { --a: red }\n.x {\n color: var(--b) }", "", nil, `style.css:3: the option is not set: "--b"`},
		{"not set for the head", ":root { --a: red }", "a:hover {}\n.x { color: var( --b ) }", nil, `head.css:2: the option is not set: "--b"`},
		{"not there to be set", ":root { --a: red }", "", map[string]string{"tint": "#fff"}, `style.css: the configuration sets what the theme has no option for: "--tint"`},
		{"broken CSS", ":root {\n --a: red;\n}\n.x { color: var(--a)", "", nil, `style.css:4: a brace is never closed: ".x { color: red"`},
		{"a custom property elsewhere", ":root { --a: red }\n.x { --b: red }", "", nil, `style.css:2: the rule ".x" has what cannot be inlined: "--b: red"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			theme := plain(t)
			theme.Style = newsletter.ThemeFile{Name: "style.css", Content: test.style}
			theme.Head = newsletter.ThemeFile{Name: "head.css", Content: test.head}
			pub := publication()
			pub.Theme.Styles = test.set
			_, err := New(pub, theme, issue(), "", nonce)
			var problem *newsletter.Problem
			if !errors.As(err, &problem) || problem.Error() != test.want || problem.Mend == "" {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

func TestFaintColours(t *testing.T) {
	pub := publication()
	pub.Theme.Styles = map[string]string{"soft": "#aaa", "dark-ink": "#333333"}
	p, err := New(pub, plain(t), issue(), "", nonce)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range p.Warnings {
		got = append(got, w.Error())
	}
	want := `plain/style.css: text in --soft on --sheet has a contrast of 2.3 and is hard to read: "#aaa"`
	if len(got) != 3 || got[0] != want {
		t.Errorf("got %q\nwant three, the first %q", got, want)
	}
}
