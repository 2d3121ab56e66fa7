"""Objects compared with each other, scored as columns: every cell is what the exact engine says of them together."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import repeat

import hypothesis.strategies as st
import pytest
from attrs import evolve
from hypothesis import given, settings
from scoring import plan_of, rows
from test_cohort import Thing, Unit, as_rows, crowds, plan, rules, unit_rows, units
from test_integers import batched, told

from perfdsl.batch.together import Together, in_passes
from perfdsl.cohort import Member, evaluate_together
from perfdsl.engines import embedded
from perfdsl.gridded import gridded
from perfdsl.observe import observe
from perfdsl.plan import Plan

F = Fraction


def assert_together(plan: Plan, crowd: Sequence[Sequence[tuple]], cuts: Sequence[int] = (), period: str = "full") -> None:
    """All objects by the exact engine, and as a table in parts that begin at ``cuts``."""
    seen = [observe(plan, rows(x), period)[0] for x in crowd]
    cards = [x.card for x in evaluate_together([Member(evolve(plan, object=f"对象{i}"), x) for i, x in enumerate(seen)], period)]
    ends = [0, *sorted({x for x in cuts if 0 < x < len(seen)}), len(seen)]
    parts = [gridded(plan, seen[a:b], period) for a, b in zip(ends, ends[1:], strict=False)]
    made = Together(plan, embedded, period)
    in_passes(made, repeat(parts))
    for number, (grid, columns) in enumerate(parts):
        scores = made.score(number, grid, columns)
        found = made.places(number)
        for i in range(grid.count):
            card = cards[ends[number] + i]
            assert batched(scores, i) == told(card, scores.units), (i, crowd)
            named = {x.word: x for x in plan.comparisons}
            for standing in card.standings:  # those that were asked for
                comparison = named[standing.word]
                strip = found[comparison.name]
                assert strip.numbers is not None and strip.states is not None
                under = found.get(f"size of {comparison.name}")
                bottom = strip.per if under is None else int(under.numbers[i])
                value = F(int(strip.numbers[i]), bottom) if strip.states[i] == 1 else None
                assert (value, strip.states[i] == 3) == (standing.value, standing.outside), (comparison, i, crowd)


@settings(max_examples=150, deadline=None)
@given(crowds, st.lists(st.integers(1, 7), max_size=2))
def test_every_place_is_that_of_the_exact_engine(crowd: list[Thing], cuts: list[int]) -> None:
    assert_together(plan(), [as_rows(x) for x in crowd], cuts)


@settings(max_examples=100, deadline=None)
@given(units, st.lists(st.integers(1, 7), max_size=2))
def test_places_of_places_score_as_in_the_exact_engine(crowd: list[Unit], cuts: list[int]) -> None:
    assert_together(rules(), [unit_rows(x) for x in crowd], cuts)


# ---- rules drawn with comparisons of every kind of thing, of places too

SUBJECTS = ("甲", "人均", "户均", "人口", "score(甲)", "score(组)", "lost(组)", "lost(乙)")
LATER = ("总分", "lost(总分)", "score(加)", "名次")
KINDS = ("rank", "rank_share", "best", "worst", "size")


@st.composite
def words(draw, subjects: Sequence[str]) -> tuple[str, str]:
    """A comparison as the rules have it, and a limit of its size."""
    kind, subject = draw(st.sampled_from(KINDS)), draw(st.sampled_from(subjects))
    within = draw(st.sampled_from(["", ", 类别"]))
    order = "" if kind == "size" else draw(st.sampled_from([", high_first", ", low_first"]))
    ties = draw(st.sampled_from(["", ", ties_dense", ", ties_last"])) if kind == "rank" else ""
    unit = {"甲": "件", "人均": "件", "户均": "件", "人口": "人"}.get(subject, "") if kind in ("best", "worst") else ""
    limit = draw(st.sampled_from(["50%", "35%"])) if kind == "rank_share" else f"{draw(st.integers(1, 3))}{unit}"
    return f"{kind}({subject}{within}{order}{ties})", limit


@st.composite
def texts(draw) -> str:
    """Rules of one object."""
    policy = draw(st.sampled_from(["rescale", "zero", "full", "to 组"]))
    place, _ = draw(words(SUBJECTS).filter(lambda x: x[0].startswith("rank(")))
    word, limit = draw(words(SUBJECTS))
    other, _ = draw(words((*SUBJECTS, "名次")).filter(lambda x: x[0].startswith(("rank(", "size("))))
    over = [draw(words(SUBJECTS + LATER)) for _ in range(draw(st.integers(1, 3)))]
    applies = draw(st.sampled_from(["", 'applies 参加 = "是"']))
    awards = "\n".join(f"award 项{i} when {x} {draw(st.sampled_from(['<=', '>', '=']))} {y}" for i, (x, y) in enumerate(over))
    ceiling = draw(words((*SUBJECTS, "总分")))
    return f"""not_applicable {policy}
        input 类别 values "甲类", "乙类"
        input 参加 values "是", "否"
        input 人口 unit 人 values whole 1 .. 4
        input 户数 unit 户 values whole 1 .. 3
        组 points 10 {applies} {{
          甲 full "≥3件" points 6 values whole 0 .. 4 by {{ completion >= 100% -> 100%  otherwise -> completion }}
          乙 full "≥1件" points 4 values whole 0 .. 2 {draw(st.sampled_from(["", 'applies 参加 = "是"']))}
             by {{ met -> 4  otherwise -> 1 }}
        }}
        另 full "≥1件" points 2 values whole 0 .. 2 by {{ {word} <= {limit} -> 2  met -> 1  otherwise -> 0 }}
        人均 = 甲 / (人口 / 1人) unit 件 values 0 .. 4
        户均 = (甲 - 乙) / (户数 / 3户) unit 件 values -9 .. 12
        加 bonus -1 .. 3 {{ 名次 = {place} by {{ = 1 -> 3  = 2 -> 1.5  otherwise -> -1 }} lower
          看情况 = {{ 另 > 1件 -> {other}  otherwise -> {draw(st.sampled_from(["1", other]))} }} by {{ = 1 -> 0.5  otherwise -> 0 }} lower }}
        ceiling 甲 = 0件 -> 9
        ceiling {ceiling[0]} <= {ceiling[1]} -> 良
        {awards}"""


def maybe(name: str, unit: str, most: int, least: int = 0):
    given_value = st.integers(least, most).map(lambda n: (name, f"{n}{unit}"))
    return st.one_of(given_value, given_value, given_value, st.none(), st.just((name, "不适用")) if name in "甲乙" else st.none())


objects = st.tuples(
    st.sampled_from([("类别", "甲类"), ("类别", "甲类"), ("类别", "乙类"), None]), st.sampled_from([("参加", "是"), ("参加", "是"), ("参加", "否"), None]),
    maybe("甲", "件", 4), maybe("乙", "件", 2), maybe("人口", "人", 4, 1), maybe("户数", "户", 3, 1), maybe("另", "件", 2),
).map(lambda found: [x for x in found if x is not None])  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(texts(), st.lists(objects, min_size=1, max_size=7), st.lists(st.integers(1, 6), max_size=2))
def test_any_rules_with_comparisons_score_as_in_the_exact_engine(text: str, crowd: list, cuts: list[int]) -> None:
    assert_together(plan_of(text), crowd, cuts)
