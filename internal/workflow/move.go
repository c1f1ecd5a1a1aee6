package workflow

import "context"

// MoveDatabase takes everything that is known to an empty database at an
// address, see Store.MoveTo, while nobody sends or compiles. An issue on its way
// moves from the folder that sends it, and goes on there.
func (d *Desk) MoveDatabase(ctx context.Context, address string, progress func(rows, all int)) (rows int, err error) {
	for _, lock := range []string{lockSend, lockCompile} {
		release, err := d.Store.Lock(ctx, lock)
		if err != nil {
			return 0, err
		}
		defer release()
	}
	if err := d.takeAlong(ctx); err != nil {
		return 0, err
	}
	return d.Store.MoveTo(ctx, address, progress)
}

// takeAlong makes sure that what is on its way is sent from here. A file goes on
// only in the folder with its mark; at a server every folder was as good as
// another, so from now on it is this one.
func (d *Desk) takeAlong(ctx context.Context) error {
	records, err := d.Store.Issues(ctx)
	if err != nil {
		return err
	}
	counter, err := d.Store.Counter(ctx)
	if err != nil {
		return err
	}
	for _, r := range records {
		if !onItsWay(r) {
			continue
		}
		if err := d.verify(ctx, r); err != nil {
			return err
		}
		if !d.Store.Shared() {
			continue
		}
		if err := d.mark(r.Key, counter, true); err != nil {
			return err
		}
	}
	return nil
}
