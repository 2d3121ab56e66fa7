"""Write one object of many indicators in a form as a workbook and a document, beside the same cells by openpyxl and python-docx.

``python benchmarks/forms.py [--rows 2000]``; every figure is the best of three rounds, in seconds.
"""

import argparse
import io
import time
from collections.abc import Callable

import docx
import openpyxl

from perfdsl.evaluate import Engine
from perfdsl.form import Form
from perfdsl.lay_out import lay_out
from perfdsl.layout import Layout, Result
from perfdsl.observe import observe
from perfdsl.pipeline import understand
from perfdsl.plan import Plan
from perfdsl.read_form import read_form
from perfdsl.resources import PACKAGE
from perfdsl.tables import Names, read_table
from perfdsl.text import Refusal, Source
from perfdsl.workings import work_out
from perfdsl.writers import members

ROUNDS = 3


class NoFiles:
    """The rules use nothing."""

    def library(self, name: str) -> None:
        """None is there."""

    def local(self, beside: Source, path: str) -> Refusal:
        """None is there."""
        return Refusal("absent")

    def library_names(self) -> list[str]:
        """None."""
        return []


def rules(rows: int) -> Plan:
    """A project of groups of twenty indicators, each scored in proportion."""
    groups = rows // 20
    text = [f'project "大表" {{ total {groups * 20}']
    for group in range(groups):
        text.append(f"组{group} points 20 {{")
        text += [
            f'  指标{group}之{n} full "≥100件" points 1 by {{ met -> 100%  otherwise -> completion }}'
            for n in range(20)
        ]
        text.append("}")
    return understand(Source("大表.perf", "\n".join([*text, "}"])), NoFiles()).plans()[0]


def scored(plan: Plan) -> Engine:
    """The project scored on a value for every indicator."""
    lines = ["指标,实际值", *(f"{row.path[-1]},{n % 120}件" for n, row in enumerate(plan.indicators))]
    names = Names(frozenset(row.path[-1] for row in plan.indicators), frozenset({plan.object}))
    table, _ = read_table("值.csv", "\n".join(lines).encode(), names)
    observed, _ = observe(plan, table.rows, "full")
    return Engine(plan, observed, "full", None)


def central() -> Form:
    """The form."""
    made, _ = read_form(
        Source("central.toml", (PACKAGE / "forms" / "central.toml").read_text(encoding="utf-8")), "central"
    )
    assert made is not None
    return made


def by_openpyxl(layout: Layout) -> bytes:
    """The cells alone: texts, borders of no cell, merges."""
    book = openpyxl.Workbook()
    sheet = book.active
    for cell in layout.cells:
        sheet.cell(cell.row + 1, cell.column + 1, cell.text)
        if cell.rows > 1 or cell.columns > 1:
            sheet.merge_cells(
                start_row=cell.row + 1,
                start_column=cell.column + 1,
                end_row=cell.row + cell.rows,
                end_column=cell.column + cell.columns,
            )
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def by_python_docx(layout: Layout) -> bytes:
    """The texts alone, with the cells of the table read once; merging there takes minutes and is left out."""
    document = docx.Document()
    table = document.add_table(layout.rows, len(layout.widths))
    cells = table._cells
    for cell in layout.cells:
        cells[cell.row * len(layout.widths) + cell.column].text = cell.text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def best(job: Callable[[], object]) -> float:
    """The shortest of the rounds."""
    found = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        job()
        found.append(time.perf_counter() - start)
    return min(found)


def main() -> None:
    """The table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2000, help="indicators, in groups of twenty")
    rows = parser.parse_args().rows
    engine, form = scored(rules(rows)), central()
    card = engine.card()

    def filled() -> Layout:
        return lay_out(form, engine.plan, Result(card=card, observed=engine.observed, workings=work_out(engine, card)))[
            0
        ]

    layout = filled()
    jobs: dict[str, Callable[[], object]] = {"formulas and grid": filled}
    jobs |= {f"perfdsl {member.SUFFIX}": lambda m=member: m.write([layout]) for member in members()}
    jobs |= {
        "openpyxl, texts and merges only": lambda: by_openpyxl(layout),
        "python-docx, texts only": lambda: by_python_docx(layout),
    }
    print(
        f"{rows} indicators, {len(layout.cells)} cells, {len(layout.workings.live) + len(layout.workings.lines)} formulas\n\n| job | seconds |\n| --- | ---: |"
    )
    for name, job in jobs.items():
        print(f"| {name} | {best(job):.2f} |", flush=True)


if __name__ == "__main__":
    main()
