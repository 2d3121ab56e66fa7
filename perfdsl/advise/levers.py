"""What may be changed about one object, what each change leads to, and the observations after it."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

import attrs

from perfdsl import advice as m
from perfdsl import core as c
from perfdsl import plan as p
from perfdsl import target as t
from perfdsl.actuals import Entry, Observed
from perfdsl.advise.entries import Moves, moves_of
from perfdsl.advise.totals import Node
from perfdsl.advise.varying import Names, Varying
from perfdsl.bounds import End, Range, domain_range
from perfdsl.evaluate import Engine
from perfdsl.explain import number_text
from perfdsl.prove import Steps
from perfdsl.quantity import NO_UNIT, Unit, format_number

POINTS = Unit("分", Fraction(1), ())
ZERO = Fraction(0)


class Told(NamedTuple):
    """A discrete thing to fill in: a word, a mark, or moves of entries."""

    word: str | None = None
    mark: Fraction | None = None
    moves: Moves | None = None


class Outcome(NamedTuple):
    """Where a number may lie, or what is filled in; the printed scores it gives the rows of its lever (None: open).

    ``bars`` are the positions of those ceilings of the lever that forbid the goal, or that are not decided.
    """

    spot: Range | Told
    scores: tuple[Fraction | None, ...]
    bars: frozenset[int] = frozenset()

    @property
    def sum(self) -> Fraction | None:
        """Of all the scores; None while one is open."""
        known = [x for x in self.scores if x is not None]
        return sum(known, ZERO) if len(known) == len(self.scores) else None


@attrs.frozen(kw_only=True)
class Lever:
    """One thing that may be changed: ``source`` is its name in the calculus, ``rows`` those whose scores it moves.

    ``now`` is its number (None: missing, or no number), ``shown`` what was written; ``why`` says why it is not tried.
    ``ceilings`` are the positions of the ceilings that look at it.
    """

    kind: str
    key: str
    name: str
    source: str
    unit: Unit = NO_UNIT
    domain: c.Domain = c.Domain(None, None)
    direction: str = ""
    target: Fraction | None = None
    day: bool = False
    now: Fraction | None = None
    shown: str = ""
    missing: bool = False
    rows: tuple[str, ...] = ()
    ceilings: tuple[int, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    current: Outcome | None = None
    why: str = ""

    @property
    def numeric(self) -> bool:
        """Is it a number that varies, rather than something filled in?"""
        return self.kind in (m.VALUE, m.INPUT, m.SPENT)

    def text(self, value: Fraction) -> str:
        """A number of it as a table has it, exactly."""
        if self.day:
            day = date.fromordinal(int(value))
            return f"{day.year}年{day.month}月{day.day}日"
        return format_number(value / self.unit.scale) + self.unit.text


class Scene(NamedTuple):
    """One object as evaluated, with what the search needs to know of it."""

    engine: Engine
    names: Names
    total: Node
    ceilings: tuple[int, ...]  # positions of those that would forbid the goal


def levers(scene: Scene) -> list[Lever]:
    """Everything that may be changed and has to do with the goal, with all it can lead to."""
    found = [_with_effects(lever, scene) for lever in _candidates(scene)]
    live = [x for x in found if x.rows or x.ceilings]
    return [_with_outcomes(lever, scene) for lever in live]


# ---- which there are


def _candidates(scene: Scene) -> Iterator[Lever]:
    engine = scene.engine
    for row in engine.plan.indicators:
        if row.formula is None and not engine.left_out(row):
            yield from _of_row(engine, row)
    for item in engine.plan.inputs:
        if item.is_word:
            word = engine.observed.inputs.get(item.name)
            yield Lever(
                kind=m.INPUT,
                key=item.name,
                name=item.name,
                source=f"input:{item.name}",
                shown=str(word or ""),
                missing=word is None,
                why=m.GIVEN,
            )
        else:
            now = engine.observed.inputs.get(item.name)
            unit = item.unit or NO_UNIT
            number = now if isinstance(now, Fraction) else None
            yield Lever(kind=m.INPUT, key=item.name, name=item.name, source=f"input:{item.name}", unit=unit, domain=item.domain, now=number,
                        shown="" if number is None else number_text(number, unit), missing=number is None)  # fmt: skip
    yield from _of_money(engine)


def _of_money(engine: Engine) -> Iterator[Lever]:
    """Every line of money whose spending a formula looks at and that was given."""
    formulas = [row.formula for row in engine.plan.indicators if row.formula is not None]
    asked = sorted({name for formula in formulas for name in c.references(formula) if name.startswith("spent:")})
    unit = next((funds.unit for funds in engine.plan.funds if not funds.title), NO_UNIT)
    sides = {"income": "收入", "spend": "支出"}
    for source in asked:
        key = source.partition(":")[2]
        now = engine.observed.spent.get(key)
        if now is not None:
            side, _, rest = key.partition("/")
            name = rest.rpartition("/")[2] or sides.get(side, side)
            yield Lever(kind=m.SPENT, key=key, name=name, source=source, unit=unit, domain=c.Domain(ZERO, None), now=now,
                        shown=number_text(now, unit))  # fmt: skip


def _of_row(engine: Engine, row: p.PlanIndicator) -> Iterator[Lever]:
    path = "/".join(row.path)
    entries = engine.observed.entries.get(path, ())
    frame, target = engine.frame(row), engine.target_of(row)
    shown = engine.actual_text(row, frame)
    base = Lever(
        kind=m.VALUE,
        key=path,
        name=row.path[-1],
        source=f"value:{path}",
        direction=_direction(row, target),
        domain=row.domain,
        shown=shown,
    )
    if any(entry.override is not None for entry in entries):
        yield attrs.evolve(base, why=m.FIXED)
        return
    if row.scoring is not None and row.scoring.entries is not None:
        yield attrs.evolve(base, kind=m.ENTRIES, source=f"entries:{path}", missing=engine.indicator(path).score is None)
        return
    missing = frame.value is None
    if _wordy(engine, row, frame.value):
        yield attrs.evolve(
            base, kind=m.WORD, missing=engine.indicator(path).score is None if row.scoring is not None else missing
        )
    else:
        day = target is not None and isinstance(target.target.meaning, t.Deadline)
        unit = (target.unit if target is not None else None) or row.unit or NO_UNIT
        aim = engine.value(target.judge.target, frame) if target is not None else None
        yield attrs.evolve(
            base, unit=Unit("", Fraction(1), ()) if day else unit, day=day, now=frame.value if isinstance(frame.value, Fraction) else None,
            target=aim if isinstance(aim, Fraction) else None, missing=missing,
            domain=c.Domain(Fraction(1), Fraction(date.max.toordinal()), True) if day else row.domain,
            why=m.SHARES if row.gather is not None and row.gather.shares else "",
        )  # fmt: skip
    ranged = engine.decide(row.scoring, frame).ranged if row.scoring is not None else None
    if ranged is not None:
        mark = frame.entry.mark
        yield attrs.evolve(base, kind=m.MARK, source=f"score:{path}", unit=POINTS, domain=c.Domain(*ranged), direction="higher",
                           now=mark, shown="" if mark is None else f"{format_number(mark)}分", missing=engine.indicator(path).score is None)  # fmt: skip


def _direction(row: p.PlanIndicator, target: p.PlanTarget | None) -> str:
    """higher or lower is better, as stated or as the target says; empty where both sides count."""
    if row.direction or target is None:
        return row.direction
    match target.target.meaning:
        case t.Bound(op=op, quantity=quantity):
            return "lower" if op in ("<=", "<") or (op == "=" and quantity.base == 0) else "higher"
        case t.Growth(direction=way):
            return "lower" if way == "down" else "higher"
        case t.Schedule():
            return "higher"
        case t.Deadline():
            return "lower"
    return ""


def _wordy(engine: Engine, row: p.PlanIndicator, value: c.Value) -> bool:
    """Is it filled in with a word?"""
    target = engine.target_of(row)
    if isinstance(value, str):
        return True
    if isinstance(value, Fraction) or (
        target is not None and not isinstance(target.target.meaning, (t.Level, t.Free, t.Compound))
    ):
        return False
    return bool(words_of(engine, row))


def words_of(engine: Engine, row: p.PlanIndicator) -> list[str]:
    """The words that a row's rules know: of its scale, of its target, of its cases."""
    target = engine.target_of(row)
    exprs = [case.when for case in row.scoring.cases] if row.scoring is not None else []
    exprs += [target.judge.met] if target is not None else []
    exprs += [ceiling.condition for ceiling in engine.plan.ceilings]
    found = dict.fromkeys(word for _, word in row.words)
    stack = list(exprs)
    while stack:
        match stack.pop():
            case c.Compare(_, c.Ref(name), c.Const(str() as word)) if name in ("actual", f"value:{'/'.join(row.path)}"):
                found[word] = None
            case part:
                stack.extend(c.children(part))
    return list(found)


# ---- what each leads to


def _with_effects(lever: Lever, scene: Scene) -> Lever:
    names, plan = scene.names, scene.engine.plan
    rows = tuple(row for row in scene.total.leaves() if lever.source in names.closure(f"score:{row}"))
    ceilings = tuple(i for i in scene.ceilings if lever.source in names.of_expr(plan.ceilings[i].condition))
    groups = [g for g in plan.groups if g.applies is not None or g.factor is not None]
    fixed = (
        [row.applies for row in plan.indicators]
        + [g.applies for g in groups]
        + [g.factor.value for g in groups if g.factor is not None]
    )
    why = lever.why
    if any(expr is not None and lever.source in names.of_expr(expr) for expr in fixed):
        why = why or m.STRUCTURE
    asked = {name for row in rows for name in names.closure(f"score:{row}") if name.partition(":")[0] in c.COHORT_KINDS}
    if any(lever.source in names.closure(name) for name in asked):
        why = why or m.PLACES
    return attrs.evolve(lever, rows=rows, ceilings=ceilings, why=why)


def _with_outcomes(lever: Lever, scene: Scene) -> Lever:
    if lever.why:
        return lever
    if not lever.numeric:
        return _with_told(lever, scene)
    varying = Varying(scene.names, scene.total, lever.source)
    exprs = [varying.named(f"score:{row}") for row in lever.rows]
    exprs += [varying.expr(scene.engine.plan.ceilings[i].condition) for i in lever.ceilings]
    step = lever.domain.step if lever.domain.whole else None
    steps = Steps.of(exprs, _towards(lever), step)
    if steps is None:
        return attrs.evolve(lever, why=m.CURVED)
    split = len(lever.rows)
    found = tuple(
        Outcome(
            x.cell,
            tuple(v if isinstance(v, Fraction) else None for v in x.values[:split]),
            frozenset(i for i, v in zip(lever.ceilings, x.values[split:], strict=True) if v is not False),
        )
        for x in steps.parts
    )
    now = next(
        (x for x in found if lever.now is not None and isinstance(x.spot, Range) and holds(x.spot, lever.now)), None
    )
    return attrs.evolve(lever, outcomes=found, current=now)


def _towards(lever: Lever) -> Range:
    """The numbers from what there is in the direction of the target; all where there is nothing yet, or no direction."""
    whole = domain_range(lever.domain)
    if lever.now is None or not lever.domain.holds(lever.now):
        return whole
    match lever.direction:
        case "higher":
            return Range(End(0, lever.now, False), whole.high)
        case "lower":
            return Range(whole.low, End(0, lever.now, False))
    return whole


def holds(cell: Range, value: Fraction) -> bool:
    """Is a number inside?"""
    low, high = cell
    above = low.infinite < 0 or low.at < value or (low.at == value and not low.outside)
    below = high.infinite > 0 or high.at > value or (high.at == value and not high.outside)
    return above and below


def _with_told(lever: Lever, scene: Scene) -> Lever:
    """Words, marks and entries are tried one by one by the engine itself."""
    engine = scene.engine
    row = engine.rows[lever.key]
    told: Sequence[Told] | None
    match lever.kind:
        case m.WORD:
            told = list(_words(engine, row))
        case m.MARK:
            low, high = lever.domain.low, lever.domain.high
            assert low is not None and high is not None  # of the case that decides
            told = [Told(mark=mark) for mark in _marks(low, high, engine.plan.rounding)]
        case _:
            moves = moves_of(engine, row)
            told = None if moves is None else [Told(moves=x) for x in moves]
    if told is None:
        return attrs.evolve(lever, why=m.UNKNOWN_MOVES)
    simple = lever.kind in (m.MARK, m.ENTRIES) and lever.rows == (lever.key,) and not lever.ceilings
    found = []
    for each in told:
        known = each.mark if each.mark is not None else each.moves.score if each.moves is not None else None
        found.append(Outcome(each, (known,)) if simple and known is not None else _tried(lever, scene, each))
    return attrs.evolve(lever, outcomes=tuple(found), current=None if lever.missing else _outcome(lever, scene, engine))


def _words(engine: Engine, row: p.PlanIndicator) -> Iterator[Told]:
    """Every other word; with every mark where the word leaves the award to an assessor."""
    for word in words_of(engine, row):
        if row.scoring is None:
            yield Told(word=word)
            continue
        own = engine.observed.entries.get("/".join(row.path), ())
        entry = attrs.evolve(own[0] if own else BLANK, value=word, text=word)
        ranged = engine.decide(row.scoring, engine.frame(row, entry)).ranged
        if ranged is None:
            yield Told(word=word)
        else:
            yield from (Told(word, mark) for mark in _marks(*ranged, engine.plan.rounding))


def _marks(low: Fraction, high: Fraction, places: int) -> list[Fraction]:
    size = Fraction(1, 10**places)
    return [low + size * i for i in range(int((high - low) / size) + 1)]


def _tried(lever: Lever, scene: Scene, told: Told) -> Outcome:
    old = scene.engine
    engine = Engine(old.plan, changed(old, lever, told), old.period, old.as_of)
    engine.known.update({name: old.reference(name, None) for name in old.comparisons})
    return _outcome(lever, scene, engine)._replace(spot=told)


def _outcome(lever: Lever, scene: Scene, engine: Engine) -> Outcome:
    scores = tuple(engine.indicator(row).score for row in lever.rows)
    bars = [i for i in lever.ceilings if engine.value(engine.plan.ceilings[i].condition, None) is not False]
    return Outcome(Told(), scores, frozenset(bars))


def changed(engine: Engine, lever: Lever, to: Fraction | Told) -> Observed:
    """The observations with one thing changed."""
    return changed_in(engine, engine.observed, lever, to)


def changed_in(engine: Engine, seen: Observed, lever: Lever, to: Fraction | Told) -> Observed:
    """The same, after other changes."""
    match lever.kind:
        case m.INPUT:
            return attrs.evolve(seen, inputs={**seen.inputs, lever.key: to if isinstance(to, Fraction) else None})
        case m.SPENT:
            return attrs.evolve(seen, spent={**seen.spent, lever.key: to if isinstance(to, Fraction) else ZERO})
    row = engine.rows[lever.key]
    own = seen.entries.get(lever.key, ())
    first = own[0] if own else BLANK
    if row.gather is not None:
        first = attrs.evolve(engine.frame(row).entry, weight=None)
    made: tuple[Entry, ...]
    if isinstance(to, Fraction):
        made = (attrs.evolve(first, value=to, text=lever.text(to), applies=True, none_happened=False, times=1),)
    elif to.moves is not None:
        made = to.moves.entries
    elif to.word is None:
        made = (attrs.evolve(first, mark=to.mark),)
    else:
        made = (attrs.evolve(first, value=to.word, text=to.word, mark=to.mark, applies=True, none_happened=False),)
    return attrs.evolve(seen, entries={**seen.entries, lever.key: made})


BLANK = Entry(value=None, text="")
