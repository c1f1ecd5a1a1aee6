package preflight

import (
	"fmt"
	"strings"
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

// A need is a part with what is wrong where it is missing.
type need struct {
	part parts
	Fault
}

func needs() []need {
	return []need{
		{hasText, Fault{Rule: ruleTextPart, Where: "text part", Message: "the text part is empty"}},
		{unsubscribeInHTML, Fault{Rule: ruleUnsubscribe, Where: "page", Message: "the page has no unsubscribe link"}},
		{unsubscribeInText, Fault{Rule: ruleUnsubscribe, Where: "text part", Message: "the text part has no unsubscribe link"}},
		{addressInHTML, Fault{Rule: ruleAddress, Where: "page", Message: "the page does not show the postal address"}},
		{addressInText, Fault{Rule: ruleAddress, Where: "text part", Message: "the text part does not show the postal address"}},
		{hasTitle, Fault{Rule: ruleTitle, Where: "head", Message: "the page has no title"}},
		{hasLanguage, Fault{Rule: ruleLanguage, Where: "head", Message: "the page does not say its language"}},
	}
}

func checkParts(p *page, own string, r *report) {
	if len(p.pieces) == 0 && p.recipe != nil && len(p.recipe.Fragments) > 0 {
		return // reported already: the recipe does not fit
	}
	var held parts
	for _, piece := range p.pieces {
		held |= piece.parts
	}
	const everything = hasText | unsubscribeInHTML | unsubscribeInText | addressInHTML | addressInText | hasTitle | hasLanguage
	if held&everything != everything {
		for _, n := range needs() {
			if held&n.part == 0 {
				r.add(n.Fault, p.number)
			}
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

func checkPreheader(in Input, p *page, r *report) {
	preheader := in.Issue.Preheader
	if p.recipe != nil {
		if value, ok := p.recipe.Values["preheader"]; ok {
			preheader = value
		}
	}
	if strings.TrimSpace(preheader) == "" {
		r.add(Fault{Rule: rulePreheader, Where: "preheader", Message: "the letter has no preheader"}, p.number)
	}
}
