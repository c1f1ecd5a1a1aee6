package web

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"syscall"

	"broadsheet/internal/newsletter"
)

var errTimeout = errors.New("no complete answer in time")

type sizeError struct{ limit int64 }

func (e *sizeError) Error() string {
	return fmt.Sprintf("the answer is larger than %s, the most that is read", bytesInWords(e.limit))
}

func bytesInWords(n int64) string {
	if n%(1<<20) == 0 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d bytes", n)
}

type codingError struct{ coding string }

func (e *codingError) Error() string {
	return fmt.Sprintf("the answer is encoded as %q, which was not asked for", e.coding)
}

type downgradeError struct{ to string }

func (e *downgradeError) Error() string {
	return fmt.Sprintf("redirects from https to %s, which is not protected", e.to)
}

// fault says in plain words what went wrong with a URL, and what helps.
func (c *Client) fault(shown string, err error) error {
	kind, hint := newsletter.Failure, ""
	var inner *url.Error
	if errors.As(err, &inner) {
		err = inner.Err
	}
	var (
		private   *privateError
		downgrade *downgradeError
		name      *net.DNSError
		cert      *tls.CertificateVerificationError
		network   net.Error
		busy      *busyError
	)
	switch {
	case errors.As(err, &private):
		err = private
		hint = "if this is meant, set allow_private_networks: true"
	case errors.As(err, &downgrade):
		hint = "if this is meant, configure the http address itself"
	case errors.As(err, &busy):
		kind, hint = newsletter.Unavailable, "try again later"
	case errors.Is(err, errTimeout):
		kind, err = newsletter.Unavailable, fmt.Errorf("%w (%s)", errTimeout, c.options.Timeout)
	case errors.As(err, &name) && name.IsNotFound:
		err = fmt.Errorf("there is no host named %q: %w", name.Name, err)
		hint = "look for a typing error in the address"
	case errors.As(err, &cert):
		err = fmt.Errorf("the server's certificate is not valid: %w", cert.Err)
	case errors.Is(err, syscall.ECONNREFUSED):
		kind, err = newsletter.Unavailable, fmt.Errorf("nobody answers there: %w", err)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		kind, err = newsletter.Unavailable, fmt.Errorf("the server broke off: %w", err)
	case errors.As(err, &network):
		kind = newsletter.Unavailable
	}
	return newsletter.Faultf(kind, hint, "get %s: %w", shown, err)
}
