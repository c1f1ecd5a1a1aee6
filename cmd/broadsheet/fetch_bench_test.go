//go:build unix

package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// BenchmarkFetch reads 300 feeds of ten articles each from a server that takes
// 200 ms for every answer.
func BenchmarkFetch(b *testing.B) {
	const feeds, articles, delay = 300, 10, 200 * time.Millisecond
	pages := make([]string, feeds)
	w := newWriter()
	for i := range pages {
		pages[i] = w.feed(i, articles)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var n int
		if _, err := fmt.Sscanf(r.URL.Path, "/%d", &n); err != nil || n >= feeds {
			http.NotFound(w, r)
			return
		}
		time.Sleep(delay)
		_, _ = io.WriteString(w, pages[n])
	}))
	b.Cleanup(server.Close)
	for b.Loop() {
		b.StopTimer()
		p := newPublication(b)
		var sources strings.Builder
		for i := range feeds {
			fmt.Fprintf(&sources, "  - {id: feed%03d, feed: \"%s/%d\"}\n", i, server.URL, i)
		}
		p.edit("broadsheet.yaml", `(?m)^sources:\n(  .*\n)+`, "sources:\n"+sources.String())
		p.edit("broadsheet.yaml", `allow_private_networks: false`, "allow_private_networks: true")
		o, _ := measure(p, b, "fetch")
		var report struct{ Added, Failed int }
		if err := json.Unmarshal([]byte(o.out), &report); err != nil || report.Added != feeds*articles || report.Failed != 0 {
			b.Fatalf("%+v, %v", report, err)
		}
		b.StartTimer()
	}
}
