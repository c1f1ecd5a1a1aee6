package workflow

import (
	"context"
	"encoding/json"
	"time"

	"golang.org/x/sync/errgroup"

	"broadsheet/internal/newsletter"
)

const (
	// linksAtOnce bounds how many links are followed side by side; the client
	// sees to it that no server gets more than two requests at a time.
	linksAtOnce = 32
	// linksKept is how long a link that worked is not asked again.
	linksKept = time.Hour
)

// linksFile keeps what the web said of an issue's links. It can be deleted.
func linksFile(key string) string { return "issues/" + key + "/links.json" }

// follow asks the web about links, side by side and no longer than patience
// lasts; a link that worked lately is not asked. Without patience the answers
// are those of the last time.
func (d *Desk) follow(ctx context.Context, key string, links []string, patience time.Duration) []newsletter.LinkAnswer {
	known, now := d.knownLinks(key), d.Clock.Now()
	var answers []newsletter.LinkAnswer
	var ask []string
	for _, link := range links {
		a, ok := known[link]
		age := now.Sub(a.At)
		lately := ok && age >= 0 && age < linksKept
		switch works := a.Status >= 200 && a.Status <= 299; {
		case lately && (works || patience == 0):
			answers = append(answers, a)
		case patience > 0:
			ask = append(ask, link)
		}
	}
	if len(ask) == 0 || d.Follow == nil {
		return answers
	}
	answers = append(answers, d.ask(ctx, ask, now, patience)...)
	d.keepLinks(key, answers)
	return answers
}

func (d *Desk) ask(ctx context.Context, links []string, now time.Time, patience time.Duration) []newsletter.LinkAnswer {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	answers := make([]newsletter.LinkAnswer, len(links))
	var group errgroup.Group
	group.SetLimit(linksAtOnce)
	for i, link := range links {
		group.Go(func() error {
			if ctx.Err() == nil {
				answers[i] = d.Follow(ctx, link)
			}
			answers[i].URL, answers[i].At = link, now
			answers[i].Late = answers[i].Status == 0 && ctx.Err() != nil
			return nil
		})
	}
	_ = group.Wait() // no answer is an error
	return answers
}

// knownLinks reads what was kept. A file that cannot be read is no loss.
func (d *Desk) knownLinks(key string) map[string]newsletter.LinkAnswer {
	var list []newsletter.LinkAnswer
	if data, err := d.Folder.Read(linksFile(key)); err == nil {
		_ = json.Unmarshal(data, &list) // the web is asked instead
	}
	known := make(map[string]newsletter.LinkAnswer, len(list))
	for _, a := range list {
		known[a.URL] = a
	}
	return known
}

// keepLinks writes the answers; where that fails the web is asked again.
func (d *Desk) keepLinks(key string, answers []newsletter.LinkAnswer) {
	var list []newsletter.LinkAnswer
	for _, a := range answers {
		if !a.Late {
			list = append(list, a)
		}
	}
	if data, err := json.MarshalIndent(list, "", "  "); err == nil {
		_ = d.Folder.Write(linksFile(key), append(data, '\n'), 0o644)
	}
}
