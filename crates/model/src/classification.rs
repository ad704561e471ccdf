//! The classification of enterprises: the models of a method, its tests, and what it may be made from.

mod check;
mod points;
mod sql;

use std::collections::{BTreeMap, BTreeSet};

pub use check::check;
pub use points::largest_panel;
pub use sql::{TABLE, models};

use super::sql::Models;
use super::sql::model::Model;
use config::ConfigError;
use config::source::{Collection, Source};
use vocab::{Said, said};

/// Refuses a classification that reads, by whatever way, anything but registers and administrative data: what enterprises
/// report for statistics must not be used to judge them (统计法 第二十五条). One mistake for each such dataset, with the way to it.
pub fn check_collections(models: &Models, sources: &[Source]) -> Vec<ConfigError> {
    let by_table: BTreeMap<&str, &Model> = models.ordered().iter().map(|model| (model.table.as_str(), model)).collect();
    let mut errors = Vec::new();
    let mut seen = BTreeSet::new();
    let mut paths: Vec<Vec<&str>> = vec![vec![TABLE]];
    while let Some(path) = paths.pop() {
        let Some(table) = path.last().copied().filter(|table| seen.insert(*table)) else { continue };
        for read in by_table.get(table).into_iter().flat_map(|model| &model.reads) {
            paths.push(path.iter().copied().chain([read.as_str()]).collect());
        }
        let forbidden = sources
            .iter()
            .filter(|source| source.dataset == table && !by_table.contains_key(table))
            .find(|source| source.collection != Collection::Administrative);
        if let Some(source) = forbidden {
            let file = format!("{}.sql", path.get(path.len().saturating_sub(2)).copied().unwrap_or(TABLE));
            let (collection, id) = (source.collection.as_str(), &source.id);
            let way = Said::new(path.join(" 读取 "), path.join(" reads "));
            let message = said!(
                "不得依据 `{table}` 对企业分类，其 collection 为 \"{collection}\"（sources/{id}.toml）：{way}；只能使用行政记录",
                "enterprises may not be classified by `{table}`, whose collection is \"{collection}\" \
                 (sources/{id}.toml): {way}; use administrative data only";
                way
            );
            errors.push(ConfigError { file, line: 0, column: 0, message, excerpt: String::new() });
        }
    }
    errors.sort();
    errors
}
