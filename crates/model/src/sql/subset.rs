//! The subset of SQL on which Polars and Spark give equal results: what is outside it is refused.

use std::collections::BTreeSet;

use sqlparser::ast::Statement;
use sqlparser::dialect::GenericDialect;
use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token, Tokenizer};

/// Words that mean different things on different engines, and what to write instead.
const REFUSED: &[(&str, &str)] = &[
    ("ROUND", "rounding is done once, at publication"),
    ("CONCAT", "write a || b"),
    ("PIVOT", "write SUM(CASE WHEN … END)"),
    ("LATERAL", "write a join"),
    ("USING", "write ON"),
    ("FOLLOWING", "write a join"),
    ("RANGE", "write ROWS"),
    ("AVG", "write a sum and a count: a ratio is made once, from exact sums"),
    ("FLOAT", "write DOUBLE"),
    ("INT", "write BIGINT"),
    ("INTEGER", "write BIGINT"),
];

/// What to write instead of a word that is outside the common SQL of the engines; none if it is not.
pub(crate) fn refused(word: &str) -> Option<&'static str> {
    REFUSED.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, instead)| *instead)
}

/// A line, a column of it, and what is wrong there.
pub(super) type Place = (usize, usize, String);

/// The tables that a text reads.
pub(super) fn tokens(text: &str) -> Result<BTreeSet<String>, Place> {
    let tokens = Tokenizer::new(&GenericDialect {}, text)
        .tokenize_with_location()
        .map_err(|error| (error.location.line as usize, error.location.column as usize, error.message))?;
    let mut reads = BTreeSet::new();
    let mut after_from = false;
    for found in &tokens {
        let start = found.span.start;
        let at = |message: String| (start.line as usize, start.column as usize, message);
        match &found.token {
            Token::Whitespace(_) => continue,
            Token::Word(word) => {
                if let Some(instead) = refused(&word.value) {
                    let word = word.value.to_ascii_uppercase();
                    return Err(at(format!("{word} is outside the common SQL of the engines: {instead}")));
                }
                if after_from {
                    reads.insert(word.value.clone());
                }
                after_from = matches!(word.keyword, Keyword::FROM | Keyword::JOIN);
            }
            _ => after_from = false,
        }
    }
    Ok(reads)
}

/// One statement that gives rows.
pub(crate) fn parse(text: &str) -> Result<Statement, String> {
    let statements = Parser::parse_sql(&GenericDialect {}, text).map_err(|error| error.to_string())?;
    match <[Statement; 1]>::try_from(statements) {
        Ok([statement @ Statement::Query(_)]) => Ok(statement),
        _ => Err("a model is exactly one SELECT".to_owned()),
    }
}
