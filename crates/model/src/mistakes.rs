//! Mistakes of indicator definitions that only show beside the table they are computed from.

use sqlparser::ast::Expr;
use sqlparser::dialect::GenericDialect;
use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token, Tokenizer};

use super::dimensions;
use super::sql::subset::refused;
use config::ConfigError;
use config::document::did_you_mean_or;
use config::indicator::{Basis, Formula, Indicator, LEVELS};
use config::measure::Measure;
use config::spot::Spot;

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
            Err(message) => {
                errors.push(indicator.spots.of(key).error(format!("this is not an SQL expression: {message}")))
            }
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
        return vec![spot.error_at(word, format!("{word} is outside the common SQL of the engines: {instead}"))];
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
    let published = |level: &str| indicator.levels.iter().any(|published| published == level);
    let missing: Vec<&str> =
        LEVELS.iter().copied().filter(|level| published(level) && !measure.levels.iter().any(|l| l == level)).collect();
    if !missing.is_empty() {
        let message = format!(
            "`{word}` is filled at the level {} only: leave out {} in `levels`",
            measure.levels.join(", "),
            missing.join(", ")
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
        let message = format!("`{dataset}` is missing, without which there is no `{name}`");
        indicator.spots.of("datasets").error(message)
    }));
    if matches!(measure.time, Basis::Ytd | Basis::Ttm) && measure.time != indicator.basis {
        let (time, basis) = (measure.time.as_str(), indicator.basis.as_str());
        errors.push(spot.error_at(name, format!("`{name}` is of the time {time}, and the `basis` here is {basis}")));
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

fn unknown(word: &str, areas: Areas<'_>) -> String {
    let columns: Vec<&str> = areas.columns.iter().map(String::as_str).collect();
    let hint = did_you_mean_or(word, &columns, || "; add it as a [[measure]] in config/measures".to_owned());
    format!("`{word}` is not a column of area_quarter{hint}")
}

pub(super) fn parsed(text: &str) -> Result<Expr, String> {
    let said = |error: sqlparser::parser::ParserError| error.to_string();
    let mut parser = Parser::new(&GenericDialect {}).try_with_sql(text).map_err(said)?;
    let expression = parser.parse_expr().map_err(said)?;
    match parser.peek_token().token {
        Token::EOF => Ok(expression),
        rest => Err(format!("`{rest}` stands behind its end")),
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
