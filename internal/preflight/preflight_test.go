package preflight

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

// fragment makes a fragment; "[name]" in the source is a slot, "[name!]" one
// for a whole URL.
func fragment(source string) newsletter.Fragment {
	var f newsletter.Fragment
	for {
		before, rest, ok := strings.Cut(source, "[")
		f.Bytes = append(f.Bytes, before...)
		if !ok {
			return f
		}
		name, after, _ := strings.Cut(rest, "]")
		slot := newsletter.Slot{Offset: len(f.Bytes), Name: strings.TrimSuffix(name, "!"), Context: newsletter.InHTML}
		if slot.Name != name {
			slot.Context = newsletter.WholeURL
		}
		f.Slots = append(f.Slots, slot)
		source = after
	}
}

const (
	head = `<!DOCTYPE html><html lang="en"><head><title>Weekly</title><style>@media x{a{b:c}}</style></head><body><div>[preheader]</div><h1>Weekly</h1>` + "\n"
	foot = `<p><a href="[unsubscribe!]">Leave</a></p><p>1 Example Street,<br style="a"> 1010 Vienna</p></body></html>` + "\n"
)

func story(title, body string) string { return "<h3>" + title + "</h3>\n" + body + "\n" }

// sound is an issue without fault: head, a section with the items Bread and
// Salt, foot; one segment gets Bread, one Salt.
func sound() Input {
	m := newsletter.Master{Language: "en"}
	for _, html := range []string{
		head, "<h2>Europe</h2>\n", story("Bread", `<p>It rose. <a href="https://example.org/bread">More</a></p><img src="https://example.org/b.png" alt="" width="9">`),
		story("Salt", `<p>It fell. <a href="mailto:desk@example.org">Write</a> <a name="x"></a><a href="#top">Up</a></p>`), foot,
	} {
		m.HTML = append(m.HTML, fragment(html))
	}
	for _, text := range []string{"WEEKLY\n", "EUROPE\n", "Bread\n", "Salt\n", "Leave: [unsubscribe]\n1 Example Street,\n1010 VIENNA\n"} {
		m.Text = append(m.Text, fragment(text))
	}
	recipe := func(topic string, fragments ...int) newsletter.Recipe {
		return newsletter.Recipe{
			Segment: newsletter.NewSegment([]string{topic}, ""), Fragments: fragments, Items: 1,
			Subject: "Bread rose", Values: map[string]string{"preheader": "It rose & fell."},
		}
	}
	return Input{
		Publication: &newsletter.Publication{Language: "en", PostalAddress: "1 Example Street, 1010 Vienna", Unsubscribe: newsletter.Unsubscribe{Mailto: "leave@example.org"}},
		Issue: newsletter.Issue{
			Subject: "{lead}", Preheader: "{also}",
			Sections: []newsletter.Section{{Title: "Europe", Items: []newsletter.Item{{Title: "Bread", Link: "https://example.org/bread"}, {Title: "Salt"}}}},
		},
		Masters: []newsletter.Master{m},
		Recipes: []newsletter.Recipe{recipe("bread", 0, 1, 2, 4), recipe("salt", 0, 1, 3, 4)},
		Readers: []int{10, 20},
	}
}

// describe puts findings into lines: "error rule where: message [segments]".
func describe(findings []newsletter.Finding) []string {
	var lines []string
	for _, f := range findings {
		line := fmt.Sprintf("%s %s %s: %s", f.Level, f.Rule, f.Where, f.Message)
		if f.Segments != nil {
			line += fmt.Sprint(" ", f.Segments)
		}
		lines = append(lines, line)
	}
	return lines
}

// bread puts HTML into the item Bread, its text into the text part.
func bread(html string) func(*Input) {
	return func(in *Input) { in.Masters[0].HTML[2] = fragment(story("Bread", html)) }
}

func replace(number int, old, with string) func(*Input) {
	return func(in *Input) {
		m := &in.Masters[0]
		html := strings.Replace(sourceOf(m.HTML[number]), old, with, 1)
		text := strings.Replace(sourceOf(m.Text[number]), old, with, 1)
		m.HTML[number], m.Text[number] = fragment(html), fragment(text)
	}
}

// sourceOf undoes fragment.
func sourceOf(f newsletter.Fragment) string {
	values := map[string]string{}
	for _, s := range f.Slots {
		values[s.Name] = "[" + s.Name + "]"
		if s.Context == newsletter.WholeURL {
			values[s.Name] = "[" + s.Name + "!]"
		}
	}
	return string(f.Fill(values).Bytes)
}

func value(name, v string) func(*Input) {
	return func(in *Input) { in.Recipes[1].Values[name] = v }
}

func subject(s string) func(*Input) { return func(in *Input) { in.Recipes[0].Subject = s } }

func TestCheck(t *testing.T) {
	tests := []struct {
		name  string
		plant func(*Input)
		want  []string
	}{
		{"sound", func(*Input) {}, nil},
		{"sound without readers", func(in *Input) { in.Recipes, in.Readers = nil, nil }, nil},

		{"empty issue", func(in *Input) { in.Issue.Sections = nil }, []string{"error empty-issue issue: the issue has no items"}},
		{"same link twice", func(in *Input) { in.Issue.Sections[0].Items[1].Link = " https://example.org/bread#more" }, []string{
			`warning link-duplicate item "Salt": has the same link as the item "Bread"`,
		}},
		{"other links", func(in *Input) { in.Issue.Sections[0].Items[1].Link = "https://example.org/salt" }, nil},

		{"subject empty", subject(" "), []string{"error subject subject: the subject is empty [bread]"}},
		{"subject with a line break", subject("Bread\nBcc: x@example.org"), []string{`error subject subject "Bread\nBcc: x@example.org": the subject has a line break [bread]`}},
		{"subject not filled", subject("{lead} and more"), []string{`error subject subject "{lead} and more": {lead} was not filled [bread]`}},
		{"subject with other braces", subject("{} {1} a}b{"), nil},
		{"subject of 78 characters", subject(strings.Repeat("é", 78)), nil},
		{"subject too long", subject(strings.Repeat("é", 79)), []string{
			"warning subject-length subject \"" + strings.Repeat("é", 79) + "\": the subject has 79 characters, more than 78 [bread]",
		}},
		{"subject of the issue", func(in *Input) { in.Recipes, in.Issue.Subject = nil, "" }, []string{"error subject subject: the subject is empty"}},

		{"preheader blank", value("preheader", " "), []string{"warning preheader preheader: the letter has no preheader [salt]"}},
		{"preheader of the issue", func(in *Input) { in.Recipes, in.Issue.Preheader = nil, "" }, []string{"warning preheader preheader: the letter has no preheader"}},

		{"template in the page", bread("<p>{{.Title}}</p>"), []string{
			`error slot item "Bread": "{{" is left over from a template [bread]`,
			`error slot item "Bread": "}}" is left over from a template [bread]`,
		}},
		{"template in an attribute", bread(`<p title="ZgotmplZ">x</p>`), []string{`error slot item "Bread": "ZgotmplZ" is left over from a template [bread]`}},
		{"template in the text part", func(in *Input) { in.Masters[0].Text[1] = fragment("<no value>\n") }, []string{
			`error slot section "Europe", text part: "<no value>" is left over from a template`,
		}},
		{"encoded remnant", bread("<p>&lt;no value&gt;</p>"), []string{`error slot item "Bread": "<no value>" is left over from a template [bread]`}},
		{"placeholder in a value", value("preheader", "{lead}, {also}"), []string{
			`error slot slot "preheader": {also} was not filled [salt]`, `error slot slot "preheader": {lead} was not filled [salt]`,
		}},
		{"braces in an item's own words", func(in *Input) {
			in.Issue.Sections[0].Items[0].Title = "Write {{name}} in {lead}"
			in.Recipes[0].Subject = "Write {{name}} in {lead}"
			in.Masters[0].HTML[2].Bytes = bytes.ReplaceAll(in.Masters[0].HTML[2].Bytes, []byte("Bread"), []byte("Write {{name}} in {lead}"))
		}, []string{
			`warning slot-words item "Write {{name}} in {lead}": "{{" is left over from a template [bread]`,
			`warning slot-words item "Write {{name}} in {lead}": "}}" is left over from a template [bread]`,
			`warning slot-words item "Write {{name}} in {lead}": {lead} was not filled [bread]`,
		}},
		{"braces of style sheets and comments", bread("<style>@media x{a{b:c}}</style><!-- {{x}} --><p>{x} {leader}</p>"), nil},

		{"no text", func(in *Input) {
			for i := range in.Masters[0].Text[:4] {
				in.Masters[0].Text[i] = fragment(" \n")
			}
			in.Masters[0].Text[4] = fragment("\n[unsubscribe]")
		}, []string{
			"error postal-address text part: the text part does not show the postal address",
			"error text-part text part: the text part is empty",
		}},
		{"no unsubscribe link", replace(4, "[unsubscribe!]", "https://example.org/"), []string{"error unsubscribe page: the page has no unsubscribe link"}},
		{"no unsubscribe link in the text", replace(4, "[unsubscribe]", ""), []string{"error unsubscribe text part: the text part has no unsubscribe link"}},
		{"no foot in one segment", func(in *Input) { in.Recipes[0].Fragments = []int{0, 1, 2} }, []string{
			"error postal-address page: the page does not show the postal address [bread]",
			"error postal-address text part: the text part does not show the postal address [bread]",
			"error unsubscribe page: the page has no unsubscribe link [bread]",
			"error unsubscribe text part: the text part has no unsubscribe link [bread]",
		}},
		{"no postal address", func(in *Input) { in.Publication.PostalAddress = " " }, []string{"error postal-address configuration: the publication has no postal address"}},
		{"another postal address", func(in *Input) { in.Publication.PostalAddress = "2 Example Street" }, []string{
			"error postal-address page: the page does not show the postal address",
			"error postal-address text part: the text part does not show the postal address",
		}},

		{"script", bread("<script>x()</script>"), []string{`error html-unsafe item "Bread": a letter cannot hold a <script> element [bread]`}},
		{"form", bread("<form></form>"), []string{`error html-unsafe item "Bread": a letter cannot hold a <form> element [bread]`}},
		{"iframe", bread("<iframe></iframe>"), []string{`error html-unsafe item "Bread": a letter cannot hold a <iframe> element [bread]`}},
		{"handler", bread(`<p onClick="x()">x</p>`), []string{`error html-unsafe item "Bread": the attribute onclick runs a script [bread]`}},
		{"script in an address", bread(`<a href="java&#10;script:x()">x</a>`), []string{
			`error html-unsafe item "Bread": the address "java\nscript:x()" runs a script [bread]`,
			`warning link-relative item "Bread": the link "java\nscript:x()" cannot be read [bread]`,
		}},
		{"refresh", bread(`<meta http-equiv="Refresh" content="0">`), []string{`error html-unsafe item "Bread": the page sends its reader elsewhere by itself [bread]`}},
		{"safe", bread(`<p on="1" title="javascript:x">onclick=</p>`), nil},

		{"no title", replace(0, "Weekly", " "), []string{"warning title head: the page has no title"}},
		{"title filled later", replace(0, "<title>Weekly", "<title>[name]"), nil},
		{"no language", replace(0, ` lang="en"`, ""), []string{"warning language head: the page does not say its language"}},

		{"relative link", bread(`<a href="/a">x</a><a href="//example.org/">x</a>`), []string{
			`warning link-relative item "Bread": the link "//example.org/" is relative: a letter has no page to start from [bread]`,
			`warning link-relative item "Bread": the link "/a" is relative: a letter has no page to start from [bread]`,
		}},
		{"link without host", bread(`<a href="https:///a">x</a>`), []string{`warning link-relative item "Bread": the link "https:///a" names no host [bread]`}},
		{"local links", bread(`<a href="http://LOCALHOST.:8080/">x</a><a href="https://&#91;::1]/">x</a><a href="https://nas.local/">x</a><a href="https://10.1.2.3/">x</a>`), []string{
			`warning link-localhost item "Bread": the link "http://LOCALHOST.:8080/" leads to the reader's own computer or network [bread]`,
			`warning link-localhost item "Bread": the link "https://10.1.2.3/" leads to the reader's own computer or network [bread]`,
			`warning link-localhost item "Bread": the link "https://[::1]/" leads to the reader's own computer or network [bread]`,
			`warning link-localhost item "Bread": the link "https://nas.local/" leads to the reader's own computer or network [bread]`,
		}},
		{"public links", bread(`<a href="https://localhost.example.org/">x</a><a href="https://93.184.216.34/">x</a><a href="tel:+431">x</a>`), nil},
		{"unencrypted link", bread(`<a href="http://example.org/">x</a>`), []string{`warning link-http item "Bread": the link "http://example.org/" is not encrypted [bread]`}},
		{"links without address", bread(`<a href="">x</a><a href="#">x</a>`), []string{`warning link-empty item "Bread": a link has no address [bread]`}},
		{"link without words", bread(`<a href="https://example.org/"> <b></b></a>`), []string{`warning link-empty item "Bread": the link to "https://example.org/" has no words [bread]`}},
		{"links with a picture or a slot", bread(`<a href="https://example.org/"><img src="https://example.org/a.png" width="9" alt="A"></a><a href="https://example.org/">[name]</a>`), nil},

		{"image without description", bread(`<img src="https://example.org/a.png" width="9">`), []string{`warning image-alt item "Bread": the image "https://example.org/a.png" has no alternative text [bread]`}},
		{"images that stay hidden", bread(`<img src="http://example.org/a.png" width="9" alt="A"><img src="data:image/png;base64,x" width="9" alt="B">`), []string{
			`warning client-support item "Bread": an image inside the address is not understood by Gmail (Android, Desktop Webmail, iOS) [bread]`,
			`warning image-https item "Bread": the image "http://example.org/a.png" does not come over https [bread]`,
		}},

		{"page too heavy", bread(strings.Repeat("<p>It rose.</p>\n", 6000)), []string{
			"error size page: the page weighs up to 102.3 KB in the mail (96.3 KB of HTML), more than 95 KB; readers affected: 10 [bread]",
		}},
		{"page just light enough", bread(strings.Repeat("<p>It rose.</p>\n", 5500)), nil},

		{"fault in the head", replace(0, "<h1>", "<embed><h1>"), []string{"error html-unsafe head: a letter cannot hold a <embed> element"}},
		{"fault in the foot", replace(4, "<p>", "<embed><p>"), []string{"error html-unsafe foot: a letter cannot hold a <embed> element"}},
		{"fault that nobody gets", func(in *Input) {
			bread("<embed>")(in)
			in.Recipes = in.Recipes[1:]
		}, []string{`error html-unsafe item "Bread": a letter cannot hold a <embed> element []`}},
		{"fault in an item without heading", replace(1, "<h2>Europe</h2>", "<embed>"), []string{"error html-unsafe intro: a letter cannot hold a <embed> element"}},
		{"the same fault twice", bread("<embed><embed>"), []string{`error html-unsafe item "Bread": a letter cannot hold a <embed> element [bread]`}},
		{"two languages", func(in *Input) {
			bread("<embed>")(in)
			german := in.Masters[0]
			german.Language = "de"
			in.Masters = append(in.Masters, german)
			r := in.Recipes[0]
			r.Segment.Language = "de"
			in.Recipes = append(in.Recipes, r)
		}, []string{`error html-unsafe item "Bread": a letter cannot hold a <embed> element [bread bread.de]`}},
		{"recipe that does not fit", func(in *Input) { in.Recipes[0].Fragments = []int{0, 9} }, []string{
			"error recipe page: the page cannot be put together from what was rendered [bread]",
		}},
		{"recipe without a master", func(in *Input) { in.Recipes[0].Segment.Language = "fr" }, []string{
			"error recipe page: the page cannot be put together from what was rendered [bread.fr]",
		}},
		{"errors first", bread(`<img src="http://example.org/a.png" width="9"><embed>`), []string{
			`error html-unsafe item "Bread": a letter cannot hold a <embed> element [bread]`,
			`warning image-alt item "Bread": the image "http://example.org/a.png" has no alternative text [bread]`,
			`warning image-https item "Bread": the image "http://example.org/a.png" does not come over https [bread]`,
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := sound()
			tt.plant(&in)
			findings := Check(in)
			if diff := cmp.Diff(tt.want, describe(findings)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			for _, f := range findings {
				if f.Mend == "" {
					t.Errorf("%s suggests no mend", f.Rule)
				}
			}
		})
	}
}

// TestSizeNearTheLimit compares the count with the real thing where bytes
// decide.
func TestSizeNearTheLimit(t *testing.T) {
	over, under := 0, 0
	for n := 5540; n < 5590; n++ {
		in := sound()
		in.Recipes[0].Values["preheader"] = strings.Repeat("é = ", n%40)
		bread(strings.Repeat("<p>It rose.</p>\n", n))(&in)
		page, _, err := in.Masters[0].Cut(&in.Recipes[0])
		if err != nil {
			t.Fatal(err)
		}
		want := newsletter.EncodedSize(page.Bytes) > sizeLimit
		isSize := func(f newsletter.Finding) bool { return f.Rule == ruleSize.Name }
		if got := slices.ContainsFunc(Check(in), isSize); got != want {
			t.Errorf("%d lines, %d bytes encoded: too heavy is %v, want %v", n, newsletter.EncodedSize(page.Bytes), got, want)
		}
		if want {
			over++
		} else {
			under++
		}
	}
	if over == 0 || under == 0 {
		t.Errorf("the limit is not in the range: %d over, %d under", over, under)
	}
}

// FuzzCheck: whatever stands in a fragment, the check comes to an end, names
// segments that exist and sorts.
func FuzzCheck(f *testing.F) {
	f.Add("<a href='", "{{", "x")
	f.Add("<h1><title><style></a><a href=x><img>", "", "{a}\r")
	f.Fuzz(func(t *testing.T, html, text, subject string) {
		in := sound()
		in.Masters[0].HTML[2].Bytes, in.Masters[0].HTML[2].Slots = []byte(html), nil
		in.Masters[0].Text[2].Bytes = []byte(text)
		in.Recipes[0].Subject = subject
		last := 0
		for _, found := range Check(in) {
			if weight(found.Level) < last {
				t.Errorf("an error stands behind warnings: %+v", found)
			}
			last = weight(found.Level)
			for _, s := range found.Segments {
				if s != "bread" && s != "salt" {
					t.Errorf("no segment is called %q", s)
				}
			}
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	in := sound()
	m := &in.Masters[0]
	for i := range 300 {
		m.HTML = append(m.HTML, fragment(story(fmt.Sprint("Item ", i), strings.Repeat(`<p style="margin:0">It rose. <a href="http://example.org/a">More</a></p>`+"\n", 12))))
		m.Text = append(m.Text, fragment("It rose.\n"))
	}
	in.Recipes = nil
	for i := range 20_000 {
		r := newsletter.Recipe{
			Segment: newsletter.NewSegment([]string{fmt.Sprintf("topic-%05d", i)}, ""), Subject: fmt.Sprint("Bread ", i%300),
			Values: map[string]string{"preheader": "It rose & fell.", "topics": "Bread, Salt"}, Fragments: []int{0},
		}
		for j := range 60 {
			r.Fragments = append(r.Fragments, 5+(i*7+j*5)%300)
		}
		r.Fragments = append(r.Fragments, 4)
		in.Recipes = append(in.Recipes, r)
	}
	b.ReportAllocs()
	for b.Loop() {
		Check(in)
	}
}
