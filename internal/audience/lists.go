package audience

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"broadsheet/internal/disk"
	"broadsheet/internal/newsletter"
)

// ReadLists reads the files that match the patterns (path.Match, relative to
// dir), each once, in the order of their names. A reader's Lists holds the
// file's path relative to dir, with slashes. A pattern that no file matches is
// a problem. The error joins a *newsletter.Problem for each file that cannot
// be read; the readers of the others are returned with it.
func ReadLists(dir string, patterns []string, topics []newsletter.Topic) ([]newsletter.Subscriber, []newsletter.Problem, error) {
	folder := os.DirFS(dir)
	names, problems, err := match(folder, patterns)
	if err != nil {
		return nil, problems, err
	}
	var all []newsletter.Subscriber
	var failed []error
	for _, name := range names {
		readers, found, err := readList(folder, name, topics)
		all = append(all, readers...)
		problems = append(problems, found...)
		failed = append(failed, err)
	}
	return all, problems, errors.Join(failed...)
}

func match(folder fs.FS, patterns []string) (names []string, problems []newsletter.Problem, err error) {
	for _, pattern := range patterns {
		matches, err := fs.Glob(folder, pattern)
		if err != nil {
			return nil, nil, fmt.Errorf("looking for the lists %q: %w", pattern, err)
		}
		matches = slices.DeleteFunc(matches, func(name string) bool {
			info, err := fs.Stat(folder, name)
			return err == nil && info.IsDir()
		})
		if len(matches) == 0 {
			problems = append(problems, newsletter.Problem{
				File: pattern, Message: "no such list", Mend: "see lists in the configuration",
			})
		}
		names = append(names, matches...)
	}
	slices.Sort(names)
	return slices.Compact(names), problems, nil
}

func readList(folder fs.FS, name string, topics []newsletter.Topic) ([]newsletter.Subscriber, []newsletter.Problem, error) {
	file, err := disk.Open(folder, name)
	if err != nil {
		return nil, nil, &newsletter.Problem{File: name, Message: "the list cannot be read: " + err.Error()}
	}
	defer file.Close()
	return ReadCSV(name, file, topics)
}

// Merge makes one reader of all that have the same address: topics and lists
// are united, the first spelling and the first name and language that are not
// empty win. Readers stand in the order in which they first appear.
func Merge(members []newsletter.Subscriber) []newsletter.Subscriber {
	readers := make([]newsletter.Subscriber, 0, len(members))
	at := make(map[string]int, len(members))
	for _, m := range members {
		i, known := at[m.Address.Identity]
		if !known {
			at[m.Address.Identity] = len(readers)
			readers = append(readers, m)
			continue
		}
		r := &readers[i]
		r.Topics = newsletter.NewSegment(slices.Concat(r.Topics, m.Topics), "").Topics
		r.Lists = unite(r.Lists, m.Lists)
		if r.Name == "" {
			r.Name = m.Name
		}
		if r.Language == "" {
			r.Language = m.Language
		}
	}
	return readers
}

func unite(lists, more []string) []string {
	for _, name := range more {
		if !slices.Contains(lists, name) {
			lists = append(slices.Clip(lists), name)
		}
	}
	return lists
}
