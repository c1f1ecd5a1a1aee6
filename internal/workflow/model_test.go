package workflow_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"mime/quotedprintable"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"broadsheet/internal/audience"
	"broadsheet/internal/folder"
	"broadsheet/internal/message"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/store"
	"broadsheet/internal/workflow"
	"broadsheet/templates"
)

// A world is a publication with a source, two readers, a mail server and an
// editor, all of whom do as the dice say. It remembers which stories reached
// whom.
type world struct {
	t    *testing.T
	dice *rand.Rand

	pub      *newsletter.Publication
	store    *store.Store
	files    memoryFolder
	now      time.Time
	articles []newsletter.Article // what the source yields

	chapters map[int]int // that the source wrote after the first, by article

	mood     mood // of the mail server
	mu       sync.Mutex
	received map[string]map[string]int // reader → title → letters
	deleted  map[string]bool           // stories whose items the editor deleted
}

type mood int

const (
	accepts mood = iota
	down
	defers
	losesTheReply
)

// memoryFolder keeps files in memory. Reports are written while others are read.
type memoryFolder struct {
	fstest.MapFS
	mu *sync.Mutex
}

func (m memoryFolder) Path(name string) string { return name }

func (m memoryFolder) Read(name string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return fs.ReadFile(m.MapFS, name)
}

func (m memoryFolder) Match(pattern string) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return fs.Glob(m.MapFS, pattern)
}

func (m memoryFolder) Write(name string, data []byte, mode fs.FileMode) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.MapFS[name] = &fstest.MapFile{Data: data, Mode: mode}
	return nil
}

func (m memoryFolder) WriteDurably(name string, data []byte, mode fs.FileMode) error {
	return m.Write(name, data, mode)
}

func (m memoryFolder) WriteSelf(name string, content func(string) ([]byte, error), mode fs.FileMode) error {
	data, err := content("in memory")
	return errors.Join(err, m.Write(name, data, mode))
}

func (m memoryFolder) Identity(string) (string, error) { return "in memory", nil }

func (m memoryFolder) Clear(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for file := range m.MapFS {
		if file == name || strings.HasPrefix(file, name+"/") {
			delete(m.MapFS, file)
		}
	}
	return nil
}

func newWorld(t *testing.T, seed uint64) *world {
	w := &world{
		t: t, dice: rand.New(rand.NewPCG(seed, 1)), files: memoryFolder{fstest.MapFS{}, new(sync.Mutex)},
		now:      time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC),
		received: map[string]map[string]int{}, deleted: map[string]bool{}, chapters: map[int]int{},
		pub: &newsletter.Publication{
			Name: "The Model", ID: "model.example.org", Language: "en", Location: time.UTC, PostalAddress: "1 Example Street",
			Topics:      []newsletter.Topic{{ID: "europe", Title: "Europe"}, {ID: "ukraine", Title: "Ukraine"}},
			Sources:     []newsletter.Source{{ID: "desk", Folder: "articles", Weight: 1}},
			Rules:       newsletter.IssueRules{SummaryWords: 30, Key: newsletter.KeyWeek, MaxAge: 14 * 24 * time.Hour},
			SMTP:        []newsletter.SMTP{{Weight: 1, Connections: 2}},
			Unsubscribe: newsletter.Unsubscribe{Mailto: "leave@example.org"},
			Theme:       newsletter.ThemeOptions{Name: "plain"},
		},
	}
	w.pub.From.Address = "desk@example.org"
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "model.db"), w.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	w.store = db
	return w
}

// desk is an editor's desk at this moment.
func (w *world) desk() *workflow.Desk {
	builtin := folder.Open(w.t.TempDir())
	return &workflow.Desk{
		Publication: w.pub, Store: w.store, Folder: w.files, Clock: workflow.NewClock(w.now),
		Read: func(_ context.Context, src newsletter.Source, _ newsletter.SourceState, now time.Time, _ bool) (newsletter.Harvest, error) {
			h := newsletter.Harvest{Source: src.ID, Articles: slices.Clone(w.articles)}
			for i := range h.Articles {
				h.Articles[i].FirstSeen, h.Articles[i].State = now, newsletter.New
			}
			return h, nil
		},
		Lists: func(take func(newsletter.Subscriber) error) ([]newsletter.Problem, error) {
			all := newsletter.Address{Spelled: "all@example.org", Identity: "all@example.org", Wire: "all@example.org"}
			one := newsletter.Address{Spelled: "one@example.org", Identity: "one@example.org", Wire: "one@example.org"}
			return nil, errors.Join(take(newsletter.Subscriber{Address: all, Topics: []string{newsletter.All}}),
				take(newsletter.Subscriber{Address: one, Topics: []string{"ukraine"}}))
		},
		Roll:    func() workflow.Roll { return audience.NewRoll() },
		Theme:   func(name string) (newsletter.Theme, error) { return builtin.Theme(name, templates.FS) },
		Secret:  func(bool) ([]byte, error) { return []byte("a secret of thirty-two bytes, all"), nil },
		Signers: func() ([]message.Signer, error) { return nil, nil },
		Dial:    w.dial,
		Nonce:   func() string { return fmt.Sprintf("nonce%012d", w.dice.Uint32()) },
	}
}

func (w *world) dial(context.Context, newsletter.SMTP) (workflow.Connection, error) {
	if w.mood == down {
		return nil, newsletter.Faultf(newsletter.Unavailable, "", "the server is down")
	}
	return connection{w}, nil
}

type connection struct{ w *world }

func (connection) Close() error { return nil }

var (
	title = regexp.MustCompile(`Story number \d+(, chapter \d+)?`)
	story = regexp.MustCompile(`Story number \d+`)
)

func (c connection) Deliver(ctx context.Context, l newsletter.Letter) newsletter.Outcome {
	_, opened := c.Exchange(ctx, nil, &l)
	if !opened.Ready {
		return opened
	}
	done, _ := c.Exchange(ctx, &l, nil)
	return done
}

func (c connection) Exchange(_ context.Context, letter, next *newsletter.Letter) (done, opened newsletter.Outcome) {
	if letter != nil {
		done = c.read(letter)
	}
	opened.Ready = true
	switch {
	case next == nil:
		opened.Ready = false
	case done.Broken, c.w.mood == down:
		opened = newsletter.Outcome{State: newsletter.Queued, Stage: newsletter.StageMail, Broken: true}
	case c.w.mood == defers:
		opened = newsletter.Outcome{State: newsletter.Deferred, Stage: newsletter.StageRcpt, Code: 450, Reply: "later"}
	}
	return done, opened
}

// read reads the letter like a reader: which stories does it tell?
func (c connection) read(l *newsletter.Letter) newsletter.Outcome {
	_, body, _ := strings.Cut(string(l.Bytes()), "\r\n\r\n")
	text, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(body)))
	if err != nil {
		c.w.t.Error(err)
	}
	told := map[string]bool{}
	for _, t := range title.FindAllString(string(text), -1) {
		told[t] = true
	}
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	if c.w.received[l.To] == nil {
		c.w.received[l.To] = map[string]int{}
	}
	for t := range told {
		c.w.received[l.To][t]++
	}
	if c.w.mood == losesTheReply {
		return newsletter.Outcome{State: newsletter.Uncertain, Stage: newsletter.StageDone, Broken: true}
	}
	return newsletter.Outcome{State: newsletter.Sent, Stage: newsletter.StageDone, Code: 250}
}

// arrive lets up to three stories appear in the source; some bear no date,
// some an old one, some carry both topics.
func (w *world) arrive() {
	for range 1 + w.dice.IntN(3) {
		n := len(w.articles)
		a := newsletter.Article{
			ID: fmt.Sprintf("story%05d", n), Source: "desk", Key: fmt.Sprint(n),
			Title:  fmt.Sprintf("Story number %d", n),
			Text:   fmt.Sprintf("It happened for the %d. time this year in a small town by the sea. Nobody there was surprised by the event number %d.", n, n),
			Labels: [][]string{{"europe"}, {"ukraine"}, {"europe", "ukraine"}, nil}[w.dice.IntN(4)],
		}
		switch w.dice.IntN(3) {
		case 0:
			a.Published = w.now.Add(-time.Duration(w.dice.IntN(100)) * time.Hour)
		case 1:
			a.Published = w.now.Add(-time.Duration(w.dice.IntN(6*24)) * time.Hour)
		}
		w.articles = append(w.articles, a)
	}
}

// rewrite lets the source write an article anew, under its old name: a slip of
// the pen mended, which is no news, or another chapter, which is.
func (w *world) rewrite() string {
	if len(w.articles) == 0 {
		return "nothing to rewrite"
	}
	n := w.dice.IntN(len(w.articles))
	a := &w.articles[n]
	if w.dice.IntN(2) == 0 {
		a.Text = strings.Replace(a.Text, "a small town", fmt.Sprintf("a small%d town", n), 1)
		return fmt.Sprint("mend story ", n)
	}
	w.chapters[n]++
	chapter := w.chapters[n] + 1
	a.Title = fmt.Sprintf("Story number %d, chapter %d", n, chapter)
	a.Text = fmt.Sprintf("It happened for the %d. time this year in a small town by the sea. "+
		"Yesterday%[2]d the mayor%[2]d opened bridge%[2]d over river%[2]d before thousands%[2]d of guests%[2]d. "+
		"Fireworks%[2]d burnt down the harbour%[2]d warehouse%[2]d later, and police%[2]d arrested seven%[2]d sailors%[2]d. "+
		"Insurers%[2]d estimate damages%[2]d near nineteen%[2]d million%[2]d crowns%[2]d after inspections%[2]d ended.", n, n*100+chapter)
	return fmt.Sprintf("write chapter %d of story %d", chapter, n)
}

// edit deletes one item of the newest draft, or rewrites its words.
func (w *world) edit() {
	name := w.draft()
	if name == "" {
		return
	}
	text := string(w.files.MapFS[name].Data)
	items := strings.Split(text, "\n### ")
	if len(items) < 2 {
		return
	}
	at := 1 + w.dice.IntN(len(items)-1)
	if w.dice.IntN(2) == 0 {
		items[at] = strings.Replace(items[at], "It happened", "As an editor writes, it happened", 1)
	} else {
		_, rest, heading := strings.Cut(items[at], "\n## ")
		w.deleted[story.FindString(items[at])] = true
		items = slices.Delete(items, at, at+1)
		if heading {
			items[at-1] += "\n## " + rest
		}
	}
	w.files.MapFS[name].Data = []byte(strings.Join(items, "\n### "))
}

func (w *world) draft() string {
	names := slices.Sorted(maps.Keys(w.files.MapFS))
	for _, name := range slices.Backward(names) {
		if strings.HasSuffix(name, "/issue.md") && w.files.MapFS[strings.TrimSuffix(name, "issue.md")+"frozen.json"] == nil {
			return name
		}
	}
	return ""
}

// do lets one thing happen and returns its name.
func (w *world) do() string {
	ctx := w.t.Context()
	switch n := w.dice.IntN(100); {
	case n < 17:
		w.arrive()
		return "arrive"
	case n < 25:
		return w.rewrite()
	case n < 45:
		w.must(second(w.desk().Compile(ctx, workflow.CompileOptions{})))
		return "compile"
	case n < 55:
		w.edit()
		return "edit"
	case n < 75:
		w.mood = mood(w.dice.IntN(4))
		w.must(second(w.desk().Send(ctx, workflow.SendOptions{Limit: w.dice.IntN(2), AcceptSmaller: true})))
		return fmt.Sprint("send in mood ", w.mood)
	case n < 80:
		w.must(second(w.desk().Abandon(ctx, "")))
		return "abandon"
	case n < 85:
		w.must(w.resolve())
		return "resolve"
	case n < 95:
		w.now = w.now.Add(time.Duration(1+w.dice.IntN(60)) * time.Hour)
		return "hours pass"
	default:
		w.now = w.now.Add(7 * 24 * time.Hour)
		return "a week passes"
	}
}

// resolve takes uncertain letters for sent, as a careful editor does.
func (w *world) resolve() error {
	records, err := w.store.Issues(w.t.Context())
	for _, r := range records {
		if r.States[newsletter.Uncertain] > 0 {
			_, failed := w.desk().Resolve(w.t.Context(), r.Key, newsletter.Sent)
			err = errors.Join(err, failed)
		}
	}
	return err
}

func second[T any](_ T, err error) error { return err }

// must lets through what a person is told to mend or decide: a Fault is an
// answer, anything else is broken.
func (w *world) must(err error) {
	w.t.Helper()
	if fault := (*newsletter.Fault)(nil); err != nil && !errors.As(err, &fault) {
		w.t.Fatal(err)
	}
}

// check holds the world to the promises: nobody reads a story twice, and no
// article is in a state that it cannot leave.
func (w *world) check() error {
	for reader, stories := range w.received {
		for story, n := range stories {
			if n > 1 {
				return fmt.Errorf("%s got %q %d times", reader, story, n)
			}
		}
	}
	articles, err := w.store.Articles(w.t.Context())
	if err != nil {
		return err
	}
	for _, a := range articles {
		told := w.received["all@example.org"][a.Title] + w.received["one@example.org"][a.Title]
		if told > 0 && a.State != newsletter.Spent && a.Revision == 0 {
			return fmt.Errorf("%q was delivered and is %s", a.Title, a.State)
		}
		if a.State == newsletter.Dropped && !w.deleted[story.FindString(a.Title)] {
			return fmt.Errorf("%q is dropped, and no editor deleted it", a.Title)
		}
	}
	return nil
}

// finish lets every open end come to its end: the server works again, what is
// uncertain is decided, what is on its way arrives, what is left is compiled
// and sent.
func (w *world) finish() {
	ctx := w.t.Context()
	w.mood = accepts
	w.must(w.resolve())
	for range 6 {
		w.now = w.now.Add(5 * time.Hour)
		for range 3 {
			w.must(second(w.desk().Send(ctx, workflow.SendOptions{AcceptSmaller: true})))
		}
		w.must(second(w.desk().Compile(ctx, workflow.CompileOptions{})))
		w.now = w.now.Add(7 * 24 * time.Hour)
	}
}

// lost names stories that reached nobody although nothing kept them back: no
// editor, no age, no server that refused a reader for four days.
func (w *world) lost() error {
	articles, err := w.store.Articles(w.t.Context())
	if err != nil {
		return err
	}
	records, err := w.store.Issues(w.t.Context())
	if err != nil {
		return err
	}
	refused := map[string]bool{}
	for _, r := range records {
		refused[r.Key] = r.States[newsletter.Refused] > 0
	}
	for _, a := range articles {
		switch {
		case a.State == newsletter.Expired, w.deleted[story.FindString(a.Title)], refused[a.Issue]:
		case a.Revision > 0 && w.received["all@example.org"][a.Title] == 1: // mended since
		case a.State != newsletter.Spent:
			return fmt.Errorf("%q is still %s in the end", a.Title, a.State)
		case w.received["all@example.org"][a.Title] == 0:
			return fmt.Errorf("%q is spent in %s and reached nobody", a.Title, a.Issue)
		}
	}
	return nil
}

// updates counts the later chapters that came to a reader of an earlier one.
func (w *world) updates() (n int64) {
	for _, stories := range w.received {
		chapters := map[string]int64{}
		for s := range stories {
			chapters[story.FindString(s)]++
		}
		for _, read := range chapters {
			n += read - 1
		}
	}
	return n
}

// Whatever source, editor, mail server and clock do in whatever order: every
// story is delivered at most once, and none is lost between two issues.
func TestStoriesAreDeliveredOnceAndNeverLost(t *testing.T) {
	var updates atomic.Int64
	t.Cleanup(func() {
		if updates.Load() == 0 {
			t.Error("no later chapter of a delivered story came: the test tests little")
		}
	})
	for seed := range uint64(8) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, seed)
			var history []string
			for range 80 {
				history = append(history, w.do())
				if err := w.check(); err != nil {
					t.Fatalf("%v, after %s", err, strings.Join(history, ", "))
				}
			}
			w.finish()
			if err := errors.Join(w.check(), w.lost()); err != nil {
				t.Fatalf("%v, after %s", err, strings.Join(history, ", "))
			}
			updates.Add(w.updates())
		})
	}
}
