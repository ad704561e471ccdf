"""Time of each stage of a whole run, and its memory, from the events that `mujun run` prints.

    python stages.py --mujun target/release/mujun [--enterprises 22000] [--parks 180] [--quarters 12] [--runs 5]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent / "peers"))
from measuring import touch_memory


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mujun", type=Path, required=True)
    parser.add_argument("--enterprises", type=int, default=22000)
    parser.add_argument("--parks", type=int, default=180)
    parser.add_argument("--quarters", type=int, default=12)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    stages, walls, peaks = {}, [], []
    with tempfile.TemporaryDirectory() as temporary:
        sample = Path(temporary) / "sample"
        size = ["--enterprises", options.enterprises, "--parks", options.parks, "--quarters", options.quarters]
        subprocess.run([str(p) for p in [options.mujun, "synth", "--quiet", "--no-discrete", "--out", sample, *size]], check=True)
        exported = sum(path.stat().st_size for path in (sample / "exports").rglob("*") if path.is_file())
        for number in range(options.runs):
            # A folder for each run: what was just removed makes ext4 slower to create.
            store = Path(temporary) / f"store-{number}"
            touch_memory()
            command = [options.mujun, "run", "--format", "json", "--store", store, "--inbox", sample / "exports"]
            command += ["--registers", sample / "config/registers"]
            begin = last = time.perf_counter()
            process = subprocess.Popen([str(p) for p in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            for line in process.stderr:
                event = json.loads(line)
                if event["event"] == "step_done":
                    continue
                now = time.perf_counter()
                name = event["stage"] if event["event"] == "stage_done" else "before " + event["stage"]
                stages.setdefault(name, []).append(now - last)
                last = now
            _, _, usage = os.wait4(process.pid, 0)
            walls.append(time.perf_counter() - begin)
            peaks.append(usage.ru_maxrss / 1024)
    for name, seconds in stages.items():
        print(f"{name:<16} {statistics.median(seconds):6.2f} s")
    wall = statistics.median(walls)
    print(f"{'whole run':<16} {wall:6.2f} s   {exported / wall / 1e6:.0f} MB/s of exports   peak {max(peaks):.0f} MiB")


if __name__ == "__main__":
    main()
