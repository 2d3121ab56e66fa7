"""Scorecards for the tests of reports: those of the examples, those Hypothesis builds, and what a report must say of them."""

import json
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from perfdsl.comparison import ADDED, BOTH, REMOVED, Cause, Change, Comparison, Fact, Result, Shift
from perfdsl.reports import Style, members
from perfdsl.reports._against import FACTS, KINDS, SHIFTS, signed
from perfdsl.reports._text import clean
from perfdsl.scorecard import (
    EXCEEDED,
    MET,
    MISSED,
    MISSING,
    NOT_APPLICABLE,
    UNJUDGED,
    AwardDecision,
    GroupScore,
    IndicatorScore,
    Path,
    Scorecard,
    Standing,
)

F0 = Fraction(0)

WORDS = {
    MET: "达标", EXCEEDED: "超额", MISSED: "未达标", MISSING: "缺完成值", UNJUDGED: "无法判定", NOT_APPLICABLE: "不适用",
}  # fmt: skip
ATTACKS = (
    "<script>alert(1)</script>", "\"' onclick=alert(1) x='", "</details></td></tr></table></main>", "<!-- -->]]><![CDATA[",
    "甲\u202e乙\u2066丙", "\u0000\u001b[31m\ud800", "{{ say }}{% raw %}", "a|b\\|c", "`x` **y** _z_ ~~w~~ <b>", "[点](http://x.example)",
    "# 一 #", "1. 二", "- 三", "&lt;&amp;&#33;", "一行\n\n二行\r\n| --- |", "url(http://x.example/y)", "长" * 5000, "x" * 5000, " 前后 ",
)  # fmt: skip


def numbers() -> st.SearchStrategy[Fraction]:
    """Scores as engines make them, and some that no finite decimal writes."""
    cents = st.integers(-500, 10_000).map(lambda n: Fraction(n, 100))
    return st.one_of(cents, st.fractions(min_value=-3, max_value=200, max_denominator=97))


def texts() -> st.SearchStrategy[str]:
    """Words a user may write, hostile ones included."""
    plain = st.text(st.characters(codec="utf-8"), max_size=12)
    return st.one_of(plain, st.sampled_from(ATTACKS), st.sampled_from(("≥90%", "充分", "“三公”经费", "98.6万件", "")))


def names() -> st.SearchStrategy[str]:
    """Names are never empty."""
    return texts().map(lambda text: text if clean(text).strip() else "名")


@st.composite
def indicators(draw: st.DrawFn, path: Path) -> IndicatorScore:
    points = draw(st.none() | numbers().map(abs))
    bonus = draw(st.booleans()) if points is None else False
    status = draw(st.sampled_from(sorted(WORDS)))
    low, high = sorted((draw(numbers()), draw(numbers())))
    has_score = (points is not None or bonus) and draw(st.booleans())
    score = low if has_score and status != NOT_APPLICABLE else None
    override = score if score is not None and draw(st.booleans()) else None
    return IndicatorScore(
        path=path, target=draw(texts()), actual=draw(texts()), status=status, points=points, score=score, low=low,
        high=low if score is not None else high, completion=draw(st.none() | numbers()), case=draw(texts()),
        case_number=draw(st.integers(0, 3)), rubric=draw(texts()), reason_zh=draw(texts()), reason_en=draw(texts()),
        computed=draw(st.none() | numbers()) if override is not None else None, override=override,
        explanation=draw(texts()), evidence=draw(texts()), line=draw(st.integers(0, 99)), bonus=bonus, counted=draw(st.booleans()),
        accepted=tuple(draw(st.lists(st.tuples(st.just("V101"), texts()), max_size=1))),
    )  # fmt: skip


def decisions() -> st.SearchStrategy[AwardDecision]:
    """Awards given, not given and open."""
    return st.builds(
        AwardDecision, name=names(), decided=st.none() | st.booleans(), reason_zh=texts(), reason_en=texts()
    )


def paths() -> st.SearchStrategy[Path]:
    return st.lists(names(), min_size=1, max_size=3).map(tuple)


@st.composite
def results(draw: st.DrawFn, points: Fraction | None) -> Result:
    low, high = sorted((draw(numbers()), draw(numbers())))
    total = low if points is not None and draw(st.booleans()) else None
    return Result(object=draw(names()), period=draw(st.sampled_from(("full", "half"))), source=draw(texts()), points=points, total=total,
                  low=low, high=low if total is not None else high, met=draw(st.integers(0, 9)), assessed=draw(st.integers(0, 9)))  # fmt: skip


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    """A comparison of two results, with words of users in it."""
    points = draw(st.none() | numbers().map(abs))
    before, after = draw(results(points)), draw(results(points))
    causes = st.builds(
        Cause, st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=2, unique=True).map(tuple), numbers()
    )
    facts = st.builds(Fact, st.sampled_from(sorted(FACTS)), texts(), texts())
    changes = st.builds(
        Change, path=paths(), state=st.sampled_from((BOTH, ADDED, REMOVED)), before=st.none() | numbers(), after=st.none() | numbers(),
        amount=st.just(F0) | numbers(), was=st.just(()) | paths(), causes=st.lists(causes, max_size=2).map(tuple), facts=st.lists(facts, max_size=2).map(tuple),
    )  # fmt: skip
    shifts = st.builds(Shift, paths() | st.just(()), st.sampled_from(sorted(SHIFTS)), numbers(), numbers(), numbers())
    known = before.total is not None and after.total is not None
    return Comparison(
        before=before, after=after, difference=after.total - before.total if known else None, low=after.low - before.high,
        high=after.high - before.low, changes=tuple(draw(st.lists(changes, max_size=3))), shifts=tuple(draw(st.lists(shifts, max_size=2))),
        open=tuple(draw(st.lists(paths(), max_size=2))),
    )  # fmt: skip


def standings() -> st.SearchStrategy[Standing]:
    """Places, some open, some outside."""
    return st.builds(
        Standing, word=st.sampled_from(("rank(总分)", "rank(总分, 类别)")), what=st.just("rank"), value=st.none() | st.integers(1, 4).map(Fraction),
        members=st.integers(1, 4), group=texts(), tied=st.booleans(), outside=st.booleans(), reason_zh=texts(), reason_en=texts(),
    )  # fmt: skip


@st.composite
def scorecards(draw: st.DrawFn) -> Scorecard:
    """A card with a tree of one to four levels, some groups empty."""
    rows_at: list[Path] = []
    for top in draw(st.lists(names(), min_size=1, max_size=3, unique=True)):
        depth = draw(st.integers(0, 3))
        below = draw(st.lists(names(), min_size=1, max_size=3, unique=True)) if depth else [""]
        middle = tuple(draw(st.lists(names(), min_size=max(depth - 1, 0), max_size=max(depth - 1, 0))))
        rows_at += [(top, *middle, name) if name else (top,) for name in below]
    rows, empty = [], []
    for path in rows_at:
        if draw(st.integers(0, 5)):
            rows.append(draw(indicators(path)))
        else:
            empty.append(path)
    groups = [draw(group_scores(path)) for path in dict.fromkeys(p[:n] for p in rows_at for n in range(1, len(p)))]
    points = draw(st.none() | numbers().map(abs))
    low, high = sorted((draw(numbers()), draw(numbers())))
    total = low if points is not None and draw(st.booleans()) else None
    return Scorecard(
        object=draw(names()), kind=draw(st.sampled_from(("project", "department", "policy"))), period="full",
        as_of=draw(st.sampled_from(("", "2024-12-31"))), complete=total is not None, points=points, total=total, low=low, high=high,
        grade=draw(texts()) if total is not None else "", groups=tuple(groups), indicators=tuple(rows), empty=tuple(empty),
        notes_zh=tuple(draw(st.lists(texts(), max_size=2))), awards=tuple(draw(st.lists(decisions(), max_size=1))),
        facts=tuple(draw(st.lists(st.tuples(names(), texts()), max_size=2))), rounding=draw(st.sampled_from((-1, 0, 2))),
        order=tuple(rows_at), ruleset_sha256="ab" * 32, comparison=draw(st.none() | comparisons()),
        standings=tuple(draw(st.lists(standings(), max_size=2))),
    )  # fmt: skip


@st.composite
def group_scores(draw: st.DrawFn, path: Path) -> GroupScore:
    points = draw(st.none() | numbers().map(abs))
    low, high = sorted((draw(numbers()), draw(numbers())))
    score = low if draw(st.booleans()) else None
    return GroupScore(path=path, points=points, score=score, low=low, high=low if score is not None else high,
                      applicable=draw(st.booleans()), bonus=draw(st.booleans()) if points is None else False, note_zh=draw(texts()))  # fmt: skip


# ---- what a report must say


def amounts(one: dict[str, Any]) -> list[str]:
    """The amounts of a comparison of the JSON as they are printed, the greatest first."""
    made = one["comparison"]
    return [
        signed(x)
        for x in sorted((Fraction(x["amount"]) for x in (*made["changes"], *made["shifts"])), key=lambda x: -abs(x))
    ]


def cause_amounts(one: dict[str, Any]) -> list[str]:
    """The amounts of all causes, in any order."""
    return sorted(signed(Fraction(x["amount"])) for change in one["comparison"]["changes"] for x in change["causes"])


def difference_of(one: dict[str, Any]) -> str:
    """The difference as it is printed; empty where there is none."""
    made = one.get("comparison")
    if made is None or made["before"]["points"] is None:
        return ""
    if made["difference"] is not None:
        return signed(Fraction(made["difference"]))
    return f"{signed(Fraction(made['lowest']))} … {signed(Fraction(made['highest']))}"


def placed_of(told: Sequence[dict[str, Any]]) -> list[tuple[str, str, str, bool]]:
    """(comparison and class, place, object, tied) of every rank of the JSON, whatever the order."""
    return sorted(
        (printed(f"{x['word']} {x['class']}"), x["value"] or "?", printed(one["object"]), x["tied"])
        for one in told for x in one["standings"] if x["word"].startswith("rank(") and not x.get("outside")
    )  # fmt: skip


def as_json(cards: Sequence[Scorecard]) -> list[dict[str, Any]]:
    """The cards as the JSON report gives them: the numbers every other report must carry."""
    member = next(m for m in members() if m.NAME == "json")
    made = json.loads(member.render(cards, (), Style()))
    return [made] if isinstance(made, dict) else list(made)


def shown(one: dict[str, Any], key: str = "score") -> str:
    """A score of the JSON as it is printed: the number, its range, or nothing."""
    if one[key] is not None:
        return str(one[key])
    return f"{one['lowest']}–{one['highest']}" if "lowest" in one else ""


def share(text: str) -> Fraction:
    """The exact share behind ``107.59%（9683/9000）`` or ``95%``."""
    exact = re.fullmatch(r"-?[\d.]+%（(.+)）", text)
    return Fraction(exact[1]) if exact else Fraction(text.removesuffix("%")) / 100


def printed(text: str) -> str:
    """A user's words as they stand in a report, blanks aside."""
    return re.sub(r"\s+", " ", clean(text)).strip()
