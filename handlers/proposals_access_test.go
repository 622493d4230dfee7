package handlers

import (
	"strconv"
	"strings"
	"testing"

	"diachiso/models/storetest"
)

// proposalMatrix is the part of the matrix about proposals and owners.
func proposalMatrix() map[string]matrixRow {
	const path = "/v1/proposals/{number}"
	match := []string{"If-Match: *", "Content-Type: application/json"}
	onProposal := func(outcomes, path, body string) matrixRow {
		return matrixRow{outcomes: outcomes, path: path, body: body, headers: match, prepare: withProposal}
	}
	return map[string]matrixRow{
		"POST /v1/proposals":                     {outcomes: everybody, path: "/v1/proposals", body: house},
		"GET /v1/proposals/:number":              onProposal("44y4y4y", path, ""),
		"PATCH /v1/proposals/:number":            onProposal("44y4y4y", path, `{"street":"Đường Yersin"}`),
		"POST /v1/proposals/:number/verify":      onProposal("4434y4y", path+"/verify", `{"confirm_distinct":true}`),
		"POST /v1/proposals/:number/reject":      onProposal("4434y4y", path+"/reject", `{"reason":"Không đúng."}`),
		"POST /v1/proposals/:number/withdraw":    onProposal("44y4343", path+"/withdraw", ""),
		"POST /v1/proposals/:number/owner-token": onProposal("44y4343", path+"/owner-token", ""),
		"GET /v1/proposals/:number/slip.svg":     onProposal("44y4343", path+"/slip.svg", ""),
		"GET /v1/reviews":                        {outcomes: "1333yyy", path: "/v1/reviews"},
		"GET /v1/owner":                          {outcomes: "1yy3333", path: "/v1/owner"},
		"POST /v1/addresses/:code/owner-token":   {outcomes: "13y3y3y", path: "/v1/addresses/{code}/owner-token"},
		"GET /o":                                 open("/o"),
	}
}

// withProposal makes a proposal for {number} whose owner is the address's.
func withProposal(t *testing.T, w *world, path, body string) (string, string) {
	t.Helper()
	r := storetest.House(1)
	r.Point, r.Parts.HouseNumber = storetest.Metres(w.address.Point, 10, 10), w.address.Parts.HouseNumber+"/2"
	r.Contact = plantedContact("Lê Thị Kín")
	p, _, err := w.store.Propose(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	id := w.database.Count(t, "SELECT id FROM proposals WHERE number = ?", p.Number)
	w.database.Exec(t, "DELETE FROM owner_tokens WHERE proposal_id = "+strconv.Itoa(id))
	w.database.Exec(t, "UPDATE owner_tokens SET proposal_id = "+strconv.Itoa(id)+" WHERE address_id = ?", w.address.Code.ID())
	return strings.ReplaceAll(path, "{number}", p.Number), body
}
