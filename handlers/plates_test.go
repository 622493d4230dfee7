package handlers

// plateMatrix are the rows of the access matrix for what is printed.
func plateMatrix() map[string]matrixRow {
	return map[string]matrixRow{
		"GET /v1/addresses/:code/plate.svg": open("/v1/addresses/{code}/plate.svg"),
		"GET /v1/addresses/:code/plate.png": open("/v1/addresses/{code}/plate.png"),
		"GET /v1/addresses/:code/plate.pdf": open("/v1/addresses/{code}/plate.pdf"),
		"GET /v1/addresses/:code/qr.svg":    open("/v1/addresses/{code}/qr.svg"),
		"POST /v1/plates":                   {outcomes: "1333yyy", path: "/v1/plates", body: `{"codes":["{code}"]}`},
		"GET /a/:code":                      open("/a/{code}"),
	}
}
