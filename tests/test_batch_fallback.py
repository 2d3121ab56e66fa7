"""What an engine cannot score the exact engine does: only those rows, only those indicators, and the table says so."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import hypothesis.strategies as st
import pyarrow as pa
import pytest
from agreement import batched
from click.testing import CliRunner
from gate import examples
from hypothesis import Phase, given, settings
from scoring import compiled, inside
from test_batch import long_table
from test_laws import cases

from perfdsl import program as g
from perfdsl.batch import Job
from perfdsl.cli.main import perfdsl
from perfdsl.engines import Engine, duckdb_, embedded, plain, polars_
from perfdsl.extent import widest
from perfdsl.fallback import WORDS, Fallback, Why, fallback_json, fallback_of, told_together
from perfdsl.integers import NoRoom, NotCovered
from perfdsl.plan import Plan
from perfdsl.testing.rulesets import tables
from perfdsl.unroll import unroll

ENGINES = [embedded, plain, polars_, duckdb_]
LONG = ("." + "3" * 45, "1" * 40, "9" * 25 + ".5", "." + "0" * 41 + "1")


def same(plan: Plan, table: pa.Table, engine: object, period: str = "full") -> Job:
    """Scores, statuses, cases, limits, grades, awards and rejects of every object as by the exact engine."""
    job = Job(plan, engine, period)
    made, exact = job.score(table), Job(plan, None, period).score(table)
    assert made.part.objects == exact.part.objects
    for i in range(len(made.part.objects)):
        assert batched(made.scores, i) == batched(exact.scores, i)
    assert told(made) == told(exact)
    return made


def told(made) -> list[tuple[object, ...]]:
    return [(x.row, name, x.text, x.finding.code, x.finding.facts) for name, x in made.part.rejects]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def crowds(data, world, first, least: int) -> list[object]:
    """The observations of some objects."""
    found = [first, *(data.draw(tables(world)) for _ in range(data.draw(st.integers(least, 5))))]
    return [x for x in found if x]


def lengthened(found, data, long: tuple[str, ...]) -> list[object]:
    """The same observations; of some objects numbers are very long."""
    places = [(i, j) for i, rows in enumerate(found) for j, (_, value, _) in enumerate(rows) if value[:1].isdigit()]
    chosen = data.draw(st.sets(st.sampled_from(places), min_size=1, max_size=3)) if places else set()
    by = data.draw(st.sampled_from(long))

    def longer(value: str) -> str:
        return re.sub(r"^(\d+)(\.\d+)?", lambda x: x[1] + by if by[0] == "." else by, value)

    return [[(name, longer(value) if (i, j) in chosen else value, more) for j, (name, value, more) in enumerate(rows)]
            for i, rows in enumerate(found)]  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES, ids=lambda x: x.NAME)
@settings(max_examples=examples(25), deadline=None, phases=(Phase.generate,))
@given(cases(), st.data())
def test_rows_of_long_numbers_are_scored_as_the_others(engine: Engine, case, data) -> None:
    pytest.importorskip(engine.NEEDS[0])
    world, plan, first = case
    found = crowds(data, world, first, 1)
    if found:
        same(plan, long_table(lengthened(found, data, LONG)), engine, data.draw(st.sampled_from(("full", "half"))))


def narrow(digits: int) -> object:
    """An engine that has no room for numbers of so many digits, and runs the rest as the embedded one."""

    def compiled(program: g.Program) -> object:
        for x in program.columns:
            if max(abs(x.low), abs(x.high)) >= 10**digits:
                raise NoRoom(x.name.partition(":")[2], digits + 1, digits, x.name)
        made = unroll(program)
        for name, value in made.results.items():
            if widest([value, *([made.defined[name]] if name in made.defined else [])], made.extents) >= 10**digits:
                raise NoRoom(name.partition(":")[2], digits + 1, digits)
        return embedded.compiled(program)

    return SimpleNamespace(NAME="narrow", compiled=compiled)


@settings(max_examples=examples(50), deadline=None, phases=(Phase.generate,))
@given(cases(), st.integers(8, 18), st.data())
def test_whatever_has_no_room_is_scored_by_the_exact_engine(case, digits, data) -> None:
    world, plan, first = case
    found = crowds(data, world, first, 1)
    if found:
        same(plan, long_table(lengthened(found, data, (".123456789", ".1234567", "123456789012"))), narrow(digits))


def without(paths: set[str]) -> object:
    """An engine that cannot carry these indicators."""

    def compiled(program: g.Program) -> object:
        for step in program.steps:
            if step.path in paths:
                raise NotCovered("word chosen", step.path)
        return embedded.compiled(program)

    return SimpleNamespace(NAME="without", compiled=compiled)


@settings(max_examples=examples(50), deadline=None, phases=(Phase.generate,))
@given(cases(), st.data())
def test_indicators_that_are_not_carried_come_in_as_results(case, data) -> None:
    world, plan, first = case
    found = crowds(data, world, first, 0)
    paths = ["/".join(x.path) for x in plan.indicators]
    chosen = data.draw(st.sets(st.sampled_from(paths), max_size=len(paths) // 2))
    if found:
        made = same(plan, long_table(found), without(chosen), data.draw(st.sampled_from(("full", "half"))))
        carried = {x for one in made.fallbacks for x in one.indicators}
        assert made.whole or carried <= chosen


# ---- real rules: words compared with each other, constants too long for an engine

RULES = """
  not_applicable rescale
  grades { 优 >= 90  良 >= 60  otherwise 差 }
  input 注册地 values "城区", "县区"
  input 经营地 values "城区", "县区"
  组 points 60 {
    甲 full "≥90%" points 40 by 比例得分
    乙 points 20 by { 注册地 = 经营地 -> 15 .. 20  otherwise -> 0 }
  }
  丙 full "健全" points 30 by { "健全" -> 100%  lost(乙) > 0 -> 50%  otherwise -> 0 .. 60% }
  丁 full "≥1.000000000000000000000000000000000000001公里" points 10 by 比例得分
  award 好 when score(乙) >= 15 and 丁 >= 1公里
"""
PLACES = ("城区", "县区", "县区", "", "别处")
AMOUNTS = ("", "0.5", "1", "1.5公里", "1." + "0" * 38 + "1", "-3", "不适用", "2" * 40)
SHARES = ("90", "45.5%", "", "90." + "1" * 40, "不适用", "很多", "100")
HEADS = ("注册地", "经营地", "甲（%）", "乙.评分", "丙", "丙.评分", "丁")
CELLS = (PLACES, PLACES, SHARES, ("", "", "16", "3", "20"), ("健全", "健全", "", "一般"), ("", "", "9", "20"), AMOUNTS)


@st.composite
def wide_tables(draw) -> pa.Table:
    rows = draw(st.lists(st.tuples(*map(st.sampled_from, CELLS)), min_size=1, max_size=6))
    columns = {head: pa.array([x[i] for x in rows], pa.string()) for i, head in enumerate(HEADS)}
    return pa.table({"对象": [f"项{i}" for i in range(len(rows))], **columns})


@pytest.mark.parametrize("engine", ENGINES, ids=lambda x: x.NAME)
@settings(max_examples=examples(25), deadline=None, phases=(Phase.generate,))
@given(wide_tables(), st.integers(1, 6))
def test_wide_tables_come_to_the_same_whole_or_in_parts(engine: Engine, table, size) -> None:
    pytest.importorskip(engine.NEEDS[0])
    (plan,) = compiled(inside(RULES)).plans()
    whole = same(plan, table, engine)
    assert whole.whole or [x.indicators for x in whole.fallbacks if x.why.kind == "words compared"] in (
        [],
        [("组/乙",)],
    )
    job = Job(plan, engine)
    parts = [job.score(table.slice(at, size)) for at in range(0, table.num_rows, size)]
    assert [batched(x.scores, i) for x in parts for i in range(x.scores.count)] == [
        batched(whole.scores, i) for i in range(table.num_rows)
    ]
    assert told(whole) == [(at * size + row, *rest) for at, part in enumerate(parts) for row, *rest in told(part)]


@pytest.mark.parametrize("engine", [polars_, duckdb_], ids=lambda x: x.NAME)
def test_only_what_an_engine_cannot_score_is_left_to_the_exact_one(engine: Engine) -> None:
    pytest.importorskip(engine.NEEDS[0])
    (plan,) = compiled(inside(RULES)).plans()
    table = pa.table({"对象": list("abcd"), "注册地": ["城区"] * 4, "经营地": ["城区", "县区"] * 2, "甲（%）": ["90", "8", "7", "90." + "1" * 40],
                      "丙": ["健全"] * 4, "丁": ["1", "2", "0.5", "1"]})  # fmt: skip
    made = same(plan, table, engine)
    assert [(x.why.kind, x.count, x.indicators) for x in made.fallbacks] == [
        ("room", 1, ()), ("words compared", 3, ("组/乙",)), ("room", 3, ("丁",)),
    ]  # fmt: skip


def test_an_indicator_is_scored_once_for_those_that_say_the_same(monkeypatch) -> None:
    (plan,) = compiled(inside(RULES)).plans()
    asked: list[object] = []
    from perfdsl.batch import indicators

    real = indicators.observe
    monkeypatch.setattr(indicators, "observe", lambda *args: (asked.append(args[1]), real(*args))[1])
    table = pa.table({"对象": [f"{i}" for i in range(500)], "注册地": ["城区", "县区"] * 250, "经营地": ["城区"] * 500,
                      "甲": [f"{i}%" for i in range(500)], "丁": ["1公里"] * 500})  # fmt: skip
    made = Job(plan, embedded).score(table)
    assert [x.indicators for x in made.fallbacks] == [("组/乙",)]
    assert [[(x.name, x.value) for x in rows] for rows in asked] == [
        [("注册地", "城区"), ("经营地", "城区")],
        [("注册地", "县区"), ("经营地", "城区")],
    ]


def test_what_stands_above_the_indicators_is_not_parted_from_them() -> None:
    body = """
      input 注册地 values "城区", "县区"
      input 经营地 values "城区", "县区"
      甲 full "≥90%" points 100 by 比例得分
      ceiling not (注册地 = 经营地) -> 59
    """
    (plan,) = compiled(inside(body)).plans()
    made = same(
        plan,
        pa.table({"对象": ["a", "b"], "注册地": ["城区"] * 2, "经营地": ["城区", "县区"], "甲": ["95%", "95%"]}),
        embedded,
    )
    assert made.whole and [int(x) for x in made.scores.total.low] == [10000, 5900]


# ---- the command says so


@pytest.mark.parametrize("part", [None, 2])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command_says_what_the_exact_engine_scored_and_why(
    desk: Path, lang: str, part: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("duckdb")
    (desk / "规则.perf").write_text(f'use 财预2020_10号\nproject "项目" {{{RULES}}}', "utf-8")
    lines = [
        "对象,注册地,经营地,甲（%）,丙,丁",
        *(f"{i},城区,城区,90,健全,{'1.' + '3' * 45 if i == 3 else 1}" for i in range(6)),
    ]
    (desk / "表.csv").write_text("\n".join(lines), "utf-8")
    monkeypatch.setenv("PERFDSL_LANG", lang)
    words = [
        "batch",
        "规则.perf",
        "--actuals",
        "表.csv",
        "-o",
        "得分.csv",
        "--summary",
        "汇总.json",
        "--summary",
        "汇总.html",
    ]
    made = CliRunner().invoke(
        perfdsl, [*words, "--engine", "duckdb", *(["--part", str(part)] if part else [])]
    )  # only 乙 waits for its mark
    assert made.exit_code == 1 and made.exception.code == 1, made.output
    exact = json.loads((desk / "汇总.json").read_text("utf-8"))["exact"]
    assert [(x["kind"], x["indicators"], x["count"]) for x in exact] == [
        ("room", [], 1), ("room", ["丁"], 5), ("words compared", ["组/乙"], 5),
    ]  # fmt: skip
    page = (desk / "汇总.html").read_text("utf-8")
    said = {
        "zh": [
            "精确引擎逐个打分 1 个：数太长，要 ",
            "精确引擎算指标 组/乙（5 个对象）：有两列文字互相比较",
            "精确引擎算指标 丁（5 个对象）：数太长，要 ",
        ],
        "en": [
            "1 object scored one by one by the exact engine: whole numbers of ",
            "组/乙 scored by the exact engine (5 objects): two columns of words compared with each other",
            "丁 scored by the exact engine (5 objects): whole numbers of ",
        ],
    }[lang]
    for line in said:
        assert line in made.stdout and line in made.stderr
    for one in exact:
        assert one["reason"] in page and ("引擎" in page) == (lang == "zh")
        assert bool(re.search(r"[\u4e00-\u9fff]", one["reason"])) == (lang == "zh")
    assert "<td>组/乙</td><td>5</td>" in page
    again = CliRunner().invoke(perfdsl, [*words, "--engine", "exact", "--force"])
    assert ("1 object" if lang == "en" else "1 个") not in again.stderr and not again.stderr


@given(st.sampled_from(sorted(WORDS)))
def test_every_reason_is_said_in_both_languages(kind) -> None:
    why = Why(kind, tuple((x, 3) for x in ("need", "most", "count", "rows", "name")))
    assert re.search(r"[\u4e00-\u9fff]", why.text("zh")) and not re.search(r"[\u4e00-\u9fff]", why.text("en"))


@given(
    st.lists(
        st.builds(
            Fallback,
            st.builds(Why, st.just("room"), st.builds(lambda n, m: (("need", n), ("most", m)), st.integers(1, 99), st.just(38))),
            st.integers(1, 9),
            st.sampled_from([(), ("甲",), ("甲", "乙")]),
        ),
        max_size=8,
    ),
    st.integers(0, 8),
)  # fmt: skip
def test_parts_told_together_are_told_as_one(found, cut) -> None:
    whole = told_together(found)
    assert told_together([*told_together(found[:cut]), *told_together(found[cut:])]) == whole
    assert sum(x.count for x in whole) == sum(x.count for x in found)
    assert [fallback_of(json.loads(json.dumps(fallback_json(x)))) for x in whole] == whole
    assert max((dict(x.why.facts)["need"] for x in whole), default=0) == max(
        (dict(x.why.facts)["need"] for x in found), default=0
    )
