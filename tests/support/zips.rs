//! Zip archives written byte by byte: with names in any encoding, flags that lie, and members that should not be there.

/// One entry of an archive.
#[derive(Clone)]
pub struct Entry {
    pub name: Vec<u8>,
    pub content: Vec<u8>,
    /// General purpose bits: 1 is encrypted, 0x800 is a name in UTF-8.
    pub flags: u16,
    /// 0 is stored, 8 is deflated.
    pub method: u16,
    /// The Unicode path of Info-ZIP, beside the name.
    pub unicode_path: Option<&'static str>,
    /// The length it has once inflated.
    pub size: usize,
    pub crc: u32,
    /// Mode of a file in Unix.
    pub mode: u32,
}

/// A stored entry under a name in any encoding.
pub fn entry(name: impl AsRef<[u8]>, content: impl AsRef<[u8]>) -> Entry {
    let content = content.as_ref().to_vec();
    let (size, crc) = (content.len(), crc32(&content));
    Entry { name: name.as_ref().to_vec(), content, flags: 0, method: 0, unicode_path: None, size, crc, mode: 0 }
}

/// An archive of these entries.
pub fn archive(entries: &[Entry]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let offset = len(&bytes);
        let extra = entry.unicode_path.map_or(Vec::new(), |path| {
            let body = [&[1], &crc32(&entry.name).to_le_bytes()[..], path.as_bytes()].concat();
            [&[0x75, 0x70], &u16::try_from(body.len()).unwrap().to_le_bytes()[..], &body].concat()
        });
        let common = [
            &[20, 0][..],
            &entry.flags.to_le_bytes(),
            &entry.method.to_le_bytes(),
            &[0; 4],
            &entry.crc.to_le_bytes(),
            &len(&entry.content).to_le_bytes(),
            &u32::try_from(entry.size).unwrap().to_le_bytes(),
            &u16::try_from(entry.name.len()).unwrap().to_le_bytes(),
            &u16::try_from(extra.len()).unwrap().to_le_bytes(),
        ]
        .concat();
        bytes.extend([b"PK\x03\x04", &common[..], &entry.name, &extra, &entry.content].concat());
        let (rest, mode) = ([0; 6], (entry.mode << 16).to_le_bytes());
        // Made by Unix, so that the mode counts.
        directory.extend(
            [b"PK\x01\x02", &[20, 3][..], &common, &rest, &mode, &offset.to_le_bytes(), &entry.name, &extra].concat(),
        );
    }
    let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
    let end = [b"PK\x05\x06", &[0; 4][..], &count, &count, &len(&directory).to_le_bytes(), &len(&bytes).to_le_bytes()];
    [bytes, directory, end.concat(), vec![0; 2]].concat()
}

fn len(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap()
}

pub fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
}
