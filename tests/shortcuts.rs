//! The short ways of reading give what the long ways give, and leave to them whatever is wrong or unusual.

use std::io::{Cursor, Write as _};

use proptest::prelude::*;
use read::{Book, Encoding, Expect, Format, Grid, Limits, read};
use vocab::Problem;

fn plain(name: &str, bytes: &[u8]) -> (Option<Book>, Vec<Problem>) {
    read(name, bytes, &Expect::default(), &Limits::default())
}

fn grid(name: &str, bytes: &[u8]) -> Grid {
    let (book, problems) = plain(name, bytes);
    assert_eq!(problems, [], "{name}");
    book.expect("a book").sheets.remove(0)
}

fn gb18030(text: &str) -> Vec<u8> {
    let (bytes, _, lossy) = encoding_rs::GB18030.encode(text);
    assert!(!lossy);
    bytes.into_owned()
}

/// A large form: names with characters of two and four bytes, ragged and blank lines, and no quote unless asked for.
fn form(lines: usize, quoted: bool, end: &str) -> String {
    let mut text = format!("代码,单位名称,本月{end},,千元{end}");
    for line in 0..lines {
        let name = match line % 7 {
            0 if quoted => "\"郑州\n\"\"一\"\"厂,\"\t".to_owned(),
            1 => format!("河南省㐂𠮷机械{line}"),
            2 => "ASCII Ltd.".to_owned(),
            3 => String::new(),
            _ => format!("洛阳第{line}拖拉机厂"),
        };
        text.push_str(&format!("{line:09},{name},{}.5{end}", line * 31));
        if line % 1000 == 999 {
            text.push_str(end);
        }
    }
    text
}

#[test]
fn a_large_gb18030_file_has_the_cells_and_line_numbers_of_the_same_text_in_utf8() {
    for (lines, quoted, end) in
        [(20_000, false, "\n"), (20_000, true, "\r\n"), (20_000, false, "\r"), (300_000, false, "\r\n")]
    {
        let text = form(lines, quoted, end);
        let bytes = gb18030(&text);
        let (book, problems) = plain("a.csv", &bytes);
        let book = book.expect("a book");
        assert_eq!((book.format, book.encoding), (Format::Csv, Encoding::Gb18030));
        assert_eq!(problems, []);
        assert!(book.sheets[0] == grid("a.csv", text.as_bytes()), "{lines} lines, quoted: {quoted}, {end:?}");
    }
    let tabs = form(20_000, false, "\n").replace(',', "\t");
    assert!(grid("a.tsv", &gb18030(&tabs)) == grid("a.tsv", tabs.as_bytes()));
}

#[test]
fn a_character_cut_off_anywhere_in_a_large_gb18030_file_is_found_where_it_is() {
    let whole = gb18030(&form(20_000, false, "\n"));
    let line = 15_000;
    let start = whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(line - 2).expect("a line").0 + 1;
    let comma = start + whole[start..].iter().position(|byte| *byte == b',').expect("a cell");
    // Half of two bytes and of four, before a delimiter, before a line end, and at the end of the file.
    let end = start + whole[start..].iter().position(|byte| *byte == b'\n').expect("its end");
    for (at, half) in [(comma, &b"\xB9"[..]), (comma, b"\x81\x30"), (comma, b"\x81\x30\x81"), (end, b"\xB9")] {
        let mut bytes = whole.clone();
        bytes.splice(at..at, half.iter().copied());
        let (book, problems) = plain("a.csv", &bytes);
        assert_eq!(book, None);
        assert_eq!(problems.len(), 1);
        assert_eq!((problems[0].rule.code, problems[0].place.row), ("R003", Some(line as u32)), "{half:?}");
    }
    let cut = [whole.as_slice(), b"1,\xB9"].concat();
    assert_eq!(plain("a.csv", &cut).1[0].rule.code, "R003");
}

#[test]
fn what_is_wrong_with_a_large_gb18030_file_is_said_as_of_a_small_one() {
    let text = form(20_000, false, "\n");
    let codes = |bytes: &[u8], expect: &Expect<'_>, limits: &Limits| {
        read("a.csv", bytes, expect, limits).1.iter().map(|problem| problem.rule.code).collect::<Vec<_>>()
    };
    let (any, usual) = (Expect::default(), Limits::default());
    for damage in ["\0", "\u{FFFD}", "锟斤拷"] {
        let damaged = gb18030(&format!("{text}1,{damage},2\n"));
        assert_eq!(codes(&damaged, &any, &usual), ["R012"], "{damage:?}");
    }
    assert_eq!(codes(&gb18030(&format!("{text}1,\"没有完")), &any, &usual), ["R007"]);
    assert_eq!(codes(&gb18030(&text), &any, &Limits { rows: 19_000, ..usual }), ["R006"]);
    assert_eq!(codes(&gb18030(&text), &any, &Limits { cell_bytes: 20, ..usual }), ["R006"]);
    let utf8 = Expect { encoding: Some(Encoding::Utf8), ..any };
    assert_eq!(codes(&gb18030(&text), &utf8, &usual), ["R010"]);
    let xlsx = Expect { format: Some(Format::Xlsx), ..any };
    assert_eq!(codes(&gb18030(&text), &xlsx, &usual), ["R010"]);
    // A line of UTF-8 in it is a mixture, however large the rest.
    let mixed = [gb18030(&text), "1,河南省郑州市机械制造有限公司,2\n".as_bytes().to_vec()].concat();
    assert_eq!(codes(&mixed, &any, &usual), ["R003"]);
}

/// A workbook with this sheet and these shared strings.
fn workbook(strings: &str, sheet: &str) -> Vec<u8> {
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"http://x/{kind}\" Target=\"{target}\"/>")
    };
    let relations = |inside: String| format!("<Relationships>{inside}</Relationships>");
    let parts = [
        ("[Content_Types].xml", "<Types/>".to_owned()),
        ("_rels/.rels", relations(relation("b", "officeDocument", "xl/workbook.xml"))),
        (
            "xl/_rels/workbook.xml.rels",
            relations(relation("s", "worksheet", "s.xml") + &relation("t", "sharedStrings", "t.xml")),
        ),
        (
            "xl/workbook.xml",
            "<workbook xmlns:r=\"r\"><sheets><sheet name=\"表\" r:id=\"s\"/></sheets></workbook>".into(),
        ),
        ("xl/t.xml", strings.to_owned()),
        ("xl/s.xml", sheet.to_owned()),
    ];
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        archive.write_all(content.as_bytes()).expect("its content");
    }
    archive.finish().expect("an archive").into_inner()
}

const STRINGS: &str = "<sst count=\"2\"><si><t>代码</t></si><si><t xml:space=\"preserve\"> a_x000D_b </t></si></sst>";
const SHEET: &str = "<worksheet xmlns:x=\"x\"><dimension ref=\"A1:C9\"/><sheetData>\
    <row r=\"2\" spans=\"1:3\" x:dy=\"0.2\"><c r=\"A2\" s=\"1\" t=\"s\"><v>0</v></c><c r=\"B2\"/>\
    <c r=\"C2\" t=\"s\"><v>1</v></c></row><row r=\"4\"/>\
    <row><c><v>1.50</v></c><c t=\"b\"><v>1</v></c><c t=\"e\"><v>#N/A</v></c></row>\
    <row r=\"9\"><c r=\"B9\" t=\"inlineStr\"><is><t>行_x0041_</t></is></c><c t=\"str\"><v>x</v></c><c r=\"A9\"><v>7</v></c></row>\
    </sheetData><mergeCells><mergeCell ref=\"A2:B2\"/></mergeCells></worksheet>";

#[test]
fn a_sheet_has_the_same_cells_whichever_way_its_xml_is_written() {
    let usual = grid("a.xlsx", &workbook(STRINGS, SHEET));
    assert_eq!(usual.cell(1, 0), "代码");
    assert_eq!(usual.cell(1, 2), " a\rb ");
    assert_eq!((usual.cell(4, 0), usual.cell(4, 1), usual.cell(4, 2)), ("1.5", "TRUE", "#N/A"));
    assert_eq!((usual.cell(8, 0), usual.cell(8, 1), usual.cell(8, 2)), ("7", "行A", "x"));
    assert_eq!(usual.merges().len(), 1);
    let others = [
        SHEET.replacen("<row", "<!-- rows --><row", 1),
        SHEET.replace("<worksheet", "<!-- <sheetData> --><worksheet"),
        SHEET.replace("<row>", "<row >").replace("</row>", "</row>\n"),
        SHEET.replace("<v>7</v>", "<f>3+4</f><v>7</v>"),
        SHEET.replace("<v>7</v>", "<v>&#55;</v>"),
        SHEET.replace("<v>7</v>", "<v><![CDATA[7]]></v>"),
        SHEET.replace("r=\"C2\"", "r='C2'"),
        SHEET.replace("r=\"2\"", "r=\"&#50;\""),
        SHEET.replace("<sheetData>", "<x:sheetData>").replace("</sheetData>", "</x:sheetData>"),
        SHEET.replace("<is><t>行_x0041_</t></is>", "<is><r><t>行</t></r><r><t>A</t></r></is>"),
    ];
    for sheet in others {
        assert_ne!(sheet, SHEET);
        assert_eq!(grid("a.xlsx", &workbook(STRINGS, &sheet)), usual, "{sheet}");
    }
    let others = [
        STRINGS.replace("代码", "代<!-- -->码"),
        STRINGS.replace("代码", "&#20195;码"),
        STRINGS.replace("<t>代码</t>", "<r><t>代</t></r><r><t>码</t></r><rPh><t>daima</t></rPh>"),
    ];
    for strings in others {
        assert_eq!(grid("a.xlsx", &workbook(&strings, SHEET)), usual, "{strings}");
    }
}

proptest! {
    #[test]
    fn a_sheet_has_the_same_cells_in_whichever_order_they_come(
        cells in prop::collection::btree_map((0_u8..12, 0_u8..9), 1_u32..1000, 0..40),
        seed in any::<u64>(),
    ) {
        let place = |(row, column): &(u8, u8)| format!("{}{}", char::from(b'A' + column), row + 1);
        let cell = |(at, value): &(&(u8, u8), &u32)| format!("<row><c r=\"{}\"><v>{value}</v></c></row>", place(at));
        let sheet = |cells: &[(&(u8, u8), &u32)]| {
            let rows: String = cells.iter().map(cell).collect();
            workbook(STRINGS, &format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"))
        };
        let mut listed: Vec<(&(u8, u8), &u32)> = cells.iter().collect();
        let (in_order, _) = plain("a.xlsx", &sheet(&listed));
        listed.sort_by_key(|(at, _)| (u64::from(at.0) * 31 + u64::from(at.1)).wrapping_mul(seed | 1));
        let (shuffled, problems) = plain("a.xlsx", &sheet(&listed));
        prop_assert_eq!(&in_order, &shuffled, "{:?}", problems);
        let grid = in_order.map(|mut book| book.sheets.remove(0)).unwrap_or_default();
        for row in 0..13 {
            for column in 0..10 {
                let expected = cells.get(&(row, column)).map(ToString::to_string).unwrap_or_default();
                prop_assert_eq!(grid.cell(usize::from(row), usize::from(column)), expected);
            }
        }
    }
}

#[test]
fn a_damaged_sheet_is_refused_wherever_it_breaks_off() {
    for end in (0..SHEET.len()).filter(|end| SHEET.is_char_boundary(*end)) {
        let (book, problems) = plain("a.xlsx", &workbook(STRINGS, &SHEET[..end]));
        assert_eq!((book, problems.len()), (None, 1), "cut at {end}: {problems:?}");
    }
    for broken in [
        SHEET.replace("<v>7</v></c>", "<v>7</v></x>"),
        SHEET.replace("</sheetData>", ""),
        SHEET.replacen("</row>", "", 1),
        SHEET.replace("<v>0</v>", "<v>99</v>"),
    ] {
        let (book, problems) = plain("a.xlsx", &workbook(STRINGS, &broken));
        assert_eq!((book, problems[0].rule.code), (None, "R004"), "{broken}");
    }
}
