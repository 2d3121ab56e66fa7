"""A table scored at once, wide or long, gives what scoring each object alone gives."""

import hypothesis.strategies as st
import pyarrow as pa
import pytest
from agreement import batched, told
from hypothesis import Phase, given, settings
from scoring import compiled, inside, rows
from test_laws import cases

from perfdsl.batch import Job
from perfdsl.engines import embedded, plain, polars_
from perfdsl.evaluate import REFUSED, evaluate
from perfdsl.observe import is_lost, observe
from perfdsl.testing.rulesets import tables

LONG = ("对象", "指标", "实际值", "单位", "评分", "复核分", "事项", "次数", "上年值", "偏差原因", "资金")
FIELDS = ("unit", "mark", "override", "item", "times", "prior", "explanation")


def long_table(objects: list[list[tuple[str, str, dict[str, str]]]]) -> pa.Table:
    """One row an observation."""
    lines = [
        (f"对象{i}", name, value, *(str(more.get(x, "")) for x in FIELDS), dict(more.get("extras", ())).get("资金", ""))
        for i, found in enumerate(objects)
        for name, value, more in found
    ]
    return pa.table({head: pa.array([x[n] for x in lines], pa.string()) for n, head in enumerate(LONG)})


@settings(max_examples=100, deadline=None, phases=(Phase.generate,))
@given(cases(), st.data())
def test_a_long_table_scores_as_object_by_object(case, data) -> None:
    world, plan, first = case
    found = [first, *(data.draw(tables(world)) for _ in range(data.draw(st.integers(0, 3))))]
    found = [x for x in found if x]
    made = Job(plan, embedded).score(long_table(found)) if found else None
    for i, given_rows in enumerate(found):
        assert made is not None
        seen, wrong = observe(plan, rows(given_rows), "full")
        assert made.part.objects[i] == f"对象{i}"
        assert batched(made.scores, i) == told(evaluate(plan, seen)[0], made.scores.units)
        if not i and len(found) == 1:
            said = evaluate(plan, seen)[1]
            expected = {d.code for d in wrong if is_lost(d)} | {d.code for d in said if d.code in REFUSED}
            assert expected == {x.finding.code for _, x in made.part.rejects}


BODY = """
  甲 full "≥90%" points 40 by 比例得分
  乙 full "≤5万元" points 30 by 比例得分
  丙 full "健全" points 30 by { "健全" -> 100%  otherwise -> 0 .. 60% }
"""


def test_a_wide_table_of_numbers_texts_and_words() -> None:
    (plan,) = compiled(inside(BODY)).plans()
    table = pa.table({
        "项目名称": ["一", "二", "三", "四", "五"],
        "甲（%）": pa.array([90, 45.5, None, 89.995, 101], pa.float64()),
        "乙": ["5万元", "60000元", "5", "不适用", "很多"],
        "丙": ["健全", "不健全", "健全", None, "健全"],
        "丙.评分": pa.array([None, 12, None, 3, None], pa.int32()),
    })  # fmt: skip
    made = Job(plan, embedded).score(table)
    given_rows = [
        [("甲", "90", {"unit": "%"}), ("乙", "5万元"), ("丙", "健全")],
        [("甲", "45.5", {"unit": "%"}), ("乙", "60000元"), ("丙", "不健全", {"mark": "12"})],
        [("乙", "5"), ("丙", "健全")],
        [("甲", "89.995", {"unit": "%"}), ("乙", "不适用"), ("丙", "", {"mark": "3"})],
        [("甲", "101", {"unit": "%"}), ("乙", "很多"), ("丙", "健全")],
    ]
    for i, one in enumerate(given_rows):
        assert batched(made.scores, i) == told(
            evaluate(plan, observe(plan, rows(one), "full")[0])[0], made.scores.units
        )
    assert [(name, x.row, x.text, x.finding.code) for name, x in made.part.rejects] == [
        ("乙", 3, "不适用", "E111"),
        ("乙", 4, "很多", "A108"),
    ]


def test_entries_that_look_at_other_cells_are_scored_with_them() -> None:
    body = """
      not_applicable rescale
      input 类别 values "县区", "部门"
      乙 points 5 applies 类别 = "县区" by mean { "好" -> 5  "差" -> 1 }
      甲 full "≥1件" points 5 by { met -> 5  otherwise -> 0 }
    """
    (plan,) = compiled(inside(body)).plans()
    made = Job(plan, embedded).score(
        pa.table({"对象": ["一", "二"], "类别": ["县区", "部门"], "乙": ["差", "好"], "甲": ["1件", "1件"]})
    )
    assert [x.text("en") for x in made.fallbacks] == [
        "2 objects scored one by one by the exact engine: the entries of 乙 look at other cells"
    ]
    given_rows = [[("类别", "县区"), ("乙", "差"), ("甲", "1件")], [("类别", "部门"), ("乙", "好"), ("甲", "1件")]]
    for i, one in enumerate(given_rows):
        assert batched(made.scores, i) == told(
            evaluate(plan, observe(plan, rows(one), "full")[0])[0], made.scores.units
        )


RANKED = """
  甲 full "≥90%" points 60 by 比例得分
  名次 = rank(甲) by { = 1 -> 100%  otherwise -> 0 } points 40
"""


@pytest.mark.parametrize("body", [BODY, RANKED], ids=["alone", "compared"])
@settings(max_examples=20, deadline=None)
@given(names=st.lists(st.sampled_from(["一", "二"]), min_size=1, max_size=6), long_number=st.booleans(), data=st.data())
def test_each_row_of_a_wide_table_is_an_object_whatever_its_name(body: str, names, long_number: bool, data) -> None:
    """On every engine, asked for or fallen back to, and in parts of any size."""
    (plan,) = compiled(inside(body)).plans()
    values = [data.draw(st.sampled_from(["90%", "45.5%", "101%", ""])) for _ in names]
    values[0] = "90." + "1" * 41 + "%" if long_number else values[0]
    table = pa.table({"对象": pa.array(names, pa.string()), "甲": pa.array(values, pa.string())})
    told_by: list[tuple[list[str], list[object]]] = []
    for engine in (embedded, plain, polars_, None):
        job = Job(plan, engine)
        size = len(names) if plan.comparisons else data.draw(st.integers(1, len(names)))
        made = [job.score(table.slice(at, size)) for at in range(0, len(names), size)]
        assert not [x for one in made for x in one.part.rejects]
        scores = [batched(one.scores, i) for one in made for i in range(len(one.part.objects))]
        told_by.append(([x for one in made for x in one.part.objects], scores))
    assert told_by[0][0] == names and all(x == told_by[0] for x in told_by[1:])


@pytest.mark.parametrize("scored", ["points 10 by 比例得分", ""])
def test_what_a_formula_makes_outside_its_domain_is_told_whichever_of_its_parts_were_given(scored) -> None:
    money = "funds 万元 {\n income 财政 full 10\n spend 甲费 full 4\n spend 乙费 full 6\n}\n"
    body = f'{money}执行率 = spent(支出) / budget(支出) values 0% .. 150% full "=100%" {scored}'
    (plan,) = compiled(inside(body)).plans()
    given = {
        "甲": [("甲费", "4"), ("乙费", "60")],
        "乙": [("支出", "60")],
        "丙": [("甲费", "60")],
        "丁": [("甲费", "4"), ("乙费", "6")],
    }
    lines = [(name, *x) for name, found in given.items() for x in found]
    table = pa.table({head: [x[n] for x in lines] for n, head in enumerate(("对象", "指标", "实际值"))})
    rejects = Job(plan, embedded).score(table).part.rejects
    told_of = {lines[x.row][0]: x.finding.message() for _, x in rejects if x.finding.code == "E114"}
    exactly = {
        name: [d.message() for d in evaluate(plan, observe(plan, rows(found), "full")[0])[1] if d.code == "E114"]
        for name, found in given.items()
    }
    assert told_of == {name: words[0] for name, words in exactly.items() if words} and set(told_of) == {"甲", "乙"}
