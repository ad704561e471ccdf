//! Mistakes of indicator definitions that only show beside the table they are computed from.

use sqlparser::ast::Expr;
use sqlparser::dialect::GenericDialect;
use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token, Tokenizer};

use super::dimensions;
use super::sql::subset::{outside, refused};
use config::ConfigError;
use config::document::{did_you_mean_or, list};
use config::indicator::{Basis, Formula, Indicator};
use config::measure::Measure;
use config::spot::Spot;
use vocab::level::Level;
use vocab::{Said, said};

/// What is known of `area_quarter`.
#[derive(Debug, Clone, Copy)]
pub struct Areas<'a> {
    /// Its columns.
    pub columns: &'a [String],
    /// What they are.
    pub measures: &'a [Measure],
}

/// Every mistake that indicators make with regard to the table they are computed from.
pub fn mistakes(indicators: &[Indicator], areas: Areas<'_>) -> Vec<ConfigError> {
    let mut errors: Vec<ConfigError> = indicators.iter().flat_map(|indicator| of_one(indicator, areas)).collect();
    errors.sort();
    errors.dedup();
    errors
}

fn of_one(indicator: &Indicator, areas: Areas<'_>) -> Vec<ConfigError> {
    let mut errors = Vec::new();
    let expression = match &indicator.formula {
        Formula::Expression(expression) => Some(expression),
        _ => None,
    };
    let values = [
        ("numerator", indicator.numerator.as_ref()),
        ("denominator", indicator.denominator.as_ref()),
        ("expression", expression),
        ("requires", indicator.requires.as_ref()),
    ];
    let (reported, expected) = indicator.coverage.as_ref().map_or((None, None), |(r, e)| (Some(r), Some(e)));
    let counts = [
        ("units", indicator.units.as_ref()),
        ("coverage", reported),
        ("coverage", expected),
        ("estimated_units", indicator.estimated_units.as_ref()),
    ];
    let of_areas = indicator.areas_coverage.iter().flat_map(|(reported, expected)| [reported, expected]);
    let of_areas = of_areas.map(|column| ("areas_coverage", Some(column)));
    for (key, text) in values.into_iter().chain(counts).chain(of_areas) {
        let Some(text) = text else { continue };
        match parsed(text) {
            Ok(expression) if matches!(key, "expression" | "requires") => {
                errors.extend(dimension(indicator, key, &expression));
            }
            Ok(_) => {}
            Err(reason) => errors.push(indicator.spots.of(key).error(no_expression(&reason))),
        }
        for word in words(text) {
            errors.extend(of_word(indicator, key, &word, areas));
        }
    }
    for test in &indicator.tests {
        for (name, _) in test.given.iter().filter(|(name, _)| !is_column(name, areas)) {
            errors.push(test.given_at.error_at(name, unknown(name, areas)));
        }
    }
    errors
}

/// A word of an expression: a column that is there and filled where the indicator is published, or else a mistake.
fn of_word(indicator: &Indicator, key: &str, word: &str, areas: Areas<'_>) -> Vec<ConfigError> {
    let spot = indicator.spots.of(key);
    if let Some(instead) = refused(word) {
        return vec![spot.error_at(word, outside(word, &instead))];
    }
    if !is_column(word, areas) {
        return vec![spot.error_at(word, unknown(word, areas))];
    }
    let is_count = matches!(key, "units" | "coverage" | "areas_coverage" | "estimated_units");
    let measure = areas.measures.iter().find(|measure| measure.name == word);
    let Some(measure) = measure.filter(|_| !is_count) else { return Vec::new() };
    let mut errors = Vec::new();
    if matches!(key, "numerator" | "denominator" | "expression") {
        errors.extend(of_measure(indicator, measure, spot));
    }
    let is_missing = |level: &Level| indicator.levels.contains(level) && !measure.levels.contains(level);
    let missing: Vec<Level> = Level::ALL.into_iter().filter(is_missing).collect();
    if !missing.is_empty() {
        let (filled, missing) = (list(&Level::words(&measure.levels)), list(&Level::words(&missing)));
        let message = said!(
            "`{word}` 只在层级 {filled} 有值：请在 `levels` 中去掉 {missing}",
            "`{word}` is filled at the level {filled} only: leave out {missing} in `levels`";
            filled, missing
        );
        errors.push(spot.error_at(word, message));
    }
    errors
}

/// What a value is made from needs its datasets, and speaks of the same time.
fn of_measure(indicator: &Indicator, measure: &Measure, spot: &Spot) -> Vec<ConfigError> {
    let name = &measure.name;
    let mut errors = Vec::new();
    let missing = measure.datasets.iter().filter(|dataset| !indicator.datasets.contains(dataset));
    errors.extend(missing.map(|dataset| {
        let message = said!(
            "缺少 `{dataset}`，没有它就没有 `{name}`",
            "`{dataset}` is missing, without which there is no `{name}`"
        );
        indicator.spots.of("datasets").error(message)
    }));
    if matches!(measure.time, Basis::Ytd | Basis::Ttm) && measure.time != indicator.basis {
        let (time, basis) = (measure.time.as_str(), indicator.basis.as_str());
        let message = said!(
            "`{name}` 的时间口径为 {time}，而此处的 `basis` 为 {basis}",
            "`{name}` is of the time {time}, and the `basis` here is {basis}"
        );
        errors.push(spot.error_at(name, message));
    }
    errors
}

/// What does not fit the unit.
fn dimension(indicator: &Indicator, key: &str, expression: &Expr) -> Option<ConfigError> {
    match dimensions::measure(expression) {
        Err(message) => Some(indicator.spots.of(key).error(message)),
        Ok(measure) if key == "expression" => {
            measure.misfit(&indicator.unit).map(|message| indicator.spots.of("unit").error(message))
        }
        Ok(_) => None,
    }
}

fn is_column(word: &str, areas: Areas<'_>) -> bool {
    areas.columns.iter().any(|column| column == word)
}

fn unknown(word: &str, areas: Areas<'_>) -> Said {
    let columns: Vec<&str> = areas.columns.iter().map(String::as_str).collect();
    let add = || said!("；请在 config/measures 中以 [[measure]] 添加", "; add it as a [[measure]] in config/measures");
    no_column(word, "area_quarter", &did_you_mean_or(word, &columns, add))
}

/// That a word is no column of a table, and what may be meant.
pub(super) fn no_column(word: &str, table: &str, hint: &Said) -> Said {
    said!("`{word}` 不是 {table} 的列{hint}", "`{word}` is not a column of {table}{hint}"; hint)
}

/// That a text is no expression, and why.
pub(super) fn no_expression(reason: &Said) -> Said {
    said!("这不是 SQL 表达式：{reason}", "this is not an SQL expression: {reason}"; reason)
}

pub(super) fn parsed(text: &str) -> Result<Expr, Said> {
    let said = |error: sqlparser::parser::ParserError| Said::words(error.to_string());
    let mut parser = Parser::new(&GenericDialect {}).try_with_sql(text).map_err(said)?;
    let expression = parser.parse_expr().map_err(said)?;
    match parser.peek_token().token {
        Token::EOF => Ok(expression),
        rest => Err(said!("其后还有 `{rest}`", "`{rest}` stands behind its end")),
    }
}

/// The words of an expression that are names of columns or refused, each once. Functions are not among them.
pub(super) fn words(text: &str) -> Vec<String> {
    let tokens = Tokenizer::new(&GenericDialect {}, text).tokenize().unwrap_or_default();
    let tokens: Vec<&Token> = tokens.iter().filter(|token| !matches!(token, Token::Whitespace(_))).collect();
    let mut words: Vec<String> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let Token::Word(word) = token else { continue };
        let is_call = matches!(tokens.get(at + 1), Some(Token::LParen));
        let is_name = word.keyword == Keyword::NoKeyword && !is_call;
        if (is_name || refused(&word.value).is_some()) && !words.contains(&word.value) {
            words.push(word.value.clone());
        }
    }
    words
}
