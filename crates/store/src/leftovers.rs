//! What a run that was killed leaves behind: files that are not finished, under names that only this program gives.

use std::fs::Metadata;
use std::path::Path;

/// What a temporary entry is for; it says what kind of entry it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scratch {
    /// A file that is being written.
    File,
    /// An answer of a source that is arriving.
    Incoming,
    /// The pointer before it is moved.
    Pointer,
    /// A release that is being removed.
    Removed,
}

impl Scratch {
    const ALL: [Scratch; 4] = [Scratch::File, Scratch::Incoming, Scratch::Pointer, Scratch::Removed];

    /// The first word of its name.
    pub(super) fn word(self) -> &'static str {
        match self {
            Scratch::File => "file",
            Scratch::Incoming => "incoming",
            Scratch::Pointer => "current",
            Scratch::Removed => "removed",
        }
    }

    fn is_kind(self, entry: &Metadata) -> bool {
        match self {
            Scratch::File | Scratch::Incoming => entry.is_file(),
            Scratch::Pointer => entry.is_symlink(),
            Scratch::Removed => entry.is_dir(),
        }
    }
}

/// Whether an entry of `tmp/` is one that this program makes.
pub(super) fn is_scratch(path: &Path, entry: &Metadata) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
    let numbers = |rest: &str| {
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        rest.split_once('-').is_some_and(|(process, serial)| is_number(process) && is_number(serial))
    };
    let is_of = |scratch: &Scratch| {
        let rest = name.strip_prefix(scratch.word()).and_then(|rest| rest.strip_prefix('-'));
        rest.is_some_and(numbers) && scratch.is_kind(entry)
    };
    Scratch::ALL.iter().any(is_of)
}
