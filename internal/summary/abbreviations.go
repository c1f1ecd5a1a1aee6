package summary

import "strings"

// kind says when a full stop behind an abbreviation ends a sentence.
type kind int

const (
	unknown  kind = iota // no abbreviation
	title                // never: a name or a noun follows
	numbered             // unless a number follows
	plain                // if a word follows with which sentences begin
)

// grammar is what must be known of a language to find its sentences.
type grammar struct {
	ordinals      bool            // a number with a full stop is an ordinal: "3. Oktober"
	abbreviations map[string]kind // in lower case, without the last stop
	starters      map[string]bool // words with which, in capitals, a sentence begins even after an abbreviation
}

// grammars by the first part of a BCP 47 tag; "" is for every other language.
var grammars = map[string]grammar{
	"en": {
		abbreviations: kinds(
			"mr mrs ms messrs dr prof gen adm col maj capt cmdr lt sgt cpl pvt sen rep gov pres rev fr hon supt det insp st mt rs vs v e.g i.e "+
				"cf viz sec. ald asst brig dep reps sens gens profs drs",
			"no nos p pp vol vols fig figs sec ch chap art para op jan feb mar apr jun jul aug sep sept oct nov dec n° nr med ver",
			"inc corp co cos ltd llc plc jr sr bros ave blvd rd sq etc approx dept est ext univ assn hr hrs mi ft oz lb lbs et al ph.d m.d b.a m.a ark ariz calif colo conn fla ill ind kan "+
				"mass mich minn miss mont neb nev okla ore penn tenn tex wash wis"),
		starters: words("after although an and another as at because before both but by despite during each even every for from given he here her his how " +
			"however i i'm i've if in instead is it it's its last many meanwhile most my neither next no not now on once one only our please " +
			"several she since so some still such that that's the their then there there's these they they're this those though three through thus to today two " +
			"under unlike until upon we we're what what's when where whether which while who why with yesterday yet you your are did do does was were will can could would should has have had a"),
	},
	"de": {
		ordinals: true,
		abbreviations: kinds(
			"dr prof hr fr st ing mag dipl hrsg geb gen gest gez ggf evtl inkl exkl bzw bspw ca mio mrd tsd vgl sog z.b z.t u.a d.h i.d.r u.u v.a o.ä s.o s.u abb zzgl max min "+
				"kath ev österr dt engl franz lat griech frhr jr. präs insp obst maj hptm lt kfm med jur phil rer nat tech wg betr einschl insb bes eigtl urspr ehem "+
				"str.nr mind zw lfd inh vors stv co",
			"-str nr nrn s abs art kap bd jg jan feb febr mär apr jun jul aug sep sept okt nov dez tel",
			"usw etc jh jhdt chr str jr sen ag u.ä u.dgl a.d a.m abk"),
		starters: words(germanStarters),
	},
	"fr": {
		abbreviations: kinds("m mm mgr dr pr me st ste cf c.-à-d c.à.d env av apr ex p.ex bd", "p pp vol art chap fig n no n° al janv févr avr juil sept oct nov déc réf tél",
			"etc j.-c s.a dept hab"),
		starters: words(languages[french].function + " il elle ils elles nous vous je on c'est l'un d'autres lors pendant depuis avec selon cependant mais or"),
	},
	"es": {
		abbreviations: kinds("sr sra srta sres sras dr dra dres d dña gral lic ing arq prof profa sto sta mons fr ud uds vd ee p.ej ej excmo excma ilmo cnel tte av avda cf st",
			"núm núms n.º nº pág págs p pp art arts cap vol fig tel c aprox máx mín", "etc uu ee.uu s.a cía ltda jr hnos"),
		starters: words(languages[spanish].function + " ella ellos ellas nosotros usted ustedes según tras mientras durante además cuando ante hasta luego"),
	},
	"it": {
		abbreviations: kinds("sig sigg sig.ra dott dott.ssa dr prof prof.ssa ing avv on sen gen col mons geom rag arch s ss cd c.d cfr es p.es per.es egr gent min mar ten cap.no sigra",
			"n nn nr p pp pag pagg art artt cap vol fig tel ca par", "ecc etc s.p.a s.r.l a.c d.c jr"),
		starters: words(languages[italian].function + " noi voi questo questa quando mentre dopo secondo durante tuttavia inoltre nel nella sul"),
	},
	"nl": {
		abbreviations: kinds("dhr mevr mw mr mrs dr drs ir ing prof st ds jhr gen kol lt sgt min bijv bv o.a d.w.z m.b.t t.a.v i.v.m m.u.v i.p.v t.o.v ca resp vgl incl excl evt zgn zg jl max v.d nl",
			"nr nrs p blz pag art hfst fig tel jan feb mrt apr jun jul aug sept okt nov dec par", "enz etc e.d e.a jr sr n.v b.v m.a.w a.u.b st.-"),
		starters: words(languages[dutch].function + " wij jullie hij toen volgens tijdens sinds daarna daarom toch ook"),
	},
	"": {},
}

const germanStarters = "der die das den dem des ein eine einen einem einer er sie es wir ihr ich in im am an auf aus bei beim mit nach von vom zu zum zur für über unter um und aber " +
	"doch denn als wenn weil dass damit so auch da dann dort hier jetzt nun noch nur nicht seit trotz während wegen wie was wer wo warum jedoch allerdings " +
	"außerdem danach dabei dazu dagegen deshalb diese dieser dieses viele alle man mehr sein seine ihre laut"

// ordinal languages besides German get along with that alone.
var ordinalLanguages = words("da nb nn no fi cs sk sl hr pl hu et lv is")

// grammarOf knows a language by its BCP 47 tag; "" is English.
func grammarOf(tag string) grammar {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if base == "" {
		base = "en"
	}
	if g, ok := grammars[base]; ok {
		return g
	}
	return grammar{ordinals: ordinalLanguages[base]}
}

func kinds(titles, numbereds, plains string) map[string]kind {
	all := map[string]kind{}
	for k, list := range []string{title: titles, numbered: numbereds, plain: plains} {
		for _, w := range strings.Fields(list) {
			all[w] = kind(k)
		}
	}
	return all
}

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}
