"""Writes archives of files by Python's own tarfile and gzip and by py7zr, and list.txt: for each archive its name, and a line
for each member with its SHA-256 and its name."""
import hashlib
import io
import random
import sys
import tarfile
from pathlib import Path

try:
    import py7zr
except ImportError:
    py7zr = None
    print("no py7zr")

out = Path(sys.argv[1])
dice = random.Random(7)
listed = []
SYLLABLES = "郑州开封洛阳报送统计局财务状况工业企业年月季度ab01-_"


def files():
    made = {}
    for _ in range(dice.randrange(1, 9)):
        steps = ["".join(dice.choices(SYLLABLES, k=dice.randrange(1, 30))) for _ in range(dice.randrange(1, 4))]
        size = dice.choice([0, 1, 511, 512, 513, dice.randrange(70_000)])
        made["/".join(steps) + ".csv"] = bytes(dice.choices(b"0123456789,\n", k=size))
    return made


def tell(name, made):
    lines = [f"{hashlib.sha256(content).hexdigest()} {path}" for path, content in made.items()]
    listed.append("\n".join([name, *lines]) + "\n\n")


def tar(name, kind, encoding, packing):
    made = files()
    with tarfile.open(out / name, "w" + packing, format=kind, encoding=encoding) as archive:
        for path, content in made.items():
            member = tarfile.TarInfo(path)
            member.size = len(content)
            try:
                archive.addfile(member, io.BytesIO(content))
            except ValueError:
                # The old format has no room for long names.
                made = {known: text for known, text in made.items() if known != path}
    if made:
        tell(name, made)


KINDS = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}
for turn in range(6):
    for word, kind in KINDS.items():
        for encoding in ("utf-8", "gb18030"):
            for packing in ("", ":gz"):
                tar(f"{word}-{encoding}-{turn}.tar{packing.replace(':', '.')}", kind, encoding, packing)
if py7zr:
    for turn in range(12):
        made, name = files(), f"{turn}.7z"
        filters = dice.choice([
            None,
            [{"id": py7zr.FILTER_LZMA}],
            [{"id": py7zr.FILTER_LZMA2, "preset": 9}],
            [{"id": py7zr.FILTER_X86}, {"id": py7zr.FILTER_LZMA2, "preset": 1}],
            [{"id": py7zr.FILTER_COPY}],
        ])
        with py7zr.SevenZipFile(out / name, "w", filters=filters) as archive:
            archive.set_encoded_header_mode(turn % 4 != 0)
            for path, content in made.items():
                archive.writestr(content, path)
        tell(name, made)
(out / "list.txt").write_text("".join(listed), encoding="utf-8")
