package web

import (
	"fmt"
	"net/netip"
	"strings"
	"syscall"
)

// The networks that are not the public internet, after the special-purpose
// address registries of IANA (RFC 6890 and its successors).
var (
	special4 = prefixes(
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
		"172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
		"198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	)
	special6  = prefixes("2001::/23", "2001:db8::/32", "3fff::/20")
	global6   = netip.MustParsePrefix("2000::/3")
	sixToFour = netip.MustParsePrefix("2002::/16")    // RFC 3056
	nat64     = netip.MustParsePrefix("64:ff9b::/96") // RFC 6052
)

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, p := range list {
		out[i] = netip.MustParsePrefix(p)
	}
	return out
}

// public tells whether an address belongs to the public internet. An IPv4
// address inside an IPv6 one (mapped, NAT64, 6to4) is judged by itself.
func public(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if a.Is4() {
		return !within(special4, a)
	}
	bytes := a.As16()
	switch {
	case nat64.Contains(a):
		return public(netip.AddrFrom4([4]byte(bytes[12:16])))
	case sixToFour.Contains(a):
		return public(netip.AddrFrom4([4]byte(bytes[2:6])))
	}
	return global6.Contains(a) && !within(special6, a)
}

func within(list []netip.Prefix, a netip.Addr) bool {
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// A privateError says that an address is none of the public internet.
type privateError struct{ host string }

func (e *privateError) Error() string {
	return fmt.Sprintf("%s is an address of this machine or of a private network", e.host)
}

// A guard decides which addresses may be reached.
type guard struct {
	allowed func(netip.Addr) bool
}

// control is a net.Dialer's Control: it sees the address after DNS and before
// the connection, so that no name and no redirect leads around it.
func (g guard) control(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("understand the address %q: %w", address, err)
	}
	if !g.allowed(to.Addr()) {
		return &privateError{host: to.Addr().String()}
	}
	return nil
}

// checkName judges a host that a proxy is going to look up: all that can be
// known before is whether it is an address or a name of this very machine.
func (g guard) checkName(host string) error {
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	if a, err := netip.ParseAddr(name); err == nil {
		if !g.allowed(a) {
			return &privateError{host: host}
		}
		return nil
	}
	local := name == "localhost" || strings.HasSuffix(name, ".localhost")
	if local && !g.allowed(netip.AddrFrom4([4]byte{127, 0, 0, 1})) {
		return &privateError{host: host}
	}
	if endsInNumber(name) {
		return fmt.Errorf("%s is an unusual spelling of an address", host)
	}
	return nil
}

// endsInNumber finds addresses in disguise, which some resolvers understand:
// 127.1, 0x7f000001, 2130706433 (the URL standard's "ends in a number").
func endsInNumber(name string) bool {
	last := name[strings.LastIndexByte(name, '.')+1:]
	digits, set := last, "0123456789"
	if strings.HasPrefix(last, "0x") {
		digits, set = last[2:], "0123456789abcdef"
	}
	return last != "" && strings.Trim(digits, set) == ""
}
