"""The indicators of a release, once more: own reading of the exports, own cleaning, own formulas.

    python tests/readers/independent SAMPLE RELEASE

SAMPLE is the folder with exports/ and config/registers/; RELEASE the folder with manifest.json that was made of it. Every
value of every indicator known here must be there at every area and quarter, but for those that are withheld, and agree
within 1e-9, and the other way round; numerators and denominators agree exactly. Sums of four quarters on land are withheld or have a
flag where the coverage that is counted here says so. Prints how many were compared; exit status 1 on any difference.
"""

import argparse
import sys
from pathlib import Path

import pandas

import concentration
import formulas
import lists
from exports import show_quarter
from formulas import AREA
from world import World

INDICATORS = formulas.INDICATORS | lists.INDICATORS | concentration.INDICATORS

LEAST = 15


def released(release):
    frame = pandas.read_parquet(release / "indicators", dtype_backend="numpy_nullable")
    frame = frame.astype({"level": str, "quarter": str, "ref_area": str}).rename(columns={"ref_area": "area"})
    return frame[[*AREA, "indicator", "value", "numerator", "denominator", "reason", "obs_status"]]


def is_near(a, b):
    return abs(a - b) <= max(1e-12, 1e-9 * max(abs(a), abs(b)))


def status_of(coverage, parks_coverage):
    """What the handbook makes of a value that stands for all: a figure where all is there, a flag from nine tenths on, none below.
    Parks without land leave both sides, so their share is held to nine and six tenths."""
    if coverage < 0.9 or parks_coverage < 0.6:
        return "withheld"
    return "flagged" if coverage < 1 or parks_coverage < 0.9 else "figure"


def differences(both):
    """What is wrong, and how many values and sums were compared."""
    wrong, values, sums = [], 0, 0
    for row in both.itertuples(False):
        row = row._asdict()
        name = f"{row['level']} {row['area']} {row['quarter']}"
        own, theirs = row["value_own"], row["value"]
        if not pandas.isna(row.get("own_coverage")) and not pandas.isna(own):
            said = "withheld" if pandas.isna(theirs) else "flagged" if row["obs_status"] == "U" else "figure"
            should = status_of(row["own_coverage"], row["parks_coverage"])
            if said != should:
                wrong.append(f"{name}: {said} in the release, {should} here, coverage {row['own_coverage']}")
        if not pandas.isna(row["reason"]) and row["reason"] == "withheld" and pandas.isna(theirs):
            # Too little was reported for a figure: the sum over what was there is none.
            continue
        if pandas.isna(own) != pandas.isna(theirs) or not (pandas.isna(own) or is_near(own, theirs)):
            wrong.append(f"{name}: {theirs} in the release, {own} here")
        values += not pandas.isna(own)
        for column in ("numerator", "denominator"):
            own, theirs = row[f"{column}_own"], row[column]
            if not pandas.isna(own) and not pandas.isna(theirs):
                sums += 1
                if int(own) != int(theirs):
                    wrong.append(f"{name}: {column} {theirs} in the release, {own} here")
    return wrong, values, sums


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("sample", type=Path)
    arguments.add_argument("release", type=Path)
    options = arguments.parse_args()
    world, release = World(options.sample), released(options.release.resolve())
    failures, compared = 0, 0
    for name, formula in INDICATORS.items():
        own = formula(world)
        own = own.rename(columns={"coverage": "own_coverage"})
        own["quarter"] = [show_quarter(number) for number in own["quarter"]]
        theirs = release[release["indicator"] == name]
        both = own.astype({"numerator": object, "denominator": object}).merge(theirs, on=AREA, how="outer", suffixes=("_own", ""))
        wrong, values, sums = differences(both)
        levels = both[both["value_own"].notna()].groupby("level").size().to_dict()
        print(f"{'FAIL' if wrong else 'ok  '} {name:<32} {values:6} values {levels}, {sums} sums")
        for finding in wrong[:5]:
            print(f"       {finding}")
        if len(wrong) > 5:
            print(f"       … {len(wrong)} in all")
        failures += bool(wrong)
        compared += values > 0
    others = sorted(set(release["indicator"]) - INDICATORS.keys())
    print(f"{compared} indicators agree" if not failures else f"{failures} indicators differ", end="; ")
    print(f"{len(others)} not compared: {', '.join(others)}" if others else "none is left out")
    if compared < LEAST:
        print(f"fewer than {LEAST} indicators have values")
    return 1 if failures or compared < LEAST else 0


if __name__ == "__main__":
    sys.exit(main())
