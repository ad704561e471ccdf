//! What became of a sheet: its facts, what is set aside of it, and where every row of it went.

use serde::{Deserialize, Serialize};

use super::figures::Figures;
use super::issue::Issued;
use vocab::frame::Frame;

/// Where every row of a sheet went. The parts add up to `rows`; a run that finds otherwise stops.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// All rows of the sheet.
    pub rows: u64,
    /// Lines over the header: title, unit, period.
    pub preamble: u64,
    /// Header rows.
    pub header: u64,
    /// Notes under the table.
    pub notes: u64,
    /// Blank rows.
    pub blank: u64,
    /// Rows that became facts.
    pub facts: u64,
    /// Rows in quarantine.
    pub quarantined: u64,
}

impl Ledger {
    /// Whether every row is accounted for.
    pub fn closes(&self) -> bool {
        self.accounted() == self.rows
    }

    /// Rows that went somewhere.
    pub fn accounted(&self) -> u64 {
        self.preamble + self.header + self.notes + self.blank + self.facts + self.quarantined
    }

    /// The sum of two ledgers.
    #[must_use]
    pub fn plus(self, other: Ledger) -> Ledger {
        Ledger {
            rows: self.rows + other.rows,
            preamble: self.preamble + other.preamble,
            header: self.header + other.header,
            notes: self.notes + other.notes,
            blank: self.blank + other.blank,
            facts: self.facts + other.facts,
            quarantined: self.quarantined + other.quarantined,
        }
    }
}

/// What became of a sheet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cleaned {
    /// Typed facts, with the address of each.
    pub facts: Frame,
    /// Raw rows that were set aside, with the codes of their problems.
    pub quarantine: Frame,
    /// Where every row went.
    pub ledger: Ledger,
    /// Where every figure went.
    pub figures: Figures,
    /// When the table was issued, and what said so.
    pub issued: Option<Issued>,
}

impl Cleaned {
    /// Adds what became of another table of the same file.
    pub fn plus(&mut self, other: Cleaned) {
        self.ledger = self.ledger.plus(other.ledger);
        self.figures = self.figures.plus(other.figures);
        self.issued = self.issued.max(other.issued);
        for (mine, mut theirs) in [(&mut self.quarantine, other.quarantine), (&mut self.facts, other.facts)] {
            // A table that gave nothing has no columns either.
            if theirs.rows() > 0 {
                // One table may have groups over its periods, and the next none.
                theirs.widen(mine);
                if mine.rows() > 0 {
                    mine.widen(&theirs);
                }
                mine.append(theirs);
            }
        }
    }
}
