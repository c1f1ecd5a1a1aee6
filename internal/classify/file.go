package classify

import (
	"encoding/json"
	"errors"
	"fmt"
)

// version is of the form in which models are kept. Another one's features may
// be cut differently.
const version = 1

type document struct {
	Version  int          `json:"version"`
	Language string       `json:"language"`
	Topics   []topicEntry `json:"topics"`
}

type topicEntry struct {
	Topic     string             `json:"topic"`
	Bias      float64            `json:"bias"`
	Threshold float64            `json:"threshold"`
	Steps     [][2]float64       `json:"confidence"` // from this score on, so sure
	Weights   map[string]float64 `json:"weights"`
}

// MarshalJSON writes the model for Read, the same bytes for the same model.
func (m *Model) MarshalJSON() ([]byte, error) {
	d := document{Version: version, Language: m.language, Topics: []topicEntry{}}
	for _, t := range m.topics {
		e := topicEntry{Topic: t.id, Bias: t.bias, Threshold: t.threshold, Weights: t.weights}
		for _, s := range t.steps {
			e.Steps = append(e.Steps, [2]float64{s.score, s.confidence})
		}
		d.Topics = append(d.Topics, e)
	}
	return json.Marshal(d)
}

// ErrVersion is the error of a model that another version wrote: train anew.
var ErrVersion = errors.New("another version of the program wrote the model")

// Read reads what MarshalJSON wrote.
func Read(data []byte) (*Model, error) {
	var d document
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, fmt.Errorf("read the model: %w", err)
	}
	if d.Version != version {
		return nil, fmt.Errorf("read the model: version %d: %w", d.Version, ErrVersion)
	}
	m := &Model{language: d.Language}
	for _, e := range d.Topics {
		t := topic{id: e.Topic, bias: e.Bias, threshold: e.Threshold, weights: e.Weights}
		for _, s := range e.Steps {
			if s[1] < 0 || s[1] > 1 {
				return nil, fmt.Errorf("read the model: topic %q: %v is no confidence", e.Topic, s)
			}
			t.steps = append(t.steps, step{s[0], s[1]})
		}
		m.topics = append(m.topics, t)
	}
	return m, nil
}
