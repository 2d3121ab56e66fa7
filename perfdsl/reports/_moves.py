"""Sets a comparison on paper: the parts of the difference, each with a bar that grows to the right or to the left."""

from collections.abc import Sequence
from fractions import Fraction

from perfdsl.comparison import Comparison
from perfdsl.reports import _against as against
from perfdsl.reports._paper import Against, Fact, Move, Swing
from perfdsl.reports._phrases import Voice
from perfdsl.reports._text import clean

ZERO = Fraction(0)


def set_against(made: Comparison | None, voice: Voice) -> Against | None:
    """A comparison in the words of the report."""
    if made is None:
        return None
    items = list(against.ranking(made, voice.lang))
    ends = _ends([item.amount for item in items])
    moves = tuple(
        Move(
            amount=against.signed(item.amount), name=clean(item.what), own=clean(item.own), facts=tuple(map(clean, item.facts)),
            causes=tuple(Fact(words, against.signed(amount)) for words, amount in item.causes),
            swing=_swing(item.amount, ends, voice("swing", name=clean(item.what), amount=against.signed(item.amount))),
        )
        for item in items
    )  # fmt: skip
    return Against(
        heading=clean(against.heading(made, voice.lang)), summary=clean(against.summary(made, voice.lang)),
        closing=clean(against.closing(made, voice.lang)), moves=moves,
        difference=against.difference(made) if made.compares_totals else "",
    )  # fmt: skip


def _ends(amounts: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """The greatest loss and the greatest gain."""
    return min([*amounts, ZERO]), max([*amounts, ZERO])


def _swing(amount: Fraction, ends: tuple[Fraction, Fraction], label: str) -> Swing:
    room = ends[1] - ends[0]
    if not room:
        return Swing(ZERO, ZERO, ZERO, True, label)
    zero = -ends[0] / room
    return Swing(zero, zero + min(amount, ZERO) / room, abs(amount) / room, amount >= 0, label)
