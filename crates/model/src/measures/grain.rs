//! What tables have one row for, told by the keys among their columns.

use std::collections::{BTreeMap, BTreeSet};

use sqlparser::ast::{
    Expr, Query, Select, SelectItem, SelectItemQualifiedWildcardKind, SetExpr, Statement, TableFactor, TableWithJoins,
};

use crate::sql::model::{GIVEN, Model};
use config::source::{PeriodFrom, Source};

/// What a table has one row for, as far as measures can be made from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grain {
    /// Several for a park and quarter: enterprises, or divisions.
    Finer,
    /// A park, by its number, and quarter.
    Park,
    /// A park, by its code, and quarter.
    ParkCode,
    /// A park: the register itself.
    Register,
    /// An area and quarter.
    Area,
    /// A quarter.
    Whole,
}

/// The register that every park is on.
const REGISTER: &str = "park";

/// Tables that measures may be made from.
#[derive(Default)]
pub(crate) struct Tables {
    columns: BTreeMap<String, Option<Vec<String>>>,
    reads: BTreeMap<String, BTreeSet<String>>,
}

impl Tables {
    /// Models as they are written, and datasets.
    pub(crate) fn of(models: &BTreeMap<String, Model>, sources: &[Source]) -> Tables {
        let mut tables = Tables::default();
        tables.columns.insert(REGISTER.to_owned(), Some(vec!["park_code".to_owned()]));
        for source in sources {
            let period = (source.period != PeriodFrom::None).then(|| "quarter".to_owned());
            let columns = source.columns.iter().map(|column| column.name.clone()).chain(period).collect();
            tables.columns.insert(source.dataset.clone(), Some(columns));
        }
        for (name, model) in models {
            let given = match &model.statement {
                Statement::Query(query) => tables.given(query, models, models.len()),
                _ => None,
            };
            tables.columns.insert(name.clone(), given);
            tables.reads.insert(name.clone(), model.reads.clone());
        }
        tables
    }

    pub(super) fn names(&self) -> Vec<&str> {
        self.columns.keys().map(String::as_str).collect()
    }

    /// Whether there is such a table: a model, a dataset with what was set aside of it, or one that the program gives.
    pub(super) fn is_there(&self, table: &str) -> bool {
        let of_dataset = table.strip_suffix("_set_aside").unwrap_or(table);
        self.columns.contains_key(of_dataset) || GIVEN.contains(&table)
    }

    pub(super) fn columns(&self, table: &str) -> Option<&[String]> {
        self.columns.get(table)?.as_deref()
    }

    /// Whether a table has a column; of one that takes all columns of another, nothing is known.
    pub(super) fn has(&self, table: &str, column: &str) -> bool {
        self.columns(table).is_some_and(|columns| columns.iter().any(|known| known == column))
    }

    /// What a table has one row for; none where no measure can be made from it, or it is not there.
    pub(super) fn grain(&self, table: &str) -> Option<Grain> {
        if table == REGISTER {
            return Some(Grain::Register);
        }
        let columns = self.columns(table)?;
        let has = |name: &str| columns.iter().any(|column| column == name);
        let is_of_enterprises = columns.iter().any(|column| column.starts_with("unit_") && column != "unit_measure");
        let is_key = |column: &String| column.ends_with("_code") || column.ends_with("_number");
        let is_finer = is_of_enterprises || has("division");
        if !has("quarter") {
            None
        } else if has("level") && has("ref_area") {
            Some(Grain::Area)
        } else if has("park_number") {
            Some(if is_finer { Grain::Finer } else { Grain::Park })
        } else if is_finer || has("indicator") {
            None
        } else if has("park_code") {
            Some(Grain::ParkCode)
        } else {
            (!columns.iter().any(is_key)).then_some(Grain::Whole)
        }
    }

    /// All tables that some rest on, with themselves.
    pub(super) fn under<'t>(&'t self, tables: impl IntoIterator<Item = &'t str>) -> BTreeSet<&'t str> {
        let mut found = BTreeSet::new();
        let mut wanted: Vec<&str> = tables.into_iter().collect();
        while let Some(next) = wanted.pop() {
            if found.insert(next) {
                wanted.extend(self.reads.get(next).into_iter().flatten().map(String::as_str));
            }
        }
        found
    }

    /// The columns that a statement gives; none where it takes all columns of something that nothing is known of, or of more
    /// models behind one another than there are: these go in a circle.
    fn given(&self, query: &Query, models: &BTreeMap<String, Model>, depth: usize) -> Option<Vec<String>> {
        let mut set = query.body.as_ref();
        let select = loop {
            match set {
                SetExpr::Select(select) => break select,
                SetExpr::Query(query) => set = query.body.as_ref(),
                SetExpr::SetOperation { left, .. } => set = left.as_ref(),
                _ => return None,
            }
        };
        let mut columns = Vec::new();
        for item in &select.projection {
            match item {
                SelectItem::ExprWithAlias { alias, .. } => columns.push(alias.value.clone()),
                SelectItem::UnnamedExpr(Expr::Identifier(name)) => columns.push(name.value.clone()),
                SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts)) => columns.push(parts.last()?.value.clone()),
                SelectItem::Wildcard(_) => columns.extend(self.of_factors(select, None, models, depth)?),
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), _) => {
                    columns.extend(self.of_factors(select, Some(&name.to_string()), models, depth)?);
                }
                _ => return None,
            }
        }
        Some(columns)
    }

    /// The columns of what a statement reads, or of the one that is called so.
    fn of_factors(
        &self,
        select: &Select,
        called: Option<&str>,
        models: &BTreeMap<String, Model>,
        depth: usize,
    ) -> Option<Vec<String>> {
        let joins = |from: &'_ TableWithJoins| from.joins.iter().map(|join| join.relation.clone()).collect::<Vec<_>>();
        let factors = select.from.iter().flat_map(|from| [from.relation.clone()].into_iter().chain(joins(from)));
        let mut columns = Vec::new();
        for factor in factors {
            let (name, own) = match &factor {
                TableFactor::Table { name, alias, .. } => {
                    let table = name.to_string();
                    let own = match models.get(&table).map(|model| &model.statement) {
                        Some(Statement::Query(query)) => self.given(query, models, depth.checked_sub(1)?),
                        _ => self.columns.get(&table).cloned().flatten(),
                    };
                    (alias.as_ref().map_or(table, |alias| alias.name.value.clone()), own)
                }
                TableFactor::Derived { subquery, alias, .. } => {
                    let name = alias.as_ref().map(|alias| alias.name.value.clone()).unwrap_or_default();
                    (name, self.given(subquery, models, depth))
                }
                _ => return None,
            };
            if called.is_none_or(|called| called == name) {
                columns.extend(own?);
            }
        }
        Some(columns)
    }
}
