package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"broadsheet/internal/cli"
)

// TestPreviewInBrowser is an editor's morning: one browser, one preview, and
// every step goes on from where the last one left the page.
func TestPreviewInBrowser(t *testing.T) {
	const issue = "issues/2026-W47/issue.md"
	pub := compileSample(t)
	url, interrupt := pub.preview()
	tab := openBrowser(t, url)
	draft := pub.read(issue)
	heads := headlines(draft)

	tab.step("the letter is shown with the issue's headlines", func() {
		tab.navigate(url)
		for _, head := range heads {
			tab.await(letterText + `.includes(` + quote(head) + `)`)
		}
		tab.await(`document.title.includes("2026-W47")`)
	})
	tab.step("its links open beside the desk", func() {
		tab.await(`[...document.querySelector("#letter iframe").contentDocument.links].every((a) => a.target === "_blank" && a.relList.contains("noopener"))`)
	})
	tab.step("a segment is chosen with the keyboard", func() {
		tab.search("eur")
		tab.await(`document.querySelector("#choices [aria-selected=true]")?.dataset.name === "europe"`)
		tab.press(kb.Enter)
		tab.await(letterText + `.includes(` + quote(heads[0]) + `) && !` + letterText + `.includes("UKRAINE")`)
		tab.await(`document.activeElement.id === "who" && who.value === "europe" && location.search.includes("for=europe")`)
	})
	tab.step("so are part and width", func() {
		tab.focus("html")
		tab.press(kb.ArrowRight)
		tab.await(letterText + `.includes("THE WEEKLY BROADSHEET")`)
		tab.press(kb.ArrowRight)
		tab.await(letterText + `.includes("<!DOCTYPE html>")`)
		tab.press("h")
		tab.await(`document.querySelector("#letter iframe:not(.coming)").src.includes("/html?")`)
		tab.focus("desktop")
		tab.press(kb.ArrowRight)
		tab.await(`document.querySelector("#letter iframe:not(.coming)").clientWidth === 400`)
	})
	tab.step("an edit is seen by itself, and choice, focus and scroll stay", func() {
		tab.await(`{ const w = document.querySelector("#letter iframe").contentWindow; w.scrollTo(0, 500); w.scrollY === 500 }`)
		began := time.Now()
		pub.replace(issue, strings.Replace(draft, heads[0], "A headline of this morning", 1))
		tab.await(letterText + `.includes("A headline of this morning")`)
		t.Logf("seen %v after the edit", time.Since(began).Round(time.Millisecond))
		tab.await(`document.querySelector("#subject").innerText.includes("A headline of this morning")`)
		tab.await(`document.querySelector("#letter iframe:not(.coming)").contentWindow.scrollY === 500`)
		tab.await(`who.value === "europe" && document.activeElement.id === "phone"`)
	})
	tab.step("they stay when the page is loaded again", func() {
		tab.do("reload", chromedp.Reload())
		tab.await(`document.querySelector("#letter iframe:not(.coming)").contentWindow.scrollY === 500`)
		tab.await(`who.value === "europe" && document.getElementById("phone").checked`)
	})
	tab.step("a mistake shows with its line where the letter was, until it is mended", func() {
		pub.write(issue, strings.Replace(draft, "status: draft", "status: nonsense", 1))
		tab.await(`document.querySelector("#letter .failure")?.innerText.includes("issues/2026-W47/issue.md:3")`)
		tab.await(`document.querySelector("#letter .failure").innerText.includes("write status: draft or status: ready")`)
		tab.await(`!document.querySelector("#letter iframe")`)
		pub.write(issue, draft)
		tab.await(letterText + `.includes(` + quote(heads[0]) + `)`)
		tab.await(`!document.querySelector(".failure") && who.value === "europe"`)
		tab.await(`document.querySelector("#letter iframe:not(.coming)").contentWindow.scrollY === 500`)
	})
	tab.step("a deleted issue is an error, not the end", func() {
		pub.remove(issue)
		tab.await(`document.querySelector(".failure")?.innerText.includes("broadsheet compile --issue 2026-W47")`)
		pub.write(issue, draft)
		tab.await(letterText + `.includes(` + quote(heads[0]) + `)`)
	})
	tab.step("a mistake in the configuration shows, all of it", func() {
		const file = "broadsheet.yaml"
		good := pub.read(file)
		pub.write(file, good+"nonsense: 1\nsmtq: {}\n")
		tab.await(`document.querySelectorAll(".failure li").length === 2 && document.querySelector(".failure").innerText.includes("did you mean smtp?")`)
		pub.write(file, strings.Replace(good, "name: The Weekly Broadsheet", "name: The Morning Broadsheet", 1))
		tab.await(letterText + `.includes("The Morning Broadsheet")`)
	})
	tab.step("a folder of templates made meanwhile is used", func() {
		pub.write("templates/head.css", "h1 { color: rgb(1, 2, 3) !important; }\n")
		tab.await(`{ const d = document.querySelector("#letter iframe:not(.coming)").contentDocument; getComputedStyle(d.querySelector("h1")).color === "rgb(1, 2, 3)" }`)
	})
	tab.step("a list made meanwhile is counted", func() {
		pub.write("subscribers/new.csv", "email,topics\nada@example.org,europe\nno address,europe\n")
		tab.await(`document.querySelector("#notes").innerText.includes("6 readers")`)
		tab.await(`document.querySelector("#notes").innerText.includes("subscribers/new.csv:3")`)
	})
	tab.step("nothing was asked of anybody else, and the console is silent", func() {
		for _, complaint := range tab.complaints() {
			t.Error(complaint)
		}
	})
	tab.step("when the preview ends the page says so", func() {
		began := time.Now()
		interrupt()
		t.Logf("ended %v after the interrupt", time.Since(began).Round(time.Millisecond))
		tab.await(`!document.getElementById("ended").hidden`)
	})
}

// headlines finds the items' headlines in an issue's file.
func headlines(issue string) []string {
	var found []string
	for line := range strings.Lines(issue) {
		if title, ok := strings.CutPrefix(strings.TrimSpace(line), "### "); ok {
			title, _, _ = strings.Cut(strings.TrimPrefix(title, "["), "](")
			found = append(found, title)
		}
	}
	return found
}

// A weekly is the folder of the sample publication.
type weekly struct {
	t   testing.TB
	dir string
}

// compileSample makes the sample publication and compiles its issue.
func compileSample(t testing.TB) *weekly {
	t.Helper()
	t.Setenv("XDG_CACHE_HOME", t.TempDir()) // where last looks are kept
	w := &weekly{t, t.TempDir()}
	for _, command := range []string{"init", "compile"} {
		var out bytes.Buffer
		if code := cli.Run(t.Context(), w.args(command), cli.Streams{Out: &out, Err: &out}); code != 0 {
			t.Fatalf("broadsheet %s: exit %d\n%s", command, code, &out)
		}
	}
	return w
}

func (w *weekly) args(command ...string) []string {
	return append([]string{"broadsheet", "-C", w.dir, "--now", "2026-11-20T07:00:00+01:00"}, command...)
}

// preview starts the preview and returns its address and what interrupts it, at
// the latest with the test. It must end well.
func (w *weekly) preview() (url string, interrupt func()) {
	w.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	stdout, out := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- cli.Run(ctx, w.args("--json", "preview"), cli.Streams{Out: out, Err: w.t.Output()})
		out.Close()
	}()
	interrupt = sync.OnceFunc(func() {
		cancel()
		select {
		case code := <-ended:
			if code != 0 {
				w.t.Errorf("the preview ended with exit %d", code)
			}
		case <-time.After(patience):
			w.t.Error("the preview does not end")
		}
	})
	w.t.Cleanup(interrupt)
	var said struct{ URL string }
	if err := json.NewDecoder(stdout).Decode(&said); err != nil || said.URL == "" {
		w.t.Fatalf("the preview does not say where it listens: %v", err)
	}
	return said.URL, interrupt
}

func (w *weekly) read(name string) string {
	w.t.Helper()
	content, err := os.ReadFile(filepath.Join(w.dir, name))
	w.must(err)
	return string(content)
}

func (w *weekly) write(name, content string) {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	w.must(os.MkdirAll(filepath.Dir(path), 0o755))
	w.must(os.WriteFile(path, []byte(content), 0o644))
}

// replace writes a file as many editors do: aside, then renamed.
func (w *weekly) replace(name, content string) {
	w.t.Helper()
	w.write(name+".new", content)
	w.must(os.Rename(filepath.Join(w.dir, name+".new"), filepath.Join(w.dir, name)))
}

func (w *weekly) remove(name string) {
	w.t.Helper()
	w.must(os.Remove(filepath.Join(w.dir, name)))
}

func (w *weekly) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}
