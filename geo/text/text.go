// Package text folds and checks Vietnamese text: the search key of a written
// address, and what a text must be before the registry stores it.
package text
