package diachiso_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// allowed says which of our packages and which kept-apart libraries a layer
// may import, besides the standard library and everything not named in apart.
var allowed = map[string][]string{
	"diachiso":                   {},
	"diachiso/geo/text":          {},
	"diachiso/geo/lexicon":       {"diachiso/geo/text"},
	"diachiso/geo/written":       {"diachiso/geo/lexicon", "diachiso/geo/text"},
	"diachiso/geo":               {"diachiso/geo/text"},
	"diachiso/models/facts":      {},
	"diachiso/models/importfile": {"diachiso/geo/text"},
	"diachiso/models/demo":       {"diachiso/geo", "diachiso/geo/text", "diachiso/models/facts"},
	"diachiso/models": {"diachiso/geo", "diachiso/geo/lexicon", "diachiso/geo/text", "diachiso/geo/written", "diachiso/models/facts",
		"diachiso/models/importfile", "gorm", "driver", "goose"},
	"diachiso/models/batch":       {"diachiso/geo", "diachiso/geo/text", "diachiso/models", "diachiso/models/importfile"},
	"diachiso/models/certificate": {"diachiso/geo", "diachiso/models"},
	"diachiso/models/export":      {"diachiso/geo", "diachiso/models", "diachiso/models/importfile"},
	"diachiso/models/storetest":   {"diachiso/geo", "diachiso/models", "diachiso/models/demo", "diachiso/models/importfile", "driver"},
	"diachiso/handlers/paper":     {},
	"diachiso/handlers": {"diachiso", "diachiso/geo", "diachiso/handlers/paper", "diachiso/models", "diachiso/models/batch", "diachiso/models/certificate",
		"diachiso/models/export", "diachiso/models/importfile", "gin"},
	"diachiso/cmd/diachiso": {"diachiso", "diachiso/geo", "diachiso/handlers", "diachiso/models", "diachiso/models/batch",
		"diachiso/models/certificate", "diachiso/models/demo", "diachiso/models/export", "diachiso/models/importfile"},
	"diachiso/bench":         {"diachiso/bench/variant", "diachiso/geo", "diachiso/handlers", "diachiso/models", "driver", "gin"},
	"diachiso/bench/quality": {"diachiso/bench/variant", "diachiso/geo", "diachiso/geo/text"},
	"diachiso/bench/variant": {},
}

// apart are the libraries that only some layers may know.
var apart = map[string]string{
	"github.com/gin-gonic/": "gin", "github.com/gin-contrib/": "gin",
	"gorm.io/": "gorm", "github.com/jackc/": "driver", "modernc.org/sqlite": "driver", "github.com/pressly/goose": "goose",
}

func TestImportsPointInward(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	seen := 0
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; seen++ {
		var pkg struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&pkg); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		may, known := allowed[pkg.ImportPath]
		if !known && pkg.ImportPath != "diachiso/scripts" {
			t.Errorf("package %s is not in the table: say what it may import", pkg.ImportPath)
		}
		for _, imported := range pkg.Imports {
			if layer := layerOf(imported); layer != "" && !slices.Contains(may, layer) {
				t.Errorf("%s imports %s, which it may not", pkg.ImportPath, imported)
			}
		}
	}
	if seen < 8 {
		t.Fatalf("only %d packages were looked at", seen)
	}
}

// layerOf is our package or the name of a library kept apart; empty: anybody's.
func layerOf(path string) string {
	if path == "diachiso" || strings.HasPrefix(path, "diachiso/") {
		return path
	}
	for prefix, name := range apart {
		if strings.HasPrefix(path, prefix) {
			return name
		}
	}
	return ""
}
