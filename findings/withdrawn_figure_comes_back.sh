#!/usr/bin/env bash
# "The newest issue wins" brings a withdrawn figure back, in three of five libraries.
#
# What one expects: with several issues of one figure, arg_max(value, issued) in SQL, or sorting by the day of issue and
#   taking last() of each group, gives what the newest issue says. If the bureau withdrew the figure (the newest row
#   has no value), the answer is null.
# What happens (November 2026): DuckDB 2.0.1 (arg_max, max_by, also with n; any_value), pandas 3.1.1 (groupby.last,
#   pivot_table, resample.last) and pyarrow 26.0.1 (aggregate "last") pass over nulls and give the older, withdrawn
#   figure as if it still held. last and first with ORDER BY in DuckDB, groupby.tail and drop_duplicates in pandas,
#   Polars 2.1.0 (last, max_by) and DataFusion 55.0.0 (last_value) give null. So engines differ, and so do two ways of
#   writing the same thing in one engine; with test data that has no withdrawal all agree.
#   The same trap lies in rows of several figures: pandas' last() takes each column from another issue, which gives a
#   row that no issue ever held.
# What follows: choose the newest row, not the newest value: DuckDB arg_max_null or ROW_NUMBER, pandas tail(1) or
#   last(skipna=False), pyarrow with skip_nulls=False. A model that is to run on several engines uses ROW_NUMBER only;
#   a test of vintages needs a withdrawn figure in it. Readers of a release with a column for the vintage should be
#   told so.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.1 pandas==3.1.1 pyarrow==26.0.1 \
    polars==2.1.0 datafusion==55.0.0
"$work/venv/bin/python" -W ignore - <<'PY'
from importlib.metadata import version

import datafusion
import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

print(" · ".join(f"{name} {version(name)}" for name in ("duckdb", "pandas", "pyarrow", "polars", "datafusion")))
failed = []
table = pa.table({
    "park": ["A", "A", "B", "B"],
    "issued": ["2019-04-20", "2019-10-20", "2019-04-20", "2019-10-20"],
    "tax": pa.array([100, None, 50, 60], pa.int64()),
    "land": pa.array([700, 800, 300, None], pa.int64()),
})


def expect(what, seen, stated):
    """Mostly `seen` is the tax of the parks A and B; that of A was withdrawn."""
    seen = [None if value is None or value is pd.NA else int(value) for value in seen]
    print(f"  {what}: {seen}" + ("" if seen == stated else f"   CHANGED, was {stated}"))
    if seen != stated:
        failed.append(what)


def sql(expression):
    rows = duckdb.sql(f"SELECT park, {expression} FROM issues GROUP BY park ORDER BY park").fetchall()
    return [tax for _, tax in rows]


old, withdrawn = [100, 60], [None, 60]
duckdb.register("issues", table)
for expression, stated in [
    ("arg_max(tax, issued)", old),
    ("max_by(tax, issued, 1)[1]", old),
    ("any_value(tax ORDER BY issued DESC)", old),
    ("arg_max_null(tax, issued)", withdrawn),
    ("last(tax ORDER BY issued)", withdrawn),
]:
    expect(f"DuckDB {expression}", sql(expression), stated)

frame = table.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get).sort_values("issued")
parks = frame.groupby("park")
dated = frame.assign(issued=pd.to_datetime(frame["issued"])).set_index("issued").groupby("park")
expect("pandas groupby.last()", parks["tax"].last(), old)
expect("pandas pivot_table(aggfunc=last)", frame.pivot_table(index="park", values="tax", aggfunc="last")["tax"], old)
expect("pandas resample(YE).last()", dated["tax"].resample("YE").last(), old)
expect("pandas groupby.last(skipna=False)", parks["tax"].last(skipna=False), withdrawn)
expect("pandas groupby.tail(1)", parks.tail(1).sort_values("park")["tax"], withdrawn)
expect("pandas row of park B by last(), whose newest land is null", parks[["tax", "land"]].last().loc["B"], [60, 300])

ordered = table.sort_by("issued").group_by("park", use_threads=False)
keep = pc.ScalarAggregateOptions(skip_nulls=False)
expect("pyarrow last", ordered.aggregate([("tax", "last")]).sort_by("park")["tax_last"].to_pylist(), old)
expect("pyarrow last, skip_nulls=False",
       ordered.aggregate([("tax", "last", keep)]).sort_by("park")["tax_last"].to_pylist(), withdrawn)

groups = pl.from_arrow(table).sort("issued").group_by("park")
expect("Polars last()", groups.agg(pl.col("tax").last()).sort("park")["tax"], withdrawn)
expect("Polars max_by", groups.agg(pl.col("tax").max_by("issued")).sort("park")["tax"], withdrawn)

context = datafusion.SessionContext()
context.from_arrow(table, name="issues")
query = "SELECT last_value(tax ORDER BY issued) AS tax FROM issues GROUP BY park ORDER BY park"
expect("DataFusion last_value", context.sql(query).to_pydict()["tax"], withdrawn)
raise SystemExit(f"changed: {failed}" if failed else 0)
PY
echo "as stated"
