package bounce

import (
	"bufio"
	"io"
	"strings"
)

// fieldGroups reads groups of header fields with blank lines between them. Names
// are in lower case; of a field that stands twice the first counts, and a line that
// is no field is left out: many servers write such.
func fieldGroups(r io.Reader) (groups []map[string]string) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxFields+1)
	group, last := map[string]string{}, ""
	end := func() {
		if len(group) > 0 {
			groups = append(groups, group)
		}
		group, last = map[string]string{}, ""
	}
	for lines.Scan() {
		line := strings.TrimRight(lines.Text(), " \t\r")
		name, value, field := strings.Cut(line, ":")
		name = strings.ToLower(strings.TrimRight(name, " \t"))
		switch {
		case line == "":
			end()
		case line[0] == ' ' || line[0] == '\t':
			if last != "" {
				group[last] += " " + strings.TrimSpace(line)
			}
		case !field || strings.ContainsAny(name, " \t"):
			last = ""
		default:
			if last = name; group[name] != "" {
				last = ""
			} else {
				group[name] = strings.TrimSpace(value)
			}
		}
	}
	end()
	return groups
}
