"""A folded text taken apart.

Every character of the sentence lands in exactly one piece; what fits none is kept as ``Strange``, so that nothing is dropped.
"""

import re
from collections.abc import Callable

from perfdsl.sentences.atoms import Atom, Strange
from perfdsl.sentences.awards import gets
from perfdsl.sentences.heads import level, reached
from perfdsl.sentences.limits import condition
from perfdsl.sentences.moves import cap, started, step
from perfdsl.sentences.phrases import phrase
from perfdsl.sentences.ratios import ratio
from perfdsl.sentences.remarks import remark

SEPARATORS = ",;。、:"
_HEADING = re.compile(
    r"(?:评价要点|评分标准|评分办法|评分规则|评分细则|计分方法|计分标准|扣分标准|评价标准|赋分规则|得分标准|评分要点)(?::|为:?)"
)
_READERS: tuple[Callable[[str, int], Atom | None], ...] = (
    remark, condition, reached, level, gets, ratio, step, cap, started,
)  # fmt: skip


def take_apart(text: str) -> tuple[Atom, ...]:
    """All pieces in order, without separators."""
    made: list[Atom] = []
    at = 0
    while at < len(text):
        heading = _HEADING.match(text, at)
        if heading or text[at] in SEPARATORS:
            at = heading.end() if heading else at + 1
            continue
        found = _longest(text, at)
        if found is None:
            end = _next(text, at + 1)
            if made and isinstance(made[-1], Strange) and made[-1].end == at:
                made[-1] = Strange(start=made[-1].start, end=end)
            else:
                made.append(Strange(start=at, end=end))
            at = end
            continue
        made.append(found)
        at = found.end
    return tuple(made)


def _next(text: str, at: int) -> int:
    while at < len(text) and text[at] not in SEPARATORS:
        at += 1
    return at


def _longest(text: str, at: int) -> Atom | None:
    found = [piece for read in _READERS if (piece := read(text, at)) is not None and piece.end > at]
    made = max(found, key=lambda piece: piece.end, default=None)
    if made is not None and (made.end == len(text) or text[made.end] in SEPARATORS or gets(text, made.end)):
        return made
    said = phrase(text, at)
    return said if said is not None and (made is None or said.end > made.end) else made
