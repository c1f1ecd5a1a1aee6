package issue

import (
	"strings"
)

// Flag sets the flags of a file's items: a word or two behind a semicolon in
// the item's mark, "<!-- item: 3f9c2e1b07 europe; new -->", which tell the
// editor something and mean nothing to a reader or a merge. Items that flags
// does not name, by article id, lose theirs. A file that cannot be read is
// returned as it is.
func Flag(data []byte, flags map[string]string) []byte {
	doc, err := read("issue.md", data, func(string) (string, bool) { return "", false })
	if err != nil {
		return data
	}
	lines := splitLines(string(data))
	for _, s := range doc.sections {
		for _, it := range s.items {
			if it.markLine > 0 {
				lines[it.markLine-1] = flagged(lines[it.markLine-1], flags[it.id])
			}
		}
	}
	return []byte(strings.Join(lines, ""))
}

// flagged is the line of a mark with that flag; "" takes it away. A mark that
// its writer spread over several lines keeps what it has.
func flagged(line, flag string) string {
	head, tail, ok := strings.Cut(line, "-->")
	if !ok {
		return line
	}
	head, _, had := strings.Cut(head, ";")
	if !had && flag == "" {
		return line
	}
	if flag != "" {
		// What ends a comment would end the mark, and a mark is one line.
		flag = "; " + strings.Join(strings.Fields(strings.ReplaceAll(flag, "--", "–")), " ")
	}
	return strings.TrimRight(head, " \t") + flag + " -->" + tail
}
