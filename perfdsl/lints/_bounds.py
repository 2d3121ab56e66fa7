"""What is true of one limit on one row, for the lints that must not say the same thing twice."""

from perfdsl import model as m
from perfdsl.lints._lexicon import is_share_of_a_whole
from perfdsl.target import Bound, unit_kind


def always_met(row: m.Indicator, bound: Bound) -> bool:
    """Does every value the row can take meet the limit?"""
    low, high, limit = row.domain.low, row.domain.high, bound.quantity.base
    if bound.op == ">=":
        return low is not None and limit <= low
    if bound.op != "<=":
        return False
    share = unit_kind(bound.quantity.unit) == "percent" and is_share_of_a_whole(row.path[-1])
    return (high is not None and limit >= high) or (share and limit >= 1)


def bounds_of(row: m.Indicator) -> list[tuple[m.TargetUse, Bound]]:
    """The targets of a row that are one limit."""
    return [(use, use.target.meaning) for use in row.targets if isinstance(use.target.meaning, Bound)]
