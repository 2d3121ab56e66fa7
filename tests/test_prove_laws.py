"""Laws of the prover: brute force over small worlds knows the truth, and the prover neither misses nor invents."""

import itertools
import math
import random
from fractions import Fraction

import attrs
import hypothesis.strategies as st
from hypothesis import given, settings

from perfdsl import core as c
from perfdsl import model as m
from perfdsl.bounds import award_range, can_be_zero, interval, zero_divisors
from perfdsl.prove import Proofs, prove
from perfdsl.prove.alike import Form, judge_of
from perfdsl.prove.contract import decide
from perfdsl.prove.outside import Outside
from perfdsl.prove.survey import Problem
from perfdsl.quantity import NO_UNIT, Quantity, round_half_up
from perfdsl.target import Bound, Target

F = Fraction
A = c.Ref("actual")


# ---- an evaluator of its own, straight from the definitions of the core


def value(e: c.Expr, env: dict[str, c.Value]) -> c.Value:
    match e:
        case c.Const(v):
            return v
        case c.Ref(name):
            return env.get(name)
        case c.Missing(arg):
            return value(arg, env) is None
        case c.Not(arg):
            inner = value(arg, env)
            return None if inner is None else not inner
        case c.If(test, then, other):
            chosen = value(test, env)
            return None if chosen is None else value(then if chosen else other, env)
        case c.And(args) | c.Or(args):
            stop = isinstance(e, c.Or)
            truths = [value(arg, env) for arg in args]
            return stop if stop in truths else None if None in truths else not stop
        case c.Compare(op, left, right):
            return compared(op, value(left, env), value(right, env))
    return number(e, env)


def compared(op: str, a: c.Value, b: c.Value) -> c.Value:
    if a is None or b is None:
        return None
    if op in ("=", "!="):
        return (a == b) == (op == "=")
    if not (isinstance(a, Fraction) and isinstance(b, Fraction)):
        return None
    return {"<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b}[op]


def number(e: c.Expr, env: dict[str, c.Value]) -> c.Value:
    parts = [value(child, env) for child in c.children(e)]
    if any(not isinstance(p, Fraction) for p in parts):
        return None
    numbers = [p for p in parts if isinstance(p, Fraction)]
    match e:
        case c.Add(_):
            return sum(numbers, F(0))
        case c.Mul(_):
            return math.prod(numbers, start=F(1))
        case c.Div(_, _):
            return numbers[0] / numbers[1] if numbers[1] else None
        case c.Min(_):
            return min(numbers)
        case c.Max(_):
            return max(numbers)
        case c.Round(_, places):
            return round_half_up(numbers[0], places)
    return F(math.floor(numbers[0]))


# ---- what brute force says of a problem on a grid of actuals


def decided(problem: Problem, env: dict[str, c.Value]) -> tuple[int, c.Value] | str:
    """The case that decides and its award; a hole; or undefined."""
    for index, (when, award, _) in enumerate(problem.cases):
        holds = value(when, env)
        if holds is None:
            return f"undefined at {index}"
        if holds:
            return index, value(award, env)
    return "hole"


def surroundings(problem: Problem, x: Fraction) -> dict[str, c.Value]:
    env: dict[str, c.Value] = {"actual": x}
    for name in ("target", "met", "completion", "gap", "excess") if problem.judge else ():
        env[name] = value(getattr(problem.judge, name), {"actual": x})
    return env


def brute(problem: Problem, grid: list[Fraction]) -> set[str]:
    """The codes of the contract that fail somewhere on the grid (``V105:n`` for a dead case)."""
    envs = [surroundings(problem, x) for x in grid]
    results = [decided(problem, env) for env in envs]
    found = {"V101"} if "hole" in results else set()
    judged = [(env, r[0], r[1]) for env, r in zip(envs, results, strict=True) if not isinstance(r, str)]
    scored = [(env, award) for env, _, award in judged if isinstance(award, Fraction)]
    if any(not problem.low <= award <= problem.high for _, award in scored):
        found.add("V102")
    ordered = scored if problem.direction == "higher" else scored[::-1]
    if any(a[1] > b[1] for a, b in itertools.pairwise(ordered)):
        found.add("V103")
    full = [env for env, award in scored if award >= problem.points]
    if judged and not any(env.get("met") is not False for env in full):
        found.add("V104")
    stopped = min(
        (int(r.split()[-1]) for r in results if isinstance(r, str) and r != "hole"), default=len(problem.cases)
    )
    reached = {index for _, index, _ in judged}
    return found | {f"V105:{i}" for i in range(stopped) if i not in reached}


def proved(problem: Problem) -> set[str]:
    answer = decide(problem)
    assert not answer.doubts, answer.doubts
    for verdict in answer.verdicts:
        assert shows(problem, verdict), (problem, verdict)
    return {f"V105:{v.case}" if v.code == "V105" else v.code for v in answer.verdicts}


def shows(problem: Problem, verdict) -> bool:
    """Does the witness fail when evaluated?"""
    results = [decided(problem, surroundings(problem, x)) for x in verdict.actuals]
    match verdict.code:
        case "V101":
            return results == ["hole"]
        case "V102":
            return not problem.low <= results[0][1] <= problem.high and results[0][1] == verdict.awards[0]
        case "V103":
            worse, better = verdict.actuals
            ordered = worse < better if problem.direction == "higher" else worse > better
            return ordered and results[0][1] > results[1][1] and (results[0][1], results[1][1]) == verdict.awards
    return True


# ---- small problems


def const(n: object) -> c.Const:
    return c.Const(F(n))  # type: ignore[arg-type]


def problem_of(cases: list[tuple[c.Expr, c.Expr]], domain: c.Domain, direction: str, judge: c.Judge | None) -> Problem:
    return Problem(
        cases=tuple((when, award, None) for when, award in cases), judge=judge, domain=domain,
        low=F(0), high=F(3), points=F(3), direction=direction,
    )  # fmt: skip


def judge_at(t: int, direction: str) -> c.Judge:
    limit = const(t)
    if direction == "higher":
        return c.Judge(limit, c.Compare(">=", A, limit), c.Div(A, limit), c.UNDEFINED, c.UNDEFINED)
    met = c.Compare("<=", A, limit)
    return c.Judge(limit, met, c.If(met, c.ONE, c.Div(limit, A)), c.UNDEFINED, c.UNDEFINED)


def line(a: object, b: object) -> c.Expr:
    return c.Add((c.Mul((const(a), A)), const(b)))


CONDITIONS = [c.Compare(op, A, const(t)) for op in (">", ">=", "<", "<=", "=") for t in (1, 2)] + [c.TRUE]
AWARDS = [const(0), const(3), const(4), line(1, 0), line(-1, 4), c.Floor(line("1/2", 1)), c.Max((c.ZERO, line(-1, 3)))]
WHOLE = c.Domain(F(0), F(4), True, F(1))
REAL = c.Domain(F(0), F(4))
# thresholds, crossings and steps of the pieces above lie on quarters, so a fine grid shows every failure
WHOLE_GRID = [F(n) for n in range(5)]
REAL_GRID = [F(n, 16) for n in range(65)]


def grid_of(domain: c.Domain) -> list[Fraction]:
    return WHOLE_GRID if domain.whole else REAL_GRID


def test_exhaustive_pairs_of_cases_over_a_whole_domain() -> None:
    count = 0
    pairs = itertools.product(itertools.product(CONDITIONS, AWARDS), repeat=2)
    for (first, second), direction in itertools.product(pairs, ("higher", "lower")):
        problem = problem_of([first, second], WHOLE, direction, None)
        if count % 7 == 0:
            assert proved(problem) == brute(problem, WHOLE_GRID), problem
        count += 1
    assert count > 10_000


def test_a_slice_of_three_cases_over_real_and_whole_domains_with_targets() -> None:
    source = random.Random(7)
    for _ in range(3000):
        cases = [(source.choice(CONDITIONS), source.choice(AWARDS)) for _ in range(3)]
        direction = source.choice(("higher", "lower"))
        domain = source.choice((WHOLE, REAL))
        problem = problem_of(cases, domain, direction, judge_at(source.choice((1, 2, 3)), direction))
        assert proved(problem) == brute(problem, grid_of(domain)), problem


halves = st.integers(-4, 10).map(lambda n: F(n, 2))
numbers = st.recursive(
    st.one_of(halves.map(c.Const), st.just(A)),
    lambda inner: st.one_of(
        st.tuples(halves.map(c.Const), inner).map(c.Mul),
        st.tuples(inner, halves.map(c.Const)).map(c.Add),
        st.tuples(inner, inner).map(c.Min),
        st.tuples(inner, inner).map(c.Max),
        inner.map(c.Floor),
        st.builds(c.Round, inner, st.integers(0, 1)),
        st.builds(c.Div, st.sampled_from([const(1), const(3), A]), st.sampled_from([line(1, 1), line(2, 1), const(2)])),
    ),
    max_leaves=4,
)
simple = st.builds(c.Compare, st.sampled_from(["=", "!=", "<", ">", "<=", ">="]), numbers, numbers)
conditions = st.one_of(
    simple, simple, st.just(c.TRUE), st.tuples(simple, simple).map(c.And), st.tuples(simple, simple).map(c.Or),
    simple.map(c.Not), st.builds(c.If, simple, simple, st.just(c.UNDEFINED)),
)  # fmt: skip
case_lists = st.lists(st.tuples(conditions, numbers), min_size=1, max_size=4)
wholes = st.builds(
    lambda low, width: c.Domain(F(low), F(low + width), True, F(1)), st.integers(-3, 3), st.integers(0, 8)
)


@settings(max_examples=400, deadline=None)
@given(case_lists, wholes, st.sampled_from(["higher", "lower"]), st.sampled_from([None, 1, 2, 3]))
def test_on_a_whole_domain_the_prover_says_what_trying_every_value_says(cases, domain, direction, target) -> None:
    if target is not None and domain.low < 0:
        domain = attrs.evolve(domain, low=F(0), high=max(domain.high, F(0)))
    judge = judge_at(target, direction) if target else None
    problem = problem_of(cases, domain, direction, judge)
    grid = [F(n) for n in range(int(domain.low), int(domain.high) + 1)]
    answer = decide(problem)
    unknown = {d.code for d in answer.doubts}
    said = {f"V105:{v.case}" if v.code == "V105" else v.code for v in answer.verdicts}
    truth = brute(problem, grid)
    assert {code for code in said if code[:4] not in unknown} == {code for code in truth if code[:4] not in unknown}
    never = [all(value(when, surroundings(problem, x)) is False for x in grid) for when, _, _ in problem.cases]
    assert said <= truth | {f"V105:{i}" for i, dead in enumerate(never) if dead}  # also behind what stops undefined
    assert all(shows(problem, verdict) for verdict in answer.verdicts)


@settings(max_examples=400, deadline=None)
@given(case_lists, st.sampled_from(["higher", "lower"]))
def test_what_is_proved_for_reals_fails_nowhere_and_what_is_refuted_fails_at_its_witness(cases, direction) -> None:
    problem = problem_of(cases, REAL, direction, None)
    answer = decide(problem)
    said = {v.code for v in answer.verdicts} | {d.code for d in answer.doubts}
    seen = {code for code in brute(problem, REAL_GRID) if code in ("V101", "V102", "V103")}
    assert seen <= said
    assert all(shows(problem, verdict) for verdict in answer.verdicts)


@settings(max_examples=500, deadline=None)
@given(numbers, st.integers(-8, 16), st.integers(0, 12))
def test_an_interval_encloses_every_value(expr, low, width) -> None:
    domain = c.Domain(F(low, 2), F(low + width, 2))
    least, most = interval(expr, {"actual": domain})
    for n in range(2 * width + 1):
        found = value(expr, {"actual": F(low, 2) + F(n, 4)})
        if isinstance(found, Fraction):
            assert least is None or least <= found
            assert most is None or found <= most
            assert found != 0 or can_be_zero(expr, {"actual": domain})


@settings(max_examples=500, deadline=None)
@given(case_lists)
def test_an_award_range_encloses_every_award(cases) -> None:
    made = tuple(c.Case(when, award, None, "", "", 1) for when, award in cases)
    scoring = c.Scoring("", made, F(0), F(3))
    low, high = award_range(scoring, None, REAL)
    problem = problem_of(cases, REAL, "higher", None)
    for x in REAL_GRID:
        result = decided(problem, {"actual": x})
        if not isinstance(result, str) and isinstance(result[1], Fraction):
            assert low <= max(F(0), min(F(3), result[1])) <= high


@settings(max_examples=300, deadline=None)
@given(simple, numbers)
def test_a_division_behind_a_guard_that_excludes_zero_is_never_undefined(test, divisor) -> None:
    expr = c.If(test, c.Div(c.ONE, divisor), c.ZERO)
    if zero_divisors(expr, {"actual": REAL}):
        return
    for x in REAL_GRID:
        if value(test, {"actual": x}) is not None and value(divisor, {"actual": x}) is not None:
            assert value(expr, {"actual": x}) is not None


# ---- proofs shared between targets of different size

relative = st.sampled_from([c.Ref("gap"), c.Div(c.Ref("gap"), const(2)), c.Floor(c.Mul((c.Ref("gap"), const(3))))])
awards = st.one_of(
    st.sampled_from([const(0), const(2), const(3)]),
    relative.map(lambda e: c.Max((c.ZERO, c.Add((const(3), c.Mul((const(-1), e))))))),
    relative.map(lambda e: c.Add((const(3), c.Mul((const(-1), e))))),
    st.just(c.Mul((c.Ref("completion"), const(3)))),
)
tests_of_gaps = st.one_of(
    st.just(c.Ref("met")),
    st.just(c.TRUE),
    st.builds(c.Compare, st.sampled_from(["<", "<=", ">"]), relative, st.sampled_from([const(1), const(3)])),
)
sizes = st.sampled_from([F(1, 10), F(3, 10), F(9, 10), F(1), F(2), F(7), F(10), F(99), F(100)])


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(tests_of_gaps, awards), min_size=1, max_size=3),
    st.lists(sizes, min_size=2, max_size=6),
    st.sampled_from([">=", "<="]),
)
def test_shared_proofs_say_what_each_target_alone_says(found, limits, op) -> None:
    scoring = c.Scoring("", tuple(c.Case(when, award, None, "", "", 1) for when, award in found), F(0), F(3))
    shared = Proofs()
    for limit in limits:
        use = m.TargetUse("full", Target("x", Bound(op, Quantity(limit, NO_UNIT))), judge_of(Form(op, limit)), None)
        row = m.Indicator(path=("甲",), points=F(3), scoring=scoring, targets=(use,), domain=c.Domain(F(0), None))
        thing = m.Object(kind="project", name="P", rows=(row,))
        assert [(d.code, d.witness) for d in prove(thing, shared)] == [(d.code, d.witness) for d in prove(thing)]


# ---- what moves one way although it is not linear-fractional, or depends on two other numbers

two = st.sampled_from([c.Ref("input:甲"), c.Ref("input:乙"), c.Add((c.Ref("input:甲"), c.Ref("input:乙")))])
odd = st.recursive(
    st.one_of(halves.map(c.Const), st.just(A), two, st.just(c.Div(const(6), line(1, 1)))),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(c.Add),
        st.tuples(inner, inner).map(c.Min),
        st.tuples(inner, inner).map(c.Max),
        st.tuples(halves.map(c.Const), inner).map(c.Mul),
        st.tuples(two, inner).map(c.Mul),
        inner.map(c.Floor),
    ),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.one_of(simple, st.just(c.TRUE)), odd), min_size=1, max_size=3),
    st.sampled_from(["higher", "lower"]),
)
def test_what_is_proved_with_other_numbers_fails_for_none_of_them(cases, direction) -> None:
    inside = Outside(c.Domain(F(0), F(2)))
    problem = attrs.evolve(
        problem_of(cases, REAL, direction, None), outside=(("input:乙", inside), ("input:甲", inside))
    )
    answer = decide(problem)
    open_codes = {d.code for d in answer.doubts} | {v.code for v in answer.verdicts}
    for one, other in itertools.product((F(0), F(1, 2), F(2)), repeat=2):
        given_numbers: dict[str, c.Value] = {"input:甲": one, "input:乙": other}
        results = [decided(problem, {"actual": x, **given_numbers}) for x in REAL_GRID]
        assert "V101" in open_codes or "hole" not in results
        awards_found = [r[1] for r in results if not isinstance(r, str) and isinstance(r[1], Fraction)]
        assert "V102" in open_codes or all(0 <= award <= 3 for award in awards_found)
        ordered = awards_found if direction == "higher" else awards_found[::-1]
        assert "V103" in open_codes or all(a <= b for a, b in itertools.pairwise(ordered))
    for verdict in answer.verdicts:
        if verdict.code in ("V101", "V102"):
            world = {"input:甲": F(0), "input:乙": F(0), **dict(verdict.world)}
            result = decided(problem, {"actual": verdict.actuals[0], **world})
            assert result == "hole" if verdict.code == "V101" else not 0 <= result[1] <= 3
