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
	versions, weak := []int64{}, false
	for tag := range strings.SplitSeq(header, ",") {
		tag = strings.TrimSpace(tag)
		if tag == "*" {
			return nil, nil
		}
		opaque, err := opaqueTag(tag)
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(tag, "W/") {
			weak = true
		} else if version, ok := versionIn(opaque, kinds); ok {
			versions = append(versions, version)
		}
	}
	if weak && len(versions) == 0 {
		return nil, status(http.StatusPreconditionFailed, "weak-etag",
			"A weak ETag (W/…) matches no version: something between us made it weak; send it without W/.",
			"ETag yếu (W/…) không khớp phiên bản nào: có thiết bị trung gian đã đổi nó; hãy gửi lại không có W/.")
	}
	return versions, nil
}

// opaqueTag is what stands between the quotes of an ETag.
func opaqueTag(tag string) (string, error) {
	opaque, begun := strings.CutPrefix(strings.TrimPrefix(tag, "W/"), `"`)
	opaque, ended := strings.CutSuffix(opaque, `"`)
	if !begun || !ended {
		return "", status(http.StatusBadRequest, "bad-if-match", `If-Match takes an ETag as it was answered, with its quotes: If-Match: "3-…".`,
			`If-Match nhận ETag đúng như đã trả lời, kể cả dấu nháy: If-Match: "3-…".`)
	}
	return opaque, nil
}

// versionIn is the version in an ETag of one of kinds.
func versionIn(opaque string, kinds []string) (int64, bool) {
	number, rest, more := strings.Cut(opaque, "-")
	kind, _, _ := strings.Cut(rest, "-")
	if more && !isKind(kind, kinds) {
		return 0, false
	}
	version, err := strconv.ParseUint(number, 10, 63)
	return int64(version), err == nil
}

func isKind(kind string, kinds []string) bool {
	if len(kinds) > 0 {
		return slices.Contains(kinds, kind)
	}
	_, err := strconv.ParseUint(kind, 10, 64)
	return err == nil
}
