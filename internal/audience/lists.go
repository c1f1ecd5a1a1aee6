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
// dir), each once, in the order of their names, and hands every membership to
// take. A reader's Lists holds the file's path relative to dir, with slashes. A
// pattern that no file matches is a problem. An error of take ends the reading;
// otherwise the error joins a *newsletter.Problem for each file that cannot be
// read, and the others were read.
func ReadLists(dir string, patterns []string, o Options, take func(newsletter.Subscriber) error) ([]newsletter.Problem, error) {
	folder := os.DirFS(dir)
	names, problems, err := match(folder, patterns)
	if err != nil {
		return problems, err
	}
	var failed []error
	for _, name := range names {
		found, err := readList(folder, name, o, take)
		problems = append(problems, found...)
		problem := (*newsletter.Problem)(nil)
		if failed = append(failed, err); err != nil && !errors.As(err, &problem) {
			break
		}
	}
	return problems, errors.Join(failed...)
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

func readList(folder fs.FS, name string, o Options, take func(newsletter.Subscriber) error) ([]newsletter.Problem, error) {
	file, err := disk.Open(folder, name)
	if err != nil {
		return nil, &newsletter.Problem{File: name, Message: "the list cannot be read: " + err.Error(), Mend: "put a file of text there, or take it out of lists: in the configuration"}
	}
	defer file.Close()
	list, err := Open(name, file, o)
	if err != nil {
		return nil, err
	}
	for e, ok := list.Next(); ok; e, ok = list.Next() {
		if e.Barred != "" {
			list.note(e.Line, "", e.Address.Spelled+" is "+e.Barred+"; the line is skipped",
				"broadsheet subscribers import "+name+" keeps such addresses from every list")
			continue
		}
		if err := take(e.Subscriber); err != nil {
			return list.Problems(), err
		}
	}
	return list.Problems(), list.Err()
}
