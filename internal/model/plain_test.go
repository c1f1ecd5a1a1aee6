package model

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestPlain(t *testing.T) {
	const two = sentence + " Bakers shrugged."
	tests := []struct {
		name, answer, want string
		kind               Kind // "": no error
	}{
		{"plain", sentence, sentence, ""},
		{"another language is the guard's matter", "Brot wurde am Montag teurer.", "Brot wurde am Montag teurer.", ""},
		{"white space", "  " + sentence + "\n\nBakers\tshrugged.\r\n", two, ""},
		{"preamble", "Here is a summary:\n\n" + sentence, sentence, ""},
		{"obliging preamble", "Sure! Here's a 20-word summary of the article:\n" + sentence, sentence, ""},
		{"preamble on the same line", "**Summary:** " + sentence, sentence, ""},
		{"German preamble", "Hier ist die Zusammenfassung des Artikels:\n" + sentence, sentence, ""},
		{"a colon of its own", "Bakers agree: bread rose.", "Bakers agree: bread rose.", ""},
		{"heading on top", "## Bread\n\n" + sentence, sentence, ""},
		{"heading in bold", "**Bread**\n\n" + sentence, sentence, ""},
		{"heading inside", sentence + "\n\n## More\n\nBakers shrugged.", "", NotPlain},
		{"emphasis", "**Bread** rose by a *tenth* on `Monday`.", sentence, ""},
		{"stars that are none", "It cost 3 * 4 and 5 * 6 euros.", "It cost 3 * 4 and 5 * 6 euros.", ""},
		{"link", "[Bread](https://evil.example/) rose by a tenth on Monday.", sentence, ""},
		{"address", "Bread rose, see https://evil.example/.", "", NotPlain},
		{"fence", "```text\n" + sentence + "\n```", sentence, ""},
		{"fence inside", "See ```x``` there.", "", NotPlain},
		{"thoughts", "<think>\nThey want bread.\n</think>\n\n" + sentence, sentence, ""},
		{"thoughts without end", "<think> They want bread.", "", NotPlain},
		{"list of sentences", "- " + sentence + "\n- Bakers shrugged.", two, ""},
		{"numbered sentences", "1. " + sentence + "\n2. Bakers shrugged.", two, ""},
		{"an ordinal is no list", "15. Oktober war der Tag.", "15. Oktober war der Tag.", ""},
		{"list of words", "* bread\n* milk", "", NotPlain},
		{"table", "| a | b |\n|---|---|", "", NotPlain},
		{"HTML", "<b>Bread</b> rose.", "", NotPlain},
		{"script", "Bread<script>alert(1)</script> rose.", "", NotPlain},
		{"entity", "Bread &amp; milk rose.", "", NotPlain},
		{"less than", "Bread costs < 3 euros & more.", "Bread costs < 3 euros & more.", ""},
		{"quoted whole", "\"" + sentence + "\"", sentence, ""},
		{"quotations inside stay", "“Bread,” she said, “rose.”", "“Bread,” she said, “rose.”", ""},
		{"hidden characters", "Bre\u200bad\u202e rose\x00 today.", "Bread rose today.", ""},
		{"broken encoding", "Bread rose\xff.", "Bread rose\uFFFD.", ""},
		{"no words", "… 12 !", "", Empty},
		{"nothing", "", "", Empty},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := plain(tt.answer, 20)
			if got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
			if fault := asError(err); (fault == nil) != (tt.kind == "") || (fault != nil && fault.Kind != tt.kind) {
				t.Errorf("error %v, want %q", err, tt.kind)
			}
		})
	}
}

func FuzzPlain(f *testing.F) {
	for _, s := range []string{sentence, "Summary: x.", "- a.\n- b.", "<think>x</think>y", "```\na\n```", "**a** [b](c) `d`", "\"a\"", "\u202eab", "1. a.\n15. b", "# x\ny"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, answer string) {
		got, err := plain(answer, 50)
		if (got == "") == (err == nil) {
			t.Fatalf("plain(%q) = %q, %v", answer, got, err)
		}
		if !utf8.ValidString(got) || strings.ContainsFunc(got, unicode.IsControl) || strings.Contains(got, "  ") || strings.TrimSpace(got) != got {
			t.Fatalf("plain(%q) = %q", answer, got)
		}
		if len(strings.Fields(got)) > 95 || tag.MatchString(got) {
			t.Fatalf("plain(%q) = %q", answer, got)
		}
	})
}
