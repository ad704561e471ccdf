"""Compares two sets of indicators.

    python compare.py --left DIR --right DIR [--sums] [--show N]

A side is a mujun release or the output of a peer (Parquet below `indicators/level=*/quarter=*/`), a folder of a sample
(`truth/indicators.csv` below it), or such a CSV file itself. For every level, area, quarter and indicator the values must
both be null, or be equal within 1e-9 relative or 1e-12 absolute. A row that is on one side only counts as a null there:
it is no difference if the other side has no value either. Where both sides say how far a value can be trusted, status, coverage,
change on the year and rank must agree as well; what is not there yet and what was not reported count as one status. Where one side does
not, what the other withholds because too little was reported, and scores that are made without it, are left out, and counted. With
--sums numerators and denominators must be equal exactly wherever both sides give them. Exit status 1 on any difference.
"""

import argparse
import glob
import sys
from pathlib import Path

import duckdb

# How far a value can be trusted, and how it compares.
JUDGED = ["obs_status", "coverage", "yoy", "rank"]
COLUMNS = ", ".join(["level, ref_area, quarter, indicator, value, numerator, denominator, is_withheld", *JUDGED])


def source(base, side):
    """A side as SQL, with quarters like 2018Q4."""
    path = Path(side)
    texts = [path] if path.is_file() else [path / "truth" / "indicators.csv", path / "indicators.csv"]
    for text in texts:
        if text.is_file():
            return f"""
            SELECT level, ref_area, quarter, indicator, CAST(value AS DOUBLE) AS value,
                CAST(numerator AS HUGEINT) AS numerator, CAST(denominator AS HUGEINT) AS denominator, false AS is_withheld,
                NULL AS obs_status, NULL AS coverage, NULL AS yoy, NULL AS rank
            FROM read_csv('{text}', header = true, all_varchar = true, nullstr = '')"""
    pattern = f"{path}/indicators/level=*/quarter=*/*.parquet"
    if not glob.glob(pattern):
        sys.exit(f"{path}: neither indicators/level=*/quarter=*/*.parquet nor truth/indicators.csv")
    read = f"read_parquet('{pattern}', hive_partitioning = true, hive_types_autocast = false, union_by_name = true)"
    columns = {name for name, *_ in base.execute(f"DESCRIBE SELECT * FROM {read}").fetchall()}
    # A score that is made without a withheld part is another score, and has the flag for it.
    withheld = "coalesce(reason = 'withheld' OR obs_status = 'U' AND indicator LIKE 'assessment%', false)"
    withheld = withheld if "reason" in columns else "false"
    judged = ", ".join(name if name in columns else f"NULL AS {name}" for name in JUDGED)
    wrong = base.execute(f"SELECT count(*) FROM {read} WHERE replace(time_period, '-', '') <> quarter").fetchone()[0]
    if wrong:
        sys.exit(f"{path}: {wrong} rows whose time_period is not that of their folder")
    return f"""
    SELECT level, CAST(ref_area AS VARCHAR) AS ref_area, quarter, indicator, value, CAST(numerator AS HUGEINT) AS numerator,
        CAST(denominator AS HUGEINT) AS denominator, {withheld} AS is_withheld, {judged}
    FROM {read}"""


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--left", required=True)
    arguments.add_argument("--right", required=True)
    arguments.add_argument("--sums", action="store_true", help="compare numerators and denominators too")
    arguments.add_argument("--show", type=int, default=10, help="differences to print")
    options = arguments.parse_args()
    base = duckdb.connect()
    failures = 0
    for side in ("left", "right"):
        base.execute(f"CREATE TABLE {side}_side AS SELECT {COLUMNS} FROM ({source(base, getattr(options, side))})")
        rows, keys, values = base.execute(
            f"SELECT count(*), count(DISTINCT (level, ref_area, quarter, indicator)), count(value) FROM {side}_side"
        ).fetchone()
        withheld = base.execute(f"SELECT count(*) FROM {side}_side WHERE is_withheld").fetchone()[0]
        print(f"{side}: {rows} rows, {values} values, {withheld} withheld, {getattr(options, side)}")
        if rows != keys:
            print(f"{side}: {rows - keys} rows repeat a key")
            failures += 1
        if not values:
            print(f"{side}: no values, so nothing can be compared")
            failures += 1
    both_judge = all(
        base.execute(f"SELECT count(obs_status) FROM {side}_side").fetchone()[0] for side in ("left", "right")
    )
    left_out = "false" if both_judge else "coalesce(l.is_withheld, false) OR coalesce(r.is_withheld, false)"
    judged = ", ".join(f"{side[0]}.{name} AS {side}_{name}" for name in JUDGED for side in ("left", "right"))
    # A NaN is never close: isnan is asked first, since DuckDB holds NaN to be equal to itself.
    base.execute(f"""
        CREATE TABLE both_sides AS
        SELECT level, ref_area, quarter, indicator, l.value AS left_value, r.value AS right_value,
            l.numerator AS left_numerator, r.numerator AS right_numerator,
            l.denominator AS left_denominator, r.denominator AS right_denominator,
            l.level IS NULL AS left_missing, r.level IS NULL AS right_missing,
            CASE
                WHEN l.value IS NULL AND r.value IS NULL THEN true
                WHEN l.value IS NULL OR r.value IS NULL THEN false
                WHEN isnan(l.value) OR isnan(r.value) OR isinf(l.value) OR isinf(r.value) THEN false
                ELSE abs(l.value - r.value) <= greatest(1e-12, 1e-9 * greatest(abs(l.value), abs(r.value)))
            END AS is_close,
            coalesce(l.numerator = r.numerator, true) AND coalesce(l.denominator = r.denominator, true) AS is_same_sum, {judged}
        FROM left_side AS l FULL JOIN right_side AS r USING (level, ref_area, quarter, indicator)
        WHERE NOT ({left_out})
    """)
    total, equal, nulls, left_missing, right_missing, worst = base.execute("""
        SELECT count(*), count(*) FILTER (is_close AND left_value IS NOT NULL),
            count(*) FILTER (is_close AND left_value IS NULL), count(*) FILTER (left_missing),
            count(*) FILTER (right_missing),
            max(abs(left_value - right_value) / nullif(greatest(abs(left_value), abs(right_value)), 0)) FILTER (is_close)
        FROM both_sides""").fetchone()
    print(f"compared: {total} keys, {equal} values equal, {nulls} null on both sides, largest relative error {worst or 0:.1e}")
    if left_missing or right_missing:
        print(f"on one side only: {right_missing} left, {left_missing} right")
    failures += show(base, options.show, "values", "NOT is_close", "value")
    if options.sums:
        numerators, denominators = base.execute(
            "SELECT count(left_numerator + right_numerator), count(left_denominator + right_denominator) FROM both_sides"
        ).fetchone()
        print(f"sums on both sides: {numerators} numerators, {denominators} denominators")
        if not numerators:
            print("no numerators on both sides")
            failures += 1
        failures += show(base, options.show, "numerators", "left_numerator <> right_numerator", "numerator")
        failures += show(base, options.show, "denominators", "left_denominator <> right_denominator", "denominator")
    if both_judge:
        failures += compare_judged(base, options.show)
    print("DIFFERENT" if failures else "equal")
    return 1 if failures else 0


def compare_judged(base, limit):
    """Status, coverage, change on the year and rank of every value that is on both sides; the status also where there is none."""
    both = "NOT left_missing AND NOT right_missing"
    # Not due and not reported differ only in what has come since.
    plain = "CASE {0}_obs_status WHEN 'L' THEN 'O' ELSE {0}_obs_status END"
    status = f"{plain.format('left')} <> {plain.format('right')}"
    far = "coalesce(abs({0} - {1}) > 1e-9 * greatest(1, abs({0}), abs({1})), ({0} IS NULL) <> ({1} IS NULL))"
    conditions = {
        "obs_status": status,
        # Of nobody one side may say nothing; nor does it matter where there cannot be a value.
        "coverage": f"left_obs_status <> 'M' AND {far.format('coalesce(left_coverage, 0)', 'coalesce(right_coverage, 0)')}",
        "yoy": far.format("left_yoy", "right_yoy"),
        "rank": "left_rank IS DISTINCT FROM right_rank",
    }
    told = ", ".join(f"count(coalesce(left_{name}, right_{name})) FILTER ({both})" for name in JUDGED)
    told = base.execute(f"SELECT {told} FROM both_sides").fetchone()
    print("compared too: " + ", ".join(f"{count} of {name}" for name, count in zip(JUDGED, told)))
    return sum(show(base, limit, name, f"{both} AND {condition}", name) for name, condition in conditions.items())


def show(base, limit, what, condition, column):
    """Prints how many differ, by indicator, and the first of them."""
    counts = base.execute(
        f"SELECT indicator, count(*) FROM both_sides WHERE {condition} GROUP BY indicator ORDER BY indicator"
    ).fetchall()
    if not counts:
        return 0
    print(f"{sum(count for _, count in counts)} {what} differ: " + ", ".join(f"{name} {count}" for name, count in counts))
    rows = base.execute(
        f"SELECT level, ref_area, quarter, indicator, left_{column}, right_{column}, left_missing, right_missing "
        f"FROM both_sides WHERE {condition} ORDER BY indicator, level, ref_area, quarter LIMIT {limit}"
    ).fetchall()
    for level, area, quarter, indicator, left, right, left_missing, right_missing in rows:
        left, right = "no row" if left_missing else left, "no row" if right_missing else right
        print(f"  {level} {area} {quarter} {indicator}: left {left}, right {right}")
    return len(counts)


if __name__ == "__main__":
    sys.exit(main())
