package source

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/errgroup"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/web"
)

// Feeds are read side by side: the server answers none of them before it has
// heard of all.
func TestManySources(t *testing.T) {
	const feeds = 32
	var asked atomic.Int64
	all := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) == feeds {
			close(all)
		}
		select {
		case <-all:
			fmt.Fprint(w, rssFeed("<item><title>"+r.URL.Path+"</title><description>Words.</description></item>"))
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(server.Close)
	reader := &Reader{Get: web.New(web.Options{AllowPrivateNetworks: true}), Publication: publication(t)}
	var group errgroup.Group
	for i := range feeds {
		group.Go(func() error {
			src := newsletter.Source{ID: fmt.Sprint("s", i), Feed: fmt.Sprint(server.URL, "/", i)}
			h, err := reader.Read(t.Context(), src, newsletter.SourceState{}, now)
			if err == nil && len(h.Articles) != 1 {
				err = fmt.Errorf("%s: %d articles", src.ID, len(h.Articles))
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
}
