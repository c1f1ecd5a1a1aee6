package stylesheet

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/microcosm-cc/bluemonday/css"
	"github.com/vanng822/go-premailer/premailer"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// merge lets premailer write the style attributes: on a small page that has one
// element for every look, and one rule for each element. It reads selectors
// and their specificity wrong, so the selector is a mark, and some values too, so
// they are words that stand for them.
func (c *cascade) merge(mark string) error {
	words := words{mark: mark + "v"}
	var sheet strings.Builder
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	elements := make([]*html.Node, len(c.looks))
	for i, l := range c.looks {
		list := l.inlined(&words)
		if len(list) == 0 {
			continue
		}
		name := mark + strconv.Itoa(i)
		elements[i] = &html.Node{Type: html.ElementNode, Data: "p", DataAtom: atom.P, Attr: []html.Attribute{{Key: name}}}
		body.AppendChild(elements[i])
		fmt.Fprintf(&sheet, "[%s]{%s}\n", name, strings.Join(list, ";"))
	}
	style := &html.Node{Type: html.ElementNode, Data: "style", DataAtom: atom.Style}
	style.AppendChild(&html.Node{Type: html.TextNode, Data: sheet.String()})
	body.AppendChild(style)
	root := &html.Node{Type: html.DocumentNode}
	root.AppendChild(body)
	p := premailer.NewPremailer(goquery.NewDocumentFromNode(root), premailer.NewOptions(premailer.WithCssToAttributes(false)))
	if _, err := p.Transform(); err != nil {
		return fmt.Errorf("inlining style sheets: %w", err)
	}
	for i, l := range c.looks {
		if elements[i] != nil {
			l.result = words.spell(styleOf(elements[i]))
		}
	}
	return nil
}

// inlined is what a look's style attribute says, weakest first, or nothing
// where the attribute can stay as it is.
func (l *look) inlined(w *words) []string {
	var list []string
	seen := map[string]bool{}
	changed := false
	for i, v := range l.live() {
		if v.held() {
			continue
		}
		changed = changed || v.rule != nil || l.flags[i] && v.tier != attributeImportant
		property, text := v.property, v.value
		if l.flags[i] {
			text += " !important"
		}
		if seen[property] || !plain(property) {
			// A second value for browsers that know it: premailer would keep but one.
			property, text = w.mark+"p"+strconv.Itoa(i), property+":"+text
		}
		seen[property] = true
		list = append(list, property+":"+w.word(text))
	}
	if !changed {
		return nil
	}
	for i, odd := range l.odd {
		list = append(list, w.mark+"o"+strconv.Itoa(i)+":"+w.word(odd))
	}
	return list
}

// plain tells of a property's name that premailer reads as it is.
func plain(property string) bool {
	return strings.Trim(property, "abcdefghijklmnopqrstuvwxyz-") == ""
}

// words stand for texts.
type words struct {
	mark  string
	texts []string
}

func (w *words) word(text string) string {
	w.texts = append(w.texts, text)
	return w.mark + strconv.Itoa(len(w.texts)-1) + "x"
}

// spell puts the texts back. A property that is a mark itself has property and
// value in its text.
func (w *words) spell(style string) string {
	var list []string
	for _, d := range strings.Split(style, ";") {
		property, word, _ := strings.Cut(d, ":")
		i, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(word, w.mark), "x"))
		if err != nil || i >= len(w.texts) {
			continue
		}
		if strings.HasPrefix(property, w.mark) {
			list = append(list, w.texts[i])
		} else {
			list = append(list, property+":"+w.texts[i])
		}
	}
	return strings.Join(list, ";")
}

// certain tells of a declaration that every mail program understands.
func certain(d declaration) bool {
	value := strings.ToLower(d.value)
	for _, word := range strings.Fields(value) {
		switch _, err := strconv.ParseFloat(word, 64); {
		case word[0] == '#' && len(word) != len("#rgb") && len(word) != len("#rrggbb"):
			return false
		case err == nil && strings.Trim(word, "+-0.") != "" && !strings.Contains(unitless, " "+d.property+" "):
			return false
		}
	}
	return css.GetDefaultHandler(d.property)(value)
}

// unitless lists properties whose numbers have no unit.
const unitless = " line-height font-weight opacity z-index order flex flex-grow flex-shrink orphans widows column-count tab-size font "
