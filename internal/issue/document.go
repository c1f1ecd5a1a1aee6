package issue

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"broadsheet/internal/markup"
	"broadsheet/internal/newsletter"
)

// A chunk is a run of whole lines that a merge keeps or replaces as one.
type chunk struct {
	line int // its first, from 1
	text string
}

// A document is an issue file cut into chunks; one after another they are the
// file, byte for byte.
type document struct {
	fields   []field // with the rules around them
	intro    chunk
	sections []section

	values map[string]value // of the front matter
}

// A section of a document. Without topics everybody reads it.
type section struct {
	head, note chunk
	title      string
	topics     []string
	markLine   int // 0: the topics come from the title
	items      []item
}

// An item of a document.
type item struct {
	head, image, summary, credit chunk

	id       string // "" for an editor's own
	topics   []string
	markLine int
	headline string // Markdown, like the next two
	picture  string
	byline   string
}

// A reader cuts a file into chunks.
type reader struct {
	file    string
	topicOf func(title string) (id string, ok bool)
	lines   []string // as they stand
	clean   []string // as they count
	blocks  []block  // of the body, and one more at the file's end
	seen    map[string]bool
	doc     document
}

// read cuts an issue file into chunks. topicOf knows which headings stand for
// a topic without a mark. Errors are Problems in the named file.
func read(file string, data []byte, topicOf func(string) (string, bool)) (*document, error) {
	r := reader{file: file, topicOf: topicOf, lines: splitLines(string(data)), seen: map[string]bool{}}
	r.clean = cleanLines(r.lines)
	for i, line := range r.clean {
		if !utf8.ValidString(line) {
			return nil, r.problem(i, strings.ToValidUTF8(strings.TrimSpace(line), "?"), "this line is not UTF-8 text", "save the file in the encoding UTF-8")
		}
	}
	if err := r.conflict(); err != nil {
		return nil, err
	}
	from, err := r.frontMatter()
	if err != nil {
		return nil, err
	}
	if err := r.body(from); err != nil {
		return nil, err
	}
	return &r.doc, nil
}

// problem reports what is wrong at a line, counted from 0.
func (r *reader) problem(line int, value, message, mend string) error {
	return &newsletter.Problem{File: r.file, Line: line + 1, Value: excerpt(value), Message: message, Mend: mend}
}

// excerpt cuts a value to what an error can show.
func excerpt(value string) string {
	const longest = 100
	if letters := []rune(value); len(letters) > longest {
		return string(letters[:longest]) + "…"
	}
	return value
}

func (r *reader) chunk(from, to int) chunk {
	return chunk{line: from + 1, text: strings.Join(r.lines[from:to], "")}
}

// between is the chunk from one block to before another, by their numbers.
func (r *reader) between(lo, hi int) chunk {
	return r.chunk(r.blocks[lo].line, r.blocks[hi].line)
}

// conflict finds what a version control system leaves where two edits met:
// nobody means it for readers.
func (r *reader) conflict() error {
	for i, line := range r.clean {
		if strings.HasPrefix(line, "<<<<<<< ") || strings.HasPrefix(line, ">>>>>>> ") {
			return r.problem(i, strings.TrimSpace(line), "two versions of the file meet here, and nobody has chosen", "keep the words that you want, and delete the lines with <<<<<<<, ======= and >>>>>>>")
		}
	}
	return nil
}

func (r *reader) body(from int) error {
	blocks, open := scan(strings.Join(r.clean[from:], ""))
	if open >= 0 {
		line := from + open
		return r.problem(line, strings.TrimSpace(r.clean[line]), "what begins here is never closed", "close it: a code fence with a fence of its own, a comment with -->")
	}
	for i := range blocks {
		blocks[i].line += from
	}
	r.blocks = append(blocks, block{line: len(r.lines)})
	end := len(blocks)
	lo := r.next(0, end, 2)
	r.doc.intro = r.chunk(from, r.blocks[lo].line)
	for lo < end {
		hi := r.next(lo+1, end, 2)
		if err := r.section(lo, hi); err != nil {
			return err
		}
		lo = hi
	}
	return r.strayMark()
}

// next finds the next heading of a level, or returns hi.
func (r *reader) next(lo, hi, level int) int {
	for lo < hi && r.blocks[lo].level != level {
		lo++
	}
	return lo
}

// section reads the blocks from the heading at lo to before hi.
func (r *reader) section(lo, hi int) error {
	s := section{title: markup.Plain(r.blocks[lo].text)}
	body := lo + 1
	if at, words, ok := r.markBelow(lo, hi, sectionMark); ok {
		s.topics, s.markLine, body = words, r.blocks[at].line+1, at+1
	} else if id, ok := r.topicOf(s.title); ok {
		s.topics = []string{id}
	}
	s.head = r.between(lo, body)
	first := r.nextItem(body, hi, s.topics)
	s.note = r.between(body, first)
	for first < hi {
		end := r.nextItem(first+1, hi, s.topics)
		it, err := r.item(first, end, s.topics)
		if err != nil {
			return err
		}
		s.items = append(s.items, it)
		first = end
	}
	r.doc.sections = append(r.doc.sections, s)
	return nil
}

// nextItem finds the next heading that begins an item, or returns hi.
func (r *reader) nextItem(lo, hi int, topics []string) int {
	for lo = r.next(lo, hi, 3); lo < hi; lo = r.next(lo+1, hi, 3) {
		if _, _, marked := r.markBelow(lo, hi, itemMark); marked || len(topics) > 0 {
			break
		}
	}
	return lo
}

// markBelow finds the mark of a heading. Only other comments may stand between
// the two.
func (r *reader) markBelow(heading, hi int, kind string) (at int, words []string, ok bool) {
	for at = heading + 1; at < hi && r.blocks[at].kind == commentBlock; at++ {
		if is, words, ok := r.blocks[at].mark(); ok {
			r.blocks[at].used = r.blocks[at].used || is == kind
			return at, words, is == kind
		}
	}
	return 0, nil, false
}

// item reads the blocks from the headline at lo to before hi.
func (r *reader) item(lo, hi int, topics []string) (item, error) {
	it := item{headline: r.blocks[lo].text, topics: topics}
	body := lo + 1
	if at, words, ok := r.markBelow(lo, hi, itemMark); ok {
		if err := r.identify(&it, at, words); err != nil {
			return it, err
		}
		body = at + 1
	}
	first, last := r.trimComments(body, hi)
	summary, credit := body, hi
	if first <= last && r.isImage(first) {
		it.picture, summary = r.blocks[first].text, first+1
	}
	if last >= max(first, summary) && r.isCredit(last) {
		it.byline, credit = r.blocks[last].text, last
	}
	it.head, it.image = r.between(lo, body), r.between(body, summary)
	it.summary, it.credit = r.between(summary, credit), r.between(credit, hi)
	return it, nil
}

// identify gives an item what its mark says.
func (r *reader) identify(it *item, at int, words []string) error {
	line := r.blocks[at].line
	if len(words) == 0 {
		return r.problem(line, r.blocks[at].text, "the mark names no article", "put the article's id after item:, or delete the line")
	}
	if r.seen[words[0]] {
		return r.problem(line, words[0], "this article stands in the issue twice", "delete one of the two items")
	}
	r.seen[words[0]] = true
	it.id, it.topics, it.markLine = words[0], words[1:], line+1
	return nil
}

// trimComments finds the first and last block from lo to before hi that are no
// comments; first is after last where there are none.
func (r *reader) trimComments(lo, hi int) (first, last int) {
	first, last = lo, hi-1
	for first <= last && r.blocks[first].kind == commentBlock {
		first++
	}
	for last >= first && r.blocks[last].kind == commentBlock {
		last--
	}
	return first, last
}

func (r *reader) isImage(at int) bool {
	if r.blocks[at].kind != paragraphBlock {
		return false
	}
	_, ok := imageIn(r.blocks[at].text)
	return ok
}

func (r *reader) isCredit(at int) bool {
	words := r.blocks[at].text
	return r.blocks[at].kind == paragraphBlock && (words == dash || strings.HasPrefix(words, dash+" "))
}

// strayMark reports a mark that belongs to no heading: its text would silently
// become part of what stands above.
func (r *reader) strayMark() error {
	for _, b := range r.blocks {
		m := markStart.FindStringSubmatch(b.text)
		if m == nil || b.used {
			continue
		}
		heading := map[string]string{itemMark: "###", sectionMark: "##"}[m[1]]
		return r.problem(b.line, firstLine(b.text), fmt.Sprintf("this mark does not stand alone below a %s heading", heading),
			fmt.Sprintf("put it on a line of its own directly below its %s heading, or delete it", heading))
	}
	return nil
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
