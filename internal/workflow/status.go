package workflow

import (
	"context"
	"fmt"
	"slices"

	"broadsheet/internal/newsletter"
)

// A StatusReport says what has become of an issue's deliveries.
type StatusReport struct {
	Issue        string                    `json:"issue"`
	Status       string                    `json:"status"` // draft, abandoned, sending or finished
	States       map[newsletter.State]int  `json:"states"`
	SkippedEmpty int                       `json:"skipped_empty"`
	Uncertain    []string                  `json:"uncertain_addresses"`
	Failures     map[string]int            `json:"failures"` // by reply code; "0": the line broke
	Replies      map[string]string         `json:"replies"`  // one example for each code
	Affected     []Affected                `json:"affected"`
	Domains      map[string]map[string]int `json:"domains"` // states by domain
	Corrections  []CorrectionStatus        `json:"corrections,omitempty"`
	Despite      *Override                 `json:"despite,omitempty"`
}

// A CorrectionStatus says what has become of a correction's deliveries. Its
// uncertain ones are among the issue's.
type CorrectionStatus struct {
	Mailing string                   `json:"mailing"`
	States  map[newsletter.State]int `json:"states"`
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
	for _, s := range record.Further {
		if s.Corrects != "" {
			r.Corrections = append(r.Corrections, CorrectionStatus{s.Mailing, s.States})
		}
	}
	letters := record.Letters()
	for _, id := range record.Mailings() {
		for delivery, err := range d.Store.Deliveries(ctx, id) {
			if err != nil {
				return r, err
			}
			if slices.Contains(letters, id) {
				r.count(delivery)
			}
			r.affect(delivery)
		}
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

// count counts a delivery by domain.
func (r *StatusReport) count(d newsletter.Delivery) {
	domain := d.Address.Domain()
	if r.Domains[domain] == nil {
		r.Domains[domain] = make(map[string]int)
	}
	r.Domains[domain][string(d.State)]++
}

// affect notes a delivery that did not simply arrive.
func (r *StatusReport) affect(d newsletter.Delivery) {
	switch d.State {
	case newsletter.Sent, newsletter.Queued, newsletter.Claimed:
		return
	case newsletter.Suppressed:
	case newsletter.Uncertain:
		r.Uncertain = append(r.Uncertain, d.Address.Spelled)
	case newsletter.Deferred, newsletter.Refused:
		code := fmt.Sprint(d.Code)
		r.Failures[code]++
		r.Replies[code] = d.Reply
	}
	a := Affected{Address: d.Address.Spelled, State: d.State, Code: d.Code, Reply: d.Reply}
	if d.State == newsletter.Deferred {
		a.Due = d.Due.UTC().Format("2006-01-02T15:04:05Z")
	}
	r.Affected = append(r.Affected, a)
}
