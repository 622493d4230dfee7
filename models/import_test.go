package models_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/importfile"
	"diachiso/models/storetest"
)

// list is the text of an import file: its header and lines.
func list(header string, lines ...string) string {
	return header + "\n" + strings.Join(lines, "\n") + "\n"
}

// houseLines are lines of kind, house_number, street, commune, lat, lng, ref:
// houses 12 m apart, a hundred in a street.
func houseLines(first, count int) []string {
	lines := make([]string, count)
	for i := range lines {
		n := first + i
		p := storetest.Metres(storetest.ThuDauMot, float64(n/100)*12, float64(n%100)*12)
		lines[i] = fmt.Sprintf("household,%d,Đường số %d,25747,%s,%s,R%d", n%100+1, n/100+1, geo.FormatE7(p.Lat), geo.FormatE7(p.Lng), n)
	}
	return lines
}

const houseHeader = "kind,house_number,street,commune,lat,lng,ref"

// clerkImport are options for files of the source "list".
func clerkImport() models.ImportOptions {
	return models.ImportOptions{Source: "list", Actor: models.Actor{Name: "import", Verification: "imported"}}
}

// importText imports a CSV and answers what became of its rows.
func importText(t *testing.T, s *models.Store, csv string, o models.ImportOptions) (models.ImportCounts, []importfile.Rejection) {
	t.Helper()
	counts, rejected, err := tryImport(t.Context(), s, strings.NewReader(csv), o)
	if err != nil {
		t.Fatalf("import: %v", err)
	}
	return counts, rejected
}

func tryImport(ctx context.Context, s *models.Store, csv io.Reader, o models.ImportOptions) (models.ImportCounts, []importfile.Rejection, error) {
	file, err := importfile.Open(csv, importfile.CSV, importfile.Options{})
	if err != nil {
		return models.ImportCounts{}, nil, err
	}
	var rejected []importfile.Rejection
	o.Reject = func(r importfile.Rejection) error {
		rejected = append(rejected, r)
		return nil
	}
	counts, err := s.Import(ctx, file, o)
	if sum := counts.Inserted + counts.Updated + counts.Unchanged + counts.Rejected; sum != counts.Read {
		return counts, rejected, fmt.Errorf("%+v: the counts make %d", counts, sum)
	}
	if len(rejected) != counts.Rejected {
		return counts, rejected, fmt.Errorf("%d rejections told, %d counted", len(rejected), counts.Rejected)
	}
	return counts, rejected, err
}

// reasons are the lines and codes of rejections.
func reasons(rejected []importfile.Rejection) []string {
	var list []string
	for _, r := range rejected {
		list = append(list, fmt.Sprintf("%d %s", r.Line, r.Code))
	}
	return list
}

func wantCounts(t *testing.T, got models.ImportCounts, want models.ImportCounts) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

func TestImportLosesARowAtAChunkBorder(t *testing.T) {
	for _, rows := range []int{4_999, 5_000, 5_001} {
		t.Run(fmt.Sprint(rows), func(t *testing.T) {
			storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
				s := db.Open(t, storetest.Options{})
				lines := houseLines(0, rows)
				lines[4_998] = strings.Replace(lines[4_998], "household", "castle", 1)
				csv := list(houseHeader, lines...)
				counts, rejected := importText(t, s, csv, clerkImport())
				wantCounts(t, counts, models.ImportCounts{Read: rows, Inserted: rows - 1, Rejected: 1})
				if diff := cmp.Diff([]string{"5000 unknown-value"}, reasons(rejected)); diff != "" {
					t.Errorf("rejected (-want +got):\n%s", diff)
				}
				if n := db.Count(t, "SELECT count(*) FROM addresses"); n != rows-1 {
					t.Errorf("%d addresses", n)
				}
				if n := db.Count(t, "SELECT count(*) FROM changes WHERE op = 'insert' AND version = 1 AND actor = 'import'"); n != rows-1 {
					t.Errorf("%d changes", n)
				}
				counts, _ = importText(t, s, csv, clerkImport())
				wantCounts(t, counts, models.ImportCounts{Read: rows, Unchanged: rows - 1, Rejected: 1})
			})
		})
	}
}

func TestRowIsTakenForAnother(t *testing.T) {
	const header = "ref,kind,name,house_number,street,building,unit_label,hamlet,commune,lat,lng,valid_from"
	const known = "A1,household,,12/3,Đường Hoa Mai,,,Khu phố 2,25747,10.9804,106.6519,2022-09-14"
	cases := []struct{ name, line, want string }{
		{"the same row again", known, "unchanged"},
		{"a day that is left out", "A1,household,,12/3,Đường Hoa Mai,,,Khu phố 2,25747,10.9804,106.6519,", "unchanged"},
		{"another number for the ref", "A1,household,,12/4,Đường Hoa Mai,,,Khu phố 2,25747,10.9804,106.6519,", "updated"},
		{"a point corrected by 20 m", "A1,household,,12/3,Đường Hoa Mai,,,Khu phố 2,25747,10.98058,106.6519,", "updated"},
		{"a point moved by 40 m", "A1,household,,12/3,Đường Hoa Mai,,,Khu phố 2,25747,10.98076,106.6519,", "moved-too-far"},
		{"the same address without ref", ",household,,12/3,Đường Hoa Mai,,,Khu phố 2,25747,10.9804,106.6519,2022-09-14", "unchanged"},
		{"the same address by another ref", "A2,household,,12/3,Đường Hoa Mai,,,Khu phố 2,25747,10.9804,106.6519,", "duplicate"},
		{"the same door of another hamlet, other point, no ref", ",household,,12/3,duong hoa mai,,,Ấp 9,25747,10.9814,106.6519,", "duplicate"},
		{"the same door in another commune", ",household,,12/3,Đường Hoa Mai,,,Khu phố 2,25750,10.9804,106.6519,", "inserted"},
		{"a flat at the door", ",household,,12/3,Đường Hoa Mai,,P.2,Khu phố 2,25747,10.9804,106.6519,", "inserted"},
		{"the same shop 20 m on", ",shop,Tạp hóa Cô Ba,,,,,,25747,10.98118,106.6519,", "duplicate"},
		{"the same shop 20 m on without accents", ",shop,TAP HOA CO BA,,,,,,25747,10.98118,106.6519,", "duplicate"},
		{"another kind of that name", ",business,Tạp hóa Cô Ba,,,,,,25747,10.981,106.6519,", "inserted"},
		{"the same name 40 m on", ",shop,Tạp hóa Cô Ba,,,,,,25747,10.98136,106.6519,", "inserted"},
		{"the same name with a number", ",shop,Tạp hóa Cô Ba,77,,,,,25747,10.981,106.6519,", "inserted"},
		{"a household without anything written", ",household,,,,,,,25747,10.982,106.6519,", "unchanged"},
		{"another household 1 m beside it", ",household,,,,,,,25747,10.98201,106.6519,", "inserted"},
		{"a retired ref", "OLD,household,,1,Đường Cũ,,,,25747,10.983,106.6519,", "retired"},
	}
	base := list(header, known,
		",shop,Tạp hóa Cô Ba,,,,,,25747,10.981,106.6519,",
		",household,,,,,,,25747,10.982,106.6519,",
		"OLD,household,,1,Đường Cũ,,,,25747,10.983,106.6519,")
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{})
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				for _, table := range []string{"identifiers", "changes", "addresses"} {
					db.Exec(t, "DELETE FROM "+table)
				}
				importText(t, s, base, clerkImport())
				db.Exec(t, "UPDATE addresses SET status = 'retired' WHERE street = 'Đường Cũ'")
				counts, rejected := importText(t, s, list(header, c.line), clerkImport())
				if got := outcome(counts, rejected); got != c.want {
					t.Errorf("%s: %v, want %s", got, rejected, c.want)
				}
				want := 4 + counts.Inserted + counts.Updated
				if n := db.Count(t, "SELECT count(*) FROM changes"); n != want {
					t.Errorf("%d changes, want %d", n, want)
				}
			})
		}
	})
}

// outcome is what became of the one row of a file: a count or a rejection.
func outcome(counts models.ImportCounts, rejected []importfile.Rejection) string {
	switch {
	case counts.Inserted == 1:
		return "inserted"
	case counts.Updated == 1:
		return "updated"
	case counts.Unchanged == 1:
		return "unchanged"
	case len(rejected) == 1:
		return rejected[0].Code
	}
	return ""
}

func TestUpdateForgetsOldValues(t *testing.T) {
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{})
		const header = "ref,kind,house_number,street,commune,lat,lng,accuracy_m,valid_from,dia_chi_so"
		importText(t, s, list(header, "A1,household,12,Đường Hoa Mai,25747,10.9804,106.6519,5,2022-09-14,7510600001"), clerkImport())
		importText(t, s, list(header, "A1,shop,12,Đường Hoa Lan,25747,10.9805,106.6519,5,2022-09-14,7510600002"), clerkImport())
		rows := db.Texts(t, "SELECT op, version, before FROM changes ORDER BY seq")
		if len(rows) != 2 || rows[1][0] != "update" || rows[1][1] != "2" {
			t.Fatalf("changes %v", rows)
		}
		before := strings.NewReplacer(" ", "").Replace(rows[1][2])
		for _, want := range []string{`"kind":"household"`, `"street":"ĐườngHoaMai"`, `"lat":109804000`, `"identifiers":[`} {
			if !strings.Contains(before, want) {
				t.Errorf("before lacks %s: %s", want, before)
			}
		}
		if n := strings.Count(before, ":"); n != 4+3 { // an identifier has three
			t.Errorf("before has %d fields, want the four that changed: %s", n, before)
		}
		ids := db.Texts(t, "SELECT value, valid_to IS NULL FROM identifiers WHERE scheme = 'dia_chi_so' ORDER BY value")
		if len(ids) != 2 || ids[0][1] == ids[1][1] {
			t.Errorf("the old number was not ended: %v", ids)
		}
	})
}

func TestRefStandsTwiceInAFile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *models.Store) {
		lines := houseLines(0, 5_003)
		lines[1] = strings.Replace(lines[1], ",R1", ",R0", 1)
		lines[5_001] = strings.Replace(lines[5_001], ",R5001", ",R0", 1) // of another chunk
		counts, rejected := importText(t, s, list(houseHeader, lines...), clerkImport())
		wantCounts(t, counts, models.ImportCounts{Read: 5_003, Inserted: 5_001, Rejected: 2})
		if diff := cmp.Diff([]string{"3 ref-twice", "5003 ref-twice"}, reasons(rejected)); diff != "" {
			t.Errorf("rejected (-want +got):\n%s", diff)
		}
		if !strings.Contains(rejected[0].En, "line 2") {
			t.Errorf("the first line is not named: %s", rejected[0].En)
		}
	})
}

func TestRowsOfOneFileRepeatEachOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *models.Store) {
		const header = "kind,name,house_number,street,unit_label,commune,lat,lng"
		counts, rejected := importText(t, s, list(header,
			"household,,1,Đường Hoa Mai,,25747,10.98,106.65",
			"household,,1,Đường Hoa Mai,,25747,10.98,106.65", // equal: unchanged
			"shop,Tạp hóa Cô Ba,1,duong hoa mai,,25747,10.98,106.65",
			"household,,1,Đường Hoa Mai,P.1,25747,10.98,106.65",
			"farm,Vườn Ông Tư,,,,25747,10.99,106.65",
			"farm,vuon ong tu,,,,25747,10.9901,106.65",
			"household,,,,,25747,11,106.65",
			"household,,,,,25747,11,106.65",
		), clerkImport())
		wantCounts(t, counts, models.ImportCounts{Read: 8, Inserted: 4, Unchanged: 2, Rejected: 2})
		if diff := cmp.Diff([]string{"4 duplicate", "7 duplicate"}, reasons(rejected)); diff != "" {
			t.Errorf("rejected (-want +got):\n%s", diff)
		}
		first := doorAt(t, storetest.Point("10.98", "106.65"))
		if len(rejected) > 0 && !strings.Contains(rejected[0].En, first.String()) {
			t.Errorf("the code of the first is not named: %s", rejected[0].En)
		}
	})
}

func TestBadRowGoesIn(t *testing.T) {
	long := strings.Repeat("a", 10_000)
	const header = "kind,name,house_number,street,commune,lat,lng,accuracy_m,valid_from,dia_chi_so,parent,name_public,as_of"
	cases := map[string]string{
		"castle,,1,A,25747,10.98,106.65,,,,,,":                   "unknown-value",
		",,1,A,25747,10.98,106.65,,,,,,":                         "required",
		"household,Nhà Ông A,1,A,25747,10.98,106.65,,,,,,":       "household-name",
		"household,,1,A,25747,,106.65,,,,,,":                     "required",
		"household,,1,A,25747,10.98,106.65,0.001,,,,,":           "out-of-range",
		"household,,1,A,25747,10.98,106.65,,1800-01-01,,,,":      "out-of-range",
		"household,,1,A,25747,10.98,106.65,,9999-12-31,,,,":      "out-of-range",
		"household,,1,A,25747,NaN,106.65,,,,,,":                  "not-a-number",
		"household,,1,A,25747,0x10,106.65,,,,,,":                 "not-a-number",
		"household,,1,A,25747,1e400,106.65,,,,,,":                "outside-window",
		"household,,1,A,25747,106.65,10.98,,,,,,":                "swapped",
		"household,,1,A,25747,10.98,466.65,,,,,,":                "outside-window",
		"household,,1,A,25747,48.1,11.5,,,,,,":                   "outside-window",
		"household,,1,A,99999,10.98,106.65,,,,,,":                "unknown-commune",
		"household,,1,A,,10.98,106.65,,,,,,":                     "no-commune",
		"household,,1," + long + ",25747,10.98,106.65,,,,,,":     "text-too-long",
		"household,,1,A\u0007B,25747,10.98,106.65,,,,,,":         "control-character",
		"household,,1,A,25747,10.98,106.65,0,,,,,":               "not-a-number",
		"household,,1,A,25747,10.98,106.65,1001,,,,,":            "out-of-range",
		"household,,1,A,25747,10.98,106.65,,31/02/2022,,,,":      "bad-date",
		"household,,1,A,25747,10.98,106.65,,,123,,,":             "bad-dia-chi-so",
		"household,,1,A,25747,10.98,106.65,,,,28XMJ25Q67,,":      "check-failed",
		"household,,1,A,25747,10.98,106.65,,,,,maybe,":           "unknown-value",
		"household,,1,A,25747,10.98,106.65,,,,,,2022-13-01":      "bad-date",
		"household,,1,A,25747,10.98040001,106.6519999999,,,,,,":  "",
		"household,,1,A,25747,1.098e1,+106.65,,14/9/2022,,,,":    "",
		"Hộ gia đình,,1,A,phường thủ dầu một,10.98,106.65,,,,,,": "",
	}
	storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t, storetest.Options{})
		for line, want := range cases {
			before := db.Count(t, "SELECT count(*) FROM addresses")
			counts, rejected := importText(t, s, list(header, line), clerkImport())
			got := ""
			if len(rejected) > 0 {
				got = rejected[0].Code
			}
			if got != want {
				t.Errorf("%.70s: %q %v, want %q", line, got, counts, want)
			}
			if after := db.Count(t, "SELECT count(*) FROM addresses"); want != "" && after != before {
				t.Errorf("%.70s: something was written", line)
			}
			db.Exec(t, "DELETE FROM addresses")
		}
	})
}

// failing reads a text and then answers an error.
func failing(text string) io.Reader {
	return io.MultiReader(strings.NewReader(text), brokenReader{})
}

var errBroken = errors.New("the cable is out")

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errBroken }

func TestInterruptedImportLeavesHalfAChunk(t *testing.T) {
	csv := list(houseHeader, houseLines(0, 7_000)...)
	interruptions := map[string]func(t *testing.T, s *models.Store) (models.ImportCounts, error){
		"the file ends in an error": func(t *testing.T, s *models.Store) (models.ImportCounts, error) {
			counts, _, err := tryImport(t.Context(), s, failing(csv), clerkImport())
			if !errors.Is(err, errBroken) {
				t.Errorf("error %v does not wrap the reader's", err)
			}
			return counts, err
		},
		"cancelled after a chunk": func(t *testing.T, s *models.Store) (models.ImportCounts, error) {
			ctx, cancel := context.WithCancel(t.Context())
			o := clerkImport()
			o.Progress = func(models.ImportCounts) { cancel() }
			counts, _, err := tryImport(ctx, s, strings.NewReader(csv), o)
			return counts, err
		},
	}
	for name, interrupt := range interruptions {
		t.Run(name, func(t *testing.T) {
			storetest.EachDatabase(t, func(t *testing.T, db storetest.Database) {
				s := db.Open(t, storetest.Options{})
				counts, err := interrupt(t, s)
				if err == nil {
					t.Fatal("no error")
				}
				if counts.Inserted == 0 || counts.Inserted > 7_000 {
					t.Errorf("%+v", counts)
				}
				for _, table := range []string{"addresses", "changes", "identifiers"} {
					if n := db.Count(t, "SELECT count(*) FROM "+table); n != counts.Inserted {
						t.Errorf("%d rows in %s, %d told", n, table, counts.Inserted)
					}
				}
				again, _ := importText(t, s, csv, clerkImport())
				wantCounts(t, again, models.ImportCounts{Read: 7_000, Inserted: 7_000 - counts.Inserted, Unchanged: counts.Inserted})
			})
		})
	}
}

func TestImportIsSilentAboutColumnsItCannotStore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *models.Store) {
		o := clerkImport()
		o.Source = ""
		_, _, err := tryImport(t.Context(), s, strings.NewReader(list(houseHeader, houseLines(0, 1)...)), o)
		wantCode(t, err, "source-needed")
		contacts := list("kind,owner_name,phone,house_number,street,commune,lat,lng", "household,Trần Thị Ví Dụ,0900000000,1,A,25747,10.98,106.65")
		_, _, err = tryImport(t.Context(), s, strings.NewReader(contacts), clerkImport())
		wantCode(t, err, "legal-basis-needed")
		o.WithoutContacts = true
		counts, _ := importText(t, s, contacts, o)
		wantCounts(t, counts, models.ImportCounts{Read: 1, Inserted: 1})
	})
}

func TestRejectionThatCannotBeWrittenIsIgnored(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *models.Store) {
		file, err := importfile.Open(strings.NewReader(list(houseHeader, "castle,1,A,25747,10.98,106.65,R1")), importfile.CSV, importfile.Options{})
		if err != nil {
			t.Fatal(err)
		}
		o := clerkImport()
		o.Reject = func(importfile.Rejection) error { return errBroken }
		if _, err := s.Import(t.Context(), file, o); !errors.Is(err, errBroken) {
			t.Errorf("error %v", err)
		}
	})
}

// An update says only what its file has columns for: a list of accuracies
// must not wipe the streets.
func TestUpdateErasesWhatItsFileLacks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *models.Store) {
		importText(t, s, list("ref,kind,name,name_public,lat,lng,house_number,street,commune,dia_chi_so,accuracy_m,position_kind",
			"R1,shop,Tạp hóa Cô Ba,true,10.98,106.65,12,Đường Hoa Mai,25747,7510600001,8,gate"), clerkImport())
		counts, _ := importText(t, s, list("ref,kind,lat,lng,accuracy_m,commune", "R1,shop,10.98,106.65,3,25747"), clerkImport())
		wantCounts(t, counts, models.ImportCounts{Read: 1, Updated: 1})
		a, err := s.Address(t.Context(), doorAt(t, storetest.Point("10.98", "106.65")))
		if err != nil {
			t.Fatal(err)
		}
		if a.Parts.Street != "Đường Hoa Mai" || a.Name != "Tạp hóa Cô Ba" || !a.NamePublic || a.PositionKind != "gate" || a.AccuracyM != 3 {
			t.Errorf("%+v", a)
		}
		if len(a.Identifiers) != 2 || a.Identifiers[0].ValidTo != "" || a.Identifiers[1].ValidTo != "" {
			t.Errorf("identifiers %+v", a.Identifiers)
		}
		counts, _ = importText(t, s, list("ref,kind,lat,lng,street", "R1,shop,10.98,106.65,"), clerkImport())
		wantCounts(t, counts, models.ImportCounts{Read: 1, Updated: 1})
		if a, err = s.Address(t.Context(), a.Code); err != nil || a.Parts.Street != "" {
			t.Errorf("an empty cell leaves the street %q, %v", a.Parts.Street, err)
		}
		counts, _ = importText(t, s, list("ref,kind,lat,lng,commune", "R1,household,10.98,106.65,25747"), clerkImport())
		wantCounts(t, counts, models.ImportCounts{Read: 1, Updated: 1})
		if a, err = s.Address(t.Context(), a.Code); err != nil || a.Name != "" || a.NamePublic {
			t.Errorf("a household is called %q, %v", a.Name, err)
		}
	})
}

func TestRejectionThatCannotBeWrittenHidesTheCounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *models.Store) {
		csv := list(houseHeader, append(houseLines(0, 3), "castle,1,A,25747,10.98,106.65,X")...)
		file, err := importfile.Open(strings.NewReader(csv), importfile.CSV, importfile.Options{})
		if err != nil {
			t.Fatal(err)
		}
		o := clerkImport()
		o.Reject = func(importfile.Rejection) error { return errBroken }
		counts, err := s.Import(t.Context(), file, o)
		if !errors.Is(err, errBroken) {
			t.Errorf("error %v", err)
		}
		wantCounts(t, counts, models.ImportCounts{Read: 4, Inserted: 3, Rejected: 1})
	})
}

// stalled is a file whose end does not come until it is let go.
type stalled struct {
	io.Reader
	release chan struct{}
}

func (r stalled) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil {
		<-r.release
	}
	return n, err
}

func TestCancelledImportWaitsForItsFile(t *testing.T) {
	s := storetest.SQLite(t).Open(t, storetest.Options{})
	file := stalled{strings.NewReader(list(houseHeader, houseLines(0, 6_000)...)), make(chan struct{})}
	defer close(file.release)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	done := make(chan error, 1)
	go func() {
		_, _, err := tryImport(ctx, s, file, clerkImport())
		done <- err
	}()
	select {
	case err := <-done:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the import is still waiting")
	}
}

// Of several look-alikes the one that a row is equal to counts.
func TestEqualRowIsADuplicateOfItsNeighbour(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *models.Store) {
		first := houseAt(storetest.ThuDauMot, 1)
		first.Commune = "25747"
		storetest.Register(t, s, first)
		second := first
		second.Kind, second.ConfirmDistinct = "shop", true
		storetest.Register(t, s, second)
		p := storetest.ThuDauMot
		row := fmt.Sprintf("shop,%s,%s,%s,%s,%s,%s", second.Parts.HouseNumber, second.Parts.Street, second.Parts.Hamlet, second.Commune, geo.FormatE7(p.Lat), geo.FormatE7(p.Lng))
		counts, rejected := importText(t, s, list("kind,house_number,street,hamlet,commune,lat,lng", row), clerkImport())
		if counts.Unchanged != 1 {
			t.Errorf("%+v %+v", counts, rejected)
		}
	})
}

// Rows with refs of their own are objects of their own, wherever a chunk ends.
func TestRefsAtOnePointAreOneObject(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *models.Store) {
		csv := list("ref,kind,lat,lng,commune", "A,household,10.98,106.65,25747", "B,household,10.98,106.65,25747")
		counts, _ := importText(t, s, csv, clerkImport())
		wantCounts(t, counts, models.ImportCounts{Read: 2, Inserted: 2})
		counts, _ = importText(t, s, csv, clerkImport())
		wantCounts(t, counts, models.ImportCounts{Read: 2, Unchanged: 2})
	})
}

// A list of refs and better points has no communes: the address knows its own.
func TestBetterPointNeedsACommune(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *models.Store) {
		importText(t, s, list("ref,kind,lat,lng,commune", "R1,farm,10.98,106.65,25747"), clerkImport())
		counts, rejected := importText(t, s, list("ref,kind,lat,lng", "R1,farm,10.98005,106.65", "R2,farm,10.99,106.65"), clerkImport())
		wantCounts(t, counts, models.ImportCounts{Read: 2, Updated: 1, Rejected: 1})
		if diff := cmp.Diff([]string{"3 no-commune"}, reasons(rejected)); diff != "" {
			t.Errorf("rejected (-want +got):\n%s", diff)
		}
	})
}
