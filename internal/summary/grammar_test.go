package summary

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A bar stands where a sentence ends.
var splits = map[string][]string{
	"en": {
		"Gen. Lee met Lt. Col. Ann B. Ross at St. Mary's Hospital. | Sen. Ray (D-Ohio) did not come.",
		"Mills & Co. Ltd. reported a loss of $1.5 bn. | The shares fell by 3.2 percent.",
		"See No. 5 on p. 12 of vol. 3. | Nobody did so before Oct. 12, 2020. | It was too late.",
		"The train leaves at 6 p.m. Friday from the station. | Nobody waits for it.",
		"They left at 6 p.m. | The bus did not.",
		"“Is it late?” Smith asked the conductor. | “It is!” he said. | Smith left.",
		"\"Stop!\" the driver shouted. | Then it was silent.",
		"He works for Yahoo! in the U.S. Treasury's building. | eBay bought it.",
		"It took vitamin C. | It helped.",
		"The case of Roe v. Wade is old. | So is that of Dr. No.",
		"She lived in the U.S. until 1999. | The U.S. Senate did not notice.",
		"He came third. (Nobody knows why.) | She was fourth.",
	},
	"de": {
		"Am 3. Oktober 1990 wurde gefeiert. | Seit dem 19. Jahrhundert war das nicht mehr so.",
		"Der 1. FC Köln spielt am 2. Mai gegen den Hamburger SV. | Das Spiel beginnt um 15 Uhr.",
		"Prof. Dr. Anna Berg wohnt in der Goethestr. 5 in St. Pölten. | Sie forscht u. a. über Brot, z. B. Roggenbrot.",
		"Die Firma Huber & Co. KG verlor ca. 3 Mio. Euro bzw. 5 Prozent. | Der Kurs fiel.",
		"Vgl. dazu Nr. 7, S. 12 und Abs. 3 des Gesetzes. | Es gilt seit Jan. 2020.",
		"„Das Brot ist teuer. Viel zu teuer“, sagte der Bäcker. | „Wer zahlt das?“, fragte die Kundin. | Niemand wusste es.",
		"»Wir kommen«, sagte er. | Dann kam niemand.",
		"Die Partei legte um 2,5 Prozent zu. | 2019 waren es 3.000 Stimmen. | Davon blieb wenig.",
		"Es gab Brot, Milch, Eier usw. | Die Kunden freuten sich.",
		"Im Jahr 44 v. Chr. starb Caesar. | Rom trauerte.",
		"Sie gewann das Rennen im Jahr 2010. | Ein Jahr später trat sie zurück.",
		"Kommt er? | Ja! | Er kommt am Mo., dem 4. Mai.",
		"König Ludwig II. baute Schlösser. | Papst Johannes Paul II. besuchte sie.",
		"Das kostet 5 Mrd. Dollar, d. h. sehr viel. | Die Regierung zahlt.",
	},
	"fr": {
		"M. Dupont et Mme Durand ont rencontré le Dr. Martin. | Ils ont parlé du pain.",
		"« Il est tard. Rentrons », a dit M. J.-P. Roux. | Personne n'a bougé.",
		"« Est-ce possible ? » a demandé la ministre. | « Non ! » | Le débat est clos.",
		"Le prix a augmenté de 3,5 % en janv. 2020, cf. p. 12. | La hausse continue.",
		"La rue St. Honoré, n° 5, est fermée. | Elle rouvrira le 1er mai.",
		"Il vivait en 44 av. J.-C. à Rome. | C'était un sénateur.",
		"On y vend du pain, du lait, etc. | Les clients sont contents.",
		"Les pertes (env. 3 millions) sont lourdes. | L'entreprise va fermer.",
		"A-t-il menti ? | Nul ne le sait… | L'enquête commence.",
		"« Nous sommes prêts. » | La ministre l'a dit lundi.",
		"L'art. 5 et le chap. 3 ont changé. | Le vol. 2 reste le même.",
	},
	"es": {
		"El Sr. García y la Dra. López viven en EE. UU. desde 2010. | No volverán.",
		"¿Quién paga el pan? | Nadie lo sabe. | ¡Qué lástima!",
		"«El pan es caro. Muy caro», dijo el Sr. Pérez. | La gente calla.",
		"La avda. Mayor, núm. 5, está cerrada. | Abrirá el lunes.",
		"Subió un 3,5 % (aprox. 1.500 euros). | Fue en enero.",
		"Véase el art. 5, pág. 12. | La ley no cambia.",
		"Venden pan, leche, etc. | Los vecinos vuelven.",
		"D. Juan y Dña. Ana llegaron a las 5 p. m. del lunes. | Todos esperaban.",
		"“No sabemos nada. Esperamos”, dijo Ud. ayer. | Así fue.",
		"El presidente de EE.UU. habló ayer. | Su discurso fue breve.",
	},
	"it": {
		"Il sig. Rossi e la dott.ssa Bianchi vivono a S. Giovanni. | Non torneranno.",
		"«Il pane è caro. Troppo caro», ha detto il prof. Verdi. | La gente tace.",
		"Il prezzo è salito del 3,5 % (ca. 1.500 euro). | È successo a gennaio.",
		"Vendono pane, latte, ecc. | I clienti tornano.",
		"Si veda l'art. 5, pag. 12, del n. 3. | La legge non cambia.",
		"La Fiat S.p.A. ha chiuso. | Nessuno lo sapeva.",
		"Chi paga? | Nessuno! | L'on. Neri non risponde.",
		"Morì nel 44 a.C. a Roma. | La città pianse.",
		"“Non sappiamo nulla. Aspettiamo”, ha spiegato l'avv. Conti. | Così è stato.",
		"Papa Giovanni Paolo II. parlò a lungo. | La piazza ascoltò.",
	},
	"nl": {
		"Dhr. Jansen en mevr. De Vries wonen in St. Michielsgestel. | Ze komen niet terug.",
		"Prof. dr. A. B. Bakker kreeg o.a. een prijs, d.w.z. geld. | Hij was blij.",
		"‘Het brood is duur. Veel te duur’, zei de bakker. | Niemand antwoordde.",
		"“Wie betaalt dat?” vroeg de klant. | De bakker zweeg.",
		"Zie art. 5 op blz. 12 van nr. 3. | De wet verandert niet.",
		"Men verkoopt brood, melk, enz. | De klanten zijn tevreden.",
		"De prijs steeg met 3,5 procent (ca. 1.500 euro). | Dat was in januari.",
		"Het is laat. | 's Avonds gaat de winkel dicht. | 't Is jammer.",
		"Philips N.V. verkoopt bijv. Lampen. | Dat gaat goed.",
		"Hij kwam t.a.v. Jan Smit langs. | Niemand was thuis.",
	},
}

func TestSplitInEachLanguage(t *testing.T) {
	for language, cases := range splits {
		for _, c := range cases {
			want := strings.Split(c, " | ")
			text := strings.Join(want, " ")
			if diff := cmp.Diff(want, texts(Split(text, language))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", language, diff)
			}
			if got := Language(text); got != language && got != "" {
				t.Errorf("%q is taken for %q", text, got)
			}
		}
	}
}
