"""The page from its templates: every word of a user is escaped, the same cards always give the same bytes.

``templates/object.html.j2`` lists the sections of an object; a section is one file of ``templates/sections``.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from perfdsl.diagnostics import Diagnostic
from perfdsl.reports import Style
from perfdsl.reports._phrases import Voice
from perfdsl.reports._setting import paper
from perfdsl.reports._text import tails
from perfdsl.scorecard import Scorecard

if TYPE_CHECKING:
    from jinja2 import Template

NAME = "html"
SUFFIX = ".html"
NEEDS = "jinja2"

SCORED = (15, 14, 7, 8, 11)  # percent of the width: target, actual, points, score, status; the names have the rest
UNSCORED = (21, 21, 12)
LEAST = 9  # percent that each column of names has, up to four; what remains goes where names are long
NEED = range(8, 41)  # cells of a name that count


def render(cards: Sequence[Scorecard], findings: Sequence[Diagnostic], style: Style) -> bytes:
    """The whole page in UTF-8."""
    made = paper(cards, findings, style.lang)
    text = _page().render(paper=made, say=Voice(made.lang), tails=tails, widths=widths, percent=bar_percent)
    return (text.rstrip("\n") + "\n").encode("utf-8")


@cache
def _page() -> "Template":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # only this report needs it

    made = Environment(
        loader=PackageLoader("perfdsl.reports.html", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return made.get_template("page.html.j2")


def widths(longest: Sequence[int], scored: bool) -> list[str]:
    """The width of each column of the score sheet, in percent; ``longest`` are the cells of the longest name of each level."""
    others = SCORED if scored else UNSCORED
    room = Fraction(100 - sum(others))
    even = Fraction(LEAST * min(len(longest), 4))
    needs = [min(max(cells, NEED.start), NEED.stop) - NEED.start for cells in longest]
    parts = [Fraction(need, sum(needs)) if any(needs) else Fraction(1, len(needs)) for need in needs]
    names = [even / len(longest) + (room - even) * part for part in parts]
    return [_short(part) for part in (*names, *map(Fraction, others))]


def bar_percent(share: Fraction) -> str:
    """The length of a bar: rounded down, so that it is full only where nothing is missing."""
    return _short(share * 100)


def _short(value: Fraction) -> str:
    tenths = int(value * 10)
    return f"{tenths // 10}.{tenths % 10}".removesuffix(".0") + "%"
