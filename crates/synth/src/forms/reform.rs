//! 产业集聚区建设与改革情况: a workbook with a two-row header, one row per park, and a supplement for rows that came late.
//! The form is a sample: no official one with a number is known.

use crate::dice::Topic;
use crate::error::Error;
use crate::mess::{self, Habit};
use crate::quarter::{Day, Quarter};
use crate::reform::{self, Filing, REMEDIATION, Reform};
use crate::register::World;
use crate::spoil::{DUPLICATE_ROW, UNKNOWN_PARK};
use crate::write::{Cell, File, SYNTHETIC, Sheet, Sink, Spoiled};

const TITLE: &str = "产业集聚区建设与改革情况";
/// Groups of columns under one label, each with its columns; a column of its own has no group.
const COLUMNS: [(&str, &[&str]); 14] = [
    ("", &["集聚区代码", "集聚区名称", "区中园个数(个)"]),
    ("营业收入本年累计(亿元)", &["集聚区营业收入", "区中园营业收入"]),
    ("", &["绿色园区", "智能化示范园区", "主导产业为化工", "整治提升状态"]),
    ("环境设施", &["集中污水处理", "环境在线监测"]),
    ("管理体制", &["管委会+公司", "市场化运营公司"]),
    ("", &["下放权限项数(项)"]),
    ("融资本年累计(万元)", &["融资总额", "市场化融资额"]),
    ("期末人员(人)", &["高层次管理人才", "管理人员"]),
    ("招商引资本年累计(亿元)", &["签约投资额", "实际完成投资额"]),
    ("", &["到位资金本年累计(万元)"]),
    ("", &["固定资产投资本年累计(亿元)"]),
    ("", &["技术改造投资本年累计(万元)"]),
    ("", &["工业项目累计投资(亿元)"]),
    ("", &["工业建筑面积(万平方米)", "闲置工业用地(亩)"]),
];

/// The workbooks of a quarter: the report, and the supplement where there is one.
pub(crate) fn files(world: &World, quarter: Quarter) -> Result<Vec<File>, Error> {
    [(Filing::InTime, quarter.sent(1, 26)), (Filing::Late, quarter.sent(2, 20))]
        .into_iter()
        .filter(|&(when, _)| (0..world.parks.len()).any(|park| files_then(world, park, quarter, when)))
        .map(|(when, sent)| file(world, quarter, when, sent))
        .collect()
}

fn files_then(world: &World, park: usize, quarter: Quarter, when: Filing) -> bool {
    world.parks[park].is_open(quarter) && reform::filing(world, park, quarter) == when
}

fn file(world: &World, quarter: Quarter, when: Filing, sent: Day) -> Result<File, Error> {
    let mut sheet = head(quarter)?;
    let parks: Vec<usize> = (0..world.parks.len()).filter(|&park| files_then(world, park, quarter, when)).collect();
    let chosen = world.seed.at(Topic::Spoil, 101, quarter.key()).below(parks.len());
    let (mut rows, mut spoiled) = (0, Vec::new());
    for (place, &park) in parks.iter().enumerate() {
        let cells = cells(world, quarter, park);
        sheet.row(&cells)?;
        rows += 1;
        if place != chosen || when != Filing::InTime {
            continue;
        }
        let extra = match quarter.since(world.from) % 3 {
            1 => Some((UNKNOWN_PARK, strange(world, park, cells))),
            2 => Some((DUPLICATE_ROW, cells)),
            _ => None,
        };
        if let Some((kind, cells)) = extra {
            spoiled.push(Spoiled { row: sheet.row(&cells)?, kind });
            rows += 1;
        }
    }
    let name = format!("exports/集聚区/{TITLE}_{}_{}.xlsx", quarter.cumulative(), sent.compact());
    Ok(File { name, bytes: sheet.finish()?, rows, spoiled })
}

fn head(quarter: Quarter) -> Result<Sheet, Error> {
    let width = COLUMNS.iter().map(|(_, columns)| columns.len() as u16).sum();
    let mut sheet = Sheet::new("建设与改革情况")?;
    sheet.banner(TITLE, width)?;
    sheet.banner(&format!("{SYNTHETIC}；样表，无制度表号"), width)?;
    sheet.banner(&format!("报告期：{}", quarter.cumulative()), width)?;
    let mut header = Vec::new();
    let mut at = 0;
    for (group, columns) in COLUMNS {
        if !group.is_empty() {
            header.push((group, at, 0, columns.len() as u16, 1));
        }
        for column in columns {
            header.push(if group.is_empty() { (*column, at, 0, 1, 2) } else { (*column, at, 1, 1, 1) });
            at += 1;
        }
    }
    sheet.header(&header, 2)?;
    Ok(sheet)
}

fn cells(world: &World, quarter: Quarter, park: usize) -> Vec<Cell> {
    let row = reform::of(world, park, quarter);
    let mut dice = world.seed.at(Topic::Mess, 1 << 43 | park as u64, quarter.key());
    let mut number = |value: Option<i64>, places: u8| mess::optional(&mut dice, Habit::Other, value, places);
    let Reform { flags, .. } = row;
    let said = |flag: Option<bool>| flag.map_or("", |flag| if flag { "是" } else { "否" }).into();
    let [green, smart, chemical, sewage, monitoring, committee, company] = flags.map(said);
    vec![
        world.parks[park].code_at(quarter).into(),
        world.parks[park].fact.name.into(),
        number(row.inner_parks, 0),
        number(row.revenue, 2),
        number(row.inner_revenue, 2),
        green,
        smart,
        chemical,
        row.remediation.map_or("", |state| REMEDIATION[state]).into(),
        sewage,
        monitoring,
        committee,
        company,
        number(row.powers, 0),
        number(row.raised, 2),
        number(row.raised_on_market, 2),
        number(row.high_level, 0),
        number(row.managers, 0),
        number(row.contracted, 2),
        number(row.realised, 2),
        number(row.in_place, 2),
        number(row.fixed, 2),
        number(row.renovation, 2),
        number(row.projects, 2),
        number(row.floor, 2),
        number(row.idle, 2),
    ]
}

fn strange(world: &World, park: usize, mut cells: Vec<Cell>) -> Vec<Cell> {
    let (code, name) = world.strange_park(world.parks[park].city);
    if let [first, second, ..] = cells.as_mut_slice() {
        *first = code.into();
        *second = name.into();
    }
    cells
}
