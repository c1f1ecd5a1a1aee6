package newsletter

import (
	"fmt"
	"strings"
	"time"
)

// An Article is one piece of text from a source.
type Article struct {
	ID        string // stable short name, made of the source and Key
	Source    string
	Key       string // what the source calls it: a GUID, a path
	Revision  int    // how many texts of it readers have, or were to get, before this one
	Link      string // canonical, or "" where there is none
	Title     string
	Author    string
	Text      string // paragraphs of plain text, a blank line between them
	Image     Image
	Language  string
	Labels    []string  // topics as the source names them, in its order
	Topics    []string  // topic ids set by the editor; when set, nothing else counts
	Published time.Time // zero: undated
	FirstSeen time.Time
	State     ArticleState
	Issue     string // the issue that reserves or has spent it
	Pinned    bool
	Why       string // why it is held, dropped or expired, in plain words
}

// RevisionID is the id of the article's revision with that number: its first
// text's id, and "-2" for the second text.
func (a Article) RevisionID(revision int) string {
	id := a.ID
	if a.Revision > 0 {
		id = strings.TrimSuffix(id, fmt.Sprintf("-%d", a.Revision+1))
	}
	if revision > 0 {
		id += fmt.Sprintf("-%d", revision+1)
	}
	return id
}

// An Image stands for a picture on the web.
type Image struct{ URL, Alt string }

// ArticleState is what has become of an article.
type ArticleState string

// The states of an article.
const (
	New      ArticleState = "new"
	Reserved ArticleState = "reserved" // by a draft
	Spent    ArticleState = "spent"    // delivered
	Held     ArticleState = "held"     // waits for the editor's word
	Dropped  ArticleState = "dropped"  // never, says the editor
	Expired  ArticleState = "expired"  // too old for any issue to come
)

// ArticleStates lists every state in the order in which reports show them.
var ArticleStates = [...]ArticleState{New, Reserved, Spent, Held, Dropped, Expired}

// A Story is one event, told by one or more articles.
type Story struct {
	Lead    Article
	Others  []Article // also covered by
	Topics  []string  // topic ids of all its articles, the most telling first
	Section string    // the topic under which it stands; "": the section More
	Updated string    // the issue that carried an earlier version; "": none did
}

// A Harvest is what one reading of a source brought.
type Harvest struct {
	Source      string
	Articles    []Article
	Unchanged   bool // the source says that nothing is new
	Problems    []Problem
	State       SourceState
	Redirected  string // the address a permanent redirect names
	ElapsedSecs float64
}

// SourceState is what is remembered of a source between two readings.
type SourceState struct {
	Source       string
	Feed         string // the address that the next two are of
	ETag         string
	LastModified string
	CheckedAt    time.Time
	NotBefore    time.Time // when it may be asked again; zero: at once
	Failures     int       // in a row
	LastError    string
}

// A Quote is a sentence of a summary and the place where it stands in its
// article, byte for byte but for white space.
type Quote struct {
	Article string  `json:"article"` // id
	Hash    string  `json:"hash"`    // SHA-256 of the article's Text, in hexadecimal
	Start   int     `json:"start"`   // bytes into that Text
	End     int     `json:"end"`
	Text    string  `json:"text"`
	Score   float64 `json:"score"` // how much the sentence was worth to the summary
}
