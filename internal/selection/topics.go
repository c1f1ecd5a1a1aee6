package selection

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"broadsheet/internal/newsletter"
)

// Topics are the ids of the topics that an article carries, the most telling
// first and each once. Topics set by the editor settle the matter. Otherwise
// they are those that its labels name, then its source's, then those whose
// keywords its title and its text contain.
//
// A label names a topic by id, title or alias; case, white space and
// punctuation do not matter, and a label may list several ("Europe / Ukraine",
// "Europe Ukraine"). What is not configured is ignored.
func Topics(pub *newsletter.Publication, a newsletter.Article) []string {
	return newTopicIndex(pub).of(a, fold(a.Text))
}

// A topicIndex finds topics fast for many articles of one publication.
type topicIndex struct {
	ids      []string            // in the publication's order
	names    map[string]string   // every spelling → id
	sources  map[string][]string // source → topic ids
	keywords *keywords
}

func newTopicIndex(pub *newsletter.Publication) *topicIndex {
	x := &topicIndex{names: map[string]string{}, sources: map[string][]string{}, keywords: newKeywords(pub.Topics)}
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
	add := func(name, id string) {
		name = spell(name)
		if _, taken := x.names[name]; !taken && name != "" {
			x.names[name] = id
		}
	}
	for _, t := range topics {
		add(t.ID, t.ID)
	}
	for _, t := range topics {
		add(t.Title, t.ID)
	}
	for _, t := range topics {
		for _, alias := range t.Aliases {
			add(alias, t.ID)
		}
	}
}

// of names the topics of an article whose text is folded already.
func (x *topicIndex) of(a newsletter.Article, text string) []string {
	if len(a.Topics) > 0 {
		return x.configured(a.Topics)
	}
	var ids []string
	for _, label := range a.Labels {
		ids = append(ids, x.labelled(label)...)
	}
	ids = append(ids, x.sources[a.Source]...)
	for _, words := range []string{fold(a.Title), text} {
		for _, n := range x.keywords.in(words) {
			ids = append(ids, x.ids[n])
		}
	}
	return x.configured(ids)
}

// configured keeps the ids that the publication knows, each once.
func (x *topicIndex) configured(ids []string) []string {
	var known []string
	for _, id := range ids {
		if x.names[id] == id {
			known = append(known, id)
		}
	}
	return unique(known)
}

// labelled are the topics that a label names.
func (x *topicIndex) labelled(label string) []string {
	if id, ok := x.named(label); ok {
		return []string{id}
	}
	var ids []string
	for _, part := range strings.FieldsFunc(label, isListMark) {
		if id, ok := x.named(part); ok {
			ids = append(ids, id)
		} else {
			ids = append(ids, x.strung(strings.Fields(part))...)
		}
	}
	return ids
}

// strung reads words that name topics one after another, longest names first.
// One word too many, and they name none: "Eastern Europe" is not "Europe".
func (x *topicIndex) strung(words []string) []string {
	const longest = 8 // words in a label that is worth reading
	if len(words) > longest {
		return nil
	}
	var ids []string
	for len(words) > 0 {
		n := len(words)
		for n > 0 {
			if id, ok := x.named(strings.Join(words[:n], " ")); ok {
				ids = append(ids, id)
				break
			}
			n--
		}
		if n == 0 {
			return nil
		}
		words = words[n:]
	}
	return ids
}

func (x *topicIndex) named(name string) (id string, ok bool) {
	if id, ok = x.names[plain(name)]; ok {
		return id, true
	}
	id, ok = x.names[bare(name)]
	return id, ok
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
