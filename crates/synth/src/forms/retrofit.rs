//! 规上工业企业智能化改造项目名单: a workbook of finished projects, several for some enterprises.

use crate::dice::{Dice, Topic};
use crate::error::Error;
use crate::mess::{self, Habit};
use crate::quarter::Month;
use crate::register::World;
use crate::spoil::{CHECK_DIGIT, UNKNOWN_UNIT};
use crate::write::{Cell, File, SYNTHETIC, Sheet, Sink, Spoiled};

const COLUMNS: u16 = 5;
const TITLE: &str = "规上工业企业智能化改造项目名单";
const PROJECTS: [&str; 6] = ["智能工厂", "智能车间", "关键工序智能化改造", "机器换人", "制造执行系统", "设备联网"];

/// The list at the end of the sample.
pub(crate) fn file(world: &World) -> Result<File, Error> {
    let mut sheet = Sheet::new("名单")?;
    sheet.banner(TITLE, COLUMNS)?;
    sheet.banner(SYNTHETIC, COLUMNS)?;
    sheet.header(
        &[
            ("序号", 0, 0, 1, 1),
            ("统一社会信用代码", 1, 0, 1, 1),
            ("企业名称", 2, 0, 1, 1),
            ("项目名称", 3, 0, 1, 1),
            ("完成时间", 4, 0, 1, 1),
        ],
        1,
    )?;
    let projects: Vec<(usize, Month)> = (0..world.enterprises.len()).flat_map(|index| projects(world, index)).collect();
    let mut spoiled = Vec::new();
    let mut serial = 0;
    let places = [(projects.len() / 3, CHECK_DIGIT), (projects.len() * 2 / 3, UNKNOWN_UNIT)];
    for (place, &(enterprise, month)) in projects.iter().enumerate() {
        let mut dice = world.seed.at(Topic::Mess, 1 << 42, place as u64);
        serial += 1;
        let cells = cells(world, &mut dice, serial, enterprise, month);
        sheet.row(&cells)?;
        if let Some(&(_, kind)) = places.iter().find(|(chosen, _)| *chosen == place) {
            serial += 1;
            let cells = strange(world, serial, enterprise, kind, cells);
            spoiled.push(Spoiled { row: sheet.row(&cells)?, kind });
        }
    }
    let name = format!("exports/工信/{TITLE}_{}.xlsx", world.last().sent(1, 18).compact());
    Ok(File { name, bytes: sheet.finish()?, rows: serial as u64, spoiled })
}

/// The projects of an enterprise, not in order: the earliest is what counts.
fn projects(world: &World, index: usize) -> Vec<(usize, Month)> {
    let Some(first) = world.enterprises[index].retrofit else { return Vec::new() };
    let mut dice = world.seed.at(Topic::Retrofit, index as u64, 1);
    let last = Month::of(world.last().last_day());
    let later = if dice.chance(0.2) { last.since(first).max(0) } else { 0 };
    let mut projects = vec![(index, first)];
    if later > 0 {
        projects.push((index, first.plus(1 + dice.below(later as usize) as i32)));
        if dice.chance(0.5) {
            projects.reverse();
        }
    }
    projects
}

fn cells(world: &World, dice: &mut Dice, serial: i64, index: usize, month: Month) -> Vec<Cell> {
    vec![
        Cell::whole(serial),
        mess::key(dice, Habit::Other, world.enterprises[index].code, i32::MAX, 0.0),
        mess::text(dice, Habit::Other, world.name(index)),
        PROJECTS[dice.below(PROJECTS.len())].into(),
        written(dice, month).into(),
    ]
}

/// A month in one of the writings that lists use.
pub(super) fn written(dice: &mut Dice, month: Month) -> String {
    let (year, month) = (month.year(), month.month());
    match dice.below(4) {
        0 => format!("{year}年{month}月"),
        1 => format!("{year}.{month:02}"),
        2 => format!("{year}{month:02}"),
        _ => format!("{year}-{month:02}"),
    }
}

fn strange(world: &World, serial: i64, index: usize, kind: &str, mut cells: Vec<Cell>) -> Vec<Cell> {
    if let [number, key, name, ..] = cells.as_mut_slice() {
        *number = Cell::whole(serial);
        if kind == CHECK_DIGIT {
            *key = world.enterprises[index].code.broken(index).into();
        } else {
            let (code, stranger) = world.stranger(serial as u64 % 97);
            *key = code.into();
            *name = stranger.into();
        }
    }
    cells
}
