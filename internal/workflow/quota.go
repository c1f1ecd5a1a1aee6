package workflow

import (
	"context"
	"math"
	"time"
)

// quotaDay is the window of a day's quota: no day, whenever it begins, has more.
// The server's clock may see a letter a little later than the ledger's.
const quotaDay = 24*time.Hour + time.Minute

// quota is how many letters the day still allows, by the ledger's claims of all
// mailings, and when the next one is allowed where that is none.
func (d *Desk) quota(ctx context.Context) (left int64, freed time.Time, err error) {
	now := d.Clock.Now()
	most := d.Publication.Limits.OnDay(now.In(d.Publication.Location))
	if most == 0 {
		return math.MaxInt64, now, nil
	}
	claims, oldest, err := d.Store.Claims(ctx, now.Add(-quotaDay))
	if err != nil {
		return 0, now, err
	}
	return int64(max(most-claims, 0)), oldest.Add(quotaDay), nil
}
