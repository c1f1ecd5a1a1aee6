package source

import (
	"bytes"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// decode makes UTF-8 of a feed's bytes. XML has an order of its own for finding
// the encoding (RFC 7303, section 3): a byte order mark, the charset of the
// Content-Type, the XML declaration, UTF-8. Since declarations are often wrong,
// bytes that can only be UTF-8 are UTF-8 whatever is declared, and bytes that
// cannot be what is declared are windows-1252.
func decode(data []byte, contentType string) string {
	if wide := wideEncoding(data); wide != nil {
		return decodeAs(wide, data)
	}
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	valid, multibyte := utf8.Valid(data), !ascii(data)
	if valid && multibyte {
		return string(data)
	}
	for _, label := range []string{contentTypeCharset(contentType), declaredCharset(data)} {
		if e, name := charset.Lookup(label); e != nil && !unsuitable(name) {
			return decodeAs(e, data)
		}
	}
	if valid || mostlyUTF8(data) {
		return strings.ToValidUTF8(string(data), "\uFFFD")
	}
	return decodeAs(charmap.Windows1252, data)
}

// unsuitable names the encodings that the bytes have been found not to have,
// and the WHATWG's replacement, which decodes nothing.
func unsuitable(name string) bool {
	return name == "utf-8" || strings.HasPrefix(name, "utf-16") || name == "replacement"
}

func decodeAs(e encoding.Encoding, data []byte) string {
	out, err := e.NewDecoder().Bytes(data)
	if err != nil {
		return strings.ToValidUTF8(string(data), "\uFFFD")
	}
	return string(out)
}

// wideEncoding finds UTF-16 and UTF-32 by the byte order mark or by the zeros
// around the first character, which is ASCII in every feed (XML 1.0, annex F).
func wideEncoding(data []byte) encoding.Encoding {
	if len(data) < 4 {
		return nil
	}
	zero := [4]bool{data[0] == 0, data[1] == 0, data[2] == 0, data[3] == 0}
	switch {
	case bytes.HasPrefix(data, []byte("\x00\x00\xFE\xFF")), zero == [4]bool{true, true, true, false}:
		return utf32.UTF32(utf32.BigEndian, utf32.UseBOM)
	case bytes.HasPrefix(data, []byte("\xFF\xFE\x00\x00")), zero == [4]bool{false, true, true, true}:
		return utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)
	case bytes.HasPrefix(data, []byte("\xFE\xFF")), zero == [4]bool{true, false, true, false}:
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case bytes.HasPrefix(data, []byte("\xFF\xFE")), zero == [4]bool{false, true, false, true}:
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	}
	return nil
}

func contentTypeCharset(contentType string) string {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return ""
	}
	return params["charset"]
}

var xmlEncoding = regexp.MustCompile(`<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z0-9._:-]+)["']`)

// declaredCharset looks a little further than the first byte: the declaration
// often stands behind a comment or blank lines.
func declaredCharset(data []byte) string {
	found := xmlEncoding.FindSubmatch(data[:min(len(data), 2048)])
	if found == nil {
		return ""
	}
	return string(found[1])
}

func ascii(data []byte) bool {
	for _, b := range data {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// mostlyUTF8 tells a UTF-8 text with a few broken bytes from a text in a
// one-byte encoding, in which valid sequences are rare.
func mostlyUTF8(data []byte) bool {
	valid, broken := 0, 0
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && size == 1:
			broken++
		case size > 1:
			valid++
		}
		data = data[size:]
	}
	return valid > broken
}
