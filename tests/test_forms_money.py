"""The first budget and the adjusted one in forms: from notes of the table of money or from data, never made up; and live in Excel."""

import io
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from sheets import converted, filled, needs_office, scored, values

from perfdsl.cli.score import read_plans
from perfdsl.layout import Layout
from perfdsl.plan_json import dumps, loads
from perfdsl.writers import xlsx

RULES = """project "社区食堂" {{
  year 2024
  total 10
  {datum}
  funds 万元 {{
    income 拨款 full 300 {income}
    spend  补助 full 300 {spend}
  }}
  预算执行率 = spent(支出) / {below} full "=100%" points 10 by {{ completion >= 100% -> 100%  otherwise -> completion }}
}}
"""
DATA = "指标,实际值\n补助,285万元\n"


def money(folder: Path, more: str = "", form: str = "central", **said: str) -> Layout:
    """The form of the rules with those pieces put in."""
    pieces = {"datum": "", "income": "", "spend": "", "below": "budget(支出)"} | said
    (folder / "规则.perf").write_text(RULES.format(**pieces), encoding="utf-8")
    (folder / "值.csv").write_text(DATA + more, encoding="utf-8")
    return filled(scored(folder / "规则.perf", [folder / "值.csv"])[0], form)


def amounts(layout: Layout) -> list[list[str]]:
    """The lines of money: first budget, budget, spent, rate, score."""
    rows = {
        cell.row: cell.text for cell in layout.cells if cell.text in ("年度资金总额", "总额") or "拨款" in cell.text
    }
    heads = {
        cell.column: cell.text for cell in layout.cells if cell.text.startswith(("年初", "全年", "调整后", "执行率"))
    }
    return [[c.text for c in layout.cells if c.row == row and c.column in heads] for row in rows]


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        ("年初预算数280", "280"),
        ("年初预算：2,800,000元", "280"),
        ("年初批复数 0.028亿元", "280"),
        ("年初预算数待定", ""),
        ("见批复", ""),
        ("年初预算数280个", ""),
    ],
)
def test_the_first_budget_is_what_a_note_of_the_line_says(tmp_path: Path, note: str, shown: str) -> None:
    layout = money(tmp_path, income=f'note "{note}"', spend=f'note "{note}"')
    assert amounts(layout) == [[shown, "300", "285", "95%"], [shown, "300", "", ""]]


def test_a_first_budget_nobody_wrote_stays_empty(tmp_path: Path) -> None:
    assert amounts(money(tmp_path)) == [["", "300", "285", "95%"], ["", "300", "", ""]]


def test_an_adjusted_budget_that_is_a_datum_stands_beside_the_first(tmp_path: Path) -> None:
    datum = "input 调整后预算数 : 万元 values 1万元 .."
    layout = money(tmp_path, "调整后预算数,320万元\n", datum=datum, below="调整后预算数")
    assert amounts(layout) == [["300", "320", "285", "89.06%"], ["", "300", "", ""]]
    assert [cell.text for cell in layout.cells if cell.key == "score:预算执行率"] == ["8.91"]


def test_a_first_budget_that_is_a_datum_is_printed(tmp_path: Path) -> None:
    datum = "input 年初预算数 : 万元 values 1万元 .."
    layout = money(tmp_path, "年初预算数,250万元\n", datum=datum, below="年初预算数")
    assert amounts(layout)[0][:2] == ["250", "300"]


def test_notes_of_money_are_kept_in_a_plan(tmp_path: Path) -> None:
    money(tmp_path, income='note "年初预算数280"')
    plans, _ = read_plans(str(tmp_path / "规则.perf"))
    assert plans is not None
    again = loads(dumps(tuple(plans)))
    assert again == tuple(plans)
    assert [line.notes for line in again[0].funds[0].lines] == [("年初预算数280",), ()]


@needs_office
def test_a_changed_budget_changes_rate_and_score_in_excel(tmp_path: Path) -> None:
    """The cell of the budget is the one the formulas look at."""
    datum = "input 调整后预算数 : 万元 values 1万元 .."
    layout = money(tmp_path, "调整后预算数,320万元\n", datum=datum, below="调整后预算数")
    book = openpyxl.load_workbook(io.BytesIO(xlsx.write([layout])))
    sheet = book.worksheets[0]
    cell = next(c for row in sheet.iter_rows() for c in row if c.value == 320)
    cell.value = 570
    book.save(tmp_path / "改.xlsx")
    after = values(converted([tmp_path / "改.xlsx"], "xlsx", tmp_path)[0])
    row = cell.row
    shown = [after.get((sheet.title, f"{letter}{row}")) for letter in "ABCDEFGH"]
    assert Fraction(285, 570) in [Fraction(str(x)) for x in shown if isinstance(x, (int, float))]
    assert 5 in shown


@needs_office
def test_an_emptied_cell_leaves_the_best_of_several_open(tmp_path: Path) -> None:
    """择一: a part that was known and is emptied in Excel no longer counts with the score it had."""
    (tmp_path / "规则.perf").write_text("""project "甲" {
  total 10
  组 points 10 either {
    一 full "≥90%" by { met -> 100%  otherwise -> 0 }
    二 full "≥90%" by { met -> 100%  otherwise -> 0 }
  }
}
""", encoding="utf-8")  # fmt: skip
    (tmp_path / "值.csv").write_text("指标,实际值\n一,95%\n二,50%\n", encoding="utf-8")
    layout = filled(scored(tmp_path / "规则.perf", [tmp_path / "值.csv"])[0], "central")
    actual = next(cell for cell in layout.cells if cell.key == "actual:组/一")
    total = next(cell for cell in layout.cells if cell.key == "total")
    found = []
    for value in (0.95, None, 0.1):
        book = openpyxl.load_workbook(io.BytesIO(xlsx.write([layout])))
        sheet = book.worksheets[0]
        sheet.cell(actual.row + 1, actual.column + 1).value = value
        book.save(tmp_path / "改.xlsx")
        after = values(converted([tmp_path / "改.xlsx"], "xlsx", tmp_path)[0])
        said = after.get((sheet.title, sheet.cell(total.row + 1, total.column + 1).coordinate))
        found.append(None if said == "" else said)
    assert found == [10, None, 0]
