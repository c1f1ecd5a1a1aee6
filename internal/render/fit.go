package render

import "broadsheet/internal/newsletter"

// A variant is a way to draw an item; each is shorter than those before it.
type variant int

const (
	whole variant = iota
	short         // with its shorter summary, where there is one
	bare          // and without its picture
	variants
)

// steps are what is tried, in this order, to make a page small enough. They are
// taken for all items of a page alike: that is easy to foresee, and readers do
// not wonder why one story has a picture and the next has none.
var steps = [...]struct {
	fit     newsletter.Fit
	variant variant
}{
	{newsletter.FitWhole, whole},
	{newsletter.FitShort, short},
	{newsletter.FitNoImages, bare},
}

// A selection is what a segment's page shows.
type selection struct {
	fit     newsletter.Fit
	variant variant
	shelves []shelf
	titles  []string // the first headlines
	list    []int    // fragments
	values  map[string]string
}

// fit chooses the first step at which the segment's page is small enough. Where
// none of them does, each section shows its first items only, as many as fit
// but one at least, and leads to the others in the web edition. A page that
// cannot be small enough, as without a web edition, is for the preflight to stop.
func (p *Page) fit(seg newsletter.Segment, shelves []shelf) selection {
	s := selection{shelves: shelves, titles: firstTitles(shelves)}
	because := p.because(seg)
	s.values = p.values(because, shelves, s.titles)
	for _, step := range steps {
		s.fit, s.variant = step.fit, step.variant
		s.list = p.fragments(s.list, shelves, s.variant)
		s.values["minutes"] = p.minutes(shelves, s.variant)
		if p.weigh(s.list, s.values) <= p.budget {
			return s
		}
	}
	longest := longestOf(shelves)
	if p.edition == "" || longest < 2 {
		return s
	}
	for most := min(p.mostItems(shelves, s.values), longest-1); ; most-- {
		s = p.shorten(s.list, because, shelves, most)
		if most <= 1 || p.weigh(s.list, s.values) <= p.budget {
			return s
		}
	}
}

// mostItems is the most items that each section can show, were the values those
// of the whole page.
func (p *Page) mostItems(shelves []shelf, values map[string]string) int {
	longest := longestOf(shelves)
	added := make([]int, longest+1) // by the item of that number in each section, from 1
	weight := p.weigh(p.fragments(nil, nil, bare), values)
	for _, s := range shelves {
		section := &p.layout.sections[s.section]
		weight += p.weigh([]int{section.entry, section.heading, section.note}, values)
		more := p.weigh([]int{section.more}, values)
		weight += more
		for i, it := range s.items {
			added[i+1] += p.weights[it.fragments[bare]].bytes
		}
		added[len(s.items)] -= more // the last one comes in place of the link
	}
	most := 0
	for i := 1; i <= longest; i++ {
		if weight += added[i]; weight <= p.budget {
			most = i
		}
	}
	return most
}

func longestOf(shelves []shelf) int {
	n := 0
	for _, s := range shelves {
		n = max(n, len(s.items))
	}
	return n
}

// shorten shows the first items of each section, at most so many but one at
// least. Its list takes the room of the one given.
func (p *Page) shorten(list []int, because string, shelves []shelf, most int) selection {
	s := selection{fit: newsletter.FitPart, variant: bare, shelves: make([]shelf, len(shelves))}
	for i, shelf := range shelves {
		shown := min(max(most, 1), len(shelf.items))
		shelf.items, shelf.left = shelf.items[:shown], shelf.items[shown:]
		s.shelves[i] = shelf
	}
	s.titles = firstTitles(s.shelves)
	s.values = p.values(because, s.shelves, s.titles)
	s.values["minutes"] = p.minutes(s.shelves, s.variant)
	s.list = p.fragments(list, s.shelves, s.variant)
	return s
}

// A weight is what a fragment adds to a letter, encoded: never less than what
// it adds before.
type weight struct {
	bytes int
	slots []newsletter.Slot // that a segment fills
}

func weightOf(f newsletter.Fragment) weight {
	w := weight{bytes: newsletter.EncodedSize(f.Bytes)}
	for _, s := range f.Slots {
		if readerSlots[s.Name] {
			w.bytes += newsletter.ReaderSlotBudget
		} else {
			w.slots = append(w.slots, s)
		}
	}
	return w
}

func (p *Page) weighAll() {
	p.weights = make([]weight, len(p.Master.HTML))
	for i, f := range p.Master.HTML {
		p.weights[i] = weightOf(f)
	}
}

// weigh is the most that a page can weigh.
func (p *Page) weigh(list []int, values map[string]string) int {
	sum := 0
	for _, n := range list {
		if n == none {
			continue
		}
		w := &p.weights[n]
		sum += w.bytes
		for _, s := range w.slots {
			sum += mostEncoded(s.Context.Escape(values[s.Name]))
		}
	}
	return sum
}

// mostEncoded is the most that a value can add to a page in quoted-printable:
// its characters and the soft line breaks that it causes (RFC 2045, section
// 6.7: lines of 76 characters).
func mostEncoded(value string) int {
	const lineContent, softBreak = 72, 3
	n := 0
	for i := range len(value) {
		if c := value[i]; c >= ' ' && c <= '~' && c != '=' {
			n++
		} else {
			n += 3
		}
	}
	return n + (n/lineContent+2)*softBreak
}

// mayBeTooLarge tells whether a page cut from the master could need fitting:
// with a third of the budget for what segments fill in.
func (p *Page) mayBeTooLarge() bool {
	sum := 0
	for _, w := range p.weights {
		sum += w.bytes
	}
	return sum > p.budget/3*2
}
