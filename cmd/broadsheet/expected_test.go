package main_test

import (
	"encoding/csv"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"golang.org/x/net/idna"
)

// What follows says from first principles who gets what. It shares no code
// with the program, and knows only as much of the formats as the sample needs.

// A reader is somebody with a valid line in a list.
type reader struct {
	to, name, language string
	topics             map[string]bool
}

// An edition is an issue's headlines, in the order of the file, and its
// sections' topics: first those that the file has, then all others.
type edition struct {
	items    []item
	sections []string
}

type item struct {
	title, section string // the section's topic, or "all"
	topics         []string
}

var (
	validAddress  = regexp.MustCompile(`^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$`)
	validLanguage = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z]{2,4})?$`)
	betweenTopics = regexp.MustCompile(`[,;|]`)
)

type topic struct {
	ID, Title string
	Aliases   []string
}

func (p *publication) topics() []topic {
	var config struct{ Topics []topic }
	if err := yaml.Unmarshal([]byte(p.read("broadsheet.yaml")), &config); err != nil {
		p.Fatal(err)
	}
	return config.Topics
}

// topicNames maps every name of a topic to its id.
func (p *publication) topicNames() map[string]string {
	names := map[string]string{"all": "all"}
	for _, t := range p.topics() {
		for _, name := range append(t.Aliases, t.ID, t.Title) {
			names[strings.ToLower(name)] = t.ID
		}
	}
	return names
}

// subscribers reads every list, and unites lines of one address.
func (p *publication) subscribers() map[string]*reader {
	files, err := filepath.Glob(p.path("subscribers/*.csv"))
	if err != nil || len(files) == 0 {
		p.Fatalf("no lists: %v", err)
	}
	names, all := p.topicNames(), make(map[string]*reader)
	for _, file := range files {
		var columns map[string]int
		for line := range strings.Lines(p.read("subscribers/" + filepath.Base(file))) {
			fields, ok := splitLine(line)
			switch {
			case !ok:
			case columns == nil:
				columns = columnsOf(fields)
			default:
				addReader(all, columns, fields, names)
			}
		}
	}
	maps.DeleteFunc(all, func(_ string, r *reader) bool { return len(r.topics) == 0 })
	return all
}

func splitLine(line string) ([]string, bool) {
	if strings.HasPrefix(line, "#") {
		return nil, false
	}
	r := csv.NewReader(strings.NewReader(line))
	if strings.Count(line, ";") > 2 {
		r.Comma = ';'
	}
	fields, err := r.Read()
	return fields, err == nil
}

func columnsOf(header []string) map[string]int {
	known := map[string]string{
		"email": "email", "e-mail": "email", "email address": "email", "topics": "topics", "interests": "topics",
		"tags": "topics", "name": "name", "first name": "name", "last name": "last", "language": "language",
	}
	columns := make(map[string]int)
	for i, h := range header {
		columns[known[strings.ToLower(h)]] = i
	}
	return columns
}

func addReader(all map[string]*reader, columns map[string]int, fields []string, names map[string]string) {
	field := func(column string) string {
		i, ok := columns[column]
		if !ok || i >= len(fields) {
			return ""
		}
		return strings.TrimSpace(fields[i])
	}
	address := field("email")
	if !validAddress.MatchString(address) {
		return
	}
	local, domain, _ := strings.Cut(address, "@")
	domain, _ = idna.ToASCII(strings.ToLower(domain))
	identity := strings.ToLower(local) + "@" + domain
	r := all[identity]
	if r == nil {
		r = &reader{to: local + "@" + domain, topics: make(map[string]bool)}
		all[identity] = r
	}
	for _, name := range betweenTopics.Split(field("topics"), -1) {
		if id := names[strings.ToLower(strings.TrimSpace(name))]; id != "" {
			r.topics[id] = true
		}
	}
	if r.name == "" {
		r.name = strings.TrimSpace(field("name") + " " + field("last"))
	}
	if language := field("language"); r.language == "" && validLanguage.MatchString(language) {
		r.language = language
	}
}

// segment is the name of the reader's segment.
func (r *reader) segment() string {
	name := "all"
	if !r.topics["all"] {
		name = strings.Join(slices.Sorted(maps.Keys(r.topics)), "+")
	}
	if r.language != "" {
		name += "." + r.language
	}
	return name
}

var (
	sectionLine = regexp.MustCompile(`^<!-- section: (.+) -->$`)
	titleLine   = regexp.MustCompile(`^### (?:\[(.*)\]\(\S+\)|(.*))$`)
	itemLine    = regexp.MustCompile(`^<!-- item: \w+ ?(.*) -->$`)
	escaped     = regexp.MustCompile(`\\(.)`)
)

// edition reads an issue's headlines.
func (p *publication) edition(key string) (e edition) {
	section, title := "", ""
	for line := range strings.Lines(p.read("issues/" + key + "/issue.md")) {
		line = strings.TrimSpace(line)
		if m := sectionLine.FindStringSubmatch(line); m != nil {
			section = m[1]
			e.sections = append(e.sections, section)
		}
		if m := titleLine.FindStringSubmatch(line); m != nil {
			title = escaped.ReplaceAllString(m[1]+m[2], "$1")
		}
		if m := itemLine.FindStringSubmatch(line); m != nil {
			e.items = append(e.items, item{title, section, strings.Fields(m[1])})
		}
	}
	if len(e.items) == 0 {
		p.Fatalf("issue %s has no items", key)
	}
	for _, t := range p.topics() {
		if !slices.Contains(e.sections, t.ID) {
			e.sections = append(e.sections, t.ID)
		}
	}
	return e
}

func (e edition) titles() []string {
	list := make([]string, len(e.items))
	for i, it := range e.items {
		list[i] = it.title
	}
	return list
}

// headlines are those that a reader gets, in order.
func (e edition) headlines(r *reader) (titles []string) {
	for _, section := range e.sections {
		for _, it := range e.items {
			if section == e.place(it, r) {
				titles = append(titles, it.title)
			}
		}
	}
	return titles
}

// place is the section in which an item stands for a reader: its own or, where
// the reader does not have that one, the first of theirs that it also carries.
// It is empty where the reader does not get the item.
func (e edition) place(it item, r *reader) string {
	if r.topics["all"] || r.topics[it.section] {
		return it.section
	}
	for _, section := range e.sections {
		if r.topics[section] && slices.Contains(it.topics, section) {
			return section
		}
	}
	return ""
}
