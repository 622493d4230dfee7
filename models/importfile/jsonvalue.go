package importfile

import (
	"bytes"
	"encoding/json"
)

// eachMember calls do for each member of a JSON object that is known to be
// valid; the values share the object's memory. An error of do ends it.
func eachMember(object json.RawMessage, do func(name string, value json.RawMessage) error) error {
	rest := skipSpace(object[1:])
	for rest[0] != '}' {
		end := valueEnd(rest)
		name, err := unquote(rest[:end])
		if err != nil {
			return err
		}
		rest = skipSpace(skipSpace(rest[end:])[1:]) // the colon
		end = valueEnd(rest)
		if err := do(name, rest[:end:end]); err != nil {
			return err
		}
		rest = skipSpace(rest[end:])
		if rest[0] == ',' {
			rest = skipSpace(rest[1:])
		}
	}
	return nil
}

// valueEnd is the length of the valid JSON value at the front.
func valueEnd(value []byte) int {
	switch value[0] {
	case '"':
		return stringEnd(value)
	case '{', '[':
		return nestedEnd(value)
	}
	if i := bytes.IndexAny(value, ",}] \t\r\n"); i >= 0 {
		return i
	}
	return len(value)
}

func stringEnd(value []byte) int {
	for i := 1; i < len(value); i++ {
		switch value[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(value)
}

func nestedEnd(value []byte) int {
	depth := 0
	for i := 0; i < len(value); i++ {
		switch value[i] {
		case '"':
			i += stringEnd(value[i:]) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(value)
}

func skipSpace(b []byte) []byte { return bytes.TrimLeft(b, " \t\r\n") }

// unquote is the text of a valid JSON string.
func unquote(quoted []byte) (string, error) {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return string(quoted[1 : len(quoted)-1]), nil
	}
	var s string
	err := json.Unmarshal(quoted, &s)
	return s, err
}
