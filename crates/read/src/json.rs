//! JSON as the replies of data.stats.gov.cn are read: lists whose elements are used one by one as they are parsed, so that a long
//! reply is never there twice, and what is said of texts and faults.

use std::borrow::Cow;
use std::fmt::{self, Display};
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer as _, Error as _, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::context::Context;
use vocab::{Problem, Said, said};

/// Hands each element of `list` to `take`. `expected` says what the list is, for the message where it is none.
///
/// # Errors
/// When it is no such list, or `take` ends it.
pub(super) fn each<'de, T: Deserialize<'de>, E: Display>(
    list: &'de RawValue,
    expected: &'static str,
    take: impl FnMut(T) -> Result<(), E>,
) -> serde_json::Result<()> {
    let elements = Elements { expected, take, element: PhantomData };
    serde_json::Deserializer::from_str(list.get()).deserialize_seq(elements)
}

struct Elements<T, F> {
    expected: &'static str,
    take: F,
    element: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>, E: Display, F: FnMut(T) -> Result<(), E>> Visitor<'de> for Elements<T, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while let Some(element) = list.next_element()? {
            (self.take)(element).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}

/// JSON that is none, or does not end.
pub(super) fn damaged(context: &Context<'_>, error: &serde_json::Error) -> Problem {
    let what = told(error);
    match error.classify() {
        serde_json::error::Category::Eof => context.cut_off(what),
        _ => context.damaged(what),
    }
}

/// What the parser says, and where.
fn told(error: &serde_json::Error) -> Said {
    let (text, line, column) = (error.to_string(), error.line(), error.column());
    match text.strip_suffix(&format!(" at line {line} column {column}")) {
        Some(why) => said!("JSON：第 {line} 行第 {column} 列有误（{why}）", "JSON: {text}"),
        None => said!("JSON：内容有误（{text}）", "JSON: {text}"),
    }
}

/// What an error reply says, cut to a length that fits a message.
pub(super) fn message(data: &RawValue) -> String {
    const LONGEST: usize = 200;
    let text: Cow<'_, str> = serde_json::from_str(data.get()).map_or(data.get().into(), |text: String| text.into());
    text.chars().take(LONGEST).collect()
}

/// A text that is there and says something.
pub(super) fn filled<'t>(text: &'t Option<Cow<'_, str>>) -> Option<&'t str> {
    text.as_deref().filter(|text| !text.trim().is_empty())
}
