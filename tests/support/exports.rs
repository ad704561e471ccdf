//! Exports made by hand, byte by byte where a library would refuse: good ones to read, and parts of bad ones.

use std::io::{Cursor, Write};

use rust_xlsxwriter::Workbook;

/// Text in GB18030.
pub fn gb18030(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

/// A zip archive of these parts.
pub fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a part");
        archive.write_all(content.as_bytes()).expect("its content");
    }
    archive.finish().expect("an archive").into_inner()
}

/// An Office Open XML workbook as a library writes it.
pub fn xlsx(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(&mut workbook);
    workbook.save_to_buffer().expect("a workbook")
}

/// An OpenDocument spreadsheet with this content.
pub fn ods(table: &str) -> Vec<u8> {
    let content = format!(
        "<o:doc xmlns:office=\"office\" xmlns:o=\"office\" xmlns:table=\"table\" xmlns:text=\"text\" xmlns:style=\"style\">{table}</o:doc>"
    );
    zipped(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &content)])
}

/// A worksheet of an Office Open XML workbook written by hand, its string table and its merges included.
pub fn raw_xlsx(strings: &str, sheet: &str) -> Vec<u8> {
    let relation = |kind: &str, target: &str| {
        format!("<Relationship Id=\"{kind}\" Type=\"http://x/{kind}\" Target=\"{target}\"/>")
    };
    zipped(&[
        ("[Content_Types].xml", "<Types/>"),
        ("_rels/.rels", &format!("<Relationships>{}</Relationships>", relation("officeDocument", "xl/workbook.xml"))),
        (
            "xl/_rels/workbook.xml.rels",
            &format!(
                "<Relationships>{}{}</Relationships>",
                relation("worksheet", "worksheets/sheet1.xml"),
                relation("sharedStrings", "/xl/sharedStrings.xml")
            ),
        ),
        (
            "xl/workbook.xml",
            "<workbook xmlns:r=\"r\"><sheets><sheet name=\"表\" r:id=\"worksheet\"/></sheets></workbook>",
        ),
        ("xl/sharedStrings.xml", &format!("<sst uniqueCount=\"99999999999999\">{strings}</sst>")),
        ("xl/worksheets/sheet1.xml", &format!("<worksheet><dimension ref=\"B2:A1\"/>{sheet}</worksheet>")),
    ])
}

/// A record of an old Excel workbook.
pub fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let len = u16::try_from(data.len()).expect("a short record");
    [&kind.to_le_bytes(), &len.to_le_bytes(), data].concat()
}

/// A string of BIFF8 behind its length of two bytes.
pub fn unicode(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut bytes = u16::try_from(units.len()).expect("a short string").to_le_bytes().to_vec();
    bytes.push(1);
    bytes.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    bytes
}

/// Row, column and style of a cell record, with what follows them.
pub fn at(row: u16, column: u16, style: u16, rest: &[u8]) -> Vec<u8> {
    [&row.to_le_bytes(), &column.to_le_bytes(), &style.to_le_bytes(), rest].concat()
}

/// An old Excel workbook with one sheet `S` of `version`, from the records in front of it and its own.
pub fn xls(version: u16, globals: &[Vec<u8>], cells: &[Vec<u8>]) -> Vec<u8> {
    let stream = records(version, globals, cells, 0);
    compound(if version == 0x0600 { "Workbook" } else { "Book" }, stream)
}

/// The records of such a workbook; its sheet is as visible as `visibility` says.
pub fn records(version: u16, globals: &[Vec<u8>], cells: &[Vec<u8>], visibility: u8) -> Vec<u8> {
    let bof = |kind: u16| record(0x0809, &[version.to_le_bytes(), kind.to_le_bytes(), [0; 2], [0; 2]].concat());
    let end = record(0x000A, &[]);
    let name: &[u8] = if version == 0x0600 { &[1, 0, b'S'] } else { &[1, b'S'] };
    let before: usize = bof(5).len() + globals.concat().len() + 4 + 6 + name.len() + end.len();
    let start = u32::try_from(before).expect("a short stream").to_le_bytes();
    let bound = record(0x0085, &[&start[..], &[visibility, 0], name].concat());
    [bof(5), globals.concat(), bound, end.clone(), bof(0x10), cells.concat(), end].concat()
}

/// A compound file with one stream.
pub fn compound(name: &str, stream: Vec<u8>) -> Vec<u8> {
    compound_of(&[(name, stream)])
}

/// A compound file: the header, the sector table, the directory, the streams, each filled up to where it is no small one.
pub fn compound_of(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    const END: u32 = 0xFFFF_FFFE;
    let mut header = vec![0u8; 512];
    header[..8].copy_from_slice(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    let mut set = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    set(26, &[3, 0, 0xFE, 0xFF, 9, 0, 6, 0]);
    set(48, &1u32.to_le_bytes());
    set(60, &END.to_le_bytes());
    set(68, &END.to_le_bytes());
    set(76, &[0xFF; 436]);
    set(76, &0u32.to_le_bytes());
    let entry = |name: &str, kind: u8, first: u32, len: usize| {
        let mut entry = vec![0u8; 128];
        for (at, unit) in name.encode_utf16().enumerate() {
            entry[2 * at..2 * at + 2].copy_from_slice(&unit.to_le_bytes());
        }
        entry[64] = u8::try_from(2 * name.len() + 2).expect("a short name");
        entry[66] = kind;
        entry[68..80].fill(0xFF);
        entry[116..120].copy_from_slice(&first.to_le_bytes());
        entry[120..124].copy_from_slice(&u32::try_from(len).expect("a short stream").to_le_bytes());
        entry
    };
    let mut table: Vec<u32> = vec![0xFFFF_FFFD, END];
    let mut directory = entry("Root Entry", 5, END, 0);
    directory[76..80].copy_from_slice(&1u32.to_le_bytes());
    let mut content = Vec::new();
    for (number, (name, stream)) in (1u32..).zip(streams) {
        let mut stream = stream.clone();
        stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
        let first = u32::try_from(table.len()).expect("a short table");
        let last = first + u32::try_from(stream.len() / 512).expect("a short stream") - 1;
        table.extend((first..=last).map(|sector| if sector == last { END } else { sector + 1 }));
        let mut entry = entry(name, 2, first, stream.len());
        if (number as usize) < streams.len() {
            entry[72..76].copy_from_slice(&(number + 1).to_le_bytes());
        }
        directory.extend(entry);
        content.extend(stream);
    }
    assert!(table.len() <= 128 && directory.len() <= 512, "one sector for each table is enough for tests");
    table.resize(128, 0xFFFF_FFFF);
    directory.resize(512, 0);
    let table: Vec<u8> = table.iter().flat_map(|n| n.to_le_bytes()).collect();
    [header, table, directory, content].concat()
}
