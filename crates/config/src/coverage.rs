//! How much of what was expected must be in a value before it is a figure.

use super::document::Table;
use vocab::said;

/// Shares of what was expected, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Least {
    /// From here on a value is a figure.
    pub figure: f64,
    /// From here on it is one with a flag; below it is withheld.
    pub flagged: f64,
}

/// What a value becomes smaller or less certain by where something is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// It stands for all enterprises or parks of the area: a level, or a ratio over something that is complete by itself, such as
    /// land or a published total. What is missing makes it wrong.
    Whole,
    /// Both sides rest on those that reported: what is missing makes it rest on less.
    Reporting,
}

/// How much is enough, by scope, where an indicator does not say it itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sufficiency {
    /// For [`Scope::Whole`].
    pub whole: Least,
    /// For [`Scope::Reporting`].
    pub reporting: Least,
}

impl Default for Sufficiency {
    /// A figure that stands for all is one only where all are in it.
    fn default() -> Self {
        Sufficiency { whole: Least { figure: 1.0, flagged: 0.9 }, reporting: Least { figure: 0.9, flagged: 0.6 } }
    }
}

impl Sufficiency {
    /// What is enough for values of a scope.
    pub fn of(&self, scope: Scope) -> Least {
        match scope {
            Scope::Whole => self.whole,
            Scope::Reporting => self.reporting,
        }
    }

    /// Reads `[coverage]` of the settings.
    pub(super) fn resolve(table: &Table<'_, '_>) -> Sufficiency {
        let usual = Sufficiency::default();
        let read = |coverage: &Table<'_, '_>| Sufficiency {
            whole: Least::resolve(coverage, "whole").unwrap_or(usual.whole),
            reporting: Least::resolve(coverage, "reporting").unwrap_or(usual.reporting),
        };
        table.table("coverage", read).unwrap_or(usual)
    }
}

/// Two columns: what was reported, and what was expected.
pub(super) fn columns(table: &Table<'_, '_>, key: &str) -> Option<(String, String)> {
    match table.texts(key).as_slice() {
        [] => None,
        [reported, expected] => Some((reported.clone(), expected.clone())),
        _ => {
            let message = said!(
                "`{key}` 为两列：已报数和应报数",
                "`{key}` is two columns: what was reported, and what was expected"
            );
            table.error(key, message);
            None
        }
    }
}

impl Least {
    /// Reads a pair of shares, where there is one under this key.
    pub(super) fn resolve(table: &Table<'_, '_>, key: &str) -> Option<Least> {
        table.table(key, |pair| {
            let share = |key: &str| {
                let share = pair.opt_number(key);
                if !share.is_some_and(|share| (0.0..=1.0).contains(&share)) {
                    pair.error(key, said!("`{key}` 应为 0 到 1 之间的比例", "`{key}` must be a share from 0 to 1"));
                }
                share.unwrap_or(1.0)
            };
            let (figure, flagged) = (share("figure"), share("flagged"));
            if flagged > figure {
                let message = said!(
                    "`flagged`（{flagged}）不得大于 `figure`（{figure}）",
                    "`flagged` ({flagged}) must not be above `figure` ({figure})"
                );
                pair.error("flagged", message);
            }
            Least { figure, flagged }
        })
    }
}
