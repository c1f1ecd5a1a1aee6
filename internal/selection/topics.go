package selection

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"broadsheet/internal/newsletter"
)

// Topics are the ids of the topics that an article carries by the
// publication's rules: those of TopicReasons, without a guess.
func Topics(pub *newsletter.Publication, a newsletter.Article) []string {
	return ids(TopicReasons(pub, nil)(a))
}

// A TopicReason is a topic that an article carries and the rule that gave it.
type TopicReason struct {
	Topic string `json:"topic"` // id
	Rule  Rule   `json:"rule"`
	Why   string `json:"why"` // in plain words
}

// Rule is a kind of rules that give topics.
type Rule string

// The rules, from the one that settles the matter to the one that is asked last.
const (
	ByEditor     Rule = "editor"
	ByLabel      Rule = "label"
	BySource     Rule = "source"
	ByKeyword    Rule = "keyword"
	ByClassifier Rule = "classifier"
)

// Rules lists every rule in the order in which reports show them.
var Rules = [...]Rule{ByEditor, ByLabel, BySource, ByKeyword, ByClassifier}

// TopicReasons finds the topics that an article carries, the most telling first
// and each once. Topics set by the editor settle the matter. Otherwise they are
// those that its labels name, then its source's, then those whose keywords its
// title and its text contain; only where all that gives none, those that guess
// finds, which may be nil.
//
// A label names a topic by id, title or alias; case, white space and
// punctuation do not matter, and a label may list several ("Europe / Ukraine",
// "Europe Ukraine"). A keyword is a word or a phrase; one that begins with "-"
// excludes: where title or text has it, the topic's keywords do not count.
// What is not configured is ignored.
func TopicReasons(pub *newsletter.Publication, guess Guess) func(newsletter.Article) []TopicReason {
	x := newTopicIndex(pub, guess)
	return func(a newsletter.Article) []TopicReason {
		reasons := x.byRule(a, fold(a.Text))
		if len(reasons) == 0 && len(a.Topics) == 0 {
			reasons = x.guessed(a)
		}
		return reasons
	}
}

// ids are the topics without their reasons.
func ids(reasons []TopicReason) []string {
	var list []string
	for _, r := range reasons {
		list = append(list, r.Topic)
	}
	return list
}

// A topicIndex finds topics fast for many articles of one publication.
type topicIndex struct {
	ids      []string            // in the publication's order
	names    map[string]name     // by every spelling
	sources  map[string][]string // source → topic ids
	keywords *keywords
	guess    Guess
}

// A name is one by which labels may call a topic.
type name struct{ topic, kind string }

func newTopicIndex(pub *newsletter.Publication, guess Guess) *topicIndex {
	x := &topicIndex{names: map[string]name{}, sources: map[string][]string{}, keywords: newKeywords(pub.Topics), guess: guess}
	for _, t := range pub.Topics {
		x.ids = append(x.ids, t.ID)
	}
	for _, spell := range []func(string) string{plain, bare} {
		x.addNames(pub.Topics, spell)
	}
	for _, s := range pub.Sources {
		x.sources[s.ID] = s.Topics
	}
	return x
}

// addNames enters the topics' names: ids before titles before aliases, so that
// an id always names its own topic.
func (x *topicIndex) addNames(topics []newsletter.Topic, spell func(string) string) {
	add := func(spelling, id, kind string) {
		spelling = spell(spelling)
		if _, taken := x.names[spelling]; !taken && spelling != "" {
			x.names[spelling] = name{id, kind}
		}
	}
	for _, t := range topics {
		add(t.ID, t.ID, "its id")
	}
	for _, t := range topics {
		add(t.Title, t.ID, "its title")
	}
	for _, t := range topics {
		for _, alias := range t.Aliases {
			add(alias, t.ID, "an alias")
		}
	}
}

// byRule names the topics of an article whose text is folded already.
func (x *topicIndex) byRule(a newsletter.Article, text string) []TopicReason {
	var reasons []TopicReason
	if len(a.Topics) > 0 {
		for _, id := range a.Topics {
			reasons = append(reasons, TopicReason{id, ByEditor, "set by the editor"})
		}
		return x.configured(reasons)
	}
	for _, label := range a.Labels {
		reasons = append(reasons, x.labelled(label)...)
	}
	for _, id := range x.sources[a.Source] {
		reasons = append(reasons, TopicReason{id, BySource, "default of the source " + a.Source})
	}
	return x.configured(append(reasons, x.byKeyword(fold(a.Title), text)...))
}

// byKeyword looks into the title, then into the text.
func (x *topicIndex) byKeyword(title, text string) (reasons []TopicReason) {
	inTitle, inText := x.keywords.in(title), x.keywords.in(text)
	add := func(found []finding, where string) {
		for n, f := range found {
			if f.keyword != "" && !inTitle[n].excluded && !inText[n].excluded {
				reasons = append(reasons, TopicReason{x.ids[n], ByKeyword, fmt.Sprintf("keyword %q in the %s", f.keyword, where)})
			}
		}
	}
	add(inTitle, "title")
	add(inText, "text")
	return reasons
}

// guessed asks for topics where no rule gave one.
func (x *topicIndex) guessed(a newsletter.Article) []TopicReason {
	if x.guess == nil {
		return nil
	}
	return x.configured(x.guess(a))
}

// configured keeps the topics that the publication knows, each once.
func (x *topicIndex) configured(reasons []TopicReason) []TopicReason {
	var known []TopicReason
	for _, r := range reasons {
		if x.names[r.Topic].topic == r.Topic && !slices.ContainsFunc(known, func(k TopicReason) bool { return k.Topic == r.Topic }) {
			known = append(known, r)
		}
	}
	return known
}

// labelled are the topics that a label names.
func (x *topicIndex) labelled(label string) []TopicReason {
	if n, ok := x.named(label); ok {
		return []TopicReason{n.reason(label)}
	}
	var reasons []TopicReason
	for _, part := range strings.FieldsFunc(label, isListMark) {
		if n, ok := x.named(part); ok {
			reasons = append(reasons, n.reason(part))
		} else {
			reasons = append(reasons, x.strung(strings.Fields(part))...)
		}
	}
	return reasons
}

func (n name) reason(label string) TopicReason {
	return TopicReason{n.topic, ByLabel, fmt.Sprintf("label %q is %s", strings.TrimSpace(label), n.kind)}
}

// strung reads words that name topics one after another, longest names first.
// One word too many, and they name none: "Eastern Europe" is not "Europe".
func (x *topicIndex) strung(words []string) []TopicReason {
	const longest = 8 // words in a label that is worth reading
	if len(words) > longest {
		return nil
	}
	var reasons []TopicReason
	for len(words) > 0 {
		n := len(words)
		for n > 0 {
			label := strings.Join(words[:n], " ")
			if name, ok := x.named(label); ok {
				reasons = append(reasons, name.reason(label))
				break
			}
			n--
		}
		if n == 0 {
			return nil
		}
		words = words[n:]
	}
	return reasons
}

func (x *topicIndex) named(label string) (n name, ok bool) {
	if n, ok = x.names[plain(label)]; ok {
		return n, true
	}
	n, ok = x.names[bare(label)]
	return n, ok
}

// plain folds case and white space only: it keeps "C++" from "C".
func plain(name string) string { return fold(name) }

// bare folds punctuation too: "E.U." is "eu", "#war-in-ukraine" is "War in
// Ukraine".
func bare(name string) string {
	return strings.Map(func(r rune) rune {
		if isWord(r) {
			return r
		}
		return -1
	}, strings.ToLower(norm.NFKC.String(name)))
}

func isListMark(r rune) bool {
	return strings.ContainsRune(`/\,;|&+>»•·→`, r) || r == '\n'
}

func isWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}
