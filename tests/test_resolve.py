"""What the resolver refuses or asks for, and what it lets pass: one small body for each sentence of LANGUAGE 3 to 5, 7, 10."""

import itertools

import pytest
from scoring import codes, compiled, inside, plan_of, scored

TEN = 'full "≥10件"'

REFUSED = [
    # ---- shares, points and units
    ("a bare number against a percent", '甲 full "≥90%" points 2 by { > 90 -> 2  otherwise -> 1 }', "R313"),
    ("a bare number against completion", '甲 full "≥90%" points 2 by { completion >= 1 -> 2  otherwise -> 1 }', "R313"),
    ("a bare number against money", '甲 full "≥3万元" higher points 2 by { >= 3 -> 2  otherwise -> 1 }', "R313"),
    ("a bare number against a duration", '甲 full "≤3秒" points 2 by { > 3 -> 0  otherwise -> 2 }', "R313"),
    ("another unit", '甲 full "≥12件" points 2 by { >= 10人 -> 2  otherwise -> 1 }', "R312"),
    ("points minus a share", '甲 full "≥90%" points 2 by { met -> 2  otherwise -> points - 50% }', "R307"),
    ("the least of points and a share", '甲 full "≥90%" points 2 by { otherwise -> min(points, completion) }', "R307"),
    ("a quotient as award", '甲 full "≥90%" points 2 by { met -> 2  otherwise -> actual / target }', "R406"),
    ("a small number of points or a share", '甲 full "≥9件" points 10 by { met -> 10  otherwise -> 0.9 * completion }', "R410"),
    ("a share times a small number", '甲 full "≥9件" points 10 by { met -> 10  otherwise -> completion * 0.5 }', "R410"),
    ("a small number inside a function", '甲 full "≥9件" points 10 by { otherwise -> max(0, 1.2 * completion) }', "R410"),
    ("a small number of two parts", '甲 full "≥9件" points 10 by { met -> 10  otherwise -> 3 * completion / 4 }', "R410"),
    ("a small parameter", 'rubric r(each) { met -> 100%  otherwise -> each * completion }\n甲 full "≥9件" points 10 by r(0.5)', "R410"),
    ("a small number of a percent", '甲 full "≥90%" points 10 by { met -> 10  otherwise -> 0.5 * actual }', "R410"),
    ("an award from high to low", '甲 full "≥9件" points 10 by { met -> 10 .. 8  otherwise -> 0 }', "R411"),
    ("an award from a high share to a low one", '甲 full "≥9件" points 10 by { met -> 100% .. 80%  otherwise -> 0 }', "R411"),
    ("a product of two varying things", '甲 full "≥90%" points 2 by { otherwise -> completion * completion }', "R309"),
    ("a divisor that may be zero", '甲 full "≥90%" points 2 by { otherwise -> points * 1% / actual }', "R310"),
    ("a relative gap to a target of zero", '甲 full "≤0件" points 2 by { met -> 2  otherwise -> max(0, 2 - floor(gap / target)) }', "R310"),
    ("steps of a quantity without a size", '甲 full "≤9件" points 5 by { met -> 5  otherwise -> max(0, 5 - floor(gap)) }', "R318"),
    ("steps of a percent without a size", '甲 full "≥90%" points 5 by { met -> 5  otherwise -> max(0, 5 - floor(gap / 1)) }', "R318"),
    ("yuan plus people", f"input a : 万元\ninput b : 人\n甲 = a + b {TEN} points 5 by 达标得满分", "R307"),
    ("a formula in another unit than its target", '甲 = a full "≥3人" points 5 by 达标得满分\ninput a : 万元', "R235"),
    # ---- names
    ("an unknown name", f"甲 = 乙乙 / 2 {TEN} points 5 by 比例得分", "R303"),
    ("a text in a formula", f'甲 = "乙" / 2 {TEN} points 5 by 比例得分', "R308"),
    ("a group as a value", f"甲 = G / 2 {TEN} points 5 by 比例得分\nG points 1 {{ 乙 {TEN} points 1 by 比例得分 }}", "R238"),
    ("a name that is not unique", "甲 = 乙 + 1件 full \"≥3件\" points 1 by 达标得满分\n"
     + "\n".join(f"{g} points 1 {{ 乙 {TEN} points 1 by 比例得分 }}" for g in "AB"), "R237"),
    ("a circle of formulas", f"甲 = 乙 + 1件 {TEN} points 5 by 达标得满分\n乙 = 甲 - 1件 {TEN} points 5 by 达标得满分", "R236"),
    ("a score that needs itself", f"G points 5 {{ 甲 {TEN} points 5 by {{ score(G) >= 3 -> 5  otherwise -> 0 }} }}", "R236"),
    ("two rows of one name", f"甲 {TEN} points 5 by 比例得分\n甲 {TEN} points 5 by 比例得分", "R210"),
    ("two rows of one written path", f'"甲/乙" {TEN} points 5 by 比例得分\n甲 points 5 {{ 乙 {TEN} points 5 by 比例得分 }}', "R210"),
    ("an unknown rubric", f"甲 {TEN} points 5 by 比例得分法法", "R207"),
    # ---- parameters
    ("a parameter nobody gives", 'rubric 扣(step) { met -> 100%  otherwise -> max(0, points - gap / step) }\n甲 full "≥90%" points 5 by 扣', "R402"),
    ("one argument too many", f"甲 {TEN} points 5 by 达标得满分(3)", "R403"),
    ("a parameter given twice", f"甲 {TEN} points 5 by 及格比例得分(60%, gate: 50%)", "R404"),
    # ---- points
    ("points that do not add up", f"G points 10 {{ 甲 {TEN} points 5 by 比例得分\n乙 {TEN} points 4 by 比例得分 }}", "R222"),
    ("groups that miss the total", f"total 10\n甲 {TEN} points 5 by 比例得分", "R223"),
    ("points that do not share out", f"G points 10 shared by 比例得分 {{ 甲 {TEN}\n乙 {TEN}\n丙 {TEN} }}", "R221"),
    ("shares finer than the rounding", f"rounding 1\nG points 0.3 shared by 比例得分 {{ 甲 {TEN}\n乙 {TEN} }}", "R221"),
    ("points finer than the rounding", f"rounding 1\n甲 {TEN} points 5.05 by 比例得分", "R215"),
    ("either with other points", f"G points 10 either by 比例得分 {{ 甲 {TEN} points 5\n乙 {TEN} }}", "R220"),
    ("weights that miss 100%", f"A weight 50% {{ 甲 {TEN} points 9 by 比例得分 }}\nB weight 25% {{ 乙 {TEN} points 9 by 比例得分 }}", "R225"),
    ("weights beside points", f"A weight 50% {{ 甲 {TEN} points 9 by 比例得分 }}\nB points 50 {{ 乙 {TEN} points 50 by 比例得分 }}", "R224"),
    ("an award up to less than the points", f"甲 {TEN} points 5 up to 4 by 比例得分", "R216"),
    ("a bonus block inside a group", f"G points 5 {{ 甲 {TEN} points 5 by 比例得分\nB bonus 0 .. 1 {{ 乙 by sum {{ \"a\" -> 1 }} }} }}", "R232"),
    ("points without a rubric", f"甲 {TEN} points 5", "R230"),
    ("a clause said twice", f"甲 {TEN} {TEN} points 5 by 比例得分", "R211"),
    # ---- targets and their direction
    ("a target without quotes", "甲 full 10 points 5 by 比例得分", "R212"),
    ("money without a direction", '甲 full "3.5万元" points 5 by 比例得分', "R227"),
    ("a cost without a direction", '培训成本 full "=30件" points 5 by 比例得分', "R227"),
    ("zero where values are signed", '变动 full "=0%" values -10% .. points 5 by 达标得满分', "R228"),
    ("a deadline without any year", '甲 full "9月前" points 5 by 达标得满分', "R258"),
    ("a rubric that needs a target", "甲 points 5 by 比例得分", "R234"),
    ("unit column against unit of the cell", '甲 full "≥98%" unit "件" points 5 by 比例得分', "T105"),
    # ---- not applicable, waivers, settings
    ("applies without a policy", f'input 有 values 是, 否\n甲 {TEN} points 5 applies 有 = "是" by 比例得分', "R249"),
    ("moving points to nowhere", f"not_applicable to X\n甲 {TEN} points 5 by 比例得分", "R239"),
    ("a waiver that covers nothing", f'甲 {TEN} points 5 by 比例得分 accept V101 "x"', "R253"),
    ("a setting said twice", f"rounding 1\nrounding 2\n甲 {TEN} points 5 by 比例得分", "R244"),
    ("an unused input", f"input a : 人\n甲 {TEN} points 5 by 比例得分", "R245"),
    ("a ceiling at an unknown grade", f"ceiling lost(甲) > 0 -> 特优\n甲 {TEN} points 5 by 比例得分", "R247"),
    # ---- money
    ("funds in people", f"funds 人 {{ spend a full 1 }}\n甲 {TEN} points 5 by 比例得分", "R501"),
    ("a line nobody wrote", '甲 = spent(三) / budget(三) full "100%" higher points 5 by 比例得分\nG { 乙 }', "R241"),
    ("a budget of zero", 'funds 万元 { spend b full 0 }\n率 = spent(支出) / budget(支出) full "100%" higher points 1 by 比例得分', "R310"),
    ("a budget left blank", 'funds 万元 { spend b half 3 }\n率 = spent(支出) / budget(支出) full "100%" higher points 1 by 比例得分', "R242"),
    ("income far from spending", f"funds 万元 {{ income a full 100 spend b full 90 }}\n甲 {TEN} points 5 by 比例得分", "R506"),
    ("income rounded away from spending",
     f"funds 万元 {{ income a full 100.01 spend b full 50.00 spend c full 50.00 }}\n甲 {TEN} points 5 by 比例得分", "R507"),
    ("a parent far from its lines", f"funds 万元 {{ spend a full 100 {{ x full 50 y full 40 }} }}\n甲 {TEN} points 5 by 比例得分", "R504"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "code"), [pytest.param(b, code, id=name) for name, b, code in REFUSED])
def test_a_mistake_of_meaning_is_said(body: str, code: str) -> None:
    assert code in codes(body)


ALLOWED = [
    ("a relative gap", '甲 full "≥90%" points 2 by { met -> 2  otherwise -> max(0, 2 - floor(gap / target / 3%)) }'),
    ("a count against a bare number", f"甲 {TEN} points 2 by {{ >= 10 -> 2  otherwise -> 1 }}"),
    ("yuan plus ten thousands of yuan", 'input a : 万元\ninput b : 元\n甲 = a + b full "≥3万元" higher points 5 by 达标得满分'),
    ("a divisor with a domain", 'input a : 件\ninput b : 件 values 1 ..\n甲 = a / b full "≥90%" points 5 by 达标得满分'),
    ("the plan of a period", 'funds 万元 { spend b half 3 full 6 }\n率 = spent(b) / plan(b) half "100%" full "100%" higher points 1 by 比例得分'),
    ("an empty row", f"G points 5 {{ 空行\n甲 {TEN} points 5 by 比例得分 }}"),
    ("a short name for one of two rows", "A points 1 { 乙 full \"≥1件\" points 1 by 比例得分 as 乙一 }\n"
     "B points 1 { 乙 full \"≥1件\" points 1 by 比例得分 }\n甲 = 乙一 + 1件 full \"≥3件\" points 1 by 达标得满分"),
    ("a cost with its direction", '培训成本 full "=30件" exact points 5 by 比例得分'),
    ("an accepted gap", '甲 full ">90%" points 2 by { > 90% -> 2  < 90% -> 1 } accept V101 "原表如此"'),
    ("blank amounts", f"funds 万元 {{ income a full 100 spend b half 0 full 100 spend c }}\n甲 {TEN} points 5 by 比例得分"),
    ("nothing but targets", f"甲 {TEN}\n乙 half \"≥1件\""),
]  # fmt: skip


@pytest.mark.parametrize("body", [pytest.param(body, id=name) for name, body in ALLOWED])
def test_what_the_language_allows_is_not_blamed(body: str) -> None:
    assert not {d.code for d in compiled(inside(body)).found if d.severity in ("error", "warning")}


def test_points_are_shared_out_among_those_that_have_none() -> None:
    plan = plan_of(f"G points 10 shared by 比例得分 {{ 甲 {TEN}\n乙 {TEN} points 4\n丙 {TEN}\n空行 }}")
    assert [row.points for row in plan.indicators] == [3, 4, 3]


def test_an_uneven_share_prints_a_split_that_adds_up() -> None:
    found = compiled(inside(f"G points 10 shared by 比例得分 {{ 甲 {TEN}\n乙 {TEN}\n丙 {TEN} }}")).found
    (wrong,) = [d for d in found if d.code == "R221"]
    assert "3.34 3.33 3.33" in wrong.help()


def test_one_mistake_costs_one_finding() -> None:
    assert [d.code for d in compiled(inside(f"甲 = 乙乙 / 2 + 1 {TEN} points 5 by 比例得分")).found] == ["R303"]


INPUTS = "input 数 : 天 values 0天 ..\ninput 差数 : 天 values -9天 ..\n"
GUARDED = ((
    'full "≤10天"', "met -> 10   otherwise -> points * (10天 / actual)"), (
    'full "≥10天"', "met -> min(points, points * (10天 / actual))   otherwise -> 0"), (
    'full "≤10天"', "actual <= 0天 -> 10   otherwise -> min(points, points * (10天 / actual))"), (
    'full "≤10天"', "actual = 0天 -> 10   otherwise -> min(points, points * (10天 / actual))"), (
    'full "≤10天"', "数 > 0天 -> points * min(1, 10天 / 数)   otherwise -> 10"), (
    'full "≤10天"', "数 = 0天 -> 10   otherwise -> points * min(1, 10天 / 数)"), (
    'full "≤10天"', "数 != 0天 -> points * min(1, 10天 / 数)   otherwise -> 10"), (
    'full "≤10天"', "差数 = 0天 -> 10   otherwise -> points * clamp(10天 / 差数, 0, 1)"), (
    'full "≤10天"', "0天 = 差数 or 数 > 5天 -> 10   10天 / 差数 > 2 -> 5   otherwise -> 0"), (
    'full "≤0天"', "target = 0天 -> 0   otherwise -> points * min(1, actual / target)"), (
    'full "≤0天"', "target > 0天 -> points * min(1, actual / target)   otherwise -> 0"), (
    'full "≤10天"', "missing -> 0   数 = 0天 -> 10   met -> 5   otherwise -> points * min(1, 10天 / 数)"),)  # fmt: skip
UNGUARDED = ((
    'full "≤10天"', "met -> points * min(1, 10天 / actual)   otherwise -> 0"), (
    'full "≥10天"', "met -> 10   otherwise -> min(points, points * (10天 / actual))"), (
    'half "≤10天" full "≥10天"', "met -> 10   otherwise -> min(points, points * (10天 / actual))"), (
    'full "≤10天"', "数 > 5天 -> 10   otherwise -> points * min(1, 10天 / 数)"), (
    'full "≤10天"', "数 = 0天 and met -> 10   otherwise -> points * min(1, 10天 / 数)"), (
    'full "≤10天"', "数 = 0天 -> points * min(1, 10天 / 数)   otherwise -> 10"), (
    'full "≤10天"', "差数 > 0天 -> 10   otherwise -> points * clamp(10天 / 差数, 0, 1)"), (
    'full "≤10天"', "数 = 1天 -> 10   otherwise -> points * min(1, 10天 / 数)"), (
    'full "≤10天"', "missing -> points * min(1, 10天 / 数)   数 = 0天 -> 10   otherwise -> 0"), (
    'full "≤10天"', "otherwise -> points * min(1, 10天 / 数)   数 = 0天 -> 10"),)  # fmt: skip


@pytest.mark.parametrize(("target", "cases"), GUARDED)
def test_an_earlier_case_may_exclude_a_divisor_of_zero(target: str, cases: str) -> None:
    body = f"{INPUTS}甲 {target} points 10 by {{ {cases} }}"
    assert "R310" not in codes(body)
    for days, other in itertools.product(("0", "1", "9", "10", "11", "20"), ("0", "1", "8")):
        rows = [("甲", f"{days}天"), ("数", f"{other}天"), ("差数", f"{other}天")]
        assert not scored(body, rows).codes & {"E103", "E109", "E110"}, (days, other)


@pytest.mark.parametrize(("target", "cases"), UNGUARDED)
def test_a_case_that_does_not_exclude_zero_is_no_guard(target: str, cases: str) -> None:
    assert "R310" in codes(f"{INPUTS}甲 {target} points 10 by {{ {cases} }}")


@pytest.mark.parametrize(("points", "award"), [
    ("10", "10 * completion"), ("10", "min(points, 8 * completion)"), ("10", "50% * completion"), ("10", "points * 0.5 * completion"),
    ("10", "0.5 * points * completion"), ("10", "completion / 2"), ("0.5", "0.5 * completion"), ("1", "0.5 * completion"),
    ("10", "0.5 * floor(gap / 1件)"), ("10", "2 * completion * points"), ("10", "10 - 0.5 * (gap / 1件)"), ("10", "0.5 * (gap / target)"),
])  # fmt: skip
def test_a_product_that_can_be_meant_in_one_way_is_an_award(points: str, award: str) -> None:
    assert "R410" not in codes(f'甲 full "≥9件" points {points} by {{ met -> {points}  otherwise -> {award} }}')
