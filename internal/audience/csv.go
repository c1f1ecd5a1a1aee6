package audience

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"

	"broadsheet/internal/newsletter"
)

// maxName is how many characters a reader's name may have.
const maxName = 200

// quoteTopics mends the commonest mistake: topics that became fields.
const quoteTopics = `put several topics in quotes: "europe,ukraine"`

// ReadCSV reads one list. The first line names the columns, in any order and
// under any of their usual names: an e-mail address, and where the list has
// them name (or first and last name), topics and language; other columns are
// ignored. Fields are separated by commas, semicolons or tabs, topics within
// their field by commas, semicolons or bars. Blank lines and lines that start
// with # are ignored.
//
// A reader without a topic is returned with none. The readers of one file
// share memory: change copies of their Topics and Lists only.
//
// Problems name file and line and what was skipped. Only a file that cannot be
// read and a header without an e-mail column are an error, a
// *newsletter.Problem; what was read before it is returned with it.
func ReadCSV(name string, r io.Reader, topics []newsletter.Topic) ([]newsletter.Subscriber, []newsletter.Problem, error) {
	t := newTable(name, r)
	if err := t.header(); err != nil {
		return nil, t.problems, err
	}
	if t.columns[colTopics] < 0 {
		t.note(t.line, "", "no topics column: nobody on this list gets mail until topics are given", "add a column topics, for example with the word all")
	}
	l := list{table: t, topics: newTopicNames(topics), languages: map[string]string{"": ""}, lists: []string{name}}
	var readers []newsletter.Subscriber
	for t.next() {
		if reader, ok := l.reader(); ok {
			readers = append(readers, reader)
		}
	}
	return readers, t.problems, t.err()
}

// A list makes readers of a table's records.
type list struct {
	*table
	topics    *topicNames
	languages map[string]string // as spelled in the file → as a tag
	lists     []string
}

// reader makes a reader of the current record, or notes why it is skipped.
func (l *list) reader() (newsletter.Subscriber, bool) {
	email := l.field(colEmail)
	address, err := ParseAddress(email)
	if err != nil {
		l.note(l.line, email, err.Error()+"; the line is skipped", "correct the address or remove the line")
		return newsletter.Subscriber{}, false
	}
	l.surplus(address)
	return newsletter.Subscriber{
		Address:  address,
		Name:     l.name(),
		Language: l.language(),
		Topics:   l.chosen(address),
		Lists:    l.lists,
	}, true
}

// surplus notes fields past the header's last, mostly topics without quotes.
func (l *list) surplus(address newsletter.Address) {
	for _, field := range l.fields[min(l.width, len(l.fields)):] {
		if field = strings.TrimSpace(field); field != "" {
			l.note(l.line, field, fmt.Sprintf("%s has more fields than the header; the rest is ignored", address.Spelled),
				quoteTopics)
			return
		}
	}
}

func (l *list) name() string {
	name := l.field(colName)
	if name == "" {
		name = l.field(colFirstName) + " " + l.field(colLastName)
	}
	name = oneLine(name)
	if utf8.RuneCountInString(name) > maxName {
		l.note(l.line, name, "a name of more than 200 characters; the name is left out", "shorten it")
		return ""
	}
	return name
}

// language reads a BCP 47 tag; "" is the publication's own language.
func (l *list) language() string {
	spelled := l.field(colLanguage)
	tag, known := l.languages[spelled]
	if !known {
		tag = parseLanguage(spelled)
		l.languages[spelled] = tag
	}
	if tag == "" && spelled != "" {
		mend := "write a BCP 47 tag such as en, de or fr"
		if l.topics.known(spelled) {
			mend = quoteTopics
		}
		l.note(l.line, spelled, "not a language; the publication's own is used", mend)
	}
	return tag
}

func parseLanguage(spelled string) string {
	tag, err := language.Parse(spelled)
	if err != nil || tag == language.Und {
		return ""
	}
	return tag.String()
}

// chosen reads the topics and notes unknown ones, and that none is left.
func (l *list) chosen(address newsletter.Address) []string {
	if l.columns[colTopics] < 0 {
		return nil
	}
	choice := l.topics.choose(l.field(colTopics))
	for _, unknown := range choice.unknown {
		l.note(l.line, unknown, "unknown topic; ignored", "the topics are "+strings.Join(l.topics.ids, ", "))
	}
	if len(choice.ids) == 0 {
		l.note(l.line, "", address.Spelled+" gets no mail until a topic is given", "the topics are "+strings.Join(l.topics.ids, ", "))
	}
	return choice.ids
}
