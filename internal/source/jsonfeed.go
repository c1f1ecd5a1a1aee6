package source

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

var errNotJSONFeed = errors.New("it is JSON, but not a JSON Feed")

// repairJSON gives the members of a JSON Feed the types that its specification
// wants and drops those that cannot have them. Otherwise one number in place of
// a text costs the whole feed, and gofeed panics at an item that is null.
func repairJSON(text string) (string, error) {
	var feed map[string]any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&feed); err != nil {
		return "", err
	}
	if _, ok := feed["items"].([]any); !ok && !strings.Contains(fmt.Sprint(feed["version"]), "jsonfeed.org") {
		return "", errNotJSONFeed
	}
	repairPeople(feed)
	repairTexts(feed, "version", "title", "home_page_url", "feed_url", "description", "user_comment", "next_url", "icon", "favicon", "language")
	items := objects(feed["items"])
	for _, item := range items {
		repairPeople(item)
		repairTexts(item, "id", "url", "external_url", "title", "content_html", "content_text", "summary",
			"image", "banner_image", "date_published", "date_modified", "language")
		item["tags"] = texts(item["tags"])
		item["attachments"] = objects(item["attachments"])
		for _, a := range objects(item["attachments"]) {
			repairTexts(a, "url", "mime_type", "title")
		}
	}
	feed["items"] = items
	out, err := json.Marshal(feed)
	return string(out), err
}

func repairPeople(in map[string]any) {
	if name, ok := in["author"].(string); ok {
		in["author"] = map[string]any{"name": name}
	}
	if author, ok := in["author"].(map[string]any); ok {
		repairTexts(author, "name", "url", "avatar")
	} else {
		delete(in, "author")
	}
	if in["authors"] == nil {
		return
	}
	authors := objects(in["authors"])
	for _, a := range authors {
		repairTexts(a, "name", "url", "avatar")
	}
	in["authors"] = authors
}

func repairTexts(in map[string]any, names ...string) {
	for _, name := range names {
		if text, ok := asText(in[name]); ok {
			in[name] = text
		} else {
			delete(in, name)
		}
	}
}

// asText takes a text, a number, or an object that holds a url or a name.
func asText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case map[string]any:
		for _, name := range []string{"url", "name"} {
			if text, ok := v[name].(string); ok {
				return text, true
			}
		}
	}
	return "", false
}

func texts(v any) []string {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	out := []string{}
	for _, each := range list {
		if text, ok := asText(each); ok {
			out = append(out, text)
		}
	}
	return out
}

func objects(v any) []map[string]any {
	if same, ok := v.([]map[string]any); ok {
		return same
	}
	list, _ := v.([]any)
	out := []map[string]any{}
	for _, each := range list {
		if object, ok := each.(map[string]any); ok {
			out = append(out, object)
		}
	}
	return out
}
