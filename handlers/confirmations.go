package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"diachiso/models"
)

func (a *API) confirmationRoutes() []route {
	const confirmations = "/v1/addresses/:code/confirmations"
	return []route{
		{http.MethodPost, confirmations, carriers, a.confirm, nil},
		{http.MethodGet, confirmations, anyone, a.confidence, nil},
	}
}

func (a *API) confirm(c *gin.Context) error {
	code, err := pathCode(c)
	if err != nil {
		return err
	}
	if _, err := negotiate(c, formatJSON); err != nil {
		return err
	}
	o, err := a.readObject(c, []string{"delivered", "lat", "lng", "accuracy_m"})
	if err != nil {
		return err
	}
	confirmation := models.Confirmation{Code: code, Point: o.optionalPoint(), AccuracyM: o.accuracy("accuracy_m")}
	if delivered := o.flag("delivered"); (delivered == nil || !*delivered) && !o.failed("delivered") {
		o.add(invalid("delivered", "not-delivered", "Only what was delivered is confirmed: send \"delivered\":true; say what is wrong by a report.",
			"Chỉ xác nhận khi đã giao được: hãy gửi \"delivered\":true; nếu có sai sót, hãy gửi báo cáo."))
	}
	if len(o.errs) > 0 {
		return o.errs
	}
	ctx, cancel := a.writing(c)
	defer cancel()
	confidence, isNew, err := a.store.Confirm(ctx, callerOf(c), confirmation)
	if err != nil {
		return err
	}
	return answerSecret(c, createdOr(isNew), confidence)
}

func (a *API) confidence(c *gin.Context) error {
	code, err := pathCode(c)
	if err != nil {
		return err
	}
	if _, err := negotiate(c, formatJSON); err != nil {
		return err
	}
	confidence, err := a.store.Confidence(c.Request.Context(), code, callerOf(c))
	if err != nil {
		return err
	}
	return answerSecret(c, http.StatusOK, confidence)
}
