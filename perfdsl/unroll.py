"""A program as one expression a result: what an engine that translates expressions needs to know, and nothing else.

``arms`` become choices, the results of steps stand by their names, in the order in which they are worked out.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from perfdsl import program as g
from perfdsl.extent import Extents
from perfdsl.grid import STATUSES, RowScores, Scores, SumScores

Expr = g.Int | g.Truth


@attrs.frozen(eq=False)
class Unrolled:
    """``defined`` are results by name (``low:PATH`` a number, ``open:PATH`` a truth), each of earlier ones and columns only.

    ``results`` are what goes out, by name; ``extents`` know all columns and results.
    """

    program: g.Program
    defined: dict[str, Expr]
    results: dict[str, Expr]
    extents: Extents

    def scores(self, made: Mapping[str, Any], count: int) -> Scores:
        """Arrays of the results, by name, as scores."""
        program = self.program
        rows = [x.path for x in program.steps if isinstance(x, g.Row)] + list(program.apart)
        sums = [x.path for x in program.steps if isinstance(x, g.Sum) and x.path]

        def summed(path: str) -> SumScores:
            return SumScores(made[f"low:{path}"], made[f"high:{path}"], made[f"open:{path}"])

        return Scores(
            units=program.units, count=count,
            rows={x: RowScores(made[f"low:{x}"], made[f"open:{x}"], made[f"case:{x}"], made[f"status:{x}"]) for x in rows},
            groups={x: summed(x) for x in sums}, total=summed("total"), complete=made["complete"], grade=made["grade"],
            grades=program.grades, statuses=STATUSES, awards={x.name: made[f"award:{x.name}"] for x in program.awards},
        )  # fmt: skip


def unroll(program: g.Program) -> Unrolled:
    """Every result of ``program``."""
    made = Unrolled(program, {}, {}, Extents({x.name: _extent(x) for x in program.columns}))
    for step in program.steps:
        if isinstance(step, g.Row):
            _row(made, step)
        else:
            _sum(made, step.path, step)
    for path in program.apart:
        _apart(made, path)
    _sum(made, "total", program.total)
    made.results.update({"complete": program.complete, "grade": program.grade})
    for award in program.awards:
        made.results[f"award:{award.name}"] = _pick(award.yes, g.Whole(1), _pick(award.no, g.Whole(0), g.Whole(-1)))
    return made


def chain(arms: Sequence[tuple[g.Truth, g.Int]]) -> g.Int:
    """The value of the first test that holds; the last one always does."""
    made = arms[-1][1]
    for test, value in reversed(arms[:-1]):
        made = _pick(test, value, made)
    return made


def truth_chain(arms: Sequence[tuple[g.Truth, bool]]) -> g.Truth:
    """The same of truths."""
    made: g.Truth = g.Settled(arms[-1][1])
    for test, holds in reversed(arms[:-1]):
        if made == g.Settled(holds):
            continue
        if isinstance(made, g.Settled):
            made = test if holds else opposite(test)
        else:
            made = g.Some((test, made)) if holds else g.Every((opposite(test), made))
    return made


def opposite(test: g.Truth) -> g.Truth:
    """It does not hold."""
    match test:
        case g.Settled(holds):
            return g.Settled(not holds)
        case g.Opposite(arg):
            return arg
    return g.Opposite(test)


def _pick(test: g.Truth, then: g.Int, other: g.Int) -> g.Int:
    if isinstance(test, g.Settled):
        return then if test.holds else other
    return then if then == other else g.Pick(test, then, other)


def _define(made: Unrolled, name: str, value: g.Int) -> None:
    made.extents.define(name, made.extents.of(value))
    made.defined[name] = value


def _row(made: Unrolled, step: g.Row) -> None:
    path = step.path
    low = chain([(x.test, x.low) for x in step.arms])
    high = chain([(x.test, x.high) for x in step.arms])
    is_open = truth_chain([(x.test, x.open) for x in step.arms])
    if step.review is not None:
        test, score = step.review
        low, high = _pick(test, score, low), _pick(test, score, high)
        is_open = (
            is_open if isinstance(is_open, g.Settled) and not is_open.holds else g.Every((is_open, opposite(test)))
        )
    _define(made, f"low:{path}", low)
    _define(made, f"high:{path}", high)
    made.defined[f"open:{path}"], made.defined[f"applies:{path}"] = is_open, step.applies
    made.results[f"low:{path}"], made.results[f"open:{path}"] = g.Cell(f"low:{path}"), g.Flag(f"open:{path}")
    made.results[f"case:{path}"] = chain([(x.test, g.Whole(x.case)) for x in step.arms])
    made.results[f"status:{path}"] = chain([(test, g.Whole(STATUSES.index(word))) for test, word in step.status])


def _sum(made: Unrolled, path: str, step: g.Sum) -> None:
    _define(made, f"low:{path}", step.low)
    _define(made, f"high:{path}", step.high)
    made.defined[f"open:{path}"], made.defined[f"applies:{path}"] = step.open, step.applies
    made.results.update({f"{x}:{path}": g.Cell(f"{x}:{path}") for x in ("low", "high")})
    made.results[f"open:{path}"] = g.Flag(f"open:{path}")


def _apart(made: Unrolled, path: str) -> None:
    """The results of a row that came in as columns go out as they are."""
    column = next(x for x in made.program.columns if x.name == f"status:{path}")
    made.results.update({f"{x}:{path}": g.Cell(f"{x}:{path}") for x in ("low", "case")})
    made.results[f"open:{path}"] = g.Order("=", g.Cell(f"open:{path}"), g.Whole(1))
    words = [(g.Said(column.name, word), g.Whole(STATUSES.index(word))) for word in column.words]
    made.results[f"status:{path}"] = chain([*words, (g.YES, g.Whole(0))])


def _extent(column: g.Column) -> tuple[int, int]:
    if column.states == frozenset({g.NUMBER}):
        return column.low, column.high
    return min(0, column.low), max(0, column.high)
