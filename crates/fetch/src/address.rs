//! Where requests go: the address of a source, and where redirects lead from it.

use reqwest::Url;

use super::failure::Failure;
use vocab::{Said, address, said};

/// Reads an address. It must be `http` or `https`.
pub(super) fn parse(text: &str) -> Result<Url, Failure> {
    address::parse(text).map_err(Failure::Address)
}

/// Where a redirect leads. It may not give up encryption, and takes no password along to another origin.
pub(super) fn redirected(from: &Url, location: &str) -> Result<Url, Failure> {
    let to = from.join(location).map_err(|error| Failure::Redirect(Said::words(error.to_string())))?;
    let mut to = address::parse(to.as_str()).map_err(Failure::Redirect)?;
    if from.scheme() == "https" && to.scheme() == "http" {
        return Err(Failure::Redirect(said!("由 https 转向 http", "from https to http")));
    }
    if to.origin() != from.origin() {
        // These can only fail for addresses without a host, and those are not accepted.
        let _ = to.set_username("");
        let _ = to.set_password(None);
    }
    Ok(to)
}
