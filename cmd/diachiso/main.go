// Command diachiso is the registry: it serves it over HTTP, fills it, asks it
// and looks after it. diachiso --help lists the commands.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"diachiso"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// Exit codes: everything was done; something failed or was refused; the
// command line was wrong.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// commands is the whole command line: its flags are the environment and the help.
type commands struct {
	Serve       serveCommand       `cmd:"" help:"Serve the registry over HTTP."`
	Demo        demoCommand        `cmd:"" help:"Fill the registry with a synthetic province."`
	Import      importCommand      `cmd:"" help:"Import addresses from a CSV or GeoJSON file."`
	Export      exportCommand      `cmd:"" help:"Export addresses or units to a CSV, GeoJSON or NDJSON file."`
	Units       unitsCommand       `cmd:"" help:"Import and list administrative units."`
	Resolve     resolveCommand     `cmd:"" help:"Say where a code, a point or a written address is."`
	Code        codeCommand        `cmd:"" help:"Encode a point or take a code apart, without a registry."`
	Key         keyCommand         `cmd:"" help:"Make keys for those who write."`
	Certificate certificateCommand `cmd:"" help:"Verify certificates of addresses and look after the keys that sign them."`
	Changes     changesCommand     `cmd:"" help:"Look after the change feed."`
	Migrate     migrateCommand     `cmd:"" help:"Show or bring up to date the tables of the database."`
	Check       checkCommand       `cmd:"" help:"Prove the invariants of the database."`
	Healthcheck healthcheckCommand `cmd:"" help:"Ask a running server on this machine whether it is ready."`

	Version kong.VersionFlag `help:"Show the version."`
}

// streams are where a command writes: answers to out, everything else to err.
type streams struct{ out, err io.Writer }

// errQuiet ends a command with exit code 1 when it has said why already.
var errQuiet = errors.New("failed")

// run is the whole program: arguments in, an exit code out.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (code int) {
	parser, err := kong.New(&commands{},
		kong.Name("diachiso"),
		kong.Description("A self-hosted digital address registry. Settings are flags or environment variables of the same name. Exit codes: 0 done, 1 failed or refused, 2 wrong command line."),
		kong.Vars{"version": "diachiso " + diachiso.Version, "size": demoSize},
		kong.Writers(stdout, stderr),
		kong.Exit(func(c int) { panic(exit(c)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(streams{stdout, stderr}),
	)
	if err != nil {
		fmt.Fprintln(stderr, "diachiso:", err)
		return exitUsage
	}
	defer func() { // --help and --version end here
		switch c := recover().(type) {
		case nil:
		case exit:
			code = int(c)
		default:
			panic(c)
		}
	}()
	command, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(stderr, "diachiso: %v\nRun diachiso --help for the commands and their flags.\n", err)
		return exitUsage
	}
	return report(stderr, command.Run())
}

// usageError is a wrong command line that only a command can see: a day that
// is none, a flag without the other.
type usageError struct{ error }

// Unwrap gives what is wrong.
func (u usageError) Unwrap() error { return u.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// report says in one line why a command failed, and answers its exit code.
func report(stderr io.Writer, err error) int {
	var usage usageError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errQuiet):
		return exitFailed
	case errors.As(err, &usage):
		fmt.Fprintln(stderr, "diachiso:", oneLine(err))
		return exitUsage
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "diachiso: interrupted")
		return exitFailed
	}
	fmt.Fprintln(stderr, "diachiso:", oneLine(err))
	return exitFailed
}

// oneLine joins the lines that drivers write into their errors.
func oneLine(err error) string {
	lines := strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' || r == '\t' })
	return strings.ReplaceAll(strings.Join(lines, "; "), ":; ", ": ")
}

// exit carries kong's exit code out of Parse.
type exit int
