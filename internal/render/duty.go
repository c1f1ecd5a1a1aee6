package render

import (
	"bytes"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"broadsheet/internal/newsletter"
)

// checkDuties sees that every letter says how to leave and who sends it: a
// theme must not be able to leave that out. They stand in the head or the foot,
// which every letter has.
func (p *Page) checkDuties(theme newsletter.Theme) error {
	address := oneLine(p.publication.PostalAddress)
	for _, part := range []struct {
		file      string
		fragments []newsletter.Fragment
		context   newsletter.SlotContext
		words     func([]byte) string
	}{
		{theme.Page.Name, p.Master.HTML, newsletter.WholeURL, visible},
		{theme.Text.Name, p.Master.Text, newsletter.InText, func(b []byte) string { return oneLine(string(b)) }},
	} {
		frame := newsletter.Join([]newsletter.Fragment{part.fragments[p.outline.head], part.fragments[p.outline.foot]}, nil)
		leave := func(s newsletter.Slot) bool { return s.Name == "unsubscribe" && s.Context == part.context }
		if !slices.ContainsFunc(frame.Slots, leave) {
			return &newsletter.Problem{
				File: part.file, Value: "foot", Message: "the letter has no link to unsubscribe",
				Mend: `put {{slot "unsubscribe"}} into "foot", in page.html as the whole href of a link`,
			}
		}
		if !strings.Contains(part.words(frame.Bytes), address) {
			return &newsletter.Problem{
				File: part.file, Value: "foot", Message: "the letter does not say the postal address",
				Mend: `print {{.Letter.Address}} in "foot"`,
			}
		}
	}
	return nil
}

// visible is the text of HTML, but for style sheets and comments, on one line.
func visible(page []byte) string {
	var b strings.Builder
	z := html.NewTokenizer(bytes.NewReader(page))
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		switch name, _ := z.TagName(); {
		case kind == html.StartTagToken && string(name) == "style":
			z.Next()
		case kind == html.TextToken:
			b.Write(z.Text())
		}
	}
	return oneLine(b.String())
}
