package workflow

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"broadsheet/internal/doctor"
	"broadsheet/internal/newsletter"
)

// Surroundings are what a doctor asks of the machine and the network.
type Surroundings struct {
	// TXT, Addresses and Names ask the DNS; what does not exist is no error.
	TXT       func(ctx context.Context, name string) ([]string, error)
	Addresses func(ctx context.Context, host string) ([]string, error)
	Names     func(ctx context.Context, address string) ([]string, error)
	// Free is the room on the publication's disk in bytes; negative: unknown.
	Free func() (int64, error)
}

// A Diagnosis is one check of a doctor's.
type Diagnosis struct {
	Check string `json:"check"`
	doctor.Verdict

	kind newsletter.Kind // of a problem
}

// A DoctorReport is what would stop a send, and the mend.
type DoctorReport struct {
	Checks   []Diagnosis `json:"checks"`
	Problems int         `json:"problems"`
	Warnings int         `json:"warnings"`
}

// Doctor checks all that a send needs, and sends nothing. A report with problems
// comes with a Fault.
func (d *Desk) Doctor(ctx context.Context, s Surroundings) (DoctorReport, error) {
	var r DoctorReport
	r.add("configuration", doctor.Verdict{Level: doctor.OK, Says: d.Publication.File + " is sound"})
	for _, smtp := range d.Publication.SMTP {
		d.tryServer(ctx, smtp, &r)
	}
	d.tryKeys(ctx, s, &r)
	d.tryPolicies(ctx, s, &r)
	for _, host := range hosts(d.Publication.SMTP) {
		tryServerName(ctx, host, s, &r)
	}
	d.tryUnsubscribe(ctx, &r)
	d.tryClock(ctx, &r)
	tryDisk(s, &r)
	if errors.Is(ctx.Err(), context.Canceled) {
		return r, ctx.Err()
	}
	return r, r.fault()
}

// hosts are those of the servers, each once.
func hosts(servers []newsletter.SMTP) (list []string) {
	for _, s := range servers {
		if !slices.Contains(list, s.Host) {
			list = append(list, s.Host)
		}
	}
	return list
}

// failed adds an error as a problem.
func (r *DoctorReport) failed(check string, err error) {
	var fault *newsletter.Fault
	if !errors.As(err, &fault) {
		fault = &newsletter.Fault{Err: err}
	}
	r.put(Diagnosis{check, doctor.Verdict{Level: doctor.Problem, Says: err.Error(), Mend: fault.Hint}, fault.Kind})
}

func (r *DoctorReport) say(check string, level doctor.Level, mend, format string, args ...any) {
	r.add(check, doctor.Verdict{Level: level, Says: fmt.Sprintf(format, args...), Mend: mend})
}

func (r *DoctorReport) add(check string, v doctor.Verdict) {
	r.put(Diagnosis{check, v, newsletter.Failure})
}

func (r *DoctorReport) put(c Diagnosis) {
	switch c.Level {
	case doctor.Problem:
		r.Problems++
	case doctor.Warning:
		r.Warnings++
	case doctor.OK, doctor.Skipped:
	}
	r.Checks = append(r.Checks, c)
}

// fault is that of the worst problem: something to mend here, then something to
// mend elsewhere, then something that may pass.
func (r *DoctorReport) fault() error {
	if r.Problems == 0 {
		return nil
	}
	kind := newsletter.Unavailable
	for _, c := range r.Checks {
		if c.Level == doctor.Problem && kind != newsletter.Misuse && c.kind != newsletter.Unavailable {
			kind = c.kind
		}
	}
	return newsletter.Faultf(kind, "", "%d %s would stop letters", r.Problems, plural(r.Problems, "problem"))
}
