package web

import (
	"net/netip"
	"testing"
)

func TestPublic(t *testing.T) {
	tests := []struct {
		address string
		want    bool
	}{
		{"93.184.216.34", true},
		{"1.1.1.1", true},
		{"172.15.255.255", true},
		{"172.32.0.1", true},
		{"100.63.255.255", true},
		{"100.128.0.1", true},
		{"2606:4700::1111", true},
		{"::ffff:93.184.216.34", true},
		{"64:ff9b::5db8:d822", true},
		{"2002:5db8:d822::1", true},

		{"0.0.0.0", false},
		{"0.1.2.3", false},
		{"10.0.0.1", false},
		{"100.64.0.1", false},
		{"127.0.0.1", false},
		{"127.255.255.254", false},
		{"169.254.169.254", false},
		{"172.16.0.1", false},
		{"172.31.255.255", false},
		{"192.0.0.8", false},
		{"192.168.1.1", false},
		{"198.18.0.1", false},
		{"203.0.113.9", false},
		{"224.0.0.1", false},
		{"255.255.255.255", false},
		{"::", false},
		{"::1", false},
		{"::7f00:1", false},
		{"::ffff:127.0.0.1", false},
		{"::ffff:10.1.2.3", false},
		{"64:ff9b::7f00:1", false},
		{"64:ff9b::a9fe:a9fe", false},
		{"64:ff9b:1::1", false},
		{"2002:7f00:1::1", false},
		{"2002:c0a8:101::", false},
		{"2001::1", false},
		{"2001:db8::1", false},
		{"fc00::1", false},
		{"fdab::1", false},
		{"fe80::1", false},
		{"fe80::1%eth0", false},
		{"fec0::1", false},
		{"ff02::1", false},
	}
	for _, tt := range tests {
		t.Run(tt.address, func(t *testing.T) {
			if got := public(netip.MustParseAddr(tt.address)); got != tt.want {
				t.Errorf("public(%s) = %v, want %v", tt.address, got, tt.want)
			}
		})
	}
}

func TestCheckNameBeforeProxy(t *testing.T) {
	tests := []struct {
		host string
		ok   bool
	}{
		{"example.org", true},
		{"93.184.216.34", true},
		{"4you.example", true},
		{"localhost.example", true},
		{"localhost", false},
		{"LOCALHOST.", false},
		{"feeds.localhost", false},
		{"127.0.0.1", false},
		{"::1", false},
		{"169.254.169.254", false},
		{"127.1", false},
		{"0x7f000001", false},
		{"2130706433", false},
		{"0177.0.0.0x1", false},
	}
	for _, tt := range tests {
		t.Run(tt.host, func(t *testing.T) {
			if err := (guard{public}).checkName(tt.host); (err == nil) != tt.ok {
				t.Errorf("checkName(%q) = %v", tt.host, err)
			}
		})
	}
}
