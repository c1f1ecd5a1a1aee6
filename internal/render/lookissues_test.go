package render

import (
	"strings"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
)

// english is an issue with one of everything that a theme draws.
func english() (*newsletter.Publication, *newsletter.Issue) {
	pub := publication()
	pub.ArchiveURL, pub.PreferencesURL = "https://weekly.example.org/archive", "https://weekly.example.org/topics"
	day := time.Date(2026, 11, 20, 7, 0, 0, 0, time.UTC)
	return pub, &newsletter.Issue{
		Key: "2026-W47", Subject: "{lead}", Preheader: "{also}", Date: day,
		Intro: "Good morning. Night trains are back, the moths remember, and a reader in Graz has counted the bells. Two of this week's stories began with a [letter to the editor](https://weekly.example.org/letters): keep them coming.",
		Sections: []newsletter.Section{
			{Title: "Europe", Topics: []string{"europe"}, Items: []newsletter.Item{
				{
					Title: "Night trains return to the Alps, and they run on time", Link: "https://news.example/trains", Topics: []string{"europe"},
					Summary: "Four operators will share sleeping cars from December. The first train leaves Vienna on the 13th and is in Milan before the bakeries open. Tickets go on sale on Monday.",
					Image:   newsletter.Image{URL: "https://news.example/train.jpg", Alt: "A train at night below a row of snowy peaks"},
					Credit: newsletter.Credit{Source: "agency.example.com", Date: day.AddDate(0, 0, -2), Also: []newsletter.Link{
						{Title: "observer.example.net", URL: "https://observer.example.net/1"}, {Title: "post.example.org", URL: "https://post.example.org/2"},
					}},
				},
				{
					Title: "Ports agree on a grain corridor", Link: "https://news.example/grain", Topics: []string{"europe"},
					Summary: "Insurers had asked for escorts; they will get inspections. Three ports on the Danube open their quays to ships that could not leave the Black Sea until now.",
					Image:   newsletter.Image{URL: "https://news.example/port.jpg", Alt: "Cranes above a harbour"},
					Credit:  newsletter.Credit{Source: "observer.example.net", Date: day.AddDate(0, 0, -1)},
				},
				{
					Title: "A city counts its bells", Link: "https://news.example/bells", Topics: []string{"europe"},
					Summary: "There are 118, and eleven of them have not been rung since the war.",
					Credit:  newsletter.Credit{Source: "desk"},
				},
			}},
			{Title: "Science", Topics: []string{"science"}, Note: "Our science pages are guest-edited this month.\n\n> Ask what would change your mind before you ask what would change theirs.", Items: []newsletter.Item{
				{
					Title: "A moth that remembers", Topics: []string{"science"}, Link: "https://news.example/moth",
					Summary: "It learned a scent as a caterpillar and avoided it with new wings:\n\n- five weeks later,\n- after a metamorphosis that dissolves most of its brain.",
					Credit:  newsletter.Credit{Source: "agency.example.com", Date: day.AddDate(0, 0, -4)},
				},
			}},
			{Title: "More", Topics: []string{newsletter.All}, Items: []newsletter.Item{
				{Title: "The oldest bakery closes", Link: "https://news.example/bakery", Summary: "After 411 years, because nobody wants to get up at two.", Credit: newsletter.Credit{Source: "desk", Date: day}},
			}},
			{Title: "From the desk", Note: "The next issue appears on *Thursday*, because Friday is a holiday."},
		},
	}
}

// hebrew is an issue that is read from right to left, with words of its own.
func hebrew() (*newsletter.Publication, *newsletter.Issue) {
	pub, is := english()
	pub.Language, pub.Name, pub.Tagline, pub.PostalAddress = "he", "השבועון", "להיות מעודכנים, להישאר סקרנים", "רחוב הדוגמה 1, חיפה"
	first, second := &is.Sections[0].Items[0], &is.Sections[0].Items[1]
	is.Intro = "בוקר טוב. רכבות הלילה חוזרות, ושני סיפורים השבוע התחילו ב[מכתב למערכת](https://weekly.example.org/letters)."
	first.Title, first.Summary, first.Image.Alt = "רכבות הלילה חוזרות אל האלפים", "ארבע חברות יחלקו ביניהן קרונות שינה החל מדצמבר. הרכבת הראשונה יוצאת מווינה ב־13 בחודש.", "רכבת בלילה"
	second.Title, second.Summary, second.Image.Alt = "הנמלים הסכימו על מסדרון לתבואה", "המבטחים ביקשו ליווי, ויקבלו בדיקות:\n\n> שלושה נמלים על הדנובה פותחים את רציפיהם.", "עגורנים מעל נמל"
	is.Sections = []newsletter.Section{
		{Title: "אירופה", Topics: []string{"europe"}, Items: is.Sections[0].Items[:2]},
		{Title: "מדע", Topics: []string{"science"}, Items: []newsletter.Item{{
			Title: "עש שזוכר", Summary: "הוא למד ריח כזחל:\n\n- ונמנע ממנו כעבור חמישה שבועות\n- אחרי גלגול", Credit: newsletter.Credit{Source: "desk", Date: is.Date},
		}}},
	}
	return pub, is
}

// withHebrew is a built-in theme with words that a publication adds.
func withHebrew(t testing.TB, name string) newsletter.Theme {
	theme := builtin(t, name)
	theme.Words = append(theme.Words, hebrewWords)
	return theme
}

// hebrewWords are what a publication in Hebrew adds.
var hebrewWords = newsletter.ThemeFile{Name: "templates/words/he.yaml", Content: strings.TrimSpace(`
issue: "גיליון {key}"
in_this_issue: בגיליון הזה
stories: {one: "ידיעה אחת", two: "שתי ידיעות", other: "{n} ידיעות"}
minutes: {one: "דקת קריאה", two: "שתי דקות קריאה", other: "{n} דקות קריאה"}
also_by: גם אצל
archive: לקריאה בדפדפן
more: "עוד {n} ידיעות במהדורת הרשת"
all_issues: כל הגיליונות
no_issues: עדיין לא הופיע גיליון.
topics: נושאים
draft: זוהי טיוטה. הגיליון טרם נשלח.
because: "קיבלת את {name} כי בחרת בנושאים האלה: {topics}."
because_all: "קיבלת את {name} כי בחרת בכל הנושאים."
preferences: שינוי נושאים
unsubscribe: הסרה מהרשימה
correction: "תיקון: {subject}"
dateline: "יום {weekday}, {day} ב{month} {year}"
date: "{day} ב{month} {year}"
first: "1"
months: [ינואר, פברואר, מרץ, אפריל, מאי, יוני, יולי, אוגוסט, ספטמבר, אוקטובר, נובמבר, דצמבר]
weekdays: [ראשון, שני, שלישי, רביעי, חמישי, שישי, שבת]
`)}
