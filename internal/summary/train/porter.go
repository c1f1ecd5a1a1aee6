package main

import "strings"

// stem is Porter's algorithm of 1980 ("An algorithm for suffix stripping",
// Program 14.3), which ROUGE is defined with. Words are in lower case.
func stem(word string) string {
	if len(word) <= 2 {
		return word
	}
	word = stripPlural(word)
	word = stripPast(word)
	if strings.HasSuffix(word, "y") && hasVowel(word[:len(word)-1]) {
		word = word[:len(word)-1] + "i"
	}
	word = replaceSuffix(word, step2, 0)
	word = replaceSuffix(word, step3, 0)
	word = stripDerivation(word)
	return tidyEnd(word)
}

// A suffix and what it becomes.
type suffix struct{ from, to string }

// The longest suffix that matches comes first among those that end alike.
var (
	step2 = []suffix{
		{"ational", "ate"},
		{"ization", "ize"},
		{"iveness", "ive"},
		{"fulness", "ful"},
		{"ousness", "ous"},
		{"tional", "tion"},
		{"biliti", "ble"},
		{"entli", "ent"},
		{"ousli", "ous"},
		{"ation", "ate"},
		{"alism", "al"},
		{"aliti", "al"},
		{"iviti", "ive"},
		{"enci", "ence"},
		{"anci", "ance"},
		{"izer", "ize"},
		{"abli", "able"},
		{"alli", "al"},
		{"ator", "ate"},
		{"eli", "e"},
	}
	step3 = []suffix{
		{"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"iciti", "ic"}, {"ical", "ic"}, {"ness", ""}, {"ful", ""},
	}
	step4 = []suffix{
		{"ement", ""},
		{"ance", ""},
		{"ence", ""},
		{"able", ""},
		{"ible", ""},
		{"ment", ""},
		{"ant", ""},
		{"ent", ""},
		{"ism", ""},
		{"ate", ""},
		{"iti", ""},
		{"ous", ""},
		{"ive", ""},
		{"ize", ""},
		{"ion", ""},
		{"al", ""},
		{"er", ""},
		{"ic", ""},
		{"ou", ""},
	}
)

func stripPlural(word string) string {
	switch {
	case strings.HasSuffix(word, "sses"), strings.HasSuffix(word, "ies"):
		return word[:len(word)-2]
	case strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss"):
		return word[:len(word)-1]
	default:
		return word
	}
}

func stripPast(word string) string {
	if root, ok := strings.CutSuffix(word, "eed"); ok {
		if measure(root) > 0 {
			return word[:len(word)-1]
		}
		return word
	}
	root, ok := strings.CutSuffix(word, "ed")
	if !ok {
		root, ok = strings.CutSuffix(word, "ing")
	}
	if !ok || !hasVowel(root) {
		return word
	}
	switch {
	case strings.HasSuffix(root, "at"), strings.HasSuffix(root, "bl"), strings.HasSuffix(root, "iz"):
		return root + "e"
	case endsDouble(root) && !strings.ContainsAny(root[len(root)-1:], "lsz"):
		return root[:len(root)-1]
	case measure(root) == 1 && endsShort(root):
		return root + "e"
	default:
		return root
	}
}

// replaceSuffix replaces the first suffix that matches, if more than above
// measures of the word stand before it.
func replaceSuffix(word string, suffixes []suffix, above int) string {
	for _, s := range suffixes {
		if root, ok := strings.CutSuffix(word, s.from); ok {
			if measure(root) > above {
				return root + s.to
			}
			return word
		}
	}
	return word
}

func stripDerivation(word string) string {
	if root, ok := strings.CutSuffix(word, "ion"); ok && !strings.HasSuffix(root, "s") && !strings.HasSuffix(root, "t") {
		return word
	}
	return replaceSuffix(word, step4, 1)
}

func tidyEnd(word string) string {
	if root, ok := strings.CutSuffix(word, "e"); ok {
		if m := measure(root); m > 1 || m == 1 && !endsShort(root) {
			word = root
		}
	}
	if strings.HasSuffix(word, "ll") && measure(word) > 1 {
		return word[:len(word)-1]
	}
	return word
}

// isConsonant tells of the letter at i; y is one at the start and after a
// vowel.
func isConsonant(word string, i int) bool {
	switch word[i] {
	case 'a', 'e', 'i', 'o', 'u':
		return false
	case 'y':
		return i == 0 || !isConsonant(word, i-1)
	default:
		return true
	}
}

// measure counts how often a vowel is followed by a consonant.
func measure(word string) int {
	n := 0
	for i := 1; i < len(word); i++ {
		if isConsonant(word, i) && !isConsonant(word, i-1) {
			n++
		}
	}
	return n
}

func hasVowel(word string) bool {
	for i := range len(word) {
		if !isConsonant(word, i) {
			return true
		}
	}
	return false
}

func endsDouble(word string) bool {
	n := len(word)
	return n > 1 && word[n-1] == word[n-2] && isConsonant(word, n-1)
}

// endsShort tells of consonant, vowel, consonant at the end, the last of which
// is not w, x or y.
func endsShort(word string) bool {
	n := len(word)
	return n > 2 && isConsonant(word, n-1) && !isConsonant(word, n-2) && isConsonant(word, n-3) && !strings.ContainsAny(word[n-1:], "wxy")
}
