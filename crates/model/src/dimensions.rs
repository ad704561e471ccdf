//! What the columns of an expression measure, followed through it: yuan plus tons is a mistake, and so is a result in
//! yuan that is labelled as tons. Whether 1000 is meant as a number or as yuan in a fen cannot be told, so only what is
//! measured is checked, not its size; that is what the tests in the definitions are for.

use sqlparser::ast::{BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments};

use config::indicator::dimension_of;
use vocab::unit::{self, Dimension};
use vocab::{Said, said};

/// What an expression measures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Measure {
    /// Nothing can be said.
    Unknown,
    /// A number that stands in the expression: it may be anything that is added to it.
    Number,
    /// A product of powers; of none for a plain ratio.
    Known(Vec<(Dimension, i8)>),
}

impl Measure {
    /// What a label such as 万元/亩 says that a value measures.
    pub(super) fn of_label(label: &str) -> Measure {
        let part = |label: &str| unit::parse(label).map_or(Measure::Unknown, |unit| Measure::of(unit.dimension));
        match label.split_once('/') {
            Some((over, under)) => part(over).times(part(under), -1),
            None => part(label),
        }
    }

    fn of(dimension: Dimension) -> Measure {
        match dimension {
            Dimension::Ratio | Dimension::Index => Measure::Known(Vec::new()),
            Dimension::MoneyPerFloor
            | Dimension::MoneyPerLand
            | Dimension::MoneyPerPerson
            | Dimension::EnergyPerMoney
            | Dimension::Per(..) => Measure::Unknown,
            plain => Measure::Known(vec![(plain, 1)]),
        }
    }

    /// Multiplied by the other one, or divided by it for a `sign` of −1.
    fn times(self, other: Measure, sign: i8) -> Measure {
        let (mut powers, others) = match (self, other) {
            (Measure::Unknown, _) | (_, Measure::Unknown) => return Measure::Unknown,
            (Measure::Number, Measure::Number) => return Measure::Number,
            (Measure::Known(powers), Measure::Number) => (powers, Vec::new()),
            (Measure::Number, Measure::Known(others)) => (Vec::new(), others),
            (Measure::Known(powers), Measure::Known(others)) => (powers, others),
        };
        for (dimension, power) in others {
            match powers.iter_mut().find(|(known, _)| *known == dimension) {
                Some((_, known)) => *known += power * sign,
                None => powers.push((dimension, power * sign)),
            }
        }
        powers.retain(|(_, power)| *power != 0);
        powers.sort_unstable();
        Measure::Known(powers)
    }

    /// The same as the other one, as what is added or compared must be.
    fn with(self, other: Measure) -> Result<Measure, Said> {
        match (self, other) {
            (Measure::Known(one), Measure::Known(other)) if one != other => {
                let (one, other) = (words(&one), words(&other));
                let message = said!(
                    "{one} 与 {other} 不能相加或比较",
                    "{one} and {other} cannot be added or compared";
                    one, other
                );
                Err(message)
            }
            (Measure::Number, other) | (other, Measure::Number) => Ok(other),
            (Measure::Unknown, _) | (_, Measure::Unknown) => Ok(Measure::Unknown),
            (one, _) => Ok(one),
        }
    }

    /// Why a value of this measure cannot have a label, if it cannot.
    pub(super) fn misfit(&self, label: &str) -> Option<Said> {
        match (self, Measure::of_label(label)) {
            (Measure::Known(is), Measure::Known(labelled)) if *is != labelled => {
                let is = words(is);
                Some(said!("`{label}` 与计算结果不符：{is}", "`{label}` does not fit what is computed: {is}"; is))
            }
            _ => None,
        }
    }
}

fn words(powers: &[(Dimension, i8)]) -> Said {
    let name = |(dimension, power): &(Dimension, i8)| match power.abs() {
        1 => dimension.canonical().to_owned(),
        power => format!("{}^{power}", dimension.canonical()),
    };
    let (over, under): (Vec<_>, Vec<_>) = powers.iter().partition(|(_, power)| *power > 0);
    let over = over.into_iter().map(name).collect::<Vec<_>>().join(" × ");
    let under: String = under.into_iter().map(|part| format!(" / {}", name(part))).collect();
    if over.is_empty() && under.is_empty() {
        return said!("纯比值", "a plain ratio");
    }
    Said::words(format!("{}{under}", if over.is_empty() { "1" } else { &over }))
}

/// What an expression measures.
///
/// # Errors
/// What cannot be added or compared.
pub(super) fn measure(expression: &Expr) -> Result<Measure, Said> {
    match expression {
        Expr::Identifier(name) => Ok(dimension_of(&name.value).map_or(Measure::Unknown, Measure::of)),
        Expr::Value(_) => Ok(Measure::Number),
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } | Expr::UnaryOp { expr: inner, .. } => measure(inner),
        Expr::BinaryOp { left, op, right } => {
            let (left, right) = (measure(left)?, measure(right)?);
            match op {
                BinaryOperator::Multiply => Ok(left.times(right, 1)),
                BinaryOperator::Divide => Ok(left.times(right, -1)),
                BinaryOperator::Plus | BinaryOperator::Minus => left.with(right),
                BinaryOperator::Eq
                | BinaryOperator::NotEq
                | BinaryOperator::Lt
                | BinaryOperator::LtEq
                | BinaryOperator::Gt
                | BinaryOperator::GtEq => left.with(right).map(|_| Measure::Unknown),
                _ => Ok(Measure::Unknown),
            }
        }
        Expr::Case { conditions, else_result, .. } => {
            for branch in conditions {
                measure(&branch.condition)?;
            }
            let results = conditions.iter().map(|branch| &branch.result).chain(else_result.as_deref());
            all_the_same(results)
        }
        Expr::Function(function) => of_function(function),
        _ => Ok(Measure::Unknown),
    }
}

/// Functions that give back what their arguments are, all of which must be the same.
fn of_function(function: &Function) -> Result<Measure, Said> {
    let FunctionArguments::List(list) = &function.args else { return Ok(Measure::Unknown) };
    let arguments = list.args.iter().filter_map(|argument| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) => Some(expression),
        _ => None,
    });
    let name = function.name.to_string().to_ascii_uppercase();
    match name.as_str() {
        "ABS" | "NULLIF" | "COALESCE" | "GREATEST" | "LEAST" => all_the_same(arguments),
        _ => Ok(Measure::Unknown),
    }
}

fn all_the_same<'e>(mut expressions: impl Iterator<Item = &'e Expr>) -> Result<Measure, Said> {
    expressions.try_fold(Measure::Number, |known, expression| known.with(measure(expression)?))
}
