package markup

import (
	"strings"
	"testing"
	"unicode"
)

func TestVisible(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"nothing", "Zürich – “naïve” 日本 🇦🇹", "Zürich – “naïve” 日本 🇦🇹"},
		{"override", "Invoice \u202Egnp.exe", "Invoice gnp.exe"},
		{"open embedding", "a\u202Bb\u202Ac", "abc"},
		{"isolates", "a \u2067b\u2069 \u2066c\u2068d", "a b cd"},
		{"zero width", "pass\u200Bword \u200Cx\u200Dy\u2060z", "password xyz"},
		{"byte order mark", "\uFEFFTitle\uFEFF", "Title"},
		{"soft hyphen", "Donau\u00ADdampf\u00ADschiff", "Donaudampfschiff"},
		{"fillers", "a\u3164b\uFFA0c\u115Fd\u034Fe", "abcde"},
		{"tags", "a\U000E0041\U000E0042b\U000E0001", "ab"},
		{"noncharacters", "a\uFFFEb\uFDD0c\U0001FFFFd", "abcd"},
		{"annotation", "a\uFFF9b\uFFFAc\uFFFB", "abc"},
		{"selectors that smuggle", "a\uFE01\uFE02b\U000E0101\U000E0102", "ab"},
		{"Persian non-joiner", "می\u200Cخواهم", "می\u200Cخواهم"},
		{"Persian with an override", "می\u200Cخو\u202Eاهم", "می\u200Cخواهم"},
		{"two joiners", "می\u200C\u200Cخواهم", "می\u200Cخواهم"},
		{"Indic joiners", "क्\u200Dष ക്\u200C", "क्\u200Dष ക്\u200C"},
		{"Arabic with marks", "\u200Fمرحبا\u200F (abc)\u200E!", "\u200Fمرحبا\u200F (abc)\u200E!"},
		{"marks without need", "abc\u200E def\u200F", "abc def"},
		{"Thai breaks", "ภาษา\u200Bไทย", "ภาษา\u200Bไทย"},
		{"family", "👨\u200D👩\u200D👧 and 👩🏽\u200D🚒", "👨\u200D👩\u200D👧 and 👩🏽\u200D🚒"},
		{"pride and heart", "🏳\uFE0F\u200D🌈 ❤\uFE0F 1\uFE0F\u20E3", "🏳\uFE0F\u200D🌈 ❤\uFE0F 1\uFE0F\u20E3"},
		{"Scotland", "🏴\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F!", "🏴\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F!"},
		{"ideographic variant", "葛\U000E0100", "葛\U000E0100"},
		{"joiner at the end of an emoji", "👨\u200D", "👨"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Visible(tt.in); got != tt.want {
				t.Errorf("got %+q, want %+q", got, tt.want)
			}
		})
	}
}

// Wherever a text enters, what leads astray is gone from what comes out.
func TestVisibleEverywhere(t *testing.T) {
	const evil = "a\u202Eb\u2066c\u200Bd\uFEFFe\u00ADf"
	entities := strings.NewReplacer("\u202E", "&#x202E;", "\u2066", "&#8294;", "\u200B", "&ZeroWidthSpace;", "\uFEFF", "&#65279;", "\u00AD", "&shy;").Replace(evil)
	page, err := FromHTML([]byte("<title>"+entities+"</title><p>"+entities+"</p>"), "text/html; charset=utf-8", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]string{
		"HTML":         HTML(evil),
		"HTML of HTML": HTML("<b>" + entities + "</b>"),
		"InlineHTML":   InlineHTML(entities),
		"alt":          HTML(`<img src="https://example.org/a.png" alt="` + entities + `">`),
		"Plain":        Plain(entities),
		"Text":         Text(entities, 72),
		"Escape":       Escape(evil),
		"Sanitize":     Sanitize("<p>" + entities + "</p>"),
		"HTMLText":     HTMLText(entities),
		"FromText":     FromText(evil, nil).Title,
		"page":         page.Title,
	} {
		if !strings.Contains(got, "abcdef") {
			t.Errorf("%s: %+q", name, got)
		}
	}
}

func FuzzVisible(f *testing.F) {
	f.Add("می\u200Cخواهم 👨\u200D👩 \u202Eabc\u202C")
	f.Add("🏴\U000E0067\U000E007F\u200D\u200D👩\uFE0F\uFE0F")
	f.Fuzz(func(t *testing.T, s string) {
		once := Visible(s)
		if twice := Visible(once); twice != once {
			t.Errorf("%+q becomes %+q and then %+q", s, once, twice)
		}
		for _, r := range once {
			if r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 {
				t.Errorf("%+q keeps %U", once, r)
			}
		}
		keep := func(r rune) rune {
			if suspicious(r) || r == unicode.ReplacementChar {
				return -1
			}
			return r
		}
		if strings.Map(keep, s) != strings.Map(keep, once) {
			t.Errorf("%+q lost something visible: %+q", s, once)
		}
	})
}
