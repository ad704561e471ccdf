//! Large delimited text in GB18030, split while it is still bytes.
//!
//! In GB18030 line ends, commas, tabs and quotes are never a part of another character, so records and cells are found
//! in the bytes, in several stretches at a time, and only cells that are not ASCII are decoded. That is no less strict
//! than decoding the whole: what ends a cell can complete no character, so a character that is cut off is found in its
//! cell. Whatever is wrong or unusual ends the attempt, and the file is read by the way that says what it is.

use std::ops::Range;

use encoding_rs::{DecoderResult, GB18030};
use memchr::{memchr, memmem, memrchr};
use rayon::prelude::*;

use super::context::Context;
use super::delimited::{self, Content};
use super::grid::Grid;
use super::limits::Counted;
use super::sniff::{self, TextKind};
use super::{decode, format::Format};

/// Shorter files are decoded whole: there is nothing to gain.
const LARGE: usize = 256 << 10;
/// How much is decoded to tell the delimiter: at least as much text as is looked at for it.
const HEAD: usize = 128 << 10;
/// Bytes of a stretch that is split by one thread.
const STRETCH: usize = 4 << 20;

/// Reads a large file that is delimited text in GB18030, and nothing is wrong with it.
pub(super) fn read(context: &Context<'_>, bytes: &[u8]) -> Option<(Format, Grid)> {
    if bytes.len() < LARGE || !decode::is_gb18030(bytes) {
        return None;
    }
    let head = bytes.get(..HEAD).and_then(|head| head.get(..=memrchr(b'\n', head)?))?;
    let head = GB18030.decode_without_bom_handling_and_without_replacement(head)?;
    let TextKind::Delimited(delimiter @ (b',' | b'\t')) = sniff::text(&head) else { return None };
    if head.len() < sniff::SAMPLE || sniff::declared_delimiter(bytes).is_some() || may_be_damaged(bytes) {
        return None;
    }
    let grid = split(context, bytes, delimiter)?;
    context.within(Counted::TextBytes, grid.text_len(), u32::MAX as usize).ok()?;
    Some((if delimiter == b'\t' { Format::Tsv } else { Format::Csv }, grid))
}

/// Whether there is a sign of damage, in the bytes of GB18030: NUL, U+FFFD, or two of these once read as GBK.
fn may_be_damaged(bytes: &[u8]) -> bool {
    let signs: [&[u8]; 2] = [b"\x84\x31\xA4\x37", b"\xEF\xBF\xBD\xEF\xBF\xBD"];
    memchr(0, bytes).is_some() || signs.into_iter().any(|sign| memmem::find(bytes, sign).is_some())
}

fn split(context: &Context<'_>, bytes: &[u8], delimiter: u8) -> Option<Grid> {
    // Behind a quote a line end may be part of a cell: then only one look from the beginning can tell.
    if bytes.len() < 2 * STRETCH || memchr(b'"', bytes).is_some() {
        return delimited::read(context, Bytes(bytes), delimiter).ok();
    }
    let stretches: Vec<&[u8]> = stretches(bytes).collect();
    let grids: Vec<Option<Grid>> =
        stretches.par_iter().map(|stretch| delimited::read(context, Bytes(stretch), delimiter).ok()).collect();
    let mut whole = Grid::new("");
    whole.reserve(bytes.len());
    for grid in grids {
        whole.append(&grid?);
    }
    let limits = context.limits;
    (whole.len() <= limits.rows && whole.cell_count() <= limits.cells).then_some(whole)
}

/// The bytes in parts of whole lines.
fn stretches(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let behind = rest.get(STRETCH..).and_then(|behind| memchr(b'\n', behind));
        let (stretch, after) = rest.split_at(behind.map_or(rest.len(), |at| STRETCH + at + 1));
        rest = after;
        (!stretch.is_empty()).then_some(stretch)
    })
}

/// Bytes in GB18030.
struct Bytes<'a>(&'a [u8]);

impl Content for Bytes<'_> {
    type Text = Vec<u8>;

    fn bytes(&self) -> &[u8] {
        self.0
    }

    fn push(&self, part: Range<usize>, text: &mut Vec<u8>) -> bool {
        let Some(bytes) = self.0.get(part) else { return false };
        if bytes.is_ascii() {
            text.extend_from_slice(bytes);
            return true;
        }
        let mut decoder = GB18030.new_decoder_without_bom_handling();
        let Some(room) = decoder.max_utf8_buffer_length_without_replacement(bytes.len()) else { return false };
        let from = text.len();
        text.resize(from + room, 0);
        let (result, _, written) = decoder.decode_to_utf8_without_replacement(bytes, &mut text[from..], true);
        text.truncate(from + written);
        result == DecoderResult::InputEmpty
    }
}
