package handlers

import (
	"encoding/binary"
	"fmt"
	"hash"
	"hash/fnv"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/gin-gonic/gin"

	"diachiso/geo"
	"diachiso/models"
)

// Endings that compression gives to tags, because a compressed answer is
// another representation.
const (
	gzipSuffix = "-gzip"
	zstdSuffix = "-zstd"
)

// eraCache remembers the era of the day last asked for: finding it goes
// through all units.
type eraCache struct{ last atomic.Pointer[era] }

type era struct {
	units *models.Units
	day   models.Date
	start models.Date
}

// of is the first day of the era that a day lies in.
func (e *eraCache) of(units *models.Units, day models.Date) models.Date {
	if last := e.last.Load(); last != nil && last.units == units && last.day == day {
		return last.start
	}
	start := units.Era(day)
	e.last.Store(&era{units, day, start})
	return start
}

// unitTag tags an answer that only depends on the units of a day, which it names.
func unitTag(units *models.Units, day models.Date) string {
	return fmt.Sprintf(`"u%d-%s"`, units.Epoch(), day)
}

// addressTag tags a representation of addresses on a day: it changes with
// their versions, what they supersede or are succeeded by, the units and the
// era of the day. That of one begins with its version; that of several can't be
// taken for it.
func (a *API) addressTag(units *models.Units, day models.Date, f format, addresses ...*models.Address) string {
	var version int64
	h := fnv.New64a()
	for _, address := range addresses {
		version += address.Version
		hashNumbers(h, uint64(address.Code), uint64(address.Version), uint64(len(address.Supersedes)))
		hashCodes(h, address.Supersedes)
		hashCodes(h, address.Successors)
		hashName(h, address)
	}
	several := ""
	if len(addresses) != 1 {
		several = "s"
	}
	return fmt.Sprintf(`"%s%d-%d-%s-%s-%x"`, several, version, units.Epoch(), a.eras.of(units, day), f.name, h.Sum64())
}

func hashCodes(h hash.Hash64, codes []geo.Code) {
	for _, code := range codes {
		hashNumbers(h, uint64(code))
	}
}

// hashName tells older states of an address apart by the name, which may be
// public no more.
func hashName(h hash.Hash64, address *models.Address) {
	if address.NamePublic {
		h.Write([]byte(address.Name))
	}
}

func hashNumbers(h hash.Hash64, numbers ...uint64) {
	var b [8]byte
	for _, n := range numbers {
		binary.BigEndian.PutUint64(b[:], n)
		h.Write(b[:])
	}
}

// revalidated sends the tag of an answer, and 304 instead of the answer where
// If-None-Match has it.
func revalidated(c *gin.Context, tag string) bool {
	if tag == "" {
		return false
	}
	header := c.Writer.Header()
	if match := matchingTag(c.Request.Header, tag); match != "" {
		header.Set("ETag", match)
		c.Writer.WriteHeader(http.StatusNotModified)
		c.Writer.WriteHeaderNow()
		return true
	}
	header.Set("ETag", tag)
	return false
}

// matchingTag is the member of If-None-Match that means a tag, weak or not, or
// the tag of a compressed form that the client can read; empty where none does.
func matchingTag(h http.Header, tag string) string {
	header := h["If-None-Match"]
	if len(header) == 0 {
		return ""
	}
	readable := func(suffix string) bool {
		return strings.Contains(h.Get("Accept-Encoding"), strings.TrimPrefix(suffix, "-"))
	}
	opaque := strings.TrimSuffix(tag, `"`)
	for member := range strings.SplitSeq(strings.Join(header, ","), ",") {
		member = strings.TrimPrefix(strings.TrimSpace(member), "W/")
		if member == "*" {
			return tag
		}
		rest, ok := strings.CutPrefix(member, opaque)
		suffix, whole := strings.CutSuffix(rest, `"`)
		if ok && whole && (suffix == "" || (suffix == gzipSuffix || suffix == zstdSuffix) && readable(suffix)) {
			return member
		}
	}
	return ""
}
