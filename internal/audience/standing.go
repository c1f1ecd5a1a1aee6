package audience

import (
	"strings"
	"time"
)

// A standing is what the program that wrote a file says of an address.
type standing int

const (
	mailed  standing = iota
	barred           // it must not be mailed
	pending          // nobody has confirmed it yet
	unclear          // a word that is not known here
)

// Why an address is barred: the words that suppressions use everywhere.
const (
	unsubscribed = "unsubscribed"
	bounced      = "bounced"
	complained   = "complained"
	blocked      = "blocked"
)

// standings are the words of the programs whose exports are known, and of many
// others.
var standings = map[string]struct {
	is  standing
	why string
}{
	"": {mailed, ""}, "active": {mailed, ""}, "enabled": {mailed, ""}, "subscribed": {mailed, ""}, "confirmed": {mailed, ""},
	"regular": {mailed, ""}, "premium": {mailed, ""}, "gifted": {mailed, ""}, "trialed": {mailed, ""}, "churned": {mailed, ""},
	"paid": {mailed, ""}, "free": {mailed, ""}, "comped": {mailed, ""}, "upcoming": {mailed, ""}, "pastdue": {mailed, ""},
	"unsubscribed": {barred, unsubscribed}, "inactive": {barred, unsubscribed}, "disabled": {barred, unsubscribed},
	"optedout": {barred, unsubscribed}, "removed": {barred, unsubscribed}, "deleted": {barred, unsubscribed}, "paused": {barred, unsubscribed},
	"bounced": {barred, bounced}, "cleaned": {barred, bounced}, "undeliverable": {barred, bounced}, "invalid": {barred, bounced},
	"complained": {barred, complained}, "spam": {barred, complained}, "spammed": {barred, complained}, "abuse": {barred, complained},
	"blocklisted": {barred, blocked}, "blacklisted": {barred, blocked}, "blocked": {barred, blocked},
	"malicious": {barred, blocked}, "spammy": {barred, blocked},
	"pending": {pending, ""}, "unconfirmed": {pending, ""}, "unactivated": {pending, ""}, "validating": {pending, ""},
	"needsapproval": {pending, ""}, "needsattention": {pending, ""}, "nonsubscribed": {pending, ""}, "transactional": {pending, ""},
}

// standing reads every column that says whether the current record's address is
// mailed, and since when not.
func (t *table) standing() (is standing, why string, at time.Time) {
	for _, c := range []struct {
		column column
		reason string
	}{{colDeleted, unsubscribed}, {colBounced, bounced}, {colUnsubscribed, unsubscribed}, {colDisabled, unsubscribed}} {
		if value := t.field(c.column); value != "" && !isNo(value) {
			return barred, c.reason, t.parseTime(value)
		}
	}
	if isNo(t.field(colSubscribed)) {
		return barred, unsubscribed, time.Time{}
	}
	said, known := standings[reduce(t.field(colStatus))]
	if !known {
		return unclear, "", time.Time{}
	}
	return said.is, said.why, time.Time{}
}

// isNo tells whether a field denies what its column says.
func isNo(value string) bool {
	switch strings.ToLower(value) {
	case "false", "no", "n", "0", "f":
		return true
	}
	return false
}

// timeLayouts are how the programs write times; a day and a month that could be
// either are nobody's.
var timeLayouts = [...]string{
	time.RFC3339, "2006-01-02", "2006-01-02 15:04:05", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700",
	"2006-01-02 15:04:05 MST", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006/01/02", "02.01.2006", "Jan 2, 2006", "January 2, 2006",
}

// parseTime reads a time; one without a zone is UTC, and what is none is zero.
func (t *table) parseTime(value string) time.Time {
	for i := range timeLayouts {
		layout := (t.layout + i) % len(timeLayouts)
		if at, err := time.Parse(timeLayouts[layout], value); err == nil {
			t.layout = layout
			return at.UTC()
		}
	}
	return time.Time{}
}
