"""The laws of STYLE 3.5 that concern meaning and scores, on whole rulesets with actuals aimed at edges."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from gate import examples
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scoring import Library, Scored, compiled, inside, plan_of, rows, scored
from strategies import anything, files

from perfdsl import core as c
from perfdsl.actuals import Entry, Observed
from perfdsl.core import Ref, Scoring, Value
from perfdsl.evaluate import Engine, Frame, evaluate
from perfdsl.observe import observe
from perfdsl.pipeline import check
from perfdsl.plan import Plan, PlanIndicator
from perfdsl.plan_json import dumps, loads
from perfdsl.quantity import format_number
from perfdsl.scorecard import GroupScore, IndicatorScore, Scorecard
from perfdsl.testing.rulesets import (
    SCALE,
    Leaf,
    World,
    answered,
    branches,
    leaves,
    source,
    split_formula,
    tables,
    worlds,
)  # fmt: skip
from perfdsl.text import Source

F = Fraction
SOME = settings(max_examples=examples(70), deadline=None)
FEW = settings(max_examples=examples(30), deadline=None)


class Case(NamedTuple):
    """A world, its plan, and rows for it."""

    world: World
    plan: Plan
    table: list[tuple[str, str, dict[str, object]]]

    def __repr__(self) -> str:
        return f"{source(self.world)}\n{self.table}"


@st.composite
def cases(draw: st.DrawFn, plain: bool = False) -> Case:
    """A world that compiles, with rows."""
    world = draw(worlds(plain))
    checked = compiled(source(world))
    assert checked.usable, (source(world), [(d.code, d.message()) for d in checked.found])
    return Case(world, checked.plans()[0], draw(tables(world)))


# ---- law 2: a plan written and read again scores the same


@SOME
@given(cases())
def test_a_plan_written_and_read_again_gives_the_same_scorecard(case) -> None:
    _, plan, table = case
    (again,) = loads(dumps([plan]))
    for period in ("full", "half"):
        first, second = scored(plan, table, period), scored(again, table, period)
        assert second.card == first.card
        assert [d.code for d in second.found] == [d.code for d in first.found]


@FEW
@given(worlds())
def test_compiling_twice_gives_the_same_bytes(world) -> None:
    first, second = (dumps(compiled(source(world)).plans()) for _ in range(2))
    assert first == second == dumps(loads(first))


def test_compiling_gives_the_same_bytes_whatever_the_order_of_sets() -> None:
    program = (
        "import sys; sys.path[:0] = ['tests']\n"
        "from hypothesis import strategies as st\nfrom scoring import compiled, inside\nfrom perfdsl.plan_json import dumps\n"
        "body = ''.join(f'指标{i} full \"健全\" points 1 by 达标得满分\\n' for i in range(20))\n"
        "text = 'scale 甲 { 健全, 完善, 齐全 -> 100%; 较健全, 较好 -> 80%; 差 -> 0% }\\n' + inside(body)\n"
        "sys.stdout.buffer.write(dumps(compiled(text).plans()).encode())"
    )
    made = {
        subprocess.run([sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        for seed in ("0", "1", "77")
    }  # fmt: skip
    assert len(made) == 1
    assert len(made.pop()) > 1000


# ---- law 3: what is accepted never fails, what is refuted is shown by its witness


@SOME
@given(worlds(), st.data())
def test_what_the_prover_accepts_never_fails_and_stays_within_its_points(world, data) -> None:
    checked = compiled(source(world))
    blamed = {d.span.line for d in checked.found if d.code.startswith("V")}
    plan = checked.plans()[0]
    for row in plan.indicators:
        if row.line in blamed or row.bonus or row.scoring is None or row.scoring.entries is not None:
            continue
        item = next(x for part in world.parts for x in leaves(part) if x.name == row.path[-1])
        for value, mark in data.draw(st.permutations(item.tries))[:6]:
            if not value:
                continue
            result = scored(plan, answered(item, value, mark))
            made = next(i for i in result.card.indicators if i.path == row.path)
            assert not {d.code for d in result.found if d.code in ("E103", "E104")}, (item, value)
            assert 0 <= made.low <= made.high <= row.points
            if value[0].isdigit() and ".." not in item.clauses:
                assert made.score is not None, (item, value)


OPENINGS = (">", ">=", "<", "<=", "=")


@st.composite
def loose(draw: st.DrawFn) -> str:
    """Bands as a hurried officer writes them: gaps, overlaps, awards out of order or out of bounds."""
    lines = []
    for _ in range(draw(st.integers(1, 4))):
        limit = draw(st.sampled_from((0, 10, 30, 60, 80, 90, 100)))
        award = draw(
            st.sampled_from(
                ("0", "1", "2", "4", "5", "6", "-1", "100%", "completion", "points - gap / 10%", "5 - 6 * actual")
            )
        )
        lines.append(f"{draw(st.sampled_from(OPENINGS))} {limit}% -> {award}")
    if draw(st.booleans()):
        lines.append("otherwise -> " + draw(st.sampled_from(("0", "3", "completion"))))
    return "  ".join(lines)


@settings(max_examples=examples(250), deadline=None)
@given(loose(), st.sampled_from(("≥90%", "≤60%")))
def test_the_witness_of_a_refutation_shows_it(bands, target) -> None:
    body = f'甲 full "{target}" points 5 values 0% .. 100% by {{ {bands} }}'
    checked = compiled(inside(body))
    assert checked.usable
    plan = checked.plans()[0]
    for found in checked.found:
        witness = dict(found.witness)
        if found.code == "V101":
            made = scored(plan, [("甲", witness["actual"])])
            assert "E103" in made.codes
            assert made.card.total is None
        elif found.code == "V102":
            assert "E104" in scored(plan, [("甲", witness["actual"])]).codes
        elif found.code == "V103":
            worse, better = (_unclamped(plan, witness[key]) for key in ("worse", "better"))
            assert worse > better


@settings(max_examples=examples(120), deadline=None)
@given(loose(), st.sampled_from(("≥90%", "≤60%")))
def test_what_is_not_refuted_holds_everywhere(bands, target) -> None:
    checked = compiled(inside(f'甲 full "{target}" points 5 values 0% .. 100% by {{ {bands} }}'))
    assume(checked.usable)
    plan, said = checked.plans()[0], {d.code for d in checked.found}
    assume("V190" not in said)
    awards = []
    for n in (x + F(side, 100) for x in (0, 10, 30, 45, 60, 80, 90, 95, 100) for side in (-1, 0, 1)):
        if 0 <= n <= 100:
            made = scored(plan, [("甲", format_number(n) + "%")])
            assert "V101" in said or "E103" not in made.codes, n
            assert "V102" in said or "E104" not in made.codes, n
            awards.append(_unclamped(plan, format_number(n) + "%"))
    if not said & {"V101", "V102", "V103"}:
        assert awards == sorted(awards, reverse=target[0] == "≤")


def _unclamped(plan: Plan, actual: str) -> Fraction:
    """The award itself, before it is limited and rounded."""
    observed, _ = observe(plan, rows([("甲", actual)]), "full")
    engine = Engine(plan, observed, "full", None)
    frame = engine.frame(plan.indicators[0])
    scoring = plan.indicators[0].scoring
    assert scoring is not None
    for case in scoring.cases:
        if engine.value(case.when, frame) is True:
            award = engine.value(case.award, frame)
            assert isinstance(award, Fraction)
            return award
    return F(-1000)


# ---- law 6: order is only order


@SOME
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_siblings_never_changes_a_score(case, chance) -> None:
    world, plan, table = case
    moved = list(table)
    chance.shuffle(moved)
    again = compiled(source(world, chance)).plans()[0]
    assert _by_path(scored(again, moved)) == _by_path(scored(plan, table))


def test_the_order_of_declarations_of_a_file_never_changes_a_score() -> None:
    pieces = [
        "rubric 甲法(gate: 60%) { completion >= gate -> completion  otherwise -> 0 }",
        "scale 健全度 { 健全 -> 100%; 不健全 -> 0% }",
        "grades { 好 >= 60  otherwise 差 }",
        'project "P" { input 类别 values 东, 西\ninput 基数 : 件 values 1 ..\n'
        '甲 full "≥10件" points 5 by 甲法\n乙 full "健全" points 5 by { met -> 100% otherwise -> 0 }\n'
        '丙 = 甲 / 基数 full "≥90%" points 5 by { 类别 = "东" -> 5  completion >= 100% -> 5  otherwise -> completion } }',
    ]
    table = [("甲", "9"), ("乙", "健全"), ("类别", "西"), ("基数", "20")]
    cards = set()
    for seed in range(24):
        chance = random.Random(seed)
        chance.shuffle(pieces)
        chance.shuffle(table)
        cards.add(_by_path(scored(compiled("\n".join(pieces)).plans()[0], table)))
    assert len(cards) == 1


def _by_path(made: Scored) -> tuple[object, ...]:
    card = made.card
    parts = [(x.path, x.score, x.low, x.high) for x in (*card.indicators, *card.groups)]
    return (card.total, card.low, card.high, card.grade, card.complete, tuple(sorted(parts, key=lambda x: x[0])))


# ---- totals


@SOME
@given(cases())
def test_printed_parts_add_up_to_the_printed_total(case) -> None:
    world, plan, table = case
    card = scored(plan, table).card
    groups = {g.path: g for g in card.groups}
    for group in plan.groups:
        made = groups[group.path]
        parts = _parts(card, group.path, group.children)
        if made.score is None or made.note_zh or group.bonus or group.weight is not None:
            continue
        live = [p for p in parts if _counts(p, world)]
        if group.either:  # what does not apply is left out, unless nothing does
            assert made.score == max(p.high for p in [p for p in parts if _counts(p, None)] or live)
        else:
            assert made.score == sum(p.score for p in live)  # type: ignore[misc]
    if card.total is not None and not card.notes_zh:
        assert card.total == sum(p.score for p in _parts(card, (), plan.roots) if _counts(p, world))  # type: ignore[misc]


def _parts(card: Scorecard, above: tuple[str, ...], names: tuple[str, ...]) -> list[IndicatorScore | GroupScore]:
    paths = {(*above, name) for name in names}
    return [x for x in (*card.indicators, *card.groups) if x.path in paths]


def _counts(part: IndicatorScore | GroupScore, world: World | None) -> bool:
    if isinstance(part, GroupScore):
        return part.applicable
    return part.status != "not applicable" or (world is not None and world.policy in ("full", "zero"))


@SOME
@given(cases())
def test_every_score_lies_between_nothing_and_the_full_points(case) -> None:
    _, plan, table = case
    card = scored(plan, table).card
    assert 0 <= card.low <= card.high <= (plan.total or 0)
    assert card.total is None or card.low == card.total == card.high
    for part in (*card.indicators, *card.groups):
        if part.points is not None:
            assert 0 <= part.low <= part.high <= part.points
            assert part.score is None or part.low == part.score == part.high


@FEW
@given(cases(plain=True))
def test_points_of_what_does_not_apply_go_somewhere(case) -> None:
    """With everything else at full marks, rescaling and moving leave the total at full marks."""
    world, plan, table = case
    assume(world.policy not in ("zero",))
    full = _full_marks(world)
    skipped = {name for name, value, _ in table if value == "不适用"}
    everything = [x.name for part in world.parts for x in leaves(part)]
    assume(len(skipped) < len(everything))
    kept = [row for name, table in full.items() if name not in skipped for row in table or ()]
    made = scored(plan, [*kept, *((name, "不适用", {}) for name in skipped)])
    assume(all(full[name] is not None for name in everything))
    assert made.card.total == plan.total


def _full_marks(world: World) -> dict[str, list[tuple[str, str, dict[str, object]]] | None]:
    """For each row an actual that gets everything, where the list of actuals worth trying has one."""
    found: dict[str, list[tuple[str, str, dict[str, object]]] | None] = {}
    for item in [x for part in world.parts for x in leaves(part)]:
        plan = plan_of_leaf(item)
        mark = format_number(F(item.points)) if ".." in item.clauses else ""
        tries = [answered(item, value, mark) for value, _ in item.tries if value]
        found[item.name] = next((table for table in tries if scored(plan, table).card.total == item.points), None)
    return found


def plan_of_leaf(item: Leaf) -> Plan:
    formula, clauses = split_formula(item)
    row = f"{item.name} {formula} points {item.points} {clauses}"
    checked = compiled(f'use 财预2020_10号\n{SCALE}project "P" {{ not_applicable full\n{item.prelude}\n{row} }}')
    return checked.plans()[0]


# ---- missing


@SOME
@given(cases(), st.data())
def test_whatever_is_still_missing_the_total_stays_in_its_printed_range(case, data) -> None:
    world, plan, table = case
    before = scored(plan, table).card
    given_now = {name for name, value, _ in table if value}
    given_now |= {x.name for part in world.parts for x in leaves(part) if x.asked in given_now}
    more = list(table)
    for item in [x for part in world.parts for x in leaves(part)]:
        if item.name not in given_now and "missing ->" not in item.clauses:  # that case has decided already
            value, mark = data.draw(st.sampled_from(item.tries))
            more = [row for row in more if row[0] not in (item.name, item.asked)]
            more += answered(item, value, mark)
    for group in [x for part in world.parts for x in branches(part) if x.asked]:
        if group.asked not in given_now:
            more.append((group.asked, data.draw(st.sampled_from(("0.5", "1", "1.2", "1.5"))), {}))
    after = scored(plan, more).card
    assert before.low <= after.low <= after.high <= before.high
    ranges = {x.path: (x.low, x.high) for x in (*before.indicators, *before.groups)}
    for part in (*after.indicators, *after.groups):
        low, high = ranges[part.path]
        assert low <= part.low <= part.high <= high, part


# ---- nothing raises


@settings(max_examples=examples(250), deadline=None)
@given(st.one_of(anything(), files(80)), st.data())
def test_no_text_and_no_rows_make_any_stage_raise(text, data) -> None:
    checked = check(Source("t.perf", text), Library())
    for plan in checked.plans():
        names = ["/".join(i.path) for i in plan.indicators] + [i.name for i in plan.inputs] + ["收入", "x", ""]
        cells = st.sampled_from(
            ("", "3", "90%", "无", "不适用", "2024年9月", "健全", "1e9", "-3", "３万元", "≥5", "\u200b")
        )
        cells |= st.text(max_size=6)
        row = st.tuples(st.sampled_from(names), cells, st.fixed_dictionaries(
            {}, optional=dict.fromkeys(("unit", "mark", "override", "item", "period", "prior", "times"), cells)))  # fmt: skip
        table = data.draw(st.lists(row, max_size=6))
        for period in ("half", "full"):
            observed, _ = observe(plan, rows(table), period)
            evaluate(plan, observed, period)


# ---- the grid: 3.66 million cases through the real plan


class Remembering(Engine):
    """The engine itself, which remembers an indicator's own words while the frame stays the same."""

    kept: tuple[object, dict[str, object]] = (None, {})

    def own(self, name: str, frame: Frame | None) -> Value:
        if self.kept[0] is not frame:
            self.kept = (frame, {})
        words = self.kept[1]
        if name not in words:
            words[name] = super().own(name, frame)
        return words[name]  # type: ignore[return-value]


def test_the_proportional_rubric_rounds_half_up_on_the_whole_grid() -> None:
    known: dict[Value, list[int]] = {}
    assert [wrong for target in range(1, examples(60) + 1) for wrong in _column(target, known)] == []


def _column(target: int, known: dict[Value, list[int]]) -> Iterator[tuple[int, int, int]]:
    """All points and all actuals for one target.

    The case is decided once, its condition being the same for all points; ``known`` are the scores in cents by the
    completion they were worked out for.
    """
    plan = plan_of("\n".join(f'指标{p} full "≥{target}件" points {p} by 比例得分' for p in range(1, 21)))
    engine = Remembering(plan, Observed({}, {}, {}), "full", None)
    first = plan.indicators[0]
    assert {tuple(x.when for x in _scoring(row).cases) for row in plan.indicators} == {
        tuple(x.when for x in _scoring(first).cases)
    }
    scorings = [_scoring(row) for row in plan.indicators]
    assert all(c.references(part) == {"completion"} for x in scorings for case in x.cases for part in (case.when, case.award)
               if c.references(part) - {"actual"})  # fmt: skip
    for actual in range(100 * target + 1):
        value = F(actual, 100)
        frame = Frame(first, first.targets[0].judge, Entry(value=value, text=""), value)
        completion = engine.value(Ref("completion"), frame)
        if completion not in known:
            known[completion] = list(_cents(engine, scorings, frame))
        for points, cents in enumerate(known[completion], 1):
            if cents != (2 * points * actual + target) // (2 * target):
                yield points, target, actual
    assert not engine.found


def _cents(engine: Engine, scorings: list[Scoring], frame: Frame) -> Iterator[int]:
    number = next(n for n, x in enumerate(scorings[0].cases) if engine.value(x.when, frame) is True)
    for scoring in scorings:
        award = engine.value(scoring.cases[number].award, frame)
        score = engine.limited(scoring, award, number, frame).award  # type: ignore[arg-type]
        yield int((score or 0) * 100)


def _scoring(row: PlanIndicator) -> Scoring:
    assert row.scoring is not None
    return row.scoring
