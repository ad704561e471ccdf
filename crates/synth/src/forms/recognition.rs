//! 企业认定与上云名单: a workbook of what departments recognise enterprises for, withdrawn entries included.

use crate::dice::{Dice, Topic};
use crate::error::Error;
use crate::mess::{self, Habit};
use crate::recognition::{self, CATEGORIES, Recognition};
use crate::register::World;
use crate::spoil::{CHECK_DIGIT, DUPLICATE_ROW, NOT_IN_LIST, UNKNOWN_UNIT};
use crate::write::{Cell, File, SYNTHETIC, Sheet, Sink, Spoiled};

use super::retrofit::written;

const HEADER: [&str; 8] =
    ["序号", "认定编号", "统一社会信用代码", "企业名称", "认定类别", "级别", "认定时间", "撤销时间"];
const TITLE: &str = "企业认定与上云名单";
/// Columns that are spoiled.
const SERIAL: usize = 0;
const KEY: usize = 2;
const NAME: usize = 3;
const CATEGORY: usize = 4;

/// The list at the end of the sample, one kind of recognition after another.
pub(crate) fn file(world: &World) -> Result<File, Error> {
    let mut sheet = Sheet::new("名单")?;
    sheet.banner(TITLE, HEADER.len() as u16)?;
    sheet.banner(SYNTHETIC, HEADER.len() as u16)?;
    let header: Vec<(&str, u16, u32, u16, u32)> =
        HEADER.iter().enumerate().map(|(column, text)| (*text, column as u16, 0, 1, 1)).collect();
    sheet.header(&header, 1)?;
    let entries = entries(world);
    let part = |fifths: usize| entries.len() * fifths / 5;
    let places = [(part(1), CHECK_DIGIT), (part(2), UNKNOWN_UNIT), (part(3), NOT_IN_LIST), (part(4), DUPLICATE_ROW)];
    let (mut spoiled, mut serial) = (Vec::new(), 0);
    for (place, (enterprise, entry)) in entries.iter().enumerate() {
        let mut dice = world.seed.at(Topic::Mess, 1 << 43, place as u64);
        serial += 1;
        let cells = cells(world, &mut dice, serial, *enterprise, entry);
        sheet.row(&cells)?;
        if let Some(&(_, kind)) = places.iter().find(|(chosen, _)| *chosen == place) {
            serial += 1;
            let cells = strange(world, serial, *enterprise, kind, cells);
            spoiled.push(Spoiled { row: sheet.row(&cells)?, kind });
        }
    }
    let name = format!("exports/工信/{TITLE}_{}.xlsx", world.last().sent(1, 19).compact());
    Ok(File { name, bytes: sheet.finish()?, rows: serial as u64, spoiled })
}

fn entries(world: &World) -> Vec<(usize, Recognition)> {
    let mut entries: Vec<(usize, Recognition)> = (0..world.enterprises.len())
        .flat_map(|index| recognition::of(world, index).into_iter().map(move |entry| (index, entry)))
        .collect();
    // A stable sort: within a kind they stay in order of enterprise.
    entries.sort_by_key(|(_, entry)| entry.category);
    entries
}

fn cells(world: &World, dice: &mut Dice, serial: i64, index: usize, entry: &Recognition) -> Vec<Cell> {
    let number =
        format!("示例认定〔{}〕{}{:06}-{}号", entry.awarded.year(), entry.category + 1, index + 1, entry.serial);
    vec![
        Cell::whole(serial),
        number.into(),
        mess::key(dice, Habit::Other, world.enterprises[index].code, i32::MAX, 0.0),
        mess::text(dice, Habit::Other, world.name(index)),
        mess::text(dice, Habit::Other, CATEGORIES[entry.category].word.to_owned()),
        entry.level.into(),
        written(dice, entry.awarded).into(),
        entry.revoked.map_or_else(String::new, |month| written(dice, month)).into(),
    ]
}

/// A further row made of a good one. One that only repeats it keeps its serial number too.
fn strange(world: &World, serial: i64, index: usize, kind: &str, mut cells: Vec<Cell>) -> Vec<Cell> {
    if kind != DUPLICATE_ROW {
        cells[SERIAL] = Cell::whole(serial);
    }
    match kind {
        CHECK_DIGIT => cells[KEY] = world.enterprises[index].code.broken(index).into(),
        UNKNOWN_UNIT => {
            let (code, stranger) = world.stranger(serial as u64 % 97);
            cells[KEY] = code.into();
            cells[NAME] = stranger.into();
        }
        NOT_IN_LIST => cells[CATEGORY] = "示范企业".into(),
        _ => {}
    }
    cells
}
