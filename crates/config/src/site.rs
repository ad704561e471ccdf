//! Settings of one installation: where things are, limits, gates, protection.

use super::access::Access;
use super::coverage::Sufficiency;
use super::document::{Table, did_you_mean};
use super::fetching::Fetching;
use super::limits::{self, Limits};
use super::range::SHARE;
use super::reports::Reports;
use super::retention::Retention;
use vocab::period::Quarter;
use vocab::said;

/// The file's name in the configuration folder.
pub(super) const FILE: &str = "site.toml";

/// Largest export, where the settings do not say it.
const USUAL_FILE_BYTES: u64 = 256 << 20;
/// The quarter with which records begin, where the settings do not say it.
const USUAL_EARLIEST: &str = "1990Q1";
/// Seconds that a file must be at rest, where the settings do not say it: a transfer that pauses for longer is rare.
const USUAL_QUIET_SECONDS: u64 = 10;
/// The longest rest: what changes daily is never at rest for longer.
const MOST_QUIET_SECONDS: u64 = 86_400;
/// Problems kept of an export, where the settings do not say it.
const USUAL_PROBLEMS: u64 = 1000;
/// Share of rows in quarantine that is allowed, where the settings do not say it.
const USUAL_QUARANTINE_SHARE: f64 = 0.05;
/// No setting allows more: a text is addressed with 32 bits.
const LARGEST_FILE: u64 = u32::MAX as u64;

/// What `site.toml` means.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// A notice that goes with everything published, such as that the data are synthetic; empty for real data.
    pub notice: String,
    /// Folder of exports, relative to the configuration folder.
    pub inbox: String,
    /// Folder of registers, relative to the configuration folder.
    pub registers: String,
    /// Folder of SQL models, relative to the configuration folder.
    pub models: String,
    /// Folder of pipelines, relative to the configuration folder; it need not be there.
    pub pipelines: String,
    /// The store, relative to the configuration folder.
    pub store: String,
    /// Who may read what the store holds.
    pub access: Access,
    /// Code of the province in `ref_area`.
    pub province_code: String,
    /// Name of the province.
    pub province_name: String,
    /// The dataset whose quarters are the quarters published.
    pub calendar: String,
    /// The quarter with which the records begin: no form is of an earlier one.
    pub earliest_quarter: Option<Quarter>,
    /// The method by which enterprises are classified; none where they are not.
    pub classification: Option<String>,
    /// The method by which parks are assessed; none where they are not.
    pub assessment: Option<String>,
    /// Seconds that a file in the inbox must be at rest before it is taken; zero does not wait.
    pub quiet_seconds: u64,
    /// Largest export accepted, in bytes.
    pub max_file_bytes: u64,
    /// Problems kept for each export; the true count is always kept.
    pub max_problems: usize,
    /// What the content of an export may cost.
    pub limits: Limits,
    /// Share of all data rows in quarantine above which nothing is published.
    pub max_quarantine_share: f64,
    /// Datasets and indicators with the share of what is expected below which nothing is published.
    pub min_coverage: Vec<(String, f64)>,
    /// How much of what was expected must be in a value before it is a figure.
    pub sufficiency: Sufficiency,
    /// How much of the past the store keeps.
    pub retention: Retention,
    /// What people are given to read beside the tables.
    pub reports: Reports,
    /// Fewest enterprises a public figure may rest on.
    pub minimum_units: i64,
    /// How exports are fetched.
    pub fetch: Fetching,
}

impl Site {
    /// `gated` are the datasets and indicators that a gate can be for; empty where they are not known. `methods` are the
    /// methods of classification and those of assessment that there are, where that is known.
    pub(super) fn resolve(table: &Table<'_, '_>, gated: &[String], methods: Option<[&[&str]; 2]>) -> Site {
        let paths = table
            .table("paths", |paths| {
                let path = |key: &str, default: &str| paths.opt_text(key).unwrap_or_else(|| default.to_owned());
                (
                    path("inbox", "../inbox"),
                    path("registers", "registers"),
                    path("models", "../pipelines/models"),
                    path("store", "../store"),
                    path("pipelines", "../pipelines"),
                )
            })
            .unwrap_or_else(|| {
                (
                    "../inbox".into(),
                    "registers".into(),
                    "../pipelines/models".into(),
                    "../store".into(),
                    "../pipelines".into(),
                )
            });
        let limits = table.table("limits", |limits| {
            (
                limits::whole(limits, "max_file_bytes", USUAL_FILE_BYTES, LARGEST_FILE),
                limits::whole(limits, "max_problems", USUAL_PROBLEMS, u64::from(u32::MAX)),
                Limits::resolve(limits),
            )
        });
        let limits = limits.unwrap_or((USUAL_FILE_BYTES, USUAL_PROBLEMS, Limits::default()));
        let quiet_seconds = table.table("receive", |receive| {
            limits::between(receive, "quiet_seconds", USUAL_QUIET_SECONDS, 0, MOST_QUIET_SECONDS)
        });
        let province = province(table);
        let gates = table.table("gates", |gates| {
            let share = gates.number_within("max_quarantine_share", SHARE);
            (share.unwrap_or(USUAL_QUARANTINE_SHARE), min_coverage(gates, gated))
        });
        let gates = gates.unwrap_or((USUAL_QUARANTINE_SHARE, Vec::new()));
        Site {
            notice: table.opt_text("notice").unwrap_or_default(),
            inbox: paths.0,
            registers: paths.1,
            models: paths.2,
            store: paths.3,
            pipelines: paths.4,
            access: table.table("store", Access::resolve).unwrap_or_default(),
            province_code: province.0,
            province_name: province.1,
            calendar: table.text("calendar"),
            earliest_quarter: earliest_quarter(table),
            classification: method(table, "classification", methods.map(|methods| methods[0])),
            assessment: method(table, "assessment", methods.map(|methods| methods[1])),
            quiet_seconds: quiet_seconds.unwrap_or(USUAL_QUIET_SECONDS),
            max_file_bytes: limits.0,
            max_problems: usize::try_from(limits.1).unwrap_or(usize::MAX),
            limits: limits.2,
            max_quarantine_share: gates.0,
            min_coverage: gates.1,
            sufficiency: Sufficiency::resolve(table),
            retention: Retention::resolve(table),
            reports: table.table("reports", Reports::resolve).unwrap_or_default(),
            minimum_units: table
                .table("protect", |protect| protect.int_within("minimum_units", 1..=1000))
                .flatten()
                .unwrap_or(3),
            fetch: table.table("fetch", Fetching::resolve).unwrap_or_default(),
        }
    }
}

/// Code and name of the province; empty after its error was reported.
fn province(table: &Table<'_, '_>) -> (String, String) {
    let province = table.table("province", |province| (province.text("code"), province.text("name")));
    province.unwrap_or_else(|| {
        let message = said!("缺少 [province] 及其 `code` 和 `name`", "[province] with `code` and `name` is missing");
        table.error("province", message);
        Default::default()
    })
}

fn earliest_quarter(table: &Table<'_, '_>) -> Option<Quarter> {
    let text = table.opt_text("earliest_quarter").unwrap_or_else(|| USUAL_EARLIEST.to_owned());
    let quarter = Quarter::parse(&text);
    if quarter.is_none() {
        let message = said!(
            "`{text}` 不是季度；写法如 {USUAL_EARLIEST}",
            "`{text}` is not a quarter; write it like {USUAL_EARLIEST}"
        );
        table.error("earliest_quarter", message);
    }
    quarter
}

fn method(table: &Table<'_, '_>, key: &str, methods: Option<&[&str]>) -> Option<String> {
    let id = table.opt_text(key)?;
    if let Some(methods) = methods.filter(|methods| !methods.contains(&id.as_str())) {
        let hint = did_you_mean(&id, methods);
        let message = said!("没有方法 {key}/{id}.toml{hint}", "there is no method {key}/{id}.toml{hint}"; hint);
        table.error(key, message);
    }
    Some(id)
}

fn min_coverage(gates: &Table<'_, '_>, gated: &[String]) -> Vec<(String, f64)> {
    let shares = gates.number_map("min_coverage");
    let known: Vec<&str> = gated.iter().map(String::as_str).collect();
    for (name, share) in &shares {
        if !known.is_empty() && !known.contains(&name.as_str()) {
            let near = did_you_mean(name, &known);
            let message = said!(
                "`{name}` 既不是表间审核关系所涉及的数据集，也不是写有 `coverage` 的指标{near}",
                "`{name}` is neither a dataset that rules between forms name nor an indicator with `coverage`{near}";
                near
            );
            gates.error("min_coverage", message);
        }
        if !SHARE.contains(share) {
            let message = said!(
                "`{name}`：比例应介于 0 与 1 之间，现为 {share}",
                "`{name}`: a share is from 0 to 1, not {share}"
            );
            gates.error("min_coverage", message);
        }
    }
    shares
}
