package markup

// newestKinds were written when the summaries had begun to pass over what
// nothing connects with the article, and nothing was mended for them. Many speak
// of what news is about, as sites do.
var newestKinds = []wrapping{
	{"live page", func(m *mess) {
		m.under(m.pick("We have closed our live coverage of the election, but there is plenty more about the result elsewhere.", "The president speaks at nine; watch it here.", "Wir berichten hier fortlaufend.", "Suivez la soirée minute par minute.",
			"Siga aquí la última hora.", "La diretta prosegue qui.", "Volg hier het laatste nieuws."))
	}},
	{"analysis pointer", func(m *mess) {
		m.between(m.pick("Our political editor on what the vote means for the government.", "Why the court's decision matters more than people think.", "Was das Urteil für Mieter bedeutet.", "Ce que le vote change pour les familles.",
			"Lo que cambia para los trabajadores.", "Che cosa cambia per le famiglie.", "Wat de uitspraak betekent voor huurders."))
	}},
	{"numbers box", func(m *mess) {
		m.between(m.pick("The year in numbers", "By the numbers", "In Zahlen", "En chiffres", "En cifras", "In numeri", "In cijfers"))
		m.between(m.pick("Four in ten people say they slept badly last night.", "Every third school has no nurse.", "Two million people live within a mile of the sea."))
	}},
	{"reader letter", func(m *mess) {
		m.after2(m.pick("I was there that day and remember it well.", "As a father of two I could not agree more.", "Als Vater von zwei Kindern sehe ich das anders.", "J’y étais, et je m’en souviens.", "Yo estuve allí y lo recuerdo.", "Io c’ero, e me lo ricordo.", "Ik was erbij en weet het nog goed."))
	}},
	{"app offer", func(m *mess) {
		m.between(m.pick("Get there first: the police, the courts and the weather in your pocket.", "Breaking stories, straight to your phone.", "Alle Tore, alle Tabellen, sofort aufs Handy.", "Tous les buts sur votre téléphone.", "Todos los goles en tu móvil.", "Tutti i gol sul telefono.", "Alle doelpunten op uw telefoon."))
	}},
	{"sister paper", func(m *mess) {
		m.after2(m.pick("This report first ran in the Sunday edition.", "Our sister paper in London had the story first.", "Zuerst erschienen in der Sonntagsausgabe.", "Paru d’abord dans notre édition du dimanche.", "Apareció primero en la edición del domingo.", "Uscito prima nell’edizione della domenica.", "Eerder verschenen in de zondagskrant."))
	}},
	{"other story teased", func(m *mess) {
		m.between(m.pick("A man was arrested after a boat was found adrift off Port Sallow.", "England won by three wickets in a match that ended after dark.", "The minister for fisheries resigned on Monday after a row about nets.", "Zwei Männer retteten einen Hund aus der Lenn.",
			"Un chien a été sauvé des eaux à Oberlenn.", "Un perro fue rescatado del río.", "Un cane è stato salvato dal fiume.", "Een hond is uit de rivier gered."))
	}},
	{"sponsor's word", func(m *mess) {
		m.under(m.pick("Made possible by the people of Hexbridge Building Society.", "The bank had no say in what is written here.", "Die Bank hatte keinen Einfluss auf den Inhalt.", "La banque n’a pas relu ces lignes.", "El banco no ha intervenido en su contenido.", "La banca non ha avuto alcun ruolo.", "De bank had geen invloed op de inhoud."))
	}},
	{"security words", func(m *mess) {
		m.over(m.pick("Checking that you are human.", "One moment, the page is on its way.", "Einen Augenblick bitte.", "Un instant, la page arrive.", "Un momento, por favor.", "Un attimo, la pagina arriva.", "Een ogenblik geduld."))
	}},
	{"picture description", func(m *mess) {
		m.between(m.pick("The prime minister stands at a lectern in front of two flags.", "A woman holds up a sign during a march.", "Eine Frau hält ein Schild in die Höhe.", "Une femme brandit une pancarte.", "Una mujer levanta una pancarta.", "Una donna alza un cartello.", "Een vrouw houdt een bord omhoog."))
	}},
	{"history box", func(m *mess) {
		m.between(m.pick("On this day in 1912 the harbour froze.", "Fifty years ago this week, the first bus ran to Hexbridge.", "Heute vor hundert Jahren fror der Hafen zu.", "Il y a cent ans, le port gelait.", "Hace cien años se heló el puerto.", "Cent’anni fa gelò il porto.", "Honderd jaar geleden bevroor de haven."))
	}},
	{"recipe pointer", func(m *mess) {
		m.between(m.pick("What to cook tonight: leeks, lemon and very little else.", "The best soup of the season takes twenty minutes.", "Rezept der Woche: Lauch und Zitrone.", "La recette du jour : poireaux et citron.", "La receta del día: puerros y limón.", "La ricetta del giorno: porri e limone.", "Recept van de dag: prei en citroen."))
	}},
	{"obituary notice", func(m *mess) {
		m.after2(m.pick("Births, marriages and deaths are on page 24.", "Family notices close at noon.", "Familienanzeigen bis zwölf Uhr.", "Le carnet ferme à midi.", "Las esquelas se cierran a mediodía.", "I necrologi chiudono a mezzogiorno.", "Familieberichten tot twaalf uur."))
	}},
	{"job offer", func(m *mess) {
		m.between(m.pick("We are looking for a night editor with a good ear.", "Three new jobs near you this week.", "Wir suchen eine Nachtredakteurin.", "Nous cherchons un secrétaire de rédaction.", "Buscamos editor de noche.", "Cerchiamo un redattore notturno.", "Wij zoeken een nachtredacteur."))
	}},
	{"method box", func(m *mess) {
		m.after2(m.pick("For this piece eleven people were interviewed over four months.", "Figures were rounded to the nearest hundred.", "Für diesen Text wurden elf Menschen befragt.", "Onze personnes ont été interrogées.", "Se entrevistó a once personas.", "Sono state sentite undici persone.", "Elf mensen werden gesproken."))
	}},
	{"names changed", func(m *mess) {
		m.after2(m.pick("Some names have been changed to protect children.", "Name von der Redaktion geändert.", "Le prénom a été modifié.", "El nombre es ficticio.", "Il nome è di fantasia.", "De naam is gefingeerd."))
	}},
	{"time zone note", func(m *mess) {
		m.under(m.pick("All times are local.", "Kick-off times may change at the request of television.", "Alle Zeiten in MEZ.", "Heures de Paris.", "Horario peninsular.", "Orari italiani.", "Alle tijden zijn Nederlands."))
	}},
	{"bet on a friend", func(m *mess) {
		m.between(m.pick("Know somebody who would like to read this?", "Ten of these a month may be passed on to friends.", "Zehn Artikel im Monat dürfen verschenkt werden.", "Dix articles par mois peuvent être offerts.", "Puede regalar diez al mes.", "Se ne possono regalare dieci al mese.", "Tien stukken per maand zijn weg te geven."))
	}},
	{"traffic box", func(m *mess) {
		m.between(m.pick("Roads: long queues on the coast road after a crash.", "The night train to London leaves an hour late.", "Staus auf der A8 nach einem Unfall.", "Bouchons sur l’A8 après un accident.", "Retenciones en la A8 por un accidente.", "Code sulla A8 per un incidente.", "Files op de A8 na een ongeluk."))
	}},
	{"editor's aside", func(m *mess) {
		m.under(m.pick("Good morning from a grey London.", "It has been quite a week.", "Guten Morgen aus einem grauen Berlin.", "Bonjour d’un Paris bien gris.", "Buenos días desde Madrid.", "Buongiorno da una Roma grigia.", "Goedemorgen uit een grijs Den Haag."))
	}},
	{"charity box", func(m *mess) {
		m.after2(m.pick("Last winter's appeal raised money for three children's homes.", "Every pound goes to families in need.", "Jeder Euro kommt Familien zugute.", "Chaque euro va aux familles.", "Cada euro llega a las familias.", "Ogni euro va alle famiglie.", "Elke euro gaat naar gezinnen."))
	}},
	{"vote of readers", func(m *mess) {
		m.between(m.pick("Most people who answered last week wanted the bridge closed.", "You said it: cats, by a whisker.", "Die meisten wollten die Brücke schließen.", "La plupart voulaient fermer le pont.", "La mayoría quería cerrar el puente.", "La maggioranza voleva chiudere il ponte.", "De meesten wilden de brug sluiten."))
	}},
}
