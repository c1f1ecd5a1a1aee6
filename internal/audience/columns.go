package audience

import (
	"slices"
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
	colConsent
	colConfirmed
	colOrigin
	colStatus
	colDisabled
	colSubscribed
	colUnsubscribed
	colBounced
	colDeleted
	colAttributes
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
	"topics": colTopics, "topic": colTopics, "interests": colTopics, "tags": colTopics, "labels": colTopics, "themen": colTopics,
	"language": colLanguage, "lang": colLanguage, "locale": colLanguage, "sprache": colLanguage,
	"reason": colReason, "grund": colReason,
	"consent": colConsent, "consentdate": colConsent, "optintime": colConsent, "optindate": colConsent,
	"subscribedat": colConsent, "signupdate": colConsent, "createdat": colConsent, "creationdate": colConsent,
	"confirmtime": colConfirmed, "confirmedat": colConfirmed,
	"origin": colOrigin, "source": colOrigin, "signupsource": colOrigin, "acquisitionsource": colOrigin, "utmsource": colOrigin,
	"status": colStatus, "subscriberstatus": colStatus, "subscriptionstatus": colStatus, "subscribertype": colStatus,
	"emaildisabled":      colDisabled,
	"subscribedtoemails": colSubscribed, "subscribed": colSubscribed,
	"unsubtime": colUnsubscribed, "unsubscribedat": colUnsubscribed, "unsubscribed": colUnsubscribed, "optouttime": colUnsubscribed,
	"cleantime": colBounced, "bouncedat": colBounced, "bounced": colBounced,
	"deletedat":  colDeleted,
	"attributes": colAttributes, "attribs": colAttributes, "metadata": colAttributes,
}

// Fields are the names by which a file's own headings can be mapped.
var fields = map[string]column{
	"email": colEmail, "name": colName, "first_name": colFirstName, "last_name": colLastName, "topics": colTopics,
	"language": colLanguage, "consent": colConsent, "origin": colOrigin, "status": colStatus, "reason": colReason,
}

// A mapping finds columns by their headings.
type mapping struct {
	format string            // the program that wrote the file; "": unknown
	own    map[string]column // headings, spelled out in small letters, that somebody mapped
}

// newMapping checks what somebody said about a file's headings.
func newMapping(said map[string]string) (mapping, error) {
	m := mapping{own: make(map[string]column, len(said))}
	for field, heading := range said {
		c, ok := fields[field]
		if !ok {
			return m, newsletter.Faultf(newsletter.Misuse, "the fields are "+strings.Join(fieldNames(), ", "), "there is no field %q to map to", field)
		}
		m.own[spelled(heading)] = c
	}
	return m, nil
}

func fieldNames() []string {
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func spelled(heading string) string { return strings.ToLower(oneLine(heading)) }

// column is what a heading means; false: nothing.
func (m *mapping) column(heading string) (column, bool) {
	if c, ok := m.own[spelled(heading)]; ok {
		return c, true
	}
	c, ok := headings[reduce(heading)]
	if !ok && m.format == buttondown && reduce(heading) == "type" {
		c, ok = colStatus, true
	}
	for _, taken := range m.own {
		ok = ok && c != taken
	}
	return c, ok
}

// missing is a mapped heading that is none of the file's.
func (m *mapping) missing(headings []string) (string, bool) {
	for heading := range m.own {
		if !slices.ContainsFunc(headings, func(h string) bool { return spelled(h) == heading }) {
			return heading, true
		}
	}
	return "", false
}

// place finds the known columns and counts them. A column "address" is the
// e-mail address where no other column is.
func (m *mapping) place(headings []string) (places columns, known int) {
	for c := range places {
		places[c] = -1
	}
	for i, heading := range headings {
		if c, ok := m.column(heading); ok && places[c] < 0 {
			places[c] = i
			known++
		}
	}
	if places[colEmail] < 0 {
		places[colEmail] = places[colAddress]
	}
	return places, known
}

// The programs whose exports are known by their headings.
const (
	mailchimp  = "Mailchimp"
	substack   = "Substack"
	ghost      = "Ghost"
	listmonk   = "listmonk"
	beehiiv    = "beehiiv"
	buttondown = "Buttondown"
)

// formats are headings that stand together only in one program's exports.
var formats = []struct {
	name     string
	headings []string
}{
	{mailchimp, []string{"emailaddress", "optintime"}},
	{mailchimp, []string{"emailaddress", "memberrating"}},
	{mailchimp, []string{"emailaddress", "firstname", "tags"}},
	{substack, []string{"email", "activesubscription"}},
	{ghost, []string{"email", "subscribedtoemails"}},
	{listmonk, []string{"uuid", "email", "status"}},
	{listmonk, []string{"uuid", "email", "attributes"}},
	{buttondown, []string{"email", "type", "creationdate"}},
	{buttondown, []string{"emailaddress", "type", "creationdate"}},
	{buttondown, []string{"email", "subscribertype"}},
	{beehiiv, []string{"email", "status", "utmsource"}},
	{beehiiv, []string{"email", "status", "createdat"}},
	{beehiiv, []string{"email", "status", "subscribedat"}},
	{beehiiv, []string{"email", "status", "subscriptiontier"}},
}

// recognizeFormat names the program whose headings these are; "": unknown.
func recognizeFormat(headings []string) string {
	reduced := make([]string, len(headings))
	for i, h := range headings {
		reduced[i] = reduce(h)
	}
	for _, f := range formats {
		if !slices.ContainsFunc(f.headings, func(h string) bool { return !slices.Contains(reduced, h) }) {
			return f.name
		}
	}
	return ""
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
