"""指标值比上年的还低。

同一个项目、同一个指标，今年定的比上年还低，等于承认退步。确有原因的（口径变了、任务调整了）写 accept（接受）说明。
把上年和今年的文件放在一次检查里才比得出来：项目同名，年度差一年，指标同名。

English: a target is lower than the target of the same row last year. Restore it, or accept it with the reason. The tables of both years must be
checked in one run.
"""

from collections.abc import Iterator, Sequence

from perfdsl.diagnostics import WARNING, Diagnostic, Kind, Label, finding
from perfdsl.lints._pairs import aims_high, alike, limits_by_name, successive
from perfdsl.lints._table import Table

BASIS = "绩效目标审核要求参照历史数据；依通行理解，未核对原文"
BESIDE = """\
project "热线" {
  year 2023
  满意度 full "≥85%"
}
"""
BAD = """\
project "热线" {
  year 2024
  满意度 full "≥80%"
}
"""
GOOD = """\
project "热线" {
  year 2024
  满意度 full "≥85%"
}
"""


def check_together(tables: Sequence[Table]) -> Iterator[Diagnostic]:
    """Targets below those of last year."""
    for older, newer in successive(tables):
        before = limits_by_name(older)
        for name, (row, use, bound) in limits_by_name(newer).items():
            known = before.get(name)
            if known is None or not alike(known[2], bound):
                continue
            high, change = aims_high(row, bound), bound.quantity.base - known[2].quantity.base
            if (high is True and change < 0) or (high is False and change > 0):
                label = Label(known[1].span, f"上年是“{known[1].target.text}”", f"last year “{known[1].target.text}”")
                yield finding(
                    LOWERED,
                    use.span,
                    labels=[label],
                    name=row.path[-1],
                    text=use.target.text,
                    before=known[1].target.text,
                )


LOWERED = Kind(
    "L061", WARNING, "“{name}”的指标值“{text}”比上年的“{before}”还低", "the target “{text}” of “{name}” is below last year's “{before}”",
    "定得不低于上年；确有原因的，写 accept（接受）L061 说明", "do not fall behind last year, or accept L061 with the reason",
)  # fmt: skip
KINDS = (LOWERED,)
