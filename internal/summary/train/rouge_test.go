package main

import (
	"math"
	"testing"
)

func TestStem(t *testing.T) {
	// The examples of Porter's paper, step by step.
	for word, want := range map[string]string{
		"caresses": "caress", "ponies": "poni", "caress": "caress", "cats": "cat", "feed": "feed", "plastered": "plaster",
		"bled": "bled", "motoring": "motor", "sing": "sing", "conflated": "conflat", "troubled": "troubl", "sized": "size", "hopping": "hop",
		"tanned": "tan", "falling": "fall", "hissing": "hiss", "fizzed": "fizz", "failing": "fail", "filing": "file", "happy": "happi", "sky": "sky",
		"relational": "relat", "conditional": "condit", "rational": "ration", "valenci": "valenc", "digitizer": "digit", "radicalli": "radic",
		"differentli": "differ", "vileli": "vile", "analogousli": "analog", "vietnamization": "vietnam", "predication": "predic", "operator": "oper",
		"feudalism": "feudal", "decisiveness": "decis", "hopefulness": "hope", "formaliti": "formal", "sensitiviti": "sensit", "sensibiliti": "sensibl",
		"triplicate": "triplic", "formative": "form", "formalize": "formal", "electriciti": "electr", "electrical": "electr", "hopeful": "hope",
		"goodness": "good", "revival": "reviv", "allowance": "allow", "inference": "infer", "airliner": "airlin", "adjustable": "adjust",
		"replacement": "replac", "adjustment": "adjust", "dependent": "depend", "adoption": "adopt", "communism": "commun", "activate": "activ",
		"effective": "effect", "probate": "probat", "rate": "rate", "cease": "ceas", "roll": "roll",
		"generalizations": "gener", "oscillators": "oscil",
	} {
		if got := stem(word); got != want {
			t.Errorf("stem(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestScore(t *testing.T) {
	tests := []struct {
		name, summary, reference string
		want                     rouge
	}{
		{"the same", "Bread rises again.", "bread, rises: AGAIN", rouge{1, 1, 1}},
		{"nothing in common", "Bread rises.", "Milk sank.", rouge{0, 0, 0}},
		{"empty", "", "Milk sank.", rouge{0, 0, 0}},
		{"one of Lin's", "police kill the gunman", "police killed the gunman", rouge{1, 1, 1}},
		{"another order", "the gunman kill police", "police killed the gunman", rouge{1, 1.0 / 3, 0.5}},
		{"a word counts as often as both have it", "the the the cat", "the cat", rouge{2.0 * 2 / 6, 2.0 * 1 / 4, 2.0 * 2 / 6}},
		{"half", "a b c d", "a x c y", rouge{0.5, 0, 0.5}},
		{"stems", "The minister was visiting bakeries", "ministers visited a bakery", rouge{2.0 * 3 / 9, 0, 2.0 * 3 / 9}},
		{"digits and hyphens", "A 45-year-old won 1,000", "45 year old: 1 000", rouge{2.0 * 5 / 12, 2.0 * 3 / 10, 2.0 * 5 / 12}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := score(tokens(tt.summary), tokens(tt.reference))
			if math.Abs(got.one-tt.want.one)+math.Abs(got.two-tt.want.two)+math.Abs(got.long-tt.want.long) > 1e-9 {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}
