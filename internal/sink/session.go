package sink

import (
	"errors"
	"io"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// A session is one client's connection. It takes one letter at a time.
type session struct {
	server     *Server
	recipients []string
	buffer     []byte
}

var _ smtp.AuthSession = (*session)(nil)

func (s *session) Mail(string, *smtp.MailOptions) error { return nil }

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.recipients = append(s.recipients, to)
	return nil
}

// bufferSize is how much of a letter is in memory at a time.
const bufferSize = 32 << 10

func (s *session) Data(r io.Reader) error {
	if s.buffer == nil {
		s.buffer = make([]byte, bufferSize)
	}
	err := s.server.keep(r, s.recipients, s.buffer)
	var reply *smtp.SMTPError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &reply): // too large
		return reply
	}
	return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 3, 1}, Message: err.Error()}
}

func (s *session) Reset()        { s.recipients = nil }
func (s *session) Logout() error { return nil }

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain, sasl.Login} }

func (s *session) Auth(mechanism string) (sasl.Server, error) {
	switch mechanism {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, _, _ string) error { return nil }), nil
	case sasl.Login:
		return new(login), nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

// A login is the server's side of LOGIN, which go-sasl lacks: it asks for two
// words and takes any.
type login struct{ words int }

func (l *login) Next(response []byte) (challenge []byte, done bool, err error) {
	if response != nil {
		l.words++
	}
	switch l.words {
	case 0:
		return []byte("Username:"), false, nil
	case 1:
		return []byte("Password:"), false, nil
	}
	return nil, true, nil
}
