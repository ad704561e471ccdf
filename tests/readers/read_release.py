"""Reads a release as its users do, with DuckDB and with pandas, and checks what it promises them.

    python read_release.py RELEASE [--notice TEXT]

RELEASE is the folder with manifest.json. Needs duckdb, pandas and pyarrow. Prints what was checked; exit status 1 if
anything is wrong.
"""

import argparse
import hashlib
import json
import math
import sys
from collections import defaultdict
from pathlib import Path

import duckdb
import pandas
import pyarrow.parquet as parquet

NOTICE = "synthetic sample data / 合成示例数据"
LEVELS = {"park", "county", "city_net", "city", "province"}
KEYS = ["level", "quarter", "ref_area", "indicator"]
# Columns of the indicators whose type readers rely on.
TYPES = {
    "level": "VARCHAR", "quarter": "VARCHAR", "ref_area": "VARCHAR", "time_period": "VARCHAR", "indicator": "VARCHAR",
    "value": "DOUBLE", "unit_measure": "VARCHAR", "obs_status": "VARCHAR", "conf_status": "VARCHAR",
    "numerator": "BIGINT", "denominator": "BIGINT", "rank": "BIGINT", "rank_of": "BIGINT", "release": "VARCHAR",
}
PANDAS_TYPES = {"value": "Float64", "numerator": "Int64", "denominator": "Int64", "rank": "Int64", "rank_of": "Int64"}
WITH_VALUE = {"A", "B", "E", "U"}
WITHOUT_VALUE = {"L", "M", "O", "Q"}
# A column whose name ends so is a quantity, and must say in what unit.
UNIT_SUFFIXES = ("_fen", "_microyuan", "_gce", "_micromu", "_persons", "_units", "_micro")


class Report:
    """What was checked, and what was found wrong."""

    def __init__(self):
        self.failures = 0

    def check(self, what, wrong):
        """`wrong` lists what contradicts the sentence `what`."""
        wrong = list(wrong)
        print(f"{'FAIL' if wrong else 'ok  '} {what}")
        for finding in wrong[:5]:
            print(f"       {finding}")
        if len(wrong) > 5:
            print(f"       … {len(wrong)} in all")
        self.failures += bool(wrong)


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_manifest(release, report):
    path = release / "manifest.json"
    if not path.is_file():
        report.check("manifest.json is there", [path])
        return
    manifest = json.loads(path.read_text(encoding="utf-8"))
    listed = {entry["path"]: entry for entry in manifest["files"]}
    present = {file.relative_to(release).as_posix() for file in release.rglob("*") if not file.is_dir()} - {"manifest.json"}
    report.check(
        f"manifest.json lists exactly the {len(present)} files of the release",
        [f"not listed: {name}" for name in sorted(present - listed.keys())]
        + [f"not there: {name}" for name in sorted(listed.keys() - present)]
        + ([] if len(listed) == len(manifest["files"]) else ["a file is listed twice"])
        + ([] if listed else ["no files"]),
    )
    changed = []
    for name in sorted(present & listed.keys()):
        entry, file = listed[name], release / name
        if file.stat().st_size != entry["bytes"] or sha256(file) != entry["sha256"]:
            changed.append(name)
    report.check(f"size and SHA-256 of {len(present & listed.keys())} files are those of the manifest", changed)


def check_footers(release, files, notice, report):
    """Every Parquet file says what it is, in what units, and what its columns mean."""
    description, columns, notices = [], [], []
    count = 0
    for file in files:
        name = file.relative_to(release)
        schema = parquet.read_schema(file)
        footer = {key.decode(): value.decode() for key, value in (schema.metadata or {}).items()}
        if not footer.get("mujun.description", "").strip():
            description.append(name)
        if notice not in footer.get("mujun.notice", ""):
            notices.append(f"{name}: {footer.get('mujun.notice')!r}")
        try:
            documented = json.loads(footer.get("mujun.columns", ""))
        except json.JSONDecodeError as error:
            columns.append(f"{name}: mujun.columns: {error}")
            continue
        for column in schema.names:
            count += 1
            entry = documented.get(column)
            if not isinstance(entry, dict):
                columns.append(f"{name}: {column}: not described")
                continue
            if not isinstance(entry.get("unit"), str):
                columns.append(f"{name}: {column}: no unit")
            elif column.endswith(UNIT_SUFFIXES) and not entry["unit"]:
                columns.append(f"{name}: {column}: empty unit")
            for key in ("description_zh", "description_en"):
                if not str(entry.get(key) or "").strip():
                    columns.append(f"{name}: {column}: no {key}")
        columns += [f"{name}: {column}: described but not there" for column in documented if column not in schema.names]
    report.check(f"mujun.description of {len(files)} Parquet files is not empty", description)
    report.check(f"mujun.columns gives unit and descriptions, Chinese and English, of {count} columns", columns)
    report.check(f"mujun.notice of {len(files)} Parquet files holds '{notice}'", notices)


def tables(release, files):
    """Parquet files by table: the folder above the hive partitions."""
    found = defaultdict(list)
    for file in files:
        folder = file.parent.relative_to(release)
        while "=" in folder.name:
            folder = folder.parent
        found[folder].append(file)
    return dict(sorted(found.items()))


def glob_of(release, folder, file):
    """How a user would glob the table of this file."""
    partitions = file.parent.relative_to(release / folder).parts
    return "/".join([str(release / folder), *(f"{part.split('=')[0]}=*" for part in partitions), "*.parquet"])


def from_duckdb(base, pattern):
    return base.sql(f"FROM read_parquet('{pattern}', hive_partitioning = true, hive_types_autocast = false)")


def from_pandas(folder):
    return pandas.read_parquet(folder, engine="pyarrow", dtype_backend="numpy_nullable")


def check_tables(base, release, files, report):
    """Both readers find the rows that the footers list, in every table."""
    different, rows_in_all = [], 0
    found = tables(release, files)
    for folder, members in found.items():
        listed = sum(parquet.read_metadata(file).num_rows for file in members)
        rows_in_all += listed
        in_duckdb = len(from_duckdb(base, glob_of(release, folder, members[0])))
        in_pandas = len(from_pandas(release / folder))
        if not listed == in_duckdb == in_pandas:
            different.append(f"{folder}: footers {listed}, DuckDB {in_duckdb}, pandas {in_pandas}")
    report.check(f"footers, DuckDB and pandas agree on {rows_in_all} rows of {len(found)} tables", different)


def check_indicators(base, release, report):
    folder = release / "indicators"
    relation = from_duckdb(base, f"{folder}/level=*/quarter=*/*.parquet")
    types = dict(zip(relation.columns, map(str, relation.types)))
    report.check(
        "DuckDB: the partitions level and quarter are columns, and types are as promised",
        [f"{name}: {types.get(name, 'not there')}, not {wanted}" for name, wanted in TYPES.items() if types.get(name) != wanted],
    )
    frame = from_pandas(folder)
    wrong = [f"{name}: no such column" for name in TYPES if name not in frame.columns]
    wrong += [
        f"{name}: {frame[name].dtype}, not {wanted}"
        for name, wanted in PANDAS_TYPES.items()
        if name in frame.columns and str(frame[name].dtype) != wanted
    ]
    report.check("pandas: the partitions level and quarter are columns, and types are as promised", wrong)
    if report.failures and not set(TYPES) <= set(types) & set(frame.columns):
        return

    columns = [*KEYS, "time_period", "obs_status", "value", "numerator", "denominator", "rank"]
    in_duckdb = relation.select(*columns).order(", ".join(KEYS)).fetchall()
    frame = frame[columns].astype({name: str for name in KEYS}).sort_values(KEYS)
    in_pandas = [tuple(None if cell is pandas.NA or cell is None else cell for cell in row) for row in frame.itertuples(False, None)]
    report.check(
        f"DuckDB and pandas read the same {len(in_duckdb)} rows, value for value",
        [f"{a} and {b}" for a, b in zip(in_duckdb, in_pandas) if a != b]
        + ([f"{len(in_duckdb)} and {len(in_pandas)} rows"] if len(in_duckdb) != len(in_pandas) or not in_duckdb else []),
    )

    seen, repeated = set(), []
    levels, periods, statuses, infinite, ranks = [], [], [], [], []
    for row in in_duckdb:
        level, quarter, area, indicator, period, status, value, _, _, rank = row
        name = f"{level} {area} {quarter} {indicator}"
        if (key := row[: len(KEYS)]) in seen:
            repeated.append(name)
        seen.add(key)
        if level not in LEVELS:
            levels.append(name)
        if period != f"{quarter[:4]}-{quarter[4:]}":
            periods.append(f"{name}: {period}")
        if status not in (WITHOUT_VALUE if value is None else WITH_VALUE):
            statuses.append(f"{name}: value {value}, obs_status {status}")
        if value is not None and not math.isfinite(value):
            infinite.append(f"{name}: {value}")
        if value is None and rank is not None:
            ranks.append(f"{name}: rank {rank}")
    nulls = sum(row[6] is None for row in in_duckdb)
    report.check(f"levels are {', '.join(sorted(LEVELS))}", levels)
    report.check("time_period is the quarter of the folder", periods)
    report.check("level, quarter, area and indicator identify a row", repeated)
    report.check(
        f"a value is null exactly where obs_status is L, M, O or Q ({nulls} nulls), and else A, B, E or U", statuses
    )
    report.check("no value is NaN or infinite, and nothing without a value has a rank", infinite + ranks)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("release", type=Path, help="folder with manifest.json")
    arguments.add_argument("--notice", default=NOTICE, help="what mujun.notice must hold")
    options = arguments.parse_args()
    release, report = options.release.resolve(), Report()
    check_manifest(release, report)
    files = sorted(release.rglob("*.parquet"))
    indicators = sorted((release / "indicators").glob("level=*/quarter=*/*.parquet"))
    report.check(f"{len(indicators)} files match indicators/level=*/quarter=*/*.parquet", [] if indicators else ["none"])
    if indicators:
        base = duckdb.connect()
        check_footers(release, files, options.notice, report)
        check_tables(base, release, files, report)
        check_indicators(base, release, report)
    print(f"{report.failures} checks failed" if report.failures else "all checks hold")
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
