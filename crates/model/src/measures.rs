//! Measures compiled to the models that sum them: over the rows of each park (`sum_…`, `ttm_…`), side by side for each park
//! (`park_quarter`), over the parks of each area (`area_sum`), and all that indicators are made from (`area_quarter`).

mod grain;
mod mistakes;

use std::collections::{BTreeMap, BTreeSet};

use sqlparser::dialect::GenericDialect;
use sqlparser::tokenizer::{Token, Tokenizer};

pub(super) use grain::{Grain, Tables};
pub(super) use mistakes::mistakes;

use config::indicator::Basis;
use config::measure::{Made, Measure, Rows, Summed};
use vocab::level::Level;

/// The models that sum measures: file names and texts. Nothing may be wrong with the measures.
pub(super) fn compile(measures: &[Measure], tables: &Tables) -> BTreeMap<String, String> {
    if measures.is_empty() {
        return BTreeMap::new();
    }
    let groups = groups(measures, tables);
    let compiler = Compiler::of(measures, tables, &groups);
    let mut models: BTreeMap<String, String> = groups.iter().map(|group| (group.table(), group.text())).collect();
    models.insert("park_quarter".to_owned(), compiler.park_quarter());
    models.insert("area_sum".to_owned(), compiler.area_sum());
    models.insert("area_quarter".to_owned(), compiler.area_quarter());
    models.into_iter().map(|(table, text)| (format!("{table}.sql"), text)).collect()
}

/// The model that gives one measure of each park and quarter, whatever condition parks must meet to have it: `park_code`, `quarter`
/// and `part`. None where it is no sum over rows.
pub(super) fn of_one(measures: &[Measure], tables: &Tables, name: &str) -> Option<String> {
    let groups = groups(measures, tables);
    let compiler = Compiler::of(measures, tables, &groups);
    let measure = Measure { parks: None, ..compiler.find(name)?.clone() };
    let Made::Rows(rows) = &measure.made else { return None };
    let at_park = at_level(name, Level::Park);
    let (_, value) = compiler.of_park(&measure).into_iter().find(|(column, _)| column == name || *column == at_park)?;
    let table = compiler.summed_in.get(name).map_or_else(|| rows.first(), String::as_str);
    let join = compiler.join_of_park(table).unwrap_or_default();
    Some(format!(
        "SELECT p.park_code, c.quarter, {value} AS part FROM park AS p\n\
         INNER JOIN calendar AS c ON c.quarter >= p.from_quarter AND c.quarter <= p.to_quarter\n\
         INNER JOIN park_number AS n ON n.park_code = p.park_code\n{join}"
    ))
}

/// The name of the column of a sum that is another one at each level.
fn at_level(name: &str, level: Level) -> String {
    format!("{name}_at_{level}")
}

/// A text of SQL with names replaced where `named` gives something else for them. Names of functions stay.
fn with_names(text: &str, named: &dyn Fn(&str) -> Option<String>) -> String {
    let tokens = Tokenizer::new(&GenericDialect {}, text).tokenize().unwrap_or_default();
    let is_call = |at: usize| {
        let next = tokens[at + 1..].iter().find(|token| !matches!(token, Token::Whitespace(_)));
        matches!(next, Some(Token::LParen))
    };
    let part = |(at, token): (usize, &Token)| match token {
        Token::Word(word) if !is_call(at) => named(&word.value).unwrap_or_else(|| token.to_string()),
        _ => token.to_string(),
    };
    tokens.iter().enumerate().map(part).collect()
}

/// Columns of a SELECT, one on each line.
fn lines(columns: impl IntoIterator<Item = String>, indent: &str) -> String {
    columns.into_iter().map(|column| format!("{indent}{column}")).collect::<Vec<_>>().join(",\n")
}

/// Measures that are made from the rows of the same tables, in one pass.
struct Group<'m> {
    tables: BTreeSet<&'m str>,
    /// Whether they speak of four quarters, which the records must hold.
    is_ttm: bool,
    measures: Vec<(&'m Measure, &'m Rows)>,
}

impl Group<'_> {
    fn table(&self) -> String {
        let first = self.tables.first().copied().unwrap_or_default();
        format!("{}_{first}", if self.is_ttm { "ttm" } else { "sum" })
    }

    fn text(&self) -> String {
        let tables: Vec<&str> = self.tables.iter().copied().collect();
        let about = format!("-- Sums over {} for each park and quarter (config/measures).\n", tables.join(" and "));
        if let ([table], false) = (tables.as_slice(), self.is_ttm) {
            return about + &self.over(table, "") + "\n";
        }
        let sum = |(measure, _): &(&Measure, &Rows)| {
            let name = &measure.name;
            format!("CAST(SUM(w.{name}) AS BIGINT) AS {name}")
        };
        let columns = ["w.park_number".to_owned(), "w.quarter".to_owned()];
        let columns = lines(columns.into_iter().chain(self.measures.iter().map(sum)), "    ");
        let arms: Vec<String> = tables.iter().map(|table| self.over(table, "    ")).collect();
        let arms = arms.join("\n    UNION ALL\n");
        let window = if self.is_ttm {
            "INNER JOIN calendar AS c ON c.quarter = w.quarter\nWHERE c.quarter >= c.first_quarter + 3\n"
        } else {
            ""
        };
        format!("{about}SELECT\n{columns}\nFROM (\n{arms}\n) AS w\n{window}GROUP BY w.park_number, w.quarter\n")
    }

    /// The sums over one of the tables. What is not made from it has no rows in it.
    fn over(&self, table: &str, indent: &str) -> String {
        let column = |(measure, rows): &(&Measure, &Rows)| {
            let is_from = rows.from.iter().any(|from| from == table);
            let made = match (&rows.what, is_from) {
                (Summed::Count(expression), true) => format!("COUNT({})", conditioned(rows, expression)),
                (Summed::Sum(expression), true) => format!("SUM({})", conditioned(rows, expression)),
                (Summed::Count(_), false) => "0".to_owned(),
                _ => "NULL".to_owned(),
            };
            format!("CAST({made} AS BIGINT) AS {}", measure.name)
        };
        let keys = ["park_number".to_owned(), "quarter".to_owned()];
        let columns = lines(keys.into_iter().chain(self.measures.iter().map(column)), &format!("{indent}    "));
        format!(
            "{indent}SELECT\n{columns}\n{indent}FROM {table}\n{indent}WHERE park_number IS NOT NULL\n{indent}GROUP BY park_number, quarter"
        )
    }
}

/// An expression that only the rows that meet the condition have.
fn conditioned(rows: &Rows, expression: &str) -> String {
    match &rows.only {
        Some(condition) => format!("CASE WHEN {condition} THEN {expression} END"),
        None => expression.to_owned(),
    }
}

/// Measures that are summed over the rows of a park, by the tables that they are made from.
fn groups<'m>(measures: &'m [Measure], tables: &Tables) -> Vec<Group<'m>> {
    let mut groups: Vec<Group<'m>> = Vec::new();
    for measure in measures {
        let Made::Rows(rows) = &measure.made else { continue };
        if tables.grain(rows.first()) != Some(Grain::Finer) {
            continue;
        }
        let is_ttm = measure.time == Basis::Ttm;
        let mut own = Group { tables: rows.from.iter().map(String::as_str).collect(), is_ttm, measures: Vec::new() };
        // What shares a table is made in one pass over it.
        let meets = |group: &mut Group<'m>| group.is_ttm == is_ttm && !group.tables.is_disjoint(&own.tables);
        let met: Vec<Group<'m>> = groups.extract_if(.., meets).collect();
        for group in met {
            own.tables.extend(group.tables);
            own.measures.extend(group.measures);
        }
        own.measures.push((measure, rows));
        groups.push(own);
    }
    groups
}

struct Compiler<'m> {
    measures: &'m [Measure],
    tables: &'m Tables,
    /// The model that sums a measure over the rows of each park, by its name.
    summed_in: BTreeMap<String, String>,
}

impl<'m> Compiler<'m> {
    fn of(measures: &'m [Measure], tables: &'m Tables, groups: &[Group<'m>]) -> Compiler<'m> {
        let of_group = |group: &Group<'m>| {
            let table = group.table();
            group.measures.iter().map(|(measure, _)| (measure.name.clone(), table.clone())).collect::<Vec<_>>()
        };
        Compiler { measures, tables, summed_in: groups.iter().flat_map(of_group).collect() }
    }

    fn find(&self, name: &str) -> Option<&'m Measure> {
        self.measures.iter().find(|measure| measure.name == name)
    }

    /// The table that holds the figure of a park.
    fn table_of(&self, measure: &'m Measure, rows: &'m Rows) -> &str {
        self.summed_in.get(&measure.name).map_or_else(|| rows.first(), String::as_str)
    }

    /// What a park has of a measure, over the tables that `park_quarter` joins; of one that is another at each level, by level.
    fn of_park(&self, measure: &Measure) -> Vec<(String, String)> {
        let plain = match &measure.made {
            Made::Rows(rows) => match (&rows.what, self.summed_in.get(&measure.name)) {
                (Summed::SumAt(levels), _) => {
                    let column = |(level, column): &(Level, String)| {
                        (at_level(&measure.name, *level), format!("{}.{column}", rows.first()))
                    };
                    return levels.iter().map(column).collect();
                }
                (_, Some(table)) => format!("{table}.{}", measure.name),
                (_, None) => self.of_row(measure, rows),
            },
            Made::Of(name) => self.of_one_park(name),
            _ => return Vec::new(),
        };
        let value = match &measure.parks {
            Some(condition) => {
                let condition = with_names(condition, &|word| self.find(word).map(|_| self.of_one_park(word)));
                format!("CASE WHEN {condition} THEN {plain}{} END", otherwise(measure))
            }
            None => plain,
        };
        vec![(measure.name.clone(), value)]
    }

    fn of_one_park(&self, name: &str) -> String {
        let columns = self.find(name).map(|measure| self.of_park(measure)).unwrap_or_default();
        columns.into_iter().next().map(|(_, value)| value).unwrap_or_default()
    }

    /// What the one row of a park and quarter says.
    fn of_row(&self, measure: &Measure, rows: &Rows) -> String {
        let table = rows.first();
        // The register of parks is what everything is joined to.
        let called = if self.tables.grain(table) == Some(Grain::Register) { "p" } else { table };
        let is_column = |word: &str| self.tables.has(table, word);
        let of_table = |text: &str| with_names(text, &|word| is_column(word).then(|| format!("{called}.{word}")));
        let only = rows.only.as_deref().map(of_table);
        match (&rows.what, only) {
            (Summed::Count(expression), only) => {
                let is_there = format!("{} IS NOT NULL", of_table(expression));
                let condition = only.map_or_else(|| is_there.clone(), |only| format!("{is_there} AND ({only})"));
                format!("CASE WHEN {condition} THEN CAST(1 AS BIGINT){} END", otherwise(measure))
            }
            (Summed::Sum(expression), Some(only)) => {
                format!("CASE WHEN {only} THEN {}{} END", of_table(expression), otherwise(measure))
            }
            (Summed::Sum(expression), None) => of_table(expression),
            (Summed::SumAt(_), _) => String::new(),
        }
    }

    /// All that a park has in a quarter, side by side.
    fn park_quarter(&self) -> String {
        let keys = ["p.park_code".to_owned(), "c.quarter".to_owned()];
        let columns = self.measures.iter().flat_map(|measure| self.of_park(measure));
        let columns = keys.into_iter().chain(columns.map(|(name, value)| format!("{value} AS {name}")));
        let columns = lines(columns, "    ");
        let mut tables = BTreeSet::new();
        for measure in self.measures {
            if let Made::Rows(rows) = &measure.made {
                tables.insert(self.table_of(measure, rows));
            }
        }
        let joins: String = tables.iter().filter_map(|table| self.join_of_park(table)).collect();
        format!(
            "-- All that a park has in a quarter (config/measures).\nSELECT\n{columns}\nFROM park AS p\n\
             INNER JOIN calendar AS c ON c.quarter >= p.from_quarter AND c.quarter <= p.to_quarter\n\
             INNER JOIN park_number AS n ON n.park_code = p.park_code\n{joins}"
        )
    }

    fn join_of_park(&self, table: &str) -> Option<String> {
        let key = match self.tables.grain(table) {
            Some(Grain::Register) => return None,
            Some(Grain::ParkCode) => format!("{table}.park_code = p.park_code"),
            _ => format!("{table}.park_number = n.park_number"),
        };
        Some(format!("LEFT JOIN {table} ON {key} AND {table}.quarter = c.quarter\n"))
    }

    /// Parks summed to every area.
    fn area_sum(&self) -> String {
        let keys = [
            "a.level",
            "a.ref_area",
            "MIN(a.ref_area_name) AS ref_area_name",
            "MIN(a.line) AS line",
            "MIN(a.territory_from) AS territory_from",
            "q.quarter",
        ];
        let names = self.measures.iter().flat_map(|measure| self.of_park(measure)).map(|(name, _)| name);
        let sums = names.map(|name| format!("CAST(SUM(q.{name}) AS BIGINT) AS {name}"));
        let columns = lines(keys.into_iter().map(str::to_owned).chain(sums), "    ");
        format!(
            "-- Parks summed to every area (config/measures): a county, a city and the province are sums of their parks, never means.\n\
             SELECT\n{columns}\nFROM area AS a\nINNER JOIN park_quarter AS q ON q.park_code = a.park_code\n\
             WHERE q.quarter >= a.from_quarter AND q.quarter <= a.to_quarter\nGROUP BY a.level, a.ref_area, q.quarter\n"
        )
    }

    /// A measure that sums alone make, from the row of `area_sum` that is called so.
    fn of_sums(&self, name: &str, called: &str) -> String {
        let column = |name: &str| if called.is_empty() { name.to_owned() } else { format!("{called}.{name}") };
        let Some(Made::Terms(terms)) = self.find(name).map(|measure| &measure.made) else { return column(name) };
        let mut text = String::new();
        for (name, factor) in terms {
            let sign = match (text.is_empty(), *factor < 0) {
                (true, false) => "",
                (true, true) => "-",
                (false, false) => " + ",
                (false, true) => " - ",
            };
            let times = if factor.abs() == 1 { String::new() } else { format!(" * {}", factor.abs()) };
            text += &format!("{sign}{}{times}", column(name));
        }
        text
    }

    /// A measure of an area.
    fn of_area(&self, measure: &Measure) -> String {
        let name = &measure.name;
        let zero = "CAST(0 AS BIGINT)";
        let value = match &measure.made {
            Made::Rows(Rows { what: Summed::SumAt(levels), .. }) => {
                let at = |(level, _): &(Level, String)| format!(" WHEN '{level}' THEN s.{}", at_level(name, *level));
                return format!("CASE s.level{} END", levels.iter().map(at).collect::<String>());
            }
            Made::Rows(_) | Made::Of(_) | Made::Terms(_) => self.of_sums(name, "s"),
            Made::Taken { from, column } => format!("{from}.{column}"),
            Made::YearAgo(of) => self.of_sums(of, "b"),
            Made::BothYears(of) => {
                format!("COALESCE({}, {zero}) + COALESCE({}, {zero})", self.of_sums(of, "s"), self.of_sums(of, "b"))
            }
            Made::Province(_) => format!("w.{name}"),
        };
        if measure.levels.len() == Level::ALL.len() {
            return value;
        }
        let levels: Vec<String> = measure.levels.iter().map(|level| format!("'{level}'")).collect();
        format!("CASE WHEN s.level IN ({}) THEN {value} END", levels.join(", "))
    }

    /// All that indicators are made from: one row for each area and quarter.
    fn area_quarter(&self) -> String {
        let keys = ["level", "ref_area", "ref_area_name", "line", "territory_from", "quarter"];
        let keys = keys.map(|key| format!("s.{key}")).into_iter().chain(["c.first_quarter".to_owned()]);
        let of_area = |measure: &Measure| format!("{} AS {}", self.of_area(measure), measure.name);
        let columns = lines(keys.chain(self.measures.iter().map(of_area)), "    ");
        let mut taken = BTreeSet::new();
        let mut province = vec!["quarter".to_owned()];
        let mut has_years = false;
        for measure in self.measures {
            match &measure.made {
                Made::Taken { from, .. } => _ = taken.insert(from.as_str()),
                Made::Province(of) => province.push(format!("{} AS {}", self.of_sums(of, ""), measure.name)),
                Made::YearAgo(_) | Made::BothYears(_) => has_years = true,
                _ => {}
            }
        }
        let mut joins = String::from("INNER JOIN calendar AS c ON c.quarter = s.quarter\n");
        if has_years {
            joins += "LEFT JOIN area_sum AS b ON b.level = s.level AND b.line = s.line AND b.quarter = s.quarter - 4\n";
        }
        for table in taken {
            let area = if self.tables.grain(table) == Some(Grain::Area) {
                format!("{table}.level = s.level AND {table}.ref_area = s.ref_area AND ")
            } else {
                String::new()
            };
            joins += &format!("LEFT JOIN {table} ON {area}{table}.quarter = s.quarter\n");
        }
        if province.len() > 1 {
            let columns = lines(province, "        ");
            joins += &format!(
                "LEFT JOIN (\n    SELECT\n{columns}\n    FROM area_sum\n    WHERE level = 'province'\n) AS w ON w.quarter = s.quarter\n"
            );
        }
        format!(
            "-- One row for each area and quarter with everything the indicators are made of (config/measures).\nSELECT\n{columns}\nFROM area_sum AS s\n{joins}"
        )
    }
}

/// What a park has that does not meet a condition.
fn otherwise(measure: &Measure) -> &'static str {
    if measure.is_none_otherwise { " ELSE CAST(0 AS BIGINT)" } else { "" }
}
