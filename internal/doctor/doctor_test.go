package doctor_test

import (
	"strings"
	"testing"
	"time"

	"broadsheet/internal/doctor"
)

func TestVerdicts(t *testing.T) {
	dkim := func(records ...string) doctor.Verdict {
		return doctor.DKIM("s1._domainkey.example.org", "v=DKIM1; k=rsa; p=AAAABBBB", records)
	}
	spf := func(records ...string) doctor.Verdict { return doctor.SPF("example.org", records) }
	dmarc := func(records ...string) doctor.Verdict { return doctor.DMARC("_dmarc.example.org", records) }
	const address = "192.0.2.7"
	for _, test := range []struct {
		name string
		got  doctor.Verdict
		want doctor.Level
		says string
	}{
		{"the key", dkim("v=DKIM1; k=rsa; p=AAAABBBB"), doctor.OK, "has the key"},
		{"the key in pieces", dkim("v=DKIM1;p=AAAA BBBB ;"), doctor.OK, "has the key"},
		{"beside something else", dkim("hello", "p=AAAABBBB"), doctor.OK, "has the key"},
		{"no key", dkim(), doctor.Problem, "no key"},
		{"another key", dkim("v=DKIM1; p=AAAACCCC"), doctor.Problem, "not the one"},
		{"another kind of key", dkim("v=DKIM1; k=ed25519; p=AAAABBBB"), doctor.Problem, "not the one"},
		{"a revoked key", dkim("v=DKIM1; p="), doctor.Problem, "revoked"},
		{"two keys", dkim("p=AAAABBBB", "p=AAAACCCC"), doctor.Problem, "2 keys"},
		{"a test", dkim("v=DKIM1; t=s:y; p=AAAABBBB"), doctor.Warning, "test"},

		{"SPF", spf("other", "v=spf1 mx include:_spf.example.net -all"), doctor.OK, "v=spf1"},
		{"no SPF", spf("v=spf10 mx -all"), doctor.Problem, "no SPF"},
		{"two SPF", spf("v=spf1 mx -all", "V=SPF1 a -all"), doctor.Problem, "2 SPF"},
		{"SPF for all", spf("v=spf1 mx all"), doctor.Problem, "everybody"},
		{"SPF for all, with a sign", spf("v=spf1 +ALL"), doctor.Problem, "everybody"},
		{"too much SPF", spf("v=spf1" + strings.Repeat(" include:x.example", 11) + " -all"), doctor.Problem, "11 times"},
		{"SPF with odd terms", spf("v=spf1 - = : ip4:192.0.2.0/24 ~all"), doctor.OK, "v=spf1"},

		{"DMARC", dmarc("v=DMARC1; p=quarantine; rua=mailto:d@example.org"), doctor.OK, "quarantine"},
		{"no DMARC", dmarc("v=spf1 -all"), doctor.Problem, "no DMARC"},
		{"two DMARC", dmarc("v=DMARC1; p=none", "v=DMARC1; p=reject"), doctor.Problem, "2 DMARC"},
		{"DMARC without policy", dmarc("v=DMARC1; rua=mailto:d@example.org"), doctor.Problem, "says p="},

		{"a certificate", doctor.Certificate("mail.example.org", 14*24*time.Hour), doctor.OK, "14 days"},
		{"a certificate that ends", doctor.Certificate("mail.example.org", 14*24*time.Hour-time.Second), doctor.Warning, "in 13 days"},
		{"a clock", doctor.Clock("example.org", 119*time.Second), doctor.OK, "example.org"},
		{"a clock ahead", doctor.Clock("example.org", 2*time.Minute), doctor.Warning, "2m0s ahead of that of example.org"},
		{"a clock behind", doctor.Clock("example.org", -time.Hour), doctor.Warning, "1h0m0s behind that of example.org"},

		{"a name that leads back", doctor.PTR(address, []string{"mail.example.org."}, map[string][]string{"mail.example.org.": {"192.0.2.8", address}}), doctor.OK, "and back"},
		{"no name", doctor.PTR(address, nil, nil), doctor.Warning, "has no name"},
		{"a name that leads elsewhere", doctor.PTR(address, []string{"mail.example.org."}, map[string][]string{"mail.example.org.": {"192.0.2.8"}}), doctor.Warning, "elsewhere"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.got.Level != test.want || !strings.Contains(test.got.Says, test.says) {
				t.Errorf("%s: %s; want %s: …%s…", test.got.Level, test.got.Says, test.want, test.says)
			}
			if bad := test.got.Level == doctor.Problem || test.got.Level == doctor.Warning; bad == (test.got.Mend == "") {
				t.Errorf("the mend of %q is %q", test.got.Says, test.got.Mend)
			}
		})
	}
}

// FuzzRecords: whatever the DNS says there is a verdict.
func FuzzRecords(f *testing.F) {
	f.Add("v=spf1 mx -all", "v=DKIM1; p=AA==")
	f.Add("v=spf1", ";;=;p")
	f.Fuzz(func(t *testing.T, a, b string) {
		records := []string{a, b}
		for _, v := range []doctor.Verdict{doctor.SPF("d", records), doctor.DMARC("d", records), doctor.DKIM("d", "k=rsa; p=A", records)} {
			if v.Says == "" || v.Level == doctor.Problem && v.Mend == "" {
				t.Errorf("%+v", v)
			}
		}
	})
}
