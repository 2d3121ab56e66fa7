"""What several objects are told together: who has which place among them, and who is given which award."""

from collections.abc import Sequence
from typing import NamedTuple

from perfdsl.quantity import format_number
from perfdsl.reports import _selection as select
from perfdsl.scorecard import Scorecard


class Roll(NamedTuple):
    """One list: what it is about, who stands on it, and where that is open."""

    head: str
    entries: tuple[str, ...]
    still: tuple[str, ...] = ()

    def text(self, lang: str) -> str:
        """The list in a row."""
        comma, colon, still, none = (", ", ": ", "; open", "none") if lang == "en" else ("、", "：", "；未定", "没有")
        text = f"{self.head}{colon}{comma.join(self.entries) or none}"
        return f"{text}{still}{colon}{comma.join(self.still)}" if self.still else text


def places(cards: Sequence[Scorecard], lang: str) -> list[Roll]:
    """One list for each rank and class, from the first place on; a place that is open is a question mark."""
    tied = " (tied)" if lang == "en" else "（并列）"
    return [
        Roll(f"{word} {group}".strip(), tuple(f"{_place(x)} {x.object}{tied if x.tied else ''}" for x in rows))
        for word, group, rows in select.places(cards)
    ]


def awards(cards: Sequence[Scorecard]) -> list[Roll]:
    """One list for each award."""
    return [Roll(name, tuple(decided[True]), tuple(decided[None])) for name, decided in select.awards(cards).items()]


def _place(placed: select.Placed) -> str:
    return format_number(placed.place) if placed.place is not None else "?"
