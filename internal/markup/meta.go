package markup

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// meta is what one line tells of an article.
type meta struct {
	author  string
	date    time.Time
	updated bool // the date is that of a later change
	labels  []string
	link    string
}

// tell takes over what a line says; what is known already stays.
func (r *reading) tell(i int, m meta) {
	r.paragraphs[i].fate = told
	if r.out.Author == "" {
		r.out.Author = m.author
	}
	if r.out.Link == "" {
		r.out.Link = m.link
	}
	if len(r.out.Labels) == 0 {
		r.out.Labels = m.labels
	}
	if !m.date.IsZero() && (r.out.Published.IsZero() || r.tentative && !m.updated) {
		r.out.Published, r.tentative = m.date, m.updated
	}
}

func (r *reading) isMeta(line string) bool {
	_, ok := r.meta(line)
	return ok
}

// meta reads a line that says nothing but who wrote the article, when, where
// it stands or what it is about. Such a line may have several parts:
// "By Jane Doe | 12 March 2024".
func (r *reading) meta(line string) (meta, bool) {
	if len(line) > 250 {
		return meta{}, false
	}
	if m, ok := r.metaPart(line); ok {
		return m, true
	}
	var whole meta
	parts := metaSeparator.Split(line, -1)
	for _, part := range parts {
		m, ok := r.metaPart(part)
		if !ok && !readingTime.MatchString(part) {
			return meta{}, false
		}
		whole = whole.and(m)
	}
	return whole, len(parts) > 1
}

func (m meta) and(other meta) meta {
	if m.author == "" {
		m.author = other.author
	}
	if m.link == "" {
		m.link = other.link
	}
	if !other.date.IsZero() && (m.date.IsZero() || m.updated) {
		m.date, m.updated = other.date, other.updated
	}
	m.labels = append(m.labels, other.labels...)
	return m
}

var (
	metaSeparator = regexp.MustCompile(`\s+[|·•—–-]\s+`)
	placeBefore   = regexp.MustCompile(`^\p{Lu}[\p{L}.'’ -]{1,30}, `)
	readingTime   = regexp.MustCompile(`(?i)^\d{1,3}[ -]?min(?:ute)?s?(?:[ -]read)?$`)
)

func (r *reading) metaPart(part string) (meta, bool) {
	if labels, ok := r.labels.line(part); ok {
		return meta{labels: labels}, true
	}
	if at, updated, ok := dateLine(part); ok {
		return meta{date: at, updated: updated}, true
	}
	if place := placeBefore.FindString(part); place != "" {
		if at, updated, ok := dateLine(part[len(place):]); ok && !at.IsZero() {
			return meta{date: at, updated: updated}, true
		}
	}
	if u, ok := parseLink(part); ok && u.Scheme != "mailto" && !strings.Contains(part, " ") {
		return meta{link: part}, true
	}
	return byline(part)
}

var (
	bylineStart = regexp.MustCompile(`^(?:(?i:by:?|written by|story by|text by|words by|reported by|analysis by|posted by|opinion by|authors?:|von|text:|autor(?:in|es)?:|par|texte ?:|auteur ?:|por|texto:|da|a cura di|testo:|autore:|door|tekst:|redactie:)|di)\s+(.+)$`)
	affiliation = regexp.MustCompile(`^(.+?)(?:,\s+|\s+\|\s+|\s+(?:for|at|in)\s+)(.+)$`)
)

// byline reads "By Jane Doe" and "By JANE DOE, Reuters"; what follows the name
// may be a date.
func byline(line string) (meta, bool) {
	found := bylineStart.FindStringSubmatch(line)
	if found == nil || len(words(line)) > 14 {
		return meta{}, false
	}
	name := strings.TrimSuffix(found[1], ".")
	if isNames(name) {
		return meta{author: name}, true
	}
	parts := affiliation.FindStringSubmatch(name)
	if parts == nil || !isNames(parts[1]) {
		return meta{}, false
	}
	at, updated, dated := dateLine(parts[2])
	if !dated && (len(words(parts[2])) > 6 || startsLower(parts[2]) || strings.HasSuffix(line, ".")) {
		return meta{}, false
	}
	if !dated && listsNames(parts[2]) {
		return meta{author: name}, true
	}
	return meta{author: parts[1], date: at, updated: updated}, true
}

// listsNames tells whether what follows a comma carries on a list of authors.
func listsNames(s string) bool {
	before, last, ok := strings.Cut(s, " and ")
	return ok && isNames(last) && isNames(strings.ReplaceAll(before, ",", ""))
}

// isNames tells whether every word is written as a person's name is.
func isNames(s string) bool {
	all := words(s)
	if len(all) == 0 || len(all) > 8 {
		return false
	}
	for i, w := range all {
		if i > 0 && slices.Contains(nameParticles, strings.ToLower(w)) {
			continue
		}
		r, _ := utf8.DecodeRuneInString(w)
		if !unicode.IsUpper(r) || strings.ContainsAny(w, ",;:!?/0123456789()") {
			return false
		}
	}
	return true
}

var nameParticles = strings.Fields(`and & und et y e al bin da das de del della den der di do dos du el la le ten ter van von zu`)
