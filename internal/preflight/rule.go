package preflight

import (
	"embed"
	"strings"

	"broadsheet/internal/newsletter"
)

// A Rule is one thing that is looked for.
type Rule struct {
	Name  string
	Level newsletter.Level // unless the configuration says otherwise
	mend  string           // what a finding suggests
}

// The rules that this package looks for by itself.
var (
	ruleEmptyIssue = Rule{"empty-issue", newsletter.LevelError, "compile again when there are articles, or write an item into the issue"}
	ruleRecipe     = Rule{"recipe", newsletter.LevelError, "compile the issue again"}
	ruleSize       = Rule{"size", newsletter.LevelError, "set archive_url, so that letters can lead to the rest on the web, or lower issue.max_items_per_topic: Gmail hides the end of letters over 102 KB, and the unsubscribe link with it"}
	ruleTextPart   = Rule{"text-part", newsletter.LevelError, "see that the theme's text.txt prints the items"}

	ruleSubject         = Rule{"subject", newsletter.LevelError, "write one line of plain words after subject: in the issue; {lead} is the one placeholder"}
	ruleSubjectLength   = Rule{"subject-length", newsletter.LevelWarning, "shorten it: most inboxes cut a subject long before its end"}
	ruleSubjectRepeated = Rule{"subject-repeated", newsletter.LevelWarning, "say what is new this time; {lead} takes each reader's first headline"}
	ruleSubjectSpam     = Rule{"subject-spam", newsletter.LevelWarning, "say it calmly: spam filters and readers know this kind of subject"}
	rulePreheader       = Rule{"preheader", newsletter.LevelWarning, "write a line after preheader: in the issue; inboxes show it beside the subject"}

	ruleSlot        = Rule{"slot", newsletter.LevelError, "look for it in the issue's text or the theme's templates, and take it out or fill it"}
	ruleSlotWords   = Rule{"slot-words", newsletter.LevelWarning, "look whether the item means it, or a template of its source went wrong"}
	ruleUnsubscribe = Rule{"unsubscribe", newsletter.LevelError, `put {{slot "unsubscribe"}} into the foot of the theme`}
	ruleAddress     = Rule{"postal-address", newsletter.LevelError, "print .Letter.Address in the foot of the theme"}
	ruleFromDomain  = Rule{"from-domain", newsletter.LevelWarning, "sign for the domain of from:, or write from an address of the domain that signs"}

	ruleUnsafe   = Rule{"html-unsafe", newsletter.LevelError, "take it out of the theme or the issue's text: mail programs drop it, and filters drop the letter"}
	ruleBroken   = Rule{"html-broken", newsletter.LevelWarning, "close every element in the order in which they were opened"}
	ruleTitle    = Rule{"title", newsletter.LevelWarning, "give the theme's head a <title>: screen readers say it first"}
	ruleLanguage = Rule{"language", newsletter.LevelWarning, `give the theme's <html> a lang attribute: screen readers choose their voice by it`}
	ruleContrast = Rule{"contrast", newsletter.LevelWarning, "make the text darker or its background lighter, or the other way round"}
	ruleSupport  = Rule{"client-support", newsletter.LevelWarning, "use what all of them know, or name the mail programs that matter to you under check.clients"}

	ruleLinkRelative  = Rule{"link-relative", newsletter.LevelWarning, "write the whole address, with https://"}
	ruleLinkLocalhost = Rule{"link-localhost", newsletter.LevelWarning, "link to the public address of the page"}
	ruleLinkHTTP      = Rule{"link-http", newsletter.LevelWarning, "use https:// where the site has it"}
	ruleLinkEmpty     = Rule{"link-empty", newsletter.LevelWarning, "give the link an address and words, or take it out"}
	ruleLinkDuplicate = Rule{"link-duplicate", newsletter.LevelWarning, "keep one of the two items"}
	ruleLinkDead      = Rule{"link-dead", newsletter.LevelWarning, "look for the page's new address, or take the link out"}
	ruleLinkMoved     = Rule{"link-redirects", newsletter.LevelWarning, "link to the new address"}
	ruleLinkUnchecked = Rule{"link-unchecked", newsletter.LevelWarning, "check again later, or leave the network alone with --offline"}

	ruleImageAlt   = Rule{"image-alt", newsletter.LevelWarning, `describe the image, or write alt="" where it only decorates`}
	ruleImageSize  = Rule{"image-size", newsletter.LevelWarning, "give the image a width attribute in pixels: Outlook shows it in its own size otherwise"}
	ruleImageHTTPS = Rule{"image-https", newsletter.LevelWarning, "use the image's https:// address: mail programs hide others"}
)

// The rules that need more than the pages; whoever finds a fault hands it to
// Reading.Add.
var (
	RuleProof     = Rule{"proof", newsletter.LevelError, "compile again; its article changed since the summary was made"}
	RuleTaken     = Rule{"already-taken", newsletter.LevelError, "delete the item, or compile again"}
	RuleRetracted = Rule{"retracted", newsletter.LevelWarning, "delete the item, or put the file back"}
	RuleFitted    = Rule{"fitted", newsletter.LevelWarning, "nothing need be done; for fewer items in a letter lower issue.max_items_per_topic, for shorter ones issue.summary_words"}
	RuleOneClick  = Rule{"one-click", newsletter.LevelWarning, "mend the page at unsubscribe.url; until it answers, letters say nothing of one click"}
	RuleStale     = Rule{"stale", newsletter.LevelError, "compile again, set date: in the issue, or send it by hand"}
)

// Rules lists all rules: of the issue, the inbox, the page, links and images.
func Rules() []Rule {
	return []Rule{
		ruleEmptyIssue, RuleStale, RuleTaken, RuleRetracted, RuleProof, ruleRecipe,
		ruleSubject, ruleSubjectLength, ruleSubjectRepeated, ruleSubjectSpam, rulePreheader, ruleFromDomain,
		ruleSize, RuleFitted, ruleTextPart, ruleSlot, ruleSlotWords, ruleUnsubscribe, RuleOneClick, ruleAddress,
		ruleUnsafe, ruleBroken, ruleTitle, ruleLanguage, ruleContrast, ruleSupport,
		ruleLinkRelative, ruleLinkLocalhost, ruleLinkHTTP, ruleLinkEmpty, ruleLinkDuplicate,
		ruleLinkDead, ruleLinkMoved, ruleLinkUnchecked,
		ruleImageAlt, ruleImageSize, ruleImageHTTPS,
	}
}

// RuleNamed finds a rule.
func RuleNamed(name string) (Rule, bool) {
	for _, r := range Rules() {
		if r.Name == name {
			return r, true
		}
	}
	return Rule{}, false
}

//go:embed rules/*.md
var rulePages embed.FS

// Page is the rule's page in the documentation, in Markdown. Its second
// paragraph says in one line what the rule looks for.
func (r Rule) Page() string {
	page, err := rulePages.ReadFile("rules/" + r.Name + ".md")
	if err != nil {
		return "# " + r.Name + "\n"
	}
	return string(page)
}

// About says in one line what the rule looks for.
func (r Rule) About() string {
	parts := strings.SplitN(r.Page(), "\n\n", 3)
	if len(parts) < 2 {
		return ""
	}
	return strings.Join(strings.Fields(parts[1]), " ")
}

// A Fault is a broken rule at a place.
type Fault struct {
	Rule           Rule
	Where, Message string
	Mend           string // "": the rule's
}
