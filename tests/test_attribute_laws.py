"""The laws of a comparison: the parts are the difference to the last digit, whatever differs, and turn round with the sides."""

from fractions import Fraction

from hypothesis import event, given, settings
from hypothesis import strategies as st
from scoring import compiled, rows
from test_laws import leaves, source, tables, worlds

from perfdsl.attribute import Side, attribute
from perfdsl.attribute.shares import fair_shares, shares_of_best
from perfdsl.comparison import ADDED, HIDDEN, REMOVED, Comparison
from perfdsl.evaluate import Engine
from perfdsl.observe import observe
from perfdsl.scorecard import NOT_APPLICABLE

F = Fraction
MANY = settings(max_examples=150, deadline=None)
FEW = settings(max_examples=60, deadline=None)


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
    kept = [row for row in given_rows if row[1] or row[0] not in asked]
    for name, item in asked.items():
        if name not in said and item.name not in said:
            value, mark = item.tries[0]
            kept.append((name, value or "是", {"mark": mark if ".." in item.clauses else ""}))
    return kept


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
        live = any(row.status != NOT_APPLICABLE for one in undecided for row in one.card.indicators)
        assert comparison.open or not live


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
