"""What other programs read in workbooks, against what a file of JSON says.

The file is a list of {"path", "sheets": null | [{"name", "cells": [[row, column, text]]}]}, rows and columns from 1. Every workbook is
read by calamine, and by openpyxl or xlrd; the result is one JSON object with the counts and the differences.
"""

import collections
import datetime
import decimal
import json
import re
import sys
import warnings

import openpyxl
import python_calamine
import xlrd

warnings.simplefilter("ignore")
NUMBER = re.compile(r"^([-+]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)(.*)$", re.S)


def by_calamine(path):
    book = python_calamine.load_workbook(path)
    sheets = {}
    for name in book.sheet_names:
        try:
            sheet = book.get_sheet_by_name(name)
        except python_calamine.CalamineError:
            continue
        sheets[name] = {
            (row, column): value
            for row, cells in enumerate(sheet.to_python(skip_empty_area=False), 1)
            for column, value in enumerate(cells, 1)
        }
    return sheets


def by_openpyxl(path):
    book = openpyxl.load_workbook(path, data_only=True)
    return {
        sheet.title: {(cell.row, cell.column): cell.value for cells in sheet.iter_rows() for cell in cells}
        for sheet in book.worksheets
    }


def by_xlrd(path):
    book = xlrd.open_workbook(path, formatting_info=False, logfile=open("/dev/null", "w"))
    sheets = {}
    for sheet in book.sheets():
        cells = {}
        for row in range(sheet.nrows):
            for column in range(sheet.ncols):
                cell = sheet.cell(row, column)
                value = cell.value
                if cell.ctype == xlrd.XL_CELL_DATE:
                    try:
                        value = xlrd.xldate_as_datetime(value, book.datemode)
                    except (ValueError, OverflowError):
                        pass
                elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
                    value = bool(value)
                elif cell.ctype == xlrd.XL_CELL_ERROR:
                    value = xlrd.error_text_from_code.get(value, "#")
                cells[row + 1, column + 1] = value
        sheets[sheet.name] = cells
    return sheets


def squeezed(text):
    """Without the blanks that indentation and line ends make."""
    return re.sub(r"\s+", "", text)


def is_blank(value):
    return value is None or (isinstance(value, str) and not squeezed(value))


def same(ours, theirs):
    """Whether a text of ours says what another program's value says."""
    if isinstance(theirs, bool):
        return squeezed(ours).upper() in ({"TRUE", "1"} if theirs else {"FALSE", "0"})
    if isinstance(theirs, (datetime.datetime, datetime.date)):
        # A day may stand for its month or its year.
        numbers = [int(part) for part in re.findall(r"[0-9]+", ours)[:3]]
        return bool(numbers) and numbers == [theirs.year, theirs.month, theirs.day][: len(numbers)]
    if isinstance(theirs, datetime.time):
        return ours.strip().startswith(theirs.strftime("%H:%M"))
    if isinstance(theirs, datetime.timedelta):
        return bool(re.match(r"^[-0-9:.]+$", ours.strip()))
    if isinstance(theirs, (int, float)):
        found = NUMBER.match(ours.strip())
        if not found:
            return False
        number, rest = decimal.Decimal(found[1]), found[2]
        value = decimal.Decimal(repr(theirs) if isinstance(theirs, float) else theirs)
        near = lambda a, b: abs(a - b) <= decimal.Decimal("1e-13") * max(abs(a), abs(b), decimal.Decimal("1e-300"))
        if rest.startswith(("%", "％")):
            return near(number, value * 100)
        # A number format may show it in another unit, by a power of ten.
        return near(number, value) or (rest != "" and any(near(number.scaleb(power), value) for power in range(1, 13)))
    return squeezed(ours) == squeezed(str(theirs))


def compared(path, sheet, books, counts):
    """The differences in one sheet: what no other program that reads the cell reads as we do is one."""
    mine = {(row, column): text for row, column, text in sheet["cells"]}
    theirs = {program: book[sheet["name"]] for program, book in books.items() if sheet["name"] in book}
    for at in sorted(set(mine).union(*theirs.values())):
        text = mine.get(at, "")
        values = {program: cells.get(at) for program, cells in theirs.items()}
        values = {program: value for program, value in values.items() if not (is_blank(text) and is_blank(value))}
        if not values:
            continue
        counts["cells compared"] += 1
        others = [
            program
            for program, value in values.items()
            if is_blank(text) or is_blank(value) or not same(text, value)
        ]
        if len(others) == len(values):
            yield f"{path}!{sheet['name']} R{at[0]}C{at[1]}: `{text}`, others have {values!r}"
        for program in others:
            counts[f"cells that {program} alone reads otherwise"] += 1


def main():
    counts, found = collections.Counter(), []
    for file in json.load(open(sys.argv[1], encoding="utf-8")):
        path, books = file["path"], {}
        readers = {"calamine": by_calamine}
        readers.update({"xlrd": by_xlrd} if path.lower().endswith(".xls") else {})
        readers.update({"openpyxl": by_openpyxl} if path.lower().endswith((".xlsx", ".xlsm")) else {})
        for program, read in readers.items():
            try:
                books[program] = read(path)
                counts[f"files read by {program}"] += 1
            except Exception:  # each program has errors of its own
                counts[f"files that {program} does not read"] += 1
        if file["sheets"] is None:
            found.extend(f"{path}: {program} reads it, and we do not" for program in books)
            continue
        for sheet in file["sheets"]:
            found.extend(compared(path, sheet, books, counts))
    print(json.dumps({"counts": counts, "differences": found}, ensure_ascii=False))


main()
