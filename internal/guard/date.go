package guard

import (
	"strconv"
	"strings"
)

// A date is a day of a month; both count from 1.
type date struct{ day, month int }

// month is the month that a token names, 0 for none. English and German write
// them with a capital: "may" and "march" are other words.
func (d *document) month(i int) int {
	return d.calendar(i, d.language.months)
}

func (d *document) weekday(i int) int {
	return d.calendar(i, d.language.weekdays)
}

func (d *document) calendar(i int, names map[string]int) int {
	if i < 0 || i >= len(d.tokens) {
		return 0
	}
	t := d.tokens[i]
	if !t.upper && (d.language.tag == "en" || d.language.tag == "de") {
		return 0
	}
	return names[t.word]
}

// dates are the days that a text names: "20 November", "Nov. 20th",
// "2026-11-20", "20.11.2026", "11/20".
func (d *document) dates() map[date]bool {
	all := make(map[date]bool)
	for i := range d.numbers {
		for _, at := range d.daysOf(d.numbers[i]) {
			all[at] = true
		}
		d.numericDate(i, all)
	}
	return all
}

// daysOf are the days that a number and a month near it make.
func (d *document) daysOf(n number) []date {
	const near = 3 // tokens: "20th of November", "20 and 21 November"
	day := small(n, 31)
	if day == 0 {
		return nil
	}
	var found []date
	for j := n.tokens.start - near; j <= n.tokens.start+near; j++ {
		if m := d.month(j); m != 0 && d.tokens[j].sentence == d.tokens[n.tokens.start].sentence {
			found = append(found, date{day, m})
		}
	}
	return found
}

// numericDate reads two or three numbers with a mark between them, in any of
// the usual orders.
func (d *document) numericDate(i int, into map[date]bool) {
	if i+1 >= len(d.numbers) {
		return
	}
	a, b := d.numbers[i], d.numbers[i+1]
	between := ""
	if from, to := d.tokens[a.tokens.end-1].end, d.tokens[b.tokens.start].start; from < to {
		between = d.text[from:to]
	}
	if between != "" && !strings.Contains("-/.", between) {
		return
	}
	if x, y := small(a, 31), small(b, 31); x != 0 && y != 0 {
		into[date{x, y}] = true
		into[date{y, x}] = true
	}
}

// small is a number's value if it is whole, plain and between 1 and most.
func small(n number, most int) int {
	if n.unit != "" && n.unit != ordinal {
		return 0
	}
	digits, zeros, _ := strings.Cut(n.values[0], "e")
	if zeros == "1" {
		digits += "0"
	} else if zeros != "0" {
		return 0
	}
	value, err := strconv.Atoi(digits)
	if err != nil || value < 1 || value > most {
		return 0
	}
	return value
}

// isDay tells whether a number stands by a month as its day.
func (d *document) isDay(n number) bool { return len(d.daysOf(n)) > 0 }

// checkDates looks for each month, weekday and day of a month in the source.
func (c *checker) checkDates(s sentence) {
	for i := s.start; i < s.end; i++ {
		t := c.summary.tokens[i]
		isDate := c.summary.month(i) != 0 || c.summary.weekday(i) != 0
		if isDate && !c.sourceHasDate(i) {
			c.fault(s, Date, t.text, "the source does not name this day or month")
		}
	}
	for _, n := range c.summary.numbers {
		if n.tokens.start < s.start || n.tokens.start >= s.end || n.written {
			continue
		}
		if days := c.summary.daysOf(n); len(days) == 1 && c.next(n, days[0]) && !c.source.dates[days[0]] {
			c.fault(s, Date, c.summary.show(span{max(s.start, n.tokens.start-1), min(s.end, n.tokens.end+1)}), "the source has no such date")
		}
	}
}

// next tells whether the month stands right beside the number.
func (c *checker) next(n number, at date) bool {
	return c.summary.month(n.tokens.start-1) == at.month || c.summary.month(n.tokens.end) == at.month
}

func (c *checker) sourceHasDate(i int) bool {
	return c.source.months[c.summary.month(i)] || c.source.weekdays[c.summary.weekday(i)] ||
		len(c.source.byWord[c.summary.tokens[i].word]) > 0
}
