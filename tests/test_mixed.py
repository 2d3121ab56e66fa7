"""Projects with their own rules scored in one job give what scoring each alone gives, cell by cell."""

import csv
import io
import json
from collections import Counter
from datetime import date
from fractions import Fraction
from pathlib import Path

import attrs
import hypothesis.strategies as st
import jsonschema
import pyarrow as pa
import pyarrow.parquet
import pytest
from click.testing import CliRunner
from gate import examples
from hypothesis import Phase, given, settings
from python_calamine import CalamineWorkbook
from scoring import compiled, inside, rows
from test_batch import FIELDS, LONG
from test_laws import cases

from perfdsl.batch import OBJECT, Job
from perfdsl.batch import table_of as table_of_scores
from perfdsl.cli import batch_mixed, plan_store
from perfdsl.cli.main import perfdsl
from perfdsl.diagnostics import ERROR
from perfdsl.engines import embedded
from perfdsl.evaluate import REFUSED, evaluate
from perfdsl.grid import STATUS_ZH
from perfdsl.mixed import Builder, MixedJob, cut, melted, opened, store_of, written
from perfdsl.mixed.shelves import Shelves
from perfdsl.observe import is_lost, observe, row_names
from perfdsl.quantity import format_number
from perfdsl.text import NOWHERE

F = Fraction


def named(plans) -> list:
    """Plans with names of their own."""
    return [attrs.evolve(x, object=f"项目{i}") for i, x in enumerate(plans)]


def table_of(found: list[list[tuple]]) -> pa.Table:
    """One row an observation, the rows of a project together."""
    lines = []
    for i, given_rows in enumerate(found):
        for name, value, *more in given_rows:
            extra = more[0] if more else {}
            cells = [str(extra.get(x, "")) for x in FIELDS]
            lines.append((f"项目{i}", name, value, *cells, dict(extra.get("extras", ())).get("资金", "")))
    return pa.table({head: pa.array([x[n] for x in lines], pa.string()) for n, head in enumerate(LONG)})


def exactly(value) -> Fraction | None:
    return None if value is None else F(str(value))


def assert_alike(plans, found, mixed, period="full") -> None:
    """Every cell of every object."""
    rows_of: dict[str, dict[str, dict]] = {}
    totals: dict[str, dict] = {}
    for part in mixed:
        for x in part.rows.to_pylist():
            rows_of.setdefault(x["对象"], {})[x["指标"]] = x
        totals |= {x["对象"]: x for x in part.totals.to_pylist()}
    assert list(totals) == [x.object for x in plans]
    for plan, given_rows in zip(plans, found, strict=True):
        card = evaluate(plan, observe(plan, rows(given_rows), period)[0], period)[0]
        mine, total = rows_of.get(plan.object, {}), totals[plan.object]
        for row in card.indicators:
            made = mine.pop("/".join(row.path))
            told = row.score, STATUS_ZH.get(row.status, row.status), row.case_number
            assert (exactly(made["得分"]), made["状态"], made["情形"] or 0) == told, (plan.object, row.path)
        for group in card.groups:
            made = mine.pop("/".join(group.path))
            assert exactly(made["得分"]) == group.score, (plan.object, group.path)
        assert mine == {}
        assert (exactly(total["总分"]), exactly(total["最低可能"]), exactly(total["最高可能"]), total["等级"], total["完整"]) == (
            card.total, card.low, card.high, card.grade, card.complete), plan.object  # fmt: skip


def assert_refused_alike(plans, found, mixed, period="full") -> None:
    """What could not be read, and what was given and counts for nothing, in the words of scoring each alone."""
    made: dict[str, Counter] = {}
    for x in (x for part in mixed for x in part.refused):
        code, said = x.finding.code, x.finding.message()
        made.setdefault(x.object, Counter())[(code, said if code in REFUSED else "")] += 1
    for plan, given_rows in zip(plans, found, strict=True):
        seen, unread = observe(plan, rows(given_rows), period)
        told = [d for d in evaluate(plan, seen, period)[1] if d.code in REFUSED]
        lost = Counter((d.code, "") for d in unread if is_lost(d))
        every = lost + Counter((d.code, d.message()) for d in told)
        placed = lost + Counter(
            (d.code, d.message()) for d in told if d.span is not NOWHERE
        )  # about a row that is there
        assert placed <= made.get(plan.object, Counter()) <= every, plan.object


def unplaced(found) -> tuple:
    """What is said, the row aside: that is told by its place."""
    return tuple(x for x in found.facts if x[0] != "row")


def assert_refused_like_one_ruleset(plans, found, mixed, period) -> None:
    """Row, column and words of everything refused are those of the batch of one ruleset."""
    made: dict[str, Counter] = {}
    for x in (x for part in mixed for x in part.refused):
        made.setdefault(x.object, Counter())[x.row, x.column, x.text, x.finding.code, unplaced(x.finding)] += 1
    table, first = table_of(found), 0
    for plan, given_rows in zip(plans, found, strict=True):
        own = Job(plan, embedded, period).score(table.slice(first, len(given_rows))).part.rejects
        told = Counter((x.row + first, column, x.text, x.finding.code, unplaced(x.finding)) for column, x in own)
        mine = made.get(plan.object, Counter())
        assert (told - mine, mine - told) == (Counter(), Counter()), plan.object
        first += len(given_rows)


def scored(plans, found, size=2048, period="full") -> list:
    return list(MixedJob(store_of(plans, period, part=size), embedded).score(table_of(found)))


@settings(max_examples=examples(60), deadline=None, phases=(Phase.generate,))
@given(
    st.lists(cases(plain=True), min_size=1, max_size=4),
    st.sampled_from((1, 2, 2048)),
    st.sampled_from(("full", "half")),
)
def test_different_rulesets_at_once_score_as_each_alone(found, size, period) -> None:
    plans, tables = named([x.plan for x in found]), [x.table for x in found]
    mixed = scored(plans, tables, size, period)
    assert_alike(plans, tables, mixed, period)
    assert_refused_alike(plans, tables, mixed, period)


# ---- rules whose rows stand for themselves, so that every project goes the common way

RUBRICS = (
    "比例得分", "达标得满分", "及格比例得分(gate: {a}%)", "{{ completion >= {a}% -> 100%  completion >= {b}% -> 60%  otherwise -> 0 }}",
    "{{ met -> 100%  completion > {b}% -> interpolate(completion, {b}%: 0%, 100%: 100%)  otherwise -> 0 }}",
    "{{ met -> 100%  missing -> 0  otherwise -> 50% }}", "{{ met -> 100%  otherwise -> max(0, points - {c} * ceil(gap / {s})) }}",
    "{{ met -> 100%  otherwise -> max(0, points - gap / {s} / 7) }}", "{{ met -> 100%  completion >= {b}% -> 60% .. 100%  otherwise -> 0 .. 60% }}",
)  # fmt: skip
UNITS = ("件", "%", "万元", "天")
MONEY_UNITS = ("万元", "元", "亿元")
FORMULAS = (
    "spent(支出) / budget(支出)", "spent(甲费) / budget(甲费)", "{{ plan(支出) > 0元 -> spent(支出) / plan(支出) }}", "办结 / 应办",
    "(应办 - 办结) / 应办", "{{ 在岗 > 0人 -> 办结 / 在岗 / 1件 * 1人  otherwise -> 0 }}", "{{ 方式 = \"外包\" -> 办结 / 应办  otherwise -> 100% }}",
    "min(100%, spent(收入) / 20万元)", "max(0%, 100% - spent(支出) / budget(支出))", "满意率 * 办结 / 应办", "round(办结 / 应办, 2)",
)  # fmt: skip
CONDITIONS = (
    '方式 = "外包"',
    '方式 = "自办"',
    "办结 > 5件",
    '说明 = "有"',
    "spent(支出) >= 3万元",
    "满意率 >= 50%",
    "met(满意率)",
)


@st.composite
def facts(draw) -> tuple[str, list[str], list[tuple]]:
    """Money and inputs of a project: how they are declared, rows that look at them (without points), and what is given of them."""
    unit = draw(st.sampled_from(("万元", "元")))
    plan, half = draw(st.sampled_from(((20, 8), (F(45, 2), 0), (F(1, 3), ""), (700, 350), (F(123456789015, 10), 3))))
    second = draw(st.sampled_from((0, 3, F(11, 10))))
    whole = format_number(round(F(plan) * 100) / F(100) + second)
    plan = format_number(round(F(plan) * 100) / F(100))
    spends = f" spend 甲费 {f'half {half} ' if half != '' else ''}full {plan} as 甲\n"
    spends += f" spend 乙费 full {format_number(second)} {{ 乙一 full {format_number(second)} }}\n" if second else ""
    head = f"funds {unit} {{\n income 财政拨款 full {whole}\n{spends}}}\n"
    head += "input 应办 as 应 : 件 values whole 1 ..\ninput 办结 : 件 values whole 0 ..\ninput 在岗 : 人\n"
    head += 'input 方式 values "自办", "外包"\ninput 说明 : text\n'
    rows = ['满意率 full "≥80%"', '到位率 half "序时进度" full "=100%"']
    for n, formula in enumerate(draw(st.lists(st.sampled_from(FORMULAS), max_size=3))):
        target = draw(st.sampled_from(("≥90%", "=100%", "≤50%", "≥95.5%"))).replace(
            "%", "" if "在岗" in formula or "round" in formula else "%"
        )
        domain = draw(
            st.sampled_from(
                ("", "values 0% .. 100%", "values 0% ..") if target.endswith("%") else ("", "values 0 .. 3")
            )
        )
        rows.append(
            f'算{n} = {formula.replace("{{", "{").replace("}}", "}")} full "{target}" half "{target}" {domain} {"exact" if target[0] == "=" else ""}'
        )
    if draw(st.booleans()):
        rows.append(f'有条件 full "≥3件" half "≥1件" applies {draw(st.sampled_from(CONDITIONS))}')
    money = (f"{plan}{unit}", plan, "3.5万元", "40000元", "0.002亿元", "", "很多", "5件", "12345678", "-1", "1/3")
    number = ("10", "9件", "9.5", "0", "", "-3件", "三", "7人", "123456789012", "12万件")
    given = {
        "甲费": money, "甲": money, "乙费": money, "乙一": money, "支出": money, "支出/甲费": money, "收入": money, "应办": number, "应": number, "办结": number,
        "在岗": number, "方式": ("自办", "外包", " 外包。", "别的", "", "不适用"), "说明": ("有", "有。", "无", "1", ""), "满意率": ("90%", "75%", "", "不适用", "0.9"), "到位率": ("50%", "49.99%", "100%"),
        "有条件": ("4", "2件", "", "不适用", "无"), "算0": ("", "不适用", "90%"), "算1": ("不适用", "")}  # fmt: skip
    table = []
    for name, values in given.items():
        for _ in range(draw(st.sampled_from((0, 1, 1, 1, 1, 2)))):
            extra = {"unit": draw(st.sampled_from(("", "", "", "万元", "件")))}
            if name.startswith(("算", "有")):
                extra |= {
                    "mark": draw(st.sampled_from(("", "", "1"))),
                    "override": draw(st.sampled_from(("", "", "0.5", "1000"))),
                    "explanation": "见说明",
                }
            table.append((draw(st.sampled_from((name, name, f" {name} "))), draw(st.sampled_from(values)), extra))
    for _ in range(draw(st.sampled_from((0, 0, 1, 2)))):
        condition = draw(st.sampled_from((*CONDITIONS, "not met(满意率)", "spent(支出) > budget(支出)", "办结 < 5件")))
        head += f"ceiling {condition} -> {draw(st.sampled_from(('良', '差', '3', '0.5', '2.25')))}\n"
    if draw(st.integers(0, 3)) == 0:
        head += "award 先进 when lost(总分) = 0\n"
    return head, rows, draw(st.permutations(table))


@st.composite
def projects(draw, with_facts=False) -> tuple[str, list[tuple]]:
    """Rules of a project with amounts of its own, and rows for it."""
    lines, table, number, head_of_facts = [], [], 0, ""
    if with_facts:
        head_of_facts, own, table = draw(facts())
        points = [draw(st.sampled_from((F(1), F(3), F(5, 2)))) for _ in own]
        rubrics = ("达标得满分", "{ met -> 100%  completion >= 60% -> 50%  otherwise -> 0 }", "{ met -> 60% .. 100%  otherwise -> 0 .. 60% }",
                   "{ missing -> 0  met -> 100%  otherwise -> max(0, points - gap / 1% / 7) }", '{ 方式 = "外包" -> 50%  met -> 100%  otherwise -> 0 }',
                   "{ 办结 > 8件 -> 100%  met -> 80%  otherwise -> 0 }")  # fmt: skip
        ways = [
            draw(
                st.sampled_from(
                    rubrics[: 5 if "exact" in x else 6] if "%" in x.partition(" full ")[2][:8] else rubrics[:3]
                )
            )
            for x in own
        ]
        inner = [f"{x} points {format_number(y)} by {way}" for x, y, way in zip(own, points, ways, strict=True)]
        only = draw(st.sampled_from(("", "", "", *(f"applies {x}" for x in CONDITIONS[:5]))))
        lines.append(f"事实 points {format_number(sum(points))} {only} {{\n" + "\n".join(inner) + "\n}")
    groups = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    weights = draw(st.sampled_from(("points", "weight"))) if len(groups) in (1, 2) and not with_facts else "points"
    for n, count in enumerate(groups):
        points = [draw(st.sampled_from((F(1), F(3), F(5), F(5, 2), F(10)))) for _ in range(count)]
        share = ("100%",) if len(groups) == 1 else ("33.3%", "66.7%")
        head = f"weight {share[n]}" if weights == "weight" else f"points {format_number(sum(points))}"
        inner = []
        for worth in points:
            name, number = f"指标{number}", number + 1
            if draw(st.integers(0, 3)) == 0:
                word = draw(st.sampled_from(("健全", "完备", "是")))
                inner.append(
                    f'{name} full "{word}" half "{word}" points {format_number(worth)} by {{ "{word}" -> 100%  otherwise -> 0 .. 60% }}'
                )
                value = draw(st.sampled_from((word, word + "。", "不健全", "无", "", "不适用", "3")))
            else:
                unit, op = draw(st.sampled_from(UNITS)), draw(st.sampled_from(("≥", "≤", "=")))
                limit = draw(st.sampled_from((F(1), F(7), F(60), F(95), F(995, 10))))
                rubric = draw(st.sampled_from(RUBRICS)).format(
                    a=draw(st.sampled_from((60, 80, 90))),
                    b=draw(st.sampled_from((30, 50, 43, 61))),
                    c=draw(st.sampled_from(("0.5", "1", "0.3"))),
                    s=f"1{unit}",
                )
                way = "exact" if op == "=" else ""
                half = draw(st.sampled_from(("", f'half "{op}{format_number(limit / 2)}{unit}"')))
                inner.append(
                    f'{name} full "{op}{format_number(limit)}{unit}" {half} {way} points {format_number(worth)} by {rubric}'
                )
                near = limit * draw(
                    st.sampled_from((F(0), F(3, 10), F(1, 2), F(6, 10), F(8, 10), F(9, 10), F(1), F(4, 3), F(3)))
                )
                near = max(F(0), F(round(near * 100)) / 100 + draw(st.sampled_from((F(0), F(1, 100), F(-1, 100)))))
                value = draw(
                    st.sampled_from(
                        (
                            format_number(near) + unit,
                            format_number(near),
                            format_number(near) + " " + unit,
                            "",
                            "不适用",
                            "很多",
                            "-1",
                            "1/3",
                        )
                    )
                )
            extra = {"mark": draw(st.sampled_from(("", "", "1", "60%", "99", "两分")))} if ".." in inner[-1] else {}
            extra["override"] = draw(st.sampled_from(("",) * 9 + ("0.5", "1000", "0.125")))
            extra["unit"] = draw(st.sampled_from(("", "", "%", "元")))
            extra["explanation"] = "见说明"
            for _ in range(draw(st.sampled_from((0, 1, 1, 1, 1, 1, 1, 2)))):
                table.append((draw(st.sampled_from((name, f"组{n}/{name}", f" {name} "))), value, extra))
        lines.append(f"组{n} {head} {{\n" + "\n".join(inner) + "\n}")
    policies = ("not_applicable rescale", "not_applicable full", "not_applicable zero", "")
    policy = draw(st.sampled_from(policies[:3] if any("applies" in x for x in lines) else policies))
    schemes = ("", "grades { 优 >= 90  良 >= 80  差 < 80 }\n")
    grades = draw(st.sampled_from(schemes[1:] if "ceiling" in head_of_facts else schemes))
    bonus = draw(st.sampled_from(("", '加分 bonus -3 .. 5 { 嘉奖 by { "省级" -> 3  otherwise -> 0 } }\n')))
    if bonus and draw(st.booleans()):
        table.append(("嘉奖", draw(st.sampled_from(("省级", "市级", "不适用"))), {}))
    if draw(st.integers(0, 5)) == 0:
        strange = st.sampled_from(("没有这个", "支出", "收入"))
        table += [
            (draw(strange), draw(st.sampled_from(("1", "很多", "3件"))), {}) for _ in range(draw(st.integers(1, 2)))
        ]
    return f"{policy}\n{grades}{head_of_facts}" + "\n".join(lines) + "\n" + bonus, table


@settings(max_examples=examples(120), deadline=None, phases=(Phase.explicit, Phase.generate))
@given(st.lists(projects(), min_size=1, max_size=6), st.sampled_from((2, 2048)), st.sampled_from(("full", "half")))
def test_projects_of_one_kind_with_amounts_of_their_own_all_go_the_common_way(found, size, period) -> None:
    all_go_the_common_way(found, size, period)


@settings(max_examples=examples(45), deadline=None, phases=(Phase.explicit, Phase.generate))
@given(
    st.lists(projects(with_facts=True), min_size=1, max_size=4),
    st.sampled_from((2, 2048)),
    st.sampled_from(("full", "half")),
)
def test_projects_with_formulas_inputs_money_and_conditions_go_the_common_way_too(found, size, period) -> None:
    all_go_the_common_way(found, size, period, 1)


def all_go_the_common_way(found, size, period, jobs=6) -> None:
    """None by its own plan, every cell and everything refused as for each alone."""
    checked = [compiled(inside(text)) for text, _ in found]
    assert all(x.usable for x in checked), [
        (d.code, d.message(), t)
        for x, (t, _) in zip(checked, found, strict=True)
        for d in x.found
        if d.severity == ERROR
    ]
    plans, tables = named([x.plans()[0] for x in checked]), [x for _, x in found]
    store = store_of(plans, period, part=size)
    mixed = list(MixedJob(store, embedded).score(table_of(tables)))
    assert sum((x.apart for x in mixed), start=mixed[0].apart.__class__()) == {}
    assert_alike(plans, tables, mixed, period)
    assert_refused_alike(plans, tables, mixed, period)
    assert_refused_like_one_ruleset(plans[:jobs], tables[:jobs], mixed, period)


@settings(max_examples=examples(60), deadline=None, phases=(Phase.explicit, Phase.generate))
@given(st.lists(st.booleans().flatmap(projects), min_size=1, max_size=3), st.sampled_from(("full", "half")), st.data())
def test_a_wide_table_is_read_as_that_of_one_ruleset_is(found, period, data) -> None:
    plans = named([compiled(inside(text)).plans()[0] for text, _ in found])
    lines: list[dict[str, str]] = []
    for plan, (_, table) in zip(plans, found, strict=True):
        cells = {OBJECT: plan.object}
        for name, value, *more in table:
            name = name.strip()
            if f"{name}" in row_names(plan):
                extra = more[0] if more else {}
                told = {
                    "": value,
                    ".评分": extra.get("mark", ""),
                    ".复核分": extra.get("override", ""),
                    ".单位": extra.get("unit", ""),
                }
                cells |= {f"{name}{k}": v for k, v in told.items()}
        lines.append(cells)
    titles = data.draw(st.permutations(sorted({x for line in lines for x in line} - {OBJECT})))
    order = data.draw(st.permutations(range(len(lines))))
    wide = pa.table({x: pa.array([lines[i].get(x, "") for i in order], pa.string()) for x in [OBJECT, *titles]})
    store = store_of(plans, period)
    made = melted(wide, store)
    mixed = list(MixedJob(store, embedded).score(made.table))
    rows_of = {x["对象"]: x for part in mixed for x in part.totals.to_pylist()}
    refused: dict[str, Counter] = {}
    for x in (x for part in mixed for x in part.refused):
        where = int(made.rows[x.row]), made.heading(x.row, x.column)
        refused.setdefault(x.object, Counter())[*where, x.text, x.finding.code, unplaced(x.finding)] += 1
    for at, i in enumerate(order):
        own = wide.slice(at, 1).select([x for x in wide.schema.names if x == OBJECT or x in lines[i]])
        alone = Job(plans[i], embedded, period).score(own)
        told = Counter((at, x[0], x[1].text, x[1].finding.code, unplaced(x[1].finding)) for x in alone.part.rejects)
        mine = refused.get(plans[i].object, Counter())
        assert (told - mine, mine - told) == (Counter(), Counter()), plans[i].object
        (total,) = table_of_scores(plans[i], alone.part.objects, alone.scores).to_pylist()
        assert all(total[x] == rows_of[plans[i].object][x] for x in ("总分", "最低可能", "最高可能", "完整"))


@pytest.mark.parametrize(
    "way", ["schedule months", "schedule days", "year 2024\nschedule days", "schedule { half 40%  full 100% }"]
)
def test_the_share_of_the_year_gone_is_that_of_the_day_of_the_job(way) -> None:
    body = f'{way}\n到位率 half "序时进度" full "序时进度" points 10 by 比例得分'
    plans, tables = named([compiled(inside(body)).plans()[0]] * 2), [[("到位率", "60%")], [("到位率", "66.6%")]]
    for period in ("half", "full"):
        store = store_of(plans, period)
        for day in (None, date(2024, 8, 31), date(2024, 2, 29)):
            store.as_of = day
            made = [x for part in MixedJob(store, embedded).score(table_of(tables)) for x in part.rows.to_pylist()]
            cards = [
                evaluate(x, observe(x, rows(y), period)[0], period, day)[0] for x, y in zip(plans, tables, strict=True)
            ]
            assert [F(str(x["得分"])) for x in made] == [x.total for x in cards]
            assert [x["状态"] for x in made] == [STATUS_ZH[x.indicators[0].status] for x in cards]


EVERYTHING = """not_applicable rescale
grades {{ 优 >= 90  良 >= 80  差 < 80 }}
funds 万元 {{
 income 财政拨款 full {a}
 spend 甲费 full {a}
}}
input 方式 values "自办", "外包"
预算执行率 = spent(支出) / budget(支出) full "≥{b}%" points 40 by 比例得分
外包管理 full "健全" points 20 applies 方式 = "外包" by {{ "健全" -> 100%  otherwise -> 0 }}
增长 full "较上年增长{c}%" points 10 by {{ met -> 100%  otherwise -> 0 }}
投诉 points 30 by sum from 100% {{ "投诉" -> -{c} }}
ceiling 方式 = "外包" and spent(支出) > budget(支出) -> 59
"""


def test_everything_of_a_project_goes_through_a_file_and_parts_of_any_size() -> None:
    amounts = [(20, 90, 1), (35, 80, 2), (F(1, 2), 95, 3), (20, 90, 1), (7, 99, 4)]
    texts = [EVERYTHING.format(a=format_number(F(a)), b=b, c=c) for a, b, c in amounts]
    plans = named([compiled(inside(x)).plans()[0] for x in texts])
    tables = [
        [("甲费", "18"), ("方式", "外包"), ("外包管理", "健全"), ("增长", "12", {"prior": "10"}), ("投诉", "投诉")],
        [("支出", "36万元"), ("方式", "外包"), ("外包管理", "不健全"), ("增长", "10", {"prior": "10"})],
        [("支出/甲费", "4000元"), ("方式", "自办"), ("增长", "不适用"), ("投诉", "投诉"), ("投诉", "投诉")],
        [],
        [("甲费", "很多"), ("方式", "别的"), ("投诉", "投诉")],
    ]
    file = io.BytesIO()
    written(store_of(plans, part=3), file)
    for size in (1, 2, 5):
        job = MixedJob(cut(opened(file), size), embedded)
        mixed = list(job.score(table_of(tables)))
        assert_alike(plans, tables, mixed)
        assert_refused_alike(plans, tables, mixed)
        assert sum((x.apart for x in mixed), start=Counter()) == Counter()
        assert sum((Counter(x.tally.alone) for x in mixed), start=Counter()) == {"投诉": 5, "增长": 5}
        assert len(job.reader.kept.plans) == 4 + 4  # two rows of five projects, of which two have the same


def test_plans_that_differ_in_the_name_alone_are_read_once() -> None:
    body = (
        '甲 full "≥{x}件" points 60 by 达标得满分\n乙 full "≥3件" points 40 by 达标得满分\nceiling lost(甲) > 0 -> 50'
    )
    plans = named([compiled(inside(body.format(x=x))).plans()[0] for x in (1, 2, 1, 1)])
    tables = [[("甲", str(i)), ("乙", "9")] for i in range(4)]
    job = MixedJob(store_of(plans), embedded)
    mixed = list(job.score(table_of(tables)))
    assert_alike(plans, tables, mixed)
    assert mixed[0].apart == {"ceilings": 4} and len(job.reader.kept.plans) == 2


def test_a_store_written_and_read_again_scores_the_same() -> None:
    bodies = [
        f'甲 full "≥{x}%" points 60 by 比例得分\n乙 full "≤{y}万元" points 40 by 达标得满分'
        for x, y in ((90, 5), (80, 7), (95, 1))
    ]
    plans = named([compiled(inside(x)).plans()[0] for x in bodies])
    tables = [[("甲", "85.5%"), ("乙", "5")], [("甲", "79.99%")], []]
    file = io.BytesIO()
    written(store_of(plans, part=2), file)
    store = opened(file)
    assert store.count == 3
    assert len(store.shapes) == 2
    mixed = list(MixedJob(store, embedded).score(table_of(tables)))
    assert_alike(plans, tables, mixed)


def test_observations_in_any_order_and_pieces_wait_on_disk(tmp_path) -> None:
    bodies = [
        f'甲 full "≥{60 + x}%" points 60 by 比例得分\n乙 full "≤{x + 1}万元" points 40 by 达标得满分' for x in range(9)
    ]
    plans = named([compiled(inside(x)).plans()[0] for x in bodies])
    tables = [[("甲", f"{50 + 2 * i}.5%"), ("乙", str(i)), ("丙", "1")] for i in range(9)]
    whole = table_of(tables)
    mixed_up = whole.take(pa.array([(i * 11) % 27 for i in range(27)]))
    strange = mixed_up.slice(5, 1).set_column(0, "对象", pa.array(["别的项目"]))
    pieces = [mixed_up.slice(0, 7), strange, mixed_up.slice(7, 20)]
    job = MixedJob(store_of(plans, part=2), embedded)
    job_parts = []
    for part in job.score(iter(pieces), tmp_path):
        job_parts.append(part)
    assert_alike(plans, tables, [x for x in job_parts if x.totals.num_rows])
    refused = [x for part in job_parts for x in part.refused]
    line = pa.concat_tables(pieces)
    assert [(x.object, x.finding.code) for x in refused if x.object == "别的项目"] == [("别的项目", "B118")]
    assert {x.row for x in refused if x.finding.code != "B118"} == {
        i for i, x in enumerate(line.column("指标").to_pylist()) if x == "丙"
    }
    assert all(line.column("对象")[x.row].as_py() == x.object for x in refused)


def test_shelves_keep_the_order_and_leave_no_file(tmp_path) -> None:
    shelves = Shelves(tmp_path, most=100)
    for i in range(20):
        shelves.put(i % 3, pa.table({"n": list(range(i * 10, i * 10 + 10))}))
    assert list(tmp_path.iterdir())
    assert shelves.take(1).column("n").to_pylist() == [x for i in range(1, 20, 3) for x in range(i * 10, i * 10 + 10)]
    assert shelves.take(7) is None
    assert shelves.take(0).num_rows + shelves.take(2).num_rows == 130
    assert list(tmp_path.iterdir()) == []


def test_the_first_plan_of_an_object_counts_and_the_second_is_named() -> None:
    plans = [
        attrs.evolve(compiled(inside(f'甲 full "≥{x}件" points 10 by 达标得满分')).plans()[0], object="同名")
        for x in (1, 9)
    ]
    builder = Builder()
    builder.store.parts = list(builder.tables(plans))
    assert builder.twice == ["同名"]
    (made,) = MixedJob(builder.store, embedded).score(pa.table({"对象": ["同名"], "指标": ["甲"], "实际值": ["5件"]}))
    assert made.totals.column("总分").to_pylist() == [10]


def test_a_folder_of_rules_becomes_a_store_and_scores_a_table(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("规则").mkdir()
    for i, name in enumerate(("甲项目", "乙项目")):
        Path(f"规则/{i}.perf").write_text(
            f'project "{name}" {{\n 件数 full "≥{i + 2}件" points 10 by {{ met -> 100%  otherwise -> 0 }}\n}}\n',
            "utf-8",
        )
    Path("完成值.csv").write_text(
        "对象,指标,实际值\n乙项目,件数,2件\n丙项目,件数,1件\n甲项目,件数,2件\n甲项目,没有的,1\n", "utf-8"
    )
    runner = CliRunner()
    made = runner.invoke(perfdsl, ["compile", "规则", "-o", "库.parquet"])
    assert (made.exit_code, "2 个对象" in made.output) == (0, True)
    for rules in ("库.parquet", "规则"):
        done = runner.invoke(perfdsl, ["batch", rules, "--actuals", "完成值.csv", "-o", "得分.csv", "--force"])
        assert done.exit_code == 1, done.output
        assert Path("得分.csv").read_text("utf-8-sig").splitlines()[1:] == [
            "甲项目,件数,10.00,达标,1",
            "乙项目,件数,0.00,未达标,2",
        ]
        totals = [x.split(",")[:2] for x in Path("得分.totals.csv").read_text("utf-8-sig").splitlines()[1:]]
        assert totals == [["甲项目", "10.00"], ["乙项目", "0.00"]]
        refused = [x.split(",") for x in Path("得分.rejects.csv").read_text("utf-8-sig").splitlines()[1:]]
        assert [(x[1], x[2], x[5]) for x in refused] == [("3", "丙项目", "B118"), ("5", "甲项目", "A101")]
    assert (
        runner.invoke(
            perfdsl, ["batch", "库.parquet", "--period", "half", "--actuals", "完成值.csv", "-o", "a.csv"]
        ).exit_code
        == 2
    )


def many(tmp_path: Path, count: int) -> None:
    """Rules of their own for so many projects, and a long table in no order, with a few lines nobody can use."""
    Path("规则").mkdir()
    for i in range(count):
        body = f' 件数 full "≥{i + 2}件" points 60 by 比例得分\n 率 full "≥{80 + i}%" points 40 by 比例得分\n'
        if i % 3 == 2:
            body = ' input 类别 values "甲"\n 件数 full "≥2件" points 50 by { met -> 100%  otherwise -> 0 }\n ceiling lost(件数) > 0 -> 49\n'
        Path(f"规则/{i}.perf").write_text(f'use 财预2020_10号\nproject "项{i}" {{\n{body}}}\n', "utf-8")
    lines = (
        [(f"项{i}", "件数", str(i)) for i in range(count)]
        + [(f"项{i}", "率", "75.5%") for i in range(count) if i % 4]
        + [("谁", "率", "1%")]
    )
    Path("长.csv").write_text("对象,指标,实际值\n" + "".join(f"{','.join(x)}\n" for x in lines), "utf-8")


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(perfdsl, ["batch", *words], catch_exceptions=False)
    return done.exit_code, done.output


def test_many_rulesets_are_told_of_like_one(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    many(tmp_path, 9)
    words = ["--summary", "汇总.json", "--summary", "汇总.html", "--summary", "汇总.svg"]
    code, printed = run("规则", "--actuals", "长.csv", "-o", "得分.csv", "--format", "json", *words)
    schema = json.loads((Path(__file__).parent.parent / "docs" / "batch.schema.json").read_text("utf-8"))
    made = json.loads(Path("汇总.json").read_text("utf-8"))
    jsonschema.validate(made, schema)
    assert code == 1 and json.loads(printed[printed.index("{") :])["total"] == made["total"]
    scored = [x.split(",") for x in Path("得分.csv").read_text("utf-8-sig").splitlines()[1:]]
    totals = [x.split(",") for x in Path("得分.totals.csv").read_text("utf-8-sig").splitlines()[1:]]
    assert made["objects"] == len(totals) == 9 and made["complete"] == sum(x[5] == "是" for x in totals)
    points = {"件数": {f"项{i}": 50 if i % 3 == 2 else 60 for i in range(9)}, "率": {f"项{i}": 40 for i in range(9)}}
    for row in made["indicators"]:
        known = [(x[0], Fraction(x[2])) for x in scored if x[1] == row["path"] and x[2]]
        assert Fraction(row["lost"]) == sum((points[row["path"]][name] - value for name, value in known), Fraction(0))
        assert row["scored"] == len(known) and (row["points"], row["path"]) in ((None, "件数"), ("40", "率"))
    full = {f"项{i}": 50 if i % 3 == 2 else 100 for i in range(9)}
    shares = [Fraction(x[1]) / full[x[0]] * 100 for x in totals if x[1]]
    assert made["total"]["known"] == sum(x["count"] for x in made["total"]["bins"]) == len(shares)
    assert made["total"]["full"] == "100" and abs(
        Fraction(made["total"]["mean"]) - sum(shares) / len(shares)
    ) <= Fraction(1, 200)
    assert {x["name"]: x["count"] for x in made["grades"]} == {
        g: sum(x[4] == g for x in totals) for g in ("优", "良", "中", "差")
    }
    assert made["rejects"]["codes"]["B118"] == 1
    assert [x["count"] for x in made["exact"]] == [3]
    assert Path("汇总.svg").read_text("utf-8").strip() in Path("汇总.html").read_text("utf-8")


def test_what_is_given_and_counts_for_nothing_is_told_as_score_tells_it(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("规则").mkdir()
    rules = (
        'not_applicable rescale 制度 full "健全" points 40 by { "健全" -> 100%  otherwise -> 0 .. 60% } 件数 full "≥2件" points 60 by { met -> 100%  otherwise -> 0 }',
        '制度 full "完备" points 30 by { "完备" -> 100%  otherwise -> 0 .. 50% } 件数 full "≥7件" points 70 by { met -> 100%  otherwise -> 0 } 备用 full "≥1件"',
        'not_applicable zero 投入 { 制度 full "健全" points 20 by { "健全" -> 100%  "较好" -> 50% .. 80%  otherwise -> 0 } } 件数 full "≤3件" points 80 by { met -> 100%  otherwise -> 0 }',
    )
    given = (
        [("制度", "健全", "3", ""), ("件数", "1", "", "100")],
        [("制度", "差", "60%", ""), ("件数", "不适用", "", "2"), ("备用", "3", "1", "")],
        [("投入/制度", "较好", "3", ""), ("件数", "不适用", "5", "")],
    )
    for i, text in enumerate(rules):
        lines = (
            text.replace(" 件数", "\n件数")
            .replace(" 制度", "\n制度")
            .replace(" 备用", "\n备用")
            .replace("投入 {", "\n投入 points 20 {")
        )
        Path(f"规则/{i}.perf").write_text(f'project "项{i}" {{\n{lines}\n}}\n', "utf-8")
        rows = "".join(f"项{i},{','.join(x)}\n" for x in given[i])
        Path(f"{i}.csv").write_text(f"对象,指标,实际值,评分,复核分\n{rows}", "utf-8")
    code, printed = run("规则", "--actuals", "[0-2].csv", "-o", "得分.csv", "--format", "json")
    assert code == 1 and json.loads(printed[printed.index("{") :])["exact"] == []  # all by their shapes
    refused = list(csv.DictReader(Path("得分.rejects.csv").read_text("utf-8-sig").splitlines()))
    seen = set()
    for i in range(3):
        printed = (
            CliRunner().invoke(perfdsl, ["score", f"规则/{i}.perf", "--actuals", f"{i}.csv", "--format", "json"]).output
        )
        told = json.loads(printed[printed.index("{") :])["findings"]
        mine = [(x["代码"], x["说明"], x["怎么改"], x["行"]) for x in refused if x["文件"] == f"{i}.csv"]
        wanted = [(x["code"], x["message"], x["help"], str(x["start"]["line"])) for x in told if x["code"] in REFUSED]
        assert sorted(mine) == sorted(wanted) != []
        seen |= {x[0] for x in mine}
    assert seen == {"E101", "E102", "E105", "E106", "E111"}
    assert {(x["代码"], x["列"], x["原文"]) for x in refused} >= {
        ("E102", "评分", "60%"),
        ("E106", "复核分", "100"),
        ("E111", "实际值", "不适用"),
    }


def refusals(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(Path(name).read_text("utf-8-sig").splitlines()))


def test_the_exact_engine_and_parts_of_any_size_give_the_same(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    many(tmp_path, 9)
    with Path("长.csv").open("a", encoding="utf-8") as file:
        file.write("项0,率,很多\n项1,没有的,3\n项4,率,不适用\n")
    CliRunner().invoke(perfdsl, ["compile", "规则", "-o", "库.parquet"], catch_exceptions=False)
    run("规则", "--actuals", "长.csv", "-o", "a.csv", "--top", "2", "--bottom", "1")
    cases = {
        "exact": ("规则", "--engine", "exact"),
        "2": ("规则", "--part", "2"),
        "4": ("库.parquet", "--part", "4"),
        "100": ("库.parquet", "--part", "100"),
    }
    for name, (rules, *words) in cases.items():
        _, printed = run(
            rules, "--actuals", "长.csv", "-o", f"{name}.csv", *words, "--format", "json", "--top", "2", "--bottom", "1"
        )
        for kind in ("csv", "totals.csv", "lists.csv"):
            assert Path(f"a.{kind}").read_bytes() == Path(f"{name}.{kind}").read_bytes(), (name, kind)
        assert refusals("a.rejects.csv") == refusals(f"{name}.rejects.csv"), name
        told = json.loads(printed[printed.index("{") :])["exact"]
        wanted = ("asked for", 9) if name == "exact" else ("ceilings", 3)
        assert [(x["kind"], x["count"]) for x in told] == [wanted] and told[0]["reason"]
    code, printed = run("库.parquet", "--actuals", "长.csv", "-o", "b.csv", "--engine", "exact")
    assert code == 2 and "请给规则文件夹" in printed


@pytest.mark.parametrize("data", ["对象,指标,实际值\n", "项目名称,率,件数\n", "对象,指标,实际值\n没有的,率,3\n"])
@pytest.mark.parametrize("engine", ["embedded", "exact"])
def test_every_project_has_a_result_where_nothing_was_observed(tmp_path, monkeypatch, data, engine) -> None:
    monkeypatch.chdir(tmp_path)
    many(tmp_path, 9)
    Path("空.csv").write_text(data, "utf-8")
    code, _ = run("规则", "--actuals", "空.csv", "-o", "a.csv", "--engine", engine, "--part", "4")
    assert code == 1
    assert [(x["对象"], x["总分"], x["完整"]) for x in refusals("a.totals.csv")] == [
        (f"项{i}", "", "否") for i in range(9)
    ]
    assert {x["状态"] for x in refusals("a.csv")} <= {"", "缺完成值"}


def test_an_object_without_rules_is_named_once_on_the_screen(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    many(tmp_path, 2)
    Path("多.csv").write_text("对象,指标,实际值\n没有的,率,3\n没有的,件数,3\n别的,率,3\n没有的,率,4\n", "utf-8")
    _, printed = run("规则", "--actuals", "多.csv", "-o", "a.csv")
    assert [printed.count(f"“{x}”没有规则") for x in ("没有的", "别的")] == [1, 1]
    assert len(refusals("a.rejects.csv")) == 4


def test_the_first_and_the_last_of_many_rulesets_are_those_of_one(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    rules = 'use 财预2020_10号\nproject "{name}" {{\n input 类别 values "市", "县"\n {input}件数 full "≥{limit}件" points {points} by 比例得分\n}}\n'
    Path("一份.perf").write_text(rules.format(name="甲", input="", limit=8, points=100), "utf-8")
    Path("规则").mkdir()
    lines = [("项目", "类别", "件数")]
    for i in range(30):
        Path(f"规则/{i:02}.perf").write_text(rules.format(name=f"项{i}", input="", limit=8, points=100), "utf-8")
        lines.append((f"项{i}", ("市", "县", "")[i % 3], str(i * 7 % 11) if i % 7 else ""))
    Path("宽.csv").write_text("".join(",".join(x) + "\n" for x in lines), "utf-8")
    words = ("--actuals", "宽.csv", "--top", "4", "--bottom", "3", "--by", "类别")
    run("一份.perf", *words, "-o", "一.csv")
    code, printed = run("规则", *words, "-o", "多.csv", "--part", "4")
    assert refusals("一.lists.csv") == refusals("多.lists.csv") and len(refusals("多.lists.csv")) == 21
    assert code == 1 and "市前4名" in printed
    assert run("规则", *words[:-1], "别的", "-o", "c.csv")[0] == 2


def test_totals_of_different_full_marks_are_listed_apart(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    many(tmp_path, 12)
    run("规则", "--actuals", "长.csv", "-o", "a.csv", "--top", "3", "--bottom", "12", "--summary", "a.json")
    totals = {x["对象"]: x["总分"] for x in refusals("a.totals.csv")}
    made = json.loads(Path("a.json").read_text("utf-8"))
    jsonschema.validate(
        made, json.loads((Path(__file__).parent.parent / "docs" / "batch.schema.json").read_text("utf-8"))
    )
    for full, mine in ((100, [i for i in range(12) if i % 3 != 2]), (50, [i for i in range(12) if i % 3 == 2])):
        known = [(Fraction(totals[f"项{i}"]), f"项{i}") for i in mine if totals[f"项{i}"]]
        first, last = (x for x in made["lists"] if x["class"] == f"满分{full}")
        best = sorted(known, key=lambda x: -x[0])
        assert [Fraction(x["total"]) for x in first["objects"]] == [x for x, _ in best[:3]]
        assert {(Fraction(x["total"]), x["object"]) for x in last["objects"]} == set(known)
        assert [x["place"] for x in first["objects"]] == [1 + sum(y > x for y, _ in known) for x, _ in best[:3]]
        assert (first["members"], first["open"]) == (len(known), len(mine) - len(known))


def test_wide_and_long_tables_of_many_rulesets_give_the_same(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    many(tmp_path, 9)
    long = list(csv.reader(Path("长.csv").read_text("utf-8").splitlines()))[1:]
    cells = {(owner, name): value for owner, name, value in long}
    owners = list(dict.fromkeys(x[0] for x in long))
    wide = [[x, cells.get((x, "率"), ""), "记", cells.get((x, "件数"), "")] for x in owners]
    Path("宽.csv").write_text("项目名称,率,备注,件数（件）\n" + "".join(",".join(x) + "\n" for x in wide), "utf-8")
    table = pa.table(
        {
            "项目名称": owners,
            "率": [x[1] for x in wide],
            "件数": pa.array([int(x[3]) if x[3] else None for x in wide], pa.decimal128(9, 2)),
        }
    )
    pyarrow.parquet.write_table(table, "宽.parquet")
    half = len(wide) // 2
    Path("前.csv").write_text("项目名称,率,件数\n" + "".join(f"{x[0]},{x[1]},{x[3]}\n" for x in wide[:half]), "utf-8")
    rest = [
        (owner, name, value)
        for owner, *_ in wide[half:]
        for name in ("率", "件数")
        if (value := cells.get((owner, name)))
    ]
    Path("后.csv").write_text("对象,指标,实际值,评分\n" + "".join(f"{','.join(x)},\n" for x in rest), "utf-8")
    done = {}
    for name, files in (("长", ["长.csv"]), ("宽", ["宽.csv"]), ("列", ["宽.parquet"]), ("半", ["前.csv", "后.csv"])):
        words = [y for x in files for y in ("--actuals", x)]
        run("规则", *words, "-o", f"{name}得分.csv")
        refused = csv.DictReader(Path(f"{name}得分.rejects.csv").read_text("utf-8-sig").splitlines())
        told = {(x["对象"], x["列"], x["代码"]) for x in refused}
        done[name] = Path(f"{name}得分.csv").read_bytes(), Path(f"{name}得分.totals.csv").read_bytes(), told
    assert done["长"] == done["宽"] == done["列"] == done["半"]
    assert ("谁", "对象", "B118") in done["宽"][2]


def test_many_rulesets_go_on_where_they_were_stopped_and_make_workbooks(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    many(tmp_path, 9)

    def small(rules, period, apart=""):
        store, found, twice = plan_store.store_of(rules, period, apart)
        store.parts = [x.slice(at, 2) for x in store.parts for at in range(0, x.num_rows, 2)]
        return store, found, twice

    run("规则", "--actuals", "长.csv", "-o", "a.csv", "--summary", "a.json")
    monkeypatch.setattr(batch_mixed, "store_of", small)
    real = batch_mixed.Run.keep

    def stops(self, number, part):
        if number == 2:
            raise KeyboardInterrupt
        real(self, number, part)

    with monkeypatch.context() as patch:
        patch.setattr(batch_mixed.Run, "keep", stops)
        CliRunner().invoke(perfdsl, ["batch", "规则", "--actuals", "长.csv", "-o", "b.csv"])
    assert len(list(Path().glob("b.parts/00000?.json"))) == 2
    kept_parts: list[int] = []
    with monkeypatch.context() as patch:
        patch.setattr(
            batch_mixed.Run, "keep", lambda self, number, part: (kept_parts.append(number), real(self, number, part))[1]
        )
        run("规则", "--actuals", "长.csv", "-o", "b.csv", "--summary", "b.json")
    assert kept_parts == [2, 3, 4, 5]
    for kind in ("csv", "totals.csv", "rejects.csv"):
        assert Path(f"a.{kind}").read_bytes() == Path(f"b.{kind}").read_bytes()
    assert Path("a.json").read_text("utf-8").replace("a.", "b.") == Path("b.json").read_text("utf-8")
    run("规则", "--actuals", "长.csv", "-o", "c.xlsx")
    assert not list(Path().glob("*.parts"))
    for name, sheet in (("a.csv", "c.xlsx"), ("a.totals.csv", "c.totals.xlsx")):
        rows = CalamineWorkbook.from_path(sheet).get_sheet_by_name("得分").to_python()
        lines = [x.split(",") for x in Path(name).read_text("utf-8-sig").splitlines()]
        assert [[str(y) if isinstance(y, str) else Fraction(str(y)) for y in x] for x in rows[1:]] == [
            [y if isinstance(z, str) else Fraction(y) for y, z in zip(line, row, strict=True)]
            for line, row in zip(lines[1:], rows[1:], strict=True)
        ]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_numbers_an_engine_has_no_room_for_are_scored_all_the_same(tmp_path, monkeypatch, engine) -> None:
    monkeypatch.chdir(tmp_path)
    many(tmp_path, 4)
    with Path("长.csv").open("a", encoding="utf-8") as file:
        file.write(f"项0,率,{'9' * 45}.5%\n项1,件数,{'9' * 60}\n")
    run("规则", "--actuals", "长.csv", "-o", "a.csv")
    run("规则", "--actuals", "长.csv", "-o", "b.csv", "--engine", engine)
    assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes()
