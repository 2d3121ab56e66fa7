"""``perfdsl batch`` with rules that compare objects, and with several assessors: any parts, any order of the rows, any engine
and any interruption give what the exact engine says of all objects together."""

import csv
import io
import json
import os
import random
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import hypothesis.strategies as st
import jsonschema
import pytest
from attrs import evolve
from click.testing import CliRunner
from hypothesis import given, settings
from python_calamine import CalamineWorkbook
from scoring import plan_of, rows
from test_cohort import Unit, rules, unit_rows, units

from perfdsl.cli import batch_run
from perfdsl.cli.batch_data import Files
from perfdsl.cli.main import perfdsl
from perfdsl.cohort import Member, evaluate_together
from perfdsl.evaluate import evaluate
from perfdsl.observe import observe
from perfdsl.plan import Plan
from perfdsl.plan_json import dumps
from perfdsl.scorecard import Scorecard

ROOT = Path(__file__).resolve().parent.parent
WINDOW = """use 财预2020_10号
department "窗口" {
  input 类别 values "县区", "部门"
  办结 full "≥20件" points 20 by { completion >= 100% -> 100%  otherwise -> completion }
  督办 full "=0件" exact points 1 by { met -> 1  otherwise -> 0 }
  award 便民杯 when rank_share(总分, 类别) <= 35% or (rank_share(总分, 类别) <= 50% and lost(督办) = 0)
  award 前三 when rank(总分) <= 3
}
"""


def batch(*words: str, code: int | None = None) -> str:
    """What ``perfdsl batch …`` prints."""
    done = CliRunner().invoke(perfdsl, ["batch", *words], catch_exceptions=False)
    assert code is None or done.exit_code == code, done.output
    return done.output


def told(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(Path(name).read_text("utf-8-sig"))))


def cell(value: Fraction | None) -> Decimal | str:
    return "" if value is None else Decimal(value.numerator) / Decimal(value.denominator)


def number(text: str) -> Decimal | str:
    return Decimal(text) if text else ""


def assert_cells(plan: Plan, cards: Sequence[Scorecard], made: Sequence[dict[str, str]]) -> None:
    """Every cell of a result is that of a card."""
    assert len(made) == len(cards)
    for card, line in zip(cards, made, strict=True):
        found: dict[str, object] = {"总分": number(line["总分"]), "完整": line["完整"], "等级": line["等级"]}
        wanted: dict[str, object] = {
            "总分": cell(card.total),
            "完整": "是" if card.complete else "否",
            "等级": card.grade,
        }
        for name, value in (("最低可能", card.low), ("最高可能", card.high)):
            found[name], wanted[name] = number(line[name]), cell(value)
        for row in (*card.indicators, *card.groups):
            name = f"{row.path[-1]}.得分"
            found[name], wanted[name] = number(line[name]), cell(row.score)
        for row in card.indicators:
            name = f"{row.path[-1]}.情形"
            found[name], wanted[name] = line[name], str(row.case_number or "")
        for award in card.awards:
            found[award.name], wanted[award.name] = line[award.name], {True: "是", False: "否", None: ""}[award.decided]
        for standing in card.standings:
            if standing.word in line:
                value = None if standing.outside else standing.value
                share = standing.word.startswith("rank_share")
                rounded = value if value is None or not share else Fraction((value * 20_000 + 1) // 2, 10_000)
                found[standing.word], wanted[standing.word] = number(line[standing.word]), cell(rounded)
        assert found == wanted


def together(plan: Plan, crowd: Sequence[Sequence[tuple]]) -> list[Scorecard]:
    seen = [observe(plan, rows(x), "full")[0] for x in crowd]
    made = evaluate_together([Member(evolve(plan, object=f"对象{i}"), x) for i, x in enumerate(seen)])
    return [x.card for x in made]


def put(name: str, lines: Sequence[Sequence[object]]) -> None:
    with open(name, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)


@settings(max_examples=15, deadline=None)
@given(
    units, st.sampled_from(["wide", "long", "scattered"]), st.integers(1, 9), st.sampled_from(["embedded", "plain", "exact"]), st.randoms(),
)  # fmt: skip
def test_comparisons_in_parts_are_those_of_all_objects_together(
    tmp_path_factory, crowd: list[Unit], form: str, size: int, engine: str, chance: random.Random
) -> None:
    folder = tmp_path_factory.mktemp("job")
    here = Path.cwd()
    os.chdir(folder)
    try:
        Path("规则.json").write_text(dumps([rules()]), encoding="utf-8")
        if form != "wide":
            crowd = [x for x in crowd if any(y is not None for y in x)]
        if form == "wide":
            lines = [(f"对象{i}", x[0], "" if x[1] is None else f"{x[1]}%", x[2]) for i, x in enumerate(crowd)]
            put("表.csv", [("对象", "报道", "投诉率", "类别"), *lines])
        else:
            flat = [(f"对象{i}", *x) for i, unit in enumerate(crowd) for x in unit_rows(unit)]
            if form == "scattered":
                chance.shuffle(flat)
            put("表.csv", [("对象", "指标", "实际值"), *flat])
            names = list(dict.fromkeys(x[0] for x in flat))
            crowd = [crowd[int(x.removeprefix("对象"))] for x in names]
        batch("规则.json", "--actuals", "表.csv", "-o", "得分.csv", "--part", str(size), "--engine", engine)
        assert not Path("得分.parts").exists()
        assert_cells(rules(), together(rules(), [unit_rows(x) for x in crowd]), told("得分.csv"))
    finally:
        os.chdir(here)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("规则.perf").write_text(WINDOW, encoding="utf-8")
    chance = random.Random(3)
    crowd = [
        (f"窗口{i}", chance.choice(["县区", "部门"]), chance.choice([20, 19, 12, 12, ""]), i % 2) for i in range(60)
    ]
    put("表.csv", [("对象", "类别", "办结", "督办"), *crowd])
    flat = [(x[0], name, y) for x in crowd for name, y in zip(("类别", "办结", "督办"), x[1:], strict=True)]
    chance.shuffle(flat)
    order = {name: i for i, name in enumerate(dict.fromkeys(x[0] for x in flat))}
    put("长.csv", [("对象", "指标", "实际值"), *flat])
    put("序.csv", [("对象", "类别", "办结", "督办"), *sorted(crowd, key=lambda x: order[x[0]])])
    return tmp_path


@pytest.mark.parametrize("engine", ["duckdb", "polars", "exact"])
def test_every_engine_gives_the_same_files(desk: Path, engine: str) -> None:
    for name in ("表.csv", "长.csv"):
        words = ["规则.perf", "--actuals", name, "--top", "3", "--by", "类别", "--force"]
        printed = batch(*words, "-o", "a.csv")
        again = batch(*words, "-o", "b.csv", "--engine", engine, "--part", "7")
        assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes()
        assert Path("a.lists.csv").read_bytes() == Path("b.lists.csv").read_bytes()
        more = ["精确引擎逐个打分 60 个：命令要求"] if engine == "exact" else []
        assert [x for x in again.splitlines() if not x.startswith("写好") and x not in more] == printed.splitlines()[
            :-1
        ]


def test_the_order_of_the_rows_changes_nothing(desk: Path) -> None:
    batch("规则.perf", "--actuals", "序.csv", "-o", "a.csv", "--top", "2", "--bottom", "2", "--by", "类别")
    for size in ("9", "100000"):
        batch(
            "规则.perf",
            "--actuals",
            "长.csv",
            "-o",
            "b.csv",
            "--top",
            "2",
            "--bottom",
            "2",
            "--by",
            "类别",
            "--part",
            size,
            "--force",
        )
        assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes()
        assert Path("a.lists.csv").read_bytes() == Path("b.lists.csv").read_bytes()


def test_the_lists_are_those_of_sorting_and_stand_in_every_summary(desk: Path) -> None:
    words = ["--top", "2", "--bottom", "1", "--by", "类别", "--summary", "汇总.html", "--summary", "汇总.json"]
    printed = batch("规则.perf", "--actuals", "表.csv", "-o", "得分.csv", *words)
    lines = told("得分.csv")
    made = told("得分.lists.csv")
    kinds = {x["对象"]: y["类别"] for x, y in zip(lines, csv.DictReader(open("表.csv", encoding="utf-8")), strict=True)}  # noqa: SIM115
    for group in ("", "县区", "部门"):
        known = [(Decimal(x["总分"]), x["对象"]) for x in lines if x["总分"] and group in ("", kinds[x["对象"]])]
        best = sorted(known, key=lambda x: -x[0])[:2]
        last = min(known, key=lambda x: x[0])
        found = [x for x in made if x["类别"] == group]
        assert [x["对象"] for x in found] == [*(x[1] for x in best), last[1]]
        assert [x["名次"] for x in found] == [str(1 + sum(y[0] > x[0] for y in known)) for x in (*best, last)]
        assert {x["有总分的对象"] for x in found} == {str(len(known))}
        assert f"\n{group}前2名（共{len(known)}家）：1 {best[0][1]} " in printed
    data = json.loads(Path("汇总.json").read_text("utf-8"))
    jsonschema.validate(data, json.loads((ROOT / "docs" / "batch.schema.json").read_text("utf-8")))
    assert [x["class"] for x in data["lists"]] == ["", "", "县区", "县区", "部门", "部门"]
    assert data["lists_file"] == "得分.lists.csv"
    assert "<h2>县区前2名" in Path("汇总.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--by", "类别"], "--by"),
        (["--top", "1", "--by", "办结"], "“办结”不是类别；可以用的输入项：类别"),
        (["--top", "-1"], "-1"),
    ],
)
def test_lists_that_cannot_be_made(desk: Path, words: list[str], said: str) -> None:
    assert said in batch("规则.perf", "--actuals", "表.csv", "-o", "得分.csv", *words, code=2)
    assert not list(Path().glob("得分*"))


@pytest.mark.parametrize("table", ["表.csv", "长.csv"])
@pytest.mark.parametrize("stop", [0, 4])
def test_a_job_that_was_stopped_goes_on(desk: Path, table: str, stop: int, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["规则.perf", "--actuals", table, "--part", "9", "--top", "3"]
    batch(*words, "-o", "a.csv", "--summary", "a.json")
    real = batch_run.Run._score

    def stops(self, piece, made) -> None:
        if piece.number == stop:
            raise KeyboardInterrupt
        real(self, piece, made)

    with monkeypatch.context() as patch:
        patch.setattr(batch_run.Run, "_score", stops)
        CliRunner().invoke(perfdsl, ["batch", *words, "-o", "b.csv"])
    assert len(list(Path().glob("b.parts/0*.json"))) == 2 * stop and not Path("b.csv").exists()
    wrote: list[int] = []
    with monkeypatch.context() as patch:
        patch.setattr(
            batch_run.Run, "_score", lambda self, piece, made: (wrote.append(piece.number), real(self, piece, made))[1]
        )
        patch.setattr(Files, "blocks", lambda self: pytest.fail("the rows are already on the disk"))
        batch(*words, "-o", "b.csv", "--summary", "b.json")
    assert wrote == list(range(stop, stop + len(wrote)))
    for kind in ("csv", "lists.csv"):
        assert Path(f"a.{kind}").read_bytes() == Path(f"b.{kind}").read_bytes()
    assert Path("a.json").read_text("utf-8").replace("a.", "b.") == Path("b.json").read_text("utf-8")


def test_places_stand_in_every_form_of_the_result(desk: Path) -> None:
    batch("规则.perf", "--actuals", "表.csv", "-o", "a.xlsx")
    head, *lines = CalamineWorkbook.from_path("a.xlsx").get_sheet_by_name("得分").to_python()
    batch("规则.perf", "--actuals", "表.csv", "-o", "a.csv")
    made = told("a.csv")
    for name in ("rank(总分)", "rank_share(总分, 类别)"):
        assert [x[head.index(name)] for x in lines] == [float(x[name]) if x[name] else "" for x in made]
    put("空.csv", [("对象", "类别", "办结", "督办")])
    batch("规则.perf", "--actuals", "空.csv", "-o", "空.parquet", code=1)
    batch("规则.perf", "--actuals", "表.csv", "-o", "b.parquet")
    from pyarrow import parquet

    assert parquet.read_schema("空.parquet").equals(parquet.read_schema("b.parquet"))


# ---- several assessors

ASSESSED = """甲 points 6 by mean { "好" -> 100%  "中" -> 50%  otherwise -> 0 }
评 points 10 by trimmed mean over 2 { "好" -> 100%  "中" -> 60%  "差" -> 0 .. 30% }
丙 full "≥2件" points 4 by { met -> 4  otherwise -> 1 }"""
opinions = st.lists(
    st.tuples(
        st.sampled_from(["甲", "评", "丙"]), st.sampled_from(["好", "中", "差", "2件", "1件", "", "不适用", "乱写"])
    ),
    max_size=9,
)


@settings(max_examples=15, deadline=None)
@given(st.lists(opinions, min_size=1, max_size=4), st.integers(1, 9), st.randoms())
def test_several_assessors_count_as_in_the_exact_engine(
    tmp_path_factory, crowd: list[list[tuple[str, str]]], size: int, chance: random.Random
) -> None:
    plan = plan_of(ASSESSED)
    folder = tmp_path_factory.mktemp("job")
    here = Path.cwd()
    os.chdir(folder)
    try:
        Path("规则.json").write_text(dumps([plan]), encoding="utf-8")
        flat = [(f"对象{i}", *x) for i, some in enumerate(crowd) for x in some]
        chance.shuffle(flat)
        put("表.csv", [("对象", "指标", "实际值"), *flat])
        for engine in ("embedded", "exact"):
            batch(
                "规则.json", "--actuals", "表.csv", "-o", "得分.csv", "--part", str(size), "--force", "--engine", engine
            )
            made = told("得分.csv")
            names = list(dict.fromkeys(x[0] for x in flat))
            assert [x["对象"] for x in made] == names
            cards = [
                evaluate(plan, observe(plan, rows([x[1:] for x in flat if x[0] == name]), "full")[0])[0]
                for name in names
            ]
            assert_cells(plan, cards, made)
    finally:
        os.chdir(here)
