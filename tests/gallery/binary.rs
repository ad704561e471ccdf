//! The binary half: workbooks.

use super::{Case, case, check};
use crate::support::exports::{at, compound, compound_of, gb18030, record, records, unicode, xls};

#[test]
fn the_binary_half_gives_what_it_says() {
    check("binary", CASES);
}

/// A workbook whose stream another tool has encrypted.
macro_rules! sealed {
    ($name:literal) => {
        || compound("Workbook", include_bytes!(concat!("parts/", $name, ".Workbook")).to_vec())
    };
    ($info:literal, $package:literal) => {
        || {
            let info = include_bytes!(concat!("parts/", $info, ".EncryptionInfo")).to_vec();
            let package = include_bytes!(concat!("parts/", $package, ".EncryptedPackage")).to_vec();
            compound_of(&[("EncryptionInfo", info), ("EncryptedPackage", package)])
        }
    };
}

/// A label of Excel 5, in bytes.
fn label(row: u16, column: u16, text: &[u8]) -> Vec<u8> {
    let len = u16::try_from(text.len()).expect("a short string").to_le_bytes();
    record(0x0204, &at(row, column, 0, &[&len, text].concat()))
}

/// A number.
fn number(row: u16, column: u16, value: f64) -> Vec<u8> {
    record(0x0203, &at(row, column, 0, &value.to_le_bytes()))
}

/// A workbook of Excel 5 or 95 that names this code page, with these labels and a number.
fn excel5(page: Option<u16>, labels: &[&[u8]]) -> Vec<u8> {
    let page = page.map(|page| record(0x0042, &page.to_le_bytes()));
    let mut cells: Vec<Vec<u8>> = (0..).zip(labels).map(|(row, text)| label(row, 0, text)).collect();
    cells.push(number(0, 1, 55_146.25));
    xls(0x0500, page.as_slice(), &cells)
}

/// The records that are a workbook, out of their compound file.
fn bare(workbook: &[u8]) -> Vec<u8> {
    workbook[1536..].to_vec()
}

/// A formula whose result is this.
fn formula(row: u16, column: u16, result: [u8; 8]) -> Vec<u8> {
    // What follows the result: two bytes of options, four unused, and the length of no tokens.
    record(0x0006, &at(row, column, 0, &[&result[..], &[0; 8]].concat()))
}

/// A small table, its labels written by `string`.
fn table(string: impl Fn(&str) -> Vec<u8>) -> Vec<Vec<u8>> {
    let label = |row, column, text: &str| record(0x0204, &at(row, column, 0, &string(text)));
    vec![
        label(0, 0, "地区"),
        label(0, 1, "增加值（万元）"),
        label(1, 0, "郑州市"),
        number(1, 1, 1234.5),
        label(2, 0, "开封市"),
    ]
}

fn excel5_of_all_kinds() -> Vec<u8> {
    let rk = |value: i32| (((value << 2) | 2) as u32).to_le_bytes();
    let globals = [
        record(0x0042, &936u16.to_le_bytes()),
        record(0x041E, &[&164u16.to_le_bytes()[..], &[13], &gb18030("yyyy\"年\"m\"月\"")].concat()),
        record(0x00E0, &[0; 16]),
        record(0x00E0, &[&[0u8, 0][..], &164u16.to_le_bytes(), &[0; 12]].concat()),
    ];
    let rich = gb18030("合计");
    let cells = [
        label(0, 0, &gb18030("地区")),
        record(0x00D6, &at(0, 1, 0, &[&[4, 0][..], &rich, &[1, 2, 0]].concat())),
        record(0x0203, &at(1, 0, 1, &43_252f64.to_le_bytes())),
        record(0x027E, &at(1, 1, 0, &rk(-12))),
        record(0x00BD, &[&[2, 0, 0, 0, 0, 0][..], &rk(7), &[0, 0], &rk(8), &[1, 0]].concat()),
        record(0x00BE, &[3, 0, 0, 0, 0, 0, 0, 0, 1, 0]),
        record(0x0205, &at(4, 0, 0, &[1, 0])),
        record(0x0205, &at(4, 1, 0, &[0x07, 1])),
        formula(5, 0, [0, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
        record(0x0207, &[&[4, 0][..], &gb18030("河南")].concat()),
        formula(5, 1, 2.5f64.to_le_bytes()),
        formula(6, 0, [1, 0, 1, 0, 0, 0, 0xFF, 0xFF]),
        formula(6, 1, [2, 0, 0x2A, 0, 0, 0, 0xFF, 0xFF]),
    ];
    xls(0x0500, &globals, &cells)
}

const CASES: &[Case] = &[
    case("Excel 5: every kind of cell", "a.xls", excel5_of_all_kinds),
    case("Excel 5: the code page is GBK", "a.xls", || excel5(Some(936), &[&gb18030("河南省"), &gb18030("镕")])),
    case("Excel 5: the code page says 1252, the text is Chinese", "a.xls", || {
        excel5(Some(1252), &[&gb18030("河南省"), &gb18030("朱镕基")])
    }),
    case("Excel 5: the code page says 1252, and it is", "a.xls", || excel5(Some(1252), &[b"Z\xFCrich", b"\xE9tat"])),
    case("Excel 5: no code page, the text is Chinese", "a.xls", || excel5(None, &[&gb18030("河南省")])),
    case("Excel 5: no code page, the text is not Chinese", "a.xls", || excel5(None, &[b"Z\xFCrich \xE4"])),
    case("Excel 5: a code page that is not known", "a.xls", || excel5(Some(708), &[b"Z\xFCrich \xE4"])),
    case("Excel 5: text that is not in its code page", "a.xls", || excel5(Some(936), &[b"abc", b"\xFF\xFF"])),
    case("Excel 5: bytes to which the code page gives no character", "a.xls", || excel5(Some(1252), &[b"a\x81 "])),
    case("Excel 5: without a compound file", "a.xls", || bare(&excel5(Some(936), &[&gb18030("河南省")]))),
    case("Excel 97: without a compound file", "a.xls", || bare(&xls(0x0600, &[], &[number(0, 0, 1.0)]))),
    case("Excel 97: a code page that lies says nothing", "a.xls", || {
        xls(0x0600, &[record(0x0042, &1252u16.to_le_bytes())], &[record(0x0204, &at(0, 0, 0, &unicode("河南省")))])
    }),
    case("Excel 97: a formula whose text does not follow", "a.xls", || {
        xls(0x0600, &[], &[number(0, 0, 1.0), formula(0, 1, [0, 0, 0, 0, 0, 0, 0xFF, 0xFF]), number(0, 2, 3.0)])
    }),
    case("Excel 97: a hidden sheet", "a.xls", || compound("Workbook", records(0x0600, &[], &table(unicode), 1))),
    case("Excel 97: a table with a formula without a value", "a.xls", || {
        xls(0x0600, &[], &[table(unicode), vec![formula(2, 1, [0, 0, 0, 0, 0, 0, 0xFF, 0xFF])]].concat())
    }),
    case("Excel 5: a table whose code page lies", "a.xls", || {
        let bytes = |text: &str| {
            let text = gb18030(text);
            [&u16::try_from(text.len()).expect("short").to_le_bytes()[..], &text].concat()
        };
        xls(0x0500, &[record(0x0042, &1252u16.to_le_bytes())], &table(bytes))
    }),
    case("Excel 97: the same cell twice", "a.xls", || xls(0x0600, &[], &[number(3, 2, 1.0), number(3, 2, 2.0)])),
    case("the default password, RC4", "a.xls", sealed!("rc4")),
    case("the default password, RC4 CryptoAPI, 40 bits", "a.xls", sealed!("cryptoapi-40")),
    case("the default password, RC4 CryptoAPI, 128 bits", "a.xls", sealed!("cryptoapi-128")),
    case("the default password, XOR", "a.xls", sealed!("xor")),
    case("the default password, standard AES, 128 bits", "a.xlsx", sealed!("standard-128", "standard-128")),
    case("the default password, standard AES, 256 bits", "a.xlsx", sealed!("standard-256", "standard-256")),
    case("the default password, agile AES", "a.xlsx", sealed!("agile-256", "agile-256")),
    case("another password, RC4", "a.xls", sealed!("rc4-other")),
    case("another password, RC4 CryptoAPI", "a.xls", sealed!("cryptoapi-other")),
    case("another password, XOR", "a.xls", sealed!("xor-other")),
    case("another password, standard AES", "a.xlsx", sealed!("standard-other", "standard-128")),
    case("another password, agile AES", "a.xlsx", sealed!("agile-other", "agile-256")),
];
