"""Sheets as bureaus lay them out, from a seed, held against what `mujun inspect` reads off them.

Every sheet is drawn from a few decisions (what runs down, what runs across, how headings, units and periods are written, what
stands around the table), and the truth is known from those decisions alone: each figure with its place, value, unit and
period. Nothing here knows how the program reads.

Counts sheets read fully right, figures missing or with another unit or period without a word, and words about sheets that
have nothing doubtful.
"""

import argparse
import collections
import datetime
import io
import json
import random
import re
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path
from xml.sax.saxutils import escape

REGIONS = ["郑州市", "开封市", "洛阳市", "平顶山市", "安阳市", "鹤壁市", "新乡市", "焦作市", "濮阳市", "许昌市", "漯河市",
           "三门峡市", "南阳市", "商丘市", "信阳市", "周口市", "驻马店市", "济源市"]
DIVISIONS = ["农副食品加工业", "食品制造业", "纺织业", "家具制造业", "造纸和纸制品业", "医药制造业", "金属制品业",
             "通用设备制造业", "专用设备制造业", "汽车制造业", "电气机械和器材制造业", "仪器仪表制造业"]
DIVISION_CODES = ["13", "14", "17", "21", "22", "27", "33", "34", "35", "36", "38", "40"]
ENTERPRISES = [f"{place}{trade}有限公司" for place in ["豫东", "中原", "伏牛", "黄淮", "嵩山", "白河"]
               for trade in ["机械", "纺织", "药业"]]
# Name, unit, whole numbers.
MEASURES = [("工业增加值", "万元", False), ("固定资产投资", "亿元", False), ("营业收入", "万元", False), ("利润总额", "万元", False),
            ("企业单位数", "个", True), ("平均用工人数", "人", True), ("原煤产量", "万吨", False), ("发电量", "万千瓦时", False),
            ("建成区面积", "公顷", False), ("进出口总额", "万美元", False), ("税收总额", "万元", False), ("应付职工薪酬", "万元", False)]
GROWTH = ["同比增长", "比上年同期增长", "占全省比重"]
QUARTERS = ["一季度", "二季度", "三季度", "四季度"]


class Cell:
    """Text as a person sees it; a number also as a spreadsheet keeps it, with its format."""

    def __init__(self, text, number=None, style=None):
        self.text, self.number, self.style = text, number, style


class Sheet:
    def __init__(self, dice):
        self.dice = dice
        self.rows, self.merges, self.truth = [], [], []
        self.doubt, self.beside = [], None
        self.kind = ""
        # What stands over a column as a whole, where a name over it may be taken for another column's.
        self.titles = {}
        # How the figures of a sheet are written, and what stands between its rows.
        self.in_thousands = dice.random() < 0.15
        self.between = dice.choice([None] * 6 + ["blank", "section"])

    def line(self, *cells):
        self.rows.append([cell if isinstance(cell, Cell) else Cell(cell) for cell in cells])

    def figure(self, row, column, cell, value, unit, period):
        """A figure of the table: counted from one, as a spreadsheet does."""
        while len(self.rows) < row:
            self.rows.append([])
        cells = self.rows[row - 1]
        while len(cells) < column:
            cells.append(Cell(""))
        cells[column - 1] = cell
        if value is not None:
            self.truth.append({"row": row, "column": column, "value": value, "unit": unit, "period": period})


def number(sheet, whole, yearlike):
    """A figure's text and value: some look like a year, or a year and a month."""
    dice = sheet.dice
    if yearlike and dice.random() < 0.3:
        return str(dice.randint(1990, 2030)) if whole or dice.random() < 0.5 else f"{dice.randint(1990, 2030)}.{dice.randint(1, 9)}"
    if whole:
        return str(dice.randint(1, 9000))
    return f"{dice.lognormvariate(6, 2):.{dice.choice([0, 1, 2, 2, 4])}f}"


def write(text):
    return Cell(text, text)


def missing(sheet):
    return Cell(sheet.dice.choice(["-", "…", "", "—", "..."]))


def period_text(dice, year, quarter):
    """A quarter as titles write it, up to its end: flows are year to date."""
    months = 3 * quarter
    return dice.choice([f"{year}年{QUARTERS[quarter - 1]}", f"{year}年{QUARTERS[quarter - 1]}"] +
                       ([f"{year}年1-3月"] if quarter == 1 else []))


def heading(dice, name, unit, stated):
    """A heading that says its own unit, unless the table's holds."""
    if unit == stated and dice.random() < 0.7:
        return name
    return dice.choice([f"{name}（{unit}）", f"{name}({unit})", f"{name}（{unit}）"])


def preamble(sheet, width, period, unit):
    """Title, period and unit over a table, in a few of the ways in which they are written."""
    dice = sheet.dice
    top = len(sheet.rows) + 1
    title = dice.choice(["各市主要指标", "规模以上工业主要经济指标", "产业集聚区主要指标", "分行业主要指标"])
    if period and dice.random() < 0.5:
        sheet.line(dice.choice([f"{period}{title}", f"{title}（{period}）"]))
    else:
        sheet.line(title)
        if period:
            sheet.line(period)
    lines = len(sheet.rows)
    if unit and dice.random() < 0.1:
        sheet.rows[-1][0] = Cell(f"{sheet.rows[-1][0].text}（单位：{unit}）")
        return
    if unit and width > 2 and lines == top and dice.random() < 0.2:
        # The unit alone at the right of the title.
        sheet.rows[-1] += [Cell("")] * (width - 2) + [Cell(unit)]
        return
    if dice.random() < 0.4 and width > 1:
        sheet.merges.append((top, 1, top, width))
    if unit:
        said = dice.choice([f"单位：{unit}", f"单位:{unit}", f"计量单位：{unit}"])
        if dice.random() < 0.5 and width > 1:
            sheet.line(*([""] * (width - 1)), said)
        else:
            sheet.line(said)


def notes(sheet):
    dice = sheet.dice
    if dice.random() < 0.4:
        if dice.random() < 0.4:
            sheet.line("")
        sheet.line(dice.choice(["注：本表数据为初步核算数。", "资料来源：省统计局", "注：1.规模以上指年主营业务收入2000万元及以上。"]))


def labels(dice):
    head, names = dice.choice([("地区", REGIONS), ("行业", DIVISIONS), ("企业名称", ENTERPRISES), ("地　区", REGIONS)])
    return head, dice.sample(names, dice.randint(3, len(names)))


def listed(sheet):
    """Labels down, measures across, one period over all."""
    dice = sheet.dice
    year, quarter = dice.randint(2012, 2024), dice.randint(1, 4)
    period = dice.choice([f"{year}年", period_text(dice, year, quarter)])
    code = str(year) if period == f"{year}年" else f"{year}-01/03" if "1-3" in period else f"{year}Q{quarter}"
    head, names = labels(dice)
    measures = dice.sample(MEASURES, dice.randint(1, 5))
    stated = dice.choice([None, measures[0][1]])
    with_rates = stated and dice.random() < 0.3
    columns = []
    for name, unit, whole in measures:
        columns.append((heading(dice, name, unit, stated) if stated else f"{name}（{unit}）", unit, whole))
        if dice.random() < 0.3:
            grown = dice.choice(GROWTH)
            written = [f"{grown}（%）", f"{grown}%", f"{grown}(%)"] + ([grown] * 3 if with_rates else [])
            columns.append((dice.choice(written), "%", False))
    numbered = dice.random() < 0.2
    first = 3 if numbered else 2
    # One unit for amounts, and one for rates.
    said = dice.choice([f"{stated}、%", f"{stated}，%"]) if with_rates else stated
    preamble(sheet, len(columns) + first - 1, period, said)
    sheet.line(*(["序号"] if numbered else []), head, *[column[0] for column in columns])
    if dice.random() < 0.5:
        names = [dice.choice(["全省", "合计", "总计"])] + names
    yearlike = dice.random() < 0.4
    empty = dice.randrange(len(columns)) if len(columns) > 2 and dice.random() < 0.15 else None
    told = dice.randrange(1, len(names)) if head == "企业名称" and dice.random() < 0.3 else None
    for at, name in enumerate(names):
        apart(sheet)
        row = len(sheet.rows) + 1
        sheet.line(*([write(str(at + 1))] if numbered else []), name)
        for column, (_, unit, whole) in enumerate(columns):
            place = first + column
            if column == empty:
                sheet.figure(row, place, Cell(""), None, unit, code)
            elif at == told:
                sheet.figure(row, place, Cell("停产"), None, unit, code)
            elif dice.random() < 0.05:
                sheet.figure(row, place, missing(sheet), None, unit, code)
            elif unit == "%":
                text = f"{dice.uniform(-30, 60):.1f}"
                cell = write(text)
                if dice.random() < 0.2:
                    cell = Cell(text + "%", f"{float(text) / 100:.6f}", "0.0%")
                sheet.figure(row, place, cell, float(text), unit, code)
            else:
                text = number(sheet, whole, yearlike)
                sheet.figure(row, place, write(text), float(text), unit, code)
    if told is not None:
        sheet.doubt.append("a row of text")


def axis(dice):
    """Periods across or down: how each is written, and what it is."""
    year = dice.randint(2009, 2018)
    count = dice.randint(2, 7)
    kind = dice.choice(["年", "bare", "季度", "月"])
    if kind == "年":
        return [(f"{year + i}年", str(year + i)) for i in range(count)]
    if kind == "bare":
        return [(str(year + i), str(year + i)) for i in range(count)]
    if kind == "季度":
        return [(f"{year + i // 4}年{QUARTERS[i % 4]}", f"{year + i // 4}Q{i % 4 + 1}") for i in range(count)]
    return [(f"{year + i // 12}年{i % 12 + 1}月", f"{year + i // 12}-{i % 12 + 1:02}") for i in range(count)]


def head_of(text):
    """A heading: a bare year is a number, and a month may be a day that is shown as one."""
    month = re.fullmatch(r"(\d{4})年(\d+)月", text)
    if month and zlib.crc32(text.encode()) % 3 == 0:
        days = (datetime.date(int(month[1]), int(month[2]), 1) - datetime.date(1899, 12, 30)).days
        return Cell(text, str(days), 'yyyy"年"m"月"')
    return write(text) if text.isdigit() else Cell(text)


def across(sheet):
    """Labels down, periods across, one measure."""
    dice = sheet.dice
    name, unit, whole = dice.choice(MEASURES)
    head, names = labels(dice)
    times = axis(dice)
    preamble(sheet, len(times) + 1, None, unit)
    sheet.line(dice.choice([head, head, ""]), *[head_of(text) for text, _ in times])
    numbered(sheet, len(times))
    body(sheet, names, 2, [(unit, whole, code) for _, code in times])


def down(sheet):
    """Periods down, measures across."""
    dice = sheet.dice
    times = axis(dice) + []
    measures = dice.sample(MEASURES, dice.randint(1, 5))
    preamble(sheet, len(measures) + 1, None, None)
    sheet.line(dice.choice(["年份", "时间", "时　间", "指标"]), *[f"{name}（{unit}）" for name, unit, _ in measures])
    yearlike = dice.random() < 0.4
    for text, code in times:
        row = len(sheet.rows) + 1
        sheet.line(head_of(text))
        for column, (_, unit, whole) in enumerate(measures):
            one(sheet, row, 2 + column, unit, whole, code, yearlike)


def grouped(sheet):
    """Groups of measures over the same periods: two rows of headings."""
    dice = sheet.dice
    head, names = labels(dice)
    unit = "万元"
    measures = dice.sample([measure for measure in MEASURES if measure[1] == unit], dice.randint(2, 4))
    times = axis(dice)[:4]
    preamble(sheet, 1 + len(measures) * len(times), None, unit)
    row = len(sheet.rows) + 1
    top, below = [head], [""]
    for at, (name, _, _) in enumerate(measures):
        first = 2 + at * len(times)
        top += [name] + [""] * (len(times) - 1)
        if len(times) > 1:
            sheet.merges.append((row, first, row, first + len(times) - 1))
        below += [head_of(text) for text, _ in times]
    if dice.random() < 0.8:
        sheet.merges.append((row, 1, row + 1, 1))
    sheet.line(*top)
    sheet.line(*below)
    body(sheet, names, 2, [(unit, whole, code) for _, _, whole in measures for _, code in times])


def deep(sheet):
    """Three rows of headings: years, parts of a year and measures, in whatever order they stand over one another."""
    dice = sheet.dice
    head, names = labels(dice)
    stated, first = "万元", dice.randint(2009, 2018)
    years = [(dice.choice([f"{year}年", str(year)]), str(year)) for year in range(first, first + dice.randint(1, 3))]
    parts = dice.choice([[(QUARTERS[i], f"Q{i + 1}") for i in range(4)], [(f"{i + 1}月", f"-{i + 1:02}") for i in range(6)]])
    parts = parts[:dice.randint(2, 3)]
    measures = [(heading(dice, name, unit, stated), unit, whole) for name, unit, whole in dice.sample(MEASURES, dice.randint(1, 3))]
    levels = [("year", years), ("part", parts), ("measure", measures)]
    dice.shuffle(levels)
    columns = [{}]
    for name, values in levels:
        columns = [{**column, name: value} for column in columns for value in values]
    # A unit over the table that no heading leaves room for is a contradiction.
    is_open = any(unit == stated for _, unit, _ in measures)
    preamble(sheet, 1 + len(columns), None, stated if is_open else None)
    top = len(sheet.rows) + 1
    wide = len(columns)
    for at, (name, values) in enumerate(levels):
        wide //= len(values)
        cells = ["" if at else head]
        for column in range(0, len(columns), wide):
            cells += [head_of(columns[column][name][0])] + [""] * (wide - 1)
            if wide > 1:
                sheet.merges.append((top + at, 2 + column, top + at, 1 + column + wide))
        sheet.line(*cells)
    if dice.random() < 0.8:
        sheet.merges.append((top, 1, top + 2, 1))
    body(sheet, names, 2, [(column["measure"][1], column["measure"][2], column["year"][1] + column["part"][1])
                           for column in columns])


def ragged(sheet):
    """Years over parts of them, fewer in the last year than before, after two columns of names."""
    dice = sheet.dice
    unit, first = "万元", dice.randint(2009, 2018)
    measures = dice.sample([name for name, said, _ in MEASURES if said == unit], dice.randint(2, 4))
    count = dice.randint(2, 3)
    years = [(year, dice.randint(1, 4) if year == first + count - 1 else 4) for year in range(first, first + count)]
    columns = [(year, quarter) for year, quarters in years for quarter in range(quarters)]
    preamble(sheet, 2 + len(columns), None, unit)
    row = len(sheet.rows) + 1
    top, below, at = ["地区", "指标"], ["", ""], 3
    for year, quarters in years:
        top += [f"{year}年"] + [""] * (quarters - 1)
        below += QUARTERS[:quarters]
        if quarters > 1:
            sheet.merges.append((row, at, row, at + quarters - 1))
        at += quarters
    if dice.random() < 0.8:
        sheet.merges += [(row, 1, row + 1, 1), (row, 2, row + 1, 2)]
    sheet.line(*top)
    sheet.line(*below)
    yearlike, repeats = dice.random() < 0.3, dice.random() < 0.5
    for region in dice.sample(REGIONS, dice.randint(2, 5)):
        start = len(sheet.rows) + 1
        for number_of, name in enumerate(measures):
            row = len(sheet.rows) + 1
            sheet.line(region if repeats or not number_of else "", name)
            for column, (year, quarter) in enumerate(columns):
                one(sheet, row, 3 + column, unit, False, f"{year}Q{quarter + 1}", yearlike)
        if not repeats:
            sheet.merges.append((start, 1, len(sheet.rows), 1))


def broken(sheet):
    """Headings that are broken over two rows, without any sign of it."""
    dice = sheet.dice
    year = dice.randint(2012, 2024)
    head, names = labels(dice)
    measures = dice.sample(MEASURES, dice.randint(3, 5))
    preamble(sheet, 1 + len(measures), f"{year}年", None)
    cut = [len(name) // 2 for name, _, _ in measures]
    sheet.line(head, *[name[:at] for at, (name, _, _) in zip(cut, measures)])
    sheet.line("", *[f"{name[at:]}({unit})" for at, (name, unit, _) in zip(cut, measures)])
    body(sheet, names, 2, [(unit, whole, str(year)) for _, unit, whole in measures])


def crossed(sheet):
    """Years down, quarters across."""
    dice = sheet.dice
    name, unit, whole = dice.choice(MEASURES)
    preamble(sheet, 5, None, unit)
    year = dice.randint(2008, 2018)
    sheet.line(dice.choice(["年份", "年　份"]), *QUARTERS)
    yearlike = dice.random() < 0.3
    for at in range(dice.randint(2, 8)):
        row = len(sheet.rows) + 1
        sheet.line(head_of(dice.choice([f"{year + at}年", str(year + at)])))
        for quarter in range(4):
            one(sheet, row, 2 + quarter, unit, whole, f"{year + at}Q{quarter + 1}", yearlike)


def indicators(sheet):
    """Indicators down with their units beside them, periods across."""
    dice = sheet.dice
    times = axis(dice)
    preamble(sheet, 2 + len(times), None, None)
    sheet.line(dice.choice(["指标", "指标名称", "项目"]), dice.choice(["单位", "计量单位"]), *[head_of(text) for text, _ in times])
    yearlike = dice.random() < 0.3
    for name, unit, whole in dice.sample(MEASURES, dice.randint(3, 8)):
        row = len(sheet.rows) + 1
        sheet.line(name, unit)
        for at, (_, code) in enumerate(times):
            one(sheet, row, 3 + at, unit, whole, code, yearlike)


def nested(sheet):
    """Two columns of names: the first stands once for each of its groups, merged or left blank below."""
    dice = sheet.dice
    unit, year = "万元", dice.randint(2012, 2024)
    measures = dice.sample([measure for measure in MEASURES if measure[1] == unit], dice.randint(1, 4))
    inner = dice.sample(DIVISIONS, dice.randint(2, 4))
    preamble(sheet, 2 + len(measures), f"{year}年", unit)
    sheet.line("地区", "行业", *[name for name, _, _ in measures])
    yearlike = dice.random() < 0.3
    for region in dice.sample(REGIONS, dice.randint(2, 5)):
        first = len(sheet.rows) + 1
        for at, division in enumerate(inner):
            row = len(sheet.rows) + 1
            sheet.line("" if at else region, division)
            for column, (_, _, whole) in enumerate(measures):
                one(sheet, row, 3 + column, unit, whole, str(year), yearlike)
        sheet.merges.append((first, 1, len(sheet.rows), 1))


def stacked(sheet):
    """Tables one under another, each with its title, its unit and its headings."""
    for at in range(sheet.dice.randint(2, 3)):
        for _ in range(sheet.dice.randint(1, 2) if at else 0):
            sheet.line("")
        sheet.dice.choice([across, crossed, indicators, grouped])(sheet)


def paged(sheet):
    """A long table whose headings stand again on each of its pages."""
    dice = sheet.dice
    year = dice.randint(2012, 2024)
    names = dice.sample(REGIONS, dice.randint(8, len(REGIONS)))
    measures = dice.sample(MEASURES, dice.randint(2, 4))
    preamble(sheet, 1 + len(measures), f"{year}年", None)
    heads = [f"{name}（{unit}）" for name, unit, _ in measures]
    yearlike, page = dice.random() < 0.3, dice.randint(3, 6)
    goes_on = dice.choice([None, "续表", "（续表）", "续上表"])
    for at, name in enumerate(names):
        if at % page == 0:
            if at and goes_on:
                sheet.line(goes_on)
            sheet.line("地区", *heads)
        row = len(sheet.rows) + 1
        sheet.line(name)
        for column, (_, unit, whole) in enumerate(measures):
            one(sheet, row, 2 + column, unit, whole, str(year), yearlike)


def units_below(sheet):
    """Units in a row of their own under the headings."""
    dice = sheet.dice
    year, quarter = dice.randint(2012, 2024), dice.randint(1, 4)
    head, names = labels(dice)
    measures = dice.sample(MEASURES, dice.randint(2, 5))
    preamble(sheet, 1 + len(measures), f"{year}年{QUARTERS[quarter - 1]}", None)
    marks = dice.choice(["{}", "（{}）", "({})"])
    sheet.line(head, *[name for name, _, _ in measures])
    sheet.line(dice.choice(["", "", "单位", "计量单位"]), *[marks.format(unit) for _, unit, _ in measures])
    body(sheet, names, 2, [(unit, whole, f"{year}Q{quarter}") for _, unit, whole in measures])


def pairs(sheet):
    """Each measure over its value and its growth."""
    dice = sheet.dice
    year, quarter = dice.randint(2012, 2024), dice.randint(1, 4)
    head, names = labels(dice)
    stated = "万元"
    measures = dice.sample([measure for measure in MEASURES if measure[1] == stated], dice.randint(1, 4))
    preamble(sheet, 1 + 2 * len(measures), f"{year}年{QUARTERS[quarter - 1]}", stated)
    row = len(sheet.rows) + 1
    value, grown = dice.choice(["本期", "绝对量", "总量", "累计"]), dice.choice(["同比增长（%）", "增速(%)", "增长%", "同比±%"])
    top, below, columns = [head], [""], []
    for at, (name, unit, whole) in enumerate(measures):
        top += [name, ""]
        below += [value, grown]
        sheet.merges.append((row, 2 + 2 * at, row, 3 + 2 * at))
        columns += [(unit, whole), ("%", False)]
    if dice.random() < 0.8:
        sheet.merges.append((row, 1, row + 1, 1))
    sheet.line(*top)
    sheet.line(*below)
    code = f"{year}-01/{3 * quarter:02}" if value == "累计" else f"{year}Q{quarter}"
    body(sheet, names, 2, [(unit, whole, code) for unit, whole in columns])


def year_rows(sheet):
    """Years as rows of their own, with figures or without, over the rows of their quarters or months."""
    dice = sheet.dice
    first = dice.randint(2008, 2018)
    measures = dice.sample(MEASURES, dice.randint(1, 4))
    parts = dice.choice([[(QUARTERS[i], f"Q{i + 1}") for i in range(4)], [(f"{i + 1}月", f"-{i + 1:02}") for i in range(12)]])
    preamble(sheet, 1 + len(measures), None, None)
    sheet.line(dice.choice(["时间", "时期", "年份"]), *[f"{name}（{unit}）" for name, unit, _ in measures])
    yearlike, of_years = dice.random() < 0.3, dice.random() < 0.4
    for year in range(first, first + dice.randint(2, 4)):
        rows = [(f"{year}年", "")] + parts
        if not of_years:
            sheet.line(f"{year}年")
        for text, code in rows[not of_years:]:
            row = len(sheet.rows) + 1
            sheet.line(text)
            for column, (_, unit, whole) in enumerate(measures):
                one(sheet, row, 2 + column, unit, whole, f"{year}{code}", yearlike)


def year_and_part(sheet):
    """Year and quarter in two columns; the year once for its quarters, or in each row."""
    dice = sheet.dice
    first = dice.randint(2008, 2018)
    measures = dice.sample(MEASURES, dice.randint(1, 4))
    preamble(sheet, 2 + len(measures), None, None)
    once, sign = dice.random() < 0.5, dice.choice(["年", ""])
    sheet.line("年份", "季度", *[f"{name}（{unit}）" for name, unit, _ in measures])
    yearlike = dice.random() < 0.3
    for year in range(first, first + dice.randint(2, 4)):
        top = len(sheet.rows) + 1
        for quarter in range(4):
            row = len(sheet.rows) + 1
            sheet.line(Cell("") if once and quarter else head_of(f"{year}{sign}"), QUARTERS[quarter])
            for column, (_, unit, whole) in enumerate(measures):
                one(sheet, row, 3 + column, unit, whole, f"{year}Q{quarter + 1}", yearlike)
        if once:
            sheet.merges.append((top, 1, top + 3, 1))


def beside(sheet):
    """A list whose second half stands beside the first, under the same headings."""
    dice = sheet.dice
    year = dice.randint(2012, 2024)
    measures = dice.sample(MEASURES, dice.randint(1, 2))
    names = dice.sample(REGIONS, 2 * dice.randint(4, 9))
    gap = dice.randint(0, 1)
    wide = 1 + len(measures)
    preamble(sheet, 2 * wide + gap, f"{year}年", None)
    heads = ["地区"] + [f"{name}（{unit}）" for name, unit, _ in measures]
    sheet.line(*heads, *[""] * gap, *heads)
    half, yearlike = len(names) // 2, dice.random() < 0.3
    for at in range(half):
        row = len(sheet.rows) + 1
        sheet.line(names[at], *[""] * (wide - 1 + gap), names[half + at])
        for side in range(2):
            for column, (_, unit, whole) in enumerate(measures):
                one(sheet, row, 2 + side * (wide + gap) + column, unit, whole, str(year), yearlike)


def coded(sheet):
    """A column of codes before or behind the names."""
    dice = sheet.dice
    year, quarter = dice.randint(2012, 2024), dice.randint(1, 4)
    measures = dice.sample(MEASURES, dice.randint(1, 4))
    head, names, codes = dice.choice([("地区", REGIONS, ["行政区划代码", "地区代码"]), ("行业", DIVISIONS, ["行业代码", "代码"])])
    written = [str(410100 + 100 * at) if at < 17 else "419001" for at in range(len(names))] if names is REGIONS else DIVISION_CODES
    period, first = f"{year}年{QUARTERS[quarter - 1]}", dice.random() < 0.6
    preamble(sheet, 2 + len(measures), period, None)
    both = [dice.choice(codes), head]
    sheet.line(*(both if first else both[::-1]), *[f"{name}（{unit}）" for name, unit, _ in measures])
    yearlike = dice.random() < 0.3
    for at, name in enumerate(names):
        row = len(sheet.rows) + 1
        both = [dice.choice([write, Cell])(written[at]), Cell(name)]
        sheet.line(*(both if first else both[::-1]))
        for column, (_, unit, whole) in enumerate(measures):
            one(sheet, row, 3 + column, unit, whole, f"{year}Q{quarter}", yearlike)


def to_date(sheet):
    """Year to date across, the year over the table."""
    dice = sheet.dice
    head, names = labels(dice)
    _, unit, whole = dice.choice(MEASURES)
    year = dice.randint(2012, 2024)
    ends = dice.choice([[3, 6, 9, 12], [2, 3, 4, 5, 6], [6, 12]])
    forms = dice.choice([lambda end: f"1-{end}月", lambda end: f"1—{end}月", lambda end: f"1-{end}月累计"])
    preamble(sheet, 1 + len(ends), f"{year}年", unit)
    sheet.line(dice.choice([head, ""]), *[forms(end) for end in ends])
    body(sheet, names, 2, [(unit, whole, f"{year}-01/{end:02}") for end in ends])


def relative(sheet):
    """Times that are named by that of the title: the month, the year to date, the year before."""
    dice = sheet.dice
    name, unit, whole = dice.choice(MEASURES)
    head, names = labels(dice)
    year, month = dice.randint(2012, 2024), dice.randint(2, 12)
    at, to_date = f"{year}-{month:02}", f"{year}-01/{month:02}"
    period = dice.choice([f"{year}年{month}月", f"{year}年1-{month}月"])
    columns = [(dice.choice(["本月", "当月", "本月实际", f"本月{name}"]), unit, at),
               (dice.choice(["累计", "1-本月", "1—本月累计", "本年累计", f"{name}（累计）", f"1-本月{name}"]), unit, to_date)]
    dice.shuffle(columns)
    if dice.random() < 0.5:
        columns.append((dice.choice(["上年同期", "去年同期", "上年同期累计", f"上年同期{name}", f"{name}（上年同期）", "上年同期数"]), unit, None))
        sheet.doubt.append("a time before that of the table")
    if dice.random() < 0.5:
        of_last = [code for _, _, code in columns if code][-1]
        columns.append((dice.choice(["同比增长（%）", "增长%", "比上年同期增长（%）"]), "%", of_last))
    preamble(sheet, 1 + len(columns), period, unit)
    sheet.line(head, *[title for title, _, _ in columns])
    numbered(sheet, len(columns))
    body(sheet, names, 2, [(of, whole and of == unit, code) for _, of, code in columns])


def bases(sheet):
    """Beside amounts, indices that are named by their base alone."""
    dice = sheet.dice
    head, names = labels(dice)
    year = dice.randint(2012, 2024)
    name, unit, whole = dice.choice([measure for measure in MEASURES if measure[1] == "万元"])
    index = dice.choice([("上年=100", "上年=100"), ("以上年为100", "上年=100"), ("2010年=100", "2010年=100"), (f"{year}年为{year - 1}年%", "%"),
                         (f"{year}为{year - 1}%", "%")])
    columns = [(name, unit, whole), (*index, False)]
    preamble(sheet, 1 + len(columns), f"{year}年", unit)
    sheet.line(head, *[title for title, _, _ in columns])
    numbered(sheet, len(columns))
    body(sheet, names, 2, [(of, whole, str(year)) for _, of, whole in columns])


def centred(sheet):
    """Groups whose names stand over the middle of their columns, without merged cells."""
    dice = sheet.dice
    head, names = labels(dice)
    year = dice.randint(2012, 2024)
    groups = dice.sample(["工业", "农业", "建筑业", "服务业"], dice.randint(2, 4))
    inner = dice.sample(MEASURES[:8], 3)
    preamble(sheet, 1 + 3 * len(groups), f"{year}年", None)
    sheet.line("", *[text for group in groups for text in ("", group, "")])
    sheet.line(head, *[f"{name}（{unit}）" for _ in groups for name, unit, _ in inner])
    titles = [f"{group} / {name}（{unit}）" for group in groups for name, unit, _ in inner]
    sheet.titles = {at: title for at, title in enumerate(titles, 2)}
    body(sheet, names, 2, [(unit, whole, str(year)) for _ in groups for _, unit, whole in inner])


def numbered(sheet, count):
    """Now and then a row that numbers the columns."""
    if sheet.dice.random() < 0.2:
        sheet.line(sheet.dice.choice(["栏次", "甲", "（甲）"]), *[write(str(at + 1)) for at in range(count)])


def translated(sheet):
    """Headings and names with their English, in the same cell or in a row of its own."""
    dice = sheet.dice
    year = dice.randint(2012, 2024)
    english = {"工业增加值": "Value Added", "固定资产投资": "Investment", "营业收入": "Revenue", "利润总额": "Total Profits",
               "企业单位数": "Enterprises", "原煤产量": "Coal", "发电量": "Electricity", "税收总额": "Taxes"}
    measures = dice.sample([measure for measure in MEASURES if measure[0] in english], dice.randint(2, 4))
    names = dice.sample(REGIONS, dice.randint(4, 9))
    preamble(sheet, 1 + len(measures), f"{year}年", None)
    heads = [f"{name}（{unit}）" for name, unit, _ in measures]
    if dice.random() < 0.5:
        sheet.line("地区", *heads)
        sheet.line("Region", *[english[name] for name, _, _ in measures])
    else:
        sheet.line("地区 Region", *[f"{head} {english[name]}" for head, (name, _, _) in zip(heads, measures)])
    body(sheet, names, 2, [(unit, whole, str(year)) for _, unit, whole in measures])


def indented(sheet):
    """Names indented under the totals they are parts of, or marked as parts."""
    dice = sheet.dice
    year = dice.randint(2012, 2024)
    measures = dice.sample(MEASURES, dice.randint(1, 4))
    preamble(sheet, 1 + len(measures), f"{year}年", None)
    sheet.line("指标", *[f"{name}（{unit}）" for name, unit, _ in measures])
    mark = dice.choice(["　　", "  ", "其中：", "#"])
    yearlike = dice.random() < 0.3
    for total in dice.sample(["内资企业", "港澳台商投资企业", "外商投资企业", "国有控股企业"], dice.randint(2, 4)):
        for name in [total] + [mark + part for part in dice.sample(["大型", "中型", "小型", "微型"], dice.randint(1, 3))]:
            row = len(sheet.rows) + 1
            sheet.line(name)
            for column, (_, unit, whole) in enumerate(measures):
                one(sheet, row, 2 + column, unit, whole, str(year), yearlike)


def one(sheet, row, column, unit, whole, period, yearlike):
    if sheet.dice.random() < 0.04:
        sheet.figure(row, column, missing(sheet), None, unit, period)
    else:
        text = number(sheet, whole, yearlike)
        shown = Cell(f"{float(text):,.2f}", f"{float(text):.2f}", "#,##0.00") if sheet.in_thousands else write(text)
        sheet.figure(row, column, shown, float(shown.number), unit, period)


def apart(sheet):
    """Now and then a blank row, or a line that names the rows below."""
    if sheet.between and sheet.dice.random() < 0.25:
        sheet.line("" if sheet.between == "blank" else sheet.dice.choice(["一、省辖市", "二、直管县", "国有控股", "其他"]))


def body(sheet, names, first, columns):
    dice = sheet.dice
    yearlike = dice.random() < 0.4
    empty = dice.randrange(len(columns)) if len(columns) > 2 and dice.random() < 0.15 else None
    for name in names:
        apart(sheet)
        row = len(sheet.rows) + 1
        sheet.line(name)
        for at, (unit, whole, code) in enumerate(columns):
            if at == empty:
                sheet.figure(row, first + at, Cell(""), None, unit, code)
            else:
                one(sheet, row, first + at, unit, whole, code, yearlike)


def around(sheet):
    """What people leave on a sheet beside or below its table; it is told, never read as a part of it."""
    dice = sheet.dice
    draw = dice.random()
    if draw < 0.06:
        width = max(len(row) for row in sheet.rows)
        at = dice.randrange(len(sheet.rows) // 2, len(sheet.rows))
        row = sheet.rows[at]
        row.extend(Cell("") for _ in range(width + 2 - len(row)))
        row.append(write(f"{dice.uniform(1, 500):.2f}"))
        sheet.beside = (at + 1, len(row))
        sheet.doubt.append("a figure beside the table")
    elif draw < 0.10:
        sheet.line("")
        sheet.line("", write(f"{dice.uniform(1, 500):.2f}"))
        sheet.beside = (len(sheet.rows), 2)
        sheet.doubt.append("a figure below the table")


def move(sheet, down, right):
    """The sheet begins further down and further right."""
    sheet.rows = [[] for _ in range(down)] + [[Cell("")] * right + row for row in sheet.rows]
    sheet.merges = [(a + down, b + right, c + down, d + right) for a, b, c, d in sheet.merges]
    sheet.titles = {column + right: title for column, title in sheet.titles.items()}
    for truth in sheet.truth:
        truth["row"] += down
        truth["column"] += right
    if sheet.beside:
        sheet.beside = (sheet.beside[0] + down, sheet.beside[1] + right)


KINDS = [listed, listed, across, down, grouped, deep, ragged, broken, crossed, indicators, nested, stacked, paged, units_below, pairs, year_rows,
         year_and_part, beside, coded, to_date, relative, bases, centred, translated, indented]


def draw(seed, at):
    dice = random.Random(f"{seed} {at}")
    sheet = Sheet(dice)
    kind = dice.choice(KINDS)
    sheet.kind = kind.__name__
    kind(sheet)
    around(sheet)
    notes(sheet)
    if dice.random() < 0.1:
        move(sheet, dice.randint(0, 3), dice.randint(0, 2))
    return sheet


def as_csv(sheet):
    def quoted(text):
        return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\n') else text
    width = max(len(row) for row in sheet.rows)
    lines = [",".join([quoted(cell.text) for cell in row] + [""] * (width - len(row))) for row in sheet.rows]
    return ("\n".join(lines) + "\n").encode()


def as_page(sheet):
    """A page with one table, merged cells as spans."""
    covered, spans = set(), {}
    for a, b, c, d in sheet.merges:
        spans[a, b] = (c - a + 1, d - b + 1)
        covered |= {(row, column) for row in range(a, c + 1) for column in range(b, d + 1)} - {(a, b)}
    width = max(len(row) for row in sheet.rows)
    rows = []
    for at, row in enumerate(sheet.rows, 1):
        cells = []
        for column, cell in enumerate(row + [Cell("")] * (width - len(row)), 1):
            if (at, column) not in covered:
                tall, wide = spans.get((at, column), (1, 1))
                span = (f' rowspan="{tall}"' if tall > 1 else "") + (f' colspan="{wide}"' if wide > 1 else "")
                cells.append(f"<td{span}>{escape(cell.text)}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    head = '<html><head><meta charset="utf-8"><title>统计数据</title></head>'
    return f"{head}<body><table>{''.join(rows)}</table></body></html>".encode()


def letters(column):
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


# Number formats; none for a cell without one.
STYLES = [None, "0.0%", 'yyyy"年"m"月"', "#,##0.00"]
QUOTES = {'"': "&quot;"}


def as_xlsx(sheet):
    rows = []
    for at, row in enumerate(sheet.rows, 1):
        cells = []
        for column, cell in enumerate(row, 1):
            place = f"{letters(column)}{at}"
            if cell.number is not None:
                cells.append(f'<c r="{place}" s="{STYLES.index(cell.style)}"><v>{cell.number}</v></c>')
            elif cell.text:
                cells.append(f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(cell.text)}</t></is></c>')
        rows.append(f'<row r="{at}">{"".join(cells)}</row>')
    merged = "".join(f'<mergeCell ref="{letters(b)}{a}:{letters(d)}{c}"/>' for a, b, c, d in sheet.merges if (a, b) != (c, d))
    merged = f"<mergeCells>{merged}</mergeCells>" if merged else ""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    numbered = list(enumerate(STYLES[1:], 164))
    formats = "".join(f'<numFmt numFmtId="{number}" formatCode="{escape(code, QUOTES)}"/>' for number, code in numbered)
    styles = '<xf numFmtId="0"/>' + "".join(f'<xf numFmtId="{number}" applyNumberFormat="1"/>' for number, _ in numbered)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
                                      f'<Relationship Id="b" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="表" sheetId="1" r:id="a"/></sheets></workbook>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><numFmts>{formats}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(rows)}</sheetData>{merged}</worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return out.getvalue()


FORMATS = {"csv": as_csv, "xlsx": as_xlsx, "html": as_page}


def read(mujun, sheets, work):
    """What the program finds: cells by file and place, and the codes told of each file."""
    path = work / "sheets.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, (sheet, content) in sheets.items():
            archive.writestr(name, content)
    done = subprocess.run([mujun, "inspect", "--cells", "--lang", "en", str(path)], capture_output=True, check=False)
    found = collections.defaultdict(dict)
    for line in done.stdout.decode().splitlines():
        cell = json.loads(line)
        name = re.search(r"s\d+\.\w+", cell["file"]).group()
        found[name][cell["row"], cell["column"]] = cell
    told = collections.defaultdict(list)
    for line in done.stderr.decode().splitlines():
        match = re.match(r"([A-Z]\d{3}) (\w+) .*?(s\d+\.\w+)", line)
        if match:
            told[match.group(3)].append((match.group(1), match.group(2), line))
    return found, told


def write_all(options):
    """All sheets as files, and what is true of each: its figures by place, and whether something in it is doubtful."""
    options.write.mkdir(parents=True, exist_ok=True)
    known = {}
    for at in range(options.count):
        sheet = draw(options.seed, at)
        ending = sheet.dice.choice(list(FORMATS))
        (options.write / f"s{at}.{ending}").write_bytes(FORMATS[ending](sheet))
        # What is of none of the table's times is another measure, which its draft names so.
        of_table = [truth for truth in sheet.truth if truth["period"]]
        figures = [[truth["row"], truth["column"], f"{truth['value']!r} {truth['unit']} {truth['period']}"] for truth in of_table]
        known[f"s{at}.{ending}"] = {"kind": sheet.kind, "is_doubtful": bool(sheet.doubt), "figures": figures}
    (options.write / "truth.json").write_text(json.dumps(known, ensure_ascii=False))


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--mujun", help="the program whose reading is held against the truth")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--count", type=int, default=2000)
    arguments.add_argument("--write", type=Path, help="a folder for all sheets, and for truth.json; nothing is read then")
    arguments.add_argument("--keep", type=Path, help="a folder for the sheets that are not read right")
    options = arguments.parse_args()
    if options.write:
        return write_all(options)
    right = lost = other = alarms = figures = clean = 0
    examples = collections.defaultdict(list)
    with tempfile.TemporaryDirectory() as work:
        for start in range(0, options.count, 250):
            sheets = {}
            for at in range(start, min(start + 250, options.count)):
                sheet = draw(options.seed, at)
                ending = sheet.dice.choice(list(FORMATS))
                sheets[f"s{at}.{ending}"] = (sheet, FORMATS[ending](sheet))
            found, told = read(options.mujun, sheets, Path(work))
            for name, (sheet, content) in sheets.items():
                words = [word for word in told[name] if word[1] != "note"]
                gone, wrong = [], []
                for truth in sheet.truth:
                    figures += 1
                    cell = found[name].get((truth["row"], truth["column"]))
                    if cell is None or cell["value"] is None:
                        gone.append(truth)
                        continue
                    same = abs(float(cell["value"]) - truth["value"]) <= 1e-9 * max(1, abs(truth["value"]))
                    titled = sheet.titles.get(truth["column"], cell["column_label"])
                    if not same or (cell["unit"], cell["period"], cell["column_label"]) != (truth["unit"], truth["period"], titled):
                        wrong.append((truth, {key: cell[key] for key in ["value", "unit", "period", "column_label"]}))
                apart = found[name].get(sheet.beside)
                # One that is shown without a row's or a column's name is in no fact: a run sets it aside.
                is_nameless = apart is not None and not (apart["row_label"] and apart["column_label"])
                if sheet.beside and not words and not is_nameless:
                    lost += 1
                    examples["beside the table in silence"].append((name, sheet.kind, sheet.beside))
                if not sheet.doubt:
                    clean += 1
                    alarms += bool(words)
                if gone and not words:
                    lost += len(gone)
                    examples["lost in silence"].append((name, sheet.kind, gone[0]))
                if wrong and not words:
                    other += len(wrong)
                    examples["other in silence"].append((name, sheet.kind, wrong[0]))
                if words and not sheet.doubt:
                    examples["alarm"].append((name, sheet.kind, words[0][2]))
                if gone or wrong:
                    if words:
                        examples["not right, told"].append((name, sheet.kind, words[0][2]))
                    if options.keep:
                        options.keep.mkdir(parents=True, exist_ok=True)
                        (options.keep / name).write_bytes(content)
                else:
                    right += 1
    share, false_alarms = right / options.count, alarms / max(clean, 1)
    print(f"{options.count} sheets, {figures} figures; read fully right {share:.2%}; missing in silence {lost}; "
          f"another unit or period in silence {other}; false alarms {false_alarms:.2%}")
    for what, cases in examples.items():
        print(f"{what}: {len(cases)}", file=sys.stderr)
        kinds = collections.Counter(case[1] for case in cases)
        print("  ", dict(kinds), file=sys.stderr)
        for case in cases[:8]:
            print("  ", *case, file=sys.stderr)
    sys.exit(0 if share >= 0.97 and lost == 0 and other == 0 and false_alarms <= 0.02 else 1)


if __name__ == "__main__":
    main()
