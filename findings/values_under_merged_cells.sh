#!/usr/bin/env bash
# One workbook, three sums: figures that lie under merged cells.
#
# What one expects: a merged area holds one value, that of its first cell; the cells it covers are empty. So readers of
#   xlsx differ in the labels they repeat, never in the figures.
# What happens (November 2026): the format lets covered cells keep their values, and office programs can write such
#   files (LibreOffice asks whether to keep what is hidden, Excel's format painter keeps it; neither is run here). A
#   column of land, 100, 200, 300, 400 mu, whose first two cells are merged shows 100, 300, 400 and adds up, for
#     openpyxl 3.1.5, and Polars 2.1.0 through it, to     800: covered values are dropped, and gone after saving;
#     exceljs 4.4.0 to                                    900: the first value is repeated over the area;
#     openpyxl with read_only=True, pandas 3.1.1 with either engine, Polars by default and SheetJS 0.18.5 to
#                                                        1000: covered values are read as any other.
#   So openpyxl disagrees with itself: read_only=True, chosen for speed, gives another total.
# What follows: no reader is wrong, since the file does not say which it means; so an export with a figure in a covered
#   cell needs a question to its sender, not a sum. Labels are the other way round: there the covered value is the true
#   one. Never pass an export through openpyxl to "clean" it before it is read: saving deletes the covered figures.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check openpyxl==3.1.5 pandas==3.1.1 polars==2.1.0 \
    fastexcel==0.21.0 python-calamine==0.9.1 XlsxWriter==3.3.1
npm install --silent --no-audit --no-fund --prefix "$work" exceljs@4.4.0 xlsx@0.18.5
cd "$work"

venv/bin/python - <<'PY'
import xlsxwriter

book = xlsxwriter.Workbook("land.xlsx")
sheet = book.add_worksheet()
for row, cells in enumerate([("园区", "亩"), ("A", 100), ("B", 200), ("C", 300), ("D", 400)]):
    sheet.write_row(row, 0, cells)
sheet.merge_range("B2:B3", 100)
sheet.write("B3", 200)
book.close()
PY

cat > read.js <<'JS'
const sum = (values) => values.filter((v) => typeof v === 'number').reduce((a, b) => a + b, 0);
const xlsx = require('xlsx');
const book = xlsx.readFile('land.xlsx');
const rows = xlsx.utils.sheet_to_json(book.Sheets[book.SheetNames[0]], { header: 1 });
console.log(`SheetJS ${xlsx.version}: ${sum(rows.map((row) => row[1]))}`);
const { Workbook } = require('exceljs');
const version = require('exceljs/package.json').version;
new Workbook().xlsx.readFile('land.xlsx').then((book) => {
  console.log(`exceljs ${version}: ${sum(book.worksheets[0].getColumn(2).values)}`);
});
JS

{
    venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import openpyxl
import pandas as pd
import polars as pl


def say(reader, values):
    print(f"{reader}: {sum(v for v in values if isinstance(v, (int, float)))}")


def cells(path, **options):
    return [row[1].value if len(row) > 1 else None for row in openpyxl.load_workbook(path, **options).active.rows]


o, p, l = (f"{name} {version(name)}" for name in ("openpyxl", "pandas", "polars"))
say(o, cells("land.xlsx"))
say(f"{o} read_only", cells("land.xlsx", read_only=True))
say(p, pd.read_excel("land.xlsx")["亩"].tolist())
say(f"{p} calamine", pd.read_excel("land.xlsx", engine="calamine")["亩"].tolist())
say(l, pl.read_excel("land.xlsx")["亩"].to_list())
say(f"{l} openpyxl", pl.read_excel("land.xlsx", engine="openpyxl")["亩"].to_list())
openpyxl.load_workbook("land.xlsx").save("saved.xlsx")
say(f"{p} after {o} saved it", pd.read_excel("saved.xlsx")["亩"].dropna().tolist())
PY
    node read.js
} | tee seen

diff - seen <<'TXT' && echo "as stated"
openpyxl 3.1.5: 800
openpyxl 3.1.5 read_only: 1000
pandas 3.1.1: 1000
pandas 3.1.1 calamine: 1000
polars 2.1.0: 1000
polars 2.1.0 openpyxl: 800
pandas 3.1.1 after openpyxl 3.1.5 saved it: 800.0
SheetJS 0.18.5: 1000
exceljs 4.4.0: 900
TXT
