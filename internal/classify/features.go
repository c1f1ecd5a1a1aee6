package classify

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball"
	"golang.org/x/text/unicode/norm"
)

// Limits of what is read of a text.
const (
	mostWords   = 3000
	longestWord = 40 // bytes; longer ones are addresses and noise
)

// extract finds a text's features: the stems of its words and of pairs of
// neighbours. Each comes with its first spelling in the text.
func extract(text, language string) map[string]string {
	features := map[string]string{}
	stems := stemmer{language: snowballName(language), known: map[string]string{}}
	enter := func(feature, spelling string) {
		if _, ok := features[feature]; !ok {
			features[feature] = spelling
		}
	}
	before, beforeSpelling := "", ""
	for i, word := range words(text) {
		if i == mostWords {
			break
		}
		stem := stems.of(word)
		enter(stem, word)
		if before != "" {
			enter(before+" "+stem, beforeSpelling+" "+word)
		}
		before, beforeSpelling = stem, word
	}
	return features
}

// words are a text's words in lower case; numbers and single letters are none,
// single letters of scripts without spaces are.
func words(text string) []string {
	var list []string
	for _, field := range strings.FieldsFunc(strings.ToLower(norm.NFC.String(text)), isBetween) {
		switch {
		case len(field) > longestWord && !startsUnspaced(field), strings.IndexFunc(field, unicode.IsLetter) < 0:
		case startsUnspaced(field):
			for _, r := range field {
				list = append(list, string(r))
			}
		case utf8.RuneCountInString(field) > 1:
			list = append(list, field)
		}
	}
	return list
}

func isBetween(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
}

func startsUnspaced(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// A stemmer remembers the stems of one text.
type stemmer struct {
	language string // as the library calls it; "": none that it knows
	known    map[string]string
}

func (s stemmer) of(word string) string {
	if s.language == "" {
		return word
	}
	stem, ok := s.known[word]
	if !ok {
		var err error
		if stem, err = snowball.Stem(word, s.language, false); err != nil || stem == "" {
			stem = word
		}
		s.known[word] = stem
	}
	return stem
}

// snowballName is the library's name for a BCP 47 tag's language.
func snowballName(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	switch base {
	case "en":
		return "english"
	case "es":
		return "spanish"
	case "fr":
		return "french"
	case "ru":
		return "russian"
	case "sv":
		return "swedish"
	case "nb", "nn", "no":
		return "norwegian"
	case "hu":
		return "hungarian"
	default:
		return ""
	}
}
