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
		`comments(?: on this (?:article|story|post))? are(?: now)? closed|(?:leave a|post a?|add a?|write a|view|show|see|hide|join the|\d+|no|all)? ?(?:comments?|conversation|replies)(?: section| now| below)?(?: ?\(?\d*\)?)?|` +
		`(?:(?:artikel|beitrag|seite) )?(?:teilen|drucken|merken|versenden|kommentieren)|auf [\p{L} ]{2,20} teilen|(?:\d+ )?kommentare?(?: anzeigen| lesen| schreiben| ?\(?\d+\)?)?|` +
		`partager(?: (?:cet article|sur .*|l['’]article))?|imprimer|envoyer|commenter|(?:\d+ )?commentaires?(?: ?\(?\d+\)?)?|` +
		`compartir(?: (?:este artículo|en .*))?|comparte(?: esta noticia| este artículo)?|imprimir|comentar|(?:\d+ )?comentarios?(?: ?\(?\d+\)?)?|` +
		`condividi(?: (?:l['’]articolo|questo articolo|su .*))?|stampa|commenta|(?:\d+ )?commenti(?: ?\(?\d+\)?)?|` +
		`deel(?: (?:dit artikel|dit bericht|via .*|op .*))?|delen|afdrukken|(?:\d+ )?reacties?(?: ?\(?\d+\)?)?|reageer`)},
	{"is a copyright notice", regexp.MustCompile(lineStart + `(?:©|ⓒ|\(c\) ?\d{4}|copyright (?:©|ⓒ|\(c\)|\d{4}))|^[^\p{L}\p{N}]*[©ⓒ]|\b(?:all|some) rights reserved\b|\balle rechten? vorbehalten\b|\btous droits réservés\b|` +
		`\btodos los derechos reservados\b|\b(?:tutti i diritti riservati|riproduzione riservata)\b|\balle rechten voorbehouden\b|\bno part of this\b.*\bpermission\b|\bmay not be (?:published|reproduced|redistributed)\b|` +
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
	// WordPress ends the entries of its feeds so.
	{"names where the article comes from", regexp.MustCompile(`(?i)^(?:the post|der beitrag|l['’]article|la entrada|l['’]articolo|het bericht) .* (?:(?:first )?appeared (?:first )?on|erschien zuerst (?:auf|bei)|est apparu en premier sur|(?:aparece primero|se publicó primero) en|(?:proviene da|sembra essere il primo su)|verscheen eerst op) .*$`)},
	{"credits editors and agencies", regexp.MustCompile(lineStart + `(?:mit (?:material|informationen|agenturmaterial) (?:von|der)\b|quellen? ?:|avec (?:l['’])?(?:afp|reuters|ap|agences?)\b|sources? ?:|con (?:información|informaciones|datos) de\b|fuentes? ?:|con (?:agenzie|ansa)\b|fonti? ?:|fonte ?:|bron(?:nen)? ?:|` +
		`(?:this|the) (?:article|story|report|piece|post|column|essay) (?:was|is|has been|first|originally|also)\b.{0,40}\b(?:published|appeared|updated|corrected|republished|amended|translated|edited|produced)|` +
		`(?:read|see) the original (?:article|story)|(?:dieser|der) (?:artikel|beitrag|text) (?:ist|wurde|erschien)\b.{0,60}\b(?:erschienen|veröffentlicht|aktualisiert)?|cet article (?:est|a été) .{0,40}\b(?:publié|paru|mis à jour|traduit)|` +
		`este (?:artículo|texto) (?:fue|se) .{0,40}\b(?:publicado|publicó|actualizado)|questo articolo è (?:stato|apparso).*|dit artikel (?:verscheen|is|werd) .*)`)},
}

const networks = `facebook|twitter|x|whatsapp|linkedin|telegram|reddit|pinterest|instagram|messenger|bluesky|threads|mastodon|xing|youtube|tiktok|flipboard|pocket|signal|tumblr|vk|snapchat`
