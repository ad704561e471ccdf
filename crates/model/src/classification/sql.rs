//! A method of classification, compiled to SQL: four models that read `enterprise_evaluation` and give `classification`.
//!
//! Points are exact fractions until they are shown, so that sums, cuts and ties are. A rank is the first place among equal
//! values (1, 2, 2, 4).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::points::{self, Unit};
use crate::compile::sql_double;
use config::classification::{Measure, Method, Missing, Quota, Rounding, Scoring};

/// The table of evaluated enterprises and their classes.
pub const TABLE: &str = "classification";

/// The models of a method: file names and texts.
pub fn models(method: &Method) -> BTreeMap<String, String> {
    let models = [
        ("classification_value", values(method)),
        ("classification_score", scores(method)),
        ("classification_total", totals(method)),
        (TABLE, classes(method)),
    ];
    models.into_iter().map(|(table, text)| (format!("config/classification/{table}.sql"), text)).collect()
}

/// One item for each measure, as lines of a list.
fn each(method: &Method, item: impl Fn(&Measure) -> String) -> String {
    method.measures.iter().map(|measure| format!("    {},\n", item(measure))).collect()
}

/// The ratios of everyone who is evaluated. A quarter in which no one at all has one of them is not evaluated.
fn values(method: &Method) -> String {
    let ratio = |measure: &Measure| {
        let Measure { numerator, denominator, factor, scoring, .. } = measure;
        // Ranks need no unit: of amounts below 2^53, equal ratios give equal quotients, and a factor could only make others equal.
        let factor = if *scoring == Scoring::Rank { String::new() } else { format!(" * {}", sql_double(*factor)) };
        format!(
            "CASE WHEN e.{denominator} > 0 THEN CAST(e.{numerator} AS DOUBLE) / CAST(e.{denominator} AS DOUBLE){factor} END"
        )
    };
    let is_there = |table: &str, measure: &Measure| {
        format!("{table}.{} IS NOT NULL AND {table}.{} > 0", measure.numerator, measure.denominator)
    };
    let mut text = format!("-- {}: the measures of each enterprise that is evaluated.\nSELECT\n", method.name_en);
    text += "    e.unit_number,\n    e.park_number,\n    e.quarter,\n";
    text += &each(method, |measure| format!("{} AS value_{}", ratio(measure), measure.id));
    text += "    e.land_micromu\nFROM enterprise_evaluation AS e\nINNER JOIN (\n    SELECT quarter FROM (\n        SELECT quarter";
    for measure in &method.measures {
        let _ =
            write!(text, ",\n            COUNT(CASE WHEN {} THEN 1 END) AS has_{}", is_there("x", measure), measure.id);
    }
    text += "\n        FROM enterprise_evaluation AS x GROUP BY quarter\n    ) AS known\n    WHERE ";
    text += &method.measures.iter().map(|m| format!("has_{} > 0", m.id)).collect::<Vec<_>>().join(" AND ");
    let exempt = &method.exempt;
    let _ =
        write!(text, "\n) AS q ON q.quarter = e.quarter\nWHERE e.registered_quarters >= {}", exempt.minimum_quarters);
    if !exempt.divisions.is_empty() {
        let divisions: Vec<String> = exempt.divisions.iter().map(ToString::to_string).collect();
        let _ = write!(text, "\n    AND (e.division IS NULL OR e.division NOT IN ({}))", divisions.join(", "));
    }
    if let Some(least) = exempt.minimum_land_micromu {
        let _ = write!(text, "\n    AND e.land_micromu >= {least}");
    }
    for measure in method.measures.iter().filter(|measure| measure.missing == Missing::Exempt) {
        let _ = write!(text, "\n    AND {}", is_there("e", measure));
    }
    text.push('\n');
    text
}

/// The units of points of each measure that has a value: of a rank, over as many enterprises as have one.
fn scores(method: &Method) -> String {
    let unit = Unit::of(method);
    let ranked = || method.measures.iter().filter(|measure| measure.scoring == Scoring::Rank);
    let points = |measure: &Measure| {
        let id = &measure.id;
        let points = match measure.scoring {
            Scoring::Benchmark { benchmark, cap } => {
                let weight = measure.weight_micro as f64 / 1e6;
                format!(
                    "CAST(LEAST(GREATEST(value_{id} / {} * {}, 0.0), {}) * {}.0 + 0.5 AS BIGINT)",
                    sql_double(benchmark),
                    sql_double(weight),
                    sql_double(Unit::most(weight, cap)),
                    unit.units,
                )
            }
            Scoring::Rank => format!(
                "(CAST(units_{id} AS BIGINT) - CAST(rank_{id} AS BIGINT) + 1) * CAST({} AS BIGINT)",
                unit.weight(measure)
            ),
        };
        format!("CASE WHEN value_{id} IS NOT NULL THEN {points} END AS points_{id}")
    };
    let mut text = format!(
        "-- The points of each measure: {} units are {} points, of ranks for each enterprise that is ranked.\nSELECT\n",
        unit.units, unit.points
    );
    text += "    unit_number,\n    park_number,\n    quarter,\n";
    text += &each(method, points);
    text += "    land_micromu\n";
    if ranked().next().is_none() {
        text += "FROM classification_value\n";
        return text;
    }
    text += "FROM (\n    SELECT *";
    for Measure { id, .. } in ranked() {
        let _ = write!(
            text,
            ",\n        RANK() OVER (PARTITION BY park_number, quarter ORDER BY key_{id} DESC) AS rank_{id}"
        );
    }
    text += "\n    FROM (\n        SELECT *";
    for Measure { id, .. } in ranked() {
        // Beside ranks, in one SELECT, the engine's threads would get in each other's way: five times as long.
        let _ = write!(text, ",\n            COUNT(value_{id}) OVER (PARTITION BY park_number, quarter) AS units_{id}");
        // Who has no value comes last, and gets no points.
        let _ = write!(text, ",\n            COALESCE(value_{id}, CAST('-1e300' AS DOUBLE)) AS key_{id}");
    }
    text += "\n        FROM classification_value\n    ) AS k\n) AS r\n";
    text
}

/// Missing points filled in, and the sums over the denominator that all of a park have in common.
fn totals(method: &Method) -> String {
    let mean = |measure: &&Measure| measure.missing == Missing::ParkMean;
    let within =
        points::largest_panel(method).map_or_else(|| "panel > 0".to_owned(), |most| format!("panel <= {most}"));
    let filled = |measure: &Measure| {
        let id = &measure.id;
        match measure.missing {
            Missing::Exempt => format!("points_{id}"),
            Missing::Zero => format!("COALESCE(points_{id}, CAST(0 AS BIGINT))"),
            // Σ ÷ n for those without, and their own points × n ÷ n for the others.
            Missing::ParkMean => format!("COALESCE(points_{id} * units_{id}, sum_{id}, CAST(0 AS BIGINT))"),
        }
    };
    let under = |measure: &Measure| {
        let id = &measure.id;
        let squared = if measure.missing == Missing::ParkMean && measure.scoring == Scoring::Rank {
            format!("units_{id} * units_{id}")
        } else {
            format!("units_{id}")
        };
        format!("CASE WHEN units_{id} > 0 THEN {squared} ELSE CAST(1 AS BIGINT) END AS under_{id}")
    };
    let has_own = |measure: &&Measure| points::under(measure).is_some_and(|under| under != "panel");
    let mut text =
        "-- The points of each measure with what stands for a missing one, and their exact sums.\nSELECT\n".to_owned();
    text += "    unit_number,\n    park_number,\n    quarter,\n    land_micromu,\n    panel,\n";
    text += &each(method, |measure| format!("part_{}", measure.id));
    for Measure { id, .. } in method.measures.iter().filter(has_own) {
        let _ = writeln!(text, "    under_{id},");
    }
    for (name, quota) in method.quotas.iter().flat_map(|quotas| [("order_a", &quotas.a), ("order_c", &quotas.c)]) {
        let of_quota = method.measures.iter().filter(|measure| quota.order.contains(&measure.id));
        let _ = writeln!(text, "    {} AS {name},", points::sum(method, of_quota));
    }
    let _ = write!(text, "    {} AS total\nFROM (\n    SELECT *", points::sum(method, method.measures.iter()));
    for measure in &method.measures {
        let (part, id) = (filled(measure), &measure.id);
        let _ = write!(text, ",\n        CASE WHEN {within} THEN {part} END AS part_{id}");
    }
    for measure in method.measures.iter().filter(has_own) {
        let _ = write!(text, ",\n        {}", under(measure));
    }
    text += "\n    FROM (\n        SELECT *,\n            ";
    text += "CAST(COUNT(unit_number) OVER (PARTITION BY park_number, quarter) AS BIGINT) AS panel";
    for Measure { id, .. } in method.measures.iter().filter(mean) {
        let _ = write!(text, ",\n            SUM(points_{id}) OVER (PARTITION BY park_number, quarter) AS sum_{id}");
    }
    for Measure { id, .. } in method.measures.iter().filter(has_own) {
        let count = format!("COUNT(points_{id}) OVER (PARTITION BY park_number, quarter)");
        let _ = write!(text, ",\n            CAST({count} AS BIGINT) AS units_{id}");
    }
    text += "\n        FROM classification_score\n    ) AS m\n) AS f\n";
    text
}

/// The class of each enterprise. All who are tied at a cut are within it; who is within both cuts is of class A.
fn classes(method: &Method) -> String {
    let mut text = format!(
        "-- {}\nSELECT\n    c.unit_number,\n    c.park_number,\n    n.park_code,\n    c.quarter,\n    c.land_micromu,\n",
        method.about_en
    );
    text += &each(method, |measure| {
        let under: Vec<String> = points::under(measure).iter().map(|under| format!("c.{under}")).collect();
        format!("{} AS score_{}", points::shown(method, &format!("c.part_{}", measure.id), &under), measure.id)
    });
    let _ = writeln!(text, "    {} AS score_total,", points::shown_total(method));
    let Some(quotas) = &method.quotas else {
        text += "    CAST(NULL AS VARCHAR) AS class\nFROM classification_total AS c\n";
        text += "INNER JOIN park_code_quarter AS n ON n.park_number = c.park_number AND n.quarter = c.quarter\n";
        return text;
    };
    let cut = |quota: &Quota| share("panel", quota.share_micro, quotas.rounding);
    let pool = |quota: &Quota| share("panel", quota.pool_micro, Rounding::Down);
    let _ = write!(
        text,
        "    CASE
        WHEN c.total IS NULL THEN CAST(NULL AS VARCHAR)
        WHEN c.upper = 1 AND c.rank_a <= {a} THEN 'A'
        WHEN c.lower = 1 AND c.rank_c <= {c} THEN 'C'
        ELSE 'B'
    END AS class
FROM (
    SELECT *,
        RANK() OVER (PARTITION BY park_number, quarter, upper ORDER BY order_a DESC) AS rank_a,
        RANK() OVER (PARTITION BY park_number, quarter, lower ORDER BY order_c) AS rank_c
    FROM (
        SELECT *,
            CASE WHEN rank_above <= {a_pool} THEN 1 ELSE 0 END AS upper,
            CASE WHEN rank_below <= {c_pool} THEN 1 ELSE 0 END AS lower
        FROM (
            SELECT *,
                RANK() OVER (PARTITION BY park_number, quarter ORDER BY total DESC) AS rank_above,
                RANK() OVER (PARTITION BY park_number, quarter ORDER BY total) AS rank_below
            FROM classification_total
        ) AS t
    ) AS h
) AS c
INNER JOIN park_code_quarter AS n ON n.park_number = c.park_number AND n.quarter = c.quarter
",
        a = cut(&quotas.a),
        c = cut(&quotas.c),
        a_pool = pool(&quotas.a),
        c_pool = pool(&quotas.c),
    );
    text
}

/// A share of a whole number as a whole number, by integers up to the last division.
fn share(of: &str, share_micro: i64, rounding: Rounding) -> String {
    let add = match rounding {
        Rounding::HalfUp => 500_000,
        Rounding::Up => 999_999,
        Rounding::Down => 0,
    };
    format!("CAST(CAST(CAST({of} AS BIGINT) * {share_micro} + {add} AS DOUBLE) / 1000000.0 AS BIGINT)")
}
