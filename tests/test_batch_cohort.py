"""Objects compared with each other, scored as columns: every cell is what the exact engine says of them together."""

import json
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise, repeat

import hypothesis.strategies as st
import pyarrow as pa
from attrs import evolve
from hypothesis import given, settings
from scoring import plan_of, rows
from test_cohort import Thing, Unit, as_rows, crowds, plan, rules, unit_rows, units
from test_integers import batched, told

from perfdsl.batch import Job
from perfdsl.batch.lists import Lists, as_json, from_kept, kept, lists
from perfdsl.batch.lists import told as told_lists
from perfdsl.batch.passes import scored_together
from perfdsl.batch.together import Together, in_passes
from perfdsl.cohort import Member, evaluate_together
from perfdsl.engines import embedded
from perfdsl.gridded import gridded
from perfdsl.observe import observe
from perfdsl.plan import Plan

F = Fraction


def assert_together(
    plan: Plan, crowd: Sequence[Sequence[tuple]], cuts: Sequence[int] = (), period: str = "full"
) -> None:
    """All objects by the exact engine, and as a table in parts that begin at ``cuts``."""
    seen = [observe(plan, rows(x), period)[0] for x in crowd]
    cards = [
        x.card
        for x in evaluate_together([Member(evolve(plan, object=f"对象{i}"), x) for i, x in enumerate(seen)], period)
    ]
    ends = [0, *sorted({x for x in cuts if 0 < x < len(seen)}), len(seen)]
    parts = [gridded(plan, seen[a:b], period) for a, b in pairwise(ends)]
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
    awards = "\n".join(
        f"award 项{i} when {x} {draw(st.sampled_from(['<=', '>', '=']))} {y}" for i, (x, y) in enumerate(over)
    )
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
    return st.one_of(
        given_value, given_value, given_value, st.none(), st.just((name, "不适用")) if name in "甲乙" else st.none()
    )


objects = st.tuples(
    st.sampled_from([("类别", "甲类"), ("类别", "甲类"), ("类别", "乙类"), None]), st.sampled_from([("参加", "是"), ("参加", "是"), ("参加", "否"), None]),
    maybe("甲", "件", 4), maybe("乙", "件", 2), maybe("人口", "人", 4, 1), maybe("户数", "户", 3, 1), maybe("另", "件", 2),
).map(lambda found: [x for x in found if x is not None])  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(texts(), st.lists(objects, min_size=1, max_size=7), st.lists(st.integers(1, 6), max_size=2))
def test_any_rules_with_comparisons_score_as_in_the_exact_engine(text: str, crowd: list, cuts: list[int]) -> None:
    assert_together(plan_of(text), crowd, cuts)


# ---- tables


def wide(crowd: Sequence[Unit], first: int = 0) -> pa.Table:
    return pa.table({
        "对象": [f"对象{first + i}" for i in range(len(crowd))],
        "报道": pa.array([None if x[0] is None else str(x[0]) for x in crowd], pa.string()),
        "投诉率（%）": pa.array([x[1] for x in crowd], pa.int64()),
        "类别": pa.array([x[2] for x in crowd], pa.string()),
    })  # fmt: skip


def long(crowd: Sequence[Unit], first: int = 0) -> pa.Table:
    lines = [(f"对象{first + i}", *x) for i, unit in enumerate(crowd) for x in unit_rows(unit)]
    return pa.table(
        {head: pa.array([x[n] for x in lines], pa.string()) for n, head in enumerate(("对象", "指标", "实际值"))}
    )


@settings(max_examples=40, deadline=None)
@given(units, st.integers(1, 6), st.sampled_from([wide, long]), st.booleans())
def test_tables_in_pieces_score_as_the_objects_together(crowd: list[Unit], cut: int, form, again: bool) -> None:
    crowd = [
        x for x in crowd if form is wide or any(y is not None for y in x)
    ]  # a long table does not know of the others
    pieces = [form(x, i * cut) for i, x in enumerate((crowd[:cut], crowd[cut:])) if x]
    seen = [observe(rules(), rows(unit_rows(x)), "full")[0] for x in crowd]
    cards = [x.card for x in evaluate_together([Member(evolve(rules(), object=str(i)), x) for i, x in enumerate(seen)])]
    made = list(scored_together(Job(rules(), embedded), (lambda: iter(pieces)) if again else pieces))
    assert [name for x in made for name in x.part.objects] == [f"对象{i}" for i in range(len(crowd))]
    assert {x.reason for x in made} <= {""}
    found = [batched(x.scores, i) for x in made for i in range(x.scores.count)]
    assert found == [told(card, made[0].scores.units) for card in cards]
    if crowd:
        whole = Job(rules(), embedded).score(form(crowd))
        assert [batched(whole.scores, i) for i in range(len(crowd))] == found


def test_classes_nobody_listed_are_kept_apart_from_table_to_table() -> None:
    plan = plan_of('input 类别: text\n甲 full "≥2件"\naward 第一 when rank(甲, 类别) = 1\naward 同类 when 类别 = "丙"')
    pieces = [
        pa.table({"对象": ["一", "二"], "类别": ["乙", "丙"], "甲": [1, 2]}),
        pa.table({"对象": ["三", "四", "五"], "类别": ["丁", "乙", None], "甲": [3, 4, 5]}),
        pa.table({"类别": ["丁"], "对象": ["六"], "甲": [4]}),
    ]
    made = list(scored_together(Job(plan, embedded), pieces))
    assert [{1: True, 0: False, -1: None}[int(x)] for one in made for x in one.scores.awards["第一"]] == [
        None,
        None,
        None,
        None,
        None,
        None,
    ]
    pieces[1] = pieces[1].slice(0, 2)
    made = list(scored_together(Job(plan, embedded), pieces))
    assert [int(x) for one in made for x in one.scores.awards["第一"]] == [0, 1, 0, 1, 1]
    assert [int(x) for one in made for x in one.scores.awards["同类"]] == [0, 1, 0, 0, 0]
    assert {x.reason for x in made} == {""}


def test_what_whole_numbers_do_not_say_is_scored_by_the_exact_engine_all_at_once() -> None:
    plan = plan_of('甲 full "≥0件"\n评 points 5 by mean { rank(甲) = 1 -> 5  otherwise -> 2 }')
    pieces = [
        pa.table({"对象": ["一", "二"], "甲": ["1件", "3件"], "评": ["好", "好"]}),
        pa.table({"对象": ["三"], "甲": ["2件"], "评": ["好"]}),
    ]
    made = list(scored_together(Job(plan, embedded), pieces))
    assert [int(x) for one in made for x in one.scores.total.low] == [200, 500, 200]
    assert [x.reason for x in made] == ["the entries of 评 look at other cells"] * 2
    assert [list(x.places["rank:甲"].numbers) for x in made] == [[3, 1], [2]]


# ---- the first and the last of each class

TOTALS = plan_of('input 类别 values "县区", "部门"\n甲 full "≥9分" points 9 values whole 0 .. 9 by { completion >= 100% -> 100%  otherwise -> completion }')  # fmt: skip
ranked = st.lists(st.tuples(st.sampled_from(["县区", "部门", None]), st.one_of(st.none(), st.integers(0, 3))), max_size=12)


@settings(max_examples=150, deadline=None)
@given(ranked, st.integers(0, 3), st.integers(0, 3), st.sampled_from(["", "类别"]), st.lists(st.integers(1, 11), max_size=2), st.booleans())
def test_lists_are_what_sorting_all_of_them_gives(found: list, top: int, bottom: int, by: str, cuts: list[int], exact: bool) -> None:
    ends = [0, *sorted({x for x in cuts if x < len(found)}), len(found)]
    job, made, kept_lists = Job(TOTALS, embedded), Lists(), []
    for a, b in pairwise(ends):
        table = pa.table({
            "对象": [f"对象{i}" for i in range(a, b)], "类别": pa.array([x[0] for x in found[a:b]], pa.string()),
            "甲": pa.array([x[1] for x in found[a:b]], pa.int64()),
        })  # fmt: skip
        scored = job.one_by_one(job.shape(tuple(table.schema.names)), table, "") if exact else job.score(table)
        kept_lists.append(kept(lists(scored.part.objects, range(a, b), scored.part.grid, scored.scores, (top, bottom), by)))
    for one in reversed(kept_lists):  # the order in which parts are joined changes nothing
        made.add(from_kept(json.loads(json.dumps(one))))
    rolls = made.rolls(("县区", "部门"))
    wanted = []
    for group in ("县区", "部门") if by else ("",):
        inside = [(x[1], f"对象{i}") for i, x in enumerate(found) if not by or x[0] == group]
        known = [x for x in inside if x[0] is not None]
        for most, sign in ((top, -1), (bottom, 1)):
            if not most or not inside:
                continue
            line = sorted(known, key=lambda x: sign * x[0])
            listed = [(1 + sum(y[0] > x[0] for y in known), x[1], F(x[0])) for x in line[:most]]
            more = sum(x[0] == line[most - 1][0] for x in line[most:]) if len(line) > most else 0
            wanted.append((group, sign < 0, listed, more, len(known), len(inside) - len(known)))
    if found:
        assert [(x.group, x.best, [tuple(y) for y in x.lines], x.more, x.members, x.open) for x in rolls] == wanted


def test_lists_are_told_in_both_languages() -> None:
    scored = Job(TOTALS, embedded).score(pa.table({"对象": list("子丑寅卯辰"), "类别": ["县区"] * 5, "甲": pa.array([9, 3, 3, 3, None])}))
    rolls = lists(scored.part.objects, range(5), scored.part.grid, scored.scores, (2, 1), "类别").rolls()
    assert told_lists(rolls) == [
        "县区前2名（共4家）：1 子 9、2 丑 3；另有2家与最后一家并列；1家总分未定，没有排", "县区末1名（共4家）：2 丑 3；另有2家与最后一家并列；1家总分未定，没有排",
    ]  # fmt: skip
    assert told_lists(rolls, "en")[0] == "县区 first 2 of 4: 1 子 9, 2 丑 3; 2 more tie with the last of these; 1 with an open total left out"
    assert as_json(rolls)[1] == {
        "class": "县区", "end": "last", "members": 4, "open": 1, "more_tied": 2, "objects": [{"place": 2, "object": "丑", "total": "3"}]
    }  # fmt: skip
