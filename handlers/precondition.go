package handlers

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

// requiredVersions are the versions that If-Match allows a write to start
// from; nil: any ("*"). 428 without the header: who has not read something
// must not write over it. Every ETag of something that can be written begins
// with its version; a weak one, or any other, matches nothing (RFC 9110, 13.1.1).
// What follows the version is one of kinds, or without any, as in the tag of an
// address, the number of the units: the tag of another thing matches nothing.
func requiredVersions(c *gin.Context, kinds ...string) ([]int64, error) {
	header := strings.Join(c.Request.Header["If-Match"], ",")
	if strings.TrimSpace(header) == "" {
		return nil, status(http.StatusPreconditionRequired, "if-match-required",
			"Say which version you have read: send its ETag in If-Match.", "Hãy cho biết phiên bản đã đọc: gửi ETag của nó trong If-Match.")
	}
	versions := []int64{}
	for tag := range strings.SplitSeq(header, ",") {
		tag = strings.TrimSpace(tag)
		if tag == "*" {
			return nil, nil
		}
		opaque, strong := strings.CutPrefix(tag, `"`)
		opaque, whole := strings.CutSuffix(opaque, `"`)
		number, rest, more := strings.Cut(opaque, "-")
		kind, _, _ := strings.Cut(rest, "-")
		if more && !isKind(kind, kinds) {
			continue
		}
		if version, err := strconv.ParseInt(number, 10, 64); err == nil && strong && whole && number[0] != '+' {
			versions = append(versions, version)
		}
	}
	return versions, nil
}

func isKind(kind string, kinds []string) bool {
	if len(kinds) > 0 {
		return slices.Contains(kinds, kind)
	}
	_, err := strconv.ParseUint(kind, 10, 64)
	return err == nil
}
