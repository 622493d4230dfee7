package handlers

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"
)

func TestIfMatchIsMisread(t *testing.T) {
	for _, c := range []struct {
		name    string
		headers []string
		kinds   []string
		want    []int64
		status  int
	}{
		{"absent", nil, nil, nil, 428},
		{"empty", []string{" "}, nil, nil, 428},
		{"any", []string{"*"}, nil, nil, 0},
		{"any among others", []string{`"1", *`}, nil, nil, 0},
		{"one", []string{`"3"`}, nil, []int64{3}, 0},
		{"with more behind", []string{`"3-17-2025-07-01-json-ab12"`}, nil, []int64{3}, 0},
		{"of a compressed answer", []string{`"3-proposed-gzip"`}, []string{"proposed"}, []int64{3}, 0},
		{"of one status of several", []string{`"3-rejected"`}, []string{"proposed", "rejected"}, []int64{3}, 0},
		{"of a contact for its address", []string{`"3-contact"`}, nil, []int64{}, 0},
		{"of an address for its contact", []string{`"3-17-2025-07-01-json-ab12"`}, []string{"contact"}, []int64{}, 0},
		{"of a report for a contact", []string{`"3-report"`}, []string{"contact"}, []int64{}, 0},
		{"of several addresses", []string{`"s3-17-2025-07-01-json-ab12"`}, nil, []int64{}, 0},
		{"a list in two headers", []string{`"3-0" ,"4"`, `"5"`}, nil, []int64{3, 4, 5}, 0},
		{"weak", []string{`W/"3"`}, nil, nil, 412},
		{"weak among others", []string{`W/"2", "3"`}, nil, []int64{3}, 0},
		{"without quotes", []string{`3`}, nil, nil, 400},
		{"half a quote", []string{`"3`}, nil, nil, 400},
		{"one quote", []string{`"`}, nil, nil, 400},
		{"no number", []string{`"x3"`}, nil, []int64{}, 0},
		{"nothing in it", []string{`""`}, nil, []int64{}, 0},
		{"with a sign", []string{`"+3"`}, nil, []int64{}, 0},
		{"too large", []string{`"99999999999999999999"`}, nil, []int64{}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			context, _ := gin.CreateTestContext(httptest.NewRecorder())
			context.Request = httptest.NewRequest(http.MethodPatch, "/", nil)
			context.Request.Header["If-Match"] = c.headers
			got, err := requiredVersions(context, c.kinds...)
			status := 0
			if err != nil {
				status = statusOf(err, errorsIn(err))
			}
			if diff := cmp.Diff(c.want, got); diff != "" || status != c.status {
				t.Errorf("status %d, want %d; versions (-want +got):\n%s", status, c.status, diff)
			}
		})
	}
}
