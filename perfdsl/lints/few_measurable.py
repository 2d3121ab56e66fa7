"""能衡量的指标太少。

指标值是数、比率、金额、期限的行，不到全部的三分之一，其余都是“健全”“合理”“提升”一类的词。绩效指标应当细化、量化，不能量化的才用定性表述。
比例可以由单位自己定（`measurable`，不写是 1/3），少于六行的不检查。

English: fewer than a third of the targets can be measured, the others are words. The share is the limit `measurable`; tables of fewer
than six rows are left alone.
"""

from collections.abc import Iterator
from fractions import Fraction

from perfdsl.diagnostics import INFO, Diagnostic, Kind, finding
from perfdsl.lints._table import Table
from perfdsl.target import kind

BASIS = "绩效指标应当细化量化（依通行理解，未核对原文）"
LIMITS = {"measurable": "能衡量的行不到多少才报告 L034，默认三分之一"}
ROWS = "".join(
    f'  {name}性 full "{word}"\n'
    for name, word in zip("甲乙丙丁戊", ("健全", "合理", "规范", "充分", "科学"), strict=True)
)
BAD = f'project "热线" {{\n{ROWS}  接通率 full "≥90%"\n}}\n'
GOOD = f'project "热线" {{\n{ROWS}  接通率 full "≥90%"\n  办结率 full "≥95%"\n  工单量 full "≥9万件"\n}}\n'
WORDS = ("level", "freetext", "none")
LEAST_ROWS = 6


def check(table: Table) -> Iterator[Diagnostic]:
    """One finding for an object with too many words."""
    kinds = [{kind(use.target) for use in row.targets} for row in table.indicators if row.targets]
    measurable = sum(1 for found in kinds if found - set(WORDS))
    if len(kinds) >= LEAST_ROWS and Fraction(measurable, len(kinds)) < table.limit("measurable", "1/3"):
        yield finding(FEW, table.thing.span, name=table.thing.name, all=len(kinds), measurable=measurable)


FEW = Kind(
    "L034", INFO, "“{name}”的{all}行指标里，能衡量的只有{measurable}行", "of the {all} indicators of “{name}” only {measurable} can be measured",
    "尽量用数、比率或期限表述", "use numbers, rates and dates where you can",
)  # fmt: skip
KINDS = (FEW,)
