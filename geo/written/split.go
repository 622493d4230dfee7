package written

func (r *reading) splitMarkers() {}
