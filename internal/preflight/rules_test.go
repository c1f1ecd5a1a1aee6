package preflight

import (
	"slices"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
)

// A scene is an issue with what the web says of its links.
type scene struct {
	Input
	answers []newsletter.LinkAnswer
}

// A ruleCase is one that a rule must find, and one near to it that it must not.
type ruleCase struct{ faulty, fine any } // func(*Input) or func(*scene)

func publication(change func(*newsletter.Publication)) func(*Input) {
	return func(in *Input) { change(in.Publication) }
}

func answer(a newsletter.LinkAnswer) func(*scene) {
	return func(s *scene) {
		a.URL = "https://news.site/a"
		bread(`<a href="https://news.site/a">More</a>`)(&s.Input)
		s.answers = []newsletter.LinkAnswer{a}
	}
}

// dark gives the page a style sheet for the dark.
func dark(css string) func(*Input) {
	return replace(0, "</head>", "<style>@media (prefers-color-scheme: dark) {"+css+"}</style></head>")
}

func ruleCases() map[string][]ruleCase {
	const image = `<img src="https://example.org/a.png" alt="A" width="10">`
	return map[string][]ruleCase{
		"empty-issue": {{func(in *Input) { in.Issue.Sections = nil }, func(*Input) {}}},
		"recipe":      {{func(in *Input) { in.Recipes[0].Fragments = []int{9} }, func(*Input) {}}},
		"subject": {
			{subject(""), subject("Bread")},
			{subject("{lead}"), subject("{1}")},
			{subject("a\nb"), subject("a b")},
		},
		"subject-length":   {{subject(strings.Repeat("x", 79)), subject(strings.Repeat("x", 78))}},
		"subject-repeated": {{func(in *Input) { in.Before = map[string]string{"bread": "Bread rose"} }, func(in *Input) { in.Before = map[string]string{"salt": "Other words"} }}},
		"subject-spam": {
			{subject("BREAD IS ON SALE EVERYWHERE"), subject("NATO, EU and UN meet in Vienna")},
			{subject("Bread rose!!"), subject("Bread rose!")},
			{subject("Earn $$$ with bread"), subject("Bread costs $5")},
			{subject("Re: Bread"), subject("Regard: bread")},
			{subject("Click here for bread"), subject("Clicks heretofore unheard")},
			{subject("100% free bread"), subject("Freedom of the press, 100 years on")},
		},
		"preheader": {{value("preheader", " "), value("preheader", "x")}},
		"from-domain": {
			{
				publication(func(p *newsletter.Publication) {
					p.From.Address, p.DKIM = "a@news.example.org", []newsletter.DKIM{{Domain: "mailer.test"}}
				}),
				publication(func(p *newsletter.Publication) {
					p.From.Address, p.DKIM = "a@news.example.org", []newsletter.DKIM{{Domain: "mailer.test"}, {Domain: "example.org"}}
				}),
			},
			{
				publication(func(p *newsletter.Publication) {
					p.From.Address, p.DKIM = "a@one.co.uk", []newsletter.DKIM{{Domain: "two.co.uk"}}
				}),
				publication(func(p *newsletter.Publication) { p.From.Address = "a@one.co.uk" }),
			},
		},
		"size":      {{bread(strings.Repeat("<p>It rose.</p>\n", 6000)), bread(strings.Repeat("<p>It rose.</p>\n", 5000))}},
		"text-part": {{func(in *Input) { in.Masters[0].Text = make([]newsletter.Fragment, 5) }, func(in *Input) { in.Masters[0].Text[1].Bytes = nil }}},
		"slot":      {{bread("<p>{{.Item}}</p>"), bread("<p>{a} and { {</p>")}},
		"slot-words": {{func(in *Input) {
			in.Issue.Sections[0].Items[0].Summary = "Go writes {{.}} for it."
			bread("<p>Go writes {{.}} for it.</p>")(in)
		}, bread("<p>Go writes { for it.</p>")}},
		"unsubscribe": {
			{replace(4, "[unsubscribe!]", "https://example.org/"), func(*Input) {}},
			{publication(func(p *newsletter.Publication) { p.Unsubscribe.URL = "http://example.org/leave" }), publication(func(p *newsletter.Publication) { p.Unsubscribe.URL = "https://example.org/leave" })},
			{publication(func(p *newsletter.Publication) { p.Unsubscribe.Mailto = "" }), func(*Input) {}},
		},
		"postal-address": {{replace(4, "Vienna", "Graz"), replace(4, "Vienna", "VIENNA")}},
		"html-unsafe": {
			{bread("<script>x</script>"), bread("<p>&lt;script&gt;</p>")},
			{bread(`<a href="java&#9;script:x">M</a>`), bread(`<a href="https://example.org/javascript:x">M</a>`)},
		},
		"html-broken": {
			{bread("<p><b>It</p></b>"), bread("<ul><li>It<li>rose<p>and fell</ul>")},
			{bread("</div>"), bread("<div></div>")},
			{bread("<table><tr>It<td></td></tr></table>"), bread("<table><tr> <td>It</td></tr></table>")},
			{bread("<table><p>It</p></table>"), bread("<table><caption>It</caption><tbody></tbody></table>")},
			{bread(`<a href="https://example.org">a<a href="https://example.org">b</a></a>`), bread(`<a name="x">a</a><a href="https://example.org">b</a>`)},
			{conditional("<!--[if mso]><p>a</p>"), conditional("<!--[if mso]><p>a<![endif]--><!--[if !mso]><!--><p>b</p><!--<![endif]-->")},
			{bread("<div>It"), bread("<div>It<br></div><o:p/>")},
		},
		"title":    {{replace(0, "<title>Weekly", "<title> "), func(*Input) {}}},
		"language": {{replace(0, ` lang="en"`, ""), replace(0, `"en"`, `"de"`)}},
		"contrast": {
			{bread(`<p style="color:#999">It</p>`), bread(`<p style="color:#666">It</p>`)},
			{bread(`<p style="color:#949494">It</p>`), bread(`<p style="color:#949494;font-size:24px">It</p>`)},
			{bread(`<p style="color:#949494;font-size:19px">It</p>`), bread(`<p style="color:#949494;font:bold 19px/1 Arial">It</p>`)},
			{bread(`<div style="background:#000 url(x.png)"><p>It</p></div>`), bread(`<div style="background-image:url(x.png)"><p style="color:#fff">It</p></div>`)},
			{bread(`<table bgcolor="black"><tr><td>It</td></tr></table>`), bread(`<table bgcolor="black"><tr><td><font color="white">It</font></td></tr></table>`)},
			{bread(`<p style="color:rgba(0,0,0,.3)">It</p>`), bread(`<p style="color:rgba(0,0,0,.8)">It</p>`)},
			{bread(`<p style="color:hsl(0,0%,70%)">It</p>`), bread(`<p style="color:hsl(0,0%,30%)">It</p>`)},
			{bread(`<p style="color:#eee">It</p>`), bread(`<p style="color:#eee">·</p><p style="display:none;color:#eee">It</p><p style="color:#eee;font-size:1px">It</p>`)},
			{both(replace(0, "</head>", "<style>.pale{color:#ddd}</style></head>"), bread(`<p class="pale">It</p>`)), bread(`<p class="pale">It</p>`)},
			{both(dark("div{background:#000}"), bread(`<div style="color:#222">It</div>`)), both(dark("div{background:#000;color:#eee!important}"), bread(`<div style="color:#222">It</div>`))},
		},
		"client-support": {
			{bread(`<div style="display:flex">It</div>`), bread(`<div style="display:block;border-radius:3px">It</div>`)},
			{bread(`<video></video>`), bread(`<section>It</section>`)},
			{bread(strings.Replace(image, ".png", ".webp", 1)), bread(image)},
			{bread(`<div style="width:calc(100% - 1px)">It</div>`), bread(`<div style="width:90%">It</div>`)},
			{bread(`<div style="font-size:2rem">It</div>`), bread(`<div style="font-size:2em">It</div>`)},
			{bread(`<div style="position:absolute">It</div>`), bread(`<div style="position:relative">It</div>`)},
			{replace(0, "@media x{a{b:c}}", "p:not(.a){float:left}"), replace(0, "@media x{a{b:c}}", "@media (max-width:9px){p{float:left}}")},
			{replace(0, "@media x{a{b:c}}", "@import url(x.css);"), replace(0, "@media x{a{b:c}}", "/* @import url(x.css); */")},
			{
				both(publication(func(p *newsletter.Publication) { p.Checks.Clients = []string{"outlook.windows"} }), bread(`<div style="float:left">It</div>`)),
				both(publication(func(p *newsletter.Publication) { p.Checks.Clients = []string{"apple-mail", "outlook.ios"} }), bread(`<div style="float:left">It</div>`)),
			},
		},
		"link-relative":  {{bread(`<a href="/a">M</a>`), bread(`<a href="mailto:a@example.org">M</a>`)}},
		"link-localhost": {{bread(`<a href="https://127.0.0.1/">M</a>`), bread(`<a href="https://128.0.0.1/">M</a>`)}},
		"link-http":      {{bread(`<a href="http://example.org/">M</a>`), bread(`<a href="https://example.org/">M</a>`)}},
		"link-empty": {
			{bread(`<a href="https://example.org/"><img src="https://example.org/a.png" alt="" width="9"></a>`), bread(`<a href="https://example.org/">` + image + `</a>`)},
			{bread(`<a href="#">M</a>`), bread(`<a href="#top">M</a>`)},
		},
		"link-duplicate": {{func(in *Input) { in.Issue.Sections[0].Items[1].Link = "https://example.org/bread" }, func(in *Input) { in.Issue.Sections[0].Items[1].Link = "https://example.org/bread?page=2" }}},
		"link-dead": {
			{answer(newsletter.LinkAnswer{Status: 404}), answer(newsletter.LinkAnswer{Status: 200})},
			{answer(newsletter.LinkAnswer{Status: 503}), answer(newsletter.LinkAnswer{Status: 403})},
			{answer(newsletter.LinkAnswer{Trouble: "nobody answers there"}), answer(newsletter.LinkAnswer{Late: true})},
		},
		"link-redirects": {
			{answer(newsletter.LinkAnswer{Status: 200, Final: "https://news.site/b", ForGood: true}), answer(newsletter.LinkAnswer{Status: 200, Final: "http://news.site/a", ForGood: true})},
			{answer(newsletter.LinkAnswer{Status: 200, Final: "https://other.site/b"}), answer(newsletter.LinkAnswer{Status: 200, Final: "https://www.news.site/a/?session=1"})},
		},
		"link-unchecked": {{answer(newsletter.LinkAnswer{Late: true}), answer(newsletter.LinkAnswer{Status: 404})}},
		"image-alt":      {{bread(`<img src="https://example.org/a.png" width="9">`), bread(strings.Replace(image, `"A"`, `""`, 1))}},
		"image-size": {
			{bread(`<img src="https://example.org/a.png" alt="">`), bread(image)},
			{bread(strings.Replace(image, "10", "auto", 1)), bread(strings.Replace(image, "10", "100%", 1))},
		},
		"image-https": {{bread(strings.Replace(image, "https", "http", 1)), bread(strings.Replace(image, "https://example.org/a.png", "cid:a@example.org", 1))}},
	}
}

// conditional puts HTML with brackets into the item Bread.
func conditional(html string) func(*Input) {
	return func(in *Input) { in.Masters[0].HTML[2] = newsletter.Fragment{Bytes: []byte(story("Bread", html))} }
}

// both does one after the other.
func both(a, b func(*Input)) func(*Input) {
	return func(in *Input) { a(in); b(in) }
}

// TestEveryRule: each rule finds its fault, is silent beside it, can be made an
// error or a warning or switched off, and has a page. What other packages find
// they test.
func TestEveryRule(t *testing.T) {
	cases := ruleCases()
	elsewhere := []string{RuleProof.Name, RuleTaken.Name, RuleRetracted.Name, RuleStale.Name, RuleFitted.Name, RuleOneClick.Name}
	for _, rule := range Rules() {
		t.Run(rule.Name, func(t *testing.T) {
			checkPage(t, rule)
			if len(cases[rule.Name]) == 0 && !slices.Contains(elsewhere, rule.Name) {
				t.Fatal("no case plants its fault")
			}
			for i, c := range cases[rule.Name] {
				for set, want := range map[newsletter.Level]newsletter.Level{
					"": rule.Level, newsletter.LevelError: newsletter.LevelError, newsletter.LevelWarning: newsletter.LevelWarning,
				} {
					if got := saidBy(rule, c.faulty, set); len(got) == 0 || got[0].Level != want {
						t.Errorf("case %d, set to %q: found %v, want %s", i, set, got, want)
					}
				}
				if got := saidBy(rule, c.faulty, newsletter.LevelOff); len(got) > 0 {
					t.Errorf("case %d, switched off: found %v", i, got)
				}
				if got := saidBy(rule, c.fine, ""); len(got) > 0 {
					t.Errorf("case %d: a false alarm: %v", i, got)
				}
			}
		})
		delete(cases, rule.Name)
	}
	for name := range cases {
		t.Errorf("there is no rule %s", name)
	}
}

// saidBy is what a rule set to a level says of the sound issue with a change.
func saidBy(rule Rule, change any, set newsletter.Level) []newsletter.Finding {
	s := scene{Input: sound()}
	switch change := change.(type) {
	case func(*Input):
		change(&s.Input)
	case func(*scene):
		change(&s)
	}
	s.Publication.Checks.Levels = map[string]newsletter.Level{rule.Name: set}
	reading := Read(s.Input)
	reading.Follow(s.answers)
	return slices.DeleteFunc(reading.Findings(), func(f newsletter.Finding) bool { return f.Rule != rule.Name })
}

func checkPage(t *testing.T, rule Rule) {
	t.Helper()
	page := rule.Page()
	if !strings.HasPrefix(page, "# "+rule.Name+"\n\n") || !strings.Contains(page, "\n\nMend: ") {
		t.Errorf("its page is %q", page)
	}
	if !strings.HasSuffix(page, "\n\nUsually: "+string(rule.Level)+".\n") {
		t.Errorf("its page does not say that it is usually %s", rule.Level)
	}
	if about := rule.About(); about == "" || len(about) > 140 || strings.HasPrefix(about, "Mend") {
		t.Errorf("it is about %q", about)
	}
}
