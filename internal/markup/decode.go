package markup

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Decode turns bytes into UTF-8 text. A byte order mark decides on the
// encoding, else the charset that contentType declares ("text/plain;
// charset=koi8-r"); unknown or without either it is UTF-8 where the bytes are
// valid, else windows-1252. Bytes that do not fit the encoding become U+FFFD.
// Data that is no text at all is an error.
func Decode(data []byte, contentType string) (string, error) {
	e := marked(data)
	if e == nil {
		e = declared(contentType)
	}
	return decode(data, e)
}

// decodePage is Decode for HTML, which may also declare its charset itself:
// the WHATWG standard has it in the first 1024 bytes.
func decodePage(page []byte, contentType string) (string, error) {
	e := marked(page)
	if e == nil {
		e = declared(contentType)
	}
	if e == nil && bytes.Contains(bytes.ToLower(page[:min(len(page), 1024)]), []byte("charset")) {
		e, _, _ = charset.DetermineEncoding(page, "text/html")
	}
	return decode(page, e)
}

// encodingOf is the encoding, or where it is nil the better of two guesses.
func encodingOf(data []byte, e encoding.Encoding) encoding.Encoding {
	switch {
	case e == nil && utf8.Valid(data):
		return unicode.UTF8
	case e == nil:
		return charmap.Windows1252
	default:
		return e
	}
}

func decode(data []byte, e encoding.Encoding) (string, error) {
	text, err := encodingOf(data, e).NewDecoder().Bytes(data)
	if err != nil {
		return "", fmt.Errorf("decoding text: %w", err)
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if bytes.IndexByte(text, 0) >= 0 {
		return "", errors.New("decoding text: the data is binary, or in an encoding that it does not name")
	}
	return string(bytes.ToValidUTF8(text, []byte("\ufffd"))), nil
}

// marked is the encoding that a byte order mark names, or nil.
func marked(data []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(data, []byte{0xEF, 0xBB, 0xBF}):
		return unicode.UTF8
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	}
	return nil
}

// declared is the encoding that a content type names, or nil. What the WHATWG
// standard calls "replacement" are encodings that browsers refuse to read.
func declared(contentType string) encoding.Encoding {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil || params["charset"] == "" {
		return nil
	}
	e, name := charset.Lookup(params["charset"])
	if name == "" || name == "replacement" {
		return nil
	}
	return e
}
