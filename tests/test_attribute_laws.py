"""The laws of a comparison: the parts are the difference to the last digit, whatever differs, and turn round with the sides."""

from fractions import Fraction

from attrs import evolve
from gate import examples
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st
from scoring import compiled, rows
from test_laws import branches, leaves, source, tables, worlds

from perfdsl.attribute import Side, attribute
from perfdsl.attribute.shares import fair_shares, shares_of_best
from perfdsl.cohort import Member, engines_of, evaluate_together
from perfdsl.comparison import ACTUAL, ADDED, HIDDEN, INPUTS, MULTIPLIER, PEERS, REMOVED, SHARE, Comparison
from perfdsl.evaluate import Engine
from perfdsl.observe import observe
from perfdsl.scorecard import NOT_APPLICABLE

F = Fraction
MANY = settings(max_examples=examples(100), deadline=None)
FEW = settings(max_examples=examples(40), deadline=None)


def side(text: str, given_rows: list, period: str = "full") -> Side:
    """A text with one project scored on rows."""
    checked = compiled(text)
    assert checked.usable, (text, [(d.code, d.message()) for d in checked.found])
    return made(checked.plans()[0], given_rows, period)


def made(plan, given_rows, period: str = "full") -> Side:
    observed, _ = observe(plan, rows(given_rows), period)
    engine = Engine(plan, observed, period, None)
    return Side(engine.card(), engine)


def complete(given_rows: list, world) -> list:
    """The rows with a value and a mark wherever the world asks for one, so that most totals are known."""
    asked = {x.asked or x.name: x for part in world.parts for x in leaves(part)}
    said = {name for name, value, _ in given_rows if value}
    kept = [
        row
        for row in given_rows
        if (row[1] or row[0] not in asked) and " gather " not in getattr(asked.get(row[0]), "clauses", "")
    ]
    for name, item in asked.items():
        if " gather " in item.clauses:
            units = [row for row in given_rows if row[0] == name and row[1] not in ("", "说不清")] or [
                (name, item.tries[0][0], {})
            ]
            mark = {"mark": "1"} if ".." in item.clauses else {}
            kept += [(name, value, {**more, **mark, "extras": (("资金", "3"),)}) for _, value, more in units]
    for name, item in asked.items():
        if name not in said and item.name not in said:
            value, mark = item.tries[0]
            kept.append((name, value or "是", {"mark": mark if ".." in item.clauses else ""}))
    factors = [x.asked for part in world.parts for x in branches(part) if x.asked and x.asked not in said]
    return kept + [(name, "1.37", {}) for name in factors]


@st.composite
def sides(draw: st.DrawFn, world=None, full: bool = True) -> Side:
    """Rules and rows: bonus blocks, 择一, weights, ceilings, what does not apply, reviews."""
    world = world or draw(worlds())
    table = draw(tables(world))
    table = complete(table, world) if full else table
    ceiling = 'input 否决 values 是, 否\nceiling 否决 = "是" -> 5'
    places = draw(st.sampled_from((0, 1, 2, 2)))
    text = source(world).replace('project "P" {', f'project "P" {{ rounding {places}\n{ceiling}', 1)
    table = [(n, v, {**more, **({"override": str(draw(st.integers(0, 3)))} if v and draw(st.integers(0, 9)) == 0 else {})})
             for n, v, more in table]  # fmt: skip
    table.append(("否决", draw(st.sampled_from(("否", "否", "否", "是"))), {}))
    return side(text, table, draw(st.sampled_from(("full", "full", "half"))))


@st.composite
def pairs(draw: st.DrawFn, full: bool = True) -> tuple[Side, Side]:
    """The same rules twice, or two rulesets that share some names."""
    world = draw(worlds())
    same = draw(st.booleans())
    return draw(sides(world, full)), draw(sides(world if same else None, full))


def explained(made: Comparison) -> Fraction:
    return sum((x.amount for x in (*made.changes, *made.shifts)), F(0))


@MANY
@given(pairs())
def test_the_parts_are_the_difference_and_nothing_is_left_over(pair) -> None:
    comparison, _ = attribute(*pair)
    totals = [one.card.total for one in pair]
    event("complete" if None not in totals else "open")
    if None in totals:
        assert comparison.difference is None
        return
    assert comparison.difference == totals[1] - totals[0] == explained(comparison)
    assert comparison.low == comparison.high == comparison.difference
    assert not comparison.open


@MANY
@given(pairs(full=False))
def test_the_causes_of_a_row_are_its_amount(pair) -> None:
    comparison, _ = attribute(*pair)
    for change in comparison.changes:
        assert sum((cause.amount for cause in change.causes), F(0)) == change.amount, change
        assert all(cause.amount and cause.kinds and HIDDEN not in cause.kinds for cause in change.causes), change


@MANY
@given(pairs(full=False))
def test_turned_round_every_amount_turns_round(pair) -> None:
    there, back = attribute(*pair)[0], attribute(*reversed(pair))[0]
    amounts = {(x.was or x.path): x.amount for x in there.changes}
    assert {x.path: -x.amount for x in back.changes} == amounts
    assert {(x.path, x.kind): -x.amount for x in back.shifts} == {(x.path, x.kind): x.amount for x in there.shifts}
    assert set(there.open) == set(back.open)
    for change in there.changes:
        same = next(x for x in back.changes if x.path == (change.was or change.path))
        turned = {ADDED: REMOVED, REMOVED: ADDED}
        causes = {tuple(turned.get(kind, kind) for kind in x.kinds): -x.amount for x in same.causes}
        assert causes == {x.kinds: x.amount for x in change.causes}


@FEW
@given(sides(full=False))
def test_nothing_set_against_itself_differs(one) -> None:
    comparison, _ = attribute(one, one)
    assert comparison.changes == comparison.shifts == ()
    assert comparison.difference in (None, 0)


@FEW
@given(pairs(full=False))
def test_what_is_open_is_said_and_its_rows_have_no_amount(pair) -> None:
    comparison, _ = attribute(*pair)
    assert comparison.low <= comparison.high
    changed = {x.path for x in comparison.changes if x.amount}
    assert not changed & set(comparison.open)
    if comparison.difference is None and all(one.card.points is not None for one in pair):
        undecided = [one for one in pair if one.card.total is None]
        live = any(row.status != NOT_APPLICABLE and not row.bonus for one in undecided for row in one.card.indicators)
        assert comparison.open or not live


# ---- objects scored together


@st.composite
def rules_of_crowds(draw: st.DrawFn) -> str:
    """Rules with places by an actual, by the score of a group, by the lost points; a factor, units, a class, an award."""
    group = draw(st.sampled_from(("", ", 类别")))
    order = draw(st.sampled_from(("", ", low_first")))
    ties = draw(st.sampled_from(("", ", ties_dense", ", ties_last")))
    first, goal = draw(st.sampled_from((1, 2))), draw(st.sampled_from((2, 3)))
    worth = draw(st.sampled_from((4, 5)))
    factor = draw(st.sampled_from(("", "factor 系", "factor 系 / 2 + 0.4")))
    how = draw(st.sampled_from(("mean", "weighted 资金")))
    return f"""use 财预2020_10号
    project "P" {{
      not_applicable {draw(st.sampled_from(("rescale", "zero")))}
      rounding {draw(st.sampled_from((1, 2)))}
      input 类别 values 甲, 乙
      input 系 values 0.5 .. 1.5
      组 points 10 {factor} {{
        报道 full "≥{goal}篇" values whole 0 .. 5 points 6 by {{ rank(报道{group}{order}{ties}) <= {first} -> 6  met -> 4  otherwise -> 1 }}
        率 full "≥90%" values 0% .. 100% points 4 by 比例得分 gather {how}
      }}
      场 points {worth + 8} {{
        名次 = rank(score(组){group}) points {worth} by {{ = 1 -> {worth}  otherwise -> max(0, {worth} - 0.7 * (actual - 1)) }}
        位次 = rank_share(报道{group}) points 4 by {{ <= 50% -> 4  otherwise -> 1 }}
        领先 = 报道 - best(报道{group}{order}) points 4 by {{ >= 0篇 -> 4  size() >= 3 -> 1  otherwise -> 0 }}
      }}
    }}"""


@st.composite
def members_of_crowds(draw: st.DrawFn, full: bool) -> list:
    """The rows of one object."""
    blank = () if full else ("",)
    reports = draw(st.sampled_from(("0篇", "1篇", "2篇", "2篇", "3篇", "5篇", "不适用", *blank)))
    units = [("率", draw(st.sampled_from(("95%", "60%", "88.8%", *blank))), {"extras": (("资金", draw(st.sampled_from(("1", "3")))),)})
             for _ in range(draw(st.integers(1, 3)))]  # fmt: skip
    factor = draw(st.sampled_from(("0.5", "1", "1.37", "1.5", *blank)))
    group = draw(st.sampled_from(("甲", "甲", "乙", *blank)))
    return [("报道", reports, {}), *units, ("系", factor, {}), ("类别", group, {})]


def crowd(text: str, things: list[list]) -> list[Side]:
    """All objects of a run."""
    checked = compiled(text)
    assert checked.usable, (text, [(d.code, d.message()) for d in checked.found])
    plan = checked.plans()[0]
    crew = [
        Member(evolve(plan, object=f"对象{n}"), observe(plan, rows(thing), "full")[0]) for n, thing in enumerate(things)
    ]
    engines = engines_of(crew)
    for engine, scored in zip(engines, evaluate_together(crew), strict=True):
        assert engine.card() == scored.card
    return [Side(engine.card(), engine) for engine in engines]


@st.composite
def crowds(draw: st.DrawFn, full: bool = True) -> tuple[Side, Side]:
    """Two sides among others: of two years, of other rules, or of one and the same run."""
    number = draw(st.integers(2, 4))
    things = [draw(members_of_crowds(full)) for _ in range(number)]
    text = draw(rules_of_crowds())
    now = crowd(text, things)
    match draw(st.sampled_from(("others", "all", "rules", "same run", "alone"))):
        case "same run":
            return now[0], now[1]
        case "others":
            then = crowd(text, [things[0], *(draw(members_of_crowds(full)) for _ in range(draw(st.integers(1, 3))))])
        case "all":
            then = crowd(text, [draw(members_of_crowds(full)) for _ in things])
        case "rules":
            then = crowd(draw(rules_of_crowds()), [draw(members_of_crowds(full)) for _ in things])
        case _:
            then = crowd(text, [things[0]])
    return then[0], now[0]


@MANY
@given(crowds())
def test_among_others_the_parts_are_the_difference(pair) -> None:
    comparison, _ = attribute(*pair)
    kinds = {kind for change in comparison.changes for cause in change.causes for kind in cause.kinds}
    event("peers" if PEERS in kinds else "no peers")
    event("multiplier" if any(x.kind == MULTIPLIER for x in comparison.shifts) else "no multiplier")
    if None not in (one.card.total for one in pair):
        assert comparison.difference == explained(comparison)


@MANY
@given(crowds(full=False))
def test_among_others_the_causes_of_a_row_are_its_amount_and_turn_round(pair) -> None:
    there, back = attribute(*pair)[0], attribute(*reversed(pair))[0]
    for change in there.changes:
        assert sum((cause.amount for cause in change.causes), F(0)) == change.amount, change
        assert not any(HIDDEN in cause.kinds for cause in change.causes), change
    turned = {ADDED: REMOVED, REMOVED: ADDED}
    causes = {(x.path, tuple(turned.get(k, k) for k in c.kinds)): -c.amount for x in back.changes for c in x.causes}
    assert causes == {(x.path, c.kinds): c.amount for x in there.changes for c in x.causes}
    assert {(x.path, x.kind): -x.amount for x in back.shifts} == {(x.path, x.kind): x.amount for x in there.shifts}


@FEW
@given(rules_of_crowds(), st.lists(members_of_crowds(False), min_size=1, max_size=4))
def test_nothing_differs_between_two_runs_of_the_same(text, things) -> None:
    for one, other in zip(crowd(text, things), crowd(text, things), strict=True):
        comparison, _ = attribute(one, other)
        assert comparison.changes == comparison.shifts == ()
        assert comparison.difference in (None, 0)


@MANY
@given(crowds())
def test_who_changed_nothing_owes_all_to_the_others(pair) -> None:
    """Same rules and own data: whatever the places did is the doing of the others, or follows from a group that moved so."""
    one, other = pair
    assume(one.engine.observed == other.engine.observed and one.engine.plan == other.engine.plan)
    assume(None not in (one.card.total, other.card.total))
    comparison, _ = attribute(*pair)
    allowed = {PEERS, INPUTS, SHARE}
    assert {kind for x in comparison.changes for c in x.causes for kind in c.kinds} <= allowed
    reports = next((x for x in comparison.changes if x.path[-1] == "报道"), None)
    assert reports is None or {c.kinds for c in reports.causes} <= {(PEERS,), (SHARE,)}


@FEW
@given(crowds(full=False))
def test_comparing_leaves_the_engines_as_they_were(pair) -> None:
    cards = [one.engine.card() for one in pair]
    attribute(*pair)
    assert [one.engine.card() for one in pair] == cards == [one.card for one in pair]


PLACES = """project "P" {
  名次 full "≥0件" points 10 by { rank(名次) = 1 -> 10  rank(名次) = 2 -> 6  otherwise -> 2 }
}"""


def test_a_place_lost_to_others_is_their_doing_and_one_won_is_ones_own() -> None:
    before = crowd(PLACES, [[("名次", "5件", {})], [("名次", "3件", {})]])
    after = crowd(PLACES, [[("名次", "5件", {})], [("名次", "7件", {})]])
    lost, won = (attribute(was, now)[0].changes[0] for was, now in zip(before, after, strict=True))
    assert (lost.amount, [(x.kinds, x.amount) for x in lost.causes]) == (-4, [((PEERS,), -4)])
    assert (won.amount, [(x.kinds, x.amount) for x in won.causes]) == (4, [((ACTUAL,), 4)])
    assert {x.name: (x.before, x.after) for x in lost.facts}["place"] == ("1", "2")


def test_of_two_objects_of_one_run_only_what_they_reached_differs() -> None:
    first, second, _ = crowd(PLACES, [[("名次", n, {})] for n in ("5件", "3件", "1件")])
    comparison, _ = attribute(second, first)
    assert [(x.kinds, x.amount) for x in comparison.changes[0].causes] == [((ACTUAL,), 4)]


def test_a_factor_that_changed_is_a_part_of_its_own() -> None:
    text = """use 财预2020_10号
    project "P" { input 系 values 0.5 .. 1.5
      组 points 10 factor 系 { 甲 full "≥10件" points 6 by 比例得分  乙 full "≥1件" points 4 by 达标得满分 } }"""
    before = side(text, [("甲", "10件", {}), ("乙", "1件", {}), ("系", "0.8", {})])
    after = side(text, [("甲", "5件", {}), ("乙", "1件", {}), ("系", "1", {})])
    comparison, _ = attribute(before, after)
    assert (before.card.total, after.card.total) == (8, 7)
    assert [(x.path[-1], x.amount) for x in comparison.changes] == [("甲", F(-27, 10))]
    assert [(x.kind, x.amount, x.before, x.after) for x in comparison.shifts] == [(MULTIPLIER, F(17, 10), F(4, 5), 1)]


# ---- fair shares


@FEW
@given(st.lists(st.fractions(), min_size=16, max_size=16))
def test_fair_shares_sum_to_the_whole_and_a_cause_without_effect_gets_nothing(values) -> None:
    def worth(chosen: frozenset[int]) -> Fraction:
        return values[sum(1 << i for i in chosen - {3})]  # the last one never matters

    shares = fair_shares(4, worth)
    assert sum(shares) == worth(frozenset(range(4))) - worth(frozenset())
    assert shares[3] == 0


@MANY
@given(st.lists(st.tuples(st.integers(-2, 6), st.integers(-2, 6)), min_size=1, max_size=6))
def test_shares_of_the_best_are_the_fair_shares_of_the_greatest_value(both) -> None:
    before, after = ([F(x[i]) for x in both] for i in (0, 1))

    def worth(chosen: frozenset[int]) -> Fraction:
        return max(after[i] if i in chosen else before[i] for i in range(len(both)))

    assert shares_of_best(before, after) == fair_shares(len(both), worth)
