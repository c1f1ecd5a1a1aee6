package classify

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fields are the words of three made-up topics, and everybody's.
var fields = map[string][]string{
	"garden": strings.Fields("rose hedge soil compost seed tulip lawn pruning orchard blossom shed spade watering greenhouse"),
	"boats":  strings.Fields("harbour sail anchor tide rudder regatta mast deck keel skipper lighthouse crew mooring jib"),
	"bread":  strings.Fields("oven flour yeast crust baker loaf dough rye sourdough crumb kneading mill bakery butter"),
	"":       strings.Fields("yesterday people city council morning plan money street weather neighbour evening letter market music winter"),
}

// made writes an example of a topic, half of it in everybody's words.
func made(r *rand.Rand, id string, topics ...string) Example {
	var text []string
	for range 60 {
		from := fields[""]
		if r.IntN(2) == 0 {
			from = fields[topics[r.IntN(len(topics))]]
		}
		text = append(text, from[r.IntN(len(from))])
	}
	return Example{ID: id, Text: strings.Join(text, " "), Topics: topics}
}

func examples(n int) []Example {
	r := rand.New(rand.NewPCG(4, 2))
	var list []Example
	for i := range n {
		list = append(list, made(r, fmt.Sprintf("a%04d", i), []string{"boats", "bread", "garden"}[i%3]))
	}
	return list
}

func topicsIn(list []Prediction) []string {
	var ids []string
	for _, p := range list {
		ids = append(ids, p.Topic)
	}
	slices.Sort(ids)
	return ids
}

func TestPredict(t *testing.T) {
	m, report := Train(examples(150), "en")
	if report.Accuracy < 0.99 || len(m.Topics()) != 3 {
		t.Fatalf("report %+v", report)
	}
	tests := []struct {
		name, text string
		want       []string
	}{
		{"one topic", "The skipper dropped the ANCHOR before the lighthouse; tide and mast, sails and the crew of the regatta", []string{"boats"}},
		{"stems", "anchors, masts, skippers, harbours, tides, rudders, keels, decks, jibs", []string{"boats"}},
		{"none", "people of the city, a letter about the weather, music in the market street on a winter evening", nil},
		{"a headline alone", "Anchor, mast", nil},
		{"empty", "", nil},
		{"broken", "\xff\xfe\x00 \xc3", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, topicsIn(m.Predict(tt.text))); diff != "" {
				t.Errorf("topics (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEvidenceIsInTheText(t *testing.T) {
	m, _ := Train(examples(150), "en")
	list := m.Predict("Anchors and masts: two skippers at the harbour, the tide, the regattas and a council")
	if len(list) != 1 {
		t.Fatalf("predictions %+v", list)
	}
	for _, word := range list[0].Evidence {
		if !strings.Contains(" anchors masts skippers harbour tide regattas ", " "+word+" ") {
			t.Errorf("evidence %q", word)
		}
	}
	if why := list[0].Why(); !strings.HasPrefix(why, "classifier: 0.9") || !strings.Contains(why, " because of ") {
		t.Errorf("why: %s", why)
	}
}

func TestSeveralTopics(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	list := examples(120)
	for i := range 60 {
		list = append(list, made(r, fmt.Sprintf("b%d", i), "boats", "bread"))
	}
	m, _ := Train(list, "en")
	text := made(r, "", "boats", "bread").Text
	if diff := cmp.Diff([]string{"boats", "bread"}, topicsIn(m.Predict(text))); diff != "" {
		t.Errorf("topics (-want +got):\n%s", diff)
	}
}

func TestTooFewExamples(t *testing.T) {
	for _, n := range []int{0, 1, 45} {
		m, report := Train(examples(n), "en")
		if len(m.Topics()) > 0 || m.Predict("anchor mast skipper harbour tide regatta") != nil {
			t.Errorf("%d examples: a topic is named", n)
		}
		for _, topic := range report.Topics {
			if topic.Why == "" {
				t.Errorf("%d examples: nobody says why %s is not learnt", n, topic.Topic)
			}
		}
	}
}

func TestTopicsWithoutWordsOfTheirOwnAreNotNamed(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	list := examples(90)
	for i := range list {
		list[i].Topics = []string{[]string{"heads", "tails"}[r.IntN(2)]}
	}
	m, report := Train(list, "en")
	if len(m.Topics()) > 0 {
		t.Errorf("chance was learnt: %+v", report)
	}
}

func TestSameExamplesSameBytes(t *testing.T) {
	list := examples(100)
	m, report := Train(list, "en")
	want, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(list)
	again, reportAgain := Train(list, "en")
	got, err := json.Marshal(again)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("the order of the examples changes the model")
	}
	if diff := cmp.Diff(report, reportAgain); diff != "" {
		t.Errorf("the order of the examples changes the report:\n%s", diff)
	}
}

func TestReadWhatWasWritten(t *testing.T) {
	m, _ := Train(examples(100), "en")
	data, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	read, err := Read(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range examples(30) {
		if diff := cmp.Diff(m.Predict(e.Text), read.Predict(e.Text)); diff != "" {
			t.Errorf("%s (-written +read):\n%s", e.ID, diff)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for _, data := range []string{"", "{", "[]", `{"version":1}x`, `{"version":1,"topics":[{"confidence":[[0,2]]}]}`, `{"version":1,"topics":[{"bias":1e999}]}`} {
		if _, err := Read([]byte(data)); err == nil {
			t.Errorf("Read(%q) gives no error", data)
		}
	}
	if _, err := Read([]byte(`{"version":99}`)); !errors.Is(err, ErrVersion) {
		t.Errorf("another version: %v", err)
	}
}

func TestTwinsStayInOneFold(t *testing.T) {
	list := examples(200)
	for i := range list {
		list[i].Group = fmt.Sprint(i % 40)
	}
	seen := map[string]int{}
	for i, fold := range foldsOf(list) {
		if before, ok := seen[list[i].Group]; ok && before != fold {
			t.Fatalf("group %s is in folds %d and %d", list[i].Group, before, fold)
		}
		seen[list[i].Group] = fold
	}
}

func TestRising(t *testing.T) {
	scores := []float64{3, 2, 1, 0, -1}
	labels := []bool{true, false, true, false, false}
	got := rising([]int{0, 1, 2, 3, 4}, scores, labels)
	want := []step{{-1, 0.25}, {1, 0.5}, {3, 0.67}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(step{})); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}

func FuzzRead(f *testing.F) {
	m, _ := Train(examples(70), "en")
	data, err := json.Marshal(m)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data, "anchor mast skipper harbour tide")
	f.Add([]byte(`{"version":1,"topics":[{"weights":{"a":1e308,"b":1e308,"c":1,"d":1,"e":1}}]}`), "aa bb cc dd ee a b c d e")
	f.Fuzz(func(t *testing.T, data []byte, text string) {
		m, err := Read(data)
		if err != nil {
			return
		}
		for _, p := range m.Predict(text) {
			if p.Confidence < 0 || p.Confidence > 1 {
				t.Errorf("confidence %v", p.Confidence)
			}
		}
	})
}

func FuzzExtract(f *testing.F) {
	f.Add("Anchors aweigh, 3 masts: l’été", "fr")
	f.Add("在乌克兰的战争 ’s '' 'y", "hu")
	f.Fuzz(func(t *testing.T, text, language string) {
		for feature, spelling := range extract(text, language) {
			if feature == "" || spelling == "" {
				t.Errorf("feature %q of %q", feature, spelling)
			}
		}
	})
}

func BenchmarkPredict(b *testing.B) {
	m, _ := Train(examples(150), "en")
	text := strings.Repeat(examples(1)[0].Text+" ", 10) // 600 words
	b.ReportAllocs()
	for b.Loop() {
		m.Predict(text)
	}
}

func BenchmarkTrain(b *testing.B) {
	list := examples(1000)
	b.ReportAllocs()
	for b.Loop() {
		Train(list, "en")
	}
}
