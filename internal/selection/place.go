package selection

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"broadsheet/internal/newsletter"
)

// more is the section of stories without a topic, and what its quota is
// counted under.
const more = ""

// place gives ranked stories their sections while there is room.
func place(pub *newsletter.Publication, ranked []newsletter.Story) (chosen []newsletter.Story, left []Left) {
	q := newQuotas(pub)
	for _, s := range ranked {
		stays := s.Lead.Pinned || s.Lead.State == newsletter.Reserved
		section, why := q.room(s)
		if why != "" && !stays {
			left = append(left, leave(s, why)...)
			continue
		}
		s.Section = section
		q.take(s)
		chosen = append(chosen, s)
	}
	order := sectionOrder(pub)
	slices.SortStableFunc(chosen, func(a, b newsletter.Story) int {
		return cmp.Compare(order[a.Section], order[b.Section])
	})
	return chosen, left
}

func leave(s newsletter.Story, why string) []Left {
	left := []Left{{s.Lead, why}}
	for _, a := range s.Others {
		left = append(left, Left{a, why})
	}
	return left
}

func sectionOrder(pub *newsletter.Publication) map[string]int {
	order := map[string]int{more: len(pub.Topics)}
	for i, t := range pub.Topics {
		order[t.ID] = i
	}
	return order
}

// quotas count what is chosen against what is allowed; 0 allows everything.
type quotas struct {
	perTopic  map[string]int
	perSource map[string]int
	topics    map[string]int // chosen stories that carry the topic, wherever they stand
	sources   map[string]int // chosen stories that the source leads
}

func newQuotas(pub *newsletter.Publication) *quotas {
	q := &quotas{
		perTopic:  map[string]int{more: pub.Rules.MaxItemsPerTopic},
		perSource: map[string]int{},
		topics:    map[string]int{},
		sources:   map[string]int{},
	}
	for _, t := range pub.Topics {
		q.perTopic[t.ID] = cmp.Or(t.MaxItems, pub.Rules.MaxItemsPerTopic)
	}
	for _, s := range pub.Sources {
		q.perSource[s.ID] = s.MaxItems
	}
	return q
}

// room is the first of a story's topics that is not full. Where there is no
// room why says so, and section is where the story would stand all the same.
func (q *quotas) room(s newsletter.Story) (section, why string) {
	carried := topicsOrMore(s)
	section = carried[0]
	i := slices.IndexFunc(carried, func(t string) bool { return q.perTopic[t] <= 0 || q.topics[t] < q.perTopic[t] })
	if i < 0 {
		why = q.full(carried)
	} else {
		section = carried[i]
	}
	if limit := q.perSource[s.Lead.Source]; limit > 0 && q.sources[s.Lead.Source] >= limit {
		why = fmt.Sprintf("the source %s has its %s already", s.Lead.Source, items(limit))
	}
	return section, why
}

func (q *quotas) take(s newsletter.Story) {
	for _, t := range topicsOrMore(s) {
		q.topics[t]++
	}
	q.sources[s.Lead.Source]++
}

func (q *quotas) full(carried []string) string {
	if carried[0] == more {
		return fmt.Sprintf("carries no configured topic, and More has its %s already", items(q.perTopic[more]))
	}
	parts := make([]string, len(carried))
	for i, t := range carried {
		parts[i] = fmt.Sprintf("the topic %s has its %s already", t, items(q.perTopic[t]))
	}
	return strings.Join(parts, ", ")
}

func topicsOrMore(s newsletter.Story) []string {
	if len(s.Topics) == 0 {
		return []string{more}
	}
	return s.Topics
}

func items(n int) string {
	if n == 1 {
		return "one item"
	}
	return fmt.Sprintf("%d items", n)
}
