"""几乎每一行的实施周期指标值都与年度指标值相同。

实施周期是项目从开始到完成的全程，年度只是其中一年。跨年的项目两栏应当不同；两栏全都一样，多半是照抄了一遍。只有一年的项目，可以不填实施周期一栏。

English: nearly every target of the whole term is that of the year, as copying does. A project of several years has different ones;
a project of one year needs no column for the term.
"""

from collections.abc import Iterator

from perfdsl.diagnostics import INFO, Diagnostic, Kind, finding
from perfdsl.lints._periods import same_throughout
from perfdsl.lints._table import Table

BASIS = "绩效目标分为实施期（中长期）目标和年度目标（预算绩效目标管理办法，依通行理解，未核对原文）"
LIMITS = {"same_as_cycle": "实施周期与年度相同的行占多少起报告 L046，默认 80%"}
BAD = """\
project "网上办事" {
  发布信息数 cycle "≥15000条" full "≥15000条"
  办理业务量 cycle "≥100万件" full "≥100万件"
  刻制印章数 cycle "≥18500套" full "≥18500套"
  审核通过率 cycle "≥90%"     full "≥90%"
  群众满意度 cycle "≥85%"     full "≥85%"
}
"""
GOOD = """\
project "网上办事" {
  发布信息数 cycle "≥45000条" full "≥15000条"
  办理业务量 cycle "≥300万件" full "≥100万件"
  刻制印章数 cycle "≥55500套" full "≥18500套"
  审核通过率 cycle "≥90%"     full "≥90%"
  群众满意度 cycle "≥85%"     full "≥85%"
}
"""
FEWEST = 5


def check(table: Table) -> Iterator[Diagnostic]:
    """Tables whose targets of the term are those of the year."""
    same, rows = same_throughout(table, "cycle")
    if rows >= FEWEST and same >= table.limit("same_as_cycle", "0.8") * rows:
        yield finding(COPIED, table.thing.span, same=same, rows=rows)


COPIED = Kind(
    "L046", INFO, "{rows}行指标里有{same}行的实施周期与年度相同", "{same} of {rows} rows have the same target for the term and the year",
    "跨年的项目写出全程要完成多少；只有一年的，删去实施周期一栏", "write what the whole term is to bring; leave the column out for a project of one year",
)  # fmt: skip
KINDS = (COPIED,)
