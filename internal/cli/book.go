package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/preview"
	"broadsheet/internal/workflow"
)

// book is an issue of a publication, read anew for every proof.
type book struct {
	p    *program
	desk *workflow.Desk
	key  string
	look string // file of the editor's last look; "": nowhere to keep it
}

func newBook(p *program, desk *workflow.Desk, key string) book {
	b := book{p: p, desk: desk, key: key}
	// A look is this person's, not the publication's.
	if cache, err := os.UserCacheDir(); err == nil {
		sum := sha256.Sum256([]byte(desk.Publication.Dir + "\x00" + key))
		b.look = filepath.Join(cache, "broadsheet", "looks", hex.EncodeToString(sum[:12])+".json")
	}
	return b
}

// Proof draws the issue with the configuration as it is now.
func (b book) Proof(ctx context.Context) (preview.Proof, error) {
	desk, err := b.p.reload(b.desk)
	if err != nil {
		return preview.Proof{}, err
	}
	drawn, err := desk.Proof(ctx, b.key)
	if err != nil {
		return preview.Proof{}, err
	}
	pub := desk.Publication
	return preview.Proof{
		Key: b.key, Date: drawn.Issue.Date, Issue: drawn.Issue,
		From:   sender(pub),
		Via:    pub.SMTP[0].Address(),
		Letter: pressed{b.key, desk, drawn.Edition}.find,
		Budget: newsletter.PageBudget, Clip: gmailClips,
		Rest: func(ctx context.Context) (preview.Rest, error) {
			edition, findings, err := drawn.Whole(ctx)
			if err != nil {
				return preview.Rest{}, err
			}
			whole := pressed{b.key, desk, edition}
			return preview.Rest{
				Segments: whole.segments(),
				Readers:  sync.OnceValues(func() ([]preview.Choice, error) { return whole.readers(context.WithoutCancel(ctx)) }),
				Letter:   whole.find,
				Findings: findings, Problems: edition.Problems,
			}, nil
		},
	}, nil
}

// gmailClips is the size of the HTML part at which Gmail cuts a letter off.
const gmailClips = 102_000

func sender(pub *newsletter.Publication) string {
	if pub.From.Name != "" {
		return pub.From.Name
	}
	return pub.From.Address
}

// pressed is an edition of an issue, from which letters are cut.
type pressed struct {
	key     string
	desk    *workflow.Desk
	edition *workflow.Edition
}

// segments are those of the picker: the whole issue, then the largest first. A
// frozen issue that nobody reads whole has no such letter.
func (d pressed) segments() []preview.Choice {
	var list []preview.Choice
	if whole, err := d.edition.Portion(newsletter.NewSegment([]string{newsletter.All}, "")); err == nil {
		list = append(list, choice(whole))
	}
	for _, s := range d.edition.Segments {
		if s.Recipe.Segment.Name() != newsletter.All {
			list = append(list, choice(s))
		}
	}
	return list
}

func choice(p workflow.Portion) preview.Choice {
	return preview.Choice{
		Name: p.Recipe.Segment.Name(), Readers: p.Readers,
		Note: number(p.Readers, "reader") + " · " + number(p.Recipe.Items, "item"),
	}
}

// readers are those of the picker.
func (d pressed) readers(ctx context.Context) ([]preview.Choice, error) {
	list, err := d.desk.Recipients(ctx, d.edition)
	choices := make([]preview.Choice, len(list))
	for i, r := range list {
		notes := slices.DeleteFunc([]string{r.Name, r.Segment, r.Why}, func(note string) bool { return note == "" })
		choices[i] = preview.Choice{Name: r.Address.Spelled, Note: strings.Join(notes, " · ")}
	}
	return choices, err
}

// find is the letter of a segment or a reader.
func (d pressed) find(ctx context.Context, name string) (preview.Letter, error) {
	if strings.Contains(name, "@") {
		return d.reader(ctx, name)
	}
	return d.segment(name)
}

// segment is the letter of a segment, for nobody in particular.
func (d pressed) segment(name string) (preview.Letter, error) {
	portion, err := d.desk.Named(d.edition, name)
	if err != nil {
		return preview.Letter{}, err
	}
	segment := portion.Recipe.Segment
	return d.letter(segment.Name(), portion, workflow.TestOptions{Segment: segment.Topics, Language: segment.Language},
		func() (html, text []byte, err error) { return d.desk.Cut(portion) })
}

// reader is the letter of one reader.
func (d pressed) reader(ctx context.Context, name string) (preview.Letter, error) {
	who, err := address(name)
	if err != nil {
		return preview.Letter{}, err
	}
	portion, recipient, err := d.desk.ReaderLetter(ctx, d.edition, who)
	if err != nil {
		return preview.Letter{}, err
	}
	return d.letter(recipient.Address.Spelled, portion, workflow.TestOptions{As: recipient.Address},
		func() (html, text []byte, err error) { return d.desk.CutFor(portion, recipient) })
}

func (d pressed) letter(name string, p workflow.Portion, test workflow.TestOptions, cut func() (html, text []byte, err error)) (preview.Letter, error) {
	html, _, err := cut()
	if err != nil {
		return preview.Letter{}, err
	}
	return preview.Letter{
		Name: name, Segment: p.Recipe.Segment.Name(), Items: p.Recipe.Items,
		Subject: p.Recipe.Subject, Preheader: p.Recipe.Values["preheader"],
		Bytes: len(html), Encoded: newsletter.EncodedSize(html),
		Cut: cut,
		Test: func(ctx context.Context, to string) (string, error) {
			test.Key = d.key
			var err error
			if test.To, err = address(to); err != nil {
				return "", err
			}
			report, err := d.desk.SendTest(ctx, test)
			return report.Reply, err
		},
	}, nil
}

// Watched names the issue's file, the theme, the lists and the configuration.
func (b book) Watched() []string {
	pub := b.desk.Publication
	watched := []string{
		b.desk.Folder.Path("issues/" + b.key + "/issue.md"),
		b.desk.Folder.Path("templates"),
		pub.File,
	}
	for _, pattern := range pub.Lists {
		fixed, _, _ := strings.Cut(pattern, "*")
		watched = append(watched, b.desk.Folder.Path(path.Dir(fixed+"x")))
	}
	return watched
}

// LastLook is the look that was kept; what cannot be read was none.
func (b book) LastLook() (look preview.Look, ok bool) {
	data, err := os.ReadFile(b.look)
	if err != nil || json.Unmarshal(data, &look) != nil {
		return preview.Look{}, false
	}
	return look, true
}

// KeepLook writes a look to the user's own cache.
func (b book) KeepLook(look preview.Look) error {
	if b.look == "" {
		return nil
	}
	data, err := json.Marshal(look)
	if err != nil {
		return fmt.Errorf("keep the last look: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(b.look), 0o700); err != nil {
		return fmt.Errorf("keep the last look: %w", err)
	}
	if err := os.WriteFile(b.look, data, 0o600); err != nil {
		return fmt.Errorf("keep the last look: %w", err)
	}
	return nil
}
