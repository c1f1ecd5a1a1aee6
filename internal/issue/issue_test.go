package issue_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/issue"
)

func TestIDs(t *testing.T) {
	tests := []struct {
		name, data string
		want       []string
	}{
		{"no file", "", nil},
		{"an issue", string(issue.Format(weekly(t))), []string{"3f9c2e1b07", "cc33", "aa11", "bb22"}},
		{"each once", header + "### A\n<!-- item: b x -->\n### B\n<!-- item: a -->\n### C\n<!-- item: b -->\n", []string{"b", "a"}},
		{"broken front matter", "---\nissue\n### A\n<!-- item: a -->\n", []string{"a"}},
		{"not in code", header + "```\n<!-- item: a -->\n```\n    <!-- item: b -->\n\n<!-- items: c -->\n<!-- item: -->\n", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, issue.IDs([]byte(tt.data))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestUntouched(t *testing.T) {
	file := "---\nissue: x\n---\n\nOne.\n\nTwo.\n"
	tests := []struct {
		name, base, edited string
		ok                 bool
		line               int
		text               string
	}{
		{"the same", file, file, true, 0, ""},
		{"other line ends", file, "\ufeff" + strings.ReplaceAll(file, "\n", "\r\n"), true, 0, ""},
		{"no last line end", file, strings.TrimRight(file, "\n"), true, 0, ""},
		{"another word", file, strings.Replace(file, "One", "Uno", 1), false, 5, "Uno."},
		{"a line more", file, file + "Three.\n", false, 8, "Three."},
		{"a line less", file, strings.TrimSuffix(file, "\n\nTwo.\n"), false, 6, ""},
		{"last line gone", "a\nb\n", "a\n", false, 2, "b"},
		{"spaces make a line break", "a\nb\n", "a  \nb\n", false, 1, "a  "},
		{"nothing generated", "", file, false, 1, "---"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ok, line, text := issue.Untouched([]byte(tt.base), []byte(tt.edited))
			if ok != tt.ok || line != tt.line || text != tt.text {
				t.Errorf("got %v, %d, %q; want %v, %d, %q", ok, line, text, tt.ok, tt.line, tt.text)
			}
		})
	}
}
