package models_test

import (
	"errors"
	"testing"

	"diachiso/geo"
	"diachiso/models"
)

// codeOf is the stable code of an error a person can act on, "internal" for
// any other, and empty for none.
func codeOf(err error) string {
	var list models.Errors
	var one *models.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &list):
		return list[0].Code
	case errors.As(err, &one):
		return one.Code
	}
	return "internal"
}

// kindOf is the kind of an error a person can act on, 0 for any other.
func kindOf(err error) models.Kind {
	var e *models.Error
	errors.As(err, &e)
	if e == nil {
		return 0
	}
	return e.Kind
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if got := codeOf(err); got != code {
		t.Errorf("error %q (%v), want %q", got, err, code)
	}
}

func TestErrorHidesItsField(t *testing.T) {
	err := models.NewError(models.Invalid, "lat", "a-code", "English %d.", "Tiếng Việt %d.", 7)
	if err.Error() != "lat: English 7." || err.Vi != "Tiếng Việt 7." {
		t.Errorf("%v, %q", err, err.Vi)
	}
	if bare := models.NewError(models.Invalid, "", "a-code", "English.", "Tiếng Việt."); bare.Error() != "English." {
		t.Errorf("%v", bare)
	}
	list := models.Errors{err, models.NewError(models.Invalid, "", "b-code", "Two.", "Hai.")}
	if list.Error() != "lat: English 7. Two." {
		t.Errorf("%v", list)
	}
	if wrapped := errors.Join(list); codeOf(wrapped) != "a-code" || kindOf(wrapped) != models.Invalid {
		t.Errorf("%v is not found again in %v", list, wrapped)
	}
}

func TestErrorOfGeoBecomesInternal(t *testing.T) {
	_, geoErr := geo.ParsePoint("3", "107")
	err := models.FromGeo(geoErr, "lat")
	if codeOf(err) != "outside-window" || kindOf(err) != models.Invalid {
		t.Errorf("%#v", err)
	}
	other := errors.New("other")
	if models.FromGeo(other, "lat") != other {
		t.Error("another error did not pass unchanged")
	}
}
