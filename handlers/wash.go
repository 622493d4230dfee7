package handlers

import (
	"github.com/gin-gonic/gin"

	"diachiso/models"
)

// washed is a written address taken apart. Commune is null, not absent, where
// the text leaves it open: that is an answer, too.
type washed struct {
	Class       string          `json:"class"`
	Parsed      models.Parsed   `json:"parsed"`
	Commune     *models.UnitRef `json:"commune"`
	Matches     []foundFeature  `json:"matches"`
	CurrentText string          `json:"current_text,omitempty"`
}

// wash takes one written address apart. It is a POST, so that what somebody
// wrote stays out of URLs, but it changes nothing and needs no key.
func (a *API) wash(c *gin.Context) error {
	if _, err := negotiate(c, formatJSON); err != nil {
		return err
	}
	o, err := a.readObject(c, []string{"text"})
	if err != nil {
		return err
	}
	text := o.text("text")
	if !o.has("text") && !o.failed("text") {
		o.add(invalid("text", "required", "It is missing: write the address here.", "Thiếu giá trị: hãy ghi địa chỉ vào đây."))
	}
	if len(o.errs) > 0 {
		return o.errs
	}
	w, err := a.store.Wash(c.Request.Context(), text)
	if err != nil {
		return renamed(err, "q", "text")
	}
	units, err := a.store.Units(c.Request.Context())
	if err != nil {
		return err
	}
	return answerJSON(c, "", washedOf(units, w, a.store.Today()))
}

func washedOf(units *models.Units, w *models.Washed, today models.Date) washed {
	answer := washed{Class: w.Class, Parsed: w.Parsed, Matches: foundFeatures(units, w.Matches, today), CurrentText: w.CurrentText}
	if answer.Parsed.Units == nil {
		answer.Parsed.Units = []models.ParsedUnit{}
	}
	if w.Commune != nil {
		answer.Commune = &models.UnitRef{Code: w.Commune.Code, Name: w.Commune.FullName, ValidFrom: w.Commune.ValidFrom}
	}
	return answer
}
