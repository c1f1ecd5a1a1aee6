package preflight

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// caniemail is what mail programs do not understand, as ./caniemail wrote it:
// a line for each token with a verdict for each client.
//
//go:embed caniemail.tsv
var caniemail string

// Clients are the mail programs of which the facts tell, such as
// outlook.windows, and their families, such as outlook.
func Clients() []string {
	clients := strings.Split(caniemailLine("clients"), "\t")
	for _, c := range clients {
		family, _, _ := strings.Cut(c, ".")
		clients = append(clients, family)
	}
	slices.Sort(clients)
	return slices.Compact(clients)
}

// FactsDate is the day of the facts about mail programs.
func FactsDate() string { return caniemailLine("date") }

func caniemailLine(key string) string {
	_, rest, _ := strings.Cut(caniemail, "\n"+key+"\t")
	line, _, _ := strings.Cut(rest, "\n")
	return line
}

// usualClients are those that a letter is checked for where the configuration
// names none: they open most of the world's mail.
func usualClients() []string { return []string{"apple-mail", "gmail", "outlook", "yahoo"} }

// seldom are clients that hardly anybody uses any more: a family's name does
// not include them.
const seldom = " gmail.mobile-webmail outlook.windows-mail "

// support knows what some of the chosen clients do not understand.
type support struct {
	lacking map[string]lack     // by token
	tokens  map[string][]string // of style attributes that were looked at
}

// A lack is a feature that clients do not understand.
type lack struct{ slug, clients string }

func newSupport(clients []string) *support {
	if len(clients) == 0 {
		clients = usualClients()
	}
	s := &support{lacking: map[string]lack{}, tokens: map[string][]string{}}
	all, names := strings.Split(caniemailLine("clients"), "\t"), strings.Split(caniemailLine("names"), "\t")
	var chosen []int
	for i, client := range all {
		family, _, _ := strings.Cut(client, ".")
		if slices.Contains(clients, client) || slices.Contains(clients, family) && !in(seldom, client) {
			chosen = append(chosen, i)
		}
	}
	for line := range strings.Lines(caniemail) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(cells) != 3 || len(cells[2]) != len(all) {
			continue // the table's head
		}
		var without []string
		for _, i := range chosen {
			if cells[2][i] == 'n' {
				without = append(without, names[i])
			}
		}
		if len(without) > 0 {
			s.lacking[cells[0]] = lack{cells[1], listClients(without)}
		}
	}
	return s
}

// listClients writes "Gmail (iOS), Gmail (Android)" as "Gmail (iOS, Android)".
func listClients(names []string) string {
	var list []string
	last := ""
	for _, name := range names {
		family, platform, _ := strings.Cut(strings.TrimSuffix(name, ")"), " (")
		if family == last {
			list[len(list)-1] += ", " + platform
		} else {
			list = append(list, family+" ("+platform)
		}
		last = family
	}
	return strings.Join(list, "), ") + ")"
}

// unsupported notes what some of the clients do not understand.
func (r *reader) unsupported(token, shown string) {
	l, ok := r.support.lacking[token]
	if !ok {
		return
	}
	r.addAt(opening{r.doc, r.line}, Fault{
		Rule:    ruleSupport,
		Message: fmt.Sprintf("%s is not understood by %s", shown, l.clients),
		Mend:    fmt.Sprintf("%s; see https://www.caniemail.com/features/%s/ (facts of %s)", ruleSupport.mend, l.slug, FactsDate()),
	})
}

// checkElement looks at an element, its attributes and its style.
func (r *reader) checkElement(t html.Token) {
	r.unsupported("<"+t.Data+">", "<"+t.Data+">")
	if kind, ok := attribute(t, "type"); ok && t.Data == "input" {
		r.unsupported("<input type="+strings.ToLower(kind)+">", "<input type="+kind+">")
	}
	for _, a := range t.Attr {
		r.unsupported("["+a.Key+"]", "the attribute "+a.Key)
	}
	style, ok := attribute(t, "style")
	if !ok {
		return
	}
	tokens, known := r.support.tokens[style]
	if !known {
		for _, d := range r.styles.attribute(style) {
			tokens = append(tokens, r.support.among(d)...)
		}
		r.support.tokens[style] = tokens
	}
	for _, token := range tokens {
		r.unsupported(token, shownToken(token))
	}
}

// styleSheet looks at a style sheet that stays in the head. What it asks for
// on some screens only is a refinement that nobody has to understand.
func (r *reader) styleSheet(css string) {
	for _, rule := range styleRules(css) {
		r.styles.take(rule)
		if name, _, _ := strings.Cut(rule.at, " "); rule.selector == "" {
			r.unsupported(name, name)
		}
		if rule.at != "" {
			continue
		}
		for _, part := range selectorPart.FindAllStringSubmatch(rule.selector, -1) {
			r.unsupported(":"+part[1], "the selector :"+part[1])
		}
		for _, d := range declarations(rule.block) {
			for _, token := range r.support.among(d) {
				r.unsupported(token, shownToken(token))
			}
		}
	}
}

var (
	selectorPart = regexp.MustCompile(`:([a-z-]+)`)
	cssFunction  = regexp.MustCompile(`([a-z-]+)\(`)
	cssUnit      = regexp.MustCompile(`[0-9](rem|ch|vh|vw|vmin|vmax)\b`)
)

// among lists the tokens of a declaration that some client lacks. Properties
// of one maker's own are meant for that one.
func (s *support) among(d declaration) []string {
	if strings.HasPrefix(d.property, "-") || strings.HasPrefix(d.property, "mso-") {
		return nil
	}
	tokens := []string{d.property, d.property + ":" + d.value, "=" + d.value}
	for _, m := range cssFunction.FindAllStringSubmatch(d.value, -1) {
		tokens = append(tokens, m[1]+"()")
	}
	for _, m := range cssUnit.FindAllStringSubmatch(d.value, -1) {
		tokens = append(tokens, m[1]+"#")
	}
	if strings.HasPrefix(d.property, "background") && strings.Contains(d.value, "url(") {
		tokens = append(tokens, "background-image")
	}
	return slices.DeleteFunc(tokens, func(t string) bool { _, lacks := s.lacking[t]; return !lacks })
}

// shownToken writes a token of a style sheet as an author knows it.
func shownToken(token string) string {
	if unit, ok := strings.CutSuffix(token, "#"); ok {
		return "the unit " + unit
	}
	return strings.TrimPrefix(token, "=")
}
