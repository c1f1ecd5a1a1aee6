package main

import (
	"os"
	"testing"
)

// TestMain lets the test binary be the program too: so the tests are run again
// whenever any package of the program has changed, and under the race detector
// so is the program.
func TestMain(m *testing.M) {
	switch {
	case os.Getenv("BROADSHEET_TEST_MAIN") != "":
		main()
	case os.Getenv("BROADSHEET_TEST_SWALLOW") != "":
		swallow()
		os.Exit(0)
	}
	os.Exit(m.Run())
}
