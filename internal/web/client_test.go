package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/newsletter"

	"github.com/google/go-cmp/cmp"
)

func serve(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// open is a client that may reach the test's own servers.
func open(o Options) *Client {
	o.AllowPrivateNetworks = true
	return New(o)
}

func noProxy(*url.URL) (*url.URL, error) { return nil, nil }

func TestGet(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
		w.Header().Set("Date", "Fri, 20 Nov 2026 07:01:00 GMT")
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Last-Modified", "Fri, 20 Nov 2026 07:00:00 GMT")
		fmt.Fprintf(w, "hello %s", r.UserAgent())
	})
	got, err := open(Options{UserAgent: "Broadsheet/1"}).Get(t.Context(), " "+server.URL+"/feed#top", Validators{})
	if err != nil {
		t.Fatal(err)
	}
	want := Response{
		Status: 200, URL: server.URL + "/feed", ContentType: "application/rss+xml; charset=utf-8",
		Body:       []byte("hello Broadsheet/1"),
		Date:       time.Date(2026, time.November, 20, 7, 1, 0, 0, time.UTC),
		Validators: Validators{`"v1"`, "Fri, 20 Nov 2026 07:00:00 GMT"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPost(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		form, err := io.ReadAll(r.Body)
		if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" || string(form) != "a=b" {
			t.Errorf("%s %q (%v)", r.Method, form, err)
		}
		w.Header().Set("Date", "Fri, 20 Nov 2026 07:01:00 GMT") // as a cache has kept it
		w.Header().Set("Age", "60")
		http.Redirect(w, r, "/elsewhere", http.StatusSeeOther)
	})
	got, err := open(Options{}).Post(t.Context(), server.URL+"/leave", "a=b")
	if want := (Response{Status: 303, URL: server.URL + "/leave"}); err != nil || !cmp.Equal(got, want) {
		t.Errorf("got %+v (%v), want %+v", got, err, want)
	}
	if _, err := New(Options{}).Post(t.Context(), server.URL, ""); err == nil {
		t.Error("posts to a private address")
	}
}

func TestConditionalRequests(t *testing.T) {
	v := Validators{ETag: `W/"7"`, LastModified: "Fri, 20 Nov 2026 07:00:00 GMT"}
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == v.ETag && r.Header.Get("If-Modified-Since") == v.LastModified {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		if r.URL.Path == "/stubborn" {
			w.WriteHeader(http.StatusNotModified)
		}
	})
	client := open(Options{})

	got, err := client.Get(t.Context(), server.URL, v)
	if err != nil || !got.Unchanged || got.Status != 304 || got.Validators != v {
		t.Errorf("with validators: %+v, %v", got, err)
	}
	got, err = client.Get(t.Context(), server.URL, Validators{})
	if err != nil || got.Unchanged || got.Status != 200 {
		t.Errorf("without validators: %+v, %v", got, err)
	}
	got, err = client.Get(t.Context(), server.URL+"/stubborn", Validators{})
	if err != nil || got.Unchanged || got.Status != 304 {
		t.Errorf("304 that nobody asked for: %+v, %v", got, err)
	}
	got, err = client.Get(t.Context(), server.URL, Validators{ETag: "a\r\nX: y"})
	if err != nil || got.Status != 200 {
		t.Errorf("a validator that cannot be sent: %+v, %v", got, err)
	}
}

func TestSizeLimit(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/exact":
			w.Write(make([]byte, 1<<20))
		case "/announced":
			w.Header().Set("Content-Length", fmt.Sprint(1<<20+1))
			w.Write(make([]byte, 1<<20+1))
		case "/chunked":
			for range 1<<10 + 1 {
				w.Write(make([]byte, 1<<10))
				w.(http.Flusher).Flush()
			}
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bomb(t))
		}
	})
	client := open(Options{MaxBytes: 1 << 20})
	if got, err := client.Get(t.Context(), server.URL+"/exact", Validators{}); err != nil || len(got.Body) != 1<<20 {
		t.Errorf("a body of exactly the limit: %d bytes, %v", len(got.Body), err)
	}
	for _, path := range []string{"/announced", "/chunked", "/bomb"} {
		_, err := client.Get(t.Context(), server.URL+path, Validators{})
		wantError(t, err, newsletter.Failure, server.URL+path, "larger than 1 MiB")
	}
}

// bomb is 16 MiB of nothing in 16 KiB.
func bomb(t *testing.T) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	for range 16 {
		if _, err := w.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

func TestCodings(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		coding := strings.TrimPrefix(r.URL.Path, "/")
		w.Header().Set("Content-Encoding", coding)
		if coding == "gzip" {
			z := gzip.NewWriter(w)
			fmt.Fprint(z, "plain")
			z.Close()
		}
	})
	client := open(Options{})
	if got, err := client.Get(t.Context(), server.URL+"/gzip", Validators{}); err != nil || string(got.Body) != "plain" {
		t.Errorf("gzip: %q, %v", got.Body, err)
	}
	_, err := client.Get(t.Context(), server.URL+"/br", Validators{})
	wantError(t, err, newsletter.Failure, `encoded as "br"`)
}

func TestRedirects(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		code, next := 0, ""
		if _, err := fmt.Sscanf(r.URL.Path, "/%d%s", &code, &next); err == nil {
			http.Redirect(w, r, next, code)
			return
		}
		switch r.URL.Path {
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/file":
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(http.StatusFound)
		case "/gone":
			w.WriteHeader(http.StatusGone)
		}
	})
	client := open(Options{})
	ten := strings.Repeat("/302", 10)
	for _, tt := range []struct{ name, path, url, redirected string }{
		{"none", "/end", "/end", ""},
		{"permanent", "/301/308/end", "/end", "/end"},
		{"temporary", "/302/end", "/end", ""},
		{"permanent, then temporary", "/301/307/end", "/end", ""},
		{"temporary, then permanent", "/307/301/end", "/end", ""},
		{"permanent to nowhere", "/301/gone", "/gone", ""},
		{"ten", ten + "/end", "/end", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := client.Get(t.Context(), server.URL+tt.path, Validators{})
			if err != nil {
				t.Fatal(err)
			}
			redirected := strings.TrimPrefix(got.Redirected, server.URL)
			if got.URL != server.URL+tt.url || redirected != tt.redirected {
				t.Errorf("landed on %s, redirected %q; want %s, %q", got.URL, redirected, tt.url, tt.redirected)
			}
		})
	}
	for path, want := range map[string]string{
		"/loop":           "more than 10 redirects",
		ten + "/302/end":  "more than 10 redirects",
		"/file":           `"file" is neither http nor https`,
		"/302ftp://h/end": `"ftp" is neither http nor https`,
	} {
		_, err := client.Get(t.Context(), server.URL+path, Validators{})
		wantError(t, err, newsletter.Failure, server.URL+"/", want)
	}
}

func TestNoWayBackToHTTP(t *testing.T) {
	plain := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the unprotected server was asked") })
	secure := httptest.NewTLSServer(http.RedirectHandler(plain.URL, http.StatusMovedPermanently))
	t.Cleanup(secure.Close)
	client := open(Options{})
	client.transport = secure.Client().Transport
	_, err := client.Get(t.Context(), secure.URL, Validators{})
	wantError(t, err, newsletter.Failure, "redirects from https to "+plain.URL)
}

func TestBadCertificate(t *testing.T) {
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	_, err := open(Options{}).Get(t.Context(), secure.URL, Validators{})
	wantError(t, err, newsletter.Failure, "certificate is not valid")
}

func TestPrivateAddressesAreRefused(t *testing.T) {
	server := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the private server was asked") })
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	client := newClient(Options{}, guard{public}, noProxy)
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0", "[::1]"} {
		t.Run(host, func(t *testing.T) {
			_, err := client.Get(t.Context(), "http://"+net.JoinHostPort(strings.Trim(host, "[]"), port), Validators{})
			fault := wantError(t, err, newsletter.Failure, "an address of this machine or of a private network")
			if !strings.Contains(fault.Hint, "allow_private_networks: true") {
				t.Errorf("hint %q", fault.Hint)
			}
		})
	}
}

// The first server counts as public here, the one that it redirects to does not.
func TestPrivateAddressByRedirectIsRefused(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			t.Error("the private server was asked")
		}
		_, port, _ := net.SplitHostPort(r.Host)
		http.Redirect(w, r, "http://127.0.0.2:"+port+"/private", http.StatusFound)
	})
	onlyFirst := guard{func(a netip.Addr) bool { return a == netip.MustParseAddr("127.0.0.1") }}
	_, err := newClient(Options{}, onlyFirst, noProxy).Get(t.Context(), server.URL+"/", Validators{})
	wantError(t, err, newsletter.Failure, server.URL, "127.0.0.2 is an address of this machine")
}

func TestProxyMayBePrivateButItsTargetsMayNot(t *testing.T) {
	var asked []string
	proxy := serve(t, func(_ http.ResponseWriter, r *http.Request) { asked = append(asked, r.URL.String()) })
	t.Setenv("HTTP_PROXY", proxy.URL)
	t.Setenv("NO_PROXY", "")
	client := New(Options{})
	if _, err := client.Get(t.Context(), "http://feeds.example/rss", Validators{}); err != nil {
		t.Error(err)
	}
	for _, host := range []string{"10.0.0.1", "localhost", "127.0.0.1", "2130706433"} {
		_, err := client.Get(t.Context(), "http://"+host+":9/", Validators{})
		wantError(t, err, newsletter.Failure, host, "address")
	}
	if diff := cmp.Diff([]string{"http://feeds.example/rss"}, asked); diff != "" {
		t.Error(diff)
	}
}

func TestTimeout(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			fmt.Fprint(w, "the beginning")
			w.(http.Flusher).Flush()
		}
		<-r.Context().Done()
	})
	client := open(Options{Timeout: 50 * time.Millisecond})
	for _, path := range []string{"/header", "/body"} {
		_, err := client.Get(t.Context(), server.URL+path, Validators{})
		wantError(t, err, newsletter.Unavailable, server.URL+path, "no complete answer in time (50ms)")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client.Get(ctx, server.URL, Validators{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled request: %v", err)
	}
}

func TestUnreachable(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	broken := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		fmt.Fprint(w, "short")
	})
	client := open(Options{})
	_, err := client.Get(t.Context(), closed.URL, Validators{})
	wantError(t, err, newsletter.Unavailable, closed.URL, "nobody answers there")
	_, err = client.Get(t.Context(), broken.URL, Validators{})
	wantError(t, err, newsletter.Unavailable, broken.URL, "the server broke off")
}

func TestAddresses(t *testing.T) {
	client := open(Options{})
	for address, want := range map[string]string{
		"":                      "neither http nor https",
		"feeds.example/rss":     "neither http nor https",
		"gopher://h/":           `"gopher" is neither`,
		"http:///path":          "names no host",
		"http://u:secret@h:x/p": "understand the address",
	} {
		_, err := client.Get(t.Context(), address, Validators{})
		fault := wantError(t, err, newsletter.Failure, want)
		if strings.Contains(fault.Error(), "secret") {
			t.Errorf("the password shows in %q", fault)
		}
	}
}

func TestErrorStatus(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "120")
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprint(w, "later")
	})
	got, err := open(Options{}).Get(t.Context(), server.URL, Validators{})
	if err != nil || got.Status != 503 || got.RetryAfter != 2*time.Minute || got.Body != nil {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestRetryAfter(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"":                              0,
		"soon":                          0,
		"-5":                            0,
		"90":                            90 * time.Second,
		"4000000000":                    maxRetryAfter,
		"99999999999999999999":          0,
		"Fri, 20 Nov 2026 08:00:00 GMT": time.Hour,
		"Fri, 20 Nov 2026 06:00:00 GMT": 0,
		"Fri, 20 Nov 9999 06:00:00 GMT": maxRetryAfter,
	} {
		h := http.Header{"Retry-After": {value}, "Date": {"Fri, 20 Nov 2026 07:00:00 GMT"}}
		if got := retryAfter(h); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}

// wantError checks an error's kind and that it says all of the words.
func wantError(t *testing.T, err error, kind newsletter.Kind, words ...string) *newsletter.Fault {
	t.Helper()
	var fault *newsletter.Fault
	if !errors.As(err, &fault) {
		t.Fatalf("got error %v, want a fault with %q", err, words)
	}
	if fault.Kind != kind {
		t.Errorf("%v: kind %d, want %d", err, fault.Kind, kind)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q does not say %q", err, word)
		}
	}
	return fault
}
