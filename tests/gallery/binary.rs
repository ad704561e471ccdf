//! Old workbooks: records in a compound file, and encrypted ones.

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

/// A workbook in which nothing is wrong: its compound file has a header, a sector table, a directory, and the stream.
fn good() -> Vec<u8> {
    xls(0x0600, &[], &table(unicode))
}

/// The same with other bytes from `at` on.
fn patched(at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = good();
    file[at..at + bytes.len()].copy_from_slice(bytes);
    file
}

/// The same with a sheet that is said to start elsewhere.
fn bound_to(start: &[u8; 4]) -> Vec<u8> {
    // Behind the compound file's tables come the record of the workbook's beginning and the head of the sheet's.
    patched(1536 + 12 + 4, start)
}

/// A cell that refers to a shared string.
fn shared(row: u16, index: u32) -> Vec<u8> {
    record(0x00FD, &at(row, 0, 0, &index.to_le_bytes()))
}

/// Strings that are cut anywhere by the end of a record, some of them of another width behind it.
fn long_string_table() -> Vec<u8> {
    let strings: Vec<String> = (0..300).map(|n| format!("第{n}号企业，河南省郑州市")).collect();
    let (mut records, mut data) = (Vec::new(), vec![0; 8]);
    let mut kind = 0x00FC;
    for string in &strings {
        data.extend(&unicode(string)[..3]);
        for unit in string.encode_utf16() {
            if data.len() + 2 > 500 {
                records.push(record(std::mem::replace(&mut kind, 0x003C), &std::mem::replace(&mut data, vec![1])));
            }
            data.extend(unit.to_le_bytes());
        }
    }
    records.push(record(kind, &data));
    xls(0x0600, &records, &[shared(0, 0), shared(1, 149), shared(2, 299)])
}

pub const CASES: &[Case] = &[
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
    case("compound file: only its first bytes", "a.xls", || good()[..8].to_vec()),
    case("compound file: only its header", "a.xls", || good()[..512].to_vec()),
    case("compound file: cut behind its sector table", "a.xls", || good()[..1024].to_vec()),
    case("compound file: cut inside its directory", "a.xls", || good()[..1200].to_vec()),
    case("compound file: cut inside the workbook", "a.xls", || good()[..1700].to_vec()),
    case("compound file: sectors of no known size", "a.xls", || patched(30, &[30, 0])),
    case("compound file: the stream runs in circles", "a.xls", || patched(512 + 3 * 4, &[2, 0, 0, 0])),
    case("compound file: the stream leads outside", "a.xls", || patched(512 + 3 * 4, &[0xFF, 0xFF, 0, 0])),
    case("compound file: the directory runs in circles", "a.xls", || patched(512 + 4, &[1, 0, 0, 0])),
    case("compound file: the directory leads outside", "a.xls", || patched(48, &[0xFF, 0xFF, 0xFF, 0x7F])),
    case("compound file: the list of tables runs in circles", "a.xls", || {
        // The header's list goes on in a sector that lists tables without end, and goes on in itself.
        let mut file = patched(68, &[10, 0, 0, 0]);
        file.resize(512 * 12, 0);
        file[512 * 11 + 508..].copy_from_slice(&[10, 0, 0, 0]);
        file
    }),
    case("compound file: small sectors run in circles", "a.xls", || {
        // The stream is small by its length; the root's own stream and its table are the workbook's sectors.
        let mut file = patched(1024 + 128 + 120, &[0, 8, 0, 0]);
        file[60..64].copy_from_slice(&[2, 0, 0, 0]);
        file[1024 + 116..1024 + 124].copy_from_slice(&[2, 0, 0, 0, 0, 16, 0, 0]);
        file[1536..2048].copy_from_slice(&[0; 512]);
        file
    }),
    case("compound file: the stream is longer than its sectors", "a.xls", || patched(1024 + 128 + 120, &[0, 0, 1, 0])),
    case("compound file: the stream is shorter than its records", "a.xls", || {
        let mut file = long_string_table();
        file[1024 + 128 + 120..1024 + 128 + 122].copy_from_slice(&5000u16.to_le_bytes());
        file
    }),
    case("compound file: names without end", "a.xls", || patched(1024 + 128 + 64, &[0xFF, 0xFF])),
    case("compound file: the directory is no tree", "a.xls", || patched(1024 + 76, &[0xFE, 0xFF, 0xFF, 0x7F])),
    case("compound file: no workbook in it", "a.xls", || compound("Contents", vec![1; 4096])),
    case("compound file: a document with a workbook in it", "a.doc", || {
        let mut file = compound_of(&[("WordDocument", vec![1; 4096]), ("Workbook", vec![2; 4096])]);
        // The first stream has no neighbour: the second stands in a storage of its own.
        file[1024 + 128 + 72..1024 + 128 + 76].fill(0xFF);
        file
    }),
    case("Excel 4 in a compound file", "a.xls", || compound("Book", record(0x0809, &[0, 4, 0x10, 0, 0, 0, 0, 0]))),
    case("Excel 2, by itself", "a.xls", || vec![9, 0, 4, 0, 2, 0, 0x10, 0, 10, 0, 0, 0]),
    case("Excel 97: a stream that begins with something else", "a.xls", || {
        compound("Workbook", record(0x0203, &[0; 14]))
    }),
    case("Excel 97: a sheet beyond the end", "a.xls", || bound_to(&[0xFF, 0xFF, 0xFF, 0x7F])),
    case("Excel 97: a sheet that is the workbook itself", "a.xls", || bound_to(&[0, 0, 0, 0])),
    case("Excel 97: more strings promised than there are", "a.xls", || {
        xls(0x0600, &[record(0x00FC, &[&[0xFF; 8][..], &unicode("甲")].concat())], &[shared(0, 0), shared(1, 1)])
    }),
    case("Excel 97: a string table that breaks off", "a.xls", || {
        xls(
            0x0600,
            &[record(0x00FC, &[&[1, 0, 0, 0, 1, 0, 0, 0][..], &[0xFF, 0x7F, 1, b'a']].concat())],
            &[shared(0, 0)],
        )
    }),
    case("Excel 97: a string table over many records", "a.xls", long_string_table),
    case("Excel 97: half a character", "a.xls", || {
        xls(0x0600, &[], &[record(0x0204, &at(0, 0, 0, &[1, 0, 1, 0x00, 0xD8]))])
    }),
    case("Excel 97: a record that is too short", "a.xls", || xls(0x0600, &[], &[record(0x0203, &[0; 5])])),
    case("Excel 97: a record longer than the stream", "a.xls", || xls(0x0600, &[], &[vec![3, 2, 0xFF, 0xFF]])),
    case("Excel 97: an endless row of numbers", "a.xls", || {
        let data: Vec<u8> =
            [0, 0, 0xF0, 0xFF].into_iter().chain((0..6 * 1000).map(|n| n as u8)).chain([0, 0]).collect();
        xls(0x0600, &[], &[record(0x00BD, &data)])
    }),
    case("Excel 97: dates of 1904", "a.xls", || {
        let date = record(0x00E0, &[&[0u8, 0, 14, 0][..], &[0; 16]].concat());
        xls(0x0600, &[record(0x0022, &[1, 0]), date], &[number(0, 0, 41_424.0)])
    }),
    case("Excel 97: numbers that are none", "a.xls", || {
        xls(
            0x0600,
            &[],
            &[number(0, 0, f64::NAN), number(0, 1, f64::INFINITY), number(0, 2, -0.0), number(0, 3, 1e300)],
        )
    }),
    case("Excel 97: no cell at all", "a.xls", || xls(0x0600, &[], &[])),
    case("Excel 97: charts within a sheet", "a.xls", || {
        let bof = record(0x0809, &[0, 6, 0x20, 0, 0, 0, 0, 0]);
        xls(0x0600, &[], &[number(0, 0, 1.0), bof, number(0, 0, 2.0), record(0x000A, &[]), number(1, 0, 3.0)])
    }),
    case("Excel 97: a merged area beyond the sheet", "a.xls", || {
        xls(0x0600, &[], &[number(0, 0, 1.0), record(0x00E5, &[1, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF])])
    }),
    case("encrypted: what is said of it is too short", "a.xls", || {
        xls(0x0600, &[record(0x002F, &[1, 0, 1, 0, 1, 0, 7])], &[])
    }),
    case("encrypted: a scheme that is not known", "a.xls", || xls(0x0600, &[record(0x002F, &[1, 0, 9, 0, 9, 0])], &[])),
    case("encrypted: a package without a word on how", "a.xlsx", || compound("EncryptedPackage", vec![0; 4096])),
    case("encrypted: a million turns of hashing", "a.xlsx", || {
        let (version, xml) = include_bytes!("parts/agile-256.EncryptionInfo").split_at(8);
        let xml = String::from_utf8_lossy(xml).replace("\"1000\"", "\"10000000\"");
        let package = include_bytes!("parts/agile-256.EncryptedPackage").to_vec();
        let info = [version, xml.as_bytes()].concat();
        compound_of(&[("EncryptionInfo", info), ("EncryptedPackage", package)])
    }),
    case("encrypted: the package is cut short", "a.xlsx", || {
        let info = include_bytes!("parts/standard-128.EncryptionInfo").to_vec();
        compound_of(&[("EncryptionInfo", info), ("EncryptedPackage", vec![0xFF; 16])])
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
