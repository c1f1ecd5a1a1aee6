package preview

import (
	"cmp"
	"slices"
	"strings"

	"broadsheet/internal/newsletter"
)

// A change is one difference between two states of an issue.
type change struct {
	What  string // new, gone, moved, reworded …
	Title string // of what has changed
	Gone  bool   // the letter has no such place any more
	Words []run  // old and new words, where they are worth seeing
}

// A run is words that are in both states, in the old one or in the new one.
type run struct {
	Kind string // same, old or new
	Text string
}

// compare lists what is different, in the order of the new state; what is gone
// comes last.
func compare(old, now newsletter.Issue) []change {
	var list []change
	reworded := func(title, what, was, is string) {
		if was != is {
			list = append(list, change{What: what, Title: title, Words: diff(was, is)})
		}
	}
	reworded("Subject", "reworded", old.Subject, now.Subject)
	reworded("Preheader", "reworded", old.Preheader, now.Preheader)
	reworded("Introduction", "reworded", old.Intro, now.Intro)
	before, after := shelve(old), shelve(now)
	for _, e := range after.order {
		was, known := before.entries[e.key]
		switch {
		case !known:
			list = append(list, change{What: "new in " + e.section, Title: e.title})
			continue
		case was.section != e.section:
			list = append(list, change{What: "moved from " + was.section + " to " + e.section, Title: e.title})
		}
		reworded(e.title, "new headline", was.title, e.title)
		reworded(e.title, "reworded", was.text, e.text)
	}
	list = append(list, reordered(before, after)...)
	for _, e := range before.order {
		if _, still := after.entries[e.key]; !still {
			list = append(list, change{What: "gone from " + e.section, Title: e.title, Gone: true})
		}
	}
	return list
}

// An entry is a section's heading or an item.
type entry struct{ key, section, title, text string }

// contents are an issue's entries, in order and by key.
type contents struct {
	order   []entry
	entries map[string]entry
}

func shelve(is newsletter.Issue) contents {
	c := contents{entries: make(map[string]entry)}
	add := func(e entry) {
		if _, twice := c.entries[e.key]; !twice {
			c.entries[e.key] = e
			c.order = append(c.order, e)
		}
	}
	for _, s := range is.Sections {
		if s.Note != "" {
			add(entry{key: "note of " + s.Title, section: s.Title, title: s.Title, text: s.Note})
		}
		for _, item := range s.Items {
			add(entry{cmp.Or(item.ID, item.Link, item.Title), s.Title, item.Title, item.Summary})
		}
	}
	return c
}

// reordered names the sections whose common items stand in another order.
func reordered(before, after contents) []change {
	var list []change
	var sections []string
	for _, e := range after.order {
		if !slices.Contains(sections, e.section) {
			sections = append(sections, e.section)
		}
	}
	for _, section := range sections {
		if !slices.Equal(common(before, after, section), common(after, before, section)) {
			list = append(list, change{What: "another order", Title: section})
		}
	}
	return list
}

// common are the keys of a section's entries that are there in the other state too.
func common(in, other contents, section string) []string {
	var keys []string
	for _, e := range in.order {
		if e.section == section && other.entries[e.key].section == section {
			keys = append(keys, e.key)
		}
	}
	return keys
}

// wordsCompared bounds the work of a comparison.
const wordsCompared = 800

// diff compares two texts word by word: the longest common subsequence stays.
func diff(old, now string) []run {
	a, b := strings.Fields(old), strings.Fields(now)
	if len(a) > wordsCompared || len(b) > wordsCompared {
		return nil
	}
	longest := table(a, b)
	var runs []run
	add := func(kind, word string) {
		if n := len(runs); n > 0 && runs[n-1].Kind == kind {
			runs[n-1].Text += " " + word
		} else {
			runs = append(runs, run{kind, word})
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			add("same", a[i])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && longest[i+1][j] >= longest[i][j+1]:
			add("old", a[i])
			i++
		default:
			add("new", b[j])
			j++
		}
	}
	return shorten(runs)
}

// table holds the length of the longest common subsequence of a[i:] and b[j:].
func table(a, b []string) [][]int {
	t := make([][]int, len(a)+1)
	for i := range t {
		t[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				t[i][j] = t[i+1][j+1] + 1
			} else {
				t[i][j] = max(t[i+1][j], t[i][j+1])
			}
		}
	}
	return t
}

// shorten leaves of words that stayed only those beside a change.
func shorten(runs []run) []run {
	const beside = 4
	for i := range runs {
		words := strings.Fields(runs[i].Text)
		if runs[i].Kind != "same" || len(words) <= 2*beside+1 {
			continue
		}
		head, tail := words[:beside], words[len(words)-beside:]
		if i == 0 {
			head = nil
		}
		if i == len(runs)-1 {
			tail = nil
		}
		runs[i].Text = strings.TrimSpace(strings.Join(head, " ") + " … " + strings.Join(tail, " "))
	}
	return runs
}
