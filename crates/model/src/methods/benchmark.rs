//! Benchmarking: a short-term series made to agree with annual totals.

/// The path that moves like `indicator` and adds up to `totals` over each group of `per_total` values, the first group at
/// the beginning. Values after the last total are carried on at its ratio.
///
/// Proportional Denton method as corrected by Cholette: minimise Σ (x(t)/i(t) − x(t−1)/i(t−1))² over t ≥ 2 under the totals,
/// solved as one linear system of the ratios and a multiplier for each total. IMF Quarterly National Accounts Manual 2001,
/// chapter 6, example 6.2. (Denton's own start, x(1) against 0, bends the first year and is not used.)
///
/// None when an indicator is not positive, when there is no total, or when there are more totals than values for them.
pub fn denton_cholette(indicator: &[f64], totals: &[f64], per_total: usize) -> Option<Vec<f64>> {
    let (steps, sums) = (indicator.len(), totals.len());
    let usable = sums > 0 && sums * per_total <= steps && indicator.iter().all(|value| *value > 0.0);
    if !usable {
        return None;
    }
    // Ratios near one whatever the units are keep the system well conditioned.
    let scale = indicator.iter().fold(0.0_f64, |largest, value| largest.max(*value));
    let size = steps + sums;
    let mut rows = vec![vec![0.0; size + 1]; size];
    for step in 1..steps {
        for (row, column, sign) in
            [(step - 1, step - 1, 1.0), (step - 1, step, -1.0), (step, step - 1, -1.0), (step, step, 1.0)]
        {
            rows[row][column] += sign;
        }
    }
    for (group, total) in totals.iter().enumerate() {
        for step in group * per_total..(group + 1) * per_total {
            rows[step][steps + group] = indicator[step] / scale;
            rows[steps + group][step] = indicator[step] / scale;
        }
        rows[steps + group][size] = total / scale;
    }
    let ratios = solve(rows)?;
    Some(indicator.iter().zip(ratios).map(|(value, ratio)| value * ratio).collect())
}

/// The solution of a square system with its right side as the last column, by elimination with the largest pivot; none when
/// it has none.
fn solve(mut rows: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let size = rows.len();
    for column in 0..size {
        let pivot = (column..size).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))?;
        rows.swap(column, pivot);
        if rows[column][column].abs() < 1e-12 {
            return None;
        }
        let (above, below) = rows.split_at_mut(column + 1);
        let lead = &above[column];
        for row in below {
            let factor = row[column] / lead[column];
            for (mine, theirs) in row.iter_mut().zip(lead).skip(column) {
                *mine -= factor * theirs;
            }
        }
    }
    let mut found = vec![0.0; size];
    for row in (0..size).rev() {
        let known = super::sum((row + 1..size).map(|column| rows[row][column] * found[column]));
        found[row] = (rows[row][size] - known) / rows[row][row];
    }
    Some(found)
}
