"""Holds what `mujun explain` says of randomly chosen values against the cells that this script finds in the exports itself.

    explained.py SAMPLE RELEASE SEED COUNT COMMAND...

SAMPLE holds exports/ and config/registers/, RELEASE is the folder of the release, COMMAND is `mujun explain` with its options, to
which the indicator, the area, the level and the quarter are added. Exit code 1 where a cell is missing or too many, where a
text is not the one in the file, or where parts do not come to the whole.
"""

import json
import random
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "independent"))

import duckdb  # noqa: E402
from exports import Sheet, Unbelievable, amount, date_quarter, division, grid_of, tidy, unit_code, whole  # noqa: E402
from world import MICROMU, QIANYUAN, WANYUAN, World, code, land_area, money, one_of  # noqa: E402

FORMS = {
    "tax": ("**/规上工业企业税收*.txt", {
        "tax_ytd_fen": money(WANYUAN, "实缴税收累计"), "tax_prior_ytd_fen": money(WANYUAN, "上年同期实缴税收累计"),
    }),
    "finance": ("**/B203*.csv", {
        "industry_code": (("行业代码",), lambda cell, _: division(cell)),
        "revenue_ytd_fen": money(QIANYUAN, "301", "1-本月", needed=True), "revenue_prior_ytd_fen": money(QIANYUAN, "301", "上年同期"),
        "profit_ytd_fen": money(QIANYUAN, "327", "1-本月"), "profit_prior_ytd_fen": money(QIANYUAN, "327", "上年同期"),
        "employees_average_persons": money(1, "平均用工人数"),
    }),
    "output": ("**/B204-1*.csv", {
        "industry_code": (("行业代码",), lambda cell, _: division(cell)),
        "output_ytd_fen": money(QIANYUAN, "工业总产值", "1-本月", needed=True),
        "output_prior_ytd_fen": money(QIANYUAN, "工业总产值", "上年同期"),
    }),
}


class Cells:
    """Every cell of the forms with its address, by enterprise and quarter; of two issues of a quarter the later one's."""

    def __init__(self, world):
        self.world, self.forms = world, {}
        for dataset, (pattern, columns) in FORMS.items():
            found = {}
            paths = sorted(world.exports.glob(pattern), key=lambda path: (Sheet(path).issued(), path.name))
            for path in paths:
                for key, row in self.rows(path, columns).items():
                    found[key] = row
            self.forms[dataset] = found
        self.parcels = self.read_parcels()

    def numbered(self, path):
        """The rows of a sheet with their numbers."""
        sheet, grid = Sheet(path), grid_of(path)
        numbered, at = [], 0
        for row in sheet.rows:
            # The same rows come in the same order.
            while grid[at] != row:
                at += 1
            numbered.append((at + 1, row))
            at += 1
        return sheet, numbered

    def rows(self, path, columns):
        sheet, numbered = self.numbered(path)
        places = {name: (sheet.column(*words), make) for name, (words, make) in columns.items()}
        unit_at = sheet.column("(统一)?社会信用代码")
        quarter, seen = sheet.span(), {}
        for number, cells in numbered:
            try:
                unit = unit_code(cells[unit_at])
                values = {name: make(cells[at], sheet) for name, (at, make) in places.items()}
            except Unbelievable:
                continue
            if not self.world.place(unit, quarter)[0]:
                continue
            name = str(path.relative_to(self.world.exports))
            row = {of: (value, (name, number, places[of][0] + 1), cells[places[of][0]]) for of, value in values.items()}
            seen.setdefault((unit, quarter), []).append((tuple(cells), row))
        # One that is written twice is one; two that differ are none.
        return {key: rows[0][1] for key, rows in seen.items() if len({cells for cells, _ in rows}) == 1}

    def read_parcels(self):
        found = []
        issues = {}
        for path in self.world.exports.glob("**/*工业用地台账*.csv"):
            family = re.sub(r"_\d{8}\.", ".", path.name)
            if family not in issues or Sheet(path).issued() > Sheet(issues[family]).issued():
                issues[family] = path
        columns = {
            "parcel": (("地块编号",), lambda cell, _: tidy(cell)), "park_code": (("集聚区代码",), lambda cell, _: tidy(cell)),
            "land_use": one_of("土地用途", "工业用地", "仓储用地", "商服用地"), "area_micromu": (("面积",), land_area),
            "granted_quarter": (("供地日期",), lambda cell, _: date_quarter(cell)),
            "returned_quarter": (("收回日期",), lambda cell, _: date_quarter(cell)),
        }
        for path in issues.values():
            sheet, numbered = self.numbered(path)
            places = {name: (sheet.column(*words), make) for name, (words, make) in columns.items()}
            of_file = {}
            for number, cells in numbered:
                try:
                    values = {name: make(cells[at], sheet) for name, (at, make) in places.items()}
                except Unbelievable:
                    continue
                if values["park_code"] not in self.world.parks:
                    continue
                name = str(path.relative_to(self.world.exports))
                row = {of: (value, (name, number, places[of][0] + 1), cells[places[of][0]]) for of, value in values.items()}
                of_file.setdefault(values["parcel"], []).append((tuple(cells), row))
            found += [rows[0][1] for rows in of_file.values() if len({cells for cells, _ in rows}) == 1]
        return found

    def value(self, dataset, unit, quarter, column):
        """The value of a cell, if it has one: with its address and its text."""
        row = self.forms[dataset].get((unit, quarter))
        cell = row and row[column]
        return cell if cell and cell[0] is not None else None

    def units(self, park, quarter):
        """The enterprises of a park in a quarter."""
        return [unit for unit in self.world.spans if self.world.place(unit, quarter) == (True, park)]


def of_quarter(dataset, column, *needed):
    """The enterprises' cells of one quarter. `needed` are others without which the enterprise does not count."""

    def find(cells, park, quarter):
        for unit in cells.units(park, quarter):
            adding = cells.value(dataset, unit, quarter, column)
            others = [cells.value(*other[:1], unit, quarter, other[1]) for other in needed]
            if adding and all(others):
                yield unit, adding[0], {adding[1]: (adding[0], adding[2])} | {other[1]: (None, other[2]) for other in others}

    return find


def value_added(cells, park, quarter):
    """Output times the rate of the division: the cell of the industry says which."""
    for unit in cells.units(park, quarter):
        output, industry = (cells.value("output", unit, quarter, name) for name in ("output_ytd_fen", "industry_code"))
        rate = industry and cells.world.rate.get((industry[0], quarter // 4))
        if output and rate is not None:
            added = whole(Decimal(output[0]), rate)
            yield unit, added, {output[1]: (added, output[2]), industry[1]: (None, industry[2])}


def trailing(dataset, column, prior):
    """Since January, and last year, less since January a year ago; those that left within the four quarters included."""

    def find(cells, park, quarter):
        world, start = cells.world, quarter - quarter % 4
        for unit, spans in world.spans.items():
            is_there, of_park = world.place(unit, quarter)
            last = quarter
            if not is_there:
                ends = [end for _, end, _ in spans if end < quarter]
                if not ends or max(ends) < quarter - 3:
                    continue
                last = max(ends)
                was = world.place(unit, last)[1]
                of_park = was and world.lines.at(was, quarter)
            if of_park != park:
                continue
            first = world.first_quarter[unit]
            take = lambda when, sign: (sign, cells.value(dataset, unit, when, column))
            if last < start:
                wanted = [take(last, 1), take(quarter - 4, -1)]
            elif quarter % 4 == 3 or first >= start:
                wanted = [take(last, 1)]
            else:
                wanted = [take(last, 1), take(start - 1, 1), take(quarter - 4, -1)]
                if wanted[2][1] is None and last == quarter:
                    wanted[2] = (-1, cells.value(dataset, unit, quarter, prior))
            if all(cell for _, cell in wanted):
                told = {cell[1]: (sign * cell[0], cell[2]) for sign, cell in wanted}
                # What adds nothing decides all the same: without it there is no sum.
                yield unit, sum(sign * cell[0] for sign, cell in wanted), told

    return find


def land(cells, park, quarter):
    """The plots of a park that were granted by the end of a quarter and not taken back."""
    whole_park, told, gone = 0, {}, {}
    for row in cells.parcels:
        code, use = row["park_code"][0], row["land_use"][0]
        granted, returned = row["granted_quarter"][0], row["returned_quarter"][0]
        is_granted = use == "工业用地" and granted is not None and granted <= quarter
        if not is_granted or cells.world.lines.at(code, quarter) != park:
            continue
        if returned is not None and returned <= quarter:
            # It would count if nobody had taken it back: that cell decides.
            gone[row["returned_quarter"][1]] = (None, row["returned_quarter"][2])
        else:
            area = row["area_micromu"]
            whole_park += area[0]
            told |= {area[1]: (area[0], area[2]), row["land_use"][1]: (None, row["land_use"][2])}
            told[row["granted_quarter"][1]] = (None, row["granted_quarter"][2])
    if told:
        yield None, whole_park, told | gone


TAX = ("tax", "tax_ytd_fen", "tax_prior_ytd_fen")
REVENUE = ("finance", "revenue_ytd_fen", "revenue_prior_ytd_fen")
PROFIT = ("finance", "profit_ytd_fen", "profit_prior_ytd_fen")
# The measures that this script knows, by indicator: of each side how its cells are found, and whether only parks with land count.
SIDES = {
    "tax_per_mu_ytd": {"tax_ytd_on_land_fen": (of_quarter(*TAX[:2]), True), "land_tax_ytd_micromu": (land, True)},
    "tax_per_mu_ttm": {"tax_ttm_on_land_fen": (trailing(*TAX), True), "land_tax_ttm_micromu": (land, True)},
    "revenue_per_mu_ttm": {"revenue_ttm_on_land_fen": (trailing(*REVENUE), True), "land_revenue_ttm_micromu": (land, True)},
    "profit_per_mu_ttm": {"profit_ttm_on_land_fen": (trailing(*PROFIT), True), "land_profit_ttm_micromu": (land, True)},
    "share_of_province_va_ytd": {"va_ytd_fen": (value_added, False)},
    "revenue_growth_ytd": {
        "revenue_pair_ytd_fen": (of_quarter("finance", "revenue_ytd_fen", ("finance", "revenue_prior_ytd_fen")), False),
        "revenue_pair_prior_fen": (of_quarter("finance", "revenue_prior_ytd_fen", ("finance", "revenue_ytd_fen")), False),
    },
    "profit_growth_ytd": {
        "profit_pair_ytd_fen": (of_quarter("finance", "profit_ytd_fen", ("finance", "profit_prior_ytd_fen")), False),
        "profit_pair_prior_fen": (of_quarter("finance", "profit_prior_ytd_fen", ("finance", "profit_ytd_fen")), False),
    },
    "tax_per_employee_ytd": {
        "tax_staff_ytd_fen": (of_quarter("tax", "tax_ytd_fen", ("finance", "employees_average_persons")), False),
        "tax_staff_persons": (of_quarter("finance", "employees_average_persons", ("tax", "tax_ytd_fen")), False),
    },
}


class Wrong(Exception):
    """An explanation that is not so."""


def leaves(figure):
    """The figures of parks that a figure is the sum of, through cities and conditions, and every sum on the way holds."""
    check(figure)
    if figure["rows"] and figure["rows"]["by"] != "none":
        yield figure
        return
    for total in figure["sums"]:
        if total["kind"] in ("areas", "condition"):
            for part in total["parts"]:
                yield from leaves(part["figure"])


def check(figure):
    """That the parts of a figure come to it."""
    for total in figure["sums"]:
        if total["holds"] is not True:
            raise Wrong(f"{figure['measure']}: a sum of {total['kind']} does not hold")
        parts = sum(part["factor"] * (part["figure"]["value"] or 0) for part in total["parts"])
        rest = total["rest"]["value"] if total["rest"] else 0
        if parts + rest != figure["value"]:
            raise Wrong(f"{figure['measure']}: {total['kind']} come to {parts + rest}, not to {figure['value']}")
    rows = figure["rows"]
    if rows and rows["by"] == "enterprises":
        told = sum(part["value"] for part in rows["parts"]) + (rows["rest"]["value"] if rows["rest"] else 0)
        if told + rows["difference"] != figure["value"]:
            raise Wrong(f"{figure['measure']}: enterprises come to {told}, not to {figure['value']}")
    for part in rows["parts"] if rows else []:
        added = sum(cell["adds"] or 0 for cell in part["cells"])
        if any(cell["adds"] for cell in part["cells"]) and added != part["value"]:
            raise Wrong(f"{figure['measure']} {part['unit_code']}: cells come to {added}, not to {part['value']}")


def told_of(figure):
    """What an explanation says of a park's figure: by enterprise its value, and its cells."""
    told = {}
    for part in figure["rows"]["parts"]:
        cells = {}
        for cell in part["cells"]:
            cells[cell["file"], cell["row"], cell["column"]] = (cell["adds"], cell["text"])
        told[part["unit_code"]] = (part["value"], cells)
    return told


def hold(cells, explained, area, level, quarter):
    """Holds one explanation against the exports; gives how many cells it named."""
    world, named = cells.world, 0
    of_area = world.areas[(world.areas["level"] == level) & (world.areas["area"] == area)]
    of_area = of_area[(of_area["from"] <= quarter) & (of_area["to"] >= quarter)]
    for side in explained["made_of"]:
        measure = side["figure"]["measure"]
        known = SIDES[explained["indicator"]["id"]].get(measure)
        if known is None:
            continue
        find, needs_land = known
        expected = {}
        for park in of_area["park"]:
            has_land = any(True for _ in land(cells, park, quarter))
            found = {unit: (value, of_unit) for unit, value, of_unit in find(cells, park, quarter)}
            # The land beside a sum is only that of parks which have the sum.
            pair = next((other for name, (other, _) in SIDES[explained["indicator"]["id"]].items() if name != measure), None)
            is_without = find is land and pair is not None and not any(True for _ in pair(cells, park, quarter))
            if found and (has_land or not needs_land) and not is_without:
                expected[park] = found
        told = {}
        if side["figure"]["value"] is not None:
            for leaf in leaves(side["figure"]):
                told[world.lines.of_code[leaf["area"]["ref_area"]]] = told_of(leaf)
        if told.keys() != expected.keys():
            raise Wrong(f"{measure}: parks {sorted(told.keys() ^ expected.keys())} are in one and not in the other")
        total = 0
        for park, of_park in expected.items():
            mine = told[park]
            if mine.keys() != of_park.keys():
                raise Wrong(f"{measure} {park}: enterprises {sorted(map(str, mine.keys() ^ of_park.keys()))}")
            for unit, (value, of_unit) in of_park.items():
                named += compare(measure, unit, mine[unit], value, of_unit)
                total += value
        if side["figure"]["value"] is not None and total != side["figure"]["value"]:
            raise Wrong(f"{measure}: the exports come to {total}, not to {side['figure']['value']}")
    return named


def compare(measure, unit, told, value, expected):
    """One enterprise's value and cells."""
    said, cells = told
    if said != value:
        raise Wrong(f"{measure} {unit}: {said}, not {value}")
    if cells.keys() != expected.keys():
        raise Wrong(f"{measure} {unit}: cells {sorted(cells.keys() ^ expected.keys())}")
    for address, (adds, text) in expected.items():
        # A zero adds nothing.
        if (cells[address][0] or 0) != (adds or 0):
            raise Wrong(f"{measure} {unit} {address}: adds {cells[address][0]}, not {adds}")
        if tidy(cells[address][1]) != tidy(text):
            raise Wrong(f"{measure} {unit} {address}: {cells[address][1]!r} is not {text!r}")
    return len(expected)


def main():
    sample, release, seed, count, *command = sys.argv[1:]
    cells = Cells(World(Path(sample)))
    rows = duckdb.sql(f"""
        SELECT indicator, level, ref_area, time_period FROM read_parquet('{release}/indicators/*/*/*.parquet', hive_partitioning = true)
        WHERE value IS NOT NULL AND indicator IN ({', '.join(f"'{name}'" for name in SIDES)})
        ORDER BY indicator, level, ref_area, time_period
    """).fetchall()
    groups = {}
    for row in rows:
        groups.setdefault(row[:2], []).append(row)
    dice, chosen = random.Random(int(seed)), []
    # Of every indicator and level as many.
    keys = sorted(groups)
    while len(chosen) < int(count):
        dice.shuffle(keys)
        chosen += [dice.choice(groups[key]) for key in keys[: int(count) - len(chosen)]]
    failed = named = 0
    for indicator, level, area, period in chosen:
        asked = [indicator, "--area", area, "--level", level, "--quarter", period, "--depth", "9", "--most", "0"]
        done = subprocess.run([*command, *asked], capture_output=True, text=True)
        try:
            if done.returncode:
                raise Wrong(done.stderr)
            year, part = period.split("-Q")
            named += hold(cells, json.loads(done.stdout), area, level, int(year) * 4 + int(part) - 1)
        except Wrong as wrong:
            failed += 1
            print(f"FAIL {indicator} {level} {area} {period}: {wrong}")
    print(f"{len(chosen)} values, {named} cells, {failed} wrong")
    sys.exit(1 if failed else 0)


main()
