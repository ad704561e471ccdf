//! A workbook in a zip archive: its parts, inflated whole and under a common limit, whatever sizes they declare.

use std::collections::BTreeMap;
use std::io::Read;

use zip::result::ZipError;

use super::archive::{self, Zip};
use super::context::{Context, Outcome};
use super::format::Format;
use super::unreadable;
use vocab::rules::{DOCUMENT, ENCRYPTED, Rule, UNDECODABLE, UNKNOWN_FORMAT};
use vocab::{Problem, Said, said};

/// The largest part for which room is made before its bytes come.
const BELIEVED: usize = 16 << 20;

/// More entries than any workbook has.
const MOST_ENTRIES: usize = 1 << 16;

/// An open archive.
pub(super) struct Package<'a> {
    pub context: &'a Context<'a>,
    archive: Zip<'a>,
    /// Entries by name, as writers mean it: case and the direction of slashes do not count.
    names: BTreeMap<String, usize>,
    bytes: &'a [u8],
    /// Bytes inflated so far.
    inflated: usize,
}

impl<'a> Package<'a> {
    pub fn open(context: &'a Context<'a>, bytes: &'a [u8]) -> Outcome<Self> {
        let archive = archive::open_zip(context, bytes, MOST_ENTRIES)?;
        if archive.has_duplicate_names() {
            let what = said!("zip 压缩包中有两个同名条目", "two entries of the zip archive have one name");
            return Err(context.damaged(what));
        }
        let mut names = BTreeMap::new();
        for index in 0..archive.len() {
            // A name that is not UTF-8 belongs to no part of a workbook.
            if let Some(Ok(name)) = archive.name_for_index(index)
                && names.insert(normal(&name), index).is_some()
            {
                return Err(context.damaged(said!("有两个部分都叫 {name}", "two parts are called {name}")));
            }
        }
        Ok(Package { context, archive, names, bytes, inflated: 0 })
    }

    /// Which format the archive is.
    pub fn format(&mut self) -> Outcome<Format> {
        const SPREADSHEET: &str = "application/vnd.oasis.opendocument.spreadsheet";
        let context = self.context;
        let refused = |rule: &'static Rule, what: Said| Err(context.problem(rule).said(what));
        if self.has("[Content_Types].xml") {
            return if self.has("xl/workbook.bin") {
                refused(&UNKNOWN_FORMAT, said!("Excel 二进制工作簿（xlsb）", "an Excel binary workbook (xlsb)"))
            } else if self.has_below("word/") {
                refused(&DOCUMENT, said!("Word 文档", "a Word document"))
            } else if self.has_below("ppt/") {
                refused(&DOCUMENT, said!("PowerPoint 演示文稿", "a PowerPoint presentation"))
            } else {
                Ok(Format::Xlsx)
            };
        }
        match self.part("mimetype")? {
            Some(mimetype) if mimetype.trim().starts_with(SPREADSHEET) => Ok(Format::Ods),
            Some(_) => {
                let what = said!("不是电子表格的 OpenDocument 文件", "an OpenDocument file that is no spreadsheet");
                refused(&DOCUMENT, what)
            }
            None if self.has("OFD.xml") => refused(&DOCUMENT, said!("OFD 文档", "an OFD document")),
            None if self.has("content.xml") && self.has("META-INF/manifest.xml") => Ok(Format::Ods),
            None => {
                let count = self.archive.len();
                refused(&UNKNOWN_FORMAT, said!("含 {count} 个条目的 zip 压缩包", "a zip archive of {count} entries"))
            }
        }
    }

    /// Whether there is a part of this name.
    pub fn has(&self, name: &str) -> bool {
        self.names.contains_key(&normal(name))
    }

    fn has_below(&self, folder: &str) -> bool {
        self.names.range(folder.to_owned()..).next().is_some_and(|(name, _)| name.starts_with(folder))
    }

    /// A part's text, if there is such a part.
    pub fn part(&mut self, name: &str) -> Outcome<Option<String>> {
        let Some(index) = self.names.get(&normal(name)).copied() else { return Ok(None) };
        let context = self.context;
        let entry = self.archive.by_index(index).map_err(|error| refusal(context, name, &error))?;
        if local_name(self.bytes, entry.header_start()) != Some(entry.name_raw()) {
            return Err(context.damaged(said!(
                "{name}：压缩包目录与该部分自身所写名称不同",
                "{name}: the archive's list and the part itself name it differently"
            )));
        }
        // A size is only believed as far as memory comes with the bytes.
        let declared = usize::try_from(entry.size()).unwrap_or(0);
        // One byte more than allowed tells a part that is too large from one that just fits.
        let allowed = context.most_from(self.bytes.len()).saturating_sub(self.inflated).saturating_add(1);
        let mut bytes = Vec::with_capacity(declared.min(allowed).min(BELIEVED));
        let mut entry = entry.take(u64::try_from(allowed).unwrap_or(u64::MAX));
        entry.read_to_end(&mut bytes).map_err(|error| {
            let why = unreadable::content(&error);
            context.damaged(said!("{name}：{why}", "{name}: {why}"; why))
        })?;
        self.inflated += bytes.len();
        context.expanded(self.inflated, self.bytes.len())?;
        decode(context, name, bytes).map(Some)
    }

    /// The text of a part without which the workbook is damaged.
    pub fn needed(&mut self, name: &str) -> Outcome<String> {
        self.part(name)?.ok_or_else(|| self.context.damaged(said!("缺少 {name}", "{name} is missing")))
    }
}

/// The parts of workbooks are UTF-8, or by the letter of the standard UTF-16 with a byte order mark.
fn decode(context: &Context<'_>, name: &str, bytes: Vec<u8>) -> Outcome<String> {
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return super::decode::decode(context, &bytes).map(|decoded| decoded.text.into_owned());
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_owned(),
            None => text,
        }),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let what = said!("{name} 第 {at} 字节：不是 utf-8", "{name}, byte {at}: not utf-8");
            Err(context.problem(&UNDECODABLE).said(what))
        }
    }
}

/// The name that stands before an entry's own data.
fn local_name(bytes: &[u8], start: u64) -> Option<&[u8]> {
    const FIXED: usize = 30;
    let header = bytes.get(usize::try_from(start).ok()?..)?;
    let (fixed, rest) = header.split_at_checked(FIXED)?;
    let len = u16::from_le_bytes([*fixed.get(26)?, *fixed.get(27)?]);
    rest.get(..usize::from(len))
}

fn refusal(context: &Context<'_>, name: &str, error: &ZipError) -> Problem {
    match error {
        ZipError::UnsupportedArchive(why) if *why == ZipError::PASSWORD_REQUIRED => {
            let how = said!("带密码的 zip 压缩包：本程序不支持", "a zip archive with a password: not known here");
            context.problem(&ENCRYPTED).said(how)
        }
        error => {
            let why = unreadable::zip(error);
            context.damaged(said!("{name}：{why}", "{name}: {why}"; why))
        }
    }
}

fn normal(name: &str) -> String {
    name.trim_start_matches(['/', '\\']).replace('\\', "/").to_ascii_lowercase()
}
