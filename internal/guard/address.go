package guard

import (
	"regexp"
	"strings"
)

// address is what a mail program may make a link of by itself: a host name, a
// mail address, an account.
var address = regexp.MustCompile(`(?i)[\pL\d_.+-]*@[\pL\d_.-]+|[\pL\d-]{2,}(?:\.[\pL\d-]{2,})*\.\pL{2,}\b`)

// checkAddresses looks for each address of a sentence in the source, letter by
// letter: a reader might follow it.
func (c *checker) checkAddresses(s sentence) {
	for _, found := range address.FindAllString(s.text, -1) {
		found = strings.Trim(found, ".-")
		if !strings.Contains(c.source.folded, strings.ToLower(found)) {
			c.fault(s, Address, found, "the source does not have this address")
		}
	}
}
