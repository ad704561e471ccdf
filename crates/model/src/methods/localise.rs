//! Which fields of a record are most likely wrong, given the linear edits it breaks.

/// A linear edit: Σ coefficient × field + constant ≤ 0, or = 0. Whole numbers, so that the answer is exact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Coefficient and position of each field.
    pub terms: Vec<(i64, usize)>,
    /// What is added.
    pub constant: i64,
    /// Whether the sum must be zero and not only at most zero.
    pub is_equation: bool,
}

impl Edit {
    fn value(&self, record: &[i64]) -> Option<i128> {
        let wide = |(factor, field): &(i64, usize)| i128::from(*factor).checked_mul(i128::from(*record.get(*field)?));
        self.terms.iter().try_fold(i128::from(self.constant), |total, term| total.checked_add(wide(term)?))
    }

    /// Whether a record keeps the edit; a sum beyond any sense does not.
    pub fn holds(&self, record: &[i64]) -> bool {
        self.value(record).is_some_and(|value| if self.is_equation { value == 0 } else { value <= 0 })
    }

    fn concerns(&self, field: usize) -> bool {
        self.terms.iter().any(|(_, position)| *position == field)
    }
}

/// A mistake that is made with whole columns or forms, and is looked for before single wrong figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Systematic {
    /// The figure is too large by this factor: it was given in a smaller unit.
    TooLarge(i64),
    /// The figure is too small by this factor: it was given in a larger unit.
    TooSmall(i64),
    /// The sign is the wrong one.
    Sign,
}

impl Systematic {
    /// Those that are looked for: 元 for 万元, 元 for 千元, and their opposites; signs.
    pub const ALL: [Systematic; 5] = [
        Systematic::TooLarge(10_000),
        Systematic::TooSmall(10_000),
        Systematic::TooLarge(1_000),
        Systematic::TooSmall(1_000),
        Systematic::Sign,
    ];

    /// The word used in tables.
    pub fn name(self) -> String {
        match self {
            Systematic::TooLarge(factor) => format!("unit_too_large_x{factor}"),
            Systematic::TooSmall(factor) => format!("unit_too_small_x{factor}"),
            Systematic::Sign => "sign".to_owned(),
        }
    }

    fn mend(self, value: i64) -> Option<i64> {
        match self {
            // What becomes nothing is not mended but gone.
            Systematic::TooLarge(factor) => value.checked_div(factor).filter(|mended| *mended != 0 || value == 0),
            Systematic::TooSmall(factor) => value.checked_mul(factor),
            Systematic::Sign => value.checked_neg(),
        }
    }
}

/// The first of the systematic mistakes that, undone in all of a group of fields, makes the record keep every edit; the
/// groups (such as the figures of one form, or one figure alone) are tried in their order.
pub fn systematic(edits: &[Edit], record: &[i64], groups: &[Vec<usize>]) -> Option<(Systematic, usize)> {
    let mends = |kind: Systematic, group: &Vec<usize>| {
        let mut mended = record.to_vec();
        for &field in group {
            let Some(value) = mended.get(field).and_then(|value| kind.mend(*value)) else { return false };
            mended[field] = value;
        }
        mended != record && edits.iter().all(|edit| edit.holds(&mended))
    };
    let tried = groups.iter().enumerate().flat_map(|(at, group)| Systematic::ALL.map(|kind| (kind, at, group)));
    tried.filter(|(kind, _, group)| mends(*kind, group)).map(|(kind, at, _)| (kind, at)).next()
}

/// The sets of fields of least weight that can be changed so that every edit is kept: all of them, since ties are for people
/// to break. Sets of more than `most` fields are not looked for, and then there is none.
///
/// Fellegi and Holt (Journal of the American Statistical Association 71, 1976): the principle of the fewest fields, found here
/// by trying sets in order of weight; whether a set can be changed so is decided by Fourier–Motzkin elimination over
/// rational numbers, without rounding.
pub fn fewest_fields(edits: &[Edit], record: &[i64], weights: &[u64], most: usize) -> Vec<Vec<usize>> {
    let broken: Vec<&Edit> = edits.iter().filter(|edit| !edit.holds(record)).collect();
    // Also those in no broken edit: what mends one edit may break another one.
    let mut fields: Vec<usize> = edits.iter().flat_map(|edit| edit.terms.iter().map(|(_, field)| *field)).collect();
    fields.sort_unstable();
    fields.dedup();
    let weight = |set: &Vec<usize>| set.iter().map(|field| weights.get(*field).copied().unwrap_or(1)).sum::<u64>();
    let touches_all = |set: &Vec<usize>| broken.iter().all(|edit| set.iter().any(|field| edit.concerns(*field)));
    let mut sets: Vec<Vec<usize>> = subsets(&fields, most).into_iter().filter(touches_all).collect();
    sets.sort_by_cached_key(|set| (weight(set), set.clone()));
    let Some(least) = sets.iter().find(|set| can_hold(edits, record, set)).map(weight) else { return Vec::new() };
    sets.retain(|set| weight(set) == least && can_hold(edits, record, set));
    sets
}

/// All sets of at most `most` of these.
fn subsets(fields: &[usize], most: usize) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = vec![Vec::new()];
    for &field in fields {
        let longer = all.iter().filter(|set| set.len() < most).map(|set| [set.as_slice(), &[field]].concat());
        all.extend(longer.collect::<Vec<_>>());
    }
    all
}

/// Σ coefficient × free field + constant ≤ 0, by position among the free fields.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    coefficients: Vec<i128>,
    constant: i128,
}

/// Whether some values of the free fields, with the others as they are, keep every edit. Sums too large to be computed count
/// as no.
fn can_hold(edits: &[Edit], record: &[i64], free: &[usize]) -> bool {
    let Some(rows) = edits.iter().map(|edit| rows_of(edit, record, free)).collect::<Option<Vec<_>>>() else {
        return false;
    };
    let mut rows: Vec<Row> = rows.into_iter().flatten().collect();
    for place in 0..free.len() {
        let Some(left) = eliminate(&rows, place) else { return false };
        rows = left;
    }
    rows.iter().all(|row| row.constant <= 0)
}

/// An edit as inequalities in the free fields.
fn rows_of(edit: &Edit, record: &[i64], free: &[usize]) -> Option<Vec<Row>> {
    let mut row = Row { coefficients: vec![0; free.len()], constant: i128::from(edit.constant) };
    for (factor, field) in &edit.terms {
        match free.iter().position(|place| place == field) {
            Some(place) => row.coefficients[place] += i128::from(*factor),
            None => row.constant += i128::from(*factor).checked_mul(i128::from(*record.get(*field)?))?,
        }
    }
    let opposite = || Row { coefficients: row.coefficients.iter().map(|c| -c).collect(), constant: -row.constant };
    Some(if edit.is_equation { vec![opposite(), row] } else { vec![row] })
}

/// The inequalities that remain when the field at `place` is eliminated (Fourier–Motzkin): each upper bound against each
/// lower one. None when a number grows too large.
fn eliminate(rows: &[Row], place: usize) -> Option<Vec<Row>> {
    let mut left: Vec<Row> = rows.iter().filter(|row| row.coefficients[place] == 0).cloned().collect();
    for upper in rows.iter().filter(|row| row.coefficients[place] > 0) {
        for lower in rows.iter().filter(|row| row.coefficients[place] < 0) {
            let (up, down) = (upper.coefficients[place], -lower.coefficients[place]);
            let mix = |a: i128, b: i128| a.checked_mul(down)?.checked_add(b.checked_mul(up)?);
            let pairs = upper.coefficients.iter().zip(&lower.coefficients);
            let coefficients = pairs.map(|(a, b)| mix(*a, *b)).collect::<Option<Vec<_>>>()?;
            left.push(reduced(Row { coefficients, constant: mix(upper.constant, lower.constant)? }));
        }
    }
    left.sort_unstable();
    left.dedup();
    Some(left)
}

/// The same inequality in smaller numbers.
fn reduced(mut row: Row) -> Row {
    let common = row.coefficients.iter().fold(row.constant.unsigned_abs(), |common, c| gcd(common, c.unsigned_abs()));
    if let Some(common) = i128::try_from(common).ok().filter(|common| *common > 1) {
        row.coefficients.iter_mut().for_each(|coefficient| *coefficient /= common);
        row.constant /= common;
    }
    row
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
