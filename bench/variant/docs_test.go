package variant

import (
	"os"
	"strings"
	"testing"
)

func TestEveryKindIsDescribed(t *testing.T) {
	page, err := os.ReadFile("../../docs/quality.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range Kinds() {
		if !strings.Contains(string(page), "`"+k.Name+"`") {
			t.Errorf("docs/quality.md says nothing of %s", k.Name)
		}
	}
}
