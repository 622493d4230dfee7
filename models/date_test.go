package models_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"diachiso/models"
)

func TestDayIsNotADay(t *testing.T) {
	for text, ok := range map[string]bool{
		"2025-07-01": true, "2024-02-29": true, "0001-01-01": true,
		"2025-02-29": false, "2025-7-1": false, "01/07/2025": false, "": false, "2025-07-01T00:00:00Z": false, "20250701": false,
	} {
		d, err := models.ParseDate(text)
		if (err == nil) != ok || ok && string(d) != text {
			t.Errorf("%q: %q, %v", text, d, err)
		}
	}
}

func TestDayBeginsAtAnotherHour(t *testing.T) {
	for at, want := range map[string]models.Date{
		"2025-06-30T16:59:59Z": "2025-06-30", "2025-06-30T17:00:00Z": "2025-07-01", "2025-07-01T16:59:59+00:00": "2025-07-01",
		"2025-12-31T23:00:00Z": "2026-01-01",
	} {
		instant, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := models.DateOf(instant); got != want {
			t.Errorf("%s is %s, want %s", at, got, want)
		}
	}
	if end := models.Date("2025-06-30").End(); end.Format(time.RFC3339) != "2025-06-30T17:00:00Z" {
		t.Errorf("2025-06-30 ends at %s", end)
	}
	if !models.Date("no day").End().IsZero() {
		t.Error("what is no day has an end")
	}
}

func TestEndOfADayIsNotTheNextDay(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		at := time.Unix(rapid.Int64Range(0, 4e9).Draw(r, "seconds"), 0)
		day := models.DateOf(at)
		if end := day.End(); !at.Before(end) || models.DateOf(end) == day || models.DateOf(end.Add(-time.Second)) != day {
			r.Fatalf("%s is on %s, which ends at %s", at.UTC(), day, end)
		}
	})
}

func TestDateIsReadWrongFromADatabase(t *testing.T) {
	day := time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC)
	for _, src := range []any{day, "2025-07-01", []byte("2025-07-01")} {
		var d models.Date
		if err := d.Scan(src); err != nil || d != "2025-07-01" {
			t.Errorf("%T: %q, %v", src, d, err)
		}
	}
	d := models.Date("2025-07-01")
	if err := d.Scan(nil); err != nil || d != "" {
		t.Errorf("NULL: %q, %v", d, err)
	}
	if d.Scan(7) == nil {
		t.Error("a number is a day")
	}
	if v, err := models.Date("").Value(); v != nil || err != nil {
		t.Errorf("absent is written as %v, %v", v, err)
	}
	if v, err := models.Date("2025-07-01").Value(); v != "2025-07-01" || err != nil {
		t.Errorf("%v, %v", v, err)
	}
}
