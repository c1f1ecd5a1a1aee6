package model

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Kind says why there is no summary.
type Kind string

// The kinds of errors.
const (
	Timeout      Kind = "time-out"     // no complete answer in time
	Unauthorised Kind = "unauthorised" // the key is missing, wrong or not allowed this (401, 403)
	RateLimited  Kind = "rate-limited" // too many requests, or nothing left of a budget (429)
	Unavailable  Kind = "unavailable"  // nobody answers, the line broke, or the server is in trouble (5xx)
	Rejected     Kind = "rejected"     // the server will not take such requests: address, model, parameters
	Refused      Kind = "refused"      // the model or a filter will not summarize this article
	Nonsense     Kind = "nonsense"     // the answer is not what the protocol says
	TooLong      Kind = "too long"     // cut off, or far above the words that were asked for
	Empty        Kind = "empty"        // no words
	NotPlain     Kind = "not plain"    // markup, a list or an address where sentences were asked for
)

// An Error says why there is no summary.
type Error struct {
	Kind       Kind
	Status     int           // of HTTP; 0: none
	RetryAfter time.Duration // how long the server asks to wait; 0: it does not
	// Halt says that no other article would fare better.
	Halt   bool
	Detail string // in plain words, the server's where it has some
	Err    error  // the cause, if it is another

	again     bool // the same request may succeed
	parameter bool // a request with other parameters may succeed
}

func (e *Error) Error() string {
	text := "ask the language model: " + string(e.Kind)
	if e.Status != 0 {
		text += fmt.Sprintf(" (status %d)", e.Status)
	}
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	return text
}

// Brief is the kind in a few plain words.
func (e *Error) Brief() string {
	return "the language model " + map[Kind]string{
		Timeout:      "did not answer in time",
		Unauthorised: "does not take the key",
		RateLimited:  "wants fewer questions",
		Unavailable:  "cannot be reached",
		Rejected:     "does not take such questions",
		Refused:      "will not write about this",
		Nonsense:     "answered what is no summary",
		TooLong:      "could not keep to the length",
		Empty:        "wrote nothing",
		NotPlain:     "wrote no plain sentences",
	}[e.Kind]
}

func (e *Error) Unwrap() error { return e.Err }

var errTooLarge = fmt.Errorf("the answer is larger than %d bytes, the most that is read", maxAnswerBytes)

// asError sorts whatever a request may return; nil stays nil.
func asError(err error) *Error {
	var known *Error
	var network net.Error
	var opErr *net.OpError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return known
	case errors.Is(err, errTooLarge):
		return &Error{Kind: TooLong, Detail: errTooLarge.Error(), Err: err}
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return &Error{Kind: Timeout, Detail: "no complete answer in time", Err: err}
	case errors.As(err, &opErr) && opErr.Op == "dial":
		return &Error{Kind: Unavailable, Halt: true, Detail: "nobody answers: " + short(err.Error()), Err: err}
	case errors.As(err, &network), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &Error{Kind: Unavailable, Detail: "the line broke: " + short(err.Error()), Err: err}
	default:
		return &Error{Kind: Nonsense, Detail: short(err.Error()), Err: err}
	}
}

// explain is asError without the key, which some servers and proxies repeat.
func (c *Client) explain(err error) *Error {
	fault := *asError(err)
	if c.options.Key != "" {
		fault.Detail = strings.ReplaceAll(fault.Detail, c.options.Key, "…")
		if fault.Err != nil && strings.Contains(fault.Err.Error(), c.options.Key) {
			fault.Err = nil
		}
	}
	return &fault
}

// inspect stands between the library and the wire. It bounds the answer, which
// the library reads whole, and judges the status itself, because the library
// loses it where an error's body is not JSON.
func inspect(request *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error) {
	response, err := next(request)
	if err != nil {
		return nil, err
	}
	response.Body = &bounded{ReadCloser: response.Body, left: maxAnswerBytes}
	if response.StatusCode == http.StatusOK {
		return response, nil
	}
	defer response.Body.Close()
	return nil, refusal(response)
}

// bounded is a body that fails past its limit.
type bounded struct {
	io.ReadCloser
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.left -= n; b.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

// refusal is what a status other than 200 says.
func refusal(response *http.Response) *Error {
	fault := &Error{Status: response.StatusCode, RetryAfter: retryAfter(response.Header)}
	var code string
	fault.Detail, code = complaint(response)
	switch status := response.StatusCode; {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		fault.Kind, fault.Halt = Unauthorised, true
	case status == http.StatusTooManyRequests:
		fault.Kind = RateLimited
		// An account without money is no matter of waiting.
		fault.Halt = code == "insufficient_quota"
		fault.again = !fault.Halt
	case status == http.StatusRequestTimeout:
		fault.Kind, fault.again = Timeout, true
	case status >= http.StatusInternalServerError:
		fault.Kind, fault.again = Unavailable, true
	case code == "content_filter", code == "content_policy_violation":
		fault.Kind = Refused
	case code == "context_length_exceeded", status == http.StatusRequestEntityTooLarge:
		fault.Kind = TooLong
	default:
		fault.Kind, fault.Halt = Rejected, true
		fault.parameter = strings.HasPrefix(code, "unsupported_")
	}
	return fault
}

// complaint is the server's own words and its code for them: in JSON as the
// protocol says, else the page's first words.
func complaint(response *http.Response) (words, code string) {
	const enough = 16 << 10
	body, err := io.ReadAll(io.LimitReader(response.Body, enough))
	if err != nil && len(body) == 0 {
		return "", ""
	}
	var document struct {
		Error struct {
			Message string `json:"message"`
			Code    any    `json:"code"`
		} `json:"error"`
	}
	if json.Unmarshal(body, &document) == nil && document.Error.Message != "" {
		code, _ = document.Error.Code.(string)
		return short(document.Error.Message), code
	}
	return short(string(body)), ""
}

// retryAfter reads seconds (RFC 9110, section 10.2.3); a date is left to the
// usual pause.
func retryAfter(h http.Header) time.Duration {
	const most = 24 * 60 * 60
	seconds, err := strconv.Atoi(strings.TrimSpace(h.Get("Retry-After")))
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(min(seconds, most)) * time.Second
}

// short is the beginning of a foreign text on one line.
func short(text string) string {
	const most = 200 // runes
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "\uFFFD")), " ")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
