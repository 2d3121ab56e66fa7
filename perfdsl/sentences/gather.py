"""The pieces of a sentence put together: which award belongs to which condition, and what is still open."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NoReturn

import attrs

from perfdsl.quantity import format_number
from perfdsl.sentences import atoms as a
from perfdsl.sentences.aim import Aim
from perfdsl.sentences.fold import Folded
from perfdsl.sentences.rule import FULL, Amount, Between, Minus
from perfdsl.target import Finding


class Unclear(Exception):
    """The sentence is no exact rule; the finding says why.  Never leaves this package."""

    def __init__(self, found: Finding) -> None:
        super().__init__(found.code)
        self.found = found


@attrs.define(eq=False)
class Talk:
    """What one attempt at a sentence has to say; ``ask`` records a question and takes the answer that was given."""

    folded: Folded
    aim: Aim
    open: list[Finding] = attrs.Factory(list)
    notes: list[Finding] = attrs.Factory(list)

    def finding(self, code: str, at: a.Atom, **facts: str) -> Finding:
        """A finding about a piece, in the user's own words."""
        start, end = self.folded.span(at.start, at.end)
        words = self.folded.text[at.start : at.end]
        return Finding(code, start, end, tuple({"words": words, "target": self.aim.text, **facts}.items()))

    def stop(self, code: str, at: a.Atom, **facts: str) -> NoReturn:
        """The sentence is not understood."""
        raise Unclear(self.finding(code, at, **facts))

    def note(self, code: str, at: a.Atom, **facts: str) -> None:
        """Something worth saying that changes nothing."""
        found = self.finding(code, at, **facts)
        if found not in self.notes:
            self.notes.append(found)

    def ask(self, code: str, at: a.Atom, answers: Sequence[str], **facts: str) -> str:
        """The answer to a question; without one the question stays open and the first answer is used to go on."""
        given = next((x for x in answers if x in self.aim.answers), "")
        found = self.finding(code, at, **facts)
        if not given and not any(
            (x.code, dict(x.facts).get("step")) == (code, facts.get("step", "-")) for x in self.open
        ):
            self.open.append(found)
        return given or answers[0]


Head = a.Condition | a.Reached | a.Level | a.Phrase | None
Award = a.Gets | a.Ratio


@attrs.define(eq=False)
class Gathered:
    """A sentence sorted: branches (condition, award), steps (with what led them in), and what limits them."""

    branches: list[tuple[Head, Award]] = attrs.Factory(list)
    steps: list[tuple[Head, a.Step]] = attrs.Factory(list)
    caps: list[a.Cap] = attrs.Factory(list)
    started: list[a.Started] = attrs.Factory(list)
    law: str = ""
    standard: a.Standard | None = None


def gather(pieces: Sequence[a.Atom], talk: Talk) -> Gathered:
    """Pair conditions with awards, in the order they stand."""
    made, pending = Gathered(), None
    refused = next((piece for piece in pieces if isinstance(piece, a.Refused)), None)
    if refused is not None:
        talk.stop(refused.code, refused)
    for at, piece in enumerate(pieces):
        match piece:
            case a.Strange():
                if _says_nothing(pieces, talk):
                    talk.stop("I216", piece)
                talk.stop("I200", piece)
            case a.FullMarks(points=points):
                if talk.aim.points is not None and points != talk.aim.points:
                    talk.stop("I206", piece, said=format_number(points), points=format_number(talk.aim.points))
            case a.Standard():
                made.standard = piece
            case a.Inclusive():
                made.law = "upper"
            case a.Condition() | a.Reached() | a.Level() | a.Phrase():
                pending = _joined(pending, piece, talk, [head for head, _ in made.branches])
            case a.Gets() | a.Ratio():
                made.branches.append((pending, piece))
                pending = None
            case a.Step():
                made.steps.append((pending, piece))
                pending = None
            case a.Cap():
                _cap(made, piece, talk, pieces[:at])
            case a.Started():
                made.started.append(piece)
    if pending is not None:
        talk.stop("I210", pending)
    return made


def _says_nothing(pieces: Sequence[a.Atom], talk: Talk) -> bool:
    """Is there no award at all, and no word that could be one?"""
    return all(isinstance(x, a.Strange | a.Reached) for x in pieces) and not any(
        c in "分扣加0123456789%" for c in talk.folded.text
    )


def _joined(pending: Head, piece: a.Condition | a.Reached | a.Level | a.Phrase, talk: Talk, before: list[Head]) -> Head:
    """Two conditions before one award: both ends of a band, or a branch of what is left (未达到的，低于60%不得分)."""
    match pending, piece:
        case None, a.Condition(joined=True):
            talk.stop("I213", piece)
        case None, _:
            return piece
        case a.Condition(), a.Condition():
            return _intersection(pending, piece, talk)
        case a.Reached(yes=False), a.Condition() if any(isinstance(x, a.Reached) and x.yes for x in before):
            return piece
        case a.Reached(rest=True), a.Reached(yes=False):
            return piece
    raise Unclear(talk.finding("I213", piece))


def _intersection(one: a.Condition, two: a.Condition, talk: Talk) -> a.Condition:
    if two.subject not in ("", one.subject):
        talk.stop("I213", two)
    low, high = one.low or two.low, one.high or two.high
    ends = [x for x in (one.low, one.high, two.low, two.high) if x is not None]
    between = talk.folded.text[one.end : two.start]
    if (
        len(ends) != 2
        or low is None
        or high is None
        or between.strip("且并,、和同时")
        or low.value.value >= high.value.value
    ):
        talk.stop("I213", two)
    return a.Condition(subject=one.subject, low=low, high=high, start=one.start, end=two.end)


def _cap(made: Gathered, piece: a.Cap, talk: Talk, before: Sequence[a.Atom]) -> None:
    """酌情扣分，最多扣3分 limits that award; other limits are of the steps."""
    last = made.branches[-1] if made.branches else None
    if last is not None and before and before[-1] is last[1]:
        head, award = last
        if (
            isinstance(award, a.Gets)
            and award.free
            and award.deducts
            and piece.kind == "down"
            and piece.amount is not None
        ):
            high = award.award.high if isinstance(award.award, Between) else FULL
            limited = Between(Minus(Amount(piece.amount)), high)
            made.branches[-1] = (head, attrs.evolve(award, award=limited))
            return
    made.caps.append(piece)


def full_marks(talk: Talk, at: a.Atom, most: Fraction | None) -> None:
    """The best award of the sentence is the points of the row."""
    points = talk.aim.points
    if points is not None and most is not None and most != points:
        talk.stop("I206", at, said=format_number(most), points=format_number(points))
