package handlers

import (
	"fmt"
	"slices"

	"github.com/gin-gonic/gin"

	"diachiso/models"
)

// mergePatch is the media type of RFC 7396.
const mergePatch = "application/merge-patch+json"

// readPatch reads a JSON merge patch (RFC 7396), sent as such or as JSON: an
// object whose members may be null.
func (a *API) readPatch(c *gin.Context, known []string) (*object, error) {
	if mediaTypeOf(c.Request.Header) == mergePatch {
		c.Request.Header.Set("Content-Type", formatJSON.mediaType)
	}
	o, err := a.readObject(c, known)
	if err != nil {
		return nil, err
	}
	o.errs = slices.DeleteFunc(o.errs, func(e *models.Error) bool { return e.Code == "null" })
	return o, nil
}

// patched is what a text shall become: nil leaves it, empty removes it.
func (o *object) patched(name string) *string {
	if _, there := o.members[name]; !there {
		return nil
	}
	text := o.text(name)
	return &text
}

// versionTag is the ETag of something that is told by its version alone.
func versionTag(version int64, what string) string { return fmt.Sprintf(`"%d-%s"`, version, what) }
