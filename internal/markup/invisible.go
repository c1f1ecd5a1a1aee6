package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible takes out of a text what nobody sees and what makes it look like
// another one: directional embeddings, overrides and isolates (UAX #9), spaces
// of no width, fillers, tags, soft hyphens, byte order marks. What a script or
// an emoji needs stays where it needs it: joiners between Arabic or Indic
// letters and between emoji, directional marks beside letters written from the
// right, break opportunities in Thai. Doing it again changes nothing.
func Visible(s string) string {
	if strings.IndexFunc(s, suspicious) < 0 {
		return s
	}
	fromRight := strings.ContainsFunc(s, isFromRight)
	var b strings.Builder
	b.Grow(len(s))
	last := ' ' // the rune written before
	for i, r := range s {
		if suspicious(r) {
			next, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
			if !needed(r, last, next, fromRight) {
				continue
			}
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// suspicious tells whether a character is invisible and may have to go.
func suspicious(r rune) bool {
	return r >= 0xAD && (unicode.Is(unseen, r) || r&0xFFFE == 0xFFFE)
}

const (
	zeroWidthSpace     = 0x200B
	zeroWidthNonJoiner = 0x200C
	zeroWidthJoiner    = 0x200D
	blackFlag          = 0x1F3F4
)

// unseen are the characters that show nothing by themselves: the default
// ignorable ones of Unicode, less those that a script always needs, and the
// noncharacters.
var unseen = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0xAD, 0xAD, 1},
		{0x034F, 0x034F, 1},
		{0x061C, 0x061C, 1},
		{0x115F, 0x1160, 1},
		{0x17B4, 0x17B5, 1},
		{0x180E, 0x180E, 1},
		{0x200B, 0x200F, 1},
		{0x202A, 0x202E, 1},
		{0x2060, 0x206F, 1},
		{0x3164, 0x3164, 1},
		{0xFDD0, 0xFDEF, 1},
		{0xFE00, 0xFE0F, 1},
		{0xFEFF, 0xFEFF, 1},
		{0xFFA0, 0xFFA0, 1},
		{0xFFF0, 0xFFFB, 1},
	},
	R32: []unicode.Range32{
		{0x1BCA0, 0x1BCA3, 1},
		{0x1D173, 0x1D17A, 1},
		{0xE0000, 0xE0FFF, 1},
	},
	LatinOffset: 1,
}

// needed tells whether an invisible character between two others belongs there.
func needed(r, last, next rune, fromRight bool) bool {
	switch {
	case r == zeroWidthSpace:
		return unicode.In(last, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
	case r == zeroWidthNonJoiner:
		return joins(last)
	case r == zeroWidthJoiner:
		return joins(last) || isPictorial(last) && isPictorial(next) && !suspicious(next)
	case r == 0x200E, r == 0x200F, r == 0x061C:
		return fromRight && last != r
	case unicode.Is(unicode.Variation_Selector, r):
		return isPictorial(last) && !unicode.Is(unicode.Variation_Selector, last) || unicode.Is(unicode.Han, last)
	case r >= 0xE0020 && r <= 0xE007F: // the flags of England, Scotland and Wales
		return last == blackFlag || last >= 0xE0020 && last < 0xE007F
	}
	return false
}

// joins tells whether a letter or mark is of a script in which joiners spell.
func joins(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsMark(r)) && !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Variation_Selector,
		unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Hebrew, unicode.Armenian, unicode.Georgian)
}

// isPictorial tells whether a character may be a part of an emoji.
func isPictorial(r rune) bool {
	return r != utf8.RuneError && (unicode.In(r, unicode.So, unicode.Sk, unicode.Sm, unicode.Variation_Selector) || r == 0x20E3 || r == '#' || r == '*' ||
		unicode.IsDigit(r) || r > unicode.MaxLatin1 && unicode.IsPunct(r))
}

// isFromRight tells whether a letter is of a script written from the right.
func isFromRight(r rune) bool {
	return r >= 0x590 && unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Adlam, unicode.Mandaic, unicode.Samaritan)
}
