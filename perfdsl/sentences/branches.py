"""Sentences of conditions and awards: 达到得满分，否则不得分; 90%以上得10分，80%-90%得8分; 优得10分."""

import re
from collections.abc import Sequence
from fractions import Fraction

import attrs

from perfdsl.quantity import format_number
from perfdsl.sentences import atoms as a
from perfdsl.sentences.bands import interval, nested, overlap, settle, tightness
from perfdsl.sentences.gaps import gaps
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
)
from perfdsl.sentences.subjects import subject_of

REACHED_IN_FULL = Interval(Edge(Fraction(100), "%", True), None, "completion")
_NOTHING = re.compile(
    r"(?:未|无|没有)(?:发生|出现|发现|存在)(?:重大|较大|一般|安全|生产|责任|质量|事故|投诉|违规|违纪|违法|问题|情况|事件|现象|行为|类|的|等|、)*(?:者|时)?"
)
ITSELF = "完成值"  # the actual and nothing else, whatever the target
Given = Amount | Minus | Between | Pro
Pair = tuple[When, Given]


def by_branches(made: Gathered, talk: Talk) -> Branches:
    """The rule of a sentence without steps."""
    limits_kept(made, talk)
    if not made.branches:
        talk.stop("I216", a.Strange(start=0, end=len(talk.folded.text)))
    if len(made.branches) == 1 and made.branches[0][0] is None:
        return _whole(made.branches[0][1], talk)
    if missing := next((award for head, award in made.branches if head is None), None):
        talk.stop("I213", missing)
    return _by_values(made, talk)


def limits_kept(made: Gathered, talk: Talk) -> None:
    """Limits that awards keep anyway; what belongs to steps has no place here."""
    for cap in made.caps:
        _idle(cap, made, talk)
    if made.started:
        talk.stop("I213", made.started[0])
    if made.standard is not None:
        talk.stop("I213", made.standard)


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
    """Points in proportion to the completion, where the target has one and the words mean it, or to the rate the row is."""
    aim = talk.aim
    if ratio.said is not None:
        full_marks(talk, ratio, ratio.said)
    if ratio.way == "unsaid":
        talk.stop("I211", ratio)
    if aim.kind not in ("none", "percent", "count", "money", "duration"):
        talk.stop("I219", ratio)
    if aim.value is not None and aim.value <= 0:
        talk.stop("I219", ratio)
    against = {"up": "down", "down": "up", "loss": "down", "rate": "down"}.get(ratio.way, "")
    if aim.kind != "none" and against and aim.side != {"down": "up", "up": "down"}[against]:
        talk.stop("I208", ratio)
    if aim.kind == "none" and ratio.way == "loss":
        talk.stop("I211", ratio)
    return Pro(_rated(ratio, talk)) if ratio.way == "rate" else Pro()


def _rated(ratio: a.Ratio, talk: Talk) -> str:
    """What 资金到位率×分值 multiplies: the completion, or the actual itself, where the row is that rate."""
    aim = talk.aim
    subject = aim.subject(ratio.subject)
    if not subject and aim.kind == "none" and attrs.evolve(aim, name="").subject(ratio.subject):
        subject = "actual"
        talk.note("I225", ratio, words=ratio.subject)
    if not subject:
        talk.stop("I212", ratio, words=ratio.subject)
    if subject == "completion" or (aim.whole and ratio.subject != ITSELF):
        return "completion"
    if aim.kind == "percent" and ratio.subject != ITSELF:
        return talk.ask("I205", ratio, ("actual", "completion"))
    if aim.kind not in ("none", "percent"):
        talk.stop("I207", ratio)
    return "actual"


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
        return Branches(((attrs.evolve(REACHED_IN_FULL, subject=given.subject), FULL), (Otherwise(), given)))
    if not isinstance(given, Between) or (isinstance(given.high, Minus) and given.high.amount.value > 0):
        talk.stop("I210", award)
    within([(Otherwise(), given)], award, talk)
    return Branches(((Otherwise(), given),))


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
        given = award_of(award, talk)
        if (
            isinstance(when, Interval)
            and isinstance(head, a.Condition)
            and given in (FULL, Amount(talk.aim.points or Fraction(0)))
        ):
            when = _from_whole_on(when, bare=head.bare, ratio=ratio, talk=talk)
        pairs.append((when, given, award))
    shares = {given.subject for _, given, _ in pairs if isinstance(given, Pro)}
    if "actual" in shares and any(isinstance(x, Interval) and x.subject != "actual" for x, _, _ in pairs):
        talk.stop("I213", pairs[-1][2])
    kept = _ordered(pairs, talk)
    kept = _completed(kept, made.branches, talk)
    _say_gaps(kept, made.branches[0][1], talk)
    within(kept, made.branches[0][1], talk)
    return Branches(tuple(kept))


def _from_whole_on(when: Interval, *, bare: bool, ratio: bool, talk: Talk) -> Interval:
    """完成率100%得满分: more than the whole is no less, where more is better."""
    whole = when.low is not None and when.low == when.high and when.low.value == 100 and when.low.unit == "%"
    up = when.subject == "completion" or talk.aim.side == "up" or (ratio and talk.aim.kind == "none")
    return attrs.evolve(when, high=None) if whole and up and (bare or ratio) else when


def settled(conditions: Sequence[a.Condition], law: str, talk: Talk, *, ratio: bool) -> list[Interval]:
    """The intervals of a sentence, after the question which band a shared edge belongs to."""
    conditions = [_zeroed(c, conditions, talk) for c in conditions]
    ratio = ratio and not any(_is_target(x, talk) for c in conditions for x in (c.low, c.high))
    names = {c.subject for c in conditions if c.subject}
    if len(names) > 1 and not all(talk.aim.own(name) for name in names):
        odd = next(c for c in conditions if c.subject and c.subject != conditions[0].subject)
        talk.stop("I212", odd, words=odd.subject)
    if any(_empty(c) for c in conditions):
        talk.stop("I213", next(c for c in conditions if _empty(c)))
    named = [attrs.evolve(c, subject=c.subject or next(iter(names), "")) for c in conditions]
    exact = [c for c in conditions if c.low is c.high and c.low is not None and c.low.value.unit == "%"]
    if len(exact) > 1:  # 完成80%得8分，完成90%得9分: from there on, or there only
        talk.stop("I213", exact[1])
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
    for each in conditions:
        top = each.high
        if top is not None and top.worded and top.closed is None and top.value.value not in found.shared and not law:
            talk.note("I224", each, value=format_number(top.value.value) + top.value.unit)
    return [interval(c, subject) for c, subject in zip(found.conditions, subjects, strict=True)]


def _zeroed(condition: a.Condition, conditions: Sequence[a.Condition], talk: Talk) -> a.Condition:
    """Nothing is nothing in any unit: ≤0 of a rate is ≤0%."""
    units = {x.value.unit for c in conditions for x in (c.low, c.high) if x is not None and x.value.unit}
    if not units and talk.aim.numeric:
        units = {talk.aim.unit.text}
    if not units and (condition.subject or talk.aim.name).endswith(("率", "比例", "占比", "比重")):
        units = {"%"}
    if len(units) != 1:
        return condition
    ends = [x if x is None or x.value.value or x.value.unit else attrs.evolve(x, value=attrs.evolve(x.value, unit=next(iter(units))))
            for x in (condition.low, condition.high)]  # fmt: skip
    return attrs.evolve(condition, low=ends[0], high=ends[0] if condition.low is condition.high else ends[1])


def _is_target(limit: a.Limit | None, talk: Talk) -> bool:
    """Is it the number of a target in percent, so that the actual is meant and not the completion?"""
    return (
        limit is not None
        and talk.aim.kind == "percent"
        and limit.value.unit == "%"
        and limit.value.value == talk.aim.value
    )


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
        what = talk.folded.text[head.start : head.end]
        if aim.kind == "count" and aim.value == 0 and _NOTHING.fullmatch(what):
            return Met()
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
    points = [
        x for x in bands if x[0].low == x[0].high and any(y is not x and overlap(x[0], y[0]) for y in bands)
    ]  # 100%得满分，≥95%得8分: the number by itself comes first
    bands = [x for x in bands if x not in points]
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
    bands = [*points, *bands]
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
        return _otherwise(kept[0], branches[0], talk)
    if rest and not met and all(isinstance(x, Otherwise | Interval) for x, _ in kept) and _not_met_alone(branches):
        talk.stop("I213", branches[0][1])
    return kept


def _otherwise(only: Pair, branch: tuple[Head, Award], talk: Talk) -> list[Pair]:
    """What the one case of a sentence leaves unsaid: plain where the row is so or not, a question where it has degrees."""
    (when, given), (head, award) = only, branch
    if not isinstance(given, Amount):
        talk.stop("I210", award)
    if isinstance(when, Otherwise):
        if given != NIL or (isinstance(head, a.Reached) and head.rest):
            talk.stop("I210", award)
        talk.note("I220", award, rest="得满分")
        return [(Met(), FULL), only]
    if given != NIL and talk.aim.kind in ("level", "deadline"):
        talk.note("I220", award, rest="不得分")
        return [only, (Otherwise(), NIL)]
    ways = ["full" if given == NIL else "zero", "mark"]
    if (
        talk.aim.kind in ("percent", "count", "money", "duration")
        and (talk.aim.value or 0) > 0
        and given in (FULL, NIL, Amount(talk.aim.points or Fraction(0)))
    ):
        ways.insert(1, "pro")
    rest: dict[str, Given] = {"zero": NIL, "full": FULL, "pro": Pro(), "mark": Between(NIL, FULL)}
    return [only, (Otherwise(), rest[talk.ask("I210", award, ways)])]


def _say_gaps(kept: Sequence[Pair], at: a.Atom, talk: Talk) -> None:
    """Values that no band has are kept open and said."""
    bands = [when for when, _ in kept if isinstance(when, Interval)]
    if len(bands) == len(kept) and len({each.subject for each in bands}) == 1:
        for value in gaps(bands):
            talk.note("I223", at, value=value)


def _not_met_alone(branches: Sequence[tuple[Head, Award]]) -> bool:
    """Is 未达到指标值 set against bands of values, which are no opposite of it?"""
    return any(isinstance(head, a.Reached) and not head.rest for head, _ in branches)


def within(kept: Sequence[Pair], at: a.Atom, talk: Talk) -> None:
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
