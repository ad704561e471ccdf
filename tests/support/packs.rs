//! Files packed by gzip and tar, written by the libraries or byte by byte, and 7z archives as other programs wrote them.

use std::io::Write as _;

use base64::Engine as _;
use flate2::Compression;
use flate2::write::GzEncoder;

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes).expect("it is packed");
    packer.finish().expect("it is packed")
}

/// The end of a tar archive.
pub const END: [u8; 1024] = [0; 1024];

/// A member in the plain old way, its name in any encoding: `kind` is `b'0'` for a file, `b'5'` for a folder.
pub fn member(name: &[u8], kind: u8, content: &[u8]) -> Vec<u8> {
    let mut header = [0; 512];
    header[..name.len()].copy_from_slice(name);
    header[100..108].copy_from_slice(b"0000644\0");
    header[124..136].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
    header[136..148].copy_from_slice(b"00000000000\0");
    header[156] = kind;
    header[257..265].copy_from_slice(b"ustar\x0000");
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let padding = content.len().next_multiple_of(512) - content.len();
    [&header, content, &vec![0; padding]].concat()
}

/// A tar archive of files under names in any encoding.
pub fn tar(files: &[(&[u8], &[u8])]) -> Vec<u8> {
    let members: Vec<u8> = files.iter().flat_map(|(name, content)| member(name, b'0', content)).collect();
    [&members[..], &END].concat()
}

fn of_base64(text: &str) -> Vec<u8> {
    base64::engine::general_purpose::STANDARD.decode(text).expect("base64")
}

/// 报送/甲市.csv, 乙.csv and the empty 空.csv, packed together by LZMA2, as py7zr 1.1 writes it.
pub fn seven() -> Vec<u8> {
    of_base64(
        "N3q8ryccAATevnddogAAAAAAAAAVAAAAAAAAAEV7m1UBACXku6PnoIEs6JCl5Lia5pS25YWlCjQxMDEwMCwxMgphLGIKMSwyCgDgAJAAcF0AAIEzB64P0KYG\
         vJ85EJxs6lYajuHOQhv33KKEpFtopTWNLMnNfJ1RZ7dZ2aYDXMFMscTRVLNHsyku3SuaZP/MngLSAtmdVTKvlMWmW8XA8Th/tLj4mVX/+PggmwwpgHkscCUA\
         xNP0XvBpIYtgTAAAAAAXBioBCXgABwsBAAEhIQEYDICRAAA=",
    )
}

/// Two files with a password, their names without.
pub fn seven_with_password() -> Vec<u8> {
    of_base64(
        "N3q8ryccAATHObgkuwAAAAAAAAAWAAAAAAAAAKwwyCXtQPGXNhpj66QVLnL7zOSDpYQR2Ke/LA5nM400CuiqhdQy6aZFrPrZsVvWy89cCfngAIwAg10AAIEz\
         B64P0QEiFj1XReya4rEG65vyaIG0Aul8D9vJ5qgJZFPzVAo/+JXrdIDjEo9yChl7VmN6HNncalyboRhohmhD9bJ+TSn15n3YWEnGVfoUc4enn1QQ7AMFSRQT\
         YiZsf3QjeBJFkWzte6CqZL2Ce0o/eiBp6emGNdUvj22mY8AAAAAAFwYwAQmAiwAHCwEAASEhARgMgI0AAA==",
    )
}

/// Two files with a password, which their names need too.
pub fn seven_with_hidden_names() -> Vec<u8> {
    of_base64(
        "N3q8ryccAARO7fVzwAAAAAAAAAAqAAAAAAAAAB2NIiQ3PEwzGitAPXHHNlI9H0Rra1000mkgEP+XqA3tjNJUItuD4F4zprGEWJ1Vox8OqOgzKPzb51+PoyAO\
         Bc92V1ISMvbKMFOJdzHx54uXmiCRPPSlgI5yIgoNuEiUP6B9pWrKbrP4kYwkPvdqzx5TojjkIGgYhbiKZDt5lJjU4uDr9YhO9LvqnLEsh+rOrdTEAQ5OISm+\
         WJRbljyi0IpR7RnOUwUNTLzBqrbjqNkPxEq7KqfCoz8WoLMRGSRO1DudEyAXBjABCYCQAAcLAQABJAbxBwESUw+CC+qb0LNj8b5RpuIfRxOgDICNAAA=",
    )
}

/// Two files packed by PPMd.
pub fn seven_by_ppmd() -> Vec<u8> {
    of_base64(
        "N3q8ryccAAS4VUqgmgAAAAAAAAAUAAAAAAAAAICAJ24A49QyBAoEChMYwmQq+yyi4q//49S0nsdzGU0GfCGwmQuWj+0wFwDgAHgAa10AAIEzB64P0Hif/J8/\
         R0Fc9tUhHSKAEMxeXObaU+m4v5MZzBDygFPV0+XY2QzPen1J51R0wRceql+vXS4hlFXxxQPATO9w2v4a7p0NqOe+DX3D/mLoGVt3qsFNupxfTkWbjzXvuQgo\
         JOsAAAAAFwYnAQlzAAcLAQABISEBGAx5AAA=",
    )
}

/// An archive of these files, not packed: byte by byte, so that what it says of their sizes may be a lie.
pub fn stored_seven(files: &[(&str, &[u8])], sizes: &[u64]) -> Vec<u8> {
    let content: Vec<u8> = files.iter().flat_map(|(_, content)| content.iter().copied()).collect();
    let names: Vec<u8> = files
        .iter()
        .flat_map(|(name, _)| name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect::<Vec<_>>())
        .collect();
    let total: u64 = sizes.iter().sum();
    let count = long(u64::try_from(files.len()).unwrap());
    let all_but_last: Vec<u8> = sizes[..sizes.len() - 1].iter().flat_map(|size| long(*size)).collect();
    let list = [
        // What is packed: one stream, from the first byte on.
        &[0x01, 0x04, 0x06][..],
        &long(0),
        &long(1),
        &[0x09],
        &long(u64::try_from(content.len()).unwrap()),
        // One folder with one packer, which copies.
        &[0x00, 0x07, 0x0B, 0x01, 0x00, 0x01, 0x01, 0x00, 0x0C],
        &long(total),
        // Files of the folder, and their sizes.
        &[0x00, 0x08, 0x0D],
        &count,
        &[0x09],
        &all_but_last,
        &[0x00, 0x00, 0x05],
        &count,
        &[0x11],
        &long(u64::try_from(names.len() + 1).unwrap()),
        &[0x00],
        &names,
        &[0x00, 0x00],
    ]
    .concat();
    let mut start = Vec::new();
    start.extend(u64::try_from(content.len()).unwrap().to_le_bytes());
    start.extend(u64::try_from(list.len()).unwrap().to_le_bytes());
    start.extend(crate::support::zips::crc32(&list).to_le_bytes());
    let head = [b"7z\xBC\xAF\x27\x1C\0\x04", &crate::support::zips::crc32(&start).to_le_bytes()[..]].concat();
    [head, start, content, list].concat()
}

/// A number of nine bytes, as 7z has it.
fn long(number: u64) -> Vec<u8> {
    [&[0xFF][..], &number.to_le_bytes()].concat()
}
