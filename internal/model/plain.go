package model

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

var (
	thoughts = regexp.MustCompile(`(?s)^\s*<think(?:ing)?>.*?</think(?:ing)?>`)
	fence    = regexp.MustCompile("(?s)^```[a-zA-Z]*\n(.*?)\n?```$")
	heading  = regexp.MustCompile(`^(?:#{1,6}\s+.*|\*\*[^*]+\*\*:?)$`)
	// preamble is what models say before they do as they were told.
	preamble = regexp.MustCompile(`(?i)^[^.!?:]{0,80}\b(?:summary|summarized|zusammenfassung|résumé|resumen|riassunto|sintesi|samenvatting)\b[^.!?:\n]{0,60}:\**\s+`)
	// opener is an obliging word with nothing of the article in it.
	opener   = regexp.MustCompile(`(?i)^(?:sure|certainly|of course|okay|gerne|natürlich|bien sûr|claro|certo|natuurlijk)[^.!:\n]{0,60}[.!:]\s+`)
	listMark = regexp.MustCompile(`^(?:[-*+•–]|\d{1,2}[.)])\s+`)
	emphasis = regexp.MustCompile(`\*\*([^*]+)\*\*|__([^_]+)__|\*([^\s*][^*]*)\*|\x60([^\x60]+)\x60`)
	link     = regexp.MustCompile(`!?\[([^\]]*)\]\([^)]*\)`)
	address  = regexp.MustCompile(`(?i)\b(?:https?://|www\.)`)
	tag      = regexp.MustCompile(`<[/!]?[a-zA-Z][^<>]*>|<!--|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]{2,8});`)
	table    = regexp.MustCompile(`(?m)^\s*\|.*\|\s*$`)
)

// plain makes one line of plain sentences out of an answer, or says why it
// cannot.
func plain(answer string, words int) (string, error) {
	text := strings.ToValidUTF8(answer, "\uFFFD")
	text = strings.TrimSpace(visible(thoughts.ReplaceAllString(text, "")))
	if inner := fence.FindStringSubmatch(text); inner != nil {
		text = strings.TrimSpace(inner[1])
	}
	text = withoutPreamble(text)
	if table.MatchString(text) || strings.Contains(text, "```") {
		return "", &Error{Kind: NotPlain, Detail: "the answer has a table or code in it: " + short(text)}
	}
	text, ok := joinLines(text)
	if !ok {
		return "", &Error{Kind: NotPlain, Detail: "the answer is a list or has headings: " + short(text)}
	}
	text = link.ReplaceAllString(text, "$1")
	text = emphasis.ReplaceAllString(text, "$1$2$3$4")
	if tag.MatchString(text) {
		return "", &Error{Kind: NotPlain, Detail: "the answer has HTML in it: " + short(text)}
	}
	if address.MatchString(text) {
		return "", &Error{Kind: NotPlain, Detail: "the answer has a web address in it: " + short(text)}
	}
	return bounds(oneLine(withoutQuotes(oneLine(text))), words)
}

// withoutPreamble takes off what stands before the summary itself.
func withoutPreamble(text string) string {
	text = opener.ReplaceAllString(text, "")
	if first, rest, found := strings.Cut(text, "\n"); found && heading.MatchString(strings.TrimSpace(first)) {
		text = strings.TrimSpace(rest)
	}
	return strings.TrimSpace(preamble.ReplaceAllString(text, ""))
}

// joinLines makes one text of lines. Items of a list pass if each is a
// sentence; a heading does not.
func joinLines(text string) (string, bool) {
	var kept []string
	number := 1
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		mark := listMark.FindString(line)
		if at := strings.IndexAny(mark, ".)"); at > 0 {
			if mark[:at] != strconv.Itoa(number) { // "15. Oktober" begins a sentence
				mark = ""
			}
			number++
		}
		item := line[len(mark):]
		if heading.MatchString(line) || (mark != "" && !endsInStop(item)) {
			return text, false
		}
		kept = append(kept, item)
	}
	return strings.Join(kept, " "), true
}

func endsInStop(text string) bool {
	text = strings.TrimRight(text, `"'”’“»)*_`)
	return strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?") || strings.HasSuffix(text, "。")
}

// withoutQuotes takes off one pair of quotation marks around the whole.
func withoutQuotes(text string) string {
	const marks = `"“”„«»`
	inner := strings.Trim(text, marks)
	if strings.ContainsAny(inner, marks) || inner == strings.TrimLeft(text, marks) || inner == strings.TrimRight(text, marks) {
		return text
	}
	return inner
}

// bounds refuses what is empty and what is far above the budget of words.
func bounds(text string, words int) (string, error) {
	const slack = 20 // a last sentence
	if !strings.ContainsFunc(text, unicode.IsLetter) {
		return "", &Error{Kind: Empty, Detail: "the answer has no words"}
	}
	if n := len(strings.Fields(text)); words > 0 && n > words*3/2+slack {
		return "", &Error{Kind: TooLong, Detail: "the answer is far longer than asked for"}
	}
	return text, nil
}

// visible takes out what no reader sees and what could reverse the writing's
// direction; other control characters become spaces.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\u200c' || r == '\u200d': // joiners are part of some scripts' spelling
			return r
		case unicode.Is(unicode.Cf, r):
			return -1
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, text)
}
