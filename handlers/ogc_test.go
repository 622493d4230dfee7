package handlers

// ogcMatrix says who may ask for features: everybody.
func ogcMatrix() map[string]matrixRow {
	return map[string]matrixRow{
		"GET /ogc":                                   open("/ogc"),
		"GET /ogc/":                                  open("/ogc/"),
		"GET /ogc/conformance":                       open("/ogc/conformance"),
		"GET /ogc/api":                               open("/ogc/api"),
		"GET /ogc/collections":                       open("/ogc/collections"),
		"GET /ogc/collections/addresses":             open("/ogc/collections/addresses"),
		"GET /ogc/collections/addresses/items":       open("/ogc/collections/addresses/items?limit=1"),
		"GET /ogc/collections/addresses/items/:code": open("/ogc/collections/addresses/items/{code}"),
		"GET /ogc/collections/units":                 open("/ogc/collections/units"),
		"GET /ogc/collections/units/items":           open("/ogc/collections/units/items?limit=1"),
		"GET /ogc/collections/units/items/:unit":     open("/ogc/collections/units/items/25747_2025-07-01"),
	}
}
