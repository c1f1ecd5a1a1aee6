package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	xunicode "golang.org/x/text/encoding/unicode"
)

// A Span is a piece of a file, in bytes.
type Span struct{ Start, End int }

// Locate finds sentences that FromText has read out of a text file, one behind
// the other, in the bytes of the file: whatever its encoding, its white space,
// and the invisible characters inside. It finds all of them or none.
func Locate(file []byte, sentences []string) ([]Span, bool) {
	e := encodingOf(file, marked(file))
	text, err := decode(file, e)
	if err != nil || e == xunicode.UTF8 && !utf8.Valid(file) {
		return nil, false
	}
	all := make([]Span, len(sentences))
	end := 0
	for i, s := range sentences {
		start, after := find(text, s, end)
		if start < 0 {
			return nil, false
		}
		end = after
		first, err := placed(file, e, text, start)
		last, failed := placed(file, e, text, end)
		if err != nil || failed != nil {
			return nil, false
		}
		all[i] = Span{first, last}
	}
	return all, true
}

// find returns where a sentence stands in a text from an offset on; start is
// -1 where it does not.
func find(text, sentence string, from int) (start, end int) {
	first, _ := utf8.DecodeRuneInString(sentence)
	for at := from; at < len(text); {
		i := strings.IndexRune(text[at:], first)
		if i < 0 {
			break
		}
		if n := matched(text[at+i:], sentence); n > 0 {
			return at + i, at + i + n
		}
		at += i + utf8.RuneLen(first)
	}
	return -1, from
}

// matched is how many bytes of a text a sentence takes that stands at its
// beginning; 0: it does not.
func matched(text, sentence string) int {
	at := 0
	for _, want := range sentence {
		if isBlank(want) {
			gap := blankLength(text[at:])
			if !strings.ContainsFunc(text[at:at+gap], isBlank) {
				return 0
			}
			at += gap
			continue
		}
		r, size := utf8.DecodeRuneInString(text[at:])
		for r != want && suspicious(r) {
			at += size
			r, size = utf8.DecodeRuneInString(text[at:])
		}
		if r != want || size == 0 {
			return 0
		}
		at += size
	}
	return at
}

func isBlank(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

// blankLength is how many bytes at the beginning of a text show nothing.
func blankLength(text string) int {
	return len(text) - len(strings.TrimLeftFunc(text, func(r rune) bool { return isBlank(r) || suspicious(r) }))
}

// placed turns an offset into a decoded text into one into its file.
func placed(file []byte, e encoding.Encoding, text string, offset int) (int, error) {
	if e == xunicode.UTF8 {
		return len(file) - len(text) + offset, nil // a mark may stand before
	}
	before, err := encoding.ReplaceUnsupported(e.NewEncoder()).Bytes([]byte(text[:offset]))
	return len(before), err
}
