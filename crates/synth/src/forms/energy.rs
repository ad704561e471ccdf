//! 205-1 能源购进消费与库存: a real workbook with merged headers, tonnes of standard coal.

use crate::dice::{Dice, Topic};
use crate::error::Error;
use crate::latent::Return;
use crate::mess::{self, Habit};
use crate::quarter::Quarter;
use crate::register::World;
use crate::spoil::{self, Form, Rows};
use crate::write::{Cell, File, SYNTHETIC, Sheet};

const COLUMNS: u16 = 6;

/// The workbook of a quarter.
pub(crate) fn file(world: &World, quarter: Quarter, returns: &[Return]) -> Result<File, Error> {
    let plan = spoil::plan(world, Form::Energy, quarter, returns.len());
    let mut sheet = Sheet::new("205-1")?;
    sheet.banner("能源购进、消费与库存（205-1表）", COLUMNS)?;
    sheet.banner(SYNTHETIC, COLUMNS)?;
    sheet.banner(&format!("报告期：{}", quarter.cumulative()), COLUMNS)?;
    sheet.header(
        &[
            ("统一社会信用代码", 0, 0, 1, 2),
            ("单位详细名称", 1, 0, 1, 2),
            ("综合能源消费量(吨标准煤)(当量值)", 2, 0, 2, 1),
            ("电力消费量(万千瓦时)", 4, 0, 2, 1),
            ("本年累计", 2, 1, 1, 1),
            ("上年同期累计", 3, 1, 1, 1),
            ("本年累计", 4, 1, 1, 1),
            ("上年同期累计", 5, 1, 1, 1),
        ],
        2,
    )?;
    let mut rows = Rows::new(&mut sheet, plan.extra);
    for entry in returns {
        let mut dice =
            world.seed.at(Topic::Mess, entry.enterprise as u64, (quarter.key() * 8 + Form::Energy as u64) * 2);
        rows.write(world, entry.enterprise, &cells(world, quarter, entry, &mut dice), None)?;
    }
    let (rows, spoiled) = (rows.rows, rows.spoiled);
    let name =
        format!("exports/能源/205-1能源购进消费与库存_{}_{}.xlsx", quarter.cumulative(), quarter.sent(1, 24).compact());
    Ok(File { name, bytes: sheet.finish()?, rows, spoiled })
}

fn cells(world: &World, quarter: Quarter, entry: &Return, dice: &mut Dice) -> Vec<Cell> {
    let enterprise = &world.enterprises[entry.enterprise];
    let mut cells = vec![
        mess::key(dice, Habit::Other, enterprise.code, quarter.year(), 0.005),
        mess::text(dice, Habit::Other, world.name(entry.enterprise)),
    ];
    for value in [entry.energy, entry.energy_before, Some(entry.power.now), Some(entry.power.before)] {
        let cell = mess::optional(dice, Habit::Other, value, 2);
        // Some numbers were pasted in as text.
        cells.push(if dice.chance(0.03) { Cell::Text(cell.render()) } else { cell });
    }
    cells
}
