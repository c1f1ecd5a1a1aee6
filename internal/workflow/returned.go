package workflow

import (
	"context"
	"strings"

	"broadsheet/internal/message"
	"broadsheet/internal/newsletter"
)

// A Returned letter is one whose bounce came to the return path of its own.
type Returned struct {
	Issue    string
	Delivery newsletter.Delivery
}

// Returned finds the letter that was sent with a return path; false: the
// address is not of that kind.
func (d *Desk) Returned(ctx context.Context, address string) (r Returned, ok bool, err error) {
	if !strings.Contains(d.Publication.ReturnPath, newsletter.ReturnToken) {
		return r, false, nil
	}
	secret, err := d.secret(ctx)
	if err != nil {
		return r, false, err
	}
	r.Delivery, ok, err = message.ParseReturnPath(secret, d.Publication.ReturnPath, address, func(number int64) (newsletter.Delivery, bool, error) {
		return d.Store.Delivery(ctx, number)
	})
	if err != nil || !ok {
		return r, false, err
	}
	m, err := d.Store.Mailing(ctx, r.Delivery.Mailing)
	r.Issue = m.Issue
	return r, true, err
}
