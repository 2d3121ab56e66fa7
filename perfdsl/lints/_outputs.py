"""Counted outputs, and the money that pays for them until the same time."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from perfdsl import model as m
from perfdsl.lints._periods import Pair, limits, pairs
from perfdsl.lints._table import Table
from perfdsl.target import kind

ELSEWHERE = ("效益", "效果", "满意", "影响", "过程", "决策", "投入", "成本", "管理")


class Output(NamedTuple):
    """An output due early and in the year (base units), and the line that pays for it."""

    pair: Pair
    early: Fraction
    full: Fraction
    line: m.FundLine


def outputs(table: Table) -> Iterator[Output]:
    """Counts that grow over the year, each with the line of money it certainly belongs to.

    The line is the only one of a project, or the one whose name stands in the name of the indicator.
    """
    spending = table.spending
    only = spending.only_line() if table.thing.kind == "project" else None
    for pair in pairs(table):
        both = limits(pair)
        if both is None or both.full.op in ("<", "<=") or kind(pair.full.target) != "number" or _is_elsewhere(pair.row):
            continue
        early, full = both.early.quantity.base, both.full.quantity.base
        grows = pair.row.nature == "flow" or not pair.row.nature and early < full
        line = spending.pays_for(pair.name) or only
        if grows and early >= 0 and full > 0 and line is not None:
            yield Output(pair, early, full, line)


def _is_elsewhere(row: m.Indicator) -> bool:
    """Does it stand under a heading that is not about outputs?"""
    return any(word in heading for heading in row.path[:-1] for word in ELSEWHERE)
