//! What registers say of one another: a code that one of them uses must be in the one that lists it. Otherwise a typing error would
//! take an enterprise out of every sum, and no row of any export would tell.

use std::collections::{BTreeMap, BTreeSet};

use super::findings::Findings;
use super::parks::{Parks, successors};
use super::regions::Regions;
use super::stay;
use read::grid::Grid;
use vocab::codes::CodeError;
use vocab::period::Span;
use vocab::rules::Rule;
use vocab::{Place, Problem, codes, rules};

/// A register as it is written.
#[derive(Clone, Copy)]
struct Register<'a> {
    file: &'a str,
    grid: &'a Grid,
}

/// A cell of a register, with its row in the grid.
#[derive(Clone, Copy)]
struct Cell<'a> {
    row: usize,
    column: usize,
    text: &'a str,
}

impl<'a> Register<'a> {
    fn column(self, name: &str) -> Option<usize> {
        if self.grid.is_empty() { None } else { self.grid.row(0).cells().position(|label| label == name) }
    }

    /// The cells of a column that are not empty; none where there is no such column, which is told elsewhere.
    fn cells(self, name: &str) -> impl Iterator<Item = Cell<'a>> {
        let column = self.column(name);
        let rows = column.into_iter().flat_map(move |column| (1..self.grid.len()).map(move |row| (row, column)));
        let cells = rows.map(move |(row, column)| Cell { row, column, text: self.grid.cell(row, column) });
        cells.filter(|cell| !cell.text.is_empty())
    }

    /// Another cell of the same row; empty where there is no such column.
    fn beside(self, cell: Cell<'_>, name: &str) -> &'a str {
        self.column(name).map_or("", |column| self.grid.cell(cell.row, column))
    }

    fn place(self, cell: Cell<'_>) -> Place {
        Place::file(self.file).at_row(self.grid.row(cell.row).number).at_column(cell.column as u32 + 1)
    }

    /// One problem for each wrong code: where it stands first, and how often.
    fn tell(
        self,
        rule: &'static Rule,
        wrong: impl Iterator<Item = Cell<'a>>,
        meant: impl Fn(&str) -> Vec<String>,
        problems: &mut Findings,
    ) {
        let mut found: BTreeMap<&str, (Cell<'_>, usize)> = BTreeMap::new();
        for cell in wrong {
            found.entry(cell.text).or_insert((cell, 0)).1 += 1;
        }
        let mut found: Vec<(Cell<'_>, usize)> = found.into_values().collect();
        found.sort_by_key(|(cell, _)| cell.row);
        for (cell, count) in found {
            problems.push_with(rule, || {
                let times = if count > 1 { format!(" ×{count}") } else { String::new() };
                Problem::new(rule, self.place(cell)).value(format!("{}{times}", cell.text)).expected(meant(cell.text))
            });
        }
    }
}

/// Every reference that leads nowhere.
pub(super) fn check(
    grids: &BTreeMap<String, (String, Grid)>,
    parks: &Parks,
    regions: &Regions,
    problems: &mut Findings,
) {
    let register = |name: &str| grids.get(name).map(|(file, grid)| Register { file, grid });
    if let Some(listed) = register("parks") {
        let users = ["enterprise_park", "clusters", "leading_industries"];
        users.into_iter().filter_map(register).for_each(|user| check_parks(user, listed, parks, problems));
        check_successors(listed, "park_code", &rules::UNKNOWN_PARK, |code| parks.meant(code), problems);
    }
    if let Some(listed) = register("industries") {
        let users = ["clusters", "leading_industries", "value_added_rate"];
        users.into_iter().filter_map(register).for_each(|user| check_divisions(user, listed, problems));
    }
    if let Some(listed) = register("regions") {
        let users = [
            ("parks", "city_code"),
            ("parks", "county_code"),
            ("directly_administered", "region_code"),
            ("directly_administered", "city_code"),
        ];
        for (user, column) in users {
            let Some(user) = register(user) else { continue };
            // Codes are joined as they are written: six digits.
            let is_wrong = |cell: &Cell<'_>| {
                !codes::region(cell.text).is_ok_and(|code| regions.has(code) && format!("{code:06}") == cell.text)
            };
            let wrong = user.cells(column).filter(is_wrong);
            user.tell(&rules::UNKNOWN_REGION, wrong, |code| regions.nearest(code), problems);
        }
        check_successors(listed, "region_code", &rules::UNKNOWN_REGION, |code| regions.nearest(code), problems);
    }
    if let Some(units) = register("enterprise_park") {
        check_credit_codes(units, problems);
    }
}

/// Parks that are on no register, and stays that begin after their park was closed for good. Where a park has a successor, the
/// stay goes on there.
fn check_parks(user: Register<'_>, listed: Register<'_>, parks: &Parks, problems: &mut Findings) {
    let known: BTreeSet<&str> = listed.cells("park_code").map(|cell| cell.text).collect();
    let unknown = user.cells("park_code").filter(|cell| !known.contains(cell.text));
    user.tell(&rules::UNKNOWN_PARK, unknown, |code| parks.meant(code), problems);
    let mut closed: BTreeMap<&str, Span> = BTreeMap::new();
    for park in listed.cells("park_code") {
        let is_succeeded = !listed.beside(park, "successor").is_empty();
        let end = stay::limit(listed.beside(park, "valid_to")).flatten().filter(|_| !is_succeeded);
        let stay = Span { from: None, to: end };
        closed.entry(park.text).and_modify(|known| *known = known.with(stay)).or_insert(stay);
    }
    let too_late = |cell: &Cell<'_>| {
        let from = user.beside(*cell, "valid_from");
        let begins = stay::limit(from).flatten();
        closed.get(cell.text).is_some_and(|stay| stay.ends_before(begins))
    };
    let late = user.cells("park_code").filter(too_late);
    user.tell(&rules::STAY_AFTER_PARK, late, |code| parks.meant(code), problems);
}

/// Divisions that are in no edition of the classification. They are joined as they are written: two digits.
fn check_divisions(user: Register<'_>, listed: Register<'_>, problems: &mut Findings) {
    let known: BTreeSet<&str> =
        listed.cells("industry_code").map(|cell| cell.text).filter(|code| code.len() == 2).collect();
    let wrong = user.cells("industry_division").filter(|cell| !known.contains(cell.text));
    let meant = |code: &str| {
        let near = known.iter().filter(|known| strsim::damerau_levenshtein(code, known) <= 1);
        near.take(3).map(|code| (*code).to_owned()).collect()
    };
    user.tell(&rules::UNKNOWN_INDUSTRY, wrong, meant, problems);
}

/// Characters 9 to 17 of a credit code are the organisation code. The code of an enterprise is no figure of it, so it is shown.
fn check_credit_codes(units: Register<'_>, problems: &mut Findings) {
    for cell in units.cells("credit_code") {
        let Ok(unit) = codes::unit_code(units.beside(cell, "unit_code")) else { continue };
        let rule = match codes::unit_code(cell.text) {
            Ok(own) if own == unit => continue,
            Ok(_) => &rules::CREDIT_CODE_DIFFERS,
            Err(wrong) => rule_of(wrong),
        };
        problems.push_with(rule, || {
            let problem = Problem::new(rule, units.place(cell)).value(cell.text);
            problem.expected([String::from_utf8_lossy(&unit).into_owned()])
        });
    }
}

/// What is told of a code that is none.
pub(super) fn rule_of(wrong: CodeError) -> &'static Rule {
    match wrong {
        CodeError::CheckCharacter => &rules::CHECK_DIGIT,
        CodeError::Malformed => &rules::CODE_MALFORMED,
    }
}

/// Successors that are not listed, and chains of them that come back to where they began.
fn check_successors(
    listed: Register<'_>,
    code: &str,
    unknown: &'static Rule,
    meant: impl Fn(&str) -> Vec<String>,
    problems: &mut Findings,
) {
    let known: BTreeSet<&str> = listed.cells(code).map(|cell| cell.text).collect();
    let missing = listed.cells("successor").filter(|cell| !successors(cell.text).all(|code| known.contains(code)));
    listed.tell(unknown, missing, meant, problems);
    let next: BTreeMap<&str, Cell<'_>> =
        listed.cells("successor").map(|cell| (listed.beside(cell, code), cell)).collect();
    for circle in circles(&next) {
        let Some(cell) = circle.first().and_then(|own| next.get(own)) else { continue };
        let shown = circle.iter().chain(circle.first()).copied().collect::<Vec<_>>().join(" → ");
        problems.push(Problem::new(&rules::SUCCESSORS_IN_A_CIRCLE, listed.place(*cell)).value(shown));
    }
}

/// The circles that lie in these successions, each once. Every code is passed once, however long the chains are.
fn circles<'a>(next: &BTreeMap<&'a str, Cell<'a>>) -> Vec<Vec<&'a str>> {
    let mut passed: BTreeSet<&str> = BTreeSet::new();
    let mut circles = Vec::new();
    for first in next.keys() {
        let mut way = Vec::new();
        let mut at = *first;
        while passed.insert(at) {
            way.push(at);
            at = next.get(at).map_or(at, |after| after.text);
        }
        // It came back to a code of this walk, and not to one of an earlier walk: from there on it is a circle.
        if let Some(start) = way.iter().position(|code| *code == at).filter(|_| next.contains_key(at)) {
            circles.push(way.split_off(start));
        }
    }
    circles
}
