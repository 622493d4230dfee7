// Command quality measures how well a running registry finds addresses that
// are not written as it writes them. It draws registered addresses from the
// server, writes each in many ways (see package variant) with a fixed seed, asks
// for it, and prints per way how often the right one came first and among the
// first five. With -cases it runs a file of geocoder-tester instead. What is
// printed never fails the run: the exit code is 0 when every question was
// asked, 1 when the server failed, 2 on wrong usage.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"

	"diachiso/bench/variant"
)

// settings are the flags.
type settings struct {
	url   string
	seed  uint64
	size  int
	call  string
	kinds []variant.Kind
	cases string
	loose bool
	all   bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := command(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// command is the whole program but for the exit.
func command(ctx context.Context, args []string, out, errOut io.Writer) int {
	s, err := parse(args, errOut)
	if err == flag.ErrHelp {
		return 0
	}
	if err == nil && s.cases != "" {
		err = runCases(ctx, s, out)
	} else if err == nil {
		err = runVariants(ctx, s, out, errOut)
	} else {
		fmt.Fprintln(errOut, "quality:", err)
		return 2
	}
	if err != nil {
		fmt.Fprintln(errOut, "quality:", err)
		return 1
	}
	return 0
}

func parse(args []string, errOut io.Writer) (settings, error) {
	var s settings
	var kinds string
	flags := flag.NewFlagSet("quality", flag.ContinueOnError)
	flags.SetOutput(errOut)
	flags.StringVar(&s.url, "url", "http://127.0.0.1:8080", "the server to ask")
	flags.Uint64Var(&s.seed, "seed", 1, "the same seed and registry make the same questions")
	flags.IntVar(&s.size, "size", 500, "questions of each kind")
	flags.StringVar(&s.call, "call", callSearch, "search or suggest")
	flags.StringVar(&kinds, "kinds", "", "only these kinds of variants, by name, with commas between")
	flags.StringVar(&s.cases, "cases", "", "run a CSV file of geocoder-tester instead")
	flags.BoolVar(&s.loose, "loose", false, "with -cases: compare without case and accents")
	flags.BoolVar(&s.all, "v", false, "print every miss: what was asked, expected and answered first")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	s.url = strings.TrimSuffix(s.url, "/")
	if flags.NArg() > 0 {
		return s, fmt.Errorf("what is %q? Everything is a flag", flags.Arg(0))
	}
	if s.call != callSearch && s.call != callSuggest {
		return s, fmt.Errorf("-call %s: write search or suggest", s.call)
	}
	if s.size < 1 {
		return s, fmt.Errorf("-size %d: ask at least one question", s.size)
	}
	var err error
	s.kinds, err = chosen(kinds)
	return s, err
}

// chosen are the kinds of a list of names; all for an empty one.
func chosen(list string) ([]variant.Kind, error) {
	all := variant.Kinds()
	if list == "" {
		return all, nil
	}
	var kinds []variant.Kind
	for name := range strings.SplitSeq(list, ",") {
		at := slices.IndexFunc(all, func(k variant.Kind) bool { return k.Name == strings.TrimSpace(name) })
		if at < 0 {
			names := make([]string, len(all))
			for i, k := range all {
				names[i] = k.Name
			}
			return nil, fmt.Errorf("-kinds %s: there are %s", name, strings.Join(names, ", "))
		}
		kinds = append(kinds, all[at])
	}
	return kinds, nil
}
