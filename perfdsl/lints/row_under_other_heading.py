"""指标的名称说的是另一个分组的事。

名称以同一张表里另一个分组的名称开头，例如“资产管理制度健全性”列在“项目管理”下，而表里另有“资产管理”一组。多半是填表时串了行。移回它自己的一组。

English: the name of the row begins with the heading of a neighbouring group, as when lines slip. Move it to its own group.
"""

from collections.abc import Iterator

from perfdsl import model as m
from perfdsl.diagnostics import WARNING, Diagnostic, Kind, Label, finding
from perfdsl.lints._table import Table

BASIS = "二级指标与三级指标的内容应当一致（依通行理解，未核对原文）"
BAD = """\
department "便民服务中心" {
  资产管理 { 资产管理规范性     full "规范" }
  项目管理 { 资产管理制度健全性 full "健全" }
}
"""
GOOD = """\
department "便民服务中心" {
  资产管理 {
    资产管理规范性     full "规范"
    资产管理制度健全性 full "健全"
  }
  项目管理 { 项目管理制度健全性 full "健全" }
}
"""
LETTERS = range(4, 12)


def check(table: Table) -> Iterator[Diagnostic]:
    """Rows that bear the name of a neighbouring group."""
    for rows in (table.thing.rows, *(group.children for group in table.groups)):
        siblings = {row.path[-1]: row for row in rows if isinstance(row, m.Group)}
        for group in siblings.values():
            for row in (child for child in group.children if isinstance(child, m.Indicator)):
                name, own = row.path[-1], group.path[-1]
                other = next((siblings[name[:size]] for size in LETTERS if name[:size] in siblings), None)
                if other is not None and other.path[-1] != own and len(name) > len(other.path[-1]):
                    label = Label(other.name_span, "这一组", "this group")
                    yield finding(
                        OTHER_HEADING, row.name_span, labels=(label,), name=name, heading=own, other=other.path[-1]
                    )


OTHER_HEADING = Kind(
    "L013", WARNING, "“{name}”列在“{heading}”下，说的却是“{other}”的事", "“{name}” stands under “{heading}”, but is about “{other}”",
    "移到“{other}”下", "move it under “{other}”",
)  # fmt: skip
KINDS = (OTHER_HEADING,)
