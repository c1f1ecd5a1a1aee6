package newsletter_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

func TestParseCondition(t *testing.T) {
	tests := []struct {
		text  string
		want  newsletter.Condition
		wrong string // words of the error
	}{
		{text: "5xx>2%", want: newsletter.Condition{What: newsletter.CountRefused, Limit: 2, Percent: true}},
		{text: " 4XX > 0.5 % ", want: newsletter.Condition{What: newsletter.CountDeferred, Limit: 0.5, Percent: true}},
		{text: "uncertain>0", want: newsletter.Condition{What: newsletter.CountUncertain}},
		{text: "bounced>12", want: newsletter.Condition{What: newsletter.CountBounced, Limit: 12}},
		{text: "complained>0%", want: newsletter.Condition{What: newsletter.CountComplained, Percent: true}},
		{text: "unsubscribed>3", want: newsletter.Condition{What: newsletter.CountUnsubscribed, Limit: 3}},
		{text: "5xx", wrong: `"5xx" has no >`},
		{text: "5xx<2", wrong: "has no >"},
		{text: "550>2%", wrong: `"550" counts nothing that there is`},
		{text: "5xx>", wrong: `"" is no number`},
		{text: "5xx>2%%", wrong: `"2%%" is no number`},
		{text: "5xx>-1", wrong: `"-1" is below zero`},
		{text: "5xx>nan", wrong: "is below zero"},
		{text: "5xx>100%", wrong: "never more than 100% are"},
		{text: "5xx>1.5", wrong: `"1.5" letters cannot be counted`},
		{text: "5xx>inf", wrong: "cannot be counted"},
		{text: "5xx>1e99", wrong: "cannot be counted"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			got, err := newsletter.ParseCondition(tt.text)
			if tt.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), tt.wrong) {
					t.Errorf("error %v, want one that says %s", err, tt.wrong)
				}
				return
			}
			if err != nil || got != tt.want {
				t.Errorf("got %+v, %v", got, err)
			}
			if again, err := newsletter.ParseCondition(got.String()); err != nil || again != got {
				t.Errorf("%s is read as %+v, %v", got, again, err)
			}
		})
	}
}

func TestConditionHolds(t *testing.T) {
	for _, tt := range []struct {
		condition string
		n, of     int
		want      bool
	}{
		{"5xx>2%", 2, 100, false},
		{"5xx>2%", 3, 100, true},
		{"5xx>0%", 0, 100, false},
		{"5xx>0%", 1, 100000, true},
		{"5xx>2%", 0, 0, false},
		{"5xx>0", 0, 5, false},
		{"5xx>3", 4, 5, true},
	} {
		c, err := newsletter.ParseCondition(tt.condition)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Holds(map[newsletter.Count]int{newsletter.CountRefused: tt.n}, tt.of); got != tt.want {
			t.Errorf("%s of %d in %d: %v", tt.condition, tt.n, tt.of, got)
		}
	}
}

// Each domain and, within the large ones, each segment has its share.
func TestChooseCanary(t *testing.T) {
	var list []newsletter.Candidate
	domains := make(map[int64]int)
	segments := make(map[int64]int)
	for i := range 1000 {
		c := newsletter.Candidate{Number: int64(i + 1), Segment: i % 2, Domain: 7}
		switch {
		case i >= 900:
			c.Domain = i // of one reader each
		case i >= 600:
			c.Domain = 3
		}
		domains[c.Number], segments[c.Number] = c.Domain, c.Segment
		list = append(list, c)
	}
	slices.Reverse(list)
	numbers := newsletter.ChooseCanary(slices.Clone(list), 20)
	if len(numbers) != 20 || !slices.IsSorted(numbers) || len(slices.Compact(slices.Clone(numbers))) != 20 {
		t.Fatalf("chosen %v", numbers)
	}
	got := make(map[string]int)
	for _, n := range numbers {
		name := map[int]string{7: "large", 3: "middle"}[domains[n]]
		if name == "" {
			got["small"]++
			continue
		}
		got[name+[]string{" even", " odd"}[segments[n]]]++
	}
	want := map[string]int{"large even": 6, "large odd": 6, "middle even": 3, "middle odd": 3, "small": 2}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	slices.Reverse(list)
	if again := newsletter.ChooseCanary(list, 20); !slices.Equal(again, numbers) {
		t.Errorf("in another order %v is chosen, not %v", again, numbers)
	}
	if all := newsletter.ChooseCanary(list[:3], 20); len(all) != 3 {
		t.Errorf("of three %v are chosen", all)
	}
	if none := newsletter.ChooseCanary(nil, 20); len(none) != 0 {
		t.Errorf("of none %v are chosen", none)
	}
}

func FuzzParseCondition(f *testing.F) {
	for _, seed := range []string{"5xx>2%", "uncertain>0", " 4xx > 1e1 %", "bounced>1_0", "complained>0x1p3"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := newsletter.ParseCondition(text)
		if err != nil {
			return
		}
		if again, err := newsletter.ParseCondition(c.String()); err != nil || again != c {
			t.Errorf("%q is %+v, and %s is %+v, %v", text, c, c, again, err)
		}
	})
}
