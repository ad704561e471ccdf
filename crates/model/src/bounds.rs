//! How large the numbers of a table and of what is computed from it can become: what `guard` decides by.

use std::collections::BTreeMap;

/// What can be said of the absolute values of a column or an expression over all rows of a table. Upper bounds, as floating point
/// numbers: the room left below [`LIMIT`] is a thousand times what they may lose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Size {
    /// No value is larger.
    pub(super) most: f64,
    /// All values together are not larger.
    pub(super) total: f64,
}

/// Below this, a whole number fits into 64 bits, and so does whatever rounding has hidden.
pub(super) const LIMIT: f64 = 9.2e18;

/// Rows whose absolute values are added as whole numbers at a time.
const TOGETHER: usize = 1 << 10;

impl Size {
    /// Nothing is known.
    pub(super) const UNKNOWN: Size = Size { most: f64::INFINITY, total: f64::INFINITY };

    /// Values of which none is larger than `most`, in so many rows.
    pub(super) fn each(most: f64, rows: f64) -> Size {
        Size { most, total: times(most, rows) }
    }

    /// Bounds that were found apart, for so many rows.
    pub(super) fn new(most: f64, total: f64, rows: f64) -> Size {
        Size { most: most.min(total), total: total.min(times(most, rows)) }
    }

    /// The size of these numbers.
    pub(super) fn of<'v>(chunks: impl Iterator<Item = &'v [i64]>) -> Size {
        let (mut most, mut total) = (0_u64, 0.0_f64);
        for values in chunks.flat_map(|chunk| chunk.chunks(TOGETHER)) {
            let largest = values.iter().map(|value| value.unsigned_abs()).max().unwrap_or(0);
            total += if largest < u64::MAX / TOGETHER as u64 {
                values.iter().map(|value| value.unsigned_abs()).sum::<u64>() as f64
            } else {
                values.iter().map(|value| value.unsigned_abs() as f64).sum::<f64>()
            };
            most = most.max(largest);
        }
        Size { most: most as f64, total }
    }

    pub(super) fn plus(self, other: Size) -> Size {
        Size { most: self.most + other.most, total: self.total + other.total }
    }

    pub(super) fn times(self, other: Size) -> Size {
        let total = times(self.total, other.most).min(times(self.most, other.total));
        Size { most: times(self.most, other.most), total }
    }

    /// One value or the other in each row.
    pub(super) fn or(self, other: Size) -> Size {
        Size { most: self.most.max(other.most), total: self.total + other.total }
    }

    /// Whether a sum may be beyond 64 bits.
    pub(super) fn may_wrap(self) -> bool {
        // Also where nothing is known: not a number is not below anything.
        self.most.partial_cmp(&LIMIT).is_none_or(|order| order.is_ge())
    }
}

/// A product of bounds: nothing is nothing, however often.
pub(super) fn times(a: f64, b: f64) -> f64 {
    if a == 0.0 || b == 0.0 { 0.0 } else { a * b }
}

/// What an expression is, as far as arithmetic is concerned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// Whole numbers of 64 bits: they wrap.
    Whole(Size),
    /// Floating point numbers: they do not.
    Float(Size),
    /// Text of at most so many characters.
    Text(f64),
    /// Anything else.
    Other,
}

impl Kind {
    /// The bounds of a number.
    pub(super) fn size(self) -> Size {
        match self {
            Kind::Whole(size) | Kind::Float(size) => size,
            Kind::Text(_) | Kind::Other => Size::UNKNOWN,
        }
    }

    /// The same kind with other bounds.
    pub(super) fn sized(self, size: Size) -> Kind {
        match self {
            Kind::Whole(_) => Kind::Whole(size),
            Kind::Float(_) => Kind::Float(size),
            other => other,
        }
    }

    /// One or the other in each row.
    pub(super) fn or(self, other: Kind, rows: f64) -> Kind {
        let either = |a: Size, b: Size| {
            let Size { most, total } = a.or(b);
            Size::new(most, total, rows)
        };
        match (self, other) {
            (Kind::Whole(a), Kind::Whole(b)) => Kind::Whole(either(a, b)),
            (Kind::Whole(a) | Kind::Float(a), Kind::Whole(b) | Kind::Float(b)) => Kind::Float(either(a, b)),
            (Kind::Text(a), Kind::Text(b)) => Kind::Text(a.max(b)),
            // A null has no kind.
            (Kind::Other, kind) | (kind, Kind::Other) => kind,
            _ => Kind::Other,
        }
    }
}

/// A column that a statement can name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub(super) kind: Kind,
    /// Whether no value stands in two rows.
    pub(super) is_unique: bool,
    /// Whether every row has a value.
    pub(super) is_full: bool,
}

/// What a statement gives, or a table.
#[derive(Debug, Clone, Default)]
pub(super) struct Relation {
    pub(super) rows: f64,
    /// In their order, since `UNION` goes by it.
    pub(super) columns: Vec<(String, Column)>,
}

/// The tables of a `FROM`, side by side.
#[derive(Debug, Default)]
pub(super) struct Scope {
    pub(super) rows: f64,
    tables: Vec<(String, BTreeMap<String, Column>)>,
    /// In which order `SELECT *` gives them.
    order: Vec<(usize, String)>,
}

impl Scope {
    /// Adds a table under a name. `matched` says how many of its rows one so far can meet, and how many so far one of its can.
    pub(super) fn join(&mut self, name: &str, relation: Relation, matched: Matched) {
        let ours = if self.tables.is_empty() { 1.0 } else { self.rows };
        // A row that meets none may stay all the same.
        let theirs = if self.tables.is_empty() { relation.rows } else { relation.rows.max(1.0) };
        let (each, by_each) = match matched {
            Matched { one_of_theirs: true, one_of_ours: true } => (1.0, 1.0),
            Matched { one_of_theirs: true, one_of_ours: false } => (1.0, ours),
            Matched { one_of_theirs: false, one_of_ours: true } => (theirs, 1.0),
            Matched { one_of_theirs: false, one_of_ours: false } => (theirs, ours),
        };
        for column in self.tables.iter_mut().flat_map(|(_, columns)| columns.values_mut()) {
            *column = column.repeated(each);
        }
        self.rows = match (matched.one_of_theirs, matched.one_of_ours) {
            _ if self.tables.is_empty() => theirs,
            (true, _) => ours,
            (false, true) => ours + theirs,
            (false, false) => times(ours, theirs),
        };
        let at = self.tables.len();
        self.order.extend(relation.columns.iter().map(|(name, _)| (at, name.clone())));
        let columns = relation.columns.into_iter().map(|(name, column)| (name, column.repeated(by_each)));
        self.tables.push((name.to_owned(), columns.collect()));
    }

    /// A column by its name, and that of its table where it has one.
    pub(super) fn column(&self, table: Option<&str>, name: &str) -> Option<Column> {
        let mut tables = self.tables.iter().filter(|(called, _)| table.is_none_or(|table| table == called));
        tables.find_map(|(_, columns)| columns.get(name).copied())
    }

    /// From now on, rows may be there that have no values.
    pub(super) fn empty(&mut self) {
        let columns = self.tables.iter_mut().flat_map(|(_, columns)| columns.values_mut());
        columns.for_each(|column| column.is_full = false);
    }

    /// From now on, every row has a value of this column.
    pub(super) fn fill(&mut self, table: Option<&str>, name: &str) {
        let mut tables = self.tables.iter_mut().filter(|(called, _)| table.is_none_or(|table| table == called));
        if let Some(column) = tables.find_map(|(_, columns)| columns.get_mut(name)) {
            column.is_full = true;
        }
    }

    /// All columns, as `*` gives them; of those of one name the first.
    pub(super) fn all(&self) -> Vec<(String, Column)> {
        let mut all: Vec<(String, Column)> = Vec::with_capacity(self.order.len());
        for (at, name) in &self.order {
            if all.iter().all(|(known, _)| known != name) {
                all.extend(self.tables[*at].1.get(name).map(|column| (name.clone(), *column)));
            }
        }
        all
    }
}

impl Column {
    /// The column where each of its rows stands up to `times` times.
    fn repeated(self, count: f64) -> Column {
        let Size { most, total } = self.kind.size();
        let kind = self.kind.sized(Size { most, total: times(total, count) });
        Column { kind, is_unique: self.is_unique && count <= 1.0, is_full: self.is_full }
    }
}

/// How many rows can meet in a join.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Matched {
    /// A row so far meets one row of the new table at most.
    pub(super) one_of_theirs: bool,
    /// A row of the new table meets one row so far at most.
    pub(super) one_of_ours: bool,
}
