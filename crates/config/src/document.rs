//! Reading TOML so that every error of a file is reported at once, each with its line, column and way out.
//!
//! Raw → resolved: a [`Table`] is what was typed; what it means is built from it by the other modules of this room.
//! Keys are taken one by one, and [`Table::finish`] names those that nobody asked for.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::ConfigError;
use super::spot::{Spot, Spots};

/// A file being read, collecting its errors.
pub struct Document<'i> {
    file: &'i str,
    text: &'i str,
    errors: RefCell<Vec<ConfigError>>,
}

impl<'i> Document<'i> {
    /// Starts reading `text`, named `file` in messages.
    pub fn new(file: &'i str, text: &'i str) -> Self {
        Document { file, text, errors: RefCell::default() }
    }

    /// Parses the text and hands the top table to `read`; returns what it made of it, if the syntax allowed it, and
    /// every error.
    pub fn read<T>(&self, read: impl FnOnce(&Table<'_, 'i>) -> T) -> (T, Vec<ConfigError>) {
        let (top, syntax) = DeTable::parse_recoverable(self.text);
        for error in &syntax {
            self.error(error.span().unwrap_or(0..0), error.message().to_owned());
        }
        let table = Table { document: self, table: top.get_ref(), span: top.span(), taken: RefCell::default() };
        let value = read(&table);
        table.finish();
        let mut errors = self.errors.take();
        errors.sort();
        errors.dedup();
        (value, errors)
    }

    fn error(&self, span: Range<usize>, message: String) {
        self.errors.borrow_mut().push(self.spot(&span).error(message));
    }

    fn spot(&self, span: &Range<usize>) -> Spot {
        let start = span.start.min(self.text.len());
        let before = &self.text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let end = span.end.clamp(start, self.text.len());
        let line_end = self.text[end..].find('\n').map_or(self.text.len(), |at| end + at);
        Spot {
            file: self.file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            lines: self.text[line_start..line_end].lines().map(str::to_owned).collect(),
        }
    }
}

/// A value that may be typed as a number or as a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IntOrText {
    /// A whole number.
    Int(i64),
    /// A text.
    Text(String),
}

/// A table of a [`Document`].
pub struct Table<'t, 'i> {
    document: &'t Document<'i>,
    table: &'t DeTable<'i>,
    span: Range<usize>,
    taken: RefCell<Vec<String>>,
}

impl<'t, 'i> Table<'t, 'i> {
    fn get(&self, key: &str) -> Option<&'t Spanned<DeValue<'i>>> {
        self.taken.borrow_mut().push(key.to_owned());
        self.table.get(key)
    }

    /// Reports a mistake at `key`, or at the table if the key is not there.
    pub fn error(&self, key: &str, message: impl Into<String>) {
        let span = self.table.get(key).map_or(self.span.clone(), Spanned::span);
        self.document.error(span, message.into());
    }

    /// Where the table and each of its values stand, for mistakes that show only once everything is read.
    pub fn spots(&self) -> Spots {
        let spot = |value: &Spanned<DeValue<'_>>| self.document.spot(&value.span());
        Spots {
            table: self.document.spot(&(self.span.start..self.span.start)),
            keys: self.table.iter().map(|(key, value)| (key.get_ref().to_string(), spot(value))).collect(),
        }
    }

    /// Whether the key is there.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    fn typed<T>(&self, key: &str, what: &str, pick: impl FnOnce(&'t DeValue<'i>) -> Option<T>) -> Option<T> {
        let value = self.get(key)?;
        let picked = pick(value.get_ref());
        if picked.is_none() {
            let found = value.get_ref().type_str();
            self.document.error(value.span(), format!("`{key}` must be {what}, not {found}"));
        }
        picked
    }

    fn missing(&self, key: &str, what: &str) {
        if !self.has(key) {
            self.error(key, format!("`{key}` is missing: it must be {what}"));
        }
    }

    /// An optional text.
    pub fn opt_text(&self, key: &str) -> Option<String> {
        self.typed(key, "a text in quotes", |value| value.as_str().map(str::to_owned))
    }

    /// A text that must be there; empty after its error was reported.
    pub fn text(&self, key: &str) -> String {
        self.missing(key, "a text in quotes");
        self.opt_text(key).unwrap_or_default()
    }

    /// An optional truth value with its default.
    pub fn flag(&self, key: &str, default: bool) -> bool {
        self.typed(key, "true or false", DeValue::as_bool).unwrap_or(default)
    }

    /// An optional whole number.
    pub fn opt_int(&self, key: &str) -> Option<i64> {
        self.typed(key, "a whole number", int)
    }

    /// An optional whole number or text.
    pub fn int_or_text(&self, key: &str) -> Option<IntOrText> {
        self.typed(key, "a whole number or a text in quotes", |value| match value.as_str() {
            Some(text) => Some(IntOrText::Text(text.to_owned())),
            None => int(value).map(IntOrText::Int),
        })
    }

    /// An optional number, whole or not.
    pub fn opt_number(&self, key: &str) -> Option<f64> {
        self.typed(key, "a finite number", finite)
    }

    /// A list of texts; one text alone is a list of one.
    pub fn texts(&self, key: &str) -> Vec<String> {
        self.typed(key, "a text or a list of texts", |value| match value {
            DeValue::String(text) => Some(vec![text.to_string()]),
            DeValue::Array(items) => items.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect(),
            _ => None,
        })
        .unwrap_or_default()
    }

    /// A list of numbers; `nan` is one that is missing.
    pub fn numbers(&self, key: &str) -> Vec<f64> {
        self.typed(key, "a list of numbers", |value| {
            value.as_array()?.iter().map(|item| number(item.get_ref())).collect()
        })
        .unwrap_or_default()
    }

    /// A table of texts, in the order of its keys.
    pub fn text_map(&self, key: &str) -> Vec<(String, String)> {
        self.typed(key, "a table of texts", |value| {
            value
                .as_table()?
                .iter()
                .map(|(k, v)| Some((k.get_ref().to_string(), v.get_ref().as_str()?.to_owned())))
                .collect()
        })
        .unwrap_or_default()
    }

    /// A table of numbers, in the order of its keys.
    pub fn number_map(&self, key: &str) -> Vec<(String, f64)> {
        self.typed(key, "a table of finite numbers", |value| {
            value.as_table()?.iter().map(|(k, v)| Some((k.get_ref().to_string(), finite(v.get_ref())?))).collect()
        })
        .unwrap_or_default()
    }

    /// One of a list of words, with the nearest one suggested for any other.
    pub fn choice<T: Copy>(&self, key: &str, allowed: &[(&str, T)]) -> Option<T> {
        let text = self.opt_text(key)?;
        let found = allowed.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<&str> = allowed.iter().map(|(word, _)| *word).collect();
            self.error(key, format!("`{text}` is not a valid `{key}`{}", did_you_mean(&text, &words)));
        }
        found
    }

    /// A table inside this one, read by `read`.
    pub fn table<T>(&self, key: &str, read: impl FnOnce(&Table<'t, 'i>) -> T) -> Option<T> {
        let span = self.get(key)?.span();
        let table = self.typed(key, "a table", DeValue::as_table)?;
        Some(self.inside(table, span, read))
    }

    /// Every table of a list of tables (`[[key]]`), read by `read`.
    pub fn tables<T>(&self, key: &str, mut read: impl FnMut(&Table<'t, 'i>) -> T) -> Vec<T> {
        let Some(items) = self.typed(key, "a list of tables", DeValue::as_array) else { return Vec::new() };
        let mut values = Vec::with_capacity(items.len());
        for item in items.iter() {
            match item.get_ref().as_table() {
                Some(table) => values.push(self.inside(table, item.span(), &mut read)),
                None => self.document.error(item.span(), format!("each item of `{key}` must be a table")),
            }
        }
        values
    }

    fn inside<T>(&self, table: &'t DeTable<'i>, span: Range<usize>, read: impl FnOnce(&Table<'t, 'i>) -> T) -> T {
        let table = Table { document: self.document, table, span, taken: RefCell::default() };
        let value = read(&table);
        table.finish();
        value
    }

    /// Names the keys nobody asked for.
    fn finish(&self) {
        let mut known = self.taken.take();
        known.sort();
        known.dedup();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        for (key, _) in self.table.iter() {
            let name: &str = key.get_ref();
            if !known.contains(&name) {
                self.document.error(key.span(), format!("unknown key `{name}`{}", did_you_mean(name, &known)));
            }
        }
    }
}

fn int(value: &DeValue<'_>) -> Option<i64> {
    let number = value.as_integer()?;
    i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok()
}

/// No setting is infinite, or not a number.
fn finite(value: &DeValue<'_>) -> Option<f64> {
    number(value).filter(|number| number.is_finite())
}

fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(number) => number.as_str().replace('_', "").parse().ok(),
        DeValue::Float(number) => number.as_str().replace('_', "").parse().ok(),
        _ => None,
    }
}

/// `; did you mean …?` when a word is near, otherwise the list of words.
pub fn did_you_mean(word: &str, allowed: &[&str]) -> String {
    let listed = || if allowed.is_empty() { String::new() } else { format!("; valid here: {}", allowed.join(", ")) };
    did_you_mean_or(word, allowed, listed)
}

/// `; did you mean …?` when a word is near, and something else where the list of words is too long to be told.
pub fn did_you_mean_or(word: &str, allowed: &[&str], otherwise: impl FnOnce() -> String) -> String {
    nearest(word, allowed).map_or_else(otherwise, |candidate| format!("; did you mean `{candidate}`?"))
}

/// The word that is so near another one that it may be meant.
fn nearest<'a>(word: &str, allowed: &[&'a str]) -> Option<&'a str> {
    allowed
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), *candidate))
        .filter(|(distance, candidate)| *distance <= candidate.chars().count().max(3) / 3)
        .min()
        .map(|(_, candidate)| candidate)
}
