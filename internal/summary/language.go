package summary

import (
	"iter"
	"math/bits"
	"strings"
	"unicode"
)

// Numbers in languages.
const (
	english = iota
	german
	french
	spanish
	italian
	dutch
)

// languages are those that can be told, each with the words that hardly any of
// its sentences goes without.
var languages = []struct{ tag, function string }{
	{"en", "the of and to in that is was for it with as on be at by this had not are but from or have an they which one were all their " +
		"there been has would who more when will if out so said up its about than into them only other could these two may then do"},
	{"de", "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei " +
		"einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei gegen vom können schon wenn habe ihre"},
	{"fr", "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec son sa aux ont cette été mais comme ou " +
		"elle leur ses nous deux être fait après aussi même ces sans entre était selon avait dont où depuis contre très tout"},
	{"es", "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin sobre este ya entre cuando " +
		"todo esta ser son dos también fue había era muy años hasta desde está mi porque qué sólo han yo hay vez puede todos así nos ni parte tiene él uno donde"},
	{"it", "di che e la il un a per in una è del della non i con da le si dei sono al alla ha più nel gli ma come delle anche dal lo dalla nella " +
		"se suo sua ci o degli questo questa stato hanno era tra essere due dopo molto ai ad anni loro fra poi sul sulla prima così chi cui"},
	{"nl", "de van het een en in is dat op te zijn met voor die niet aan er om ook als dan maar bij of uit nog worden door naar heeft hij ze wordt " +
		"over tot meer was hebben ik je deze werd geen wel kan al tegen had zich haar veel twee onder moet na dit zo jaar hun wat"},
	// Known only so as not to be taken for one of the above.
	{"", "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou ser quando muito há nos já está também só pelo pela até isso"},
	{"", "och att det i en som på är av för med den till inte om ett han men var jag sig så från vi de kan har när hon under nu efter vid mot eller ska"},
	{"", "og i det at en den til er som på de med han af for ikke der var mig sig men et har om vi min havde ham hun nu over da fra du ud dem blev ikkje eg etter være ble"},
	{"", "de la i el que a en les un per amb del és els una al es no són com més ha seva va aquest aquesta dels ser entre també però quan"},
	{"", "w i z na do się nie że jest to o po jak za od przez dla był ale są oraz która który jego tym być roku tak czy ze co już"},
	{"", "și de în la cu a pe care nu din se o un să este mai că au pentru fost sunt ca o prin sau după el această"},
	{"", "a se na v je že s z do o i to ve pro za by jsem ale po jako jsou k od byl však jeho také který která si"},
	{"", "ve bir bu da de için ile olarak çok daha olan gibi en sonra kadar ama ne var o değil olduğu ise her"},
	{"", "ja on ei että se oli hän mutta ovat kun myös joka niin kuin sen mukaan jos tai ole vain vuonna"},
	{"", "a az és hogy nem is egy ez meg de csak volt el már azt ha mint még vagy van ki kell után szerint"},
}

// A role says what a word does in the languages: a bit for each language of
// which it is a function word, and bits of its own for three more.
type role uint32

const (
	self  role = 1 << (29 + iota) // I, we, you
	says                          // said, asked
	shows                         // pictured: a caption may be marked by it
)

// roles of words.
var roles = func() map[term]role {
	all := map[term]role{}
	for i, l := range languages {
		for _, w := range strings.Fields(l.function) {
			all[wholeTerm(w)] |= 1 << i
		}
	}
	for _, w := range strings.Fields("i we my our me us you your") {
		all[wholeTerm(w)] |= self
	}
	for w := range said {
		all[wholeTerm(w)] |= says
	}
	for _, w := range strings.Fields(captionWords) {
		all[wholeTerm(w)] |= shows
	}
	return all
}()

// inLanguage are the bits of the function words of a language; of an unknown
// one, those of all.
func inLanguage(tag string) role {
	var all role
	for i, l := range languages {
		if tag == l.tag || tag == "" {
			all |= 1 << i
		}
	}
	return all
}

// Bounds on what is read and believed.
const (
	detectBytes  = 1600 // of the text's beginning
	fewestWords  = 3    // function words
	fewestInTen  = 1.5  // of ten words so many are function words in any of the languages
	clearlyAhead = 1.15 // of the second best
)

// Language detects the language of a text by its script, "ja", "zh", "ko" or
// "th", or by its function words: "en", "de", "fr", "es", "it" or "nl"; "" where
// it is another, or too little to say.
func Language(text string) string { return languageOf(text, scan(text)) }

// languageOf is Language of a text and its words.
func languageOf(text string, words iter.Seq[word]) string {
	if tag := languageOfScript(text[:min(len(text), detectBytes)]); tag != "" {
		return tag
	}
	hits := make([]int, len(languages))
	total := 0
	for w := range words {
		if w.end > detectBytes {
			break
		}
		total++
		in := uint32(w.does &^ (self | says | shows))
		for ; in != 0; in &= in - 1 {
			hits[bits.TrailingZeros32(in)]++
		}
	}
	best, second := 0, -1
	for i := 1; i < len(hits); i++ {
		switch {
		case hits[i] > hits[best]:
			best, second = i, best
		case second < 0 || hits[i] > hits[second]:
			second = i
		}
	}
	sure := hits[best] >= fewestWords && 10*float64(hits[best]) >= fewestInTen*float64(total) &&
		float64(hits[best]) >= clearlyAhead*float64(hits[second])
	if !sure {
		return ""
	}
	return languages[best].tag
}

// languageOfScript tells the languages that share their script with no other,
// and Japanese, which mixes its own with that of Chinese.
func languageOfScript(text string) string {
	const enough = 0.1 // of the letters
	letters := 0.0
	in := map[string]float64{}
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
		}
		if r < firstUnspaced {
			continue
		}
		switch {
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			in["ja"]++
		case unicode.Is(unicode.Han, r):
			in["zh"]++
		case unicode.Is(unicode.Hangul, r):
			in["ko"]++
		case unicode.Is(unicode.Thai, r):
			in["th"]++
		}
	}
	if in["ja"] > enough*letters {
		return "ja"
	}
	for _, tag := range []string{"zh", "ko", "th"} {
		if in[tag] > letters/2 {
			return tag
		}
	}
	return ""
}
