//! Several numbers as one, which the engine joins and groups several times as fast: it would pack the columns of each row
//! otherwise. Models name their keys as they are (`unit_number`, `quarter`, `division`); what is packed here is in none of them.
//!
//! Rows of enterprises are kept in the order of enterprise and quarter, so that what is joined on them is merged. Groups and
//! windows get a number that is made of what is known of their columns, and only where it can be told apart in 64 bits.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList, FunctionArguments, GroupByExpr,
    Ident, JoinConstraint, JoinOperator, ObjectName, Query, Select, SelectItem, SetExpr, TableAlias, TableFactor,
    VisitMut, VisitorMut, WindowType,
};

use super::bounds::{Kind, Relation, Scope};
use super::guard::expression::{binary, named, nested, number_of, tables_of};

/// What an enterprise is known by.
pub(super) const UNIT: &str = "unit_number";
/// What its rows are told apart by.
pub(super) const QUARTER: &str = "quarter";

/// Room for quarters beside the number of an enterprise: 36^9 × 2^16 still fits 63 bits.
const QUARTERS: i64 = 1 << 16;

/// Beyond this, a packed number might not fit.
const MOST: f64 = 4e18;

/// A quarter that a row names: a sum of its columns, of what they leave divided by a number, and of numbers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(Vec<(bool, Term)>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Term {
    Column(String),
    Rest(String, i64),
    Number(i64),
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (is_less, term)) in self.0.iter().enumerate() {
            let sign = if *is_less { " - " } else { " + " };
            f.write_str(if at == 0 && !is_less { "" } else { sign })?;
            match term {
                Term::Column(name) => f.write_str(name)?,
                Term::Rest(name, by) => write!(f, "MOD({name}, {by})")?,
                Term::Number(number) => write!(f, "{number}")?,
            }
        }
        Ok(())
    }
}

impl Moment {
    /// The quarter of a row.
    pub(super) fn own() -> Moment {
        Moment(vec![(false, Term::Column(QUARTER.to_owned()))])
    }

    /// What an expression over one table says, with that table.
    fn of(expression: &Expr) -> Option<(String, Moment)> {
        let (mut table, mut terms) = (None, Vec::new());
        add(expression, false, &mut table, &mut terms)?;
        Some((table?, Moment(terms)))
    }

    /// The columns that it names.
    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|(_, term)| match term {
            Term::Column(name) | Term::Rest(name, _) => Some(name.as_str()),
            Term::Number(_) => None,
        })
    }

    /// The number of each enterprise and moment, in the order of the rows; none where one has no room. `column` gives the values
    /// of a column, of which none may be missing.
    pub(super) fn keys<'v>(&self, column: impl Fn(&str) -> Option<&'v [i64]>) -> Option<Vec<i64>> {
        let mut keys: Vec<i64> = vec![0; column(UNIT)?.len()];
        for (is_less, term) in &self.0 {
            let sign = if *is_less { -1 } else { 1 };
            let mut each = |name: &str, value: &dyn Fn(i64) -> Option<i64>| {
                for (key, own) in keys.iter_mut().zip(column(name)?) {
                    *key = key.checked_add(sign * value(*own)?)?;
                }
                Some(())
            };
            let small = |value: i64| (0..QUARTERS).contains(&value).then_some(value);
            match term {
                Term::Column(name) => each(name, &small)?,
                Term::Rest(name, by) => each(name, &|value| small(value)?.checked_rem(*by))?,
                Term::Number(number) => each(UNIT, &|_| small(*number))?,
            }
        }
        for (key, unit) in keys.iter_mut().zip(column(UNIT)?) {
            let is_in_room = (0..QUARTERS).contains(key) && (0..=i64::MAX / QUARTERS - 1).contains(unit);
            *key += is_in_room.then_some(unit * QUARTERS)?;
        }
        Some(keys)
    }

    /// What the column of such numbers is called: no column of a model has such a name.
    pub(super) fn name(&self) -> String {
        format!("{UNIT}, {self}")
    }
}

fn add(expression: &Expr, is_less: bool, table: &mut Option<String>, terms: &mut Vec<(bool, Term)>) -> Option<()> {
    let mut column = |expression: &Expr| {
        let Expr::CompoundIdentifier(names) = expression else { return None };
        let [of, name] = names.as_slice() else { return None };
        (*table.get_or_insert_with(|| of.value.clone()) == of.value).then(|| name.value.clone())
    };
    match expression {
        Expr::Nested(inner) => add(inner, is_less, table, terms)?,
        Expr::BinaryOp { left, op: op @ (BinaryOperator::Plus | BinaryOperator::Minus), right } => {
            add(left, is_less, table, terms)?;
            add(right, is_less != (*op == BinaryOperator::Minus), table, terms)?;
        }
        Expr::CompoundIdentifier(_) => terms.push((is_less, Term::Column(column(expression)?))),
        Expr::Value(_) => terms.push((is_less, Term::Number(whole(expression)?))),
        Expr::Function(function) if function.name.to_string().eq_ignore_ascii_case("MOD") => {
            let FunctionArguments::List(list) = &function.args else { return None };
            let [FunctionArg::Unnamed(FunctionArgExpr::Expr(of)), FunctionArg::Unnamed(FunctionArgExpr::Expr(by))] =
                list.args.as_slice()
            else {
                return None;
            };
            terms.push((is_less, Term::Rest(column(of)?, whole(by)?)));
        }
        _ => return None,
    }
    Some(())
}

fn whole(expression: &Expr) -> Option<i64> {
    let Expr::Value(value) = expression else { return None };
    value.value.to_string().parse().ok()
}

/// Tables that a statement reads.
pub(super) trait Tables {
    /// What is known of a table.
    fn relation(&self, table: &str) -> Option<Relation>;

    /// Whether a table has a number for each of its rows by an enterprise and a moment; it is then wanted.
    fn has_keys(&self, table: &str, moment: &Moment) -> bool;
}

/// The name under which the engine knows a table. None of a model is the same, whatever it calls its tables: a column that is
/// looked for there is not found in another one.
pub(super) fn as_it_is(table: &str) -> String {
    format!("{table}, as it is")
}

/// The name under which it knows the table with the numbers of its rows.
pub(super) fn with_keys(table: &str) -> String {
    format!("{table}, with keys")
}

/// What a table is called that `with_keys` names.
pub(super) fn without_keys(name: &str) -> &str {
    name.strip_suffix(", with keys").unwrap_or(name)
}

/// Reads a table under another name, and calls it as before.
pub(super) fn rename(factor: &mut TableFactor, to: &str) {
    let Some((own, _)) = called(factor) else { return };
    if let TableFactor::Table { name, alias, .. } = factor {
        *name = ObjectName::from(vec![Ident::with_quote('"', to)]);
        alias.get_or_insert_with(|| TableAlias {
            explicit: true,
            name: Ident::new(own),
            columns: Vec::new(),
            at: None,
        });
    }
}

/// Joins tables on one number for each enterprise and quarter where both have it.
pub(super) fn joined(select: &mut Select, tables: &dyn Tables) {
    // A column that was added here would be among those that `*` gives.
    let is_star = |item: &SelectItem| matches!(item, SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..));
    let [from] = select.from.as_mut_slice() else { return };
    if select.projection.iter().any(is_star) {
        return;
    }
    let joins = from.joins.iter().map(|join| &join.relation);
    let tables_of: BTreeMap<String, String> = [&from.relation].into_iter().chain(joins).filter_map(called).collect();
    let mut keyed: Vec<String> = Vec::new();
    for join in &mut from.joins {
        let (JoinOperator::Join(on) | JoinOperator::Inner(on) | JoinOperator::Left(on) | JoinOperator::LeftOuter(on)) =
            &mut join.join_operator
        else {
            continue;
        };
        let JoinConstraint::On(condition) = on else { continue };
        if let Some([one, other]) = of_enterprises(condition) {
            let sides = [&one, &other].map(|(alias, moment)| Some((tables_of.get(alias)?, moment)));
            if sides.iter().all(|side| side.is_some_and(|(table, moment)| tables.has_keys(table, moment))) {
                let column = |(alias, moment): &(String, Moment)| {
                    Expr::CompoundIdentifier(vec![Ident::new(alias), Ident::with_quote('"', moment.name())])
                };
                *condition = binary(column(&one), BinaryOperator::Eq, column(&other));
                keyed.extend([one.0, other.0]);
            }
        }
    }
    let joins = from.joins.iter_mut().map(|join| &mut join.relation);
    for factor in [&mut from.relation].into_iter().chain(joins) {
        if let Some((alias, table)) = called(factor)
            && keyed.contains(&alias)
        {
            rename(factor, &with_keys(&table));
        }
    }
}

/// Makes one equality of several between whole numbers of two tables, where what is known of them allows it.
pub(super) fn paired(condition: &mut Expr, kind: &mut dyn FnMut(&Expr) -> Kind) {
    let mut sides: [Vec<(Expr, f64)>; 2] = Default::default();
    let mut tables: [Option<BTreeSet<String>>; 2] = Default::default();
    let mut wanted = vec![&*condition];
    while let Some(next) = wanted.pop() {
        match next {
            Expr::BinaryOp { left, op: BinaryOperator::And, right } => wanted.extend([&**left, &**right]),
            Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => {
                let mut both = [&**left, &**right];
                let Some(of) = tables_of(both[0]).filter(|of| of.len() == 1) else { return };
                if tables[1].as_ref() == Some(&of) {
                    both.reverse();
                }
                for (at, side) in both.into_iter().enumerate() {
                    let of = tables_of(side).filter(|of| of.len() == 1);
                    let Kind::Whole(size) = kind(side) else { return };
                    if of.is_none()
                        || *tables[at].get_or_insert_with(|| of.clone().unwrap_or_default()) != of.unwrap_or_default()
                    {
                        return;
                    }
                    sides[at].push((side.clone(), size.most.ceil()));
                }
            }
            _ => return,
        }
    }
    let [one, other] = sides;
    if one.len() < 2 {
        return;
    }
    let largest: Vec<f64> = one.iter().zip(&other).map(|((_, one), (_, other))| one.max(*other)).collect();
    let number = |side: Vec<(Expr, f64)>| {
        let parts = side.into_iter().zip(&largest);
        in_one(parts.map(|((expression, _), largest)| (expression, *largest)))
    };
    if let (Some(one), Some(other)) = (number(one), number(other)) {
        *condition = binary(one, BinaryOperator::Eq, other);
    }
}

/// What a table is called in a statement, and which it is.
fn called(factor: &TableFactor) -> Option<(String, String)> {
    let TableFactor::Table { name, alias, .. } = factor else { return None };
    let table = name.to_string();
    Some((alias.as_ref().map_or_else(|| table.clone(), |alias| alias.name.value.clone()), table))
}

/// Of a condition that is an enterprise and a moment of two tables and nothing else: the tables, with the moment of each.
fn of_enterprises(condition: &Expr) -> Option<[(String, Moment); 2]> {
    let Expr::BinaryOp { left, op: BinaryOperator::And, right } = condition else { return None };
    let sides = |equality: &Expr| {
        let Expr::BinaryOp { left, op: BinaryOperator::Eq, right } = equality else { return None };
        Some([Moment::of(left)?, Moment::of(right)?])
    };
    let unit = Moment(vec![(false, Term::Column(UNIT.to_owned()))]);
    let [mut units, mut moments] = [sides(left)?, sides(right)?];
    if moments.iter().all(|(_, moment)| *moment == unit) {
        std::mem::swap(&mut units, &mut moments);
    }
    if units[0].0 != moments[0].0 {
        moments.reverse();
    }
    let is_of_two = units[0].0 != units[1].0 && [0, 1].iter().all(|side| units[*side].0 == moments[*side].0);
    (is_of_two && units.iter().all(|(_, moment)| *moment == unit)).then_some(moments)
}

/// Gives groups and windows one number for each, where what is known of their columns allows it.
pub(super) fn grouped(select: &mut Select, scope: &Scope) {
    let mut windows = Windows { scope, found: false };
    let _ = select.projection.visit(&mut windows);
    if windows.found || select.having.is_some() || select.distinct.is_some() {
        return;
    }
    let GroupByExpr::Expressions(groups, modifiers) = &mut select.group_by else { return };
    let expressions = select.projection.iter().all(|item| {
        matches!(item, SelectItem::ExprWithAlias { .. })
            || matches!(item, SelectItem::UnnamedExpr(item) if name_of(item).is_some())
    });
    if !modifiers.is_empty() || !expressions {
        return;
    }
    let Some(one) = packed(groups, scope) else { return };
    let mut members = Members { groups: groups.as_slice(), inside: 0 };
    for item in &mut select.projection {
        match item {
            SelectItem::ExprWithAlias { expr, .. } => _ = expr.visit(&mut members),
            SelectItem::UnnamedExpr(expression) => {
                let name = name_of(expression).unwrap_or_default().to_owned();
                let _ = expression.visit(&mut members);
                *item = SelectItem::ExprWithAlias { expr: expression.clone(), alias: Ident::new(name) };
            }
            _ => {}
        }
    }
    *groups = vec![one];
}

/// What a column is called, and of which table it is said to be.
fn name_of(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Identifier(name) => Some(&name.value),
        Expr::CompoundIdentifier(names) if names.len() == 2 => Some(&names[1].value),
        _ => None,
    }
}

/// One number for several columns of whole numbers.
fn packed(columns: &[Expr], scope: &Scope) -> Option<Expr> {
    if columns.len() < 2 {
        return None;
    }
    let mut parts = Vec::with_capacity(columns.len());
    for expression in columns {
        let found = named(expression, scope)?;
        let Kind::Whole(size) = found.kind else { return None };
        let largest = size.most.ceil();
        // What is not there is a group as well.
        let part = if found.is_full {
            expression.clone()
        } else {
            call("COALESCE", vec![expression.clone(), number_of(&(largest + 1.0).to_string())])
        };
        parts.push((part, largest + 1.0));
    }
    in_one(parts)
}

/// One number for several, of which each is at most so large; none where it might not fit.
fn in_one(parts: impl IntoIterator<Item = (Expr, f64)>) -> Option<Expr> {
    let (mut one, mut most): (Option<Expr>, f64) = (None, 0.0);
    for (part, largest) in parts {
        // From the largest below zero to the largest above.
        let room = 2.0 * largest + 1.0;
        one = Some(match one {
            None => nested(part),
            Some(before) => {
                let before = binary(before, BinaryOperator::Multiply, number_of(&room.to_string()));
                nested(binary(before, BinaryOperator::Plus, nested(part)))
            }
        });
        most = most * room + largest;
        if most.partial_cmp(&MOST).is_none_or(std::cmp::Ordering::is_ge) {
            return None;
        }
    }
    one
}

fn call(name: &str, arguments: Vec<Expr>) -> Expr {
    let argument = |expression: Expr| FunctionArg::Unnamed(FunctionArgExpr::Expr(expression));
    let list = FunctionArgumentList {
        duplicate_treatment: None,
        args: arguments.into_iter().map(argument).collect(),
        clauses: Vec::new(),
    };
    Expr::Function(Function {
        name: ObjectName::from(vec![Ident::new(name)]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(list),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    })
}

/// Packs what windows are over.
struct Windows<'s> {
    scope: &'s Scope,
    found: bool,
}

impl VisitorMut for Windows<'_> {
    type Break = ();

    fn post_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<()> {
        if let Expr::Function(Function { over: Some(WindowType::WindowSpec(window)), .. }) = expression {
            self.found = true;
            if let Some(one) = packed(&window.partition_by, self.scope) {
                window.partition_by = vec![one];
            }
        }
        ControlFlow::Continue(())
    }
}

/// Takes the columns of a group from any of its rows, since all have the same.
struct Members<'g> {
    groups: &'g [Expr],
    /// How many sums this is in.
    inside: usize,
}

fn is_sum(expression: &Expr) -> bool {
    let Expr::Function(function) = expression else { return false };
    ["SUM", "COUNT", "MIN", "MAX"].contains(&function.name.to_string().to_ascii_uppercase().as_str())
}

impl VisitorMut for Members<'_> {
    type Break = ();

    fn pre_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<()> {
        self.inside += usize::from(is_sum(expression));
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<()> {
        self.inside -= usize::from(is_sum(expression));
        let is_same = |group: &Expr| {
            let is_known = matches!((group, &*expression), (Expr::CompoundIdentifier(a), Expr::CompoundIdentifier(b)) if a[0] != b[0]);
            !is_known && name_of(group).is_some() && name_of(group) == name_of(expression)
        };
        if self.inside == 0 && self.groups.iter().any(is_same) {
            *expression = call("MIN", vec![expression.clone()]);
        }
        ControlFlow::Continue(())
    }
}

/// The tables whose rows a statement joins by enterprise and moment.
pub(super) fn tables_joined(query: &Query) -> Vec<String> {
    struct All(std::cell::RefCell<Vec<String>>);
    impl Tables for All {
        fn relation(&self, _: &str) -> Option<Relation> {
            None
        }

        fn has_keys(&self, table: &str, _: &Moment) -> bool {
            self.0.borrow_mut().push(table.to_owned());
            true
        }
    }
    fn look(set: &SetExpr, all: &All) {
        match set {
            SetExpr::Select(select) => {
                joined(&mut select.clone(), all);
                for from in &select.from {
                    let joins = from.joins.iter().map(|join| &join.relation);
                    for factor in [&from.relation].into_iter().chain(joins) {
                        if let TableFactor::Derived { subquery, .. } = factor {
                            look(&subquery.body, all);
                        }
                    }
                }
            }
            SetExpr::Query(query) => look(&query.body, all),
            SetExpr::SetOperation { left, right, .. } => {
                look(left, all);
                look(right, all);
            }
            _ => {}
        }
    }
    let all = All(std::cell::RefCell::default());
    look(&query.body, &all);
    all.0.into_inner()
}
