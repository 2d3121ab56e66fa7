"""Workbooks for the tests of forms: written, reckoned again by LibreOffice, and read cell by cell."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from attrs import evolve

from perfdsl.cli.score import read_plans, read_tables, shared_out
from perfdsl.cli.together import Scored, score_together
from perfdsl.form import Form
from perfdsl.lay_out import lay_out
from perfdsl.layout import Cell, Formula, Layout, Live, Ref, Refs, Result, Working, Workings
from perfdsl.read_form import read_form
from perfdsl.resources import PACKAGE
from perfdsl.text import Source
from perfdsl.workings import work_out

ROOT = Path(__file__).resolve().parent.parent
FORMS = sorted(path.stem for path in (PACKAGE / "forms").glob("*.toml"))
OFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed")
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


@cache
def form(name: str) -> Form:
    """A form that comes with perfdsl."""
    made, found = read_form(
        Source(f"{name}.toml", (PACKAGE / "forms" / f"{name}.toml").read_text(encoding="utf-8")), name
    )
    assert made is not None, [(d.code, d.message(), d.span.line) for d in found]
    return made


def scored(rules: Path, tables: Sequence[Path], period: str = "full") -> list[Scored]:
    """Every object of a file scored on tables of actuals."""
    plans, found = read_plans(str(rules))
    assert plans is not None, found
    read, _ = read_tables([str(path) for path in tables], plans)
    return score_together(shared_out(plans, [row for table in read for row in table.rows], []), period, None, "")


def filled(made: Scored, name: str) -> Layout:
    """One object in a form, with its scores and formulas."""
    result = Result(card=made.card, observed=made.engine.observed, workings=work_out(made.engine, made.card))
    return lay_out(form(name), made.engine.plan, result)[0]


def converted(files: Sequence[Path], to: str, folder: Path) -> list[Path]:
    """Files as LibreOffice writes them, every formula reckoned anew."""
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "registrymodifications.xcu").write_text(SETTINGS, encoding="utf-8")
    out = folder / "out"
    done = subprocess.run(
        [str(OFFICE), f"-env:UserInstallation={profile.parent.as_uri()}", "--headless", "--convert-to", to, "--outdir", str(out),
         *map(str, files)], capture_output=True, text=True, timeout=1800 if os.environ.get("FORMS_DEEP") else 240, check=False)  # fmt: skip
    made = [out / f"{path.stem}.{to.partition(':')[0]}" for path in files]
    assert all(path.is_file() for path in made), done.stdout + done.stderr
    return made


def values(path: Path) -> dict[tuple[str, str], object]:
    """What every cell holds, a formula by its value."""
    book = openpyxl.load_workbook(path, data_only=True)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def formulas(path: Path) -> dict[tuple[str, str], str]:
    """All formulas by their places."""
    book = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.coordinate): str(cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def same(before: object, after: object) -> bool:
    """Is a value what LibreOffice found?  An empty text may come back as nothing; only true scores are compared to the cent."""
    if isinstance(before, str) and before.startswith("#"):
        return isinstance(after, str) and after.startswith("#")
    if isinstance(before, bool) or isinstance(after, bool):
        return bool(before) == after
    if isinstance(before, (int, float)) and isinstance(after, (int, float)):
        return abs(before - after) <= 1e-9 * max(1.0, abs(before))
    return (before or "") == (after or "")


def stacked(layouts: Sequence[Layout]) -> tuple[Layout, list[int]]:
    """Many objects under each other on one sheet, with one sheet of workings; and the row each begins on."""
    cells: list[Cell] = []
    starts: list[int] = []
    lines: list[Working] = []
    live: dict[str, Live] = {}
    given: dict[str, Fraction | str | None] = {}
    shapes: dict[str, str] = {}
    at = 0
    for number, one in enumerate(layouts):
        starts.append(at)
        for cell in one.cells:
            own = _live_of(cell.live, number) if cell.live is not None else None
            cells.append(evolve(cell, row=cell.row + at, key=_of(cell.key, number) if cell.key else "", live=own))
        workings = one.workings
        lines += [
            evolve(line, key=_of(line.key, number), formula=_formula_of(line.formula, number))
            for line in workings.lines
        ]
        live.update({_of(key, number): _live_of(made, number) for key, made in workings.live.items()})
        given.update({_of(key, number): value for key, value in workings.given.items()})
        shapes.update({_of(key, number): shape for key, shape in workings.shapes.items()})
        at += one.rows + 1
    all_workings = Workings(lines=tuple(lines), live=live, given=given, shapes=shapes)
    return evolve(layouts[0], cells=tuple(cells), rows=at, repeated=None, heights=(), workings=all_workings), starts


def _of(key: str, number: int) -> str:
    kind, _, rest = key.partition(":")
    return f"{kind}:{number}|{rest}"


def _live_of(live: Live, number: int) -> Live:
    return evolve(live, formula=_formula_of(live.formula, number))


def _formula_of(formula: Formula, number: int) -> Formula:
    made: list[str | Ref | Refs] = []
    for part in formula:
        match part:
            case Ref(key):
                made.append(Ref(_of(key, number)))
            case Refs(keys):
                made.append(Refs(tuple(_of(key, number) for key in keys)))
            case _:
                made.append(part)
    return tuple(made)
