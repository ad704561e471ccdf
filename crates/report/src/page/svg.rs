//! Lines as SVG: whole coordinates, one path for a line, no colours and no text of their own. What they look like, in the light, in the
//! dark and on paper, is the style sheet's; what is written beside them is HTML, so that it keeps its size where a chart is narrow.

use std::fmt::Write as _;

use crate::published::write;
use model::indicators::round;

/// Height of a chart in its own units; it is stretched to the room that there is.
pub const HEIGHT: i64 = 200;
/// From quarter to quarter in a chart.
pub const STEP: i64 = 10;

const SPARK_HEIGHT: i64 = 16;
const SPARK_WIDTH: i64 = 84;

/// An axis of values with round steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    low: f64,
    high: f64,
    step: f64,
}

impl Axis {
    /// An axis that has all of these on it, with about four steps; none without values.
    pub fn over(values: impl IntoIterator<Item = f64>) -> Option<Axis> {
        let bounds = values.into_iter().fold(None, |bounds: Option<(f64, f64)>, value| {
            Some(bounds.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
        });
        let (mut low, mut high) = bounds?;
        if low == high {
            let room = if low == 0.0 { 1.0 } else { low.abs() * 0.1 };
            (low, high) = (low - room, high + room);
        }
        // An axis that almost begins at zero begins there.
        if low > 0.0 && low < 0.4 * high {
            low = 0.0;
        }
        let rough = (high - low) / 4.0;
        let power = 10f64.powi(rough.log10().floor() as i32);
        let step = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|of| of * power).find(|step| *step >= rough)?;
        let low = (low / step + 1e-9).floor() * step;
        let high = (high / step - 1e-9).ceil() * step;
        Some(Axis { low, high, step })
    }

    /// The steps with what is written beside them, from below.
    pub fn steps(&self) -> Vec<(f64, String)> {
        let decimals = (0..6).find(|decimals| (round(self.step, *decimals) - self.step).abs() < self.step * 1e-6);
        let decimals = decimals.unwrap_or(6);
        let count = round((self.high - self.low) / self.step, 0) as usize;
        let at = |number: usize| self.low + self.step * number as f64;
        (0..=count).map(|number| (at(number), write(at(number), decimals))).collect()
    }

    /// How far from above a value is, of a height.
    pub fn depth(&self, value: f64, height: i64) -> i64 {
        round((self.high - value) / (self.high - self.low) * height as f64, 0) as i64
    }

    /// The same in percent, to a tenth.
    pub fn share(&self, value: f64) -> String {
        tenth((self.high - value) / (self.high - self.low) * 100.0)
    }
}

/// A place in percent, to a tenth.
pub fn tenth(percent: f64) -> String {
    write(percent, 1)
}

/// A path through values at even distances: what is missing is a gap, a value alone is a point. Where it goes straight on, one
/// piece stands for several.
pub fn line(values: &[Option<f64>], axis: &Axis, step: i64, height: i64) -> String {
    let mut path = String::new();
    let mut last: Option<(i64, i64)> = None;
    // The piece that is not written yet, and how often it follows itself.
    let mut piece: Option<((i64, i64), i64)> = None;
    let end = |path: &mut String, piece: &mut Option<((i64, i64), i64)>| {
        if let Some(((x, y), times)) = piece.take() {
            number(path, x * times);
            number(path, y * times);
        }
    };
    for (at, value) in values.iter().enumerate() {
        let Some(value) = value else {
            end(&mut path, &mut piece);
            last = None;
            continue;
        };
        let x = i64::try_from(at).unwrap_or_default() * step;
        let y = axis.depth(*value, height);
        match last {
            None => {
                path.push('M');
                number(&mut path, x);
                number(&mut path, y);
                // A line of no length is drawn as a dot.
                path.push_str(if is_alone(values, at) { "h0" } else { "l" });
            }
            Some((last_x, last_y)) => {
                let to = (x - last_x, y - last_y);
                match &mut piece {
                    Some((same, times)) if *same == to => *times += 1,
                    _ => {
                        end(&mut path, &mut piece);
                        piece = Some((to, 1));
                    }
                }
            }
        }
        last = Some((x, y));
    }
    end(&mut path, &mut piece);
    path
}

/// Whether nothing follows a value at once.
fn is_alone(values: &[Option<f64>], at: usize) -> bool {
    values.get(at + 1).copied().flatten().is_none()
}

/// Writes a coordinate behind others.
fn number(path: &mut String, value: i64) {
    if value >= 0 && path.ends_with(|c: char| c.is_ascii_digit()) {
        path.push(' ');
    }
    // Writing into a text cannot fail.
    let _ = write!(path, "{value}");
}

/// A small line without axes; the style sheet puts a dot at its end. Nothing where there are not two values. It is short: a page has one
/// for each indicator.
pub fn spark(values: &[Option<f64>]) -> String {
    let known: Vec<f64> = values.iter().copied().flatten().collect();
    let [first, _, ..] = known.as_slice() else { return String::new() };
    let (low, high) = known.iter().fold((*first, *first), |(low, high), value| (low.min(*value), high.max(*value)));
    // A line that never moves lies in the middle.
    let room = if low == high { 1.0 } else { 0.0 };
    let axis = Axis { low: low - room, high: high + room, step: 1.0 };
    let pieces = i64::try_from(values.len() - 1).unwrap_or(1);
    let step = (SPARK_WIDTH / pieces).max(1);
    let path = line(values, &axis, step, SPARK_HEIGHT);
    let width = step * pieces;
    format!("<svg viewBox=\"0 0 {width} {SPARK_HEIGHT}\"><path d=\"{path}\"/></svg>")
}
