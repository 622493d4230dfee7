package models_test

import (
	"errors"
	"strings"
	"testing"

	"diachiso/models"
	"diachiso/models/storetest"
)

// changes reads a page of the feed.
func changes(t *testing.T, s *models.Store, since models.FeedPosition, limit int) models.ChangePage {
	t.Helper()
	page, err := s.Changes(t.Context(), since, limit)
	if err != nil {
		t.Fatalf("changes since %s: %v", since, err)
	}
	return page
}

// bringIn imports rows that must all go in.
func bringIn(t *testing.T, s *models.Store, csv string) {
	t.Helper()
	if _, rejected, err := tryImport(t.Context(), s, strings.NewReader(csv), clerkImport()); err != nil || len(rejected) > 0 {
		t.Fatalf("%v: %v", reasons(rejected), err)
	}
}

func TestFeedPositionIsMisread(t *testing.T) {
	for text, want := range map[string]models.FeedPosition{
		"0": {}, "812": {Seq: 812}, "k3v9x0qa.812": {Epoch: "k3v9x0qa", Seq: 812}, "12345678.5": {Epoch: "12345678", Seq: 5},
		"007": {Seq: 7}, "999999999999999999": {Seq: 999999999999999999},
	} {
		if got, ok := models.ParseFeedPosition(text); !ok || got != want {
			t.Errorf("%s is read as %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "x", "-1", "+1", "1.5", ".5", "k3v9x0qa.", "K3V9X0QA.5", "k3v9x0q.5", "k3v9x0qa.5.5",
		"k3v9x0qa.-5", "1e3", " 1", "1\n", "9999999999999999999", "٣"} {
		if got, ok := models.ParseFeedPosition(text); ok {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

func TestFeedIsReadInPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *models.Store) {
		empty := changes(t, s, models.FeedPosition{}, 2)
		if len(empty.Changes) != 0 || empty.More || empty.Next.Seq != 0 || len(empty.Next.Epoch) != 8 {
			t.Errorf("an empty registry: %+v", empty)
		}
		for n := range 3 {
			r := storetest.House(n)
			r.Commune = "25747"
			storetest.Register(t, s, r)
		}
		first := changes(t, s, empty.Next, 2)
		rest := changes(t, s, first.Next, 2)
		if len(first.Changes) != 2 || !first.More || len(rest.Changes) != 1 || rest.More {
			t.Errorf("pages of %d and %d changes, more: %v and %v", len(first.Changes), len(rest.Changes), first.More, rest.More)
		}
		if again := changes(t, s, rest.Next, 2); len(again.Changes) != 0 || again.More || again.Next != rest.Next {
			t.Errorf("after the end: %+v", again)
		}
		if whole := changes(t, s, models.FeedPosition{}, 3); len(whole.Changes) != 3 || whole.More {
			t.Errorf("a page that holds all: %d changes, more: %v", len(whole.Changes), whole.More)
		}
	})
}

// A name that is no longer public is in no older state, whoever reads the feed
// from its beginning.
func TestFeedTellsNamesThatAreHidden(t *testing.T) {
	storetest.Options{Boundaries: true}.Each(t, func(t *testing.T, s *models.Store) {
		bringIn(t, s, "ref,kind,name,name_public,lat,lng\nF1,farm,Vườn Hai Lúa,true,11.06,106.75\n")
		shown := changes(t, s, models.FeedPosition{}, 10)
		if len(shown.Changes) != 1 || shown.Changes[0].After.Name != "Vườn Hai Lúa" || !shown.Changes[0].After.NamePublic {
			t.Fatalf("%+v", shown.Changes)
		}
		bringIn(t, s, "ref,kind,name,name_public,lat,lng\nF1,farm,Vườn Hai Lúa,false,11.06,106.75\n")
		hidden := changes(t, s, models.FeedPosition{}, 10)
		if len(hidden.Changes) != 2 {
			t.Fatalf("%d changes", len(hidden.Changes))
		}
		for _, c := range hidden.Changes {
			if c.After.NamePublic {
				t.Errorf("version %d shows %q", c.Version, c.After.Name)
			}
		}
	})
}

func TestFeedGoesOnAcrossARestore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *models.Store) {
		r := storetest.House(1)
		r.Commune = "25747"
		storetest.Register(t, s, r)
		next := changes(t, s, models.FeedPosition{}, 10).Next
		gone := func(p models.FeedPosition) bool {
			_, err := s.Changes(t.Context(), p, 10)
			var e *models.Error
			return errors.As(err, &e) && e.Kind == models.Gone && e.Code == "resync"
		}
		if !gone(models.FeedPosition{Epoch: next.Epoch, Seq: next.Seq + 1}) || !gone(models.FeedPosition{Seq: next.Seq + 1}) {
			t.Error("a position beyond the newest change is believed")
		}
		epoch, err := s.NewEpoch(t.Context())
		if err != nil || len(epoch) != 8 || epoch == next.Epoch {
			t.Fatalf("epoch %q: %v", epoch, err)
		}
		if !gone(next) {
			t.Error("a position of the epoch before is believed")
		}
		if got := changes(t, s, models.FeedPosition{Seq: next.Seq}, 10).Next; got.Epoch != epoch {
			t.Errorf("a bare number goes on in %s, want %s", got.Epoch, epoch)
		}
	})
}
