package mailer

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"

	"broadsheet/internal/newsletter"
)

const stepAuth = "log in to"

// fault says what kept a connection from being made, and the mend.
func (d *Dialer) fault(step string, err error) *newsletter.Fault {
	if f := new(newsletter.Fault); errors.As(err, &f) {
		return f
	}
	kind, hint := d.judge(step, err)
	// The error may quote the server, whose words are not to steer a terminal.
	return &newsletter.Fault{Kind: kind, Hint: hint, Err: &connectError{step + " " + d.address() + ": " + clean(err.Error()), err}}
}

type connectError struct {
	message string
	cause   error
}

func (e *connectError) Error() string { return e.message }
func (e *connectError) Unwrap() error { return e.cause }

// judge tells what waiting mends from what it does not.
func (d *Dialer) judge(step string, err error) (newsletter.Kind, string) {
	var (
		answer      *textproto.Error
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &answer) && answer.Code/100 == 4:
		return newsletter.Unavailable, "the server asks to come again later"
	case errors.As(err, &answer) && step == stepAuth:
		return newsletter.Failure, "check smtp.username and the password in smtp.password_env or smtp.password_file"
	case errors.As(err, &answer):
		return newsletter.Failure, "the server refuses to serve this machine: check smtp.host and smtp.port, or ask whoever runs it"
	case errors.Is(err, errNoTLS):
		return newsletter.Failure, "set smtp.tls to tls with port 465, or ask the server's owner; tls: none sends everything in the open"
	case errors.Is(err, errNoAuth):
		return newsletter.Failure, "set smtp.tls to starttls or tls so that the password can be sent, or remove smtp.username"
	case errors.As(err, &certificate):
		return newsletter.Failure, fmt.Sprintf("the certificate is not valid for %q: check smtp.host, or have the server's certificate renewed", d.server.Host)
	case errors.As(err, &record), isAlert(err):
		return newsletter.Failure, "port and smtp.tls do not fit: 465 goes with tls, 587 and 25 with starttls"
	case isNetwork(err):
		return newsletter.Unavailable, "check the network, smtp.host and smtp.port (465 goes with tls, 587 and 25 with starttls), or try again later"
	}
	return newsletter.Failure, "check the section smtp of the configuration"
}

// isAlert tells whether one side refused the other's TLS.
func isAlert(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && (op.Op == "remote error" || op.Op == "local error")
}

func isNetwork(err error) bool {
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, io.ErrClosedPipe) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
