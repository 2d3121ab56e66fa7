"""上年考核的指标，今年的表里没有了。

指标每年换，前后就比不了，完不成的指标也可能这样消失。改了名称的，尽量沿用原来的名称；确实不再考核的，写 accept（接受）说明。
只看指标值是数的行；把上年和今年的文件放在一次检查里才比得出来。

English: a row with a number as its target stood in last year's table and is gone. Keep its name, or accept it with the reason. The tables of both
years must be checked in one run.
"""

from collections.abc import Iterator, Sequence

from perfdsl.diagnostics import INFO, Diagnostic, Kind, Label, closest, finding
from perfdsl.lints._pairs import limits_by_name, plain, successive
from perfdsl.lints._table import Table

BASIS = "绩效指标应当相对稳定、前后可比；依通行理解，未核对原文"
BESIDE = """\
project "热线" {
  year 2023
  热线接通率 full "≥90%"
}
"""
BAD = """\
project "热线" {
  year 2024
  接通热线比率 full "≥90%"
}
"""
GOOD = """\
project "热线" {
  year 2024
  热线接通率 full "≥90%"
}
"""


def check_together(tables: Sequence[Table]) -> Iterator[Diagnostic]:
    """Rows of last year that are gone."""
    for older, newer in successive(tables):
        now = {plain(row.path[-1]): row for row in newer.indicators}
        before = {plain(row.path[-1]) for row in older.indicators}
        added = {name: row for name, row in now.items() if name not in before}
        for name, (row, use, _) in limits_by_name(older).items():
            if name not in now:
                near = added.get(closest(name, added))
                labels = [Label(use.span, "上年在这里", "last year here")]
                labels += [Label(near.name_span, "是不是改了名称？", "renamed?")] if near is not None else []
                yield finding(DROPPED, newer.thing.span, labels=labels, name=row.path[-1], text=use.target.text)


DROPPED = Kind(
    "L067", INFO, "上年的指标“{name}”（{text}）今年没有了", "last year's row “{name}” ({text}) is gone",
    "改了名称的，沿用原名；不再考核的，写 accept（接受）L067 说明", "keep its name, or accept L067 with the reason",
)  # fmt: skip
KINDS = (DROPPED,)
