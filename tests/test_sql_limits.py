"""Limits moved inwards change no score: an expression brought between limits stays what it was."""

import hypothesis.strategies as st
from gate import examples
from hypothesis import given, settings

from perfdsl import program as g
from perfdsl.sql.limits import within

small = st.integers(-9, 9)


def value(expr: g.Int, row: dict[str, int]) -> int:
    """What an expression comes to."""
    match expr:
        case g.Whole(number):
            return number
        case g.Cell(name):
            return row[name]
        case g.Plus(args):
            return sum(value(x, row) for x in args)
        case g.Times((a, b)):
            return value(a, row) * value(b, row)
        case g.Quotient(top, bottom):
            return value(top, row) // value(bottom, row)
        case g.Pick(g.Order(op, left, right), then, other):
            a, b = value(left, row), value(right, row)
            return value(then if (a <= b if op == "<=" else a < b) else other, row)
        case g.Least(args):
            return min(value(x, row) for x in args)
        case g.Greatest(args):
            return max(value(x, row) for x in args)
    raise AssertionError(expr)


def larger(inner: st.SearchStrategy[g.Int]) -> st.SearchStrategy[g.Int]:
    wholes = small.map(g.Whole)
    several = st.lists(st.one_of(inner, wholes), min_size=2, max_size=3).map(tuple)
    bottom = st.one_of(st.integers(1, 5).map(g.Whole), inner.map(lambda x: g.Greatest((x, g.Whole(1)))))
    return st.one_of(
        several.map(g.Plus), several.map(g.Least), several.map(g.Greatest), st.tuples(wholes, inner).map(g.Times),
        st.builds(g.Quotient, inner, bottom),
        st.builds(g.Pick, st.builds(g.Order, st.sampled_from(["<", "<="]), inner, wholes), inner, inner),
    )  # fmt: skip


exprs = st.recursive(st.one_of(st.sampled_from([g.Cell("x"), g.Cell("y")]), small.map(g.Whole)), larger, max_leaves=12)


@settings(max_examples=examples(1500), deadline=None)
@given(exprs, st.tuples(small, small), st.one_of(st.none(), small), st.one_of(st.none(), small))
def test_an_expression_between_limits_stays_what_it_was(expr, row, low, high) -> None:
    if low is not None and high is not None:
        low, high = min(low, high), max(low, high)
    found = dict(zip("xy", row, strict=True))

    def between(number: int) -> int:
        number = max(number, low) if low is not None else number
        return min(number, high) if high is not None else number

    assert between(value(within(expr, low, high), found)) == between(value(expr, found))
