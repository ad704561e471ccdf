//! 规上工业企业申报: tab-separated text of the tax authority, wanyuan, year to date.

use crate::dice::Topic;
use crate::error::Error;
use crate::facts::CLASSES;
use crate::latent::Return;
use crate::mess::{self, Habit};
use crate::quarter::Quarter;
use crate::register::World;
use crate::spoil::{self, Form, Rows};
use crate::write::{Charset, Delimited, File, SYNTHETIC};

/// The file of a quarter.
pub(crate) fn file(world: &World, quarter: Quarter, returns: &[Return]) -> Result<File, Error> {
    let plan = spoil::plan(world, Form::Filing, quarter, returns.len());
    let mut table = Delimited::new(Charset::Utf8, "\n", '\t');
    table.line("规上工业企业纳税申报与社保缴费");
    table.line(SYNTHETIC);
    table.texts(&[format!("所属期：{}", quarter.cumulative()), "单位：万元".to_owned()]);
    table.texts(&[
        "社会信用代码",
        "纳税人名称",
        "行业代码",
        "开票销售收入",
        "增加值(收入法)",
        "研发费用加计扣除额",
        "社保缴费人数(人)",
    ]);
    let mut rows = Rows::new(&mut table, plan.extra);
    for entry in returns {
        let enterprise = &world.enterprises[entry.enterprise];
        let mut dice = world.seed.at(Topic::Mess, entry.enterprise as u64, (1 << 44) + quarter.key());
        let filed = &entry.admin;
        let cells = [
            mess::key(&mut dice, Habit::Other, enterprise.code, quarter.year(), 0.5),
            mess::text(&mut dice, Habit::Other, world.name(entry.enterprise)),
            CLASSES[enterprise.class].code.into(),
            mess::number(&mut dice, Habit::Other, filed.sales, 2),
            mess::optional(&mut dice, Habit::Other, filed.value_added, 2),
            mess::number(&mut dice, Habit::Other, filed.research, 2),
            mess::number(&mut dice, Habit::Other, filed.insured, 0),
        ];
        rows.write(world, entry.enterprise, &cells, None)?;
    }
    let (rows, spoiled) = (rows.rows, rows.spoiled);
    let name = format!("exports/税务/规上工业企业申报_{}_{}.txt", quarter.cumulative(), quarter.sent(1, 21).compact());
    Ok(File { name, bytes: table.finish(), rows, spoiled })
}
