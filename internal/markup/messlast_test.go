package markup

import (
	"fmt"
	"strings"
)

// lastKinds were written after all others, when the rules were finished: junk
// was in 55 of a hundred leads and in 10.6 of a hundred summaries. What came
// since are general rules: what stands short and strange below the headline or
// among lines that are no sentences, a question with a label, a text that says
// what it is. None of the wordings has come into a rule.
var lastKinds = []wrapping{
	{"live entry", func(m *mess) {
		m.between(m.pick("14:32", "10.15am BST", "Posted at 9:05", "15:20 Uhr", "11h42") + m.pick("", " ", " - ") + m.pick("", "Key event"))
	}},
	{"audio bar", func(m *mess) { m.under(m.pick("Listen 4 min", "00:00 / 04:32", "1x", "Speed 1.0x")) }},
	{"why trust us", func(m *mess) {
		m.under(m.pick("Why you can trust The Ledger", "How we report", "About our coverage", "Warum Sie uns vertrauen können"))
	}},
	{"commission notice", func(m *mess) {
		m.under(m.pick("We may earn money from links on this page.", "Prices and availability may change after publication.", "Independently chosen by our editors.",
			"Wenn Sie über einen Link kaufen, erhalten wir eine Provision."))
	}},
	{"warning", func(m *mess) {
		m.under(m.pick("Warning: this article contains distressing details.", "Spoilers ahead for the first two episodes.", "This story contains discussion of suicide.",
			"Achtung: Dieser Text enthält Spoiler."))
	}},
	{"developing", func(m *mess) {
		m.under(m.pick("This is a breaking news story and will be updated.", "This is a developing story; check back for details.", "More follows.", "Wird laufend aktualisiert."))
	}},
	{"chart", func(m *mess) {
		m.between("Ferry passengers per year, in thousands")
		m.between(m.pick("Chart: ", "Graphic: ", "Map: ", "Grafik: ", "Carte : ") + m.name() + m.pick(" Source: Eurostat", " / The Ledger", " • Source: Port authority • Get the data", ""))
	}},
	{"photo agency", func(m *mess) {
		m.between("FILE PHOTO: " + m.pick("A ferry leaves the harbour of ", "Police stand outside the court in ") + m.town() + ", Lennland, May 6, 2024. REUTERS/" + m.name() + "/File Photo")
		m.between("Purchase Licensing Rights")
	}},
	{"picture words", func(m *mess) {
		m.between(m.pick("A man in a yellow coat looks out over a grey sea", "Close-up of a hand holding a railway ticket", "Aerial view of rows of parked lorries"))
	}},
	{"product", func(m *mess) {
		m.between(m.pick("£12.99 at Lenn Books", "Buy now", "Shop the look", "$24.00", "Check price"))
		m.between(m.pick("View deal", "See it at the store", "Jetzt kaufen", "Voir l’offre"))
	}},
	{"poll", func(m *mess) {
		m.between(m.pick("Vote: should the harbour close?", "Poll: is the fare too high?", "Umfrage: Soll der Hafen schließen?"))
		m.between(m.pick("Yes 62% No 38%", "1,204 votes", "Thanks for voting"))
	}},
	{"series box", func(m *mess) {
		m.between(m.pick("Part 3 of 5", "From our series: The Lost Coast", "The Ledger Investigates", "Serie: Leben am Fluss"))
	}},
	{"heard on", func(m *mess) {
		m.under(m.pick("Heard on Morning Edition", "From The World at Noon", "5-Minute Listen", "Transcript", "Download", "Toggle more options"))
	}},
	{"share offer", func(m *mess) {
		m.under(m.pick("Gift link", "Share full article", "Give this article", "206", "Prefer the Ledger on Google", "Add as a preferred source"))
	}},
	{"newsletter pitch", func(m *mess) {
		m.between(m.pick("The Briefing", "First Edition", "Weekend Reads", "Der Morgen"))
		m.between(m.pick("A short tour of the day, every weekday at seven.", "What matters and why, by people who were there.", "The five stories to know before breakfast."))
		m.between(m.pick("Sign up", "Subscribe", "See all newsletters", "View in browser"))
	}},
	{"comment thread", func(m *mess) {
		m.after2(m.pick("Sort by: Newest", "Most liked", "View 45 comments"), "harbourmouse", "2 hours ago", "About time somebody said so.", "Reply 12", "Report")
	}},
	{"bio box", func(m *mess) {
		name := m.name()
		m.after2(name, m.pick("Senior reporter, transport", "Foreign editor", "Redakteurin Politik"), m.pick(name+" has reported from the coast since 2009.", "Contact: "+strings.ToLower(strings.Fields(name)[0])+"@ledger.example"))
	}},
	{"trust principles", func(m *mess) {
		m.after2(m.pick("Suggested Topics:", "Our ethics code", "Have a news tip?"), m.pick("Europe", "Shipping", "Ports & Harbours"))
	}},
	{"timed list", func(m *mess) {
		for range 3 {
			m.after2(fmt.Sprintf("%d %s ago", 1+m.r.IntN(12), m.pick("hours", "mins", "days")), m.headline())
		}
	}},
	{"editions", func(m *mess) {
		m.over(m.pick("US edition", "International", "English Deutsch Français"), m.pick("Search jobs", "Sign in", "Print subscriptions", "Support us"))
	}},
	{"ribbon", func(m *mess) {
		m.over(m.pick("Watch live", "Election 2024", "Subscribe for $1", "Today's e-edition", "Spiele", "Météo"))
	}},
	{"copied from", func(m *mess) {
		m.after2(m.pick("https://ledger.example/2024/05/harbour-reopens", "Link: ledger.example/harbour", "Originally posted at The Ledger", "Retrieved 3 May 2024"))
	}},
}
