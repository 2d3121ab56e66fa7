"""A form as a bureau describes it: columns in their order, and the blocks that stand under each other.

Nothing here knows a particular form; the forms that come with perfdsl are files of ``forms/``, written as docs/forms.md says.
"""

import attrs

BOTH, TARGETS, SCORES = "都用", "目标", "自评"


@attrs.frozen(kw_only=True)
class Column:
    """One column of the table of indicators.  ``width`` is counted in Chinese characters; ``over`` is a heading above it.

    ``level`` counts the columns of names from 1, 0 for every other; ``points`` puts the points of the group behind its name.
    """

    head: str
    show: str
    width: int
    over: str = ""
    level: int = 0
    points: bool = False
    only: str = BOTH


@attrs.frozen
class Field:
    """A label and the text beside it, with places such as ``{对象}``; ``columns`` is how wide the text is, 0: shared out."""

    label: str
    text: str
    columns: int = 0


@attrs.frozen
class Fields:
    """表头: rows of labels with their texts."""

    rows: tuple[tuple[Field, ...], ...]


@attrs.frozen
class Amount:
    """A column of a money block: its heading and what stands in it."""

    head: str
    show: str


@attrs.frozen(kw_only=True)
class Sides:
    """资金, as income and spending under each other: every line of the funds table with its amounts."""

    label: str
    amounts: tuple[Amount, ...]
    sides: tuple[str, ...]
    table: str = ""


@attrs.frozen(kw_only=True)
class Execution:
    """预算执行: the whole sum and its sources with budget, spending and rate; ``indicator`` is scored here, not in the table."""

    label: str
    amounts: tuple[Amount, ...]
    whole: str
    indicator: str = ""


@attrs.frozen
class Texts:
    """文字: a label and a tall cell; with several fields they stand side by side under their headings (并列)."""

    label: str
    fields: tuple[Field, ...]
    lines: int = 2


@attrs.frozen
class Indicators:
    """指标: the headings of the columns and a row for each indicator, empty groups included."""


@attrs.frozen
class Total:
    """合计: the points and the total."""

    label: str


@attrs.frozen
class Notes:
    """说明: fixed lines, and with ``arithmetic`` how every score came about."""

    label: str
    lines: tuple[str, ...]
    arithmetic: bool = False


@attrs.frozen
class Signatures:
    """签字: texts side by side under the table."""

    texts: tuple[str, ...]


Content = Fields | Sides | Execution | Texts | Indicators | Total | Notes | Signatures


@attrs.frozen
class Block:
    """A part of the form and when it is printed: always, with targets alone, or with scores alone."""

    content: Content
    only: str = BOTH


@attrs.frozen(kw_only=True)
class Form:
    """A form.  ``name`` is what it is asked for by, ``unit`` the unit money is printed in (empty: as the rules print it)."""

    name: str
    title: str
    subtitle: str = ""
    portrait: bool = False
    unit: str = ""
    columns: tuple[Column, ...]
    blocks: tuple[Block, ...]
