"""Sentences that count steps: 每低1个百分点扣0.5分，扣完为止; 每发现一例扣1分; 每增加1个百分点加0.5分，最多加2分."""

from fractions import Fraction

import attrs

from perfdsl.quantity import format_number
from perfdsl.sentences import atoms as a
from perfdsl.sentences.aim import DAY, PERCENT, dims_of, scale_of
from perfdsl.sentences.branches import award_of, budget, reached, settled
from perfdsl.sentences.counted import earned, happens, occurrences
from perfdsl.sentences.gather import Gathered, Head, Talk
from perfdsl.sentences.rule import (
    FULL,
    NIL,
    Amount,
    Branches,
    Edge,
    Interval,
    Met,
    Otherwise,
    Rule,
    Steps,
    When,
)
from perfdsl.sentences.segments import each_in_points, segmented
from perfdsl.sentences.started import partial_steps

_TARGETS = frozenset(["指标值", "目标值", "目标", "指标", "计划", "计划数"])
_BUDGETS = frozenset(["预算", "预算数", "控制数"])
_TERMS = frozenset(["计划时间", "规定时间", "规定时限", "时限", "期限"])


def by_steps(made: Gathered, talk: Talk) -> Rule:
    """The rule of a sentence with steps."""
    points = talk.aim.points
    down = [(head, each_in_points(step, points, talk)) for head, step in made.steps if step.down]
    up = [(head, each_in_points(step, points, talk)) for head, step in made.steps if not step.down]
    if len(up) > 1 or len(down) > 2 or (up and len(down) > 1):
        talk.stop("I213", made.steps[-1][1])
    if up and not down and not made.branches and up[0][1].side in ("done", ""):
        return earned(made, up[0], talk)
    if any(step.side == "done" for _, step in made.steps):
        talk.stop("I213", made.steps[0][1])
    if len(down) == 1 and not up and happens(down[0][1], talk):
        return occurrences(made, down[0], talk)
    base = _base(made, talk)
    if up:
        return _both_ways(made, base, down, up[0], talk)
    head, step = down[0]
    origin = _origin(base.at_full, head, step, talk)
    _standard(made, origin, talk)
    if step.reach or (base.given != FULL):
        talk.stop("I210", step)
    steps = _steps(made, step, head, origin, talk)
    start: When = Met() if origin is None else _full_side(origin, steps)
    if len(down) == 2:
        beyond = _origin(None, *down[1], talk)
        if base.cuts or beyond is None or down[1][1].side != step.side:
            talk.stop("I213", down[1][1])
        second = _steps(made, down[1][1], down[1][0], beyond, talk)
        return segmented((start, FULL), steps, second, down[1][1], talk)
    return Branches(((start, FULL), *base.cuts, (Otherwise(), steps)))


# ---- what stands beside the steps


def _standard(made: Gathered, origin: Edge | None, talk: Talk) -> None:
    """以100%为标准 names the value from which steps are counted."""
    if made.standard is None:
        return
    said = made.standard.value
    if origin is not None and (origin.value, origin.unit) == (said.value, said.unit):
        return
    if origin is None and talk.aim.value == said.value and dims_of(said.unit) == talk.aim.unit.dims:
        return
    talk.stop("I213", made.standard)


@attrs.define(eq=False)
class _Base:
    """What is given at the target, the condition that earns it where it names a value, and below which nothing is."""

    given: Amount = FULL
    at_full: Interval | None = None
    stated: bool = False
    cuts: tuple[tuple[When, Amount], ...] = ()


def _base(made: Gathered, talk: Talk) -> _Base:
    base = _Base()
    conditions = [head for head, _ in made.branches if isinstance(head, a.Condition)]
    intervals = iter(settled(conditions, made.law, talk, ratio=False))
    for head, award in made.branches:
        given = award_of(award, talk)
        if (
            isinstance(head, a.Level)
            and head.word in ("及时", "达标", "完成")
            and talk.aim.kind in ("none", "deadline", "duration")
        ):
            head = a.Reached(yes=True, timely=head.word == "及时", start=head.start, end=head.end)
        match head:
            case a.Reached() if head.yes and reached(head, talk) == Met() and isinstance(given, Amount):
                if base.stated or given == NIL:
                    talk.stop("I213", award)
                base.given, base.stated = _full(given, talk), True
            case a.Condition():
                each = next(intervals)
                if given == NIL:
                    base.cuts = (*base.cuts, (each, NIL))
                elif isinstance(given, Amount) and _full(given, talk) == FULL and not base.stated:
                    base.at_full, base.stated = each, True
                else:
                    talk.stop("I213", award)
            case _:
                talk.stop("I213", award)
    if len(base.cuts) > 1:
        talk.stop("I213", made.branches[-1][1])
    return base


def _full(given: Amount, talk: Talk) -> Amount:
    return FULL if not given.share and given.value == talk.aim.points else given


def _origin(at_full: Interval | None, head: Head, step: a.Step, talk: Talk) -> Edge | None:
    """The value from which steps are counted, where the sentence names it."""
    edges: list[Edge] = []
    if at_full is not None:
        ends = list(dict.fromkeys(e for e in (at_full.low, at_full.high) if e is not None))
        if len(ends) != 1 or at_full.subject != "actual" or not ends[0].closed:  # 超过95%得满分 leaves 95 % itself open
            talk.stop("I213", step)
        edges.append(ends[0])
        equal = at_full.low == at_full.high and step.side in ("below", "above")
        if not equal and (at_full.low is not None) != (step.side == "below"):
            talk.stop("I208", step)
    if isinstance(head, a.Condition):
        (found,) = settled([head], "", talk, ratio=False)
        ends = [e for e in (found.low, found.high) if e is not None]
        if len(ends) != 1 or found.subject != "actual" or (found.high is not None) != (step.side == "below"):
            talk.stop("I213", step)
        edges.append(ends[0])
    elif isinstance(head, a.Reached):
        if head.yes or not _leads(head, step):
            talk.stop("I213", step)
        reached(head, talk)
        if head.loose and edges:
            talk.stop("I213", step)
    elif isinstance(head, a.Level):
        talk.stop("I213", step)
    if len({(e.value, e.unit) for e in edges}) > 1:
        talk.stop("I213", step)
    return edges[0] if edges else None


def _leads(head: a.Reached, step: a.Step) -> bool:
    """Do 超过预算的 and 每超 go the same way?"""
    return not head.side or step.side in ("", {"up": "below", "down": "above"}[head.side], "late")


def _full_side(origin: Edge, steps: Steps) -> Interval:
    edge = Edge(origin.value, origin.unit, True)
    return Interval(None, edge) if steps.above else Interval(edge, None)


# ---- one step


def _steps(made: Gathered, step: a.Step, head: Head, origin: Edge | None, talk: Talk) -> Steps:
    """The step with its unit, its origin and what a started one counts."""
    _measured(step, talk)
    if step.side == "" and head is None and origin is None:
        talk.stop("I210", step)
    if origin is not None and dims_of(origin.unit) != dims_of(step.value.unit):
        talk.stop("I207", step)
    relative = _is_relative(step, origin, talk)
    size, unit = step.value.value, step.value.unit
    if relative and origin is not None:
        size, unit, relative = size * origin.value / 100, origin.unit, False
    limit = None
    for cap in made.caps:
        match cap.kind:
            case "floor":
                pass
            case "down" if step.down and cap.amount is not None:
                limit = cap.amount
            case "least" if step.down and cap.amount is not None:
                limit = _above_least(cap, talk)
            case "up" if not step.down and cap.amount is not None:
                limit = cap.amount
            case "down" | "up" if len(made.steps) == 2:
                pass
            case "full" if cap.amount in (None, talk.aim.points):
                pass
            case _:
                talk.stop("I213", cap)
    if talk.aim.points is not None and step.down and (step.each > talk.aim.points or (limit or 0) > talk.aim.points):
        talk.stop(
            "I206",
            step,
            said=format_number(max(step.each, limit or Fraction(0))),
            points=format_number(talk.aim.points),
        )
    if limit is not None and limit == talk.aim.points and step.down:
        limit = None
    return Steps(
        each=step.each, step=size, unit=unit, partial=partial_steps(made, step, origin, talk, relative=relative), down=step.down,
        relative=relative, origin=origin.value if origin else None, above=origin is not None and step.side == "above",
        limit=limit,
    )  # fmt: skip


def _above_least(cap: a.Cap, talk: Talk) -> Fraction:
    """扣至5分为止: so much less than the points may be taken off."""
    points = talk.aim.points
    if points is None or cap.amount is None:
        talk.stop("I210", cap)
    if cap.amount >= points:
        talk.stop("I206", cap, said=format_number(cap.amount), points=format_number(points))
    return points - cap.amount


def _measured(step: a.Step, talk: Talk) -> None:
    """Do the words of a step fit the target: its direction, its unit, what it is measured by?"""
    aim = talk.aim
    if step.what:
        talk.stop("I200", step, words=step.what)
    if step.value.value <= 0 or step.each <= 0 or not step.value.unit:
        talk.stop("I207", step)
    if step.who and aim.subject(step.who) == "":
        talk.stop("I212", step, words=step.who)
    if step.of in _BUDGETS:
        budget(step, talk)
    if step.of in _TERMS and step.side != "late":
        talk.stop("I213", step)
    _unit(step, talk)
    worse = {"below": "up", "above": "down", "late": "down", "event": "down"}.get(step.side, "")
    if not step.down:
        worse = {"above": "up", "below": "down"}.get(step.side, "?")
    if step.side == "off" and aim.kind != "range":
        talk.stop("I208", step)
    if worse and aim.side and worse != aim.side:
        talk.stop("I208", step)
    if aim.kind == "range" and step.side != "off":
        talk.stop("I208", step)
    if aim.kind in ("level", "growth", "other"):
        talk.stop("I207", step)
    if aim.value is not None and aim.value <= 0 and not aim.side:
        talk.stop("I219", step)
    if aim.numeric and not aim.side and aim.kind != "range":
        talk.stop("I208", step)


def _unit(step: a.Step, talk: Talk) -> None:
    aim, dims = talk.aim, dims_of(step.value.unit)
    completion = bool(step.who) and aim.subject(step.who) == "completion"
    if aim.kind == "deadline":
        if step.side != "late" or dims != (("秒", 1),) or scale_of(step.value.unit) < DAY:
            talk.stop("I207", step)
    elif step.side == "late" and aim.kind not in ("none", "duration"):
        talk.stop("I207", step)
    elif aim.numeric and dims == PERCENT and step.value.point:
        if aim.kind != "percent" and aim.kind != "range" and not completion:
            talk.stop("I207", step)
        if aim.kind == "percent" and completion and not aim.whole:
            talk.stop("I205", step)
    elif aim.numeric and dims != PERCENT and dims != aim.unit.dims:
        talk.stop("I207", step)
    if aim.kind == "range" and dims == PERCENT and aim.unit.dims != PERCENT:
        talk.stop("I207", step)


def _is_relative(step: a.Step, origin: Edge | None, talk: Talk) -> bool:
    """Is the step a share of the target?  1% of a percent may be either."""
    aim = talk.aim
    if dims_of(step.value.unit) != PERCENT:
        return False
    if origin is not None:
        if step.value.point or (origin.unit == "%" and origin.value == 100):
            return False
        return talk.ask("I204", step, ("point", "relative")) == "relative"
    if aim.kind in ("count", "money", "duration"):
        if step.value.point and not step.who:
            talk.stop("I207", step)
        if aim.value is not None and aim.value <= 0:
            talk.stop("I219", step)
        return True
    if step.value.point or aim.whole:
        return False
    if step.share and step.of in _TARGETS:
        return True
    if aim.kind == "none" and (step.of in _BUDGETS or _budgeted(talk)):
        return True
    if aim.kind == "range":
        talk.stop("I204", step)
    return talk.ask("I204", step, ("point", "relative")) == "relative"


def _budgeted(talk: Talk) -> bool:
    return any(note.code == "I217" for note in talk.notes)


# ---- up and down


def _both_ways(
    made: Gathered, base: _Base, down: list[tuple[Head, a.Step]], up: tuple[Head, a.Step], talk: Talk
) -> Branches:
    """A base at the target, so much more for each step beyond it, so much less for each step short of it."""
    head, step = up
    points = talk.aim.points
    if (
        not base.stated
        or base.given == FULL
        or base.at_full is not None
        or base.cuts
        or base.given.share
        or head is not None
    ):
        talk.stop("I210", step)
    more = attrs.evolve(_steps(made, step, head, None, talk), start=base.given)
    top = base.given.value + more.limit if more.limit is not None else points
    if points is None or top is None or top > points:
        talk.stop(
            "I206",
            step,
            said=format_number(top if top is not None else base.given.value),
            points=format_number(points or Fraction(0)),
        )
    if top == points:
        more = attrs.evolve(more, limit=None)
    if not down:
        fails = [(h, w) for h, w in made.branches if isinstance(h, a.Reached) and not h.yes]
        if not fails:
            talk.stop("I210", step)
    lead, less = down[0]
    if _origin(None, lead, less, talk) is not None:
        talk.stop("I213", less)
    fewer = attrs.evolve(_steps(made, less, lead, None, talk), start=base.given)
    return Branches(((Met(), more), (Otherwise(), fewer)))
