package preview

import "net/http"

// firstLook begins with the last look that was kept. Where there is none the
// present proof is one. The caller holds the lock.
func (s *Server) firstLook() {
	if !s.look.At.IsZero() {
		return
	}
	if kept, ok := s.book.LastLook(); ok {
		s.look = kept
		return
	}
	s.look = Look{At: s.options.Now(), Issue: s.proof.Issue}
	_ = s.book.KeepLook(s.look) // without it the next start begins anew
}

// seen makes the proof that is shown the last look.
func (s *Server) seen(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	look := Look{At: s.options.Now(), Issue: s.proof.Issue}
	s.look = look
	s.mu.Unlock()
	if err := s.book.KeepLook(look); err != nil {
		answer(w, reply{Error: words(err)})
		return
	}
	answer(w, reply{})
}

// changes says what is different from the last look.
func (s *Server) changes() (list []change, since string) {
	s.mu.Lock()
	look, now := s.look, s.proof.Issue
	s.mu.Unlock()
	if look.At.IsZero() {
		return nil, ""
	}
	return compare(look.Issue, now), look.At.Format("Mon 2 Jan, 15:04")
}
