package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"diachiso/models"
)

// progress shows how much of a file was read and how many rows a second go
// in; on anything that is no terminal it shows nothing.
type progress struct {
	mu    sync.Mutex
	bar   *progressbar.ProgressBar
	start time.Time
}

// newProgress expects a number of bytes; -1: unknown.
func newProgress(w io.Writer, bytes int64) *progress {
	if file, ok := w.(*os.File); !ok || !term.IsTerminal(int(file.Fd())) {
		w = io.Discard
	}
	return &progress{start: time.Now(), bar: progressbar.NewOptions64(bytes,
		progressbar.OptionSetWriter(w), progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionSetWidth(30), progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish(),
		progressbar.OptionSetSpinnerChangeInterval(0))} // no goroutine that draws beside ours
}

// Write counts bytes that were read.
func (p *progress) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.bar.Write(b)
}

// rows shows the counts of an import.
func (p *progress) rows(n models.ImportCounts) { p.count(n.Read) }

// count shows how many rows are done where nobody knows of how many.
func (p *progress) count(rows int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.describe(rows)
}

func (p *progress) describe(rows int) {
	p.bar.Describe(fmt.Sprintf("%d rows, %.0f a second", rows, float64(rows)/time.Since(p.start).Seconds()))
}

// of shows how many of all rows are done.
func (p *progress) of(done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bar.ChangeMax(total)
	p.bar.Set(done)
	p.describe(done)
}

func (p *progress) finish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bar.Finish()
}
