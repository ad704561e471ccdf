"""UTF-8 text copies of the sample exports, for peers that read nothing else.

    python utf8_copies.py --data OUT --out OUT_UTF8

GB18030 text becomes UTF-8 under the same name; a workbook NAME.xlsx becomes NAME.xlsx.csv and a web table NAME.xls
becomes NAME.xls.csv, one line for each row of the sheet or table. Nothing else changes: preambles, line ends, byte order
marks, blanks, missing symbols and spoiled rows stay as they are. The registers are copied beside the exports.

The peers' times do not hold this step; it prints its own, since mujun reads the originals.
"""

import argparse
import csv
import shutil
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

from openpyxl import load_workbook


class Rows(HTMLParser):
    """Rows of the tables of a page. A cell that spans several columns is written once."""

    def __init__(self):
        super().__init__()
        self.rows = []
        self.in_cell = False

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self.in_cell = True

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.in_cell = False

    def handle_data(self, data):
        if self.in_cell:
            self.rows[-1][-1] += data


def text(content):
    """Strict: UTF-8 if it is, or else GB18030."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def html_rows(path):
    parser = Rows()
    parser.feed(text(path.read_bytes()))
    parser.close()
    return parser.rows


def sheet_rows(path):
    """All sheets: the sample's workbooks have one. A number keeps its shortest exact writing."""
    book = load_workbook(path, read_only=True, data_only=True)
    for sheet in book.worksheets:
        for row in sheet.iter_rows(values_only=True):
            yield ["" if value is None else value for value in row]
    book.close()


def write_csv(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def copy(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix == ".xlsx":
        write_csv(target.with_name(target.name + ".csv"), sheet_rows(source))
    elif source.suffix == ".xls":
        write_csv(target.with_name(target.name + ".csv"), html_rows(source))
    else:
        target.write_bytes(text(source.read_bytes()).encode("utf-8"))


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--data", type=Path, required=True, help="folder with exports/ and config/registers/")
    arguments.add_argument("--out", type=Path, required=True, help="folder to write, replaced if it is there")
    options = arguments.parse_args()
    exports = options.data / "exports"
    if not exports.is_dir():
        sys.exit(f"{exports} is no folder")
    if options.out.resolve() in (options.data.resolve(), *options.data.resolve().parents):
        sys.exit("--out must not be --data or a folder above it")
    started = time.perf_counter()
    # Stale copies of files that are no longer sent would be read as if they were.
    for name in ("exports", "config/registers"):
        shutil.rmtree(options.out / name, ignore_errors=True)
    files = sorted(path for path in exports.rglob("*") if path.is_file())
    for path in files:
        copy(path, options.out / "exports" / path.relative_to(exports))
    shutil.copytree(options.data / "config" / "registers", options.out / "config" / "registers")
    print(f"{len(files)} files in {time.perf_counter() - started:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
