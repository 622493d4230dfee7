package handlers

import (
	"errors"
	"net/url"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"diachiso/geo"
	"diachiso/models"
)

// pathText is a parameter of the path, unescaped.
func pathText(c *gin.Context, name string) (string, error) {
	text, err := url.PathUnescape(c.Param(name))
	if err != nil || !utf8.ValidString(text) {
		return "", parameterErrors{models.Errors{invalid(name, "invalid-utf8", "The path is not valid UTF-8.", "Đường dẫn không đúng UTF-8.")}}
	}
	return text, nil
}

// pathCode is the code of a path, as people write it: case, separators and
// look-alike letters don't matter, but both checks must hold.
func pathCode(c *gin.Context) (geo.Code, error) {
	text, err := pathText(c, "code")
	if err != nil {
		return 0, err
	}
	symbols, _ := geo.Normalize(text)
	code, err := geo.Parse(symbols)
	if e := fromGeo(err, "code"); e != nil {
		return 0, e
	}
	return code, nil
}

// fromGeo words an error of package geo, about its own field where none is
// named; nil for nil.
func fromGeo(err error, field string) *models.Error {
	e, ok := errors.AsType[*geo.Error](err)
	if !ok {
		return nil
	}
	if field == "" {
		field = e.Field
	}
	return &models.Error{Kind: models.Invalid, Field: field, Code: e.Code, En: e.En, Vi: e.Vi}
}
