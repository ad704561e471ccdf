"""What a store grows to, and whether runs get slower: so many runs with a changed export each.

Each run has another figure in one tax list, that of the first quarter, which is the worst place: most later quarters are held against it.
"""

import argparse
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path


def weight(folder, seen=None):
    """Bytes on disk, each file once whatever number of names it has; and files and folders."""
    seen = set() if seen is None else seen
    total = inodes = 0
    for path in [folder, *folder.rglob("*")]:
        found = path.lstat()
        if found.st_ino not in seen:
            seen.add(found.st_ino)
            total += found.st_blocks * 512
            inodes += 1
    return total, inodes


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--mujun", type=Path, required=True)
    arguments.add_argument("--exports", type=Path, default=Path("examples/exports"))
    arguments.add_argument("--runs", type=int, default=365)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as work:
        inbox, store = Path(work) / "inbox", Path(work) / "store"
        shutil.copytree(options.exports, inbox)
        (export,) = inbox.glob("税务/*税收_2017年1-3月_*")
        lines = export.read_text("utf-8").split("\n")
        at = next(number for number, line in enumerate(lines) if line[:1].isdigit())

        def run():
            start = time.perf_counter()
            subprocess.run([options.mujun, "run", "--quiet", "--store", store, "--inbox", inbox], check=True, stdout=subprocess.DEVNULL)
            return time.perf_counter() - start

        run()
        release = weight((store / "current").resolve())[0]
        first = weight(store)[0] - weight(store / "raw")[0]
        times = []
        for number in range(options.runs):
            cells = lines[at].split("\t")
            cells[2] = f"{100 + number / 100:.2f}"
            export.write_text("\n".join([*lines[:at], "\t".join(cells), *lines[at + 1 :]]), "utf-8")
            times.append(run())
        total, inodes = weight(store)
        raw = weight(store / "raw")[0]
        mib = lambda size: f"{size / 2**20:.1f} MiB"
        print(f"one release {mib(release)}, the store after the first run {mib(first)} without raw exports")
        print(f"after {options.runs} more: {mib(total - raw)} without raw exports, {mib(raw)} of these, {inodes} files and folders")
        print(f"that is {(total - raw) / release:.2f} releases, {(total - raw) / first:.2f} first stores")
        ends = [statistics.median(part) for part in (times[:5], times[-5:])]
        print(f"the first five {ends[0]:.2f} s each, the last five {ends[1]:.2f} s: {ends[1] / ends[0]:.2f}")


if __name__ == "__main__":
    main()
