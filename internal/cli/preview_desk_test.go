package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	neturl "net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/emersion/go-message/mail"
	"golang.org/x/net/idna"

	"broadsheet/internal/cli"
	"broadsheet/internal/sink"
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

func TestPreviewSendsATestAfterAYes(t *testing.T) {
	pub := compileSample(t)
	dir := pub.sink()
	url, _ := pub.preview()
	tab := openBrowser(t, url)
	tab.navigate(url + "?for=europe")
	tab.await(letterText + `.includes("The Weekly Broadsheet")`)
	tab.step("the question comes first", func() {
		tab.press("e")
		tab.await(`document.activeElement.id === "to" && test.open`)
		tab.await(`(document.getElementById("to").value = "", true)`)
		tab.press("me@home.example")
		tab.press(kb.Enter)
		tab.await(`!document.getElementById("test-question").hidden && document.getElementById("test-question").innerText.includes("me@home.example")`)
		tab.await(`document.activeElement.id === "test-next" && document.activeElement.innerText === "Send it"`)
	})
	tab.step("no is no", func() {
		tab.press(kb.Escape)
		tab.await(`!test.open`)
		if sent := letters(t, dir); len(sent) > 0 {
			t.Fatalf("without a yes there are %v", sent)
		}
	})
	tab.step("yes sends one letter", func() {
		tab.do("click", chromedp.Click(chromedp.ID("open-test")))
		tab.await(`document.activeElement.id === "to"`)
		tab.await(`document.getElementById("to").value === "me@home.example"`)
		tab.press(kb.Enter)
		tab.await(`document.activeElement.id === "test-next" && document.activeElement.innerText === "Send it"`)
		tab.press(kb.Enter)
		tab.await(`document.getElementById("test-said").innerText.startsWith("Sent to me@home.example.")`)
		if sent := letters(t, dir); len(sent) != 1 {
			t.Fatalf("there are %v", sent)
		}
		tab.press(kb.Enter) // on Close
		tab.await(`!test.open`)
	})
	tab.step("what cannot be sent is told", func() {
		pub.run("suppress", "add", "gone@home.example")
		tab.press("e")
		tab.await(`document.activeElement.id === "to"`)
		tab.await(`(document.getElementById("to").value = "", true)`)
		tab.press("gone@home.example")
		tab.press(kb.Enter)
		tab.await(`document.activeElement.id === "test-next" && document.activeElement.innerText === "Send it"`)
		tab.press(kb.Enter)
		tab.await(`document.getElementById("test-said").innerText.includes("gone@home.example is suppressed")`)
	})
	tab.silent()
}

// TestPreviewIsWhatIsSent compares the bytes that the preview shows with those
// that arrive, for every reader of a real send.
func TestPreviewIsWhatIsSent(t *testing.T) {
	pub := compileSample(t)
	dir := pub.sink()
	url, _ := pub.preview()
	before := make(map[string][2]string)
	for _, reader := range pub.readers() {
		name := neturl.QueryEscape(reader)
		before[identity(reader)] = [2]string{download(t, url+"html?for="+name), download(t, url+"text?for="+name)}
	}
	pub.run("send", "--yes")
	sent := letters(t, dir)
	if len(sent) == 0 || len(sent) != len(before) {
		t.Fatalf("%d letters for %d readers", len(sent), len(before))
	}
	for _, file := range sent {
		l := readLetter(t, file)
		shown, ok := before[identity(l.to)]
		if !ok {
			t.Errorf("%s got a letter and had none in the preview", l.to)
			continue
		}
		for i, part := range []string{l.html, l.text} {
			part = strings.ReplaceAll(strings.ReplaceAll(part, "\r\n", "\n"), l.wayOut, "mailto:unsubscribe@example.org")
			if part != shown[i] {
				t.Errorf("%s, part %d: sent is\n%s\nshown was\n%s", l.to, i, part, shown[i])
			}
		}
	}
}

// identity is an address in whatever way it is spelled.
func identity(address string) string {
	local, domain, _ := strings.Cut(strings.ToLower(address), "@")
	if ascii, err := idna.ToASCII(domain); err == nil {
		domain = ascii
	}
	return local + "@" + domain
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

// TestPreviewPassesAxe lets axe-core look at every state of the desk.
func TestPreviewPassesAxe(t *testing.T) {
	script := os.Getenv("BROADSHEET_AXE")
	if script == "" {
		t.Skip("BROADSHEET_AXE names no axe.min.js; get it with: npm pack axe-core")
	}
	axe, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
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
		tab.audit(string(axe), scheme+", the desk")
		tab.search("eu")
		tab.await(`document.querySelectorAll("#choices [role=option]").length > 1`)
		tab.audit(string(axe), scheme+", the picker")
		tab.press(kb.Escape)
		tab.await(`(who.blur(), true)`)
		for _, key := range []string{"?", "e"} {
			tab.press(key)
			tab.await(`document.querySelector("dialog[open]") !== null`)
			tab.audit(string(axe), scheme+", the dialog of "+key)
			tab.press(kb.Escape)
			tab.await(`document.querySelector("dialog[open]") === null`)
		}
		pub.write(issueFile, "nothing")
		tab.await(`document.querySelector(".failure") !== null`)
		tab.audit(string(axe), scheme+", a failure")
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

// silent wants no request to anybody else and a silent console.
func (b *tab) silent() {
	b.t.Helper()
	for _, complaint := range b.complaints() {
		b.t.Error(complaint)
	}
}

// sink starts a mail server that keeps letters in a folder, and has the
// publication send there.
func (w *weekly) sink() (dir string) {
	w.t.Helper()
	dir = w.t.TempDir()
	server, err := sink.New(dir, "localhost")
	w.must(err)
	listener, err := (&net.ListenConfig{}).Listen(w.t.Context(), "tcp", "127.0.0.1:0")
	w.must(err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, listener) }()
	w.t.Cleanup(func() { cancel(); <-ended })
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	w.write("broadsheet.yaml", strings.Replace(w.read("broadsheet.yaml"), "port: 2525", "port: "+port, 1))
	return dir
}

// run runs a command that must succeed.
func (w *weekly) run(command ...string) string {
	w.t.Helper()
	var out, said bytes.Buffer
	if code := cli.Run(w.t.Context(), w.args(command...), cli.Streams{Out: &out, Err: &said}); code != 0 {
		w.t.Fatalf("broadsheet %v: exit %d\n%s%s", command, code, &out, &said)
	}
	return out.String()
}

// template is a file of the built-in theme.
func (w *weekly) template(name string) string {
	w.t.Helper()
	content, err := os.ReadFile(filepath.Join("../../templates/plain", name))
	w.must(err)
	return string(content)
}

// readers are the addresses that are to get mail.
func (w *weekly) readers() []string {
	w.t.Helper()
	var list struct {
		Subscribers []struct {
			Email      string
			Topics     []string
			Suppressed bool
		}
	}
	w.must(json.Unmarshal([]byte(w.run("--json", "subscribers", "list")), &list))
	var mailed []string
	for _, s := range list.Subscribers {
		if len(s.Topics) > 0 && !s.Suppressed {
			mailed = append(mailed, s.Email)
		}
	}
	return mailed
}

// A received letter.
type received struct{ to, wayOut, html, text string }

func readLetter(t testing.TB, file string) (l received) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := mail.CreateReader(f)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	to, err := m.Header.AddressList("To")
	if err != nil || len(to) != 1 {
		t.Fatalf("%s: to %v %v", file, to, err)
	}
	l.to, l.wayOut = to[0].Address, strings.Trim(m.Header.Get("List-Unsubscribe"), "<>")
	for {
		part, err := m.NextPart()
		if errors.Is(err, io.EOF) {
			return l
		}
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		body, err := io.ReadAll(part.Body)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/html") {
			l.html = string(body)
		} else {
			l.text = string(body)
		}
	}
}

func letters(t testing.TB, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func download(t testing.TB, url string) string {
	t.Helper()
	client := http.Client{Timeout: patience}
	answer, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(answer.Body); err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v\n%s", url, answer.StatusCode, err, &body)
	}
	return body.String()
}
