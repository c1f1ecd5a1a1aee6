package selection

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
)

// manyArticles have 600 words each, drawn from a vocabulary in which, as in
// any language, the word at rank n is n times rarer than the first. One in five
// is another's version, one in ten carries its source's notice.
func manyArticles(n int) []newsletter.Article {
	r := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(r, 1.1, 20, 60_000)
	letters := "etaoinshrdlucmfwygpb"
	word := func() string {
		var b strings.Builder
		for k := zipf.Uint64() + 20; k > 0; k /= 20 {
			b.WriteByte(letters[k%20])
			b.WriteByte("aeiou"[k%5])
		}
		return b.String()
	}
	words := func(n int) []string {
		list := make([]string, n)
		for i := range list {
			list[i] = word()
		}
		return list
	}
	var notice []string
	for range 10 {
		notice = append(notice, strings.Join(words(30), " "))
	}
	texts := make([][]string, n)
	articles := make([]newsletter.Article, n)
	for i := range articles {
		texts[i] = words(600)
		if i%5 == 4 {
			texts[i] = append(texts[i][:60:60], texts[i-1-r.IntN(3)][:540]...)
		}
		a := article(fmt.Sprintf("a%05d", i), source([]string{"desk", "agency"}[i%2]), published(time.Duration(r.IntN(7*24))*time.Hour))
		a.Title = strings.Join(texts[i][100:108], " ")
		a.Text = strings.Join(texts[i], " ")
		if i%10 == 0 {
			a.Text += "\n\n" + notice[i/10%10]
		}
		a.Labels = []string{"Europe / Ukraine", "Sport"}
		articles[i] = a
	}
	return articles
}

func BenchmarkSelect(b *testing.B) {
	articles := manyArticles(10_000)
	pub := publication()
	for n := range 20 {
		pub.Topics[n%2].Keywords = append(pub.Topics[n%2].Keywords, fmt.Sprintf("keyword%d", n), strings.Fields(articles[n].Text)[n]+" nowhere")
	}
	b.ReportAllocs()
	for b.Loop() {
		Select(pub, articles, Options{Now: now, Issue: "2026-W47"})
	}
	b.ReportMetric(float64(len(articles)*b.N)/b.Elapsed().Seconds(), "articles/s")
}
