package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

func (p *program) doctorCommand() *cli.Command {
	return &cli.Command{
		Name:  "doctor",
		Usage: "what would stop a send, and the mend",
		Description: "Checks the configuration, the mail server's login, encryption and certificate, DKIM, SPF, DMARC and the server's\n" +
			"name in the DNS, the page to unsubscribe and its one click, the clock and the disk. Nothing is sent.\n\n" +
			"Example:\n   broadsheet doctor\n   broadsheet doctor --dns 9.9.9.9:53",
		Flags:  []cli.Flag{&cli.StringFlag{Name: "dns", Usage: "ask the DNS server at this `ADDRESS`, not the system's"}},
		Action: p.atDesk(0, 0, p.doctor),
	}
}

// doctorPatience bounds all checks together.
const doctorPatience = time.Minute

func (p *program) doctor(ctx context.Context, desk *workflow.Desk, c *cli.Context, _ []string) (result, error) {
	server := c.String("dns")
	if _, _, err := net.SplitHostPort(server); server != "" && err != nil {
		return nil, newsletter.Faultf(newsletter.Misuse, "write it like 9.9.9.9:53", "--dns is not an address with a port: %q", server)
	}
	ctx, cancel := context.WithTimeout(ctx, doctorPatience)
	defer cancel()
	report, err := desk.Doctor(ctx, surroundings(resolver(server), desk.Publication.Dir))
	return doctorResult{report}, err
}

type doctorResult struct{ workflow.DoctorReport }

func (r doctorResult) text(w io.Writer) {
	for _, c := range r.Checks {
		fmt.Fprintf(w, "%-8s %-13s %s\n", c.Level, c.Check, c.Says)
		if c.Mend != "" {
			fmt.Fprintf(w, "%22s %s\n", "", strings.ReplaceAll(c.Mend, "\n", "\n"+strings.Repeat(" ", 23)))
		}
	}
}

// resolver asks the DNS server at an address; "": those of the system.
func resolver(server string) *net.Resolver {
	if server == "" {
		return net.DefaultResolver
	}
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, server)
	}}
}

func surroundings(r *net.Resolver, dir string) workflow.Surroundings {
	return workflow.Surroundings{
		TXT: func(ctx context.Context, name string) ([]string, error) {
			list, err := r.LookupTXT(ctx, rooted(name))
			return list, known(err)
		},
		Addresses: func(ctx context.Context, host string) ([]string, error) {
			if net.ParseIP(host) == nil && host != "localhost" {
				host = rooted(host)
			}
			list, err := r.LookupHost(ctx, host)
			return list, known(err)
		},
		Names: func(ctx context.Context, address string) ([]string, error) {
			list, err := r.LookupAddr(ctx, address)
			return list, known(err)
		},
		Free: func() (int64, error) { return free(dir) },
	}
}

// rooted keeps the system from trying a name below its own domain.
func rooted(name string) string { return strings.TrimSuffix(name, ".") + "." }

// known takes away the error that says that there is nothing of that name.
func known(err error) error {
	var failed *net.DNSError
	switch {
	case errors.As(err, &failed) && failed.IsNotFound:
		return nil
	case err != nil:
		return newsletter.Faultf(newsletter.Unavailable, "try again; or ask another server: broadsheet doctor --dns 9.9.9.9:53", "the DNS does not answer: %w", err)
	}
	return nil
}
