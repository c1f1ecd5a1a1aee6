package config

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"broadsheet/internal/newsletter"
)

// topics checks the topics. Ids, titles and aliases share one space of names,
// because a subscriber file or a feed may use any of them.
func (c *check) topics(docs []topicDocument) []newsletter.Topic {
	if len(docs) == 0 {
		c.bad("topics", "", "there is no topic", "add one, such as  - {id: europe, title: Europe}")
	}
	topics := make([]newsletter.Topic, len(docs))
	owner := map[string]int{newsletter.All: -1}
	for i, doc := range docs {
		at := fmt.Sprintf("topics[%d]", i)
		c.topicID(at+".id", doc.ID)
		topics[i] = newsletter.Topic{
			ID:       doc.ID,
			Title:    c.phrase(at+".title", doc.Title),
			Aliases:  c.words(at+".aliases", doc.Aliases),
			Keywords: c.words(at+".keywords", doc.Keywords),
			Weight:   c.weight(at+".weight", doc.Weight),
			MaxItems: c.within(at+".max_items", doc.MaxItems, 0, 100),
		}
		if topics[i].Title == "" {
			topics[i].Title = titleOf(doc.ID)
		}
	}
	// Ids first: an alias that takes another topic's id is the alias's mistake.
	for i, t := range topics {
		c.claim(owner, i, fmt.Sprintf("topics[%d].id", i), t.ID, topics)
	}
	for i, t := range topics {
		c.claim(owner, i, fmt.Sprintf("topics[%d].title", i), t.Title, topics)
		for j, alias := range t.Aliases {
			c.claim(owner, i, fmt.Sprintf("topics[%d].aliases[%d]", i, j), alias, topics)
		}
	}
	return topics
}

func (c *check) topicID(at, id string) {
	switch {
	case id == newsletter.All:
		c.bad(at, id, "is reserved for readers who want everything", "take another id")
	case c.required(at, id, "europe") && !newsletter.ValidTopicID(id):
		c.bad(at, id, "is not a topic id", "write up to 32 small letters, digits and hyphens, such as eastern-europe")
	}
}

// claim gives a name to a topic, or notes that it is taken.
func (c *check) claim(owner map[string]int, topic int, at, name string, topics []newsletter.Topic) {
	key := strings.ToLower(strings.Join(strings.Fields(name), " "))
	if key == "" || name == newsletter.All && strings.HasSuffix(at, ".id") {
		return
	}
	is := strings.HasSuffix(at, ".id")
	switch holder, taken := owner[key]; {
	case !taken:
		owner[key] = topic
	case holder < 0:
		c.bad(at, name, "is reserved for readers who want everything", "take another word")
	case holder != topic || is:
		c.bad(at, name, fmt.Sprintf("is a name of the topic %s already", topics[holder].ID), "give every topic names of its own")
	}
}

func titleOf(id string) string {
	if id == "" {
		return ""
	}
	return strings.ToUpper(id[:1]) + strings.ReplaceAll(id[1:], "-", " ")
}

// words checks a list of words and phrases.
func (c *check) words(at string, words []string) []string {
	for i, word := range words {
		place := fmt.Sprintf("%s[%d]", at, i)
		if c.phrase(place, word) == "" {
			c.bad(place, "", "is empty", "remove it")
		}
	}
	return words
}

func (c *check) sources(docs []sourceDocument, topics []newsletter.Topic) []newsletter.Source {
	sources := make([]newsletter.Source, len(docs))
	seen := map[string]bool{}
	for i, doc := range docs {
		at := fmt.Sprintf("sources[%d]", i)
		c.sourceID(at+".id", doc.ID, seen)
		c.origin(at, doc)
		c.knownTopics(at+".topics", doc.Topics, topics)
		sources[i] = newsletter.Source{
			ID: doc.ID, Folder: doc.Folder, Feed: doc.Feed, Topics: doc.Topics,
			Weight:   c.weight(at+".weight", doc.Weight),
			MaxItems: c.within(at+".max_items", doc.MaxItems, 0, math.MaxInt32),
			FullText: doc.FullText,
		}
	}
	return sources
}

func (c *check) sourceID(at, id string, seen map[string]bool) {
	switch {
	case !c.required(at, id, "agency"):
	case !newsletter.ValidKey(id):
		c.bad(at, id, "is not a source id", "write up to 64 letters, digits, dots, hyphens and underscores")
	case seen[id]:
		c.bad(at, id, "is another source's id too", "give every source an id of its own")
	}
	seen[id] = true
}

// origin checks where a source's articles come from.
func (c *check) origin(at string, doc sourceDocument) {
	switch {
	case doc.Folder == "" && doc.Feed == "":
		c.bad(at, doc.ID, "has neither folder nor feed", "add one of the two")
	case doc.Folder != "" && doc.Feed != "":
		c.bad(at+".feed", doc.Feed, "has both folder and feed", "make two sources of it")
	case doc.Feed != "":
		c.feed(at+".feed", doc.Feed)
	}
}

func (c *check) feed(at, value string) {
	const mend = "write https://…, http://… or file:path, relative to the publication"
	u, err := url.Parse(value)
	switch {
	case err != nil:
		c.bad(at, mask(value), "is not an address", mend)
	case u.User != nil:
		c.bad(at, mask(value), "holds a user name or password", "leave it out: secrets never stand in this file")
	case u.Scheme == "file" && (u.Opaque != "" || u.Path != ""):
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		c.bad(at, value, "is not a feed's address", mend)
	}
}

func (c *check) knownTopics(at string, ids []string, topics []newsletter.Topic) {
	known := make([]string, len(topics))
	for i, t := range topics {
		known[i] = t.ID
	}
	for i, id := range ids {
		if len(known) == 0 || slices.Contains(known, id) {
			continue
		}
		mend := "the topics are " + strings.Join(known, ", ")
		if near := nearest(id, known); near != "" {
			mend = fmt.Sprintf("did you mean %s?", near)
		}
		c.bad(fmt.Sprintf("%s[%d]", at, i), id, "is not a topic of this publication", mend)
	}
}

func (c *check) weight(at string, value *float64) float64 {
	if value == nil {
		return 1
	}
	if !(*value > 0) || math.IsInf(*value, 0) {
		c.bad(at, strconv.FormatFloat(*value, 'g', -1, 64), "is not a weight", "write a number above 0; 1 is usual")
	}
	return *value
}
