//! The report that people open in a browser: the province on one page, a page for the province, each city and each park with all its
//! indicators, and what the indicators mean. Everything is in the files: no network, no storage, and no script that would be
//! needed to read them.

mod area;
mod change;
mod chart;
mod cities;
mod head;
mod index;
mod indicators;
mod issue;
mod movers;
mod quality;
mod ranking;
mod svg;
mod targets;
mod tasks;
mod text;

use std::sync::Arc;

use super::board::Board;
use head::{SCRIPT, STYLE};
use issue::{Issue, path};
use publish::Later;
use vocab::level::Level;
use vocab::period::Quarter;

/// Writes a page of a report.
type Write<'a> = Box<dyn Fn(&Issue<'a>) -> askama::Result<String> + Send + Sync + 'a>;

/// The files of the report of a quarter.
pub fn files<'a>(board: &'a Board<'a>, quarter: Quarter) -> Vec<Later<'a>> {
    let issue = Arc::new(Issue::new(board, quarter));
    let folder = format!("reports/{quarter}");
    let page = |name: &str, write: Write<'a>| {
        let issue = issue.clone();
        let make = move || write(&issue).map(String::into_bytes).map_err(|error| error.to_string());
        Later { path: format!("{folder}/{name}"), make: Box::new(make) }
    };
    let mut files = vec![
        page("index.html", Box::new(index::page)),
        page("indicators.html", Box::new(indicators::page)),
        page("style.css", Box::new(|_| Ok(STYLE.to_owned()))),
        page("script.js", Box::new(|_| Ok(SCRIPT.to_owned()))),
    ];
    for level in [Level::Province, Level::City, Level::Park] {
        for area in issue.areas(level) {
            let name = path(&issue, area);
            files.push(page(&name, Box::new(move |issue| area::page(issue, area))));
        }
    }
    files
}
