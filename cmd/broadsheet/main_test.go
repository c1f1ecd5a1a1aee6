package main

import (
	"os"
	"testing"
)

// TestMain lets the test binary be the program too: so the tests are run again
// whenever any package of the program has changed, and under the race detector
// so is the program.
func TestMain(m *testing.M) {
	if os.Getenv("BROADSHEET_TEST_MAIN") != "" {
		main()
	}
	os.Exit(m.Run())
}
