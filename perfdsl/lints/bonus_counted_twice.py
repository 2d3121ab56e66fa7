"""说明写着“同一事项不累计”，计分方法却逐项相加。

同一件事先得市级表彰、又得省级表彰，按“同一事项取最高”只加一次；写成 `by sum`（逐项累计）就加了两次。用 `by best per 事项`，同一事项取最高的一条，各事项再相加。

English: the remark says that one matter counts once, the rubric adds every entry. Write `by best per 事项`: the best of each
matter, then the sum.
"""

import re
from collections.abc import Iterator

from perfdsl.diagnostics import ERROR, Diagnostic, Kind, Label, finding
from perfdsl.lints._table import Table

BASIS = "公开的加减分办法普遍规定同一事项不重复加分"
BAD = """\
project "热线" {
  total 10 up to 15
  按时办结率 full "≥95%" points 10 by { met -> 10   otherwise -> 0 }
  加分项 bonus 0 .. 5 {
    受嘉奖 by sum { "国家级" -> 5   "省级" -> 2 }
      note "同一项目工作不累计加分"
  }
}
"""
GOOD = """\
project "热线" {
  total 10 up to 15
  按时办结率 full "≥95%" points 10 by { met -> 10   otherwise -> 0 }
  加分项 bonus 0 .. 5 {
    受嘉奖 by best per 事项 { "国家级" -> 5   "省级" -> 2 }
      note "同一项目工作不累计加分"
  }
}
"""
ONCE = re.compile("同一[^，。；]{0,12}(?:不|只|仅|就高|取最?高|按最高)|不(?:重复|累计)(?:加|计)分|就高不重复")


def check(table: Table) -> Iterator[Diagnostic]:
    """Sums of entries, not grouped by anything, whose own remark says that one matter counts once."""
    for row in table.indicators:
        entries = row.scoring.entries if row.scoring is not None else None
        if entries is None or entries.how != "sum" or entries.per:
            continue
        said = next((found[0] for remark in row.remarks if (found := ONCE.search(remark.text))), "")
        if said:
            label = Label(row.span, "这一行的计分方法逐项相加", "the rubric of this row adds every entry")
            yield finding(COUNTED_TWICE, row.name_span, labels=(label,), name=row.path[-1], said=said)


COUNTED_TWICE = Kind(
    "L080", ERROR, "“{name}”的说明写着“{said}”，计分方法却逐项相加", "the remark of “{name}” says “{said}”, and its rubric adds every entry",
    "用 by best per 事项（同一事项取最高）", "write by best per 事项",
)  # fmt: skip
KINDS = (COUNTED_TWICE,)
