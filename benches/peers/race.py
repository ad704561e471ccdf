"""The whole run against a DuckDB script for the same indicators, in turn on the same machine, results compared.

    python race.py --mujun target/release/mujun [--enterprises 22000] [--parks 180] [--quarters 12] [--runs 5] [--work DIR]

Each round runs both, one after the other, from nothing: mujun from the exports as they were sent into an empty store, the
script from UTF-8 copies that were made before and are not timed. Prints wall time, processor time and peak memory of
both, and the ratio of each round; the median ratio is the figure to quote. The script computes 22 of the indicators at three
levels (catalogue_duckdb.py has them all); those are compared, and mujun's time is that of all. Ends with 1 if the results differ.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def measured(command):
    """Runs a command; gives wall seconds, processor seconds and peak memory in MiB."""
    before = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, stderr = None, process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - before
    if status != 0:
        sys.exit(f"{command[0]} failed:\n{stderr.decode(errors='replace')}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mujun", type=Path, required=True)
    parser.add_argument("--enterprises", type=int, default=22000)
    parser.add_argument("--parks", type=int, default=180)
    parser.add_argument("--quarters", type=int, default=12)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--work", type=Path, help="where samples and stores go; a temporary folder by default")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        sample, copies = work / "sample", work / "utf8"
        if not sample.exists():
            size = ["--enterprises", options.enterprises, "--parks", options.parks, "--quarters", options.quarters]
            subprocess.run([str(p) for p in [options.mujun, "synth", "--quiet", "--no-discrete", "--out", sample, *size]], check=True)
            subprocess.run([sys.executable, HERE / "utf8_copies.py", "--data", sample, "--out", copies], check=True)
        store, peer = work / "store", work / "peer"
        ours = [options.mujun, "run", "--quiet", "--store", store, "--inbox", sample / "exports"]
        ours += ["--registers", sample / "config/registers"]
        theirs = [sys.executable, HERE / "indicators_duckdb.py", "--data", copies, "--out", peer]
        ratios = []
        # The first round warms the file cache and is not counted.
        for number in range(options.runs + 1):
            for folder in (store, peer):
                shutil.rmtree(folder, ignore_errors=True)
            a, b = measured(ours), measured(theirs)
            if number:
                ratios.append(a[0] / b[0])
                print(
                    f"mujun {a[0]:.2f} s wall {a[1]:.2f} s cpu {a[2]:.0f} MiB   "
                    f"duckdb {b[0]:.2f} s wall {b[1]:.2f} s cpu {b[2]:.0f} MiB   ratio {a[0] / b[0]:.2f}"
                )
        print(f"median ratio of wall times: {statistics.median(ratios):.2f} over {len(ratios)} rounds")
        compare = [sys.executable, HERE / "compare.py", "--left", store / "current", "--right", peer, "--sums", "--common"]
        sys.exit(subprocess.run([str(part) for part in compare]).returncode)


if __name__ == "__main__":
    main()
