"""A file as it was written: declarations, nodes, clauses, expressions and comments, each with its place.

Two files that differ only in layout, keyword language or comment position are equal: places do not take part in equality.
"""

from fractions import Fraction
from typing import Union

import attrs

from perfdsl.text import NOWHERE, Span


def place() -> Span:
    """The field every node carries: where it stands; never part of its identity."""
    return attrs.field(default=NOWHERE, eq=False, repr=False, kw_only=True)


@attrs.frozen
class Ident:
    """A name as a user wrote it, without its quotes."""

    text: str
    span: Span = place()


@attrs.frozen
class Text:
    """A text in quotes, verbatim, escapes undone; in a formula it is a value, never a reference."""

    text: str
    span: Span = place()


@attrs.frozen
class Number:
    """A number with its unit as printed ("2万元", "90%", "1,125.16"); ``value`` is in the printed unit."""

    value: Fraction
    unit: str = ""
    text: str = attrs.field(default="", eq=False)
    span: Span = place()


# ---- expressions


@attrs.frozen
class Reference:
    """A word in a formula: an indicator, an input, a parameter or a word of the language."""

    name: str
    span: Span = place()


@attrs.frozen
class Argument:
    """One argument of a call: ``value``, or ``label: value`` (a named parameter, or a point of ``interpolate``)."""

    value: "Expr"
    label: "Expr | None" = None
    span: Span = place()


@attrs.frozen
class Call:
    """``name(arguments)``."""

    name: str
    arguments: tuple[Argument, ...]
    span: Span = place()


@attrs.frozen
class Chain:
    """``first op operand op operand …`` of one precedence: ``+ -`` or ``* /``; a leading minus is ``0 - x``."""

    first: "Expr"
    rest: tuple[tuple[str, "Expr"], ...]
    span: Span = place()


@attrs.frozen
class Negative:
    """``-operand``."""

    operand: "Expr"
    span: Span = place()


@attrs.frozen
class Compare:
    """``left op right``; ``left`` is None where the subject is left out."""

    op: str
    left: "Expr | None"
    right: "Expr"
    span: Span = place()


@attrs.frozen
class Logic:
    """``and`` / ``or`` over two or more operands."""

    op: str
    operands: tuple["Expr", ...]
    span: Span = place()


@attrs.frozen
class Not:
    """``not operand``."""

    operand: "Expr"
    span: Span = place()


@attrs.frozen
class Bracket:
    """An expression in brackets, kept so that the file can be printed as it was meant."""

    inner: "Expr"
    span: Span = place()


Expr = Union[Number, Text, Reference, Call, Chain, Negative, Compare, Logic, Not, Bracket]


@attrs.frozen
class Case:
    """``condition -> award`` or ``condition -> low .. high``; no condition means ``otherwise``."""

    condition: Expr | None
    award: Expr
    high: Expr | None = None
    span: Span = place()


# ---- rubrics


@attrs.frozen
class Head:
    """How several entries become one score: ``check``, ``sum per 事项``, ``best``, ``trimmed mean over 5``, ``from 100%``."""

    how: str
    per: str = ""
    over: Number | None = None
    base: Number | None = None
    span: Span = place()


@attrs.frozen
class Method:
    """A rubric used by name, with arguments."""

    name: str
    arguments: tuple[Argument, ...] = ()
    span: Span = place()


@attrs.frozen
class Inline:
    """A rubric written where it is used."""

    cases: tuple["Case | Broken", ...]
    head: Head | None = None
    span: Span = place()


@attrs.frozen
class Parameter:
    """A parameter of a rubric and its default."""

    name: str
    default: Expr | None = None
    span: Span = place()


@attrs.frozen
class Remark:
    """``note``, ``basis`` or ``source`` with its text."""

    kind: str
    text: str
    span: Span = place()


@attrs.frozen
class Rubric:
    """A named scoring method."""

    name: Ident
    parameters: tuple[Parameter, ...]
    cases: tuple["Case | Broken", ...]
    head: Head | None = None
    remarks: tuple[Remark, ...] = ()
    span: Span = place()


@attrs.frozen
class Level:
    """One step of a scale: synonyms and the share they are worth."""

    words: tuple[Ident, ...]
    share: Expr
    span: Span = place()


@attrs.frozen
class Scale:
    """Ordered words (等级量表)."""

    name: Ident
    levels: tuple["Level | Broken", ...]
    span: Span = place()


@attrs.frozen
class Band:
    """One grade: a name and the limits of the total, none for ``otherwise``."""

    name: Ident
    limits: tuple[tuple[str, Number], ...]
    span: Span = place()


@attrs.frozen
class Grades:
    """评价等级."""

    bands: tuple["Band | Broken", ...]
    name: Ident | None = None
    span: Span = place()


@attrs.frozen
class Lights:
    """预警灯: which light a ratio of progress has; ``about`` is output or money, none for both."""

    bands: tuple["Band | Broken", ...]
    about: Ident | None = None
    span: Span = place()


# ---- objects


@attrs.frozen
class Header:
    """A header or setting: ``key`` is the canonical word, ``values`` what follows it."""

    key: str
    values: tuple[Ident | Text | Number | Method, ...]
    span: Span = place()


@attrs.frozen
class Line:
    """A line of a funds table: amounts by period (a blank amount is simply absent) and the lines below it."""

    side: str
    name: Ident
    amounts: tuple[tuple[str, Number], ...]
    lines: "tuple[Line | Broken, ...] | None" = None
    alias: str = ""
    remarks: tuple[Remark, ...] = ()
    span: Span = place()


@attrs.frozen
class Funds:
    """A funds table in one unit; a title means it stands beside the balanced table."""

    unit: Ident
    lines: "tuple[Line | Broken, ...]"
    title: str = ""
    span: Span = place()


@attrs.frozen
class Domain:
    """``values [whole] LO .. [HI]``."""

    low: Number
    high: Number | None
    whole: bool
    span: Span = place()


@attrs.frozen
class Words:
    """``values A, B, C``: the words an input may take."""

    words: tuple[Ident, ...]
    span: Span = place()


@attrs.frozen
class Input:
    """A raw datum that is not an indicator."""

    name: Ident
    alias: str = ""
    type: Ident | None = None
    domain: Domain | Words | None = None
    unit: str = ""
    remarks: tuple[Remark, ...] = ()
    span: Span = place()


@attrs.frozen
class TargetClause:
    """``half "≤52席"``: the cell is kept verbatim; ``cell`` is the place of its text."""

    period: str
    text: str
    span: Span = place()
    cell: Span = place()


@attrs.frozen
class PointsClause:
    """``points N [shared]``."""

    points: Number
    shared: bool = False
    span: Span = place()


@attrs.frozen
class NumberClause:
    """``up to N``, ``weight N%``."""

    key: str
    number: Number
    span: Span = place()


@attrs.frozen
class BonusClause:
    """``bonus LO .. HI``."""

    low: Number
    high: Number
    span: Span = place()


@attrs.frozen
class Flag:
    """A clause that is one word: ``either``, ``lower``, ``flow`` …"""

    key: str
    span: Span = place()


@attrs.frozen
class ByClause:
    """``by RUBRIC``."""

    method: Method | Inline
    span: Span = place()


@attrs.frozen
class DomainClause:
    """``values …`` on an indicator."""

    domain: Domain
    span: Span = place()


@attrs.frozen
class AppliesClause:
    """``applies CONDITION``."""

    condition: Expr
    span: Span = place()


@attrs.frozen
class FactorClause:
    """``factor EXPR``: what the sum of a group is multiplied by."""

    value: Expr
    span: Span = place()


@attrs.frozen
class GatherClause:
    """``gather sum``, ``gather mean``, ``gather weighted COLUMN``: how the actuals of several units become one."""

    how: str
    column: Ident | None = None
    span: Span = place()


@attrs.frozen
class AcceptClause:
    """``accept CODE "reason"``: of a row, of an object, or of the whole file."""

    code: str
    reason: str
    span: Span = place()


@attrs.frozen
class RemarkClause:
    """A remark on a node."""

    remark: Remark
    span: Span = place()


@attrs.frozen
class WordClause:
    """``unit TEXT``, ``as NAME``."""

    key: str
    text: str
    span: Span = place()


@attrs.frozen
class Broken:
    """Stands for what could not be read; ``names`` are the words lost with it.  Already reported."""

    names: tuple[str, ...] = ()
    items: "tuple[Item, ...]" = ()
    span: Span = place()


Clause = Union[
    TargetClause, PointsClause, NumberClause, BonusClause, Flag, ByClause, DomainClause, AppliesClause, FactorClause,
    GatherClause, AcceptClause, RemarkClause, WordClause, Broken,
]  # fmt: skip


@attrs.frozen
class Cases:
    """``= { cases }``: a computed value by cases."""

    cases: tuple["Case | Broken", ...]
    span: Span = place()


@attrs.frozen
class Node:
    """A row of the table: a group when ``children`` is not None, else an indicator or an empty row."""

    name: Ident
    clauses: tuple[Clause, ...]
    formula: Expr | Cases | None = None
    children: "tuple[Node | Broken, ...] | None" = None
    span: Span = place()


@attrs.frozen
class Ceiling:
    """``ceiling CONDITION -> 良`` or ``-> 85``."""

    condition: Expr
    limit: Expr
    span: Span = place()


@attrs.frozen
class Award:
    """``award NAME when CONDITION``."""

    name: Ident
    condition: Expr
    span: Span = place()


@attrs.frozen
class Given:
    """``given X 90%``: one row of actuals."""

    path: tuple[str, ...]
    value: Ident | Text | Number
    extras: tuple[tuple[str, Ident | Text | Number], ...] = ()
    span: Span = place()


@attrs.frozen
class Expect:
    """``expect X score 1, 对象 甲``: what a test must find; ``high`` for a range."""

    what: str
    path: tuple[str, ...]
    value: Ident | Text | Number
    high: Number | None = None
    extras: tuple[tuple[str, Ident | Text | Number], ...] = ()
    span: Span = place()


@attrs.frozen
class Test:
    """A test in the language."""

    title: str
    items: "tuple[Item, ...]"
    span: Span = place()


@attrs.frozen
class Object:
    """One evaluated object: 项目, 部门整体 or 政策."""

    kind: str
    name: Ident
    items: "tuple[Item, ...]"
    span: Span = place()


@attrs.frozen
class Ruleset:
    """A named, dated collection of rubrics, scales and grades."""

    name: Ident
    items: "tuple[Item, ...]"
    span: Span = place()


@attrs.frozen
class Pick:
    """``NAME [as ROW]`` after ``for``: a definition of the ruleset, and what the row of this file is called."""

    name: Ident
    row: Ident | None = None
    span: Span = place()


@attrs.frozen
class Use:
    """``use NAME`` from the library, or ``use "./local.perf"``; ``for A, B as C`` has its definitions compute rows here."""

    name: Ident
    local: bool
    picks: tuple[Pick, ...] = ()
    span: Span = place()


@attrs.frozen
class Definition:
    """``indicator NAME [= formula] clauses``: what a ruleset says of a common indicator; never points or targets."""

    name: Ident
    clauses: tuple[Clause, ...]
    formula: Expr | Cases | None = None
    span: Span = place()


Item = Union[
    Use, Ruleset, Object, Rubric, Scale, Grades, Lights, Header, Remark, Funds, Input, Ceiling, Award, Node, Test, Given, Expect,
    Definition, AcceptClause, Broken,
]  # fmt: skip


@attrs.frozen
class Comment:
    """A comment without its ``#``; ``alone`` when nothing stands before it on its line."""

    text: str
    alone: bool = attrs.field(eq=False)
    span: Span = place()


@attrs.frozen
class File:
    """A whole file in order, and its comments in order."""

    items: tuple[Item, ...]
    comments: tuple[Comment, ...] = ()
    span: Span = place()
