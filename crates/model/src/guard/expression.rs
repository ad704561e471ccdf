//! What expressions of SQL are, and how a companion is written beside one.

use std::collections::BTreeSet;

use sqlparser::ast::{
    BinaryOperator, CastKind, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Value,
};

use crate::bounds::{Column, Kind, Matched, Relation, Scope, Size};

pub(super) fn column(found: Option<Column>) -> Kind {
    found.map_or(Kind::Whole(Size::UNKNOWN), |column| column.kind)
}

pub(super) fn is_sum(op: &BinaryOperator) -> bool {
    matches!(op, BinaryOperator::Plus | BinaryOperator::Minus)
}

pub(super) fn is_arithmetic(expression: &Expr) -> bool {
    match expression {
        Expr::BinaryOp { op, .. } => is_sum(op) || *op == BinaryOperator::Multiply,
        Expr::Nested(inner) => is_arithmetic(inner),
        _ => false,
    }
}

pub(super) fn literal(value: &Value, rows: f64) -> Kind {
    match value {
        Value::Number(text, _) => match text.parse::<f64>() {
            Ok(number) if text.contains(['.', 'e', 'E']) => Kind::Float(Size::each(number.abs(), rows)),
            Ok(number) => Kind::Whole(Size::each(number.abs(), rows)),
            Err(_) => Kind::Whole(Size::UNKNOWN),
        },
        Value::SingleQuotedString(text) => Kind::Text(text.chars().count() as f64),
        _ => Kind::Other,
    }
}

/// The number that an expression is, if it is one.
pub(super) fn number(expression: &Expr) -> Option<f64> {
    match expression {
        Expr::Value(value) => match &value.value {
            Value::Number(text, _) => text.parse().ok(),
            _ => None,
        },
        Expr::Nested(inner) => number(inner),
        _ => None,
    }
}

pub(super) fn cast(kind: Kind, to: &DataType, rows: f64) -> Kind {
    match (to, kind) {
        (DataType::BigInt(_), Kind::Whole(size) | Kind::Float(size)) => Kind::Whole(size),
        // Digits, and perhaps a sign.
        (DataType::BigInt(_), Kind::Text(length)) => Kind::Whole(Size::each(10_f64.powf(length), rows)),
        // Nulls.
        (DataType::BigInt(_), Kind::Other) => Kind::Whole(Size::each(0.0, rows)),
        (DataType::Double(_) | DataType::DoublePrecision, kind) => match kind {
            Kind::Whole(size) | Kind::Float(size) => Kind::Float(size),
            _ => Kind::Float(Size::UNKNOWN),
        },
        (DataType::Varchar(_) | DataType::Text | DataType::String(_), _) => Kind::Text(f64::INFINITY),
        _ => Kind::Other,
    }
}

pub(super) fn arguments(function: &mut Function) -> impl Iterator<Item = &mut Expr> {
    let list = match &mut function.args {
        FunctionArguments::List(list) => Some(&mut list.args),
        _ => None,
    };
    list.into_iter().flatten().filter_map(|argument| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) => Some(expression),
        _ => None,
    })
}

/// Whether no value of a selected expression stands in two rows.
pub(super) fn is_unique(expression: &Expr, groups: &[Expr], scope: &Scope) -> bool {
    match groups {
        [] => named(expression, scope).is_some_and(|column| column.is_unique),
        [group] => group == expression,
        _ => false,
    }
}

/// Whether an expression has a value in every row.
pub(super) fn is_full(expression: &Expr, scope: &Scope) -> bool {
    named(expression, scope).is_some_and(|column| column.is_full)
}

/// The columns that a condition asks to be there.
pub(super) fn not_null(condition: &Expr, scope: &mut Scope) {
    match condition {
        Expr::Nested(inner) => not_null(inner, scope),
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
            not_null(left, scope);
            not_null(right, scope);
        }
        Expr::IsNotNull(inner) => match &**inner {
            Expr::Identifier(name) => scope.fill(None, &name.value),
            Expr::CompoundIdentifier(names) => {
                if let [table, name] = names.as_slice() {
                    scope.fill(Some(&table.value), &name.value);
                }
            }
            _ => {}
        },
        _ => {}
    }
}

/// The column that an expression is.
pub(crate) fn named(expression: &Expr, scope: &Scope) -> Option<Column> {
    match expression {
        Expr::Identifier(name) => scope.column(None, &name.value),
        Expr::CompoundIdentifier(names) => match names.as_slice() {
            [table, name] => scope.column(Some(&table.value), &name.value),
            _ => None,
        },
        _ => None,
    }
}

/// Holds the equalities of a condition against what is unique on either side.
pub(super) fn matches(condition: &Expr, ours: &Scope, name: &str, theirs: &Relation, matched: &mut Matched) {
    match condition {
        Expr::Nested(inner) => matches(inner, ours, name, theirs, matched),
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
            matches(left, ours, name, theirs, matched);
            matches(right, ours, name, theirs, matched);
        }
        Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => {
            for (side, other) in [(left, right), (right, left)] {
                let Expr::CompoundIdentifier(names) = &**side else { continue };
                let [table, column] = names.as_slice() else { continue };
                // A row of the other side says which value it must be: one row at most has it.
                let Some(others) = tables_of(other) else { continue };
                if table.value == name && !others.contains(name) {
                    let mut columns = theirs.columns.iter().filter(|(called, _)| *called == column.value);
                    matched.one_of_theirs |= columns.next().is_some_and(|(_, column)| column.is_unique);
                } else if table.value != name && others.iter().all(|other| other == name) {
                    let column = ours.column(Some(&table.value), &column.value);
                    matched.one_of_ours |= column.is_some_and(|column| column.is_unique);
                }
            }
        }
        _ => {}
    }
}

/// The tables that an expression names; none where that is not known.
pub(crate) fn tables_of(expression: &Expr) -> Option<BTreeSet<String>> {
    match expression {
        Expr::Value(_) => Some(BTreeSet::new()),
        Expr::CompoundIdentifier(names) => Some(BTreeSet::from([names.first()?.value.clone()])),
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => tables_of(inner),
        Expr::BinaryOp { left, right, .. } => Some(tables_of(left)?.into_iter().chain(tables_of(right)?).collect()),
        Expr::Function(function) => {
            let mut tables = BTreeSet::new();
            for argument in arguments(&mut function.clone()) {
                tables.extend(tables_of(argument)?);
            }
            Some(tables)
        }
        _ => None,
    }
}

/// The same arithmetic with floating point numbers.
pub(super) fn companion(expression: &Expr) -> Expr {
    match expression {
        Expr::Nested(inner) => nested(companion(inner)),
        Expr::BinaryOp { left, op, right } if is_sum(op) || *op == BinaryOperator::Multiply => {
            nested(binary(companion(left), op.clone(), companion(right)))
        }
        other => cast_to(other.clone(), DataType::DoublePrecision),
    }
}

/// The sum that an expression is, of floating point numbers.
pub(super) fn shadow_of_sum(expression: &Expr) -> Expr {
    let mut shadow = expression.clone();
    if let Expr::Function(function) = &mut shadow {
        arguments(function).for_each(|argument| *argument = companion(argument));
    }
    shadow
}

pub(crate) fn binary(left: Expr, op: BinaryOperator, right: Expr) -> Expr {
    Expr::BinaryOp { left: Box::new(left), op, right: Box::new(right) }
}

pub(crate) fn nested(inner: Expr) -> Expr {
    Expr::Nested(Box::new(inner))
}

pub(crate) fn number_of(text: &str) -> Expr {
    Expr::value(Value::Number(text.to_owned(), false))
}

pub(super) fn cast_to(expression: Expr, data_type: DataType) -> Expr {
    Expr::Cast { kind: CastKind::Cast, expr: Box::new(expression), data_type, array: false, format: None }
}

/// What a column is called that has no alias.
pub(super) fn last_name(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Identifier(name) => Some(name.value.clone()),
        Expr::CompoundIdentifier(names) => names.last().map(|name| name.value.clone()),
        _ => None,
    }
}

/// The columns that an expression is computed from.
pub(super) fn names(expression: &Expr, found: &mut BTreeSet<String>) {
    found.extend(last_name(expression));
    match expression {
        Expr::Nested(inner) | Expr::UnaryOp { expr: inner, .. } | Expr::Cast { expr: inner, .. } => names(inner, found),
        Expr::BinaryOp { left, right, .. } => {
            names(left, found);
            names(right, found);
        }
        Expr::Case { conditions, else_result, .. } => {
            conditions.iter().for_each(|when| names(&when.result, found));
            if let Some(result) = else_result {
                names(result, found);
            }
        }
        Expr::Function(function) => arguments(&mut function.clone()).for_each(|argument| names(argument, found)),
        _ => {}
    }
}
