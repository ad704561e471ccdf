"""The exports and registers of a sample as frames: enterprises in their parks, what each form says of them."""

import re
from decimal import Decimal
from pathlib import Path

import pandas

from exports import (
    MISSING, Sheet, Unbelievable, amount, date_quarter, division, parse_quarter, read_across, read_form, read_ledgers, register, tidy,
    unit_code, whole,
)
from territory import Lines

# The smallest unit: fen, grams of standard coal, millionths of a mu.
QIANYUAN, WANYUAN, YIYUAN = 10**5, 10**6, 10**10
TONNE = GRAM = 10**6  # grams in a tonne
MICROMU = {"亩": Decimal(10**6), "公顷": Decimal(15 * 10**6), "平方米": Decimal(1500), "平方公里": Decimal(1500 * 10**6)}
FOREVER = 99_999
SHARED = Path(__file__).resolve().parents[3] / "config" / "registers"
WAN_SQUARE_METRES = 10_000 * 1500
# What a price index of a year can be.
PRICES = (50, 200)
CATEGORIES = ("绿色工厂", "智能工厂", "智能车间", "头雁企业", "高新技术企业", "研发平台", "驰名品牌", "上云企业", "工业互联网平台")
POLLUTANTS = ("化学需氧量", "氨氮", "二氧化硫", "氮氧化物")


def money(unit, *words, needed=False):
    return words, lambda cell, _: whole(amount(cell, needed), unit)


def code(*words):
    return words, lambda cell, _: unit_code(cell)


def one_of(word, *choices):
    """A cell that must hold one of some words, or nothing."""

    def make(cell, _):
        text = tidy(cell)
        if text not in MISSING and text not in choices:
            raise Unbelievable(f"none of {choices}: {text}")
        return text if text in choices else None

    return (word,), make


def yes(word):
    """1 for yes, 0 for no, none where nothing is said."""
    words, make = one_of(word, "是", "否")
    return words, lambda cell, sheet: {"是": 1, "否": 0}.get(make(cell, sheet))


def land_area(cell, sheet):
    area = whole(amount(cell, True), MICROMU[sheet.unit()])
    if area <= 0:
        raise Unbelievable("no area")
    return area


class World:
    """Everything the formulas need."""

    province = "410000"

    def __init__(self, folder):
        self.exports, self.registers = folder / "exports", folder / "config" / "registers"
        self.read_registers()
        self.read_enterprises()
        self.read_parks()
        self.read_reform()
        self.read_recognitions()
        self.read_published()

    def read_registers(self):
        parks = self.register("parks.csv").rename(columns={"park_code": "code"})
        parks["from"], parks["to"] = self.validity(parks)
        self.parks = {}
        for row in parks.to_dict("records"):
            self.parks.setdefault(row["code"], []).append((row["from"], row["to"]))
        self.lines = Lines(parks)
        parks["park"] = parks["code"].map(self.lines.of_code)
        self.areas = self.read_areas(parks)
        stays = self.register("enterprise_park.csv")
        stays["from"], stays["to"] = self.validity(stays)
        self.stays = stays
        self.first_quarter = stays.groupby("unit_code")["from"].min().astype("Int64")
        self.spans = {}
        for row in stays.itertuples():
            self.spans.setdefault(row.unit_code, []).extend(self.lines.cut(row.park_code, row[-2], row[-1]))
        clusters = self.register("clusters.csv")
        clusters["park"] = clusters["park_code"].map(self.lines.onwards)
        clusters = clusters.explode("park")
        self.cluster = pandas.DataFrame({
            "cluster": clusters["cluster_code"], "park": clusters["park"],
            "division": clusters["industry_division"].astype(int).astype("Int64"),
        }).drop_duplicates()
        self.leading = {}
        for row in self.register("leading_industries.csv").to_dict("records"):
            begin = parse_quarter(row["valid_from"]) if row["valid_from"] else 0
            end = parse_quarter(row["valid_to"]) if row["valid_to"] else FOREVER
            for park in self.lines.onwards(row["park_code"]):
                self.leading.setdefault(park, []).append((int(row["industry_division"]), begin, end))
        rates = self.register("value_added_rate.csv")
        self.rate = {(int(r.industry_division), int(r.year)): Decimal(r.rate) for r in rates.itertuples()}

    def register(self, name):
        """A register of the sample, or else the one that all installations share."""
        path = self.registers / name
        return register(path if path.is_file() else SHARED / name)

    def read_areas(self, parks):
        """Which parks make up each area and when: a county is known by the code that holds now, and one that the province
        administers directly counts in its city (`city`) or stands beside it (`city_net`)."""
        successors = {row.region_code: row.successor for row in self.register("regions.csv").itertuples() if row.successor}
        current = lambda code: current(successors[code]) if code in successors else code
        parks["county"] = parks["county_code"].map(current)
        direct = {current(code) for code in self.register("directly_administered.csv")["region_code"]}
        own, net = parks[parks["county"] != ""], parks[~parks["county"].isin(direct)]
        levels = [
            ("park", parks, parks["code"]), ("county", own, own["county"]), ("city_net", net, net["city_code"]),
            ("city", parks, parks["city_code"]), ("province", parks, self.province),
        ]
        # What is one area through time: a park under all of its codes, any other area under the one that it has.
        line = lambda level, of, area: of["park"] if level == "park" else area
        of_level = lambda level, of, area: pandas.DataFrame(
            {"level": level, "area": area, "line": line(level, of, area), "park": of["park"], "from": of["from"], "to": of["to"]}
        )
        return pandas.concat([of_level(*level) for level in levels], ignore_index=True)

    @staticmethod
    def validity(frame):
        begin = [parse_quarter(text) if text else 0 for text in frame["valid_from"]]
        return begin, [parse_quarter(text) if text else FOREVER for text in frame["valid_to"]]

    def place(self, unit, quarter):
        """Whether an enterprise is on the register in a quarter, and in which park."""
        for begin, end, park in self.spans.get(unit, []):
            if begin <= quarter <= end:
                return True, park
        return False, None

    def is_known(self, record):
        return self.place(record["key"], record["quarter"])[0]

    def is_park(self, record):
        return any(begin <= record["quarter"] <= end for begin, end in self.parks.get(record["key"], []))

    def form(self, pattern, columns):
        return read_form(self.exports, pattern, columns, known=self.is_known)

    def read_enterprises(self):
        """One row for each enterprise and quarter, with every form's figures."""
        finance = self.form("**/B203*.csv", {
            "key": code("(统一)?社会信用代码"), "finance_division": (("行业代码",), lambda cell, _: division(cell)),
            "revenue": money(QIANYUAN, "301", "1-本月", needed=True), "revenue_prior": money(QIANYUAN, "301", "上年同期"),
            "profit": money(QIANYUAN, "327", "1-本月"), "profit_prior": money(QIANYUAN, "327", "上年同期"),
            "staff": money(1, "平均用工人数"),
        })
        output = self.form("**/B204-1*.csv", {
            "key": code("(统一)?社会信用代码"), "division": (("行业代码",), lambda cell, _: division(cell)),
            "output": money(QIANYUAN, "工业总产值", "1-本月", needed=True),
            "output_prior": money(QIANYUAN, "工业总产值", "上年同期"),
        })
        energy = self.form("**/205-1*.xlsx", {
            "key": code("(统一)?社会信用代码"), "energy": money(TONNE, "综合能源消费量", "本年累计"),
            "energy_prior": money(TONNE, "综合能源消费量", "上年同期累计"),
        })
        tax = self.form("**/规上工业企业税收*.txt", {
            "key": code("(统一)?社会信用代码"), "tax": money(WANYUAN, "实缴税收累计"), "tax_prior": money(WANYUAN, "上年同期实缴税收累计"),
        })
        self.quarters = list(range(int(finance["quarter"].min()), int(finance["quarter"].max()) + 1))
        output["va"] = self.value_added(output, "output", 0)
        output["va_prior"] = self.value_added(output, "output_prior", 1)
        panel = finance
        for form in (output.drop(columns=["output", "output_prior"]), energy, tax, self.read_emissions()):
            panel = panel.merge(form, on=["key", "quarter"], how="outer")
        panel = panel.rename(columns={"key": "unit"})
        panel["park"] = [self.place(unit, quarter)[1] for unit, quarter in zip(panel["unit"], panel["quarter"])]
        self.panel = panel[panel["quarter"].isin(self.quarters)].reset_index(drop=True)
        self.research = self.read_research()
        self.retrofit = read_form(
            self.exports, "**/规上工业企业智能化改造项目名单*.xlsx",
            {"unit": code("(统一)?社会信用代码"), "completed": (("完成时间",), lambda cell, _: date_quarter(cell))}, key=(), period=False,
        )

    def read_emissions(self):
        """The four pollutants added up, in grams; not known where one of them is missing."""
        columns = {"key": code("(统一)?社会信用代码")}
        for name in POLLUTANTS:
            columns[name] = money(GRAM, name, "本年累计")
            columns[f"{name} prior"] = money(GRAM, name, "上年同期累计")
        form = self.form("**/规上工业企业排放*.csv", columns)
        form["emission"] = form[list(POLLUTANTS)].sum(axis=1, min_count=len(POLLUTANTS))
        form["emission_prior"] = form[[f"{name} prior" for name in POLLUTANTS]].sum(axis=1, min_count=len(POLLUTANTS))
        return form[["key", "quarter", "emission", "emission_prior"]]

    def read_research(self):
        """R&D expenditure; only those that have some file the form."""
        return self.form("**/规上工业企业研发活动*.csv", {
            "key": code("(统一)?社会信用代码"), "research": money(QIANYUAN, "研发经费支出", "本年累计"),
        }).rename(columns={"key": "unit"})

    def value_added(self, output, column, years_ago):
        """Gross output times the rate of the division and the year, in fen (DOMAIN §4)."""
        values = []
        for of_division, quarter, fen in zip(output["division"], output["quarter"], output[column]):
            rate = self.rate.get((of_division, quarter // 4 - years_ago))
            values.append(None if rate is None or fen is pandas.NA else whole(Decimal(int(fen)), rate))
        return pandas.Series(values, dtype="Int64", index=output.index)

    def read_parks(self):
        """Land at the end of each quarter, and the form of the administrations."""
        plots = read_ledgers(self.exports, "**/*工业用地台账*.csv", {
            "key": (("地块编号",), lambda cell, _: tidy(cell)), "park": (("集聚区代码",), lambda cell, _: tidy(cell)),
            "use": one_of("土地用途", "工业用地", "仓储用地", "商服用地"), "area": (("面积",), land_area),
            "granted": (("供地日期",), lambda cell, _: date_quarter(cell)),
            "returned": (("收回日期",), lambda cell, _: date_quarter(cell)),
        })
        plots = plots[(plots["use"] == "工业用地") & plots["park"].isin(list(self.parks))]
        held = plots.merge(pandas.DataFrame({"quarter": self.quarters}, dtype="Int64"), how="cross")
        is_held = (held["granted"] <= held["quarter"]) & (held["returned"].isna() | (held["returned"] > held["quarter"]))
        held["park"] = [self.lines.at(code, quarter) for code, quarter in zip(held["park"], held["quarter"])]
        self.land = held[is_held].groupby(["park", "quarter"])["area"].sum().rename("land").reset_index()
        self.park_form = read_form(self.exports, "**/JJQ201*.xls", {
            "key": (("集聚区代码",), lambda cell, _: tidy(cell)),
            "planned": money(MICROMU["平方公里"], "规划面积"), "built_up": money(MICROMU["平方公里"], "建成区面积"),
            "people": money(1, "期末从业人员"), "factories": money(WAN_SQUARE_METRES, "标准厂房面积"),
        }, known=self.is_park).rename(columns={"key": "park"})
        self.park_form["park"] = self.park_form["park"].map(self.lines.of_code)

    def read_reform(self):
        """What administrations say of construction and reform, beside their form on areas and the land of the park."""
        reform = read_form(self.exports, "**/产业集聚区建设与改革情况*.xlsx", {
            "key": (("集聚区代码",), lambda cell, _: tidy(cell)), "sub_parks": money(1, "区中园个数"),
            "revenue": money(YIYUAN, "集聚区营业收入"), "sub_revenue": money(YIYUAN, "区中园营业收入"),
            "green": yes("绿色园区"), "smart": yes("智能化示范园区"), "chemical": yes("主导产业为化工"),
            "remediation": one_of("整治提升状态", "未启动", "整治中", "已完成"),
            "sewage": yes("集中污水处理"), "monitoring": yes("环境在线监测"), "committee": yes(r"管委会\+公司"),
            "company": yes("市场化运营公司"), "powers": money(1, "下放权限项数"), "financing": money(WANYUAN, "融资总额"),
            "market": money(WANYUAN, "市场化融资额"), "high_level": money(1, "高层次管理人才"),
            "contracted": money(YIYUAN, "签约投资额"), "realised": money(YIYUAN, "实际完成投资额"),
            "in_place": money(WANYUAN, "到位资金本年累计"), "investment": money(YIYUAN, "固定资产投资本年累计"),
            "renovation": money(WANYUAN, "技术改造投资本年累计"), "projects": money(YIYUAN, "工业项目累计投资"),
            "floor": money(WAN_SQUARE_METRES, "工业建筑面积"), "idle": money(MICROMU["亩"], "闲置工业用地"),
        }, known=self.is_park).rename(columns={"key": "park"})
        reform["park"] = reform["park"].map(self.lines.of_code)
        self.parks_said = self.park_form.merge(reform, on=["park", "quarter"], how="outer")
        self.parks_said = self.parks_said.merge(self.land, on=["park", "quarter"], how="left")

    def read_recognitions(self):
        """Entries of the list of recognitions, and every enterprise in its park in every quarter."""
        self.recognition = read_form(self.exports, "**/企业认定与上云名单*.xlsx", {
            "key": (("认定编号",), lambda cell, _: tidy(cell)), "unit": code("(统一)?社会信用代码"),
            "category": one_of("认定类别", *CATEGORIES),
            "awarded": (("认定时间",), lambda cell, _: date_quarter(cell)),
            "revoked": (("撤销时间",), lambda cell, _: date_quarter(cell)),
        }, period=False, known=lambda record: record["unit"] in self.spans)
        rows = [
            (unit, quarter, park) for unit, spans in self.spans.items() for begin, end, park in spans
            for quarter in self.quarters if begin <= quarter <= end
        ]
        self.registered = pandas.DataFrame(rows, columns=["unit", "quarter", "park"]).astype({"quarter": "Int64"})

    def read_published(self):
        """Price indices by division (same period of last year = 100), and what the province publishes."""
        [prices] = self.exports.glob("**/分行业工业生产者出厂价格指数*.csv")
        self.price = read_across(prices, lambda cell: int(cell) if re.fullmatch(r"\d{1,2}", cell) else None)
        # To another base they are no growth; and what no index of a year can be was set down as something else.
        base = re.search(r"(\S+?)\s*=\s*100", Sheet(prices).caption)
        is_index = lambda value: value is not None and base[1] == "上年同期" and PRICES[0] <= value <= PRICES[1]
        told = {at: [of[at] for of in self.price.values() if of.get(at) is not None] for of in self.price.values() for at in of}
        # Where most of a period's are none, the others are believed as little.
        believed = {at for at, values in told.items() if 2 * sum(map(is_index, values)) > len(values)}
        self.price = {
            key: {at: value for at, value in of.items() if is_index(value) and at in believed} for key, of in self.price.items()
        }
        series = [path for path in self.exports.glob("**/规模以上工业增加值*.csv") if "地区：河南省" in Sheet(path).caption]
        if not series:
            self.published_va, self.published_growth = {}, {}
            return
        series = max(series, key=lambda path: Sheet(path).issued())

        def name(cell):
            found = re.fullmatch(r"规模以上工业增加值累计(值\(亿元\)|增长\(%\))", cell)
            return found and ("va" if found[1].startswith("值") else "growth")

        table = read_across(series, name)
        self.published_va = {quarter: whole(value, YIYUAN) for quarter, value in table["va"].items() if value is not None}
        self.published_growth = {quarter: value for quarter, value in table["growth"].items() if value is not None}
