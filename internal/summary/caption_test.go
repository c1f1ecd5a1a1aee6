package summary

import (
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
)

func TestNoCaptionMarkIsOverlooked(t *testing.T) {
	for _, mark := range captionMarks {
		if text := "The harbour at dawn " + mark; !isCaption(passageOf(text)) {
			t.Errorf("%q is no caption", text)
		}
	}
}

func TestProfilePicturesAreNoCaptions(t *testing.T) {
	for _, text := range []string{
		"The students changed their profile picture to a word in crimson.",
		"They asked one thing: that everybody change the profile photo today.",
	} {
		if isCaption(passageOf(text)) {
			t.Errorf("%q is a caption", text)
		}
	}
}

func passageOf(text string) passage { return passage{text: text, words: vocabulary{}.scan(text)} }

// A line-up of players is no sentence, but what leans on it cannot follow on
// another one instead.
func TestNothingLeansAcrossALine(t *testing.T) {
	const leans = "But the visitors hit back with an equaliser in the second half."
	s := Summarize([]newsletter.Article{article("The striker celebrates his goal in front of the fans of the town.\n\nSubs: Miller, Baker, Smith, Weaver.\n\n" + leans)}, Options{Sentences: 3})
	if strings.Contains(s.Text(), leans) {
		t.Errorf("got %q", s.Text())
	}
}
