package markup

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	"codeberg.org/readeck/go-readability/v2"
)

const extraction = "../../../shared/data/extraction"

// A savedPage is a web page with its true article text.
type savedPage struct {
	name, url, truth string
	html             []byte
}

func savedPages(t testing.TB) []savedPage {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(extraction, "ground-truth.json"))
	if err != nil {
		t.Skipf("shared data not present: no %s", extraction)
	}
	var truth map[string]struct{ ArticleBody, URL string }
	if err := json.Unmarshal(data, &truth); err != nil {
		t.Fatal(err)
	}
	var all []savedPage
	for name, page := range truth {
		all = append(all, savedPage{name, page.URL, page.ArticleBody, unzip(t, filepath.Join(extraction, "html", name+".html.gz"))})
	}
	sort.Slice(all, func(i, j int) bool { return all[i].name < all[j].name })
	return all
}

func unzip(t testing.TB, file string) []byte {
	t.Helper()
	packed, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// A score is precision and recall of runs of four words, as the
// article-extraction benchmark of Zyte counts them.
type score struct{ precision, recall float64 }

func (s score) f1() float64 {
	if s.precision+s.recall == 0 {
		return 0
	}
	return 2 * s.precision * s.recall / (s.precision + s.recall)
}

func compare(truth, got string) score {
	want, have := shingles(truth), shingles(got)
	var tp, fp, fn float64
	for run, n := range want {
		tp += min(n, have[run])
		fn += max(0, n-have[run])
	}
	for run, n := range have {
		fp += max(0, n-want[run])
	}
	if fp == 0 && fn == 0 {
		return score{1, 1}
	}
	if tp == 0 {
		return score{}
	}
	return score{tp / (tp + fp), tp / (tp + fn)}
}

var benchmarkToken = regexp.MustCompile(`[\p{L}\p{N}_]+`)

func shingles(text string) map[string]float64 {
	tokens := benchmarkToken.FindAllString(text, -1)
	all := map[string]float64{}
	if len(tokens) == 0 {
		return all
	}
	for i := range max(1, len(tokens)-3) {
		all[strings.Join(tokens[i:min(i+4, len(tokens))], " ")]++
	}
	return all
}

// mean is the benchmark's figure for many pages.
func mean(scores []score) (m score) {
	for _, s := range scores {
		m.precision += s.precision / float64(len(scores))
		m.recall += s.recall / float64(len(scores))
	}
	return m
}

func TestExtraction(t *testing.T) {
	all := measure(savedPages(t), fromHTML)
	t.Logf("precision %.3f, recall %.3f, F1 %.3f", all.precision, all.recall, all.f1())
	if all.f1() < 0.965 {
		t.Errorf("F1 %.3f", all.f1())
	}
}

// BenchmarkExtraction compares the reading view alone, what the page's own
// elements give, and FromHTML, which takes the first and falls back on the
// second.
func BenchmarkExtraction(b *testing.B) {
	pages := savedPages(b)
	for _, m := range []struct {
		name string
		text func(savedPage) string
	}{{"view", viewAlone}, {"elements", elementsAlone}, {"FromHTML", fromHTML}} {
		b.Run(m.name, func(b *testing.B) {
			b.ReportAllocs()
			var all score
			for b.Loop() {
				all = measure(pages, m.text)
			}
			b.ReportMetric(all.precision, "precision")
			b.ReportMetric(all.recall, "recall")
			b.ReportMetric(all.f1(), "F1")
			b.ReportMetric(float64(len(pages)*b.N)/b.Elapsed().Seconds(), "pages/s")
		})
	}
}

func measure(pages []savedPage, text func(savedPage) string) score {
	var scores []score
	for _, p := range pages {
		scores = append(scores, compare(p.truth, text(p)))
	}
	return mean(scores)
}

func fromHTML(p savedPage) string {
	x, err := FromHTML(p.html, "", p.url, nil)
	if err != nil {
		return ""
	}
	return x.Text
}

func viewAlone(p savedPage) string {
	view, err := readability.FromReader(bytes.NewReader(p.html), nil)
	if err != nil || view.Node == nil {
		return ""
	}
	var b strings.Builder
	if err := view.RenderText(&b); err != nil {
		return ""
	}
	return b.String()
}

func elementsAlone(p savedPage) string {
	text, err := decodePage(p.html, "")
	if err != nil {
		return ""
	}
	r := reading{}
	page := newPage(parseTree(text), p.url)
	r.out = page.metadata(readability.Article{})
	for _, b := range page.text(readability.Article{}) {
		r.paragraphs = append(r.paragraphs, paragraph{text: b.text, linked: b.linked})
	}
	return r.apply(pageRules).Text
}
