//! 规上工业企业用能计量: what the suppliers of energy metered, as standard coal by calorific value, year to date.

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
    let plan = spoil::plan(world, Form::Meter, quarter, returns.len());
    let mut table = Delimited::new(Charset::Utf8Bom, "\r\n", ',');
    table.line("规上工业企业用能计量");
    table.line(SYNTHETIC);
    table.line(&format!("统计期：{},,单位：吨标准煤", quarter.cumulative()));
    table.texts(&["统一社会信用代码", "用户名称", "用能量(当量值)"]);
    let mut rows = Rows::new(&mut table, plan.extra);
    for entry in returns {
        let mut dice = world.seed.at(Topic::Mess, entry.enterprise as u64, (1 << 45) + quarter.key());
        let cells = [
            mess::key(&mut dice, Habit::Csv, world.enterprises[entry.enterprise].code, quarter.year(), 0.02),
            mess::text(&mut dice, Habit::Csv, world.name(entry.enterprise)),
            mess::number(&mut dice, Habit::Csv, entry.admin.metered, 2),
        ];
        rows.write(world, entry.enterprise, &cells, None)?;
    }
    let (rows, spoiled) = (rows.rows, rows.spoiled);
    let name =
        format!("exports/供能企业/规上工业企业用能计量_{}_{}.csv", quarter.cumulative(), quarter.sent(1, 12).compact());
    Ok(File { name, bytes: table.finish(), rows, spoiled })
}
