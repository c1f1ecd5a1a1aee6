package workflow

import (
	"cmp"
	"context"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"broadsheet/internal/doctor"
	"broadsheet/internal/newsletter"
)

// tryServer dials, encrypts and logs in.
func (d *Desk) tryServer(ctx context.Context, smtp newsletter.SMTP, r *DoctorReport) {
	const check = "mail server"
	conn, err := d.Dial(ctx, smtp)
	if err != nil {
		r.failed(check, err)
		return
	}
	defer func() { _ = conn.Close() }() // it answered
	login := "without a login"
	if smtp.Username != "" {
		login = "logged in as " + smtp.Username
	}
	if smtp.TLS == "none" && !here(smtp.Host) {
		r.say(check, doctor.Warning, "smtp.tls: starttls, or tls", "%s answers, %s, and everybody on the way can read along", smtp.Address(), login)
		return
	}
	r.say(check, doctor.OK, "", "%s answers, %s, tls: %s", smtp.Address(), login, smtp.TLS)
	if certified, ok := conn.(interface{ Expires() time.Time }); ok && !certified.Expires().IsZero() {
		r.add("certificate", doctor.Certificate(smtp.Host, time.Until(certified.Expires())))
	}
}

// here tells whether a host is this machine.
func here(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// tryKeys holds the DKIM keys against the DNS.
func (d *Desk) tryKeys(ctx context.Context, s Surroundings, r *DoctorReport) {
	const check = "dkim"
	signers, err := d.Signers()
	if err != nil {
		r.failed(check, err)
	}
	if len(signers) == 0 && err == nil {
		r.say(check, doctor.Warning, "make a key and name it under dkim:, unless your provider signs", "letters are not signed here")
	}
	for _, signer := range signers {
		name, want, err := signer.Record()
		var records []string
		if err == nil {
			records, err = s.TXT(ctx, name)
		}
		if err != nil {
			r.failed(check, err)
			continue
		}
		r.add(check, doctor.DKIM(name, want, records))
	}
}

// tryPolicies looks for SPF at the domain of the envelope (RFC 7208, section 2.4)
// and for DMARC at that of From or, where it has none, at its organization's (RFC
// 7489, section 6.6.3).
func (d *Desk) tryPolicies(ctx context.Context, s Surroundings, r *DoctorReport) {
	_, domain, _ := strings.Cut(d.Publication.From.Address, "@")
	_, envelope, _ := strings.Cut(cmp.Or(d.Publication.ReturnPath, d.Publication.From.Address), "@")
	if records, err := s.TXT(ctx, envelope); err != nil {
		r.failed("spf", err)
	} else {
		r.add("spf", doctor.SPF(envelope, records))
	}
	name := "_dmarc." + domain
	records, err := s.TXT(ctx, name)
	if above, failed := publicsuffix.EffectiveTLDPlusOne(domain); err == nil && len(records) == 0 && failed == nil && above != domain {
		name = "_dmarc." + above
		records, err = s.TXT(ctx, name)
	}
	if err != nil {
		r.failed("dmarc", err)
		return
	}
	r.add("dmarc", doctor.DMARC(name, records))
}

// tryServerName asks for the names of the server's addresses, where the world
// can see it.
func tryServerName(ctx context.Context, host string, s Surroundings, r *DoctorReport) {
	const check = "ptr"
	addresses, err := s.Addresses(ctx, host)
	if err != nil {
		r.failed(check, err)
		return
	}
	seen := false
	for _, text := range addresses {
		address, err := netip.ParseAddr(text)
		if err != nil || address.IsLoopback() || address.IsPrivate() || address.IsLinkLocalUnicast() {
			continue
		}
		seen = true
		names, err := s.Names(ctx, text)
		back := make(map[string][]string)
		for _, name := range names[:min(len(names), 10)] {
			if err == nil {
				back[name], err = s.Addresses(ctx, name)
			}
		}
		if err != nil {
			r.failed(check, err)
			continue
		}
		r.add(check, doctor.PTR(text, names, back))
	}
	if !seen {
		r.say(check, doctor.Skipped, "", "%s is not to be seen from outside; what it sends from has to have a name that leads back", host)
	}
}

// tryUnsubscribe asks the page that readers leave by, and holds the machine's
// clock against its server's.
func (d *Desk) tryUnsubscribe(ctx context.Context, r *DoctorReport) {
	const check = "unsubscribe"
	if _, err := d.secret(ctx); err != nil {
		r.failed(check, err)
	}
	u := d.Publication.Unsubscribe
	if u.URL == "" {
		r.say(check, doctor.OK, "", "readers leave by a letter to %s", u.Mailto)
		return
	}
	answer := d.Follow(ctx, u.URL)
	switch {
	case answer.Trouble != "":
		r.put(Diagnosis{check, doctor.Verdict{Level: doctor.Problem, Says: u.URL + ": " + answer.Trouble, Mend: "see unsubscribe.url, and whether the page is up"}, newsletter.Unavailable})
	case answer.Status >= 500 || answer.Status == 404 || answer.Status == 410:
		r.say(check, doctor.Problem, "see unsubscribe.url, and what the page says", "%s answers %d", u.URL, answer.Status)
	default:
		d.tryLeaving(ctx, r)
	}
	if server, err := url.Parse(u.URL); err == nil && !answer.Clock.IsZero() {
		r.add("clock", doctor.Clock(server.Host, time.Since(answer.Clock)))
	}
}

// tryLeaving asks a page that answers for one click too, where letters shall
// promise it.
func (d *Desk) tryLeaving(ctx context.Context, r *DoctorReport) {
	const check = "unsubscribe"
	u := d.Publication.Unsubscribe
	if !u.OneClick {
		r.say(check, doctor.OK, "", "%s answers", u.URL)
		return
	}
	if err := d.oneClick(ctx); err != nil {
		r.say(check, doctor.Warning, "let the page answer a POST of List-Unsubscribe=One-Click with 200 (RFC 8058, section 3.1); until then letters do not promise one click, "+
			"which Gmail and Yahoo want of whoever sends in bulk", "%s", err)
		return
	}
	r.say(check, doctor.OK, "", "%s answers, and lets readers leave by one click", u.URL)
}

// tryClock holds the clock against the ledger: time that goes back makes letters
// that came before they were written.
func (d *Desk) tryClock(ctx context.Context, r *DoctorReport) {
	const check = "clock"
	records, err := d.Store.Issues(ctx)
	if err != nil {
		r.failed(check, err)
		return
	}
	now, last := d.Clock.Now(), d.Store.Created()
	for _, record := range records {
		for _, at := range [...]time.Time{record.Created, record.FrozenAt} {
			if at.After(last) {
				last = at
			}
		}
	}
	if now.Add(time.Minute).Before(last) {
		r.say(check, doctor.Problem, "set the clock: timedatectl set-ntp true", "it is %s, but the ledger was written at %s", now.UTC().Format(time.RFC3339), last.UTC().Format(time.RFC3339))
		return
	}
	r.say(check, doctor.OK, "", "it is %s", now.In(cmp.Or(d.Publication.Location, time.UTC)).Format(time.RFC1123Z))
}

const (
	roomWanted = 1 << 30
	roomNeeded = 100 << 20
)

func tryDisk(s Surroundings, r *DoctorReport) {
	const check = "disk"
	free, err := s.Free()
	switch {
	case err != nil:
		r.failed(check, err)
	case free < 0:
		r.say(check, doctor.Skipped, "", "this system does not say how much room there is")
	case free < roomNeeded:
		r.say(check, doctor.Problem, "make room: the ledger keeps every delivery", "%d MB are free", free>>20)
	case free < roomWanted:
		r.say(check, doctor.Warning, "make room: the ledger keeps every delivery", "%d MB are free", free>>20)
	default:
		r.say(check, doctor.OK, "", "%d GB are free", free>>30)
	}
}
