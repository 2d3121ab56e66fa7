"""指标值的符号与指标的好坏方向相反。

参与率、合格率、满意度越高越好，写成“不超过”，做得越差越达标；投诉率、差错率、结转结余率越低越好，写成“不少于”，出错越多越达标。
办理件数、培训人次是办了多少事的数，写成“不超过”，一件不办也达标；半年“≤0人”、全年“≤42人”多半是把计划数当成了上限。座席、编制、会议这样控制数量的，
和投诉、事故这样越少越好的，写“不超过”是对的，不在此列。确实要限制上限的，给这一行写 lower（越低越好）。

English: the sign points the wrong way for the name: a rate that should be high with ≤, one that should be low with ≥, or a
count of what was done with a limit from above, which doing nothing meets. Turn the sign, or state the direction.
"""

from collections.abc import Iterator
from typing import NamedTuple

from perfdsl import model as m
from perfdsl.diagnostics import WARNING, Diagnostic, Kind, finding
from perfdsl.lints._bounds import always_met, bounds_of
from perfdsl.lints._lexicon import better, is_done, is_limited
from perfdsl.lints._table import Table
from perfdsl.target import Bound, unit_kind

BASIS = "审计机关对绩效目标的常见批评；共性指标的方向依通行理解，未核对原文"
BAD = """\
project "体检" {
  参检人员满意度 full "≤90%"
  体检人数       half "≤0人" full "≤42人"
  投诉率         full "≥5%"
}
"""
GOOD = """\
project "体检" {
  参检人员满意度 full "≥90%"
  体检人数       half "无"   full "≥42人"
  投诉率         full "≤5%"
}
"""


class Contradiction(NamedTuple):
    """What the name says and what the sign says, in both languages."""

    name_says: str
    sign_says: str
    name_says_en: str
    sign_says_en: str


LESS = Contradiction("越高越好", "越低越达标", "is better high", "is met the lower it is")
MORE = Contradiction("越低越好", "越高越达标", "is better low", "is met the higher it is")
NONE = Contradiction("是办了多少的数", "一点不办也达标", "counts what was done", "is met by doing nothing")
Cell = tuple[m.TargetUse, Bound]


def check(table: Table) -> Iterator[Diagnostic]:
    """Rows whose sign contradicts their name; a direction that is written out settles the matter."""
    for row in table.indicators:
        cells = bounds_of(row)
        if row.direction or not cells:
            continue
        for said, wrong in _contradictions(row, cells):
            texts = "、".join(f"“{text}”" for text in dict.fromkeys(use.target.text for use, _ in wrong))
            yield finding(WRONG_WAY, wrong[0][0].span, name=row.path[-1], texts=texts, **said._asdict())


def _contradictions(row: m.Indicator, cells: list[Cell]) -> Iterator[tuple[Contradiction, list[Cell]]]:
    name = row.path[-1]
    upper = [(use, bound) for use, bound in cells if bound.op in ("<=", "<")]
    lower = [(use, bound) for use, bound in cells if bound.op in (">=", ">")]
    way = better(name)
    if way == "higher":
        found = [(use, bound) for use, bound in upper if _is_percent(bound) and not always_met(row, bound)]
        if found:
            yield LESS, found
    elif way == "lower":
        found = [(use, bound) for use, bound in lower if not always_met(row, bound)]
        if found:
            yield MORE, found
    elif upper and not any(is_limited(part) for part in row.path) and (is_done(name) or _from_nothing(upper)):
        yield NONE, upper


def _from_nothing(upper: list[Cell]) -> bool:
    """None allowed first and some later, of things that are counted: a plan, not a limit."""
    values = [bound.quantity.base for _, bound in upper]
    counted = all(unit_kind(bound.quantity.unit) == "number" for _, bound in upper)
    return counted and len(values) > 1 and values[0] == 0 and values[-1] > 0


def _is_percent(bound: Bound) -> bool:
    return unit_kind(bound.quantity.unit) == "percent"


WRONG_WAY = Kind(
    "L022", WARNING, "“{name}”{name_says}，指标值{texts}却是{sign_says}", "“{name}” {name_says_en}, yet its target {texts} {sign_says_en}",
    "核对符号，写反了就改过来；确实要这样考核的，加 lower（越低越好）或 higher（越高越好）", "turn the sign, or state lower or higher if it is meant so",
)  # fmt: skip
KINDS = (WRONG_WAY,)
