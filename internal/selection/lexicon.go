package selection

import (
	"math"
	"slices"
	"unicode/utf8"
)

// A lexicon numbers the words of a pool of texts and counts in how many texts
// each stands, so that a shared word can weigh what it tells.
type lexicon struct {
	numbers map[string]int32
	words   []string
	texts   []int32 // by word number: how many texts have it
	last    []int32 // by word number: the last text that had it, counted from 1
	size    int32   // texts
}

func newLexicon() *lexicon { return &lexicon{numbers: map[string]int32{}} }

// add numbers the words of one text, given in folded parts, in their order.
func (x *lexicon) add(parts ...string) [][]int32 {
	x.size++
	lists := make([][]int32, len(parts))
	for i, part := range parts {
		list := make([]int32, 0, len(part)/5)
		forWords(part, func(word string) { list = append(list, x.number(word)) })
		lists[i] = list
	}
	return lists
}

// number is the word's, which the text at hand has.
func (x *lexicon) number(word string) int32 {
	n, ok := x.numbers[word]
	if !ok {
		n = int32(len(x.words))
		x.numbers[word] = n
		x.words = append(x.words, word)
		x.texts = append(x.texts, 0)
		x.last = append(x.last, 0)
	}
	if x.last[n] != x.size {
		x.last[n] = x.size
		x.texts[n]++
	}
	return n
}

// forWords calls do with each word of a folded text. A letter of a script that
// sets no spaces is a word.
func forWords(text string, do func(string)) {
	start := -1
	end := func(at int) {
		if start >= 0 {
			do(text[start:at])
			start = -1
		}
	}
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		switch {
		case isLower(r) || (r < utf8.RuneSelf && '0' <= r && r <= '9'):
			if start < 0 {
				start = i
			}
		case r < utf8.RuneSelf || !isWord(r):
			end(i)
		case isUnspaced(r):
			end(i)
			do(text[i : i+size])
		case start < 0:
			start = i
		}
		i += size
	}
	end(len(text))
}

// background is how many imagined texts stand behind the pool: among ten
// articles of its own a pool cannot learn that "their" tells nothing.
const background = 200

// weights are what each word tells, by its number: the logarithm of how rare
// it is (inverse document frequency), in the pool and in the imagined texts,
// in which short words are frequent.
func (x *lexicon) weights() []float64 {
	list := make([]float64, len(x.words))
	all := float64(x.size) + background
	for n, word := range x.words {
		list[n] = rounded(math.Log(all / (float64(x.texts[n]) + imagined(word))))
	}
	return list
}

// rounded drops the last bits, in which processors differ.
func rounded(x float64) float64 { return math.Round(x*1024) / 1024 }

// imagined is in how many of the imagined texts a word stands, judged by its
// length. Numbers from a hundred on are rare.
func imagined(word string) float64 {
	if '0' <= word[0] && word[0] <= '9' && len(word) > 2 {
		return 1
	}
	switch n := utf8.RuneCountInString(word); {
	case n <= 3:
		return background / 2
	case n == 4:
		return background / 5
	case n == 5:
		return background / 10
	case n == 6:
		return background / 20
	default:
		return 2
	}
}

// A vector holds what each distinct word of a text weighs, by word number.
type vector struct {
	words  []int32
	values []float64
	length float64 // Euclidean
	sum    float64 // of the plain weights
}

// newVector counts a word that comes again with its square root.
func newVector(words []int32, weights []float64) vector {
	words = slices.Clone(words)
	slices.Sort(words)
	var v vector
	square := 0.0
	for i := 0; i < len(words); {
		j := i
		for j < len(words) && words[j] == words[i] {
			j++
		}
		value := math.Sqrt(float64(j-i)) * weights[words[i]]
		v.words = append(v.words, words[i])
		v.values = append(v.values, value)
		v.sum += weights[words[i]]
		square += float64(value * value)
		i = j
	}
	v.length = math.Sqrt(square)
	return v
}

// cosine is 1 for the same words, 0 for none in common.
func cosine(a, b vector) float64 {
	dot := 0.0
	shared(a, b, func(i, j int) { dot += float64(a.values[i] * b.values[j]) })
	if dot == 0 {
		return 0
	}
	return dot / float64(a.length*b.length)
}

// containment is how much of what the shorter vocabulary tells is in the
// longer, 0 to 1.
func containment(a, b vector, weights []float64) float64 {
	common := 0.0
	shared(a, b, func(i, _ int) { common += weights[a.words[i]] })
	if common == 0 {
		return 0
	}
	return common / min(a.sum, b.sum)
}

// shared calls do with the places of each word that both have.
func shared(a, b vector, do func(i, j int)) {
	for i, j := 0, 0; i < len(a.words) && j < len(b.words); {
		switch {
		case a.words[i] < b.words[j]:
			i++
		case a.words[i] > b.words[j]:
			j++
		default:
			do(i, j)
			i++
			j++
		}
	}
}
