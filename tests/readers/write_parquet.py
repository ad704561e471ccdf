"""Writes Parquet files of many kinds with pyarrow, and what their cells are, as one JSON list of {"file", "rows"}."""

import datetime as dt
import decimal
import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

D = decimal.Decimal
CHINA = dt.timezone(dt.timedelta(hours=8))

# Name, type, values, the texts that they are.
COLUMNS = [
    ("企业代码", pa.string(), ["91410100MA3X1A2B3C", None, "中文，\"引号\""], ["91410100MA3X1A2B3C", "", "中文，\"引号\""]),
    ("i8", pa.int8(), [-128, None, 127], ["-128", "", "127"]),
    ("i64", pa.int64(), [-(2**63), None, 2**63 - 1], ["-9223372036854775808", "", "9223372036854775807"]),
    ("u32", pa.uint32(), [0, None, 2**32 - 1], ["0", "", "4294967295"]),
    ("u64", pa.uint64(), [1, None, 2**64 - 1], ["1", "", "18446744073709551615"]),
    ("万元", pa.decimal128(9, 2), [D("-0.05"), None, D("1234567.80")], ["-0.05", "", "1234567.80"]),
    ("长数", pa.decimal128(38, 6), [D("12345678901234567890123456789012.345678"), None, D("-1")],
     ["12345678901234567890123456789012.345678", "", "-1.000000"]),
    ("宽数", pa.decimal256(60, 1), [D("0.1"), None, D("-99999999999999999999.9")], ["0.1", "", "-99999999999999999999.9"]),
    ("f64", pa.float64(), [0.1, None, 118.5], ["0.1", "", "118.5"]),
    ("f32", pa.float32(), [0.1, None, 16777216.0], ["0.1", "", "16777216"]),
    ("是否", pa.bool_(), [True, None, False], ["TRUE", "", "FALSE"]),
    ("日期", pa.date32(), [dt.date(2018, 3, 31), None, dt.date(1969, 12, 31)], ["2018-03-31", "", "1969-12-31"]),
    ("时刻", pa.timestamp("us"), [dt.datetime(2018, 3, 31), None, dt.datetime(2018, 3, 31, 9, 5, 7, 120000)],
     ["2018-03-31", "", "2018-03-31T09:05:07.12"]),
    ("瞬间", pa.timestamp("ms", tz="UTC"),
     [dt.datetime(2018, 3, 31, tzinfo=CHINA), None, dt.datetime(2018, 3, 31, tzinfo=dt.timezone.utc)],
     ["2018-03-31", "", "2018-03-31T08:00:00"]),
    ("钟点", pa.time64("us"), [dt.time(23, 59, 1), None, dt.time(0, 0)], ["23:59:01", "", "00:00:00"]),
    ("全空", pa.null(), [None, None, None], ["", "", ""]),
    ("字典", pa.dictionary(pa.int32(), pa.string()), ["郑州市", None, "郑州市"], ["郑州市", "", "郑州市"]),
]

WAYS = {
    "usual": {},
    "plain": {"compression": "none", "use_dictionary": False},
    "pages of version 2": {"data_page_version": "2.0"},
    "delta": {"use_dictionary": False, "column_encoding": {"i64": "DELTA_BINARY_PACKED", "企业代码": "DELTA_BYTE_ARRAY"}},
    "split": {"use_dictionary": False, "column_encoding": {"f64": "BYTE_STREAM_SPLIT"}},
    "groups": {"row_group_size": 2, "data_page_size": 1},
    "old": {"version": "1.0", "use_deprecated_int96_timestamps": True},
    "whole": {"store_decimal_as_integer": True},
}


def main():
    out = Path(sys.argv[1])
    arrays = [pa.array(values, type_) for _, type_, values, _ in COLUMNS]
    table = pa.table(arrays, names=[name for name, *_ in COLUMNS])
    rows = [[name for name, *_ in COLUMNS]] + [[texts[at] for *_, texts in COLUMNS] for at in range(3)]
    written = []
    for way, options in WAYS.items():
        kept, wanted = table, rows
        if way == "old":
            # Version 1.0 has no moments finer than a millisecond and no unsigned numbers; moments are written as INT96.
            names = {"企业代码", "i64", "f64", "日期", "时刻"}
            at = [index for index, name in enumerate(rows[0]) if name in names]
            kept, wanted = table.select(at), [[row[index] for index in at] for row in rows]
            # INT96 says nothing of zones: it is an instant.
            place = wanted[0].index("时刻")
            wanted[1][place], wanted[3][place] = "2018-03-31T08:00:00", "2018-03-31T17:05:07.12"
        file = out / f"{way}.parquet"
        pq.write_table(kept, file, **options)
        written.append({"file": file.name, "rows": wanted})
    many = pa.table({"n": pa.array(range(10_000), pa.int32())})
    pq.write_table(many, out / "many.parquet", row_group_size=4097)
    written.append({"file": "many.parquet", "rows": [["n"]] + [[str(number)] for number in range(10_000)]})
    for name, type_, values in [
        ("list", pa.list_(pa.int32()), [[1, 2]]),
        ("struct", pa.struct([("a", pa.int32())]), [{"a": 1}]),
        ("binary", pa.binary(4), [b"abcd"]),
    ]:
        pq.write_table(pa.table({"某列": pa.array(values, type_)}), out / f"{name}.parquet")
    for codec in ["gzip", "zstd"]:
        pq.write_table(many, out / f"{codec}.parquet", compression=codec)
    print(json.dumps(written, ensure_ascii=False))


main()
