package report

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// The chart's measures, in units of its drawing.
const (
	chartWidth  = 760
	chartHeight = 224
	plotLeft    = 52 // of it the scale
	plotTop     = 12
	plotHeight  = 184
	plotWidth   = chartWidth - plotLeft - 8
	pauseWidth  = 3  // in bars
	labelWidth  = 96 // that a time needs
	widestBar   = 24
)

// A chart is a timeline as it is drawn: a bar for each step, its height the
// letters of a second.
type chart struct {
	Width, Height, Left, Right, Bottom, Top int

	Boxes  []box
	Scale  []mark // rates, from the bottom up
	Times  []mark
	Pauses []mark
}

// A box is one outcome of one bar.
type box struct {
	X, Y, Width, Height string
	Class               string
}

// A mark is a word at a place along an axis.
type mark struct {
	At   string
	Text string
}

// drawChart draws a timeline; nil where nothing happened.
func drawChart(t Timeline, in *time.Location) *chart {
	if len(t.Stretches) == 0 {
		return nil
	}
	c := &chart{
		Width: chartWidth, Height: chartHeight, Left: plotLeft, Right: plotLeft + plotWidth,
		Bottom: plotTop + plotHeight, Top: plotTop,
	}
	most, bars := 0, -pauseWidth
	for _, s := range t.Stretches {
		bars += len(s.Bars) + pauseWidth
		for _, b := range s.Bars {
			most = max(most, b.total())
		}
	}
	tick := niceTick(float64(most) / float64(t.Step) / 4)
	top := math.Ceil(float64(most)/float64(t.Step)/tick) * tick
	for v := 0.0; v <= top+tick/2; v += tick {
		c.Scale = append(c.Scale, mark{At: units(c.y(v / top)), Text: strings.TrimSuffix(fmt.Sprintf("%.4g", v), ".0")})
	}
	width := math.Min(float64(plotWidth)/float64(bars), widestBar)
	c.stretches(t, in, width, top*float64(t.Step))
	return c
}

// stretches draws one stretch after another, with room for the pauses.
func (c *chart) stretches(t Timeline, in *time.Location, width, top float64) {
	x, free, day := float64(plotLeft), float64(plotLeft), ""
	for i, s := range t.Stretches {
		if i > 0 {
			c.Pauses = append(c.Pauses, mark{At: units(x + width*pauseWidth/2)})
			x += width * pauseWidth
		}
		for n, b := range s.Bars {
			at := s.Begin.Add(time.Duration(n*t.Step) * time.Second).In(in)
			if x >= free && (n == 0 || x+labelWidth <= plotLeft+plotWidth) {
				text := clock(at, t.Step)
				if d := at.Format("2 Jan"); d != day {
					day, text = d, d+" "+text
				}
				c.Times = append(c.Times, mark{At: units(x), Text: text})
				free = x + labelWidth
			}
			c.bar(b, x, width, top)
			x += width
		}
	}
}

// bar puts a bar's outcomes upon each other.
func (c *chart) bar(b Bar, x, width, top float64) {
	below := 0
	for _, part := range [...]struct {
		n     int
		class string
	}{{b.Sent, "sent"}, {b.Uncertain, "uncertain"}, {b.Refused, "refused"}} {
		if part.n == 0 {
			continue
		}
		low, high := c.y(float64(below)/top), c.y(float64(below+part.n)/top)
		gap := math.Min(1, width/5)
		c.Boxes = append(c.Boxes, box{units(x + gap/2), units(high), units(width - gap), units(math.Max(low-high, 0.5)), part.class})
		below += part.n
	}
}

// y is where a part of the plot's height ends.
func (c *chart) y(part float64) float64 { return plotTop + float64(plotHeight)*(1-part) }

// niceTick is the least of 1, 2 and 5 times a power of ten that is not below v.
func niceTick(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range [...]float64{1, 2, 5} {
		if m*power >= v*0.999 {
			return m * power
		}
	}
	return 10 * power
}

func clock(t time.Time, step int) string {
	if step < 60 {
		return t.Format("15:04:05")
	}
	return t.Format("15:04")
}

// units writes a length without more digits than an eye sees.
func units(v float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", v), "0"), ".")
}
