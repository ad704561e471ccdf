//! 分行业工业生产者出厂价格指数: one table, newest period first, cumulative, same period of last year = 100.

use crate::facts::DIVISIONS;
use crate::register::World;
use crate::write::{Charset, Delimited, File, SYNTHETIC, decimal};

/// The table of the whole sample.
pub(crate) fn file(world: &World) -> File {
    let mut table = Delimited::new(Charset::Utf8Bom, "\n", ',');
    table.line("分行业工业生产者出厂价格指数");
    table.line(SYNTHETIC);
    table.line("上年同期=100");
    let newest_first: Vec<_> = world.periods().collect::<Vec<_>>().into_iter().rev().collect();
    let mut header = vec!["行业大类代码".to_owned(), "行业大类名称".to_owned()];
    header.extend(newest_first.iter().map(|quarter| quarter.cumulative()));
    table.texts(&header);
    for (division, fact) in DIVISIONS.iter().enumerate() {
        // A spreadsheet program took the leading zero of some.
        let code = if division % 2 == 0 { fact.code.trim_start_matches('0') } else { fact.code };
        let mut row = vec![code.to_owned(), fact.name.to_owned()];
        row.extend(newest_first.iter().map(|&quarter| decimal(world.economy.ppi_e1(quarter, division), 1)));
        table.texts(&row);
    }
    let name = format!("exports/统计局/分行业工业生产者出厂价格指数_{}.csv", world.last().sent(1, 16).compact());
    File { name, bytes: table.finish(), rows: DIVISIONS.len() as u64, spoiled: Vec::new() }
}
