package stylesheet

import (
	"bytes"
	"testing"
)

// TestInlineRealPages inlines templates as people write them, and what came of
// it again, which must change nothing more.
func TestInlineRealPages(t *testing.T) {
	for _, p := range collected(t, templates) {
		once, err := ours(p.html)
		if err != nil {
			t.Fatalf("%s: %v", p.name, err)
		}
		again, err := ours(once)
		if err != nil || !bytes.Equal(once, again) {
			t.Errorf("%s: inlining again changes the page: %v", p.name, err)
		}
	}
}
