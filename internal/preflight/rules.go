package preflight

import "broadsheet/internal/newsletter"

// A rule is one thing that is looked for.
type rule struct {
	name  string
	level newsletter.Level
	mend  string
}

// The rules, each with the mend that a finding suggests.
var (
	ruleEmptyIssue = rule{"empty-issue", newsletter.LevelError, "compile again when there are articles, or write an item into the issue"}
	ruleRecipe     = rule{"recipe", newsletter.LevelError, "compile the issue again"}
	ruleSize       = rule{"size", newsletter.LevelError, "set archive_url, so that letters can lead to the rest on the web, or lower issue.max_items_per_topic: Gmail hides the end of letters over 102 KB, and the unsubscribe link with it"}
	ruleTextPart   = rule{"text-part", newsletter.LevelError, "see that the theme's text.txt prints the items"}

	ruleSubject     = rule{"subject", newsletter.LevelError, "write one line of plain words after subject: in the issue; {lead} is the one placeholder"}
	ruleSubjectLong = rule{"subject", newsletter.LevelWarning, "shorten it: most inboxes cut a subject long before its end"}
	rulePreheader   = rule{"preheader", newsletter.LevelWarning, "write a line after preheader: in the issue; inboxes show it beside the subject"}
	ruleSlotWords   = rule{"slot", newsletter.LevelWarning, "look whether the item means it, or a template of its source went wrong"}
	ruleSlot        = rule{"slot", newsletter.LevelError, "look for it in the issue's text or the theme's templates, and take it out or fill it"}

	ruleUnsubscribe = rule{"unsubscribe", newsletter.LevelError, `put {{slot "unsubscribe"}} into the foot of the theme`}
	ruleNoAddress   = rule{"postal-address", newsletter.LevelError, "set address: in broadsheet.yaml; the law asks for it in most countries"}
	ruleAddress     = rule{"postal-address", newsletter.LevelError, "print .Letter.Address in the foot of the theme"}

	ruleUnsafe   = rule{"html-unsafe", newsletter.LevelError, "take it out of the theme or the issue's text: mail programs drop it, and filters drop the letter"}
	ruleTitle    = rule{"title", newsletter.LevelWarning, "give the theme's head a <title>: screen readers say it first"}
	ruleLanguage = rule{"language", newsletter.LevelWarning, `give the theme's <html> a lang attribute: screen readers choose their voice by it`}

	ruleLinkRelative  = rule{"link-relative", newsletter.LevelWarning, "write the whole address, with https://"}
	ruleLinkLocalhost = rule{"link-localhost", newsletter.LevelWarning, "link to the public address of the page"}
	ruleLinkHTTP      = rule{"link-http", newsletter.LevelWarning, "use https:// where the site has it"}
	ruleLinkEmpty     = rule{"link-empty", newsletter.LevelWarning, "give the link an address and words, or take it out"}
	ruleDuplicateLink = rule{"duplicate-link", newsletter.LevelWarning, "keep one of the two items"}

	ruleImageAlt   = rule{"image-alt", newsletter.LevelWarning, `describe the image, or write alt="" where it only decorates`}
	ruleImageHTTPS = rule{"image-https", newsletter.LevelWarning, "use the image's https:// address: mail programs hide others"}
)

// A fault is a broken rule at a place.
type fault struct {
	rule
	where, message string
}
