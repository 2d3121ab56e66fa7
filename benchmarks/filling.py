"""Lay out and write a sheet to fill, read it back filled, and collect many, beside the same cells by openpyxl alone.

``python benchmarks/filling.py [--rows 2000] [--sheets 100]``; every figure is the best of three rounds, in seconds.
"""

import argparse
import io
from collections.abc import Callable

import openpyxl
from forms import best, rules

from perfdsl.blank import Blank
from perfdsl.blank_xlsx import write_blank
from perfdsl.collect import collect
from perfdsl.fill import Rules, blank, notes, read_back
from perfdsl.observe import row_names
from perfdsl.plan import Plan
from perfdsl.tables import Names, read_table
from perfdsl.write_actuals import csv_bytes

HEAD = 3


def names_of(plan: Plan) -> Names:
    """What its tables may name."""
    return Names(frozenset(row_names(plan)), frozenset({plan.object}))


def written(plan: Plan) -> bytes:
    """The sheet to fill."""
    sheet = blank([plan], "full", renamed=True)
    return write_blank(sheet, notes(sheet))


def by_openpyxl(sheet: Blank) -> bytes:
    """The texts alone: no lists, no checks, no protection."""
    book = openpyxl.Workbook()
    page = book.active
    for row in sheet.rows:
        page.append([*row.groups, row.name, row.target, row.unit, str(row.points), row.scoring])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def filled(data: bytes, name: str) -> bytes:
    """The sheet with a value in every row, as somebody saves it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    page = book["填报"]
    page["B2"] = name
    column = next(cell.column for cell in page[HEAD] if cell.value == "实际值")
    for row in range(HEAD + 1, page.max_row + 1):
        page.cell(row, column).value = row % 120
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def by_openpyxl_read(data: bytes) -> list[tuple[object, ...]]:
    """The values alone."""
    return list(openpyxl.load_workbook(io.BytesIO(data), data_only=True)["填报"].values)


def gathered(files: list[tuple[str, bytes]], plan: Plan) -> bytes:
    """All sheets as one table."""
    names = names_of(plan)
    made, _ = collect([read_table(name, data, names) for name, data in files], Rules([plan]), ())
    return csv_bytes(made.rows)


def main() -> None:
    """The table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2000, help="indicators, in groups of twenty")
    parser.add_argument("--sheets", type=int, default=100, help="sheets of sixty indicators that are collected")
    given = parser.parse_args()
    plan, small = rules(given.rows), rules(60)
    sheet, names, known = blank([plan], "full"), names_of(plan), Rules([plan])
    full = filled(written(plan), plan.object)
    one = written(small)
    files = [(f"{n}.xlsx", filled(one, f"单位{n}")) for n in range(given.sheets)]
    jobs: dict[str, Callable[[], object]] = {
        f"template, {given.rows} rows": lambda: written(plan),
        "the same texts by openpyxl": lambda: by_openpyxl(sheet),
        f"reading back, {given.rows} rows": lambda: read_back(read_table("填.xlsx", full, names)[0], known),
        "the same values by openpyxl": lambda: by_openpyxl_read(full),
        f"collect, {given.sheets} sheets of 60 rows": lambda: gathered(files, small),
        "the same values by openpyxl, sheet by sheet": lambda: [by_openpyxl_read(data) for _, data in files],
    }
    print(f"{given.rows} indicators, {len(full) // 1024} KiB filled\n\n| job | seconds |\n| --- | ---: |")
    for name, job in jobs.items():
        print(f"| {name} | {best(job):.2f} |", flush=True)


if __name__ == "__main__":
    main()
