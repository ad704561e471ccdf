//! The head of a table: what it holds, and where its fields are in a record.

use std::borrow::Cow;

use super::text::Text;
use crate::bytes::Bytes;
use crate::context::{Context, Outcome};
use crate::limits::Counted;
use vocab::rules::UNKNOWN_FORMAT;
use vocab::said;

/// What stands before the descriptions of the fields, and the length of each of these.
const HEAD: usize = 32;
/// The byte behind the last description.
const END: u8 = 0x0D;

/// Versions that are laid out alike: dBASE III and IV, FoxBASE, FoxPro and Visual FoxPro, with and without memos.
const VERSIONS: [u8; 12] = [0x02, 0x03, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8B, 0xCB, 0xF5, 0xFB];
/// Those of Visual FoxPro, in which some letters mean other types.
const FOXPRO: [u8; 3] = [0x30, 0x31, 0x32];

/// Whether `bytes` begin like a table: version, a day that can be, reserved zeros, and a field of a known type.
pub(crate) fn is_table(bytes: &[u8]) -> bool {
    let Some(head) = bytes.first_chunk::<{ HEAD * 2 }>() else { return false };
    let [version, _, month, day, ..] = *head;
    let header_len = usize::from(u16::from_le_bytes([head[8], head[9]]));
    VERSIONS.contains(&version)
        && month <= 12
        && day <= 31
        && head[12..14] == [0, 0]
        && header_len > HEAD
        && (b"CNFDLMGPIBYTVQW0".contains(&head[43]) || head[32] == END)
}

/// A column as it is described.
pub(super) struct Field<'a> {
    pub name: &'a [u8],
    /// Its type, a letter.
    pub kind: u8,
    /// Whether the table is one of Visual FoxPro.
    pub is_foxpro: bool,
    /// Where it begins in a record.
    at: usize,
    pub len: usize,
    /// The bit that says that a value is missing.
    null: Option<usize>,
    /// The bit that says that a text is shorter than its field, its length in the last byte.
    short: Option<usize>,
}

impl Field<'_> {
    /// Bytes that a name may take.
    const LONGEST_NAME: usize = 10;

    /// Whether its name may go on beyond them.
    pub fn has_full_name(&self) -> bool {
        self.name.len() >= Self::LONGEST_NAME
    }

    /// Its name; half a character at the end of a full one is left out.
    pub fn name_in(&self, text: &Text) -> Option<Cow<'_, str>> {
        text.decode(self.name, self.has_full_name()).map(|(name, _)| name)
    }

    /// Its bytes in a record; none where the value is missing.
    pub fn cell<'r>(&self, record: &'r [u8], nulls: &Nulls<'_>) -> &'r [u8] {
        if self.null.is_some_and(|bit| nulls.has(bit)) {
            return &[];
        }
        let cell = record.get(self.at..self.at + self.len).unwrap_or_default();
        match cell.split_last() {
            Some((len, text)) if self.short.is_some_and(|bit| nulls.has(bit)) => {
                text.get(..usize::from(*len)).unwrap_or(text)
            }
            _ => cell,
        }
    }
}

/// The bits of a record that say which values are missing.
pub(super) struct Nulls<'r>(&'r [u8]);

impl Nulls<'_> {
    fn has(&self, bit: usize) -> bool {
        self.0.get(bit / 8).is_some_and(|byte| byte >> (bit % 8) & 1 == 1)
    }
}

/// A table with its records still in bytes.
pub(super) struct Table<'a> {
    pub fields: Vec<Field<'a>>,
    /// The number that stands for its code page; zero where none is named.
    pub language: u8,
    records: &'a [u8],
    record_len: usize,
    /// Where the bits for missing values are in a record.
    nulls: Option<(usize, usize)>,
}

impl<'a> Table<'a> {
    pub fn open(context: &Context<'_>, bytes: &'a [u8]) -> Outcome<Self> {
        let short = || context.cut_off(said!("dbf：文件头不完整", "dbf: its header is incomplete"));
        let mut head = Bytes(bytes);
        let version = head.u8().ok_or_else(short)?;
        head.take(3).ok_or_else(short)?;
        let count = head.u32().ok_or_else(short)? as usize;
        let header_len = usize::from(head.u16().ok_or_else(short)?);
        let record_len = usize::from(head.u16().ok_or_else(short)?);
        let language = *bytes.get(29).ok_or_else(short)?;
        let header = bytes.get(HEAD..header_len).ok_or_else(short)?;
        let (mut fields, mut at) = (Vec::new(), 1);
        let is_foxpro = FOXPRO.contains(&version);
        let (mut bits, mut nulls) = (0, None);
        let is_wide = has_wide_fields(header, record_len);
        for described in described(header) {
            let mut field = field(context, described, is_foxpro, is_wide)?;
            field.at = at;
            at += field.len;
            if field.kind == b'0' {
                nulls = Some((field.at, field.len));
            } else {
                let mut bit = |is_there: bool| is_there.then(|| (bits, bits += 1).0);
                field.short = bit(is_foxpro && field.kind == b'V');
                field.null = bit(is_foxpro && described.get(18).is_some_and(|flags| flags & 2 != 0));
            }
            fields.push(field);
            context.within(Counted::Columns, fields.len(), context.limits.columns)?;
        }
        if fields.is_empty() || at != record_len {
            let what = said!("dbf：各字段长度之和与记录长度不符", "dbf: its fields do not make up its records");
            return Err(context.damaged(what));
        }
        let records = records(context, bytes.get(header_len..).unwrap_or_default(), record_len, count)?;
        Ok(Table { fields, language, records, record_len, nulls })
    }

    /// All records, deleted ones too.
    pub fn records(&self) -> impl Iterator<Item = &'a [u8]> {
        self.records.chunks_exact(self.record_len)
    }

    /// The fields that are columns, with their place among these.
    pub fn shown(&self) -> impl Iterator<Item = (usize, &Field<'a>)> {
        self.fields.iter().filter(|field| field.kind != b'0').enumerate()
    }

    pub fn nulls<'r>(&self, record: &'r [u8]) -> Nulls<'r> {
        Nulls(self.nulls.and_then(|(at, len)| record.get(at..at + len)).unwrap_or_default())
    }
}

/// The descriptions of fields, up to the byte that ends them.
fn described(header: &[u8]) -> impl Iterator<Item = &[u8]> {
    header.chunks_exact(HEAD).take_while(|field| field.first() != Some(&END))
}

/// Whether texts are longer than one byte can say: Clipper and FoxPro put the rest where others have the decimals. Told by the
/// length of the records.
fn has_wide_fields(header: &[u8], record_len: usize) -> bool {
    let sum = |is_wide: bool| described(header).map(|field| len(field, is_wide)).sum::<usize>() + 1;
    sum(false) != record_len && sum(true) == record_len
}

fn len(described: &[u8], is_wide: bool) -> usize {
    let byte = |at: usize| described.get(at).copied().unwrap_or_default();
    let high = if is_wide && byte(11) == b'C' { byte(17) } else { 0 };
    usize::from(u16::from_le_bytes([byte(16), high]))
}

fn field<'a>(context: &Context<'_>, described: &'a [u8], is_foxpro: bool, is_wide: bool) -> Outcome<Field<'a>> {
    let name = described.get(..11).unwrap_or_default();
    let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
    let kind = described.get(11).copied().unwrap_or_default();
    let len = len(described, is_wide);
    let is_known = match kind {
        b'C' | b'N' | b'F' | b'D' | b'L' | b'M' | b'G' | b'P' | b'W' => true,
        b'B' => !is_foxpro || len == 8,
        b'I' => len == 4,
        b'Y' | b'T' => len == 8,
        b'V' | b'0' => is_foxpro,
        _ => false,
    };
    if !is_known {
        let kind = char::from(kind).escape_default();
        let what = said!("含 {kind} 类型字段的 dbf 表", "a dbf table with a field of type {kind}");
        return Err(context.problem(&UNKNOWN_FORMAT).said(what));
    }
    Ok(Field { name, kind, is_foxpro, at: 0, len, null: None, short: None })
}

/// The records, if there are as many as the head says.
fn records<'a>(context: &Context<'_>, data: &'a [u8], record_len: usize, count: usize) -> Outcome<&'a [u8]> {
    context.within(Counted::Rows, count.saturating_add(1), context.limits.rows)?;
    let Some((records, rest)) = data.split_at_checked(count.saturating_mul(record_len)) else {
        let held = data.len() / record_len;
        let what = said!("dbf：{count} 条记录中只有 {held} 条", "dbf: {held} of {count} records are there");
        return Err(context.cut_off(what));
    };
    // Whatever a writer left behind the end of its table, it is no record.
    let follows = rest.len() >= record_len && matches!(rest.first(), Some(b' ' | b'*'));
    if follows {
        let what = said!("dbf：注明 {count} 条记录，其后还有记录", "dbf: it says {count} records, and more follow");
        return Err(context.damaged(what));
    }
    Ok(records)
}
