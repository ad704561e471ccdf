"""Holds a Parquet file, as DuckDB and pyarrow read it, against the same table as text.

    python read_table.py TABLE.parquet TRUTH.tsv

TRUTH has a line for each row: cells separated by tabs, ∅ for null. Exit status 1 if anything differs.
"""

import sys

import duckdb
import pyarrow.parquet as parquet

NULL = "∅"


def text(value):
    if value is None:
        return NULL
    if isinstance(value, bool):
        return str(value).lower()
    # Whole fractions have no point in the truth.
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def main(table, truth):
    with open(truth, encoding="utf-8") as lines:
        expected = [line.rstrip("\n").split("\t") for line in lines]
    for reader, rows in [
        ("DuckDB", duckdb.sql(f"FROM read_parquet('{table}') ORDER BY row").fetchall()),
        ("pyarrow", zip(*(column.to_pylist() for column in parquet.read_table(table).columns))),
    ]:
        found = [[text(value) for value in row] for row in rows]
        if found != expected:
            at = next(at for at, (a, b) in enumerate(zip(found, expected)) if a != b) if len(found) == len(expected) else None
            where = f"row {at}: {found[at]} instead of {expected[at]}" if at is not None else f"{len(found)} rows"
            sys.exit(f"{reader} reads something else: {where}")
        print(f"{reader}: {len(found)} rows alike")


if __name__ == "__main__":
    main(*sys.argv[1:])
