package markup

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// maxSpeech is the length in words of the longest paragraph that is judged by
// its manner of speaking.
const maxSpeech = 60

// dropSiteSpeak drops what the site says to its readers between the paragraphs
// of an article, whatever its words: appeals, offers, notes about the text. It
// gives itself away by its manner. It speaks to "you" and of "us", asks for
// something, uses the words of the trade of papers, and has nothing in common
// with the article.
// A text that is nothing else stays: then that is what it is about.
func dropSiteSpeak(r *reading) {
	open := r.open()
	told := sync.OnceValue(func() map[string]int { return r.wordsOfParagraphs(open) })
	var spoken []int
	for at, i := range open {
		text := r.paragraphs[i].text
		if !atMost(maxSpeech, text) {
			continue
		}
		m := mannerOf(text, told())
		ours := m.points() < siteSpeak && (m.evidence() == 0 || !m.isStranger() || at < max(1, len(open)-footerLines))
		if !ours && !r.isMeta(text) {
			spoken = append(spoken, i)
		}
	}
	if len(spoken) == len(open) {
		return
	}
	for _, i := range spoken {
		r.drop(i, "is the site speaking to its readers")
	}
}

// wordsOfParagraphs counts in how many paragraphs each word stands.
func (r *reading) wordsOfParagraphs(all []int) map[string]int {
	n := map[string]int{}
	for w := range contentWords(r.out.Title) {
		n[w]++
	}
	for _, i := range all {
		for w := range contentWords(r.paragraphs[i].text) {
			n[w]++
		}
	}
	return n
}

// A manner is how a paragraph speaks.
type manner struct {
	reader   bool    // it speaks to its reader
	asks     bool    // it asks for something
	site     bool    // it speaks of itself as "we"
	trade    int     // words of the trade of papers
	calls    bool    // it asks its reader a question, and for something after it
	asksVote bool    // it is a question with a label before it: "Poll: is the fare too high?"
	stranger bool    // it is short and has no telling word that the article has elsewhere
	thisText bool    // it speaks of the text that it stands in
	said     bool    // somebody says it
	quotes   bool    // it has quotation marks
	words    int     // its length
	common   float64 // the share of its telling words that the article has elsewhere
}

// The points of a manner at which a paragraph is the site's. The weights are
// those of a logistic regression over real articles and known kinds of mess,
// in halves, rounded.
const (
	siteSpeak = 1
	maxTrade  = 6
)

// A paragraph of at most maxStranger words that shares none with an article of
// at least fullArticle different ones has nothing to do with it.
const (
	maxStranger = 12
	fullArticle = 60
)

func (m manner) points() float64 {
	if m.asksVote || m.thisText && m.isStranger() {
		return siteSpeak
	}
	if m.evidence() < 2 {
		return 0
	}
	points := 2 + 3*float64(min(m.trade, maxTrade)) - 0.4*float64(m.words) - 7.5*m.common
	for _, sign := range []struct {
		present bool
		weight  float64
	}{
		{m.reader, 4},
		{m.asks, 3},
		{m.site, 2},
		{m.thisText, 5},
		{m.reader && m.site, 2},
		{m.site && m.trade > 0, 4},
		{m.thisText && m.trade > 0, 3},
		{m.said, -3},
		{m.quotes, -7},
	} {
		if sign.present {
			points += sign.weight
		}
	}
	return points
}

// isStranger tells whether nothing connects a paragraph with its article; what
// somebody said may come from anywhere.
func (m manner) isStranger() bool { return m.stranger && !m.said && !m.quotes }

// isAside tells whether a short paragraph is no part of an article, where it
// stands among others that are none.
func (m manner) isAside() bool {
	return m.words <= maxStranger && !m.said && !m.quotes && (m.stranger || m.evidence() > 0 && m.common < 0.5)
}

// evidence counts what speaks for a site. People in the news ask and address
// each other, too: that counts only beside something else.
func (m manner) evidence() int {
	n := m.trade
	for _, sign := range []bool{m.site, m.thisText, m.calls} {
		if sign {
			n++
		}
	}
	if n > 0 && (m.reader || m.asks) {
		n++
	}
	return n
}

// mannerOf looks at how a paragraph speaks; told counts the paragraphs of the
// article, this one among them, in which a word stands.
func mannerOf(text string, told map[string]int) manner {
	bare := quotation.ReplaceAllString(text, " § ")
	m := manner{
		quotes: strings.ContainsAny(text, "\"“”„«»‘") || strings.HasPrefix(text, "'"),
		reader: speaksToReader(bare),
		asks:   asksReader(bare),
		calls:  callsReader(bare),
	}
	m.thisText = thisIsText.MatchString(bare)
	m.site, m.asksVote = askingUs.MatchString(bare), atMost(maxStranger, text) && labelledQuestion.MatchString(text)
	all := spokenWords(bare)
	m.words = len(all)
	telling, common := 0, 0
	for i, w := range all {
		lower := strings.ToLower(w)
		switch {
		case readerWords.has(lower):
		case siteWords.has(lower) && w != "US":
			m.site = true
		case sayingWords.has(lower):
			m.said = true
		case tradeWords.has(lower):
			m.trade++
		default:
			if s := stem(normal(lower)); s != "" {
				telling++
				if told[s] > 1 {
					common++
				}
			}
		}
		m.thisText = m.thisText || textWords.has(lower) && besides(all, i, pointingWords) && !ofSomething(all[i+1:])
	}
	if telling > 0 {
		m.common = float64(common) / float64(telling+1)
	}
	m.stranger = telling > 0 && common == 0 && m.words <= maxStranger && len(told) >= fullArticle
	return m
}

// ofSomething tells whether words go on with "of the plan": then they speak of
// that, not of the text.
func ofSomething(rest []string) bool {
	if len(rest) < 2 || !slices.Contains(ofWords, strings.ToLower(rest[0])) {
		return false
	}
	rest = rest[1:min(len(rest), 4)]
	return !slices.ContainsFunc(rest, func(w string) bool { return textWords.has(strings.ToLower(w)) })
}

// besides tells whether one of the words stands before or after the one at i.
func besides(all []string, i int, words wordList) bool {
	return i > 0 && words.has(strings.ToLower(all[i-1])) || i+1 < len(all) && words.has(strings.ToLower(all[i+1]))
}

// asksReader tells whether one of the sentences begins as a request does.
func asksReader(text string) bool {
	for _, sentence := range sentenceBreak.Split(text, -1) {
		if all := spokenWords(sentence); len(all) > 0 && askingWords.has(strings.ToLower(all[0])) {
			return true
		}
	}
	return imperative.MatchString(text)
}

// callsReader tells whether a question to the reader is followed by a request:
// "Do you rent? Tell Ruth how long your last repair took."
func callsReader(text string) bool {
	at := strings.LastIndex(text, "? ")
	return at >= 0 && speaksToReader(text[:at]) && asksReader(text[at+2:])
}

// speaksToReader tells whether a text has a word for its reader.
func speaksToReader(text string) bool {
	return politeWord.MatchString(text) || slices.ContainsFunc(spokenWords(text), func(w string) bool {
		return readerWords.has(strings.ToLower(w))
	})
}

// spokenWords splits a text into words; apostrophes and hyphens join, but for
// the article or preposition of "l'article".
func spokenWords(s string) []string {
	all := strings.FieldsFunc(strings.ReplaceAll(s, "’", "'"), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !strings.ContainsRune("'-@", r)
	})
	for i, w := range all {
		if _, noun, elided := strings.Cut(w, "'"); elided && len(noun) > 2 {
			all[i] = noun
		}
	}
	return all
}

var (
	// thisIsText is how a text is introduced: "This is a developing story."
	thisIsText = regexp.MustCompile(`(?i)^(?:this|dies|dit|ceci|c['’]|este|esto|questo|questa) ?(?:is|ist|est|es|è) (?:an?|eine?|une?|un['’]|una|een) (?:\p{L}+ ){0,2}(?:stor(?:y|ia)|article|column|essay|artikel|text|texte?|kolumne|article|chronique|artículo|texto|columna|articolo|testo|verhaal|stuk)\b`)
	// labelledQuestion is what a poll asks.
	labelledQuestion = regexp.MustCompile(`^\p{Lu}\p{L}+(?: \p{L}+)?: [^"“”«»„.]+\?$`)
	quotation        = regexp.MustCompile(`"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|‘[^’]*’`)
	sentenceBreak    = regexp.MustCompile(`[.!?…:;]["”’»)]*\s+`)
	// politeWord is a polite pronoun that does not open a sentence: there it may
	// be "she" or "they".
	politeWord = regexp.MustCompile(`[\p{L},;:–-] (?:Sie|Ihr|Ihre|Ihren|Ihrem|Ihrer|Ihnen)\b`)
	// imperative is one by its ending: "Abonnez-vous", "Schreiben Sie",
	// "Suscríbete", "Raccontaci".
	imperative = regexp.MustCompile(`(?:^|[.!?:;] )(?:\p{L}{3,}[eé]z(?:-\p{L}+)?|\p{L}{3,}e[rl]?n Sie|\p{L}*[áéíóú]\p{L}*(?:nos|te|se)|\p{Lu}\p{Ll}{3,}(?:ateci|etevi|ci|ti))\b`)
	// askingUs is an imperative with "us" at its end: "Aidez-nous", "Cuéntenos".
	askingUs = regexp.MustCompile(`(?:^|[.!?:;] )(?:\p{L}{3,}ez-nous|\p{L}*[áéíóú]\p{L}*nos|\p{Lu}\p{Ll}{3,}(?:a|e|i)ci)\b`)
)
