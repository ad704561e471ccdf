"""What the races share: their options, their sample, a measured child process, and the comparison at the end."""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def options(description, quarters):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mujun", type=Path, required=True)
    parser.add_argument("--enterprises", type=int, default=22000)
    parser.add_argument("--parks", type=int, default=180)
    parser.add_argument("--quarters", type=int, default=quarters)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--work", type=Path, help="where sample and stores go, and stay; a temporary folder by default")
    return parser.parse_args()


def run(command):
    subprocess.run([str(part) for part in command], check=True)


def make_sample(options, folder):
    """Sample exports and registers of the size that is asked for, unless they are there."""
    if not folder.exists():
        size = ["--enterprises", options.enterprises, "--parks", options.parks, "--quarters", options.quarters]
        run([options.mujun, "synth", "--quiet", "--no-discrete", "--out", folder, *size])


def without_reports(folder):
    """The configuration of the sample, but for the reports that people read: the scripts make none. Gives its folder."""
    if not folder.exists():
        for name in ["config", "pipelines"]:
            shutil.copytree(HERE.parent.parent / name, folder / name)
        site = folder / "config/site.toml"
        text = site.read_text(encoding="utf-8")
        said = text.replace("[reports]\nenabled = true", "[reports]\nenabled = false")
        if said == text:
            sys.exit("site.toml has no line that turns the reports off")
        site.write_text(said, encoding="utf-8")
    return folder / "config"


def started(command):
    return subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def ended(process, said):
    """Waits for a child that has said all it will; gives its processor seconds and its peak memory in MiB."""
    _, status, usage = os.wait4(process.pid, 0)
    # The process is waited for here and not by Popen, which would ask again.
    process.returncode = os.waitstatus_to_exitcode(status)
    if status != 0:
        sys.exit(f"{process.args[0]} failed:\n{said}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


TOUCH = """
import mmap
memory = mmap.mmap(-1, {gibibytes} << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
memory.madvise(mmap.MADV_HUGEPAGE)
memory[::4096] = bytes({gibibytes} << 18)
"""


def touch_memory(gibibytes=3):
    """Has a process take memory and give it back. On a virtual machine whose host takes away what is free, memory that is touched for
    the first time is fifty times slower (2.3 s a gigabyte were seen), whoever comes to it: that is no property of either program."""
    run([sys.executable, "-c", TOUCH.format(gibibytes=gibibytes)])


def forget_files(folder):
    """Has the system keep a folder's files on the disk only. What earlier rounds wrote would fill the memory with copies of files that
    nobody reads, and each round would have to search longer for free memory than the one before."""
    for path in filter(Path.is_file, folder.rglob("*")):
        file = os.open(path, os.O_RDONLY)
        os.fsync(file)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(file)


def compare(release, peer):
    """Every value of every indicator, and every sum; ends the race with 1 if any differs."""
    command = [sys.executable, HERE / "compare.py", "--left", release, "--right", peer, "--sums"]
    sys.exit(subprocess.run([str(part) for part in command]).returncode)
