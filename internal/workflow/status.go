package workflow

import (
	"context"
	"fmt"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/report"
)

// A StatusReport says what has become of an issue's deliveries, late readers
// included. Its corrections are counted apart.
type StatusReport struct {
	Issue        string                    `json:"issue"`
	Status       string                    `json:"status"` // draft, abandoned, sending or finished
	States       map[newsletter.State]int  `json:"states"`
	SkippedEmpty int                       `json:"skipped_empty"`
	Uncertain    []string                  `json:"uncertain_addresses"`
	Failures     map[string]int            `json:"failures"` // by reply code; "0": the line broke
	Replies      map[string]string         `json:"replies"`  // one example for each code
	Affected     []Affected                `json:"affected"`
	Domains      map[string]map[string]int `json:"domains"`                // states by domain
	Late         []LateStatus              `json:"late_readers,omitempty"` // counted above too
	Corrections  []CorrectionStatus        `json:"corrections,omitempty"`
	Despite      *Override                 `json:"despite,omitempty"`
	Canary       *report.Canary            `json:"canary,omitempty"`
}

// A LateStatus says what has become of the deliveries to readers who came late.
type LateStatus struct {
	Mailing string                   `json:"mailing"`
	States  map[newsletter.State]int `json:"states"`
}

// A CorrectionStatus says what has become of a correction's deliveries.
type CorrectionStatus struct {
	Mailing   string                   `json:"mailing"`
	States    map[newsletter.State]int `json:"states"`
	Uncertain []string                 `json:"uncertain_addresses"`
	Affected  []Affected               `json:"affected"`
}

// Affected is a delivery that did not simply arrive.
type Affected struct {
	Address string           `json:"address"`
	State   newsletter.State `json:"state"`
	Code    int              `json:"code,omitempty"`
	Reply   string           `json:"reply,omitempty"`
	Due     string           `json:"due,omitempty"`
}

// Status reports an issue's deliveries by state, domain and reply code, and
// who is affected.
func (d *Desk) Status(ctx context.Context, key string) (StatusReport, error) {
	record, err := d.FindIssue(ctx, key)
	if err != nil {
		return StatusReport{}, err
	}
	r := StatusReport{
		Issue: record.Key, Status: issueStatus(record), States: make(map[newsletter.State]int),
		Uncertain: []string{}, Affected: []Affected{}, Failures: make(map[string]int),
		Replies: make(map[string]string), Domains: make(map[string]map[string]int),
	}
	for _, s := range newsletter.States {
		r.States[s] = record.States[s]
	}
	if !frozen(record) {
		return r, nil
	}
	m, err := d.Store.Mailing(ctx, record.Key)
	if err != nil {
		return r, err
	}
	r.SkippedEmpty, r.Despite = m.SkippedEmpty, d.overridden(record.Key)
	if r.Canary, err = d.canaryReport(ctx, m.ID); err != nil {
		return r, err
	}
	for _, id := range record.Letters() {
		for delivery, err := range d.Store.Deliveries(ctx, id) {
			if err != nil {
				return r, err
			}
			r.count(delivery)
		}
	}
	for _, s := range record.Further {
		if s.Corrects == "" {
			r.Late = append(r.Late, LateStatus{Mailing: s.Mailing, States: s.States})
			continue
		}
		c := CorrectionStatus{Mailing: s.Mailing, States: s.States, Uncertain: []string{}, Affected: []Affected{}}
		for delivery, err := range d.Store.Deliveries(ctx, s.Mailing) {
			if err != nil {
				return r, err
			}
			c.Affected, c.Uncertain = affect(c.Affected, c.Uncertain, delivery)
		}
		r.Corrections = append(r.Corrections, c)
	}
	return r, nil
}

func issueStatus(r newsletter.IssueRecord) string {
	switch {
	case unfinished(r):
		return "sending"
	case frozen(r):
		return "finished"
	case r.Abandoned:
		return "abandoned"
	default:
		return "draft"
	}
}

// count counts a delivery by domain and reply.
func (r *StatusReport) count(d newsletter.Delivery) {
	domain := d.Address.Domain()
	if r.Domains[domain] == nil {
		r.Domains[domain] = make(map[string]int)
	}
	r.Domains[domain][string(d.State)]++
	r.Affected, r.Uncertain = affect(r.Affected, r.Uncertain, d)
	if d.State == newsletter.Deferred || d.State == newsletter.Refused {
		code := fmt.Sprint(d.Code)
		r.Failures[code]++
		r.Replies[code] = d.Reply
	}
}

// affect adds a delivery that did not simply arrive.
func affect(list []Affected, uncertain []string, d newsletter.Delivery) ([]Affected, []string) {
	switch d.State {
	case newsletter.Sent, newsletter.Queued, newsletter.Claimed:
		return list, uncertain
	case newsletter.Uncertain:
		uncertain = append(uncertain, d.Address.Spelled)
	case newsletter.Suppressed, newsletter.Deferred, newsletter.Refused:
	}
	a := Affected{Address: d.Address.Spelled, State: d.State, Code: d.Code, Reply: d.Reply}
	if d.State == newsletter.Deferred {
		a.Due = d.Due.UTC().Format("2006-01-02T15:04:05Z")
	}
	return append(list, a), uncertain
}
