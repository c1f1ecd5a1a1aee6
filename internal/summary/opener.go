package summary

import (
	"cmp"
	"strings"
)

// openers are the words with which, in each language, a sentence leans on the
// one before: pronouns whose noun stands there, and connectives. A word with a
// comma leans only when the comma follows it; several words must all follow.
var openers = func() map[string][]opener {
	lists := map[string]string{
		"en": "he she it they him his her hers its them their theirs this that these those such but and or nor so yet thus hence however " +
			"meanwhile moreover furthermore nevertheless nonetheless also besides therefore instead otherwise additionally consequently " +
			"accordingly indeed likewise similarly both neither another other others too again afterwards here alternatively conversely " +
			"then now, still, well, yes, no, true, sure, later, earlier, finally, overall, first, second, third, secondly, thirdly, eventually, soon, rather, plus " +
			"there,_too in_addition in_contrast by_contrast in_fact in_turn in_response in_short in_other_words in_that in_this in_these in_those " +
			"as_a_result as_such as_well as_for as_if of_course for_example for_instance for_that for_his for_her for_their for_its for_them " +
			"on_the_other_hand on_the_contrary after_that after_this after_which before_that because_of_that because_of_this despite_this " +
			"despite_that at_the_same_time at_that at_this_point that_said even_so even_then not_only_that the_same the_other the_others the_latter the_former " +
			"the_pair the_couple the_two the_duo the_trio one_of_them some_of_them many_of_them most_of_them all_of_them none_of_them each_of_them " +
			"all_this all_that all_of_this to_that_end with_that with_this if_so to_this from_there until_then since_then by_then by_that after_all not_so all_two all_three all_four all_five all_six back_then up_next " +
			"some_said some_say some_were some_are some_have some_had many_said many_say most_said most_say several_said several_say one_said one_says " +
			"some_will some_would some_may some_might some_can some_could some_feel some_felt some_think some_thought some_believe some_believed " +
			"many_will many_would many_may many_might many_can many_could many_feel many_felt many_think many_thought many_believe many_believed many_are many_were many_have many_had",
		"de": "er sie es ihm ihn ihr ihre ihrer ihren ihrem ihnen sein seine seiner seinen seinem dieser diese dieses diesen diesem dies " +
			"jener jene jenes deren dessen denen aber und oder doch denn jedoch dennoch trotzdem allerdings außerdem zudem ferner deshalb deswegen daher " +
			"darum dadurch dabei damit dafür dagegen danach darauf daraufhin daran darin darüber davon davor dazu dort dann also auch " +
			"sonst somit so hingegen vielmehr stattdessen schließlich weiter ebenso gleichzeitig unterdessen inzwischen indes beide beides " +
			"das_ist das_war das_sei das_sind das_hat das_hatte das_gilt das_heißt das_sagte das_wäre das_wird das_würde das_soll das_kann das_liegt das_geht " +
			"zum_beispiel im_gegensatz_dazu im_gegenteil auf_der_anderen_seite ein_anderer eine_andere ein_weiterer eine_weitere hinzu_kommt zugleich",
		"fr": "il elle ils elles lui eux son sa ses leur leurs ce cet cette ces c cela ça ceci celui celle ceux celles mais et ou or donc ni car " +
			"cependant toutefois pourtant néanmoins ainsi ensuite puis aussi alors enfin sinon parallèlement certes y en_effet en_outre " +
			"en_revanche par_ailleurs par_contre par_conséquent de_plus de_même d_ailleurs d_autre_part du_coup pour_autant par_exemple " + //nolint:misspell // French
			"tous_deux toutes_deux les_deux ce_dernier cette_dernière dans_ce_contexte à_l_inverse au_contraire pour_sa_part en_conséquence",
		"es": "él ella ello ellos ellas su sus este estos estas ese esa eso esos esas aquel aquella esto pero y e o sino sin_embargo además " +
			"también entonces así pues luego aunque_así tampoco asimismo ambos ambas mientras_tanto no_obstante por_eso por_ello por_lo_tanto " +
			"por_tanto por_otro_lado por_otra_parte por_ejemplo por_su_parte en_cambio en_consecuencia en_este_sentido de_hecho de_ahí a_su_vez " +
			"al_mismo_tiempo a_pesar_de_ello después, finalmente, igualmente ahí allí este_último la_misma el_mismo lo_mismo " +
			"dijo_que añadió_que agregó_que explicó_que señaló_que afirmó_que aseguró_que",
		"it": "egli ella esso essa essi esse lui lei loro suo sua suoi sue il_suo la_sua i_suoi le_sue il_loro la_loro questo questa questi queste " +
			"quello quella quelli quelle ciò ma e ed o oppure però tuttavia inoltre infatti quindi dunque perciò pertanto così poi anche ancora, " +
			"invece intanto nel_frattempo allora entrambi entrambe infine eppure anzi al_contrario per_esempio ad_esempio di_conseguenza " +
			"per_questo d_altra_parte dal_canto_suo in_effetti lì là dopo_di_che c_è_di_più quest quell " +
			"ha_detto ha_aggiunto ha_spiegato ha_dichiarato ha_affermato",
		"nl": "hij zij ze het_is het_was hem haar hun zijn deze dit dat die maar en of dus want echter toch bovendien daarnaast daarom daardoor " +
			"daarbij daarmee daarna daarop daarvan daarvoor daarin daar ook toen dan vervolgens verder zo ondertussen intussen niettemin " +
			"desondanks hierdoor hierbij hiermee hierop hiervoor hier beide beiden anders overigens kortom namelijk immers bijvoorbeeld " +
			"aan_de_andere_kant in_tegenstelling_tot_dat ten_slotte tot_slot een_ander een_andere",
	}
	all := map[string][]opener{}
	for language, list := range lists {
		for _, entry := range strings.Fields(list) {
			bare, comma := strings.CutSuffix(entry, ",")
			words := strings.Split(strings.ReplaceAll(bare, ",", ""), "_")
			key := language + " " + words[0]
			all[key] = append(all[key], opener{rest: words[1:], comma: comma})
		}
	}
	return all
}()

// An opener is what must follow its first word.
type opener struct {
	rest  []string
	comma bool
}

// timeWords make a demonstrative point at the calendar, not at a sentence.
var timeWords = words("week weekend month year morning afternoon evening summer winter spring autumn fall season century " +
	"semana mes año mañana tarde noche verano invierno settimana mese anno mattina sera estate week maand jaar zomer weekend " +
	"woche jahr monat sommer winter abend semaine année mois matin soir été")

// pointsElsewhere tells of a demonstrative that points at the calendar ("this
// week") or at what follows ("those who").
func pointsElsewhere(word, next string) bool {
	return timeWords[next] || word == "those" && (next == "who" || next == "whose")
}

// leansOn returns the words of a sentence's opening that need the sentence
// before it; "" where it stands alone.
func leansOn(language string, sentence passage) string {
	if language == "" {
		language = "en"
	}
	if said := leansUnspaced(language, sentence.text); said != "" {
		return said
	}
	text := afterDateline(sentence.text)
	var room [openingLength + 1]openingWord
	opening := openingWords(sentence.after(len(sentence.text)-len(text)), room[:0])
	if len(opening) == 0 {
		return ""
	}
	if said := leansByOpener(language, opening); said != "" {
		return said
	}
	if isHalf(opening[0].low, text) {
		return opening[0].text
	}
	return cmp.Or(agedStranger(language, opening), pronounsOf[language].before(opening, text), pronounsOf[language].speaks(text))
}

// unspacedOpeners are the openers of languages that set no spaces.
var unspacedOpeners = map[string][]string{
	"zh": strings.Fields("他 她 它 这 這 那 此 其 但 然而 不过 不過 因此 所以 于是 於是 另外 同时 同時 而 并 並 也 还 還 例如 比如 該 该"),
	"ja": strings.Fields("彼 これ それ あれ この その あの こう そう ここ そこ しかし だが ただ また さらに そして なお 一方 さて だから つまり 例えば たとえば ところが でも"),
	"ko": strings.Fields("그는 그녀는 그가 그녀가 그의 그녀의 그들은 이는 이를 이에 이번 그러나 하지만 그리고 그래서 그러니 그런데 또 또한 따라서 한편 반면"),
	"th": strings.Fields("เขา เธอ มัน พวกเขา นี่ นั่น แต่ และ หรือ อย่างไรก็ตาม ดังนั้น นอกจากนี้ ซึ่ง โดย ทั้งนี้ ขณะที่"),
}

func leansUnspaced(language, sentence string) string {
	sentence = strings.TrimLeft(sentence, openingMarks)
	for _, o := range unspacedOpeners[language] {
		if strings.HasPrefix(sentence, o) {
			return o
		}
	}
	return ""
}

// isHalf tells of a sentence whose other half is the one before it.
func isHalf(first, sentence string) bool {
	switch first {
	case "because":
		return !strings.Contains(sentence, ",")
	case "who", "which", "whose":
		return !isQuestion(sentence)
	default:
		return false
	}
}

// An openingWord is one of a sentence's first words, and what follows it.
type openingWord struct {
	text, low string
	end       int // byte of the sentence
	upper     bool
	comma     bool // a comma follows
}

const openingLength = 10 // words

// openingWords appends them to all.
func openingWords(sentence passage, all []openingWord) []openingWord {
	const longest = openingLength * 12 // bytes
	for _, w := range sentence.words {
		end := w.end - sentence.start
		if len(all) >= openingLength || end > longest {
			break
		}
		text, rest := cutApostrophe(sentence.textOf(w))
		comma := strings.HasPrefix(sentence.text[end:], ",")
		all = append(all, openingWord{text: text, low: strings.ToLower(text), end: end, upper: w.upper, comma: comma && rest == ""})
		if rest != "" {
			all = append(all, openingWord{text: rest, low: strings.ToLower(rest), end: end, comma: comma})
		}
	}
	return all
}

// cutApostrophe cuts "he's" in two.
func cutApostrophe(word string) (before, after string) {
	if before, after, found := strings.Cut(word, "'"); found {
		return before, after
	}
	before, after, _ = strings.Cut(word, "’")
	return before, after
}

func leansByOpener(language string, opening []openingWord) string {
	for _, o := range openers[language+" "+opening[0].low] {
		if !o.follows(opening[1:]) || o.comma && !opening[len(o.rest)].comma {
			continue
		}
		if len(o.rest) == 0 && len(opening) > 1 && pointsElsewhere(opening[0].low, opening[1].low) {
			continue
		}
		texts := make([]string, 0, len(o.rest)+1)
		for _, w := range opening[:len(o.rest)+1] {
			texts = append(texts, w.text)
		}
		return strings.Join(texts, " ")
	}
	return ""
}

func (o opener) follows(opening []openingWord) bool {
	if len(opening) < len(o.rest) {
		return false
	}
	for i, w := range o.rest {
		if opening[i].low != w {
			return false
		}
	}
	return true
}

// agedStranger finds "The 34-year-old", whose name stands before.
func agedStranger(language string, opening []openingWord) string {
	if language == "en" && len(opening) > 3 && opening[0].low == "the" && opening[2].low == "year" && opening[3].low == "old" {
		return "The " + opening[1].text + "-year-old"
	}
	return ""
}
