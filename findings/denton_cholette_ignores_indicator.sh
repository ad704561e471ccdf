#!/usr/bin/env bash
# A "Denton-Cholette" benchmarking that never looks at the quarterly indicator it is given.
#
# What one expects: TempDisaggModel(method="denton-cholette") of the package tempdisagg takes annual totals (y) and a
#   quarterly indicator (X) and gives quarters that add up to the totals and move like the indicator: the method that
#   the manuals of quarterly national accounts recommend.
# What happens (tempdisagg 0.2.13, November 2026): with this method the indicator is dropped, without a warning. The
#   quarters add up, so the usual check passes, but a tax series with a strong fourth quarter, the same series turned
#   round and a flat line give exactly the same result, a smooth line without any season: each fourth quarter is a
#   third lower than by the definition, which is solved below. The method called "denton" in the same package does use
#   the indicator, but through a regression: it is not the proportional method either.
# What follows: adding up to the annual total proves nothing about benchmarking; test that another indicator gives
#   another result, and hold one published example against it. Figures benchmarked with this call have no season: do
#   not compare them with quarters of ours.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check tempdisagg==0.2.13 pandas==3.1.1
"$work/venv/bin/python" -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
import pandas as pd
from tempdisagg import TempDisaggModel

print("tempdisagg", version("tempdisagg"), "· numpy", np.__version__)
failed = []
annual = np.array([1000.0, 1100.0, 1150.0])
seasonal = np.array([90.0, 110, 100, 180, 95, 120, 112, 200, 99, 125, 118, 210])
indicators = {"seasonal": seasonal, "turned round": seasonal[::-1], "flat": np.ones(12)}


def by_package(method, indicator):
    table = pd.DataFrame({
        "Index": np.repeat([2016, 2017, 2018], 4), "Grain": [1, 2, 3, 4] * 3, "X": indicator,
        "y": np.repeat(annual, 4),
    })
    model = TempDisaggModel(method=method, conversion="sum")
    model.fit(table)
    return np.asarray(model.predict()).ravel()


def by_definition(indicator):
    """Least squares of the changes in the ratio to the indicator, under the annual totals."""
    change = np.diff(np.diag(1 / indicator), axis=0)
    totals = np.kron(np.eye(3), np.ones(4))
    system = np.block([[2 * change.T @ change, totals.T], [totals, np.zeros((3, 3))]])
    return np.linalg.solve(system, np.concatenate([np.zeros(12), annual]))[:12]


def expect(what, seen, stated):
    print(f"  {what}: {seen}" + ("" if seen == stated else f"   CHANGED, was {stated}"))
    if seen != stated:
        failed.append(what)


results = {name: by_package("denton-cholette", x) for name, x in indicators.items()}
print("  by definition, last year:         ", by_definition(seasonal)[8:].round(1))
for name, result in results.items():
    print(f"  package, last year, {name:13}:", result[8:].round(1))
sums = all(np.allclose(r.reshape(3, 4).sum(axis=1), annual) for r in results.values())
expect("quarters add up to the years", sums, True)
expect("three indicators, one result", all(np.allclose(r, results["flat"]) for r in results.values()), True)
off = results["seasonal"] / by_definition(seasonal) - 1
expect("the fourth quarters are too low by, in %", [round(-100 * x) for x in off[3::4]], [32, 33, 34])
expect("other method, \"denton\", follows the indicator",
       not np.allclose(by_package("denton", seasonal), by_package("denton", indicators["flat"])), True)
expect("… and is the proportional method",
       np.allclose(by_package("denton", seasonal), by_definition(seasonal)), False)
raise SystemExit(f"changed: {failed}" if failed else 0)
PY
echo "as stated"
