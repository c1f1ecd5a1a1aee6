package workflow

import (
	"context"
	"errors"
	"net/mail"
	"testing"

	"broadsheet/internal/doctor"
	"broadsheet/internal/newsletter"
)

// world is a DNS for a test.
func world(txt, addresses, names map[string][]string) Surroundings {
	look := func(in map[string][]string) func(context.Context, string) ([]string, error) {
		return func(_ context.Context, name string) ([]string, error) { return in[name], nil }
	}
	return Surroundings{TXT: look(txt), Addresses: look(addresses), Names: look(names)}
}

func TestServerName(t *testing.T) {
	forth := map[string][]string{"mail.example.org": {"10.0.0.3", "192.0.2.7"}, "out.example.org.": {"192.0.2.7"}}
	for _, test := range []struct {
		name  string
		world Surroundings
		want  doctor.Level
	}{
		{"a name and back", world(nil, forth, map[string][]string{"192.0.2.7": {"out.example.org."}}), doctor.OK},
		{"no name", world(nil, forth, nil), doctor.Warning},
		{"a name that is another's", world(nil, forth, map[string][]string{"192.0.2.7": {"other.example.org."}}), doctor.Warning},
		{"seen from inside only", world(nil, map[string][]string{"mail.example.org": {"10.0.0.3"}}, nil), doctor.Skipped},
	} {
		t.Run(test.name, func(t *testing.T) {
			var r DoctorReport
			tryServerName(t.Context(), "mail.example.org", test.world, &r)
			if len(r.Checks) != 1 || r.Checks[0].Level != test.want {
				t.Errorf("got %+v, want one check: %s", r.Checks, test.want)
			}
		})
	}
}

// TestOrganizationSpeaks for its domains below, where they have no policy.
func TestOrganizationSpeaks(t *testing.T) {
	d := &Desk{Publication: &newsletter.Publication{From: mail.Address{Address: "news@letters.example.co.uk"}}}
	var r DoctorReport
	d.tryPolicies(t.Context(), world(map[string][]string{
		"letters.example.co.uk": {"v=spf1 mx -all"}, "_dmarc.example.co.uk": {"v=DMARC1; p=none"},
	}, nil, nil), &r)
	if r.Problems != 0 || r.Checks[1].Says != "_dmarc.example.co.uk: v=DMARC1; p=none" {
		t.Errorf("got %+v", r.Checks)
	}
}

func TestWorstProblem(t *testing.T) {
	down := newsletter.Faultf(newsletter.Unavailable, "wait", "down")
	misuse := newsletter.Faultf(newsletter.Misuse, "mend it", "wrong")
	for _, test := range []struct {
		name  string
		found []error
		want  newsletter.Kind
	}{
		{"what may pass", []error{down, down}, newsletter.Unavailable},
		{"something else beside", []error{down, errors.New("broken"), down}, newsletter.Failure},
		{"the configuration above all", []error{down, misuse, errors.New("broken")}, newsletter.Misuse},
	} {
		t.Run(test.name, func(t *testing.T) {
			var r DoctorReport
			for _, err := range test.found {
				r.failed("check", err)
			}
			var fault *newsletter.Fault
			if !errors.As(r.fault(), &fault) || fault.Kind != test.want {
				t.Errorf("got %v, want kind %d", r.fault(), test.want)
			}
		})
	}
}
