// Package web is the one HTTP client of Broadsheet. Every request to a feed or
// a page goes through it, because the addresses come from outside.
//
// It promises:
//   - No connection to an address outside the public internet, unless the
//     configuration allows private networks. The check sits in the dialer,
//     after DNS and before the connection, so that neither a host name nor a
//     redirect nor a changing DNS answer leads around it.
//   - Bounds on everything: the time of the whole request, the bytes of the
//     decompressed body, the response's header, ten redirects.
//   - Only http and https, and never from https back to http.
//   - Two requests at a time to one host, and none while a server asks to wait
//     (Retry-After beside 429). Servers on this machine are not spared.
//
// A proxy named by HTTP_PROXY, HTTPS_PROXY and NO_PROXY is used and may live on
// a private address, since the user chose it. It resolves names itself, so that
// only addresses and the names of this very machine can be refused beforehand;
// what a name may reach is then up to the proxy.
//
// Requests follow HTTP semantics (RFC 9110), conditional ones section 13.
package web

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/http/httpproxy"
)

// What holds where Options say nothing, and what no option changes.
const (
	defaultTimeout  = 30 * time.Second
	defaultMaxBytes = 10 << 20
	defaultAgent    = "Broadsheet (newsletter maker)"
	connectTimeout  = 10 * time.Second
	maxHeaderBytes  = 256 << 10
	maxRedirects    = 10
)

// Options shape a Client. Zero values stand for the defaults.
type Options struct {
	AllowPrivateNetworks bool
	UserAgent            string
	Timeout              time.Duration // of the whole request, the body included, not of waiting for its turn; 30 s
	MaxBytes             int64         // of the decompressed body; 10 MiB
	PerHost              int           // requests at once to one host; 2, and any number to this machine
}

// A Client gets feeds and pages. It may be used from several goroutines.
type Client struct {
	options   Options
	hosts     *hosts
	transport http.RoundTripper
}

// New makes a client. It reads the proxy settings from the environment.
func New(o Options) *Client {
	allowed := public
	if o.AllowPrivateNetworks {
		allowed = func(netip.Addr) bool { return true }
	}
	return newClient(o, guard{allowed}, httpproxy.FromEnvironment().ProxyFunc())
}

func newClient(o Options, g guard, proxyFor func(*url.URL) (*url.URL, error)) *Client {
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = defaultMaxBytes
	}
	if o.UserAgent == "" {
		o.UserAgent = defaultAgent
	}
	direct := newTransport(&net.Dialer{Timeout: connectTimeout, Control: g.control})
	proxied := newTransport(&net.Dialer{Timeout: connectTimeout})
	proxied.Proxy = func(r *http.Request) (*url.URL, error) { return proxyFor(r.URL) }
	return &Client{options: o, hosts: newHosts(o.PerHost), transport: &switchyard{g, proxyFor, direct, proxied}}
}

func newTransport(d *net.Dialer) *http.Transport {
	return &http.Transport{
		DialContext:            d.DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    connectTimeout,
		IdleConnTimeout:        connectTimeout,
		MaxIdleConnsPerHost:    defaultPerHost,
		MaxResponseHeaderBytes: maxHeaderBytes,
	}
}

// A switchyard sends each request, and each redirect, directly or through the
// proxy. Only the direct way has the guarded dialer: through the proxy the
// dialer would judge the proxy's address instead of the target's.
type switchyard struct {
	guard           guard
	proxyFor        func(*url.URL) (*url.URL, error)
	direct, proxied http.RoundTripper
}

func (s *switchyard) RoundTrip(r *http.Request) (*http.Response, error) {
	proxy, err := s.proxyFor(r.URL)
	if err != nil {
		return nil, err
	}
	if proxy == nil {
		return s.direct.RoundTrip(r)
	}
	if err := s.guard.checkName(r.URL.Hostname()); err != nil {
		return nil, err
	}
	return s.proxied.RoundTrip(r)
}

// Validators are what a server gave to ask later whether anything has changed
// (RFC 9110, section 8.8). Empty ones ask for the whole thing.
type Validators struct{ ETag, LastModified string }

// A Response is what came back.
type Response struct {
	Status      int
	URL         string // the final one, without name, password and fragment
	Followed    bool   // redirects led to it
	Redirected  string // where permanent redirects alone (301, 308) led, or ""
	ContentType string // as the server states it, with its parameters
	Body        []byte // decompressed; only with a status from 200 to 299
	Unchanged   bool   // the server says that the validators still hold (304)
	Validators  Validators
	RetryAfter  time.Duration // how long the server asks to wait; 0: it does not
	MaxAge      time.Duration // how long it says that the answer stays fresh; at most six hours
	Date        time.Time     // when the server answered, by its own clock; zero: it does not say
}

// Get asks for a URL. Any status is a Response; an error is a newsletter.Fault
// that names the URL, says what went wrong in plain words and, where there is
// one, gives the mend.
func (c *Client) Get(ctx context.Context, rawURL string, v Validators) (Response, error) {
	return c.ask(ctx, rawURL, func(ctx context.Context, target *url.URL) (Response, error) { return c.get(ctx, target, v, true) })
}

// Probe is Get for whoever only wants to know whether a page is there: its body
// is not read. It asks with GET, because many servers answer HEAD otherwise.
func (c *Client) Probe(ctx context.Context, rawURL string) (Response, error) {
	return c.ask(ctx, rawURL, func(ctx context.Context, target *url.URL) (Response, error) {
		return c.get(ctx, target, Validators{}, false)
	})
}

// Post submits a form, encoded as it goes over the wire. It follows no redirect
// and reads no body.
func (c *Client) Post(ctx context.Context, rawURL, form string) (Response, error) {
	return c.ask(ctx, rawURL, func(ctx context.Context, target *url.URL) (Response, error) { return c.post(ctx, target, form) })
}

func (c *Client) ask(ctx context.Context, rawURL string, how func(context.Context, *url.URL) (Response, error)) (Response, error) {
	target, err := parse(rawURL)
	if err != nil {
		return Response{}, c.fault(withoutUser(rawURL), err)
	}
	leave, err := c.hosts.enter(ctx, target)
	if err != nil {
		return Response{}, c.fault(target.Redacted(), err)
	}
	defer leave()
	ctx, cancel := context.WithTimeoutCause(ctx, c.options.Timeout, errTimeout)
	defer cancel()
	r, err := how(ctx, target)
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return Response{}, c.fault(target.Redacted(), err)
	}
	if r.Status == http.StatusTooManyRequests {
		c.hosts.close(target, r.RetryAfter)
	}
	return r, nil
}

func (c *Client) get(ctx context.Context, target *url.URL, v Validators, read bool) (Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		return Response{}, err
	}
	req.Header.Set("User-Agent", c.options.UserAgent)
	req.Header.Set("Accept", "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/html;q=0.8, */*;q=0.5")
	setHeader(req.Header, "If-None-Match", v.ETag)
	setHeader(req.Header, "If-Modified-Since", v.LastModified)

	way := redirects{permanent: true}
	client := http.Client{Transport: c.transport, CheckRedirect: way.check}
	answer, err := client.Do(req)
	if err != nil {
		return Response{}, err
	}
	defer answer.Body.Close()
	return c.response(answer, v, way, read)
}

func (c *Client) post(ctx context.Context, target *url.URL, form string) (Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target.String(), strings.NewReader(form))
	if err != nil {
		return Response{}, err
	}
	req.Header.Set("User-Agent", c.options.UserAgent)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := http.Client{Transport: c.transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(req)
	if err != nil {
		return Response{}, err
	}
	defer answer.Body.Close()
	return c.response(answer, Validators{}, redirects{}, false)
}

func (c *Client) response(answer *http.Response, v Validators, way redirects, read bool) (Response, error) {
	r := Response{
		Status:      answer.StatusCode,
		URL:         place(answer.Request.URL),
		Followed:    way.followed > 0,
		ContentType: answer.Header.Get("Content-Type"),
		Unchanged:   answer.StatusCode == http.StatusNotModified && v != Validators{},
		Validators:  validators(answer.Header),
		RetryAfter:  retryAfter(answer.Header),
		MaxAge:      maxAge(answer.Header),
		Date:        date(answer.Header),
	}
	fine := answer.StatusCode >= 200 && answer.StatusCode <= 299
	if way.followed > 0 && way.permanent && (fine || r.Unchanged) {
		r.Redirected = r.URL
	}
	if r.Unchanged && r.Validators == (Validators{}) {
		r.Validators = v
	}
	if !fine || !read {
		return r, nil
	}
	var err error
	r.Body, err = c.body(answer)
	return r, err
}

// body reads no byte more than the limit, however small the compressed body is.
func (c *Client) body(answer *http.Response) ([]byte, error) {
	if coding := answer.Header.Get("Content-Encoding"); coding != "" && coding != "identity" {
		return nil, &codingError{coding}
	}
	limit := c.options.MaxBytes
	if answer.ContentLength > limit {
		return nil, &sizeError{limit}
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(body)) > limit {
		return nil, &sizeError{limit}
	}
	return body, nil
}
