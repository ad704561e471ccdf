#!/usr/bin/env bash
# A flipped bit in a Parquet file becomes another figure, though the file carries a checksum of every page.
#
# What one expects: the format has a CRC-32 in each page header; a writer that fills it in is protected, and a reader that
#   meets a damaged page raises.
# What happens (November 2026): writers leave the checksum out unless asked (pyarrow: write_page_checksum=True). Where it is
#   there, only pyarrow can look at it, and only with page_checksum_verification=True, which pandas does not pass on by
#   itself. pyarrow 26.0.1 as it comes, pandas 3.1.1, Polars 2.1.0 (read and scan), DuckDB 2.0.1, DataFusion 55.0.0 and
#   fastparquet 2026.9.0 read the page, and the sum of the column is off by what the bit was worth: 64 fen or 2.7 billion
#   yuan. So with no compression, and with snappy as well, which has no checksum in its raw form. With zstd the damage
#   that was tried here broke the stream and every reader raised; that is luck of the place, not a checksum.
# What follows: a Parquet table that is copied, kept for years or mounted from elsewhere is not known to be whole because
#   it opens. Keep a digest of each file outside it and check that before use; do not rely on CRCs in pages.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.1 pandas==3.1.1 pyarrow==26.0.1 \
    polars==2.1.0 datafusion==55.0.0 fastparquet==2026.9.0
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PY'
from importlib.metadata import version
from pathlib import Path

import datafusion
import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

names = ("pyarrow", "pandas", "polars", "duckdb", "datafusion", "fastparquet")
print(" · ".join(f"{name} {version(name)}" for name in names))

TAX_FEN = [1_000_000 + i for i in range(1000)]
READERS = {
    "pyarrow": lambda path: pc.sum(pq.read_table(path)["tax_fen"]).as_py(),
    "pandas": lambda path: pd.read_parquet(path)["tax_fen"].sum(),
    "pandas with fastparquet": lambda path: pd.read_parquet(path, engine="fastparquet")["tax_fen"].sum(),
    "polars read": lambda path: pl.read_parquet(path)["tax_fen"].sum(),
    "polars scan": lambda path: pl.scan_parquet(path).select(pl.col("tax_fen").sum()).collect().item(),
    "duckdb": lambda path: duckdb.connect().execute(f"SELECT sum(tax_fen) FROM '{path}'").fetchone()[0],
    "datafusion": lambda path: datafusion.SessionContext().read_parquet(path).to_pydict()["tax_fen"],
    "pyarrow, told to verify": lambda path: pc.sum(
        pq.read_table(path, page_checksum_verification=True)["tax_fen"]
    ).as_py(),
}


def damaged(compression):
    """A table of one column with checksums, and one bit of its page flipped near the end."""
    pq.write_table(
        pa.table({"tax_fen": pa.array(TAX_FEN, pa.int64())}), "whole.parquet",
        compression=compression, use_dictionary=False, write_page_checksum=True,
    )
    column = pq.ParquetFile("whole.parquet").metadata.row_group(0).column(0)
    data = bytearray(Path("whole.parquet").read_bytes())
    data[column.data_page_offset + column.total_compressed_size - 20] ^= 0x40
    Path("damaged.parquet").write_bytes(data)
    return "damaged.parquet"


def off(read, path):
    """By how much the sum is off; the word `raises` for a reader that noticed."""
    try:
        found = read(path)
    except Exception:
        return "raises"
    return int(sum(found) if isinstance(found, list) else found) - sum(TAX_FEN)


failed = []
for compression, stated in [("none", 1 << 38), ("snappy", 64), ("zstd", "raises")]:
    path = damaged(compression)
    print(f"{compression}: one bit flipped, sum off by (fen)")
    for name, read in READERS.items():
        assert off(read, "whole.parquet") == 0, name
        seen, was = off(read, path), "raises" if "verify" in name else stated
        print(f"  {name}: {seen}" + ("" if seen == was else f"   CHANGED, was {was}"))
        if seen != was:
            failed.append((compression, name))
raise SystemExit(f"changed: {failed}" if failed else 0)
PY
