package cli_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browserPatience bounds a whole test in the browser.
const browserPatience = 2 * time.Minute

// letterText is the text of the letter that is seen; "" while there is none.
const letterText = `(document.querySelector("#letter iframe:not(.coming)")?.contentDocument?.body?.innerText ?? "")`

// A tab is a page of a browser.
type tab struct {
	t   testing.TB
	ctx context.Context //nolint:containedctx // a tab is its context

	mu    sync.Mutex
	wrong []string // what the page asked of others or complained of
	seen  int      // requests
}

// openBrowser starts a browser whose page may ask nothing of anybody but home.
func openBrowser(t testing.TB, home string) *tab {
	t.Helper()
	path := chromium(t)
	tab := &tab{t: t}
	ctx, cancel := context.WithTimeout(t.Context(), browserPatience)
	t.Cleanup(cancel)
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true))
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	tab.ctx, cancel = chromedp.NewContext(ctx, chromedp.WithListener(func(event any) { tab.observe(home, event) }))
	t.Cleanup(cancel)
	if err := chromedp.Do(tab.ctx, chromedp.EmulateViewport(1280, 800)); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	return tab
}

// chromium finds the browser. Where it is missing the test is skipped, but for
// continuous integration, where it fails.
func chromium(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	const missing = "there is no Chromium; on Debian: apt-get install chromium"
	if os.Getenv("CI") != "" {
		t.Fatal(missing)
	}
	t.Skip(missing)
	return ""
}

// observe notes what is wrong with an event of the page. It runs while the
// browser's messages are read and must not wait.
func (b *tab) observe(home string, event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.seen++
		if !strings.HasPrefix(e.Request.URL, home) {
			b.wrong = append(b.wrong, "a request to "+e.Request.URL)
		}
	case *runtime.EventConsoleAPICalled:
		b.wrong = append(b.wrong, fmt.Sprintf("the console: %s %v", e.Type, e.Args))
	case *runtime.EventExceptionThrown:
		b.wrong = append(b.wrong, "an exception: "+e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		b.wrong = append(b.wrong, fmt.Sprintf("the log: %s %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL))
	}
}

func (b *tab) complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.seen == 0 {
		return append(b.wrong, "no request was observed at all")
	}
	return b.wrong
}

func (b *tab) step(name string, do func()) {
	b.t.Helper()
	b.t.Log(name)
	do()
}

func (b *tab) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
}

func (b *tab) navigate(url string) {
	b.t.Helper()
	b.do("open "+url, chromedp.Navigate(url))
}

func (b *tab) focus(id string) {
	b.t.Helper()
	b.do("focus "+id, chromedp.Focus(chromedp.ID(id)))
}

func (b *tab) press(key string) {
	b.t.Helper()
	b.do("press a key", chromedp.KeyEvent(key))
}

// search types words into the picker in place of what is there.
func (b *tab) search(words string) {
	b.t.Helper()
	b.await(`(who.blur(), who.focus(), true)`) // whoever comes into the field has its words selected
	b.press(words)
	b.await(`who.value === ` + quote(words) + ` && !list.hidden`)
}

// await waits until a script yields true in the page. One that throws or yields
// nothing is tried again: the page may be on its way.
func (b *tab) await(script string) {
	b.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	var err error
	for began := time.Now(); time.Since(began) < patience; <-tick.C {
		var ok bool
		ctx, cancel := context.WithTimeout(b.ctx, patience)
		ok, err = chromedp.Run(ctx, chromedp.Evaluate[bool](script))
		cancel()
		if ok && err == nil {
			return
		}
	}
	page, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string]("location + '\\n' + document.body.innerText + '\\n---\\n' + "+letterText))
	b.t.Fatalf("this never became true: %s (%v)\n%s", script, err, page)
}

// clickNow clicks on what the page has there at one instant. A list that is drawn
// anew between a look at it and a click has other elements then.
func (b *tab) clickNow(selector string) {
	b.t.Helper()
	b.await(`(document.querySelector(` + quote(selector) + `).click(), true)`)
}

// quote writes a string for JavaScript.
func quote(s string) string {
	b, _ := json.Marshal(s) // a string can always be written
	return string(b)
}
