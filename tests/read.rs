//! Reading: bytes become grids, or a problem that says why not.

use std::collections::BTreeMap;
use std::path::PathBuf;

use proptest::prelude::*;
use read::{Book, Encoding, Expect, Format, Grid, Limits, Merge, read};
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat};
use vocab::{Problem, Said};

use crate::support::exports::{at, compound, gb18030, ods, raw_xlsx, record, unicode, xls, xlsx, zipped};

// ---- helpers ----

fn plain(name: &str, bytes: impl AsRef<[u8]>) -> (Option<Book>, Vec<Problem>) {
    read(name, bytes.as_ref(), &Expect::default(), &Limits::default())
}

/// The book of a file in which nothing is wrong.
fn book(name: &str, bytes: impl AsRef<[u8]>) -> Book {
    let (book, problems) = plain(name, bytes);
    assert_eq!(codes(&problems), Vec::<&str>::new(), "{problems:?}");
    book.expect("a book")
}

/// The one problem of a file that cannot be used.
fn refusal(name: &str, bytes: impl AsRef<[u8]>) -> Problem {
    let (book, problems) = plain(name, bytes);
    assert_eq!(book, None);
    let [problem] = <[Problem; 1]>::try_from(problems).expect("one problem");
    problem
}

fn codes(problems: &[Problem]) -> Vec<&'static str> {
    problems.iter().map(|problem| problem.rule.code).collect()
}

fn said(problem: &Problem) -> (&str, &str) {
    (problem.rule.code, problem.value.as_ref().map(Said::en).unwrap_or_default())
}

fn rows(grid: &Grid) -> Vec<Vec<&str>> {
    grid.rows().map(|row| row.cells().collect()).collect()
}

fn numbers(grid: &Grid) -> Vec<u32> {
    grid.rows().map(|row| row.number).collect()
}

// ---- delimited text ----

#[test]
fn a_row_is_numbered_by_the_line_on_which_it_starts() {
    let book = book("a.csv", "a,b\r\n\"x\r\ny\rz\nw\",1\r\n\r\nc,d\n\"e\"\n");
    let grid = &book.sheets[0];
    assert_eq!(rows(grid), [vec!["a", "b"], vec!["x\r\ny\rz\nw", "1"], vec![], vec!["c", "d"], vec!["e"]]);
    assert_eq!(numbers(grid), [1, 2, 6, 7, 8]);
}

#[test]
fn quotes_are_undoubled_and_what_follows_them_is_kept() {
    let book = book("a.csv", "\"1,234\"\t,\"say \"\"hi\"\"\",ab\"c,\"\"\nx,y,z,w");
    assert_eq!(rows(&book.sheets[0]), [vec!["1,234\t", "say \"hi\"", "ab\"c", ""], vec!["x", "y", "z", "w"]]);
}

#[test]
fn rows_may_be_ragged_and_a_trailing_delimiter_is_an_empty_cell() {
    let book = book("a.csv", "a,b,\nc\n,\nd,e,f,g");
    assert_eq!(rows(&book.sheets[0]), [vec!["a", "b", ""], vec!["c"], vec!["", ""], vec!["d", "e", "f", "g"]]);
}

#[test]
fn a_quote_that_is_never_closed_is_refused_with_the_line_that_opened_it() {
    let problem = refusal("a.csv", "a,b\nc,\"d\ne,f\ng,h\n");
    assert_eq!((problem.rule.code, problem.place.row), ("R007", Some(2)));
}

#[test]
fn tabs_are_told_from_commas_by_the_content_and_not_by_the_name() {
    let tsv = book("a.txt", "代码\t名称\t金额\n1\t甲,乙\t1,200\n2\t丙\t3,400\n");
    assert_eq!((tsv.format, rows(&tsv.sheets[0])[1].clone()), (Format::Tsv, vec!["1", "甲,乙", "1,200"]));
    // The new site of the statistics bureau ends every cell with a TAB.
    let csv = book("a.csv", "指标\t,2024年\t,2023年\t,\nGDP\t,1\t,2\t,\n");
    assert_eq!((csv.format, rows(&csv.sheets[0])[1].clone()), (Format::Csv, vec!["GDP\t", "1\t", "2\t", ""]));
}

#[test]
fn quotes_and_angles_inside_cells_do_not_mislead_the_search_for_the_format() {
    let inches = book("a.csv", "<20人,3.5\" 盘,x\n<50人,5\" 盘,y\n\"a\"\"b\tc\",1,z\n");
    assert_eq!(inches.format, Format::Csv);
    assert_eq!(rows(&inches.sheets[0])[0], ["<20人", "3.5\" 盘", "x"]);
    assert_eq!(rows(&inches.sheets[0])[2], ["a\"b\tc", "1", "z"]);
}

// ---- decoding ----

#[test]
fn gb18030_and_utf8_and_utf16_give_the_same_cells() {
    let text = "地区,增加值\r\n河南省,㐀𠀀\r\n";
    let utf16: Vec<u8> = std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let files = [
        (Encoding::Utf8, text.as_bytes().to_vec()),
        (Encoding::Utf8Bom, format!("\u{feff}{text}").into_bytes()),
        (Encoding::Gb18030, gb18030(text)),
        (Encoding::Utf16, utf16),
    ];
    for (encoding, bytes) in files {
        let book = book("a.csv", bytes);
        assert_eq!(book.encoding, encoding);
        assert_eq!(rows(&book.sheets[0]), [["地区", "增加值"], ["河南省", "㐀𠀀"]]);
    }
}

#[test]
fn bytes_valid_in_no_encoding_are_refused_with_their_offset_and_line() {
    let mut bytes = gb18030("地区,数\n河南,1\n");
    let at = bytes.len();
    bytes.extend(b"\xFF,2\n");
    let problem = refusal("a.csv", bytes);
    assert_eq!(said(&problem), ("R003", format!("byte {at}, line 3: FF 2C is not gb18030").as_str()));
    assert_eq!(problem.place.row, Some(3));
}

#[test]
fn one_line_of_gb18030_in_a_utf8_file_is_refused_and_not_guessed() {
    let mut bytes = "地区,单位详细名称\n河南,郑州机械制造有限公司\n".as_bytes().to_vec();
    let at = bytes.len();
    bytes.extend(gb18030("洛阳,拖拉机\n"));
    bytes.extend("开封,空分设备\n".as_bytes());
    let problem = refusal("a.csv", bytes);
    assert_eq!(problem.rule.code, "R003");
    let expected = format!("utf-8 from byte 0, line 1; gb18030 from byte {at}, line 3");
    assert_eq!(problem.value.as_ref().map(Said::en), Some(expected.as_str()));
}

#[test]
fn one_line_of_utf8_in_a_gb18030_file_is_refused_and_not_guessed() {
    let mut bytes = gb18030(&"郑州机械制造有限公司,1\n".repeat(50));
    let at = bytes.len();
    bytes.extend("洛阳拖拉机制造有限公司,2\n".as_bytes());
    let problem = refusal("a.csv", bytes);
    assert_eq!(
        said(&problem),
        ("R003", format!("gb18030 from byte 0, line 1; utf-8 from byte {at}, line 51").as_str())
    );
}

#[test]
fn a_file_cut_inside_a_character_is_refused() {
    let bytes = "地区,数\n河南省郑州市,1\n开封市".as_bytes();
    assert_eq!(refusal("a.csv", &bytes[..bytes.len() - 1]).rule.code, "R003");
    let bytes = gb18030("地区,数\n河南省郑州市,1\n开封市");
    assert_eq!(refusal("a.csv", &bytes[..bytes.len() - 1]).rule.code, "R003");
}

#[test]
fn text_that_was_damaged_before_it_was_sent_is_read_with_a_warning() {
    for (text, what) in [("a,b\n1,\u{FFFD}\n", "U+FFFD"), ("a,b\n1,锟斤拷\n", "锟斤拷")] {
        let (book, problems) = plain("a.csv", text);
        assert!(book.is_some());
        assert_eq!((said(&problems[0]), problems[0].place.row), (("R012", what), Some(2)));
    }
}

#[test]
fn labels_of_encodings_are_read_as_people_write_them() {
    for label in ["GB2312", "gbk", "GB18030", "gb_2312", "CP936"] {
        assert_eq!(label.parse(), Ok(Encoding::Gb18030), "{label}");
    }
    assert_eq!("UTF-8".parse(), Ok(Encoding::Utf8));
    assert!("latin1".parse::<Encoding>().is_err());
    for format in Format::ALL {
        assert_eq!(format.as_str().parse(), Ok(format));
    }
}

// ---- what is refused ----

#[test]
fn a_file_without_content_is_refused() {
    for bytes in [&b""[..], b" \r\n\t\n", b"\xEF\xBB\xBF\n"] {
        assert_eq!(refusal("a.csv", bytes).rule.code, "R001");
    }
}

#[test]
fn an_error_page_and_prose_are_refused_as_no_data() {
    let files = [
        ("404 Not Found\n", "an HTTP error reply"),
        ("HTTP/1.1 502 Bad Gateway\nServer: nginx, inc\n", "an HTTP error reply"),
        ("<html><head><title>404</title></head><body>Not found, sorry</body></html>", "a web page without a table"),
        ("<html><table><tr><td> </td></tr></table></html>", "a web page whose tables hold no text"),
        ("尊敬的用户：\n您的请求已超时。\n", "text without a table"),
    ];
    for (text, what) in files {
        assert_eq!(said(&refusal("a.csv", text)), ("R008", what), "{text}");
    }
}

#[test]
fn formats_that_are_not_read_are_refused_by_their_name() {
    let files: &[(&[u8], &str)] = &[
        (
            b"<?xml version=\"1.0\"?><!-- <a> --><r:feed xmlns:r=\"r\"><entry/></r:feed>",
            "XML with the root element feed",
        ),
        (b"{\"returncode\":200,\"a\":[1,2]}", "JSON: an object with the members returncode, a"),
        (b"[{\"a\":1},\n{\"b\":2}]", "JSON: a list of 2"),
        (b"ID;PWXL;N;E\nP;PGeneral\n", "SYLK"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00", "Excel 4"),
        (b"\x7FELF\x02\x01\x01\0\0\0\0\0\n", "binary data"),
        (b"INSERT INTO t VALUES (1,'a');\nINSERT INTO t VALUES (2,'b');\n", "SQL"),
    ];
    for (bytes, what) in files {
        let problem = refusal("a.csv", bytes);
        assert_eq!(problem.rule.code, "R002", "{what}");
        assert!(problem.value.as_ref().map(Said::en).is_some_and(|value| value.contains(what)), "{problem:?}");
    }
    let archive = refusal("a.zip", zipped(&[("a.csv", "a,b"), ("b.csv", "c,d")]));
    assert_eq!(said(&archive), ("R002", "a zip archive of 2 entries"));
    let document = refusal("a.docx", zipped(&[("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<d/>")]));
    assert_eq!(said(&document), ("R052", "a Word document"));
}

#[test]
fn documents_data_of_other_programs_and_rare_archives_are_named_each_with_its_way_out() {
    let sav = [b"$FL2@(#) SPSS DATA FILE".as_slice(), &[0; 60]].concat();
    let sas =
        [&[0; 12], &b"\xC2\xEA\x81\x60\xB3\x14\x11\xCF\xBD\x92\x08\x00\x09\xC7\x31\x8C\x18\x1F\x10\x11"[..]].concat();
    let por = "ASCII SPSS PORT FILE                    ".repeat(5);
    let files: &[(&[u8], &str, &str)] = &[
        (b"%PDF-1.7\n", "R052", "a PDF document"),
        (b"{\\rtf1\\ansi", "R052", "an RTF document"),
        (b"\xFF\xD8\xFF\xE0\0\x10JFIF", "R052", "a JPEG image"),
        (b"II*\0\x08\0\0\0", "R052", "a TIFF image"),
        (b"Rar!\x1A\x07\x01\0\x33", "R050", "a RAR archive"),
        (b"\xFD7zXZ\0\0\x04", "R050", "an xz file"),
        (b"BZh91AY&SY", "R050", "a bzip2 file"),
        (b"\x28\xB5\x2F\xFD\x24", "R050", "a zstd file"),
        (b"\x20\x05-lh5-\0\0", "R050", "an LZH archive"),
        (&sav, "R051", "an SPSS data file"),
        (por.as_bytes(), "R051", "a portable SPSS file"),
        (b"<stata_dta><header><release>118</release>", "R051", "a Stata data file"),
        (b"\x73\x02\x01\0\x05\0\x10\0\0\0", "R051", "a Stata data file"),
        (&sas, "R051", "a SAS data file"),
        (b"\0\x01\0\0Standard ACE DB\0", "R051", "an Access database"),
        (b"SQLite format 3\0", "R051", "an SQLite database"),
    ];
    for (bytes, code, what) in files {
        assert_eq!(said(&refusal("a.dat", bytes)), (*code, *what));
    }
    let ofd = refusal("a.ofd", zipped(&[("OFD.xml", "<o/>"), ("Doc_0/Document.xml", "<d/>")]));
    assert_eq!(said(&ofd), ("R052", "an OFD document"));
    let rds = crate::support::packs::gzip(b"X\n\0\0\0\x03\0\x04\x02\0");
    assert_eq!(said(&refusal("a.rds", rds)), ("R051", "an R data file"));
    // None of this is in a table that only looks a little like it.
    for text in ["Obj,值\n1,2\n", "BZh,值\n1,2\n", "名称-lh5-,值\n1,2\n", "RDX,a\n1,2\n"] {
        assert!(read::read("a.csv", text.as_bytes(), &Expect::default(), &Limits::default()).0.is_some(), "{text}");
    }
}

#[test]
fn a_truncated_or_damaged_workbook_is_refused() {
    let good = xlsx(|workbook| {
        workbook.add_worksheet().write(0, 0, "甲").expect("a cell");
    });
    assert_eq!(refusal("a.xlsx", &good[..good.len() / 2]).rule.code, "R040");
    let good = xls(0x0600, &[], &[record(0x0204, &at(0, 0, 0, &unicode("甲")))]);
    assert_eq!(refusal("a.xls", &good[..600]).rule.code, "R040");
    assert_eq!(refusal("a.xls", &good[..1700]).rule.code, "R040");
    let cut = ods("<table:table table:name=\"t\"><table:table-row>");
    assert_eq!(refusal("a.ods", cut).rule.code, "R004");
}

#[test]
fn a_compound_file_that_runs_in_circles_is_refused() {
    let mut bytes = compound("Workbook", vec![0; 8192]);
    // The second sector of the stream is followed by its first.
    bytes[512 + 3 * 4..512 + 4 * 4].copy_from_slice(&2u32.to_le_bytes());
    assert_eq!(refusal("a.xls", &bytes).rule.code, "R004");
    // The directory is followed by itself.
    bytes[512 + 4..512 + 8].copy_from_slice(&1u32.to_le_bytes());
    assert_eq!(said(&refusal("a.xls", &bytes)), ("R004", "a stream runs in circles"));
}

#[test]
fn encrypted_workbooks_are_refused_as_such() {
    assert_eq!(refusal("a.xls", xls(0x0600, &[record(0x002F, &[0; 6])], &[])).rule.code, "R009");
    assert_eq!(refusal("a.xlsx", compound("EncryptedPackage", vec![0; 4096])).rule.code, "R009");
    let manifest = "<m><manifest:encryption-data/></m>";
    let spreadsheet = "application/vnd.oasis.opendocument.spreadsheet";
    let encrypted = zipped(&[("mimetype", spreadsheet), ("META-INF/manifest.xml", manifest), ("content.xml", "\u{1}")]);
    assert_eq!(refusal("a.ods", encrypted).rule.code, "R009");
}

#[test]
fn each_limit_holds() {
    let grid = "a,b,c\n1,2,3\n4,5,6\n";
    let limits = [
        Limits { bytes: 10, ..Limits::default() },
        Limits { rows: 2, ..Limits::default() },
        Limits { columns: 2, ..Limits::default() },
        Limits { cells: 8, ..Limits::default() },
        Limits { cell_bytes: 0, ..Limits::default() },
    ];
    let page = format!(
        "<table><tr>{}</table>",
        grid.trim().replace(',', "<td>").replace('\n', "<tr><td>").replace("a", "<td>a")
    );
    let sheet = xlsx(|workbook| {
        let sheet = workbook.add_worksheet();
        for (row, line) in (0..).zip(grid.lines()) {
            for (column, cell) in (0..).zip(line.split(',')) {
                sheet.write(row, column, cell).expect("a cell");
            }
        }
    });
    for limits in limits {
        for (name, bytes) in [("a.csv", grid.as_bytes()), ("a.html", page.as_bytes()), ("a.xlsx", &sheet)] {
            let (book, problems) = read(name, bytes, &Expect::default(), &limits);
            assert_eq!((book, codes(&problems)), (None, vec!["R006"]), "{name} {limits:?}");
        }
    }
    let (_, problems) = read("a.xlsx", &sheet, &Expect::default(), &Limits { sheets: 0, ..Limits::default() });
    assert_eq!(codes(&problems), ["R006"]);
}

#[test]
fn a_zip_bomb_is_refused_before_it_fills_the_memory() {
    let bomb = raw_xlsx(&format!("<si><t>{}</t></si>", " ".repeat(4 << 20)), "<sheetData/>");
    assert!(bomb.len() < 20_000, "the bomb should be small: {}", bomb.len());
    let limits = Limits { inflated_bytes: 1 << 20, ..Limits::default() };
    let (book, problems) = read("a.xlsx", &bomb, &Expect::default(), &limits);
    assert_eq!((book, said(&problems[0])), (None, ("R006", "more than 1048576 bytes inflated (max_inflated_bytes)")));
}

// ---- what a source definition demands ----

#[test]
fn another_format_or_encoding_than_the_source_demands_is_refused() {
    let limits = Limits::default();
    let demand = |format, encoding| Expect { format, encoding, sheet: None };
    let check = |bytes: &[u8], expect: &Expect<'_>| codes(&read("a.csv", bytes, expect, &limits).1);
    let (utf8, marked, ascii) = ("地区,1\n".as_bytes(), "\u{feff}地区,1\n".as_bytes(), b"a,1\n");
    assert_eq!(check(utf8, &demand(Some(Format::Tsv), None)), ["R010"]);
    assert_eq!(check(utf8, &demand(Some(Format::Csv), Some(Encoding::Gb18030))), ["R010"]);
    assert_eq!(check(&gb18030("地区,1\n"), &demand(None, Some(Encoding::Utf8))), ["R010"]);
    assert!(check(utf8, &demand(Some(Format::Csv), Some(Encoding::Utf8Bom))).is_empty());
    assert!(check(marked, &demand(None, Some(Encoding::Utf8))).is_empty());
    assert!(check(ascii, &demand(None, Some(Encoding::Gb18030))).is_empty());
}

#[test]
fn only_the_sheet_that_the_source_names_is_read() {
    let bytes = xlsx(|workbook| {
        for name in ["封面", "205-1"] {
            workbook.add_worksheet().set_name(name).expect("a name").write(0, 0, name).expect("a cell");
        }
    });
    let wanted = Expect { sheet: Some("205-1"), ..Expect::default() };
    let (book, problems) = read("a.xlsx", &bytes, &wanted, &Limits::default());
    let book = book.expect("a book");
    assert_eq!((problems.len(), book.sheets.len(), rows(&book.sheets[0])), (0, 1, vec![vec!["205-1"]]));
    let missing = Expect { sheet: Some("205-2"), ..Expect::default() };
    let (book, problems) = read("a.xlsx", &bytes, &missing, &Limits::default());
    assert_eq!((book, said(&problems[0])), (None, ("R011", "205-2")));
    assert_eq!(problems[0].expected, ["封面", "205-1"]);
}

#[test]
fn a_name_that_promises_another_format_is_noted() {
    let (book, problems) = plain("表.xls", "<table><tr><td>a</td></tr></table>");
    assert_eq!(book.map(|book| book.format), Some(Format::Html));
    assert_eq!((said(&problems[0]), problems[0].expected.clone()), (("R005", ".xls"), vec!["html".to_owned()]));
    for name in ["表.txt", "表", "表2018.12", "表.CSV"] {
        assert!(plain(name, "a,b\n").1.is_empty(), "{name}");
    }
}

// ---- workbooks ----

#[test]
fn cells_of_xlsx_are_written_as_a_person_sees_them() {
    let date = CellFormat::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    let clock = CellFormat::new().set_num_format("yyyy-mm-dd hh:mm");
    let red = CellFormat::new().set_num_format("0.00_);[Red](0.00)");
    let bytes = xlsx(|workbook| {
        let sheet = workbook.add_worksheet();
        let day = ExcelDateTime::parse_from_str("2018-06-30").expect("a day");
        let noon = ExcelDateTime::parse_from_str("2018-06-30T12:30:00").expect("a time");
        sheet.write(2, 1, 22573.10000000001).expect("a cell");
        sheet.write(2, 2, 0.1 + 0.2).expect("a cell");
        sheet.write(2, 3, 1_234_567_890_123_f64).expect("a cell");
        sheet.write(2, 4, -1e-7).expect("a cell");
        sheet.write(2, 5, true).expect("a cell");
        sheet.write_with_format(2, 6, &day, &date).expect("a cell");
        sheet.write_with_format(2, 7, &noon, &clock).expect("a cell");
        sheet.write_with_format(2, 8, 1.5, &red).expect("a cell");
        sheet.write_formula(2, 9, rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!")).expect("a cell");
        sheet.write(2, 10, " 郑 州 ").expect("a cell");
        sheet.write(2, 11, 6e23).expect("a cell");
    });
    let book = book("a.xlsx", bytes);
    let third = [
        "",
        "22573.1",
        "0.3",
        "1234567890123",
        "-0.0000001",
        "TRUE",
        "2018-06-30",
        "2018-06-30T12:30:00",
        "1.5",
        "#DIV/0!",
        " 郑 州 ",
        "6E+23",
    ];
    assert_eq!(rows(&book.sheets[0]), [vec![], vec![], third.to_vec()]);
    assert_eq!(numbers(&book.sheets[0]), [1, 2, 3]);
}

#[test]
fn merged_cells_are_empty_and_known_in_every_format() {
    let merge = Merge { row: 0, column: 1, rows: 1, columns: 2 };
    let from_xlsx = xlsx(|workbook| {
        let sheet = workbook.add_worksheet();
        sheet.write(0, 0, "代码").expect("a cell");
        sheet.merge_range(0, 1, 0, 2, "面积", &CellFormat::new()).expect("a merge");
        sheet.write(0, 3, "人数").expect("a cell");
    });
    let from_xls = xls(
        0x0600,
        &[],
        &[
            record(0x0204, &at(0, 0, 0, &unicode("代码"))),
            record(0x0204, &at(0, 1, 0, &unicode("面积"))),
            record(0x0204, &at(0, 3, 0, &unicode("人数"))),
            record(0x00E5, &[1, 0, 0, 0, 0, 0, 1, 0, 2, 0]),
        ],
    );
    let cell = |attributes: &str, text: &str| {
        format!(
            "<table:table-cell {attributes} office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let from_ods = ods(&format!(
        "<table:table table:name=\"t\"><table:table-row>{}{}<table:covered-table-cell/>{}</table:table-row></table:table>",
        cell("", "代码"),
        cell("table:number-columns-spanned=\"2\"", "面积"),
        cell("", "人数")
    ));
    let from_html = "<table><tr><td>代码</td><td colspan=2>面积</td><td>人数</td></tr></table>".as_bytes().to_vec();
    for (name, bytes) in [("a.xlsx", from_xlsx), ("a.xls", from_xls), ("a.ods", from_ods), ("a.html", from_html)] {
        let book = book(name, bytes);
        let grid = &book.sheets[0];
        assert_eq!(rows(grid), [["代码", "面积", "", "人数"]], "{name}");
        assert_eq!(grid.merges(), [merge], "{name}");
        assert_eq!((grid.seen(0, 2), grid.seen(0, 3)), ("面积", "人数"), "{name}");
    }
}

#[test]
fn what_an_xlsx_file_says_of_its_own_size_is_not_believed() {
    let strings = "<si><t>甲_x000D_乙</t><rPh><t>jia</t></rPh></si><si><r><t>a</t></r><r><t>b&amp;c</t></r></si>";
    let sheet = "<sheetData><row r=\"2\"><c r=\"C2\" t=\"s\"><v>1</v></c><c r=\"A2\" t=\"s\"><v>0</v></c>\
                 <c t=\"inlineStr\"><is><t>d</t></is></c></row><row><c><f>1+1</f><v>2</v></c></row></sheetData>";
    let book = book("a.xlsx", raw_xlsx(strings, sheet));
    assert_eq!(rows(&book.sheets[0]), [vec![], vec!["甲\r乙", "d", "ab&c"], vec!["2"]]);
    let bad = raw_xlsx(strings, "<sheetData><row r=\"7\"><c r=\"B7\" t=\"s\"><v>9</v></c></row></sheetData>");
    assert_eq!(refusal("a.xlsx", bad).place.to_string(), "a.xlsx!表:R7C2");
}

#[test]
fn strings_of_biff8_do_not_depend_on_the_code_page() {
    let lie = record(0x0042, &1252u16.to_le_bytes());
    let book = book("a.xls", xls(0x0600, &[lie], &[record(0x0204, &at(0, 0, 0, &unicode("截止日期_EndDt")))]));
    assert_eq!(rows(&book.sheets[0]), [["截止日期_EndDt"]]);
}

#[test]
fn strings_of_biff5_are_in_their_code_page() {
    let label = |text: &[u8]| {
        let len = u16::try_from(text.len()).expect("a short string").to_le_bytes();
        record(0x0204, &at(0, 0, 0, &[&len, text].concat()))
    };
    let page = record(0x0042, &936u16.to_le_bytes());
    let book = book("a.xls", xls(0x0500, std::slice::from_ref(&page), &[label(&gb18030("河南省"))]));
    assert_eq!(rows(&book.sheets[0]), [["河南省"]]);
    assert_eq!(refusal("a.xls", xls(0x0500, &[page], &[label(b"\xFF\xFF")])).rule.code, "R003");
}

#[test]
fn a_string_table_may_run_on_over_records_and_change_its_width() {
    // Two strings: the first is cut after one wide character, its rest is narrow.
    let table = record(0x00FC, &[&[0u8; 8][..], &[3, 0, 1], &u16::to_le_bytes(0x7532)].concat());
    let rest = record(0x003C, &[&[0u8][..], b"ab", &unicode("乙")].concat());
    let cells = [record(0x00FD, &at(0, 0, 0, &[0; 4])), record(0x00FD, &at(0, 1, 0, &[1, 0, 0, 0]))];
    let book = book("a.xls", xls(0x0600, &[table, rest], &cells));
    assert_eq!(rows(&book.sheets[0]), [["甲ab", "乙"]]);
}

#[test]
fn cells_of_xls_are_written_as_a_person_sees_them() {
    let formats = [
        record(0x041E, &[&164u16.to_le_bytes()[..], &unicode("yyyy\\-mm")].concat()),
        record(0x00E0, &[0; 20]),
        record(0x00E0, &[&[0u8, 0][..], &164u16.to_le_bytes(), &[0; 16]].concat()),
    ];
    let rk_hundredth = |value: i32| (((value << 2) | 3) as u32).to_le_bytes();
    let cells = [
        record(0x0203, &at(1, 0, 0, &0.1f64.to_le_bytes())),
        record(0x0203, &at(1, 1, 1, &43281f64.to_le_bytes())),
        record(0x027E, &at(1, 2, 0, &rk_hundredth(12345))),
        record(
            0x00BD,
            &[
                &1u16.to_le_bytes()[..],
                &3u16.to_le_bytes(),
                &[0, 0],
                &rk_hundredth(-100),
                &[0, 0],
                &rk_hundredth(5),
                &4u16.to_le_bytes(),
            ]
            .concat(),
        ),
        record(0x0205, &at(1, 5, 0, &[0x2A, 1])),
        record(0x0205, &at(1, 6, 0, &[1, 0])),
        record(0x0006, &at(1, 7, 0, &[0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0])),
        record(0x0207, &unicode("合计")),
        record(0x0006, &at(1, 8, 0, &[&2.5f64.to_le_bytes()[..], &[0; 8]].concat())),
    ];
    let book = book("a.xls", xls(0x0600, &formats, &cells));
    assert_eq!(
        rows(&book.sheets[0]),
        [vec![], vec!["0.1", "2018-06", "123.45", "-1", "0.05", "#N/A", "TRUE", "合计", "2.5"]]
    );
}

#[test]
fn cells_of_ods_are_written_as_a_person_sees_them() {
    let cell = |attributes: &str, shown: &str| format!("<table:table-cell {attributes}>{shown}</table:table-cell>");
    let cells = [
        cell("office:value-type=\"float\" office:value=\"1234.50\"", "<text:p>1,234.5</text:p>"),
        cell("office:value-type=\"date\" office:date-value=\"2018-06-30T00:00:00\"", "<text:p>18年6月</text:p>"),
        cell("office:value-type=\"boolean\" office:boolean-value=\"true\"", "<text:p>WAHR</text:p>"),
        cell("office:value-type=\"time\" office:time-value=\"PT10H30M00S\"", ""),
        cell(
            "table:number-columns-repeated=\"2\" office:value-type=\"string\"",
            "<office:annotation><text:p>批注</text:p></office:annotation><text:p>郑<text:s text:c=\"2\"/>州</text:p><text:p>市</text:p>",
        ),
        cell("table:number-columns-repeated=\"16384\"", ""),
    ];
    let row = format!("<table:table-row table:number-rows-repeated=\"2\">{}</table:table-row>", cells.concat());
    let gap = "<table:table-row table:number-rows-repeated=\"3\"><table:table-cell/></table:table-row>";
    let rest = "<table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell/></table:table-row>";
    let book = book("a.ods", ods(&format!("<table:table table:name=\"表\">{gap}{row}{rest}</table:table>")));
    let expected = vec!["1234.5", "2018-06-30", "TRUE", "10:30:00", "郑  州\n市", "郑  州\n市"];
    assert_eq!(rows(&book.sheets[0]), [vec![], vec![], vec![], expected.clone(), expected]);
    assert_eq!((book.sheets[0].sheet.as_str(), numbers(&book.sheets[0])), ("表", vec![1, 2, 3, 4, 5]));
}

// ---- web pages ----

#[test]
fn each_table_of_a_page_is_a_grid_and_nested_ones_are_not_read_twice() {
    let page = "\n\n<!-- 说明 -->\n<!DOCTYPE html><html><head><style>td{}</style></head><body>\
                <table><tr><td>外</td><td><table><tr><th>内<br>一</th><td> a \n b </td></tr></table></td></tr></table>\
                <table><tr><td><table></table></td></tr></table></body></html>";
    let book = book("a.html", page);
    let names: Vec<_> = book.sheets.iter().map(|grid| (grid.sheet.as_str(), rows(grid))).collect();
    assert_eq!(names, [("table 1", vec![vec!["外", ""]]), ("table 2", vec![vec!["内\n一", "a b"]])]);
}

#[test]
fn cells_below_a_cell_that_spans_rows_keep_their_columns() {
    let page = "<table><thead><tr><th rowspan=2>代码</th><th colspan=2>面积</th><th rowspan=2>人数</th></tr>\
                <tr><th>规划</th><th>建成</th></tr></thead><tbody><tr><td>4101001<td>1<td>2<td>3</tbody></table>";
    let book = book("a.html", page);
    let grid = &book.sheets[0];
    assert_eq!(
        rows(grid),
        [vec!["代码", "面积", "", "人数"], vec!["", "规划", "建成"], vec!["4101001", "1", "2", "3"]]
    );
    let seen: Vec<_> = (0..4).map(|column| grid.seen(1, column)).collect();
    assert_eq!(seen, ["代码", "规划", "建成", "人数"]);
}

#[test]
fn a_page_in_another_encoding_than_it_declares_is_refused() {
    let page = |charset: &str| {
        format!(
            "<html><head><meta http-equiv=Content-Type content=\"text/html; charset={charset}\"></head><table><tr><td>河南省</td></tr></table></html>"
        )
    };
    assert_eq!(book("a.html", gb18030(&page("gb2312"))).encoding, Encoding::Gb18030);
    assert_eq!(book("a.html", page("utf-8")).encoding, Encoding::Utf8);
    assert_eq!(said(&refusal("a.html", page("gb2312"))), ("R003", "the text declares gb2312, its bytes are utf-8"));
    assert_eq!(refusal("a.html", gb18030(&page("big5"))).rule.code, "R003");
}

// ---- the corpus ----

/// The exports found in the open, where they are there.
fn corpus() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !folder.is_dir() {
        crate::support::not_run("the real exports, in read", "../shared/corpus is missing");
        return None;
    }
    Some(folder)
}

fn corpus_files(folder: &PathBuf) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("the corpus") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if name.starts_with('o') {
            files.insert(name, std::fs::read(&path).expect("a file"));
        }
    }
    files
}

/// A small CSV as records by column name; the project's own reader reads it.
fn records(text: &[u8]) -> Vec<BTreeMap<String, String>> {
    let book = book("facts.csv", text);
    let mut rows = book.sheets[0].rows();
    let header: Vec<_> = rows.next().expect("a header").cells().map(str::to_owned).collect();
    rows.filter(|row| !row.is_empty())
        .map(|row| header.iter().cloned().zip(row.cells().map(str::to_owned)).collect())
        .collect()
}

#[test]
fn every_file_of_the_corpus_is_read_or_refused_for_what_it_is() {
    let Some(folder) = corpus() else { return };
    let index = records(&std::fs::read(folder.join("INDEX_open.csv")).expect("the index"));
    let files = corpus_files(&folder);
    assert!(!files.is_empty());
    for record in index {
        let name = record["file"].trim_start_matches("open/");
        let Some(bytes) = files.get(name) else { continue };
        let real = record["real_format"].as_str();
        let (book, problems) = plain(name, bytes);
        let refused = problems
            .iter()
            .find(|problem| !["R005", "R016"].contains(&problem.rule.code))
            .map(|problem| problem.rule.code);
        let found = book.as_ref().map(|book| book.format);
        let (format, code) = match real {
            "csv/text" => (Some(Format::Csv), None),
            "xls BIFF8 (OLE2)" => (Some(Format::Xls), None),
            "xlsx" => (Some(Format::Xlsx), None),
            "HTML" => (Some(Format::Html), None),
            "text" => (None, Some("R008")),
            "SpreadsheetML2003" => (Some(Format::Xml), None),
            "json" if name.contains("returncode501") => (None, Some("R017")),
            "json" => (Some(Format::Json), None),
            real if real.contains("ENCRYPTED") => (Some(Format::Xls), Some("R013")),
            real if real.starts_with("zip") => (None, Some("R002")),
            real => panic!("{name}: the index says {real}"),
        };
        assert_eq!((found, refused), (format, code), "{name}: {problems:?}");
        let encoding = match record["encoding"].split([',', ' ']).next().unwrap_or_default() {
            "gbk" => Encoding::Gb18030,
            "utf-8-bom" => Encoding::Utf8Bom,
            "utf-8" => Encoding::Utf8,
            _ => Encoding::Binary,
        };
        assert!(book.is_none_or(|book| book.encoding == encoding), "{name}");
    }
}

/// White space means nothing in a label, and numbers are compared as numbers of 15 digits.
fn normal(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    match text.parse::<f64>() {
        Ok(number) => format!("{number:.13e}"),
        Err(_) => text,
    }
}

#[test]
fn known_values_stand_in_the_corpus_where_they_were_found() {
    let Some(folder) = corpus() else { return };
    let files = corpus_files(&folder);
    let (mut checked, mut skipped) = (0, 0);
    for fact in records(&std::fs::read(folder.join("FACTS_open.csv")).expect("the facts")) {
        let (row_label, column_label) = (normal(&fact["row_label"]), normal(&fact["column_label"]));
        let is_column = |cell: &str| normal(cell) == column_label;
        let is_column = &is_column;
        let Some(book) = files.get(&fact["file"]).and_then(|bytes| plain(&fact["file"], bytes).0) else { continue };
        // Tables of pages are counted from zero in the facts, and from one here.
        let sheet = match fact["sheet"].strip_prefix("table").and_then(|n| n.parse::<usize>().ok()) {
            Some(n) if book.format == Format::Html => format!("table {}", n + 1),
            _ => fact["sheet"].clone(),
        };
        let grid = book.sheets.iter().find(|grid| sheet.is_empty() || grid.sheet == sheet);
        let grid = grid.unwrap_or_else(|| panic!("no sheet {sheet}: {fact:?}"));
        if row_label == "datarows" || fact["file"].starts_with("o037") {
            // Which rows are data is for the layout to say; and the facts of o037 did not reckon with its rowspans.
            skipped += 1;
            continue;
        }
        if let Some(row) = fact["column_label"].strip_prefix("row ").and_then(|rest| rest.strip_suffix(" cells")) {
            let row: usize = row.parse().expect("a row counted from zero");
            // Lines over a table of a page have no number, and the fact did not count them.
            let row = row + grid.rows().take_while(|row| row.number == 0).count();
            assert!(
                grid.rows().nth(row).is_some_and(|row| row.cells().any(|cell| normal(cell) == row_label)),
                "{fact:?}"
            );
            for cell in fact["value"].split('|').filter(|cell| !cell.is_empty()) {
                let (column, value) = cell.strip_prefix('c').and_then(|cell| cell.split_once('=')).expect("c1=value");
                let column: usize = column.parse().expect("a column counted from zero");
                assert_eq!(normal(grid.cell(row, column)), normal(value), "{fact:?}");
            }
            checked += 1;
            continue;
        }
        // Header and label may stand anywhere: the value must be where some such row and column cross.
        let columns: Vec<usize> = grid
            .rows()
            .enumerate()
            .flat_map(|(at, row)| (0..row.len()).filter(move |column| is_column(grid.seen(at, *column))))
            .collect();
        let crossing = grid.rows().any(|row| {
            row.cells().any(|cell| normal(cell) == row_label)
                && columns.iter().any(|column| normal(row.cell(*column)) == normal(&fact["value"]))
        });
        if columns.is_empty() {
            skipped += 1;
        } else {
            assert!(crossing, "{fact:?}");
            checked += 1;
        }
    }
    println!("{checked} facts checked, {skipped} are not about one cell");
    assert!(checked > 150, "only {checked} facts checked, {skipped} skipped");
}

#[test]
fn the_garbled_header_of_o024_is_right() {
    let Some(folder) = corpus() else { return };
    let bytes = std::fs::read(folder.join("o024_CPI.xls")).expect("o024");
    let book = book("o024_CPI.xls", bytes);
    let grid = &book.sheets[0];
    assert_eq!(grid.cell(0, 0), "截止日期_EndDt");
    assert_eq!(grid.cell(0, 1), "居民消费价格指数CPI_当月同比(上年同月=100)_CPI_YoY");
    assert_eq!((grid.cell(1, 0), grid.cell(1, 1)), ("1987-01-31", "105.1"));
}

#[test]
fn damaged_files_of_the_corpus_never_panic() {
    let Some(folder) = corpus() else { return };
    let limits = Limits { inflated_bytes: 16 << 20, cells: 1 << 20, ..Limits::default() };
    for (name, bytes) in corpus_files(&folder).into_iter().filter(|(_, bytes)| bytes.len() < 64 << 10) {
        let mut seed = 88_172_645_463_325_252_u64;
        for _ in 0..20 {
            let mut damaged = bytes.clone();
            for _ in 0..4 {
                // xorshift: damage that is the same in every run.
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                let at = usize::try_from(seed >> 16).unwrap_or(0) % damaged.len();
                damaged[at] = seed as u8;
            }
            let cut = usize::try_from(seed >> 20).unwrap_or(0) % damaged.len();
            read(&name, &damaged, &Expect::default(), &limits);
            read(&name, &damaged[..cut], &Expect::default(), &limits);
        }
    }
}

// ---- properties ----

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

proptest! {
    #[test]
    fn no_bytes_cause_a_panic(head in 0usize..8, bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let heads: [&[u8]; 8] = [b"", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"PK\x03\x04", b"<html><table>", b"\xEF\xBB\xBF", b"\xFF\xFE", b"\"", b"<?xml"];
        plain("a.csv", [heads[head], &bytes].concat());
    }

    #[test]
    fn no_records_cause_a_panic(globals in prop::collection::vec(any_record(), 0..8), cells in prop::collection::vec(any_record(), 0..20), old in any::<bool>()) {
        let bytes = xls(if old { 0x0500 } else { 0x0600 }, &globals, &cells);
        read("a.xls", &bytes, &Expect::default(), &Limits { cells: 1 << 20, ..Limits::default() });
    }

    #[test]
    fn no_markup_causes_a_panic(pieces in prop::collection::vec(any_tag(), 0..40)) {
        let text = pieces.concat();
        plain("a.html", format!("<table>{text}"));
        plain("a.xlsx", raw_xlsx(&text, &text));
        plain("a.ods", ods(&format!("<table:table>{text}</table:table>")));
    }

    #[test]
    fn cells_survive_a_round_trip_through_csv(
        table in prop::collection::vec(prop::collection::vec("[a-z0-9,\"\\r\\n\\t；河南省 ]{0,6}", 2..5), 1..8),
        gb in any::<bool>(),
    ) {
        // A first row keeps the sniffer from seeing blanks only.
        let mut table = table;
        table.insert(0, vec!["指标".to_owned(), "数值".to_owned()]);
        let text: String = table.iter().map(|row| row.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(",") + "\r\n").collect();
        let bytes = if gb { gb18030(&text) } else { text.into_bytes() };
        let (book, problems) = plain("a.csv", bytes);
        prop_assert!(problems.is_empty(), "{problems:?}");
        let book = book.expect("a book");
        prop_assert_eq!(rows(&book.sheets[0]), table);
    }

    #[test]
    fn numbers_survive_to_fifteen_digits(value in prop::num::f64::NORMAL) {
        let cells = [record(0x0203, &at(0, 0, 0, &value.to_le_bytes()))];
        let book = book("a.xls", xls(0x0600, &[], &cells));
        let text = book.sheets[0].cell(0, 0);
        let back: f64 = text.parse().expect("a number");
        prop_assert!((back - value).abs() <= value.abs() * 5e-15, "{value} {text}");
        let digits = text.split('E').next().unwrap_or_default().trim_start_matches(['-', '0', '.']);
        let digits = digits.trim_end_matches('0').bytes().filter(u8::is_ascii_digit).count();
        prop_assert!(digits <= 15, "{value} {text}");
    }
}

fn any_record() -> impl Strategy<Value = Vec<u8>> {
    let kinds = vec![
        0x06u16, 0x0A, 0x22, 0x3C, 0x42, 0x85, 0xBD, 0xD6, 0xE0, 0xE5, 0xFC, 0xFD, 0x203, 0x204, 0x205, 0x207, 0x27E,
        0x41E, 0x809,
    ];
    (prop::sample::select(kinds), prop::collection::vec(any::<u8>(), 0..40))
        .prop_map(|(kind, data)| record(kind, &data))
}

fn any_tag() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "<tr>",
        "</tr>",
        "<td rowspan=9 colspan=7>",
        "<td colspan=99999999999>",
        "</td>",
        "<table>",
        "</table>",
        "<p>",
        "&amp;",
        "&#0;",
        "&x;",
        "文",
        "<si>",
        "</si>",
        "<t>",
        "</t>",
        "<c r=\"ZZZZZZZ9\">",
        "<c t=\"s\">",
        "</c>",
        "<v>",
        "</v>",
        "<row r=\"4294967295\">",
        "</row>",
        "9e999",
        "-1",
        "<mergeCell ref=\"B2:A1\"/>",
        "<mergeCell ref=\"A1:XFD1048576\"/>",
        "<table:table-row table:number-rows-repeated=\"4294967295\">",
        "</table:table-row>",
        "<table:table-cell table:number-columns-spanned=\"18446744073709551615\" table:number-rows-spanned=\"0\">",
        "<table:table-cell table:number-columns-repeated=\"4294967295\">",
        "</table:table-cell>",
        "<text:s text:c=\"999999999999\"/>",
        "_x0000_",
        "_xD800_",
    ])
}
