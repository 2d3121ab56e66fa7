"""指标放错了地方：比率放在数量指标下，产出放在效益下，满意度放在产出下。

数量指标说做了多少，比率多半属于质量或时效；办结率、回访率说的是服务过程，属于产出；满意度有自己的一级指标。放错了，各组的分值和结论就对不上。
只查名称和单位说得准的；“实际完成率”“覆盖率”这类官方框架放在数量指标下的，不报。

English: a rate stands under quantity, an output under benefits, satisfaction under outputs. Only what names and units say for certain is reported.
"""

from collections.abc import Iterator

from perfdsl import model as m
from perfdsl.diagnostics import WARNING, Diagnostic, Kind, finding
from perfdsl.lints._headings import BENEFIT, OUTPUT, plain
from perfdsl.lints._table import Table
from perfdsl.target import Nothing, kind

BASIS = "财预〔2021〕101号对数量、质量、时效、效益和满意度指标的划分（依通行理解，未核对原文）；审计机关点名的“产出与效益混淆”"
BAD = """\
project "热线运行" {
  产出指标 {
    数量指标 { 来电回复率 full "≥98%" }
  }
}
"""
GOOD = """\
project "热线运行" {
  产出指标 {
    质量指标 { 来电回复率 full "≥98%" }
  }
}
"""
QUANTITY = "数量"
COUNTED_AS_QUANTITY = ("完成率", "覆盖率", "普及率", "执行率", "到位率", "增长率", "开工率", "占比", "比例", "比重")
OF_SERVICE = ("办结率", "回访率", "回复率", "答复率", "签收率")
OF_SATISFACTION = ("满意度", "满意率")


def check(table: Table) -> Iterator[Diagnostic]:
    """Rows whose name or unit says that they belong elsewhere."""
    for row in table.indicators:
        should = _should_be(row)
        if should:
            yield finding(MISPLACED, row.name_span, name=row.path[-1], heading=row.path[-2], should=should)


def _should_be(row: m.Indicator) -> str:
    """The group it belongs to; empty where it stands well or nobody can tell."""
    name, above = row.path[-1], [plain(heading) for heading in row.path[:-1]]
    if OUTPUT in above and name.endswith(OF_SATISFACTION):
        return "满意度指标"
    if above and above[-1] == QUANTITY and not name.endswith(COUNTED_AS_QUANTITY) and _is_rate(row):
        return "质量指标或时效指标"
    if BENEFIT in above and name.endswith(OF_SERVICE):
        return "产出指标"
    return ""


def _is_rate(row: m.Indicator) -> bool:
    demanded = [use.target for use in row.targets if not isinstance(use.target.meaning, Nothing)]
    return bool(demanded) and all(kind(target) == "percent" for target in demanded)


MISPLACED = Kind(
    "L012", WARNING, "“{name}”列在“{heading}”下，看名称和单位应当在{should}下", "“{name}” stands under “{heading}”; its name and unit belong under {should}",
    "移到合适的一组", "move it",
)  # fmt: skip
KINDS = (MISPLACED,)
