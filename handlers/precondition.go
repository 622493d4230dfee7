package handlers

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

// requiredVersions are the versions that If-Match allows a write to start
// from; nil: any ("*"). 428 without the header: who has not read something
// must not write over it. Every ETag of something that can be written begins
// with its version; a weak one, or any other, matches nothing (RFC 9110, 13.1.1).
func requiredVersions(c *gin.Context) ([]int64, error) {
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
		number, _, _ := strings.Cut(opaque, "-")
		if version, err := strconv.ParseInt(number, 10, 64); err == nil && strong && whole && number[0] != '+' {
			versions = append(versions, version)
		}
	}
	return versions, nil
}
