package newsletter

import (
	"bytes"
	"time"
)

// A Mailing is one sending of an issue: its letter, later the same for readers
// who came late, or a correction.
type Mailing struct {
	ID           string // the issue's key for the issue itself; KEY+1, KEY+2 …, which no issue can be called
	Issue        string
	FrozenAt     time.Time
	Content      Issue // the whole issue, with the subject and preheader of its readers of everything
	Headers      Headers
	Masters      []Master // one for each interface language
	Recipes      []Recipe // one for each segment that has items
	Articles     []string // ids of the articles that the issue carries
	SkippedEmpty int      // subscribers whose topics have no item
	Canary       *Canary  // nil: everybody gets theirs at once
}

// Headers are the header values that every letter of a mailing shares.
type Headers struct {
	From          string      `json:"from"` // RFC 5322 mailbox
	ReplyTo       string      `json:"reply_to,omitempty"`
	EnvelopeFrom  string      `json:"envelope_from"` // with ReturnToken, or without
	ListID        string      `json:"list_id"`
	ListName      string      `json:"list_name"`
	Archive       string      `json:"archive,omitempty"` // where the issues are on the web
	Unsubscribe   Unsubscribe `json:"unsubscribe"`
	MessageDomain string      `json:"message_domain"`
	// Letter names the letter that the mailing brings, where another one brought
	// it first: Message-IDs are made of it. "": it is the mailing's own.
	Letter string `json:"letter,omitempty"`
	// Corrects names the letter that this one answers, in the reader's threads.
	Corrects string `json:"corrects,omitempty"`
}

// ReturnToken stands in a return path for what names the delivery, which has
// MaxReturnToken characters at most.
const (
	ReturnToken    = "{token}"
	MaxReturnToken = 29
)

// A Delivery is one mailing to one subscriber.
type Delivery struct {
	Number   int64 // the ledger's own
	Mailing  string
	Address  Address
	Name     string
	Segment  int // number of the recipe in the mailing
	Date     time.Time
	State    State
	Attempts int
	Since    time.Time // of the first attempt
	Settled  time.Time // when it came into a state that a run does not leave by itself; zero: not yet
	Due      time.Time // when a deferred one is tried again
	Code     int       // of the last reply; 0: none
	Reply    string
}

// State is what has become of a delivery.
type State string

// The states. A claimed delivery is on the wire right now; an uncertain one
// was when the line or the program broke, and may have arrived.
const (
	Queued     State = "queued"
	Claimed    State = "claimed"
	Sent       State = "sent"
	Uncertain  State = "uncertain"
	Deferred   State = "deferred"
	Refused    State = "refused"
	Suppressed State = "suppressed"
)

// States lists every state in the order in which reports show them.
var States = [...]State{Sent, Queued, Claimed, Deferred, Refused, Uncertain, Suppressed}

// A Letter is one message, ready for the wire. Its pieces in a row are the
// message (RFC 5322): lines end in CRLF, and none begins with a dot. Letters
// share pieces, so nobody may change them.
type Letter struct {
	From, To string // envelope
	Pieces   []Piece
}

// A Piece is a part of a message.
type Piece struct {
	bytes []byte
	dots  bool
}

// NewPiece looks through a part of a message once, for all letters that share
// it.
func NewPiece(part []byte) Piece { return Piece{part, bytes.Contains(part, []byte("\n."))} }

// Bytes is the part.
func (p Piece) Bytes() []byte { return p.bytes }

// Dots tells whether a line of it, but for the first, begins with a dot.
func (p Piece) Dots() bool { return p.dots }

// Size is the length of the message in bytes.
func (l Letter) Size() int {
	n := 0
	for _, p := range l.Pieces {
		n += len(p.bytes)
	}
	return n
}

// Bytes is the message.
func (l Letter) Bytes() []byte {
	message := make([]byte, 0, l.Size())
	for _, p := range l.Pieces {
		message = append(message, p.bytes...)
	}
	return message
}

// An Outcome is what came of trying to deliver a letter.
type Outcome struct {
	// State is Sent, Deferred, Refused, Uncertain, or Queued where the server
	// did not take a decision on this letter.
	State State
	Stage Stage
	Code  int    // SMTP reply code; 0: the line broke
	Class string // enhanced status code, RFC 3463: "5.1.1"
	Reply string // the server's words, or the error's
	// Ready says, in place of all else, that the server waits for the letter's
	// body.
	Ready bool
	// Halt says that the server refuses the sender, the content or the policy:
	// no other letter would fare better.
	Halt bool
	// Broken says that the connection is of no more use.
	Broken bool
}

// Stage is how far a delivery came.
type Stage string

// The stages of an SMTP transaction.
const (
	StageConnect Stage = "connect"
	StageMail    Stage = "MAIL FROM"
	StageRcpt    Stage = "RCPT TO"
	StageData    Stage = "DATA"
	StageBody    Stage = "body"
	StageDone    Stage = "final dot"
)
