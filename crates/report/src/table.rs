//! The tables that workbook and CSV both write: areas down and indicators across, with headings as people read them.

use super::board::{Board, Course, Standing};
use super::published::{Shown, change, gap_decimals};
use config::indicator::Indicator;
use model::indicators::{ObsStatus, Value, round};
use publish::{Language, document};
use vocab::frame::{Frame, Values};
use vocab::level::Level;
use vocab::period::Quarter;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// Nothing.
    Blank,
    /// A text: a code, too.
    Text(String),
    /// A value of an indicator.
    Figure(Shown),
    /// Another number: rounded, and its decimals.
    Number(f64, usize),
}

impl Cell {
    pub(super) fn text(text: &str) -> Cell {
        if text.is_empty() { Cell::Blank } else { Cell::Text(text.to_owned()) }
    }

    fn number(number: Option<(f64, usize)>) -> Cell {
        number.map_or(Cell::Blank, |(number, decimals)| Cell::Number(number, decimals))
    }
}

/// What a column holds, for how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Codes and names: what tells the rows apart.
    Key,
    /// Texts.
    Text,
    /// Texts that are all short.
    Short,
    /// Values of an indicator, by its position.
    Indicator(usize),
    /// Ranks of the indicator in the column before.
    Rank,
    /// Other numbers.
    Number,
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Column {
    /// What stands over it and its neighbours.
    pub(super) group: String,
    /// What it is called, without its unit.
    pub(super) heading: String,
    /// Its unit; empty without one.
    pub(super) unit: String,
    /// What it holds.
    pub(super) kind: Kind,
    /// Whether it is printed: wide tables print their main columns.
    pub(super) is_main: bool,
}

impl Column {
    pub(super) fn new(group: &str, heading: &str, unit: &str, kind: Kind) -> Column {
        let [group, heading, unit] = [group, heading, unit].map(str::to_owned);
        Column { group, heading, unit, kind, is_main: true }
    }

    /// The heading with its unit, and what stands between them.
    pub(super) fn full_heading(&self, language: Language, between: &str) -> String {
        match (self.unit.as_str(), language) {
            ("", _) => self.heading.clone(),
            (unit, Language::Chinese) => format!("{}{between}（{unit}）", self.heading),
            (unit, Language::English) => format!("{}{between}({unit})", self.heading),
        }
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table {
    /// What its file is called.
    pub(super) name: String,
    /// What its sheet is called.
    pub(super) sheet: String,
    /// Columns.
    pub(super) columns: Vec<Column>,
    /// Rows, with a cell for each column.
    pub(super) rows: Vec<Vec<Cell>>,
    /// The level whose areas are its rows, and these.
    pub(super) areas: Option<(Level, Vec<usize>)>,
}

/// All tables of a quarter, in the order of the sheets.
pub(super) fn tables(board: &Board<'_>, quarter: Quarter, language: Language) -> Vec<Table> {
    let mut tables = vec![overview(board, quarter, language)];
    for (level, name) in [(Level::Park, "parks"), (Level::City, "cities"), (Level::County, "counties")] {
        tables.push(of_level(board, quarter, language, level, name));
    }
    tables.extend(clusters(board, quarter, language));
    tables.extend(of_tasks(board, quarter, language));
    tables.retain(|table| !table.rows.is_empty());
    tables
}

/// The province: its indicators down, what there is to say of each across.
fn overview(board: &Board<'_>, quarter: Quarter, language: Language) -> Table {
    let say = |zh: &'static str, en: &'static str| language.of(zh, en);
    let text = |heading: &str| Column::new("", heading, "", Kind::Text);
    let number = |heading: &str| Column::new("", heading, "", Kind::Number);
    let columns = vec![
        Column::new("", say("任务", "task"), "", Kind::Key),
        Column::new("", say("指标", "indicator"), "", Kind::Key),
        text(say("计量单位", "unit")),
        text(say("时间口径", "span")),
        number(say("本期", "this quarter")),
        number(say("上年同期", "a year ago")),
        number(say("同比增减", "change on a year ago")),
        text(say("增减单位", "unit of the change")),
        number(say("目标", "target")),
        text(say("目标期限", "by the end of")),
        text(say("目标出处", "document")),
        number(say("与目标之差", "gap to the target")),
        text(say("进展", "progress")),
    ];
    let mut rows = Vec::new();
    let tasks = board.config.plan.tasks();
    for task in tasks {
        let Some(province) = board.province() else { break };
        for position in board.indicators_of_task(task, Level::Province) {
            let mut row = vec![Cell::text(language.of(&task.name_zh, &task.name_en))];
            row.extend(line(board, position, province, quarter, language));
            rows.push(row);
        }
    }
    let (name, sheet) = ("overview".to_owned(), language.level(Level::Province).to_owned());
    Table { name, sheet, columns, rows, areas: None }
}

/// An indicator in an area: what there is to say of it.
fn line(board: &Board<'_>, position: usize, area: usize, quarter: Quarter, language: Language) -> Vec<Cell> {
    let indicator = board.indicator(position);
    let value = board.value(position, area, quarter);
    let target = indicator.headline_target(board.areas()[area].level);
    let change = value.and_then(|value| change(value, indicator));
    vec![
        Cell::text(language.of(&indicator.name_zh, &indicator.name_en)),
        Cell::text(language.unit(&indicator.unit)),
        Cell::text(language.basis(indicator.basis)),
        Cell::Figure(board.shown(position, area, quarter)),
        Cell::Figure(board.shown_year_ago(position, area, quarter)),
        Cell::number(change.map(|(change, decimals, _)| (change, decimals))),
        Cell::text(change.map_or("", |(_, _, unit)| language.unit(unit))),
        Cell::number(target.map(|target| (target.value, indicator.decimals))),
        Cell::text(&target.map(|target| target.by.to_string()).unwrap_or_default()),
        Cell::text(&target.map(|target| document(&board.config.plan, &target.document, language)).unwrap_or_default()),
        Cell::number(value.and_then(Value::gap).map(|gap| gap_shown(gap, indicator))),
        Cell::text(value.map_or("", |value| progress(board, value, language))),
    ]
}

/// A gap with as many decimals as it takes to see it.
pub(super) fn gap_shown(gap: f64, indicator: &Indicator) -> (f64, usize) {
    let decimals = gap_decimals(gap, indicator.decimals);
    (round(gap, decimals), decimals)
}

/// How far a value is: against its target, or without one against last year; or why that cannot be told.
pub(super) fn progress(board: &Board<'_>, value: &Value, language: Language) -> &'static str {
    match (board.standing(value), board.course(value)) {
        (Some(standing), _) => standing.word(language),
        (None, Some(course)) if value.target.is_none() => course.word(language),
        _ if !value.is_sure() => language.status(value.obs_status),
        _ => "",
    }
}

impl Standing {
    /// In a word.
    pub fn word(self, language: Language) -> &'static str {
        match self {
            Standing::Reached => language.of("已达到", "reached"),
            Standing::OnTrack => language.of("可达到", "on track"),
            Standing::Short => language.of("不足", "short"),
        }
    }
}

impl Course {
    /// In a word.
    pub fn word(self, language: Language) -> &'static str {
        match self {
            Course::Better => language.of("向好", "better"),
            Course::Same => language.of("持平", "unchanged"),
            Course::Worse => language.of("趋弱", "worse"),
        }
    }
}

/// The areas of a level down, its indicators across: the headline ones first, with their ranks.
fn of_level(board: &Board<'_>, quarter: Quarter, language: Language, level: Level, name: &str) -> Table {
    let mut areas = board.areas_in(level, quarter);
    if level == Level::City {
        areas = with_nets(board, areas, quarter);
    }
    let (mut columns, mut rows) = keys(board, Some(level), &areas, quarter, language);
    let (main, others): (Vec<usize>, Vec<usize>) =
        board.indicators_of(level).partition(|position| board.indicator(*position).headline);
    for position in main {
        let group = language.of("主要指标", "main indicators");
        put(board, position, group, &areas, quarter, language, (&mut columns, &mut rows));
        let value = |area: &usize| board.value(position, *area, quarter);
        let ranks: Vec<Option<u32>> = areas.iter().map(|area| value(area)?.rank).collect();
        if ranks.iter().any(Option::is_some) {
            columns.push(Column::new(group, language.of("位次", "rank"), "", Kind::Rank));
            for (row, rank) in rows.iter_mut().zip(ranks) {
                row.push(Cell::number(rank.map(|rank| (f64::from(rank), 0))));
            }
        }
    }
    for task in board.config.plan.tasks() {
        let group = language.of(&task.name_zh, &task.name_en);
        for position in others.iter().filter(|position| board.indicator(**position).task == task.id) {
            put(board, *position, group, &areas, quarter, language, (&mut columns, &mut rows));
            if let Some(column) = columns.last_mut() {
                column.is_main = false;
            }
        }
    }
    let sheet = language.level(level).to_owned();
    Table { name: name.to_owned(), sheet, columns, rows, areas: Some((level, areas)) }
}

/// Cities, each followed by itself without its directly administered counties where that is another figure.
fn with_nets(board: &Board<'_>, cities: Vec<usize>, quarter: Quarter) -> Vec<usize> {
    let nets = board.areas_in(Level::CityNet, quarter);
    let code = |area: usize| board.areas()[area].named.code.as_str();
    let is_other = |city: usize, net: usize| {
        let mut all = board.indicators_of(Level::CityNet);
        all.any(|position| board.shown(position, city, quarter) != board.shown(position, net, quarter))
    };
    let beside = |city: usize| {
        let net = nets.iter().copied().find(|net| code(*net) == code(city) && is_other(city, *net));
        [Some(city), net].into_iter().flatten()
    };
    cities.into_iter().flat_map(beside).collect()
}

/// The columns that say which area a row is of; areas of several levels have no `level`.
fn keys(
    board: &Board<'_>,
    level: Option<Level>,
    areas: &[usize],
    quarter: Quarter,
    language: Language,
) -> (Vec<Column>, Vec<Vec<Cell>>) {
    let say = |zh: &'static str, en: &'static str| language.of(zh, en);
    let key = |heading: &str| Column::new("", heading, "", Kind::Key);
    let mut columns = vec![key(say("代码", "code")), key(say("名称", "name"))];
    let (has_city, has_county) = (matches!(level, Some(Level::Park | Level::County)), level == Some(Level::Park));
    columns.extend(has_city.then(|| Column::new("", say("所属市", "city"), "", Kind::Text)));
    columns.extend(has_county.then(|| Column::new("", say("所属县（市、区）", "county"), "", Kind::Text)));
    let row = |area: &usize| {
        let (place, of) = (board.place(*area, quarter), &board.areas()[*area]);
        let name = |named: &Option<super::Named>| Cell::text(named.as_ref().map_or("", |named| &named.name));
        let mut row = vec![
            Cell::text(place.map_or("", |place| &place.ref_area)),
            Cell::text(place.map_or("", |place| &place.ref_area_name)),
        ];
        row.extend(has_city.then(|| name(&of.city)));
        row.extend(has_county.then(|| name(&of.county)));
        row
    };
    (columns, areas.iter().map(row).collect())
}

/// Adds a column with the values of an indicator.
fn put(
    board: &Board<'_>,
    position: usize,
    group: &str,
    areas: &[usize],
    quarter: Quarter,
    language: Language,
    (columns, rows): (&mut Vec<Column>, &mut [Vec<Cell>]),
) {
    let indicator = board.indicator(position);
    let (name, unit) = (language.of(&indicator.name_zh, &indicator.name_en), language.unit(&indicator.unit));
    columns.push(Column::new(group, name, unit, Kind::Indicator(position)));
    for (row, area) in rows.iter_mut().zip(areas) {
        row.push(Cell::Figure(board.shown(position, *area, quarter)));
    }
}

/// Tasks with a sheet of their own: province, cities and parks down, the indicators of the task across.
fn of_tasks(board: &Board<'_>, quarter: Quarter, language: Language) -> Vec<Table> {
    let mut tables = Vec::new();
    for task in board.config.plan.tasks() {
        let Some(sheet) = &task.sheet else { continue };
        let levels = [Level::Province, Level::City, Level::Park];
        let areas: Vec<usize> = levels.into_iter().flat_map(|level| board.areas_in(level, quarter)).collect();
        let (mut columns, mut rows) = keys(board, None, &areas, quarter, language);
        let level = |area: &usize| Cell::text(language.level(board.areas()[*area].level));
        columns.push(Column::new("", language.of("层级", "level"), "", Kind::Text));
        rows.iter_mut().zip(&areas).for_each(|(row, area)| row.push(level(area)));
        for position in (0..board.config.indicators.len()).filter(|at| board.indicator(*at).task == task.id) {
            let group = language.of(&task.name_zh, &task.name_en);
            put(board, position, group, &areas, quarter, language, (&mut columns, &mut rows));
        }
        let (name, sheet) = (sheet.name.clone(), language.of(&sheet.name_zh, &sheet.name_en).to_owned());
        tables.push(Table { name, sheet, columns, rows, areas: None });
    }
    tables
}

/// The clusters of the province. They are sums of few enterprises: a public report has none.
fn clusters(board: &Board<'_>, quarter: Quarter, language: Language) -> Option<Table> {
    let frame = board.table("cluster_quarter")?;
    let quarters = frame.ints("quarter")?;
    let mut rows: Vec<usize> = (0..frame.rows()).filter(|row| quarters.get(*row) == Some(quarter.column())).collect();
    let (ranks, codes) = (frame.ints("cluster_rank"), frame.texts("cluster_code"));
    rows.sort_by_key(|row| (ranks.and_then(|ranks| ranks.get(*row)), codes.and_then(|codes| codes.get(*row))));
    let (mut columns, mut of_rows) = (Vec::new(), vec![Vec::new(); rows.len()]);
    for (name, values) in frame.columns().iter().filter(|(name, _)| name != "quarter") {
        let (column, scale) = wide_column(board, name, values, language);
        columns.push(column);
        for (cells, row) in of_rows.iter_mut().zip(&rows) {
            cells.push(wide_cell(frame, name, *row, scale));
        }
    }
    let sheet = language.of("产业集群", "Clusters").to_owned();
    Some(Table { name: "clusters".to_owned(), sheet, columns, rows: of_rows, areas: None })
}

/// So many canonical units are one of the unit that people read, which is written with so many decimals.
type Scale = (f64, usize);

/// Canonical units at the end of column names, what people read instead, and how it is scaled.
const READ: &[(&str, &str, Scale)] =
    &[("_fen", "亿元", (1e10, 2)), ("_micromu", "亩", (1e6, 2)), ("_gce", "万吨标准煤", (1e10, 2))];

/// The column of a wide table: its heading is its meaning in the dictionary.
fn wide_column(board: &Board<'_>, name: &str, values: &Values, language: Language) -> (Column, Scale) {
    let doc = board.dictionary().column(name);
    let heading = language.of(&doc.zh, &doc.en);
    let kind = if matches!(values, Values::Int(_)) { Kind::Number } else { Kind::Key };
    match READ.iter().find(|(suffix, ..)| name.ends_with(suffix)) {
        Some((_, unit, scale)) => (Column::new("", heading, language.unit(unit), kind), *scale),
        None => (Column::new("", heading, language.unit(&doc.unit), kind), (1.0, 0)),
    }
}

fn wide_cell(frame: &Frame, name: &str, row: usize, (scale, decimals): Scale) -> Cell {
    match frame.column(name) {
        Some(Values::Int(values)) => match values.get(row) {
            Some(value) => Cell::Number(round(value as f64 / scale, decimals), decimals),
            None => Cell::Figure(Shown::Missing(ObsStatus::Missing)),
        },
        Some(values) => Cell::text(&values.text(row).unwrap_or_default()),
        None => Cell::Blank,
    }
}
