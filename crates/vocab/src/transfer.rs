//! What programs make of names of files for the way: endings of those that are still arriving, and of those that are packed.

/// Endings of files that browsers, download managers, file transfers and editors have not finished yet.
const ENDINGS: &[&str] = &[
    ".part",
    ".partial",
    ".filepart",
    ".crdownload",
    ".download",
    ".opdownload",
    ".downloading",
    ".uploading",
    ".incomplete",
    ".inprogress",
    ".tmp",
    ".temp",
    ".aria2",
    ".td",
    ".xltd",
    ".!ut",
    ".!qb",
    ".bc!",
    "._copying_",
];

/// Whether a file of this name is a transfer that has not come to its end.
pub fn is_unfinished(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Whether a file of this name is none that anybody sends: hidden, or the lock file of an office program (`~$…`).
pub fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || name.starts_with("~$")
}

/// The name of a file without what gzip puts behind it.
pub fn without_gzip(name: &str) -> &str {
    const SUFFIX: &str = ".gz";
    match name.split_at_checked(name.len().saturating_sub(SUFFIX.len())) {
        Some((inner, suffix)) if suffix.eq_ignore_ascii_case(SUFFIX) => inner,
        _ => name,
    }
}
