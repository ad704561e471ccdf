//! Figures since January to figures of spans of months.

/// What was added over some months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Increment {
    /// First month of the span, 1 to 12.
    pub from: u8,
    /// Last month of the span.
    pub to: u8,
    /// What was added, in the unit of the series.
    pub value: i64,
}

/// The increments of one calendar year's figures since January, given as (month, figure) in the order of months.
///
/// d = Y(t) − Y(t′), t′ the month before that has a figure; the first increment begins in January. January and February are
/// one increment where January is not surveyed, and a missing month makes a longer span: it is never split. A difference that does not
/// fit is none. METHODS 2.1 (the
/// monthly survey of 国家统计局 has no January figure since 2013).
pub fn increments(since_january: &[(u8, i64)]) -> Vec<Increment> {
    let mut before = (0, 0);
    let step = |&(month, figure): &(u8, i64)| {
        let value = figure.checked_sub(before.1);
        let increment = value.map(|value| Increment { from: before.0 + 1, to: month, value });
        before = (month, figure);
        increment
    };
    since_january.iter().filter_map(step).collect()
}

/// The figure of the months `from` to `to`: none unless increments fill the span exactly.
pub fn over(increments: &[Increment], from: u8, to: u8) -> Option<i64> {
    let inside = increments.iter().filter(|one| one.from >= from && one.to <= to);
    let (mut months, mut total) = (0, 0_i64);
    for one in inside {
        months += one.to + 1 - one.from;
        total = one.value.checked_add(total)?;
    }
    (months == to + 1 - from).then_some(total)
}
