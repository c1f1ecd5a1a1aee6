package render

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"broadsheet/internal/newsletter"
)

// leastContrast is what WCAG 2.2, success criterion 1.4.3, asks of text.
const leastContrast = 4.5

// faint names the options for text that are hard to read on an option for what
// is behind it.
func (o options) faint(file string) []newsletter.Problem {
	var problems []newsletter.Problem
	for _, mode := range []string{"", "dark-"} {
		for _, pair := range [][2]string{
			{"ink", "sheet"},
			{"soft", "sheet"},
			{"accent", "sheet"},
			{"ink", "tint"},
			{"soft", "tint"},
			{"accent", "tint"},
			{"soft", "back"},
		} {
			front, back := mode+pair[0], mode+pair[1]
			ratio, ok := contrast(o[front], o[back])
			if ok && ratio < leastContrast {
				problems = append(problems, newsletter.Problem{
					File: file, Value: o[front], Mend: fmt.Sprintf("choose colours with a contrast of %.1f or more", leastContrast),
					Message: fmt.Sprintf("text in --%s on --%s has a contrast of %.1f and is hard to read", front, back, ratio),
				})
			}
		}
	}
	return problems
}

// contrast is the ratio of two colours, from 1 to 21; ok is false where one is
// not hexadecimal.
func contrast(a, b string) (ratio float64, ok bool) {
	x, okX := luminance(a)
	y, okY := luminance(b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05), okX && okY
}

var hexColor = regexp.MustCompile(`^#(?:[0-9a-fA-F]{3}){1,2}$`)

// luminance is the relative luminance of a colour, as WCAG 2.2 defines it.
func luminance(color string) (float64, bool) {
	if !hexColor.MatchString(color) {
		return 0, false
	}
	digits := strings.TrimPrefix(color, "#")
	if len(digits) == 3 {
		digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, _ := strconv.ParseUint(digits[2*i:2*i+2], 16, 8) // two hexadecimal digits
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum, true
}
