//! What is shown, ready to be looked up: areas, quarters, indicators and their protected values.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::published::Shown;
use clean::Registers;
use config::Config;
use config::indicator::{Direction, Indicator};
use config::plan::{PlanTarget, Task};
use model::indicators::{Value, round};
use model::places::Place;
use protect::Profile;
use publish::Dictionary;
use vocab::frame::Frame;
use vocab::level::Level;
use vocab::period::{Date, Quarter, Span};

/// What reports are made of.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// Indicators, the plan with its targets, the settings.
    pub config: &'a Config,
    /// Meanings of columns.
    pub dictionary: &'a Dictionary,
    /// Where parks lie, and what they are led by.
    pub registers: &'a Registers,
    /// For whom they are.
    pub profile: Profile,
    /// Protected values.
    pub values: &'a [Value],
    /// Wide tables, by name. What is not in a public release is not shown either.
    pub tables: &'a [(String, Frame)],
    /// What is said of quality, by name.
    pub quality: &'a [(&'a str, Frame)],
    /// The latest day of issue among what the figures of a quarter are made from, by quarter.
    pub vintages: &'a BTreeMap<Quarter, Date>,
}

/// A code and what it is called.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// The code.
    pub code: String,
    /// Its name, in Chinese: areas and industries have no other.
    pub name: String,
}

/// An area through all quarters. A park that was given another code is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// Its level.
    pub level: Level,
    /// Code and name in the last quarter that it is there.
    pub named: Named,
    /// The city of a park or county; with its directly administered counties.
    pub city: Option<Named>,
    /// The county of a park; none in a functional zone.
    pub county: Option<Named>,
    /// The leading industries of a park.
    pub leading: Vec<Named>,
}

/// A target of the plan and the indicator that shows it.
#[derive(Debug, Clone, Copy)]
pub struct Aim<'a> {
    /// What the document says.
    pub target: &'a PlanTarget,
    /// Position of the indicator.
    pub indicator: usize,
}

/// Where a figure goes, by its change against last year and by which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// For the better.
    Better,
    /// As it was, to the published digit.
    Same,
    /// For the worse.
    Worse,
}

/// How a figure stands against its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is there, before it is rounded.
    Reached,
    /// It will be by its year, at the pace of the last one.
    OnTrack,
    /// Neither.
    Short,
}

/// Everything that reports look up.
pub struct Board<'a> {
    input: Input<'a>,
    /// Settings, plan and indicators; a position of an indicator is one in `config.indicators`.
    pub config: &'a Config,
    quarters: Vec<Quarter>,
    areas: Vec<Area>,
    /// By area and quarter.
    places: Vec<Option<&'a Place>>,
    /// By area, quarter and indicator; [`NOWHERE`] where there is no value.
    at: Vec<u32>,
}

/// The place in the values of what has none.
const NOWHERE: u32 = u32::MAX;

impl<'a> Board<'a> {
    /// Puts everything in its place.
    pub fn of(input: Input<'a>) -> Board<'a> {
        let quarters: BTreeSet<Quarter> = input.values.iter().map(|value| value.place.quarter).collect();
        let quarters: Vec<Quarter> = quarters.into_iter().collect();
        // All values of a place share it: there are few places, and many values.
        let mut places: BTreeMap<(Level, &Arc<str>), BTreeMap<usize, &'a Place>> = BTreeMap::new();
        let mut seen: HashMap<*const Place, (usize, usize), FixedState> = HashMap::default();
        for value in input.values {
            if seen.insert(Arc::as_ptr(&value.place), (0, 0)).is_none() {
                let place: &'a Place = &value.place;
                let quarter = quarters.binary_search(&place.quarter).unwrap_or_default();
                places.entry((place.level, &place.line)).or_default().insert(quarter, place);
            }
        }
        let found = Found { registers: input.registers };
        let mut areas: Vec<(Area, BTreeMap<usize, &'a Place>)> = places
            .into_values()
            .filter_map(|places| Some((found.area(places.values().next_back()?), places)))
            .collect();
        areas.sort_by(|(a, _), (b, _)| (a.level, &a.named).cmp(&(b.level, &b.named)));
        let mut of_places = vec![None; areas.len() * quarters.len()];
        for (area, (_, places)) in areas.iter().enumerate() {
            for (quarter, place) in places {
                of_places[area * quarters.len() + quarter] = Some(*place);
                seen.insert(std::ptr::from_ref(*place), (area, *quarter));
            }
        }
        let indicators = input.config.indicators.len();
        let mut at = vec![NOWHERE; of_places.len() * indicators];
        for (position, value) in input.values.iter().enumerate() {
            if let Some((area, quarter)) = seen.get(&Arc::as_ptr(&value.place)) {
                let cell = (area * quarters.len() + quarter) * indicators + value.indicator;
                at[cell] = u32::try_from(position).unwrap_or(NOWHERE);
            }
        }
        let areas = areas.into_iter().map(|(area, _)| area).collect();
        Board { config: input.config, quarters, areas, places: of_places, at, input }
    }

    /// For whom reports are made.
    pub fn profile(&self) -> Profile {
        self.input.profile
    }

    /// Meanings of columns.
    pub fn dictionary(&self) -> &'a Dictionary {
        self.input.dictionary
    }

    /// The quarters that there are values of, in order.
    pub fn quarters(&self) -> &[Quarter] {
        &self.quarters
    }

    /// All areas: parks, counties, cities without directly administered counties, cities, the province; each by code.
    pub fn areas(&self) -> &[Area] {
        &self.areas
    }

    /// The areas of a level that are there in a quarter, by their positions.
    pub fn areas_in(&self, level: Level, quarter: Quarter) -> Vec<usize> {
        let is_meant = |area: &usize| self.areas[*area].level == level && self.place(*area, quarter).is_some();
        (0..self.areas.len()).filter(is_meant).collect()
    }

    /// The province.
    pub fn province(&self) -> Option<usize> {
        self.areas.iter().position(|area| area.level == Level::Province)
    }

    /// An area in a quarter, with the code and name that it had then; none where it was not there.
    pub fn place(&self, area: usize, quarter: Quarter) -> Option<&'a Place> {
        let quarter = self.quarters.binary_search(&quarter).ok()?;
        *self.places.get(area * self.quarters.len() + quarter)?
    }

    /// The value of an indicator.
    pub fn value(&self, indicator: usize, area: usize, quarter: Quarter) -> Option<&'a Value> {
        let quarter = self.quarters.binary_search(&quarter).ok()?;
        let place = area * self.quarters.len() + quarter;
        let at = *self.at.get(place * self.config.indicators.len() + indicator)?;
        self.input.values.get(usize::try_from(at).ok()?)
    }

    /// The value of an indicator as it is written.
    pub fn shown(&self, indicator: usize, area: usize, quarter: Quarter) -> Shown {
        Shown::of(self.value(indicator, area, quarter), self.indicator(indicator))
    }

    /// The value of an indicator a year before, as it is written.
    pub fn shown_year_ago(&self, indicator: usize, area: usize, quarter: Quarter) -> Shown {
        let value = quarter.plus(-4).and_then(|before| self.value(indicator, area, before));
        Shown::of(value, self.indicator(indicator))
    }

    /// An indicator by its position.
    pub fn indicator(&self, position: usize) -> &'a Indicator {
        &self.config.indicators[position]
    }

    /// The position of an indicator by its identifier.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.config.indicators.iter().position(|indicator| indicator.id == id)
    }

    /// The indicators that are published for a level, in the order of the configuration.
    pub fn indicators_of(&self, level: Level) -> impl Iterator<Item = usize> {
        let is_of = move |(_, indicator): &(usize, &Indicator)| indicator.levels.contains(&level);
        self.config.indicators.iter().enumerate().filter(is_of).map(|(position, _)| position)
    }

    /// The indicators of a task that are published for a level.
    pub fn indicators_of_task(&self, task: &Task, level: Level) -> impl Iterator<Item = usize> {
        self.indicators_of(level).filter(move |position| self.indicator(*position).task == task.id)
    }

    /// The targets of the plan by their documents, in the order of the plan.
    pub fn aims(&self) -> Vec<(&'a str, Vec<Aim<'a>>)> {
        let plan = &self.config.plan;
        let of_document = |number: &str| {
            let mine = plan.targets.iter().filter(|target| target.document == number);
            mine.filter_map(|target| Some(Aim { target, indicator: self.position(&target.indicator)? })).collect()
        };
        plan.documents.iter().map(|document| (document.number.as_str(), of_document(&document.number))).collect()
    }

    /// Where a value goes; none where nothing is better, or it is not compared.
    pub fn course(&self, value: &Value) -> Option<Course> {
        let indicator = self.indicator(value.indicator);
        let (change, ..) = super::change(value, indicator)?;
        let better = match indicator.direction {
            Direction::Higher => change,
            Direction::Lower => -change,
            Direction::None => return None,
        };
        Some(if better > 0.0 {
            Course::Better
        } else if better < 0.0 {
            Course::Worse
        } else {
            Course::Same
        })
    }

    /// How a value stands against its headline target; none without one, and for a figure with a flag.
    pub fn standing(&self, value: &Value) -> Option<Standing> {
        self.standing_at(value, value.target?)
    }

    /// How a value stands against a target, which need not be the headline one.
    pub fn standing_at(&self, value: &Value, target: f64) -> Option<Standing> {
        let figure = value.value.filter(|_| value.is_sure())?;
        let is_on_track = value.target == Some(target) && value.on_track == Some(true);
        Some(if self.indicator(value.indicator).reaches(figure, target) {
            Standing::Reached
        } else if is_on_track {
            Standing::OnTrack
        } else {
            Standing::Short
        })
    }

    /// The median of the published figures of an indicator over the areas of a level, rounded; those with a flag are
    /// left out, as they are of ranks. None of fewer than three.
    pub fn median(&self, indicator: usize, level: Level, quarter: Quarter) -> Option<f64> {
        let areas = self.areas_in(level, quarter);
        let values = areas.iter().filter_map(|area| self.value(indicator, *area, quarter));
        let mut figures: Vec<f64> = values.filter(|value| value.is_sure()).filter_map(|value| value.value).collect();
        figures.sort_by(f64::total_cmp);
        let middle = figures.len() / 2;
        let median = match figures.len() {
            0..3 => return None,
            odd if odd % 2 == 1 => figures[middle],
            _ => f64::midpoint(figures[middle - 1], figures[middle]),
        };
        Some(round(median, self.indicator(indicator).decimals))
    }

    /// A wide table. They hold the sums that the minimum count withholds, so a public report has none.
    pub fn table(&self, name: &str) -> Option<&'a Frame> {
        let tables = if self.profile() == Profile::Internal { self.input.tables } else { &[] };
        tables.iter().find(|(table, _)| table == name).map(|(_, frame)| frame)
    }

    /// What is said of quality.
    pub fn quality(&self, name: &str) -> Option<&'a Frame> {
        self.input.quality.iter().find(|(table, _)| *table == name).map(|(_, frame)| frame)
    }

    /// The latest day of issue among what the figures of a quarter are made from.
    pub fn vintage(&self, quarter: Quarter) -> Option<Date> {
        self.input.vintages.get(&quarter).copied()
    }
}

/// What the registers say of parks.
struct Found<'r> {
    registers: &'r Registers,
}

impl<'r> Found<'r> {
    fn area(&self, place: &Place) -> Area {
        let named = Named { code: place.ref_area.to_string(), name: place.ref_area_name.to_string() };
        let row = match place.level {
            Level::Park => self.row("park", "park_code", place),
            Level::County => self.row("park", "county_code", place),
            _ => None,
        };
        let (city, county) = row.map(|row| (self.city(row), self.county(row))).unwrap_or_default();
        let leading = if place.level == Level::Park { self.leading(place) } else { Vec::new() };
        Area { level: place.level, named, city, county: county.filter(|_| place.level == Level::Park), leading }
    }

    fn text(&self, table: &str, column: &str, row: usize) -> Option<&'r str> {
        self.registers.tables().get(table)?.texts(column)?.get(row)
    }

    /// Whether a row of a register holds in a quarter.
    fn holds(&self, table: &str, row: usize, quarter: Quarter) -> bool {
        let limit = |column: &str| Quarter::of_column(self.registers.tables().get(table)?.ints(column)?.get(row)?);
        Span { from: limit("from_quarter"), to: limit("to_quarter") }.holds(quarter)
    }

    /// The rows of a register with the code of a place, in its quarter.
    fn rows<'s>(&'s self, table: &'s str, column: &'s str, place: &'s Place) -> impl Iterator<Item = usize> + 's {
        let rows = self.registers.tables().get(table).map_or(0, Frame::rows);
        let is_meant = move |row: &usize| {
            self.text(table, column, *row) == Some(&*place.ref_area) && self.holds(table, *row, place.quarter)
        };
        (0..rows).filter(is_meant)
    }

    fn row(&self, table: &str, column: &str, place: &Place) -> Option<usize> {
        self.rows(table, column, place).next()
    }

    fn city(&self, row: usize) -> Option<Named> {
        let text = |column| self.text("park", column, row).map(str::to_owned);
        Some(Named { code: text("city_code")?, name: text("city_name")? })
    }

    fn county(&self, row: usize) -> Option<Named> {
        let text = |column| self.text("park", column, row).map(str::to_owned);
        Some(Named { code: text("county_code")?, name: text("county_name")? })
    }

    fn leading(&self, place: &Place) -> Vec<Named> {
        let rows = self.rows("leading_industry", "park_code", place);
        let divisions = rows.filter_map(|row| self.text("leading_industry", "industry_division", row));
        let named = divisions.map(|code| {
            let name = self.registers.industries().division(code).unwrap_or(code);
            Named { code: code.to_owned(), name: name.to_owned() }
        });
        let all: BTreeSet<Named> = named.collect();
        all.into_iter().collect()
    }
}
