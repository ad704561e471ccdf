#!/usr/bin/env bash
# A raised note mark beside a figure becomes its last digit, in every reader.
#
# What one expects: a cell that shows 5120 with a small raised 1, as yearbooks and corrected tables have it, comes out
#   of a library as a number, or as a text that is clearly not one, so that the note is noticed.
# What happens (November 2026): the cell is a text of two runs, and "raised" is in the style of the run only. openpyxl,
#   pandas, Polars (calamine), xlsx2csv, SheetJS and the .text of exceljs join the runs: 51201. As many exports hold
#   their figures as text anyway, the next step converts it, and the figure is ten times too large with nothing to see.
#   A figure that was struck out and written anew beside it, 338 then 3394, becomes 3383394 in the same way. In an HTML
#   page saved as .xls it needs no second step: pandas.read_html gives the number 51201 for 5120<sup>1</sup> at once.
#   Only a mark such as ② is safe, since no conversion takes it. The runs are to be had in openpyxl with
#   rich_text=True, in SheetJS as the cell's r and h, in exceljs as value.richText; pandas, Polars and xlsx2csv do not
#   pass them on.
# What follows: a reader of statistics must look at the runs (vertAlign superscript or subscript, strike; in HTML sup,
#   sub, s, del) and give the mark apart from the figure, or at least refuse to make a number of a cell with such runs.
#   A jump by exactly one digit against the year before is worth a check of its own.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check openpyxl==3.1.5 pandas==3.1.1 polars==2.1.0 \
    fastexcel==0.21.0 python-calamine==0.9.1 xlsx2csv==0.8.6 XlsxWriter==3.3.1 lxml==6.1.3
npm install --silent --no-audit --no-fund --prefix "$work" exceljs@4.4.0 xlsx@0.18.5
cd "$work"

venv/bin/python - <<'PY'
import xlsxwriter

book = xlsxwriter.Workbook("output.xlsx")
raised = book.add_format({"font_script": 1})
struck = book.add_format({"font_strikeout": True})
sheet = book.add_worksheet()
sheet.write_column(0, 0, ["市", "郑州", "洛阳", "开封", "安阳"])
sheet.write("B1", "产值")
sheet.write_rich_string("B2", "5120", raised, "1")
sheet.write_rich_string("B3", struck, "338", "3394")
sheet.write_rich_string("B4", "1086", raised, "②")
sheet.write("B5", 1200)
book.close()
with open("output.xls", "w", encoding="utf-8") as page:
    page.write("<html><head><meta charset='utf-8'></head><body><table><tr><th>市</th><th>产值</th></tr>"
               "<tr><td>郑州</td><td>5120<sup>1</sup></td></tr><tr><td>洛阳</td><td><s>338</s>3394</td></tr>"
               "</table></body></html>")
PY

cat > read.js <<'JS'
const xlsx = require('xlsx');
const book = xlsx.readFile('output.xlsx');
const rows = xlsx.utils.sheet_to_json(book.Sheets[book.SheetNames[0]], { header: 1 }).slice(1);
console.log(`SheetJS ${xlsx.version}: ${rows.map((row) => row[1]).join(' ')}`);
console.log(`SheetJS ${xlsx.version} h: ${book.Sheets[book.SheetNames[0]].B2.h.replace(/<.?span[^>]*>/g, '')}`);
const { Workbook } = require('exceljs');
const version = require('exceljs/package.json').version;
new Workbook().xlsx.readFile('output.xlsx').then((book) => {
  const cells = [2, 3, 4, 5].map((row) => book.worksheets[0].getCell(row, 2));
  console.log(`exceljs ${version} text: ${cells.map((cell) => cell.text).join(' ')}`);
  console.log(`exceljs ${version} runs: ${cells[0].value.richText.map((run) => run.text).join('|')}`);
});
JS

{
    venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import openpyxl
import pandas as pd
import polars as pl
from xlsx2csv import Xlsx2csv


def say(reader, values):
    print(f"{reader}: {' '.join(str(v) for v in values)}")


o, p, l, x = (f"{name} {version(name)}" for name in ("openpyxl", "pandas", "polars", "xlsx2csv"))
say(o, [row[1].value for row in openpyxl.load_workbook("output.xlsx").active.iter_rows(min_row=2)])
say(p, pd.read_excel("output.xlsx")["产值"])
say(f"{p} calamine", pd.read_excel("output.xlsx", engine="calamine")["产值"])
say(l, pl.read_excel("output.xlsx")["产值"])
Xlsx2csv("output.xlsx").convert("output.csv")
say(x, pd.read_csv("output.csv", dtype=str)["产值"])
say(f"{p} to_numeric", pd.to_numeric(pd.read_excel("output.xlsx")["产值"], errors="coerce"))
page = pd.read_html("output.xls", encoding="utf-8")[0]["产值"]
say(f"{p} read_html, {page.dtype}", page)
runs = openpyxl.load_workbook("output.xlsx", rich_text=True).active["B2"].value
print(f"{o} runs: {runs[0]}|{runs[1].text} {runs[1].font.vertAlign}")
PY
    node read.js
} | tee seen

diff - seen <<'TXT' && echo "as stated"
openpyxl 3.1.5: 51201 3383394 1086② 1200
pandas 3.1.1: 51201 3383394 1086② 1200
pandas 3.1.1 calamine: 51201 3383394 1086② 1200
polars 2.1.0: 51201 3383394 1086② 1200
xlsx2csv 0.8.6: 51201 3383394 1086② 1200
pandas 3.1.1 to_numeric: 51201.0 3383394.0 nan 1200.0
pandas 3.1.1 read_html, int64: 51201 3383394
openpyxl 3.1.5 runs: 5120|1 superscript
SheetJS 0.18.5: 51201 3383394 1086② 1200
SheetJS 0.18.5 h: 5120<sup>1</sup>
exceljs 4.4.0 text: 51201 3383394 1086② 1200
exceljs 4.4.0 runs: 5120|1
TXT
