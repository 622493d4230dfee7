package importfile_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"diachiso/models/importfile"
)

// writeTo makes a list of rejected rows that is shown instead of stored.
type writeTo struct{ io.Writer }

func (writeTo) Close() error { return nil }

func Example() {
	const file = "Mã hồ sơ;Loại;Tên;Vĩ độ;Kinh độ\n" +
		"7;farm;Vườn bưởi Bạch Đằng;11,0421;106,7718\n" +
		"8;shop;Quán \"Gió\";11,0400;106,7700\n" +
		"9;shop;Quán Gió;11,0400;106,7700\n" +
		"10;public;Trường Tiểu"

	rows, err := importfile.Open(strings.NewReader(file), importfile.CSV, importfile.Options{DecimalComma: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	rejected := importfile.NewErrorWriter(func() (io.WriteCloser, error) { return writeTo{os.Stdout}, nil }, rows.Names())
	for {
		row, err := rows.Next()
		var bad *importfile.RowError
		switch {
		case err == io.EOF:
			if err := rejected.Close(); err != nil {
				fmt.Println(err)
			}
			return
		case errors.As(err, &bad):
			if err := rejected.Write(importfile.Rejection{Line: bad.Line, Code: bad.Code, En: bad.En, Vi: bad.Vi, Cells: bad.Cells}); err != nil {
				fmt.Println(err)
				return
			}
		case err != nil:
			fmt.Println(err)
			return
		default:
			fmt.Println(row.Line, row.Cell(importfile.Name), row.Cell(importfile.Lat), row.Cell(importfile.Lng))
		}
	}
	// Output:
	// 2 Vườn bưởi Bạch Đằng 11.0421 106.7718
	// 4 Quán Gió 11.0400 106.7700
	// line,code,reason,lý do,Mã hồ sơ,Loại,Tên,Vĩ độ,Kinh độ
	// 3,broken-quotes,a quotation mark stands inside a cell: put the whole cell in quotation marks and double those inside,Dấu ngoặc kép nằm giữa ô: hãy đặt cả ô trong ngoặc kép và viết hai dấu liền nhau ở bên trong.,,,,,
	// 5,truncated-row,the file ends in the middle of this row: complete it and import it again,Tệp kết thúc giữa chừng ở dòng này: hãy bổ sung cho đủ rồi nhập lại.,10,public,Trường Tiểu,,
}

func ExampleParseColumn() {
	for _, heading := range []string{"Vĩ độ (lat)", "PHUONG/XA", "house-number"} {
		column, _ := importfile.ParseColumn(heading)
		fmt.Println(column)
	}
	// Output:
	// lat
	// commune
	// house_number
}
