package selection

import "slices"

// runLength is how many words in a row make a run: five in common seldom come
// about by chance.
const runLength = 5

// window is over how many runs a fingerprint is chosen: every common passage
// of runLength+fingerprintWindow-1 = 12 words has a fingerprint in common.
const fingerprintWindow = 8

// runHash is a number for the run that begins at words[0].
func runHash(words []int32) uint64 {
	h := uint64(14695981039346656037) // FNV-1a, by words
	for _, w := range words[:runLength] {
		h = (h ^ uint64(uint32(w))) * 1099511628211
	}
	h ^= h >> 32
	h *= 0x9e3779b97f4a7c15
	return h ^ h>>29
}

// fingerprints chooses the smallest of every few neighbouring runs (winnowing:
// Schleimer, Wilkerson and Aiken, 2003) and calls do with its hash and place.
func fingerprints(words []int32, do func(hash uint64, at int)) {
	n := len(words) - runLength + 1
	if n <= 0 {
		return
	}
	var ring [fingerprintWindow]uint64
	smallest, chosen := -1, -1
	for i := range n {
		h := runHash(words[i:])
		ring[i%fingerprintWindow] = h
		switch {
		case smallest >= 0 && i-smallest < fingerprintWindow && h > ring[smallest%fingerprintWindow]:
		case smallest >= 0 && i-smallest < fingerprintWindow:
			smallest = i
		default:
			smallest = i
			for j := max(0, i-fingerprintWindow+1); j < i; j++ {
				if ring[j%fingerprintWindow] < ring[smallest%fingerprintWindow] {
					smallest = j
				}
			}
		}
		if smallest != chosen && (i >= fingerprintWindow-1 || i == n-1) {
			chosen = smallest
			do(ring[chosen%fingerprintWindow], chosen)
		}
	}
}

// A runIndex knows in which texts of a pool each fingerprint stands.
type runIndex struct {
	texts     [][]int32
	postings  []uint64       // hash above, number of the text below, sorted
	recurrent map[uint64]int // by the hashes that several texts have, shortened like in postings: the first posting
	prints    []int          // how many fingerprints each text has
	marked    [][]bool       // by text: what inRecurrent found
}

// The posting's layout.
const (
	textBits = 24 // 16 million texts
	textMask = 1<<textBits - 1
)

// several is from how many texts on a run is looked at as a phrase of the
// trade: an agency's, or what a source sets around all it writes.
const several = 3

func newRunIndex(texts [][]int32) *runIndex {
	x := &runIndex{texts: texts, recurrent: map[uint64]int{}, prints: make([]int, len(texts)), marked: make([][]bool, len(texts))}
	for n, words := range texts {
		fingerprints(words, func(hash uint64, _ int) {
			x.postings = append(x.postings, hash&^textMask|uint64(n))
			x.prints[n]++
		})
	}
	slices.Sort(x.postings)
	x.postings = slices.Compact(x.postings)
	return x
}

// chain is up to how many texts a fingerprint is compared each with each; of
// more, with the next few only, so that a phrase in every text costs little.
const chain = 24

// pairs returns the pairs of texts that may have much in common.
func (x *runIndex) pairs(wanted func(a, b int) bool) [][2]int {
	var found []uint64
	for from := 0; from < len(x.postings); {
		to := from + 1
		for to < len(x.postings) && x.postings[to]>>textBits == x.postings[from]>>textBits {
			to++
		}
		group := x.postings[from:to]
		if len(group) >= several {
			x.recurrent[group[0]>>textBits] = from
		}
		from = to
		reach := chain
		if len(group) > chain {
			reach = 2
		}
		for i, p := range group {
			for _, q := range group[i+1 : min(len(group), i+1+reach)] {
				if a, b := p&textMask, q&textMask; wanted(int(a), int(b)) {
					found = append(found, a<<32|b)
				}
			}
		}
	}
	const share = 5 // a fifth of the shorter text's fingerprints
	return frequent(found, func(a, b int) int { return min(x.prints[a], x.prints[b]) / share })
}

// frequent returns the pairs that were found at least so often.
func frequent(found []uint64, least func(a, b int) int) [][2]int {
	slices.Sort(found)
	var pairs [][2]int
	for from := 0; from < len(found); {
		to := from + 1
		for to < len(found) && found[to] == found[from] {
			to++
		}
		a, b := int(found[from]>>32), int(found[from]&(1<<32-1))
		if to-from >= least(a, b) {
			pairs = append(pairs, [2]int{a, b})
		}
		from = to
	}
	return pairs
}

// inRecurrent marks the words of a text that stand in runs which several texts
// have.
func (x *runIndex) inRecurrent(text int) []bool {
	const asked = 6 // texts, for speed
	if x.marked[text] != nil {
		return x.marked[text]
	}
	words := x.texts[text]
	times := make([]int, len(words))
	seen := map[int]bool{text: true}
	fingerprints(words, func(hash uint64, _ int) {
		from, ok := x.recurrent[hash>>textBits]
		for ; ok && from < len(x.postings) && x.postings[from]>>textBits == hash>>textBits && len(seen) <= asked; from++ {
			other := int(x.postings[from] & textMask)
			if seen[other] {
				continue
			}
			seen[other] = true
			for i, ok := range covered(words, runsOf(x.texts[other])) {
				if ok {
					times[i]++
				}
			}
		}
	})
	marked := make([]bool, len(words))
	for i, n := range times {
		marked[i] = n >= several-1
	}
	x.marked[text] = marked
	return marked
}

// runsOf is the set of a text's runs.
func runsOf(words []int32) map[uint64]bool {
	set := make(map[uint64]bool, len(words))
	for i := 0; i+runLength <= len(words); i++ {
		set[runHash(words[i:])] = true
	}
	return set
}

// covered marks the words that stand in one of the runs.
func covered(words []int32, runs map[uint64]bool) []bool {
	marked := make([]bool, len(words))
	for i := 0; i+runLength <= len(words); i++ {
		if runs[runHash(words[i:])] {
			mark(marked, i, i+runLength)
		}
	}
	return marked
}

func mark(list []bool, from, to int) {
	for i := from; i < min(to, len(list)); i++ {
		list[i] = true
	}
}

func count(list []bool) int {
	n := 0
	for _, ok := range list {
		if ok {
			n++
		}
	}
	return n
}
