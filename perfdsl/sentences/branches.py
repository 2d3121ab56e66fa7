"""Sentences of conditions and awards: 达到得满分，否则不得分; 90%以上得10分，80%-90%得8分; 优得10分."""

from collections.abc import Sequence
from fractions import Fraction

import attrs

from perfdsl.quantity import format_number
from perfdsl.sentences import atoms as a
from perfdsl.sentences.bands import interval, nested, overlap, settle, tightness
from perfdsl.sentences.gather import Award, Gathered, Head, Talk, full_marks
from perfdsl.sentences.rule import (
    FULL,
    NIL,
    Amount,
    Between,
    Branches,
    Edge,
    Interval,
    Met,
    Minus,
    Otherwise,
    Pro,
    When,
    Word,
)
from perfdsl.sentences.subjects import subject_of

REACHED_IN_FULL = Interval(Edge(Fraction(100), "%", True), None, "completion")
Given = Amount | Minus | Between | Pro
Pair = tuple[When, Given]


def by_branches(made: Gathered, talk: Talk) -> Branches:
    """The rule of a sentence without steps."""
    for cap in made.caps:
        _idle(cap, made, talk)
    if made.started:
        talk.stop("I213", made.started[0])
    if not made.branches:
        talk.stop("I216", a.Strange(start=0, end=len(talk.folded.text)))
    if len(made.branches) == 1 and made.branches[0][0] is None:
        return _whole(made.branches[0][1], talk)
    if missing := next((award for head, award in made.branches if head is None), None):
        talk.stop("I213", missing)
    if any(isinstance(head, a.Level) for head, _ in made.branches):
        return _by_words(made.branches, talk)
    return _by_values(made, talk)


def award_of(award: Award, talk: Talk) -> Given:
    """What is given, after its own checks."""
    if isinstance(award, a.Ratio):
        return proportional(award, talk)
    if award.said is not None:
        full_marks(talk, award, award.said)
    if award.free:
        talk.note("I202", award)
    return award.award


def proportional(ratio: a.Ratio, talk: Talk) -> Pro:
    """Points in proportion to the completion, where the target has one and the words mean it."""
    aim = talk.aim
    if ratio.way == "unsaid":
        talk.stop("I211", ratio)
    if aim.kind not in ("none", "percent", "count", "money", "duration"):
        talk.stop("I219", ratio)
    if aim.value is not None and aim.value <= 0:
        talk.stop("I219", ratio)
    if (
        ratio.way == "rate"
        and aim.subject(ratio.subject) != "completion"
        and not (aim.subject(ratio.subject) and aim.whole)
    ):
        talk.stop("I211", ratio)
    against = {"up": "down", "down": "up", "loss": "down", "rate": "down"}.get(ratio.way, "")
    if aim.kind != "none" and against and aim.side != {"down": "up", "up": "down"}[against]:
        talk.stop("I208", ratio)
    if aim.kind == "none" and ratio.way == "loss":
        talk.stop("I211", ratio)
    return Pro()


def _idle(cap: a.Cap, made: Gathered, talk: Talk) -> None:
    """A limit that an award by branches keeps anyway."""
    deducts = any(isinstance(award, a.Gets) and award.deducts for _, award in made.branches)
    if cap.kind == "full":
        full_marks(talk, cap, cap.amount)
    elif not (cap.kind == "floor" and deducts):
        talk.stop("I213", cap)


def _whole(award: Award, talk: Talk) -> Branches:
    """A sentence that is an award and nothing else: 0-5分, 酌情给分, 按完成率×分值."""
    given = award_of(award, talk)
    if isinstance(given, Pro):
        return Branches(((REACHED_IN_FULL, FULL), (Otherwise(), given)))
    if not isinstance(given, Between):
        talk.stop("I210", award)
    _limits([(Otherwise(), given)], award, talk)
    return Branches(((Otherwise(), given),))


# ---- words


def _by_words(branches: Sequence[tuple[Head, Award]], talk: Talk) -> Branches:
    made: list[Pair] = []
    for head, award in branches:
        assert head is not None  # the caller looked
        match head:
            case a.Level(word=word):
                when: When = Word(word)
            case a.Reached(rest=True):
                when = Otherwise()
            case a.Reached() if talk.folded.text[head.start : head.end].rstrip("的时者") in _PLAIN:
                when = Word(talk.folded.text[head.start : head.end].rstrip("的时者"))
            case _:
                talk.stop("I213", head)
        if talk.aim.kind not in ("none", "level"):
            talk.stop("I207", head)
        given = award_of(award, talk)
        if (
            isinstance(given, Pro)
            or any(when == seen for seen, _ in made)
            or any(isinstance(x, Otherwise) for x, _ in made)
        ):
            talk.stop("I213", award)
        made.append((when, given))
    if len(made) == 1:
        talk.stop("I210", branches[0][1])
    _limits(made, branches[0][1], talk)
    return Branches(tuple(made))


_PLAIN = frozenset(
    [
        "完成",
        "未完成",
        "达标",
        "未达标",
        "不达标",
        "符合",
        "不符合",
        "达到",
        "未达到",
        "及时完成",
        "按时完成",
        "按期完成",
        "未按时完成",
        "未及时完成",
        "全部完成",
        "不及时",
    ]
)

# ---- values


def _by_values(made: Gathered, talk: Talk) -> Branches:
    ratio = any(isinstance(award, a.Ratio) for _, award in made.branches)
    conditions = [head for head, _ in made.branches if isinstance(head, a.Condition)]
    intervals = iter(settled(conditions, made.law, talk, ratio=ratio))
    pairs: list[tuple[When, Given, Award]] = []
    for head, award in made.branches:
        assert isinstance(head, a.Condition | a.Reached)  # levels and blanks went another way
        when: When = next(intervals) if isinstance(head, a.Condition) else reached(head, talk)
        if any(when == seen for seen, _, _ in pairs):
            talk.stop("I213", head)
        if isinstance(when, Interval) and isinstance(award, a.Ratio) and award.way == "loss":
            talk.stop("I211", award)
        pairs.append((when, award_of(award, talk), award))
    kept = _ordered(pairs, talk)
    kept = _completed(kept, made.branches, talk)
    _limits(kept, made.branches[0][1], talk)
    return Branches(tuple(kept))


def settled(conditions: Sequence[a.Condition], law: str, talk: Talk, *, ratio: bool) -> list[Interval]:
    """The intervals of a sentence, after the question which band a shared edge belongs to."""
    names = {c.subject for c in conditions if c.subject}
    if len(names) > 1 and not all(talk.aim.own(name) for name in names):
        odd = next(c for c in conditions if c.subject and c.subject != conditions[0].subject)
        talk.stop("I212", odd, words=odd.subject)
    if any(_empty(c) for c in conditions):
        talk.stop("I213", next(c for c in conditions if _empty(c)))
    named = [attrs.evolve(c, subject=c.subject or next(iter(names), "")) for c in conditions]
    subjects = [subject_of(c, talk, ratio=ratio) for c in named]
    if len({x.value.unit for c in conditions for x in (c.low, c.high) if x is not None}) > 1:
        talk.stop("I207", conditions[-1])
    answer = next((x for x in ("upper", "lower") if x in talk.aim.answers), "")
    found = settle(conditions, law, answer)
    for limit in found.twice:
        where = next(c for c in conditions if c.high is limit)
        talk.ask("I203", where, ("upper", "lower"), value=format_number(limit.value.value) + limit.value.unit)
    for limit in found.yielded:
        where = next(c for c in conditions if c.high is limit)
        talk.note("I218", where, value=format_number(limit.value.value) + limit.value.unit)
    return [interval(c, subject) for c, subject in zip(found.conditions, subjects, strict=True)]


def _empty(condition: a.Condition) -> bool:
    low, high = condition.low, condition.high
    return low is not None and high is not None and low is not high and low.value.value >= high.value.value


def reached(head: a.Reached, talk: Talk) -> Met | Otherwise:
    """达到指标值 or its opposite, where the target can say so."""
    aim = talk.aim
    if head.rest:
        return Otherwise()
    if aim.kind in ("growth", "other") or (head.timely and aim.kind not in ("none", "deadline", "duration", "level")):
        talk.stop("I207", head)
    if head.side == "event":
        talk.stop("I213", head)
    if head.side and aim.side and head.side != aim.side:  # 不超过 against ≥ is wrong, 高于 against ≥ is beyond it
        talk.stop("I208" if head.yes else "I213", head)
    if head.side and aim.kind in ("range", "deadline", "level"):
        talk.stop("I208", head)
    if head.loose:
        budget(head, talk)
    return Met() if head.yes else Otherwise()


def budget(at: a.Atom, talk: Talk) -> None:
    """预算 is the target of a row that is a ceiling of money, or has no target of its own."""
    aim = talk.aim
    if aim.kind != "none" and not (aim.side == "down" and (aim.kind == "money" or aim.whole)):
        talk.stop("I212", at, words=talk.folded.text[at.start : at.end])
    talk.note("I217", at)


def _ordered(pairs: list[tuple[When, Given, Award]], talk: Talk) -> list[Pair]:
    """Met in full first, the innermost of nested bands before the outer, everything else last."""
    bands = [(when, given, at) for when, given, at in pairs if isinstance(when, Interval)]
    for index, (one, _, _) in enumerate(bands):
        for two, _, at in bands[index + 1 :]:
            if one.subject == two.subject and overlap(one, two) and not nested(one, two):
                talk.stop("I213", at)
    if len(bands) > 1 and all(nested(x, y) for i, (x, _, _) in enumerate(bands) for y, _, _ in bands[i + 1 :]):
        bands.sort(key=lambda each: tightness(each[0]))
    elif any(nested(x, y) for i, (x, _, _) in enumerate(bands) for y, _, _ in bands[i + 1 :]):
        outward = sorted(bands, key=lambda each: tightness(each[0]))
        lows = [x for x in outward if x[0].high is None and x[0].low is not None]
        highs = [x for x in outward if x[0].low is None]
        rest = [x for x in bands if x not in lows and x not in highs]
        bands = [*lows, *rest, *highs] if bands[0] in lows else [*highs, *rest, *lows]
    met = [(when, given) for when, given, _ in pairs if isinstance(when, Met)]
    rest_of = [(when, given) for when, given, _ in pairs if isinstance(when, Otherwise)]
    if len(met) > 1 or len(rest_of) > 1:
        talk.stop("I213", pairs[-1][2])
    if met and met[0][1] != FULL and bands:
        talk.stop("I213", pairs[-1][2])
    return [*met, *((when, given) for when, given, _ in bands), *rest_of]


def _completed(kept: list[Pair], branches: Sequence[tuple[Head, Award]], talk: Talk) -> list[Pair]:
    """Where everything named costs points, the rest costs none; a single award says too little."""
    deducting = [isinstance(award, a.Gets) and award.deducts and award.award != FULL for _, award in branches]
    rest = any(isinstance(when, Otherwise) for when, _ in kept)
    met = any(isinstance(when, Met) for when, _ in kept)
    if all(deducting):
        if met or (rest and len(kept) > 1):
            talk.stop("I213", branches[0][1])
        return [(Met(), FULL), *kept] if rest else [*kept, (Otherwise(), FULL)]
    if len(kept) == 1:
        talk.stop("I210", branches[0][1])
    if rest and not met and all(isinstance(x, Otherwise | Interval) for x, _ in kept) and _not_met_alone(branches):
        talk.stop("I213", branches[0][1])
    return kept


def _not_met_alone(branches: Sequence[tuple[Head, Award]]) -> bool:
    """Is 未达到指标值 set against bands of values, which are no opposite of it?"""
    return any(isinstance(head, a.Reached) and not head.rest for head, _ in branches)


def _limits(kept: Sequence[Pair], at: a.Atom, talk: Talk) -> None:
    """The best award is the points of the row; deductions stay inside them."""
    points = talk.aim.points
    named: list[Fraction] = []
    for _, given in kept:
        for each in (given.low, given.high) if isinstance(given, Between) else (given,):
            if isinstance(each, Minus) and points is not None and each.amount.value > points:
                talk.stop("I206", at, said=format_number(each.amount.value), points=format_number(points))
            if isinstance(each, Amount) and each.share and each.value > 100:
                talk.stop(
                    "I206", at, said=format_number(each.value) + "%", points=format_number(points or Fraction(100))
                )
            if isinstance(each, Amount) and not each.share:
                named.append(each.value)
    others = [
        g for _, g in kept if not (isinstance(g, Amount) and not g.share) and not (isinstance(g, Between) and _named(g))
    ]
    if points is not None and named and (max(named) > points or (not others and max(named) != points)):
        talk.stop("I206", at, said=format_number(max(named)), points=format_number(points))
    if not named and all(g == NIL for _, g in kept):
        talk.stop("I213", at)


def _named(given: Between) -> bool:
    """Is the upper end a number of points?"""
    return isinstance(given.high, Amount) and not given.high.share
