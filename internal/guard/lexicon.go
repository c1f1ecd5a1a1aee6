package guard

// lexicon is what is known of the languages: words without accents, in lower
// case. Function words say nothing of their own, so a summary may use any;
// reporting words are those of whoever retells a text.
//
//nolint:misspell // what is misspelt English is right elsewhere
var lexicon = [...]entry{
	{
		tag: "en",
		function: "a about above across after again against ago all along also although am among an and another any anyone anything are around as at away " +
			"back be became because become been before behind being below between both but by can came come could did do does doing done down during each either else " +
			"even ever every everyone everything few for from further get gets getting give given go goes going got had has have having he her here hers herself him himself his how " +
			"however i if in including into is it its itself just keep last later least less like made make makes making many may me might more most much must my near next now of off on once one " +
			"ones only onto or other others our out over own per put quite rather same see set several shall she should since so some someone something still such take taken takes taking than " +
			"that the their theirs them themselves then there these they this those though through thus till to together too toward towards took under until up upon us use used " +
			"very via was we well went were what when where whether which while who whom whose why will with within without would yet you your " +
			"im ive hes shes theyre weve youre thats theres whats lets today m s t st nd rd th",
		negations: "not never no nobody none nor neither nothing cannot dont doesnt didnt isnt arent wasnt werent wont wouldnt cant couldnt shouldnt hasnt havent hadnt mustnt",
		negative:  "deny refuse reject fail lack avoid prevent ban bar unable unlikely without miss unless stop end lose",
		reporting: "say said tell told report announce accord explain add state note claim describe include call begin start continue follow reveal confirm mention cite new people",
		numbers:   "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
		tens:      "twenty thirty forty fifty sixty seventy eighty ninety",
		powers:    "hundred thousand|k million|m|mn billion|bn|b trillion|tn",
		ages:      "year years yearold",
		months:    "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sept|sep october|oct november|nov december|dec",
		weekdays:  "monday|mon tuesday|tue|tues wednesday|wed thursday|thu|thur|thurs friday|fri saturday|sat sunday|sun",
	},
	{
		tag: "de",
		function: "ab aber alle allem allen aller alles als also am an andere anderen anderer auch auf aus bei beim bereits bis bisher da dabei dadurch dafur dagegen daher damit danach dann daran darauf " +
			"daraus darin daruber darum das dass davon davor dazu dein dem den denen denn dennoch der deren des dessen deshalb die dies diese diesem diesen dieser dieses doch dort du durch " +
			"ein eine einem einen einer eines einige einigen er erst es etwa etwas fur gegen gegenuber geworden gewesen gehen geht habe haben hat hatte hatten her hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in indem " +
			"infolge ins ist ja jede jedem jeden jeder jedes jedoch jene jetzt kann kam konnen konnte konnten lassen man mehr mehrere mehreren mein mit mittlerweile muss mussen musste mussten nach nachdem neben noch nun nur ob obwohl oder " +
			"rund samt schon sehr sei seien sein seine seinem seinen seiner seines seit selbst sich sie sind so sogar solche soll sollen sollte sollten somit sondern sowie statt sowohl trotz uber um und uns unser unter viel viele vielen vom von vor " +
			"wahrend wann war waren warum was wegen weil weiter weitere weiteren welche welcher wenn wer werde werden wie wieder will wir wird wo wobei wollen wollte wollten worden wurde wurden zu zudem zum zur zwar zwischen",
		negations: "nicht kein keine keinen keinem keiner keines nie niemals niemand nichts weder",
		negative:  "ohne ablehnen ablehnt lehnte lehnt verweigern verweigerte verweigert scheitern scheiterte gescheitert verboten verbietet fehlen fehlt verhindern verhindert",
		reporting: "sagen sagt sagte laut erklaren erklarte melden meldete gemeldet berichten berichtet berichtete teilte mitgeteilt nennen nannte genannt betonte ankundigen kundigte angekundigt gab bekannt hiess neue neuen neuer menschen",
		numbers:   "null eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn funfzehn sechzehn siebzehn achtzehn neunzehn",
		tens:      "zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig",
		joined:    "und",
		powers:    "hundert tausend million|millionen|mio|m milliarde|milliarden|mrd billion|billionen",
		ages:      "jahre jahren jahriger jahrige jahrigen jahriges",
		months:    "januar|janner|jan februar|feber|feb marz april|apr mai juni|jun juli|jul august|aug september|sept|sep oktober|okt november|nov dezember|dez",
		weekdays:  "montag dienstag mittwoch donnerstag freitag samstag|sonnabend sonntag",
	},
	{
		tag: "fr",
		function: "a afin ai ainsi alors apres au aucun aussi autour autre autres aux avait avaient avant avec avoir ayant beaucoup car ce ceci cela celle celles celui cent cependant ces cet cette ceux chaque chez comme comment contre " +
			"d dans de depuis derriere des dont donc du durant elle elles en encore enfin ensuite entre est et etaient etait etant ete etre eu eux fait faire faut fois font hors il ils j jusque jusqu l la laquelle le lequel les lesquels leur leurs lors lorsque lui mais malgre me meme " +
			"mes moins mon notre nos nous on ont or ou par parce parmi pendant peu peut peuvent plus plusieurs plutot pour pourquoi pourtant pres puis qu quand que quel quelle quelles quelque quelques quels qui quoi s sa sans sauf se selon sera seront ses si sien soit son sont sous " +
			"souvent sur surtout ta tandis tant te tel telle tes toi ton toujours tous tout toute toutes tres trop tu un une uns va vers via voici voila vont vos votre vous y n m t c",
		negations: "ne pas jamais rien ni aucune personne",
		negative:  "sans refuser refuse nier nie rejeter rejette echouer echoue interdire interdit manquer manque empecher empeche",
		reporting: "dire dit disent declare declarer affirmer affirme annoncer annonce annonces expliquer explique ajouter ajoute indiquer indique rapporter rapporte preciser precise selon nouveau nouvelle nouveaux gens",
		numbers:   "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
		tens:      "vingt trente quarante cinquante soixante",
		powers:    "cent|cents mille million|millions|m milliard|milliards billion|billions",
		ages:      "ans",
		months:    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
		weekdays:  "lundi mardi mercredi jeudi vendredi samedi dimanche",
	},
	{
		tag: "es",
		function: "a al algo alguna algunas alguno algunos ante antes aquel aquella aquellos asi aun aunque bajo bien cada casi como con contra cual cuales cuando cuanto de del desde despues donde dos durante e el ella ellas ellos en entre era eran " +
			"es esa esas ese eso esos esta estaba estaban estado estan estar estas este esto estos fue fueron ha haber habia habian hace hacer hacia han hasta hay incluso la las le les lo los luego mas me mediante mejor menos mi mientras mismo misma mucho muchos muy nos nosotros " +
			"nuestra nuestro o otra otras otro otros para pero pese poco por porque pues puede pueden que quien quienes se sea segun ser si sido sin sino sobre solo son su sus tal tambien tan tanto tanta tras tiene tienen toda todas todavia todo todos tu un una unas uno unos va van ya y yo",
		negations: "no nunca jamas nadie nada ningun ninguno ninguna tampoco ni",
		negative:  "sin negar nego niega rechazar rechazo rechaza fracasar fracaso prohibir prohibe falta impedir impide",
		reporting: "decir dijo dice dicen afirmar afirmo anunciar anuncio explicar explico anadir anadio informar informo indicar indico senalar senalo segun nuevo nueva nuevos personas",
		numbers:   "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve",
		tens:      "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
		powers:    "cien|ciento|cientos mil|miles millon|millones|m millardo|millardos billon|billones",
		ages:      "anos",
		months:    "enero febrero marzo abril mayo junio julio agosto septiembre|setiembre octubre noviembre diciembre",
		weekdays:  "lunes martes miercoles jueves viernes sabado domingo",
	},
	{
		tag: "it",
		function: "a ad agli ai al alcune alcuni alla alle allo anche ancora anzi appena attraverso avere aveva avevano avra c che chi ci circa coi col come con contro cosa cosi cui da dagli dai dal dalla dalle dallo degli dei del della delle dello dentro di dopo dove due dunque durante e ed " +
			"entro era erano essere fa fatto fino fra gia gli ha hanno i il in inoltre insieme intanto invece io l la le lei li lo loro lui ma meno mentre mi mio molte molti molto negli nei nel nella nelle nello noi nostro o ogni oltre oppure ora per perche pero piu poco poi possono presso prima proprio puo " +
			"quale quali qualche quando quanto quasi quella quelle quelli quello questa queste questi questo qui quindi sara saranno se secondo sempre senza si sia siano solo sono sopra sotto stata state stati stato stesso su sua sue sugli sui sul sulla sulle sullo suo suoi tale tali tanto tra tutta tutte tutti tutto un una uno va verso vi voi",
		negations: "non mai nessun nessuno nessuna niente nulla neppure ne",
		negative:  "senza negare nega rifiutare rifiuta rifiutato respinge respinto fallito vietato vieta manca impedire impedisce",
		reporting: "dire detto dice dicono afferma affermato annuncia annunciato spiega spiegato aggiunge aggiunto riferito riferisce secondo nuovo nuova nuovi persone",
		numbers:   "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove",
		tens:      "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
		powers:    "cento mille|mila milione|milioni|mln|m miliardo|miliardi|mld bilione|bilioni",
		ages:      "anni",
		months:    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
		weekdays:  "lunedi martedi mercoledi giovedi venerdi sabato domenica",
	},
	{
		tag: "nl",
		function: "aan achter al alle alleen als alsof altijd ander andere anderen beide bij binnen boven buiten daar daarbij daardoor daarmee daarna daarom dan dat de den der deze die dit doch doen doet door dus echter een eens eerst elk elke en enkele er erg ervan " +
			"even gaan gaat gedaan geweest geworden gaf had hadden heb hebben heeft heel hem het hier hij hoe hun iedere iemand iets ik in indien is ja je jij juist kan kon konden kunnen langs maar me meer meerdere meest men met mij mijn moest moet moeten mogen na naar naast " +
			"net nog nu nadat of om omdat onder ondanks ons onze ook op over pas rond ruim sinds sindsdien soms steeds te tegen ten ter terwijl tijdens toch toen tot totdat tussen uit van vanaf vanuit vanwege veel vele via volgens voor vooral vorige waar waarbij waardoor waarin waarmee waarop wanneer want waren was wat " +
			"we weer wel werd werden wie wij wil willen worden wordt zal ze zeer zelf zich zij zijn zo zoals zonder zou zouden zowel zulke",
		negations: "niet geen nooit niemand niets noch",
		negative:  "zonder weigeren weigert weigerde ontkennen ontkent ontkende mislukt mislukte verboden verbiedt ontbreekt voorkomen",
		reporting: "zeggen zegt zei melden meldt meldde gemeld laten liet weten verklaren verklaarde aankondigen kondigde aangekondigd vertellen vertelde volgens noemen noemt noemde nieuwe mensen",
		numbers:   "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien",
		tens:      "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
		joined:    "en",
		powers:    "honderd duizend miljoen|miljoenen|mln|m miljard|miljarden|mld biljoen",
		ages:      "jaar jarige",
		months:    "januari|jan februari|feb maart|mrt april|apr mei juni|jun juli|jul augustus|aug september|sept|sep oktober|okt november|nov december|dec",
		weekdays:  "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
	},
}
