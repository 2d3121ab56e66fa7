"""Completion values are read by the notation of targets, and doubted as honestly."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring import compiled
from scoring import rows as rows_of
from test_target_laws import messy

from perfdsl.observe import observe
from perfdsl.quantity import format_number
from perfdsl.read_target import KINDS, read_actual, read_target
from perfdsl.target import Amount, Bound, OnDate, Unread, Word

CELLS = Path(__file__).parent / "cases" / "actuals" / "values.tsv"
REACHED = (
    "达成预期指标",
    "已完成",
    "全部完成",
    "完成",
    "达标",
    "达到预期目标",
    "基本完成",
    "超额完成",
    "按计划完成",
    "已实现",
)


def rows() -> list[tuple[str, ...]]:
    """Cell, unit column, target, then what it says, the value, the unit and the findings."""
    lines = CELLS.read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines[1:]]


@pytest.mark.parametrize("row", rows(), ids=lambda row: " | ".join(filter(None, row[:3])) or "empty")
def test_a_completion_value_is_read_as_its_row_says(row: tuple[str, ...]) -> None:
    cell, column, target, *expected = row
    reading, findings = read_actual(cell, unit=column, target=read_target(target, unit=column)[0])
    match reading.meaning:
        case Amount(quantity=quantity):
            said = [format_number(quantity.value), quantity.unit.text]
        case OnDate(date=date):
            said = [date.iso(), ""]
        case Word(text=text):
            said = [text, ""]
        case _:
            said = ["", ""]
    codes = " ".join(sorted({finding.code for finding in findings}))
    assert [type(reading.meaning).__name__, *said, codes] == expected
    assert reading.text == cell


@pytest.mark.parametrize("word", REACHED)
@pytest.mark.parametrize("target", ["≥95%", "20场", "≤30万元", "3-5天", "较上年增长5%"])
def test_a_word_for_reached_is_never_a_number(word: str, target: str) -> None:
    reading, findings = read_actual(word, target=read_target(target)[0])
    assert reading.meaning == Word(word)
    assert [finding.code for finding in findings] == ["T129"]


@given(messy)
@settings(max_examples=400, deadline=None)
def test_a_limit_is_never_an_amount_without_a_finding(text: str) -> None:
    target, _ = read_target(text)
    reading, findings = read_actual(text)
    if isinstance(target.meaning, Bound) and target.meaning.op not in (None, "=") and "达" not in text:
        assert isinstance(reading.meaning, Unread)
        assert any(finding.code == "T110" and KINDS[finding.code].severity == "error" for finding in findings)


@given(st.one_of(messy, st.text(max_size=30)))
@settings(max_examples=400, deadline=None)
def test_a_digit_never_becomes_a_word_without_a_finding(text: str) -> None:
    reading, findings = read_actual(text)
    if isinstance(reading.meaning, Word | Unread) and any(c.isdigit() for c in text):
        assert findings


NUMERIC = """project "P" {
  input 收入 unit 元
  支出 full "≤30000000元" points 30 by { met -> 100%  otherwise -> 0 }
  人数 full "≥10人"       points 30 by { met -> 100%  otherwise -> 0 }
  增收 full "增长5%"      points 20 by { met -> 100%  otherwise -> 0 }
  完成 full "2024年12月31日前" points 20 by { met -> 100%  otherwise -> 0 }
}
"""


@pytest.mark.parametrize(
    "text", ["20241130", "2024.11", "2024.06", "202411", "19991231", "+20240630", "19000230", "2024.1331"]
)
def test_digits_that_could_be_a_day_are_a_number_where_one_is_due(text: str) -> None:
    (plan,) = compiled(NUMERIC).plans()
    given = rows_of([("收入", text), ("支出", text), ("人数", text), ("增收", text, {"prior": text})])
    seen, found = observe(plan, given, "full")
    assert not [d for d in found if d.severity == "error"]
    assert seen.inputs["收入"] == seen.entries["支出"][0].value == seen.entries["人数"][0].value == Fraction(text)
    assert seen.entries["增收"][0].prior == Fraction(text)


def test_the_same_digits_are_a_day_where_a_day_is_due() -> None:
    (plan,) = compiled(NUMERIC).plans()
    seen, _ = observe(plan, rows_of([("完成", "20241130")]), "full")
    assert seen.entries["完成"][0].value == date(2024, 11, 30).toordinal()
