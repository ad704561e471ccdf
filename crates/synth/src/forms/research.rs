//! 规上工业企业研发活动: GB18030, two header rows, qianyuan, one row for each enterprise with R&D. A sample form.

use crate::dice::Topic;
use crate::error::Error;
use crate::latent::Return;
use crate::mess::{self, Habit};
use crate::quarter::Quarter;
use crate::register::World;
use crate::research::{self, Research};
use crate::spoil::{self, Form, Rows};
use crate::write::{Charset, Delimited, File, SYNTHETIC};

/// The file of a quarter.
pub(crate) fn file(world: &World, quarter: Quarter, returns: &[Return]) -> Result<File, Error> {
    let filed: Vec<(usize, Research)> = returns
        .iter()
        .filter_map(|entry| research::of(world, quarter, entry).map(|research| (entry.enterprise, research)))
        .collect();
    let plan = spoil::plan(world, Form::Research, quarter, filed.len());
    let mut table = Delimited::new(Charset::Gb18030, "\r\n", ',');
    table.line("规上工业企业研发活动");
    table.line(SYNTHETIC);
    table.line(&format!("报告期：{},,,单位：千元", quarter.cumulative()));
    table.texts(&["统一社会信用代码", "单位详细名称", "研发经费支出", "研发经费支出"]);
    table.texts(&["", "", "本年累计", "上年同期"]);
    let mut rows = Rows::new(&mut table, plan.extra);
    for (index, research) in &filed {
        let enterprise = &world.enterprises[*index];
        let salt = (quarter.key() * 64 + Form::Research as u64) * 2;
        let mut dice = world.seed.at(Topic::Mess, *index as u64, salt);
        let cells = [
            mess::key(&mut dice, Habit::Csv, enterprise.code, quarter.year(), 0.005),
            mess::text(&mut dice, Habit::Csv, world.name(*index)),
            mess::optional(&mut dice, Habit::Csv, research.now, 0),
            mess::optional(&mut dice, Habit::Csv, research.before, 0),
        ];
        rows.write(world, *index, &cells, None)?;
    }
    let (rows, spoiled) = (rows.rows, rows.spoiled);
    let name =
        format!("exports/统计局/规上工业企业研发活动_{}_{}.csv", quarter.cumulative(), quarter.sent(1, 26).compact());
    Ok(File { name, bytes: table.finish(), rows, spoiled })
}
