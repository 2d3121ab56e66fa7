"""Lints of points: where a jump of the score is too wide, and when points rest on a unit's own word."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfdsl.cli.files import Library
from perfdsl.diagnostics import Diagnostic
from perfdsl.pipeline import Shared, check
from perfdsl.prove import cliffs
from perfdsl.settings import STANDARD, Settings
from perfdsl.text import Source

FILL = " ".join(f'项{at} full "≥1件" points 10 by {{ met -> 10   otherwise -> 0 }}\n' for at in range(8))


def found(text: str, code: str, own: Settings = STANDARD) -> list[Diagnostic]:
    return [d for d in check(Source("表.perf", text), Library([]), Shared(settings=own)).found if d.code == code]


def table(cases: str, points: int = 20, rows: str = FILL, mark: str = "") -> str:
    return f'project "甲" {{\n{rows}率 full "≥90%" {mark} points {points} by {{ {cases} }}\n}}\n'


@pytest.mark.parametrize(("cases", "number"), [
    (">= 90% -> 20   >= 80% -> 16   >= 60% -> 12   otherwise -> 0", 0),  # 100, 80, 60
    (">= 90% -> 20   >= 80% -> 13   otherwise -> 0", 1),
    (">= 90% -> 20   >= 80% -> 12   otherwise -> 0", 0),
    ("met -> 20   otherwise -> 0", 0),  # all or nothing, a fifth of the total
    ("completion >= 100% -> 20   otherwise -> 20 * completion", 0),
    ("completion >= 80% -> min(20, 20 * completion)   otherwise -> 0", 1),
    ("met -> 20   otherwise -> max(0, 20 - 2 * floor(gap / 1%))", 0),
    ("> 130% -> 0   completion >= 100% -> 20   otherwise -> 20 * completion", 1),  # too much counts for nothing
    ("met -> 20   otherwise -> 0 .. 20", 0),  # an assessor decides
])  # fmt: skip
def test_a_jump_past_three_fifths_of_graded_points_is_reported(cases: str, number: int) -> None:
    assert len(found(table(cases), "L083")) == number


def test_all_or_nothing_is_reported_past_a_fifth_of_the_total_among_five_rows() -> None:
    cases = "met -> points   otherwise -> 0"
    assert found(table(cases, 20), "L083") == []
    assert len(found(table(cases, 21), "L083")) == 1
    few = '项 full "≥1件" points 10 by { met -> 10   otherwise -> 0 }\n'
    assert found(table(cases, 90, few), "L083") == []


def test_a_jump_of_a_small_row_is_not_worth_a_word() -> None:
    cases = ">= 90% -> points   >= 80% -> 80%   otherwise -> 0"
    assert found(table(cases, 4), "L083") == []
    assert len(found(table(cases, 8), "L083")) == 1


def test_a_bureau_sets_how_wide_is_too_wide() -> None:
    cases = ">= 90% -> 20   >= 80% -> 16   >= 60% -> 12   otherwise -> 0"
    strict = Settings(limits=(("cliff", Fraction(1, 2)),))
    (one,) = found(table(cases), "L083", strict)
    assert "从59.99%到60%，得分从0分变到12分，一下差了分值的60%" in one.message()
    lax = Settings(limits=(("cliff", Fraction(1)),))
    assert found(table(">= 90% -> 20   >= 80% -> 16   otherwise -> 0"), "L083", lax) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 20), min_size=3, max_size=5, unique=True), st.data())
def test_the_widest_step_decides(awards: list[int], data: st.DataObject) -> None:
    """Of steps that fall, the widest is reported exactly where it is more than 12 of 20 points."""
    falling = sorted(awards, reverse=True)
    cases = "   ".join(f">= {90 - 10 * at}% -> {award}" for at, award in enumerate(falling[:-1]))
    text = table(f"{cases}   otherwise -> {falling[-1]}")
    widest = max(one - other for one, other in pairwise(falling))
    assert bool(found(text, "L083")) == (widest > 12)
    checked = check(Source("表.perf", text), Library([]))
    row = data.draw(st.just([row for row in checked.model.objects[0].rows if row.path == ("率",)]))
    least = Fraction(data.draw(st.integers(0, 20)), 20)
    every, some = cliffs(checked.model.objects[0], row), cliffs(checked.model.objects[0], row, least)
    assert some == [one for one in every if one.size >= least]


@pytest.mark.parametrize(("sources", "number"), [
    (("本单位统计", "单位自评", "第三方调查"), 1), (("本单位统计", "热线系统", "第三方调查"), 0), (("单位自评", "实施单位填报", ""), 0), (("自评", "自报", "自查"), 1),
])  # fmt: skip
def test_points_on_the_units_own_word(sources: tuple[str, ...], number: int) -> None:
    rows = [
        f'项{at} full "≥1件" points {size} by {{ met -> {size}   otherwise -> 0 }}'
        + (f' source "{source}"' if source else "")
        for at, (source, size) in enumerate(zip(sources, (20, 40, 40), strict=True))
    ]
    assert len(found('project "甲" {\n' + "\n".join(rows) + "\n}\n", "L084")) == number
