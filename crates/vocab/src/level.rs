//! The levels of areas, and areas by level and code.

use std::fmt;

use serde::{Serialize, Serializer};

/// A level of areas; smaller ones come before larger ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A park (集聚区).
    Park,
    /// A county, or what is of its rank (县、市、区).
    County,
    /// A city without its directly administered counties (省直管县).
    CityNet,
    /// A city with all its counties.
    City,
    /// The whole province.
    Province,
}

impl Level {
    /// All of them, from small to large.
    pub const ALL: [Level; 5] = [Level::Park, Level::County, Level::CityNet, Level::City, Level::Province];

    /// The word of tables and definitions.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Park => "park",
            Level::County => "county",
            Level::CityNet => "city_net",
            Level::City => "city",
            Level::Province => "province",
        }
    }

    /// The level of a word; none where it is no level.
    pub fn parse(word: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.as_str() == word)
    }

    /// The words of several.
    pub fn words(levels: &[Level]) -> Vec<&'static str> {
        levels.iter().map(|level| level.as_str()).collect()
    }

    /// What it is called in Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Level::Park => "集聚区",
            Level::County => "县（市、区）",
            Level::CityNet => "市（不含省直管县）",
            Level::City => "市",
            Level::Province => "全省",
        }
    }

    /// What it is called in English.
    pub fn en(self) -> &'static str {
        match self {
            Level::Park => "park",
            Level::County => "county",
            Level::CityNet => "city without directly administered counties",
            Level::City => "city",
            Level::Province => "province",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// An area: its code alone may be that of several, as of a city with and without its directly administered counties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AreaKey<'a> {
    /// Its level.
    pub level: Level,
    /// Its code.
    pub code: &'a str,
}
