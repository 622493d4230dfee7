package handlers

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

// format is a representation of an answer: its name in f= and its media type.
type format struct{ name, mediaType string }

// contentType is the media type with its parameters.
func (f format) contentType() string {
	switch f {
	case formatCSV:
		return f.mediaType + "; charset=utf-8; header=present"
	case formatHTML:
		return f.mediaType + "; charset=utf-8"
	case formatOpenAPI:
		return f.mediaType + ";version=3.0"
	}
	return f.mediaType
}

var (
	formatJSON    = format{"json", "application/json"}
	formatGeoJSON = format{"geojson", "application/geo+json"}
	formatCSV     = format{"csv", "text/csv"}
	formatNDJSON  = format{"ndjson", "application/x-ndjson"}
	formatHTML    = format{"html", "text/html"}

	// Of OGC API Features, where f=json means the JSON that there is.
	formatFeatures = format{"json", "application/geo+json"}
	formatOpenAPI  = format{"json", "application/vnd.oai.openapi+json"}
)

// negotiate chooses among the offers by f= or else by Accept; the first offer
// wins among equals. 406 where the client takes none.
func negotiate(c *gin.Context, offers ...format) (format, error) {
	if name := queryOf(c).text("f"); name != "" {
		if i := slices.IndexFunc(offers, func(f format) bool { return f.name == name }); i >= 0 {
			return offers[i], nil
		}
	}
	accept := c.Request.Header["Accept"]
	if len(accept) == 0 {
		return offers[0], nil
	}
	ranges := mediaRanges(strings.Join(accept, ","))
	best, bestQuality := format{}, 0.0
	for _, f := range offers {
		if quality := qualityOf(f.mediaType, ranges); quality > bestQuality {
			best, bestQuality = f, quality
		}
	}
	if bestQuality == 0 {
		return format{}, notAcceptable(offers)
	}
	return best, nil
}

func notAcceptable(offers []format) error {
	types := make([]string, len(offers))
	for i, f := range offers {
		types[i] = f.mediaType
	}
	return status(http.StatusNotAcceptable, "not-acceptable", "This call answers %s; the Accept header takes none of them.",
		"Lời gọi này trả lời %s; tiêu đề Accept không nhận định dạng nào trong số đó.", strings.Join(types, ", "))
}

// mediaRange is one member of Accept (RFC 9110, 12.5.1).
type mediaRange struct {
	mediaType string
	quality   float64
}

func mediaRanges(accept string) []mediaRange {
	var ranges []mediaRange
	for member := range strings.SplitSeq(accept, ",") {
		mediaType, parameters, _ := strings.Cut(member, ";")
		r := mediaRange{strings.ToLower(strings.TrimSpace(mediaType)), 1}
		for p := range strings.SplitSeq(parameters, ";") {
			name, value, _ := strings.Cut(strings.TrimSpace(p), "=")
			if strings.EqualFold(name, "q") {
				r.quality = quality(value)
			}
		}
		if r.mediaType != "" {
			ranges = append(ranges, r)
		}
	}
	return ranges
}

// quality reads a weight from 0 to 1; what is none counts as 0.
func quality(s string) float64 {
	q, err := strconv.ParseFloat(s, 64)
	if err != nil || !(q >= 0 && q <= 1) {
		return 0
	}
	return q
}

// qualityOf is the weight of a media type by the most specific range.
func qualityOf(mediaType string, ranges []mediaRange) float64 {
	if len(ranges) == 0 {
		return 1
	}
	major, _, _ := strings.Cut(mediaType, "/")
	for _, wanted := range [...]string{mediaType, major + "/*", "*/*"} {
		for _, r := range ranges {
			if r.mediaType == wanted {
				return r.quality
			}
		}
	}
	return 0
}
