package preview

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
)

// A question is a test letter that waits for the editor's yes.
type question struct {
	key    string
	to     string
	letter Letter
	round  int // that the editor saw
	at     time.Time
}

// questionLife is how long a yes counts.
const questionLife = 10 * time.Minute

// ask answers with the question that a yes is to be said to. Nothing is sent.
func (s *Server) ask(w http.ResponseWriter, r *http.Request) {
	letter, err := s.current().letter(r.Context(), r.FormValue("for"))
	to := strings.TrimSpace(r.FormValue("to"))
	if err == nil && (to == "" || strings.ContainsAny(to, " \t\r\n,;<>")) {
		err = fmt.Errorf("not one address: %q", to)
	}
	if err != nil {
		answer(w, reply{Error: words(err)})
		return
	}
	s.mu.Lock()
	s.asked = &question{key: s.options.Key(), to: to, letter: letter, round: s.round, at: s.options.Now()}
	key, via := s.asked.key, s.proof.Via
	s.mu.Unlock()
	answer(w, reply{Key: key, To: to, Subject: letter.Subject, Letter: letter.Label(), Via: via})
}

// A reply is what the script shows.
type reply struct {
	Error                    string `json:",omitempty"`
	Key                      string `json:",omitempty"`
	To, Subject, Letter, Via string `json:",omitempty"`
	Done                     string `json:",omitempty"`
}

// sendTest sends the letter of the last question to whoever knows its key, once.
func (s *Server) sendTest(w http.ResponseWriter, r *http.Request) {
	q, err := s.yes(r.FormValue("key"))
	if err != nil {
		answer(w, reply{Error: words(err)})
		return
	}
	said, err := q.letter.Test(r.Context(), q.to)
	if err != nil {
		answer(w, reply{Error: words(err)})
		return
	}
	answer(w, reply{Done: strings.TrimSpace(fmt.Sprintf("Sent to %s. %s", q.to, said))})
}

// yes takes the question off the table.
func (s *Server) yes(key string) (*question, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.asked
	if q == nil || subtle.ConstantTimeCompare([]byte(q.key), []byte(key)) != 1 {
		return nil, errors.New("nothing was sent: this question is not open")
	}
	s.asked = nil
	switch {
	case s.options.Now().Sub(q.at) > questionLife:
		return nil, errors.New("nothing was sent: the question is too old; ask again")
	case s.failed != nil || s.round != q.round:
		return nil, errors.New("nothing was sent: the issue has changed since you asked; look at it and ask again")
	}
	return q, nil
}

// words are an error's, with its mend.
func words(err error) string {
	if fault := (*newsletter.Fault)(nil); errors.As(err, &fault) && fault.Hint != "" {
		return err.Error() + "\n" + fault.Hint
	}
	return err.Error()
}
