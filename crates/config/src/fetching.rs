//! How exports are fetched: `[fetch]` of `site.toml`, and what a source definition says of its address.

use std::time::Duration;

use globset::GlobMatcher;

use super::document::Table;
use super::limits;
use super::series::{Series, fill, fills, unknown};
use vocab::{address, said};

/// What happens once an export from an address is older than its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TooOld {
    /// It is told, and the release is published.
    Warn,
    /// Nothing is published.
    Refuse,
}

/// `[fetch]` of `site.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetching {
    /// Requests at a time.
    pub concurrency: usize,
    /// Attempts for each request.
    pub attempts: u32,
    /// The pause after the first failed attempt.
    pub pause: Duration,
    /// The longest silence of a server.
    pub timeout: Duration,
    /// The longest time of one source, all attempts together.
    pub total: Duration,
    /// The longest time of all sources together: so long a run holds the lock before it goes on without them.
    pub all: Duration,
    /// A body that comes more slowly than this is given up.
    pub least_bytes_per_second: u64,
    /// Certificates of authorities beside those of the system: a file in PEM, relative to the configuration folder.
    pub ca_file: Option<String>,
    /// What happens once an export is older than its limit.
    pub stale: TooOld,
    /// After how many days without an answer an export is too old; never, where it is not said.
    pub max_stale_days: Option<i64>,
}

impl Default for Fetching {
    fn default() -> Self {
        Fetching {
            concurrency: 4,
            attempts: 4,
            pause: Duration::from_secs(1),
            timeout: Duration::from_secs(60),
            total: Duration::from_secs(300),
            all: Duration::from_secs(900),
            least_bytes_per_second: 1024,
            ca_file: None,
            stale: TooOld::Warn,
            max_stale_days: None,
        }
    }
}

/// An hour: nothing waits longer.
const LONGEST_SECONDS: f64 = 3600.0;
/// Ten years.
const MOST_DAYS: u64 = 3650;
/// Between two requests to one source.
const USUAL_PAUSE: Duration = Duration::from_secs(1);

impl Fetching {
    pub(super) fn resolve(table: &Table<'_, '_>) -> Fetching {
        let usual = Fetching::default();
        Fetching {
            concurrency: limits::whole(table, "concurrency", usual.concurrency as u64, 64) as usize,
            attempts: limits::whole(table, "attempts", u64::from(usual.attempts), 20) as u32,
            pause: seconds(table, "pause_seconds").unwrap_or(usual.pause),
            timeout: seconds(table, "timeout_seconds").unwrap_or(usual.timeout),
            total: seconds(table, "total_seconds").unwrap_or(usual.total),
            all: seconds(table, "all_seconds").unwrap_or(usual.all),
            least_bytes_per_second: limits::whole(
                table,
                "least_bytes_per_second",
                usual.least_bytes_per_second,
                u64::from(u32::MAX),
            ),
            ca_file: table.opt_text("ca_file"),
            stale: table.choice("stale", &[("warn", TooOld::Warn), ("refuse", TooOld::Refuse)]).unwrap_or(usual.stale),
            max_stale_days: days(table),
        }
    }
}

/// Where a secret is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeptIn {
    /// In an environment variable of this name.
    Variable(String),
    /// In a file, relative to the configuration folder.
    File(String),
}

/// How a server is shown a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShownAs {
    /// As the value of this header.
    Header(String),
    /// As the value of this parameter of the address.
    Query(String),
}

/// What proves to a server who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Auth {
    /// Where it is kept.
    pub kept: KeptIn,
    /// How it is sent.
    pub shown: ShownAs,
}

/// What is fetched from an address before the inbox is read: one export, or one for each period that has ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Remote {
    /// The address; with `series`, the period is filled into it.
    pub url: String,
    /// The name its export has beside those of the inbox; likewise.
    pub file_name: String,
    /// What is sent to the address: a query, after which the server sends the export. Likewise.
    pub body: Option<String>,
    /// Headers that the server wants, by their names.
    pub headers: Vec<(String, String)>,
    /// The periods that are asked for; none where all of the export lies at one address.
    pub series: Option<Series>,
    /// The pause between two requests.
    pub between: Duration,
    /// What proves who asks.
    pub auth: Option<Auth>,
    /// The longest silence of its server, if not the usual one.
    pub timeout: Option<Duration>,
    /// The longest time for all attempts, if not the usual one.
    pub total: Option<Duration>,
    /// The largest answer, if not the usual one.
    pub max_bytes: Option<u64>,
    /// The share of the last good answer's rows that an answer must have; none where the definition does not say it.
    pub least_share: Option<f64>,
    /// Whether an answer is taken as whole where it ends, though nothing says that it is.
    pub trust_end: bool,
    /// After how many days without an answer its export is too old, if not the usual number.
    pub max_stale_days: Option<i64>,
}

/// What `[fetch]` of a source definition says.
#[derive(Default)]
struct Asking {
    body: Option<String>,
    headers: Vec<(String, String)>,
    series: Option<Series>,
    between: Option<Duration>,
    timeout: Option<Duration>,
    total: Option<Duration>,
    max_bytes: Option<u64>,
    least_share: Option<f64>,
    trust_end: bool,
    max_stale_days: Option<i64>,
}

impl Asking {
    fn resolve(table: &Table<'_, '_>) -> Asking {
        let least_share = table.opt_number("least_share");
        if least_share.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
            let message = said!(
                "`least_share` 应介于 0 与 1 之间；为 0 时，凡能读取的都会替换现有内容",
                "`least_share` is between 0 and 1; with 0, whatever can be read replaces what is there"
            );
            table.error("least_share", message);
        }
        Asking {
            body: table.opt_text("body"),
            headers: headers(table),
            series: Series::resolve(table),
            between: seconds(table, "between_seconds"),
            timeout: seconds(table, "timeout_seconds"),
            total: seconds(table, "total_seconds"),
            max_bytes: limits::opt_whole(table, "max_bytes", u64::from(u32::MAX)),
            least_share,
            trust_end: table.flag("trust_end", false),
            max_stale_days: days(table),
        }
    }
}

impl Remote {
    /// What a definition says of its address; none where it has none. Every mistake is told, and none repeats the address.
    pub(super) fn resolve(table: &Table<'_, '_>, patterns: &[GlobMatcher]) -> Option<Remote> {
        let (url, file_name) = (table.opt_text("url"), table.opt_text("file_name"));
        let auth = auth(table);
        let asking = table.table("fetch", Asking::resolve);
        let Some(url) = url else {
            for key in ["file_name", "auth_env", "auth_file", "auth_header", "auth_query", "fetch"] {
                if table.has(key) && !table.has("url") {
                    table.error(
                        key,
                        said!("`{key}` 只用于写有 `url` 的来源", "`{key}` is only for a source with `url`"),
                    );
                }
            }
            return None;
        };
        if file_name.is_none() {
            let message = said!(
                "写有 `url` 的来源须有 `file_name`：取回的文件与收件目录中的文件并列时的名称",
                "a source with `url` needs `file_name`: the name its export gets beside those of the inbox"
            );
            table.error("url", message);
        }
        let asking = asking.unwrap_or_default();
        let remote = Remote {
            url,
            file_name: file_name.unwrap_or_default(),
            auth,
            body: asking.body,
            headers: asking.headers,
            series: asking.series,
            between: asking.between.unwrap_or(USUAL_PAUSE),
            timeout: asking.timeout,
            total: asking.total,
            max_bytes: asking.max_bytes,
            least_share: asking.least_share,
            trust_end: asking.trust_end,
            max_stale_days: asking.max_stale_days,
        };
        remote.check(table, patterns);
        Some(remote)
    }

    /// Tells what is wrong with the address, the name and what is filled into them.
    fn check(&self, table: &Table<'_, '_>, patterns: &[GlobMatcher]) {
        let body = self.body.as_deref().unwrap_or_default();
        let texts = [("url", self.url.as_str()), ("file_name", self.file_name.as_str()), ("fetch", body)];
        let Some(series) = &self.series else {
            let mut is_whole = true;
            for (key, _) in texts.iter().filter(|(_, text)| fills(text)) {
                let message = said!(
                    "[fetch] 下写有 `from`（首个要取的报告期，如 \"2024Q1\"）时才会填入报告期",
                    "a period is filled in only with `from` under [fetch]: the first one that is asked for, such as \
                     \"2024Q1\""
                );
                table.error(key, message);
                is_whole = false;
            }
            if is_whole {
                self.check_filled(table, patterns, &self.url, &self.file_name);
            }
            return;
        };
        for (key, place) in texts.iter().filter_map(|(key, text)| Some((key, unknown(text)?))) {
            let message = said!(
                "`{place}` 不会被填入：可用的有 {{year}}、{{quarter}}、{{month}}、{{quarter:02}} 和 {{month:02}}",
                "`{place}` is not filled in: there are {{year}}, {{quarter}}, {{month}}, {{quarter:02}} and {{month:02}}"
            );
            table.error(key, message);
        }
        if !series.tells_apart(&[&self.file_name]) {
            let message = said!(
                "两个报告期的 `file_name` 相同：请在其中写入 {{year}} 以及 {{quarter}} 或 {{month}}",
                "two periods get the same `file_name`: write {{year}} into it, and {{quarter}} or {{month}}"
            );
            table.error("file_name", message);
        }
        if !series.tells_apart(&[&self.url, body]) {
            let message = said!(
                "两个报告期请求的内容相同：请在 `url` 或 [fetch] 下的 `body` 中写入 {{year}} 以及 {{quarter}} 或 {{month}}",
                "two periods ask for the same: write {{year}}, and {{quarter}} or {{month}}, into `url`, or into \
                 `body` under [fetch]"
            );
            table.error("url", message);
        }
        let first = series.first();
        self.check_filled(table, patterns, &fill(&self.url, first), &fill(&self.file_name, first));
    }

    fn check_filled(&self, table: &Table<'_, '_>, patterns: &[GlobMatcher], url: &str, file_name: &str) {
        for mistake in address::mistakes(url) {
            table.error("url", said!("网址无法使用：{mistake}", "not a usable address: {mistake}"; mistake));
        }
        if table.has("file_name") {
            check_name(table, file_name, patterns);
        }
    }
}

/// Headers that requests have of their own, or that carry what stands in no definition.
const OWN_HEADERS: [&str; 10] = [
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "cookie",
    "host",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "range",
];

fn headers(table: &Table<'_, '_>) -> Vec<(String, String)> {
    let headers = table.text_map("headers");
    for (name, value) in &headers {
        if OWN_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
            let message = said!(
                "`{name}` 不能在此设置：其内容由本程序决定，或为密钥，须由 `auth_env` 或 `auth_file` 指明",
                "`{name}` cannot be set here: what it says is the program's own, or a secret, which `auth_env` or \
                 `auth_file` names"
            );
            table.error("headers", message);
        } else if !is_header_name(name) || value.contains(|c: char| !(' '..='~').contains(&c)) {
            let message = said!(
                "`{name}` 不是请求头：名称由字母、数字和 `-` 组成，值限于 ASCII",
                "`{name}` is no header: a name of letters, digits and `-`, and a value within ASCII"
            );
            table.error("headers", message);
        }
    }
    headers
}

/// The characters of a token, as HTTP has it.
fn is_header_name(name: &str) -> bool {
    let is_of_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && name.chars().all(is_of_token)
}

fn auth(table: &Table<'_, '_>) -> Option<Auth> {
    let (variable, file) = (table.opt_text("auth_env"), table.opt_text("auth_file"));
    let (header, query) = (table.opt_text("auth_header"), table.opt_text("auth_query"));
    if variable.is_some() && file.is_some() {
        let message = said!(
            "密钥只存放于一处：请写 `auth_env` 或 `auth_file`",
            "a secret is kept in one place: write `auth_env` or `auth_file`"
        );
        table.error("auth_file", message);
    }
    if header.is_some() && query.is_some() {
        let message = said!(
            "密钥只以一种方式发送：请写 `auth_header` 或 `auth_query`",
            "a secret is sent in one way: write `auth_header` or `auth_query`"
        );
        table.error("auth_query", message);
    }
    if let Some(name) = &variable
        && (name.is_empty() || name.contains(|c: char| !(c.is_ascii_alphanumeric() || c == '_')))
    {
        let message = said!(
            "`auth_env` 为环境变量的名称，如 STATS_TOKEN，由字母、数字和 `_` 组成；密钥本身不得写入文件",
            "`auth_env` is the name of an environment variable, such as STATS_TOKEN: letters, digits and `_`; \
             the secret itself has no place in a file"
        );
        table.error("auth_env", message);
    }
    if header.as_ref().is_some_and(|name| !is_header_name(name)) {
        let message = said!(
            "`auth_header` 为请求头的名称，如 X-Api-Key；不写时为 Authorization",
            "`auth_header` is the name of a header, such as X-Api-Key; left out, it is Authorization"
        );
        table.error("auth_header", message);
    }
    if query.as_ref().is_some_and(String::is_empty) {
        let message = said!(
            "`auth_query` 为网址参数的名称，如 token",
            "`auth_query` is the name of a parameter of the address, such as token"
        );
        table.error("auth_query", message);
    }
    let kept = match (variable, file) {
        (Some(variable), _) => KeptIn::Variable(variable),
        (None, Some(file)) => KeptIn::File(file),
        (None, None) => {
            for key in ["auth_header", "auth_query"].into_iter().filter(|key| table.has(key)) {
                let message = said!(
                    "`{key}` 须与 `auth_env` 或 `auth_file`（密钥存放之处）并用",
                    "`{key}` needs `auth_env` or `auth_file`: where the secret is kept"
                );
                table.error(key, message);
            }
            return None;
        }
    };
    let shown = match query {
        Some(name) => ShownAs::Query(name),
        None => ShownAs::Header(header.unwrap_or_else(|| "authorization".to_owned())),
    };
    Some(Auth { kept, shown })
}

/// The name of a fetched export is one that a file of the inbox could have, and that its own definition claims.
fn check_name(table: &Table<'_, '_>, name: &str, patterns: &[GlobMatcher]) {
    let is_plain = |part: &str| !part.is_empty() && part.trim() == part && !part.starts_with(['.', '~']);
    if !name.split('/').all(is_plain) || name.contains(|c: char| c.is_control() || c == '\\') {
        let message = said!(
            "`file_name` 为收件目录下的路径，文件夹之间用 `/`：不得含 `..`，不得以点或斜杠开头，名称前后不得有空白",
            "`file_name` is a path below the inbox, with `/` between folders: no `..`, no leading dot or slash, no \
             blanks around a name"
        );
        table.error("file_name", message);
    } else if !name.to_ascii_lowercase().ends_with(".zip")
        && !patterns.is_empty()
        && !patterns.iter().any(|pattern| pattern.is_match(name))
    {
        let message = said!(
            "`match` 不认领 `{name}`：请改用其认领的名称，或放宽 `match`",
            "`match` does not claim `{name}`: write a name that it does, or widen `match`"
        );
        table.error("file_name", message);
    }
}

/// A number of seconds, whole or not, from a thousandth to an hour.
fn seconds(table: &Table<'_, '_>, key: &str) -> Option<Duration> {
    let seconds = table.opt_number(key)?;
    if (0.001..=LONGEST_SECONDS).contains(&seconds) {
        return Some(Duration::from_secs_f64(seconds));
    }
    let message = said!(
        "`{key}` 应介于 0.001 与 {LONGEST_SECONDS} 秒之间",
        "`{key}` must be from 0.001 to {LONGEST_SECONDS} seconds"
    );
    table.error(key, message);
    None
}

fn days(table: &Table<'_, '_>) -> Option<i64> {
    i64::try_from(limits::opt_whole(table, "max_stale_days", MOST_DAYS)?).ok()
}
