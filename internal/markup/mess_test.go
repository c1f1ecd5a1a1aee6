package markup

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/summary"
)

// A cleanArticle is an article of somebody else's, with nothing around it.
type cleanArticle struct {
	title      string
	paragraphs []string
}

// cleanArticles reads the texts among the shared data.
func cleanArticles(t *testing.T) []cleanArticle {
	t.Helper()
	files, _ := filepath.Glob("../../../shared/data/summaries/*.jsonl")
	more, _ := filepath.Glob("../../../shared/data/topics/*.jsonl")
	if files = append(files, more...); len(files) == 0 {
		t.Skip("shared data not present: no ../../../shared/data/summaries and topics")
	}
	var all []cleanArticle
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<22)
		for lines.Scan() {
			var row struct {
				Title, Text string
				Summary     any // one string or several
			}
			if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if a := clean(row.Title, row.Text, fmt.Sprint(row.Summary)); len(a.paragraphs) >= 4 {
				all = append(all, a)
			}
		}
	}
	return all
}

// agencyMark is what stands before the first sentence in some of the texts;
// texts that begin with the furniture of their page are no clean ones.
var (
	agencyMark = regexp.MustCompile(`^(?:[A-Z][A-Za-z., ]{2,40})?\((?:CNN|AP|Reuters|CNN Student News|EW\.com|The Frisky|Mashable)\)\s*(?:--|—|-)?\s*`)
	furniture  = regexp.MustCompile(`^(?:By|UPDATED|PUBLISHED|Last updated|Click|Scroll)\b|PUBLISHED:|UPDATED:|Follow @@|Editor's note:`)
)

func clean(title, text, summary string) cleanArticle {
	text = agencyMark.ReplaceAllString(text, "")
	if furniture.MatchString(text[:min(len(text), 300)]) {
		return cleanArticle{}
	}
	if title == "" {
		title, _, _ = strings.Cut(strings.Trim(summary, "[]"), "\n")
		title = strings.TrimSuffix(strings.TrimSpace(sentencesOf(title)[0]), ".")
	}
	a := cleanArticle{title: oneLine(title)}
	for _, p := range paragraphs(text) {
		sentences := sentencesOf(oneLine(p))
		for len(sentences) > 0 { // the texts of some files are one paragraph
			n := min(3, len(sentences))
			a.paragraphs = append(a.paragraphs, strings.Join(sentences[:n], " "))
			sentences = sentences[n:]
		}
	}
	return a
}

var sentenceGap = regexp.MustCompile(`[.!?]["”’')]* +["“‘'(]*[A-Z0-9]`)

// sentencesOf splits a paragraph roughly: the same way on both sides of a
// comparison is good enough.
func sentencesOf(p string) []string {
	var all []string
	for {
		gap := sentenceGap.FindStringIndex(p)
		if gap == nil {
			return append(all, p)
		}
		end := gap[0] + strings.IndexByte(p[gap[0]:gap[1]], ' ')
		all = append(all, p[:end])
		p = strings.TrimSpace(p[end:])
	}
}

// A mess is a text as it was pasted, and what it is known to tell.
type mess struct {
	r      *rand.Rand
	before []string // lines above the body
	body   []string
	after  []string
	title  string
	author string
	date   time.Time
	topics []string
	joint  string // between paragraphs
	wrap   int    // columns; 0: not wrapped
	kinds  []string
}

// A wrapping adds one kind of mess.
type wrapping struct {
	name string
	wrap func(m *mess)
}

func (m *mess) pick(of ...string) string { return of[m.r.IntN(len(of))] }

// between puts a line between two paragraphs of the body.
func (m *mess) between(line string) {
	at := 1 + m.r.IntN(max(1, len(m.body)-1))
	m.body = slices.Insert(m.body, at, line)
}

func (m *mess) text() string {
	var all []string
	all = append(all, m.before...)
	all = append(all, m.body...)
	all = append(all, m.after...)
	if m.wrap > 0 {
		for i, p := range all {
			all[i] = strings.Join(wrapLine(p, m.wrap), "\n")
		}
	}
	return strings.Join(all, m.joint)
}

// makeMess wraps an article in some of the kinds: the header's kinds always
// stand in the order in which pages have them.
func makeMess(a cleanArticle, kinds []wrapping, seed uint64) *mess {
	r := rand.New(rand.NewPCG(seed, 7))
	m := &mess{r: r, title: a.title, joint: "\n\n", body: slices.Clone(a.paragraphs)}
	m.before = []string{a.title}
	share := min(0.3, 8/float64(max(len(kinds), 1))) // more than eight at once are rare
	for _, k := range kinds {
		if r.Float64() < share {
			k.wrap(m)
			m.kinds = append(m.kinds, k.name)
		}
	}
	if r.IntN(6) == 0 && m.wrap == 0 {
		m.joint = "\n"
	}
	return m
}

// A messScore counts over many texts.
type messScore struct {
	texts, junk     int
	spoilt          int // summaries with junk
	sentences, lost int
	titles, authors [2]int // right, of how many
	dates, topics   [2]int
	junkExamples    []string
	lostExamples    []string
	titleExamples   []string
	byKind          map[string]int
}

func (s *messScore) add(a cleanArticle, m *mess) {
	x := FromText(m.text(), testLabels)
	s.texts++
	truth := normal(strings.Join(a.paragraphs, " "))
	if sentence, ok := stranger(truth, lead(x.Text, 3)); ok {
		s.junk++
		for _, k := range m.kinds {
			s.byKind[k]++
		}
		s.junkExamples = append(s.junkExamples, fmt.Sprintf("%q of %q, kinds %v", sentence, m.title, m.kinds))
	}
	if sentence, ok := stranger(truth, summaryOf(x)); ok {
		s.spoilt++
		s.junkExamples = append(s.junkExamples, fmt.Sprintf("in the summary: %q of %q, kinds %v", sentence, m.title, m.kinds))
	}
	got := normal(x.Text)
	for _, p := range a.paragraphs {
		for _, sentence := range sentencesOf(p) {
			s.sentences++
			if !strings.Contains(got, normal(sentence)) {
				s.lost++
				s.lostExamples = append(s.lostExamples, fmt.Sprintf("%q; %s", sentence, whyLost(x, sentence)))
			}
		}
	}
	count(&s.titles, true, normal(x.Title) == normal(a.title))
	if normal(x.Title) != normal(a.title) {
		s.titleExamples = append(s.titleExamples, fmt.Sprintf("%q, want %q, kinds %v", x.Title, a.title, m.kinds))
	}
	count(&s.authors, m.author != "", strings.EqualFold(x.Author, m.author))
	count(&s.dates, !m.date.IsZero(), x.Published.Format(time.DateOnly) == m.date.Format(time.DateOnly))
	count(&s.topics, m.topics != nil, slices.Equal(x.Labels, m.topics))
}

// stranger finds a sentence that is none of the article's.
func stranger(article string, sentences []string) (string, bool) {
	i := slices.IndexFunc(sentences, func(s string) bool { return !strings.Contains(article, normal(s)) })
	if i < 0 {
		return "", false
	}
	return sentences[i], true
}

// summaryOf is what readers would get of an article.
func summaryOf(x Extracted) (sentences []string) {
	article := newsletter.Article{Title: x.Title, Text: x.Text, Language: x.Language}
	for _, q := range summary.Summarize([]newsletter.Article{article}, summary.Options{Sentences: 3}).Quotes {
		sentences = append(sentences, q.Text)
	}
	return sentences
}

func count(c *[2]int, asked, right bool) {
	if !asked {
		return
	}
	if c[1]++; right {
		c[0]++
	}
}

func whyLost(x Extracted, sentence string) string {
	for _, d := range x.Dropped {
		if strings.Contains(normal(d.Text), normal(sentence)) {
			return d.Why
		}
	}
	return "title " + x.Title
}

// lead is the first sentences of a text, as a summary may take them: lines
// that are none do not count.
func lead(text string, n int) []string {
	var all []string
	for _, p := range paragraphs(text) {
		if !endsSentence(p) {
			continue
		}
		if all = append(all, sentencesOf(p)...); len(all) >= n {
			return all[:n]
		}
	}
	return all
}

func share(part, whole int) float64 { return 100 * float64(part) / float64(max(whole, 1)) }

// messStep leaves articles out for the sake of time; with 1 the figures are
// those of BENCHMARKS.md.
const messStep = 7

// TestMess wraps real articles in furniture, in kinds that the rules were
// written for and in kinds that they were not.
func TestMess(t *testing.T) {
	articles := cleanArticles(t)
	known := slices.Concat(pastedKinds, pageKinds, siteKinds, paperKinds)
	unseen := append(slices.Clone(heldOutKinds), appeals(t, "site-held"))
	later := append(slices.Clone(heldOutKinds), appeals(t, "site-later"))
	last := append(slices.Clone(lastKinds), appeals(t, "site-last"))
	for _, set := range []struct {
		name          string
		kinds         []wrapping
		leads, quotes float64 // of a hundred leads and summaries, at most so many with junk
	}{
		{"nothing", nil, 1, 1},
		{"pasted", pastedKinds, 1, 1},
		{"known", known, 1, 1},
		{"held out", heldOutKinds, 1, 1},
		{"held out with appeals", unseen, 1, 1},
		{"held out with later appeals", later, 1, 1},
		{"last", last, 8, 1},
		{"fresh", freshKinds, 40, 1},
		{"newest", newestKinds, 60, 2},
	} {
		t.Run(set.name, func(t *testing.T) {
			s := messScore{byKind: map[string]int{}}
			for i := 0; i < len(articles); i += messStep {
				s.add(articles[i], makeMess(articles[i], set.kinds, uint64(i)))
			}
			t.Logf("%d texts: junk in %.2f %% of the leads, %.2f %% of the summaries, %.2f %% of %d sentences lost", s.texts, share(s.junk, s.texts),
				share(s.spoilt, s.texts), share(s.lost, s.sentences), s.sentences)
			t.Logf("right: titles %.1f %%, authors %.1f %%, dates %.1f %%, topics %.1f %%", share(s.titles[0], s.titles[1]),
				share(s.authors[0], s.authors[1]), share(s.dates[0], s.dates[1]), share(s.topics[0], s.topics[1]))
			show(t, "junk", s.junkExamples)
			show(t, "lost", s.lostExamples)
			show(t, "title", s.titleExamples)
			if share(s.junk, s.texts) > set.leads {
				t.Errorf("junk in more than %v %% of the leads; kinds of those: %v", set.leads, s.byKind)
			}
			if share(s.spoilt, s.texts) > set.quotes {
				t.Errorf("junk in more than %v %% of the summaries", set.quotes)
			}
			if share(s.lost, s.sentences) > 2 {
				t.Error("more than 2 % of the sentences lost")
			}
		})
	}
}

// appeals puts two things that English sites say to their readers into a text.
func appeals(t *testing.T, file string) wrapping {
	all := slices.DeleteFunc(asides(t, file), func(a aside) bool { return a.language != "en" })
	return wrapping{"appeals", func(m *mess) {
		for range 2 {
			if a := all[m.r.IntN(len(all))]; a.atEnd {
				m.after2(a.text)
			} else {
				m.between(a.text)
			}
		}
	}}
}

// TestMessShortParagraphs leaves nothing between sentences that could hold them
// together: each is a paragraph, and half of the articles are cut short.
func TestMessShortParagraphs(t *testing.T) {
	articles := cleanArticles(t)
	sentences, lost := 0, 0
	for i := 0; i < len(articles); i += messStep {
		var all []string
		for _, p := range articles[i].paragraphs {
			all = append(all, sentencesOf(p)...)
		}
		if i%2 == 1 {
			all = all[:min(len(all), 5)]
		}
		got := normal(FromText(articles[i].title+"\n\n"+strings.Join(all, "\n\n"), nil).Text)
		for _, s := range all {
			if sentences++; !strings.Contains(got, normal(s)) {
				lost++
			}
		}
	}
	t.Logf("%.2f %% of %d sentences lost", share(lost, sentences), sentences)
	if share(lost, sentences) > 2 {
		t.Error("more than 2 % of the sentences lost")
	}
}

func show(t *testing.T, what string, examples []string) {
	t.Helper()
	for i := 0; i < len(examples) && i < 400; i += max(1, len(examples)/8) {
		t.Logf("%s: %.300s", what, examples[i])
	}
}
