//! 规模以上工业增加值 of the province, in the layout of the national database: ragged GB18030, newest period first.

use crate::register::World;
use crate::write::{Charset, Delimited, File, SYNTHETIC, decimal};

/// The table of the whole sample; `values` are the published cumulative values in 10^-2 yi yuan, oldest first.
pub(crate) fn file(world: &World, values: &[i64]) -> File {
    let mut table = Delimited::new(Charset::Gb18030, "\r\n", ',');
    table.line("数据库：分省季度数据");
    table.line("地区：河南省");
    table.line(&format!("时间：最近{}季度", world.quarters));
    let newest_first: Vec<_> = world.periods().zip(values).collect::<Vec<_>>().into_iter().rev().collect();
    let row = |label: &str, cells: &mut dyn Iterator<Item = String>| -> Vec<String> {
        std::iter::once(label.to_owned()).chain(cells).collect()
    };
    table.texts(&row("指标", &mut newest_first.iter().map(|(quarter, _)| quarter.national())));
    table.texts(&row("规模以上工业增加值累计值(亿元)", &mut newest_first.iter().map(|(_, value)| decimal(**value, 2))));
    let growth = |(quarter, _): &(_, _)| decimal(world.economy.published_growth_e1(*quarter), 1);
    table.texts(&row("规模以上工业增加值累计增长(%)", &mut newest_first.iter().map(growth)));
    table.line("注：1.累计值按现价计算；累计增长按可比价格计算。");
    table.line(&format!("　　2.{SYNTHETIC}。"));
    table.line("数据来源：国家统计局");
    let name = format!("exports/国家统计局/规模以上工业增加值_河南省_季度_{}.csv", world.last().sent(1, 20).compact());
    File { name, bytes: table.finish(), rows: 2, spoiled: Vec::new() }
}
