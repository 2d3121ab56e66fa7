"""完成值只差一点，得分差一大截。

分了几档，或者按比例给分，本来是要分出好一点、差一点；其中一处却一下子跳过了分值的六成以上，差百分之零点零一就差几分，复核时必有争议。
中间加一档，或者接成按比例给分。100、80、60这样的各档不在此列；做到得满分、做不到不得分的（达标得满分），是有意不分档，跳动超过总分两成的才报，
指标不到五项的不报。跳动不到总分百分之五的都不报。全部突变用 `perfdsl check --cliffs` 列出来。

English: the smallest change of the actual moves the score by more than 60 % of the row's points, although the rubric has several awards. Add a
step, or join them by proportion. A rubric of all or nothing is reported where more than 20 % of the total hang on one value, in tables of
five rows and more; jumps below 5 % of the total never are. `check --cliffs` lists every jump.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from perfdsl import model as m
from perfdsl.diagnostics import WARNING, Diagnostic, Kind, finding
from perfdsl.lints._points import shares_of
from perfdsl.lints._spending import percent
from perfdsl.lints._table import Table
from perfdsl.quantity import format_number

if TYPE_CHECKING:
    from perfdsl.prove import Cliff

BASIS = "公布的评价办法中恰在90%处和超过目标30%处得分突变的实例（限额是本工具定的，可以改）"
LIMITS = {
    "cliff": "分了档的，一处突变超过分值的多少才报告 L083，默认 60%",
    "cliff_all_or_nothing": "不分档的，一处突变超过总分的多少才报告 L083，默认 20%",
    "cliff_least": "一处突变不到总分的多少不报告 L083，默认 5%",
}
ENOUGH = 5  # rows; of fewer each is a large part of the total
BAD = """\
project "热线" {
  total 10
  接通率 full "≥90%" points 10 by { >= 90% -> 10   >= 80% -> 8   otherwise -> 0 }
}
"""
GOOD = """\
project "热线" {
  total 10
  接通率 full "≥90%" points 10 by { >= 90% -> 10   >= 80% -> 8   >= 60% -> 4   otherwise -> 0 }
}
"""


def check(table: Table) -> Iterator[Diagnostic]:
    """The widest jump of each row, where it is wider than a bureau allows."""
    from perfdsl.prove import cliffs  # scoring looks at the other lints and needs no prover

    if table.thing.broken:
        return
    least = table.limit("cliff_least", "0.05")
    scored = list(shares_of(table.thing.rows))
    shares = {row.path: share for row, share in scored if share >= least and _is_fixed(row)}
    rows = [row for row in table.indicators if row.path in shares]
    widest: dict[m.Path, Cliff] = {}
    most = min(table.limit("cliff", "0.6"), table.limit("cliff_all_or_nothing", "0.2"))
    for cliff in cliffs(table.thing, rows, most):
        if cliff.path not in widest or cliff.size > widest[cliff.path].size:
            widest[cliff.path] = cliff
    for row in rows:
        found = widest.get(row.path)
        share = shares[row.path]
        if found is not None and found.size * share >= least and _is_too_wide(table, found, share, len(scored)):
            yield _said(found)


def _is_too_wide(table: Table, cliff: "Cliff", share: Fraction, rows: int) -> bool:
    if cliff.two_awards:
        return rows >= ENOUGH and cliff.size * share > table.limit("cliff_all_or_nothing", "0.2")
    return cliff.size > table.limit("cliff", "0.6")


def _is_fixed(row: m.Indicator) -> bool:
    """Is no case left to an assessor, who can soften any jump?"""
    return row.scoring is not None and all(case.high is None for case in row.scoring.cases)


def _said(cliff: "Cliff") -> Diagnostic:
    given = "、".join(f"{name}={value}" for name, value in cliff.given)
    return finding(
        STEEP, cliff.span, name=cliff.path[-1], before=cliff.before, after=cliff.after, low=format_number(cliff.below),
        high=format_number(cliff.above), share=percent(cliff.size), given=f"（{given}时）" if given else "", given_en=f" (with {given})" if given else "",
    )  # fmt: skip


STEEP = Kind(
    "L083", WARNING, "“{name}”的完成值从{before}到{after}{given}，得分从{low}分变到{high}分，一下差了分值的{share}",
    "from {before} to {after}{given_en} the score of “{name}” goes from {low} to {high}: {share} of its points at once",
    "中间加一档，或者接成按比例给分；有意这样的，用 accept 写明", "add a step, or join them by proportion; or accept it with the reason",
)  # fmt: skip
KINDS = (STEEP,)
