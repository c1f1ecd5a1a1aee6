// Package subscribers holds the example lists that broadsheet init copies into
// a new publication, and the description of their format. Every address is
// under a domain that is reserved for examples (RFC 2606). Real lists never
// belong in this folder, nor in git.
package subscribers

import "embed"

// FS holds README.md and the example lists.
//
//go:embed README.md *.csv
var FS embed.FS
