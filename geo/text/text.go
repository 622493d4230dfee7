// Package text folds, checks and reads Vietnamese text: the search key of a
// written address with and without accents, words typed in Telex by slip, and
// what a text must be before the registry stores it.
package text
