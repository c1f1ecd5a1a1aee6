package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"strconv"
	"time"

	"broadsheet/internal/newsletter"
)

//go:embed page.html
var pageText string

// A page is what the template draws.
type page struct {
	Report
	Publication string
	Chart       *chart
	Total       int
	Columns     []newsletter.State

	in      *time.Location
	largest int // deliveries to one domain
}

// Page draws the report of a publication's mailing.
func (r Report) Page(pub *newsletter.Publication) ([]byte, error) {
	in := pub.Location
	if in == nil {
		in = time.UTC
	}
	p := page{Report: r, Publication: pub.Name, Chart: drawChart(r.Timeline, in), Total: r.States.Total(), in: in}
	for _, s := range newsletter.States {
		if r.States[s] > 0 || s == newsletter.Sent {
			p.Columns = append(p.Columns, s)
		}
	}
	for _, d := range r.Domains {
		p.largest = max(p.largest, d.States.Total())
	}
	t, err := template.New("page").Parse(pageText)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return nil, fmt.Errorf("draw the report: %w", err)
	}
	return b.Bytes(), nil
}

// Count is the number of deliveries in a state.
func (p page) Count(s newsletter.State) int { return p.States[s] }

// Left counts what is still on its way.
func (p page) Left() int {
	return p.States[newsletter.Queued] + p.States[newsletter.Claimed] + p.States[newsletter.Deferred]
}

// Number writes a number with its thousands apart.
func (page) Number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

// Rate writes letters a second.
func (page) Rate(v float64) string { return fmt.Sprintf("%.3g", v) }

// When writes an instant.
func (p page) When(t time.Time) string { return t.In(p.in).Format("2 January 2006, 15:04:05 MST") }

// After says how long after the first attempt an instant was.
func (p page) After(t time.Time) string {
	if t.IsZero() || p.Begun.IsZero() {
		return "–"
	}
	return Span(t.Sub(p.Begun))
}

// Span writes a duration in two units at most: "2 d 3 h", "4 min 12 s".
func Span(d time.Duration) string {
	seconds := int(d.Round(time.Second) / time.Second)
	for _, u := range [...]struct {
		big, small         int
		bigName, smallName string
	}{{86400, 3600, "d", "h"}, {3600, 60, "h", "min"}, {60, 1, "min", "s"}} {
		if seconds < u.big {
			continue
		}
		text := fmt.Sprintf("%d %s", seconds/u.big, u.bigName)
		if rest := seconds % u.big / u.small; rest > 0 {
			text += fmt.Sprintf(" %d %s", rest, u.smallName)
		}
		return text
	}
	return fmt.Sprintf("%d s", seconds)
}

// Step says how long a bar of the chart is.
func (p page) Step() string { return Span(time.Duration(p.Timeline.Step) * time.Second) }

// A row is one line of the chart as a table.
type row struct {
	Bar
	At string
}

// Rows are the chart's steps in which anything was settled.
func (p page) Rows() (rows []row) {
	for _, s := range p.Timeline.Stretches {
		for i, b := range s.Bars {
			if b.total() > 0 {
				at := s.Begin.Add(time.Duration(i*p.Timeline.Step) * time.Second).In(p.in)
				rows = append(rows, row{b, at.Format("2 Jan ") + clock(at, p.Timeline.Step)})
			}
		}
	}
	return rows
}

// Strip draws a domain's states side by side, as long as its share of the
// largest one.
func (p page) Strip(d Domain) (boxes []box) {
	x := 0.0
	for _, s := range newsletter.States {
		if n := d.States[s]; n > 0 {
			width := stripWidth * float64(n) / float64(p.largest)
			boxes = append(boxes, box{X: units(x), Width: units(max(width, 0.5)), Class: string(s)})
			x += width
		}
	}
	return boxes
}

// stripWidth is that of a strip's drawing.
const stripWidth = 200.0

// StripWidth is stripWidth for the template.
func (page) StripWidth() float64 { return stripWidth }
