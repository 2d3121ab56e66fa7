"""A rule as the sentences that may say it, the most usual first; which of them reads back is tried by the door."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from perfdsl.quantity import format_number
from perfdsl.sentences.heads import LEVELS, PLAIN
from perfdsl.sentences.rule import (
    FULL,
    NIL,
    Amount,
    Award,
    Between,
    Branches,
    Checklist,
    Earned,
    Earning,
    Edge,
    Interval,
    Met,
    Minus,
    Occurrences,
    Otherwise,
    Pro,
    Rule,
    Steps,
    When,
    Word,
)

_CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫"


def wordings(rule: Rule, verbs: tuple[str, ...], name: str) -> Iterator[str]:
    """Sentences that may say ``rule`` of the row ``name``, ``verbs`` for being short of the target; none where the official language has no words for it."""
    match rule:
        case Occurrences(each):
            yield f"每发生1次扣{format_number(each)}分，扣完为止"
        case Earned(each):
            yield f"每完成1项得{format_number(each)}分"
        case Checklist(items):
            yield from _listed(items)
        case Branches(branches) if any(isinstance(award, Steps) for _, award in branches):
            yield from _stepped(branches, verbs)
        case Branches(branches):
            if [award for _, award in branches] == [FULL, Pro("actual")]:
                yield from (f"{rate}×分值" for rate in (name, "完成值") if rate)
            yield from _branched(branches)


def _listed(items: tuple[tuple[str, Fraction], ...]) -> Iterator[str]:
    if len(items) > len(_CIRCLES):
        return
    marked = [f"{_CIRCLES[at]}{name}" for at, (name, _) in enumerate(items)]
    amounts = {each for _, each in items}
    if len(amounts) == 1:
        yield "；".join(marked) + f"。每符合一项得{format_number(amounts.pop())}分"
    yield "；".join(f"{name}，得{format_number(each)}分" for name, (_, each) in zip(marked, items, strict=True))


# ---- branches


def _branched(branches: tuple[tuple[When, Award], ...]) -> Iterator[str]:
    if len(branches) == 1 and isinstance(branches[0][1], Earning):
        yield from _earning(branches[0][1])
        return
    if len(branches) == 1 and isinstance(branches[0][0], Otherwise):
        yield from _awards(branches[0][1])
        return
    if [award for _, award in branches] == [FULL, Pro()] and isinstance(branches[0][0], Interval):
        yield "按比例得分"
    if any(isinstance(when, Word) for when, _ in branches):
        yield from _worded(branches)
        return
    named = any(award == Pro() for _, award in branches) or any(
        isinstance(w, Interval) and w.subject != "actual" for w, _ in branches
    )
    met = isinstance(branches[0][0], Met)
    rests = ("否则", "未达到的", "其他") if met else ("其他", "否则")
    for rest, subject in product(rests, ("完成值",) if named else ("", "完成值")):
        parts = [_branch(when, award, rest, subject) for when, award in branches]
        if met and all(parts):
            yield "，".join(parts)
        elif all(parts):
            yield ("；" if len(parts) > 2 else "，").join(parts)
    if branches[-1] == (Otherwise(), FULL):
        parts = [_branch(when, award, "", "完成值" if named else "") for when, award in branches[:-1]]
        if all(parts):
            yield "，".join(parts)
    if branches[0] == (Met(), FULL) and len(branches) == 2:
        yield _branch(*branches[1], "未达到指标值的", "")


def _worded(branches: tuple[tuple[When, Award], ...]) -> Iterator[str]:
    """Words, a phrase as it is and a word of a scale in quotes."""
    for quoted, rest in product((False, True), ("否则", "其他")):
        parts = []
        for when, award in branches:
            words = next(_awards(award), "")
            if not words:
                return
            plain = isinstance(when, Word) and not (quoted or when.text in LEVELS or when.text in PLAIN)
            parts.append(
                f"{when.text}的{words}" if plain and isinstance(when, Word) else _branch(when, award, rest, "")
            )
        yield ("；" if len(parts) > 2 else "，").join(parts)


def _branch(when: When, award: Award, rest: str, subject: str) -> str:
    words = next(_awards(award), "")
    if not words:
        return ""
    match when:
        case Met():
            return f"达到指标值{words}" if words[0] in "得扣" else f"达到指标值的{words}"
        case Otherwise():
            return rest + words
        case Word(text):
            return f"“{text}”{words}"
        case Interval():
            return condition(when, subject) + words


def condition(when: Interval, subject: str = "") -> str:
    """An interval in official words, every edge marked."""
    name = "完成值与指标值之比" if when.subject == "completion" else subject
    low, high = when.low, when.high
    if low is not None and high is not None:
        if low.value == high.value:
            return f"{name}等于{_edge(low)}的"
        return f"{name}{_edge(low)}（{_mark(low)}）-{_edge(high)}（{_mark(high)}）的"
    if low is not None:
        return f"{name}{_edge(low)}（含）以上的" if low.closed else f"{name}超过{_edge(low)}的"
    assert high is not None  # an interval has an edge
    return f"{name}{_edge(high)}（含）以下的" if high.closed else f"{name}低于{_edge(high)}的"


def _edge(edge: Edge) -> str:
    return format_number(edge.value) + edge.unit


def _mark(edge: Edge) -> str:
    return "含" if edge.closed else "不含"


def _awards(award: Award) -> Iterator[str]:
    """What is given, in words."""
    match award:
        case Pro("completion"):
            yield "按比例得分"
        case Pro():
            yield "按完成值×分值计分"
        case Amount():
            yield _amount(award)
        case Minus(amount):
            yield f"扣{format_number(amount.value)}分"
        case Between(low, high):
            yield from _between(low, high)


def _amount(amount: Amount) -> str:
    if amount == FULL:
        return "得满分"
    if amount == NIL:
        return "不得分"
    return f"得分值的{format_number(amount.value)}%" if amount.share else f"得{format_number(amount.value)}分"


def _between(low: Amount | Minus, high: Amount | Minus) -> Iterator[str]:
    match low, high:
        case Amount(), Amount() if (low, high) == (NIL, FULL):
            yield "酌情得分"
        case Amount(low_value), Amount(high_value, True) if low.share or low == NIL:
            yield f"得分值的{format_number(low_value)}%-{format_number(high_value)}%"
        case Amount(low_value, False), Amount(high_value, False):
            yield f"得{format_number(low_value)}-{format_number(high_value)}分"
        case Minus(most), Minus(least):
            yield f"扣{format_number(least.value)}-{format_number(most.value)}分"
        case Minus(most), Amount() if high == FULL:
            yield f"酌情扣{format_number(most.value)}分以内"


# ---- steps


def _stepped(branches: tuple[tuple[When, Award], ...], verbs: tuple[str, ...]) -> Iterator[str]:
    match branches:
        case ((full, Amount() as given), (Interval() as near, Steps() as first), (Otherwise(), Steps() as second)):
            yield from _segments((full, given), near, (first, second), verbs)
        case ((when, Amount() as given), *cuts, (Otherwise(), Steps() as steps)):
            yield from _downward((when, given), cuts, steps, verbs)
        case ((Met(), Steps(down=False) as more), (Otherwise(), Steps(down=True) as fewer)):
            yield from _both_ways(more, fewer)


def _downward(
    full: tuple[When, Award], cuts: list[tuple[When, Award]], steps: Steps, verbs: tuple[str, ...]
) -> Iterator[str]:
    if steps.start != FULL or not steps.down:
        return
    start = _branch(*full, "", "")
    tail = [_branch(cut, award, "", "完成值") for cut, award in cuts]
    if steps.origin is not None:
        verbs = ("超过",) if steps.above else ("低",)
    for verb, partial in product(verbs, _partials(steps)):
        sentence = [start, _one(steps, verb), partial, _limit(steps), *tail]
        yield "，".join(x for x in sentence if x)


def _segments(
    full: tuple[When, Award], near: Interval, steps: tuple[Steps, Steps], verbs: tuple[str, ...]
) -> Iterator[str]:
    """Two prices of a step, the second for what lies beyond ``near``."""
    first, second = steps
    edge = near.low or near.high
    if edge is None or (near.low is None) == (near.high is None):
        return
    verb = "超过" if near.low is None else "低"
    reach = "部分" if second.before else "，全部差距"
    beyond = f"{'低于' if near.high is None else '超过'}{_edge(edge)}的{reach}{_one(second, verb)}"
    for partial in _partials(first):
        parts = [_branch(*full, "", ""), _one(first, verb), beyond, partial, "扣完为止"]
        yield "，".join(x for x in parts if x)


def _earning(award: Earning) -> Iterator[str]:
    steps = Steps(each=award.each, step=award.step, unit=award.unit, partial=award.partial)
    size = f"{format_number(award.step)}{award.unit}"
    for partial in _partials(steps):
        tail = "，" + partial.replace("个百分点", "%") if partial else ""
        yield f"每完成{size}得{format_number(award.each)}分{tail}"


def _both_ways(more: Steps, fewer: Steps) -> Iterator[str]:
    if more.start != fewer.start or more.partial != fewer.partial or (more.step, more.unit) != (fewer.step, fewer.unit):
        return
    start = f"达到指标值{_amount(more.start)}"
    for (up, down), partial in product((("超过", "低"), ("低", "超过")), _partials(fewer)):
        sentence = [start, _one(more, up), _limit(more), _one(fewer, down), _limit(fewer), partial]
        yield "，".join(x for x in sentence if x)


def _one(steps: Steps, verb: str) -> str:
    size = format_number(steps.step)
    measure = f"{size}{steps.unit}" if steps.unit != "%" or steps.relative else f"{size}个百分点"
    if steps.relative:
        measure = f"指标值的{measure}"
        verb += "于" if verb == "低" else ""
    return f"每{verb}{measure}{'扣' if steps.down else '加'}{format_number(steps.each)}分"


def _partials(steps: Steps) -> tuple[str, ...]:
    size = format_number(steps.step) + (steps.unit if steps.unit != "%" or steps.relative else "个百分点")
    match steps.partial:
        case "floor":
            return (f"不足{size}的不计",)
        case "ceil":
            return (f"不足{size}的按{size}计算",)
    return "", f"不足{size}的按比例计算"


def _limit(steps: Steps) -> str:
    if steps.limit is None:
        return "扣完为止" if steps.down else ""
    return f"最多{'扣' if steps.down else '加'}{format_number(steps.limit)}分"
