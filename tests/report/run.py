#!/usr/bin/env python3
"""Opens the report in Chromium, as browser.cjs says: of the sample, and of a province of 180 parks.

    python3 tests/report/run.py --mujun target/debug/mujun --work target/report

Needs chromium, node and npm (Debian: `apt-get install chromium nodejs npm`); playwright-core and axe-core are installed from npm into
the folder for the work.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

PACKAGES = ["playwright-core@1.65.1", "axe-core@4.14.1"]
ROOT = Path(__file__).resolve().parents[2]


def run(command, **options):
    done = subprocess.run([str(part) for part in command], cwd=ROOT, **options)
    # 3 is a release with warnings.
    if done.returncode not in (0, 3):
        sys.exit(f"{' '.join(map(str, command))} ended with {done.returncode}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mujun", required=True, type=Path)
    parser.add_argument("--work", required=True, type=Path)
    parser.add_argument("--parks", type=int, default=180, help="parks of the larger province; 0 leaves it out")
    # From 2017 on. Exports of quarters that have not been issued by today are not used, and the lists are among them: the pages
    # would be empty.
    parser.add_argument("--quarters", type=int, default=36)
    parser.add_argument("--enterprises", type=int, default=4000)
    options = parser.parse_args()
    work, mujun = options.work.resolve(), options.mujun.resolve()
    work.mkdir(parents=True, exist_ok=True)
    run(["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", work, *PACKAGES])

    provinces = {"sample": []}
    if options.parks:
        made = work / "made"
        size = {"parks": options.parks, "quarters": options.quarters, "enterprises": options.enterprises}
        if not made.exists():
            run([mujun, "synth", "--out", made, *(f"--{name}={value}" for name, value in size.items())])
        provinces["province"] = ["--inbox", made / "exports", "--registers", made / "config/registers"]
    failed = []
    for name, inputs in provinces.items():
        store = work / f"store-{name}"
        run([mujun, "--store", store, "--quiet", "run", *inputs], stdout=subprocess.DEVNULL)
        [report] = sorted((store / "current").resolve().glob("reports/*/index.html"))[-1:]
        size = sum(file.stat().st_size for file in report.parent.rglob("*.*") if file.suffix in (".html", ".css", ".js"))
        print(f"{name}: {report.parent}, {size / 1e6:.2f} MB")
        if size > 15e6:
            failed.append(f"{name}: more than 15 MB")
        browser = ["node", ROOT / "tests/report/browser.cjs", report.parent, work / f"shots-{name}"]
        seen = subprocess.run(browser, env=os.environ | {"NODE_PATH": str(work / "node_modules")})
        if seen.returncode:
            failed.append(f"{name}: see above")
    if failed:
        sys.exit("; ".join(failed))


if __name__ == "__main__":
    main()
