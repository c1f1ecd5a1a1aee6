package render

import (
	"fmt"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
)

// heavy has sections of a topic each; generated items have a picture and a
// shorter summary, every fourth is an editor's own.
func heavy(sections, items int) (*newsletter.Publication, *newsletter.Issue) {
	pub := publication()
	pub.ArchiveURL = "https://weekly.example.org/archive"
	is := &newsletter.Issue{Key: "2026-W47", Subject: "{lead}", Preheader: "{also}", Intro: strings.Repeat("The editor's own words. ", 20)}
	for n := range sections {
		s := newsletter.Section{Title: pub.Topics[n].Title, Topics: []string{pub.Topics[n].ID}}
		for i := range items {
			it := newsletter.Item{Title: fmt.Sprintf("Headline %d of section %d", i, n), Summary: strings.Repeat("Written by hand. ", 10)}
			if i%4 > 0 {
				it.ID, it.Short = fmt.Sprintf("%d-%d", n, i), "One sentence."
				it.Summary = it.Short + strings.Repeat(" And another one.", 20)
				it.Image = newsletter.Image{URL: fmt.Sprintf("https://news.example/%d/%d.jpg", n, i), Alt: "A picture"}
			}
			s.Items = append(s.Items, it)
		}
		is.Sections = append(is.Sections, s)
	}
	return pub, is
}

func TestFitInSteps(t *testing.T) {
	pub, is := heavy(2, 9)
	p := fitted(t, pub, plain(t), is, "", nonce, 1)
	everything, edition := newsletter.NewSegment([]string{newsletter.All}, ""), p.edition
	shelves := p.layout.place(everything)
	values := p.values(p.because(everything), shelves, firstTitles(shelves))
	weigh := func(v variant) int {
		values["minutes"] = p.minutes(shelves, v)
		return p.weigh(p.fragments(nil, shelves, v), values)
	}
	for _, test := range []struct {
		name                                  string
		budget                                int
		edition                               string
		fit                                   newsletter.Fit
		items, sentences, pictures, ownPieces int
	}{
		{"as it is", weigh(whole), edition, newsletter.FitWhole, 18, 240, 12, 6},
		{"shorter summaries", weigh(whole) - 1, edition, newsletter.FitShort, 18, 0, 12, 6},
		{"no pictures", weigh(short) - 1, edition, newsletter.FitNoImages, 18, 0, 0, 6},
		{"not all items", weigh(bare) - 1, edition, newsletter.FitPart, 16, 0, 0, 4},
		{"no web edition", weigh(bare) - 1, "", newsletter.FitNoImages, 18, 0, 0, 6}, // the preflight stops it
		{"never small enough", 1, edition, newsletter.FitPart, 2, 0, 0, 2},           // likewise
	} {
		t.Run(test.name, func(t *testing.T) {
			p.budget, p.edition = test.budget, test.edition
			html, text, r := cut(t, p, newsletter.All)
			if r.Fit != test.fit || r.Items != test.items || r.LeftOut != 18-test.items {
				t.Errorf("%q with %d items, %d left out; want %q with %d", r.Fit, r.Items, r.LeftOut, test.fit, test.items)
			}
			for what, want := range map[string]int{
				"And another one.": test.sentences, "<img": test.pictures, "Written by hand. Written": test.ownPieces * 5, "own words": 20,
			} {
				if got := strings.Count(html, what); got != want {
					t.Errorf("%q stands %d times on the page, want %d", what, got, want)
				}
			}
			if strings.Count(html, "</h3>") != test.items || strings.Count(text, "\nHeadline") != test.items {
				t.Errorf("page or text has not %d items:\n%s", test.items, text)
			}
			if (strings.Count(text, "And another one.") > 0) != (test.sentences > 0) {
				t.Errorf("the text has other summaries than the page:\n%s", text)
			}
		})
	}
}

// TestTheRestIsInTheWebEdition: a section that is cut says how much is missing
// and leads to where it goes on.
func TestTheRestIsInTheWebEdition(t *testing.T) {
	pub, is := heavy(2, 9)
	is.Sections[1].Items = is.Sections[1].Items[:3]
	p := fitted(t, pub, plain(t), is, "", nonce, 1)
	everything := p.layout.place(newsletter.NewSegment([]string{newsletter.All}, ""))
	p.budget = p.weigh(p.fragments(nil, everything, bare), nil) - 1
	html, text, r := cut(t, p, newsletter.All)
	left, shown := r.LeftOut, strings.Count(html, "of section 0</h3>")+strings.Count(html, "of section 0</a></h3>")
	link := "https://weekly.example.org/archive/2026-W47/#" + is.Sections[0].Items[shown].Anchor()
	words := fmt.Sprintf("and %d more in the web edition", left)
	if r.Fit != newsletter.FitPart || left != 9-shown || strings.Count(html, "web edition") != 1 {
		t.Errorf("%q, %d left out, %d shown:\n%s", r.Fit, left, shown, html)
	}
	if !strings.Contains(html, fmt.Sprintf(`href="%s"`, link)) || !strings.Contains(html, words) || !strings.Contains(text, words+":\n"+link) {
		t.Errorf("no way to %s in\n%s\n%s", link, html, text)
	}
	if want := fmt.Sprint(shown); r.Values[sectionSlot("count", 0)] != want {
		t.Errorf("the contents count %s items, want %s", r.Values[sectionSlot("count", 0)], want)
	}
}

// TestAsMuchAsFits: one item more in each section would be too much.
func TestAsMuchAsFits(t *testing.T) {
	pub, is := heavy(4, 12)
	p := fitted(t, pub, plain(t), is, "", nonce, 1)
	seg := newsletter.NewSegment([]string{newsletter.All}, "")
	shelves := p.layout.place(seg)
	least, all := p.shorten(nil, p.because(seg), shelves, 1), p.weigh(p.fragments(nil, shelves, bare), nil)
	for budget := p.weigh(least.list, least.values); budget < all; budget += all / 50 {
		p.budget = budget
		s := p.fit(seg, shelves)
		most := 0
		for _, shelf := range s.shelves {
			most = max(most, len(shelf.items))
		}
		next := p.shorten(nil, p.because(seg), shelves, most+1)
		if s.fit != newsletter.FitPart || p.weigh(s.list, s.values) > budget {
			t.Errorf("budget %d: %q weighs %d", budget, s.fit, p.weigh(s.list, s.values))
		}
		// What the values of the next page weigh is only known when it is made.
		const values = 600
		if weight := p.weigh(next.list, next.values); weight+values < budget {
			t.Errorf("budget %d: %d items in each section weigh %d, but %d are shown", budget, most+1, weight, most)
		}
	}
}
