//! Addresses of exports: which are accepted, and how one may be shown. No network here.

use std::borrow::Cow;

pub use url::Url;

use crate::{Said, said};

/// Names of parameters that hold something secret, in lower case and without `-` and `_`.
const SECRET: &[&str] = &[
    "token",
    "accesstoken",
    "authtoken",
    "apitoken",
    "apikey",
    "appkey",
    "accesskey",
    "secret",
    "appsecret",
    "clientsecret",
    "secretkey",
    "password",
    "passwd",
    "pwd",
    "signature",
    "authorization",
    "jwt",
    "ticket",
    "session",
    "sessionid",
    "jsessionid",
    "credential",
    "xamzsignature",
    "xamzcredential",
    "xamzsecuritytoken",
];

/// From this length on letters and digits together are more likely a token than a name.
const LONG_AS_A_TOKEN: usize = 24;

/// Reads an address. It must be `http` or `https` and name a host. What is said of one that is not repeats nothing of it.
pub fn parse(text: &str) -> Result<Url, Said> {
    if text.trim() != text || text.contains(|c: char| c.is_control()) {
        return Err(said!(
            "含有空白或控制字符；请去掉",
            "it holds blanks or control characters; write it without them"
        ));
    }
    let url = Url::parse(text).map_err(|error| {
        said!(
            "{error}；网址的写法如 `https://data.example.cn/export.csv`",
            "{error}; an address is written like `https://data.example.cn/export.csv`"
        )
    })?;
    match url.scheme() {
        "http" | "https" => {}
        // What stands before the first colon may be a user name.
        scheme if scheme.len() > 6 => {
            return Err(said!("不以 `http://` 或 `https://` 开头", "it begins with neither `http://` nor `https://`"));
        }
        scheme => {
            return Err(said!(
                "`{scheme}` 既不是 `http` 也不是 `https`：只支持这两种",
                "`{scheme}` is neither `http` nor `https`: only these are fetched"
            ));
        }
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(said!("没有写明主机", "it names no host"));
    }
    if url.port() == Some(0) {
        return Err(said!("端口 0 上不会有服务器应答", "no server answers at port 0"));
    }
    Ok(url)
}

/// What is wrong with an address that stands in a definition, each with the way out.
pub fn mistakes(text: &str) -> Vec<Said> {
    let url = match parse(text) {
        Ok(url) => url,
        Err(reason) => return vec![reason],
    };
    let mut found = Vec::new();
    if text.contains(['{', '}', '<', '>']) {
        found.push(said!(
            "含有无从填入的占位符：请写出完整网址，或使用 {{year}}、{{quarter}} 和 {{month}} 并在 [fetch] 下写 `from`",
            "it holds a placeholder that nothing fills: write the whole address, or {{year}}, {{quarter}} and \
             {{month}} with `from` under [fetch]"
        ));
    }
    if url.fragment().is_some() {
        found.push(said!(
            "`#` 之后的内容不会发送给服务器：请删去",
            "what follows `#` is never sent to a server: leave it out"
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        found.push(said!(
            "用户名和密码不得写入文件：请将 `Basic …` 放入环境变量或文件，并在 `auth_env` 或 `auth_file` 中指明",
            "user and password have no place in a file: put `Basic …` into an environment variable or a file and name \
             it in `auth_env` or `auth_file`"
        ));
    }
    let secret = url.query_pairs().find(|(name, value)| is_secret(name) || looks_secret(value));
    found.extend(secret.map(|(name, _)| {
        said!(
            "`{name}` 疑为密钥，不得写入文件：请将其放入环境变量或文件，在 `auth_env` 或 `auth_file` 中指明；\
             服务器要求写在网址中的，另写 `auth_query = \"{name}\"`",
            "`{name}` looks like a secret, which has no place in a file: put it into an environment variable or a file, name that in \
             `auth_env` or `auth_file`, and write `auth_query = \"{name}\"` if the server wants it in the address"
        )
    }));
    found
}

fn is_secret(name: &str) -> bool {
    let plain: String = name.to_lowercase().chars().filter(|c| !matches!(c, '-' | '_' | '.')).collect();
    SECRET.contains(&plain.as_str())
}

/// Long, of letters and digits, and without anything that would part words.
fn looks_secret(value: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    value.len() >= LONG_AS_A_TOKEN
        && value.chars().all(is_plain)
        && value.contains(|c: char| c.is_ascii_digit())
        && value.contains(|c: char| c.is_ascii_alphabetic())
}

/// An address as it may appear in a message: without user and password, and without the query, where keys travel.
pub fn shown(text: &str) -> Said {
    // What cannot be read as an address might hide a password anywhere.
    Url::parse(text).map_or_else(|_| said!("（不是网址）", "(not an address)"), |url| Said::words(shown_url(&url)))
}

/// [`shown`], of an address that was read.
pub fn shown_url(url: &Url) -> String {
    let mut shown = format!("{}://{}", url.scheme(), url.host_str().unwrap_or_default());
    if let Some(port) = url.port() {
        shown.push_str(&format!(":{port}"));
    }
    // Some servers put the session behind a semicolon.
    let path = url.path();
    shown.push_str(path.split(';').next().unwrap_or(path));
    if url.query().is_some() || path.contains(';') {
        shown.push_str("?…");
    }
    shown
}

/// A line of a configuration file as it may appear in a message: without the values of `url` and `auth_env`, which is where
/// secrets are typed by mistake, and without what other addresses in it hide.
pub fn masked(line: &str) -> Cow<'_, str> {
    let key = line.split('=').next().unwrap_or_default().trim();
    if let (true, Some((before, _))) = (matches!(key, "url" | "auth_env"), line.split_once('=')) {
        return Cow::Owned(format!("{before}= …"));
    }
    let Some(at) = line.find("://") else { return Cow::Borrowed(line) };
    let (before, rest) = line.split_at(at + 3);
    let end = rest.find(|c: char| c.is_whitespace() || "\"'`,".contains(c)).unwrap_or(rest.len());
    let (address, after) = rest.split_at(end);
    if !address.contains(['@', '?', ';']) {
        return Cow::Borrowed(line);
    }
    let host = address.split_once('@').map_or(address, |(_, host)| host);
    let host = host.split(['?', ';']).next().unwrap_or(host);
    Cow::Owned(format!("{before}{host}…{after}"))
}
