package audience

import (
	"strings"

	"broadsheet/internal/newsletter"
)

// doubt says what looks wrong about an address that is written rightly; "":
// nothing does. Mail goes to it all the same.
func doubt(a newsletter.Address) (message, mend string) {
	local, domain, _ := strings.Cut(a.Identity, "@")
	if meant := meantDomain(domain); meant != "" {
		return a.Spelled + " is probably a slip", "if " + local + "@" + meant + " was meant, correct it; the wrong one bounces, or is a stranger"
	}
	base, _, _ := strings.Cut(local, "+")
	switch {
	case disposable[domain]:
		return a.Spelled + " is an address for a day", "such mailboxes are read once and then bounce"
	case roles[base]:
		return a.Spelled + " is an office, not a person", "make sure that somebody there asked for it: several read it, and one who did not may complain"
	}
	return "", ""
}

// roles are mailboxes of an office (RFC 2142, and what organisations add).
var roles = setOf(`abuse admin administrator billing compliance contact devnull dns ftp help helpdesk hostmaster hr info
	inquiries jobs kontakt legal list marketing media news no-reply noc noreply office ops postmaster press privacy
	registrar root sales secretary security service spam support sysadmin tech usenet uucp webmaster www`)

// disposable are the best known domains of mailboxes that vanish.
var disposable = setOf(`10minutemail.com 10minutemail.net 20minutemail.com 33mail.com anonbox.net discard.email discardmail.com
	dispostable.com emailondeck.com fakeinbox.com fakemail.net getairmail.com getnada.com grr.la guerrillamail.com guerrillamail.de
	guerrillamail.net guerrillamail.org guerrillamailblock.com inboxbear.com incognitomail.org jetable.org mail-temp.com mailcatch.com
	maildrop.cc mailinator.com mailinator.net mailnesia.com mailnull.com mintemail.com moakt.com mohmal.com mytemp.email nada.email
	owlymail.com sharklasers.com spam4.me spamex.com spamgourmet.com temp-mail.io temp-mail.org tempail.com tempmail.com tempmail.net
	tempmailaddress.com tempr.email throwawaymail.com tmpmail.org trash-mail.com trashmail.com trashmail.de trashmail.net wegwerfmail.de
	wegwerfmail.net yopmail.com yopmail.fr yopmail.net`)

func setOf(words string) map[string]bool {
	set := make(map[string]bool)
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// bigDomains are where most readers' mailboxes are.
var bigDomains = []string{
	"gmail.com", "googlemail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "live.com", "aol.com", "msn.com",
	"gmx.de", "gmx.net", "gmx.at", "web.de", "t-online.de", "orange.fr", "wanadoo.fr", "libero.it", "mail.ru", "yandex.ru",
	"proton.me", "protonmail.com", "comcast.net", "verizon.net", "btinternet.com", "hotmail.co.uk", "yahoo.co.uk", "hotmail.fr", "yahoo.fr",
}

// neighbours are domains of their own that differ from a big one by a letter.
var neighbours = setOf(`mail.com ymail.com gmx.com gmx.ch gmx.us gmx.fr gmx.es email.com hotmail.de hotmail.it hotmail.es hotmail.se
	hotmail.nl hotmail.be hotmail.ca yahoo.ca yahoo.de yahoo.it yahoo.es yahoo.in yahoo.no yahoo.se yahoo.ie live.ca live.de live.fr live.it live.nl live.se live.be live.no
	aol.de aol.fr aol.it me.com mac.com outlook.de outlook.fr outlook.es outlook.it outlook.in outlook.at outlook.be outlook.jp web.com love.com
	orange.pl orange.es orange.be mail.de mail.bg mail.ee mail.pt yandex.ua yandex.by yandex.kz yandex.com proton.ch line.com alive.com olive.com`)

// meantDomain is the big domain that a domain is a slip of: one letter too many,
// too few, wrong, or two exchanged. "" is none.
func meantDomain(domain string) string {
	if neighbours[domain] {
		return ""
	}
	meant := ""
	for _, big := range bigDomains {
		switch {
		case domain == big:
			return ""
		case meant == "" && len(big) >= len("gmx.net") && oneSlip(domain, big):
			meant = big
		}
	}
	return meant
}

// oneSlip tells whether two words differ by one letter, or by two neighbouring
// ones exchanged.
func oneSlip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	start := 0
	for start < len(a) && a[start] == b[start] {
		start++
	}
	if len(a) < len(b) {
		return a[start:] == b[start+1:]
	}
	if start == len(a) {
		return false
	}
	exchanged := start+1 < len(a) && a[start] == b[start+1] && a[start+1] == b[start] && a[start+2:] == b[start+2:]
	return exchanged || a[start+1:] == b[start+1:]
}
