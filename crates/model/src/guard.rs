//! Sums that cannot wrap. The engine adds whole numbers of 64 bits, and goes from the largest to the smallest without a word. Before a
//! model runs, this follows its statement with what is known of the tables it reads: how large their numbers are, one by one and
//! together, and how often a join can repeat them. A sum, difference or product of which this proves that it fits stays as it is:
//! of real figures nearly all. The others get a companion of floating point numbers, which is too coarse for a figure and fine enough
//! to see that it does not fit; the engine then refuses the statement.

pub(super) mod expression;

use std::collections::BTreeSet;

use sqlparser::ast::{
    BinaryOperator, DataType, Expr, GroupByExpr, Join, JoinConstraint, JoinOperator, ObjectName, Query, Select,
    SelectItem, SetExpr, Statement, TableFactor, UnaryOperator, WindowType,
};

use super::bounds::{Column, Kind, Matched, Relation, Scope, Size};
use super::keys;
use expression::{
    arguments, binary, cast, cast_to, column, companion, is_arithmetic, is_full, is_sum, is_unique, last_name, literal,
    matches, names, nested, not_null, number, number_of, shadow_of_sum,
};

/// A statement whose arithmetic cannot wrap, with packed keys.
#[derive(Default)]
pub(super) struct Guarded {
    /// The statement; none where it is to be taken as it is written.
    pub(super) statement: Option<String>,
    /// The columns of what could not be proved to fit.
    pub(super) doubtful: BTreeSet<String>,
}

/// Looks at a statement over tables.
pub(super) fn guard(statement: &Statement, tables: &dyn keys::Tables) -> Guarded {
    let mut statement = statement.clone();
    let mut guard = Guard { tables, doubtful: BTreeSet::new() };
    if let Statement::Query(query) = &mut statement {
        guard.query(query);
    }
    Guarded { statement: Some(statement.to_string()), doubtful: guard.doubtful }
}

struct Guard<'t> {
    tables: &'t dyn keys::Tables,
    doubtful: BTreeSet<String>,
}

/// What is added to a companion before it is held against the limit: more than its sum can have lost.
const LOST: &str = "1.000001";

impl Guard<'_> {
    fn query(&mut self, query: &mut Query) -> Relation {
        self.set(&mut query.body)
    }

    fn set(&mut self, set: &mut SetExpr) -> Relation {
        match set {
            SetExpr::Select(select) => self.select(select),
            SetExpr::Query(query) => self.query(query),
            SetExpr::SetOperation { left, right, .. } => {
                let (left, right) = (self.set(left), self.set(right));
                let rows = left.rows + right.rows;
                let both = left.columns.into_iter().zip(right.columns).map(|((name, one), (_, other))| {
                    let is_full = one.is_full && other.is_full;
                    (name, Column { kind: one.kind.or(other.kind, rows), is_unique: false, is_full })
                });
                Relation { rows, columns: both.collect() }
            }
            _ => Relation { rows: f64::INFINITY, columns: Vec::new() },
        }
    }

    fn select(&mut self, select: &mut Select) -> Relation {
        keys::joined(select, self.tables);
        let mut scope = Scope::default();
        if select.from.is_empty() {
            scope.rows = 1.0;
        }
        for from in &mut select.from {
            let (name, relation) = self.factor(&mut from.relation);
            scope.join(&name, relation, Matched::default());
            for join in &mut from.joins {
                self.join(&mut scope, join);
            }
        }
        if let Some(condition) = &mut select.selection {
            self.kind(condition, &scope);
            not_null(condition, &mut scope);
        }
        keys::grouped(select, &scope);
        let mut groups = Vec::new();
        if let GroupByExpr::Expressions(expressions, _) = &mut select.group_by {
            for expression in expressions.iter_mut() {
                self.kind(expression, &scope);
                groups.push(expression.clone());
            }
        }
        let mut columns = Vec::new();
        for item in &mut select.projection {
            match item {
                SelectItem::UnnamedExpr(expression) => {
                    let unique = is_unique(expression, &groups, &scope);
                    let name = last_name(expression).unwrap_or_default();
                    let is_full = is_full(expression, &scope);
                    columns.push((name, Column { kind: self.kind(expression, &scope), is_unique: unique, is_full }));
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    let unique = is_unique(expr, &groups, &scope);
                    let column =
                        Column { is_full: is_full(expr, &scope), kind: self.kind(expr, &scope), is_unique: unique };
                    columns.push((alias.value.clone(), column));
                }
                _ => columns.extend(scope.all()),
            }
        }
        if let Some(condition) = &mut select.having {
            self.kind(condition, &scope);
        }
        Relation { rows: scope.rows, columns }
    }

    /// A table or a statement in brackets, with what it is called.
    fn factor(&mut self, factor: &mut TableFactor) -> (String, Relation) {
        match factor {
            TableFactor::Table { name, alias, .. } => {
                let name = last_part(name);
                let called = alias.as_ref().map_or_else(|| name.clone(), |alias| alias.name.value.clone());
                let Some(relation) = self.tables.relation(&name) else {
                    return (called, Relation { rows: f64::INFINITY, columns: Vec::new() });
                };
                if keys::without_keys(&name) == name {
                    keys::rename(factor, &keys::as_it_is(&name));
                }
                (called, relation)
            }
            TableFactor::Derived { subquery, alias, .. } => {
                let called = alias.as_ref().map_or_else(String::new, |alias| alias.name.value.clone());
                (called, self.query(subquery))
            }
            _ => (String::new(), Relation { rows: f64::INFINITY, columns: Vec::new() }),
        }
    }

    fn join(&mut self, scope: &mut Scope, join: &mut Join) {
        let (name, mut relation) = self.factor(&mut join.relation);
        match join.join_operator {
            JoinOperator::Join(_) | JoinOperator::Inner(_) | JoinOperator::CrossJoin(_) => {}
            JoinOperator::Left(_) | JoinOperator::LeftOuter(_) => {
                relation.columns.iter_mut().for_each(|(_, column)| column.is_full = false);
            }
            _ => {
                relation.columns.iter_mut().for_each(|(_, column)| column.is_full = false);
                scope.empty();
            }
        }
        let condition = match &mut join.join_operator {
            JoinOperator::Join(on)
            | JoinOperator::Inner(on)
            | JoinOperator::Left(on)
            | JoinOperator::LeftOuter(on)
            | JoinOperator::CrossJoin(on) => match on {
                JoinConstraint::On(condition) => Some(condition),
                _ => None,
            },
            _ => None,
        };
        let mut matched = Matched { one_of_theirs: relation.rows <= 1.0, one_of_ours: false };
        if let Some(condition) = &condition {
            matches(condition, scope, &name, &relation, &mut matched);
        }
        scope.join(&name, relation, matched);
        if let Some(condition) = condition {
            keys::paired(condition, &mut |side| self.kind(&mut side.clone(), scope));
            self.kind(condition, scope);
        }
    }

    /// What an expression is; what in it may wrap gets a companion.
    fn kind(&mut self, expression: &mut Expr, scope: &Scope) -> Kind {
        let kind = self.bare(expression, scope);
        if is_arithmetic(expression)
            && let Kind::Whole(size) = kind
            && size.may_wrap()
        {
            self.doubt(expression, companion(expression));
        }
        kind
    }

    /// Likewise, where the expression is a part of arithmetic that is looked at as a whole: on the way it may wrap, since it comes
    /// back.
    fn bare(&mut self, expression: &mut Expr, scope: &Scope) -> Kind {
        let rows = scope.rows;
        match expression {
            Expr::Identifier(name) => column(scope.column(None, &name.value)),
            Expr::CompoundIdentifier(names) => match names.as_slice() {
                [table, name] => column(scope.column(Some(&table.value), &name.value)),
                _ => Kind::Whole(Size::UNKNOWN),
            },
            Expr::Value(value) => literal(&value.value, rows),
            Expr::Nested(inner) => self.bare(inner, scope),
            Expr::UnaryOp { op: UnaryOperator::Minus | UnaryOperator::Plus, expr } => self.bare(expr, scope),
            Expr::BinaryOp { left, op, right } if is_sum(op) || *op == BinaryOperator::Multiply => {
                let (one, other) = (self.bare(left, scope), self.bare(right, scope));
                let size = match op {
                    BinaryOperator::Multiply => one.size().times(other.size()),
                    _ => one.size().plus(other.size()),
                };
                let is_whole = !matches!(one, Kind::Float(_)) && !matches!(other, Kind::Float(_));
                if is_whole { Kind::Whole(size) } else { Kind::Float(size) }
            }
            Expr::BinaryOp { left, op, right } => {
                let (over, under) = (self.kind(left, scope), number(right));
                self.kind(right, scope);
                match (op, under) {
                    (BinaryOperator::Divide, Some(under)) if under != 0.0 => {
                        Kind::Float(over.size().times(Size { most: 1.0 / under.abs(), total: f64::INFINITY }))
                    }
                    (BinaryOperator::Divide, _) => Kind::Float(Size::UNKNOWN),
                    _ => Kind::Other,
                }
            }
            Expr::Cast { expr, data_type, .. } => cast(self.kind(expr, scope), data_type, rows),
            Expr::Case { operand, conditions, else_result, .. } => {
                if let Some(operand) = operand {
                    self.kind(operand, scope);
                }
                let mut kind = Kind::Other;
                for when in conditions {
                    self.kind(&mut when.condition, scope);
                    kind = kind.or(self.kind(&mut when.result, scope), rows);
                }
                match else_result {
                    Some(result) => kind.or(self.kind(result, scope), rows),
                    None => kind,
                }
            }
            Expr::Substring { substring_for, .. } => {
                Kind::Text(substring_for.as_deref().and_then(number).unwrap_or(f64::INFINITY))
            }
            Expr::Function(_) => self.function(expression, scope),
            Expr::Subquery(query) => {
                self.query(query);
                Kind::Whole(Size::UNKNOWN)
            }
            other => {
                self.parts(other, scope);
                Kind::Other
            }
        }
    }

    /// Conditions, whose parts may hold arithmetic.
    fn parts(&mut self, expression: &mut Expr, scope: &Scope) {
        match expression {
            Expr::IsNull(inner) | Expr::IsNotNull(inner) | Expr::UnaryOp { expr: inner, .. } => {
                self.kind(inner, scope);
            }
            Expr::Between { expr, low, high, .. } => {
                for part in [expr, low, high] {
                    self.kind(part, scope);
                }
            }
            Expr::InList { expr, list, .. } => {
                self.kind(expr, scope);
                for item in list {
                    self.kind(item, scope);
                }
            }
            _ => {}
        }
    }

    fn function(&mut self, expression: &mut Expr, scope: &Scope) -> Kind {
        let Expr::Function(function) = &mut *expression else { return Kind::Other };
        let name = function.name.to_string().to_ascii_uppercase();
        let is_window = function.over.is_some();
        let mut given = Vec::new();
        for argument in arguments(function) {
            given.push(self.kind(argument, scope));
        }
        if let Some(WindowType::WindowSpec(window)) = &mut function.over {
            for part in window.partition_by.iter_mut().chain(window.order_by.iter_mut().map(|part| &mut part.expr)) {
                self.kind(part, scope);
            }
        }
        let rows = scope.rows;
        let first = given.first().copied().unwrap_or(Kind::Other);
        let size = first.size();
        // Beside every row of a group, instead of once for it.
        let of_groups = |size: Size| if is_window { Size::each(size.most, rows) } else { size };
        match name.as_str() {
            "SUM" => {
                let sum = of_groups(Size { most: size.total, total: size.total });
                if matches!(first, Kind::Whole(_)) && sum.may_wrap() {
                    let shadow = shadow_of_sum(expression);
                    self.doubt(expression, shadow);
                }
                first.sized(sum)
            }
            "COUNT" => Kind::Whole(of_groups(Size { most: rows, total: rows })),
            "RANK" | "ROW_NUMBER" | "DENSE_RANK" => Kind::Whole(Size::each(rows, rows)),
            "MIN" | "MAX" => first.sized(of_groups(size)),
            "MOD" => {
                let most = given.get(1).map_or(f64::INFINITY, |by| by.size().most).min(size.most);
                first.sized(Size::new(most, size.total, rows))
            }
            "ABS" => first,
            "COALESCE" | "LEAST" | "GREATEST" | "NULLIF" => {
                given.into_iter().reduce(|one, other| one.or(other, rows)).unwrap_or(Kind::Other)
            }
            "LN" | "EXP" | "SQRT" | "POWER" | "FLOOR" | "CEIL" => Kind::Float(Size::UNKNOWN),
            "SUBSTR" | "UPPER" | "LOWER" => Kind::Text(f64::INFINITY),
            // Whatever it gives, nothing is known of it.
            _ => Kind::Whole(Size::UNKNOWN),
        }
    }

    /// Puts a companion beside an expression.
    fn doubt(&mut self, expression: &mut Expr, shadow: Expr) {
        names(expression, &mut self.doubtful);
        let whole = DataType::BigInt(None);
        let shadow = binary(shadow, BinaryOperator::Multiply, number_of(LOST));
        // Times nothing, since only the attempt counts.
        let nothing = binary(cast_to(shadow, whole.clone()), BinaryOperator::Multiply, cast_to(number_of("0"), whole));
        *expression = nested(binary(expression.clone(), BinaryOperator::Plus, nothing));
    }
}

/// The name of a table without quotation marks.
fn last_part(name: &ObjectName) -> String {
    let part = name.0.last().and_then(|part| part.as_ident());
    part.map_or_else(|| name.to_string(), |part| part.value.clone())
}
