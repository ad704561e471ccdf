"""Whether two releases hold the same values, table by table: for a change that should change none.

    python benches/compare_releases.py OLD NEW        (releases, or `current` of two stores)

Rows are held against each other as wholes, whatever file they are in and in whatever order; names of columns count, and so does
whether a value is there. Only the column `release`, which names the figures by their hash, is left out. Ends with 1 where something
differs, or nothing was compared.
"""

import argparse
from pathlib import Path

import duckdb

LEFT_OUT = {"release"}


def tables(release):
    """The folders of a release's tables by their names; below them are partitions."""
    found = {}
    for file in release.rglob("*.parquet"):
        folder = next(parent for parent in file.parents if "=" not in parent.name)
        found[str(folder.relative_to(release))] = folder
    return found


def compare(database, name, old, new):
    """Cells that were held against each other, and what differs."""
    for side, folder in (("old", old), ("new", new)):
        files = f"read_parquet('{folder}/**/*.parquet', hive_partitioning = true, union_by_name = true)"
        database.execute(f"CREATE OR REPLACE VIEW {side} AS FROM {files}")
    types = [dict(database.execute(f"SELECT column_name, column_type FROM (DESCRIBE {side})").fetchall()) for side in ("old", "new")]
    if types[0] != types[1]:
        return 0, f"columns differ: {sorted(set(types[0].items()) ^ set(types[1].items()))}"
    columns = [column for column in types[0] if column not in LEFT_OUT]
    shown = ", ".join(f'"{column}"' for column in columns)
    rows = database.execute("SELECT count(*) FROM new").fetchone()[0]
    apart = [
        database.execute(f"SELECT {shown} FROM {one} EXCEPT ALL SELECT {shown} FROM {other}").fetchall()
        for one, other in (("old", "new"), ("new", "old"))
    ]
    if not any(apart):
        return rows * len(columns), None
    first = "".join(f"\n    {side}: {dict(zip(columns, row))}" for side, found in zip(("old", "new"), apart) for row in sorted(found, key=str)[:1])
    return rows * len(columns), f"{len(apart[0])} rows only in the old one, {len(apart[1])} only in the new one, as{first}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    options = parser.parse_args()
    old, new = tables(options.old.resolve()), tables(options.new.resolve())
    database, cells, wrong = duckdb.connect(), 0, 0
    for name in sorted(old.keys() | new.keys()):
        if name not in old or name not in new:
            told = "is in one release only"
        else:
            compared, told = compare(database, name, old[name], new[name])
            cells += compared
        if told:
            wrong += 1
            print(f"{name}: {told}")
    print(f"{cells} cells of {len(old)} tables compared, {wrong} tables differ")
    raise SystemExit(wrong > 0 or cells == 0)


if __name__ == "__main__":
    main()
