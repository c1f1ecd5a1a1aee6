//go:build !unix

package summary

import "time"

func processorTime() time.Duration { return 0 }
