package summary

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"broadsheet/internal/newsletter"
)

// What must not be in a summary of one sentence, by language: the sentence
// marked by bars stands beside two that could be.
var nevers = map[string][]struct{ name, text string }{
	"en": {
		{"pronoun", "Bread rose by a tenth on Monday in the capital. Nobody minded. |She said the bread of the capital was too dear for every baker.| Bakers blame the price of gas for the rise."},
		{"pronoun behind a dateline", "|LONDON (AP) -- He said the bread of the capital was too dear for every baker.| Bakers of the capital blame the price of gas for the rise."},
		{"connective behind an agency", "|(CNN)So the bread of the capital is too dear for every baker.| Bakers of the capital blame the price of gas for the rise."},
		{"pronoun without a comma", "Bread rose by a tenth on Monday in the capital. Nobody minded. |In 1995 he sold the bread of the capital to every baker.| Bakers blame the price of gas for the rise."},
		{"possessive", "Bread rose by a tenth on Monday in the capital. Nobody minded. |In her speech the bread of the capital was too dear for every baker.| Bakers blame the price of gas for the rise."},
		{"pronoun behind an adverb", "Bread rose by a tenth on Monday in the capital. Nobody minded. |Now he sells the bread of the capital to every baker.| Bakers blame the price of gas for the rise."},
		{"speaker is a pronoun", "Bread rose by a tenth on Monday in the capital. Nobody minded. |Bread of the capital was too dear for every baker and for every miller, he added.| Bakers blame the price of gas for the rise."},
		{"bare number", "Bread rose by a tenth on Monday in the capital. Nobody minded. |All four say the bread of the capital is too dear for bakers.| Bakers blame the price of gas for the rise."},
		{"then", "Bread rose by a tenth on Monday in the capital. Nobody minded. |Then came the bread of the capital and every baker.| Bakers blame the price of gas for the rise."},
		{"two lone quotations", "Bread rose by a tenth on Monday in the capital. |“Bread of the capital is a scandal.” “Every baker knows the price of it.”| Bakers blame the price of gas for the rise."},
		{"caption", "Bread rose by a tenth on Monday in the capital. |Above, the bread of the capital which every baker sells.| Bakers blame the price of gas for the rise."},
	},
	"de": {
		{"pronoun", "Das Brot wurde am Montag in der Hauptstadt teurer. Es gab keine Klagen. |Sie nannte das Brot der Hauptstadt zu teuer für alle Bäcker.| Die Bäcker geben dem Gaspreis die Schuld daran."},
		{"connective", "Das Brot wurde am Montag in der Hauptstadt teurer. Niemand klagte. |Allerdings ist das Brot der Hauptstadt zu teuer für alle Bäcker.| Die Bäcker geben dem Gaspreis die Schuld daran."},
		{"pronoun behind the verb", "Das Brot wurde am Montag in der Hauptstadt teurer. Niemand klagte. |Am Montag verkaufte er das Brot der Hauptstadt an alle Bäcker.| Die Bäcker geben dem Gaspreis die Schuld daran."},
		{"possessive", "Das Brot wurde am Montag in der Hauptstadt teurer. Niemand klagte. |In seinem Bericht ist das Brot der Hauptstadt zu teuer für alle Bäcker.| Die Bäcker geben dem Gaspreis die Schuld daran."},
		{"speaker is a pronoun", "Das Brot wurde am Montag in der Hauptstadt teurer. Niemand klagte. |„Das Brot der Hauptstadt ist zu teuer für alle Bäcker“, sagte er.| Die Bäcker geben dem Gaspreis die Schuld daran."},
		{"lone quotation", "Das Brot wurde am Montag in der Hauptstadt teurer. |„Das Brot der Hauptstadt ist ein Skandal für alle Bäcker.“| Die Bäcker geben dem Gaspreis die Schuld daran."},
		{"caption", "Das Brot wurde am Montag in der Hauptstadt teurer. |Die Bäcker der Hauptstadt mit dem Brot vom Montag (Archivfoto).| Die Bäcker geben dem Gaspreis die Schuld daran."},
		{"question", "|Wer bezahlt das Brot der Hauptstadt?| Das Brot wurde am Montag in der Hauptstadt teurer."},
		{"cut", "|geben dem Gaspreis die Schuld am Brot der Hauptstadt.| Das Brot wurde am Montag in der Hauptstadt teurer."},
	},
	"fr": {
		{"pronoun", "Le pain a augmenté lundi dans toute la capitale. Personne ne proteste. |Elle trouve le pain de la capitale trop cher pour les boulangers.| Les boulangers accusent le prix du gaz."},
		{"connective", "Le pain a augmenté lundi dans toute la capitale. Personne ne proteste. |Cependant, le pain de la capitale est trop cher pour les boulangers.| Les boulangers accusent le prix du gaz."},
		{"pronoun behind a date", "Le pain a augmenté lundi dans toute la capitale. Personne ne proteste. |Lundi, il a vendu le pain de la capitale aux boulangers.| Les boulangers accusent le prix du gaz."},
		{"possessive", "Le pain a augmenté lundi dans toute la capitale. Personne ne proteste. |Dans son rapport, le pain de la capitale est trop cher pour les boulangers.| Les boulangers accusent le prix du gaz."},
		{"speaker is a pronoun", "Le pain a augmenté lundi dans toute la capitale. Personne ne proteste. |« Le pain de la capitale est trop cher pour les boulangers », a-t-il dit.| Les boulangers accusent le prix du gaz."},
		{"lone quotation", "Le pain a augmenté lundi dans toute la capitale. |« Le pain de la capitale est un scandale pour les boulangers. »| Les boulangers accusent le prix du gaz."},
		{"caption", "Le pain a augmenté lundi dans toute la capitale. |Un boulanger de la capitale (à gauche) avec le pain de lundi.| Les boulangers accusent le prix du gaz."},
		{"question", "|Qui paie le pain de la capitale ?| Le pain a augmenté lundi dans toute la capitale."},
		{"cut", "|accusent le prix du gaz pour le pain de la capitale.| Le pain a augmenté lundi dans toute la capitale."},
	},
	"es": {
		{"pronoun", "El pan subió el lunes en toda la capital. Nadie protesta. |Ella cree que el pan de la capital es demasiado caro para los panaderos.| Los panaderos culpan al precio del gas."},
		{"connective", "El pan subió el lunes en toda la capital. Nadie protesta. |Sin embargo, el pan de la capital es demasiado caro para los panaderos.| Los panaderos culpan al precio del gas."},
		{"no subject at all", "El pan subió el lunes en toda la capital. Nadie protesta. |Añadió que el pan de la capital es demasiado caro para los panaderos.| Los panaderos culpan al precio del gas."},
		{"possessive", "El pan subió el lunes en toda la capital. Nadie protesta. |En su informe, el pan de la capital es demasiado caro para los panaderos.| Los panaderos culpan al precio del gas."},
		{"nobody is the speaker", "El pan subió el lunes en toda la capital. Nadie protesta. |«El pan de la capital es demasiado caro para los panaderos», dijo.| Los panaderos culpan al precio del gas."},
		{"lone quotation", "El pan subió el lunes en toda la capital. |«El pan de la capital es un escándalo para los panaderos.»| Los panaderos culpan al precio del gas."},
		{"caption", "El pan subió el lunes en toda la capital. |Un panadero de la capital (a la derecha) con el pan del lunes.| Los panaderos culpan al precio del gas."},
		{"question", "|¿Quién paga el pan de la capital?| El pan subió el lunes en toda la capital."},
		{"cut", "|culpan al precio del gas del pan de la capital.| El pan subió el lunes en toda la capital."},
	},
	"it": {
		{"pronoun", "Il pane è salito lunedì in tutta la capitale. Nessuno protesta. |Lei trova il pane della capitale troppo caro per i panettieri.| I panettieri danno la colpa al prezzo del gas."},
		{"connective", "Il pane è salito lunedì in tutta la capitale. Nessuno protesta. |Tuttavia il pane della capitale è troppo caro per i panettieri.| I panettieri danno la colpa al prezzo del gas."},
		{"no subject at all", "Il pane è salito lunedì in tutta la capitale. Nessuno protesta. |Ha aggiunto che il pane della capitale è troppo caro per i panettieri.| I panettieri danno la colpa al prezzo del gas."},
		{"possessive", "Il pane è salito lunedì in tutta la capitale. Nessuno protesta. |Nel suo rapporto il pane della capitale è troppo caro per i panettieri.| I panettieri danno la colpa al prezzo del gas."},
		{"nobody is the speaker", "Il pane è salito lunedì in tutta la capitale. Nessuno protesta. |«Il pane della capitale è troppo caro per i panettieri», ha detto.| I panettieri danno la colpa al prezzo del gas."},
		{"lone quotation", "Il pane è salito lunedì in tutta la capitale. |«Il pane della capitale è uno scandalo per i panettieri.»| I panettieri danno la colpa al prezzo del gas."},
		{"caption", "Il pane è salito lunedì in tutta la capitale. |Nella foto il pane della capitale che i panettieri vendono.| I panettieri danno la colpa al prezzo del gas."},
		{"question", "|Chi paga il pane della capitale?| Il pane è salito lunedì in tutta la capitale."},
		{"cut", "|danno la colpa del pane della capitale al prezzo del gas.| Il pane è salito lunedì in tutta la capitale."},
	},
	"nl": {
		{"pronoun", "Het brood werd maandag duurder in de hele hoofdstad. Niemand klaagt. |Zij vindt het brood van de hoofdstad te duur voor de bakkers.| De bakkers geven de prijs van gas de schuld."},
		{"connective", "Het brood werd maandag duurder in de hele hoofdstad. Niemand klaagt. |Toch is het brood van de hoofdstad te duur voor de bakkers.| De bakkers geven de prijs van gas de schuld."},
		{"pronoun behind the verb", "Het brood werd maandag duurder in de hele hoofdstad. Niemand klaagt. |Op maandag verkocht hij het brood van de hoofdstad aan de bakkers.| De bakkers geven de prijs van gas de schuld."},
		{"possessive", "Het brood werd maandag duurder in de hele hoofdstad. Niemand klaagt. |In zijn rapport is het brood van de hoofdstad te duur voor de bakkers.| De bakkers geven de prijs van gas de schuld."},
		{"speaker is a pronoun", "Het brood werd maandag duurder in de hele hoofdstad. Niemand klaagt. |‘Het brood van de hoofdstad is te duur voor de bakkers’, zei hij.| De bakkers geven de prijs van gas de schuld."},
		{"lone quotation", "Het brood werd maandag duurder in de hele hoofdstad. |“Het brood van de hoofdstad is een schandaal voor de bakkers.”| De bakkers geven de prijs van gas de schuld."},
		{"caption", "Het brood werd maandag duurder in de hele hoofdstad. |Een bakker van de hoofdstad (links) met het brood van maandag.| De bakkers geven de prijs van gas de schuld."},
		{"question", "|Wie betaalt het brood van de hoofdstad?| Het brood werd maandag duurder in de hele hoofdstad."},
		{"cut", "|geven de prijs van gas de schuld van het brood.| Het brood werd maandag duurder in de hele hoofdstad."},
	},
}

func TestNeverInEachLanguage(t *testing.T) {
	for language, tests := range nevers {
		for _, tt := range tests {
			t.Run(language+"/"+tt.name, func(t *testing.T) {
				never := strings.Split(tt.text, "|")[1]
				s := Summarize([]newsletter.Article{article(strings.ReplaceAll(tt.text, "|", ""))}, Options{Sentences: 1, Language: language})
				if strings.Contains(s.Text(), never) {
					t.Errorf("the summary has it: %q", s.Text())
				}
				if slices.ContainsFunc(s.Passed, func(p Passed) bool { return strings.Contains(never, p.Text) }) {
					return
				}
				t.Errorf("nothing says why it was passed over: %+v", s.Passed)
			})
		}
	}
}

// Sentences that stand alone, however they look, are not passed over.
func TestWhatStandsAlone(t *testing.T) {
	for language, sentences := range map[string][]string{
		"en": {
			"When he arrived on Monday, Smith sold the bread.", "In his speech, Mr. Blair praised the bread.", "This week the bread of the capital rose.",
			"Those who bake the bread are few.", "In Virginia, they voted for bread.", "LONDON (AP) -- Bakers of the capital sold the bread.",
			"“The bread is dear,” said Smith, the baker.", "Apple (AAPL) said he had sold bread.", "There is no bread in the capital.",
		},
		"de": {
			"Als er am Montag kam, Huber war schon da, gab es Brot.", "Im Mai stieg der Preis für das Brot.", "„Das Brot ist teuer“, sagte der Bäcker Huber.",
			"Der Bäcker Huber sagte, dass er das Brot verkauft.", "Der Bäcker bäckt Brot, wenn er nicht schläft.",
		},
		"fr": {"Lundi, le pain a augmenté.", "« Le pain est cher », a dit le ministre."},
		"es": {"El lunes subió el pan de la capital.", "«El pan es caro», dijo el ministro."},
		"it": {"Nel 2020 il pane è salito.", "«Il pane è caro», ha detto il ministro."},
		"nl": {"In mei werd het brood duurder.", "“Het brood is duur”, zei de bakker.", "De bakker zegt, dat hij brood verkoopt."},
	} {
		for _, s := range sentences {
			if said := leansOn(language, passage{text: s, words: slices.Collect(scan(s))}); said != "" {
				t.Errorf("%s: %q leans with %q", language, s, said)
			}
		}
	}
}

// realArticles are all articles of the sets with text, in every language they
// have; none where the sets are absent.
func realArticles(t *testing.T) []string {
	t.Helper()
	const data = "../../../shared/data/"
	all := corpus(t)
	for _, set := range []string{"topics/bbc-dev.jsonl", "faithfulness/cliff-dev.jsonl"} {
		f, err := os.Open(data + set)
		if err != nil {
			t.Skip("the articles are not here: " + data + set)
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<22)
		for lines.Scan() {
			var row struct{ Text string }
			if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
				t.Fatal(err)
			}
			all = append(all, row.Text)
		}
		f.Close()
	}
	pages, err := os.ReadFile(filepath.Join(data, "extraction/ground-truth.json"))
	if err != nil {
		t.Skip("the articles are not here: " + data + "extraction")
	}
	var bodies map[string]struct{ ArticleBody string }
	if err := json.Unmarshal(pages, &bodies); err != nil {
		t.Fatal(err)
	}
	for _, b := range bodies {
		all = append(all, b.ArticleBody)
	}
	return all
}

// These say anew what must never be, without the code under test.
var (
	neverOpens = regexp.MustCompile(`^(?:(?:[A-Z][^()]{0,40})?\(CNN\)[ -]*)?["“'‘]?(?:He|She|They|Him|Her|His|Their|Theirs|It|Its|But|And|Or|Nor|However|Moreover|Furthermore|Therefore|Thus|Hence|Meanwhile|Also|Besides|` +
		`Nevertheless|Nonetheless|Instead|Otherwise|Then|Such|These|That)(?:['’][a-z]+)?[ ,]`)
	calendarNext = regexp.MustCompile(`^(?:\(CNN\))?(?:These|That) (?:week|month|year|morning|day)`)
	pronounSaid  = regexp.MustCompile(`[,”"’'] (?:he|she|they|it) (?:said|says|added|told|wrote|asked)\b`)
	inMarks      = regexp.MustCompile(`“[^”]*”|"[^"]*"|„[^“]*“|«[^»]*»`)
	pictured     = regexp.MustCompile(`(?i)\(pictured|^pictured|file photo|getty images|^scroll down|^read more|^click here|\((?:left|right|above)\)`)
	titleEnd     = regexp.MustCompile(`\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Sen|Gov|Lt|Col|Sgt|St|vs)\.$`)
)

// faultOf says what of the list a sentence of a summary breaks; before is the
// text since the last one chosen, or since the beginning.
func faultOf(sentence, before string, opens bool) string {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(sentence, `"“'‘«„([`))
	second, _ := utf8.DecodeRuneInString(strings.TrimLeft(sentence, `"“'‘«„([`)[utf8.RuneLen(first):])
	alone := opens || strings.TrimSpace(before) != ""
	switch bare := strings.TrimRight(sentence, `"”’'») `); {
	case alone && neverOpens.MatchString(sentence) && !calendarNext.MatchString(sentence):
		return "it opens with a word that leans"
	case alone && pronounSaid.MatchString(sentence):
		return "a pronoun says it"
	case !strings.ContainsFunc(inMarks.ReplaceAllString(sentence, ""), unicode.IsLetter):
		return "a quotation without its speaker"
	case pictured.MatchString(sentence):
		return "a caption"
	case opens && strings.HasSuffix(bare, "?"):
		return "a question opens"
	case unicode.IsLower(first) && !unicode.IsUpper(second), titleEnd.MatchString(sentence), strings.Count(sentence, `"`)%2 != 0,
		strings.Count(sentence, "(") != strings.Count(sentence, ")"):
		return "it is cut"
	default:
		return ""
	}
}

func TestNeverInRealArticles(t *testing.T) {
	texts := realArticles(t)
	sentences := 0
	for _, text := range texts {
		for _, o := range []Options{{Sentences: 3}, {Words: 60}} {
			at := 0
			for i, q := range Summarize([]newsletter.Article{article(text)}, o).Quotes {
				sentences++
				if fault := faultOf(q.Text, text[at:q.Start], i == 0); fault != "" {
					t.Errorf("%s: %q\nafter %q", fault, q.Text, text[max(at, q.Start-200):q.Start])
				}
				at = q.End
			}
		}
	}
	t.Logf("%d sentences of %d articles", sentences, len(texts))
}
