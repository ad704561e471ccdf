#!/usr/bin/env bash
# VTL's stock_to_flow publishes a year-to-date figure as the figure of a quarter where the quarter before is missing.
#
# What one expects: the operator of the Validation and Transformation Language (SDMX) takes differences of neighbouring
#   periods. Where one of the two is missing the difference is missing too, as everywhere else in VTL, where null minus
#   anything is null.
# What happens (vtlengine 1.9.6, both its pandas and its DuckDB engine, November 2026): after a null the whole stock is
#   given as the flow. Year-to-date 10, 25, null, 70 becomes 10, 15, null, 70: the fourth quarter is said to be as large
#   as the year. A period that is absent as a row is not noticed at all: 10, 25, 70 for Q1, Q2 and Q4 gives 45 for Q4,
#   which is half a year. And flow_to_stock does not undo it: the year comes back as 95. The first quarter of the next
#   year is minus the year before, since a stock of VTL knows no start of a year.
# What follows: cumulative figures of statistics bureaus are no stock of VTL. Whoever checks or rebuilds quarters with
#   it must fill the series first (fill_time_series), take the difference with lag, which does give null, and start
#   anew each January. A publisher whose releases are read with VTL should give the quarter's own figure beside the
#   cumulative one, and a row with its status for each missing period, so that nobody needs the operator.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check vtlengine==1.9.6
"$work/venv/bin/python" -W ignore - <<'PY'
from importlib.metadata import version

import pandas as pd
import vtlengine

print("vtlengine", version("vtlengine"), "· pandas", version("pandas"), "· duckdb", version("duckdb"))
failed = []
structure = {"datasets": [{"name": "ytd", "DataStructure": [
    {"name": "ref_area", "type": "String", "role": "Identifier", "nullable": False},
    {"name": "period", "type": "Time_Period", "role": "Identifier", "nullable": False},
    {"name": "revenue", "type": "Number", "role": "Measure", "nullable": True},
]}]}


def calculate(script, figures, duckdb):
    table = pd.DataFrame({"ref_area": "4101", "period": list(figures), "revenue": list(figures.values())})
    result = vtlengine.run(script=script, data_structures=structure, datapoints={"ytd": table}, use_duckdb=duckdb)
    rows = result["r"].data.sort_values("period")
    return {p: None if pd.isna(v) else float(v) for p, v in zip(rows["period"], rows["revenue"])}


def expect(what, script, figures, stated):
    for engine, duckdb in (("pandas", False), ("DuckDB", True)):
        seen = calculate(script, figures, duckdb)
        print(f"  {what}, {engine}: {seen}" + ("" if seen == stated else f"   CHANGED, was {stated}"))
        if seen != stated:
            failed.append(what)


null = {"2018-Q1": 10.0, "2018-Q2": 25.0, "2018-Q3": None, "2018-Q4": 70.0}
absent = {"2018-Q1": 10.0, "2018-Q2": 25.0, "2018-Q4": 70.0}
full = {"2018-Q1": 10.0, "2018-Q2": 25.0, "2018-Q3": 45.0, "2018-Q4": 70.0, "2019-Q1": 12.0}
flow = "r <- stock_to_flow(ytd);"
expect("full year and the next", flow, full,
       {"2018Q1": 10, "2018Q2": 15, "2018Q3": 20, "2018Q4": 25, "2019Q1": -58})
expect("third quarter null", flow, null, {"2018Q1": 10, "2018Q2": 15, "2018Q3": None, "2018Q4": 70})
expect("third quarter absent", flow, absent, {"2018Q1": 10, "2018Q2": 15, "2018Q4": 45})
expect("there and back", "r <- flow_to_stock(stock_to_flow(ytd));", null,
       {"2018Q1": 10, "2018Q2": 25, "2018Q3": None, "2018Q4": 95})
expect("filled, then lag", "filled := fill_time_series(ytd); "
       "r <- filled[calc before := lag(revenue, 1 over (partition by ref_area order by period))]"
       "[calc revenue := revenue - before][keep revenue];", absent,
       {"2018Q1": None, "2018Q2": 15, "2018Q3": None, "2018Q4": None})
raise SystemExit(f"changed: {failed}" if failed else 0)
PY
echo "as stated"
