//! What every reader needs to know of the file: its name, for findings, and its limits.

use super::compound;
use super::limits::{Counted, Limits};
use vocab::rules::{CORRUPT_CONTAINER, CUT_OFF, LIMIT_EXCEEDED, Rule};
use vocab::{Place, Problem, Said};

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
    pub fn damaged(&self, what: Said) -> Problem {
        self.problem(&CORRUPT_CONTAINER).said(what)
    }

    /// A compound file cannot be used.
    pub fn fault(&self, fault: compound::Fault) -> Problem {
        if fault.is_cut_off() { self.cut_off(fault.said()) } else { self.damaged(fault.said()) }
    }

    /// The file ends before its content does; `what` says where.
    pub fn cut_off(&self, what: Said) -> Problem {
        self.problem(&CUT_OFF).said(what)
    }

    /// Refuses a file that has more of `what` than a limit allows.
    pub fn within(&self, what: Counted, found: usize, limit: usize) -> Outcome<()> {
        if found <= limit { Ok(()) } else { Err(self.over(what, limit)) }
    }

    /// How many bytes `from` packed ones may become. Small files may grow as they like.
    pub fn most_from(&self, from: usize) -> usize {
        const HARMLESS: usize = 64 << 20;
        from.saturating_mul(self.limits.expansion).max(HARMLESS).min(self.limits.inflated_bytes)
    }

    /// Refuses content that grew too much, or out of proportion, while it was unpacked or laid out.
    pub fn expanded(&self, made: usize, from: usize) -> Outcome<()> {
        self.within(Counted::InflatedBytes, made, self.limits.inflated_bytes)?;
        if made <= self.most_from(from) {
            return Ok(());
        }
        Err(self.over(Counted::Growth, self.limits.expansion))
    }

    /// Refuses an archive that would unpack to more than it may, without having unpacked it.
    pub fn spent(&self, from: usize) -> Problem {
        let most = self.most_from(from);
        if most < self.limits.inflated_bytes {
            return self.over(Counted::Growth, self.limits.expansion);
        }
        self.over(Counted::InflatedBytes, most)
    }

    /// There is more of `what` than a limit allows. How much more is not known: reading stopped there.
    pub fn over(&self, what: Counted, limit: usize) -> Problem {
        self.problem(&LIMIT_EXCEEDED).said(what.more_than(limit))
    }
}
