"""Reading one large GB18030 form: mujun against encoding_rs followed by the CSV reader of Polars, on the same bytes.

    python race_csv.py [--megabytes 100] [--runs 5] [--work DIR]

Both give a table of texts in memory, on all processors. encoding_rs is timed by the bench, in Rust; what it gives is
handed to Polars from memory. Each run measures both within seconds of each other; the median ratio is the figure.
"""

import argparse
import io
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import polars

ROOT = Path(__file__).resolve().parents[2]


def form(megabytes):
    """A finance form: a code, a name, 20 amounts in thousands of yuan."""
    head = "财务状况（B203表）\n报告期：2018年1-3月,,,单位：千元\n"
    head += ",".join(["统一社会信用代码", "单位详细名称", *[f"指标{n}" for n in range(20)]]) + "\n"
    parts, size, line = [head], 0, 0
    while size < megabytes * 1_000_000:
        line += 1
        amounts = ",".join(str((line * 7919 + n * 104729) % 10_000_000) for n in range(20))
        part = f"91410100{line:09}X,郑州市第{line}机械制造有限公司,{amounts}\n"
        parts.append(part)
        size += len(part) + 12
    return "".join(parts)


def shortest(action, rounds=7):
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        action()
        times.append(time.perf_counter() - begin)
    return min(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--work", type=Path, help="where the file goes; a temporary folder by default")
    options = parser.parse_args()
    text = form(options.megabytes)
    utf8 = text.encode()
    with tempfile.TemporaryDirectory() as temporary:
        path = (options.work or Path(temporary)) / "form.csv"
        path.write_bytes(text.encode("gb18030"))
        megabytes = path.stat().st_size / 1e6
        ratios = []
        for _ in range(options.runs):
            bench = ["cargo", "bench", "--quiet", "--bench", "gb18030", "--", str(path)]
            ours = json.loads(subprocess.run(bench, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
            table = lambda: polars.read_csv(io.BytesIO(utf8), skip_rows=2, infer_schema=False)
            rows = table().height
            assert rows + 3 == ours["rows"], (rows, ours)
            csv = shortest(table)
            ratios.append(ours["read"] / (ours["decode"] + csv))
            print(
                f"{megabytes:.0f} MB, {rows} rows   mujun {ours['read']:.3f} s ({megabytes / ours['read']:.0f} MB/s)   "
                f"encoding_rs {ours['decode']:.3f} s + Polars {csv:.3f} s   ratio {ratios[-1]:.2f}"
            )
    print(f"median ratio: {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
