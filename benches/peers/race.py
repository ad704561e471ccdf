"""The whole run against a DuckDB script for the same indicators, in turn on the same machine, results compared.

    python race.py --mujun target/release/mujun [--enterprises 22000] [--parks 180] [--quarters 12] [--runs 5] [--work DIR]

Each round runs both, one after the other and each first in every second round, from nothing: mujun from the exports as they were
sent into an empty store, the script from UTF-8 copies that were made before and are not timed. Both give all indicators at five levels, and all of them are
compared, with status, coverage, change on the year and rank. The reports for people are left out; mujun alone keeps facts, quarantine
and ledger, asks what exports say of one another, and says of each missing value why.
Prints wall time, processor time and peak memory of both, and the ratio of each round; the median ratio is the figure to quote.
Ends with 1 if the results differ.
"""

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from measuring import HERE, compare, ended, forget_files, make_sample, options, run, started, touch_memory, without_reports


def measured(command):
    """Runs a command; gives wall seconds, processor seconds, peak memory in MiB, and what it said."""
    touch_memory()
    before = time.perf_counter()
    process = started(command)
    said = process.stderr.read()
    cpu, peak = ended(process, said)
    return time.perf_counter() - before, cpu, peak, said


def main():
    chosen = options(__doc__, quarters=12)
    with tempfile.TemporaryDirectory() as temporary:
        work = chosen.work or Path(temporary)
        sample, copies = work / "sample", work / "utf8"
        make_sample(chosen, sample)
        if not copies.exists():
            run([sys.executable, HERE / "utf8_copies.py", "--data", sample, "--out", copies])
        config = without_reports(work / "site")
        ours = [chosen.mujun, "run", "--quiet", "--config", config, "--inbox", sample / "exports"]
        ours += ["--registers", sample / "config/registers"]
        theirs = [sys.executable, HERE / "indicators_duckdb.py", "--data", copies]
        # A folder for each round, and none removed before the end: what was just removed makes ext4 slower to create.
        rounds = Path(tempfile.mkdtemp(dir=work))
        ratios = []
        # The first round warms the file cache and is not counted.
        for number in range(chosen.runs + 1):
            store, peer = rounds / f"store-{number}", rounds / f"peer-{number}"
            both = [[*ours, "--store", store], [*theirs, "--out", peer]]
            if number % 2:
                a, b = map(measured, both)
            else:
                b, a = map(measured, reversed(both))
            forget_files(rounds)
            if number:
                ratios.append((a[0] / b[0], a[1] / b[1]))
                print(
                    f"mujun {a[0]:.2f} s wall {a[1]:.2f} s cpu {a[2]:.0f} MiB   duckdb {b[0]:.2f} s wall {b[1]:.2f} s cpu "
                    f"{b[2]:.0f} MiB   ratio {ratios[-1][0]:.2f}, of cpu {ratios[-1][1]:.2f}"
                )
        print("steps of the last script: " + b[3].splitlines()[-1])
        wall, cpu = (statistics.median(column) for column in zip(*ratios))
        print(f"median ratio of wall times: {wall:.2f}, of processor times {cpu:.2f}, over {len(ratios)} rounds")
        try:
            compare((store / "current").resolve(), peer)
        finally:
            shutil.rmtree(rounds)


if __name__ == "__main__":
    main()
