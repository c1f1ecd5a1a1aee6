package newsletter

import "mime/quotedprintable"

// PageBudget is what the HTML of a letter may weigh, in bytes, as it is and as
// it is encoded. Gmail clips at 102 KB, and the unsubscribe link with the rest.
const PageBudget = 95_000

// ReaderSlotBudget is kept free for each open reader slot of a page, in bytes
// as encoded: a way out with its token takes two hundred.
const ReaderSlotBudget = 300

// EncodedSize is the size of b in bytes in quoted-printable, as a letter's
// parts are sent (RFC 2045, section 6.7). It is never less than len(b).
func EncodedSize(b []byte) int {
	var n counter
	w := quotedprintable.NewWriter(&n)
	_, _ = w.Write(b) // a counter takes everything
	_ = w.Close()
	return int(n)
}

// counter counts what is written to it.
type counter int

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}

// A Fit says what was done to make a page small enough; each step includes
// those before it.
type Fit string

// The steps, in their order.
const (
	FitWhole    Fit = ""                // nothing
	FitShort    Fit = "short-summaries" // generated summaries are cut to their first sentence
	FitNoImages Fit = "no-images"       // items have no pictures
	FitPart     Fit = "web-edition"     // each section shows its first items and links to the others
)

// Words say what a page has instead of the whole issue.
func (f Fit) Words() string {
	switch f {
	case FitShort:
		return "shorter summaries"
	case FitNoImages:
		return "shorter summaries and no pictures"
	case FitPart:
		return "the first items of each section, and links to the others in the web edition"
	default:
		return ""
	}
}
