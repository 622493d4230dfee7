package written

import "strings"

func accentedText(s string) string { return strings.ToLower(s) }
