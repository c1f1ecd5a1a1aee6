package preflight

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// placeholder is what compile fills in a subject.
var placeholder = regexp.MustCompile(`\{[\pL_]+\}`)

// subjectLength is the most characters that a subject should have: RFC 5322
// section 2.1.1 recommends it for a line.
const subjectLength = 78

// subjects checks each wording once, however many segments have it.
type subjects map[string][]Fault

func (s subjects) check(in Input, p *page, own string, r *report) {
	subject := in.Issue.Subject
	if p.recipe != nil {
		subject = p.recipe.Subject
	}
	faults, known := s[subject]
	if !known {
		faults = checkSubject(subject, p.recipe == nil, own)
		s[subject] = faults
	}
	for _, f := range faults {
		r.add(f, p.number)
	}
	if p.recipe != nil && len(in.Before) > 0 && in.Before[p.recipe.Segment.Name()] == subject {
		r.add(Fault{Rule: ruleSubjectRepeated, Where: subjectLabel(subject), Message: "the last issue had the same subject"}, p.number)
	}
}

func subjectLabel(subject string) string { return "subject " + quote(subject) }

// checkSubject looks at a subject; open: its placeholders are still to be
// filled for each segment.
func checkSubject(subject string, open bool, own string) (faults []Fault) {
	if strings.TrimSpace(subject) == "" {
		return []Fault{{Rule: ruleSubject, Where: "subject", Message: "the subject is empty"}}
	}
	add := func(rule Rule, message string) {
		faults = append(faults, Fault{Rule: rule, Where: subjectLabel(subject), Message: message})
	}
	if strings.ContainsAny(subject, "\r\n") {
		add(ruleSubject, "the subject has a line break")
	}
	if why := spamLike(subject); why != "" {
		add(ruleSubjectSpam, why)
	}
	if open {
		return faults
	}
	if left := placeholder.FindString(subject); left != "" && !strings.Contains(own, left) {
		add(ruleSubject, fmt.Sprintf("%s was not filled", left))
	}
	if n := utf8.RuneCountInString(subject); n > subjectLength {
		add(ruleSubjectLength, fmt.Sprintf("the subject has %d characters, more than %d", n, subjectLength))
	}
	return faults
}

// spamWords are phrases that subjects of letters hardly anybody asked for
// have, and headlines have not.
var spamWords = regexp.MustCompile(`(?i)(^|\PL)(act now|buy now|order now|click here|100 ?% free|risk[- ]free|free money|earn money|` +
	`make money fast|cash bonus|double your income|extra income|work from home|limited time( offer)?|once in a lifetime|` +
	`you('ve| have) won|you are a winner|dear friend|no obligation|weight loss|viagra|cialis|` +
	`jetzt kaufen|nur für kurze zeit|gratis geld|cliquez ici|haga clic aquí|clicca qui)($|\PL)`)

// falseReply is what answers and forwarded letters begin with.
var falseReply = regexp.MustCompile(`(?i)^\s*(re|fwd?|aw|wg|tr|rv)\s*:`)

// spamLike says what makes a subject look like spam, or "".
func spamLike(subject string) string {
	switch {
	case shouts(subject):
		return "the subject is all in capitals"
	case strings.Contains(subject, "!!") || strings.Contains(subject, "?!?") || strings.Contains(subject, "!?!"):
		return "the subject shouts with its marks"
	case strings.Contains(subject, "$$") || strings.Contains(subject, "€€"):
		return "the subject waves with money"
	case falseReply.MatchString(subject):
		return "the subject looks like an answer to a letter that nobody wrote"
	}
	if m := spamWords.FindStringSubmatch(subject); m != nil {
		return fmt.Sprintf("%q is what spam says", strings.ToLower(m[2]))
	}
	return ""
}

// shouts tells of several words in capitals and none in small letters; one
// word or two may be names.
func shouts(subject string) bool {
	const most = 12 // capital letters without small ones
	capitals := 0
	for _, c := range placeholder.ReplaceAllString(subject, "") {
		switch {
		case unicode.IsLower(c):
			return false
		case unicode.IsUpper(c):
			capitals++
		}
	}
	return capitals > most && len(strings.Fields(subject)) > 2
}
