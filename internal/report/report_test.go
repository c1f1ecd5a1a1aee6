package report_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/report"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var begin = time.Date(2026, time.November, 20, 6, 0, 0, 0, time.UTC)

func mailing() newsletter.Mailing {
	m := newsletter.Mailing{ID: "2026-W47", Issue: "2026-W47", FrozenAt: begin.Add(-time.Second), Recipes: make([]newsletter.Recipe, 2)}
	m.Content.Subject = "Ten countries <share> the Danube & more"
	return m
}

func delivery(domain string, state newsletter.State, after time.Duration) newsletter.Delivery {
	d := newsletter.Delivery{State: state, Address: newsletter.Address{Spelled: "r@" + domain, Identity: "r@" + domain}}
	if state == newsletter.Queued {
		return d
	}
	d.Attempts, d.Since, d.Settled = 1, begin, begin.Add(after)
	switch state {
	case newsletter.Refused:
		d.Code, d.Reply = 550, "5.1.1 <r@"+domain+">: no such mailbox"
	case newsletter.Deferred:
		d.Code, d.Reply, d.Settled, d.Due = 451, "4.7.1 greylisted", time.Time{}, begin.Add(time.Hour)
	case newsletter.Suppressed:
		d.Attempts, d.Since = 0, time.Time{}
	}
	return d
}

// aSending is one of two runs: a busy one, and a few letters the next day.
func aSending() []newsletter.Delivery {
	random := rand.New(rand.NewPCG(1, 2))
	domains := []string{"example.org", "example.net", "mail.example.com", "post.example", "xn--bcher-kva.example"}
	var list []newsletter.Delivery
	for i := range 9000 {
		domain := domains[min(int(random.ExpFloat64()*1.3), len(domains)-1)]
		after := time.Duration(i) * 70 * time.Millisecond
		switch {
		case i%61 == 0:
			list = append(list, delivery(domain, newsletter.Refused, after))
		case i%97 == 0 && i > 7000:
			list = append(list, delivery("example.net", newsletter.Deferred, 0))
		case i > 4000 && i < 4040:
			list = append(list, delivery("example.org", newsletter.Uncertain, after))
		case i%503 == 0:
			list = append(list, delivery(domain, newsletter.Suppressed, 0))
		default:
			list = append(list, delivery(domain, newsletter.Sent, after))
		}
	}
	for i := range 240 {
		late := delivery("post.example", newsletter.Sent, 25*time.Hour+time.Duration(i)*400*time.Millisecond)
		late.Attempts, late.Segment = 3, 1
		list = append(list, late)
	}
	return list
}

func count(list []newsletter.Delivery) report.Report {
	c := report.NewCounter(mailing())
	for _, d := range list {
		c.Add(d)
	}
	return c.Report()
}

func page(t testing.TB, r report.Report) []byte {
	t.Helper()
	vienna, err := time.LoadLocation("Europe/Vienna")
	if err != nil {
		t.Fatal(err)
	}
	html, err := r.Page(&newsletter.Publication{Name: "The Weekly <Broadsheet>", Location: vienna})
	if err != nil {
		t.Fatal(err)
	}
	return html
}

func TestPage(t *testing.T) {
	for name, list := range map[string][]newsletter.Delivery{
		"two-runs": aSending(),
		"nothing":  {delivery("example.org", newsletter.Queued, 0)},
		"one":      {delivery("example.org", newsletter.Sent, time.Second)},
	} {
		t.Run(name, func(t *testing.T) {
			got := page(t, count(list))
			wellFormed(t, got)
			file := "testdata/" + name + ".html"
			if *update {
				if err := os.WriteFile(file, got, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("another page (-want +got):\n%s", diff)
			}
		})
	}
}

// wellFormed holds the page against the stricter of HTML's two ways of writing, and
// wants every element where it is written: a parser of the other one moves what
// stands where it may not, or leaves it out.
func wellFormed(t *testing.T, page []byte) {
	t.Helper()
	in := xml.NewDecoder(bytes.NewReader(page))
	ids := map[string]bool{}
	var written []string
	for {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			if diff := cmp.Diff(written, elements(t, page)); diff != "" {
				t.Errorf("not as it is written (-written +read):\n%s", diff)
			}
			return
		}
		if err != nil {
			t.Fatalf("not well formed: %v", err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		written = append(written, start.Name.Local)
		if start.Name.Local == "script" {
			t.Error("the page has a script")
		}
		for _, a := range start.Attr {
			if a.Name.Local == "id" && ids[a.Value] {
				t.Errorf("the id %s stands twice", a.Value)
			}
			if a.Name.Local == "id" {
				ids[a.Value] = true
			}
			if strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") {
				t.Errorf("%s is %s", a.Name.Local, a.Value)
			}
		}
	}
}

// elements are those of the page in their order, as a browser reads it.
func elements(t *testing.T, page []byte) (names []string) {
	t.Helper()
	document, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range document.Descendants() {
		if n.Type == html.ElementNode {
			names = append(names, n.Data)
		}
	}
	return names
}

func TestCounts(t *testing.T) {
	list, want := aSending(), report.States{}
	for _, d := range list {
		want[d.State]++
	}
	r := count(list)
	byDomain, bySegment, inBars := report.States{}, report.States{}, report.States{}
	for _, d := range r.Domains {
		for s, n := range d.States {
			byDomain[s] += n
		}
	}
	for _, segment := range r.Segments {
		for s, n := range segment {
			bySegment[s] += n
		}
	}
	for _, s := range r.Timeline.Stretches {
		for _, b := range s.Bars {
			inBars[newsletter.Sent] += b.Sent
			inBars[newsletter.Refused] += b.Refused
			inBars[newsletter.Uncertain] += b.Uncertain
		}
	}
	for name, got := range map[string]report.States{"by domain": byDomain, "by segment": bySegment, "in all": r.States} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	delete(want, newsletter.Deferred)
	delete(want, newsletter.Suppressed)
	if diff := cmp.Diff(want, inBars); diff != "" {
		t.Errorf("over time (-want +got):\n%s", diff)
	}
	if n := len(r.Timeline.Stretches); n != 2 {
		t.Errorf("%d stretches, want the two runs", n)
	}
	if got, want := r.Replies, []report.Reply{{Code: 550, Count: 148, Example: "5.1.1 <r@example.org>: no such mailbox"}, {Code: 451, Count: 20, Example: "4.7.1 greylisted"}}; !cmp.Equal(got, want) {
		t.Errorf("replies %v, want %v", got, want)
	}
}

// TestManyDomains are the largest by name, and the rest together.
func TestManyDomains(t *testing.T) {
	var list []newsletter.Delivery
	for i := range 500 {
		for range 1 + i%7 {
			list = append(list, delivery(fmt.Sprintf("d%03d.example", i), newsletter.Sent, time.Second))
		}
	}
	r := count(list)
	last := r.Domains[len(r.Domains)-1]
	if len(r.Domains) != 26 || last.Name != "475 more" || last.States.Total() != len(list)-25*7 {
		t.Errorf("%d domains, the last %q with %d", len(r.Domains), last.Name, last.States.Total())
	}
}

// FuzzTimeline: whatever the times, every outcome is in one bar, at its time,
// and the drawing stays within bounds.
func FuzzTimeline(f *testing.F) {
	f.Add(int64(0), uint16(5), uint32(1))
	f.Add(int64(1), uint16(3000), uint32(400_000))
	f.Add(int64(7), uint16(40), uint32(4_000_000))
	f.Fuzz(func(t *testing.T, seed int64, letters uint16, within uint32) {
		random := rand.New(rand.NewPCG(uint64(seed), 0))
		var list []newsletter.Delivery
		for range letters % 4000 {
			list = append(list, delivery("example.org", newsletter.Sent, time.Duration(random.Int64N(int64(within)+1))*time.Second))
		}
		r := count(list)
		total := 0
		for i, s := range r.Timeline.Stretches {
			for _, b := range s.Bars {
				total += b.Sent
			}
			if len(s.Bars) == 0 || s.Bars[0].Sent == 0 || s.Bars[len(s.Bars)-1].Sent == 0 {
				t.Errorf("stretch %d begins or ends with nothing", i)
			}
		}
		if total != len(list) {
			t.Errorf("%d of %d letters are in the bars", total, len(list))
		}
		if html := page(t, r); len(html) > 200_000 {
			t.Errorf("a page of %d bytes", len(html))
		}
	})
}

func BenchmarkCounter(b *testing.B) {
	list := aSending()
	b.ReportAllocs()
	for b.Loop() {
		count(list)
	}
	b.ReportMetric(float64(len(list)*b.N)/b.Elapsed().Seconds(), "deliveries/s")
}
