package workflow

import (
	"encoding/json"
	"slices"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/preflight"
)

// An Override says that an issue was sent although the check found errors, and
// why. It stays beside the file.
type Override struct {
	Rules    []string             `json:"rules"`
	Reason   string               `json:"reason"`
	At       time.Time            `json:"at"`
	Findings []newsletter.Finding `json:"findings"`
}

func overrideFile(key string) string { return "issues/" + key + "/despite.json" }

// override is what of a check's errors the options overrule; nil: nothing.
func (d *Desk) override(o SendOptions, findings []newsletter.Finding) *Override {
	overruled := &Override{Reason: o.Reason, At: d.Clock.Now().UTC()}
	for _, f := range findings {
		if f.Level != newsletter.LevelError || !slices.Contains(o.Despite, f.Rule) {
			continue
		}
		overruled.Findings = append(overruled.Findings, f)
		if !slices.Contains(overruled.Rules, f.Rule) {
			overruled.Rules = append(overruled.Rules, f.Rule)
		}
	}
	if len(overruled.Findings) == 0 {
		return nil
	}
	return overruled
}

// writeOverride keeps an override before the first letter leaves.
func (d *Desk) writeOverride(key string, o *Override) error {
	if o == nil {
		return nil
	}
	data, err := json.MarshalIndent(o, "", "  ")
	if err != nil {
		return err
	}
	return d.Folder.WriteDurably(overrideFile(key), append(data, '\n'), 0o600)
}

// overridden reads what an issue was sent in spite of; nil: nothing.
func (d *Desk) overridden(key string) *Override {
	data, err := d.Folder.Read(overrideFile(key))
	if err != nil {
		return nil
	}
	var o Override
	if json.Unmarshal(data, &o) != nil {
		return nil // it is a note; nothing depends on it
	}
	return &o
}

// mayOverride checks the wish to send in spite of errors.
func mayOverride(o SendOptions) error {
	for _, name := range o.Despite {
		if _, ok := preflight.RuleNamed(name); !ok && name != despiteCanary {
			return newsletter.Faultf(newsletter.Misuse, "broadsheet check --rules lists them", "there is no rule %q", name)
		}
	}
	switch {
	case len(o.Despite) > 0 && o.Reason == "":
		return newsletter.Faultf(newsletter.Misuse, `say why: broadsheet send --despite `+o.Despite[0]+` --reason "the long read is meant"`,
			"--despite wants a reason; it goes into the report")
	case len(o.Despite) == 0 && o.Reason != "":
		return newsletter.Faultf(newsletter.Misuse, "broadsheet send --despite RULE --reason TEXT", "--reason goes with --despite")
	}
	return nil
}
