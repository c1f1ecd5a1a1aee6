package markup

import "strings"

// The words by which a site gives itself away, of English, German, French,
// Spanish, Italian and Dutch. A word that ends in "*" stands for all that begin
// so. A word belongs here only if it means the same in no other of these
// languages, or nothing that matters.
var (
	// readerWords speak to whoever reads.
	readerWords = newWordList(`
		you your yours yourself you're you'll you've you'd please dich dir dein deine deinen deinem deiner euch eure
		vous votre vos toi tes usted ustedes tú tus tuyo vuestro vuestra
		tu ti tuo tua tuoi tue voi vostro vostra jij je jouw jou jullie uw`)

	// siteWords speak of oneself as several, as a paper does.
	siteWords = newWordList(`
		us our ours we're we'll we've wir uns unser* nous notre nos nosotros nuestr* noi nostr* ons onze wij`)

	// tradeWords are of the trade of papers and their sites. Other news has them
	// too, but seldom several of them in a sentence.
	tradeWords = newWordList(`
		news coverage reporting scroll* swipe* newsletter* podcast* pódcast* subscri* unsubscri* cookie* javascript adblock* blocker* paywall* inbox* newsroom* journalism webpage* website* homepage
		whatsapp telegram signal threema app apps browser* notification* alerts unlimited ad-free download* login log-in bookmark* briefing* republish* copyright* affiliate* advertiser* sponsored newspaper* commenter* commenting
		abo abos abonn* postfach leserbrief* redaktion* redakteur* kommentarfunktion* eilmeldung* journalismus lokaljournalismus nutzungsbedingung* datenschutz* hausregel* netiquette
		rédaction* actualité* courriel* traceur* infolettre appli newsletters
		publicamos publiquemos suscri* suscríb* correo boletín* redacción periodismo app
		pubblichiamo sito siti abbona* iscriviti iscrivetevi iscrizione redazion* giornalismo cronist*
		nieuwsbrief* mailbox redactie redacteur* journalistiek e-mailadres
		facebook instagram twitter youtube tiktok bluesky linkedin mastodon spotify rss email* e-mail* mail mails alert log sign unlock register* forum hashtag headline* exclusive
		author* columnist* autor autorin autora autore autrice auteur* column* journalist* reporter* editor* konto account* cuenta compte push application* aplicación alerte* alerta* lettre diario journal casella notific* meldingen krant verslaggever* anbieter* redactor*
		publish* publication* publié* publicad* publicó pubblicat* veröffentlich* erschien* gepubliceerd verscheen paru parue uscito edition* edición edizione editie édition ausgabe print printed papieren impresa cartacea gedruckt*
		korrektur* rectificati* corrección correzione correctie* transparenz* editorial
		amend* corrected correction* updated misstat* clarif* version* versión versione fassung* versie berichtigt korrigiert aktualisiert modifié* modificad* modificat* corrigé* corregid* actualizad* aggiornat* aangepast gecorrigeerd bijgewerkt
		licen* lizenz* terms privacy consent agree accept* acept* accett* zustimm* einwillig* tracking policy
		sponsor* partner* partenariat colabora* collabora* zusammenarbeit samenwerking advert* werbung anzeige* publicité publicidad pubblicità advertentie* commission* provision* comisión comisiones commissione commissioni commissie
		member* mitglied* adhérent* socio socios soci lid supporter* unterstütz* souten* apoy* sosten* sostien* steun* support donat* donner contribution* contribute beitrag beiträge spende* don dons aportación* donativo* contributo donazion* bijdrage* doneer*
		comment* kommentar* kommentier* comentar* comentari* commentair* commenta commenti reageren reactie* reacties moderat*
		reader* read reading leser* lesen lecteur* lectrice* lire lector* leer leyendo lettor* leggere leggendo lezer* lezen leest article* artikel* artículo* articol* stories
		video* vídeo* clip audio episode* folgen épisode* episodio* aflevering* listen watch click* tap klick* klik* cliqu* clic clicca* link* lien liens enlace* channel* kanal canal canale kanaal
		free kostenlos* kostenfrei* gratis gratuit* monat* mois mese mesi mes maand month trial testen probier*
		tip tips hinweise témoignage* témoin pista segnalazion* confidence confidential* vertraulich anonymat vertrouwelijk riservatezza`)

	// sayingWords tell that somebody says something.
	sayingWords = newWordList(`
		said says told adds added according argues asked writes wrote
		sagte sagt teilte erklärte betonte laut zufolge berichtete heißt
		déclaré indiqué affirme selon assure lancé conseille
		dijo según afirmó aseguró explicó aconseja
		detto secondo spiega afferma sostiene consiglia
		zei zegt volgens aldus meldde adviseert`)

	// textWords name what is being read, after a word like "this".
	textWords = newWordList(`
		article articles story report piece column post video content page interview series analysis essay explainer version
		artikel artikels artikeln fassung beitrag beitrags text textes meldung seite inhalt inhalte stelle kolumne
		texte version chronique contenu vidéo tribune reportage entretien
		artículo texto versión noticia columna contenido vídeo nota reportaje entrevista
		articolo testo versione contenuto intervento notizia
		bericht stuk inhoud versie`)
	pointingWords = newWordList(`this these dieser dieses diesem diesen diese cet cette ce este esta esto questo quest' questa quest dit deze here hier ici aquí qui below unten
		earlier previous original früheren vorherigen ursprünglichen première précédente anterior primera precedente prima eerdere vorige`)

	// ofWords lead on from "version" to what it is a version of.
	ofWords = strings.Fields("of des der vom von du de del della dello dell di van")

	// askingWords open a sentence that asks the reader for something.
	askingWords = newWordList(`
		please get got have has were are do did enjoying want fancy looking help support become join sign subscribe register follow download listen watch read click tap turn
		choose pick scroll swipe keep stay start try tell send share contact call email write give donate contribute buy never don't know find catch enter add check visit see sign log discover explore unlock thank thanks
		jetzt haben bleiben schreiben laden folgen abonnieren unterstützen lesen hören werden wollen möchten gefällt wählen wähle teilen sichern bitte
		kies vind vindt heb hebt was download lees luister bekijk volg meld word steun deel help houd mis schrijf reageer
		accedi continua registrati scegli scorri hai vuoi eri sei commenta scarica leggi ascolta guarda segui iscriviti abbonati sostieni diventa condividi scopri ricevi entra resta clicca
		elija elige seleccione selecciona tiene quiere ha fue escuche lea vea siga apoye hágase descargue descubra comparta suscríbase sea únase reciba descarga escucha lee mira sigue apoya hazte descubre comparte suscríbete recibe entra`)
)

// A wordList knows words, and beginnings of words.
type wordList struct {
	whole, begin map[string]bool
	shortest     int // bytes of the shortest beginning
}

func newWordList(fields string) wordList {
	l := wordList{whole: map[string]bool{}, begin: map[string]bool{}, shortest: maxWord}
	for _, w := range strings.Fields(fields) {
		if stem, ok := strings.CutSuffix(w, "*"); ok {
			l.begin[stem] = true
			l.shortest = min(l.shortest, len(stem))
		} else {
			l.whole[w] = true
		}
	}
	return l
}

func (l wordList) has(w string) bool {
	if l.whole[w] {
		return true
	}
	for n := l.shortest; n <= len(w); n++ {
		if l.begin[w[:n]] {
			return true
		}
	}
	return false
}
