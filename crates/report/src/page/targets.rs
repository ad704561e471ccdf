//! The targets of the plan: where the province stands, which way it has to go, and how far.

use super::change::changed;
use super::chart::{self, Beside, Chart, decimals_of};
use super::issue::Issue;
use super::text::{self, Both, Cell};
use crate::board::Aim;
use crate::published::{gap_decimals, write};
use config::indicator::{Direction, Indicator};
use model::indicators::Value;
use publish::{Language, document, horizon};

/// The targets of one document.
pub struct Document {
    /// Its title and number.
    pub name: Both,
    /// They.
    pub aims: Vec<Target>,
}

/// A target and the figure that is held against it.
pub struct Target {
    /// What the document calls it.
    pub name: Both,
    /// Identifier of the indicator.
    pub id: String,
    /// The figure.
    pub now: Cell,
    /// Its unit.
    pub unit: Both,
    /// The change against last year.
    pub change: Cell,
    /// The target with its unit.
    pub target: Both,
    /// Until when.
    pub until: Both,
    /// How far it is.
    pub gap: Both,
    /// How it stands.
    pub state: State,
    /// The way there.
    pub chart: Chart,
}

/// How a target stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It is reached.
    Reached,
    /// At the pace of the last year it will be reached in time.
    OnTrack,
    /// It will not.
    Behind,
    /// Not all was reported, so nothing is said.
    Flagged,
    /// There is no figure.
    Unknown,
}

impl State {
    /// How a figure stands against this target.
    fn of(value: Option<&Value>, direction: Direction, aim: &Aim<'_>) -> State {
        let Some(value) = value else { return State::Unknown };
        let Some(figure) = value.value else { return State::Unknown };
        if !value.is_sure() {
            return State::Flagged;
        }
        let is_reached = match direction {
            Direction::Lower => figure <= aim.target.value,
            _ => figure >= aim.target.value,
        };
        // The pace is worked out for the target that is shown beside the value.
        let on_track = value.on_track.filter(|_| value.target == Some(aim.target.value));
        match on_track {
            _ if is_reached => State::Reached,
            Some(true) => State::OnTrack,
            Some(false) | None => State::Behind,
        }
    }

    /// The class of its light.
    pub fn class(self) -> &'static str {
        match self {
            State::Reached => "g",
            State::OnTrack => "m",
            State::Behind => "b",
            State::Flagged | State::Unknown => "s",
        }
    }

    /// What it is called.
    pub fn name(self) -> Both {
        match self {
            State::Reached => Both::new("已达到目标", "Reached"),
            State::OnTrack => Both::new("按上年进度可如期达到", "In time at last year’s pace"),
            State::Behind => Both::new("未达到目标", "Not reached"),
            State::Flagged => Both::new("报送不全，不与目标比较", "Not all was reported: not compared"),
            State::Unknown => Both::new("尚无数据", "No figure yet"),
        }
    }
}

/// The targets of all documents that have any.
pub fn documents(issue: &Issue<'_>) -> Vec<Document> {
    let plan = &issue.board.config.plan;
    let aims = issue.board.aims().into_iter().filter(|(_, aims)| !aims.is_empty());
    let of_document = |(number, aims): (&str, Vec<Aim<'_>>)| Document {
        name: Both::of(|language| document(plan, number, language)),
        aims: aims.iter().filter_map(|aim| target(issue, aim)).collect(),
    };
    aims.map(of_document).collect()
}

fn target(issue: &Issue<'_>, aim: &Aim<'_>) -> Option<Target> {
    let board = issue.board;
    let province = board.province()?;
    let of = board.indicator(aim.indicator);
    let value = board.value(aim.indicator, province, issue.quarter);
    let state = State::of(value, of.direction, aim);
    let figure = value.filter(|value| value.is_sure()).and_then(|value| value.value);
    let goal = write(aim.target.value, decimals_of(aim.target.value, of.decimals));
    Some(Target {
        name: Both::new(&aim.target.name_zh, &aim.target.name_en),
        id: of.id.clone(),
        now: Cell::of(&issue.shown(aim.indicator, province)),
        unit: text::unit(&of.unit),
        change: value.map_or_else(Cell::none, |value| changed(issue, value)),
        target: text::with_unit(&goal, &of.unit),
        until: Both::of(|language| until(&horizon(aim.target, language), language)),
        gap: figure.map_or_else(|| Both::same("—"), |figure| gap(figure - aim.target.value, of)),
        state,
        chart: chart::chart(issue, aim.indicator, province, Beside::Way),
    })
}

/// A year as people write it; what a document says in its own words stays.
fn until(horizon: &str, language: Language) -> String {
    let is_year = horizon.len() == 4 && horizon.bytes().all(|byte| byte.is_ascii_digit());
    if is_year { format!("{horizon}{}", language.of("年", "")) } else { horizon.to_owned() }
}

/// How far a figure is from its target, and whether it is better.
fn gap(gap: f64, of: &Indicator) -> Both {
    let (decimals, unit) = (of.decimals, of.unit.as_str());
    let is_better = if of.direction == Direction::Lower { gap < 0.0 } else { gap > 0.0 };
    let decimals = gap_decimals(gap, decimals);
    let apart = write(gap.abs(), decimals);
    // The distance of two shares is in percentage points.
    let unit = if unit == "%" { "百分点" } else { unit };
    let apart = match unit {
        "百分点" => Both::new(format!("{apart}个百分点"), format!("{apart} percentage points")),
        unit => text::with_unit(&apart, unit),
    };
    if gap == 0.0 {
        Both::new("与目标持平", "at the target")
    } else if is_better {
        Both::new(format!("好于目标{}", apart.zh), format!("{} better", apart.en))
    } else {
        Both::new(format!("距目标差{}", apart.zh), format!("{} short", apart.en))
    }
}
