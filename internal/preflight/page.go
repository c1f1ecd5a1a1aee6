package preflight

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// parts say what a page must hold at least once.
type parts uint8

const (
	hasTitle parts = 1 << iota
	hasLanguage
	hasText
	unsubscribeInHTML
	unsubscribeInText
	addressInHTML
	addressInText
)

// needed lists the parts with what is wrong where one is missing.
var needed = [...]struct {
	part parts
	fault
}{
	{hasText, fault{ruleTextPart, "text part", "the text part is empty"}},
	{unsubscribeInHTML, fault{ruleUnsubscribe, "page", "the page has no unsubscribe link"}},
	{unsubscribeInText, fault{ruleUnsubscribe, "text part", "the text part has no unsubscribe link"}},
	{addressInHTML, fault{ruleAddress, "page", "the page does not show the postal address"}},
	{addressInText, fault{ruleAddress, "text part", "the text part does not show the postal address"}},
	{hasTitle, fault{ruleTitle, "head", "the page has no title"}},
	{hasLanguage, fault{ruleLanguage, "head", "the page does not say its language"}},
}

func checkParts(p *page, own string, r *report) {
	if len(p.pieces) == 0 && p.recipe != nil && len(p.recipe.Fragments) > 0 {
		return // reported already: the recipe does not fit
	}
	var held parts
	for _, piece := range p.pieces {
		held |= piece.parts
	}
	for _, n := range needed {
		if held&n.part == 0 {
			r.add(n.fault, p.number)
		}
	}
	if p.recipe == nil {
		return
	}
	for name, value := range p.recipe.Values {
		for _, f := range remnants(fmt.Sprintf("slot %q", name), value, own) {
			r.add(f, p.number)
		}
	}
}

// placeholder is what compile fills in a subject.
var placeholder = regexp.MustCompile(`\{[\pL_]+\}`)

// subjectLength is the most characters that a subject should have: RFC 5322
// section 2.1.1 recommends it for a line.
const subjectLength = 78

func checkSubject(in Input, p *page, own string, r *report) {
	subject, open := in.Issue.Subject, true
	if p.recipe != nil {
		subject, open = p.recipe.Subject, false
	}
	add := func(rule rule, message string) {
		r.add(fault{rule, strings.TrimSpace("subject " + quote(subject)), message}, p.number)
	}
	if strings.TrimSpace(subject) == "" {
		r.add(fault{ruleSubject, "subject", "the subject is empty"}, p.number)
		return
	}
	if strings.ContainsAny(subject, "\r\n") {
		add(ruleSubject, "the subject has a line break")
	}
	if left := placeholder.FindString(subject); left != "" && !open && !strings.Contains(own, left) {
		add(ruleSubject, fmt.Sprintf("%s was not filled", left))
	}
	if n := utf8.RuneCountInString(subject); n > subjectLength && !open {
		add(ruleSubjectLong, fmt.Sprintf("the subject has %d characters, more than %d", n, subjectLength))
	}
}

func checkPreheader(in Input, p *page, r *report) {
	preheader := in.Issue.Preheader
	if p.recipe != nil {
		if value, ok := p.recipe.Values["preheader"]; ok {
			preheader = value
		}
	}
	if strings.TrimSpace(preheader) == "" {
		r.add(fault{rulePreheader, "preheader", "the letter has no preheader"}, p.number)
	}
}
