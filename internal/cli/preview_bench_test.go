package cli_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// BenchmarkPreviewReload is the time from an edit's last byte on the disk until
// the letter in the browser shows it.
func BenchmarkPreviewReload(b *testing.B) {
	pub := compileSample(b)
	pub.write(issueFile, sixtyItems(pub.read(issueFile)))
	url, _ := pub.preview()
	tab := openBrowser(b, url)
	tab.navigate(url)
	draft := pub.read(issueFile)
	heads := headlines(draft)
	tab.await(letterText + `.includes(` + quote(heads[0]) + `)`)
	n := 0
	for b.Loop() {
		n++
		title := fmt.Sprintf("Headline of the edit %d", n)
		pub.replace(issueFile, strings.Replace(draft, heads[0], title, 1))
		tab.awaitFrame(title)
	}
}

// awaitFrame waits for the first picture of a letter with some words.
func (b *tab) awaitFrame(words string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	script := `new Promise((done) => {
		const look = () => letter()?.contentDocument?.body?.textContent.includes(` + quote(words) + `) ? done(true) : requestAnimationFrame(look);
		look();
	})`
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script, chromedp.EvalAwaitPromise)); err != nil {
		b.t.Fatalf("the letter with %q is not drawn: %v", words, err)
	}
}

// sixtyItems is a draft with as many items, for readers of five topics.
func sixtyItems(draft string) string {
	head, _, _ := strings.Cut(draft, "\n## ")
	var b strings.Builder
	b.WriteString(head + "\n")
	for _, topic := range []string{"europe", "ukraine", "climate", "science", "culture"} {
		fmt.Fprintf(&b, "## %s\n<!-- section: %s -->\n\n", topic, topic)
		for i := range 12 {
			fmt.Fprintf(&b, "### [Number %d of what %s brings this week](https://example.org/%s/%d)\n\n%s\n\n— example.org · 2026-11-17\n\n", i, topic, topic, i,
				strings.Repeat("Its summary has three sentences of the length that such sentences have. ", 3))
		}
	}
	return b.String()
}
