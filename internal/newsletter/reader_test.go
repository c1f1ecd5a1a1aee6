package newsletter

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNewSegment(t *testing.T) {
	given := []string{"ukraine", "europe", "ukraine"}
	if diff := cmp.Diff([]string{"europe", "ukraine"}, NewSegment(given, "").Topics); diff != "" {
		t.Errorf("topics are not a sorted set (-want +got):\n%s", diff)
	}
	if given[0] != "ukraine" {
		t.Error("the given topics were changed")
	}
	if diff := cmp.Diff([]string{All}, NewSegment([]string{"europe", All}, "de").Topics); diff != "" {
		t.Errorf("all does not swallow the rest (-want +got):\n%s", diff)
	}
}

func TestSegmentName(t *testing.T) {
	var many []string
	for i := range 30 {
		many = append(many, fmt.Sprintf("topic-%02d", i))
	}
	tests := []struct {
		segment Segment
		want    string
	}{
		{NewSegment([]string{"ukraine", "europe"}, ""), "europe+ukraine"},
		{NewSegment([]string{"europe"}, "de"), "europe.de"},
		{NewSegment([]string{All}, ""), "all"},
	}
	for _, tt := range tests {
		if got := tt.segment.Name(); got != tt.want {
			t.Errorf("Name() = %s, want %s", got, tt.want)
		}
	}
	long, other := NewSegment(many, "").Name(), NewSegment(many[:29], "").Name()
	if len(long) != maxSegmentName || !strings.Contains(long, "~") || long == other {
		t.Errorf("long names are not cut apart: %q, %q", long, other)
	}
}

func TestWants(t *testing.T) {
	europe, all := NewSegment([]string{"europe"}, ""), NewSegment([]string{All}, "")
	tests := []struct {
		name    string
		segment Segment
		topics  []string
		want    bool
	}{
		{"own topic", europe, []string{"ukraine", "europe"}, true},
		{"other topic", europe, []string{"ukraine"}, false},
		{"no topic is for everyone", europe, nil, true},
		{"all wants everything", all, []string{"ukraine"}, true},
		{"only all wants what is for all", europe, []string{All}, false},
	}
	for _, tt := range tests {
		if got := tt.segment.Wants(tt.topics); got != tt.want {
			t.Errorf("%s: Wants(%v) = %v", tt.name, tt.topics, got)
		}
	}
}

func TestValidKey(t *testing.T) {
	for key, want := range map[string]bool{
		"2026-W47": true, "1": true, "special.edition_2": true,
		"": false, ".hidden": false, "a/b": false, "..": false, strings.Repeat("x", 65): false, "a b": false,
	} {
		if got := ValidKey(key); got != want {
			t.Errorf("ValidKey(%q) = %v", key, got)
		}
	}
}

func TestIsForgotten(t *testing.T) {
	for identity, want := range map[string]bool{ForgottenPrefix + "0a1b": true, "forgotten@example.org": false, "": false} {
		if IsForgotten(identity) != want {
			t.Errorf("%q: %v", identity, !want)
		}
	}
}

func TestIsPlainLine(t *testing.T) {
	for s, want := range map[string]bool{
		"": true, "a": true, "2.0.0 Ok: queued~": true,
		" ": false, " a": false, "a ": false, "a  b": false, "a\tb": false, "a\nb": false, "\x7f": false, "é": false, "\xff": false,
	} {
		if got := IsPlainLine(s); got != want {
			t.Errorf("%q: got %t", s, got)
		}
	}
}
