//! Lists of JSON whose elements are used one by one as they are parsed, so that a long reply is never there twice.

use std::fmt::{self, Display};
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer as _, Error as _, SeqAccess, Visitor};
use serde_json::value::RawValue;

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
