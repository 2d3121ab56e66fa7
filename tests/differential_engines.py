"""Engines of every kind asked the same question, and their answers compared cell by cell with the exact engine's."""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import repeat
from typing import Any, NamedTuple

import attrs
import numpy as np
import pyarrow as pa
from differential_values import One
from scoring import rows
from test_batch import FIELDS, LONG

from perfdsl import program as g
from perfdsl.api.scorer import Strange, scorer
from perfdsl.batch import Job
from perfdsl.batch.together import Together, in_passes
from perfdsl.cohort import Member, evaluate_together
from perfdsl.engines import Engine, embedded
from perfdsl.evaluate import evaluate
from perfdsl.grid import STATUS_ZH, Grid, Scores
from perfdsl.gridded import gridded
from perfdsl.integers import NotCovered, to_integers
from perfdsl.many import NOT_APPLICABLE, Given, many
from perfdsl.mixed import MixedJob, cut, store_of
from perfdsl.observe import observe
from perfdsl.plan import Plan
from perfdsl.scorecard import Scorecard

Key = tuple[str, str]
Cells = dict[Key, "list[Any] | np.ndarray[Any, Any]"]


@attrs.define(eq=False)
class Batch:
    """Some objects of one plan: what they are, and (once) what the exact engine says of each."""

    plan: Plan
    ones: Sequence[One]
    period: str
    cards: Sequence[Scorecard]
    as_of: date | None = None
    said: dict[int, Cells] = attrs.Factory(dict)

    @cached_property
    def held(self) -> tuple[Grid, tuple[g.Column, ...]]:
        return gridded(self.plan, [x.seen for x in self.ones], self.period, self.as_of)

    def cells(self, units: int) -> Cells:
        """What the exact engine says, in so many units of a point."""
        if units not in self.said:
            self.said[units] = cells_of_cards(self.plan, self.cards, units)
        return self.said[units]

    def some(self, kept: Sequence[int]) -> "Batch":
        """Only those objects."""
        return scored_batch(self.plan, [self.ones[i] for i in kept], self.period, self.as_of)


def scored_batch(plan: Plan, ones: Sequence[One], period: str, as_of: date | None = None) -> Batch:
    """The objects with their cards: one after the other, or all together where they are compared."""
    if plan.comparisons:
        crowd = [Member(attrs.evolve(plan, object=f"对象{i}"), x.seen) for i, x in enumerate(ones)]
        return Batch(plan, ones, period, [x.card for x in evaluate_together(crowd, period, as_of)], as_of)
    return Batch(plan, ones, period, [evaluate(plan, x.seen, period, as_of)[0] for x in ones], as_of)


class Answer(NamedTuple):
    """What an engine made of a batch: the objects it scored, cells compared, where it differs, and what it left to others."""

    rows: int
    cells: int
    wrong: tuple[tuple[Key, int, str], ...] = ()
    handed: int = 0
    refused: int = 0


# ---- cells


def cells_of_cards(plan: Plan, cards: Sequence[Scorecard], units: int) -> Cells:
    """What the exact engine says, a column a cell of the result."""

    def whole(values: Iterable[Fraction | None]) -> list[int | None]:
        found = []
        for x in values:
            scaled = None if x is None else x * units
            assert scaled is None or scaled.denominator == 1, "a score is no whole number of units"
            found.append(None if scaled is None else scaled.numerator)
        return found

    made: Cells = {}
    for i, row in enumerate(plan.indicators):
        path = "/".join(row.path)
        of = [x.indicators[i] for x in cards]
        made["score", path] = whole(x.score for x in of)
        made["status", path] = [x.status for x in of]
        made["case", path] = [x.case_number for x in of]
    for i, group in enumerate(plan.groups):
        path, parts = "/".join(group.path), [x.groups[i] for x in cards]
        made["score", path] = whole(x.score for x in parts)
        made["low", path], made["high", path] = whole(x.low for x in parts), whole(x.high for x in parts)
    made["total", ""], made["low", ""], made["high", ""] = (
        whole(x.total for x in cards),
        whole(x.low for x in cards),
        whole(x.high for x in cards),
    )
    made["complete", ""], made["grade", ""] = [x.complete for x in cards], [x.grade for x in cards]
    for i, award in enumerate(plan.awards):
        made["award", award.name] = [x.awards[i].decided for x in cards]
    return made


def cells_of_scores(scores: Scores) -> Cells:
    """The same of a batch."""

    def known(low: Any, is_open: Any) -> list[Any]:
        found = low.tolist()
        if is_open is None:
            return found  # type: ignore[no-any-return]
        return [None if o else x for x, o in zip(found, is_open.tolist(), strict=True)]

    made: Cells = {}
    for path, row in scores.rows.items():
        made["score", path] = known(row.score, row.open)
        made["status", path] = [scores.statuses[x] for x in row.status.tolist()]
        made["case", path] = row.case.tolist()
    for path, group in scores.groups.items():
        made["score", path] = known(group.low, group.open)
        made["low", path], made["high", path] = group.low.tolist(), group.high.tolist()
    made["total", ""] = known(scores.total.low, scores.total.open)
    made["low", ""], made["high", ""] = scores.total.low.tolist(), scores.total.high.tolist()
    made["complete", ""] = [bool(x) for x in scores.complete.tolist()]
    made["grade", ""] = [("", *scores.grades)[x] for x in scores.grade.tolist()]
    for name, array in scores.awards.items():
        made["award", name] = [{1: True, 0: False, -1: None}[x] for x in array.tolist()]
    return made


def compared(
    expected: Cells, found: Cells, count: int, own: frozenset[Key] = frozenset(), part: bool = False
) -> Answer:
    """Every cell; those in ``own`` were worked out by the exact engine and are not counted.  ``part``: not all cells are told."""
    wrong: list[tuple[Key, int, str]] = []
    if not part and expected.keys() != found.keys():
        wrong += [(key, -1, "a cell of one result only") for key in expected.keys() ^ found.keys()]
    for key in expected.keys() & found.keys():
        left, right = list(expected[key]), list(found[key])
        if len(left) != len(right):
            wrong.append((key, -1, f"{len(left)} objects, not {len(right)}"))
        elif left != right or list(map(type, left)) != list(map(type, right)):
            wrong += [
                (key, i, f"exact {a!r}, found {b!r}")
                for i, (a, b) in enumerate(zip(left, right, strict=True))
                if a != b or type(a) is not type(b)
            ]
    told = [key for key in expected.keys() & found.keys() if key not in own]
    return Answer(count, count * len(told), tuple(wrong))


# ---- engines


class Programs:
    """An engine of whole-number programs."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def __call__(self, batch: Batch) -> Answer:
        count = len(batch.ones)
        try:
            grid, columns = batch.held
            program = None if batch.plan.comparisons else to_integers(batch.plan, columns, batch.period, batch.as_of)
        except NotCovered:
            return Answer(0, 0, handed=count)
        try:
            if program is None:
                made = Together(batch.plan, self.engine, batch.period, batch.as_of)
                in_passes(made, repeat([(grid, columns)]))
                scores = made.score(0, grid, columns)
            else:
                scores = self.engine.compiled(program)(grid)
        except NotCovered as said:
            about_rules = program is None and "entries" in str(said)
            return Answer(0, 0, handed=count if about_rules else 0, refused=0 if about_rules else count)
        apart = frozenset(
            (kind, path) for path in (program.apart if program else ()) for kind in ("score", "status", "case")
        )
        return compared(batch.cells(scores.units), cells_of_scores(scores), count, apart)


def given_of(plan: Plan, one: One, names: Sequence[str]) -> list[Given]:
    """An object as columns of ``many``: plain values where they say all, else the entries."""
    seen, made = one.seen, list[Given]()
    judged = {
        "/".join(x.path)
        for x in plan.indicators
        if x.scoring is not None and x.scoring.entries is not None or x.gather is not None
    }
    for name in names:
        kind, _, path = name.partition(":")
        entries = seen.entries.get(path, ())
        plain = len(entries) == 1 and path not in judged and entries[0].override is entries[0].prior is None
        if kind in ("input", "spent"):
            made.append((seen.inputs if kind == "input" else seen.spent).get(path))
        elif kind == "mark":
            made.append(entries[0].mark if plain else None)
        elif plain:
            made.append(entries[0].value if entries[0].applies else NOT_APPLICABLE)
        else:
            made.append(entries or None)
    return made


def by_many(batch: Batch) -> Answer:
    """``perfdsl.many``: rows it leaves to the exact engine are not counted."""
    made = many(batch.plan, batch.period, batch.as_of)
    count = len(batch.ones)
    paths = ["/".join(x.path) for x in batch.plan.indicators]
    if not set(made.exact_fallback) <= set(paths) or (made.exact_fallback and made.total is None):
        return Answer(0, 0, handed=count)
    lines = list(made.rows([given_of(batch.plan, x, made.names) for x in batch.ones]))
    found: Cells = {("score", path): [x.scores[i] for x in lines] for i, path in enumerate(paths)}
    found |= {("total", ""): [x.total for x in lines], ("low", ""): [x.low for x in lines], ("high", ""): [x.high for x in lines],
              ("complete", ""): [x.complete for x in lines]}  # fmt: skip
    own = frozenset(("score", x) for x in made.exact_fallback)
    return compared(batch.cells(made.units), found, count, own, part=True)


def by_scorer(batch: Batch) -> Answer:
    """The function of one object of ``perfdsl.load(...).scorer``: what it does not read is left to the exact engine."""
    kept = [i for i, x in enumerate(batch.ones) if x.rows is not None and len({y[0] for y in x.rows}) == len(x.rows)]
    marked = {y[0] for i in kept for y in batch.ones[i].rows or () if len(y) > 2 and "mark" in y[2]}
    names = [x for y in batch.plan.indicators if y.formula is None for x in ("/".join(y.path),)]
    names += [f"{x}.评分" for x in names if x in marked] + [x.name for x in batch.plan.inputs]
    names += [
        f"{'收入' if x.side == 'income' else '支出'}/{x.path[-1]}"
        for t in batch.plan.funds
        if not t.title
        for x in t.lines
    ]
    if batch.plan.comparisons or not names:
        return Answer(0, 0, handed=len(kept))
    try:
        score = scorer(batch.plan, names, batch.period, batch.as_of)
    except ValueError:
        return Answer(0, 0, handed=len(kept))
    lines, done = [], []
    for i in kept:
        given: dict[str, object] = {}
        for name, value, *more in batch.ones[i].rows or ():
            given[name] = value
            if more and more[0].get("mark"):
                given[f"{name}.评分"] = more[0]["mark"]
            if more and (more[0].get("prior") or more[0].get("override")):
                break
        else:
            if not given.keys() <= set(names):
                continue
            try:
                values = score._fast(given)
            except Strange:
                try:
                    values = score._second(given)
                except Strange:
                    continue
            lines.append(values)
            done.append(i)
    found: Cells = {
        ("low", ""): [x[0] for x in lines], ("high", ""): [x[1] for x in lines], ("total", ""): [None if x[2] else x[0] for x in lines],
        ("complete", ""): [bool(x[3]) for x in lines], ("grade", ""): [score.grades[x[4]] for x in lines],
    }  # fmt: skip
    found |= {("score", path): [None if x[at + 1] else x[at] for x in lines] for path, at in score.places.items()}
    expected = cells_of_cards(batch.plan, [batch.cards[i] for i in done], score.units)
    answer = compared(expected, found, len(done), part=True)
    return answer._replace(
        wrong=tuple((key, done[i] if i >= 0 else i, x) for key, i, x in answer.wrong), handed=len(kept) - len(done)
    )


def by_table(batch: Batch) -> Answer:
    """A long table of texts through ``perfdsl.batch``, read whole by ``observe`` for the exact engine."""
    kept = [i for i, x in enumerate(batch.ones) if x.rows]
    lines = []
    for i in kept:
        for name, value, *more in batch.ones[i].rows or ():
            extra = more[0] if more else {}
            cells = [str(extra.get(x, "")) for x in FIELDS]
            lines.append((f"对象{i}", name, value, *cells, dict(extra.get("extras", ())).get("资金", "")))
    if not lines:
        return Answer(0, 0)
    table = pa.table({head: pa.array([x[n] for x in lines], pa.string()) for n, head in enumerate(LONG)})
    made = Job(batch.plan, embedded, batch.period, batch.as_of).score(table)
    if made.whole:
        return Answer(0, 0, handed=len(kept))
    read = [One(None, observe(batch.plan, rows(batch.ones[i].rows or ()), batch.period)[0]) for i in kept]
    cards = scored_batch(batch.plan, read, batch.period, batch.as_of).cards
    answer = compared(cells_of_cards(batch.plan, cards, made.scores.units), cells_of_scores(made.scores), len(kept))
    return answer._replace(wrong=tuple((key, kept[i] if i >= 0 else i, x) for key, i, x in answer.wrong))


def by_mixed(batch: Batch, most: int = 12) -> Answer:
    """A few projects, each with these rules as its own, through ``perfdsl.mixed``."""
    kept = [i for i, x in enumerate(batch.ones) if x.rows][:most]
    if batch.plan.comparisons or not kept:
        return Answer(0, 0, handed=len(kept))
    answer = by_projects([batch.some(kept)])
    return answer._replace(wrong=tuple((key, kept[i] if i >= 0 else i, x) for key, i, x in answer.wrong))


def by_projects(several: Sequence[Batch]) -> Answer:
    """Projects with the rules of several batches in one job; those the exact engine scores one by one are handed on."""
    period, as_of = several[0].period, several[0].as_of
    store = store_of([attrs.evolve(x.plan, object=f"{n}") for n, x in enumerate(several)], period, as_of)
    kept = [
        (n, i)
        for i in range(max(len(x.ones) for x in several))
        for n, x in enumerate(several)
        if i < len(x.ones) and x.ones[i].rows
    ]
    if not kept:
        return Answer(0, 0)
    names = [f"对象{n}/{i}" for n, i in kept]
    base = pa.concat_tables(store.parts).combine_chunks()
    store.parts = [base.take(pa.array([n for n, _ in kept])).set_column(0, "object", pa.array(names))]
    lines = []
    for name, (n, i) in zip(names, kept, strict=True):
        for row, value, *more in several[n].ones[i].rows or ():
            extra = more[0] if more else {}
            fund = dict(extra.get("extras", ())).get("资金", "")
            lines.append((name, row, value, *(str(extra.get(x, "")) for x in FIELDS), fund))
    table = pa.table({head: pa.array([x[n] for x in lines], pa.string()) for n, head in enumerate(LONG)})
    parts = list(MixedJob(cut(store, 500), embedded).score(table))
    alone = {n for n, reason in enumerate(base.column("reason").to_pylist()) if reason}
    told: dict[str, dict[Key, Any]] = {name: {} for name in names}
    for part in parts:
        for x in part.rows.to_pylist():
            told[x["对象"]]["score", x["指标"]] = None if x["得分"] is None else Fraction(str(x["得分"]))
            if x["状态"] or x["情形"]:  # of groups both are empty
                told[x["对象"]]["status", x["指标"]], told[x["对象"]]["case", x["指标"]] = x["状态"], x["情形"] or 0
        for x in part.totals.to_pylist():
            for key, head in ((("total", ""), "总分"), (("low", ""), "最低可能"), (("high", ""), "最高可能")):
                told[x["对象"]][key] = None if x[head] is None else Fraction(str(x[head]))
            told[x["对象"]]["complete", ""], told[x["对象"]]["grade", ""] = x["完整"], x["等级"]
    answer, handed = Answer(0, 0), 0
    for n, batch in enumerate(several):
        mine = [(name, i) for name, (of, i) in zip(names, kept, strict=True) if of == n]
        if n in alone:
            handed += len(mine)
            continue
        read = [One(None, observe(batch.plan, rows(batch.ones[i].rows or ()), period)[0]) for _, i in mine]
        expected = exact_texts(batch.plan, scored_batch(batch.plan, read, period, as_of).cards)
        found: Cells = {key: [told[name].pop(key, "nothing") for name, _ in mine] for key in expected}
        one = compared(expected, found, len(mine))
        wrong = [(key, mine[i][1] if i >= 0 else i, f"rules {n}: {x}") for key, i, x in one.wrong]
        wrong += [(("more", ""), i, f"rules {n}: {told[name]}") for name, i in mine if told[name]]
        answer = Answer(answer.rows + one.rows, answer.cells + one.cells, (*answer.wrong, *wrong))
    return answer._replace(handed=handed)


def exact_texts(plan: Plan, cards: Sequence[Scorecard]) -> Cells:
    """Scores as fractions of a point, statuses as tables have them, the cases that decided."""
    made: Cells = {}
    for i, row in enumerate(plan.indicators):
        path, of = "/".join(row.path), [x.indicators[i] for x in cards]
        made["score", path], made["case", path] = [x.score for x in of], [x.case_number for x in of]
        made["status", path] = [STATUS_ZH.get(x.status, x.status) for x in of]
    for i, group in enumerate(plan.groups):
        made["score", "/".join(group.path)] = [x.groups[i].score for x in cards]
    made["total", ""], made["low", ""], made["high", ""] = (
        [x.total for x in cards],
        [x.low for x in cards],
        [x.high for x in cards],
    )
    made["complete", ""], made["grade", ""] = [x.complete for x in cards], [x.grade for x in cards]
    return made


# ---- a difference made small


def smallest(batch: Batch, ask: Callable[[Batch], Answer], at: int) -> Batch:
    """Fewer objects, and fewer values in them, that still differ."""

    def differs(tried: Batch) -> bool:
        return bool(tried.ones) and bool(ask(tried).wrong)

    alone = batch.some([at]) if at >= 0 else batch
    if at >= 0 and differs(alone):
        batch = alone
    size = max(1, len(batch.ones) // 2)
    until = time.monotonic() + 30
    while len(batch.ones) > 1 and time.monotonic() < until:
        for first in range(0, len(batch.ones), size):
            fewer = batch.some([i for i in range(len(batch.ones)) if not first <= i < first + size])
            if differs(fewer):
                batch = fewer
                break
        else:
            if size == 1:
                break
            size = max(1, size // 2)
        size = min(size, max(1, len(batch.ones) // 2))
    for i in range(len(batch.ones) if len(batch.ones) < 5 else 0):
        for name in sorted({*batch.ones[i].seen.entries, *batch.ones[i].seen.inputs, *batch.ones[i].seen.spent}):
            tried = scored_batch(
                batch.plan,
                [without(x, name) if n == i else x for n, x in enumerate(batch.ones)],
                batch.period,
                batch.as_of,
            )
            batch = tried if differs(tried) else batch
    return batch


def without(one: One, name: str) -> One:
    """The object without one of its values."""
    seen = one.seen
    kept = [{k: v for k, v in x.items() if k != name} for x in (seen.entries, seen.inputs, seen.spent)]
    given = None if one.rows is None else [x for x in one.rows if x[0] != name]
    return One(given, attrs.evolve(seen, entries=kept[0], inputs=kept[1], spent=kept[2]))


def shown(one: One) -> str:
    """An object in a line."""
    said = [f"{path}={[(str(e.value), e.applies, str(e.mark), str(e.override), str(e.prior), e.item, e.times, str(e.weight), e.text) for e in entries]}"
            for path, entries in one.seen.entries.items()]  # fmt: skip
    said += [f"{name}={value}" for name, value in (*one.seen.inputs.items(), *one.seen.spent.items())]
    return "; ".join(said) or "nothing"
