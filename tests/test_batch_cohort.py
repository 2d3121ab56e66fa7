"""Objects compared with each other, scored as columns: every cell is what the exact engine says of them together."""

import json
import random
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, repeat

import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
from agreement import batched, told
from attrs import evolve
from hypothesis import given, settings
from scoring import plan_of, rows
from test_cohort import Thing, Unit, as_rows, crowds, plan, rules, unit_rows, units

from perfdsl.batch import Job, table_of
from perfdsl.batch.lists import Lists, lists, lists_json, lists_kept, lists_of_kept, lists_text
from perfdsl.batch.passes import by_exact_engine, scored_together
from perfdsl.batch.places import Brought, crowd, places
from perfdsl.batch.standings import place_columns
from perfdsl.batch.together import Together, in_passes
from perfdsl.cohort import Member, evaluate_together
from perfdsl.core import Comparison
from perfdsl.engines import embedded
from perfdsl.gridded import gridded
from perfdsl.integers import layers
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
    assert not any(x.fallbacks for x in made)
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
    assert made and not any(x.fallbacks for x in made)


def test_what_whole_numbers_do_not_say_is_scored_by_the_exact_engine_all_at_once() -> None:
    plan = plan_of('甲 full "≥0件"\n评 points 5 by mean { rank(甲) = 1 -> 5  otherwise -> 2 }')
    pieces = [
        pa.table({"对象": ["一", "二"], "甲": ["1件", "3件"], "评": ["好", "好"]}),
        pa.table({"对象": ["三"], "甲": ["2件"], "评": ["好"]}),
    ]
    made = list(scored_together(Job(plan, embedded), pieces))
    assert [int(x) for one in made for x in one.scores.total.low] == [200, 500, 200]
    assert [y.why.text("en") for x in made for y in x.fallbacks] == ["the entries of 评 look at other cells"] * 2
    assert [list(x.places["rank:甲"].numbers) for x in made] == [[3, 1], [2]]


# ---- the first and the last of each class

TOTALS = plan_of('input 类别 values "县区", "部门"\n甲 full "≥9分" points 9 values whole 0 .. 9 by { completion >= 100% -> 100%  otherwise -> completion }')  # fmt: skip
ranked = st.lists(
    st.tuples(st.sampled_from(["县区", "部门", None]), st.one_of(st.none(), st.integers(0, 3))), max_size=12
)


@settings(max_examples=150, deadline=None)
@given(
    ranked,
    st.integers(0, 3),
    st.integers(0, 3),
    st.sampled_from(["", "类别"]),
    st.lists(st.integers(1, 11), max_size=2),
    st.booleans(),
)
def test_lists_are_what_sorting_all_of_them_gives(
    found: list, top: int, bottom: int, by: str, cuts: list[int], exact: bool
) -> None:
    ends = [0, *sorted({x for x in cuts if x < len(found)}), len(found)]
    job, made, kept_lists = Job(TOTALS, embedded), Lists(), []
    for a, b in pairwise(ends):
        table = pa.table({
            "对象": [f"对象{i}" for i in range(a, b)], "类别": pa.array([x[0] for x in found[a:b]], pa.string()),
            "甲": pa.array([x[1] for x in found[a:b]], pa.int64()),
        })  # fmt: skip
        scored = job.one_by_one(job.shape(tuple(table.schema.names)), table, "") if exact else job.score(table)
        kept_lists.append(
            lists_kept(lists(scored.part.objects, range(a, b), scored.part.grid, scored.scores, (top, bottom), by))
        )
    for one in reversed(kept_lists):  # the order in which parts are joined changes nothing
        made.add(lists_of_kept(json.loads(json.dumps(one))))
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
    scored = Job(TOTALS, embedded).score(
        pa.table({"对象": list("子丑寅卯辰"), "类别": ["县区"] * 5, "甲": pa.array([9, 3, 3, 3, None])})
    )
    rolls = lists(scored.part.objects, range(5), scored.part.grid, scored.scores, (2, 1), "类别").rolls()
    assert lists_text(rolls) == [
        "县区前2名（共4家）：1 子 9、2 丑 3；另有2家与最后一家并列；1家总分未定，没有排", "县区末1名（共4家）：2 丑 3；另有2家与最后一家并列；1家总分未定，没有排",
    ]  # fmt: skip
    assert (
        lists_text(rolls, "en")[0]
        == "县区 first 2 of 4: 1 子 9, 2 丑 3; 2 more tie with the last of these; 1 with an open total left out"
    )
    assert lists_json(rolls)[1] == {
        "class": "县区", "end": "last", "members": 4, "open": 1, "more_tied": 2, "objects": [{"place": 2, "object": "丑", "total": "3"}]
    }  # fmt: skip


# ---- single cases


def test_one_object_alone_has_no_place() -> None:
    for given_rows in ([("甲", "5件")], [], [("甲", "不适用")]):
        assert_together(
            plan_of(
                'not_applicable rescale\ninput 类别 values "一"\n甲 full "≥2件"\naward 第一 when rank(甲, 类别) = 1\naward 有 when size(甲) = 1'
            ),
            [given_rows],
        )


def test_ratios_of_long_numbers_are_compared_exactly() -> None:
    plan = plan_of("""input 面积 unit 元 values 1 ..
        甲 full "≥2元" unit 元
        单价 = 甲 / (面积 / 1元) unit 元
        award 前二 when rank(单价) <= 2
        award 顶 when 单价 >= best(单价)
        award 末位 when rank(单价, low_first, ties_last) = 3""")
    third = [(F(10) ** n, 3 * F(10) ** n) for n in (0, 5, 12, 25)]
    near = [(F(10) ** 25 + x, 3 * F(10) ** 25) for x in (-1, 0, 1)]
    small = [(F(1), F(3)), (F(333_333_333), F(999_999_999)), (F(333_333_333), F(10) ** 9), (F(2), F(3)), (F(0), F(7))]
    beside = [(F(10) ** 25 + x, 2 * F(10) ** 25 + 1 + 2 * x) for x in range(4)]  # as near as such fractions can be
    for values in (small, third, near, beside, [*small, *third, *near]):
        crowd = [[("甲", f"{a}元"), ("面积", f"{b}元")] for a, b in values]
        assert_together(plan, crowd)
        assert_together(plan, crowd[::-1], (1, 3))


def test_points_that_differ_are_not_compared() -> None:
    """Points of what does not apply go to 组, which then counts with more."""
    plan = plan_of("""not_applicable to 组
        组 points 6 { 甲 full "≥2件" points 6 by { met -> 6  otherwise -> 3 } }
        乙 full "≥1件" points 4 by { met -> 4  otherwise -> 0 }
        award 第一 when rank(score(组)) = 1
        award 失分少 when rank(lost(组), low_first) = 1
        award 有三 when size(score(组)) = 3""")
    same = [[("甲", f"{n}件"), ("乙", "1件")] for n in range(3)]
    assert_together(plan, same)
    assert_together(plan, [*same, [("甲", "1件"), ("乙", "不适用")]])
    assert_together(plan, [[("甲", "1件"), ("乙", "不适用")]] * 2)


def test_the_prize_for_services_by_share_or_by_share_without_loss() -> None:
    """35% of 20 is place 7; place 10 is 50%; each class for itself."""
    text = """input 类别 values "县区", "部门"
        甲 full "≥20件" points 20 by { completion >= 100% -> 100%  otherwise -> completion }
        督办 full "=0件" exact points 1 by { met -> 1  otherwise -> 0 }
        award 便民杯 when rank_share(总分, 类别) <= 35% or (rank_share(总分, 类别) <= 50% and lost(督办) = 0)"""
    plan = plan_of(text)
    crowd = [
        [("类别", group), ("甲", f"{20 - n}件"), ("督办", "0件" if n in (9, 10) else "1件")]
        for n in range(20)
        for group in ("县区", "部门")
    ]
    assert_together(plan, crowd, (7, 15))
    seen = [observe(plan, rows(x), "full")[0] for x in crowd]
    part = gridded(plan, seen)
    made = Together(plan, embedded)
    in_passes(made, repeat([part]))
    given_to = [i // 2 for i, x in enumerate(made.score(0, *part).awards["便民杯"]) if x == 1]
    assert given_to == sorted([*range(7), 9] * 2)


def test_a_chain_of_places_takes_a_pass_for_each() -> None:
    plan = plan_of("""甲 full "≥2件"
        一 = rank(甲) values whole 1 .. 99
        二 = rank(一, low_first) + 甲 / 1件 values 0 .. 999
        三 = rank(二) points 3 by { = 1 -> 3  otherwise -> 0 } lower
        award 首 when rank(总分) = 1""")
    assert [[x.word for x in layer] for layer in layers(plan)] == [
        ["rank(甲)"],
        ["rank(一, low_first)"],
        ["rank(二)"],
        ["rank(总分)"],
    ]
    assert_together(plan, [[("甲", f"{n}件")] for n in (3, 1, 4, 1, 5)], (2,))


def test_very_many_objects_have_the_places_that_counting_gives() -> None:
    count = 100_000
    plan = plan_of("""input 类别 values "县区", "部门"
        甲 full "≥500件" points 100 values whole 0 .. 999 by { completion >= 100% -> 100%  otherwise -> completion }
        award 前百 when rank(甲, 类别) <= 100
        award 后百 when rank(总分, low_first, ties_last) <= 100""")
    chance = random.Random(5)
    values, groups = [chance.randrange(1000) for _ in range(count)], [chance.randrange(2) for _ in range(count)]
    names = ("县区", "部门")
    table = pa.table({"对象": [str(i) for i in range(count)], "甲": values, "类别": [names[x] for x in groups]})
    pieces = [table.slice(first, 1 << 15) for first in range(0, count, 1 << 15)]
    made = list(scored_together(Job(plan, embedded), lambda: iter(pieces)))
    assert made and not any(x.fallbacks for x in made)
    counts = [Counter(v for v, x in zip(values, groups, strict=True) if x == k) for k in (0, 1)]
    ahead = [{v: sum(n for w, n in counts[k].items() if w > v) for v in range(1000)} for k in (0, 1)]
    found = [int(x) for one in made for x in one.places["rank:甲, 类别"].numbers]
    assert found == [1 + ahead[k][v] for v, k in zip(values, groups, strict=True)]
    totals = Counter(min(20 * v, 10_000) for v in values)  # hundredths of a point
    below = {v: sum(n for w, n in totals.items() if w <= v) for v in totals}
    assert [int(x) for one in made for x in one.scores.awards["后百"]] == [
        below[min(20 * v, 10_000)] <= 100 for v in values
    ]


def test_places_are_columns_of_the_result() -> None:
    plan = plan_of("""甲 full "≥2件"
        award 第一 when rank(甲) = 1
        award 前三 when rank_share(甲) <= 33%
        award 多 when size(甲) > 3 and best(甲) >= 1件""")
    table = pa.table({"对象": list("子丑寅卯"), "甲": ["5件", "3件", "不适用", "1件"]})
    for made in (Job(plan, embedded).score(table), next(by_exact_engine(Job(plan, embedded), [table], "asked for"))):
        assert {name: column.to_pylist() for name, column in place_columns(plan, made.places).items()} == {
            "rank(甲)": [1, 2, None, 3], "size(甲)": [3, 3, None, 3],
            "rank_share(甲)": [Decimal("0.3333"), Decimal("0.6667"), None, Decimal("1.0000")],
        }  # fmt: skip


def test_an_award_takes_the_column_of_nothing_else() -> None:
    taken = ["对象", "总分", "最低可能", "等级", "完整", "甲.得分", "甲.状态", "优秀"]
    body = "".join(f'award "{x}" when 甲 >= {i + 1}件\n' for i, x in enumerate(taken))
    plan = plan_of(
        f'grades {{ 优 >= 50% otherwise 差 }}\n甲 full "≥2件" points 100 by {{ met -> 100  otherwise -> 0 }}\n{body}'
    )
    made = Job(plan, embedded).score(pa.table({"对象": ["子", "丑"], "甲": ["5件", "1件"]}))
    told = table_of(plan, made.part.objects, made.scores).to_pydict()
    assert (told["对象"], told["总分"], told["等级"], told["甲.得分"]) == (
        ["子", "丑"],
        [100, 0],
        ["优", "差"],
        [100, 0],
    )
    for i, name in enumerate(taken):
        assert told[name if name == "优秀" else f"{name}（评优）"] == [i < 5, i < 1]


# ---- the same objects as different ones, each with their number

ONES = st.tuples(
    st.integers(-2, 2), st.integers(0, 3), st.sampled_from([0, 1, 2, 2]), st.sampled_from([7, 7, 9]),
    st.sampled_from([-1, 0, 0, 1, 2]), st.integers(1, 4),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.lists(ONES, min_size=1, max_size=12, unique_by=lambda x: x[:5]),
    st.sampled_from(KINDS),
    st.sampled_from(("skip", "dense", "last")),
    st.sampled_from(("high", "low")),
    st.sampled_from([None, (None, None), (F(-1), None), (F(-1), F(3, 2))]),
)
def test_objects_counted_have_the_places_of_objects_one_by_one(
    ones: list[tuple[int, ...]], what: str, ties: str, order: str, missing: tuple[F | None, F | None] | None
) -> None:
    def arrays(rows: list[tuple[int, ...]]) -> tuple[Brought, np.ndarray]:
        low, more, part, measure, group, _ = (np.array(x) for x in zip(*rows, strict=True))
        is_open = np.zeros(len(rows), bool) if missing is None else more > 1
        high = low + more if missing is None else low
        return Brought(low, high, 1, is_open, part.astype(np.uint8), measure), group

    comparison = Comparison(name=f"{what}:甲", of="value:甲", order=order, ties=ties)
    counted, group = arrays(ones)
    together = places(crowd([counted], missing, np.array([x[5] for x in ones])), group, comparison)
    every, groups = arrays([x for x in ones for _ in range(x[5])])
    apart = places(crowd([every], missing), groups, comparison)
    times = [x[5] for x in ones]
    assert np.repeat(together.states, times).tolist() == apart.states.tolist()
    known = apart.states == 1
    assert np.repeat(together.numbers, times)[known].tolist() == apart.numbers[known].tolist()
    if what == "rank_share" and not isinstance(together.bottoms, int | None):
        assert np.repeat(together.bottoms, times)[known].tolist() == apart.bottoms[known].tolist()
