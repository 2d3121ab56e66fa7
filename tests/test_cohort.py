"""Objects scored together: places against a naive count over everything that open values may still become."""

import itertools
import json
import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import NamedTuple

import hypothesis.strategies as st
import jsonschema
import pytest
from attrs import evolve
from click.testing import CliRunner, Result
from hypothesis import given, settings
from scoring import codes, compiled, inside, plan_of, rows
from test_prove_laws import decided

from perfdsl import core as c
from perfdsl import plan_json
from perfdsl.cli.main import perfdsl
from perfdsl.cohort import Member, Scored, evaluate_together
from perfdsl.evaluate import evaluate
from perfdsl.many import NOT_APPLICABLE, Given, many
from perfdsl.observe import observe
from perfdsl.plan import Plan
from perfdsl.prove.contract import decide
from perfdsl.prove.survey import Problem
from perfdsl.quantity import format_number
from perfdsl.replay import run
from perfdsl.reports import Style, members
from perfdsl.resources import data_dir
from perfdsl.scorecard import Scorecard

F = Fraction
MOST = 3
ORDERS = ("", ", low_first")
TIES = ("", ", ties_dense", ", ties_last")
CLASSES = ("", ", 类别")


class Thing(NamedTuple):
    """One object as a test draws it: a number, None for missing; ``part`` False is 不适用, None is not known yet."""

    value: int | None
    group: str | None
    part: bool | None = True


def words() -> Iterator[tuple[str, str, str, str]]:
    """(word as the rules have it, function, class, options)."""
    for group, order in itertools.product(CLASSES, ORDERS):
        for ties in TIES:
            yield f"rank(报道{group}{order}{ties})", "rank", group, order + ties
        yield f"rank_share(报道{group}{order})", "rank_share", group, order
        yield f"best(报道{group}{order})", "best", group, order
        yield f"worst(报道{group}{order})", "worst", group, order
    for group in CLASSES:
        yield f"size(报道{group})", "size", group, ""


@cache
def plan() -> Plan:
    awards = "\n".join(
        f"award 项{i} when {word} >= {'50%' if what == 'rank_share' else '1篇' if what in ('best', 'worst') else '1'}"
        for i, (word, what, _, _) in enumerate(words())
    )
    return plan_of(f"""not_applicable rescale
        input 类别 values "甲", "乙"
        input 参加 values "是", "否"
        报道 full "≥0篇" values whole 0 .. {MOST} applies 参加 = "是"
        {awards}""")


def together(plan: Plan, things: Sequence[Sequence[tuple[str, str]]], names: Sequence[str] = ()) -> list[Scored]:
    crowd = []
    for i, given_rows in enumerate(things):
        observed, found = observe(plan, rows(given_rows), "full")
        assert not found
        crowd.append(Member(evolve(plan, object=names[i] if names else f"对象{i}"), observed))
    return evaluate_together(crowd)


def as_rows(thing: Thing) -> list[tuple[str, str]]:
    made = [] if thing.group is None else [("类别", thing.group)]
    made += [] if thing.part is None else [("参加", "是" if thing.part else "否")]
    return made + ([("报道", f"{thing.value}篇")] if thing.value is not None and thing.part is not False else [])


things = st.builds(
    Thing,
    st.one_of(st.integers(0, MOST), st.none()),
    st.sampled_from(["甲", "甲", "甲", "乙", "乙", None]),
    st.sampled_from([True, True, True, True, False, None]),
)
whole = st.builds(Thing, st.integers(0, MOST), st.sampled_from(["甲", "乙"]), st.just(True))
crowds = st.one_of(st.lists(whole, min_size=2, max_size=8), st.lists(things, min_size=2, max_size=5))


# ---- the oracle: sort, count, and try everything that is open


class Known(NamedTuple):
    value: int
    group: str
    part: bool


def completions(crowd: Sequence[Thing]) -> Iterator[list[Known]]:
    """Every crowd an unfinished one may become."""
    choices = []
    for thing in crowd:
        values = range(MOST + 1) if thing.value is None else [thing.value]
        groups = ["甲", "乙"] if thing.group is None else [thing.group]
        parts = [True, False] if thing.part is None else [thing.part]
        choices.append([Known(*x) for x in itertools.product(values, groups, parts)])
    return (list(x) for x in itertools.product(*choices))


def naive(crowd: Sequence[Known], i: int, what: str, group: str, options: str) -> Fraction | None:
    """What a clerk would write down for one object of a finished crowd."""
    me = crowd[i]
    peers = [x.value for x in crowd if x.part and (not group or x.group == me.group)]
    if what == "size":
        return F(len(peers)) if me.part else None
    if not me.part:
        return None
    line = sorted(peers, reverse="low_first" not in options)
    if what in ("best", "worst"):
        return F(line[0] if what == "best" else line[-1])
    first = line.index(me.value) + 1
    if "ties_dense" in options:
        first = len(set(line[: first - 1])) + 1
    if "ties_last" in options:
        first = len(line) - line[::-1].index(me.value)
    return F(first, len(peers)) if what == "rank_share" else F(first)


def standing(card: Scorecard, word: str) -> Fraction | None:
    return next(x.value for x in card.standings if x.word == word)


@settings(max_examples=150)
@given(crowds)
def test_every_place_is_what_counting_says_and_open_only_where_it_is_open(crowd: list[Thing]) -> None:
    cards = [x.card for x in together(plan(), [as_rows(x) for x in crowd])]
    finished = list(itertools.islice(completions(crowd), 3000))
    for word, what, group, options in words():
        for i, (thing, card) in enumerate(zip(crowd, cards, strict=True)):
            found = standing(card, word)
            possible = {naive(x, i, what, group, options) for x in finished}
            unknown_self = thing.value is None or thing.part is None or (group and thing.group is None)
            if found is not None:
                assert possible == {found}, (word, thing)
            elif not unknown_self and "ties_dense" not in options and what != "rank_share" and len(finished) < 3000:
                assert len(possible) > 1 or possible == {None}, (word, thing)


@given(crowds, st.randoms(use_true_random=False))
def test_the_order_of_the_objects_changes_nothing(crowd: list[Thing], chance: random.Random) -> None:
    names = [f"对象{i}" for i in range(len(crowd))]
    before = together(plan(), [as_rows(x) for x in crowd], names)
    order = list(range(len(crowd)))
    chance.shuffle(order)
    after = together(plan(), [as_rows(crowd[i]) for i in order], [names[i] for i in order])
    assert [after[order.index(i)].card for i in range(len(crowd))] == [x.card for x in before]
    said = [sorted((d.code, d.message()) for d in x.found) for x in before]
    assert [sorted((d.code, d.message()) for d in after[order.index(i)].found) for i in range(len(crowd))] == said


@given(crowds, st.integers(0, MOST))
def test_an_object_of_another_class_changes_nothing_inside_a_class(crowd: list[Thing], value: int) -> None:
    before = together(plan(), [as_rows(x) for x in crowd])
    after = together(plan(), [*map(as_rows, crowd), [("类别", "乙"), ("参加", "是"), ("报道", f"{value}篇")]])
    for word, _, group, _ in words():
        for thing, old, new in zip(crowd, before, after, strict=False):
            if group and thing.group == "甲":
                assert standing(old.card, word) == standing(new.card, word)


@given(crowds)
def test_one_that_takes_no_part_changes_nothing_for_the_others(crowd: list[Thing]) -> None:
    before = together(plan(), [as_rows(x) for x in crowd])
    after = together(plan(), [*map(as_rows, crowd), as_rows(Thing(None, "甲", False))])
    assert [x.card.standings for x in before] == [x.card.standings for x in after[:-1]]
    assert {x.outside for x in after[-1].card.standings} == {True}


# ---- whole cards: plan JSON, many objects at once

RULES = """total 20 up to 24
    not_applicable rescale
    input 类别 values "甲", "乙"
    基本 points 20 {
      报道 full "≥2篇" points 8 values whole 0 .. 9 by { completion >= 100% -> 100%  otherwise -> completion }
      名次 = rank(报道, 类别) points 6 by { = 1 -> 6  = 2 -> 4  otherwise -> max(0, 4 - (actual - 2)) }
      投诉率 full "≤5%" values 0% .. 100% points 6 by { rank(投诉率, low_first, ties_last) <= 2 -> 6  met -> 4  otherwise -> 0 }
    }
    加分 bonus 0 .. 4 {
      报道占比 = { best(报道) > 0篇 -> 报道 / best(报道)  otherwise -> 0 } unit "%" values 0% .. 100% by { otherwise -> 3 * (actual / 100%) }
      名次加分 = rank(score(基本), 类别) by { size(类别) < 3 -> 0  = 1 -> 1  otherwise -> 0 }
    }
    ceiling 报道 = 0 -> 12
    ceiling rank(总分, low_first) = 1 and size() >= 3 -> 良
    award 红榜 when rank(总分, 类别) <= 2
    award 便民杯 when rank_share(总分, 类别) <= 35% or (rank_share(总分, 类别) <= 50% and lost(基本) = 0)"""
numbers = st.one_of(st.none(), st.integers(0, 4), st.integers(0, 4), st.integers(0, 4), st.just("不适用"))
rates = st.one_of(st.none(), st.sampled_from([0, 1, 5, 6, 100]), st.sampled_from([0, 1, 5, 6, 100]))
units = st.lists(st.tuples(numbers, rates, st.sampled_from(["甲", "甲", "乙", None])), min_size=1, max_size=7)
Unit = tuple[int | str | None, int | None, str | None]


def unit_rows(unit: Unit) -> list[tuple[str, str]]:
    named = zip(("报道", "投诉率", "类别"), (unit[0], None if unit[1] is None else f"{unit[1]}%", unit[2]), strict=True)
    return [(name, str(value)) for name, value in named if value is not None]


@cache
def rules() -> Plan:
    return plan_of(RULES)


@settings(max_examples=60)
@given(units)
def test_a_plan_read_back_from_json_scores_alike(crowd: list[Unit]) -> None:
    (again,) = plan_json.loads(plan_json.dumps([rules()]))
    assert again == rules()
    assert [x.card for x in together(again, [unit_rows(x) for x in crowd])] == [
        x.card for x in together(rules(), [unit_rows(x) for x in crowd])
    ]


@settings(max_examples=60)
@given(units)
def test_many_at_once_have_the_places_of_the_engine(crowd: list[Unit]) -> None:
    scorer = many(rules())
    assert (
        scorer.exact_fallback == ("(places among the objects scored together)",)
        or "(ceilings)" in scorer.exact_fallback
    )

    def columns(unit: Unit) -> list[Given]:
        known: dict[str, Given] = {"input:类别": unit[2]}
        known["value:基本/报道"] = NOT_APPLICABLE if unit[0] == "不适用" else None if unit[0] is None else F(unit[0])
        known["value:基本/投诉率"] = None if unit[1] is None else F(unit[1], 100)
        return [known.get(name) for name in scorer.names]

    cards = [x.card for x in together(rules(), [unit_rows(x) for x in crowd])]
    lines = list(scorer.rows([columns(x) for x in crowd]))
    assert [x.total for x in lines] == [None if c.total is None else c.total * scorer.units for c in cards]
    assert [x.scores for x in lines] == [
        tuple(None if row.score is None else row.score * scorer.units for row in c.indicators) for c in cards
    ]
    assert [(x.low, x.high) for x in lines] == [(c.low * scorer.units, c.high * scorer.units) for c in cards]


def test_more_objects_than_one_batch_are_one_cohort() -> None:
    scorer = many(plan_of('甲 full "≥0件"\n乙 = rank(甲) points 9 by { = 1 -> 9  otherwise -> 0 }'))
    at = scorer.names.index("value:甲")
    lines = list(scorer.rows([F(i) if n == at else None for n in range(len(scorer.names))] for i in range(5000)))
    assert [i for i, x in enumerate(lines) if x.total] == [4999]


@settings(max_examples=60)
@given(units)
def test_an_open_card_encloses_every_finished_one(crowd: list[Unit]) -> None:
    """What is given later never leads outside the range printed before."""
    before = [x.card for x in together(rules(), [unit_rows(x) for x in crowd])]
    for fill in ((0, 0), (2, 5), (4, 100), (9, 1)):
        full: list[Unit] = [(fill[0] if n is None else n, fill[1] if r is None else r, g) for n, r, g in crowd]
        for old, new in zip(before, together(rules(), [unit_rows(x) for x in full]), strict=True):
            assert old.low <= new.card.low and new.card.high <= old.high
            if old.total is not None:
                assert new.card.total == old.total
            decided = {x.name: x.decided for x in new.card.awards}
            assert all(x.decided in (None, decided[x.name]) for x in old.awards)


# ---- single cases


def scores(text: str, given_rows: dict[str, list[tuple[str, str]]]) -> dict[str, Scored]:
    found = together(plan_of(text), list(given_rows.values()), list(given_rows))
    return {x.card.object: x for x in found}


def row(scored: Scored, name: str) -> Fraction | None:
    return next(x.score for x in scored.card.indicators if x.path[-1] == name)


def test_the_reason_says_the_place() -> None:
    text = """input 类别 values "县区", "部门"
        报道数 full "≥0篇"
        名次 = rank(报道数, 类别) points 3 by { = 1 -> 3  = 2 -> 1.5  otherwise -> 0 }"""
    made = scores(
        text, {n: [("类别", "县区"), ("报道数", v)] for n, v in (("甲", "40篇"), ("乙", "37篇"), ("丙", "37篇"))}
    )
    (_, reason) = (x.reason_zh for x in made["乙"].card.indicators)
    assert reason == "报道数 37篇，同类3家中第2名（并列） → 第2档 1.5分"
    assert [x.reason_en for x in made["甲"].card.indicators][1] == "报道数 40篇: number 1 of 3 of its class → case 1: 3"


def test_a_total_that_can_no_longer_catch_up_does_not_hold_up_the_others() -> None:
    text = """甲 full "≥10件" points 60 by { met -> 60  otherwise -> 0 }
        乙 full "≥10件" points 40 by { met -> 40  otherwise -> 0 }
        award 第一 when rank(总分) = 1
        award 前二 when rank(总分) <= 2"""
    made = scores(
        text, {"一": [("甲", "10件"), ("乙", "10件")], "二": [("甲", "10件"), ("乙", "1件")], "三": [("甲", "1件")]}
    )
    decided = {name: [x.decided for x in scored.card.awards] for name, scored in made.items()}
    assert decided == {"一": [True, True], "二": [False, True], "三": [None, None]}
    made = scores(
        text, {"一": [("甲", "10件")], "二": [("甲", "10件"), ("乙", "1件")], "三": [("甲", "1件"), ("乙", "1件")]}
    )
    assert [x.decided for x in made["二"].card.awards] == [None, None]
    assert made["三"].card.standings[0].value == 3
    assert {d.code for d in made["二"].found} == {"E122"}


def test_a_veto_sinks_the_place() -> None:
    text = """甲 full "≥10件" points 100 by { completion >= 100% -> 100%  otherwise -> completion }
        违纪 full "=0件" exact
        ceiling 违纪 > 0件 -> 59
        award 第一 when rank(总分) = 1"""
    made = scores(text, {"一": [("甲", "10件"), ("违纪", "1件")], "二": [("甲", "8件"), ("违纪", "0件")]})
    assert [x.card.awards[0].decided for x in made.values()] == [False, True]


def test_an_object_scored_alone_has_no_place() -> None:
    text = """甲 full "≥0件"
        名次 = rank(甲) points 10 by { = 1 -> 10  otherwise -> 0 }
        award 第一 when rank(甲) = 1"""
    observed, _ = observe(plan_of(text), rows([("甲", "5件")]), "full")
    for card, found in (
        evaluate(plan_of(text), observed),
        *(x[:2] for x in evaluate_together([Member(plan_of(text), observed)])),
    ):
        assert (card.complete, card.total, card.low, card.high) == (False, None, 0, 10)
        assert card.awards[0].decided is None
        assert [d.code for d in found] == ["E120"]


def test_rules_may_say_what_holds_for_one_alone() -> None:
    text = """甲 full "≥0件"
        名次 = { size() >= 2 -> rank(甲)  otherwise -> 3 } points 10 by { = 1 -> 10  otherwise -> 4 }"""
    observed, _ = observe(plan_of(text), rows([("甲", "5件")]), "full")
    card, found = evaluate(plan_of(text), observed)
    assert card.total == 4
    assert [d.code for d in found] == ["E120"]


def test_a_class_of_one_is_said() -> None:
    text = """input 类别 values "县区", "部门"
        甲 full "≥0件"
        名次 = rank(甲, 类别) points 10 by { = 1 -> 10  otherwise -> 4 }"""
    made = scores(text, {"一": [("甲", "1件"), ("类别", "县区")], "二": [("甲", "2件"), ("类别", "部门")]})
    assert [x.card.total for x in made.values()] == [10, 10]
    assert [[d.code for d in x.found] for x in made.values()] == [["E121"], ["E121"]]


@pytest.mark.parametrize("policy, expected", [("rescale", 10), ("zero", 4), ("full", 10)])
def test_the_row_of_a_place_does_not_apply_where_the_compared_row_does_not(policy: str, expected: int) -> None:
    """Points of the row with the compared value, 4, and of the row of the place, 6."""
    text = f"""not_applicable {policy}
        组 points 10 {{
          乙 full "≥1件" points 4 by {{ met -> 4  otherwise -> 0 }}
          名次 = rank(甲) points 6 by {{ = 1 -> 6  otherwise -> 3 }}
        }}
        甲 full "≥0件" """
    made = scores(text, {"一": [("乙", "1件"), ("甲", "不适用")], "二": [("乙", "1件"), ("甲", "3件")]})
    assert (made["一"].card.total, made["二"].card.total) == (expected, 10)


@pytest.mark.parametrize("policy", ["rescale", "zero", "full"])
@pytest.mark.parametrize("word", ["总分", "score(组)", "score(甲)", "lost(组), low_first", "甲"])
def test_what_does_not_apply_leaves_the_comparison_whatever_its_points_become(policy: str, word: str) -> None:
    subject, _, order = word.partition(", ")
    text = f"""not_applicable {policy}
        组 points 10 {{ 甲 full "≥10件" points 10 by {{ completion >= 100% -> 100%  otherwise -> completion }} }}
        award 第一 when rank({subject}{", " + order if order else ""}) = 1
        award 有两家 when size({subject}) = 2"""
    made = scores(text, {"一": [("甲", "不适用")], "二": [("甲", "5件")], "三": [("甲", "4件")]})
    decided = {name: [x.decided for x in scored.card.awards] for name, scored in made.items()}
    assert decided == {"一": [None, None], "二": [True, True], "三": [False, True]}
    assert [x.outside for x in made["一"].card.standings] == [True, True]


@pytest.mark.parametrize("beside", ["first", "last"])
def test_a_comparison_a_formula_does_not_ask_for_says_nothing_of_its_row(beside: str) -> None:
    """一 takes no part in comparing 甲; which way 名次 goes is open while 乙 is, whatever other rows have asked."""
    other = "另 = rank(甲) points 2 by { = 1 -> 2  otherwise -> 1 }"
    own = "名次 = { 乙 > 1件 -> rank(甲)  otherwise -> 3 } values 0 .. 9 points 6 by { = 1 -> 6  otherwise -> 3 } lower"
    text = f"""not_applicable rescale
        甲 full "≥1件"
        乙 full "≥1件"
        组 points 8 {{
          {other if beside == "first" else ""}
          {own}
          {other if beside == "last" else ""}
        }}"""
    for given_rows, status in (([], "missing"), ([("乙", "1件")], "unjudged"), ([("乙", "2件")], "not applicable")):
        made = scores(text, {"一": [("甲", "不适用"), *given_rows], "二": [("甲", "3件"), ("乙", "2件")]})
        assert next(x.status for x in made["一"].card.indicators if x.path[-1] == "名次") == status


def test_a_group_that_may_not_apply_is_not_counted_on() -> None:
    text = """not_applicable rescale
        input 有车 values "是", "否"
        组 points 10 applies 有车 = "是" { 甲 full "≥10件" points 10 by { completion >= 100% -> 100%  otherwise -> completion } }
        award 第一 when rank(score(组)) = 1
        award 前半 when rank_share(score(组)) <= 50%"""
    rest = {"二": [("有车", "是"), ("甲", "5件")], "三": [("有车", "是"), ("甲", "4件")]}
    for first, wanted in (([], [None, None]), ([("甲", "3件")], [None, None]), ([("有车", "否")], [True, True])):
        made = scores(text, {"一": first, **rest})
        assert [x.decided for x in made["二"].card.awards] == wanted


def test_selection_by_share_or_by_share_without_loss() -> None:
    """35% of 20 is place 7; place 10 is 50%."""
    text = """input 类别 values "县区"
        甲 full "≥20件" points 20 by { completion >= 100% -> 100%  otherwise -> completion }
        督办 full "=0件" exact points 1 by { met -> 1  otherwise -> 0 }
        award 便民杯 when rank_share(总分, 类别) <= 35% or (rank_share(总分, 类别) <= 50% and lost(督办) = 0)"""
    given_rows = {
        f"{n:02}": [("类别", "县区"), ("甲", f"{20 - n}件"), ("督办", "0件" if n in (9, 10) else "1件")]
        for n in range(20)
    }
    made = scores(text, given_rows)
    assert sorted(name for name, x in made.items() if x.card.awards[0].decided) == [f"{n:02}" for n in (*range(7), 9)]


@pytest.mark.parametrize(
    "text",
    [
        "名次 = rank(总分) points 3 by { = 1 -> 3  otherwise -> 0 }",
        "组 points 3 { 名次 = rank(score(组)) points 3 by { = 1 -> 3  otherwise -> 0 } }",
        "甲 full \"≥1件\" points 3 by { rank(score(甲)) = 1 -> 3  otherwise -> 0 }",
        "甲 full \"≥1件\" points 3 by { met -> 3  otherwise -> 0 }\nceiling rank(总分) > 5 -> 1",
        "甲 = rank(乙)\n乙 = rank(甲)",
        "not_applicable rescale\n甲 full \"≥1件\" points 3 by { met -> 3  otherwise -> 0 } applies rank(甲) <= 3",
        "not_applicable rescale\n组 points 3 applies rank(甲) <= 3 { 甲 full \"≥1件\" points 3 by { met -> 3  otherwise -> 0 } }",
        "加 bonus 0 .. 3 { 名次 = best(总分) by { >= 1 -> 3  otherwise -> 0 } }\n甲 full \"≥1件\" points 3 by { met -> 3  otherwise -> 0 }",
    ],
)  # fmt: skip
def test_a_place_that_feeds_what_it_is_made_from_is_an_error(text: str) -> None:
    assert "R290" in codes(text)


def test_the_circle_is_named() -> None:
    found = compiled(inside("组 points 3 { 名次 = rank(总分) points 3 by { = 1 -> 3  otherwise -> 0 } }")).found
    (circle,) = [d for d in found if d.code == "R290"]
    assert "rank(总分) → 总分" in circle.message() or "总分 → " in circle.message()
    assert "名次" in circle.message()


@pytest.mark.parametrize(
    "text",
    [
        "甲 full \"≥1件\" points 3 by { met -> 3  otherwise -> 0 }\nceiling rank(总分) > 5 -> 良",
        "组 points 3 { 甲 full \"≥1件\" points 3 by { met -> 3  otherwise -> 0 } }\n加 bonus 0 .. 1 { 名次 = rank(score(组)) by { = 1 -> 1  otherwise -> 0 } }",
    ],
)  # fmt: skip
def test_a_place_outside_what_it_is_made_from_is_not(text: str) -> None:
    assert not {c for c in codes(text) if c.startswith("R")}


@pytest.mark.parametrize(
    "clause, wrong",
    [
        ("full \"≤5件\"", True), ("full \"<5件\"", True), ("full \"=0件\"", True), ("full \"5件\" lower", True),
        ("full \"5件\" exact", True), ("full \"3-5件\"", True), ("full \"≥5件\"", False), ("full \"5件\"", False),
        ("full \"≤5件\" higher", False), ("unit 件 values 0 ..", False),
    ],
)  # fmt: skip
def test_the_order_is_said_where_less_is_better(clause: str, wrong: bool) -> None:
    for word in ("rank", "rank_share", "best", "worst"):
        limit = "50%" if word == "rank_share" else "1" if word == "rank" else "1件"
        assert ("R286" in codes(f"甲 {clause}\naward 乙 when {word}(甲) <= {limit}")) is wrong
        assert "R286" not in codes(f"甲 {clause}\naward 乙 when {word}(甲, low_first) <= {limit}")
    assert "R286" not in codes(f"甲 {clause}\naward 乙 when size(甲) >= 2")
    assert "R286" in codes('甲 full "≥5件" points 1 by { met -> 1  otherwise -> 0 }\naward 乙 when rank(lost(甲)) = 1')


def test_objects_of_one_file_are_compared_where_both_have_the_row() -> None:
    text = "\n".join(
        f'project "{name}" {{\n甲 full "≥10件" points 10 by {{ completion >= 100% -> 100%  otherwise -> completion }}\n{more}\n'
        f"award 第一 when rank(总分) = 1 }}"
        for name, more in (("一", ""), ("二", '乙 full "≥1件"'))
    )
    checked = compiled(text)
    crowd = []
    for each, value in zip(checked.plans(), ("8件", "9件"), strict=True):
        observed, _ = observe(each, rows([("甲", value)]), "full")
        crowd.append(Member(each, observed))
    assert [x.card.awards[0].decided for x in evaluate_together(crowd)] == [False, True]


@settings(max_examples=40)
@given(units)
def test_the_report_says_the_places_and_fits_its_schema(crowd: list[Unit]) -> None:
    scored = together(rules(), [unit_rows(x) for x in crowd])
    cards, found = [x.card for x in scored], [d for x in scored for d in x.found]
    made = {r.NAME: r.render(cards, found, Style()) for r in members()}
    printed = json.loads(made["json"])
    schema = json.loads((data_dir("docs") / "report.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(printed)
    for each, card in zip(printed if len(cards) > 1 else [printed], cards, strict=True):
        assert [(x["word"], x["value"]) for x in each["standings"]] == [
            (x.word, None if x.value is None else format_number(x.value)) for x in card.standings
        ]
        assert [x["decided"] for x in each["awards"]] == [x.decided for x in card.awards]
    given_to = [c.object for c in cards if c.awards[0].decided]
    if len(cards) > 1:
        assert f"- 红榜：{'、'.join(given_to) or '没有'}" in made["terminal"].decode()


def passing(body: str) -> list[bool]:
    checked = compiled(f'project "P" {{ {body} }}')
    assert checked.usable, [(d.code, d.message()) for d in checked.found]
    return [run(test, checked.model, lambda *_: ((), [])).passed for test in checked.model.tests]


BODY = '甲 full "≥0件"\n名次 = rank(甲) points 3 by { = 1 -> 3  otherwise -> 1 }\naward 第一 when rank(甲) = 1\n'


@pytest.mark.parametrize(
    "expected, passes",
    [
        ("expect 名次 score 3, 对象 一", True), ("expect 名次 score 3, 对象 二", False), ("expect total 1, object 二", True),
        ("expect 第一 award yes, 对象 一", True), ("expect 第一 award 否, 对象 二", True), ("expect 第一 award no, 对象 一", False),
        ("expect 名次 score 3", False), ("expect 名次 score 3, 对象 三", False), ("expect 第二 award yes, 对象 一", False),
        ("expect 第一 award maybe, 对象 一", False),
    ],
)  # fmt: skip
def test_a_test_may_have_several_objects(expected: str, passes: bool) -> None:
    given_rows = "given 甲 5件, 对象 一\ngiven 甲 4件, 对象 二\n"
    assert passing(f'{BODY} test "t" {{ {given_rows} {expected} }}') == [passes]


def test_a_failed_expectation_says_which_object_it_is_about() -> None:
    body = f"""{BODY} test "t" {{ given 甲 5件, 对象 一
        given 甲 4件, 对象 二
        expect 名次 score 3, 对象 二
        expect 名次 score 3 }}"""
    checked = compiled(f'project "P" {{ {body} }}')
    (outcome,) = [run(test, checked.model, lambda *_: ((), [])) for test in checked.model.tests]
    assert [(x.what, x.expected, x.got) for x in outcome.mismatches] == [("名次（二）", "3", "1"), ("score", "3", "—")]
    assert "一、二" in outcome.mismatches[1].reason_zh


def test_a_test_of_one_object_is_as_before() -> None:
    assert passing(f'{BODY} test "t" {{ given 甲 5件\nexpect 名次 score 1 .. 3\nexpect 第一 award missing }}') == [True]


# ---- the proofs


@pytest.mark.parametrize(
    "by, wrong",
    [
        ("{ otherwise -> max(0, 3 - 0.5 * (rank(甲) - 1)) }", set()),  # never above 3: a place is at least 1
        ("{ otherwise -> 3 - 0.5 * rank(甲) }", {"V102"}),  # the seventh of seven
        ("{ size() >= 1 -> 3  otherwise -> 99 }", {"V105"}),
        ("{ rank_share(甲) <= 100% -> 3  otherwise -> 0 }", {"V105"}),
        ("{ size(甲) <= 5 -> 3  size(甲) > 5 and size(甲) <= 9 -> 1  size(甲) > 9 -> 0 }", set()),
        ("{ size(甲) < 5 -> 3  size(甲) > 5 -> 0 }", {"V101"}),
        ("{ rank(甲) = 1 -> 4  otherwise -> 0 }", {"V102"}),
    ],
)
def test_places_are_proved_with_what_is_known_of_them(by: str, wrong: set[str]) -> None:
    found = codes(f'甲 full "≥0件"\n乙 full "≥0件" points 3 by {by}')
    assert {c for c in found if c in ("V101", "V102", "V105")} == wrong


R, S, SHARE = c.Ref("rank:甲"), c.Ref("size:甲"), c.Ref("rank_share:甲")
edges = st.one_of(st.integers(0, 6), st.sampled_from([F(1, 2), F(5, 2)])).map(lambda n: c.Const(F(n)))
shares = st.sampled_from([F(0), F(1, 4), F(1, 3), F(1, 2), F(1), F(2)]).map(c.Const)
operators = st.sampled_from(["=", "!=", "<", ">", "<=", ">="])
limits = st.one_of(
    st.builds(c.Compare, operators, st.sampled_from([R, S]), edges), st.builds(c.Compare, operators, st.just(SHARE), shares)
)  # fmt: skip
conditions = st.one_of(
    limits, st.just(c.TRUE), st.builds(c.And, st.tuples(limits, limits)), st.builds(c.Or, st.tuples(limits, limits)), st.builds(c.Not, limits)
)  # fmt: skip
given_awards = st.one_of(
    st.integers(-1, 4).map(lambda n: c.Const(F(n))),
    st.builds(lambda a, b: c.Add((c.Const(F(a)), c.Mul((c.Const(F(b)), R)))), st.integers(0, 5), st.integers(-1, 1)),
)


@settings(max_examples=300)
@given(st.lists(st.tuples(conditions, given_awards, st.none()), min_size=1, max_size=3))
def test_what_is_proved_of_places_holds_for_every_place(cases: list[tuple[c.Expr, c.Expr, None]]) -> None:
    """Against all places among up to 9 objects, every number of them, and shares around every limit."""
    problem = Problem(cases=tuple(cases), judge=None, domain=c.Domain(F(0), F(0)), low=F(0), high=F(3), points=F(3))
    answer = decide(problem)
    refuted, doubted = {v.code for v in answer.verdicts}, {d.code for d in answer.doubts}
    found: set[str] = set()
    for rank, size, share in itertools.product(
        range(1, 10), range(1, 10), (F(1, 9), F(1, 4), F(2, 7), F(1, 3), F(2, 5), F(1, 2), F(1))
    ):
        env = {"actual": F(0), R.name: F(rank), S.name: F(size), SHARE.name: share}
        made = decided(problem, env)
        found |= {"V101"} if made == "hole" else set()
        found |= {"V102"} if not isinstance(made, str) and not 0 <= made[1] <= 3 else set()
    for code in ("V101", "V102"):
        assert code not in found or code in refuted | doubted, code
        assert code not in refuted or code in found, code
    if not any(c.references(award) for _, award, _ in cases):  # only limits count, so that nothing is left open
        assert not doubted & {"V101", "V102"}


# ---- the command


def test_the_command_scores_rules_and_plan_alike_and_one_object_beside_the_others(tmp_path: Path) -> None:
    rules_file, data, compiled_file = tmp_path / "r.perf", tmp_path / "d.csv", tmp_path / "p.json"
    rules_file.write_text(f'project "P" {{ {BODY} }}', encoding="utf-8")
    data.write_text("对象,甲\n一,5\n二,4\n三,4\n", encoding="utf-8")

    def perform(*words: str) -> Result:
        return CliRunner().invoke(perfdsl, list(words), prog_name="perfdsl")

    assert perform("compile", str(rules_file), "-o", str(compiled_file)).exit_code == 0
    made = [
        json.loads(perform("score", str(each), "--actuals", str(data), "--format", "json").stdout)
        for each in (rules_file, compiled_file)
    ]
    for cards in made:
        for card in cards:
            del card["findings"], card["provenance"]
    assert made[0] == made[1]
    assert [card["total"] for card in made[0]] == ["3", "1", "1"]
    alone = perform("score", str(rules_file), "--actuals", str(data), "--object", "二", "--format", "json")
    card = json.loads(alone.stdout)
    assert (card["object"], card["total"], card["standings"][0]["value"]) == ("二", "1", "2")
    assert not [d for d in card["findings"] if d["code"] == "E120"]
    assert perform("score", str(rules_file), "--actuals", str(data), "--object", "四").exit_code == 2
