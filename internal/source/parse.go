package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
)

// maxParseTime bounds the parsing of one feed. Tidying bounds what it can, but
// a hostile document of 10 MiB finds other ways to be slow.
const maxParseTime = 10 * time.Second

var errEmpty = errors.New("it is empty")

// parse reads a feed of any format, with its encoding given by the Content-Type
// or found in it. Cut says that the feed breaks off and its last entry is
// missing.
func parse(ctx context.Context, text string) (feed *gofeed.Feed, cut bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			feed, err = nil, fmt.Errorf("the parser failed on it: %v", p)
		}
	}()
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return nil, false, errEmpty
	case text[0] == '{':
		text, err = repairJSON(text)
	default:
		text, cut, err = tidy(text)
	}
	if err != nil {
		return nil, false, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, maxParseTime, fmt.Errorf("it takes longer than %s to parse", maxParseTime))
	defer cancel()
	p := gofeed.NewParser()
	p.KeepOriginalFeed = true
	// A picture in an article's text may be anything, even one that counts readers.
	p.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
	feed, err = p.Parse(&contextReader{ctx, strings.NewReader(text)})
	return feed, cut, err
}

// A contextReader ends the parser, which knows no context, when the time is up.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c *contextReader) Read(p []byte) (int, error) {
	if err := context.Cause(c.ctx); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
