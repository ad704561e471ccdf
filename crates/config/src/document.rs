//! Reading TOML so that every error of a file is reported at once, each with its line, column and way out.
//!
//! Raw → resolved: a [`Table`] is what was typed; what it means is built from it by the other modules of this room.
//! Keys are taken one by one, and [`Table::finish`] names those that nobody asked for.

use std::borrow::Borrow;
use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::ConfigError;
use super::spot::{Spot, Spots};
use vocab::{Said, said};

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
            self.error(error.span().unwrap_or(0..0), Said::words(error.message()));
        }
        let table = Table { document: self, table: top.get_ref(), span: top.span(), taken: RefCell::default() };
        let value = read(&table);
        table.finish();
        let mut errors = self.errors.take();
        errors.sort();
        errors.dedup();
        (value, errors)
    }

    fn error(&self, span: Range<usize>, message: Said) {
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
    pub fn error(&self, key: &str, message: Said) {
        let span = self.table.get(key).map_or(self.span.clone(), Spanned::span);
        self.document.error(span, message);
    }

    /// Reports a mistake in a word of the value at `key`.
    pub(super) fn error_at(&self, key: &str, word: &str, message: Said) {
        let error = self.spots().of(key).error_at(word, message);
        self.document.errors.borrow_mut().push(error);
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

    fn typed<T>(&self, key: &str, what: Said, pick: impl FnOnce(&'t DeValue<'i>) -> Option<T>) -> Option<T> {
        let value = self.get(key)?;
        let picked = pick(value.get_ref());
        if picked.is_none() {
            let found = kind(value.get_ref());
            let message = said!("`{key}` 应为{what}，现为{found}", "`{key}` must be {what}, not {found}"; what, found);
            self.document.error(value.span(), message);
        }
        picked
    }

    fn missing(&self, key: &str, what: &Said) {
        if !self.has(key) {
            self.error(key, said!("缺少 `{key}`：应为{what}", "`{key}` is missing: it must be {what}"; what));
        }
    }

    /// An optional text.
    pub fn opt_text(&self, key: &str) -> Option<String> {
        self.typed(key, quoted(), |value| value.as_str().map(str::to_owned))
    }

    /// A text that must be there; empty after its error was reported.
    pub fn text(&self, key: &str) -> String {
        self.missing(key, &quoted());
        self.opt_text(key).unwrap_or_default()
    }

    /// An optional truth value with its default.
    pub fn flag(&self, key: &str, default: bool) -> bool {
        self.typed(key, said!("“true”或“false”", "true or false"), DeValue::as_bool).unwrap_or(default)
    }

    /// An optional whole number.
    pub fn opt_int(&self, key: &str) -> Option<i64> {
        self.typed(key, said!("整数", "a whole number"), int)
    }

    /// An optional whole number or text.
    pub fn int_or_text(&self, key: &str) -> Option<IntOrText> {
        let what = said!("整数或引号内的文本", "a whole number or a text in quotes");
        self.typed(key, what, |value| match value.as_str() {
            Some(text) => Some(IntOrText::Text(text.to_owned())),
            None => int(value).map(IntOrText::Int),
        })
    }

    /// An optional number, whole or not.
    pub fn opt_number(&self, key: &str) -> Option<f64> {
        self.typed(key, said!("有限的数值", "a finite number"), finite)
    }

    /// A list of texts; one text alone is a list of one.
    pub fn texts(&self, key: &str) -> Vec<String> {
        self.typed(key, said!("文本或文本组", "a text or a list of texts"), |value| match value {
            DeValue::String(text) => Some(vec![text.to_string()]),
            DeValue::Array(items) => items.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect(),
            _ => None,
        })
        .unwrap_or_default()
    }

    /// A list of numbers; `nan` is one that is missing.
    pub fn numbers(&self, key: &str) -> Vec<f64> {
        self.typed(key, said!("数值组", "a list of numbers"), |value| {
            value.as_array()?.iter().map(|item| number(item.get_ref())).collect()
        })
        .unwrap_or_default()
    }

    /// A table of texts, in the order of its keys.
    pub fn text_map(&self, key: &str) -> Vec<(String, String)> {
        self.typed(key, said!("由文本组成的表", "a table of texts"), |value| {
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
        self.typed(key, said!("由有限数值组成的表", "a table of finite numbers"), |value| {
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
            let hint = did_you_mean(&text, &words);
            self.error(key, said!("`{text}` 不是有效的 `{key}`{hint}", "`{text}` is not a valid `{key}`{hint}"; hint));
        }
        found
    }

    /// A table inside this one, read by `read`.
    pub fn table<T>(&self, key: &str, read: impl FnOnce(&Table<'t, 'i>) -> T) -> Option<T> {
        let span = self.get(key)?.span();
        let table = self.typed(key, said!("表", "a table"), DeValue::as_table)?;
        Some(self.inside(table, span, read))
    }

    /// Every table of a list of tables (`[[key]]`), read by `read`.
    pub fn tables<T>(&self, key: &str, mut read: impl FnMut(&Table<'t, 'i>) -> T) -> Vec<T> {
        let what = said!("表组", "a list of tables");
        let Some(items) = self.typed(key, what, DeValue::as_array) else { return Vec::new() };
        let mut values = Vec::with_capacity(items.len());
        for item in items.iter() {
            match item.get_ref().as_table() {
                Some(table) => values.push(self.inside(table, item.span(), &mut read)),
                None => {
                    let message = said!("`{key}` 的每一项都应为表", "each item of `{key}` must be a table");
                    self.document.error(item.span(), message);
                }
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
                let hint = did_you_mean(name, &known);
                self.document.error(key.span(), said!("未知的键 `{name}`{hint}", "unknown key `{name}`{hint}"; hint));
            }
        }
    }
}

fn quoted() -> Said {
    said!("引号内的文本", "a text in quotes")
}

/// What kind of value it is; in English as TOML calls it.
fn kind(value: &DeValue<'_>) -> Said {
    let zh = match value {
        DeValue::String(_) => "文本",
        DeValue::Integer(_) => "整数",
        DeValue::Float(_) => "小数",
        DeValue::Boolean(_) => "真假值",
        DeValue::Datetime(_) => "日期时间",
        DeValue::Array(_) => "数组",
        DeValue::Table(_) => "表",
    };
    Said::new(zh, value.type_str())
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

/// Names, one behind the other.
pub fn list(names: &[impl Borrow<str>]) -> Said {
    Said::new(names.join("、"), names.join(", "))
}

/// `; did you mean …?` when a word is near, otherwise the list of words.
pub fn did_you_mean(word: &str, allowed: &[&str]) -> Said {
    let listed = || {
        let words = list(allowed);
        if allowed.is_empty() { words } else { said!("；此处可用：{words}", "; valid here: {words}"; words) }
    };
    did_you_mean_or(word, allowed, listed)
}

/// `; did you mean …?` when a word is near, and something else where the list of words is too long to be told.
pub fn did_you_mean_or(word: &str, allowed: &[&str], otherwise: impl FnOnce() -> Said) -> Said {
    nearest(word, allowed)
        .map_or_else(otherwise, |candidate| said!("；是否应为 `{candidate}`？", "; did you mean `{candidate}`?"))
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
