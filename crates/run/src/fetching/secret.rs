//! What proves to a server who asks: read when it is needed, from where the definition says, and kept nowhere.

use crate::setup::Setup;
use config::fetching::{Auth, KeptIn, Remote, ShownAs};
use fetch::{Carrier, Credential};

/// Largest file of a secret: tokens are short.
const LARGEST: u64 = 64 << 10;

/// The credential of a source that needs one; else what is missing.
pub(super) fn credential(setup: &Setup, remote: &Remote) -> Result<Option<Credential>, String> {
    let Some(Auth { kept, shown }) = &remote.auth else { return Ok(None) };
    let (value, place) = match kept {
        KeptIn::Variable(name) => (variable(name)?, format!("the environment variable {name}")),
        KeptIn::File(file) => (in_file(setup, file)?, format!("the file {file}")),
    };
    if value.is_empty() {
        return Err(format!("{place} is empty"));
    }
    if value.contains(|c: char| !(' '..='~').contains(&c)) {
        return Err(format!("{place} holds what no header can: line breaks, or characters beyond ASCII"));
    }
    let (carrier, name) = match shown {
        ShownAs::Header(name) => (Carrier::Header, name),
        ShownAs::Query(name) => (Carrier::Query, name),
    };
    Ok(Some(Credential { carrier, name: name.clone(), value }))
}

#[allow(clippy::disallowed_methods, reason = "credentials come from the environment or a file, and from nowhere else")]
fn variable(name: &str) -> Result<String, String> {
    match std::env::var(name) {
        Ok(value) => Ok(value.trim_end_matches(['\r', '\n']).to_owned()),
        Err(std::env::VarError::NotPresent) => Err(format!("the environment variable {name} is not set")),
        Err(std::env::VarError::NotUnicode(_)) => Err(format!("the environment variable {name} is not UTF-8")),
    }
}

fn in_file(setup: &Setup, file: &str) -> Result<String, String> {
    // The system's answer names the path, and nothing of the content.
    let bytes = store::read_file(&setup.options.config.join(file), LARGEST).map_err(|error| error.to_string())?;
    let text = String::from_utf8(bytes).map_err(|_| format!("the file {file} is not UTF-8"))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}
