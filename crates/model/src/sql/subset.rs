//! The subset of SQL on which Polars and Spark give equal results: what is outside it is refused.

use std::collections::BTreeSet;

use sqlparser::ast::Statement;
use sqlparser::dialect::GenericDialect;
use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token, Tokenizer};

use vocab::{Said, said};

/// Words that mean different things on different engines, and what to write instead, in Chinese and in English.
const REFUSED: &[(&str, &str, &str)] = &[
    ("ROUND", "修约只在发布时做一次", "rounding is done once, at publication"),
    ("CONCAT", "请写 a || b", "write a || b"),
    ("PIVOT", "请写 SUM(CASE WHEN … END)", "write SUM(CASE WHEN … END)"),
    ("LATERAL", "请写连接（JOIN）", "write a join"),
    ("USING", "请写 ON", "write ON"),
    ("FOLLOWING", "请写连接（JOIN）", "write a join"),
    ("RANGE", "请写 ROWS", "write ROWS"),
    (
        "AVG",
        "请写合计和计数：比值只由精确的合计计算一次",
        "write a sum and a count: a ratio is made once, from exact sums",
    ),
    ("FLOAT", "请写 DOUBLE", "write DOUBLE"),
    ("INT", "请写 BIGINT", "write BIGINT"),
    ("INTEGER", "请写 BIGINT", "write BIGINT"),
];

/// What to write instead of a word that is outside the common SQL of the engines; none if it is not.
pub(crate) fn refused(word: &str) -> Option<Said> {
    let refused = REFUSED.iter().find(|(name, ..)| word.eq_ignore_ascii_case(name));
    refused.map(|(_, zh, en)| Said::new(*zh, *en))
}

/// That a word is outside the common SQL of the engines, and what to write instead.
pub(crate) fn outside(word: &str, instead: &Said) -> Said {
    said!(
        "{word} 不属于各引擎共同的 SQL：{instead}",
        "{word} is outside the common SQL of the engines: {instead}";
        instead
    )
}

/// A line, a column of it, and what is wrong there.
pub(super) type Place = (usize, usize, Said);

/// The tables that a text reads.
pub(super) fn tokens(text: &str) -> Result<BTreeSet<String>, Place> {
    let tokens = Tokenizer::new(&GenericDialect {}, text).tokenize_with_location().map_err(|error| {
        let place = error.location;
        (place.line as usize, place.column as usize, Said::words(error.message))
    })?;
    let mut reads = BTreeSet::new();
    let mut after_from = false;
    for found in &tokens {
        let start = found.span.start;
        match &found.token {
            Token::Whitespace(_) => continue,
            Token::Word(word) => {
                if let Some(instead) = refused(&word.value) {
                    let message = outside(&word.value.to_ascii_uppercase(), &instead);
                    return Err((start.line as usize, start.column as usize, message));
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
pub(crate) fn parse(text: &str) -> Result<Statement, Said> {
    let statements = Parser::parse_sql(&GenericDialect {}, text).map_err(|error| Said::words(error.to_string()))?;
    match <[Statement; 1]>::try_from(statements) {
        Ok([statement @ Statement::Query(_)]) => Ok(statement),
        _ => Err(said!("模型应恰为一条 SELECT", "a model is exactly one SELECT")),
    }
}
