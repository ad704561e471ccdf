//! New workbooks: XML in a zip archive.

use std::io::{Cursor, Write};

use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use super::{Case, case, check};
use crate::support::exports::{ods, raw_xlsx, xlsx, zipped};

#[test]
fn new_workbooks_give_what_is_said_of_them() {
    check("packages", CASES);
}

/// A workbook with these rows.
fn rows(rows: &str) -> Vec<u8> {
    raw_xlsx("<si><t>甲</t></si>", &format!("<sheetData>{rows}</sheetData>"))
}

/// A workbook of one cell at this address.
fn cell_at(place: &str) -> Vec<u8> {
    rows(&format!("<row><c r=\"{place}\"><v>1</v></c></row>"))
}

/// A workbook of one row with this number.
fn row_at(number: &str) -> Vec<u8> {
    rows(&format!("<row r=\"{number}\"><c><v>1</v></c></row>"))
}

const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A workbook with these parts, from what `workbook.xml` and its relations hold.
fn workbook(relations: &[(&str, &str)], inside: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    zipped(&workbook_parts(relations, inside, parts).iter().map(|(a, b)| (a.as_str(), b.as_str())).collect::<Vec<_>>())
}

fn workbook_parts(relations: &[(&str, &str)], inside: &str, parts: &[(&str, &str)]) -> Vec<(String, String)> {
    let relation = |(id, (kind, target)): (usize, &(&str, &str))| {
        format!("<Relationship Id=\"rId{}\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/>", id + 1)
    };
    let list: String = relations.iter().enumerate().map(relation).collect();
    let root = relation((0, &("officeDocument", "xl/workbook.xml")));
    let mut all = vec![
        ("[Content_Types].xml".to_owned(), "<Types/>".to_owned()),
        ("_rels/.rels".to_owned(), format!("<Relationships>{root}</Relationships>")),
        ("xl/workbook.xml".to_owned(), format!("<workbook xmlns:r=\"{RELATIONS}\">{inside}</workbook>")),
        ("xl/_rels/workbook.xml.rels".to_owned(), format!("<Relationships>{list}</Relationships>")),
    ];
    all.extend(parts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
    all
}

/// A worksheet of one number.
const SHEET: &str = "<worksheet><sheetData><row><c><v>7</v></c></row></sheetData></worksheet>";
/// A list of one worksheet.
const ONE: &str = "<sheets><sheet name=\"表\" sheetId=\"1\" r:id=\"rId1\"/></sheets>";

fn two_sheets(states: [&str; 2], names: [&str; 2]) -> Vec<u8> {
    let sheet =
        |n: usize| format!("<sheet name=\"{}\" sheetId=\"{n}\" {} r:id=\"rId{n}\"/>", names[n - 1], states[n - 1]);
    let list = format!("<sheets>{}{}</sheets>", sheet(1), sheet(2));
    let relations = [("worksheet", "sheet1.xml"), ("worksheet", "sheet2.xml")];
    workbook(&relations, &list, &[("xl/sheet1.xml", SHEET), ("xl/sheet2.xml", SHEET)])
}

/// The parts of a good workbook, stored as they are: bytes can then be changed where they stand.
fn stored(sheet: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, text) in workbook_parts(&[("worksheet", "sheet1.xml")], ONE, &[]) {
        archive.start_file(name, options).expect("a part");
        archive.write_all(text.as_bytes()).expect("its content");
    }
    archive.start_file("xl/sheet1.xml", options).expect("a part");
    archive.write_all(sheet).expect("its content");
    archive.finish().expect("an archive").into_inner()
}

/// Replaces the `nth` occurrence of some bytes, or all.
fn replaced(mut file: Vec<u8>, from: &[u8], to: &[u8], nth: Option<usize>) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let places: Vec<usize> = (0..=file.len() - from.len()).filter(|&at| file[at..].starts_with(from)).collect();
    assert!(!places.is_empty(), "{from:?} is not there");
    for (number, at) in places.into_iter().enumerate() {
        if nth.is_none_or(|nth| nth == number) {
            file[at..at + to.len()].copy_from_slice(to);
        }
    }
    file
}

/// Sets a flag in all headers of the archive: two bytes, 6 behind `PK\3\4` and 8 behind `PK\1\2`.
fn flagged(mut file: Vec<u8>, flag: u8) -> Vec<u8> {
    for at in 0..file.len() - 10 {
        if file[at..].starts_with(b"PK\x03\x04") {
            file[at + 6] |= flag;
        } else if file[at..].starts_with(b"PK\x01\x02") {
            file[at + 8] |= flag;
        }
    }
    file
}

fn good() -> Vec<u8> {
    rows("<row><c t=\"s\"><v>0</v></c><c><v>1</v></c></row>")
}

fn part(share: usize) -> Vec<u8> {
    let good = good();
    good[..good.len() * share / 100].to_vec()
}

fn sheet_with(head: &str, rows: &str) -> Vec<u8> {
    let sheet = format!("{head}<worksheet><sheetData>{rows}</sheetData></worksheet>");
    workbook(&[("worksheet", "sheet1.xml")], ONE, &[("xl/sheet1.xml", &sheet)])
}

fn table(rows: &str) -> Vec<u8> {
    ods(&format!("<table:table table:name=\"表\">{rows}</table:table>"))
}

/// A table whose only cell has these attributes.
fn ods_cell(row: &str, cell: &str, text: &str) -> Vec<u8> {
    table(&format!(
        "<table:table-row {row}><table:table-cell {cell}><text:p>{text}</text:p></table:table-cell></table:table-row>"
    ))
}

const FORMULAS: &str = "<row><c><f>1+1</f><v>2</v></c><c><f>SUM(A1:A9)</f></c><c><f t=\"shared\" si=\"0\"/><v></v></c>\
                        <c t=\"str\"><f>IF(A1,\"\",1)</f><v></v></c><c t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>\
                        <c t=\"b\"><f>TRUE()</f><v>1</v></c></row>";

pub const CASES: &[Case] = &[
    case("zip: cut at a quarter", "a.xlsx", || part(25)),
    case("zip: cut at the half", "a.xlsx", || part(50)),
    case("zip: the last byte is missing", "a.xlsx", || {
        let mut file = good();
        file.pop();
        file
    }),
    case("zip: only the first bytes", "a.xlsx", || b"PK\x03\x04".to_vec()),
    case("zip: an empty archive", "a.xlsx", || zipped(&[])),
    case("zip: a checksum that is wrong", "a.xlsx", || {
        replaced(stored(SHEET.as_bytes()), b"<v>7</v>", b"<v>8</v>", None)
    }),
    case("zip: the list names a part differently", "a.xlsx", || {
        replaced(stored(SHEET.as_bytes()), b"xl/sheet1", b"xl/sheetX", Some(0))
    }),
    case("zip: two parts of one name", "a.xlsx", || {
        replaced(two_sheets(["", ""], ["a", "b"]), b"xl/sheet2.xml", b"xl/sheet1.xml", None)
    }),
    case("zip: two parts that differ in case", "a.xlsx", || {
        replaced(two_sheets(["", ""], ["a", "b"]), b"xl/sheet2.xml", b"XL/Sheet1.xml", None)
    }),
    case("zip: with a password", "a.xlsx", || flagged(stored(SHEET.as_bytes()), 1)),
    case("zip: a sheet that inflates without end", "a.xlsx", || rows(&" ".repeat(9 << 20))),
    case("zip: a bomb that nothing refers to", "a.xlsx", || {
        let bomb = " ".repeat(9 << 20);
        workbook(&[("worksheet", "sheet1.xml")], ONE, &[("xl/sheet1.xml", SHEET), ("xl/media/image1.png", &bomb)])
    }),
    case("zip: seventy thousand entries", "a.xlsx", || {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for number in 0..70_000 {
            archive.start_file(number.to_string(), SimpleFileOptions::default()).expect("a part");
        }
        archive.finish().expect("an archive").into_inner()
    }),
    case("zip: paths that lead outside", "a.xlsx", || {
        workbook(&[("worksheet", "../../../../etc/passwd")], ONE, &[("../../../../etc/passwd", SHEET)])
    }),
    case("zip: paths with backslashes, from the root, in other case", "a.xlsx", || {
        workbook(&[("worksheet", "\\xl\\Sheets\\Sheet1.XML")], ONE, &[("xl\\sheets\\sheet1.xml", SHEET)])
    }),
    case("xlsx: no part says which is the workbook", "a.xlsx", || {
        zipped(&[("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<workbook/>")])
    }),
    case("xlsx: the workbook is missing", "a.xlsx", || {
        let root = format!("<Relationship Id=\"a\" Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/>");
        zipped(&[
            ("[Content_Types].xml", "<Types/>"),
            ("_rels/.rels", &format!("<Relationships>{root}</Relationships>")),
        ])
    }),
    case("xlsx: a sheet that is listed and not there", "a.xlsx", || workbook(&[("worksheet", "sheet1.xml")], ONE, &[])),
    case("xlsx: a sheet of which nothing is known", "a.xlsx", || workbook(&[], ONE, &[("xl/sheet1.xml", SHEET)])),
    case("xlsx: two sheets of one name", "a.xlsx", || two_sheets(["", ""], ["表", "表"])),
    case("xlsx: hidden sheets", "a.xlsx", || two_sheets(["state=\"hidden\"", "state=\"veryHidden\""], ["甲", "乙"])),
    case("xlsx: a sheet that is a chart, and one that is not", "a.xlsx", || {
        let list = "<sheets><sheet name=\"图\" r:id=\"rId1\"/><sheet name=\"表\" r:id=\"rId2\"/></sheets>";
        let relations = [("chartsheet", "chartsheets/sheet1.xml"), ("worksheet", "sheet1.xml")];
        workbook(&relations, list, &[("xl/chartsheets/sheet1.xml", "<chartsheet/>"), ("xl/sheet1.xml", SHEET)])
    }),
    case("xlsx: nothing but a chart", "a.xlsx", || {
        workbook(&[("chartsheet", "sheet1.xml")], ONE, &[("xl/sheet1.xml", "<chartsheet/>")])
    }),
    case("xlsx: a workbook without a cell", "a.xlsx", || rows("")),
    case("xlsx: a drawing that is missing", "a.xlsx", || {
        let sheet = SHEET.replace("</worksheet>", "<drawing r:id=\"rId1\"/></worksheet>");
        let list = format!(
            "<Relationships><Relationship Id=\"rId1\" Type=\"{RELATIONS}/drawing\" Target=\"../drawings/drawing1.xml\"/></Relationships>"
        );
        workbook(&[("worksheet", "sheet1.xml")], ONE, &[("xl/sheet1.xml", &sheet), ("xl/_rels/sheet1.xml.rels", &list)])
    }),
    case("xlsx: strict namespaces and prefixes", "a.xlsx", || {
        let strict = "http://purl.oclc.org/ooxml/officeDocument/relationships";
        let sheet = "<x:worksheet xmlns:x=\"http://purl.oclc.org/ooxml/spreadsheetml/main\"><x:sheetData><x:row r=\"1\">\
                     <x:c r=\"A1\" t=\"d\"><x:v>2018-06-30T00:00:00</x:v></x:c><x:c r=\"B1\"><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>";
        let parts = workbook_parts(&[("worksheet", "sheet1.xml")], ONE, &[("xl/sheet1.xml", sheet)]);
        let parts: Vec<_> = parts.into_iter().map(|(name, text)| (name, text.replace(RELATIONS, strict))).collect();
        zipped(&parts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>())
    }),
    case("xlsx: inline, rich and annotated strings", "a.xlsx", || {
        let strings = "<si><r><t>规模</t></r><r><rPr><b/></rPr><t xml:space=\"preserve\">以上 </t></r><rPh sb=\"0\" eb=\"2\"><t>guimo</t></rPh></si>";
        raw_xlsx(
            strings,
            "<sheetData><row><c t=\"s\"><v>0</v></c><c t=\"inlineStr\"><is><t>直接</t></is></c></row></sheetData>",
        )
    }),
    case("xlsx: dates of 1904", "a.xlsx", || {
        let styles = "<styleSheet><cellXfs><xf/><xf numFmtId=\"14\"/></cellXfs></styleSheet>";
        let inside = format!("<workbookPr date1904=\"1\"/>{ONE}");
        let sheet = SHEET.replace("<c><v>7", "<c s=\"1\"><v>41424");
        workbook(
            &[("worksheet", "sheet1.xml"), ("styles", "styles.xml")],
            &inside,
            &[("xl/sheet1.xml", &sheet), ("xl/styles.xml", styles)],
        )
    }),
    case("xlsx: formulas with and without values", "a.xlsx", || rows(FORMULAS)),
    case("xlsx: formulas that a library wrote and did not compute", "a.xlsx", || {
        xlsx(|workbook| {
            let sheet = workbook.add_worksheet();
            sheet.write(0, 0, 2).expect("a cell").write_formula(0, 1, "=A1*2").expect("a cell");
        })
    }),
    case("xlsx: errors stay what a person sees", "a.xlsx", || {
        rows("<row><c t=\"e\"><v>#REF!</v></c><c t=\"e\"><v>#N/A</v></c><c t=\"e\"><f>1/0</f><v>#DIV/0!</v></c></row>")
    }),
    case("xlsx: a string that is not there", "a.xlsx", || rows("<row r=\"7\"><c r=\"B7\" t=\"s\"><v>9</v></c></row>")),
    case("xlsx: a string whose number is none", "a.xlsx", || rows("<row><c t=\"s\"><v>-1</v></c></row>")),
    case("xlsx: a cell of no known type", "a.xlsx", || rows("<row><c t=\"S\"><v>0</v></c></row>")),
    case("xlsx: numbers that are none", "a.xlsx", || {
        rows(
            "<row><c><v>NaN</v></c><c><v>1e999</v></c><c><v>0x10</v></c><c t=\"b\"><v>2</v></c><c><v> 5 </v></c></row>",
        )
    }),
    case("xlsx: the cell behind the last column", "a.xlsx", || cell_at("XFE1")),
    case("xlsx: the last cell there is", "a.xlsx", || cell_at("XFD1048576")),
    case("xlsx: the cell behind the last row", "a.xlsx", || cell_at("A1048577")),
    case("xlsx: a cell in row 0", "a.xlsx", || cell_at("A0")),
    case("xlsx: a cell in a row without end", "a.xlsx", || cell_at("A99999999999")),
    case("xlsx: an address without letters", "a.xlsx", || cell_at("12")),
    case("xlsx: an address with an entity that is not known", "a.xlsx", || cell_at("&x;")),
    case("xlsx: row 0", "a.xlsx", || row_at("0")),
    case("xlsx: a negative row", "a.xlsx", || row_at("-3")),
    case("xlsx: a row number that overflows", "a.xlsx", || row_at("4294967297")),
    case("xlsx: a cell of another row", "a.xlsx", || rows("<row r=\"2\"><c r=\"A5\"><v>1</v></c></row>")),
    case("xlsx: the same cell twice, with two values", "a.xlsx", || {
        rows("<row r=\"1\"><c r=\"B1\"><v>1</v></c><c r=\"B1\"><v>2</v></c></row>")
    }),
    case("xlsx: the same row twice, with the same values", "a.xlsx", || {
        rows("<row r=\"1\"><c r=\"B1\"><v>1</v></c></row><row r=\"1\"><c r=\"B1\"><v>1</v></c></row>")
    }),
    case("xlsx: an attribute twice", "a.xlsx", || rows("<row r=\"1\"><c r=\"B1\" r=\"C1\"><v>1</v></c></row>")),
    case("xlsx: an attribute without its quote", "a.xlsx", || rows("<row r=\"1\"><c r=B1><v>1</v></c></row>")),
    case("xlsx: a million columns", "a.xlsx", || rows(&format!("<row>{}</row>", "<c><v>1</v></c>".repeat(500_000)))),
    case("xlsx: few cells far apart", "a.xlsx", || {
        rows(&(1..=100).map(|n| format!("<row r=\"{n}\"><c r=\"XFD{n}\"><v>1</v></c></row>")).collect::<String>())
    }),
    case("xlsx: a dimension that lies", "a.xlsx", || {
        let sheet = SHEET.replace("<sheetData>", "<dimension ref=\"A1:XFD1048576\"/><sheetData>");
        workbook(&[("worksheet", "sheet1.xml")], ONE, &[("xl/sheet1.xml", &sheet)])
    }),
    case("xlsx: merged areas beyond the sheet, and none", "a.xlsx", || {
        let merges = "<mergeCell ref=\"A1:XFD1048576\"/><mergeCell ref=\"B2:A1\"/><mergeCell ref=\"A1:ZZZ9999999\"/>";
        raw_xlsx("", &format!("<sheetData><row><c><v>1</v></c></row></sheetData><mergeCells>{merges}</mergeCells>"))
    }),
    case("xlsx: one long string in every cell", "a.xlsx", || {
        let strings = format!("<si><t>{}</t></si>", "长".repeat(30_000));
        raw_xlsx(&strings, &format!("<sheetData><row>{}</row></sheetData>", "<c t=\"s\"><v>0</v></c>".repeat(2_000)))
    }),
    case("xlsx: a cell longer than any", "a.xlsx", || {
        rows(&format!("<row><c t=\"str\"><v>{}</v></c></row>", "长".repeat(40_000)))
    }),
    case("xlsx: entities that multiply", "a.xlsx", || {
        let bomb = "<!DOCTYPE worksheet [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;\">]>";
        sheet_with(bomb, "<row><c t=\"str\"><v>&c;</v></c></row>")
    }),
    case("xlsx: an entity from a file", "a.xlsx", || {
        let external = "<!DOCTYPE worksheet [<!ENTITY secret SYSTEM \"file:///etc/passwd\">]>";
        sheet_with(external, "<row><c t=\"str\"><v>&secret;</v></c></row>")
    }),
    case("xlsx: text that was damaged before it was saved", "a.xlsx", || {
        rows(
            "<row><c><v>1</v></c></row><row><c/><c t=\"str\"><v>河南\u{FFFD}省</v></c><c t=\"str\"><v>锟斤拷</v></c></row>",
        )
    }),
    case("xlsx: XML that ends early", "a.xlsx", || {
        let sheet = &SHEET[..SHEET.len() - 20];
        workbook(&[("worksheet", "sheet1.xml")], ONE, &[("xl/sheet1.xml", sheet)])
    }),
    case("xlsx: XML whose tags cross", "a.xlsx", || sheet_with("", "<row><c><v>1</c></v></row>")),
    case("xlsx: XML that is not UTF-8", "a.xlsx", || {
        stored(b"<worksheet><sheetData><row><c t=\"str\"><v>\xBA\xD3</v></c></row></sheetData></worksheet>")
    }),
    case("xlsb: a binary workbook", "a.xlsb", || {
        zipped(&[("[Content_Types].xml", "<Types/>"), ("xl/workbook.bin", "")])
    }),
    case("ods: a cell that is repeated two thousand million times", "a.ods", || {
        ods_cell("", "table:number-columns-repeated=\"2147483648\" office:value-type=\"string\"", "长")
    }),
    case("ods: a row that is repeated two thousand million times", "a.ods", || {
        ods_cell("table:number-rows-repeated=\"2147483648\"", "office:value-type=\"string\"", "长")
    }),
    case("ods: wide rows that are repeated often", "a.ods", || {
        let row = "table:number-rows-repeated=\"1000000\"";
        ods_cell(row, "table:number-columns-repeated=\"16000\" office:value-type=\"string\"", "长")
    }),
    case("ods: repeated a negative number of times", "a.ods", || {
        ods_cell("", "table:number-columns-repeated=\"-1\"", "长")
    }),
    case("ods: empty cells without end", "a.ods", || {
        let empty = "<table:table-cell table:number-columns-repeated=\"4294967295\"/>";
        table(&format!("<table:table-row>{empty}{empty}</table:table-row>"))
    }),
    case("ods: formulas with and without values", "a.ods", || {
        let computed = "<table:table-cell table:formula=\"of:=1+1\" office:value-type=\"float\" office:value=\"2\"><text:p>2</text:p></table:table-cell>";
        table(&format!(
            "<table:table-row>{computed}<table:table-cell table:formula=\"of:=[.A1]*2\"/></table:table-row>"
        ))
    }),
    case("ods: with a password", "a.ods", || {
        let manifest = "<m><manifest:encryption-data/></m>";
        let kind = "application/vnd.oasis.opendocument.spreadsheet";
        zipped(&[("mimetype", kind), ("META-INF/manifest.xml", manifest), ("content.xml", "\u{1}")])
    }),
    case("ods: a hidden table", "a.ods", || {
        let style = "<style:style style:name=\"ta1\"><style:table-properties table:display=\"false\"/></style:style>";
        let row = "<table:table-row><table:table-cell><text:p>7</text:p></table:table-cell></table:table-row>";
        ods(&format!("{style}<table:table table:name=\"表\" table:style-name=\"ta1\">{row}</table:table>"))
    }),
    case("ods: the content is missing", "a.ods", || {
        zipped(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet")])
    }),
];
