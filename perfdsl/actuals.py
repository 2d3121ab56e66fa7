"""Actual values: rows as a table gives them, and what they say once they are matched with a plan.

A row keeps its words and its place; nothing is dropped, and a value that was not given is missing, never zero.
"""

from fractions import Fraction

import attrs

from perfdsl.core import Value
from perfdsl.text import NOWHERE, Span


@attrs.frozen(kw_only=True)
class Row:
    """One row of a table of actuals (long form).  ``span`` is its place; ``cell`` names it in words (行, 列)."""

    name: str
    value: str
    unit: str = ""
    mark: str = ""
    override: str = ""
    item: str = ""
    explanation: str = ""
    evidence: str = ""
    period: str = ""
    object: str = ""
    prior: str = ""
    times: str = ""
    extras: tuple[tuple[str, str], ...] = ()
    percent_format: bool = False
    span: Span


# The columns of a sheet to fill in their order, and what stands above them so that the sheet is known again.
FIELDS = ("value", "prior", "mark", "item", "times", "explanation", "evidence")
HEADINGS = {"value": "实际值", "prior": "上年值", "mark": "评分", "item": "事项", "times": "次数",
            "explanation": "偏差原因", "evidence": "证据"}  # fmt: skip
GROUPS: tuple[str, ...] = ("一级指标", "二级指标", "第三级", "第四级", "第五级", "第六级")
OBJECT, NAME, TARGET, UNIT, POINTS, SCORING = "对象", "指标", "指标值", "单位", "分值", "怎样计分"
PRINTED = frozenset({NAME, TARGET, UNIT, POINTS, SCORING, *GROUPS})
FILL_SHEET, NOTES_SHEET, LISTS_SHEET = "填报", "填报说明", "选项"
OBJECT_MARK, PERIOD_MARK, DIGEST_MARK = "对象：", "期间：", "规则指纹："


@attrs.frozen(kw_only=True)
class Filled:
    """What stands above the columns of a filled sheet: whom it is about, the period, the rules it was made for.

    ``period`` and ``digest`` are as written; ``columns`` has the letters of the columns by field or heading; ``merged`` the
    cells of 实际值 that were merged into the one above, ``others`` further filled sheets of the same workbook.
    """

    object: str
    period: str
    digest: str
    sheet: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    merged: tuple[int, ...] = ()
    others: tuple[str, ...] = ()
    span: Span


@attrs.frozen
class Table:
    """All rows of one file, with the digest of its bytes; ``filled`` when it is a sheet that ``template`` made."""

    name: str
    rows: tuple[Row, ...]
    sha256: str = ""
    filled: Filled | None = None


@attrs.frozen(kw_only=True)
class Entry:
    """One observation of an indicator, in base units: ``text`` is what was written."""

    value: Value
    text: str
    applies: bool = True
    none_happened: bool = False
    mark: Fraction | None = None
    override: Fraction | None = None
    item: str = ""
    times: int = 1
    prior: Value = None
    weight: Fraction | None = None
    explanation: str = ""
    evidence: str = ""
    span: Span = attrs.field(default=NOWHERE, eq=False, repr=False)


@attrs.frozen
class Observed:
    """What was observed of one object: entries by indicator path, inputs and money spent by name."""

    entries: dict[str, tuple[Entry, ...]]
    inputs: dict[str, Value]
    spent: dict[str, Fraction]
    sha256: str = ""
