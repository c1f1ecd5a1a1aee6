package cli_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	neturl "net/url"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestPreviewInLightAndDark(t *testing.T) {
	url, _ := compileSample(t).preview()
	tab := openBrowser(t, url)
	tab.navigate(url)
	tab.await(letterText + `.includes("The Weekly Broadsheet")`)
	const dark = `matchMedia("(prefers-color-scheme: dark)").matches`
	tab.await(`!` + frame + `.contentWindow.` + dark)
	tab.press("d")
	tab.await(frame + `.contentWindow.` + dark + ` && !` + dark) // the desk stays light
	if lightness(t, tab) > 0.35 {
		t.Error("the letter is not drawn dark")
	}
	tab.press("d")
	tab.await(`!` + frame + `.contentWindow.` + dark)
	if lightness(t, tab) < 0.65 {
		t.Error("the letter is not drawn light")
	}
	tab.silent()
}

// lightness is the mean of the letter's pixels, from 0 to 1.
func lightness(t *testing.T, tab *tab) float64 {
	t.Helper()
	picture, err := chromedp.Run(tab.ctx, chromedp.Screenshot(chromedp.ID("letter")))
	if err != nil {
		t.Fatal(err)
	}
	decoded, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	return mean(decoded)
}

func mean(picture image.Image) float64 {
	sum, n := 0.0, 0
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y += 4 {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x += 4 {
			r, g, b, _ := picture.At(x, y).RGBA()
			sum += float64(r+g+b) / 3 / 0xffff
			n++
		}
	}
	return sum / float64(n)
}

func TestPreviewByKeyboardAlone(t *testing.T) {
	url, _ := compileSample(t).preview()
	tab := openBrowser(t, url)
	tab.navigate(url)
	tab.await(letterText + `.includes("The Weekly Broadsheet")`)
	tab.step("Tab goes through everything and comes round, and the focus is seen", func() {
		seen := map[string]bool{}
		for range 60 {
			tab.press(kb.Tab)
			where, err := chromedp.Run(tab.ctx, chromedp.Evaluate[string](focused))
			if err != nil {
				t.Fatal(err)
			}
			name, visible, _ := strings.Cut(where, " ")
			if visible == "unseen" {
				t.Errorf("the focus on %s cannot be seen", name)
			}
			if name == "who" && seen["notes"] {
				break
			}
			seen[name] = true
		}
		for _, id := range []string{"who", "html", "desktop", "light", "on", "open-test", "open-keys", "IFRAME", "notes"} {
			if !seen[id] {
				t.Errorf("Tab does not reach %s: %v", id, seen)
			}
		}
	})
	tab.step("shortcuts are listed, and can be switched off", func() {
		tab.await(`(document.activeElement.blur(), true)`)
		tab.press("?")
		tab.await(`document.getElementById("keys").open`)
		tab.focus("keys-on")
		tab.press(" ")
		tab.press(kb.Escape)
		tab.await(`!document.getElementById("keys").open && !document.getElementById("keys-on").checked`)
		tab.press("t")
		tab.press("w")
		tab.await(`document.getElementById("html").checked && document.getElementById("desktop").checked`)
	})
	tab.step("and on", func() {
		tab.do("open", chromedp.Click(chromedp.ID("open-keys")))
		tab.focus("keys-on")
		tab.press(" ")
		tab.press(kb.Escape)
		tab.await(`!document.getElementById("keys").open`)
		tab.press("t")
		tab.await(letterText + `.includes("THE WEEKLY BROADSHEET")`)
	})
	tab.step("they work inside the letter too", func() {
		tab.await(`(` + frame + `.focus(), true)`)
		tab.press("h")
		tab.await(frame + `.src.includes("/html?")`)
	})
	tab.silent()
}

// focused names what has the focus, and whether that can be seen.
const focused = `(() => {
  const e = document.activeElement;
  const ring = [e, e.nextElementSibling, e.closest("#letter")].some((x) => x && getComputedStyle(x).outlineStyle !== "none");
  return (e.id || e.tagName) + " " + (ring || e === document.body ? "seen" : "unseen");
})()`

// axeCore is the program that finds what keeps people out of a page.
func axeCore(t *testing.T) string {
	t.Helper()
	script := os.Getenv("BROADSHEET_AXE")
	if script == "" {
		t.Skip("BROADSHEET_AXE names no axe.min.js; get it with: npm pack axe-core")
	}
	axe, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	return string(axe)
}

// TestReportPassesAxe lets axe-core look at the page of a sending: of one that went
// well, and of one with everything that can happen.
func TestReportPassesAxe(t *testing.T) {
	axe := axeCore(t)
	pub := compileSample(t)
	pub.sink()
	pub.run("send", "--yes")
	pages := map[string][]byte{"a sending": []byte(pub.read("issues/2026-W47/report.html"))}
	for _, name := range []string{"two-runs", "nothing"} {
		page, err := os.ReadFile("../report/testdata/" + name + ".html")
		if err != nil {
			t.Fatal(err)
		}
		pages[name] = page
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write(pages[r.URL.Query().Get("page")]) // the browser would complain
	}))
	defer server.Close()
	tab := openBrowser(t, server.URL)
	for name := range pages {
		for _, scheme := range []string{"light", "dark"} {
			tab.do("scheme", prefer(scheme))
			tab.navigate(server.URL + "/?page=" + neturl.QueryEscape(name))
			tab.await(`(document.querySelectorAll("details").forEach((d) => d.open = true), document.querySelector("main") !== null)`)
			tab.audit(axe, name+", "+scheme)
		}
	}
	tab.silent()
}

// TestPreviewPassesAxe lets axe-core look at every state of the desk.
func TestPreviewPassesAxe(t *testing.T) {
	axe := axeCore(t)
	pub := compileSample(t)
	draft := pub.read(issueFile)
	heads := headlines(draft)
	url, _ := pub.preview()
	tab := openBrowser(t, url)
	for _, scheme := range []string{"light", "dark"} {
		tab.do("scheme", prefer(scheme))
		tab.navigate(url)
		tab.await(letterText + `.includes("The Weekly Broadsheet")`)
		pub.write(issueFile, strings.Replace(withLinkOf(draft, heads[len(heads)-1], heads[0]), heads[1], "Another "+scheme, 1))
		tab.await(`document.querySelector("#findings") && document.querySelector("#changes ins")?.innerText.includes(` + quote(scheme) + `)`)
		tab.audit(axe, scheme+", the desk")
		tab.search("eu")
		tab.await(`document.querySelectorAll("#choices [role=option]").length > 1`)
		tab.audit(axe, scheme+", the picker")
		tab.press(kb.Escape)
		tab.await(`(who.blur(), true)`)
		for _, key := range []string{"?", "e"} {
			tab.press(key)
			tab.await(`document.querySelector("dialog[open]") !== null`)
			tab.audit(axe, scheme+", the dialog of "+key)
			tab.press(kb.Escape)
			tab.await(`document.querySelector("dialog[open]") === null`)
		}
		pub.write(issueFile, "nothing")
		tab.await(`document.querySelector(".failure") !== null`)
		tab.audit(axe, scheme+", a failure")
		pub.write(issueFile, draft)
		tab.await(letterText + `.includes("The Weekly Broadsheet")`)
	}
}

// audit runs axe-core on the desk; the letter in its frame has its own test.
func (b *tab) audit(axe, state string) {
	b.t.Helper()
	const run = `axe.run({ exclude: [["#letter iframe"]] }).then((r) => r.passes.length < 10 ? "axe did not look" : r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.html).join(" ")).join("\n"))`
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	found, err := chromedp.Run(ctx, chromedp.Evaluate[string](axe+";"+run, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", state, err)
	}
	if found != "" {
		b.t.Errorf("%s:\n%s", state, found)
	}
}
