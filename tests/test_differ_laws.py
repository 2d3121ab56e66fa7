"""``compare`` against trying values: it says different exactly where the exact engine scores differently."""

from fractions import Fraction
from fractions import Fraction as F

import attrs
import pytest
from gate import examples
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scoring import plan_of
from test_prove_laws import case_lists, judge_at, wholes

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl.actuals import Entry, Observed
from perfdsl.bounds import award_range
from perfdsl.differ import DIFFERS, NO_VALUE, NUMBER, OPEN, OTHER, PRESENT, SAME, WORD, RowDifference, compare
from perfdsl.evaluate import Engine
from perfdsl.quantity import NO_UNIT, Quantity
from perfdsl.target import Bound, Target

REAL = c.Domain(F(0), F(4))
GRID = [F(n, 16) for n in range(65)]


def plan(
    cases, domain: c.Domain = REAL, target: int | None = None, direction: str = "higher", rounding: int = 1
) -> p.Plan:
    """One indicator of 3 points whose rubric is a list of (condition, award)."""
    made = tuple(c.Case(when, award, None, f"case {n}", "", n) for n, (when, award) in enumerate(cases, 1))
    scoring = c.Scoring("", made, F(0), F(3))
    judge = judge_at(target, direction) if target else None
    targets = ()
    possible = [("", *award_range(scoring, None, domain))]
    if judge is not None and target is not None:
        targets = (p.PlanTarget("full", Target("x", Bound(">=", Quantity(F(target), NO_UNIT))), judge, None),)
        possible.append(("full", *award_range(scoring, judge, domain)))
    row = p.PlanIndicator(
        path=("甲",), points=F(3), domain=domain, scoring=scoring, targets=targets, possible=tuple(possible)
    )
    return p.Plan(kind="project", object="P", total=F(3), rounding=rounding, roots=("甲",), indicators=(row,))


def scored(
    rules: p.Plan, value: c.Value, inputs: dict[str, c.Value] | None = None, **more: object
) -> tuple[object, ...]:
    """What the engine makes of one actual."""
    row = rules.indicators[0]
    entry = Entry(value=value, text="" if value is None else str(value), **more)  # type: ignore[arg-type]
    engine = Engine(rules, Observed({"/".join(row.path): (entry,)}, inputs or {}, {}), "full", None)
    made = engine.indicator("/".join(row.path))
    return made.score, made.low, made.high


def row_of(old: p.Plan, new: p.Plan) -> RowDifference:
    return compare([old], [new]).objects[0].rows[0]


def inside(stretch, x: Fraction) -> bool:
    low, high = stretch.low, stretch.high
    above = low.at is None or x > low.at or (low.closed and x == low.at)
    return above and (high.at is None or x < high.at or (high.closed and x == high.at))


def agrees(old: p.Plan, new: p.Plan, grid: list[Fraction]) -> None:
    """Every value of the grid lies in a stretch exactly when the engine tells the two rules apart."""
    found = row_of(old, new)
    ranges = [x for x in found.stretches if x.what == NUMBER]
    for x in grid:
        holding = [s for s in ranges if inside(s, x)]
        assert len(holding) <= 1
        differs = scored(old, x) != scored(new, x)
        if differs:
            assert holding or found.doubts, (x, scored(old, x), scored(new, x))
        elif holding:
            assert holding[0].partly, (x, holding)
    for stretch in ranges:
        assert stretch.at is not None and inside(stretch, stretch.at)
        before, after = scored(old, stretch.at), scored(new, stretch.at)
        assert before != after
        if stretch.at_scores is not None:
            assert stretch.at_scores == (before[0], after[0])
            if stretch.largest is not None:
                assert stretch.largest == after[0] - before[0]
                here = [abs(scored(new, x)[0] - scored(old, x)[0]) for x in grid if inside(stretch, x)]
                assert all(size <= abs(stretch.largest) for size in here)
    missing = any(x.what == NO_VALUE for x in found.stretches)
    assert missing == (scored(old, None) != scored(new, None)) or found.doubts
    assert (found.effect == SAME) == (not found.stretches and not found.doubts)
    assert (found.effect == DIFFERS) == bool(found.stretches or found.example)


@settings(max_examples=examples(120), deadline=None)
@given(
    case_lists,
    case_lists,
    st.sampled_from(["higher", "lower"]),
    st.sampled_from([None, 1, 2, 3]),
    st.sampled_from([None, 1, 2, 3]),
)
def test_any_two_rubrics_over_numbers(first, second, direction, one, other) -> None:
    assume((one is None) == (other is None))
    agrees(plan(first, REAL, one, direction), plan(second, REAL, other, direction), GRID)


@settings(max_examples=examples(80), deadline=None)
@given(case_lists, case_lists, wholes, wholes)
def test_any_two_rubrics_over_whole_numbers_and_other_domains(first, second, one, other) -> None:
    old, new = plan(first, one), plan(second, other)
    found = row_of(old, new)
    for x in map(F, range(-12, 13)):
        said = [s for s in found.stretches if s.what == NUMBER and inside(s, x)]
        taken = [domain.holds(x) for domain in (one, other)]
        differs = taken[0] != taken[1] or (all(taken) and scored(old, x) != scored(new, x))
        assert differs == bool(said) or found.doubts or (said and said[0].partly)


# ---- small changes of one rubric

EDGES = [F(n, 2) for n in range(9)]
LEVELS = [F(n, 2) for n in range(7)]
SLOPES = st.sampled_from(
    [c.Const(F(0)), c.Const(F(1)), c.Mul((c.Const(F(1, 2)), c.Ref("actual"))), c.Ref("completion")]
)


@st.composite
def ladders(draw: st.DrawFn) -> list[tuple[c.Expr, c.Expr]]:
    """Cases from high to low, each with an end and an award that may vary."""
    edges = sorted(draw(st.sets(st.sampled_from(EDGES), min_size=1, max_size=4)), reverse=True)
    cases = []
    for at in edges:
        op = draw(st.sampled_from([">=", ">"]))
        award = c.Add((c.Const(draw(st.sampled_from(LEVELS))), draw(SLOPES)))
        cases.append((c.Compare(op, c.Ref("actual"), c.Const(at)), award))
    return [*cases, (c.If(c.Missing(c.Ref("actual")), c.UNDEFINED, c.TRUE), c.Const(F(0)))]


@st.composite
def mutations(draw: st.DrawFn) -> tuple[p.Plan, p.Plan]:
    """A rubric, and the same with one end, sign, award, order, limit, decimal, target or range of values changed."""
    cases = draw(ladders())
    at = draw(st.integers(0, len(cases) - 2))
    (when, award), other = cases[at], list(cases)
    assert isinstance(when, c.Compare)
    old = plan(cases, target=2)
    match draw(st.sampled_from(["end", "sign", "award", "order", "limit", "places", "target", "values", "nothing"])):
        case "end":
            other[at] = (c.Compare(when.op, when.left, c.Const(draw(st.sampled_from(EDGES)))), award)
        case "sign":
            other[at] = (c.Compare({">": ">=", ">=": ">"}[when.op], when.left, when.right), award)
        case "award":
            other[at] = (when, c.Add((c.Const(draw(st.sampled_from(LEVELS))), draw(SLOPES))))
        case "order":
            other[at], other[at - 1 if at else 0] = other[at - 1 if at else 0], other[at]
        case "limit":
            new = plan(other, target=2)
            row = new.indicators[0]
            capped = attrs.evolve(row.scoring, high=draw(st.sampled_from(LEVELS)))
            return old, attrs.evolve(new, indicators=(attrs.evolve(row, scoring=capped),))
        case "places":
            return old, plan(other, target=2, rounding=draw(st.integers(0, 2)))
        case "target":
            return old, plan(other, target=draw(st.integers(1, 3)))
        case "values":
            return old, plan(other, c.Domain(F(0), draw(st.sampled_from(EDGES))), target=2)
    return old, plan(other, target=2)


@settings(max_examples=examples(120), deadline=None)
@given(mutations())
def test_a_changed_end_award_order_limit_or_target(pair) -> None:
    old, new = pair
    if old.indicators[0].domain == new.indicators[0].domain:
        agrees(old, new, GRID)
    else:
        found = row_of(old, new)
        for x in GRID:
            differs = not new.indicators[0].domain.holds(x) or scored(old, x) != scored(new, x)
            held = [s for s in found.stretches if s.what == NUMBER and inside(s, x)]
            assert differs == bool(held) or held[0].partly


@settings(max_examples=examples(80), deadline=None)
@given(ladders())
def test_a_rubric_is_equal_to_itself_rewritten(cases) -> None:
    """Another order of sums, signs turned round, awards doubled and halved: the same function."""
    turned = []
    for when, award in cases:
        if isinstance(when, c.Compare):
            mirrored = {">=": "<=", ">": "<"}[when.op]
            when = c.Compare(mirrored, when.right, when.left)
        turned.append((when, c.Div(c.Mul((c.Const(F(2)), c.Add((c.ZERO, award)))), c.Const(F(2)))))
    found = row_of(plan(cases, target=2), plan(turned, target=2))
    assert (found.effect, found.stretches, found.doubts) == (SAME, (), ())


@settings(max_examples=examples(80), deadline=None)
@given(ladders())
def test_a_split_case_is_equal(cases) -> None:
    """A case written as two that touch, or once more behind itself, changes nothing."""
    when, award = cases[0]
    above = c.Compare(">=", c.Ref("actual"), c.Const(F(3)))
    split = [(c.And((when, above)), award), *cases, (when, c.Const(F(1)))]
    assert row_of(plan(cases, target=2), plan(split, target=2)).effect == SAME


# ---- other inputs


KINDS = ["甲类", "乙类", None, "丙类"]


@st.composite
def classed(draw: st.DrawFn) -> p.Plan:
    """Awards that depend on the class of an object, on its size, and on whether either is there."""
    kind, size = c.Ref("input:类别"), c.Ref("input:人数")
    tests = st.sampled_from(
        [c.Compare("=", kind, c.Const("甲类")), c.Compare("!=", kind, c.Const("乙类")), c.Compare(">=", size, c.Const(F(2))),
         c.Compare("<", size, c.Const(F(3))), c.Missing(kind), c.Compare(">", c.Ref("actual"), c.Const(F(1)))]
    )  # fmt: skip
    cases = [(draw(tests), c.Const(F(draw(st.integers(0, 3))))) for _ in range(draw(st.integers(1, 3)))]
    made = plan([*cases, (c.TRUE, c.ZERO)])
    inputs = (p.PlanInput(name="类别", is_word=True, words=("甲类", "乙类", "丙类"), domain=c.Domain(None, None)),
              p.PlanInput(name="人数", domain=c.Domain(F(0), F(4), True)))  # fmt: skip
    return attrs.evolve(made, inputs=inputs)


@settings(max_examples=examples(80), deadline=None)
@given(classed(), classed())
def test_other_inputs_are_looked_at_in_all_their_values(old, new) -> None:
    found = row_of(old, new)
    assert not found.doubts
    mentioned = [word for word in KINDS[:2] if word in f"{old.indicators}{new.indicators}"]
    for kind in KINDS:
        for size in (None, *map(F, range(5))):
            inputs = {"input:类别": kind, "input:人数": size}
            for x in (F(0), F(1), F(2), None):
                told = any(holds(s, inputs, x, mentioned) for s in found.stretches)
                given = {"类别": kind, "人数": size}
                assert told == (scored(old, x, given) != scored(new, x, given)), (inputs, x)


def holds(stretch, inputs: dict[str, c.Value], x: Fraction | None, mentioned: list[str | None]) -> bool:
    if (x is None) != (stretch.what == NO_VALUE) or (x is not None and not inside(stretch, x)):
        return False
    for setting in stretch.given:
        value = inputs[setting.name]
        if setting.above is not None or setting.below is not None:
            if not isinstance(value, Fraction):
                return False
            if setting.above is not None and not value > setting.above:
                return False
            if setting.below is not None and not value < setting.below:
                return False
        elif setting.value == PRESENT:
            if value is None:
                return False
        elif setting.value == OTHER:
            if value is None or value in mentioned:
                return False
        elif value != setting.value:
            return False
    return True


# ---- words, plans, files

WORDY = 'total 10\n  甲 full "合规" points 10 by { "合规" -> 10   "基本合规" -> 5   otherwise -> 0 }'


@pytest.mark.parametrize("word", ["合规", "基本合规", "不合规", "别的"])
def test_words_are_compared_one_by_one(word: str) -> None:
    old, new = plan_of(WORDY), plan_of(WORDY.replace("-> 5", "-> 6").replace("otherwise -> 0", "otherwise -> 1"))
    told = {s.word: s for s in row_of(old, new).stretches if s.what == WORD}
    differs = scored(old, word) != scored(new, word)
    assert differs == (word in told or (word not in ("合规", "基本合规") and OTHER in told))


def test_too_much_to_decide_is_said_and_not_called_the_same() -> None:
    bent = c.Mul((c.Ref("actual"), c.Ref("actual")))
    found = row_of(plan([(c.TRUE, bent)]), plan([(c.TRUE, c.Mul((bent, c.Const(F(1, 3)))))]))
    assert found.effect in (OPEN, DIFFERS)
    assert found.effect == DIFFERS or found.doubts
