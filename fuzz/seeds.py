"""Seeds for the fuzz targets, from files: seeds.py FOLDER-OF-FILES FOLDER-OF-SEEDS.

Each file goes to the targets of its kind, as its name says. Workbooks in archives are taken apart as the targets xlsx and ods want them:
the text of their parts with NUL between, in the order of src/packages.rs.
"""

import pathlib
import sys
import zipfile
import zlib

LARGEST = 64 << 10
TARGETS = {
    "csv": ["csv", "decode", "layout"], "tsv": ["csv", "decode"], "txt": ["csv", "decode"], "html": ["html"], "htm": ["html"],
    "xls": ["xls"], "xlsx": ["zip"], "ods": ["zip"], "zip": ["zip", "archive"],
    "7z": ["archive"], "tar": ["archive"], "tgz": ["archive"], "gz": ["dbf", "archive"], "dbf": ["dbf"], "xml": ["xml"], "json": ["json"], "mht": ["mht"], "mhtml": ["mht"],
}
PARTS = {
    "xlsx": ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"],
    "ods": ["content.xml", "META-INF/manifest.xml"],
}


def taken_apart(path, names):
    """The parts of a workbook, without those at the end that it does not have; none if it is no archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            there = set(archive.namelist())
            small = [name for name in names if name in there and archive.getinfo(name).file_size <= LARGEST]
            return b"\0".join(archive.read(name) if name in small else b"" for name in names).rstrip(b"\0")
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError):
        return b""


def main(files, seeds):
    for path in sorted(pathlib.Path(files).iterdir()):
        kind = path.suffix[1:].lower()
        put = {target: path.read_bytes() for target in TARGETS.get(kind, [])}
        if kind in PARTS:
            put[kind] = taken_apart(path, PARTS[kind])
        for target, content in put.items():
            if 0 < len(content) <= LARGEST:
                folder = pathlib.Path(seeds, target)
                folder.mkdir(parents=True, exist_ok=True)
                (folder / path.name).write_bytes(content)


main(*sys.argv[1:])
