//! The records of a BIFF stream.

use crate::bytes::Bytes;

/// One record: its type, its data, and the data of the records that continue it.
pub(super) struct Record<'a> {
    pub kind: u16,
    pub data: &'a [u8],
    pub more: Vec<&'a [u8]>,
}

/// The records of a stream from some offset on.
pub(super) struct Records<'a> {
    rest: Bytes<'a>,
}

/// Continues the record before.
const CONTINUE: u16 = 0x003C;

/// More records than continue any other: even the strings of a file of 4 GB take no more.
const MOST_MORE: usize = 1 << 19;

impl<'a> Records<'a> {
    /// The records from `start` on.
    pub fn from(stream: &'a [u8], start: usize) -> Self {
        Records { rest: Bytes(stream.get(start..).unwrap_or_default()) }
    }

    /// Bytes of the stream behind the records so far.
    pub fn left(&self) -> usize {
        self.rest.0.len()
    }

    fn single(&mut self) -> Option<(u16, &'a [u8])> {
        let kind = self.rest.u16()?;
        let len = self.rest.u16()?;
        Some((kind, self.rest.take(usize::from(len))?))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    /// The next whole record; none where the stream ends, also inside a record or one that is continued without end.
    fn next(&mut self) -> Option<Record<'a>> {
        let (kind, data) = self.single()?;
        let mut more = Vec::new();
        loop {
            let before = self.rest;
            match self.single() {
                Some((CONTINUE, _)) if more.len() >= MOST_MORE => return None,
                Some((CONTINUE, data)) => more.push(data),
                _ => {
                    self.rest = before;
                    return Some(Record { kind, data, more });
                }
            }
        }
    }
}
