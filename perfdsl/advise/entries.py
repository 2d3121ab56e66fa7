"""Rows with several entries: which ones would have to be added or taken away, fewest first; of a mean which one changed, and to what."""

from fractions import Fraction
from typing import NamedTuple

import attrs

from perfdsl import plan as p
from perfdsl.actuals import Entry
from perfdsl.core import Const, Entries
from perfdsl.evaluate import Engine
from perfdsl.quantity import format_number

ZERO = Fraction(0)
MOST = 40
MOST_WAYS = 3_000
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
    """The best that so many moves can do, from none up; where entries do not simply add up (means, the best of all) what one of them can do.

    None where that is not known: an entry that is not decided, awards that a number of each entry decides.
    """
    scoring = row.scoring
    assert scoring is not None and scoring.entries is not None  # the caller looked
    how = scoring.entries
    per_item = how.how == "best" and bool(how.per)
    if how.how in ("mean", "trimmed mean") or (how.how == "best" and not how.per):
        return _one_entry(engine, row, how)
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


def _one_entry(engine: Engine, row: p.PlanIndicator, how: Entries) -> list[Moves] | None:
    """As it is, then each way to change one entry (or, of the best, to add one), the lowest score first and the smallest change of a mark."""
    scoring = row.scoring
    assert scoring is not None  # the caller looked
    given = engine.observed.entries.get("/".join(row.path), ())
    live = [e for e in given if not e.none_happened and (e.text or e.mark is not None)]
    awards = [engine.entry_award(row, scoring, entry) for entry in live]
    known = [award for award in awards if award is not None]
    if not live or len(known) < len(live) or any(entry.times != 1 for entry in live):
        return None
    changed: list[tuple[Fraction, str, list[Entry]]] = []
    for at, entry in enumerate(live):
        for new in _instead(engine, row, entry):
            award = engine.entry_award(row, scoring, new)
            if award is not None and award > known[at]:
                changed.append(
                    (
                        award - known[at],
                        f"={_named(entry, at)}：{_shown(entry)} → {_shown(new)}",
                        [*live[:at], new, *live[at + 1 :]],
                    )
                )
            if len(changed) > MOST_WAYS:
                return None
    if how.how == "best":
        more = [(word, Entry(value=word, text=word)) for word in how.words]
        changed += [(engine.entry_award(row, scoring, new) or ZERO, f"+{word}", [*live, new]) for word, new in more]
    start = Moves((), tuple(live), _score(engine, row, how, live))
    found: dict[Fraction, tuple[Fraction, Moves]] = {}
    for size, text, entries in changed:
        score = _score(engine, row, how, entries)
        if score > start.score and (score not in found or size < found[score][0]):
            found[score] = (size, Moves((text,), tuple(entries), score))
    kept: list[Moves] = []
    least: Fraction | None = None
    for score in sorted(found, reverse=True):
        if least is None or found[score][0] <= least:  # a better score for a smaller change makes this one idle
            least = found[score][0]
            kept.append(found[score][1])
    return [start, *reversed(kept)]


def _instead(engine: Engine, row: p.PlanIndicator, entry: Entry) -> list[Entry]:
    """What one entry could be instead: another word; where an assessor decides, a higher mark in steps of the rounding."""
    scoring = row.scoring
    assert scoring is not None and scoring.entries is not None  # the caller looked
    if entry.mark is None:
        return [attrs.evolve(entry, value=word, text=word) for word in scoring.entries.words if word != entry.text]
    step = Fraction(1, 10**engine.plan.rounding)
    tops = [x.high.value for x in scoring.cases if isinstance(x.high, Const) and isinstance(x.high.value, Fraction)]
    most = max(tops, default=scoring.high)
    count = int((most - entry.mark) / step)
    marks = [entry.mark + step * n for n in range(1, count + 1)] + ([most] if most > entry.mark else [])
    return [attrs.evolve(entry, mark=mark) for mark in marks[: MOST_WAYS + 1]]


def _score(engine: Engine, row: p.PlanIndicator, how: Entries, entries: list[Entry]) -> Fraction:
    scoring = row.scoring
    assert scoring is not None
    awards = [(entry, engine.entry_award(row, scoring, entry) or ZERO) for entry in entries]
    return engine.rounded(min(max(engine.together(how, awards), scoring.low), scoring.high))


def _named(entry: Entry, at: int) -> str:
    return entry.item or f"{at + 1}"


def _shown(entry: Entry) -> str:
    return format_number(entry.mark) if entry.mark is not None else entry.text


def _after(engine: Engine, row: p.PlanIndicator, live: list[Entry], moves: list[Move], start: Fraction) -> Moves:
    scoring = row.scoring
    assert scoring is not None
    worth = start + sum((move.gain for move in moves), ZERO)
    taken = [move.taken for move in moves]
    kept = [attrs.evolve(e, times=e.times - taken.count(i)) for i, e in enumerate(live) if e.times > taken.count(i)]
    made = (*kept, *(move.added for move in moves if move.added is not None))
    score = engine.rounded(min(max(worth, scoring.low), scoring.high))
    return Moves(tuple(move.text for move in moves), made or (NONE,), score)
