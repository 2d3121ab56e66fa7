"""What is in order gives no finding: whole tables of many kinds, and rows whose names look like a complaint and are none."""

from pathlib import Path

import pytest

from perfdsl.cli.files import Library
from perfdsl.diagnostics import Diagnostic
from perfdsl.pipeline import check
from perfdsl.text import Source

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases" / "lints"
TABLES = sorted((CASES / "clean").glob("*.perf"))
ROWS = (CASES / "clean-rows.txt").read_text("utf-8").splitlines()


def said(text: str) -> list[tuple[str, str]]:
    found: tuple[Diagnostic, ...] = check(Source("表.perf", text), Library([str(ROOT)])).found
    return [(d.code, d.message()) for d in found]


def test_there_are_tables_of_a_dozen_kinds_with_enough_rows() -> None:
    assert len(TABLES) == 12
    assert len(ROWS) > 170


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_table_in_order_gives_no_finding(path: Path) -> None:
    text = path.read_text("utf-8")
    checked = check(Source(path.name, text), Library([str(ROOT)]))
    assert [(d.code, d.message()) for d in checked.found] == []
    (plan,) = checked.plans()
    assert 8 <= len(plan.indicators) <= 25


@pytest.mark.parametrize("row", ROWS)
def test_a_row_in_order_gives_no_finding(row: str) -> None:
    name, _, rest = row.partition(" ")
    assert said(f'project "甲" {{\n  year 2024\n  "{name}" {rest.strip()}\n}}\n') == []


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ('投诉办结率 full "≤95%"', "L022"), ('再就业率 full "≤60%"', "L022"), ('投诉率 full "≥2%"', "L022"), ('失业率 full "≥5%"', "L022"),
        ('空置率 full "≥10%"', "L022"), ('返工率 full "≥1%"', "L022"), ('新增投诉件数 full "≥3件"', "L022"), ('流失率 full "≥5%"', "L022"),
        ('覆盖率 full "≤100%"', "L021"), ('检测批次 full "≥0批"', "L021"), ('资产完好率 full "≤90%"', "L022"),
        ('电子印章数量 half "370个" full "90%以上"', "L025"), ('成果应用率 half "≥3项" full "≥90%"', "L025"), ('补助 half "≥3万元" full "≥90人"', "L025"),
    ],
)  # fmt: skip
def test_the_same_names_used_wrongly_are_found(row: str, code: str) -> None:
    assert code in [found for found, _ in said(f'project "甲" {{\n  {row}\n}}\n')]
