"""Reads the workbook and the tables of CSV of a release, and holds every figure in them against the Parquet beside.

    python read_reports.py RELEASE

RELEASE is the folder with manifest.json. Needs openpyxl and pyarrow. Prints what was checked; exit status 1 if anything is wrong.
Nothing here is shared with the program that wrote the files: rounding, signs and headings are worked out once more.
"""

import csv
import json
import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import openpyxl
import pyarrow.parquet as parquet

SIGNS = {"L": "未到期", "Q": "(c)", "O": "未报", "M": "—"}
MARKS = {"E": "*", "U": "†", "B": "‡"}
WITHOUT_UNIT = {"比率", "标志"}
# Sheet, file of CSV, levels of its rows.
TABLES = [("集聚区", "parks", ["park"]), ("市", "cities", ["city", "city_net"]), ("县（市、区）", "counties", ["county"])]


class Report:
    """What was checked, and what was found wrong."""

    def __init__(self):
        self.failures = 0

    def check(self, what, wrong, count):
        wrong = list(wrong)
        if count == 0:
            wrong.append("nothing was checked")
        print(f"{'FAIL' if wrong else 'ok  '} {what}: {count}")
        for finding in wrong[:8]:
            print(f"       {finding}")
        self.failures += bool(wrong)


def rounded(value, decimals):
    """Half away from zero, on the decimal digits: both ways where the binary value is too near to a half to say."""
    step = Decimal(1).scaleb(-decimals)
    exact = Decimal(value)
    near = exact.quantize(step, ROUND_HALF_UP)
    away = Decimal(f"{value:.13g}").quantize(step, ROUND_HALF_UP)
    half = abs(abs(exact / step) % 1 - Decimal("0.5"))
    return {float(near), float(away)} if half < Decimal("1e-9") * max(1, abs(exact / step)) else {float(near)}


def rows_of(folder):
    """The rows of all files of a table."""
    rows = []
    for path in sorted(folder.rglob("*.parquet")):
        rows.extend(parquet.ParquetFile(path).read().to_pylist())
    return rows


class Release:
    def __init__(self, folder):
        self.folder = folder
        about = json.loads((folder / "manifest.json").read_text("utf-8"))["about"]
        self.profile, self.notice = about["profile"], about.get("notice", "")
        dictionary = json.loads((folder / "dictionary.json").read_text("utf-8"))
        self.indicators = {one["id"]: one for one in dictionary["indicators"]}
        self.values = {}
        for level in ["park", "county", "city_net", "city", "province"]:
            for path in sorted((folder / f"indicators/level={level}").glob("quarter=*")):
                quarter = path.name.split("=")[1]
                for row in rows_of(path):
                    self.values[level, quarter, row["ref_area"], row["indicator"]] = row
        self.quarters = sorted({key[1] for key in self.values})

    def heading(self, indicator):
        """As it stands over a column."""
        one = self.indicators[indicator]
        return one["name_zh"] if one["unit"] in WITHOUT_UNIT else f"{one['name_zh']}（{one['unit']}）"

    def indicators_of(self, level):
        return {self.heading(one): one for one, what in self.indicators.items() if level in what["levels"]}


def differs(cell, row, decimals, blank=False):
    """What is wrong with a cell that stands for a row of the indicators; nothing if it is right."""
    value = row and row["value"]
    if value is None:
        wanted = SIGNS[row["obs_status"]] if row else "—"
        wanted = None if blank else wanted
        return None if cell == wanted else f"{cell!r} is not {wanted!r}"
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        return f"{cell!r} is no number"
    return None if float(cell) in rounded(value, decimals) else f"{cell!r} is not {value!r}"


def mark_of(row):
    if not row or row["value"] is None:
        return ""
    return "§" if row["conf_status"] == "C" else MARKS.get(row["obs_status"], "")


def written_mark(cell, heading):
    """The mark in the format of a number, or over its column."""
    quoted = cell.number_format.split('"')
    return quoted[1] if len(quoted) > 1 else (heading[-1] if heading[-1] in "*†‡§" else "")


def decimals_of(cell):
    zeros = cell.number_format.split('"')[0]
    return len(zeros.split(".")[1]) if "." in zeros else 0


def head_of(sheet, first):
    """The row of the headings, and their cells."""
    for row in sheet.iter_rows(min_row=1, max_row=8):
        if row[0].value == first:
            # The unit stands in a line of its own.
            return row[0].row, [cell.value and cell.value.replace("\n", "") for cell in row]
    raise SystemExit(f"{sheet.title}: no heading {first}")


def body(sheet, head):
    """The rows of the table under the headings, up to the first blank one."""
    for row in sheet.iter_rows(min_row=head + 1):
        if row[0].value is None and row[1].value is None:
            return
        yield row


def check_areas(release, workbook, report, quarter, sheet_name, levels, task=None):
    sheet = workbook[sheet_name]
    head, headings = head_of(sheet, "代码")
    known = {}
    for level in levels:
        known.update(release.indicators_of(level))
    known = {heading: one for heading, one in known.items() if task in (None, release.indicators[one]["task"])}
    wrong, count, seen, ranks, marks = [], 0, set(), 0, 0
    columns = {}
    # The ways that figures have come are pictures.
    drawn = {column for column in range(len(headings)) if sheet.cell(head - 1, column + 1).value == "走势"}
    for column, heading in enumerate(headings):
        plain = (heading or "").rstrip("*†‡§")
        if plain in known and column not in drawn:
            columns[column] = known[plain]
    missing = set(known.values()) - set(columns.values())
    report.check(f"{sheet_name}: every indicator of the level has a column", sorted(missing), len(columns))
    for row in body(sheet, head):
        code, name = row[0].value, row[1].value
        if not isinstance(code, str) or row[0].number_format != "@":
            wrong.append(f"code {code!r} is no text")
        rows = {one: next((release.values[one, quarter, code, i] for i in columns.values() if (one, quarter, code, i) in release.values), None) for one in levels}
        level = next(one for one, of in rows.items() if of and of["ref_area_name"] == name)
        seen.add((level, code))
        for column, indicator in columns.items():
            cell = row[column]
            of = release.values.get((level, quarter, code, indicator))
            decimals = release.indicators[indicator]["decimals"]
            found = differs(cell.value, of, decimals)
            if not found and of and of["value"] is not None and decimals_of(cell) != decimals:
                found = f"format {cell.number_format}"
            if not found and mark_of(of) != (written_mark(cell, headings[column]) if of and of["value"] is not None else ""):
                found = f"marked {written_mark(cell, headings[column])!r}, {mark_of(of)!r} is right"
            if found:
                wrong.append(f"{code} {indicator}: {found}")
            count += 1
            marks += bool(mark_of(of))
            if column + 1 < len(headings) and headings[column + 1] == "位次":
                ranks += 1
                if row[column + 1].value != (of and of["rank"]):
                    wrong.append(f"{code} {indicator}: rank {row[column + 1].value!r}")
    areas = {(key[0], key[2]) for key in release.values if key[0] in levels and key[0] != "city_net" and key[1] == quarter}
    wrong += sorted(areas - seen)
    report.check(f"{sheet_name}: figures are those of the Parquet, of {len(seen)} areas, with {ranks} ranks and {marks} marks", wrong, count)
    return sheet


def check_province(release, workbook, report, quarter):
    sheet = workbook["全省"]
    head, headings = head_of(sheet, "任务")
    names = {one["name_zh"]: key for key, one in release.indicators.items()}
    at = {heading: column for column, heading in enumerate(headings)}
    code = next(key[2] for key in release.values if key[0] == "province")
    ago = str(int(quarter[:4]) - 1) + quarter[4:]
    wrong, count, seen = [], 0, set()
    for row in body(sheet, head):
        indicator = names[row[1].value]
        seen.add(indicator)
        decimals = release.indicators[indicator]["decimals"]
        now = release.values.get(("province", quarter, code, indicator))
        for column, of in [("本期", now), ("上年同期", release.values.get(("province", ago, code, indicator)))]:
            found = differs(row[at[column]].value, of, decimals)
            if found:
                wrong.append(f"{indicator} {column}: {found}")
            count += 1
        gap = row[at["与目标之差"]].value
        if (gap is None) != (now["gap"] is None) or gap is not None and not any(gap in rounded(now["gap"], decimals + more) for more in range(5)):
            wrong.append(f"{indicator}: gap {gap!r} is not {now['gap']!r}")
        if row[at["目标"]].value != now["target"]:
            wrong.append(f"{indicator}: target {row[at['目标']].value!r} is not {now['target']!r}")
        state = row[at["进展"]].value
        if now["on_track"] is not None and (state in ("已达到", "可达到")) != now["on_track"]:
            wrong.append(f"{indicator}: {state!r} and on_track {now['on_track']!r}")
        if now["yoy"] is not None and row[at["同比增减"]].value is not None:
            change = row[at["同比增减"]]
            if change.value not in rounded(now["yoy"], decimals_of(change)):
                wrong.append(f"{indicator}: change {change.value!r} is not {now['yoy']!r}")
    all_of_level = set(release.indicators_of("province").values())
    wrong += sorted(all_of_level - seen)
    report.check("全省: figures are those of the Parquet", wrong, count)
    cover, wrong, count = workbook["首页"], [], 0
    for row in cover.iter_rows(min_row=4):
        indicator = names.get(row[2].value)
        if indicator:
            for column, of in [(4, quarter), (5, ago)]:
                of = release.values.get(("province", of, code, indicator))
                found = differs(row[column].value, of, release.indicators[indicator]["decimals"])
                if found:
                    wrong.append(f"{indicator}: {found}")
                count += 1
    report.check("首页: figures are those of the Parquet", wrong, count)


def check_trends(release, workbook, report):
    wrong, count = [], 0
    names = {release.heading(key): key for key in release.indicators}
    for name in workbook.sheetnames:
        if not name.endswith("走势"):
            continue
        sheet = workbook[name]
        if name == "全省走势":
            head, headings = head_of(sheet, "季度")
            code = next(key[2] for key in release.values if key[0] == "province")
            for row in body(sheet, head):
                for column, heading in enumerate(headings):
                    if heading in names:
                        of = release.values.get(("province", row[0].value, code, names[heading]))
                        found = differs(row[column].value, of, release.indicators[names[heading]]["decimals"], blank=True)
                        wrong += [f"{name} {row[0].value} {heading}: {found}"] if found else []
                        count += 1
            continue
        head, headings = head_of(sheet, "代码")
        indicator = names[sheet["A1"].value.split("：")[-1]]
        levels = {"集聚区走势": ["park"], "市走势": ["city", "city_net"], "县（市、区）走势": ["county"]}[name]
        for row in body(sheet, head):
            level = "city_net" if "不含" in row[1].value else levels[0]
            for column in range(2, len(headings)):
                of = release.values.get((level, headings[column], row[0].value, indicator))
                if of is None:
                    # A park had another code then.
                    continue
                found = differs(row[column].value, of, release.indicators[indicator]["decimals"], blank=True)
                wrong += [f"{name} {row[0].value} {headings[column]}: {found}"] if found else []
                count += 1
    report.check("trends are those of the Parquet", wrong, count)


def check_clusters(release, workbook, report, quarter):
    folder = release.folder / f"tables/cluster_quarter/quarter={quarter}"
    if release.profile == "public":
        there = [name for name in workbook.sheetnames if name == "产业集群"] + sorted(release.folder.rglob("clusters.csv"))
        report.check("a public release shows no clusters", there, 1)
        return
    sheet = workbook["产业集群"]
    rows = {row["cluster_code"]: row for row in rows_of(folder)}
    head, headings = head_of(sheet, "产业集群代码")
    revenue = next(column for column, heading in enumerate(headings) if "亿元" in heading)
    wrong, count = [], 0
    for row in body(sheet, head):
        of = rows.pop(row[0].value)
        if row[revenue].value not in rounded(of["revenue_ttm_fen"] / 1e10, 2):
            wrong.append(f"{row[0].value}: {row[revenue].value} is not {of['revenue_ttm_fen']} fen")
        count += 1
    report.check("clusters are those of the Parquet", wrong + sorted(rows), count)


def check_csv(release, workbook, report, quarter):
    """The same cells as the sheet, in the same order; the sheet has one more column where it draws the way."""
    names = [(sheet, name) for sheet, name, _ in TABLES] + [("全省", "overview"), ("产业集群", "clusters"), ("分类评价", "classification")]
    for sheet_name, name in names:
        path = release.folder / f"reports/{quarter}/csv/{name}.csv"
        if sheet_name not in workbook.sheetnames:
            report.check(f"{name}.csv is there as its sheet is", [path] if path.exists() else [], 1)
            continue
        raw = path.read_bytes()
        wrong = [] if raw.startswith(b"\xef\xbb\xbf") else ["no byte order mark"]
        lines = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
        sheet = workbook[sheet_name]
        head, headings = head_of(sheet, lines[0][0])
        drawn = {column for column, heading in enumerate(headings) if sheet.cell(head - 1, column + 1).value == "走势"}
        plain = [(heading or "").rstrip("*†‡§") for column, heading in enumerate(headings) if column not in drawn]
        wrong += [] if plain == lines[0] else [f"headings {lines[0]} are not {plain}"]
        count = 0
        rows = list(body(sheet, head))
        wrong += [] if len(rows) == len(lines) - 1 else [f"{len(lines) - 1} rows, not {len(rows)}"]
        for row, line in zip(rows, lines[1:]):
            cells = [cell for column, cell in enumerate(row[: len(headings)]) if column not in drawn]
            for cell, text in zip(cells, line):
                if isinstance(cell.value, (int, float)):
                    wanted = f"{cell.value:.{decimals_of(cell)}f}"
                else:
                    wanted = cell.value or ""
                    wanted = "'" + wanted if wanted[:1] in "=+-@" and wanted else wanted
                if wanted != text:
                    wrong.append(f"{cell.coordinate}: {text!r} is not {wanted!r}")
                count += 1
        report.check(f"{name}.csv is its sheet", wrong, count)


def check_workbook(path, release, report):
    workbook = openpyxl.load_workbook(path)
    formulas, marks, widths, count = [], [], [], 0
    label = "内部资料" if release.profile == "internal" else "公开版"
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                count += cell.value is not None
                if cell.data_type in "fe":
                    formulas.append(f"{sheet.title}!{cell.coordinate} {cell.value}")
        if not path.name.endswith(".en.xlsx"):
            texts = [str(cell.value) for row in sheet.iter_rows(max_row=3) for cell in row if cell.value]
            if not any(label in text for text in texts) or "合成示例数据" in release.notice and not any("合成示例数据" in text for text in texts):
                marks.append(sheet.title)
        if sheet.page_setup.orientation != "landscape" or str(sheet.page_setup.paperSize) != "9" or sheet.page_setup.fitToHeight != 0:
            widths.append(sheet.title)
    report.check(f"{path.name}: no cell is a formula or an error", formulas, count)
    report.check(f"{path.name}: every sheet says whose it is", marks, len(workbook.sheetnames))
    report.check(f"{path.name}: every sheet is printed on A4 across, as wide as a page", widths, len(workbook.sheetnames))
    frozen = [sheet.title for sheet in workbook.worksheets[1:] if not sheet.freeze_panes]
    filters = [sheet.title for sheet in workbook.worksheets[1:] if not sheet.auto_filter.ref and sheet.title not in ("全省走势", "Trends")]
    report.check(f"{path.name}: headings stay, and tables have a filter", frozen + filters, len(workbook.sheetnames) - 1)
    return workbook


def check_english(chinese, english, report):
    wrong, count = [], 0
    for one, other in zip(chinese.worksheets, english.worksheets, strict=True):
        numbers = lambda sheet: [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, (int, float))]
        ours, theirs = numbers(one), numbers(other)
        count += len(ours)
        wrong += [] if ours == theirs else [one.title]
    report.check("the workbook in English has the same figures", wrong, count)


def main():
    release = Release(Path(sys.argv[1]).resolve())
    report = Report()
    made = sorted((release.folder / "reports").glob("*/*.xlsx"))
    for path in [path for path in made if not path.name.endswith(".en.xlsx")]:
        quarter = path.stem
        workbook = check_workbook(path, release, report)
        for sheet, _, levels in TABLES:
            if sheet in workbook.sheetnames:
                check_areas(release, workbook, report, quarter, sheet, levels)
        check_areas(release, workbook, report, quarter, "分类评价", ["province", "city", "park"], "1.1")
        check_province(release, workbook, report, quarter)
        check_trends(release, workbook, report)
        check_clusters(release, workbook, report, quarter)
        check_csv(release, workbook, report, quarter)
        english = path.with_suffix(".en.xlsx")
        if english.exists():
            check_english(workbook, check_workbook(english, release, report), report)
    report.check("workbooks of the release", [] if release.quarters[-1] in {path.stem for path in made} else ["none of the last quarter"], len(made))
    sys.exit(1 if report.failures else 0)


if __name__ == "__main__":
    main()
