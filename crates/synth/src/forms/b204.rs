//! B204-1 工业产销总值及主要产品产量: UTF-8 with BOM, two header rows, qianyuan.

use crate::dice::{Dice, Topic};
use crate::error::Error;
use crate::facts::CLASSES;
use crate::latent::Return;
use crate::mess::{self, Habit};
use crate::quarter::{Day, Quarter};
use crate::register::World;
use crate::spoil::{self, Form, Plan, Rows};
use crate::write::{Cell, Charset, Delimited, File, SYNTHETIC};

/// Columns before the first item.
const KEYS: usize = 3;

/// The first sending of a quarter.
pub(crate) fn first(world: &World, quarter: Quarter, returns: &[Return]) -> Result<File, Error> {
    let plan = spoil::plan(world, Form::B204, quarter, returns.len());
    let mut table = head(quarter);
    let mut rows = Rows::new(&mut table, plan.extra);
    for (place, entry) in returns.iter().enumerate() {
        let mut dice = dice(world, quarter, entry, 0);
        let mut cells =
            cells(world, quarter, entry, &mut dice, spoil::first_factor(world, Form::B204, quarter, entry.enterprise));
        let kind = plan.replaced.iter().find(|(row, _)| *row == place).map(|&(_, kind)| kind);
        if kind.is_some() {
            cells[KEYS] = mess::not_a_number(&mut dice, entry.output.now);
        }
        rows.write(world, entry.enterprise, &cells, kind)?;
    }
    let (rows, spoiled) = (rows.rows, rows.spoiled);
    Ok(File { name: name(quarter, quarter.sent(1, 21)), bytes: table.finish(), rows, spoiled })
}

/// The later file with the rows that were spoiled or are restated.
pub(crate) fn revised(world: &World, quarter: Quarter, returns: &[Return]) -> Result<File, Error> {
    let Plan { replaced, .. } = spoil::plan(world, Form::B204, quarter, returns.len());
    let mut table = head(quarter);
    let mut rows = Rows::new(&mut table, None);
    for (place, entry) in returns.iter().enumerate() {
        let spoiled = replaced.iter().any(|(row, _)| *row == place);
        if spoil::is_in_revision(world, Form::B204, quarter, entry.enterprise, spoiled) {
            let mut dice = dice(world, quarter, entry, 1);
            rows.write(world, entry.enterprise, &cells(world, quarter, entry, &mut dice, 1.0), None)?;
        }
    }
    let rows = rows.rows;
    Ok(File { name: name(quarter, quarter.sent(3, 12)), bytes: table.finish(), rows, spoiled: Vec::new() })
}

fn name(quarter: Quarter, sent: Day) -> String {
    format!("exports/统计局/B204-1工业产销总值_{}_{}.csv", quarter.cumulative(), sent.compact())
}

fn dice(world: &World, quarter: Quarter, entry: &Return, sending: u64) -> Dice {
    world.seed.at(Topic::Mess, entry.enterprise as u64, (quarter.key() * 8 + Form::B204 as u64) * 2 + sending)
}

fn head(quarter: Quarter) -> Delimited {
    let mut table = Delimited::new(Charset::Utf8Bom, "\n", ',');
    table.line("工业产销总值及主要产品产量（B204-1表）");
    table.line(SYNTHETIC);
    table.line(&format!("报告期：{},,,单位：千元", quarter.cumulative()));
    let mut names = vec!["统一社会信用代码", "单位详细名称", "行业代码"];
    let mut measures = vec![""; KEYS];
    for name in ["工业总产值", "工业销售产值", "出口交货值"] {
        names.extend([name, name]);
        measures.extend(["1-本月", "上年同期"]);
    }
    table.texts(&names);
    table.texts(&measures);
    table
}

fn cells(world: &World, quarter: Quarter, entry: &Return, dice: &mut Dice, factor: f64) -> Vec<Cell> {
    let enterprise = &world.enterprises[entry.enterprise];
    let mut cells = vec![
        mess::key(dice, Habit::Csv, enterprise.code, quarter.year(), 0.005),
        mess::text(dice, Habit::Csv, world.name(entry.enterprise)),
        mess::class(dice, CLASSES[enterprise.class].code),
    ];
    for item in [entry.output, entry.sales, entry.exports] {
        cells.push(mess::number(dice, Habit::Csv, spoil::scaled(item.now, factor), 0));
        cells.push(mess::number(dice, Habit::Csv, item.before, 0));
    }
    cells
}
