//! What this program says, in Chinese and in English.
//!
//! Both texts stand beside each other where they are said, in the macro [`said!`](crate::said!); no text is made from another
//! one. Words of a file (labels, units, periods, codes) are the same in both languages and are never translated.

use std::borrow::Cow;
use std::fmt;

/// A text in both languages, or words that are the same in both. [`Display`](fmt::Display) and JSON are the English one. Behind a
/// pointer, since it goes along with every finding.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Said(Box<Texts>);

#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Texts {
    en: Cow<'static, str>,
    /// None where it is the same.
    zh: Option<Cow<'static, str>>,
}

impl Said {
    /// A text in Chinese and in English. [`said!`](crate::said!) fills both from the same places.
    pub fn new(zh: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Said {
        let (zh, en) = (zh.into(), en.into());
        Said(Box::new(Texts { zh: (zh != en).then_some(zh), en }))
    }

    /// Words that are not this program's: of a file, of a person, of a library.
    pub fn words(words: impl Into<String>) -> Said {
        Said(Box::new(Texts { en: Cow::Owned(words.into()), zh: None }))
    }

    /// In Chinese.
    pub fn zh(&self) -> &str {
        self.0.zh.as_deref().unwrap_or(&self.0.en)
    }

    /// In English.
    pub fn en(&self) -> &str {
        &self.0.en
    }

    /// Whether the two differ.
    pub fn is_in_both(&self) -> bool {
        self.0.zh.is_some()
    }

    /// Several, one behind the other, with what stands between two of them in each language.
    pub fn join<'s>(several: impl IntoIterator<Item = &'s Said>, zh: &str, en: &str) -> Said {
        let several: Vec<&Said> = several.into_iter().collect();
        let in_one =
            |text: fn(&Said) -> &str, between| several.iter().map(|one| text(one)).collect::<Vec<_>>().join(between);
        Said::new(in_one(Said::zh, zh), in_one(Said::en, en))
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.en())
    }
}

impl serde::Serialize for Said {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.en())
    }
}

/// A text with its places filled; nothing is allocated where it has none.
#[doc(hidden)]
pub fn filled(text: fmt::Arguments<'_>) -> Cow<'static, str> {
    text.as_str().map_or_else(|| Cow::Owned(text.to_string()), Cow::Borrowed)
}

/// A [`Said`] from a text in Chinese and one in English, as of `format!`. What is named behind the semicolon is itself said in
/// both languages, by methods `zh` and `en`.
///
/// ```
/// use vocab::{Said, said};
///
/// let (rows, part) = (7, said!("注释", "notes"));
/// let said = said!("{part}：{rows} 行", "{part}: {rows} rows"; part);
/// assert_eq!((said.zh(), said.en()), ("注释：7 行", "notes: 7 rows"));
/// ```
#[macro_export]
macro_rules! said {
    ($zh:literal, $en:literal $(; $($part:ident),+)?) => {
        $crate::Said::new(
            { $($(let $part = $part.zh();)+)? $crate::said::filled(::std::format_args!($zh)) },
            { $($(let $part = $part.en();)+)? $crate::said::filled(::std::format_args!($en)) },
        )
    };
}
