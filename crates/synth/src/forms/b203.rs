//! B203 财务状况: GB18030, three header rows, qianyuan.

use crate::dice::{Dice, Topic};
use crate::doings::REVENUE;
use crate::error::Error;
use crate::facts::CLASSES;
use crate::latent::Return;
use crate::mess::{self, Habit};
use crate::quarter::{Day, Quarter};
use crate::register::World;
use crate::spoil::{self, Form, Plan, Rows};
use crate::write::{Cell, Charset, Delimited, File, SYNTHETIC};

const ITEMS: [(&str, &str); 7] = [
    ("营业收入", "301"),
    ("营业成本", "307"),
    ("税金及附加", "309"),
    ("研发费用", "331"),
    ("营业利润", "323"),
    ("利润总额", "327"),
    ("应交增值税", "402"),
];
/// Columns before the first item.
const KEYS: usize = 4;

/// The first sending of a quarter.
pub(crate) fn first(world: &World, quarter: Quarter, returns: &[Return]) -> Result<File, Error> {
    let plan = spoil::plan(world, Form::B203, quarter, returns.len());
    let mut table = head(quarter);
    let mut rows = Rows::new(&mut table, plan.extra);
    for (place, entry) in returns.iter().enumerate() {
        let mut dice = dice(world, quarter, entry, 0);
        let mut cells =
            cells(world, quarter, entry, &mut dice, spoil::first_factor(world, Form::B203, quarter, entry.enterprise));
        let kind = plan.replaced.iter().find(|(row, _)| *row == place).map(|&(_, kind)| kind);
        if let Some(kind) = kind {
            let revenue = entry.money[REVENUE].now;
            let spoiled = if kind == spoil::NOT_A_NUMBER {
                mess::not_a_number(&mut dice, revenue)
            } else {
                mess::missing(&mut dice)
            };
            cells[KEYS + 2 * REVENUE] = spoiled;
        }
        rows.write(world, entry.enterprise, &cells, kind)?;
    }
    let (rows, spoiled) = (rows.rows, rows.spoiled);
    Ok(File { name: name(quarter, quarter.sent(1, 23)), bytes: table.finish(), rows, spoiled })
}

/// The later file with the rows that were spoiled or are restated.
pub(crate) fn revised(world: &World, quarter: Quarter, returns: &[Return]) -> Result<File, Error> {
    let Plan { replaced, .. } = spoil::plan(world, Form::B203, quarter, returns.len());
    let mut table = head(quarter);
    let mut rows = Rows::new(&mut table, None);
    for (place, entry) in returns.iter().enumerate() {
        let spoiled = replaced.iter().any(|(row, _)| *row == place);
        if spoil::is_in_revision(world, Form::B203, quarter, entry.enterprise, spoiled) {
            let mut dice = dice(world, quarter, entry, 1);
            rows.write(world, entry.enterprise, &cells(world, quarter, entry, &mut dice, 1.0), None)?;
        }
    }
    let rows = rows.rows;
    Ok(File { name: name(quarter, quarter.sent(3, 15)), bytes: table.finish(), rows, spoiled: Vec::new() })
}

fn name(quarter: Quarter, sent: Day) -> String {
    format!("exports/统计局/B203财务状况_{}_{}.csv", quarter.cumulative(), sent.compact())
}

fn dice(world: &World, quarter: Quarter, entry: &Return, sending: u64) -> Dice {
    world.seed.at(Topic::Mess, entry.enterprise as u64, (quarter.key() * 8 + Form::B203 as u64) * 2 + sending)
}

fn head(quarter: Quarter) -> Delimited {
    let mut table = Delimited::new(Charset::Gb18030, "\r\n", ',');
    table.line("财务状况（B203表）");
    table.line(SYNTHETIC);
    table.line(&format!("报告期：{},,,单位：千元", quarter.cumulative()));
    let mut names = vec!["统一社会信用代码", "单位详细名称", "行业代码", "行政区划代码"];
    let mut codes = vec![""; KEYS];
    let mut measures = vec![""; KEYS];
    for (name, code) in ITEMS {
        names.extend([name, name]);
        codes.extend([code, code]);
        measures.extend(["1-本月", "上年同期"]);
    }
    names.push("平均用工人数");
    codes.push("");
    measures.push("本月");
    table.texts(&names);
    table.texts(&codes);
    table.texts(&measures);
    table
}

fn cells(world: &World, quarter: Quarter, entry: &Return, dice: &mut Dice, factor: f64) -> Vec<Cell> {
    let enterprise = &world.enterprises[entry.enterprise];
    let mut cells = Vec::with_capacity(KEYS + 2 * ITEMS.len() + 1);
    cells.push(mess::key(dice, Habit::Csv, enterprise.code, quarter.year(), 0.005));
    cells.push(mess::text(dice, Habit::Csv, world.name(entry.enterprise)));
    cells.push(mess::class(dice, CLASSES[enterprise.class].code));
    cells.push(world.region(entry.enterprise, quarter).into());
    for item in entry.money {
        cells.push(mess::number(dice, Habit::Csv, spoil::scaled(item.now, factor), 0));
        cells.push(mess::number(dice, Habit::Csv, item.before, 0));
    }
    cells.push(mess::optional(dice, Habit::Csv, entry.employees, 0));
    cells
}
