package issue_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/issue"
)

func TestLocate(t *testing.T) {
	const file = `---
issue: 2026-W47
subject: "{lead}"
---

Good morning!

## Europe
<!-- section: europe -->

### [First](https://example.org/1)
<!-- item: a europe -->

Words.

### Second

## Own words

### [Third](https://example.org/3)
<!-- item: b -->
`
	got := issue.Locate([]byte(file), publication(t))
	want := issue.Lines{
		Fields: map[string]int{"issue": 2, "subject": 3}, Intro: 5,
		Sections: []int{8, 18}, Items: [][]int{{11, 16}, {20}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(issue.Lines{}, issue.Locate([]byte("---\nopen"), publication(t))); diff != "" {
		t.Errorf("lines of a broken file (-want +got):\n%s", diff)
	}
}
