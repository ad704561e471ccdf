//! Which published figures add up to which: the linear relations that hold among the figures of a release, as the measures
//! declare them. Whoever explains a figure, splits a change or protects an enterprise against subtraction starts here.

use std::collections::{BTreeMap, BTreeSet};

use config::measure::{Made, Measure, YearEnd};
use vocab::level::{AreaKey, Level};
use vocab::period::{Quarter, Span};

/// A published figure: a measure of an area in a quarter, or of one division of a park.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Figure<'a> {
    /// The column: of the table of the level, or of `park_industry_quarter` where there is a division.
    pub column: &'a str,
    /// The area.
    pub area: AreaKey<'a>,
    /// The quarter.
    pub quarter: Quarter,
    /// The division of a park, where it is one's.
    pub division: Option<i64>,
}

/// A figure that is the sum of others, each times a whole number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation<'a> {
    /// Why it holds.
    pub kind: Kind,
    /// The whole.
    pub whole: Figure<'a>,
    /// What it is made of.
    pub parts: Vec<(i64, Figure<'a>)>,
    /// Two figures: it is stated only where they are there and equal.
    pub given: Option<[Figure<'a>; 2]>,
}

/// Why a relation holds; this also says what a figure that is not there means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An area is its parks, or areas that have all its parks. What is not there counts as none, and all of it not there is not there.
    Areas,
    /// A park is its divisions; likewise.
    Divisions,
    /// A whole is its parts. Where no part is there, nothing is stated.
    Parts,
    /// A sum of other measures: it is there where all of them are.
    Terms,
    /// What was published four quarters before, or stands for the whole province.
    Copy,
    /// This quarter and the same of last year together: what is not there counts as none.
    BothYears,
    /// Since January and over four quarters are the same at the end of a year in which nobody left.
    YearEnd,
}

/// What a figure is in a release; none where it is not there.
pub type Published<'f> = dyn Fn(&Figure<'_>) -> Option<i64> + 'f;

impl Relation<'_> {
    /// Whether it holds among the figures of a release.
    pub fn holds(&self, published: &Published<'_>) -> bool {
        if let Some([one, other]) = &self.given {
            match (published(one), published(other)) {
                (Some(one), Some(other)) if one == other => {}
                _ => return true,
            }
        }
        let whole = published(&self.whole);
        let parts: Vec<Option<i128>> = self
            .parts
            .iter()
            .map(|(factor, figure)| published(figure).map(|value| i128::from(value) * i128::from(*factor)))
            .collect();
        let sum = parts.iter().flatten().sum::<i128>();
        let expected = match self.kind {
            Kind::Parts if parts.iter().all(Option::is_none) => return true,
            Kind::BothYears => Some(sum),
            Kind::Terms => parts.iter().all(Option::is_some).then_some(sum),
            _ => parts.iter().any(Option::is_some).then_some(sum),
        };
        whole.map(i128::from) == expected
    }
}

/// A park of an area, from one quarter to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Level of the area.
    pub level: Level,
    /// The area.
    pub ref_area: String,
    /// What is the same through time where the area is.
    pub line: String,
    /// Code of the park.
    pub park: String,
    /// First and last quarter.
    pub quarters: Span,
}

impl Member {
    /// The area.
    pub fn area(&self) -> AreaKey<'_> {
        AreaKey { level: self.level, code: &self.ref_area }
    }
}

/// The areas with their parks, and the divisions of each park and quarter that are published.
#[derive(Debug, Clone, Default)]
pub struct Territory {
    /// Which parks make up each area.
    pub members: Vec<Member>,
    /// Divisions by park and quarter.
    pub divisions: BTreeMap<(String, Quarter), Vec<i64>>,
}

/// The parks of each area in a quarter.
type Parks<'a> = BTreeMap<AreaKey<'a>, BTreeSet<&'a str>>;

impl Territory {
    fn in_quarter(&self, quarter: Quarter) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(move |member| member.quarters.holds(quarter))
    }

    fn parks(&self, quarter: Quarter) -> Parks<'_> {
        let mut parks: Parks<'_> = BTreeMap::new();
        for member in self.in_quarter(quarter) {
            parks.entry(member.area()).or_default().insert(&member.park);
        }
        parks
    }

    /// The area of a quarter that was another one's at another time: the same line.
    pub fn along(&self, area: AreaKey<'_>, from: Quarter, to: Quarter) -> Option<AreaKey<'_>> {
        let line = self.in_quarter(from).find(|member| member.area() == area).map(|member| member.line.as_str())?;
        let then = self.in_quarter(to).find(|member| member.level == area.level && member.line == line)?;
        Some(then.area())
    }
}

/// The relations among the figures of a quarter, and between them and those of the quarters before it.
pub fn relations<'a>(measures: &'a [Measure], territory: &'a Territory, quarter: Quarter) -> Vec<Relation<'a>> {
    let parks = territory.parks(quarter);
    let places = Places { territory, quarter, parks: &parks };
    let sums = places.sums();
    let areas: Vec<AreaKey<'_>> = parks.keys().copied().collect();
    measures
        .iter()
        .flat_map(|measure| {
            let over_areas = sums.iter().filter(|_| measure.adds_over_areas).map(|sum| places.added(measure, sum));
            let of_each = areas.iter().filter(|area| measure.levels.contains(&area.level));
            over_areas.chain(of_each.flat_map(|area| places.of_one(measure, *area))).collect::<Vec<_>>()
        })
        .collect()
}

/// Areas of a quarter.
struct Places<'a, 'p> {
    territory: &'a Territory,
    quarter: Quarter,
    parks: &'p Parks<'a>,
}

/// An area, and others that together have all its parks, each once.
struct Sum<'a> {
    whole: AreaKey<'a>,
    parts: Vec<AreaKey<'a>>,
}

impl<'a> Places<'a, '_> {
    /// Each area by its parks; the province by its cities; a city by what is left without its directly administered counties, and
    /// these.
    fn sums(&self) -> Vec<Sum<'a>> {
        let mut sums = Vec::new();
        for (&whole, parks) in self.parks.iter().filter(|(area, _)| area.level != Level::Park) {
            let of_park = |code: &&'a str| AreaKey { level: Level::Park, code };
            sums.push(Sum { whole, parts: parks.iter().map(of_park).collect() });
            let of_level = |level: Level| self.parks.iter().filter(move |(own, _)| own.level == level);
            let parts: Vec<AreaKey<'_>> = match whole.level {
                Level::Province => of_level(Level::City).map(|(part, _)| *part).collect(),
                Level::City => {
                    let net = of_level(Level::CityNet).find(|(net, _)| net.code == whole.code);
                    let is_net = |park: &&str| net.is_some_and(|(_, parks)| parks.contains(park));
                    let others: BTreeSet<&str> = parks.iter().copied().filter(|park| !is_net(park)).collect();
                    let within = of_level(Level::County).filter(|(_, parks)| parks.is_subset(&others));
                    net.into_iter().chain(within).map(|(part, _)| *part).collect()
                }
                _ => continue,
            };
            // A park that is in none of them, as in a functional zone, makes them less than the whole.
            let covered: usize = parts.iter().filter_map(|part| self.parks.get(part)).map(BTreeSet::len).sum();
            if covered == parks.len() {
                sums.push(Sum { whole, parts });
            }
        }
        sums
    }

    fn figure(&self, column: &'a str, area: AreaKey<'a>) -> Figure<'a> {
        Figure { column, area, quarter: self.quarter, division: None }
    }

    fn added(&self, measure: &'a Measure, sum: &Sum<'a>) -> Relation<'a> {
        let of = |area: AreaKey<'a>| self.figure(&measure.name, area);
        let parts = sum.parts.iter().map(|area| (1, of(*area))).collect();
        Relation { kind: Kind::Areas, whole: of(sum.whole), parts, given: None }
    }

    /// What a measure is made of in one area.
    fn of_one(&self, measure: &'a Measure, area: AreaKey<'a>) -> Vec<Relation<'a>> {
        let whole = self.figure(&measure.name, area);
        let now = |name: &'a str| self.figure(name, area);
        let relation = |kind: Kind, parts: Vec<(i64, Figure<'a>)>| Relation { kind, whole, parts, given: None };
        // An area that was not there has no figure of last year.
        let before = |name: &'a str| {
            let quarter = self.quarter.plus(-4)?;
            let area = self.territory.along(area, self.quarter, quarter)?;
            Some((1, Figure { column: name, area, quarter, division: None }))
        };
        let mut found: Vec<Relation<'a>> = match &measure.made {
            Made::Terms(terms) => {
                vec![relation(Kind::Terms, terms.iter().map(|(name, factor)| (*factor, now(name))).collect())]
            }
            Made::YearAgo(of) => vec![relation(Kind::Copy, before(of).into_iter().collect())],
            Made::BothYears(of) => {
                vec![relation(Kind::BothYears, [(1, now(of))].into_iter().chain(before(of)).collect())]
            }
            Made::Province(of) => {
                let province = self.parks.keys().filter(|area| area.level == Level::Province);
                vec![relation(Kind::Copy, province.map(|province| (1, self.figure(of, *province))).collect())]
            }
            Made::Rows(_) | Made::Of(_) | Made::Taken { .. } => Vec::new(),
        };
        if !measure.parts.is_empty() {
            found.push(relation(Kind::Parts, measure.parts.iter().map(|name| (1, now(name))).collect()));
        }
        if let (Some(column), true) = (&measure.by_division, area.level == Level::Park) {
            let divisions = self.territory.divisions.get(&(area.code.to_owned(), self.quarter));
            let one = |division: &i64| (1, Figure { division: Some(*division), ..self.figure(column, area) });
            found.push(relation(Kind::Divisions, divisions.into_iter().flatten().map(one).collect()));
        }
        if let (Some(YearEnd { equals, given }), 4) = (&measure.at_year_end, self.quarter.number()) {
            let given = Some([now(&given[0]), now(&given[1])]);
            found.push(Relation { given, ..relation(Kind::YearEnd, vec![(1, now(equals))]) });
        }
        found
    }
}
