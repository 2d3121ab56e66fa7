"""``gather`` on an indicator: may its values be added up or averaged, and what are its words worth on the way?"""

from collections.abc import Iterable, Sequence

import attrs

from perfdsl import core as c
from perfdsl import syntax as s
from perfdsl import target as t
from perfdsl.diagnostics import Diagnostic, finding
from perfdsl.keywords import SETTINGS
from perfdsl.resolve import dimensions as ty
from perfdsl.resolve import messages as say
from perfdsl.resolve.library import Library
from perfdsl.resolve.rows import Row

ENGLISH = {SETTINGS["sum"]: "sum", SETTINGS["mean"]: "mean"}
KNOWN = "sum（合计）、mean（平均）、weighted 栏目（加权）"


def begin(rows: Iterable[Row], library: Library, found: list[Diagnostic]) -> None:
    """Say of each row whether several units give its value; what is on a group passes by rows that have one value."""
    for row in rows:
        clause = row.gather
        if clause is None or row.is_group or row.is_empty:
            continue
        own = "gather" in row.spans
        how = ENGLISH.get(clause.how, clause.how)
        if how not in ("sum", "mean", "weighted"):
            if own:
                found.append(finding(say.SETTING, clause.span, key="gather", value=clause.how, known=KNOWN))
        elif row.node.formula is not None:
            _refuse(row, own, "它由算式算出，只有一个值", "it is computed and has one value", found)
        elif _by_entries(row, library):
            _refuse(row, own, "它的计分方法本来就逐条计分", "its rubric counts entries already", found)
        else:
            row.gathered = c.Gather(how, clause.column.text if clause.column is not None else "")


def finish(row: Row, library: Library, found: list[Diagnostic]) -> None:
    """After its targets are read: refuse what cannot be added or averaged, put down what words are worth."""
    if row.gathered is None:
        return
    meanings = [use.target.meaning for use in row.read if not isinstance(use.target.meaning, t.Nothing)]
    scales = [library.words.get(x.word) for x in meanings if isinstance(x, t.Level)]
    why = _why_not(row, meanings, bool(scales) and len(scales) == len(meanings) and None not in scales)
    if why is not None:
        _refuse(row, True, *why, found)
        row.gathered = None
        row.broken = True
        return
    shares = {word: share for scale in scales if scale is not None for word, share in scale.shares}
    row.gathered = attrs.evolve(row.gathered, shares=tuple(shares.items()))


def _why_not(row: Row, meanings: Sequence[t.Meaning], all_words: bool) -> tuple[str, str] | None:
    """Why several values cannot become one, in both languages."""
    assert row.gathered is not None  # the caller looked
    adds = row.gathered.how == "sum"
    if any(isinstance(x, (t.Level, t.Free, t.Compound)) for x in meanings) and not all_words:
        return "指标值是文字，又不在等级量表上", "its target is a word that is on no scale"
    if all_words:
        return ("文字不能相加，写 mean 或 weighted", "words do not add up; write mean or weighted") if adds else None
    if any(isinstance(x, (t.Deadline, t.Growth)) for x in meanings):
        return "期限和增减不能汇总", "deadlines and growth cannot be gathered"
    if adds and row.value is not None and row.value.flavor in (ty.SHARE.flavor, ty.RATIO.flavor):
        return "百分比不能相加，写 mean 或 weighted", "percents do not add up; write mean or weighted"
    if not adds and row.domain is not None and row.domain.whole:
        return "取值是整数，平均以后不一定是整数", "its values are whole, and a mean need not be"
    return None


def _by_entries(row: Row, library: Library) -> bool:
    method = row.method
    rubric = library.rubrics.get(method.name) if isinstance(method, s.Method) else method
    return rubric is not None and rubric.head is not None


def _refuse(row: Row, own: bool, why: str, why_en: str, found: list[Diagnostic]) -> None:
    if own:
        span = row.spans.get("gather", row.node.name.span)
        found.append(finding(say.CANNOT_GATHER, span, name=row.name, why=why, why_en=why_en))
