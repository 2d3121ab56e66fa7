"""没有达到指标值，又没有写原因；或者只写“基本完成”。

自评表上的“偏差原因及改进措施”就是为没有达到的指标设的。空着，或只写“基本完成”“无”，复核时都会退回。写明为什么没有达到、准备怎么办。
整张完成值表没有一处填了偏差原因或证据的，多半只是试算，不报告。

English: a target was missed and no reason is given, or only that it was basically achieved. Say why it was missed and what will be done.
A table in which no reason and no evidence stands anywhere is taken for a trial and left alone.
"""

import re
from collections.abc import Iterator

from perfdsl.diagnostics import WARNING, Kind, finding
from perfdsl.lints._scored import Said, Scored
from perfdsl.scorecard import MISSED

BASIS = "绩效自评表“偏差原因分析及改进措施”栏；公布的自评表中有空着的实例"
NO_REASON = re.compile(
    r"(目标|指标|任务)?(已|均)?(基本|大体|总体)?(上)?(完成|达成|达到|实现|达标)(了|目标|任务|指标)*|无|没有|/|-|—|暂无|无偏差|不适用"
)
BAD = """\
project "热线运行" {
  坐席人员服务满意率 full "≥95%"
}
"""
GOOD = BAD
BAD_DATA = """\
指标,实际值,偏差原因
坐席人员服务满意率,94%,目标基本完成
"""
GOOD_DATA = """\
指标,实际值,偏差原因
坐席人员服务满意率,94%,年中换用新系统，两周内等待时间变长；已加开夜班
"""


def check_scored(scored: Scored) -> Iterator[Said]:
    """Missed rows without a reason, in a table that gives reasons or evidence at all."""
    if not any(entry.explanation or entry.evidence for _, _, entry in scored.rows()):
        return
    for row, score, entry in scored.rows():
        if (
            score.status == MISSED
            and not score.bonus
            and NO_REASON.fullmatch(entry.explanation.strip("。；， ") or "无")
        ):
            yield (
                score.path,
                finding(UNEXPLAINED, entry.span, name=row.path[-1], text=score.actual, target=score.target),
            )


UNEXPLAINED = Kind(
    "L062", WARNING, "“{name}”完成值“{text}”没有达到指标值“{target}”，没有写原因", "“{name}” reached “{text}” of its target “{target}” and no reason is given",
    "在“偏差原因”里写为什么没有达到、怎么改进", "say in 偏差原因 why it was missed and what will be done",
)  # fmt: skip
KINDS = (UNEXPLAINED,)
