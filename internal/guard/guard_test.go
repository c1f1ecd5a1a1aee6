package guard

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const bread = `The price of bread rose by 7.5 percent on Monday, 8 January 2024, Mayor Anna Schmidt of Vienna said. It now costs €1,200 a tonne.
“It is a scandal, all of it,” said Omar Haddad, who runs three bakeries. The European Union did not approve the subsidy of 2.5 million euros.
Between 5 and 10 percent of the bakers may close, the Austrian ministry warned. Police arrested twelve people near the Danube on the 3rd of March.`

// one fault is enough to send a summary back: a test names the first.
func TestCheck(t *testing.T) {
	tests := []struct {
		name, summary string
		kind          Kind // "": passes
		value         string
	}{
		{"verbatim", "It now costs €1,200 a tonne.", "", ""},
		{"verbatim in another order", "It now costs €1,200 a tonne. The price of bread rose by 7.5 percent on Monday, 8 January 2024, Mayor Anna Schmidt of Vienna said.", "", ""},
		{"nothing", " \n ", Length, ""},
		{"longer than the source", strings.Repeat("It costs bread. ", 60), Length, ""},

		{"same number, other format", "Bread costs 1200 euros a tonne.", "", ""},
		{"same number in words", "Bread now costs 1.2 thousand euros a tonne.", "", ""},
		{"written number in digits", "Police arrested 12 people near the Danube.", "", ""},
		{"digits in words", "The ministry warned that between five and ten percent of the bakers may close.", "", ""},
		{"million written out", "The European Union did not approve the subsidy of 2,500,000 euros.", "", ""},
		{"ordinal", "Police arrested twelve people near the Danube on March 3.", "", ""},
		{"other number", "Bread costs 1,300 euros a tonne.", Number, "1,300"},
		{"rounded", "The price of bread rose by 8 percent.", Number, "8"},
		{"percent for a count", "Police arrested 12 percent of people near the Danube.", Number, "12"},
		{"count for percent", "The price of bread rose by 7.5 euros.", Number, "7.5"},
		{"other currency", "Bread now costs $1,200 a tonne.", Number, "1,200"},
		{"other magnitude", "The European Union did not approve the subsidy of 2.5 billion euros.", Number, "2.5 billion"},
		{"number of something else", "Police arrested three people near the Danube on the 3rd of March.", Number, "three"},
		{"one is no number", "One of the bakeries may close.", "", ""},

		{"partial name", "The price of bread rose, said Schmidt.", "", ""},
		{"other form of a country", "The ministry of Austria warned that bakers may close.", "", ""},
		{"acronym of a name", "The EU did not approve the subsidy.", "", ""},
		{"other name", "The price of bread rose, said Anna Schneider.", Name, "Schneider"},
		{"invented first name", "The mayor, Maria Schmidt, said the price of bread rose.", Name, "Maria"},
		{"parts of two names", "It is a scandal, said Omar Schmidt.", Name, "Omar Schmidt"},
		{"name at the beginning", "Angela Merkel said the price of bread rose.", Name, "Angela Merkel"},
		{"other place", "The price of bread rose in Berlin on Monday.", Name, "Berlin"},

		{"date in other words", "The price of bread rose on January 8, 2024.", "", ""},
		{"other weekday", "The price of bread rose on Tuesday.", Date, "Tuesday"},
		{"other month", "The price of bread rose on Monday in February.", Date, "February"},
		{"day and month of two dates", "The price of bread rose on 3 January.", Date, "on 3 January"},
		{"other year", "The price of bread rose on 8 January 2025.", Number, "2025"},

		{"quotation", `Omar Haddad called it "a scandal, all of it".`, "", ""},
		{"quotation with a gap", "“It is a scandal … of it,” said Omar Haddad.", "", ""},
		{"changed quotation", `Omar Haddad said it was "a big scandal".`, Quotation, "a big scandal"},
		{"single marks", "Haddad said it was 'the scandal of it'.", Quotation, "the scandal of it"},
		{"apostrophes quote nothing", "The bakers' ministry warned that Haddad's bakeries may close.", "", ""},

		{"invented site", "Bread now costs €1,200 a tonne, see cheap-bread.example.", Address, "cheap-bread.example"},
		{"invented account", "Bread now costs €1,200 a tonne, says @baker.", Address, "@baker"},

		{"negation lost", "The European Union approved the subsidy of 2.5 million euros.", Negation, "approved"},
		{"negation added", "Police did not arrest twelve people near the Danube.", Negation, "arrest"},
		{"negation in another word", "The European Union refused to approve the subsidy.", "", ""},

		{"own words", "Furious customers stormed parliament and burned tyres.", Novel, "Furious, customers, stormed, parliament, burned, tyres"},
		{"few own words in a long sentence", "The price of bread rose by 7.5 percent on Monday, Mayor Anna Schmidt of Vienna, Omar Haddad of three bakeries and the Austrian ministry said, furious, tired, drunk and bored.", Novel, "furious, tired, drunk, bored"},
		{"another language", "Der Preis für Brot ist am Montag um 7,5 Prozent gestiegen und die Bäcker sind darüber nicht froh.", Novel, ""},
		{"words from everywhere", "The scandal of the mayor: Danube police near the bakeries.", Apart, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := Check(bread, tt.summary, "en")
			if tt.kind == "" {
				if !v.OK || v.Faults != nil {
					t.Errorf("got %+v", v)
				}
				return
			}
			if v.OK || len(v.Faults) == 0 {
				t.Fatalf("passes")
			}
			for _, f := range v.Faults {
				if f.Kind == tt.kind && (tt.value == "" || f.Value == tt.value) {
					return
				}
			}
			t.Errorf("want %s %q, got %+v", tt.kind, tt.value, v.Faults)
		})
	}
}

func TestFaultNamesItsSentence(t *testing.T) {
	v := Check(bread, "It now costs €1,200 a tonne. Police arrested  thirteen\npeople.", "en")
	want := Verdict{Faults: []Fault{{Sentence: "Police arrested thirteen", Kind: Number, Value: "thirteen", Why: "the source does not have this number"}}}
	if diff := cmp.Diff(want, v); diff != "" {
		t.Errorf("verdict (-want +got):\n%s", diff)
	}
}

func TestLanguages(t *testing.T) {
	tests := []struct {
		name, language, source, summary string
		kind                            Kind
	}{
		{"German", "de", "Der Bürgermeister kündigte am 3. Oktober an, 1.200 Wohnungen zu bauen. Die Kosten betragen 2,5 Mrd. Euro.", "Für 2,5 Milliarden Euro will der Bürgermeister 1200 Wohnungen bauen.", ""},
		{"German, compound number", "de", "Es kamen 25 Gäste aus Graz.", "Fünfundzwanzig Gäste kamen aus Graz.", ""},
		{"German, other name", "de-AT", "Die Gäste kamen am 3. Oktober aus Graz.", "Die Gäste kamen am 3. Oktober aus Linz.", Name},
		{"German, negation after the verb", "de", "Die Regierung senkt die Steuer auf Brot in diesem Herbst nicht.", "Die Regierung senkt die Steuer auf Brot.", Negation},
		{"German, decimals", "de", "Der Preis stieg um 7,5 Prozent.", "Der Preis stieg um 75 Prozent.", Number},
		{"German, own noun", "de", "Der Preis für Brot stieg am Montag.", "Am Montag stieg der Preis für Brot wegen der Dürre.", Name},
		{"French", "fr", "Le maire de Lyon a annoncé mardi que l’eau coûtera 1 200 euros, soit 5 % de plus.", "L'eau coûtera 1200 euros, a annoncé mardi le maire de Lyon.", ""},
		{"French, other day", "fr", "Le maire a annoncé mardi une hausse du prix de l’eau.", "Le maire a annoncé jeudi une hausse du prix de l’eau.", Date},
		{"French, negation", "fr", "Le maire n’augmentera pas le prix de l’eau.", "Le maire augmentera le prix de l’eau cette semaine.", Negation},
		{"Spanish", "es", "El alcalde dijo el 3 de marzo que se construirán doce casas en Sevilla.", "Se construirán 12 casas en Sevilla, dijo el alcalde el 3 de marzo.", ""},
		{"Spanish, other month", "es", "El alcalde lo dijo el 3 de marzo.", "El alcalde lo dijo el 3 de abril.", Date},
		{"Italian", "it", "Il sindaco di Torino ha detto che l’acqua costerà tre euro.", "L’acqua costerà 3 euro, ha detto il sindaco di Torino.", ""},
		{"Italian, other city", "it", "Il sindaco di Torino ha detto che l’acqua costerà tre euro.", "Il sindaco di Milano ha detto che l’acqua costerà tre euro.", Name},
		{"Dutch", "nl", "De burgemeester van Utrecht kocht op 3 mei twaalf fietsen.", "De burgemeester van Utrecht kocht 12 fietsen op 3 mei.", ""},
		{"Dutch, other number", "nl", "De burgemeester van Utrecht kocht twaalf fietsen.", "De burgemeester van Utrecht kocht 13 fietsen.", Number},
		{"guessed", "", "Der Bürgermeister hat am Montag in der Stadt eine Brücke für die Bürger eröffnet.", "Am Montag hat der Bürgermeister eine Brücke eröffnet.", ""},
		{"not known", "pl", "Burmistrz otworzył most w Krakowie.", "Burmistrz otworzył most.", ""},
		{"not known, another word", "pl", "Burmistrz otworzył most w Krakowie.", "Burmistrz zamknął szkołę.", Novel},
		{"no spaces", "ja", "昨日は雨が降りました。今日は晴れています。", "今日は晴れています。昨日は雨が降りました。", ""},
		{"no spaces, own words", "ja", "昨日は雨が降りました。今日は晴れています。", "明日は雪が降ります。", Novel},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := Check(tt.source, tt.summary, tt.language)
			for _, f := range v.Faults {
				if f.Kind == tt.kind {
					return
				}
			}
			if tt.kind != "" || !v.OK {
				t.Errorf("want %q, got %+v", tt.kind, v)
			}
		})
	}
}

func TestAnotherLanguageIsNamed(t *testing.T) {
	v := Check(bread, "Der Preis für Brot ist am Montag um 7,5 Prozent gestiegen, und das ist für die Bäcker ein Skandal.", "en")
	last := v.Faults[len(v.Faults)-1]
	if last.Kind != Language || last.Value != "de" {
		t.Errorf("got %+v", v.Faults)
	}
}
