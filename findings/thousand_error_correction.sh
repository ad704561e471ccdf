#!/usr/bin/env bash
# A correction of "thousand errors" that spoils more figures than it mends.
#
# What one expects: Detect.thousand_error(impute=True) of ssb-vaskify, a package from an office of statistics, finds
#   figures reported in another unit (yuan for thousand yuan) by comparing each with the period before, and puts back
#   the factor: a figure a thousand times too large is divided, one too small is multiplied, the rest stays.
# What happens (ssb-vaskify 0.0.5, and the same with 0.0.6, which asks for Python 3.12; November 2026): every jump of
#   more than 10^2.5 up or down is flagged and divided by 1000, whatever its direction and size.
#     - The right figure after a wrong one is a jump down: it is flagged too and divided: 1200 becomes 1.2.
#     - A figure reported a thousand times too small is divided once more, so that it is a million times too small, and
#       the right one after it is divided as well.
#     - A factor of ten thousand (yuan for 万元), as common in China, is divided by 1000: ten times too large remains,
#       which no longer looks like an error of unit.
#     - In a first period and after a gap nothing is compared: an error there stays, and the next, right figure is
#       flagged and divided.
#   The flag itself is useful; only the imputed column is not.
# What follows: take flags from such a tool, never its corrections. An error of unit is told by a factor that fits (10,
#   1000, 10 000) in both directions and against both neighbours, and is corrected by that factor with the sender's
#   word; a single comparison with the period before cannot say which of two figures is wrong.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check ssb-vaskify==0.0.5 pandas==3.1.1
"$work/venv/bin/python" -W ignore - <<'PY'
from importlib.metadata import version

import pandas as pd
from vaskify import Detect

print("ssb-vaskify", version("ssb-vaskify"), "· pandas", version("pandas"))
failed = []
quarters = ["2018-Q1", "2018-Q2", "2018-Q3", "2018-Q4"]


def expect(what, reported, flagged, imputed):
    table = pd.DataFrame({"firm": "F", "quarter": quarters, "revenue": reported})
    result = Detect(table, id_nr="firm").thousand_error("revenue", "quarter", impute=True)
    flags = [int(flag == 1) for flag in result["flag_thousand"]]
    figures = ["none" if pd.isna(figure) else round(figure, 3) for figure in result["revenue_imputed"]]
    same = (flags, figures) == (flagged, imputed)
    print(f"  {what}: {reported}")
    print(f"    flagged {flags}, imputed {figures}" + ("" if same else f"   CHANGED, was {flagged}, {imputed}"))
    if not same:
        failed.append(what)


expect("one figure in yuan", [1000.0, 1100000.0, 1200.0, 1250.0], [0, 1, 1, 0], [1000, 1100, 1.2, 1250])
expect("one figure too small", [1000000.0, 1100.0, 1200000.0, 1250000.0], [0, 1, 1, 0],
       [1000000, 1.1, 1200, 1250000])
expect("yuan for 万元", [1000.0, 11000000.0, 1200.0, 1250.0], [0, 1, 1, 0], [1000, 11000, 1.2, 1250])
expect("the first figure in yuan", [1000000.0, 1100.0, 1200.0, 1250.0], [0, 1, 0, 0], [1000000, 1.1, 1200, 1250])
expect("in yuan after a gap", [1000.0, float("nan"), 1200000.0, 1250.0], [0, 0, 0, 1], [1000, "none", 1200000, 1.25])
raise SystemExit(f"changed: {failed}" if failed else 0)
PY
echo "as stated"
