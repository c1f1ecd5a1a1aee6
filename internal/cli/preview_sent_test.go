package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	neturl "net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/emersion/go-message/mail"
	"golang.org/x/net/idna"

	"broadsheet/internal/cli"
	"broadsheet/internal/sink"
)

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
