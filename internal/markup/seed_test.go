package markup

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestSeedArticle reads the pasted article among the shared data.
func TestSeedArticle(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/data/seed/*.txt")
	if len(files) == 0 {
		t.Skip("shared data not present: no ../../../shared/data/seed")
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	got := FromText(string(data), []string{"Europe", "Ukraine", "Asia"})
	if !strings.HasPrefix(got.Title, "The partnership between Russia") || strings.HasSuffix(got.Title, ".") {
		t.Errorf("title = %q", got.Title)
	}
	if !slices.Equal(got.Labels, []string{"Europe", "Ukraine"}) {
		t.Errorf("labels = %q", got.Labels)
	}
	if !got.Published.IsZero() {
		t.Errorf("published = %v; the only date is a caption's", got.Published)
	}
	body := strings.Split(got.Text, "\n\n")
	if !strings.HasPrefix(body[0], "Russia’s military involvement") || !strings.HasPrefix(body[len(body)-1], "On Wednesday, Antony Blinken") {
		t.Errorf("text runs from %q to %q", body[0], body[len(body)-1])
	}
	if len(body) != 19 {
		t.Errorf("%d paragraphs in the text", len(body))
	}
	var why []string
	for _, d := range got.Dropped {
		why = append(why, d.Why)
	}
	want := []string{
		"stands before the headline", "repeats the headline",
		"is the caption of a picture", "says a caption again in other words",
	}
	if !slices.Equal(why, want) {
		t.Errorf("dropped: %q", got.Dropped)
	}
}
