package preview

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestStrangersGetNothing asks as pages and programs would that must not read
// the issue or send a letter.
func TestStrangersGetNothing(t *testing.T) {
	sent := 0
	l := letter("all", "<p>Everything</p>", "Everything")
	l.Test = func(context.Context, string) (string, error) { sent++; return "250 ok", nil }
	s := serverOf(t, &shelf{proof: proofOf(l)})
	own := "http://" + address
	tests := []struct {
		name, method, host, path string
		header                   map[string]string
	}{
		{"without the token", "GET", address, "/", nil},
		{"without the token, deep", "GET", address, "/html?for=all", nil},
		{"with another token", "GET", address, "/TOKEM/html", nil},
		{"with the beginning of the token", "GET", address, "/TOKE/html", nil},
		{"with an empty token", "GET", address, "//html", nil},
		{"the token without its slash", "GET", address, "/TOKEN", nil},
		{"a name that was bound to loopback", "GET", "evil.example:8222", "/TOKEN/html", nil},
		{"the same port by another name", "GET", "localhost.evil.example:8222", "/TOKEN/html", nil},
		{"another page on the web", "GET", address, "/TOKEN/html", map[string]string{"Origin": "https://evil.example"}},
		{"a page without origin", "GET", address, "/TOKEN/html", map[string]string{"Origin": "null"}},
		{"another program on this machine", "GET", address, "/TOKEN/html", map[string]string{"Origin": "http://127.0.0.1:9000"}},
		{"a picture in a page elsewhere", "GET", address, "/TOKEN/html", map[string]string{"Sec-Fetch-Site": "cross-site"}},
		{"a frame in another program's page", "GET", address, "/TOKEN/html", map[string]string{"Sec-Fetch-Site": "same-site"}},
		{"the other name of this host", "GET", address, "/TOKEN/html", map[string]string{"Origin": "http://localhost:8222"}},
		{"https", "GET", address, "/TOKEN/html", map[string]string{"Origin": "https://" + address}},
		{"a form elsewhere", "POST", address, "/TOKEN/test", map[string]string{"Origin": "https://evil.example"}},
		{"a form without origin", "POST", address, "/TOKEN/test", nil},
		{"a form that says it is ours from elsewhere", "POST", address, "/TOKEN/test", map[string]string{"Origin": own, "Sec-Fetch-Site": "cross-site"}},
		{"a yes without the token", "POST", address, "/test/send", map[string]string{"Origin": own}},
	}
	for _, tt := range tests {
		w := ask(t, s, tt.method, tt.host, tt.path, tt.header, url.Values{"to": {"eve@evil.example"}, "for": {"all"}, "key": {"KEY1"}}.Encode())
		if w.Code != http.StatusForbidden {
			t.Errorf("%s: %d", tt.name, w.Code)
		}
		if body := w.Body.String(); strings.Contains(body, "Everything") || strings.Contains(body, token) || strings.Contains(body, "KEY") {
			t.Errorf("%s: got %s", tt.name, body)
		}
	}
	if s.asked != nil || sent > 0 {
		t.Errorf("a stranger asked for a letter: %v, %d sent", s.asked, sent)
	}
}

func TestPathsLeadNowhereElse(t *testing.T) {
	s := serverOf(t, &shelf{proof: sample()})
	for _, path := range []string{
		"/assets/page.html", "/page.html", "/../preview.go", "/..%2f..%2fpreview.go", "/style.css/../page.html",
		"/%2e%2e/%2e%2e/etc/passwd", "/style.css%00", "/html/../../etc/passwd", "/.",
	} {
		w := get(t, s, path)
		for w.Code == http.StatusMovedPermanently || w.Code == http.StatusTemporaryRedirect { // the path made clean
			to := w.Header().Get("Location")
			if strings.HasPrefix(to, "//") || strings.Contains(to, "://") {
				t.Fatalf("%s leads to %s", path, to)
			}
			w = get(t, s, to)
		}
		if body := w.Body.String(); strings.Contains(body, "{{") || strings.Contains(body, "root:") || strings.Contains(body, "package preview") {
			t.Errorf("%s: %d %s", path, w.Code, body)
		}
	}
	w := get(t, s, "/html?for=../../../etc/passwd")
	if w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "root:") {
		t.Errorf("a path as a name: %d %s", w.Code, w.Body)
	}
}

func TestHugeFormsAreRefused(t *testing.T) {
	s := serverOf(t, &shelf{proof: sample()})
	form := url.Values{"to": {"ada@example.org"}, "for": {strings.Repeat("x", formBytes)}}.Encode()
	w := ask(t, s, http.MethodPost, address, "/"+token+"/test", ownPage, form)
	if s.asked != nil || !strings.Contains(w.Body.String(), "Error") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestSlowAndHugeRequestsEnd talks to the real server: what comes too slowly
// or is too long is cut off, and others are answered meanwhile.
func TestSlowAndHugeRequestsEnd(t *testing.T) {
	t.Parallel()
	base, stop := serve(t, filepath.Join(t.TempDir(), "issue.md"))
	at, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	slow, err := net.Dial("tcp", at.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	fmt.Fprintf(slow, "GET %s/turn HTTP/1.1\r\nHost: %s\r\nX-Slow: ", at.Path, at.Host)

	huge, err := net.Dial("tcp", at.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer huge.Close()
	fmt.Fprintf(huge, "GET %s/turn HTTP/1.1\r\nHost: %s\r\nX-Huge: %s\r\n\r\n", at.Path, at.Host, strings.Repeat("x", 4*headerBytes))
	huge.SetReadDeadline(time.Now().Add(patience))
	if line, err := bufio.NewReader(huge).ReadString('\n'); !strings.Contains(line, "431") {
		t.Errorf("a huge header: %q %v", line, err)
	}
	if code, _, err := fetch(base + "/turn"); code != http.StatusOK {
		t.Errorf("others are not answered meanwhile: %d %v", code, err)
	}
	slow.SetReadDeadline(time.Now().Add(headerTime + patience))
	if _, err := io.ReadAll(slow); err != nil {
		t.Errorf("a slow request is kept open: %v", err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestHostileLetterIsLockedIn(t *testing.T) {
	const evil = `<script>top.document.title = "caught"</script><form action="https://evil.example"><button>Go</button></form>`
	s := serverOf(t, &shelf{proof: proofOf(letter("all", evil, evil))})
	for _, path := range []string{"/html", "/text", "/source", "/html?images=off"} {
		w := get(t, s, path)
		policy := w.Header().Get("Content-Security-Policy")
		for _, want := range []string{"sandbox allow-same-origin ", "default-src 'none'", "form-action 'none'", "base-uri 'none'", "frame-ancestors 'self'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s lacks %s: %s", path, want, policy)
			}
		}
		for _, never := range []string{"allow-scripts", "allow-forms", "allow-top-navigation", "script-src"} {
			if strings.Contains(policy, never) {
				t.Errorf("%s has %s: %s", path, never, policy)
			}
		}
		if strings.Contains(policy, "img-src") != (path == "/html") {
			t.Errorf("%s: pictures by %s", path, policy)
		}
	}
	if page := get(t, s, "/source").Body.String(); strings.Contains(page, "<script>") || !strings.Contains(page, "&lt;script&gt;") {
		t.Errorf("the source is markup: %s", page)
	}
}
