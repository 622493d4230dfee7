package handlers

import (
	"strings"

	"golang.org/x/text/language"
)

var languages = language.NewMatcher([]language.Tag{language.English, language.Vietnamese})

// prefersVietnamese reads Accept-Language; what it can't read, and languages
// there are no sentences in, mean English.
func prefersVietnamese(header []string) bool {
	tags, _, err := language.ParseAcceptLanguage(strings.Join(header, ","))
	if err != nil {
		return false
	}
	_, i, confidence := languages.Match(tags...)
	return i == 1 && confidence > language.No
}

func languageTag(vietnamese bool) string {
	if vietnamese {
		return "vi"
	}
	return "en"
}
