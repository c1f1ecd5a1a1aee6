package workflow

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"

	"broadsheet/internal/classify"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/selection"
)

// classifierFile keeps what was learnt of the topics. Removing it switches the
// classifier off.
const classifierFile = "topics.model"

// A TopicLine says how many of the known articles carry a topic.
type TopicLine struct {
	ID       string                 `json:"id"`
	Title    string                 `json:"title"`
	Articles int                    `json:"articles"`
	By       map[selection.Rule]int `json:"by"` // articles by the rule that gave them the topic
	Weight   float64                `json:"weight"`
}

// Topics lists the topics with their articles, and tells whether a classifier
// was trained.
func (d *Desk) Topics(ctx context.Context) (lines []TopicLine, trained bool, err error) {
	articles, err := d.Articles(ctx)
	if err != nil {
		return nil, false, err
	}
	by := make(map[string]map[selection.Rule]int)
	for _, t := range d.Publication.Topics {
		by[t.ID] = make(map[selection.Rule]int)
	}
	for _, a := range articles {
		for _, r := range a.Reasons {
			by[r.Topic][r.Rule]++
		}
	}
	for _, t := range d.Publication.Topics {
		line := TopicLine{ID: t.ID, Title: t.Title, By: by[t.ID], Weight: t.Weight}
		for _, n := range line.By {
			line.Articles += n
		}
		lines = append(lines, line)
	}
	guess, err := d.guess()
	return lines, guess != nil, err
}

// TrainTopics learns the topics from the publication's own articles: those
// whose topics an editor, a label or the source names. What it would name
// wrongly too often it does not name at all; the report says how it fared.
func (d *Desk) TrainTopics(ctx context.Context) (classify.Report, error) {
	articles, err := d.Store.Articles(ctx)
	if err != nil {
		return classify.Report{}, err
	}
	pub := *d.Publication
	pub.Topics = withoutKeywords(pub.Topics)
	group := make(map[string]string)
	for _, story := range selection.Stories(articles) {
		for _, id := range story {
			group[id] = story[0]
		}
	}
	var examples []classify.Example
	for _, a := range articles {
		if topics := selection.Topics(&pub, a); len(topics) > 0 {
			examples = append(examples, classify.Example{ID: a.ID, Text: a.Title + "\n\n" + a.Text, Topics: topics, Group: group[a.ID]})
		}
	}
	model, report := classify.Train(examples, pub.Language)
	if len(model.Topics()) == 0 {
		return report, newsletter.Faultf(newsletter.Failure, "it takes some dozens of articles for each topic, labelled by their sources or with: broadsheet articles topic",
			"no topic can be told well enough from %d labelled articles", len(examples))
	}
	data, err := json.Marshal(model)
	if err != nil {
		return report, err
	}
	return report, d.Folder.WriteDurably(classifierFile, data, 0o600)
}

// withoutKeywords leaves a topic to those who name it: a classifier that learnt
// from keywords would only learn the keywords.
func withoutKeywords(topics []newsletter.Topic) []newsletter.Topic {
	bare := make([]newsletter.Topic, len(topics))
	for i, t := range topics {
		t.Keywords = nil
		bare[i] = t
	}
	return bare
}

// guess reads topics out of an article's words; nil where nobody was trained.
func (d *Desk) guess() (selection.Guess, error) {
	data, err := d.Folder.Read(classifierFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // no classifier is the usual case, not a failure
	}
	if err != nil {
		return nil, err
	}
	model, err := classify.Read(data)
	if err != nil {
		return nil, &newsletter.Fault{Kind: newsletter.Failure, Err: err, Hint: "train it anew with: broadsheet topics train; or remove " + classifierFile}
	}
	return func(a newsletter.Article) []selection.TopicReason {
		var reasons []selection.TopicReason
		for _, p := range model.Predict(a.Title + "\n\n" + a.Text) {
			reasons = append(reasons, selection.TopicReason{Topic: p.Topic, Rule: selection.ByClassifier, Why: p.Why()})
		}
		return reasons
	}, nil
}
