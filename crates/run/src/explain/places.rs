//! Which areas there are and which parks they have, and what somebody means who types the name of one.

use std::collections::BTreeMap;

use super::explained::Area;
use crate::failure::Failure;
use crate::inputs;
use crate::setup::Setup;
use config::document::{did_you_mean, did_you_mean_or, list};
use config::indicator::Indicator;
use model::engine::{self, Table};
use model::relations::{Member, Territory};
use vocab::frame::Frame;
use vocab::level::{AreaKey, Level};
use vocab::period::{Quarter, Span};
use vocab::{Said, said, text};

/// The model that says which parks make up each area.
const AREAS: &str = "area";

/// Areas that are named where several are meant.
const MOST_NAMED: usize = 8;

/// All areas through time.
pub(super) struct Places {
    pub(super) territory: Territory,
    names: BTreeMap<(Level, String), String>,
}

/// What each level is called where somebody must choose.
fn level_named(level: Level) -> Said {
    match level {
        Level::CityNet => said!("city_net，不含省直管县", "city_net (without directly administered counties)"),
        other => Said::words(other.as_str()),
    }
}

impl Places {
    /// Those of the registers, as the model of areas has them.
    pub(super) fn of(setup: &Setup) -> Result<Places, Failure> {
        let models = setup.models.under(AREAS);
        let mut inputs = BTreeMap::new();
        for (name, frame) in registers(setup)? {
            if models.inputs().contains(name.as_str()) {
                inputs.insert(name.clone(), Table::of(&name, frame)?);
            }
        }
        let made = engine::run(&models, inputs, |table| table == AREAS)?;
        let empty = Frame::new();
        let areas = made.get(AREAS).unwrap_or(&empty);
        let text = |column: &str, row: usize| areas.texts(column).and_then(|texts| texts.get(row)).map(str::to_owned);
        let number = |column: &str, row: usize| areas.ints(column).and_then(|numbers| numbers.get(row));
        let (mut members, mut names) = (Vec::new(), BTreeMap::new());
        for row in 0..areas.rows() {
            let level = text("level", row).and_then(|word| Level::parse(&word));
            let (Some(level), Some(ref_area)) = (level, text("ref_area", row)) else { continue };
            let (Some(line), Some(park)) = (text("line", row), text("park_code", row)) else { continue };
            let (Some(from), Some(to)) = (number("from_quarter", row), number("to_quarter", row)) else { continue };
            names.insert((level, ref_area.clone()), text("ref_area_name", row).unwrap_or_default());
            members.push(Member { level, ref_area, line, park, quarters: Span::of_columns(from, to) });
        }
        Ok(Places { territory: Territory { members, divisions: BTreeMap::new() }, names })
    }

    /// An area with its name.
    pub(super) fn area(&self, area: AreaKey<'_>) -> Area {
        let key = (area.level, area.code.to_owned());
        let name = self.names.get(&key).cloned().unwrap_or_default();
        Area { level: key.0, ref_area: key.1, name }
    }

    /// The one area that is meant by a code or a name, at one of `levels`.
    ///
    /// # Errors
    /// When it is none of these or may be several, with those that may be meant.
    pub(super) fn find(&self, typed: &str, levels: &[Level], quarter: Quarter) -> Result<Area, Failure> {
        let wanted = text::key(typed);
        let at_levels = || self.names.iter().filter(|((level, _), _)| levels.contains(level));
        let matching = |holds: &dyn Fn(&str, &str) -> bool| -> Vec<Area> {
            let found = at_levels().filter(|((_, code), name)| holds(code, name));
            let area = |((level, code), name): (&(Level, String), &String)| Area {
                level: *level,
                ref_area: code.clone(),
                name: name.clone(),
            };
            let mut found: Vec<Area> = found.map(area).collect();
            // They are told by the words of their levels.
            found.sort_by_key(|area| area.level.as_str());
            found
        };
        let mut found = matching(&|code, name| code == typed || text::key(name) == wanted);
        if found.is_empty() && !wanted.is_empty() {
            found = matching(&|_, name| text::key(name).contains(&wanted));
        }
        let there: Vec<Area> = found.iter().filter(|area| self.is_there(area, quarter)).cloned().collect();
        if there.is_empty() && !found.is_empty() {
            return Err(self.at_another_time(&found, quarter));
        }
        // A city has one code with its directly administered counties and without: the whole city is meant.
        let is_twin = |area: &&Area| {
            let is_whole = |other: &Area| other.level == Level::City && other.ref_area == area.ref_area;
            area.level != Level::CityNet || !there.iter().any(is_whole)
        };
        let meant: Vec<&Area> = there.iter().filter(is_twin).collect();
        match meant.as_slice() {
            [one] => Ok((*one).clone()),
            [] => Err(Failure::Usage(self.unknown(typed, levels))),
            several => Err(Failure::Usage(ambiguous(typed, several))),
        }
    }

    fn is_there(&self, area: &Area, quarter: Quarter) -> bool {
        self.territory.members.iter().any(|member| member.area() == area.key() && member.quarters.holds(quarter))
    }

    /// The code that an area has in another quarter, where it is there then.
    pub(super) fn along(&self, area: &Area, from: Quarter, to: Quarter) -> Option<Area> {
        Some(self.area(self.territory.along(area.key(), from, to)?))
    }

    fn at_another_time(&self, found: &[Area], quarter: Quarter) -> Failure {
        let told = found.iter().take(MOST_NAMED).map(|area| {
            let is_its = |member: &&Member| member.area() == area.key();
            let mine = self.territory.members.iter().filter(is_its);
            let span = mine.map(|member| member.quarters).reduce(Span::with).unwrap_or_default();
            let Area { ref_area, name, .. } = area;
            said!("{ref_area} {name}（{span}）", "{ref_area} {name} ({span})")
        });
        let told = Said::join(&told.collect::<Vec<_>>(), "、", ", ");
        Failure::Usage(said!("{quarter} 没有这个地区：{told}", "there is no such area in {quarter}: {told}"; told))
    }

    fn unknown(&self, typed: &str, levels: &[Level]) -> Said {
        let at_levels = || self.names.iter().filter(|((level, _), _)| levels.contains(level));
        let known: Vec<&str> = at_levels().flat_map(|((_, code), name)| [code.as_str(), name.as_str()]).collect();
        let hint = did_you_mean_or(typed, &known, || self.most_like(typed, &known));
        let levels = list(&Level::words(levels));
        said!(
            "--area {typed}：{levels} 级没有该代码或名称的地区{hint}",
            "--area {typed}: no area of the level {levels} has this code or name{hint}";
            levels, hint
        )
    }

    /// The names that are most like a text.
    fn most_like(&self, typed: &str, known: &[&str]) -> Said {
        /// Below this, names have nothing in common.
        const ALIKE: f64 = 0.45;
        let likeness = |name: &&str| (strsim::normalized_damerau_levenshtein(typed, name), (*name).to_owned());
        let mut near: Vec<(f64, String)> = known.iter().map(likeness).filter(|(like, _)| *like >= ALIKE).collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        near.dedup();
        let near: Vec<String> = near.into_iter().take(3).map(|(_, name)| name).collect();
        match list(&near) {
            none if near.is_empty() => none,
            near => said!("；最接近的是 {near}", "; the nearest are {near}"; near),
        }
    }
}

fn ambiguous(typed: &str, several: &[&Area]) -> Said {
    let named = several.iter().take(MOST_NAMED).map(|Area { level, ref_area, name }| {
        let level = level_named(*level);
        said!("{ref_area} {name}（{level}）", "{ref_area} {name} ({level})"; level)
    });
    let named = Said::join(&named.collect::<Vec<_>>(), "、", ", ");
    let more = match several.len().saturating_sub(MOST_NAMED) {
        0 => Said::default(),
        more => said!("，另有 {more} 个", ", and {more} more"),
    };
    let count = several.len();
    said!(
        "--area {typed}：可能指 {count} 个地区：{named}{more}；请给出代码，代码不唯一时加 --level",
        "--area {typed}: {count} areas may be meant: {named}{more}; give a code, and --level where it is one of \
         several";
        named, more
    )
}

/// The levels that may be meant: the one that is typed, or all that the indicator is published for.
///
/// # Errors
/// When it is no level, or none that the indicator is published for.
pub(super) fn levels(typed: Option<&str>, indicator: &Indicator) -> Result<Vec<Level>, Failure> {
    let Some(typed) = typed else { return Ok(indicator.levels.clone()) };
    match Level::parse(typed) {
        None => {
            let hint = did_you_mean(typed, &Level::words(&Level::ALL));
            Err(Failure::Usage(said!(
                "--level {typed}：没有这一级{hint}",
                "--level {typed}: there is no such level{hint}";
                hint
            )))
        }
        Some(level) if !indicator.levels.contains(&level) => {
            let (id, published) = (&indicator.id, list(&Level::words(&indicator.levels)));
            Err(Failure::Usage(said!(
                "`{id}` 不按 {typed} 级发布，只发布 {published} 级",
                "`{id}` is not published for the level {typed}, only for {published}";
                published
            )))
        }
        Some(level) => Ok(vec![level]),
    }
}

/// The registers, and what the program says of areas, as models read them.
pub(super) fn registers(setup: &Setup) -> Result<Vec<(String, Frame)>, Failure> {
    let registers = setup.registers()?.tables();
    let mut tables: Vec<(String, Frame)> =
        registers.iter().map(|(name, frame)| (name.clone(), inputs::numbered(frame.clone()))).collect();
    tables.push(("province".to_owned(), inputs::province(&setup.config.site)));
    tables.push(("level".to_owned(), inputs::levels()));
    Ok(tables)
}
