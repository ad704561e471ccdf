#!/usr/bin/env bash
# Months written as 201012 move to another year when pandas makes quarters of them.
#
# What one expects: pandas knows YYYYMM. pd.PeriodIndex(["201012"], freq="M") is 2010-12, so freq="Q" is 2010Q4;
#   and a form that it cannot read raises an error, as 201812 does.
# What happens (pandas 3.1.1, November 2026): only freq="M" takes the six digits as year and month. With any other
#   frequency, and in pd.to_datetime, they are taken as day, month and year of two digits each: 201012 is 20 October
#   2012, hence 2012Q4. Of the 144 months of 2001 to 2012, 132 get another year, silently; all others raise, since 13
#   and above is no month. Code tried on the figures of 2018 gets an error and is then wrapped in errors="coerce";
#   from then on the recent months are missing and the old ones, of the very years in which many series of parks and
#   regions begin, are in the wrong year: 201001, 201101 and 201201 all become the last quarter of 2001.
# What follows: read months with an explicit format ("%Y%m") or through freq="M" and only then .asfreq("Q"); test the
#   reading of periods with years before 2013, not only with recent ones. A release should write 2010-12 and 2010-Q4,
#   never 201012: 2010-12 is read rightly by all of these calls.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pandas==3.1.1
"$work/venv/bin/python" -W ignore - <<'PY'
import pandas as pd

print("pandas", pd.__version__)
failed = []


def expect(what, seen, stated):
    print(f"  {what}: {seen}" + ("" if seen == stated else f"   CHANGED, was {stated}"))
    if seen != stated:
        failed.append(what)


months = ["201009", "201010", "201011", "201012"]
expect("freq=M", [str(p) for p in pd.PeriodIndex(months, freq="M")], ["2010-09", "2010-10", "2010-11", "2010-12"])
expect("freq=Q", [str(p) for p in pd.PeriodIndex(months, freq="Q")], ["2009Q4", "2010Q4", "2011Q4", "2012Q4"])
expect("to_datetime", [str(t.date()) for t in pd.to_datetime(months)],
       ["2009-10-20", "2010-10-20", "2011-10-20", "2012-10-20"])
expect("freq=M, then asfreq(Q)", [str(p) for p in pd.PeriodIndex(months, freq="M").asfreq("Q")],
       ["2010Q3", "2010Q4", "2010Q4", "2010Q4"])
expect("to_datetime, format %Y%m", [str(t.date()) for t in pd.to_datetime(months, format="%Y%m")],
       ["2010-09-01", "2010-10-01", "2010-11-01", "2010-12-01"])
expect("2010-09 … 2010-12 with freq=Q", [str(p) for p in pd.PeriodIndex(["2010-09", "2010-12"], freq="Q")],
       ["2010Q3", "2010Q4"])
expect("the Januaries of 2010 to 2012", [str(p) for p in pd.PeriodIndex(["201001", "201101", "201201"], freq="Q")],
       ["2001Q4", "2001Q4", "2001Q4"])

try:
    recent = str(pd.PeriodIndex(["201812"], freq="Q")[0])
except ValueError as error:
    recent = "ValueError"
expect("201812 with freq=Q", recent, "ValueError")
coerced = pd.to_datetime(pd.Series(["201009", "201012", "201812"]), errors="coerce")
expect("a column over the years, errors=coerce", [str(t.date()) if t == t else "missing" for t in coerced],
       ["2009-10-20", "2012-10-20", "missing"])

counts = {"right": 0, "another year": 0, "another quarter": 0, "refused": 0}
for year in range(1995, 2027):
    for month in range(1, 13):
        try:
            period = pd.PeriodIndex([f"{year}{month:02d}"], freq="Q")[0]
        except ValueError:
            counts["refused"] += 1
            continue
        if period.year != year:
            counts["another year"] += 1
        elif period.quarter != (month + 2) // 3:
            counts["another quarter"] += 1
        else:
            counts["right"] += 1
expect("all months of 1995 to 2026 with freq=Q", counts,
       {"right": 12, "another year": 132, "another quarter": 0, "refused": 240})
raise SystemExit(f"changed: {failed}" if failed else 0)
PY
echo "as stated"
