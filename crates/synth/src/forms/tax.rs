//! 规上工业企业税收: tab-separated text of the tax authority, wanyuan, with organisation codes in 2017.

use crate::dice::Topic;
use crate::error::Error;
use crate::latent::Return;
use crate::mess::{self, Habit};
use crate::quarter::Quarter;
use crate::register::World;
use crate::spoil::{self, Form, Rows};
use crate::write::{Charset, Delimited, File, SYNTHETIC};

/// The file of a quarter.
pub(crate) fn file(world: &World, quarter: Quarter, returns: &[Return]) -> Result<File, Error> {
    let plan = spoil::plan(world, Form::Tax, quarter, returns.len());
    let mut table = Delimited::new(Charset::Utf8, "\n", '\t');
    table.line("规上工业企业税收");
    table.line(SYNTHETIC);
    table.texts(&[format!("所属期：{}", quarter.cumulative()), "单位：万元".to_owned()]);
    table.texts(&["社会信用代码", "纳税人名称", "实缴税收累计", "上年同期实缴税收累计"]);
    let mut rows = Rows::new(&mut table, plan.extra);
    for entry in returns {
        let enterprise = &world.enterprises[entry.enterprise];
        let mut dice = world.seed.at(Topic::Mess, entry.enterprise as u64, (quarter.key() * 8 + Form::Tax as u64) * 2);
        let cells = [
            mess::key(&mut dice, Habit::Other, enterprise.code, quarter.year(), 0.5),
            mess::text(&mut dice, Habit::Other, world.name(entry.enterprise)),
            mess::optional(&mut dice, Habit::Other, entry.tax, 2),
            mess::number(&mut dice, Habit::Other, entry.tax_before, 2),
        ];
        rows.write(world, entry.enterprise, &cells, None)?;
    }
    let (rows, spoiled) = (rows.rows, rows.spoiled);
    let name = format!("exports/税务/规上工业企业税收_{}_{}.txt", quarter.cumulative(), quarter.sent(1, 20).compact());
    Ok(File { name, bytes: table.finish(), rows, spoiled })
}
