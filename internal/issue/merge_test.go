package issue_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/issue"
	"broadsheet/internal/newsletter"
)

// A case is a folder with base.md (absent: unknown), edited.md, fresh.md,
// merged.md and changes.txt.
func TestMergeGolden(t *testing.T) {
	folders, err := filepath.Glob(filepath.Join("testdata", "merge", "*"))
	if err != nil || len(folders) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, dir := range folders {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			base, edited, fresh := readCase(t, dir)
			merged, changes, err := issue.Merge(base, edited, fresh)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join(dir, "merged.md"), string(merged))
			golden(t, filepath.Join(dir, "changes.txt"), fmt.Sprintf("added %v\nupdated %v\nkept %v\nremoved %v\ndeleted %v\n",
				changes.Added, changes.Updated, changes.Kept, changes.Removed, changes.Deleted))
			checkMerge(t, base, edited, fresh, merged)
		})
	}
}

func readCase(t *testing.T, dir string) (base, edited, fresh []byte) {
	t.Helper()
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil && (name != "base.md" || !errors.Is(err, os.ErrNotExist)) {
			t.Fatal(err)
		}
		return data
	}
	return read("base.md"), read("edited.md"), read("fresh.md")
}

// checkMerge holds a merge to its promises.
func checkMerge(t *testing.T, base, edited, fresh, merged []byte) {
	t.Helper()
	if line, ok := lostLine(base, edited, merged); ok {
		t.Fatalf("the editor's line %q is lost\n--- edited\n%s\n--- merged\n%s", line, edited, merged)
	}
	again, _, err := issue.Merge(fresh, merged, fresh)
	if err != nil {
		t.Fatalf("merging again: %v\n--- merged\n%s", err, merged)
	}
	if diff := cmp.Diff(string(merged), string(again)); diff != "" {
		t.Fatalf("merging again changes the file (-merged +again):\n%s", diff)
	}
	if same, _, err := issue.Merge(base, edited, base); base != nil && (err != nil || !bytes.Equal(same, edited)) {
		t.Fatalf("merging without news changes the file (-edited +merged), error %v:\n%s", err, cmp.Diff(string(edited), string(same)))
	}
}

// lostLine finds a line that stands in edited more often than in base, so that
// a person must have written it, and in merged less often than that person
// wrote it.
func lostLine(base, edited, merged []byte) (string, bool) {
	was, is, now := count(base), count(edited), count(merged)
	for line, n := range is {
		if written := n - was[line]; written > 0 && now[line] < written {
			return line, true
		}
	}
	return "", false
}

func count(data []byte) map[string]int {
	lines := map[string]int{}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			lines[line]++
		}
	}
	return lines
}

func TestMergeKeepsLineEnds(t *testing.T) {
	for _, name := range []string{"untouched", "own-sections-and-items", "compact-writing"} {
		base, edited, fresh := readCase(t, filepath.Join("testdata", "merge", name))
		want, _, err := issue.Merge(base, edited, fresh)
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := issue.Merge(base, []byte("\ufeff"+strings.ReplaceAll(string(edited), "\n", "\r\n")), fresh)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff("\ufeff"+strings.ReplaceAll(string(want), "\n", "\r\n"), string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestMergeRefusesWhatCannotBeRead(t *testing.T) {
	good := issue.Format(weekly(t))
	bad := []byte(header + "\n```\n")
	for name, files := range map[string][3][]byte{
		"issue.md":                    {good, bad, good},
		"the issue as last generated": {bad, good, good},
		"the issue as now generated":  {good, good, bad},
	} {
		merged, changes, err := issue.Merge(files[0], files[1], files[2])
		var p *newsletter.Problem
		if !errors.As(err, &p) || p.File != name || p.Line != 6 {
			t.Errorf("%s: error is %v", name, err)
		}
		if merged != nil || !cmp.Equal(changes, issue.Changes{}) {
			t.Errorf("%s: merged %q, %v", name, merged, changes)
		}
	}
}

// randomIssue makes an issue of some of ten articles, each in one of two
// wordings.
func randomIssue(t testing.TB, r *rand.Rand) []byte {
	var stories []newsletter.Story
	summaries := map[string]string{}
	for _, n := range r.Perm(10)[:r.IntN(8)] {
		id, wording := fmt.Sprint("id", n), r.IntN(2)
		section := []string{"europe", "ukraine", "climate", ""}[n%4]
		story := newsletter.Story{
			Lead:    newsletter.Article{ID: id, Source: fmt.Sprint("desk", wording), Link: "https://a.example/" + id, Title: fmt.Sprint("Headline ", n, " ", r.IntN(2))},
			Section: section,
		}
		if r.IntN(2) == 0 {
			story.Lead.Image.URL = fmt.Sprintf("https://a.example/%d.jpg", r.IntN(2))
		}
		if section != "" {
			story.Topics = []string{section}
		}
		stories = append(stories, story)
		summaries[id] = fmt.Sprintf("Summary %d.\n\nMore %d.", n, r.IntN(2))
	}
	return issue.Format(issue.Compose(publication(t), "1", time.Unix(int64(r.IntN(3))*1e8, 0), stories, summaries))
}

// edit does to a file what people do.
func edit(r *rand.Rand, file []byte) []byte {
	lines := strings.SplitAfter(string(file), "\n")
	for range 1 + r.IntN(4) {
		if len(lines) < 2 {
			break
		}
		at := r.IntN(len(lines))
		end := min(len(lines), at+1+r.IntN(6))
		switch r.IntN(7) {
		case 0, 1:
			lines = slices.Insert(lines, at, written(r))
		case 2:
			lines = slices.Delete(lines, at, at+1)
		case 3:
			lines = slices.Delete(lines, at, end)
		case 4:
			block := slices.Clone(lines[at:end])
			lines = slices.Delete(lines, at, end)
			lines = slices.Insert(lines, r.IntN(len(lines)+1), block...)
		case 5:
			lines[at] = strings.TrimSuffix(lines[at], "\n") + written(r)
		case 6:
			lines[at] = written(r)
		}
	}
	return []byte(strings.Join(lines, ""))
}

func written(r *rand.Rand) string {
	kinds := []string{
		"words %d\n", "\nwords %d\n\n", "## Section %d\n", "## Europe\n", "### Item %d\n", "— Me %d · 2026-11-18\n", "![%d](https://b.example)\n", "![%d](https://b.example)\n\n",
		"- list %d\n", "<div>%d\n", "<!-- comment %d -->\n", "```\n## code %d\n```\n", "    indented %d\n", "> quote %d\n", "# comment %d\n", "words %d", "\n", "%d\n---\n", "subject: words %d\n",
		"\n## Both %d\n<!-- section: europe ukraine -->\n\n", "[ref%d]: https://b.example\n", "  \n",
	}
	kind := kinds[r.IntN(len(kinds))]
	if strings.Contains(kind, "%d") {
		return fmt.Sprintf(kind, r.IntN(1e9))
	}
	return kind
}

func TestMergeLosesNothing(t *testing.T) {
	readable := 0
	const runs = 1500
	for seed := range uint64(runs) {
		r := rand.New(rand.NewPCG(seed, 1))
		base, fresh := randomIssue(t, r), randomIssue(t, r)
		edited := edit(r, base)
		if r.IntN(4) == 0 {
			base = nil
		}
		merged, _, err := issue.Merge(base, edited, fresh)
		if err != nil {
			continue
		}
		readable++
		checkMerge(t, base, edited, fresh, merged)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	if readable < runs/4 {
		t.Errorf("only %d of %d edited files could be read: the test tests little", readable, runs)
	}
}

func FuzzMerge(f *testing.F) {
	folders, err := filepath.Glob(filepath.Join("testdata", "merge", "*"))
	if err != nil {
		f.Fatal(err)
	}
	for _, dir := range folders {
		var files [3][]byte
		for i, name := range []string{"base.md", "edited.md", "fresh.md"} {
			files[i], _ = os.ReadFile(filepath.Join(dir, name))
		}
		f.Add(files[0], files[1], files[2])
	}
	f.Fuzz(func(t *testing.T, base, edited, fresh []byte) {
		if len(base) == 0 {
			base = nil
		}
		merged, _, err := issue.Merge(base, edited, fresh)
		if err != nil {
			var p *newsletter.Problem
			if !errors.As(err, &p) {
				t.Fatalf("%v is no problem", err)
			}
			return
		}
		if line, ok := lostLine(base, edited, merged); ok {
			t.Fatalf("the editor's line %q is lost", line)
		}
	})
}

func BenchmarkMerge(b *testing.B) {
	base, edited, fresh := issue.Format(weekly(b)), issue.Format(weekly(b)), issue.Format(weekly(b))
	edited = bytes.Replace(edited, []byte("Second"), []byte("Another"), 1)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := issue.Merge(base, edited, fresh); err != nil {
			b.Fatal(err)
		}
	}
}
