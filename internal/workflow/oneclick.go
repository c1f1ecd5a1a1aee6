package workflow

import (
	"cmp"
	"context"
	"fmt"

	"broadsheet/internal/message"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/preflight"
)

// tryOneClick makes the request that a mail program makes when its reader
// leaves by one click. Only an edition whose endpoint answered it promises one.
func (d *Desk) tryOneClick(ctx context.Context, e *Edition) []preflight.Fault {
	e.OneClick = false
	if !d.Publication.Unsubscribe.OneClick {
		return nil
	}
	if err := d.oneClick(ctx); err != nil {
		return []preflight.Fault{{Rule: preflight.RuleOneClick, Where: "unsubscribe.url", Message: err.Error()}}
	}
	e.OneClick = true
	return nil
}

func (d *Desk) oneClick(ctx context.Context) error {
	address, form, err := message.OneClickTest(d.Publication.Unsubscribe)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, sendPatience)
	defer cancel()
	status, err := d.Post(ctx, address, form)
	switch {
	case err != nil:
		return err
	case status >= 300 && status <= 399:
		return fmt.Errorf("the page leads elsewhere (%d), which mail programs do not follow", status)
	case status < 200 || status > 299:
		return fmt.Errorf("the page answers a one-click request with %d", status)
	}
	return nil
}

// headers are what all letters of a mailing say of it. oneClick: the endpoint
// answers.
func (d *Desk) headers(oneClick bool) newsletter.Headers {
	p := d.Publication
	h := newsletter.Headers{
		From: p.From.String(), EnvelopeFrom: cmp.Or(p.ReturnPath, p.From.Address), ListID: p.ID, ListName: p.Name,
		Archive: p.ArchiveURL, Unsubscribe: p.Unsubscribe, MessageDomain: p.ID,
	}
	h.Unsubscribe.OneClick = oneClick
	if p.ReplyTo != nil {
		h.ReplyTo = p.ReplyTo.String()
	}
	return h
}
