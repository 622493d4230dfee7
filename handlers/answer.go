package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"diachiso/models"
)

// answer writes a value as JSON of a media type. A tag that is not empty is
// the answer's ETag; where the client has it already, that is all it gets.
func answer(c *gin.Context, mediaType, tag string, value any) error {
	if revalidated(c, tag) {
		return nil
	}
	body, err := bodyOf(value)
	if err != nil {
		return fmt.Errorf("write an answer: %w", err)
	}
	write(c, http.StatusOK, mediaType, body)
	return nil
}

// appender is a value that writes itself as encoding/json would, faster.
type appender interface{ appendJSON(b []byte) []byte }

func bodyOf(value any) ([]byte, error) {
	switch v := value.(type) {
	case appender:
		return v.appendJSON(make([]byte, 0, 2<<10)), nil
	case models.PublicAddress:
		return v.AppendJSON(make([]byte, 0, 2<<10)), nil
	}
	return json.Marshal(value)
}

// appendMember appends a member of small worth, given its name with what stands
// around it.
func appendMember(b []byte, name string, value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // texts and lists of them
	}
	return append(append(b, name...), text...)
}

// appendList appends the addresses of a list, each by add.
func appendList[T any](b []byte, list []T, add func(b []byte, row *T) []byte) []byte {
	b = append(b, '[')
	for i := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = add(b, &list[i])
	}
	return append(b, ']')
}

// answerJSON writes a value that only exists as JSON.
func answerJSON(c *gin.Context, tag string, value any) error {
	f, err := negotiate(c, formatJSON)
	if err != nil {
		return err
	}
	return answer(c, f.mediaType, tag, value)
}

// answerSecret writes a value that no cache may keep: keys, tokens and
// personal data.
func answerSecret(c *gin.Context, status int, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("write an answer: %w", err)
	}
	c.Writer.Header().Set("Cache-Control", "no-store")
	c.Writer.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
	write(c, status, formatJSON.mediaType, body)
	return nil
}

// write sends a body, or for HEAD its length alone. Of an answer that GET may
// compress HEAD can't know the length.
func write(c *gin.Context, status int, mediaType string, body []byte) {
	h := c.Writer.Header()
	h.Set("Content-Type", mediaType)
	head := c.Request.Method == http.MethodHead
	if !head || len(body) < minCompressed || c.Request.Header.Get("Accept-Encoding") == "" {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	c.Writer.WriteHeader(status)
	if head {
		c.Writer.WriteHeaderNow()
		return
	}
	_, _ = c.Writer.Write(body) // a client that hung up has nobody to tell
}
