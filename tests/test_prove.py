"""The score contract on rubrics as bureaus write them: what is refuted, where, and with which witness."""

import time
from fractions import Fraction

import attrs
import pytest

from perfdsl import core as c
from perfdsl import model as m
from perfdsl.bounds import award_range, can_be_zero, interval, zero_divisors
from perfdsl.diagnostics import Diagnostic
from perfdsl.prove import cliffs, prove
from perfdsl.quantity import NO_UNIT, Quantity, parse_unit
from perfdsl.target import Bound, Date, Deadline, Target
from perfdsl.text import Source, Span


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the prover decides by itself, whether z3 is installed or not; test_prove_solver has the rest."""
    monkeypatch.setattr("perfdsl.prove.solver.installed", lambda: False)


F = Fraction
A, MET, DONE, GAP = c.Ref("actual"), c.Ref("met"), c.Ref("completion"), c.Ref("gap")
PERCENT = parse_unit("%")
REALS = c.Domain(F(0), None)
SHARES = c.Domain(F(0), F(1))


def const(n: object) -> c.Const:
    return c.Const(F(n))  # type: ignore[arg-type]


def case(
    when: c.Expr, award: c.Expr | int | str, high: int | str | None = None, text: str = "", line: int = 1
) -> c.Case:
    made = award if not isinstance(award, (int, str)) else const(award)
    return c.Case(when, made, None if high is None else const(high), text, "", line)


def compare(op: str, n: object) -> c.Expr:
    return c.Compare(op, A, const(n))


def word(text: str) -> c.Expr:
    return c.Compare("=", A, c.Const(text))


def at_least(limit: object) -> c.Judge:
    t = const(limit)
    gap = c.Max((c.ZERO, c.Add((t, c.Mul((const(-1), A))))))
    return c.Judge(t, c.Compare(">=", A, t), c.Div(A, t), gap, c.ZERO)


def at_most(limit: object) -> c.Judge:
    t = const(limit)
    met = c.Compare("<=", A, t)
    gap = c.Max((c.ZERO, c.Add((A, c.Mul((const(-1), t))))))
    return c.Judge(t, met, c.If(met, c.ONE, c.Div(t, A)), gap, c.ZERO)


def exactly(limit: object) -> c.Judge:
    t = const(limit)
    ratio = c.If(c.Compare("<=", A, t), c.Div(A, t), c.Div(t, A))
    return c.Judge(t, c.Compare("=", A, t), ratio, c.UNDEFINED, c.UNDEFINED)


def same_word(text: str) -> c.Judge:
    same = word(text)
    return c.Judge(c.Const(text), c.If(same, c.TRUE, c.UNDEFINED), c.If(same, c.ONE, c.UNDEFINED), c.ZERO, c.ZERO)


def indicator(
    *cases: c.Case, points: int = 10, judge: c.Judge | None = None, domain: c.Domain = REALS, **more: object
) -> m.Indicator:
    unit = more.pop("unit", PERCENT)
    name = more.pop("scoring_name", "")
    entries = more.pop("entries", None)
    meaning = Bound(">=", Quantity(F(1), NO_UNIT))
    uses = (m.TargetUse("full", Target("x", meaning), judge, unit),) if judge else ()
    scoring = c.Scoring(name, cases, F(0), F(points), entries)
    return m.Indicator(
        path=("产出", "指标"), points=F(points), scoring=scoring, targets=uses, domain=domain, unit=unit, **more
    )


def thing(*rows: m.Indicator, **more: object) -> m.Object:
    return m.Object(kind="project", name="项目", rows=rows, **more)


def codes(*rows: m.Indicator, **more: object) -> list[str]:
    return [d.code for d in prove(thing(*rows, **more))]


def only(*rows: m.Indicator, **more: object) -> Diagnostic:
    found = prove(thing(*rows, **more))
    assert len(found) == 1, [(d.code, d.message()) for d in found]
    return found[0]


OTHERWISE = c.TRUE
PROPORTIONAL = (case(c.Compare(">=", DONE, c.ONE), 10), case(OTHERWISE, c.Mul((DONE, const(10)))))


# ---- sound rubrics


@pytest.mark.parametrize("judge", [at_least("9/10"), at_most(5), exactly(3)])
def test_full_at_the_target_else_proportional_is_proved(judge: c.Judge) -> None:
    assert codes(indicator(*PROPORTIONAL, judge=judge)) == []


@pytest.mark.parametrize("judge", [at_least("9/10"), at_most(5)])
def test_steps_deducted_per_point_with_a_floor_are_proved_without_a_bound_on_the_domain(judge: c.Judge) -> None:
    steps = c.Floor(c.Mul((GAP, const(100))))
    award = c.Max((c.ZERO, c.Add((const(10), c.Mul((const("-1/2"), steps))))))
    assert codes(indicator(case(MET, 10), case(OTHERWISE, award), judge=judge)) == []


def test_three_tiers_with_ranges_are_proved() -> None:
    tiers = [case(word("达成预期"), 8, 10), case(word("部分达成"), 6, 8), case(OTHERWISE, 0, 6)]
    assert codes(indicator(*tiers, unit=None)) == []


def test_a_level_target_judged_by_its_own_word_is_proved() -> None:
    assert codes(indicator(case(MET, 10), case(OTHERWISE, 0), judge=same_word("健全"), unit=None)) == []


# ---- refuted


def test_a_border_left_out_between_two_cases_is_a_gap_at_exactly_that_border() -> None:
    found = only(indicator(case(compare(">", "9/10"), 2), case(compare("<", "9/10"), 1), points=2))
    assert (found.code, found.witness) == ("V101", (("actual", "90%"),))
    assert found.message() == "“指标”完成值为 90% 时没有任何一档适用"
    assert found.message("en") == "“指标”: no case applies to an actual of 90%"
    assert found.repro.splitlines()[1:3] == ['  given "产出"/"指标" 90%', '  expect "产出"/"指标" score 0 .. 2']


def test_words_that_no_case_names_are_a_gap() -> None:
    found = only(indicator(case(word("达成预期"), 10), case(word("部分达成"), 5), unit=None))
    assert (found.code, found.witness) == ("V101", (("actual", "另外的词"),))


def test_on_a_scale_only_its_words_can_be_actuals() -> None:
    row = indicator(
        case(word("好"), 10), case(word("差"), 0), unit=None, words=(("好", "好"), ("优良", "好"), ("差", "差"))
    )
    assert codes(row) == []


def test_a_proportion_without_a_cap_is_not_bounded() -> None:
    found = only(indicator(case(OTHERWISE, c.Mul((DONE, const(10)))), judge=at_least(1)))
    assert (found.code, found.witness) == ("V102", (("actual", "101%"),))


def test_a_reverse_line_that_falls_below_zero_is_not_bounded() -> None:
    line = c.Add((const(20), c.Mul((const(-2), A))))
    found = only(indicator(case(MET, 10), case(OTHERWISE, line), judge=at_most(5), unit=None))
    assert (found.code, found.witness) == ("V102", (("actual", "11"),))
    limited = c.Max((c.ZERO, line))
    assert codes(indicator(case(MET, 10), case(OTHERWISE, limited), judge=at_most(5))) == []


def test_points_lost_by_overfulfilment_are_not_monotone() -> None:
    row = indicator(case(compare(">", "13/10"), 0), case(MET, 10), case(OTHERWISE, 0), judge=at_least(1))
    found = only(row)
    assert (found.code, found.witness) == ("V103", (("worse", "130%"), ("better", "131%")))
    assert "score 10 .. 10" in found.repro


def test_an_equal_to_target_with_full_marks_at_five_times_the_target_is_refuted() -> None:
    uncapped = indicator(
        case(OTHERWISE, c.Div(c.Mul((A, const(10))), const(3))), judge=exactly(3), direction="exact", unit=None
    )
    assert codes(uncapped) == ["V102", "V103"]
    capped = indicator(case(compare(">=", 3), 10), case(OTHERWISE, 0), judge=exactly(3), direction="exact", unit=None)
    found = only(capped)
    assert (found.code, found.witness) == ("V103", (("actual", "15"),))


def test_the_wrong_direction_is_seen_from_the_target() -> None:
    found = only(indicator(case(compare(">=", 5), 10), case(OTHERWISE, 4), judge=at_most(5), unit=None))
    assert (found.code, found.witness) == ("V103", (("worse", "5"), ("better", "4")))


def test_a_better_word_may_not_score_less() -> None:
    share = c.If(word("好"), c.ONE, c.If(word("差"), c.ZERO, c.UNDEFINED))
    judge = c.Judge(c.Const("好"), c.Compare(">=", share, c.ONE), share, c.UNDEFINED, c.UNDEFINED)
    row = indicator(case(word("差"), 10), case(OTHERWISE, 5), judge=judge, unit=None)
    assert [d.code for d in prove(thing(row))] == ["V103", "V104"]


def test_full_points_nobody_can_get() -> None:
    found = only(indicator(case(MET, 8), case(OTHERWISE, 0), judge=at_least("9/10"), domain=SHARES))
    assert found.code == "V104"
    assert found.witness == (("actual", "90%"),)
    assert found.message() == "“指标”的 10 分得不到（完成值为 90% 时得 8 分）"


def test_full_points_only_for_those_who_miss_the_target() -> None:
    row = indicator(case(MET, 8), case(OTHERWISE, 10), judge=at_least("9/10"))
    assert "V104" in codes(row)


def test_a_shadowed_case_is_found_at_its_own_line() -> None:
    source = Source("a.perf", "指标 by {\n  >= 80% -> 10\n  >= 90% -> 10\n  otherwise -> 0\n}")
    span, name = Span(0, len(source.text), source), Span(0, 2, source)
    cases = [
        case(compare(">=", "8/10"), 10, line=2),
        case(compare(">=", "9/10"), 10, text="≥ 90%", line=3),
        case(OTHERWISE, 0),
    ]
    found = only(indicator(*cases, span=span, name_span=name))
    assert (found.code, found.span.text) == ("V105", ">= 90% -> 10")


def test_a_case_of_a_shared_rubric_is_not_dead_because_one_target_never_needs_it() -> None:
    gate = [case(c.Compare(">=", DONE, c.ONE), 10), case(c.Compare(">=", DONE, const("6/10")), 5), case(OTHERWISE, 0)]
    none = c.Compare("<=", A, c.ZERO)
    judge = c.Judge(c.ZERO, none, c.If(none, c.ONE, c.ZERO), c.UNDEFINED, c.UNDEFINED)
    assert codes(indicator(*gate, judge=judge, scoring_name="及格")) == []
    assert codes(indicator(*gate, judge=judge)) == ["V105"]
    shadowed = [gate[1], gate[0], gate[2]]
    assert "V105" in codes(indicator(*shadowed, judge=at_least(1), scoring_name="及格"))


# ---- not proved, worlds, waivers


def test_an_award_that_depends_on_two_unknown_numbers_is_not_proved() -> None:
    award = c.Mul((c.Add((c.Ref("input:人数"), c.Ref("input:户数"))), const(2)))
    found = only(indicator(case(OTHERWISE, award), judge=at_least(1)))
    assert (found.code, found.severity) == ("V190", "info")
    assert "取决于“人数”" in found.message()


def people(low: int, high: int, whole: bool = True) -> dict[str, object]:
    return {"inputs": (m.Input(name="人数", domain=c.Domain(F(low), F(high), whole)),)}


PEOPLE = c.Ref("input:人数")


def test_one_other_number_is_decided_over_its_domain() -> None:
    twice = case(OTHERWISE, c.Mul((PEOPLE, const(2))))
    assert codes(indicator(twice, judge=at_least(1)), **people(0, 5)) == []
    found = only(indicator(twice, judge=at_least(1)), **people(0, 6))
    assert (found.code, dict(found.witness)["人数"]) == ("V102", "6")


def test_a_hole_that_opens_for_some_values_of_another_number_is_found() -> None:
    above = case(c.Compare(">", A, c.Mul((PEOPLE, const("1/10")))), 10)
    below = case(c.Compare("<", A, c.Min((const("3/10"), c.Mul((PEOPLE, const("1/10")))))), 0)
    found = only(indicator(above, below), **people(0, 9))
    assert (found.code, found.witness) == ("V101", (("actual", "0%"), ("人数", "0")))
    touching = case(c.Compare("<=", A, c.Min((const("3/10"), c.Mul((PEOPLE, const("1/10")))))), 0)
    found = only(indicator(above, touching), **people(0, 9))
    assert dict(found.witness)["人数"] == "4"
    assert codes(indicator(above, touching), **people(0, 3)) == []


def test_the_score_of_another_row_is_refuted_only_where_it_occurs_by_itself() -> None:
    other = attrs.evolve(indicator(case(MET, 5), case(OTHERWISE, 0), points=5, judge=at_least(1)), path=("乙",))
    score = c.Ref("score:乙")
    five, none = c.Compare(">=", score, const(5)), c.Compare("=", score, const(0))
    row = indicator(case(five, 10), case(none, 0))
    assert codes(row, other) == ["V190"]  # a review may set 2.5; no award is 2.5
    row = indicator(case(five, 10), case(c.Compare(">", score, const(0)), 0))
    assert "V101" in codes(row, other)


def test_days_are_whole() -> None:
    limit = const(739_067)
    late = c.Max((c.ZERO, c.Add((A, c.Mul((const(-1), limit))))))
    judge = c.Judge(limit, c.Compare("<=", A, limit), c.UNDEFINED, late, c.ZERO)
    cases = [case(MET, 10), case(c.Compare(">=", GAP, const(1)), 5)]
    row = indicator(*cases, judge=judge, unit=None, domain=c.Domain(None, None))
    assert codes(row) == ["V101"]
    day = Target("2024年6月30日前", Deadline(Date(2024, 6, 30)))
    dated = attrs.evolve(row, targets=(attrs.evolve(row.targets[0], target=day),))
    assert codes(dated) == []


def test_words_of_an_input_are_tried_one_by_one() -> None:
    central = c.Compare("=", c.Ref("input:类别"), c.Const("中部"))
    cases = [case(c.And((central, compare(">=", "4/10"))), 10), case(c.And((c.Not(central), compare(">", "1/2"))), 10)]
    found = only(indicator(*cases, case(compare("<", "4/10"), 0)))
    assert found.code == "V101"
    assert dict(found.witness)["类别"] == "另外的词"


def test_growth_over_last_year_is_decided_for_every_value_of_last_year() -> None:
    prior = c.Ref("prior")
    rate = c.If(c.Compare(">", prior, c.ZERO), c.Add((c.Div(A, prior), const(-1))), c.UNDEFINED)
    change = c.If(c.Missing(prior), A, rate)
    met = c.Compare(">=", change, const("1/20"))
    judge = c.Judge(const("1/20"), met, c.If(met, c.ONE, c.ZERO), c.UNDEFINED, c.UNDEFINED)
    assert codes(indicator(case(MET, 10), case(OTHERWISE, 0), judge=judge)) == []
    assert codes(indicator(case(MET, 10), case(c.Not(MET), 12), judge=judge)) == ["V102", "V103"]


def test_the_schedule_is_any_share_of_the_year() -> None:
    schedule = c.Ref("schedule")
    done = c.If(c.Compare(">", schedule, c.ZERO), c.Div(A, schedule), c.ONE)
    judge = c.Judge(schedule, c.Compare(">=", A, schedule), done, c.UNDEFINED, c.UNDEFINED)
    assert codes(indicator(*PROPORTIONAL, judge=judge)) == []
    assert codes(indicator(case(OTHERWISE, c.Mul((DONE, const(10)))), judge=judge)) == ["V102"]


def test_a_waived_finding_is_kept_as_accepted() -> None:
    row = indicator(case(compare(">", "13/10"), 0), case(MET, 10), case(OTHERWISE, 0), judge=at_least(1))
    found = only(attrs.evolve(row, waivers=(m.Waiver("V103", "鄂财绩发"),)))
    assert (found.accepted, found.severity) == ("鄂财绩发", "info")


def test_rows_without_points_or_rubric_are_left_alone() -> None:
    assert codes(attrs.evolve(indicator(case(compare(">", 1), 99)), points=None)) == []


# ---- entries


def test_the_points_of_a_checklist_must_make_up_the_points() -> None:
    entries = c.Entries("check", words=("甲", "乙"))
    assert codes(indicator(case(word("甲"), 4), case(word("乙"), 6), entries=entries)) == []
    assert codes(indicator(case(word("甲"), 4), case(word("乙"), 5), entries=entries)) == ["V104"]
    assert codes(indicator(case(word("甲"), 5), case(word("甲"), 5), entries=entries)) == ["V105", "V104"]


def test_the_best_of_several_entries_stays_within_the_points() -> None:
    entries = c.Entries("best")
    assert codes(indicator(case(word("国务院嘉奖"), 12), entries=entries)) == ["V102"]


def test_one_entry_is_decided_like_an_actual_of_its_own() -> None:
    for how in ("best", "mean", "trimmed mean"):
        entries = c.Entries(how)
        whole = (case(compare(">=", "9/10"), 10), case(OTHERWISE, 5))
        assert codes(indicator(*whole, entries=entries, judge=at_least("9/10"))) == []
        hole = (case(compare(">", "9/10"), 10), case(compare("<", "9/10"), 5))
        assert codes(indicator(*hole, entries=entries, judge=at_least("9/10"))) == ["V101"]
        falling = (case(compare(">=", "9/10"), 10), case(compare(">=", "8/10"), 3), case(OTHERWISE, 5))
        assert codes(indicator(*falling, entries=entries, judge=at_least("9/10"))) == ["V103"]
        uncapped = (case(OTHERWISE, c.Mul((DONE, const(10)))),)
        assert codes(indicator(*uncapped, entries=entries, judge=at_least("9/10"))) == ["V102"]


def test_what_a_score_begins_with_stays_inside_the_limits_too() -> None:
    assert codes(indicator(case(word("甲"), -1), entries=c.Entries("sum", base=F(12)))) == ["V102"]


# ---- grades


def bands(*limits: tuple[str, list[tuple[str, int]]]) -> tuple[m.Band, ...]:
    return tuple(m.Band(name, tuple((op, F(n)) for op, n in ops)) for name, ops in limits)


def test_a_total_of_exactly_90_without_a_grade() -> None:
    grades = bands(
        ("优", [(">", 90)]), ("良", [(">=", 80), ("<", 90)]), ("中", [(">=", 60), ("<", 80)]), ("差", [("<", 60)])
    )
    found = only(grades=grades)
    assert (found.code, found.witness) == ("V106", (("total", "90"),))


INTEGER_BANDS = bands(("优", [(">=", 90)]), ("良", [(">=", 80), ("<=", 89)]), ("差", [("<=", 79)]))


def test_integer_bands_have_gaps_only_where_the_rounding_prints_such_a_total() -> None:
    assert [d.witness for d in prove(thing(grades=INTEGER_BANDS, rounding=1))] == [
        (("total", "79.1"),),
        (("total", "89.1"),),
    ]
    assert prove(thing(grades=INTEGER_BANDS, rounding=0)) == []


def test_a_hole_that_the_last_grade_takes_is_reported_where_the_rounding_prints_such_a_total() -> None:
    grades = bands(("优", [(">=", 90)]), ("良", [(">=", 80), ("<=", 89)]), ("中", [(">=", 60), ("<", 80)]), ("差", []))
    found = prove(thing(grades=grades, rounding=1))
    assert [(d.code, d.witness) for d in found] == [("V108", (("total", "89.1"),))]
    assert found[0].message() == "总分 89.1 至 89.9 落到“差”，而更低的总分能得“良”"
    assert prove(thing(grades=grades, rounding=0)) == []


def test_grades_that_share_a_total_and_grades_out_of_order() -> None:
    shared = bands(("优", [(">=", 90)]), ("良", [(">=", 80), ("<=", 90)]), ("差", []))
    assert [(d.code, d.witness) for d in prove(thing(grades=shared))] == [("V110", (("total", "90"),))]
    usual = bands(("优", [(">=", 90)]), ("良", [(">=", 80)]), ("差", []))
    assert prove(thing(grades=usual)) == []
    upwards = bands(("差", [("<", 60)]), ("良", [(">=", 60), ("<", 90)]), ("优", [(">=", 90)]))
    assert [(d.code, d.witness) for d in prove(thing(grades=upwards))] == [
        ("V109", (("total", "60"),)),
        ("V109", (("total", "90"),)),
    ]


def test_a_grade_nobody_can_have_is_dead() -> None:
    grades = bands(("优", [(">=", 60)]), ("良", [(">=", 80)]), ("差", []))
    found = only(grades=grades)
    assert (found.code, dict(found.facts)["case"]) == ("V105", "良")


# ---- cliffs, speed, bounds


def test_cliffs_are_listed_with_their_size() -> None:
    row = indicator(case(compare(">=", "8/10"), 4), case(compare(">=", "7/10"), 3), case(OTHERWISE, 0))
    found = cliffs(thing(row))
    assert [(cliff.at, cliff.below, cliff.above) for cliff in found] == [("70%", 0, 3), ("80%", 3, 4)]
    assert [(cliff.before, cliff.after, cliff.size) for cliff in found] == [
        ("69.99%", "70%", F(3, 10)),
        ("79.99%", "80%", F(1, 10)),
    ]


def test_every_step_of_stairs_is_a_cliff_and_a_border_belongs_to_its_side() -> None:
    steps = c.Add((const(2), c.Floor(c.Div(A, const(2)))))
    row = indicator(
        case(compare(">", 6), 10), case(OTHERWISE, steps), unit=None, domain=c.Domain(F(0), F(9), True, F(1))
    )
    assert [(cliff.before, cliff.after, cliff.above - cliff.below) for cliff in cliffs(thing(row))] == [
        ("1", "2", 1), ("3", "4", 1), ("5", "6", 1), ("6", "7", 5),
    ]  # fmt: skip


def test_a_thousand_bands_take_well_under_a_second() -> None:
    cases = [case(compare(">=", F(n, 1000)), c.Const(F(n, 100))) for n in range(1000, 0, -1)]
    began = time.process_time()
    assert codes(indicator(*cases, case(OTHERWISE, 0), judge=at_least(1))) == []
    assert time.process_time() - began < 1


def test_the_cliffs_of_many_bands_cost_what_the_bands_cost() -> None:
    def seconds(bands: int) -> float:
        cases = [case(compare(">=", F(n, bands)), c.Const(F(10 * n, bands))) for n in range(bands, 0, -1)]
        listed = thing(indicator(*cases, case(OTHERWISE, 0)))
        began = time.process_time()
        assert len(cliffs(listed)) == bands
        return time.process_time() - began

    seconds(100)
    assert min(seconds(4000) for _ in range(3)) < 8 * min(
        seconds(1000) for _ in range(3)
    )  # 16 times where it is quadratic


def test_equal_rubrics_are_solved_once() -> None:
    rows = [indicator(*PROPORTIONAL, judge=at_least(n % 20 + 1)) for n in range(2000)]
    began = time.process_time()
    assert codes(*rows) == []
    assert time.process_time() - began < 3


def test_the_range_of_a_missing_value_is_that_of_the_awards() -> None:
    scoring = c.Scoring("", (case(compare(">", "9/10"), 2), case(OTHERWISE, 1)), F(0), F(2))
    assert award_range(scoring, None, REALS) == (1, 2)
    proportional = c.Scoring("", PROPORTIONAL, F(0), F(10))
    assert award_range(proportional, at_least("9/10"), c.Domain(F(9, 20), None)) == (5, 10)


def test_a_guard_keeps_a_divisor_from_zero() -> None:
    env = {"actual": REALS}
    assert can_be_zero(A, env)
    assert not can_be_zero(c.Add((A, c.ONE)), env)
    assert zero_divisors(c.Div(c.ONE, A), env) == [A]
    assert zero_divisors(c.If(compare(">", 0), c.Div(c.ONE, A), c.ZERO), env) == []
    assert interval(c.Div(c.ONE, c.Add((A, c.ONE))), env) == (0, 1)
