//! Who may read what the store holds: `[store]` in `site.toml`.

use super::document::{IntOrText, Table};
use vocab::said;

/// Who may read a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Readers {
    /// The user that runs the program.
    Owner,
    /// That user and the group of the store.
    #[default]
    Group,
    /// Everyone on the machine.
    All,
}

impl Readers {
    const WORDS: [(&'static str, Readers); 3] =
        [("owner", Readers::Owner), ("group", Readers::Group), ("all", Readers::All)];
}

/// A group, by its name or its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Group {
    /// By its name.
    Named(String),
    /// By its number.
    Numbered(u32),
}

/// Who may read what the store holds. Exports, facts and quarantine hold single enterprises: owner and group, never others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Access {
    /// The group of what is made; the usual one where none is named.
    pub group: Option<Group>,
    /// Who may read releases.
    pub published: Readers,
}

impl Access {
    pub(super) fn resolve(table: &Table<'_, '_>) -> Access {
        let group = table.int_or_text("group").and_then(|group| match group {
            IntOrText::Text(name) => Some(Group::Named(name)),
            IntOrText::Int(number) => match u32::try_from(number) {
                Ok(number) => Some(Group::Numbered(number)),
                Err(_) => {
                    let message = said!(
                        "组的编号应介于 0 与 4294967295 之间",
                        "the number of a group is between 0 and 4294967295"
                    );
                    table.error("group", message);
                    None
                }
            },
        });
        Access { group, published: table.choice("published", &Readers::WORDS).unwrap_or_default() }
    }
}
