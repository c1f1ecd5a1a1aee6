package guard

import "slices"

// inPlace tells whether one of the words beside a number of the summary stands
// near it in the source too. A year belongs to a whole text, and an age to its
// person however it is put.
func (c *checker) inPlace(s sentence, n number, occurrences []number) bool {
	if c.isYear(n) || c.isAge(n) || c.inScore(n) {
		return true
	}
	looked := false
	for _, i := range append(c.contentBeside(n.tokens.start, -1, s), c.contentBeside(n.tokens.end-1, +1, s)...) {
		found := c.source.matches(c.summary.tokens[i])
		if stand(found, occurrences) {
			return true
		}
		looked = looked || found != nil
	}
	return !looked
}

// contentBeside are the next words on one side of a token that say something.
func (c *checker) contentBeside(from, step int, s sentence) []int {
	const most, reach = 2, 6 // words that say something, words
	var found []int
	for i := from + step; i >= s.start && i < s.end && max(i-from, from-i) <= reach && len(found) < most; i += step {
		if c.isContent(i) {
			found = append(found, i)
		}
	}
	return found
}

// stand tells whether one of the tokens is near one of the numbers.
func stand(tokens []int, numbers []number) bool {
	const near = 10 // words
	return slices.ContainsFunc(numbers, func(n number) bool {
		k, _ := slices.BinarySearch(tokens, n.tokens.start-near)
		return k < len(tokens) && tokens[k] <= n.tokens.end+near
	})
}

func (c *checker) isYear(n number) bool {
	word := c.summary.tokens[n.tokens.start].word
	return len(word) == 4 && isDigits(word) && (word[:2] == "19" || word[:2] == "20")
}

// isAge tells whether "years" or "year old" follows.
func (c *checker) isAge(n number) bool {
	return c.summary.language.ages[c.summary.word(n.tokens.end)]
}

// inScore tells whether the number beside a number stands beside it in the
// source too: "3-1".
func (c *checker) inScore(n number) bool {
	d := c.summary
	word := d.word(n.tokens.start)
	for _, at := range c.source.byWord[word] {
		if next := d.word(n.tokens.end); isDigits(next) && c.source.word(at+1) == next {
			return true
		}
		if before := d.word(n.tokens.start - 1); isDigits(before) && c.source.word(at-1) == before {
			return true
		}
	}
	return false
}
