"""What a table of monitoring says beside the actuals: forecast for the year, likelihood, causes of what is behind."""

import re
from collections.abc import Iterable, Iterator, Sequence

from attrs import evolve

from perfdsl.actuals import Row
from perfdsl.diagnostics import Diagnostic, stated
from perfdsl.monitor import messages as say
from perfdsl.monitoring import CAUSES, LIKELY, Remarks
from perfdsl.quantity import fold_width, is_unit

FORECAST = (
    "全年预计完成",
    "全年预计完成值",
    "全年预计完成情况",
    "预计全年完成",
    "全年预计执行数",
    "全年预计",
    "forecast",
)
LIKELIHOOD = ("完成可能性", "全年完成可能性", "完成目标可能性", "完成目标的可能性", "likelihood")
CATEGORY = ("原因类别", "偏差原因类别", "原因分类", "cause")
WORDS_OF_CAUSES = {
    "funds": ("经费保障", "经费", "经费保障原因", "funds"),
    "rules": ("制度保障", "制度", "制度保障原因", "rules"),
    "staff": ("人员保障", "人员", "人员保障原因", "staff"),
    "equipment": ("硬件条件保障", "硬件条件", "硬件", "硬件条件保障原因", "equipment"),
    "other": ("其他", "其它", "其他原因", "other"),
}
WORDS_OF_LIKELIHOOD = {
    "certain": ("确定能", "certain"),
    "possible": ("有可能", "possible"),
    "impossible": ("完全不可能", "impossible"),
}
COLUMNS = frozenset(
    {*FORECAST, *LIKELIHOOD, *CATEGORY, *(word for words in WORDS_OF_CAUSES.values() for word in words)}
)
RECKONED = ("(按计划)", "(按进度)", "(按现状)")
TICKS = frozenset({"是", "√", "✓", "1", "yes", "x", "有"})
_CAUSE = {word: key for key in CAUSES for word in WORDS_OF_CAUSES[key]}
_LIKELY = {word: key for key in LIKELY for word in WORDS_OF_LIKELIHOOD[key]}


def forecast_row(row: Row) -> Row | None:
    """The row with its forecast for the year in the place of the actual; None without one."""
    for text, unit in _cells(row, FORECAST):
        if fold_width(text).endswith(RECKONED):
            return None  # printed by a form as reckoned, not stated by the unit
        return evolve(row, value=text, unit=unit or row.unit, period="", mark="", override="", times="",
                      percent_format=row.percent_format and not unit)  # fmt: skip
    return None


def remarks(rows: Sequence[Row], found: list[Diagnostic]) -> Remarks:
    """What the rows of one indicator say; the first likelihood counts."""
    likelihood = ""
    causes: dict[str, str] = {}
    for row in rows:
        for text, _ in _cells(row, LIKELIHOOD):
            word = _LIKELY.get(_bare(text), "")
            if not word:
                found.append(stated(say.UNKNOWN_LIKELIHOOD, row.span, {"row": row.span.line, "text": text}))
            likelihood = likelihood or word
        for key, text in _causes(row, found):
            causes[key] = "；".join(part for part in dict.fromkeys((causes.get(key, ""), text)) if part)
    return Remarks(
        likelihood=likelihood,
        causes=tuple((key, causes[key]) for key in CAUSES if key in causes),
        explanation=_joined(row.explanation for row in rows),
        evidence=_joined(row.evidence for row in rows),
    )


def _causes(row: Row, found: list[Diagnostic]) -> Iterator[tuple[str, str]]:
    """The categories that are ticked or have a text of their own, and those named in one column."""
    for key in CAUSES:
        for text, _ in _cells(row, WORDS_OF_CAUSES[key]):
            yield key, "" if _bare(text) in TICKS else text
    for text, _ in _cells(row, CATEGORY):
        for part in re.split(r"[、，,;；/\n]+", text):
            word = _CAUSE.get(_bare(part))
            if word is not None:
                yield word, ""
            elif part.strip():
                found.append(stated(say.UNKNOWN_CAUSE, row.span, {"row": row.span.line, "text": part.strip()}))


def _cells(row: Row, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What stands in the columns of these names, with the unit a heading has in brackets; empty cells are left out."""
    for head, text in row.extras:
        base, _, unit = fold_width(head).strip().removesuffix(")").partition("(")
        if (_bare(head) in names or _bare(base) in names) and text.strip():
            yield text.strip(), unit.strip() if is_unit(unit.strip()) else ""


def _bare(text: str) -> str:
    return "".join(fold_width(text).split()).strip("*:").lower()


def _joined(texts: Iterable[str]) -> str:
    return "；".join(dict.fromkeys(text.strip() for text in texts if text.strip()))
