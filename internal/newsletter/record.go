package newsletter

import (
	"strings"
	"time"
)

// An IssueRecord is what the store knows of an issue.
type IssueRecord struct {
	Key       string
	Created   time.Time
	Period    time.Time // start of the period the issue was compiled for
	Generated []byte    // issue.md as compile last made it, before any edit
	// Items are the article ids in the file as compile last wrote it: what is
	// missing from it now was deleted by the editor.
	Items []string
	// Summaries says where the words of the generated summaries come from, by
	// the item's article id.
	Summaries map[string]Provenance
	Abandoned bool
	FrozenAt  time.Time // zero: still a draft
	// States counts the deliveries of the issue, to late readers too.
	States map[State]int
	// Further are the mailings after the issue's own, the oldest first.
	Further []Sending
}

// A Sending is one more mailing of an issue: to readers who came late, or a
// correction.
type Sending struct {
	Mailing  string
	Corrects string // the mailing that it corrects; "": it is the issue's letter
	FrozenAt time.Time
	States   map[State]int
}

// Letters are the mailings that bring the issue to its readers: its own, and
// those to late readers.
func (r *IssueRecord) Letters() []string {
	ids := []string{r.Key}
	for _, s := range r.Further {
		if s.Corrects == "" {
			ids = append(ids, s.Mailing)
		}
	}
	return ids
}

// Mailings are all of an issue's, corrections too.
func (r *IssueRecord) Mailings() []string {
	ids := []string{r.Key}
	for _, s := range r.Further {
		ids = append(ids, s.Mailing)
	}
	return ids
}

// A Result is the outcome of one attempt, as the ledger keeps it.
type Result struct {
	Number int64
	State  State     // anything but Claimed
	Due    time.Time // for Deferred
	Code   int
	Reply  string
}

// Provenance says where a generated summary's words come from.
type Provenance struct {
	Quotes []Quote `json:"quotes"` // sentences of the articles
	// Written are a language model's words, in place of the quotes, and Source
	// the SHA-256 of the text that they were checked against.
	Written string `json:"written,omitempty"`
	Source  string `json:"source,omitempty"`
	Model   string `json:"model,omitempty"`
	Why     string `json:"why,omitempty"` // the model's words are not used
}

// Text is the summary.
func (p Provenance) Text() string {
	if p.Written != "" {
		return p.Written
	}
	texts := make([]string, len(p.Quotes))
	for i, q := range p.Quotes {
		texts[i] = q.Text
	}
	return strings.Join(texts, " ")
}
