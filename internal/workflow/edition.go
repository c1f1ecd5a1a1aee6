package workflow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"broadsheet/internal/issue"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/render"
	"broadsheet/internal/report"
)

// An Edition is an issue rendered for its readers: a draft for those of now, a
// frozen issue for those of then. Preview, check and send all look at one, so
// what they show is what goes out.
type Edition struct {
	Issue    newsletter.Issue
	File     []byte // that was rendered
	Frozen   bool
	Masters  []newsletter.Master // one for each interface language; the first is the publication's own
	Segments []Portion           // those that get a letter, the largest first
	Empty    int                 // readers whose topics have no item
	Problems []newsletter.Problem
	OneClick bool // readers leave by one request; see tryOneClick

	pages  *pages // nil: frozen, no other segment can be made
	roll   Roll   // of a draft's readers
	seats  []seat // by place on the roll
	barred *suppressions
	// wordsOnly: a letter without items is one all the same.
	wordsOnly bool
}

// A Portion is a segment with its recipe and its readers' number.
type Portion struct {
	Recipe  newsletter.Recipe
	Master  *newsletter.Master
	Readers int
}

// Bytes is the size of the HTML page, reader slots open.
func (p Portion) Bytes() int {
	n := 0
	for _, number := range p.Recipe.Fragments {
		f := p.Master.HTML[number]
		n += len(f.Bytes)
		for _, s := range f.Slots {
			n += len(s.Context.Escape(p.Recipe.Values[s.Name]))
		}
	}
	return n
}

// A seat is what an edition has for a reader: 0 is no letter, n that of segment
// n-1, and -n the same for a reader whose address is suppressed.
type seat int32

func newSeat(segment int, suppressed bool) seat {
	if suppressed {
		return seat(-segment - 1)
	}
	return seat(segment + 1)
}

func (s seat) suppressed() bool { return s < 0 }

// segment is the number of a segment in the edition; -1: there is no letter.
func (s seat) segment() int { return int(max(s, -s)) - 1 }

// readers counts those who are mailed.
func (e *Edition) readers() int {
	n := 0
	for _, s := range e.Segments {
		n += s.Readers
	}
	return n
}

// seal sums up every page. It uses all cores: it is the one thing about a
// segment that takes time.
func (e *Edition) seal(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	recipes := make(map[*newsletter.Master][]*newsletter.Recipe)
	for i := range e.Segments {
		s := &e.Segments[i]
		recipes[s.Master] = append(recipes[s.Master], &s.Recipe)
	}
	for master, all := range recipes {
		for some := range slices.Chunk(all, 100) {
			group.Go(func() error { return errors.Join(ctx.Err(), master.Seal(some...)) })
		}
	}
	return group.Wait()
}

// fitted counts the segments by what was done to make their pages small enough.
func (e *Edition) fitted() map[newsletter.Fit]int {
	counts := make(map[newsletter.Fit]int)
	for _, s := range e.Segments {
		if s.Recipe.Fit != newsletter.FitWhole {
			counts[s.Recipe.Fit]++
		}
	}
	return counts
}

// Audience returns the readers of all lists, merged by address, with what is
// wrong in the lists.
func (d *Desk) Audience(ctx context.Context) (Roll, []newsletter.Problem, error) {
	roll := d.Roll()
	problems, err := d.Lists(roll.Add)
	if err != nil {
		return nil, problems, err
	}
	for membership, err := range d.Store.Subscribers(ctx) {
		if err == nil {
			err = roll.Add(membership)
		}
		if err != nil {
			return nil, problems, err
		}
	}
	return roll, problems, nil
}

// Edition is the issue's edition: of its file as it stands or, once frozen, of
// what was frozen.
func (d *Desk) Edition(ctx context.Context, record newsletter.IssueRecord) (*Edition, error) {
	e, err := d.Draw(ctx, record)
	if err != nil || e.Frozen {
		return e, err
	}
	return d.seat(ctx, e)
}

// Draw is the edition without the readers of a draft: its pages, in the
// publication's own language, as soon as they can be seen.
func (d *Desk) Draw(ctx context.Context, record newsletter.IssueRecord) (*Edition, error) {
	file, err := d.Folder.Read(issueFile(record.Key))
	if frozen(record) {
		return d.frozenEdition(ctx, record.Key, file)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, newsletter.Faultf(newsletter.Misuse, "make it with: broadsheet compile --issue "+record.Key, "read the draft: %w", err)
	case err != nil:
		return nil, newsletter.Faultf(newsletter.Failure, "put a text file in its place, or remove it and compile again", "read the draft: %w", err)
	}
	return d.draw(record, file)
}

// frozenEdition shows a frozen issue's pages. Its file, which may have been
// edited or lost since, is asked only where the ledger is from before it kept
// the whole issue.
func (d *Desk) frozenEdition(ctx context.Context, key string, file []byte) (*Edition, error) {
	m, err := d.Store.Mailing(ctx, key)
	if err != nil {
		return nil, err
	}
	e := &Edition{Issue: m.Content, Frozen: true, Masters: m.Masters, Empty: m.SkippedEmpty}
	if e.Issue.Key == "" {
		if e.Issue, err = issue.Parse(issueFile(key), file, d.Publication); err != nil {
			e.Issue = newsletter.Issue{}
		}
		e.Issue.Key = key
	}
	for _, r := range m.Recipes {
		e.Segments = append(e.Segments, Portion{Recipe: r, Master: newsletter.MasterFor(m.Masters, r.Segment.Language)})
	}
	for delivery, err := range d.Store.Outcomes(ctx, key) {
		if err != nil {
			return nil, err
		}
		if delivery.State != newsletter.Suppressed {
			e.Segments[delivery.Segment].Readers++
		}
	}
	return e, nil
}

// assemble is the edition of a draft's file.
func (d *Desk) assemble(ctx context.Context, record newsletter.IssueRecord, file []byte) (*Edition, error) {
	e, err := d.draw(record, file)
	if err != nil {
		return nil, err
	}
	return d.seat(ctx, e)
}

func (d *Desk) draw(record newsletter.IssueRecord, file []byte) (*Edition, error) {
	key := record.Key
	is, err := issue.Parse(issueFile(key), file, d.Publication)
	if err != nil {
		return nil, &newsletter.Fault{Kind: newsletter.Failure, Err: err, Hint: "mend the file, or delete it and compile again"}
	}
	if is.Key != key {
		return nil, newsletter.Faultf(newsletter.Failure, fmt.Sprintf("write issue: %s in the front matter", key),
			"%s says that it is issue %q", issueFile(key), is.Key)
	}
	shorten(&is, record.Summaries)
	e, err := d.press(is)
	if err == nil {
		e.File = file
	}
	return e, err
}

// press renders an issue in the publication's own language.
func (d *Desk) press(is newsletter.Issue) (*Edition, error) {
	theme, err := d.Theme(d.Publication.Theme.Name)
	if err != nil {
		return nil, err
	}
	e := &Edition{Issue: is}
	e.pages = &pages{publication: d.Publication, theme: theme, issue: &e.Issue, nonce: d.Nonce}
	page, err := e.pages.in("")
	if err != nil {
		return nil, err
	}
	e.Problems = page.Warnings
	e.Masters = e.pages.masters()
	return e, nil
}

// seat is a drawn edition with its readers.
func (d *Desk) seat(ctx context.Context, drawn *Edition) (*Edition, error) {
	e := *drawn
	var err error
	var problems []newsletter.Problem
	if e.roll, problems, err = d.Audience(ctx); err != nil {
		return nil, err
	}
	if e.barred, err = d.suppressed(ctx); err != nil {
		return nil, err
	}
	e.Problems = slices.Concat(problems, drawn.Problems)
	if err := e.portion(ctx); err != nil {
		return nil, err
	}
	e.Masters = e.pages.masters()
	return &e, nil
}

// pages renders the issue once for each language that is asked for. Safe for
// concurrent use.
type pages struct {
	mu          sync.Mutex
	publication *newsletter.Publication
	theme       newsletter.Theme
	issue       *newsletter.Issue
	nonce       func() string
	made        []*render.Page
	frozen      map[string]Portion // by segment; nil: they are rendered
}

func (p *pages) in(language string) (*render.Page, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	language = cmp.Or(language, p.publication.Language)
	for _, page := range p.made {
		if page.Master.Language == language {
			return page, nil
		}
	}
	page, err := render.New(p.publication, p.theme, p.issue, language, p.nonce())
	if err != nil {
		return nil, &newsletter.Fault{Kind: newsletter.Failure, Err: err, Hint: themeMend(err)}
	}
	p.made = append(p.made, page)
	return page, nil
}

// masters are those that were made, the publication's own language first.
func (p *pages) masters() []newsletter.Master {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := make([]newsletter.Master, len(p.made))
	for i, page := range p.made {
		list[i] = page.Master
	}
	return list
}

// segment makes the recipe of a segment, whether or not it has readers.
func (p *pages) segment(segment newsletter.Segment) (Portion, error) {
	if p.frozen != nil {
		portion, ok := p.frozen[segment.Name()]
		if !ok {
			return portion, errNotFrozen
		}
		return portion, nil
	}
	page, err := p.in(segment.Language)
	if err != nil {
		return Portion{}, err
	}
	recipe, err := page.Recipe(segment)
	return Portion{Recipe: recipe, Master: &page.Master}, err
}

// portion groups the readers into segments and makes each one's recipe.
func (e *Edition) portion(ctx context.Context) error {
	const nothing = -1
	groups := newGrouping(e.pages.publication)
	var numbers []int // in e.Segments, by that of the group
	e.seats = make([]seat, e.roll.Len())
	for place := range e.roll.Len() {
		r, err := e.roll.At(place)
		if err != nil {
			return err
		}
		if len(r.Topics) == 0 {
			continue // diagnosed where the list is read
		}
		group := groups.number(&r)
		if group == len(numbers) {
			portion, err := e.pages.segment(groups.segments[group])
			if err = cmp.Or(err, ctx.Err()); err != nil {
				return err
			}
			n := nothing
			if portion.Recipe.Items > 0 || e.wordsOnly {
				n = len(e.Segments)
				e.Segments = append(e.Segments, portion)
			}
			numbers = append(numbers, n)
		}
		e.add(place, numbers[group], e.barred.has(r.Address.Identity))
	}
	e.sort()
	return nil
}

func (e *Edition) add(place, segment int, suppressed bool) {
	switch {
	case segment < 0 && suppressed:
		return
	case segment < 0:
		e.Empty++
		return
	case !suppressed:
		e.Segments[segment].Readers++
	}
	e.seats[place] = newSeat(segment, suppressed)
}

// sort puts the largest segments first, those that only suppressed readers
// have last, and renumbers.
func (e *Edition) sort() {
	order := make([]int, len(e.Segments))
	for i := range order {
		order[i] = i
	}
	names := make([]string, len(e.Segments))
	for i, s := range e.Segments {
		names[i] = s.Recipe.Segment.Name()
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(e.Segments[b].Readers, e.Segments[a].Readers), cmp.Compare(names[a], names[b]))
	})
	sorted, at := make([]Portion, len(order)), make([]int, len(order))
	for to, from := range order {
		sorted[to], at[from] = e.Segments[from], to
	}
	e.Segments = sorted
	for place, s := range e.seats {
		if s != 0 {
			e.seats[place] = newSeat(at[s.segment()], s.suppressed())
		}
	}
}

// ProofValues fill the reader slots of a proof, which is nobody's letter.
func (d *Desk) ProofValues() map[string]string {
	unsubscribe := d.Publication.Unsubscribe.URL
	if unsubscribe == "" {
		unsubscribe = "mailto:" + d.Publication.Unsubscribe.Mailto
	}
	return map[string]string{"name": "Reader", "address": "reader@example.org", "unsubscribe": unsubscribe}
}

// proofsKept bounds how many segments get files of their own.
const proofsKept = 200

// A reportedSegment is what report.json says of a segment.
type reportedSegment struct {
	Topics   []string       `json:"topics"`
	Language string         `json:"language,omitempty"`
	Readers  int            `json:"readers"`
	Items    int            `json:"items"`
	LeftOut  int            `json:"left_out,omitempty"` // only in the web edition
	Fit      newsletter.Fit `json:"fit,omitempty"`
	Subject  string         `json:"subject"`
	Bytes    int            `json:"html_bytes"`
	// States are those of its deliveries, once the issue is frozen.
	States report.States `json:"states,omitempty"`
}

func reported(p Portion, size int) reportedSegment {
	r := p.Recipe
	return reportedSegment{
		Topics: r.Segment.Topics, Language: r.Segment.Language, Readers: p.Readers, Items: r.Items,
		LeftOut: r.LeftOut, Fit: r.Fit, Subject: r.Subject, Bytes: size,
	}
}

// writeProofs writes the whole issue and the largest segments beside the
// issue's file, and returns the size of the largest page in bytes.
func (d *Desk) writeProofs(e *Edition) (largest int, err error) {
	dir := "issues/" + e.Issue.Key + "/"
	whole, err := e.Portion(newsletter.NewSegment([]string{newsletter.All}, ""))
	if err != nil {
		return 0, err
	}
	if _, err := d.writeProof(dir+"index", whole); err != nil {
		return 0, err
	}
	if err := d.Folder.Clear(dir + "segments"); err != nil {
		return 0, err
	}
	segments := make(map[string]reportedSegment, len(e.Segments))
	for i, s := range e.Segments {
		name, size := s.Recipe.Segment.Name(), s.Bytes()
		if i < proofsKept {
			if size, err = d.writeProof(dir+"segments/"+name, s); err != nil {
				return largest, err
			}
		}
		largest = max(largest, size)
		segments[name] = reported(s, size)
	}
	return largest, d.writeJSON(dir+"report.json", segments)
}

func (d *Desk) writeProof(name string, p Portion) (size int, err error) {
	html, text, err := d.Cut(p)
	if err != nil {
		return 0, err
	}
	if err := d.Folder.Write(name+".html", html, 0o644); err != nil {
		return 0, err
	}
	return len(html), d.Folder.Write(name+".txt", text, 0o644)
}

// Cut makes a segment's pages; the reader slots are filled for nobody.
func (d *Desk) Cut(p Portion) (html, text []byte, err error) { return cutWith(p, d.ProofValues()) }

func cutWith(p Portion, values map[string]string) (html, text []byte, err error) {
	h, t, err := p.Master.Cut(&p.Recipe)
	if err != nil {
		return nil, nil, err
	}
	if html, err = h.Fill(values).Closed(); err != nil {
		return nil, nil, err
	}
	text, err = t.Fill(values).Closed()
	return html, text, err
}

// A Proof is an issue that is looked at before it is sent.
type Proof struct {
	*Edition
	desk   *Desk
	record newsletter.IssueRecord
}

// Proof draws an issue. Its readers and findings come with Whole.
func (d *Desk) Proof(ctx context.Context, key string) (Proof, error) {
	record, err := d.FindIssue(ctx, key)
	if err != nil {
		return Proof{}, err
	}
	e, err := d.Draw(ctx, record)
	return Proof{e, d, record}, err
}

// Whole is the proof's edition with its readers and what the check says of it.
func (p Proof) Whole(ctx context.Context) (*Edition, []newsletter.Finding, error) {
	e := p.Edition
	if !e.Frozen {
		var err error
		if e, err = p.desk.seat(ctx, e); err != nil {
			return nil, nil, err
		}
	}
	findings, err := p.desk.findings(ctx, p.record, e, scrutiny{})
	return e, findings, err
}

// Portion returns a segment of the edition. A frozen one has only those that
// it was frozen with.
func (e *Edition) Portion(segment newsletter.Segment) (Portion, error) {
	for _, s := range e.Segments {
		if slices.Equal(s.Recipe.Segment.Topics, segment.Topics) && s.Recipe.Segment.Language == segment.Language {
			return s, nil
		}
	}
	if e.pages == nil {
		return Portion{}, newsletter.Faultf(newsletter.Misuse, "choose one that has readers: broadsheet subscribers segments",
			"issue %s is frozen, and nobody in it has the topics %s", e.Issue.Key, segment.Name())
	}
	return e.pages.segment(segment)
}
