package audience

import (
	"strings"
	"unicode"

	"broadsheet/internal/newsletter"
)

// A column is what a field of a record says.
type column int

const (
	colEmail column = iota
	colAddress
	colName
	colFirstName
	colLastName
	colTopics
	colLanguage
	colReason
	columnCount
)

// columns are the places of the known columns in a record; -1 is none.
type columns [columnCount]int

// headings are the known columns' names, reduced to small letters.
var headings = map[string]column{
	"email": colEmail, "emailaddress": colEmail, "mail": colEmail, "emailadresse": colEmail, "subscriberemail": colEmail,
	"address": colAddress, "adresse": colAddress,
	"name": colName, "fullname": colName, "displayname": colName,
	"firstname": colFirstName, "givenname": colFirstName, "vorname": colFirstName,
	"lastname": colLastName, "familyname": colLastName, "surname": colLastName, "nachname": colLastName,
	"topics": colTopics, "topic": colTopics, "interests": colTopics, "tags": colTopics, "themen": colTopics,
	"language": colLanguage, "lang": colLanguage, "locale": colLanguage, "sprache": colLanguage,
	"reason": colReason, "grund": colReason,
}

// header reads the header line; it decides what separates the fields. A file
// without an e-mail column is an error.
func (t *table) header() error {
	text, ok := t.text()
	if ok && strings.HasPrefix(strings.ToLower(text), "sep=") { // a spreadsheet's own remark
		t.drop(1)
		text, ok = t.text()
	}
	if !ok {
		if err := t.err(); err != nil {
			return err
		}
		return &newsletter.Problem{File: t.name, Message: "the file is empty", Mend: "begin it with a line such as  email,name,topics"}
	}
	t.line = t.first
	if strings.HasPrefix(text, "PK\x03\x04") || strings.ContainsRune(text, 0) {
		return &newsletter.Problem{File: t.name, Line: t.line, Message: "this is not a text file", Mend: `save it as "CSV UTF-8" in the spreadsheet program`}
	}
	if !t.recognize(text) {
		return &newsletter.Problem{
			File: t.name, Line: t.line, Value: shorten(text), Message: "the first line names no e-mail column",
			Mend: "begin the file with a line such as  email,name,topics",
		}
	}
	t.drop(1)
	return nil
}

// recognize takes a line for the header if some separator shows an e-mail
// column in it: the separator that shows most columns.
func (t *table) recognize(text string) bool {
	most := 0
	for _, separator := range []byte{',', ';', '\t'} {
		fields, end := split(nil, text, separator)
		places, known := place(fields)
		if end == closed && places[colEmail] >= 0 && known > most {
			t.separator, t.columns, t.width, most = separator, places, len(fields), known
		}
	}
	return most > 0
}

// place finds the known columns and counts them. A column "address" is the
// e-mail address where no other column is.
func place(fields []string) (places columns, known int) {
	for c := range places {
		places[c] = -1
	}
	for i, field := range fields {
		if c, ok := headings[reduce(field)]; ok && places[c] < 0 {
			places[c] = i
			known++
		}
	}
	if places[colEmail] < 0 {
		places[colEmail] = places[colAddress]
	}
	return places, known
}

// reduce keeps the letters of a heading: "E-Mail Address" is "emailaddress".
func reduce(heading string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, heading)
}
