//! The kinds of doubt.

/// A kind of doubt that can be planted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Several parks became one.
    ParkMerged,
    /// One park became several.
    ParkSplit,
    /// A park was given another code.
    ParkRenamed,
    /// A park was founded within the sample.
    ParkFounded,
    /// Enterprises come above scale in the middle of a year.
    EnterpriseEntered,
    /// Enterprises leave in the middle of a year.
    EnterpriseLeft,
    /// Enterprises leave and come back.
    EnterpriseReturned,
    /// The series of another province or city.
    ForeignSeries,
    /// Growth rates, divided figures or another base year in the table of price indices.
    PriceIndex,
    /// Rows of counties are missing from the published table.
    CountyMissing,
    /// An export of a quarter was never sent.
    MissingExport,
    /// An export that was there is gone: it lies in `gone/` and not in `exports/`.
    ExportGone,
    /// A large enterprise has text where a number must be.
    BadCell,
    /// Large enterprises, or one in so many, are missing from a form.
    MissingRow,
    /// A part of the rows, or one city, is off by a factor.
    UnitFactor,
    /// A form holds what another period's said.
    ContentRepeated,
    /// A revision without a day in its name.
    RevisionUndated,
    /// A land ledger was issued more than once.
    ListReissued,
    /// A register names a park that is on no other.
    BrokenReference,
}

impl Kind {
    /// All of them, in the order in which they are planted.
    pub const ALL: [Self; 19] = [
        Self::ParkMerged,
        Self::ParkSplit,
        Self::ParkRenamed,
        Self::ParkFounded,
        Self::EnterpriseEntered,
        Self::EnterpriseLeft,
        Self::EnterpriseReturned,
        Self::ForeignSeries,
        Self::PriceIndex,
        Self::CountyMissing,
        Self::MissingExport,
        Self::ExportGone,
        Self::BadCell,
        Self::MissingRow,
        Self::UnitFactor,
        Self::ContentRepeated,
        Self::RevisionUndated,
        Self::ListReissued,
        Self::BrokenReference,
    ];

    /// Its name in options and in `truth/planted.csv`.
    pub fn name(self) -> &'static str {
        match self {
            Self::ParkMerged => "park_merged",
            Self::ParkSplit => "park_split",
            Self::ParkRenamed => "park_renamed",
            Self::ParkFounded => "park_founded",
            Self::EnterpriseEntered => "enterprise_entered",
            Self::EnterpriseLeft => "enterprise_left",
            Self::EnterpriseReturned => "enterprise_returned",
            Self::ForeignSeries => "foreign_series",
            Self::PriceIndex => "price_index",
            Self::CountyMissing => "county_missing",
            Self::MissingExport => "missing_export",
            Self::ExportGone => "export_gone",
            Self::BadCell => "bad_cell",
            Self::MissingRow => "missing_row",
            Self::UnitFactor => "unit_factor",
            Self::ContentRepeated => "content_repeated",
            Self::RevisionUndated => "revision_undated",
            Self::ListReissued => "list_reissued",
            Self::BrokenReference => "broken_reference",
        }
    }

    /// The kind of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether a run goes on beside it: a register that contradicts another one stops it.
    pub fn lets_run(self) -> bool {
        self != Self::BrokenReference
    }
}
