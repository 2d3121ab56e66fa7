"""Whatever name, heading or value ``score`` accepts or refuses, a batch accepts and refuses: the same scores, the same findings."""

from collections import Counter

import hypothesis.strategies as st
import pyarrow as pa
import pytest
from agreement import batched, told
from attrs import evolve
from hypothesis import example, given, settings
from scoring import compiled, inside

from perfdsl.batch import Job, Reader, TextTable, joined, names_of, tally
from perfdsl.batch.objects import by_object
from perfdsl.cli.batch_run import rejects
from perfdsl.engines import embedded, lacking, members
from perfdsl.evaluate import REFUSED, evaluate
from perfdsl.observe import is_lost, observe, row_names
from perfdsl.plan import Plan
from perfdsl.tables import read_table

RULES = """
rubric 比例 { completion >= 100% -> 100%  otherwise -> completion }
scale 健全程度 { 健全, 完善 -> 100%; 较健全 -> 80%; 不健全 -> 0% }
department "综合" {
  year 2024
  not_applicable POLICY
  funds 万元 {
    income 财政拨款 full 1,000
    spend 运行费 full 900 as 运行
    spend 设备费 full 100
  }
  input 在校生 : 人 as 学生
  input 任务 values "有", "无"
  管理 weight 40 {
    执行率 = spent(支出) / budget(支出) full "=100%" points 7 by 比例
    运行率 = spent(运行) / plan(运行) full "≥95%" points 3 by 比例
    收入率 = spent(收入) / plan(财政拨款) values 0% .. 200% points 5 by { actual >= 100% -> 5  otherwise -> 1 }
    人数 = 在校生 full "≥100人" points 5 by 比例
    满意率 full "≥90%" points 10 by 比例 as 满意
    任务完成 full "≥10件" points 10 applies 任务 = "有" by 比例
  }
  产出 weight 60 {
    满意率 full "≥80%" points 10 by 比例
    培训 full "≥1000人次" points 10 by 比例 gather weighted 资金
    制度 full "健全" points 10 by { "健全" -> 80% .. 100%  "较健全" -> 60% .. 80%  otherwise -> 0 .. 60% }
    词 points 5 by { "甲" -> 1  "乙" -> 5 }
    要点 points 5 by check { "甲" -> 2  "乙" -> 3 }
    座谈 points 5 by mean { "好" -> 5  "中" -> 3  "差" -> 0 }
    结余 full "≤10万元" lower points 5 by { actual = 0万元 -> 5  actual <= prior -> 3  otherwise -> 0 }
    期限 full "2024年11月30日前" points 5 by { met -> 5  otherwise -> 0 }
    增长 full "较上年增长5%" points 5 by { met -> 5  otherwise -> 0 }
  }
}
"""
VALUES = ("", "", "1", "95", "95%", "120%", "-3%", "950", "1,000", "100万元", "80万元", "30000元", "12", "11件", "150人", "1500人次", "健全", "较健全", "怪",
          "甲", "乙", "甲、乙", "甲、丁", "好", "差", "有", "无", "也许", "不适用", "很多", "约9", "2024-11-20", "2024年11月", "2024年12月", "=1")  # fmt: skip
MARKS = ("", "", "", "5", "9", "12", "-1", "80%", "90%", "x")
UNITS = ("", "", "", "%", "万元", "元", "人次")


def plan_of(policy: str) -> Plan:
    text = RULES.replace("not_applicable POLICY", f"not_applicable {policy}" if policy else "")
    (plan,) = compiled(text).plans()
    return plan


PLANS = {x: plan_of(x) for x in ("zero", "full", "")}
NAMES = sorted(row_names(PLANS["zero"]))
STRANGE = ("spend", "income/财政拨款", "支出/设备", "产出/ 满意率", "接通率", "综合/产出/制度", "制 度", "执行率 ")


def of_score(plan: Plan, text: str) -> tuple[list[dict[str, object]], Counter[tuple[int, str, str]]]:
    """The scores of all objects one by one, and what was given and counts for nothing, by line."""
    table, wrong = read_table("t.csv", text.encode(), names_of(plan))
    by_object: dict[str, list[object]] = {}
    for row in table.rows:
        by_object.setdefault(row.object, []).append(row)
    found = [d for d in wrong if is_lost(d)]
    cells = []
    for name, mine in by_object.items():
        seen, unread = observe(plan, mine, "full")
        card, said = evaluate(evolve(plan, object=name), seen)
        cells.append(told(card, units(plan)))
        found += [d for d in unread if is_lost(d)]
        found += [d for d in said if d.code in REFUSED and d.span.source.name]  # else nothing was given
    return cells, Counter((d.span.line, d.code, d.message("zh")) for d in found)


def units(plan: Plan) -> int:
    from perfdsl.actuals import Observed
    from perfdsl.evaluate import Engine
    from perfdsl.integers import units_of

    return units_of(Engine(plan, Observed({}, {}, {}), "full", None))


def of_batch(plan: Plan, text: str, engine=embedded) -> tuple[list[dict[str, object]], Counter[tuple[int, str, str]]]:
    """The same as a batch."""
    table = TextTable.of("t.csv", [text.encode()], names_of(plan))
    reader = Reader(plan, "full", table.head, 0, "t.csv")
    block = joined([reader.block(raw) for raw in table.blocks()])
    made = Job(plan, engine).score(block.table)
    found = [*block.refused, *rejects(block, made.part.rejects)]
    lines = Counter()
    for x in found:
        facts = tuple((k, str(x.row) if k == "row" else v) for k, v in x.finding.facts)
        lines[x.row, x.finding.code, x.finding._replace(facts=facts).message("zh")] += 1
        assert not x.finding.code.startswith("A") or x.text or x.column or x.finding.code in ("A104", "A116", "A175")
    return [batched(made.scores, i) for i in range(len(made.part.objects))], lines


def csv_of(lines: list[list[str]]) -> str:
    return "".join(",".join(f'"{x}"' if "," in x else x for x in line) + "\n" for line in lines)


@st.composite
def long_tables(draw) -> str:
    names = st.sampled_from([*NAMES, *NAMES, *NAMES, *STRANGE])
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from(("一", "二")), names, st.sampled_from(VALUES), st.sampled_from(UNITS), st.sampled_from(MARKS),
                st.sampled_from(MARKS), st.sampled_from(("", "", "8万元", "30000元", "9", "x")), st.sampled_from(("", "甲", "乙")),
                st.sampled_from(("", "100", "0", "-5", "好")),
            ).map(list),
            min_size=1, max_size=14,
        )
    )  # fmt: skip
    head = draw(st.sampled_from(("实际值", "完成值（万元）")))
    return csv_of([["对象", "指标", head, "单位", "评分", "复核分", "上年值", "事项", "资金"], *rows])


@st.composite
def wide_tables(draw) -> str:
    wanted = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=7, unique=True))
    heads, kinds = [], []
    for name in wanted:
        unit = draw(st.sampled_from(("", "", "（万元）", "（%）", "（元）")))
        heads.append(name + unit)
        kinds.append(VALUES)
        for field, cells in (
            ("评分", MARKS),
            ("复核分", MARKS),
            ("单位", UNITS),
            ("上年值", ("", "9", "8万元", "30000元", "x")),
        ):
            if draw(st.integers(0, 4)) == 0:
                heads.insert(draw(st.integers(0, len(heads))), f"{name}.{field}")
                kinds.insert(heads.index(f"{name}.{field}"), cells)
    rows = draw(st.lists(st.tuples(*(st.sampled_from(x) for x in kinds)).map(list), min_size=1, max_size=4))
    return csv_of([["项目名称", *heads], *([f"项{i}", *x] for i, x in enumerate(rows))])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(PLANS)), long_tables())
def test_a_long_table_is_read_as_score_reads_it(policy, text) -> None:
    assert of_batch(PLANS[policy], text) == of_score(PLANS[policy], text)


@settings(max_examples=60, deadline=None)
@example(
    "", "项目名称,增长.单位,产出/增长,增长\n项0,%,1,\n"
)  # a cell with nothing but a unit is given twice all the same
@given(st.sampled_from(sorted(PLANS)), wide_tables())
def test_a_wide_table_is_read_as_score_reads_it(policy, text) -> None:
    """An object with nothing in its line is one too."""
    assert of_batch(PLANS[policy], text) == of_score(PLANS[policy], text)


def test_the_summary_names_what_has_no_score() -> None:
    """As ``score``: a row without a target has no status, and yet a score."""
    body = """
      制度 full "健全" points 10 by { "健全" -> 80% .. 100%  otherwise -> 0 .. 60% }
      要点 points 2 by check { "甲" -> 1  "乙" -> 1 }
      词 points 2 by { "甲" -> 1  "乙" -> 2 }
      B bonus 0 .. 2 { 嘉奖 by sum { "省级" -> 2 } }
    """
    (plan,) = compiled(inside(body)).plans()
    table = pa.table({"对象": list("abcd"), "制度": ["健全", "健全", "", "健全"], "制度.评分": ["12", "9", "9", "9"],
                      "要点": ["甲", "丁", "甲", "乙"], "词": ["甲", "乙", "", "丙"], "嘉奖": ["", "", "", "怪"]})  # fmt: skip
    for engine in (embedded, None):
        made = Job(plan, engine).score(table)
        sums = tally(plan, made.part.objects, made.scores, made.fallbacks, range(4))
        expected = []
        for i, (_, rows) in enumerate(by_object(Job(plan, embedded).shape(tuple(table.schema.names)), table)):
            card = evaluate(plan, observe(plan, rows, "full")[0])[0]
            names = [x.path[-1] for x in card.indicators if x.score is None and x.status != "not applicable"]
            expected += [] if card.complete else [(i, "abcd"[i], names)]
        assert sums.open == expected
        assert sums.open[0] == (0, "a", ["制度"])


@pytest.mark.parametrize("engine", [x for x in members() if not lacking(x)], ids=lambda x: x.NAME)
def test_every_engine_tells_the_same(engine) -> None:
    table = csv_of([
        ["对象", "指标", "实际值", "单位", "评分", "复核分", "上年值", "事项", "资金"],
        ["一", "产出/制度", "健全", "", "12", "", "", "", ""],
        ["一", "支出", "950", "", "", "", "", "", ""],
        ["一", "词", "怪", "", "", "", "", "", ""],
        ["一", "要点", "甲、丁", "", "", "", "", "", ""],
        ["二", "词", "甲", "", "3", "9", "", "", ""],
        ["二", "培训", "700人次", "", "", "", "", "", "100"],
        ["二", "培训", "800人次", "", "", "", "", "", ""],
        ["二", "支出/运行费", "900万元", "", "", "", "", "", ""],
    ])  # fmt: skip
    plan = PLANS["zero"]
    cells, lines = of_batch(plan, table, engine)
    assert (cells, lines) == of_score(plan, table)
    assert {code for _, code, _ in lines} == {"E102", "E103", "E109", "E101", "E106", "E116"}


def test_where_nothing_was_given_nobody_asks(monkeypatch) -> None:
    """The exact engine is not asked about the many objects that wait for their marks."""
    (plan,) = compiled(inside('制度 full "健全" points 10 by { "健全" -> 80% .. 100%  otherwise -> 0 .. 60% }')).plans()
    monkeypatch.setattr("perfdsl.batch.doubts.Engine", None)
    values = ["健全", "很差", "", None] * 500
    table = pa.table(
        {"对象": [f"{i}" for i in range(2000)], "制度": values, "制度.评分": pa.array([None] * 2000, pa.string())}
    )
    assert Job(plan, embedded).score(table).part.rejects == []
    with pytest.raises(TypeError):
        Job(plan, embedded).score(pa.table({"对象": ["一"], "制度": ["健全"], "制度.评分": ["1"]}))


def test_places_are_known_to_what_is_asked_again() -> None:
    """A mark outside the range that a rank leads to."""
    body = """
      工单 unit 件
      占比 = rank_share(工单) points 10 by { <= 50% -> 8 .. 10  otherwise -> 0 .. 5 }
    """
    (plan,) = compiled(inside(body)).plans()
    table = pa.table({"对象": list("abcd"), "工单": [4, 3, 2, 1], "占比.评分": ["9", "3", "5", "9"]})
    by_columns, by_exact = (Job(plan, x).score(table) for x in (embedded, None))
    found = [
        sorted((x.row, x.text, x.finding.code, x.finding.facts) for _, x in made.part.rejects)
        for made in (by_columns, by_exact)
    ]
    assert found[0] == found[1] != []
