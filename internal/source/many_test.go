package source

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/web"
)

// Three hundred feeds from a server that takes 200 ms for each: waiting for
// answers is all that there is to do, so that many can be waited for at once.
func TestManySources(t *testing.T) {
	const feeds, atOnce, delay = 300, 32, 200 * time.Millisecond
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(delay)
		fmt.Fprint(w, rssFeed("<item><title>"+r.URL.Path+"</title><description>Words.</description></item>"))
	}))
	t.Cleanup(server.Close)
	reader := &Reader{Get: web.New(web.Options{AllowPrivateNetworks: true}), Publication: publication(t)}
	start := time.Now()
	var group errgroup.Group
	group.SetLimit(atOnce)
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
	took := time.Since(start)
	t.Logf("%d feeds, %d at once: %v", feeds, atOnce, took.Round(10*time.Millisecond))
	if took > 6*time.Second {
		t.Errorf("%d feeds take %v", feeds, took)
	}
}
