//! Kept exports that are damaged in the store: the inbox may have them still. A run that meets damage mends it and tells it, and comes
//! out the same; where it cannot, nothing is published.

use super::archives;
use super::failure::Failure;
use super::received::Received;
use super::setup::Setup;
use store::{Digest, Store};
use vocab::said;

/// The bytes of an export: from the store, or else from the inbox.
///
/// # Errors
/// [`Failure::Gate`] where neither has them: a release without the export would lack its rows.
pub(super) fn raw(setup: &Setup, store: &Store, export: &Received) -> Result<Vec<u8>, Failure> {
    let problem = match store.read_raw(&export.digest) {
        Err(store::Error::Damaged(problem)) => *problem,
        read => return Ok(read?),
    };
    match from_inbox(setup, &export.name, &export.digest)? {
        Some(bytes) => {
            store.restore_raw(&bytes, problem)?;
            Ok(bytes)
        }
        None => {
            let name = &export.name;
            let found = said!("仓库和收件目录中均无：{name}", "neither in the store nor in the inbox: {name}");
            Err(Failure::Gate(store::Error::Damaged(Box::new(problem.said(found))).said()))
        }
    }
}

/// An export by its name and content, if the inbox still has it: as a file, or in an archive.
pub(super) fn from_inbox(setup: &Setup, name: &str, digest: &Digest) -> Result<Option<Vec<u8>>, Failure> {
    let holds = |file: &str| name == file || name.strip_prefix(file).is_some_and(|rest| rest.starts_with('/'));
    for file in store::list_files(&setup.inbox_dir)?.into_iter().filter(|file| holds(&file.name)) {
        let Ok(bytes) = store::read_file(&file.path, setup.config.site.max_file_bytes) else { continue };
        if Digest::of(&bytes) == *digest {
            return Ok(Some(bytes));
        }
        if let Some(member) = archives::member(setup, &bytes, digest) {
            return Ok(Some(member));
        }
    }
    Ok(None)
}
