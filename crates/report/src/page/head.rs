//! What stands at the head and the foot of every page, and what all pages look like and do.

use super::issue::Issue;
use super::text::{self, Both};
use protect::Profile;

/// What every page looks like: in the province's page itself, for the others beside it.
pub const STYLE: &str = include_str!("style.css");
/// What pages do when they are used.
pub const SCRIPT: &str = include_str!("script.js");

/// What every page is told of the report.
pub struct Head {
    /// Title of the window.
    pub title: Both,
    /// Whose parks they are.
    pub province: String,
    /// The quarter in full.
    pub period: Both,
    /// The notice that goes with everything published; empty for real data.
    pub notice: Option<Both>,
    /// The latest day of issue of what the figures are made from.
    pub vintage: Option<String>,
    /// For whom the release is.
    pub profile: Both,
    /// What leads from a page to the folder of the report.
    pub up: &'static str,
}

impl Head {
    /// The head of a page with this title.
    pub fn of(issue: &Issue<'_>, title: &Both, up: &'static str) -> Head {
        let site = &issue.board.config.site;
        let period = text::quarter(issue.quarter);
        let profile = match issue.board.profile() {
            Profile::Internal => Both::new("内部使用，含不宜公开的数据", "internal, with confidential figures"),
            Profile::Public => Both::new("公开", "public"),
        };
        Head {
            title: Both::new(format!("{} {}", title.zh, period.zh), format!("{}, {}", title.en, period.en)),
            province: site.province_name.clone(),
            notice: (!site.notice.is_empty()).then(|| notice(&site.notice)),
            vintage: issue.board.vintage(issue.quarter).map(|day| day.to_string()),
            period,
            profile,
            up,
        }
    }
}

/// A notice is one text with both languages in it, in either order.
fn notice(text: &str) -> Both {
    let Some((first, second)) = text.split_once(" / ") else { return Both::same(text) };
    if first.is_ascii() { Both::new(second, first) } else { Both::new(first, second) }
}
