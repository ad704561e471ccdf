//! What proves to a server who asks: read when it is needed, from where the definition says, and kept nowhere.

use crate::setup::Setup;
use config::fetching::{Auth, KeptIn, Remote, ShownAs};
use fetch::{Carrier, Credential};
use vocab::{Said, said};

/// Largest file of a secret: tokens are short.
const LARGEST: u64 = 64 << 10;

/// The credential of a source that needs one; else what is missing.
pub(super) fn credential(setup: &Setup, remote: &Remote) -> Result<Option<Credential>, Said> {
    let Some(Auth { kept, shown }) = &remote.auth else { return Ok(None) };
    let (value, place) = match kept {
        KeptIn::Variable(name) => (variable(name)?, said!("环境变量 {name} ", "the environment variable {name}")),
        KeptIn::File(file) => (in_file(setup, file)?, said!("文件 {file} ", "the file {file}")),
    };
    if value.is_empty() {
        return Err(said!("{place}为空", "{place} is empty"; place));
    }
    if value.contains(|c: char| !(' '..='~').contains(&c)) {
        return Err(said!(
            "{place}含有请求头不允许的换行或非 ASCII 字符",
            "{place} holds what no header can: line breaks, or characters beyond ASCII";
            place
        ));
    }
    let (carrier, name) = match shown {
        ShownAs::Header(name) => (Carrier::Header, name),
        ShownAs::Query(name) => (Carrier::Query, name),
    };
    Ok(Some(Credential { carrier, name: name.clone(), value }))
}

#[allow(clippy::disallowed_methods, reason = "credentials come from the environment or a file, and from nowhere else")]
fn variable(name: &str) -> Result<String, Said> {
    match std::env::var(name) {
        Ok(value) => Ok(value.trim_end_matches(['\r', '\n']).to_owned()),
        Err(std::env::VarError::NotPresent) => {
            Err(said!("未设置环境变量 {name}", "the environment variable {name} is not set"))
        }
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(said!("环境变量 {name} 不是 UTF-8", "the environment variable {name} is not UTF-8"))
        }
    }
}

fn in_file(setup: &Setup, file: &str) -> Result<String, Said> {
    // The system's answer names the path, and nothing of the content.
    let bytes = store::read_file(&setup.options.config.join(file), LARGEST).map_err(|error| error.said())?;
    let text = String::from_utf8(bytes).map_err(|_| said!("文件 {file} 不是 UTF-8", "the file {file} is not UTF-8"))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}
