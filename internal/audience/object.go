package audience

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// objectHeader takes a file for JSON Lines: an object to each line, whose keys
// are headings. The record stays where it is.
func (t *table) objectHeader(text string) error {
	var object map[string]any
	if err := json.Unmarshal([]byte(text), &object); err != nil {
		return t.noEmail(text, "the first line is no JSON object", `write each reader in a line such as  {"email": "…", "topics": ["…"]}`)
	}
	t.headings = slices.Sorted(maps.Keys(object))
	t.format = recognizeFormat(t.headings)
	places, _ := t.place(t.headings)
	if places[colEmail] < 0 {
		return t.noEmail(text, "the first record has no e-mail address", "name it with --map email=KEY")
	}
	t.objects, t.columns = true, places
	return t.allMapped(t.headings)
}

// object reads the record of one line of JSON.
func (t *table) object(text string) bool {
	var object map[string]any
	if err := json.Unmarshal([]byte(text), &object); err != nil {
		t.note(t.first, strings.TrimSpace(text), "no JSON object; the line is skipped", "write a whole object in one line")
		return false
	}
	t.values = t.valuesOf(object)
	return true
}

// valuesOf finds the known columns in an object. What stands in objects inside
// of it, as listmonk's attributes do, counts where it says nothing itself.
func (t *table) valuesOf(object map[string]any) map[column]string {
	values := make(map[column]string)
	var inner []map[string]any
	for _, key := range slices.Sorted(maps.Keys(object)) {
		if o, ok := object[key].(map[string]any); ok {
			inner = append(inner, o)
			continue
		}
		c, known := t.column(key)
		if value := plain(object[key]); known && value != "" && values[c] == "" {
			values[c] = value
		}
	}
	for _, o := range inner {
		for c, value := range t.attributes(o) {
			if values[c] == "" {
				values[c] = value
			}
		}
	}
	if values[colEmail] == "" {
		values[colEmail] = values[colAddress]
	}
	return values
}

// attributes are the columns that may stand in a reader's attributes: what is
// said there of an address or of its state is about something else.
func (t *table) attributes(object map[string]any) map[column]string {
	values := make(map[column]string)
	for _, key := range slices.Sorted(maps.Keys(object)) {
		c, known := t.column(key)
		if known && slices.Contains([]column{colTopics, colLanguage, colConsent, colConfirmed, colOrigin}, c) && values[c] == "" {
			values[c] = plain(object[key])
		}
	}
	return values
}

// plain is a JSON value as a table would have it: the words of a list are
// separated by semicolons, and an object is its name.
func plain(value any) string {
	switch v := value.(type) {
	case string:
		return strings.TrimSpace(v)
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		words := make([]string, len(v))
		for i, one := range v {
			words[i] = plain(one)
		}
		return strings.Join(words, ";")
	case map[string]any:
		return plain(v["name"])
	default:
		return ""
	}
}
