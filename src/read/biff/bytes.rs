//! Walking over little-endian bytes without ever stepping outside.

/// What is left to read.
#[derive(Clone, Copy)]
pub(super) struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    /// The next `len` bytes.
    pub fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*taken)
    }

    pub fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub fn f64(&mut self) -> Option<f64> {
        self.array().map(f64::from_le_bytes)
    }
}

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

impl<'a> Records<'a> {
    /// The records from `start` on.
    pub fn from(stream: &'a [u8], start: usize) -> Self {
        Records { rest: Bytes(stream.get(start..).unwrap_or_default()) }
    }

    fn single(&mut self) -> Option<(u16, &'a [u8])> {
        let kind = self.rest.u16()?;
        let len = self.rest.u16()?;
        Some((kind, self.rest.take(usize::from(len))?))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    /// The next whole record; none where the stream ends, also inside a record.
    fn next(&mut self) -> Option<Record<'a>> {
        let (kind, data) = self.single()?;
        let mut more = Vec::new();
        loop {
            let before = self.rest;
            match self.single() {
                Some((CONTINUE, data)) => more.push(data),
                _ => {
                    self.rest = before;
                    return Some(Record { kind, data, more });
                }
            }
        }
    }
}
