package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"diachiso/bench/variant"
)

// Goals of the design, in percent.
const (
	goalFirst = 95.0
	goalFive  = 99.0
)

// runVariants asks for every kind and prints a line each, then the total, then
// the kinds that are for information only.
func runVariants(ctx context.Context, s settings, out, errOut io.Writer) error {
	r := open(s.url)
	fmt.Fprintln(errOut, "reading the addresses of", s.url)
	p, err := draw(ctx, r, poolOf(s.size), s.seed)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s of %s, seed %d; %d of %d current addresses can be asked for, %d drawn\n", s.call, s.url, s.seed, p.usable, p.registry, len(p.addresses))
	fmt.Fprintf(out, "goals: hit@1 >= %.0f %%, hit@5 >= %.0f %%; * is below\n\n", goalFirst, goalFive)
	heading(out)
	var total tally
	for _, info := range []bool{false, true} {
		for _, k := range s.kinds {
			if k.Info != info {
				continue
			}
			t, err := measure(ctx, r, p, k, s, out)
			if err != nil {
				return err
			}
			if !info {
				total.merge(t)
			}
		}
		if !info && total.asked > 0 {
			line(out, "total", total, true)
			fmt.Fprintln(out)
		}
	}
	return nil
}

// measure asks the questions of one kind, one after the other.
func measure(ctx context.Context, r registry, p pool, k variant.Kind, s settings, out io.Writer) (tally, error) {
	var t tally
	var misses []string
	for _, q := range p.questions(k, s.size, s.seed) {
		f, err := r.find(ctx, s.call, q.text)
		if err != nil {
			return t, err
		}
		place := rank(f.answers, q.address, k.Former)
		t.add(f, place)
		if place != 1 {
			misses = append(misses, miss(q, f, place))
		}
	}
	line(out, k.Name, t, !k.Info)
	if s.all {
		io.WriteString(out, strings.Join(misses, ""))
	}
	return t, nil
}

func heading(out io.Writer) {
	fmt.Fprintf(out, "%-24s %6s %8s %8s %9s %9s  %s\n", "kind", "asked", "hit@1", "hit@5", "median", "p99", "first answers")
}

// line prints one row; a share under a goal that counts has a star.
func line(out io.Writer, name string, t tally, counts bool) {
	share := func(n int, goal float64) string {
		star := " "
		if counts && t.asked > 0 && t.percent(n) < goal {
			star = "*"
		}
		return fmt.Sprintf("%.1f%%%s", t.percent(n), star)
	}
	if !counts {
		name += " (i)"
	}
	fmt.Fprintf(out, "%-24s %6d %8s %8s %9s %9s  %s\n", name, t.asked, share(t.first, goalFirst), share(t.five, goalFive),
		milliseconds(t.quantile(0.5)), milliseconds(t.quantile(0.99)), labels(t))
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%.2f ms", d.Seconds()*1000) }

// labels are the counts of the first answers, by name.
func labels(t tally) string {
	var b strings.Builder
	for _, label := range slices.Sorted(maps.Keys(t.labels)) {
		fmt.Fprintf(&b, "%s %d  ", label, t.labels[label])
	}
	return strings.TrimSpace(b.String())
}

// miss says what was asked, expected and answered, for -v.
func miss(q question, f found, place int) string {
	first := f.label()
	if len(f.answers) > 0 {
		a := f.answers[0]
		first += " " + strings.TrimSpace(a.Code+" "+a.Name+" "+a.Text)
	}
	where := "not found"
	if place > 0 {
		where = fmt.Sprintf("in place %d", place)
	}
	return fmt.Sprintf("    asked     %s\n    expected  %s %s (%s)\n    first     %s\n", q.text, q.address.Code, q.address.Now(), where, first)
}
