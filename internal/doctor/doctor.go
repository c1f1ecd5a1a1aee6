// Package doctor judges what the DNS says of a sender: DKIM keys (RFC 6376), SPF
// (RFC 7208), DMARC (RFC 7489) and the names of a server. It asks nobody: the
// records come in as values.
package doctor

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Level is how bad a finding is.
type Level string

// The levels. A problem would stop a send or most of its letters, a warning
// costs some of them; skipped is what cannot be seen from here.
const (
	OK      Level = "ok"
	Warning Level = "warning"
	Problem Level = "problem"
	Skipped Level = "skipped"
)

// A Verdict is what a check found.
type Verdict struct {
	Level Level  `json:"level"`
	Says  string `json:"message"`
	Mend  string `json:"mend,omitempty"`
}

func verdict(level Level, mend, format string, args ...any) Verdict {
	return Verdict{Level: level, Says: fmt.Sprintf(format, args...), Mend: mend}
}

// DKIM holds the TXT records at a key's name against the record that belongs
// there.
func DKIM(name, want string, records []string) Verdict {
	publish := fmt.Sprintf("publish this TXT record at %s: %s", name, want)
	records = slices.DeleteFunc(slices.Clone(records), func(r string) bool { _, ok := tags(r)["p"]; return !ok })
	switch len(records) {
	case 0:
		return verdict(Problem, publish, "the DNS has no key at %s", name)
	case 1:
	default:
		return verdict(Problem, "keep one of them", "the DNS has %d keys at %s, which is as good as none", len(records), name)
	}
	have, mine := tags(records[0]), tags(want)
	kind := have["k"]
	if kind == "" {
		kind = "rsa"
	}
	switch {
	case have["p"] == "":
		return verdict(Problem, publish, "the key at %s is revoked", name)
	case kind != mine["k"] || have["p"] != mine["p"]:
		return verdict(Problem, publish, "the key at %s is not the one that letters are signed with", name)
	case slices.Contains(strings.Split(have["t"], ":"), "y"):
		return verdict(Warning, "take t=y out of the record", "the key at %s says that it is a test, so signatures may not count", name)
	}
	return verdict(OK, "", "%s has the key", name)
}

// spfLookups is how many terms may ask the DNS (RFC 7208, section 4.6.4).
const spfLookups = 10

// SPF judges the TXT records of the domain that letters come from.
func SPF(domain string, records []string) Verdict {
	records = slices.DeleteFunc(slices.Clone(records), func(r string) bool {
		return !strings.EqualFold(firstWord(r), "v=spf1")
	})
	switch len(records) {
	case 0:
		return verdict(Problem, "publish a TXT record at "+domain+` that names your server, such as "v=spf1 include:your-provider.example -all"`,
			"%s has no SPF record", domain)
	case 1:
	default:
		return verdict(Problem, "make them one", "%s has %d SPF records, which is as good as none", domain, len(records))
	}
	lookups, all := 0, ""
	for _, term := range strings.Fields(strings.ToLower(records[0]))[1:] {
		name := strings.FieldsFunc(strings.TrimLeft(term, "+-~?"), func(r rune) bool { return r == ':' || r == '=' || r == '/' })
		if len(name) == 0 {
			continue
		}
		switch name[0] {
		case "include", "a", "mx", "ptr", "exists", "redirect":
			lookups++
		case "all":
			all = term
		}
	}
	switch {
	case all == "all" || all == "+all":
		return verdict(Problem, "end it with -all or ~all", "the SPF record of %s lets everybody send in its name", domain)
	case lookups > spfLookups:
		return verdict(Problem, "name fewer of them", "the SPF record of %s asks the DNS %d times; receivers stop at %d", domain, lookups, spfLookups)
	}
	return verdict(OK, "", "%s: %s", domain, records[0])
}

// DMARC judges the TXT records at the name that speaks for the domain of From.
func DMARC(name string, records []string) Verdict {
	records = slices.DeleteFunc(slices.Clone(records), func(r string) bool { return tags(r)["v"] != "DMARC1" })
	publish := "publish a TXT record at " + name + `, at least "v=DMARC1; p=none"; Gmail and Yahoo want one of whoever sends in bulk`
	switch {
	case len(records) == 0:
		return verdict(Problem, publish, "there is no DMARC policy at %s", name)
	case len(records) > 1:
		return verdict(Problem, "keep one of them", "there are %d DMARC policies at %s, which is as good as none", len(records), name)
	case !slices.Contains([]string{"none", "quarantine", "reject"}, strings.ToLower(tags(records[0])["p"])):
		return verdict(Problem, "write p=none, p=quarantine or p=reject", "the DMARC policy at %s says p=%s", name, tags(records[0])["p"])
	}
	return verdict(OK, "", "%s: %s", name, records[0])
}

// PTR judges the names of the address that a server sends from: there is one,
// and it leads back (RFC 1912, section 2.1).
func PTR(address string, names []string, back map[string][]string) Verdict {
	if len(names) == 0 {
		return verdict(Warning, "have whoever gave you the address set its PTR record to the server's name", "%s has no name", address)
	}
	for _, name := range names {
		if slices.Contains(back[name], address) {
			return verdict(OK, "", "%s is %s, and back", address, strings.TrimSuffix(name, "."))
		}
	}
	return verdict(Warning, "give the name an A or AAAA record with the address", "%s is %s, which leads elsewhere", address, strings.TrimSuffix(names[0], "."))
}

// renewal is how long before its end a certificate should have been renewed:
// those of three months are after two.
const renewal = 14 * 24 * time.Hour

// Certificate judges how long the certificate of a host will be valid yet.
func Certificate(host string, left time.Duration) Verdict {
	days := int(left / (24 * time.Hour))
	if left < renewal {
		return verdict(Warning, "renew it, and see why that did not happen by itself", "the certificate of %s expires in %d days; then no letter leaves", host, days)
	}
	return verdict(OK, "", "the certificate of %s is valid for %d days", host, days)
}

// clockSlack is how far a clock may be off: DKIM's verifiers and spam filters
// allow more, but a clock that is set by the network keeps to seconds.
const clockSlack = 2 * time.Minute

// Clock judges how far ahead of a server's clock the machine's is; negative:
// behind it.
func Clock(server string, ahead time.Duration) Verdict {
	side := "ahead of"
	if ahead < 0 {
		side = "behind"
	}
	if off := ahead.Abs(); off >= clockSlack {
		return verdict(Warning, "set the clock: timedatectl set-ntp true", "this machine's clock is %s %s that of %s; letters bear its time", off.Round(time.Second), side, server)
	}
	return verdict(OK, "", "the clock goes with that of %s", server)
}

// tags reads a list of tags (RFC 6376, section 3.2). Spaces in a value do not
// count.
func tags(record string) map[string]string {
	list := make(map[string]string)
	for part := range strings.SplitSeq(record, ";") {
		name, value, ok := strings.Cut(part, "=")
		if ok {
			list[strings.TrimSpace(name)] = strings.Join(strings.Fields(value), "")
		}
	}
	return list
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return word
}
