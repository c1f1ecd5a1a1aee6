package classify_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"hash/fnv"
	"io/fs"
	"math"
	"os"
	"testing"

	"broadsheet/internal/classify"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/selection"
)

const collection = "../../../shared/data/topics/bbc-dev.jsonl"

// labelled reads the collection of articles under five topics that lies beside
// the project. Articles that tell the same are of one group.
func labelled(t testing.TB) []classify.Example {
	t.Helper()
	f, err := os.Open(collection)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not at hand: real articles are not part of the project", collection)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var examples []classify.Example
	var articles []newsletter.Article
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r struct{ ID, Title, Text, Topic string }
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		examples = append(examples, classify.Example{ID: r.ID, Text: r.Title + "\n\n" + r.Text, Topics: []string{r.Topic}})
		articles = append(articles, newsletter.Article{ID: r.ID, Title: r.Title, Text: r.Text})
	}
	for _, group := range selection.Stories(articles) {
		for i, e := range examples {
			for _, id := range group {
				if e.ID == id {
					examples[i].Group = group[0]
				}
			}
		}
	}
	return examples
}

func TestAccuracy(t *testing.T) {
	m, report := classify.Train(labelled(t), "en")
	data, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("accuracy %.3f of %d articles; the model has %d bytes", report.Accuracy, report.Examples, len(data))
	for _, topic := range report.Topics {
		t.Logf("%-14s %+v", topic.Topic, topic)
	}
	if report.Accuracy < 0.96 {
		t.Errorf("accuracy %.3f", report.Accuracy)
	}
}

// TestCrossValidation judges whole models, thresholds included, by articles of
// which they saw neither these nor twins.
func TestCrossValidation(t *testing.T) {
	const folds = 5
	examples := labelled(t)
	named, right, certain, any := 0, 0, 0.0, 0
	for f := range folds {
		var train, held []classify.Example
		for _, e := range examples {
			if foldOf(e, folds) == f {
				held = append(held, e)
			} else {
				train = append(train, e)
			}
		}
		m, _ := classify.Train(train, "en")
		for _, e := range held {
			list := m.Predict(e.Text)
			any += min(1, len(list))
			for _, p := range list {
				named++
				certain += p.Confidence
				if p.Topic == e.Topics[0] {
					right++
				}
			}
		}
	}
	precision, recall, confidence := float64(right)/float64(named), float64(right)/float64(len(examples)), certain/float64(named)
	t.Logf("of %d articles %d got a topic; precision %.3f, recall %.3f, mean confidence %.3f", len(examples), any, precision, recall, confidence)
	if precision < 0.965 || recall < 0.9 {
		t.Errorf("precision %.3f, recall %.3f", precision, recall)
	}
	if math.Abs(confidence-precision) > 0.03 {
		t.Errorf("a mean confidence of %.3f stands for a precision of %.3f", confidence, precision)
	}
}

// foldOf puts all of a group into one fold.
func foldOf(e classify.Example, folds uint32) int {
	h := fnv.New32a()
	h.Write([]byte(e.Group))
	return int(h.Sum32() % folds)
}
