package config

import "reflect"

// A document is broadsheet.yaml as it is written. Its keys are part of the
// program's contract: more may come, none is renamed.
type document struct {
	Name                 string              `yaml:"name"`
	ID                   string              `yaml:"id"`
	Tagline              string              `yaml:"tagline"`
	From                 string              `yaml:"from"`
	ReplyTo              string              `yaml:"reply_to"`
	ReturnPath           string              `yaml:"return_path"`
	Address              string              `yaml:"address"`
	Language             string              `yaml:"language"`
	Timezone             string              `yaml:"timezone"`
	Schedule             scheduleDocument    `yaml:"schedule"`
	Topics               []topicDocument     `yaml:"topics"`
	Sources              []sourceDocument    `yaml:"sources"`
	Issue                issueDocument       `yaml:"issue"`
	Lists                []string            `yaml:"lists"`
	Theme                themeDocument       `yaml:"theme"`
	Database             string              `yaml:"database"`
	SMTP                 smtpDocuments       `yaml:"smtp"`
	DKIM                 []dkimDocument      `yaml:"dkim"`
	Unsubscribe          unsubscribeDocument `yaml:"unsubscribe"`
	Model                modelDocument       `yaml:"model"`
	Check                checkDocument       `yaml:"check"`
	Archive              string              `yaml:"archive"`
	ArchiveURL           string              `yaml:"archive_url"`
	PreferencesURL       string              `yaml:"preferences_url"`
	AllowPrivateNetworks bool                `yaml:"allow_private_networks"`
}

type scheduleDocument struct {
	Every string `yaml:"every"`
	On    string `yaml:"on"`
	At    string `yaml:"at"`
	Late  string `yaml:"late"`
	Send  string `yaml:"send"`
}

type topicDocument struct {
	ID       string   `yaml:"id"`
	Title    string   `yaml:"title"`
	Aliases  []string `yaml:"aliases"`
	Keywords []string `yaml:"keywords"`
	Weight   *float64 `yaml:"weight"`
	MaxItems int      `yaml:"max_items"`
}

type sourceDocument struct {
	ID       string   `yaml:"id"`
	Folder   string   `yaml:"folder"`
	Feed     string   `yaml:"feed"`
	Topics   []string `yaml:"topics"`
	Weight   *float64 `yaml:"weight"`
	MaxItems int      `yaml:"max_items"`
	FullText bool     `yaml:"full_text"`
}

type issueDocument struct {
	MaxItemsPerTopic int     `yaml:"max_items_per_topic"`
	SummaryWords     int     `yaml:"summary_words"`
	Key              string  `yaml:"key"`
	MaxAge           string  `yaml:"max_age"`
	HalfLife         string  `yaml:"half_life"`
	Coverage         float64 `yaml:"coverage"`
}

type themeDocument struct {
	Name   string        `yaml:"name"`
	Width  int           `yaml:"width"`
	Colors colorDocument `yaml:"colors"`
	Dark   colorDocument `yaml:"dark"`
	Fonts  fontDocument  `yaml:"fonts"`
	Logo   logoDocument  `yaml:"logo"`
}

type colorDocument struct {
	Back   string `yaml:"back"`
	Sheet  string `yaml:"sheet"`
	Tint   string `yaml:"tint"`
	Ink    string `yaml:"ink"`
	Soft   string `yaml:"soft"`
	Accent string `yaml:"accent"`
	Line   string `yaml:"line"`
}

type fontDocument struct {
	Title string `yaml:"title"`
	Text  string `yaml:"text"`
	Label string `yaml:"label"`
}

type logoDocument struct {
	URL    string `yaml:"url"`
	Dark   string `yaml:"dark"`
	Width  int    `yaml:"width"`
	Height int    `yaml:"height"`
}

// smtpDocuments is one server, or a list of them.
type smtpDocuments []smtpDocument

func (s *smtpDocuments) UnmarshalYAML(unmarshal func(any) error) error {
	one := smtpDocument{Host: "127.0.0.1", Connections: connections}
	if unmarshal(&one) == nil {
		*s = smtpDocuments{one}
		return nil
	}
	var list []listedServer
	err := unmarshal(&list)
	*s = make(smtpDocuments, len(list))
	for i, server := range list {
		(*s)[i] = smtpDocument(server)
	}
	return err
}

// A listedServer names its host: there is no default for one of several.
type listedServer smtpDocument

func (s *listedServer) UnmarshalYAML(unmarshal func(any) error) error {
	doc := smtpDocument{Connections: connections}
	err := unmarshal(&doc)
	*s = listedServer(doc)
	return err
}

// connections are a server's where the configuration does not say.
const connections = 8

type smtpDocument struct {
	Host         string  `yaml:"host"`
	Port         *int    `yaml:"port"`
	TLS          string  `yaml:"tls"`
	Username     string  `yaml:"username"`
	PasswordEnv  string  `yaml:"password_env"`
	PasswordFile string  `yaml:"password_file"`
	Weight       *int    `yaml:"weight"`
	Connections  int     `yaml:"connections"`
	Rate         float64 `yaml:"rate"`

	PerDomain     float64        `yaml:"per_domain"`
	PerConnection int            `yaml:"per_connection"`
	PerDay        int            `yaml:"per_day"`
	WarmUp        warmUpDocument `yaml:"warm_up"`
}

type warmUpDocument struct {
	From string `yaml:"from"`
	Days []int  `yaml:"days"`
}

type dkimDocument struct {
	Selector string `yaml:"selector"`
	Domain   string `yaml:"domain"`
	KeyFile  string `yaml:"key_file"`
}

type unsubscribeDocument struct {
	Mailto     string `yaml:"mailto"`
	URL        string `yaml:"url"`
	OneClick   bool   `yaml:"one_click"`
	SecretFile string `yaml:"secret_file"`
}

type modelDocument struct {
	BaseURL string `yaml:"base_url"`
	Model   string `yaml:"model"`
	KeyEnv  string `yaml:"key_env"`
	Timeout string `yaml:"timeout"`
}

type checkDocument struct {
	Rules   map[string]string `yaml:"rules"`
	Clients []string          `yaml:"clients"`
}

var (
	documentType = reflect.TypeFor[document]()
	serversType  = reflect.TypeFor[smtpDocuments]()
)

// defaults is the document that the file's own values are read into. Defaults
// that depend on other values are filled in where those are checked.
func defaults() document {
	return document{
		Language:    "en",
		Timezone:    "UTC",
		Schedule:    scheduleDocument{Late: "6h", Send: "auto"},
		Sources:     []sourceDocument{{ID: "articles", Folder: "articles"}},
		Issue:       issueDocument{MaxItemsPerTopic: 6, SummaryWords: 60, Coverage: 0.5},
		Lists:       []string{"subscribers/*.csv"},
		Theme:       themeDocument{Name: "plain"},
		Database:    "broadsheet.db",
		SMTP:        smtpDocuments{{Host: "127.0.0.1", Connections: connections}},
		Model:       modelDocument{Timeout: "30s"},
		Archive:     "archive",
		Unsubscribe: unsubscribeDocument{SecretFile: ".broadsheet-secret"},
	}
}
