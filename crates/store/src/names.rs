//! Names of files and folders.

use std::ffi::OsStr;
use std::path::Path;

/// The folders of a store.
pub(super) const FOLDERS: [&str; 6] = ["raw", "facts", "quarantine", RELEASES, REVISIONS, "tmp"];
pub(super) const RELEASES: &str = "releases";
pub(super) const REVISIONS: &str = "revisions";
pub(super) const CATALOG: &str = "catalog.db";
pub(super) const LOCK: &str = "lock";

/// What stands before the id of a release in the name of its draft.
pub(super) const DRAFT: &str = ".draft-";

/// The id of the release that a path in `releases/` is a draft of, if its name is that of one.
pub(super) fn draft_of(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()?.strip_prefix(DRAFT).filter(|id| is_plain_name(id))
}

/// Whether `name` can be one component of a path: no separators, not hidden, nothing a shell or a reader trips over.
pub(super) fn is_plain_name(name: &str) -> bool {
    let length_fits = (1..=200).contains(&name.len());
    length_fits && !name.starts_with('.') && !name.contains(['/', '\\']) && !name.contains(char::is_control)
}

/// A file name as text. Bytes that are not UTF-8 are written `\xC7`: nothing is guessed and no two names fall together.
pub(super) fn readable(name: &OsStr) -> String {
    let mut text = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02X}"));
        }
    }
    text
}
