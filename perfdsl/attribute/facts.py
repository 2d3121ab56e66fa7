"""What a reader sees of a row on both sides: only what differs, as it was written."""

from perfdsl.attribute.causes import Half, standings, uses
from perfdsl.comparison import ACTUAL, APPLICABLE, MISSING, POINTS, REVIEW, RULE, TARGET, Fact
from perfdsl.core import Value
from perfdsl.quantity import format_number
from perfdsl.scorecard import MISSING as NO_VALUE
from perfdsl.scorecard import NOT_APPLICABLE, IndicatorScore


def facts_between(was: IndicatorScore | None, now: IndicatorScore | None, before: Half | None, after: Half | None) -> tuple[Fact, ...]:  # fmt: skip
    """Target, actual, points, case, mark, review, what it uses; of a row on one side only, all that it has."""
    sides = [_seen(was, before), _seen(now, after)]
    names = dict.fromkeys([*sides[0], *sides[1]])
    found = [Fact(name, sides[0].get(name, ""), sides[1].get(name, "")) for name in names]
    if before is not None and after is not None and was is not None and now is not None:
        used = [_named(name) for name in uses(before, after)] + ["上年值"] * (_prior(before) != _prior(after))
        found.append(Fact("uses", "", "、".join(used)))
        found.append(Fact("place", *standings(before, after)))
    same = {
        (fact.before, fact.after) for fact in found if fact.name == "actual"
    }  # a row that is a place shows it already
    return tuple(
        fact
        for fact in found
        if fact.before != fact.after and not (fact.name == "place" and (fact.before, fact.after) in same)
    )


def _seen(row: IndicatorScore | None, half: Half | None) -> dict[str, str]:
    if row is None:
        return {}
    mark = next((e.mark for e in half.entries if e.mark is not None), None) if half is not None and len(half.entries) == 1 else None  # fmt: skip
    return {
        "target": row.target, "actual": _several(half) or row.actual, "status": row.status, "points": format_number(row.points) if row.points is not None else "",
        "rubric": row.rubric, "case": str(row.case_number) if row.case_number else "",
        "condition": row.case if row.case_number else "", "mark": format_number(mark) if mark is not None else "",
        "review": format_number(row.override) if row.override is not None else "",
    }  # fmt: skip


def _several(half: Half | None) -> str:
    """Entries with how often each happened, where one happened more than once."""
    entries = half.entries if half is not None and half.row.gather is None else ()
    if all(e.times == 1 for e in entries):
        return ""
    return "；".join(f"{e.text}×{e.times}" if e.times != 1 else e.text for e in entries)


def _named(name: str) -> str:
    """What a row looks at elsewhere, as the rules call it."""
    kind, _, path = name.partition(":")
    side, _, line = path.partition("/")
    if kind in ("spent", "plan") and side in _SIDES:
        return f"{_SIDES[side]}/{line}" if line else _SIDES[side]
    return path or {"schedule": "序时进度"}.get(kind, "总分")


_SIDES = {"spend": "支出", "income": "收入"}


def _prior(half: Half) -> Value:
    return half.entries[0].prior if len(half.entries) == 1 else None


def visible_kinds(was: IndicatorScore, now: IndicatorScore) -> tuple[str, ...]:
    """The kinds of causes that two printed rows show."""
    out = (was.status == NOT_APPLICABLE) != (now.status == NOT_APPLICABLE)
    empty = (was.status == NO_VALUE) != (now.status == NO_VALUE)
    told = {
        APPLICABLE: out, MISSING: empty and not out, ACTUAL: was.actual != now.actual and not out and not empty,
        TARGET: was.target != now.target, POINTS: was.points != now.points, RULE: was.rubric != now.rubric,
        REVIEW: False,
    }  # fmt: skip
    return tuple(kind for kind, differs in told.items() if differs)
