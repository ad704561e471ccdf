//! What every reader needs to know of the file: its name, for findings, and its limits.

use super::compound;
use super::limits::Limits;
use vocab::rules::{CORRUPT_CONTAINER, CUT_OFF, LIMIT_EXCEEDED, Rule};
use vocab::{Place, Problem};

/// A step of reading. The problem is the reason why the file cannot be used; `?` is control flow, not a second kind of
/// error.
pub(super) type Outcome<T> = Result<T, Problem>;

/// The file being read.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub name: &'a str,
    pub limits: &'a Limits,
}

impl Context<'_> {
    /// A finding about the file as a whole.
    pub fn problem(&self, rule: &'static Rule) -> Problem {
        Problem::new(rule, Place::file(self.name))
    }

    /// The container does not hold together; `what` says where.
    pub fn damaged(&self, what: impl Into<String>) -> Problem {
        self.problem(&CORRUPT_CONTAINER).value(what)
    }

    /// A compound file cannot be used.
    pub fn fault(&self, fault: compound::Fault) -> Problem {
        if compound::is_cut_off(fault) { self.cut_off(fault) } else { self.damaged(fault) }
    }

    /// The file ends before its content does; `what` says where.
    pub fn cut_off(&self, what: impl Into<String>) -> Problem {
        self.problem(&CUT_OFF).value(what)
    }

    /// Refuses a file that has more of `what` than a limit allows.
    pub fn within(&self, what: &str, found: usize, limit: usize) -> Outcome<()> {
        if found <= limit { Ok(()) } else { Err(self.over(what, limit)) }
    }

    /// How many bytes `from` packed ones may become. Small files may grow as they like.
    pub fn most_from(&self, from: usize) -> usize {
        const HARMLESS: usize = 64 << 20;
        from.saturating_mul(self.limits.expansion).max(HARMLESS).min(self.limits.inflated_bytes)
    }

    /// Refuses content that grew too much, or out of proportion, while it was unpacked or laid out.
    pub fn expanded(&self, made: usize, from: usize) -> Outcome<()> {
        self.within("bytes inflated", made, self.limits.inflated_bytes)?;
        if made <= self.most_from(from) {
            return Ok(());
        }
        Err(self.over("times its size, once unpacked", self.limits.expansion))
    }

    /// Refuses an archive that would unpack to more than it may, without having unpacked it.
    pub fn spent(&self, from: usize) -> Problem {
        let most = self.most_from(from);
        if most < self.limits.inflated_bytes {
            return self.over("times its size, once unpacked", self.limits.expansion);
        }
        self.over("bytes inflated", most)
    }

    /// There is more of `what` than a limit allows. How much more is not known: reading stopped there.
    pub fn over(&self, what: &str, limit: usize) -> Problem {
        // A grid addresses its text with 32 bits, whatever is configured.
        let setting = setting(what)
            .filter(|_| limit < u32::MAX as usize)
            .map(|setting| format!(" ({setting})"))
            .unwrap_or_default();
        self.problem(&LIMIT_EXCEEDED).value(format!("more than {limit} {what}{setting}"))
    }
}

/// The key of `[limits]` in `site.toml` that allows more of `what`; none where the program itself cannot hold more.
fn setting(what: &str) -> Option<&'static str> {
    Some(match what {
        "bytes" => "max_file_bytes",
        "bytes inflated" | "bytes of text" | "bytes of text in all sheets" => "max_inflated_bytes",
        "times its size, once unpacked" => "max_expansion",
        "members" => "max_members",
        "sheets" => "max_sheets",
        "rows" | "rows in all sheets" => "max_rows",
        "columns" => "max_columns",
        "attributes of an element" => "max_attributes",
        "cells" | "cells in all sheets" | "shared strings" | "merged areas" => "max_cells",
        "bytes in a cell" => "max_cell_bytes",
        "elements" => "max_elements",
        "levels of elements" => "max_nesting",
        _ => return None,
    })
}
