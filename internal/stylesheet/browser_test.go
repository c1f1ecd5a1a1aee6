package stylesheet

import (
	"context"
	_ "embed"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// comparePatience bounds everything that is compared in one browser.
const comparePatience = 10 * time.Minute

// A comparer shows two pages in one browser, which reaches nothing but the
// pages themselves and runs none of their scripts, and compares how they are
// drawn.
type comparer struct {
	ctx  context.Context //nolint:containedctx // a page of the browser is its context
	home string

	mu    sync.Mutex
	pages [2][]byte // as before inlining, and as after it
}

//go:embed testdata/compare.js
var compareScript string

func newComparer(t *testing.T) *comparer {
	t.Helper()
	path := chromium(t)
	c := &comparer{}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	c.home = server.URL
	ctx, cancel := context.WithTimeout(t.Context(), comparePatience)
	t.Cleanup(cancel)
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true), chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"))
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	c.ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(c.ctx, chromedp.Navigate(c.home), chromedp.EmulateViewport(1000, 800)); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	return c
}

// chromium finds the browser. Where it is missing the test is skipped, but for
// continuous integration, where it fails.
func chromium(t *testing.T) string {
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

func (c *comparer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	switch r.URL.Path {
	case "/":
		fmt.Fprintf(w, "<!DOCTYPE html><title>two pages</title><script>%s</script>", compareScript)
	case "/before":
		w.Write(c.pages[0])
	case "/after":
		w.Write(c.pages[1])
	default:
		http.NotFound(w, r)
	}
}

// differences lists what is drawn otherwise after inlining than before, the
// first few: at 800 and 400 px; on paper and in the dark where the page has
// rules for them.
func (c *comparer) differences(t *testing.T, before, after []byte) []string {
	t.Helper()
	c.mu.Lock()
	c.pages = [2][]byte{before, after}
	c.mu.Unlock()
	var found []string
	for _, m := range []struct {
		name, when string
		media      emulation.SetEmulatedMediaParams
	}{
		{name: "screen"},
		{"print", "print", emulation.SetEmulatedMediaParams{Media: "print"}},
		{"dark", "prefers-color-scheme", emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}}},
	} {
		if !strings.Contains(string(before), m.when) {
			continue
		}
		for _, d := range c.compare(t, m.media) {
			found = append(found, m.name+" "+d)
		}
	}
	return found
}

func (c *comparer) compare(t *testing.T, media emulation.SetEmulatedMediaParams) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(c.ctx, time.Minute)
	defer cancel()
	emulate := chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, media)
		return err
	})
	if err := chromedp.Do(ctx, emulate); err != nil {
		t.Fatalf("emulate a medium: %v", err)
	}
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string]("compare()", chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("compare: %v", err)
	}
	return found
}
