package workflow

import (
	"errors"
	"testing"

	"broadsheet/internal/newsletter"
)

func TestOutOfReachOnce(t *testing.T) {
	lost := func(words string) error { return newsletter.Faultf(newsletter.Unavailable, "", "%s", words) }
	full := errors.New("the disk is full")
	for name, c := range map[string]struct {
		all  []error
		want string
	}{
		"one":             {[]error{lost("advancing: gone")}, "advancing: gone"},
		"nested":          {[]error{errors.Join(lost("advancing: gone"), lost("counting: gone")), lost("reading: gone")}, "advancing: gone"},
		"another between": {[]error{lost("advancing: gone"), errors.Join(full, lost("reading: gone"))}, "advancing: gone\nthe disk is full"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := outOfReachOnce(c.all...); got.Error() != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	if err := outOfReachOnce(nil, nil); err != nil {
		t.Error(err)
	}
}
