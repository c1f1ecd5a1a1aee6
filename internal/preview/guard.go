package preview

import (
	"crypto/subtle"
	"net/http"
	"strings"
)

// The desk loads its own files only. A letter may show pictures and fonts from
// the web, as in an inbox; it runs nothing and submits nothing.
const (
	deskPolicy = "default-src 'none'; connect-src 'self'; frame-src 'self'; img-src 'self'; script-src 'self'; " +
		"style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	pagePolicy = "sandbox " + sandbox + "; default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
	picturesOn = "; img-src https: http: data:; font-src https: data:"
	// sandbox lets the desk reach into the letter, for its scroll and links, and
	// the links open pages beside the desk.
	sandbox = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)

// guard refuses requests that were meant for another host, that another page
// makes, or that do not know the token, and keeps answers from other pages.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", deskPolicy)
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "SAMEORIGIN")
		path, known := s.afterToken(r.URL.Path)
		switch {
		case !s.hosts[r.Host]:
			http.Error(w, "this preview answers at its own address only", http.StatusForbidden)
		case !s.ours(r):
			http.Error(w, "this preview answers its own pages only", http.StatusForbidden)
		case !known:
			http.Error(w, "open the address that broadsheet preview printed when it began", http.StatusForbidden)
		default:
			r.URL.Path, r.URL.RawPath = path, ""
			r.Body = http.MaxBytesReader(w, r.Body, formBytes)
			next.ServeHTTP(w, r)
		}
	})
}

// afterToken takes the token off a path.
func (s *Server) afterToken(path string) (rest string, ok bool) {
	token, rest, ok := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return "/" + rest, ok && subtle.ConstantTimeCompare([]byte(token), []byte(s.options.Token)) == 1
}

// ours tells whether a request comes from the preview's own page or from the
// address bar. Only what changes something must say where it comes from.
// https://www.w3.org/TR/fetch-metadata/
func (s *Server) ours(r *http.Request) bool {
	origin, site := r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site")
	if origin == "" {
		return r.Method != http.MethodPost && (site == "" || site == "same-origin" || site == "none")
	}
	for host := range s.hosts {
		if origin == "http://"+host {
			return host == r.Host && (site == "" || site == "same-origin")
		}
	}
	return false
}
