package summary

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func folded(sentences []string) []string {
	var out []string
	for _, s := range sentences {
		out = append(out, strings.Join(strings.Fields(s), " "))
	}
	return out
}

func texts(sentences []Sentence) []string {
	var out []string
	for _, s := range sentences {
		out = append(out, s.Text)
	}
	return out
}

// How many of the golden rules hold: of the first ones, which carry names, and
// of all. Many of the others want the text rewritten.
const (
	namedRules  = 52
	namedFloor  = 52
	goldenFloor = 148
)

func TestGoldenRules(t *testing.T) {
	const file = "../../../shared/data/summaries/sentence-golden-rules-en.json"
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the golden rules are not here: " + file)
	}
	var rules []struct {
		Name, Text string
		Expect     []string
	}
	if err := errors.Join(err, json.Unmarshal(data, &rules)); err != nil {
		t.Fatal(err)
	}
	right, named := 0, 0
	for i, r := range rules {
		got, want := folded(texts(Split(r.Text, "en"))), folded(r.Expect)
		if slices.Equal(got, want) {
			right++
			if i < namedRules {
				named++
			}
			continue
		}
		t.Logf("%s (-want +got):\n%s", r.Name, cmp.Diff(want, got))
	}
	t.Logf("%d of %d named golden rules hold, %d of %d in all", named, namedRules, right, len(rules))
	if right < goldenFloor || named < namedFloor {
		t.Errorf("only %d named golden rules hold, want %d; in all %d, want %d", named, namedFloor, right, goldenFloor)
	}
}

func TestSplit(t *testing.T) {
	tests := []struct {
		name, language, text string
		want                 []string
	}{
		{"nothing", "en", " \n\n ", nil},
		{"heading without a stop", "en", "Bread\n\nPrices rose.\r\n \r\nBakers shrugged.", []string{"Bread", "Prices rose.", "Bakers shrugged."}},
		{"lines of one paragraph", "en", "Prices\nrose again.\nBakers shrugged.", []string{"Prices\nrose again.", "Bakers shrugged."}},
		{"repetition", "", "It rained. It rained.", []string{"It rained.", "It rained."}},
		{"abbreviation inside", "en", "The U.S. National Security Council met. It agreed.", []string{"The U.S. National Security Council met.", "It agreed."}},
		{"abbreviation at the end", "en", "They live in the U.S. However, they vote in Spain.", []string{"They live in the U.S.", "However, they vote in Spain."}},
		{"a mark in a name", "en", "She told E! News about it. So am I! Nobody laughed.", []string{"She told E! News about it.", "So am I!", "Nobody laughed."}},
		{"glued to the stop", "en", "The end came late.The crowd left.", []string{"The end came late.", "The crowd left."}},
		{"names with stops inside", "en", "Node.js and Booking.com and example.org/The grew.", []string{"Node.js and Booking.com and example.org/The grew."}},
		{"quotation stays together", "en", "“We were late. We are sorry,” she said. Nobody laughed.", []string{"“We were late. We are sorry,” she said.", "Nobody laughed."}},
		{"quotation that ends the sentence", "en", "He called it an “important escalation.” Others did not.", []string{"He called it an “important escalation.”", "Others did not."}},
		{"quotation never closed", "en", "“We were late. Sorry. Nobody laughed.", []string{"“We were late.", "Sorry.", "Nobody laughed."}},
		{"apostrophes are no quotation", "en", "The players' bus left. 'Tis late. It's the bakers' turn.", []string{"The players' bus left.", "'Tis late.", "It's the bakers' turn."}},
		{"list numbers", "en", "1. Wash the leeks.\n2. Cut them.", []string{"1. Wash the leeks.", "2. Cut them."}},
		{"bullets", "en", "We need:\n• leeks\n• salt", []string{"We need:", "• leeks", "• salt"}},
		{"German ordinals and abbreviations", "de-AT", "Am 3. Oktober kamen ca. 2 Mio. Gäste, z. B. aus Graz. Sie blieben.", []string{"Am 3. Oktober kamen ca. 2 Mio. Gäste, z. B. aus Graz.", "Sie blieben."}},
		{"German quotation", "de", "„Wir kamen spät. Verzeihung“, sagte sie. Niemand lachte.", []string{"„Wir kamen spät. Verzeihung“, sagte sie.", "Niemand lachte."}},
		{"French", "fr", "M. Dupont a parlé. « Il est tard. Rentrons », a-t-il dit.", []string{"M. Dupont a parlé.", "« Il est tard. Rentrons », a-t-il dit."}},
		{"Japanese", "ja", "雨が降った。「遅い。」と彼は言った。", []string{"雨が降った。", "「遅い。」と彼は言った。"}},
		{"Chinese", "zh", "下雨了。“太晚了。回家吧。”他说。没有人笑。“好。”李明对记者说。", []string{"下雨了。", "“太晚了。回家吧。”他说。", "没有人笑。", "“好。”李明对记者说。"}},
		{"Thai", "th", strings.Repeat("ขนมปังแพงขึ้น", 6) + " " + strings.Repeat("แก๊สแพงขึ้น", 5), []string{strings.Repeat("ขนมปังแพงขึ้น", 6), strings.Repeat("แก๊สแพงขึ้น", 5)}},
		{"Hindi", "hi", "रोटी महंगी हो गई। कोई नहीं हँसा।", []string{"रोटी महंगी हो गई।", "कोई नहीं हँसा।"}},
		{"last letter of several bytes", "en", "She went to the café. He stayed. They all love Zoë", []string{"She went to the café.", "He stayed.", "They all love Zoë"}},
		{"broken encoding", "en", "It \xffrained. It snowed.\xfe", []string{"It \xffrained.", "It snowed.\xfe"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, texts(Split(tt.text, tt.language))); diff != "" {
				t.Errorf("sentences (-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzSplit(f *testing.F) {
	for _, text := range []string{
		"Hello. World!", "“A. B,” he said.\n\nC", "1. x\n• y", "a.The b", "x\xff. Y\xfe", "。。", "U.S. How are you?", "…\r\n\r\n. . .", "'A. B.' C", "\u2028a. B",
	} {
		f.Add(text, "en")
		f.Add(text, "de")
	}
	f.Fuzz(func(t *testing.T, text, language string) {
		at := 0
		for _, s := range Split(text, language) {
			if s.Start < at || s.End <= s.Start || s.End > len(text) {
				t.Fatalf("sentence %+v is out of order or empty, after byte %d of %d", s, at, len(text))
			}
			if text[s.Start:s.End] != s.Text || strings.TrimSpace(s.Text) != s.Text {
				t.Fatalf("sentence %+v is not verbatim", s)
			}
			if strings.TrimSpace(text[at:s.Start]) != "" {
				t.Fatalf("%q before %+v is in no sentence", text[at:s.Start], s)
			}
			if strings.Contains(s.Text, "\n\n") {
				t.Fatalf("sentence %+v crosses a paragraph", s)
			}
			at = s.End
		}
		if strings.TrimSpace(text[at:]) != "" {
			t.Fatalf("%q at the end is in no sentence", text[at:])
		}
	})
}

// A hostile text must not cost more than its length.
func TestSplitTakesLinearTime(t *testing.T) {
	for _, unit := range []string{"a", "'a. ", "“a. ", "1. ", ". . ", "A.B.", "\n• ", ".\xff"} {
		text := strings.Repeat(unit, 100_000/len(unit))
		start := time.Now()
		Split(text, "en")
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%q repeated took %v", unit, took)
		}
	}
}
