"""几乎每一项都得满分。

十项以上的自评，得分在99%以上，指标值多半定得没有压力，或者打分没有按规则。复核时会逐项要证据，先自己核一遍：哪几项的指标值可以再高些，哪几项缺佐证。
有佐证材料（证据栏）的行不到一半时才报告；证据栏里只写“自评分2”的不算佐证。

English: an object with ten rows or more comes to 99 % of its points or above, and most rows show no evidence. Expect to be asked for it, and look again
at the targets.
"""

import re
from collections.abc import Iterator

from perfdsl.diagnostics import INFO, Kind, finding
from perfdsl.lints._scored import Said, Scored
from perfdsl.quantity import format_number

BASIS = "审计机关对绩效自评普遍满分的批评；公布的自评表中有99.5分、99.6分、100分的实例"
LIMITS = {"full_marks": "得分占总分多少起报告 L064，默认 99%"}
FEWEST = 10
_NO_PROOF = re.compile(r"\A\s*自评(?:得分|分)?\s*[\d.]+\s*分?\s*\Z")
_ROWS = "".join(f'  指标{n} full "≥{n}件" points 10 by {{ met -> 10  otherwise -> 0 }}\n' for n in range(1, 11))
_VALUES = "".join(f"指标{n},{n}件,{{0}}\n" for n in range(1, 11))
BAD = f'project "热线运行" {{\n  total 100\n{_ROWS}}}\n'
GOOD = BAD
BAD_DATA = "指标,实际值,证据\n" + _VALUES.format("")
GOOD_DATA = "指标,实际值,证据\n" + _VALUES.format("热线系统年报")


def check_scored(scored: Scored) -> Iterator[Said]:
    """Objects that lose next to nothing."""
    card = scored.card
    rows = [score for _, score, _ in scored.rows() if score.points and not score.bonus]
    shown = sum(bool(_NO_PROOF.sub("", score.evidence)) for score in rows)
    if len(rows) < FEWEST or card.total is None or not card.points or not card.complete or 2 * shown >= len(rows):
        return
    if card.total >= scored.limit("full_marks", "0.99") * card.points:
        full = sum(score.score == score.points for score in rows)
        yield (), finding(ALL_FULL, scored.place, name=card.object, total=format_number(card.total), points=format_number(card.points),
                          full=full, rows=len(rows), shown=shown)  # fmt: skip


ALL_FULL = Kind(
    "L064", INFO, "“{name}”得{total}分（总分{points}），{rows}项里{full}项满分，有佐证的只有{shown}项",
    "“{name}” comes to {total} of {points}: {full} of {rows} rows are full, {shown} show evidence",
    "核对指标值是不是定得太低，并补上佐证材料", "look again at the targets, and add evidence",
)  # fmt: skip
KINDS = (ALL_FULL,)
