package workflow

import (
	"context"
	"iter"
	"time"

	"broadsheet/internal/newsletter"
)

// Store is the database: what Broadsheet remembers between two commands.
type Store interface {
	// ID names the database itself; a copy has the same, a new one another.
	ID() string
	// Shared tells whether it is at a server, where every folder that names it
	// works on the same: copying a folder copies no ledger then.
	Shared() bool
	// Created is the business time at which the database was made.
	Created() time.Time
	// Lock takes the named lock until release is called or the process ends.
	// Where another process has it the error is a Fault of kind Locked.
	Lock(ctx context.Context, name string) (release func(), err error)
	// CopyTo writes a copy of the whole database to a new file.
	CopyTo(ctx context.Context, path string) error
	// MoveTo takes the whole database to an empty place with another address and
	// counts its rows; progress is told of them now and then. From then on this one
	// refuses to work.
	MoveTo(ctx context.Context, address string, progress func(rows, all int)) (rows int, err error)
	Close() error

	ArticleStore
	DraftStore
	SubscriberStore
	Ledger
}

// ArticleStore keeps articles and what is known of their sources.
type ArticleStore interface {
	// PutArticles stores what a source yielded, by source and key. Unknown
	// articles come in as given; known ones take over the new words and keep
	// state, first-seen time and the editor's say. A text that an issue was
	// frozen with stays, and another one comes in as a revision of it. It
	// returns how many were unknown and how many changed.
	PutArticles(ctx context.Context, articles []newsletter.Article) (added, changed int, err error)
	// Articles returns the articles in the given states, or all, by first-seen
	// time and id.
	Articles(ctx context.Context, states ...newsletter.ArticleState) ([]newsletter.Article, error)
	// ArticlesOf returns the articles of one source, each in its last revision,
	// in the same order.
	ArticlesOf(ctx context.Context, source string) ([]newsletter.Article, error)
	// UpdateArticles writes State, Issue, Topics, Pinned and Why by ID, in one
	// transaction.
	UpdateArticles(ctx context.Context, articles []newsletter.Article) error

	SourceStates(ctx context.Context) (map[string]newsletter.SourceState, error)
	PutSourceState(ctx context.Context, state newsletter.SourceState) error
}

// DraftStore keeps issues.
type DraftStore interface {
	// SaveDraft stores the record's Key, Created, Period, Generated, Items,
	// Summaries and Abandoned and the articles' editorial fields (see UpdateArticles), in one
	// transaction. A frozen issue is an error.
	SaveDraft(ctx context.Context, record newsletter.IssueRecord, articles []newsletter.Article) error
	// Issues returns every issue, oldest first, deliveries counted, with its
	// further mailings.
	Issues(ctx context.Context) ([]newsletter.IssueRecord, error)
}

// SubscriberStore keeps the lists that live in the database, and suppression.
type SubscriberStore interface {
	// PutSubscribers adds readers to a list or replaces what the list says of
	// them.
	PutSubscribers(ctx context.Context, list string, readers iter.Seq2[newsletter.Subscriber, error], now time.Time) error
	// Subscribers yields every membership, by identity and then list; Lists
	// holds the one list.
	Subscribers(ctx context.Context) iter.Seq2[newsletter.Subscriber, error]
	// Choices are Subscribers of which only identity, language and topics are
	// told.
	Choices(ctx context.Context) iter.Seq2[newsletter.Subscriber, error]
	// RemoveSubscriber takes an identity out of every list and tells whether
	// it was in one.
	RemoveSubscriber(ctx context.Context, identity string, now time.Time) (bool, error)
	// Forget takes a person out of lists, history and ledger; alias stands in
	// the ledger in their place and is suppressed.
	Forget(ctx context.Context, identity, alias string, now time.Time) (bool, error)
	// Changes returns what happened to a reader, the oldest first.
	Changes(ctx context.Context, identities ...string) ([]newsletter.Change, error)

	// Suppress adds suppressions; one that is there already keeps its reason.
	Suppress(ctx context.Context, list []newsletter.Suppression, now time.Time) (added int, err error)
	Unsuppress(ctx context.Context, identity string, now time.Time) (bool, error)
	Suppressions(ctx context.Context) ([]newsletter.Suppression, error)
}

// A Roll makes one reader of all memberships that have the same address. It is
// for one goroutine.
type Roll interface {
	Add(membership newsletter.Subscriber) error
	// Len is the number of readers.
	Len() int
	// At returns a reader by their place, in the order of first appearance.
	At(place int) (newsletter.Subscriber, error)
	// All yields the readers in that order; an error is the last thing.
	All() iter.Seq2[newsletter.Subscriber, error]
	// ByIdentity yields their places in the order of their addresses'
	// identities; an error is the last thing.
	ByIdentity() iter.Seq2[int, error]
	// Find returns the reader with an address; false: there is none.
	Find(identity string) (newsletter.Subscriber, bool, error)
}

// Ledger is the truth about deliveries.
type Ledger interface {
	// Freeze stores a mailing and its deliveries in one transaction and sets
	// the counter. A delivery's Number is its place among them, from 1, or 0 for
	// the next. An issue that is frozen already is an error.
	Freeze(ctx context.Context, m newsletter.Mailing, deliveries iter.Seq2[newsletter.Delivery, error], counter int64) error
	// Thaw removes the mailing of an issue of which nothing was sent, claimed
	// or uncertain; otherwise it is an error.
	Thaw(ctx context.Context, mailing string) error
	// Counter is the ledger's own clock: it rises with every freeze and every
	// run of a send.
	Counter(ctx context.Context) (int64, error)
	SetCounter(ctx context.Context, counter int64) error
	// Fingerprint is that of the secret which the database belongs to; "" before
	// the first.
	Fingerprint(ctx context.Context) (string, error)
	// SetFingerprint notes another one if it is still was, and returns the one
	// that holds afterwards.
	SetFingerprint(ctx context.Context, was, is string) (string, error)

	// Mailing loads a frozen mailing.
	Mailing(ctx context.Context, id string) (newsletter.Mailing, error)
	// Canary is the part of a frozen mailing that goes first; nil: it has none.
	Canary(ctx context.Context, mailing string) (*newsletter.Canary, error)
	SetCanary(ctx context.Context, mailing string, c newsletter.Canary) error
	// Published returns the issues and corrections of which a letter is sent or
	// uncertain, the newest first, without recipients, masters, recipes and articles.
	Published(ctx context.Context) ([]newsletter.Mailing, error)
	// Deliveries yields a mailing's deliveries in the given states, or all, by
	// number.
	Deliveries(ctx context.Context, mailing string, states ...newsletter.State) iter.Seq2[newsletter.Delivery, error]
	// Outcomes are Deliveries of which only number, identity, segment, state,
	// attempts, times, code and reply are told.
	Outcomes(ctx context.Context, mailing string, states ...newsletter.State) iter.Seq2[newsletter.Delivery, error]
	// Delivery returns the delivery with a number; false: there is none.
	Delivery(ctx context.Context, number int64) (newsletter.Delivery, bool, error)
	Counts(ctx context.Context, mailing string) (map[newsletter.State]int, error)
	// NextDue is when the next deferred delivery is tried; false: none is.
	NextDue(ctx context.Context, mailing string) (time.Time, bool, error)

	// Claims counts the deliveries of all mailings that were last claimed after
	// an instant, and says when the first of them was.
	Claims(ctx context.Context, after time.Time) (claims int, first time.Time, err error)

	// Recover turns claims that a dead run left behind into uncertain ones.
	Recover(ctx context.Context, mailing string, now time.Time) (int, error)
	// Doubt turns what is still to be delivered into uncertain deliveries and counts
	// them: another ledger may know more of them.
	Doubt(ctx context.Context, mailing string, now time.Time) (int, error)
	// Advance durably records outcomes and, where claim is a delivery's number
	// and not 0, claims that one if it is queued, or deferred and due, and not
	// suppressed by now. All in one transaction, shared with other callers'
	// where they come together. claimed tells whether it may go on the wire.
	// Refused, Deferred and Suppressed need no claim before them. The issue's
	// articles are spent with the first outcome sent or uncertain.
	Advance(ctx context.Context, mailing string, done []newsletter.Result, claim int64, now time.Time) (claimed bool, err error)
	// CallOff turns the deliveries that are queued or deferred into refused ones,
	// of which nothing was sent, and counts them.
	CallOff(ctx context.Context, mailing, why string, now time.Time) (int, error)
	// Resolve decides the uncertain deliveries, or only those with the numbers:
	// sent, or queued again.
	Resolve(ctx context.Context, mailing string, to newsletter.State, now time.Time, only ...int64) (int, error)
}

// A Connection delivers letters one after another.
type Connection interface {
	// Deliver takes one letter to its recipient.
	Deliver(ctx context.Context, letter newsletter.Letter) newsletter.Outcome
	// Exchange hands over the body of letter, for which the server waits since
	// the Exchange before, and begins the transaction of next; either may be
	// nil. done is the outcome of letter; opened that of next, or Ready: the
	// server waits for its body, and only Close may come in its place.
	Exchange(ctx context.Context, letter, next *newsletter.Letter) (done, opened newsletter.Outcome)
	Close() error
}

// Dial opens a connection to a server. An error is a Fault: Unavailable where
// waiting may help, Failure where the login is refused.
type Dial func(ctx context.Context, server newsletter.SMTP) (Connection, error)
