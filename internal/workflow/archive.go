package workflow

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path"

	"broadsheet/internal/archive"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/render"
)

// archive writes an edition's page of the web edition. A draft has one for
// proofing and, so that the links in the letters lead somewhere, to be put on
// the web before the issue is sent.
func (d *Desk) archive(ctx context.Context, e *Edition, draft bool) error {
	is, err := e.content()
	if err != nil {
		return err
	}
	return d.writeEdition(ctx, is, draft)
}

// publish brings a mailing's issue into the web edition, with its corrections.
func (d *Desk) publish(ctx context.Context, m newsletter.Mailing) (err error) {
	if m.Headers.Corrects != "" {
		if m, err = d.Store.Mailing(ctx, m.Headers.Corrects); err != nil {
			return err
		}
	}
	return d.writeEdition(ctx, m.Content, false)
}

// writeEdition writes an issue's page of the web edition, and brings the rest of
// it up to date: lists and feeds know only issues that readers have.
func (d *Desk) writeEdition(ctx context.Context, is newsletter.Issue, draft bool) error {
	a, err := d.openArchive(ctx)
	if err != nil {
		return err
	}
	if is.Key != "" { // a ledger from before it kept whole issues has none
		if err := d.writePage(a, is, draft); err != nil {
			return err
		}
	}
	for _, m := range a.Issues {
		_, err := d.Folder.Read(d.archived(archive.PageName(m.Issue)))
		if errors.Is(err, fs.ErrNotExist) && m.Content.Key != "" {
			err = d.writePage(a, m.Content, false)
		}
		if err != nil {
			return err
		}
	}
	for name, draw := range a.Files() {
		data, err := draw()
		if err == nil {
			err = d.writeArchived(name, data)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) openArchive(ctx context.Context) (*archive.Archive, error) {
	style, err := d.houseStyle()
	if err != nil {
		return nil, err
	}
	sent, err := d.Store.Published(ctx)
	a := &archive.Archive{Publication: d.Publication, Style: style, Begun: d.Store.Created()}
	for _, m := range sent {
		if m.Headers.Corrects != "" {
			a.Corrections = append(a.Corrections, m)
		} else {
			a.Issues = append(a.Issues, m)
		}
	}
	return a, err
}

// houseStyle is the publication's own.
func (d *Desk) houseStyle() (render.HouseStyle, error) {
	theme, err := d.Theme(d.Publication.Theme.Name)
	if err != nil {
		return render.HouseStyle{}, err
	}
	return render.NewHouseStyle(d.Publication, theme)
}

func (d *Desk) writePage(a *archive.Archive, is newsletter.Issue, draft bool) error {
	page, err := a.Page(is, draft)
	if err != nil {
		return err
	}
	return d.writeArchived(archive.PageName(is.Key), page)
}

// writeArchived leaves a file alone that is the same: programs that copy the
// archive to the web look at times.
func (d *Desk) writeArchived(name string, data []byte) error {
	name = d.archived(name)
	if before, err := d.Folder.Read(name); err == nil && bytes.Equal(before, data) {
		return nil
	}
	return d.Folder.Write(name, data, 0o644)
}

func (d *Desk) archived(name string) string { return path.Join(d.Publication.Archive, name) }
