package newsletter

import "time"

// A Finding is what a check says about an issue.
type Finding struct {
	Rule     string   `json:"rule"`
	Level    Level    `json:"level"`
	Where    string   `json:"where"`
	Message  string   `json:"message"`
	Mend     string   `json:"mend"`
	Segments []string `json:"segments"`
	Line     int      `json:"-"` // of the file; 0: it cannot be told
}

// Level is how much a finding weighs.
type Level string

// An error blocks sending; a warning does not. What is off is not looked for.
const (
	LevelError   Level = "error"
	LevelWarning Level = "warning"
	LevelOff     Level = "off"
)

// Checks are an editor's wishes for the preflight.
type Checks struct {
	Levels  map[string]Level // by rule; the others keep their own
	Clients []string         // mail programs that matter, such as gmail or outlook.windows; none: the usual ones
}

// A LinkAnswer is what the web said of a link.
type LinkAnswer struct {
	URL     string    `json:"url"`
	Status  int       `json:"status"`             // 0: no answer
	Final   string    `json:"final,omitempty"`    // where redirects led, or ""
	ForGood bool      `json:"for_good,omitempty"` // all of them were permanent
	Trouble string    `json:"trouble,omitempty"`  // why there was no answer
	At      time.Time `json:"at"`
	Late    bool      `json:"-"` // nobody waited for the answer
	Clock   time.Time `json:"-"` // what the server's clock said; zero: nothing
}
