"""同一个指标，部门整体表和项目表的指标值不一样。

部门整体表里的重点工作多半就是某个项目的产出，名称相同的指标，数应当相同。几个项目都有的指标（如预算执行率）不比，因为各有各的数。

English: a row has one target in the department's table and another in the table of its only project that has this row. Make them agree.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from perfdsl.diagnostics import WARNING, Diagnostic, Kind, Label, finding
from perfdsl.lints._pairs import OF_EVERY_TABLE, alike, departments, limits_by_name
from perfdsl.lints._table import Table

BASIS = "部门整体与项目绩效目标应当衔接一致；依通行理解，未核对原文"
BAD = """\
department "便民中心" {
  year 2024
  全年督查次数 full "≥40次"
}
project "督查暗访" {
  year 2024
  agency "便民中心"
  全年督查次数 full "≥20次"
}
"""
GOOD = BAD.replace("≥20次", "≥40次")


def check_together(tables: Sequence[Table]) -> Iterator[Diagnostic]:
    """Targets of a project that differ from the department's for the same row."""
    for department, projects in departments(tables):
        wanted = limits_by_name(department)
        own = [limits_by_name(project) for project in projects]
        times = Counter(name for rows in own for name in rows)
        for rows in own:
            for name, (row, use, bound) in rows.items():
                known = wanted.get(name) if times[name] == 1 and name not in OF_EVERY_TABLE else None
                if known is not None and alike(known[2], bound) and known[2].quantity.base != bound.quantity.base:
                    text = known[1].target.text
                    label = Label(known[1].span, f"部门整体表是“{text}”", f"the department's table says “{text}”")
                    yield finding(
                        DIFFERS, use.span, labels=[label], name=row.path[-1], text=use.target.text, other=text
                    )


DIFFERS = Kind(
    "L059", WARNING, "“{name}”的指标值“{text}”与部门整体表的“{other}”不一样", "the target “{text}” of “{name}” is “{other}” in the department's table",
    "核对哪一处没有改过来", "correct the one that is out of date",
)  # fmt: skip
KINDS = (DIFFERS,)
