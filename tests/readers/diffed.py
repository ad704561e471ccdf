"""What `mujun diff A B --most 0 --format json` says, against the Parquet of both releases as DuckDB reads it.

    python diffed.py DIFF.json BEFORE AFTER

Finds every value that differs by itself, sorts them by size, and holds counts, changes, sides and parks against them. Prints
how much was compared; ends with 1 at the first thing that differs.
"""

import json
import sys
from pathlib import Path

import duckdb

COLUMNS = "ref_area, indicator, value, obs_status, numerator, denominator, unit_measure"


def values(release):
    files = str(Path(release) / "indicators/level=*/quarter=*/part-0.parquet")
    rows = duckdb.sql(f"SELECT level, quarter, {COLUMNS} FROM read_parquet('{files}', hive_partitioning = true)").fetchall()
    found = {(level, quarter, area, indicator): rest for level, quarter, area, indicator, *rest in rows}
    assert len(found) == len(rows)
    return found


def size(old, new, decimals):
    before, after = (one[0] if one else None for one in (old, new))
    if before == after:
        same = old is None or new is None or old[1] == new[1]
        return "unchanged" if same else "status"
    if before is None or after is None:
        return "appeared" if before is None else "gone"
    percent = abs(after - before) / abs(before) * 100 if before else 1e9
    if decimals is not None and written(before, decimals) == written(after, decimals):
        return "below_rounding"
    return "below_1_percent" if percent < 1 else "below_10_percent" if percent < 10 else "larger"


def written(value, decimals):
    """Half away from zero, on the digits that Python writes."""
    from decimal import ROUND_HALF_UP, Decimal

    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def main():
    said = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    old, new = (values(release) for release in sys.argv[2:4])
    decimals = {one["indicator"]: one["decimals"] for one in said["changes"]}
    counts, expected = {}, {}
    for key in old.keys() | new.keys():
        kind = size(old.get(key), new.get(key), decimals.get(key[3]))
        counts[kind] = counts.get(kind, 0) + 1
        if kind != "unchanged":
            expected[key] = kind
    told = {key: count for key, count in said["counts"].items() if count}
    assert told == counts, (told, counts)
    changes = {(one["level"], one["quarter"], one["ref_area"], one["indicator"]): one for one in said["changes"]}
    assert changes.keys() == expected.keys() and len(changes) == len(said["changes"])
    sides = parks = 0
    for key, one in changes.items():
        a, b = (side.get(key) or [None] * 5 for side in (old, new))
        assert (one["before"], one["after"]) == (a[0], b[0]), key
        assert (one["status_before"], one["status_after"]) == (a[1], b[1]), key
        if one["sides"]:
            sides += 1
            total = one["sides"]["numerator"] + one["sides"]["denominator"]
            assert abs(total - (b[0] - a[0])) <= 1e-9 * max(abs(a[0]), abs(b[0])), (key, one)
            # The value with the later numerator over the earlier denominator, by the factor of the earlier value.
            factor = a[0] * a[3] / a[2] if a[2] else b[0] * b[3] / b[2]
            between = factor * b[2] / a[3]
            assert abs(one["sides"]["numerator"] - (between - a[0])) <= 1e-9 * max(abs(between), abs(a[0])), (key, one)
        if one["parks"]:
            parks += 1
            by_park = {}
            for side, sign in ((old, -1), (new, 1)):
                for (level, quarter, area, indicator), row in side.items():
                    if (level, quarter, indicator) == ("park", key[1], key[3]) and row[2]:
                        by_park[area] = by_park.get(area, 0) + sign * row[2]
            by_park = {area: change for area, change in by_park.items() if change}
            largest = {area: change for area, _, change in one["parks"]["largest"]}
            assert all(by_park[area] == change for area, change in largest.items()), key
            others = [change for area, change in by_park.items() if area not in largest]
            assert (len(others), sum(others)) == (one["parks"]["others"], one["parks"]["others_change"]), key
            assert not others or max(map(abs, others)) <= min(map(abs, largest.values())), key
            assert sum(by_park.values()) + one["parks"]["rest"] == b[2] - a[2], key
    print(f"{len(old.keys() | new.keys())} values compared, {len(changes)} differ, {sides} split by sides, {parks} by parks")


main()
