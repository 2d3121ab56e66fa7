"""Rows with several entries: which ones would have to be added or taken away, fewest first."""

from fractions import Fraction
from typing import NamedTuple

import attrs

from perfdsl import plan as p
from perfdsl.actuals import Entry
from perfdsl.evaluate import Engine

ZERO = Fraction(0)
MOST = 40
NONE = Entry(value=None, text="无", none_happened=True)


class Moves(NamedTuple):
    """Some entries added (+) or taken away (-), the entries then, and the score they get."""

    texts: tuple[str, ...]
    entries: tuple[Entry, ...]
    score: Fraction


class Move(NamedTuple):
    """One of them and what it is worth."""

    gain: Fraction
    text: str
    added: Entry | None = None
    taken: int = -1


def moves_of(engine: Engine, row: p.PlanIndicator) -> list[Moves] | None:
    """The best that so many moves can do, from none up; None where entries do not simply add up (means, the best of all)."""
    scoring = row.scoring
    assert scoring is not None and scoring.entries is not None  # the caller looked
    how = scoring.entries
    per_item = how.how == "best" and bool(how.per)
    if how.how not in ("check", "sum") and not per_item:
        return None
    if any(case.high is not None for case in scoring.cases):
        return None  # each entry would need an assessor
    given = engine.observed.entries.get("/".join(row.path), ())
    entries = [e for e in given if not e.none_happened and (e.text or e.mark is not None)]
    live = engine.single_points(how, entries)
    awards = [engine.entry_award(row, scoring, entry) for entry in live]
    if per_item and len({e.item for e in live}) < len(live):
        return None  # taking one away may leave another of the same item
    if any(award is None for award in awards):
        return None
    known = [award for award in awards if award is not None]
    moves = [Move(-award / max(entry.times, 1), f"-{entry.item or entry.text}", taken=i)
             for i, (entry, award) in enumerate(zip(live, known, strict=True)) for _ in range(min(entry.times, MOST)) if award < 0]  # fmt: skip
    for word in how.words:
        if how.how == "check" and any(e.text == word for e in live):
            continue
        new = Entry(value=word, text=word)
        award = engine.entry_award(row, scoring, new)
        if award is not None and award > 0:
            times = 1 if how.how == "check" else min(MOST, int((scoring.high - scoring.low) / award) + 1)
            moves += [
                Move(award, f"+{word}", attrs.evolve(new, item=f"新增{word}{i + 1}" if per_item else ""))
                for i in range(times)
            ]
    moves.sort(key=lambda move: -move.gain)
    start = how.base + sum(known, ZERO)
    return [_after(engine, row, live, moves[:n], start) for n in range(min(len(moves), MOST) + 1)]


def _after(engine: Engine, row: p.PlanIndicator, live: list[Entry], moves: list[Move], start: Fraction) -> Moves:
    scoring = row.scoring
    assert scoring is not None
    worth = start + sum((move.gain for move in moves), ZERO)
    taken = [move.taken for move in moves]
    kept = [attrs.evolve(e, times=e.times - taken.count(i)) for i, e in enumerate(live) if e.times > taken.count(i)]
    made = (*kept, *(move.added for move in moves if move.added is not None))
    score = engine.rounded(min(max(worth, scoring.low), scoring.high))
    return Moves(tuple(move.text for move in moves), made or (NONE,), score)
