//! Which areas there are and which parks they have, and what somebody means who types the name of one.

use std::collections::BTreeMap;

use super::said::Area;
use crate::failure::Failure;
use crate::inputs;
use crate::setup::Setup;
use config::document::did_you_mean_or;
use config::indicator::{Indicator, LEVELS};
use model::engine::{self, Table};
use model::relations::{Member, Territory};
use vocab::frame::Frame;
use vocab::text;

/// The model that says which parks make up each area.
const AREAS: &str = "area";

/// Areas that are named where several are meant.
const MOST_NAMED: usize = 8;

/// All areas through time.
pub(super) struct Places {
    pub(super) territory: Territory,
    names: BTreeMap<(String, String), String>,
}

/// What each level is called where somebody must choose.
fn level_named(level: &str) -> &str {
    match level {
        "city_net" => "city_net (without directly administered counties)",
        other => other,
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
            let (Some(level), Some(ref_area)) = (text("level", row), text("ref_area", row)) else { continue };
            let (Some(line), Some(park)) = (text("line", row), text("park_code", row)) else { continue };
            let (Some(from), Some(to)) = (number("from_quarter", row), number("to_quarter", row)) else { continue };
            names.insert((level.clone(), ref_area.clone()), text("ref_area_name", row).unwrap_or_default());
            members.push(Member { level, ref_area, line, park, quarters: (from, to) });
        }
        Ok(Places { territory: Territory { members, divisions: BTreeMap::new() }, names })
    }

    /// An area with its name.
    pub(super) fn area(&self, level: &str, ref_area: &str) -> Area {
        let key = (level.to_owned(), ref_area.to_owned());
        let name = self.names.get(&key).cloned().unwrap_or_default();
        Area { level: key.0, ref_area: key.1, name }
    }

    /// The one area that is meant by a code or a name, at one of `levels`.
    ///
    /// # Errors
    /// When it is none of these or may be several, with those that may be meant.
    pub(super) fn find(&self, typed: &str, levels: &[&str], quarter: i64) -> Result<Area, Failure> {
        let wanted = text::key(typed);
        let at_levels = || self.names.iter().filter(|((level, _), _)| levels.contains(&level.as_str()));
        let matching = |holds: &dyn Fn(&str, &str) -> bool| -> Vec<Area> {
            let found = at_levels().filter(|((_, code), name)| holds(code, name));
            found.map(|((level, code), name)| area_of(level, code, name)).collect()
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
            let is_whole = |other: &Area| other.level == "city" && other.ref_area == area.ref_area;
            area.level != "city_net" || !there.iter().any(is_whole)
        };
        let meant: Vec<&Area> = there.iter().filter(is_twin).collect();
        match meant.as_slice() {
            [one] => Ok((*one).clone()),
            [] => Err(Failure::Usage(self.unknown(typed, levels))),
            several => Err(Failure::Usage(ambiguous(typed, several))),
        }
    }

    fn is_there(&self, area: &Area, quarter: i64) -> bool {
        self.territory.members.iter().any(|member| {
            member.level == area.level
                && member.ref_area == area.ref_area
                && (member.quarters.0..=member.quarters.1).contains(&quarter)
        })
    }

    /// The code that an area has in another quarter, where it is there then.
    pub(super) fn along(&self, area: &Area, from: i64, to: i64) -> Option<Area> {
        let code = self.territory.along(&area.level, &area.ref_area, from, to)?;
        Some(self.area(&area.level, code))
    }

    fn at_another_time(&self, found: &[Area], quarter: i64) -> Failure {
        let told = found.iter().take(MOST_NAMED).map(|area| {
            let is_its = |member: &&Member| member.level == area.level && member.ref_area == area.ref_area;
            let mine = self.territory.members.iter().filter(is_its);
            let (from, to) = mine.fold((i64::MAX, i64::MIN), |(from, to), member| {
                (from.min(member.quarters.0), to.max(member.quarters.1))
            });
            let end = |quarter: i64, is_open: bool| if is_open { String::new() } else { publish::label(quarter) };
            format!("{} {} ({}–{})", area.ref_area, area.name, end(from, from <= 0), end(to, to > quarter + 4000))
        });
        let told = told.collect::<Vec<_>>().join(", ");
        Failure::Usage(format!("there is no such area in {}: {told}", publish::label(quarter)))
    }

    fn unknown(&self, typed: &str, levels: &[&str]) -> String {
        let at_levels = || self.names.iter().filter(|((level, _), _)| levels.contains(&level.as_str()));
        let known: Vec<&str> = at_levels().flat_map(|((_, code), name)| [code.as_str(), name.as_str()]).collect();
        let hint = did_you_mean_or(typed, &known, || self.most_like(typed, &known));
        let levels = levels.join(", ");
        format!("--area {typed}: no area of the level {levels} has this code or name{hint}")
    }

    /// The names that are most like a text.
    fn most_like(&self, typed: &str, known: &[&str]) -> String {
        /// Below this, names have nothing in common.
        const ALIKE: f64 = 0.45;
        let likeness = |name: &&str| (strsim::normalized_damerau_levenshtein(typed, name), (*name).to_owned());
        let mut near: Vec<(f64, String)> = known.iter().map(likeness).filter(|(like, _)| *like >= ALIKE).collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        near.dedup();
        let near: Vec<String> = near.into_iter().take(3).map(|(_, name)| name).collect();
        if near.is_empty() { String::new() } else { format!("; the nearest are {}", near.join(", ")) }
    }
}

fn area_of(level: &str, code: &str, name: &str) -> Area {
    Area { level: level.to_owned(), ref_area: code.to_owned(), name: name.to_owned() }
}

fn ambiguous(typed: &str, several: &[&Area]) -> String {
    let named = several.iter().take(MOST_NAMED);
    let named = named.map(|area| format!("{} {} ({})", area.ref_area, area.name, level_named(&area.level)));
    let more =
        if several.len() > MOST_NAMED { format!(", and {} more", several.len() - MOST_NAMED) } else { String::new() };
    let named = named.collect::<Vec<_>>().join(", ");
    format!(
        "--area {typed}: {} areas may be meant: {named}{more}; give a code, and --level where it is one of several",
        several.len()
    )
}

/// The levels that may be meant: the one that is typed, or all that the indicator is published for.
///
/// # Errors
/// When it is no level, or none that the indicator is published for.
pub(super) fn levels<'l>(typed: Option<&'l str>, indicator: &'l Indicator) -> Result<Vec<&'l str>, Failure> {
    let published: Vec<&str> = indicator.levels.iter().map(String::as_str).collect();
    match typed {
        None => Ok(published),
        Some(typed) if !LEVELS.contains(&typed) => {
            let hint = did_you_mean_or(typed, LEVELS, || format!("; valid here: {}", LEVELS.join(", ")));
            Err(Failure::Usage(format!("--level {typed}: there is no such level{hint}")))
        }
        Some(typed) if !published.contains(&typed) => {
            let (id, published) = (&indicator.id, published.join(", "));
            Err(Failure::Usage(format!("`{id}` is not published for the level {typed}, only for {published}")))
        }
        Some(typed) => Ok(vec![typed]),
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
