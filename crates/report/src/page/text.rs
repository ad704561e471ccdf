//! Texts of the pages: everything stands in both languages, and the page shows one of them. What is put into a page is escaped here
//! or by the templates.

use std::fmt::{Display, Formatter, Result};

use askama::filters::{Html, HtmlSafe, escape};

use crate::published::Shown;
use config::indicator::Indicator;
use publish::Language;
use vocab::period::Quarter;

/// A text in both languages. As HTML it is both, each in an element with its language (the shortest there is, as there are many), or
/// the one text that both have.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Both {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Both {
    /// Two texts.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Both {
        Both { zh: zh.into(), en: en.into() }
    }

    /// A text that is the same in both languages, such as a figure.
    pub fn same(text: impl Into<String>) -> Both {
        let text = text.into();
        Both { zh: text.clone(), en: text }
    }

    /// What is said in each language.
    pub fn of<T: Into<String>>(say: impl Fn(Language) -> T) -> Both {
        Both::new(say(Language::Chinese), say(Language::English))
    }
}

impl Display for Both {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let escaped = |text: &str| escape(text, Html).map(|safe| safe.to_string()).map_err(|_| std::fmt::Error);
        let zh = escaped(&self.zh)?;
        if self.zh == self.en {
            return f.write_str(&zh);
        }
        write!(f, "<b lang=zh>{zh}</b><b lang=en>{}</b>", escaped(&self.en)?)
    }
}

impl HtmlSafe for Both {}

/// A cell of a table, with its start tag. Its text is a figure or the sign of what is missing, and a mark beside a figure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    text: Both,
    mark: &'static str,
    class: String,
    /// Which fifth of its column it lies in, for the map.
    pub fifth: Option<usize>,
}

impl Cell {
    /// A text.
    pub fn text(text: Both) -> Cell {
        Cell { text, ..Cell::default() }
    }

    /// Figures.
    pub fn plain(figures: impl Into<String>) -> Cell {
        Cell::text(Both::same(figures))
    }

    /// A value as it is published, or why there is none.
    pub fn of(shown: &Shown) -> Cell {
        Cell { text: Both::of(|language| shown.text(language)), mark: shown.mark(), ..Cell::default() }
    }

    /// The same, in a column of values with different decimals: they are shifted so that their points stand under one another.
    pub fn aligned(shown: &Shown) -> Cell {
        match shown {
            Shown::Figure { decimals: decimals @ 0..=2, .. } => Cell::of(shown).class(&format!("d{decimals}")),
            _ => Cell::of(shown),
        }
    }

    /// A cell in which there can be nothing.
    pub fn none() -> Cell {
        Cell::plain("—")
    }

    /// The same with a class more.
    pub fn class(mut self, class: &str) -> Cell {
        if !self.class.is_empty() && !class.is_empty() {
            self.class.push(' ');
        }
        self.class.push_str(class);
        self
    }

    /// Its text alone.
    pub fn words(&self) -> &Both {
        &self.text
    }

    /// A sign behind it.
    pub fn mark(&self) -> &'static str {
        self.mark
    }
}

impl Display for Cell {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("<td")?;
        if !self.class.is_empty() {
            let quote = if self.class.contains(' ') { "\"" } else { "" };
            write!(f, " class={quote}{}{quote}", self.class)?;
        }
        if let Some(fifth) = self.fifth {
            write!(f, " data-c={fifth}")?;
        }
        write!(f, ">{}", self.text)?;
        if !self.mark.is_empty() {
            write!(f, "<sup>{}</sup>", self.mark)?;
        }
        Ok(())
    }
}

impl HtmlSafe for Cell {}

/// The name of an indicator.
pub fn name(indicator: &Indicator) -> Both {
    Both::new(&indicator.name_zh, &indicator.name_en)
}

/// The unit of a figure as people write it.
pub fn unit(unit: &str) -> Both {
    Both::of(|language| language.unit(unit))
}

/// A figure with its unit behind it.
pub fn with_unit(figure: &str, unit: &str) -> Both {
    let written = |language: Language| match language.unit(unit) {
        "" => figure.to_owned(),
        "%" => format!("{figure}%"),
        unit if language == Language::English => format!("{figure} {unit}"),
        unit => format!("{figure}{unit}"),
    };
    Both::of(written)
}

/// A quarter in full: 2018年第四季度, fourth quarter of 2018.
pub fn quarter(quarter: Quarter) -> Both {
    const ZH: [&str; 4] = ["一", "二", "三", "四"];
    const EN: [&str; 4] = ["First", "Second", "Third", "Fourth"];
    let (year, at) = (quarter.year(), usize::from(quarter.number() - 1));
    Both::new(format!("{year}年第{}季度", ZH[at]), format!("{} quarter of {year}", EN[at]))
}

/// The last quarter of a year.
pub fn end_of(year: i64) -> Option<Quarter> {
    Quarter::new(u16::try_from(year).ok()?, 4)
}
