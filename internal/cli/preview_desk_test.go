package cli_test

import (
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const issueFile = "issues/2026-W47/issue.md"

// frame is the letter's frame that is seen.
const frame = `document.querySelector("#letter iframe:not(.coming)")`

func TestPreviewFindsAnybodysLetter(t *testing.T) {
	pub := compileSample(t)
	var list strings.Builder
	list.WriteString("email,name,topics\n")
	for i := range 3000 {
		fmt.Fprintf(&list, "reader%d@many.example,Reader %d,culture\n", i, i)
	}
	list.WriteString("nobody@many.example,No Topic,\n")
	pub.write("subscribers/many.csv", list.String())
	url, _ := pub.preview()
	tab := openBrowser(t, url)
	tab.navigate(url)
	tab.step("a part of an address is enough", func() {
		tab.press("/")
		tab.await(`document.activeElement === who`)
		tab.search("reader1234")
		tab.await(`document.querySelector("#choices [aria-selected=true]")?.innerText.includes("reader1234@many.example")`)
		tab.await(`who.getAttribute("aria-expanded") === "true" && document.getElementById(who.getAttribute("aria-activedescendant"))?.role === "option"`)
		tab.press(kb.Enter)
		tab.await(`location.search.includes("for=reader1234") && list.hidden`)
		tab.await(`document.getElementById("notes").innerText.includes("of culture")`)
		tab.await(letterText + `.includes("Culture")`)
	})
	tab.step("many are not drawn all", func() {
		tab.search("many.example")
		tab.await(`list.querySelectorAll("[role=option]").length === 40 && list.innerText.includes("and 2961 more")`)
	})
	tab.step("the list closes with Escape, and nothing has changed", func() {
		tab.press(kb.Escape)
		tab.await(`list.hidden && who.value === "reader1234@many.example" && document.activeElement === who`)
	})
	tab.step("what is being written stays when the letter changes under it", func() {
		tab.await(`(who.blur(), who.focus(), who.value = "half a wo", list.hidden)`) // the list is still on its way
		pub.write(issueFile, strings.Replace(pub.read(issueFile), "subject: ", "subject: News, ", 1))
		tab.await(`document.getElementById("inbox").innerText.includes("News, ")`)
		tab.await(`who.value === "half a wo"`)
		tab.await(`(who.blur(), who.value === "reader1234@many.example")`)
	})
	tab.step("who gets no letter is told why", func() {
		tab.search("nobody@many.example")
		tab.press(kb.Enter)
		tab.await(`document.querySelector("#letter .failure")?.innerText.includes("no topic was asked for")`)
		tab.search("stranger@example.org")
		tab.press(kb.Enter)
		tab.await(`document.querySelector("#letter .failure")?.innerText.includes("no list has the reader stranger@example.org")`)
	})
	tab.step("who writes faster than the list answers gets what is written", func() {
		tab.search("eu")
		tab.await(`document.querySelector("#choices [aria-selected=true]") !== null`)
		tab.await(`(window.searched = search, search = async () => {}, who.value = "stranger@elsewhere.example", who.dispatchEvent(new Event("input")), true)`)
		tab.press(kb.Enter)
		tab.await(`(search = searched, document.querySelector("#letter .failure")?.innerText.includes("stranger@elsewhere.example") === true)`)
	})
	tab.step("topics that nobody has together are shown too", func() {
		tab.search("culture+ukraine+europe")
		tab.press(kb.Enter)
		tab.await(letterText + `.includes("Culture") && location.search.includes("for=culture")`)
	})
	tab.step("a click chooses, from everything", func() {
		tab.await(`(who.blur(), who.focus(), true)`)
		tab.do("open the list", chromedp.Click(chromedp.ID("who")))
		tab.await(`list.innerText.includes("Whole issue")`)
		tab.do("choose", chromedp.Click(chromedp.CSS(`#choices [role=option]`)))
		tab.await(`who.value === "Whole issue" && location.search.includes("for=all") && list.hidden`)
	})
	tab.silent()
}

func TestPreviewWithAndWithoutImages(t *testing.T) {
	var asked atomic.Int64
	pictures := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.Referer() != "" {
			t.Errorf("the picture's host is told %q", r.Referer())
		}
		w.Header().Set("Content-Type", "image/png")
		if err := png.Encode(w, image.NewGray(image.Rect(0, 0, 7, 5))); err != nil {
			t.Error(err)
		}
	}))
	defer pictures.Close()
	pub := compileSample(t)
	page := pub.template("page.html")
	pub.write("templates/page.html", strings.Replace(page, "<h1", `<img id="picture" alt="A view of the harbour" width="70" src="`+pictures.URL+`/harbour.png"><h1`, 1))
	url, _ := pub.preview()
	tab := openBrowser(t, url)
	tab.navigate(url + "?images=off")
	tab.await(letterText + `.includes("The Weekly Broadsheet")`)
	tab.await(frame + `.contentDocument.querySelector("img").complete && ` + frame + `.contentDocument.querySelector("img").naturalWidth === 0`)
	if n := asked.Load(); n > 0 {
		t.Errorf("%d pictures were asked for without images", n)
	}
	tab.press("i")
	tab.await(frame + `.contentDocument.querySelector("img").naturalWidth === 7`)
	tab.press("i")
	tab.await(`location.search.includes("images=off")`)
	tab.await(frame + `.contentDocument.querySelector("img").complete && ` + frame + `.contentDocument.querySelector("img").naturalWidth === 0`)
}

func TestPreviewJumpsToFindingsAndChanges(t *testing.T) {
	pub := compileSample(t)
	draft := pub.read(issueFile)
	heads := headlines(draft)
	last := heads[len(heads)-1]
	url, _ := pub.preview()
	tab := openBrowser(t, url)
	tab.navigate(url)
	tab.await(`document.querySelector("#notes").innerText.includes("Nothing to mend.")`)
	tab.step("a finding stands beside the letter as soon as there is one", func() {
		pub.write(issueFile, withLinkOf(draft, last, heads[0]))
		tab.await(`document.querySelector("#findings .jump")?.innerText.includes(` + quote(last) + `)`)
	})
	tab.step("a key leads to its place", func() {
		tab.press("n")
		tab.await(`document.activeElement.className === "jump"`)
		tab.await(frame + `.contentWindow.getSelection().toString().replace(/\s+/g, " ") === ` + quote(last))
		tab.await(frame + `.contentWindow.scrollY > 500`)
	})
	tab.step("from the text it leads back to the letter", func() {
		tab.press("t")
		tab.await(frame + `.src.includes("/text?")`)
		tab.clickNow("#findings .jump")
		tab.await(frame + `.src.includes("/html?") && ` + frame + `.contentWindow.getSelection().toString() !== ""`)
	})
	tab.step("an edit is a change since the last look, word by word", func() {
		pub.write(issueFile, strings.Replace(draft, heads[1], "Quite another headline", 1))
		tab.await(`document.querySelector("#changes .jump")?.innerText === "Quite another headline"`)
		tab.await(`document.querySelector("#changes del").innerText !== "" && document.querySelector("#changes ins").innerText.includes("Quite")`)
		tab.clickNow("#changes .jump")
		tab.await(frame + `.contentWindow.getSelection().toString() === "Quite another headline"`)
	})
	tab.step("a letter that is still on its way is waited for", func() {
		tab.press("t")
		tab.await(frame + `.src.includes("/text?")`)
		tab.await(`(window.held = [], window.arrives = arrive, arrive = (frame) => held.push(frame), true)`)
		tab.clickNow("#changes .jump")
		tab.await(`held.length > 0`)
		tab.await(`(refresh().then(() => window.again = true), true)`)
		tab.await(`window.again && jump !== null && letter().src.includes("/text?")`)
		tab.await(`(arrive = arrives, held.forEach(arrives), true)`)
		tab.await(`letter().src.includes("/html?") && letter().contentWindow.getSelection().toString() === "Quite another headline"`)
	})
	tab.step("what was seen is no change, here and at the next start", func() {
		tab.press("m")
		tab.await(`document.querySelector("#changes").innerText.includes("Nothing.")`)
		url, _ := pub.preview()
		page := download(t, url)
		if strings.Contains(page, "<del>") || !strings.Contains(page, "since your last look") {
			t.Errorf("the last look is forgotten:\n%s", page)
		}
	})
	tab.silent()
}

// withLinkOf gives an item the link of another.
func withLinkOf(draft, title, other string) string {
	link := func(title string) string {
		_, rest, _ := strings.Cut(draft, title+"](")
		link, _, _ := strings.Cut(rest, ")")
		return link
	}
	return strings.Replace(draft, title+"]("+link(title)+")", title+"]("+link(other)+")", 1)
}

// silent wants no request to anybody else and a silent console.
func (b *tab) silent() {
	b.t.Helper()
	for _, complaint := range b.complaints() {
		b.t.Error(complaint)
	}
}

// template is a file of the built-in theme.
func (w *weekly) template(name string) string {
	w.t.Helper()
	content, err := os.ReadFile(filepath.Join("../../templates/plain", name))
	w.must(err)
	return string(content)
}
