package markup

import "regexp"

// A notice is what a site adds to an article, and how to know it. Each pattern
// covers a whole line, or starts with words that start no sentence of prose.
// The wordings are those of English, German, French, Spanish, Italian and Dutch
// sites.
type notice struct {
	why     string
	pattern *regexp.Regexp
}

// Parts of patterns. A line may begin with bullets and arrows, but not with a
// quotation mark: somebody may have said it.
const (
	lineStart = `(?i)^[^\p{L}\p{N}"'“”‘’„«»‹›@#]*`
	lineEnd   = `[^\p{L}\p{N}]*$`
)

// wholeLine is a pattern of lines that consist of one of the phrases.
func wholeLine(phrases string) *regexp.Regexp {
	return regexp.MustCompile(lineStart + `(?:` + phrases + `)` + lineEnd)
}

// pointer is a pattern of lines that consist of one of the phrases, or lead on
// from it with a colon or an arrow.
func pointer(phrases string) *regexp.Regexp {
	return regexp.MustCompile(lineStart + `(?:` + phrases + `)\s*(?:[:»›→|>].*|[^\p{L}\p{N}]*$)`)
}

var notices = []notice{
	{"is an advertisement", wholeLine(`advertisements?|advertising|advert|ad|sponsored(?: content)?|promoted(?: content)?|paid (?:content|post)|skip ad(?:vertisement)?|` +
		`(?:(?:the |this )?(?:story|article) continues|continue reading|continues) (?:below|after)(?: this| the)?(?: advertisement| ad)?|` +
		`anzeige|werbung|advertorial|publicité|contenu sponsorisé|publicidad|anuncio|contenido patrocinado|pubblicità|contenuto sponsorizzato|` +
		`advertentie|reclame|gesponsord|iklan|publicidade`)},
	{"points to another article", pointer(`read(?: more| also| next| on| this| now)?(?: about this)?|also read|see also|see more|also see|also on \S+\.\w{2,}|also(?: in the news)?|` +
		`related(?: articles?| stor(?:y|ies)| content| topics| links| news| coverage)?|more(?: on this(?: story)?| stor(?:y|ies)| news| coverage|(?: stories)? (?:from|in|about|on) [^:.]{1,40})?|` +
		`you (?:may|might)(?: also)? (?:like|be interested in)|recommended(?: for you| reading| stories)?|don['’]?t miss(?: this)?|watch(?: (?:now|this|live|more|the video))?|listen|video|gallery|in pictures|` +
		`(?:most|top)[ -](?:read|popular|viewed|shared|stories|news)(?: stories| now| today| this week)?|trending(?: now| stories| today)?|popular(?: now| stories| articles| this week)?|` +
		`(?:latest|breaking|recent)(?: news| stories| articles| headlines| posts)?|editor['’]?s['’]? (?:picks?|choice)|up next|what to read next|further reading|in other news|elsewhere|` +
		`in case you missed it|icymi|continue reading|keep reading|read the full (?:story|article)|full story|must[ -]reads?|explainer|next|view (?:gallery|more)|explore more|` +
		`(?:les(?:en sie|t)|lies)(?: auch| mehr| weiter| hier| hierzu| dazu| außerdem)*|weiterlesen|weiter(?:e|ere) (?:artikel|meldungen|nachrichten|themen|informationen)(?: zum thema)?|mehr (?:zum thema|dazu|lesen|nachrichten|aus [^:.]{1,30}|zu [^:.]{1,30}|über [^:.]{1,30})|mehr|` +
		`auch interessant|siehe auch|das könnte (?:sie|dich|euch)(?: auch)? interessieren|zum thema|(?:am )?meist ?gelesen(?:e artikel)?|passend dazu|lesetipps?|themen?|mehr erfahren|aktuelle nachrichten|empfehlungen(?: der redaktion)?|` +
		`(?:à |a )?lire (?:aussi|également|la suite|plus)|(?:à )?(?:voir|écouter|regarder) (?:aussi|également)|à (?:lire|voir|écouter)|lisez aussi|sur le même (?:sujet|thème)|pour (?:aller plus loin|en savoir plus)|en savoir plus|articles? (?:liés?|similaires|recommandés|connexes)|` +
		`les plus (?:lus|populaires|partagés)|les \+ lus|notre dossier|nos articles|à ne pas manquer|dans la même rubrique|vidéo|` +
		`(?:lea|lee|vea|mire|mira|ver|leer|escuche|descubre)(?: también| más| además)|(?:le|te) (?:puede|podría) interesar|te recomendamos|más (?:información|noticias|sobre [^:.]{1,30}|en [^:.]{1,30}|leídas?)|(?:noticias|artículos|contenidos?|notas?) relacionad[ao]s?|relacionad[ao]s?|lo más (?:leído|visto|destacado)|sigue leyendo|continúa leyendo|no te pierdas|últimas noticias|` +
		`(?:leggi|guarda|vedi|ascolta)(?: anche| di più| tutto| ancora| qui)+|leggi|continua a leggere|(?:potrebbe|ti potrebbe|potrebbero)(?: anche)? interessar(?:ti|vi|e)(?: anche)?|articoli (?:correlati|consigliati|simili)|per (?:approfondire|saperne di più)|approfondiment[oi]|(?:i )?(?:più letti|più lette)|da non perdere|ultime notizie|notizie correlate|` +
		`(?:lees|bekijk|zie|luister|kijk)(?: ook| meer| verder| hier| hierover)+|meer (?:over [^:.]{1,30}|nieuws|lezen|artikelen|uit [^:.]{1,30})|verder lezen|gerelateerd(?:e (?:artikelen|berichten))?|ook interessant|(?:meest|best) gelezen|aanbevolen(?: artikelen)?|mis (?:het )?niet|laatste nieuws|misschien ook interessant`)},
	// These begin no sentence at all, so that no colon is needed.
	{"points to another article", regexp.MustCompile(lineStart + `(?:lesen sie (?:auch|hier|mehr|dazu)|(?:à |a )?lire (?:aussi|également)|lea también|lee también|leggi anche|guarda anche|lees ook|bekijk ook|` +
		`read (?:more )?(?:about|on) .*\bhere|(?:click|tap) (?:here|the link)|klicken sie hier|cliquez ici|haga clic aquí|haz clic aquí|clicca qui|klik hier)\b`)},
	{"points to another article", regexp.MustCompile(`^\s*(?:▶️?|►|➡️?|→|»|›|☞|👉|⇒|>>)\s*\S.*[^.!?…]$`)},
	{"comes from another site", regexp.MustCompile(`(?i)\bpic\.twitter\.com/|\(@\w{2,30}\),? \p{L}{3,9}\.? \d{1,2}, \d{4}$|^(?:view this post on|a post shared by|diesen beitrag auf|voir cette publication sur|ver esta publicación en|visualizza questo post su|dit bericht op)\b|` +
		`^(?:allow|show) \p{L}+ content|^(?:externer|empfohlener) (?:redaktioneller )?inhalt|^contenu externe|^contenido externo`)},
	{"is an invitation to share", wholeLine(`share(?: this)?(?: (?:article|story|post|page|on .*|via .*))?|(?:copy|get)(?: the)? link(?: link copied)?|link copied|(?:like|find) us on .*|save(?: article| for later)?|gift(?: this)? article|print(?: this)?(?: article| page)?|` +
		`(?:` + networks + `|print|e-?mail|copy link|share|tweet|save|comments?)(?:[^\p{L}\p{N}]+(?:` + networks + `|print|e-?mail|copy link|share|tweet|save|comments?))*|` +
		`(?:leave a|post a?|add a?|write a|view|show|see|hide|join the|\d+|no|all)? ?(?:comments?|conversation|replies)(?: section| now| below)?(?: ?\(?\d*\)?)?|` +
		`(?:(?:artikel|beitrag|seite) )?(?:teilen|drucken|merken|versenden|kommentieren)|auf [\p{L} ]{2,20} teilen|(?:\d+ )?kommentare?(?: anzeigen| lesen| schreiben| ?\(?\d+\)?)?|` +
		`partager(?: (?:cet article|sur .*|l['’]article))?|imprimer|envoyer|commenter|(?:\d+ )?commentaires?(?: ?\(?\d+\)?)?|` +
		`compartir(?: (?:este artículo|en .*))?|comparte(?: esta noticia| este artículo)?|imprimir|comentar|(?:\d+ )?comentarios?(?: ?\(?\d+\)?)?|` +
		`condividi(?: (?:l['’]articolo|questo articolo|su .*))?|stampa|commenta|(?:\d+ )?commenti(?: ?\(?\d+\)?)?|` +
		`deel(?: (?:dit artikel|dit bericht|via .*|op .*))?|delen|afdrukken|(?:\d+ )?reacties?(?: ?\(?\d+\)?)?|reageer`)},
	{"is a copyright notice", regexp.MustCompile(lineStart + `(?:©|ⓒ|\(c\) ?\d{4}|copyright (?:©|ⓒ|\(c\)|\d{4}))|^[^\p{L}\p{N}]*[©ⓒ]|\b(?:all|some) rights reserved\b|\balle rechten? vorbehalten\b|\btous droits réservés\b|` +
		`\btodos los derechos reservados\b|\b(?:tutti i diritti riservati|riproduzione riservata)\b|\balle rechten voorbehouden\b|\bmay not be (?:published|reproduced|redistributed)\b|` +
		`\b(?:nachdruck|vervielfältigung) (?:verboten|nur mit)|\breproduction (?:interdite|prohibited|forbidden)\b|\bprohibida (?:su|la) reproducción\b`)},
	{"belongs to the web page", wholeLine(`skip to (?:main )?(?:content|navigation)|menu|search|home(?:page)?|loading|(?:back )?to (?:the )?(?:top|homepage|home page)|back|load more|show (?:more|less)|more options|close|open|caption|hide caption|toggle caption|enlarge(?: this)? image|` +
		`accept(?: all)?(?: cookies)?|(?:we|this (?:web)?site|our (?:web)?site|our partners|by (?:using|continuing)) .{0,60}\bcookies\b.*|cookie (?:policy|settings|preferences)|manage (?:cookies|preferences)|privacy (?:policy|notice)|terms (?:of (?:use|service)|and conditions)|log ?in|sign in|my account|contact(?: us)?|about(?: us)?|` +
		`(?:next|previous) (?:article|post|story|page)|(?:play|watch|pause|mute|unmute)(?: the)?(?: video| audio| clip)?|\d{1,2}:\d{2}(?: ?/ ?\d{1,2}:\d{2})?|your browser does not support.*|(?:please )?(?:enable|turn on) javascript.*|this (?:video|audio|content|browser) (?:is not|cannot|can not|does not).*|` +
		`(?:listen to|hear) (?:this )?(?:article|story)|(?:view|see)(?: original)? image(?: in full ?screen)?|(?:image|photo|slide|picture|foto|bild) \d+ (?:of|von|/|de|di|van)(?: /)? ?\d+|\d{1,2} (?:of|/) \d{1,2}|` +
		`(?:estimated )?(?:reading|read) time:? ?(?:\d{1,3} ?min(?:ute)?s?)?|\d{1,3}[ -]?min(?:ute)?s?(?:[ -]read)?|(?:updated |published |posted )?(?:about )?(?:\d+|an?) (?:minute|hour|day|week|month)s? ago|` +
		`zum (?:inhalt|hauptinhalt)(?: springen)?|startseite|(?:zurück )?zur startseite|nach oben|suche|anmelden|einloggen|registrieren|impressum|datenschutz|alle akzeptieren|(?:wir|diese (?:web)?seite) .{0,60}\bcookies\b.*|(?:artikel )?(?:anhören|vorlesen)|(?:video|audio) abspielen|mehr laden|(?:nächster|vorheriger) artikel|` +
		`lesezeit:?.{0,4}\d{0,3}(?: min(?:\.|uten?)?)?|aller au contenu(?: principal)?|accueil|retour(?: à l['’]accueil| en haut)?|rechercher|connexion|se connecter|tout accepter|(?:nous|ce site) .{0,60}\bcookies\b.*|(?:écouter|lire) (?:l['’]article|cet article)|temps de lecture.{0,4}\d{0,3}(?: min(?:utes?)?)?|` +
		`(?:ir|saltar) al contenido(?: principal)?|inicio|volver(?: arriba| al inicio)?|buscar|iniciar sesión|aceptar(?: todas?)?(?: las cookies)?|(?:utilizamos|usamos|este sitio) .{0,60}\bcookies\b.*|escuchar(?: (?:el artículo|esta noticia))?|tiempo de lectura.{0,4}\d{0,3}(?: min(?:utos?)?)?|` +
		`vai al contenuto(?: principale)?|torna (?:su|alla home|all['’]inizio)|cerca|accedi|accetta(?: tutti)?(?: i cookie)?|(?:utilizziamo|questo sito) .{0,60}\bcookies?\b.*|ascolta(?: (?:l['’]articolo|questo articolo))?|tempo di lettura.{0,4}\d{0,3}(?: min(?:ut[oi])?)?|` +
		`(?:ga )?naar (?:de )?(?:hoofd)?inhoud|terug(?: naar boven| naar home)?|zoeken|inloggen|alles accepteren|(?:wij|we|deze site|deze website) (?:gebruiken|gebruikt|maken|maakt) .{0,60}\bcookies\b.*|(?:luister|beluister) (?:naar )?(?:dit )?artikel|leestijd:?.{0,4}\d{0,3}(?: min(?:uten|uut)?)?`)},
	{"belongs to the web page", wholeLine(`[-–—]*\s*(?:ends?|30|fin|ende)\s*[-–—]+|[-–—]+\s*(?:ends?|30|fin|ende)|(?:[*#_=~•·]\s*){1,}`)},
	{"leads through the site", regexp.MustCompile(`(?i)^[^\p{L}\p{N}]*(?:(?:you are here|sie sind hier|vous êtes ici|estás en|ti trovi qui|u bent hier):? )?(?:home(?:page)?|startseite|accueil|inicio|start|news|nachrichten|noticias|actualités|notizie|nieuws)\s*[>»›/|→][^.!?]*$`)},
	{"credits editors and agencies", regexp.MustCompile(lineStart + `(?:mit (?:material|informationen|agenturmaterial) (?:von|der)\b|quellen? ?:|avec (?:l['’])?(?:afp|reuters|ap|agences?)\b|sources? ?:|con (?:información|informaciones|datos) de\b|fuentes? ?:|con (?:agenzie|ansa)\b|fonti? ?:|fonte ?:|bron(?:nen)? ?:|` +
		`(?:this|the) (?:article|story|report|piece|post|column|essay) (?:was|is|has been|first|originally|also)\b.{0,40}\b(?:published|appeared|updated|corrected|republished|amended|translated|edited|produced)|` +
		`(?:read|see) the original (?:article|story)|(?:dieser|der) (?:artikel|beitrag|text) (?:ist|wurde|erschien)\b.{0,60}\b(?:erschienen|veröffentlicht|aktualisiert)?|cet article (?:est|a été) .{0,40}\b(?:publié|paru|mis à jour|traduit)|` +
		`este (?:artículo|texto) (?:fue|se) .{0,40}\b(?:publicado|publicó|actualizado)|questo articolo è (?:stato|apparso).*|dit artikel (?:verscheen|is|werd) .*)`)},
}

const networks = `facebook|twitter|x|whatsapp|linkedin|telegram|reddit|pinterest|instagram|messenger|bluesky|threads|mastodon|xing|youtube|tiktok|flipboard|pocket|signal|tumblr|vk|snapchat`

// An invitation asks the reader to do something for the site: it begins with a
// word of asking and names a thing that only sites offer, or it names two such
// things and speaks to the reader.
var (
	asks = regexp.MustCompile(lineStart + `(?:please |jetzt |hier |gleich |ahora |ora |nu |and |or |to |if you |want |wollen sie |möchten sie |want to |no |ya |già |already |bereits |schon |déjà )*` +
		`(?:subscribe|subscriber|sign[- ]?up|signup|register|join|get|receive|download|follow|support|donate|become|try|start|enter|click|tap|add|stay|keep|have (?:a|you)|help us|never miss|don['’]t miss|like us|love|enjoy(?:ed|ing)?|contribute|give|buy|unlock|log ?in|e-?mail|contact|write to|send|tell us|got (?:a|something)|more|a subscriber|check out|visit|our|` +
		`abonnieren|abonniere|abonnent|melden|melde dich|erhalten|bestellen|bestelle|folgen|folge|laden|lade|unterstützen|unterstütze|verpassen|testen|teste|registrieren|werden sie|sichern|bleiben sie|schreiben sie|haben sie|unser|unsere|` +
		`abonnez|abonnés?|inscrivez|inscris|recevez|reçois|suivez|suis|téléchargez|soutenez|rejoignez|profitez|découvrez|retrouvez|restez|notre|s['’]abonner|m['’]abonne|` +
		`suscr[ií]b\p{L}*|ap[úu]nt\p{L}*|reg[íi]str\p{L}*|recib[ae]|s[íi]gu(?:e|a|enos)|s[íi]gan\p{L}*|descarg(?:a|ue)|[úu]net\p{L}*|apoy[ae]|hazte|hágase|entérate|nuestro|nuestra|` +
		`iscriv\p{L}*|abbonat[ie]|registrati|ricev[ie]|segui\p{L}*|scarica\p{L}*|sosten\p{L}*|sostieni|unisciti|entra|diventa|resta|la nostra|il nostro|` +
		`abonneer|schrijf|meld (?:je|u)|ontvang|volg|steun|word (?:lid|abonnee|member)|registreer|blijf|onze|mis (?:niets|geen|nooit))\b`)
	offers = regexp.MustCompile(`(?i)\b(?:newsletters?|news letter|inbox|(?:mobile |our |the |free |unsere |notre |nuestra |nostra |onze |die )(?:app|apps)|app store|google play|google news|podcasts?|(?:e-?mail|push|breaking news|news) (?:alerts?|notifications?|updates?)|notifications?|alerts|briefings?|subscriptions?|subscribers?|members?(?:hip)?|mailing list|e-?mail(?: address)?|` +
		`free trial|journalism|account|ad-free|print edition|e-?paper|whatsapp|telegram(?: channel)?|facebook|twitter|instagram|youtube|tiktok|social media|rss|latest (?:news|updates|stories|developments)|newsroom|our (?:page|channel|group|community)|continue reading|(?:reading|read|access) (?:for )?free|for free|weekend edition|more stories|donat(?:e|ion|ions)|our reporting|top stories|` +
		`abos?|abonnements?|abonnieren|probeabo|postfach|eilmeldungen|push-?(?:nachrichten|mitteilungen)|kanal|e-?mail-adresse|journalismus|unsere app|nachrichten mehr|` +
		`lettre d['’]information|infolettre|appli(?:cation)?|boîte (?:mail|aux lettres)|courriel|alertes|chaîne|réseaux sociaux|abonnez-vous|abonnés?|` +
		`bolet[íi]n(?:es)?|correo(?: electrónico)?|aplicación|alertas|canal|suscripción|suscriptor(?:es)?|redes sociales|periodismo|` +
		`canale|abbonamento|abbonati|notifiche|casella|giornalismo|i nostri social|` +
		`nieuwsbrief|mailbox|meldingen|kanaal|abonnee|lid|journalistiek)\b`)
	addresses = regexp.MustCompile(`(?i)\b(?:you|your|us|our|here|now|today|free|sie|ihr|ihre|ihrem|ihnen|uns|unser\p{L}*|jetzt|kostenlos|hier|vous|votre|vos|nous|notre|nos|gratuit\p{L}*|ici|tu|tus|te|nos|nuestr\p{L}*|gratis|aquí|ahora|ti|tuo|tua|noi|nostr\p{L}*|qui|ora|je|jouw|u|uw|ons|onze|nu|hier)\b|!|@`)
	// signsUp begins what only a site says: verbs of subscribing that are spoken
	// to the reader.
	signsUp = regexp.MustCompile(lineStart + `(?:(?:please|jetzt|hier|gleich) )?(?:subscribe (?:to|now|today|here|for|and)|sign up (?:to|for|now|here|today|and)|register (?:to|now|here|today|for free)|like (?:us|our page)|melden sie sich (?:\p{L}+ )?(?:an|für)|abonnieren sie|folgen sie uns|folge uns|registrieren sie sich|` +
		`abonnez-vous|inscrivez-vous|suivez-nous|rejoignez-nous|créez (?:un|votre) compte|suscríb(?:ete|ase)|apúntate|regístr(?:ate|ese)|síg(?:ue|a)nos|síguenos|únete a|iscriviti|iscrivetevi|abbonati|registrati|seguici|unisciti a|` +
		`abonneer je|schrijf (?:je|u) in|meld (?:je|u)|volg ons|word (?:nu )?(?:lid|abonnee)|registreer (?:je|u))(?:[^\p{L}]|$)`)
	// sells are the words of paywalls and of forms, which news seldom has beside
	// a word to the reader.
	sells = regexp.MustCompile(`(?i)\bnewsletters?\b|\bpodcasts?\b|\binbox\b|\bunsubscribe\b|\b(?:sign(?:ing|ed)?|signs) (?:me )?up\b|\bsubscribers?\b|\bsubscribe\b|\bfree articles?\b|\bunlimited (?:digital )?access\b|\bfree (?:to read|trial)\b|\be-?mail address\b|\byour e-?mail\b|` +
		`\babonnent(?:en|innen)?\b|\babonnés?\b|\bsuscriptores\b|\babbonati\b|\babonnees?\b|\bkostenlos (?:registrieren|lesen|testen|anmelden)\b|\be-mail-adresse\b|\badresse e-?mail\b|\bcorreo electrónico\b|\bindirizzo e-?mail\b|\be-mailadres\b|\bmailbox\b|\bpostfach\b|\bbolet[íi]n\b|\bnieuwsbrief\b`)
	reader = regexp.MustCompile(`(?i)\b(?:you|your|our|us|this (?:article|story)|me|sie|ihre?|unser\p{L}*|dieser artikel|vous|votre|vos|notre|cet article|tu|tus|nuestr\p{L}*|este artículo|exclusivo|tuo|tua|nostr\p{L}*|questo (?:articolo|contenuto)|je|jouw|uw|onze|dit artikel|alleen voor)\b`)
	// Whoever speaks to a reader of themselves is the site: "Do you have a story
	// to share? Write to our newsroom."
	toReader = regexp.MustCompile(`\b(?:(?i:you|your|vous|votre|vos|tu|tus|ti|tuo|tua|je|jouw|uw|u)|Sie|Ihr|Ihre|Ihnen)\b|(?i)[eé]z-nous\b|^(?:never|please|to read|to continue|sichern|hazte|accedi|heb|mail)\b`)
	ofSite   = regexp.MustCompile(`(?i)\b(?:us|our|this (?:story|article|page)|full (?:story|article)|app|account|newsroom|notifications|subscribers|uns|unsere\p{L}*|gratis|nous|notre|nos|cet article|nuestr\p{L}*|periodismo|leggere|nostr\p{L}*|ons|onze|redactie|redaktion)\b`)
	// asksOnly are wholly an invitation.
	asksOnly = wholeLine(`(?:subscribe|sign[- ]?up|register|donate)(?: now| today| here| free| for free)?|follow(?: us)?(?: on .*)?|(?:follow|suivre|seguir|segui|volg|folgen) @\w+|abonnieren|jetzt (?:abonnieren|anmelden|registrieren|testen|lesen)|s['’]abonner|je m['’]abonne|abonnez-vous(?: .{0,40})?|inscrivez-vous|suivez-nous(?: .*)?|suscr[íi]b\p{L}+|s[íi]guenos(?: .*)?|s[íi]ganos(?: .*)?|iscriviti|abbonati|seguici(?: .*)?|abonneer(?: nu)?|meld je (?:nu )?aan|volg ons(?: .*)?|folgen sie uns(?: .*)?`)
)

// maxAppeal is the length of the longest appeal in words.
const maxAppeal = 18

// isInvitation tells whether a short paragraph asks to subscribe, follow, join
// or pay.
func isInvitation(s string) bool {
	if sells.MatchString(s) && (reader.MatchString(s) || atMost(7, s) && !endsSentence(s)) && !spoken.MatchString(s) {
		return true
	}
	if atMost(maxAppeal, s) && toReader.MatchString(s) && ofSite.MatchString(s) && !spoken.MatchString(s) {
		return true
	}
	if signsUp.MatchString(s) && !spoken.MatchString(s) {
		return true
	}
	return asksOnly.MatchString(s) || asks.MatchString(s) && offers.MatchString(s) && (addresses.MatchString(s) || atMost(8, s) && !endsSentence(s))
}

// spoken is what has a quotation in it, or somebody who says it.
var spoken = regexp.MustCompile(`["“”„«»]|\b(?i:said|says|told|added)\b`)
