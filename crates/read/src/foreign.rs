//! What is known by its first bytes and not read: each under the rule that has its way out.

use memchr::memmem;

use super::archive;
use vocab::rules::{DOCUMENT, FOREIGN_DATA, PACKED_OTHERWISE, Rule, UNKNOWN_FORMAT};
use vocab::{Said, said};

/// The first bytes of a file, the rule, and what the file is in Chinese and in English.
type Known = (&'static [u8], &'static Rule, &'static str, &'static str);

const KNOWN: &[Known] = &[
    (b"%PDF-", &DOCUMENT, "PDF 文档", "a PDF document"),
    (b"{\\rtf", &DOCUMENT, "RTF 文档", "an RTF document"),
    (b"\x89PNG", &DOCUMENT, "PNG 图片", "a PNG image"),
    (b"\xFF\xD8\xFF", &DOCUMENT, "JPEG 图片", "a JPEG image"),
    (b"GIF8", &DOCUMENT, "GIF 图片", "a GIF image"),
    (b"II*\0", &DOCUMENT, "TIFF 图片", "a TIFF image"),
    (b"MM\0*", &DOCUMENT, "TIFF 图片", "a TIFF image"),
    (b"Rar!\x1A\x07", &PACKED_OTHERWISE, "RAR 压缩包", "a RAR archive"),
    (b"7z\xBC\xAF\x27\x1C", &PACKED_OTHERWISE, "7z 压缩包", "a 7z archive"),
    (b"\xFD7zXZ\0", &PACKED_OTHERWISE, "xz 压缩文件", "an xz file"),
    (b"\x28\xB5\x2F\xFD", &PACKED_OTHERWISE, "zstd 压缩文件", "a zstd file"),
    (b"MSCF\0\0\0\0", &PACKED_OTHERWISE, "CAB 压缩包", "a CAB archive"),
    (b"\x1F\x9D", &PACKED_OTHERWISE, "compress（.Z）压缩文件", "a file of compress (.Z)"),
    (b"$FL2", &FOREIGN_DATA, "SPSS 数据文件", "an SPSS data file"),
    (b"$FL3", &FOREIGN_DATA, "SPSS 数据文件", "an SPSS data file"),
    (b"<stata_dta>", &FOREIGN_DATA, "Stata 数据文件", "a Stata data file"),
    (SAS, &FOREIGN_DATA, "SAS 数据文件", "a SAS data file"),
    (b"HEADER RECORD*******LIB", &FOREIGN_DATA, "SAS 传输文件", "a SAS transport file"),
    (b"RDX2\n", &FOREIGN_DATA, "R 数据文件", "an R data file"),
    (b"RDX3\n", &FOREIGN_DATA, "R 数据文件", "an R data file"),
    (b"X\n\0\0\0", &FOREIGN_DATA, "R 数据文件", "an R data file"),
    (b"\0\x01\0\0Standard Jet DB", &FOREIGN_DATA, "Access 数据库", "an Access database"),
    (b"\0\x01\0\0Standard ACE DB", &FOREIGN_DATA, "Access 数据库", "an Access database"),
    (b"SQLite format 3\0", &FOREIGN_DATA, "SQLite 数据库", "an SQLite database"),
    (b"ARROW1\0", &FOREIGN_DATA, "Arrow 文件", "an Arrow file"),
    (b"Obj\x01", &FOREIGN_DATA, "Avro 文件", "an Avro file"),
    (b"\x09\x00\x04\x00", &UNKNOWN_FORMAT, "Excel 2 工作表", "an Excel 2 worksheet"),
    (b"\x09\x02\x06\x00", &UNKNOWN_FORMAT, "Excel 3 工作表", "an Excel 3 worksheet"),
    (b"\x09\x04\x06\x00", &UNKNOWN_FORMAT, "Excel 4 工作表", "an Excel 4 worksheet"),
];

/// Where a data file of SAS begins, apart from what differs between versions.
const SAS: &[u8] = b"\0\0\0\0\0\0\0\0\0\0\0\0\xC2\xEA\x81\x60\xB3\x14\x11\xCF\xBD\x92\x08\x00";

/// What a file is, if it is known and not read, and the rule that says so.
pub(super) fn named(bytes: &[u8]) -> Option<(&'static Rule, Said)> {
    if let Some((_, rule, zh, en)) = KNOWN.iter().find(|(magic, ..)| bytes.starts_with(magic)) {
        return Some((rule, Said::new(*zh, *en)));
    }
    match bytes {
        [b'B', b'Z', b'h', b'1'..=b'9', b'1', b'A', b'Y', ..] => {
            Some((&PACKED_OTHERWISE, said!("bzip2 压缩文件", "a bzip2 file")))
        }
        [_, _, b'-', b'l', b'h' | b'z', _, b'-', ..] => {
            Some((&PACKED_OTHERWISE, said!("LZH 压缩包", "an LZH archive")))
        }
        // The version, the order of bytes, and a mark that is always the same.
        [0x66..=0x73, 1 | 2, 1, 0, ..] => Some((&FOREIGN_DATA, said!("Stata 数据文件", "a Stata data file"))),
        _ if is_portable(bytes) => Some((&FOREIGN_DATA, said!("SPSS 可移植数据文件", "a portable SPSS file"))),
        _ if archive::is_tar(bytes) => Some((&PACKED_OTHERWISE, said!("tar 压缩包", "a tar archive"))),
        _ => None,
    }
}

/// Whether a portable file of SPSS says so, in the first lines, in the one of several alphabets that is ASCII.
fn is_portable(bytes: &[u8]) -> bool {
    const HEAD: usize = 400;
    memmem::find(bytes.get(..HEAD).unwrap_or(bytes), b"ASCII SPSS PORT FILE").is_some()
}
