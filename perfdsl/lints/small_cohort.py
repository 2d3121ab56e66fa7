"""按名次评优，没有写至少几家才比。

“名次在前两名的评优”，同类只有两家时家家都是优；只有一两家的类别，排名没有意义。写明同类不足几家时怎么办，例如 `size(类别) >= 5 and …`。

English: an award by rank without a least size of the class: where two are compared, both are among the first two. Add
`size(CLASS) >= 5 and …`, or whatever your rule says.
"""

from collections.abc import Iterator

from perfdsl.core import comparisons_in
from perfdsl.diagnostics import INFO, Diagnostic, Kind, finding
from perfdsl.lints._table import Table

BASIS = "公开的评优办法里有的规定了同类最少家数，多数没有规定"
BAD = """\
project "宣传" {
  input 类别 values "县区", "部门"
  报道数 full "≥10篇" points 10 by { completion >= 100% -> 100%   otherwise -> completion }
  award 红榜 when rank(总分, 类别) <= 2
}
"""
GOOD = """\
project "宣传" {
  input 类别 values "县区", "部门"
  报道数 full "≥10篇" points 10 by { completion >= 100% -> 100%   otherwise -> completion }
  award 红榜 when size(类别) >= 5 and rank(总分, 类别) <= 2
}
"""
MANY, FEW = ("rank", "rank_share"), "size"


def check(table: Table) -> Iterator[Diagnostic]:
    """Awards that look at a place and not at how many there are."""
    for award in table.thing.awards:
        seen = {name.partition(":")[0] for name in comparisons_in(award.condition)}
        if seen & set(MANY) and FEW not in seen:
            yield finding(NO_LEAST, award.span, name=award.name)


NO_LEAST = Kind(
    "L082", INFO, "评优“{name}”按名次，没有写同类至少几家", "the award “{name}” goes by rank, without a least number of those compared",
    "加上 size(类别) >= 几家", "add size(CLASS) >= N",
)  # fmt: skip
KINDS = (NO_LEAST,)
