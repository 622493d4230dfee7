package handlers

import (
	"testing"

	"go.uber.org/goleak"
)

// GORM's cache of statements has a goroutine for ever; everything else ends
// with its test.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("gorm.io/gorm/internal/lru.NewLRU[...].func1"))
}
