"""Writes tables with the library dbf, and truth.json with their cells as the library dbfread reads them: for each table a list of
rows, the names first. Numbers are the text that stands in the table."""
import datetime
import json
import random
import sys
from decimal import Decimal
from pathlib import Path

try:
    import dbf
    import dbfread
except ImportError as error:
    print(f"not installed: {error.name} (benches/peers/requirements.txt)")
    sys.exit(0)

out = Path(sys.argv[1])
dice = random.Random(11)
PLACES = ["郑州市", "开封市", "洛阳市", "平顶山市", "金明区", "航空港区", "龙亭区", "plain", ""]


class Exact(dbfread.FieldParser):
    """Numbers as they are written."""

    def parseN(self, field, data):
        return data.strip(b"\0 ").decode("ascii")

    parseF = parseN


def text(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d") if value.time() == datetime.time() else value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.4f}"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return str(value)


def made(fields):
    for _ in range(dice.randrange(20, 60)):
        row = []
        for kind in fields:
            value = {
                "C": lambda: dice.choice(PLACES),
                "N": lambda: dice.choice([None, round(dice.uniform(-9_999, 99_999), 2), 0, 2018]),
                "F": lambda: round(dice.uniform(-9, 9), 3),
                "D": lambda: dice.choice([None, datetime.date(2018, dice.randrange(1, 13), dice.randrange(1, 29))]),
                "L": lambda: dice.choice([None, True, False]),
                "I": lambda: dice.randrange(-2**31, 2**31),
                "B": lambda: dice.choice([0.1, -2.5, 1e15, 12345.678, 0.0]),
                "Y": lambda: dice.choice(["0.0001", "-12.5", "922337203685477.5807"]),
                "T": lambda: dice.choice([datetime.datetime(2018, 3, 31), datetime.datetime(2019, 12, 1, 8, 30, 1)]),
            }[kind]()
            row.append(Decimal(value) if kind == "Y" else value)
        yield tuple(row)


KINDS = {
    "db3": ("a C(12); b N(12,2); c D; d L", "CNDL"),
    "clp": ("a C(300); b N(10,0); c D; d L; e C(9)", "CNDLC"),
    "fp": ("a C(12); b N(12,2); c D; d L; e F(9,3)", "CNDLF"),
    "vfp": ("a C(12); b N(12,2); c D; d L; e I; f B; g Y; h T", "CNDLIBYT"),
}
truth = {}
for turn in range(4):
    for kind, (spec, fields) in KINDS.items():
        name = f"{kind}{turn}.dbf"
        table = dbf.Table(str(out / name), spec, dbf_type=kind, codepage="cp936")
        table.open(mode=dbf.READ_WRITE)
        for row in made(fields):
            table.append(row)
        table.close()
        read = dbfread.DBF(str(out / name), parserclass=Exact, encoding="gb18030", ignore_missing_memofile=True)
        truth[name] = [read.field_names] + [[text(value) for value in record.values()] for record in read]
(out / "truth.json").write_text(json.dumps(truth, ensure_ascii=False), encoding="utf-8")
