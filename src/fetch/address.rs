//! Addresses: which are accepted, and how they may be shown.

use reqwest::Url;

use super::failure::Failure;

/// Reads an address. It must be `http` or `https`.
pub(super) fn parse(text: &str) -> Result<Url, Failure> {
    let url = Url::parse(text).map_err(|error| Failure::Address(error.to_string()))?;
    accept(url)
}

/// Where a redirect leads. It may not give up encryption, and takes no password along to another origin.
pub(super) fn redirected(from: &Url, location: &str) -> Result<Url, Failure> {
    let to = from.join(location).map_err(|error| Failure::Redirect(error.to_string()))?;
    let mut to = accept(to).map_err(|failure| Failure::Redirect(failure.to_string()))?;
    if from.scheme() == "https" && to.scheme() == "http" {
        return Err(Failure::Redirect("from https to http".to_owned()));
    }
    if to.origin() != from.origin() {
        // These can only fail for addresses without a host, and those are not accepted.
        let _ = to.set_username("");
        let _ = to.set_password(None);
    }
    Ok(to)
}

fn accept(url: Url) -> Result<Url, Failure> {
    match url.scheme() {
        "http" | "https" => Ok(url),
        scheme => Err(Failure::Address(format!("`{scheme}` is neither http nor https"))),
    }
}

/// An address as it may appear in a message: without user and password, and without the query, where keys travel.
pub(super) fn shown(text: &str) -> String {
    // What cannot be read as an address might hide a password anywhere.
    Url::parse(text).map_or_else(|_| "(not an address)".to_owned(), |url| shown_url(&url))
}

pub(super) fn shown_url(url: &Url) -> String {
    let mut shown = format!("{}://{}", url.scheme(), url.host_str().unwrap_or_default());
    if let Some(port) = url.port() {
        shown.push_str(&format!(":{port}"));
    }
    shown.push_str(url.path());
    if url.query().is_some() {
        shown.push_str("?…");
    }
    shown
}
