"""Reading of the exports and registers, written for this check alone: it knows nothing of the pipeline.

Any file becomes rows of text cells by its content (workbook, web page, or delimited text in UTF-8 or GB18030), a form is
found by the labels of its header, and every cell is cleaned by the rules of the forms: other writings of a number or
code are the same value, symbols for "none" are missing, and a row that cannot be believed is left out as a whole.
"""

import csv
import io
import re
import unicodedata
import zipfile
from decimal import Decimal, InvalidOperation
from html.parser import HTMLParser

import openpyxl
import pandas

MISSING = {"", "…", "...", "—", "-", "－"}
CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


# Quarters are numbers, so that arithmetic is easy: year × 4 + 0…3.


def quarter(year, month):
    return int(year) * 4 + (int(month) - 1) // 3


def parse_quarter(text):
    year, part = text.split("Q")
    return int(year) * 4 + int(part) - 1


def show_quarter(number):
    return f"{number // 4}Q{number % 4 + 1}"


class Unbelievable(Exception):
    """A cell that makes its row useless."""


def tidy(text):
    """Full-width digits to ASCII, blanks of every kind away from the ends."""
    return unicodedata.normalize("NFKC", text).strip()


def amount(text, needed=False):
    """The number of a cell, exactly; none if it is missing."""
    text = tidy(text)
    if text in MISSING:
        if needed:
            raise Unbelievable("required")
        return None
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise Unbelievable(f"no number: {text}") from None


def whole(value, factor):
    """A number in a smaller unit, which must be whole there."""
    if value is None:
        return None
    scaled = value * Decimal(factor)
    if scaled != scaled.to_integral_value():
        raise Unbelievable(f"{value} × {factor} is not whole")
    return int(scaled)


def unit_code(text):
    """Characters 9 to 17 of a credit code (GB 32100), or an organisation code (GB 11714), if its check character holds."""
    code = tidy(text).replace("-", "").upper()
    if len(code) == 18 and set(code) <= set(CREDIT):
        total = sum(CREDIT.index(c) * pow(3, place, 31) for place, c in enumerate(code[:17]))
        if CREDIT[(31 - total % 31) % 31] == code[17]:
            return code[8:17]
    if len(code) == 9 and set(code) <= set(ORGANISATION):
        total = sum(ORGANISATION.index(c) * weight for c, weight in zip(code, (3, 7, 9, 10, 5, 8, 4, 2)))
        if "0123456789X0"[11 - total % 11] == code[8]:
            return code
    raise Unbelievable(f"no code: {code}")


def division(text):
    """The first two digits of a class of four; spreadsheets drop a leading zero."""
    digits = tidy(text)
    if not re.fullmatch(r"\d{3,4}", digits):
        raise Unbelievable(f"no class: {digits}")
    return int(digits.zfill(4)[:2])


def date_quarter(text):
    """The quarter of a day or month in one of its writings; none if there is none."""
    found = re.match(r"(\d{4})\D?(\d{1,2})(\D|\d\d$|$)", tidy(text))
    if found is None:
        if tidy(text) in MISSING:
            return None
        raise Unbelievable(f"no date: {text}")
    return quarter(found[1], found[2])


class Page(HTMLParser):
    """The cells of a web page's tables; one that spans others stands in each place it covers."""

    def __init__(self):
        super().__init__()
        self.grid, self.line, self.text, self.covered, self.spans = [], [], None, {}, (1, 1)

    def handle_starttag(self, tag, attributes):
        if tag == "tr":
            self.line = []
        if tag in ("td", "th"):
            spans = dict(attributes)
            self.text, self.spans = "", (int(spans.get("colspan", 1)), int(spans.get("rowspan", 1)))

    def handle_data(self, data):
        if self.text is not None:
            self.text += data

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.fill()
            columns, rows = self.spans
            for column in range(len(self.line), len(self.line) + columns):
                for row in range(1, rows):
                    self.covered[len(self.grid) + row, column] = self.text
            self.line += [self.text] * columns
            self.text = None
        if tag == "tr":
            self.fill()
            self.grid.append(self.line)

    def fill(self):
        while (len(self.grid), len(self.line)) in self.covered:
            self.line.append(self.covered[len(self.grid), len(self.line)])


def workbook(content):
    """The cells of the first sheet. A number is written as short as it reads back exactly."""
    sheet = openpyxl.load_workbook(io.BytesIO(content), data_only=True).worksheets[0]
    grid = [["" if value is None else str(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    for area in sheet.merged_cells.ranges:
        for row, column in [*area.cells]:
            grid[row - 1][column - 1] = grid[area.min_row - 1][area.min_col - 1]
    return grid


def grid_of(path):
    content = path.read_bytes()
    if zipfile.is_zipfile(io.BytesIO(content)):
        return workbook(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    if text.lstrip()[:1] == "<":
        page = Page()
        page.feed(text)
        return page.grid
    delimiter = "\t" if path.suffix == ".txt" else ","
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


class Sheet:
    """A form: what stands above its header, its columns by their labels, its rows."""

    def __init__(self, path):
        self.path = path
        grid = grid_of(path)
        keys = ("信用代码", "集聚区代码", "地块编号", "行业大类代码", "指标", "序号", "地区")
        top = next(at for at, row in enumerate(grid) if any(cell.strip().endswith(keys) for cell in row[:2]))
        key = grid[top][0]
        bottom = top + 1
        while grid[bottom][0] in ("", key) and len(grid[bottom]) > 1:
            bottom += 1
        self.caption = "\n".join(" ".join(row) for row in grid[:top])
        width = len(grid[top])
        self.labels = ["|".join(row[column] for row in grid[top:bottom]) for column in range(width)]
        self.rows = [row for row in grid[bottom:] if len(row) == width and any(cell.strip() for cell in row)]

    def column(self, *words):
        """The one column that has a part of its label beginning with each of the words (regular expressions)."""
        parts = [label.split("|") for label in self.labels]
        found = [at for at, of in enumerate(parts) if all(any(re.match(word, part) for part in of) for word in words)]
        if len(found) != 1:
            raise SystemExit(f"{self.path.name}: {words} is in {len(found)} of {self.labels}")
        return found[0]

    def unit(self):
        return re.search(r"单位[：:]\s*(\S+)", self.caption)[1]

    def span(self):
        """The quarter that ends the period since January in the caption."""
        found = re.search(r"(\d{4})年(?:1-)?(\d{1,2})月", self.caption)
        return quarter(found[1], found[2])

    def issued(self):
        """The day in the name of the file; one without a day is older than all that have one."""
        found = re.search(r"_(\d{8})\.", self.path.name)
        return int(found[1]) if found else 0


def read_form(folder, pattern, columns, key=("key",), period=True, known=None):
    """Rows of all files of a form; of one key and quarter the row of the file that was issued last.

    `columns` maps a name to the words of its label and a function of the cell's text and the sheet. `known` says whether a
    row's key stands in the register at its quarter; others are left out. A row that repeats another one of its file is
    left out, and rows of one key that differ are all left out.
    """
    return read_sheets(sorted(folder.glob(pattern)), columns, key, period, known)


def read_sheets(paths, columns, key=("key",), period=True, known=None):
    """The same for files that are named. One that says what the quarter before or the same quarter of last year said was sent under the
    wrong name: it is left out."""
    records, said = [], {}
    for path in paths:
        sheet = Sheet(path)
        places = {name: (sheet.column(*words), make) for name, (words, make) in columns.items()}
        when = {"quarter": sheet.span()} if period else {}
        rows = []
        for cells in sheet.rows:
            try:
                record = {name: make(cells[at], sheet) for name, (at, make) in places.items()} | when
            except Unbelievable:
                continue
            if known is None or known(record):
                rows.append((tuple(record[name] for name in key), tuple(cells), record))
        writings = {}
        for of_key, cells, _ in rows:
            writings.setdefault(of_key, set()).add(cells)
        if period and is_said_before(said, when["quarter"], rows):
            continue
        seen = set()
        for of_key, cells, record in rows:
            if key and (len(writings[of_key]) > 1 or of_key in seen):
                continue
            seen.add(of_key)
            records.append(record | {"issued": sheet.issued()})
    if not records:
        raise SystemExit(f"no rows in {paths}")
    frame = pandas.DataFrame(records)
    identity = [*key, *(["quarter"] if period else [])]
    if key:
        frame = frame.sort_values("issued", kind="stable").drop_duplicates(identity, keep="last")
    frame = frame.drop(columns="issued").reset_index(drop=True)
    numbers = [name for name in frame if not any(isinstance(value, str) for value in frame[name])]
    return frame.astype({name: "Int64" for name in numbers})


def is_said_before(said, quarter, rows):
    """Whether most rows hold what another quarter's file did; remembers those of this one."""
    figures = lambda record: tuple(value for name, value in record.items() if name != "quarter" and isinstance(value, int))
    now = {key: figures(record) for key, _, record in rows}
    others = [said.get(quarter - ago, {}) for ago in (1, 4) if ago == 4 or quarter % 4]
    is_repeated = any(5 * sum(now[key] == of.get(key) for key in now) > 4 * len(now) for of in others)
    if not is_repeated:
        said[quarter] = now
    return is_repeated


def read_ledgers(folder, pattern, columns):
    """Of each ledger the issue that holds: the last that has at least half as many plots as the one before it, and the areas of the plots
    in both, most of them, are the same."""
    issues = {}
    for path in sorted(folder.glob(pattern), key=lambda path: Sheet(path).issued()):
        issues.setdefault(re.sub(r"_\d{8}\.", ".", path.name), []).append(path)
    frames = []
    for paths in issues.values():
        stands = None
        for path in paths:
            frame = read_sheets([path], columns, period=False)
            if stands is not None:
                common = stands.merge(frame, on="key", suffixes=("_before", ""))
                ratios = sorted(now / before for now, before in zip(common["area"], common["area_before"]))
                is_same_unit = not ratios or 0.5 < ratios[len(ratios) // 2] < 2
                if 2 * len(frame) < len(stands) or not is_same_unit:
                    continue
            stands = frame
        frames.append(stands)
    return pandas.concat(frames, ignore_index=True)


def read_across(path, rows):
    """A table with a column for each period: name of the row → quarter → number. `rows` names a row by its first cell."""
    sheet = Sheet(path)
    table = {}
    for cells in sheet.rows:
        name = rows(cells[0])
        if name is None:
            continue
        for label, cell in zip(sheet.labels, cells):
            months = re.search(r"(\d{4})年1-(\d{1,2})月", label)
            national = re.search(r"(\d{4})年第([一二三四])季度", label)
            if months:
                table.setdefault(name, {})[quarter(months[1], months[2])] = amount(cell)
            elif national:
                table.setdefault(name, {})[int(national[1]) * 4 + "一二三四".index(national[2])] = amount(cell)
    return table


def register(path):
    """A register as texts."""
    return pandas.read_csv(path, dtype=str, keep_default_na=False)
