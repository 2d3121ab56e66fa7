"""一级指标的分值与通行的权重不同，也没有说明理由。

项目自评通行的权重是：预算执行10、产出50、效益30、满意度10；设置成本指标的，成本20、产出40、效益20、满意度10、预算执行10；没有满意度的，10分转到效益。
各组相差都不超过10分的不提示；成本的分值少的，并到产出里比。各地可以另定，所以这里只是提示：按本地文件定的，在那一组写 `basis`（评分依据）说明出处，就不再提示。

English: the points of the first-level groups are not those of the usual frames (10/50/30/10, or with costs 10/20/40/20/10). Other
weights may well be right: say where they come from with `basis` on the group.
"""

from collections.abc import Iterator
from fractions import Fraction

from perfdsl import model as m
from perfdsl.diagnostics import INFO, Diagnostic, Kind, finding
from perfdsl.lints._headings import BENEFIT, COST, EXECUTION, OUTPUT, SATISFACTION, plain
from perfdsl.lints._table import Table
from perfdsl.quantity import format_number

BASIS = "财预〔2021〕101号及各地自评表注明的权重（依通行理解，未核对原文）"
LIMITS = {"frame": "一级指标与通行的权重相差超过多少分才报告 L006，默认 10"}
BAD = """\
project "社区食堂" {
  rubric 达标 { met -> 100%   otherwise -> 0 }
  total 100
  预算执行率 full "=100%" points 10 by 达标
  产出指标   points 20 by 达标 { 食堂数 full "≥20个" points 20 }
  效益指标   points 60 by 达标 { 受益人数 full "≥900人" points 60 }
  满意度指标 points 10 by 达标 { 老人满意度 full "≥90%" points 10 }
}
"""
GOOD = """\
project "社区食堂" {
  rubric 达标 { met -> 100%   otherwise -> 0 }
  total 100
  预算执行率 full "=100%" points 10 by 达标
  产出指标   points 50 by 达标 { 食堂数 full "≥20个" points 50 }
  效益指标   points 30 by 达标 { 受益人数 full "≥900人" points 30 }
  满意度指标 points 10 by 达标 { 老人满意度 full "≥90%" points 10 }
}
"""
ALL = Fraction(100)
FRAMES = (
    {EXECUTION: 10, OUTPUT: 50, BENEFIT: 30, SATISFACTION: 10},
    {EXECUTION: 10, OUTPUT: 50, BENEFIT: 40},
    {EXECUTION: 10, COST: 20, OUTPUT: 40, BENEFIT: 20, SATISFACTION: 10},
    {EXECUTION: 10, COST: 20, OUTPUT: 40, BENEFIT: 30},
)


def check(table: Table) -> Iterator[Diagnostic]:
    """First-level groups of a usual frame with points far from it, in a table of 100 points."""
    thing = table.thing
    rows = [row for row in thing.rows if not isinstance(row, m.Empty) and not row.bonus]
    found = {plain(row.path[0]): row.points or Fraction(0) for row in rows}
    frame = next((frame for frame in FRAMES if frame.keys() == found.keys()), None)
    if frame is None or thing.total != ALL or thing.broken or any(_is_explained(row) for row in rows):
        return
    most = table.limit("frame", "10")
    if all(_distance(each) > most for each in (found, _without_costs(found))):
        shown = ["、".join(f"{name}{points}" for name, points in each) for each in (_printed(found), frame.items())]
        yield finding(OFF_FRAME, thing.span, has=shown[0], frame=shown[1])


def _without_costs(found: dict[str, Fraction]) -> dict[str, Fraction]:
    """Costs counted as outputs, as the frame without them has it."""
    rest = {name: points for name, points in found.items() if name != COST}
    return rest | {OUTPUT: found[OUTPUT] + found.get(COST, Fraction(0))}


def _distance(found: dict[str, Fraction]) -> Fraction:
    """How far the group farthest from its usual points is from them, in the frame that is nearest."""
    fitting = [frame for frame in FRAMES if frame.keys() == found.keys()]
    return min((max(abs(found[name] - points) for name, points in frame.items()) for frame in fitting), default=ALL)


def _printed(found: dict[str, Fraction]) -> list[tuple[str, str]]:
    return [(name, format_number(points)) for name, points in found.items()]


def _is_explained(row: m.Group | m.Indicator) -> bool:
    return any(remark.kind in ("basis", "note") for remark in row.remarks)


OFF_FRAME = Kind(
    "L006", INFO, "一级指标的分值是{has}，通行的是{frame}", "the first-level groups have {has}; usual are {frame}",
    "按本地文件定的，在组上用 basis（评分依据）写明出处", "say with basis on a group where the weights come from",
)  # fmt: skip
KINDS = (OFF_FRAME,)
