// Package diachiso is a self-hosted digital address registry: it assigns
// short, permanent, self-checking codes to the households, businesses and
// farms of a Vietnamese province and looks them up again.
//
// The program is in cmd/diachiso, the HTTP interface in handlers, the
// registry's rules and its two databases in models, the address code and
// everything about the earth in geo. This package holds only what must stand
// in the root folder: the version and the embedded contract.
package diachiso

import _ "embed"

// Version is the released version of the program; a build may override it
// with -ldflags "-X diachiso.Version=…".
var Version = "0.1.0"

// OpenAPI is the HTTP contract (openapi.yaml, OpenAPI 3.1, YAML), as served
// at /openapi.json after conversion to JSON.
//
//go:embed openapi.yaml
var OpenAPI []byte
