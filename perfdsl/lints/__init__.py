"""Lints: what finance and audit bureaus complain about in tables that are well-formed, one complaint a member.

A member is a module of this folder.  Its docstring says, Chinese first and then after ``English:``, what is wrong, why, and how to mend it;
``KINDS`` are its findings, ``BASIS`` where the complaint comes from, ``BAD`` and ``GOOD`` a file that is complained about and its mend
(``BESIDE`` a file that is checked with both, ``BAD_DATA`` and ``GOOD_DATA`` a table of actuals each is scored with).
It has one or more of ``check`` (one object), ``check_together`` (several objects of one run) and ``check_scored`` (an object
with its scores).  ``LIMITS`` names the limits a bureau may set for it, each with what it means.  There is no list to keep,
and a module that lacks one of these is refused.  Names that begin with ``_`` are what several members share.
"""

import pkgutil
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from types import ModuleType

from perfdsl import model as m
from perfdsl.actuals import Observed
from perfdsl.diagnostics import Diagnostic, Kind
from perfdsl.lints._scored import Scored
from perfdsl.lints._table import Table
from perfdsl.plan import Plan
from perfdsl.scorecard import Scorecard
from perfdsl.settings import STANDARD, Settings

WORDS, ONE_OF = ("BASIS", "BAD", "GOOD"), ("check", "check_together", "check_scored")


class BadLint(TypeError):
    """A module of this folder that is not a lint."""


def lint(thing: m.Object, settings: Settings = STANDARD) -> Iterator[Diagnostic]:
    """Everything to complain about in one object, in the order of the members."""
    table = Table(thing, settings)
    for member in members():
        if hasattr(member, "check"):
            yield from member.check(table)


def lint_together(things: Sequence[tuple[m.Object, Settings]]) -> Iterator[Diagnostic]:
    """Everything the objects of one run say against each other, each with the settings of its file."""
    tables = [Table(thing, settings) for thing, settings in things]
    for member in members():
        if hasattr(member, "check_together"):
            yield from member.check_together(tables)


def lint_scored(plan: Plan, card: Scorecard, observed: Observed, settings: Settings = STANDARD) -> Iterator[Diagnostic]:
    """Everything to complain about in the scores of one object; what its rows or the settings accept is marked so."""
    scored = Scored(plan, card, observed, settings)
    for member in members():
        if hasattr(member, "check_scored"):
            for row, found in member.check_scored(scored):
                yield scored.waived(row, found)


@cache
def not_in_one_file() -> frozenset[str]:
    """The codes of complaints that need more than the text of one file."""
    more = (member for member in members() if hasattr(member, "check_together") or hasattr(member, "check_scored"))
    return frozenset(kind.code for member in more for kind in member.KINDS)


def limits() -> dict[str, str]:
    """Every limit that can be set, with what it means."""
    return {name: words for member in members() for name, words in getattr(member, "LIMITS", {}).items()}


@cache
def members() -> tuple[ModuleType, ...]:
    """Every member in the order of the file names."""
    found = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    return tuple(checked(import_module(f"{__name__}.{name}")) for name in found)


def checked(module: ModuleType) -> ModuleType:
    """``module`` as a lint, or ``BadLint`` with what it lacks."""
    has = vars(module)
    if "\nEnglish:" not in (module.__doc__ or ""):
        raise BadLint(f"lint {module.__name__} lacks a docstring in both languages")
    for name in WORDS:
        if not isinstance(has.get(name), str):
            raise BadLint(f"lint {module.__name__} lacks {name}")
    kinds = has.get("KINDS")
    if not isinstance(kinds, tuple) or not kinds or not all(isinstance(kind, Kind) for kind in kinds):
        raise BadLint(f"lint {module.__name__} lacks KINDS")
    if not any(callable(has.get(name)) for name in ONE_OF):
        raise BadLint(f"lint {module.__name__} lacks {', '.join(ONE_OF)}")
    return module
