package preview

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// choicesShown bounds each of the picker's two lists.
const choicesShown = 40

// choices answers with the segments and the readers that have all the words.
// Readers are looked for only by two letters and more: everybody is no list.
func (s *Server) choices(w http.ResponseWriter, r *http.Request) {
	now := s.current()
	err := now.failed
	find := strings.ToLower(strings.TrimSpace(r.FormValue("find")))
	var found struct {
		Segments, Readers         []offer
		MoreSegments, MoreReaders int
	}
	found.Segments, found.MoreSegments = match(now.Segments, find)
	if err == nil && len(find) > 1 && now.Readers != nil {
		var readers []Choice
		if readers, err = now.Readers(); err == nil {
			found.Readers, found.MoreReaders = match(readers, find)
		}
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, found)
}

// An offer is a line of the picker.
type offer struct{ Name, Label, Note string }

// match returns the first choices that have all the words in their names,
// those that begin with them first, and how many more there are.
func match(all []Choice, find string) (offers []offer, more int) {
	words := strings.FieldsFunc(find, func(r rune) bool { return strings.ContainsRune(" +,", r) })
	type hit struct {
		Choice
		later int
	}
	var hits []hit
	for _, c := range all {
		text := strings.ToLower(c.Label() + " " + c.Note)
		if !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) }) {
			h := hit{Choice: c, later: 1}
			if strings.HasPrefix(text, find) {
				h.later = 0
			}
			hits = append(hits, h)
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(a.later, b.later) })
	if len(hits) > choicesShown {
		more, hits = len(hits)-choicesShown, hits[:choicesShown]
	}
	for _, h := range hits {
		offers = append(offers, offer{h.Name, h.Label(), h.Note})
	}
	return offers, more
}

// answer answers with a document for the script.
func answer(w http.ResponseWriter, document any) {
	body, err := json.Marshal(document)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	write(w, "application/json", body)
}
