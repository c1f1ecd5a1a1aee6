package workflow

import "testing"

func TestLocate(t *testing.T) {
	const file = "One  two\r\nthree. One two three. Über\u00a0alles."
	tests := []struct {
		name, sentence string
		from           int
		want           string
		missing        bool
	}{
		{"across a line end", "One two three.", 0, "One  two\r\nthree.", false},
		{"the next one", "One two three.", 15, "One two three.", false},
		{"other spaces", "Über alles.", 0, "Über\u00a0alles.", false},
		{"not there", "One two four.", 0, "", true},
		{"glued words are others", "Onetwo", 0, "", true},
		{"nothing", " ", 0, "", true},
	}
	for _, tt := range tests {
		start, end, ok := locate([]byte(file), tt.sentence, tt.from)
		if ok == tt.missing || file[start:end] != tt.want {
			t.Errorf("%s: %q, %v", tt.name, file[start:end], ok)
		}
	}
}
