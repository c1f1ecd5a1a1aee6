package preflight

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"golang.org/x/image/colornames"
)

// A color is a place in sRGB, each part from 0 to 255, and an opacity from 0
// to 1. The zero value is transparent.
type color struct{ r, g, b, alpha float64 }

var (
	black = color{alpha: 1}
	white = color{255, 255, 255, 1}
)

func (c color) String() string {
	return fmt.Sprintf("#%02x%02x%02x", int(math.Round(c.r)), int(math.Round(c.g)), int(math.Round(c.b)))
}

// over lays a color on an opaque one.
func (c color) over(back color) color {
	mix := func(top, below float64) float64 { return float64(top*c.alpha) + float64(below*(1-c.alpha)) }
	return color{mix(c.r, back.r), mix(c.g, back.g), mix(c.b, back.b), 1}
}

// contrast is the ratio of two opaque colors, from 1 to 21 (WCAG 2.2, contrast
// ratio).
func contrast(a, b color) float64 {
	la, lb := a.luminance(), b.luminance()
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// luminance is the relative luminance (WCAG 2.2).
func (c color) luminance() float64 {
	linear := func(v float64) float64 {
		if v /= 255; v > 0.04045 {
			return math.Pow((v+0.055)/1.055, 2.4)
		}
		return v / 12.92
	}
	return float64(0.2126*linear(c.r)) + float64(0.7152*linear(c.g)) + float64(0.0722*linear(c.b))
}

// parseColor reads a color of CSS Color Level 4 as letters write them: a name,
// hexadecimal digits, rgb() or hsl(). The digits may lack their "#", as in old
// attributes.
func parseColor(s string) (color, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "transparent" {
		return color{}, true
	}
	if named, ok := colornames.Map[s]; ok {
		return color{float64(named.R), float64(named.G), float64(named.B), 1}, true
	}
	if name, arguments, ok := strings.Cut(strings.TrimSuffix(s, ")"), "("); ok {
		return colorFunction(name, arguments)
	}
	return hexColor(strings.TrimPrefix(s, "#"))
}

func hexColor(digits string) (color, bool) {
	if len(digits) == 3 || len(digits) == 4 {
		var long strings.Builder
		for _, d := range digits {
			long.WriteString(strings.Repeat(string(d), 2))
		}
		digits = long.String()
	}
	if len(digits) == 6 {
		digits += "ff"
	}
	n, err := strconv.ParseUint(digits, 16, 32)
	if len(digits) != 8 || err != nil {
		return color{}, false
	}
	return color{float64(n >> 24), float64(n >> 16 & 255), float64(n >> 8 & 255), float64(n&255) / 255}, true
}

func colorFunction(name, arguments string) (color, bool) {
	words := strings.FieldsFunc(arguments, func(r rune) bool { return r == ',' || r == ' ' || r == '/' })
	if len(words) != 3 && len(words) != 4 {
		return color{}, false
	}
	v := [4]float64{3: 1}
	full := [4]float64{255, 255, 255, 1} // what 100 % is
	if strings.HasPrefix(name, "hsl") {
		full = [4]float64{360, 1, 1, 1}
	}
	for i, word := range words {
		number, percent := strings.CutSuffix(word, "%")
		n, err := strconv.ParseFloat(strings.TrimSuffix(number, "deg"), 64)
		if err != nil {
			return color{}, false
		}
		if percent {
			n = n / 100 * full[i]
		}
		v[i] = n
	}
	switch name {
	case "rgb", "rgba":
		return color{bound(v[0], 255), bound(v[1], 255), bound(v[2], 255), bound(v[3], 1)}, true
	case "hsl", "hsla":
		return hsl(v[0], bound(v[1], 1), bound(v[2], 1), bound(v[3], 1)), true
	}
	return color{}, false
}

func bound(v, most float64) float64 { return min(max(v, 0), most) }

// hsl is the conversion of CSS Color Level 4, section 7.1.
func hsl(hue, saturation, lightness, alpha float64) color {
	a := saturation * min(lightness, 1-lightness)
	part := func(n float64) float64 {
		k := math.Mod(math.Mod(n+hue/30, 12)+12, 12)
		return 255 * (lightness - float64(a*max(-1, min(k-3, 9-k, 1))))
	}
	return color{part(0), part(8), part(4), alpha}
}
