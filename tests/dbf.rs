//! Tables of dBASE and FoxPro: their cells, what is said of them, and the same tables as other programs write and read them.

use std::fs;
use std::process::Command;

use read::{Book, Encoding, Expect, Format, Limits, read};

use crate::archives::told;
use crate::readers::python;
use crate::support::exports::gb18030;
use crate::support::{finish, folder, root};

/// A column: name, type, length, decimals.
type Column<'a> = (&'a str, u8, u8, u8);

/// A table of version III with these bytes for each cell, filled up by blanks; a record is deleted where its first byte says so.
fn table(language: u8, columns: &[Column<'_>], records: &[(u8, &[&[u8]])]) -> Vec<u8> {
    let count = u32::try_from(records.len()).unwrap();
    let head_len = u16::try_from(32 + 32 * columns.len() + 1).unwrap();
    let record_len = 1 + columns.iter().map(|column| u16::from(column.2)).sum::<u16>();
    let mut bytes = vec![0; 32];
    bytes[..4].copy_from_slice(&[3, 118, 12, 31]);
    bytes[4..8].copy_from_slice(&count.to_le_bytes());
    bytes[8..10].copy_from_slice(&head_len.to_le_bytes());
    bytes[10..12].copy_from_slice(&record_len.to_le_bytes());
    bytes[29] = language;
    for (name, kind, len, decimals) in columns {
        let mut field = [0; 32];
        let name = gb18030(name);
        field[..name.len()].copy_from_slice(&name);
        (field[11], field[16], field[17]) = (*kind, *len, *decimals);
        bytes.extend(field);
    }
    bytes.push(0x0D);
    for (mark, cells) in records {
        bytes.push(*mark);
        for (cell, column) in cells.iter().zip(columns) {
            let mut cell = cell.to_vec();
            cell.resize(usize::from(column.2), b' ');
            bytes.extend(cell);
        }
    }
    bytes.push(0x1A);
    bytes
}

fn opened(bytes: &[u8]) -> (Option<Book>, Vec<String>) {
    let (book, problems) = read("a.dbf", bytes, &Expect::default(), &Limits::default());
    (book, told(&problems))
}

/// Cells by row, behind the number of each.
fn rows(book: &Book) -> Vec<String> {
    let row = |row: read::Row<'_>| format!("{} {}", row.number, row.cells().collect::<Vec<_>>().join("|"));
    book.sheets[0].rows().map(row).collect()
}

const FORM: [Column<'static>; 3] = [("名称", b'C', 10, 0), ("产值", b'N', 10, 2), ("日期", b'D', 8, 0)];

#[test]
fn numbers_stand_as_they_are_written_and_days_as_days() {
    let (zheng, kai) = (gb18030("郑州"), gb18030("开封"));
    let columns: Vec<Column<'_>> = FORM.into_iter().chain([("核实", b'L', 1, 0)]).collect();
    let bytes = table(
        0x7A,
        &columns,
        &[
            (b' ', &[&zheng, b"  12345.60", b"20181231", b"T"]),
            (b' ', &[&kai, b"       -.5", b"", b"n"]),
            (b' ', &[b"", b"**********", b"20181331", b"?"]),
            (b' ', &[b"a\0\0\0\0\0\0\0\0\0", b"0.10", b"00000000", b""]),
        ],
    );
    let (book, said) = opened(&bytes);
    assert_eq!(said, Vec::<String>::new());
    let book = book.unwrap();
    assert_eq!((book.format, book.encoding), (Format::Dbf, Encoding::Gb18030));
    assert_eq!(
        rows(&book),
        [
            "1 名称|产值|日期|核实",
            "2 郑州|12345.60|2018-12-31|TRUE",
            "3 开封|-.5||FALSE",
            "4 |**********|20181331|",
            "5 a|0.10||"
        ]
    );
}

#[test]
fn deleted_records_are_counted_and_leave_the_numbers_of_the_others() {
    let cell = gb18030("洛阳");
    let bytes = table(0x4D, &FORM[..1], &[(b'*', &[b"a"]), (b' ', &[&cell]), (b'*', &[b"b"]), (b' ', &[b"c"])]);
    let (book, said) = opened(&bytes);
    assert_eq!(said, ["R055 a.dbf:R2 `2 records`"]);
    assert_eq!(rows(&book.unwrap()), ["1 名称", "3 洛阳", "5 c"]);
}

#[test]
fn the_code_page_is_the_one_that_is_named_or_what_the_bytes_can_only_be() {
    let gbk = gb18030("信阳市");
    let one = |language: u8, cell: &[u8]| {
        let (book, said) = opened(&table(language, &[("name", b'C', 12, 0)], &[(b' ', &[cell])]));
        (book.map(|book| book.sheets[0].cell(1, 0).to_owned()), said)
    };
    let read_as = |text: &str, said: &[&str]| (Some(text.to_owned()), said.iter().map(ToString::to_string).collect());
    assert_eq!(one(0x7A, &gbk), read_as("信阳市", &[]));
    assert_eq!(one(0, &gbk), read_as("信阳市", &["R053 a.dbf `no code page is named, the text is GBK`"]));
    assert_eq!(
        one(0, "信阳市".as_bytes()),
        read_as("信阳市", &["R053 a.dbf `no code page is named, the text is UTF-8`"])
    );
    assert_eq!(one(3, &gbk), read_as("信阳市", &["R054 a.dbf `code page 1252 is named, the text is GBK`"]));
    assert_eq!(one(0xFE, &gbk), read_as("信阳市", &["R054 a.dbf `code page mark 254 is not known, the text is GBK`"]));
    // Not Chinese, and believed; nothing above ASCII, and nothing to say.
    assert_eq!(one(3, b"Caf\xE9 Paris"), read_as("Café Paris", &[]));
    assert_eq!(one(0, b"plain"), read_as("plain", &[]));
    assert_eq!(one(0xC9, b"\xCC\xEE\xF1\xEA\xE2\xE0 1").0.as_deref(), Some("Москва 1"));
    // Neither.
    assert_eq!(
        one(0, b"a\xFFb\xFF"),
        (None, vec!["R003 a.dbf `no code page is named, and the text is not GBK`".to_owned()])
    );
    let declared = Expect { encoding: Some(Encoding::Gb18030), ..Expect::default() };
    let bytes = table(3, &[("name", b'C', 12, 0)], &[(b' ', &[&gbk])]);
    let (book, problems) = read("a.dbf", &bytes, &declared, &Limits::default());
    assert_eq!((book.unwrap().sheets[0].cell(1, 0), told(&problems)), ("信阳市", vec![]));
}

#[test]
fn a_text_that_is_cut_within_a_character_keeps_its_whole_characters() {
    let long = gb18030("郑州航空港经济");
    let bytes = table(0x7A, &[("名称", b'C', 11, 0)], &[(b' ', &[&long[..11]]), (b' ', &[&gb18030("开封")])]);
    let (book, said) = opened(&bytes);
    assert_eq!(said, ["R057 a.dbf:R2C1 `1 cells`"]);
    assert_eq!(rows(&book.unwrap()), ["1 名称", "2 郑州航空港", "3 开封"]);
    // Half a character where the field has room left is damage.
    let bytes = table(0x7A, &[("名称", b'C', 11, 0)], &[(b' ', &[&long[..5]])]);
    assert_eq!(opened(&bytes).1, ["R003 a.dbf:R2C1 `a field that is not gb18030`"]);
}

#[test]
fn a_table_that_is_cut_off_or_does_not_fit_together_is_refused() {
    let good =
        table(0x7A, &FORM, &[(b' ', &[b"a", b"1", b""]), (b' ', &[b"b", b"2", b""]), (b' ', &[b"c", b"3", b""])]);
    let head = 32 + 3 * 32 + 1;
    let said = |bytes: &[u8]| {
        let (book, said) = opened(bytes);
        assert!(book.is_none(), "{said:?}");
        said.concat()
    };
    assert_eq!(said(&good[..good.len() - 10]), "R040 a.dbf `dbf: 2 of 3 records are there`");
    assert_eq!(said(&good[..head + 10]), "R040 a.dbf `dbf: 0 of 3 records are there`");
    assert_eq!(said(&good[..head - 5]), "R040 a.dbf `dbf: its header is incomplete`");
    let with = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        bytes
    };
    assert_eq!(said(&with(4, 2)), "R004 a.dbf `dbf: it says 2 records, and more follow`");
    assert_eq!(said(&with(4, 4)), "R040 a.dbf `dbf: 3 of 4 records are there`");
    assert_eq!(said(&with(10, 30)), "R004 a.dbf `dbf: its fields do not make up its records`");
    assert_eq!(said(&with(32 + 32 + 11, b'@')), "R002 a.dbf `a dbf table with a field of type @`");
    assert_eq!(said(&with(head, b'x')), "R004 a.dbf:R2 `dbf: a record begins with byte 120`");
    // A count that no file can hold.
    let mut vast = good.clone();
    vast[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(said(&vast).starts_with("R006 a.dbf `more than 4000000 rows"));
}

#[test]
fn a_long_text_of_foxpro_has_its_length_in_two_bytes() {
    let mut bytes = table(0x7A, &[("a", b'C', 44, 1), ("b", b'C', 3, 0)], &[]);
    bytes.truncate(32 + 64 + 1);
    bytes[4] = 1;
    bytes[10..12].copy_from_slice(&(1 + 300 + 3u16).to_le_bytes());
    bytes.extend([&b" "[..], &[b'x'; 300], b"end"].concat());
    let (book, said) = opened(&bytes);
    assert_eq!(said, Vec::<String>::new());
    assert_eq!(book.unwrap().sheets[0].cell(1, 1), "end");
}

#[test]
fn text_that_only_begins_like_a_table_is_none() {
    for text in ["0,1,2,3,4,5\n6,7,8,9,10,11\n", "00010001,甲\n00010002,乙\n", "1\t2\t3\n4\t5\t6\n"] {
        let (book, _) = opened(text.repeat(9).as_bytes());
        assert!(book.is_some_and(|book| book.format != Format::Dbf), "{text}");
    }
}

#[test]
fn tables_that_one_python_library_writes_are_read_as_another_reads_them() {
    let Some(python) = python("tables written by dbf and read by dbfread") else { return };
    let out = folder();
    let script = root().join("tests/readers/write_dbf.py");
    let (code, stdout, stderr) = finish(Command::new(python).arg(script).arg(out.path()));
    if stdout.contains("not installed") {
        crate::support::not_run("tables written by dbf and read by dbfread", stdout.trim());
        return;
    }
    assert_eq!(code, 0, "{stdout}{stderr}");
    let truth: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(out.path().join("truth.json")).unwrap()).unwrap();
    let tables = truth.as_object().unwrap();
    assert!(tables.len() >= 9, "{}", tables.len());
    let mut cells = 0;
    for (name, wanted) in tables {
        let bytes = fs::read(out.path().join(name)).unwrap();
        let (book, problems) = read(name, &bytes, &Expect::default(), &Limits::default());
        let book = book.unwrap_or_else(|| panic!("{name}: {:?}", told(&problems)));
        let found: Vec<Vec<&str>> = book.sheets[0].rows().map(|row| row.cells().collect()).collect();
        let wanted: Vec<Vec<&str>> = wanted
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row.as_array().unwrap().iter().map(|cell| cell.as_str().unwrap()).collect())
            .collect();
        assert_eq!(found, wanted, "{name}");
        cells += found.iter().map(Vec::len).sum::<usize>();
    }
    assert!(cells > 3_000, "{cells}");
}

#[test]
fn whatever_bytes_are_changed_a_table_gives_cells_or_says_why_not() {
    let good = table(
        0x7A,
        &FORM,
        &[(b' ', &[&gb18030("郑州"), b"1", b"20181231"]), (b'*', &[b"b", b"2", b""]), (b' ', &[b"c"])],
    );
    let mut state = 3u64;
    let mut dice = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap()
    };
    for _ in 0..6_000 {
        let mut bad = good.clone();
        for _ in 0..=dice() % 3 {
            let at = dice() % bad.len();
            bad[at] = u8::try_from(dice() % 256).unwrap();
        }
        if dice().is_multiple_of(4) {
            bad.truncate(dice() % bad.len() + 1);
        }
        let (book, said) = opened(&bad);
        assert!(book.is_some() || !said.is_empty(), "nothing was read, and nothing was said: {bad:?}");
    }
}
