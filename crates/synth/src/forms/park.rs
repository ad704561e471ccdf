//! JJQ201 产业集聚区发展监测: an HTML table saved as `.xls`, one row per park.

use crate::dice::Topic;
use crate::error::Error;
use crate::mess::{self, Habit};
use crate::monitor::{self, Monitoring};
use crate::quarter::Quarter;
use crate::register::World;
use crate::spoil::{DUPLICATE_ROW, UNKNOWN_PARK};
use crate::write::{Cell, File, Html, SYNTHETIC, Sink, Spoiled};

const COLUMNS: usize = 7;
const TITLE: &str = "河南省产业集聚区发展监测基层表（JJQ201表）";

/// The table of a quarter.
pub(crate) fn file(world: &World, quarter: Quarter) -> Result<File, Error> {
    let mut table = head(quarter);
    let mut spoiled = Vec::new();
    let mut rows = 0;
    let turn = quarter.since(world.from) % 3;
    let open: Vec<usize> = (0..world.parks.len()).filter(|&park| world.parks[park].is_open(quarter)).collect();
    let chosen = world.seed.at(Topic::Spoil, 100, quarter.key()).below(open.len());
    for (place, &park) in open.iter().enumerate() {
        let cells = cells(world, quarter, park);
        table.row(&cells)?;
        rows += 1;
        if place != chosen {
            continue;
        }
        let extra = match turn {
            0 => Some((UNKNOWN_PARK, strange(world, park, cells))),
            1 => Some((DUPLICATE_ROW, cells)),
            _ => None,
        };
        if let Some((kind, cells)) = extra {
            spoiled.push(Spoiled { row: table.row(&cells)?, kind });
            rows += 1;
        }
    }
    let name = format!(
        "exports/集聚区/JJQ201产业集聚区发展监测_{}_{}.xls",
        quarter.cumulative(),
        quarter.sent(1, 28).compact()
    );
    Ok(File { name, bytes: table.finish(), rows, spoiled })
}

fn head(quarter: Quarter) -> Html {
    let mut table = Html::new(TITLE);
    table.banner(TITLE, COLUMNS);
    table.banner(SYNTHETIC, COLUMNS);
    table.banner(&format!("报告期：{}", quarter.cumulative()), COLUMNS);
    table.header(&[
        ("集聚区代码", 1, 2),
        ("集聚区名称", 1, 2),
        ("面积(平方公里)", 2, 1),
        ("标准厂房面积(万平方米)", 1, 2),
        ("道路长度(公里)", 1, 2),
        ("期末从业人员(人)", 1, 2),
    ]);
    table.header(&[("规划面积", 1, 1), ("建成区面积", 1, 1)]);
    table
}

fn cells(world: &World, quarter: Quarter, park: usize) -> Vec<Cell> {
    let Monitoring { planned, built_up, workshops, roads, employees } = monitor::of(world, park, quarter);
    let mut dice = world.seed.at(Topic::Mess, 1 << 40 | park as u64, quarter.key());
    let mut cells = vec![world.parks[park].code_at(quarter).into(), world.parks[park].fact.name.into()];
    for value in [planned, built_up, workshops, roads] {
        cells.push(mess::number(&mut dice, Habit::Other, value, 2));
    }
    cells.push(mess::number(&mut dice, Habit::Other, employees, 0));
    cells
}

fn strange(world: &World, park: usize, mut cells: Vec<Cell>) -> Vec<Cell> {
    let (code, name) = world.strange_park(world.parks[park].city);
    if let [first, second, ..] = cells.as_mut_slice() {
        *first = code.into();
        *second = name.into();
    }
    cells
}
