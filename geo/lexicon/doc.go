// Package lexicon matches what people type against vocabularies held in
// memory: whole names with one or two typing errors, and names that share
// words with a query. It knows letters, not addresses.
package lexicon
