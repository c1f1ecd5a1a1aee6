package config

import (
	"time"

	"broadsheet/internal/newsletter"
)

// model checks the language model. Without a base URL there is none, and no
// article's text leaves the machine.
func (c *check) model(doc modelDocument) newsletter.Model {
	m := newsletter.Model{BaseURL: c.webAddress("model.base_url", doc.BaseURL), Name: doc.Model, KeyEnv: doc.KeyEnv}
	if doc.BaseURL == "" {
		if doc.Model != "" || doc.KeyEnv != "" {
			c.bad("model", "", "has no base_url", "write the endpoint, such as https://models.example/v1")
		}
		return newsletter.Model{}
	}
	c.required("model.model", doc.Model, "the model's name")
	m.Timeout = min(c.duration("model.timeout", doc.Timeout), 10*time.Minute)
	return m
}

// ModelKey finds the key of the language model in the environment, through
// getenv. "" without error means that none is configured. An error is a
// *newsletter.Fault of kind Misuse.
func ModelKey(m newsletter.Model, getenv func(string) string) (string, error) {
	if m.KeyEnv == "" {
		return "", nil
	}
	key := getenv(m.KeyEnv)
	if key == "" {
		return "", newsletter.Faultf(newsletter.Misuse, "set "+m.KeyEnv+" to the key of "+m.BaseURL,
			"the environment variable %s of model.key_env is empty", m.KeyEnv)
	}
	return key, nil
}
