"""The models and the whole catalogue against a DuckDB script for the same indicators, from the same facts, in turn.

    python race_catalogue.py --mujun target/release/mujun [--enterprises 22000] [--parks 180] [--quarters 40] [--runs 5]
        [--work DIR]

The store is filled once and not timed. What is timed begins on both sides at the Parquet of clean facts on disk and ends when
value, numerator and denominator of every indicator, area and quarter are in memory:

- mujun: the stage `model` of a `run` over a store whose releases were taken away, by the events it prints: facts read, the
  latest vintage of each row chosen, all models and indicators computed, with status, coverage and rank;
- DuckDB: `total` of catalogue_duckdb.py, the start of Python left out.

Peak memory is that of the process: of mujun's with publishing, of the script's up to the last indicator. All indicators at five
levels are compared. The median ratio of wall times is the figure to quote; on a busy machine processor times tell more. Ends
with 1 if the results differ.
"""

import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from measuring import HERE, compare, ended, make_sample, options, started


def processor_seconds(process):
    """What a running process has used so far, in steps of a hundredth (Linux)."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ours(command):
    """Wall and processor seconds of the stage `model`, and peak memory of the run in MiB."""
    process = started(command)
    stages, lines = {}, []
    for line in process.stderr:
        lines.append(line)
        event = json.loads(line)
        if event.get("stage") == "model" and event["event"] != "step_done":
            stages[event["event"]] = time.perf_counter(), processor_seconds(process)
    _, peak = ended(process, "".join(lines))
    (begun, used), (done, used_in_the_end) = stages["stage_started"], stages["stage_done"]
    return done - begun, used_in_the_end - used, peak


def theirs(command):
    """What the script tells of its own time."""
    process = started(command)
    said = process.stderr.read()
    ended(process, said)
    return json.loads(said.splitlines()[-1])


def without_releases(store):
    """What a run finds when the facts are there and nothing is published."""
    (store / "current").unlink(missing_ok=True)
    for path in (store / "releases").rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    shutil.rmtree(store / "releases", ignore_errors=True)


def main():
    chosen = options(__doc__, quarters=40)
    with tempfile.TemporaryDirectory() as temporary:
        work = chosen.work or Path(temporary)
        sample, store, peer = work / "sample", work / "store", work / "peer"
        registers = sample / "config/registers"
        run = [chosen.mujun, "run", "--format", "json", "--store", store, "--inbox", sample / "exports"]
        run += ["--registers", registers]
        make_sample(chosen, sample)
        if not store.exists():
            begun = time.perf_counter()
            _, _, peak = ours(run)
            print(f"facts were made by a whole run: {time.perf_counter() - begun:.1f} s, peak {peak:.0f} MiB")
        script = [sys.executable, HERE / "catalogue_duckdb.py", "--store", store, "--registers", registers, "--out", peer]
        ratios = []
        # The first round warms the file cache and is not counted.
        for number in range(chosen.runs + 1):
            without_releases(store)
            wall, cpu, peak = ours(run)
            told = theirs(script)
            if number:
                ratios.append((wall / told["total"], cpu / told["cpu"]))
                print(
                    f"mujun {wall:.2f} s wall {cpu:.2f} s cpu {peak:.0f} MiB   duckdb {told['total']:.2f} s wall "
                    f"{told['cpu']:.2f} s cpu {told['peak_mib']} MiB   ratio {ratios[-1][0]:.2f}, of cpu {ratios[-1][1]:.2f}"
                )
        print("steps of the last script: " + json.dumps(told))
        wall, cpu = (statistics.median(column) for column in zip(*ratios))
        print(f"median ratio of wall times: {wall:.2f}, of processor times {cpu:.2f}, over {len(ratios)} rounds")
        compare((store / "current").resolve(), peer)


if __name__ == "__main__":
    main()
