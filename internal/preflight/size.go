package preflight

import (
	"fmt"

	"broadsheet/internal/newsletter"
)

// sizeLimit is what the HTML may weigh.
const sizeLimit = newsletter.PageBudget

// sizes collects the pages that are too heavy.
type sizes struct {
	recipes          recipes
	readers          int
	decoded, encoded int // of the heaviest
}

func newSizes() *sizes { return &sizes{} }

// measure weighs a page as it travels, quoted-printable, which is never less
// than its bytes. Only a page near the limit is cut and encoded; for others
// the sums of their fragments decide.
func (s *sizes) measure(p *page, readers int) {
	decoded, least, most := estimate(p)
	if most <= sizeLimit {
		return
	}
	encoded := least
	if least <= sizeLimit {
		html, _, err := p.master.Cut(p.recipe)
		if err != nil {
			return // reported already: the recipe does not fit
		}
		if encoded = newsletter.EncodedSize(html.Bytes); encoded <= sizeLimit {
			return
		}
	}
	s.recipes.add(p.number)
	s.readers += readers
	if encoded > s.encoded {
		s.decoded, s.encoded = decoded, encoded
	}
}

// estimate is the size of a page and the bounds of its encoded size. What is
// not exact is where filled slots move the soft line breaks (RFC 2045 section
// 6.7: lines of 76 characters at most, three bytes for a break).
func estimate(p *page) (decoded, least, most int) {
	const lineContent, softBreak = 70, 3
	for _, piece := range p.pieces {
		decoded += piece.size
		least += piece.encoded - softBreak
		most += piece.encoded + softBreak
		for _, slot := range piece.slots {
			value, ok := p.recipe.Values[slot.Name]
			if !ok {
				continue
			}
			value = slot.Context.Escape(value)
			n := encodedLength(value)
			decoded += len(value)
			least += n - softBreak
			most += n + (n/lineContent+2)*softBreak
		}
	}
	return decoded, least, most
}

// encodedLength counts the characters of a value in quoted-printable.
func encodedLength(value string) int {
	n := 0
	for _, c := range []byte(value) {
		if c >= ' ' && c <= '~' && c != '=' {
			n++
		} else {
			n += 3
		}
	}
	return n
}

// tell reports the heavy pages in one finding.
func (s *sizes) tell(r *report) {
	if s.recipes.len() == 0 {
		return
	}
	message := heavy(s.encoded, s.decoded)
	if s.readers > 0 {
		message += fmt.Sprintf("; readers affected: %d", s.readers)
	}
	r.addFor(Fault{Rule: ruleSize, Where: "page", Message: message}, &s.recipes)
}

// heavy says what a page weighs, in bytes as it travels and as HTML.
func heavy(encoded, decoded int) string {
	return fmt.Sprintf("the page weighs up to %.1f KB in the mail (%.1f KB of HTML), more than %d KB",
		kilobytes(encoded), kilobytes(decoded), sizeLimit/1000)
}

func kilobytes(n int) float64 { return float64(n) / 1000 }
