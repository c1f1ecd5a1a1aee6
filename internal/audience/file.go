package audience

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"

	"broadsheet/internal/newsletter"
)

// maxName is how many characters a reader's name may have.
const maxName = 200

// quoteTopics mends the commonest mistake: topics that became fields.
const quoteTopics = `put several topics in quotes: "europe,ukraine"`

// Options say how a file is read.
type Options struct {
	Topics []newsletter.Topic // of the publication
	// Map names the file's own headings by the fields that they stand for, where
	// nobody could guess: email, name, topics … → heading.
	Map map[string]string
	// Otherwise are the topics of those for whom the file gives none.
	Otherwise []string
	// Doubts notes addresses that are written rightly and look wrong all the
	// same: slips, offices, mailboxes for a day.
	Doubts bool
}

// An Entry is what a file says of one address.
type Entry struct {
	newsletter.Subscriber
	Line int
	// Barred is why the program that wrote the file does not mail the address
	// any more: unsubscribed, bounced, complained, blocked; "": it does. At is
	// since when, zero where the file does not say.
	Barred string
	At     time.Time
}

// A File is a list that is read entry by entry: CSV, or JSON Lines. The first
// line of CSV names the columns, in any order and under any of their usual
// names: an e-mail address, and where the list has them name (or first and last
// name), topics, language, consent and origin, and what says whether the address
// is still mailed; other columns are ignored. Fields are separated by commas,
// semicolons or tabs, topics within their field by commas, semicolons or bars.
// Blank lines and lines that start with # are ignored.
//
// Entries share memory: change copies of their Topics and Lists only.
type File struct {
	*table
	options   Options
	topics    *topicNames
	languages map[string]string // as spelled in the file → as a tag
	lists     []string
	pending   int
}

// Open reads a file's head. The error is a *newsletter.Problem: the file cannot
// be read or has no e-mail column.
func Open(name string, r io.Reader, o Options) (*File, error) {
	m, err := newMapping(o.Map)
	if err != nil {
		return nil, err
	}
	f := &File{table: newTable(name, r), options: o, topics: newTopicNames(o.Topics), languages: map[string]string{"": ""}, lists: []string{name}}
	f.mapping = m
	if err := f.header(); err != nil {
		return nil, err
	}
	if f.columns[colTopics] < 0 && f.columns[colAttributes] < 0 && !f.objects && len(o.Otherwise) == 0 {
		f.note(f.line, "", "no topics column: nobody on this list gets mail until topics are given", "add a column topics, for example with the word all")
	}
	return f, nil
}

// Format is the program that wrote the file, as its headings show; "" is any.
func (f *File) Format() string { return f.format }

// Columns says what the file's headings were taken for, in their order.
func (f *File) Columns() []string {
	var list []string
	for i, heading := range f.headings {
		for field, c := range fields {
			if f.columns[c] == i && !strings.EqualFold(field, heading) {
				heading += " = " + field
				break
			}
		}
		list = append(list, heading)
	}
	return list
}

// Pending counts the addresses left out so far that nobody has confirmed.
func (f *File) Pending() int { return f.pending }

// Next returns the next entry; false: there is none.
func (f *File) Next() (Entry, bool) {
	for f.next() {
		if e, ok := f.entry(); ok {
			return e, true
		}
	}
	return Entry{}, false
}

// entry makes an entry of the current record, or notes why it is skipped.
func (f *File) entry() (Entry, bool) {
	email := f.field(colEmail)
	address, err := ParseAddress(email)
	if err != nil {
		f.note(f.line, email, err.Error()+"; the line is skipped", "correct the address or remove the line")
		return Entry{}, false
	}
	is, why, at := f.standing()
	switch is {
	case pending:
		f.pending++
		f.note(f.line, f.field(colStatus), address.Spelled+" has not confirmed; the line is skipped", "import the list again when the reader has")
		return Entry{}, false
	case unclear:
		f.note(f.line, f.field(colStatus), "unknown status; the line is skipped", "write active or unsubscribed, or rename the column if it is about something else")
		return Entry{}, false
	case barred:
		return Entry{Subscriber: newsletter.Subscriber{Address: address, Lists: f.lists}, Line: f.line, Barred: why, At: at}, true
	case mailed:
	}
	f.surplus(address)
	if f.options.Doubts {
		if message, mend := doubt(address); message != "" {
			f.note(f.line, "", message, mend)
		}
	}
	return Entry{Line: f.line, Subscriber: newsletter.Subscriber{
		Address: address, Name: f.readerName(), Language: f.language(), Topics: f.chosen(address), Lists: f.lists,
		Consent: f.consent(), Origin: f.short(colOrigin, "an origin"),
	}}, true
}

// surplus notes fields past the header's last, mostly topics without quotes.
func (f *File) surplus(address newsletter.Address) {
	for _, field := range f.fields[min(len(f.headings), len(f.fields)):] {
		if field = strings.TrimSpace(field); field != "" {
			f.note(f.line, field, fmt.Sprintf("%s has more fields than the header; the rest is ignored", address.Spelled),
				quoteTopics)
			return
		}
	}
}

func (f *File) readerName() string {
	if name := f.short(colName, "a name"); name != "" {
		return name
	}
	return strings.TrimSpace(f.short(colFirstName, "a name") + " " + f.short(colLastName, "a name"))
}

// short is a field of a few words in one line.
func (f *File) short(c column, what string) string {
	words := oneLine(f.field(c))
	if len(words) > maxName && utf8.RuneCountInString(words) > maxName {
		f.note(f.line, words, what+" of more than 200 characters; it is left out", "shorten it")
		return ""
	}
	return words
}

// consent is when the reader asked for the letter: the confirmation, or else
// the first word.
func (f *File) consent() time.Time {
	for _, c := range []column{colConfirmed, colConsent} {
		if value := f.field(c); value != "" {
			if at := f.parseTime(value); !at.IsZero() {
				return at
			}
			f.note(f.line, value, "not a date; it is left out", "write it as 2026-11-20")
		}
	}
	return time.Time{}
}

// language reads a BCP 47 tag; "" is the publication's own language.
func (f *File) language() string {
	spelled := f.field(colLanguage)
	tag, known := f.languages[spelled]
	if !known {
		tag = parseLanguage(spelled)
		f.languages[strings.Clone(spelled)] = tag
	}
	if tag == "" && spelled != "" {
		mend := "write a BCP 47 tag such as en, de or fr"
		if f.topics.known(spelled) {
			mend = quoteTopics
		}
		f.note(f.line, spelled, "not a language; the publication's own is used", mend)
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
func (f *File) chosen(address newsletter.Address) []string {
	field := f.field(colTopics)
	if field == "" && f.columns[colTopics] < 0 && !f.objects {
		return f.options.Otherwise
	}
	choice := f.topics.choose(field)
	for _, unknown := range choice.unknown {
		f.note(f.line, unknown, "unknown topic; ignored", "the topics are "+strings.Join(f.topics.ids, ", "))
	}
	switch {
	case len(choice.ids) > 0:
	case len(f.options.Otherwise) > 0:
		return f.options.Otherwise
	default:
		f.note(f.line, "", address.Spelled+" gets no mail until a topic is given", "the topics are "+strings.Join(f.topics.ids, ", "))
	}
	return choice.ids
}
