"""Rows as sums of masks, stacks of them, and columns read at once: each gives what its cells give one by one."""

from decimal import Decimal
from fractions import Fraction
from functools import cache

import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
import pytest
from agreement import alone, assert_same
from gate import examples
from hypothesis import given, settings
from scoring import compiled, inside

from perfdsl import program as g
from perfdsl.actuals import Entry, Observed
from perfdsl.batch import CellReader
from perfdsl.blocks import Source
from perfdsl.engines import embedded
from perfdsl.grid import Grid, Strip
from perfdsl.gridded import gridded
from perfdsl.integers import to_integers

F = Fraction
AT_LEAST = '全 full "≥{t}" points {p} by {{ completion >= 100% -> 100%  otherwise -> completion }}'
AT_MOST = '全 full "≤{t}" points {p} by {{ actual <= 0 -> 100%  otherwise -> min(100%, {t} / actual) }}'
LINE = '全 full "≥{t}" points {p} by {{ met -> 100%  completion > 60% -> interpolate(completion, 60%: 0%, 100%: 100%)  otherwise -> 0 }}'
BANDS = (
    '全 full "≥{t}" points {p} by {{ met -> 100%  completion >= 80% -> 80%  completion >= 60% -> 50%  otherwise -> 0 }}'
)
JUMP = '全 full "≥{t}" points {p} by {{ met -> 100%  completion >= 50% -> completion * 80%  otherwise -> 0 }}'
STEPS = '全 full "≤{t}" points {p} lower by {{ otherwise -> max(0, {p} - 0.5 * floor(max(0, actual - {t}) / 2)) }}'
WORDS = '全 full "已完成" points {p} by {{ "已完成" -> 100%  "部分完成" -> 50%  otherwise -> 0 }}'


def stacked(plan, values):
    """The program of the only row over these values, and the row as masks."""
    _, columns = gridded(plan, alone(values, [None] * len(values)), "full")
    source = Source(to_integers(plan, columns, "full"))
    source.write()
    assert source.stacked.stacks, "a row of one column is a sum of masks"
    return source.stacked.stacks[0].first


@pytest.mark.parametrize(
    "row", [AT_LEAST, AT_MOST, LINE, BANDS, JUMP, STEPS], ids=["least", "most", "line", "bands", "jump", "steps"]
)
@pytest.mark.parametrize("target", ["9.5", "83", "99999.97"])
def test_every_value_beside_a_threshold_or_a_tie_scores_as_in_the_exact_engine(row: str, target: str) -> None:
    (plan,) = compiled(inside("not_applicable zero\n" + row.format(t=target, p=4))).plans()
    near = {F(target) * F(x) for x in ("0", "1/2", "3/5", "7/10", "4/5", "1", "13/10", "1.001")}
    ties = {F(target) * (2 * k + 1) / 800 for k in range(0, 400, 7)} | {
        F(target) * 800 / (2 * k + 1) for k in range(1, 400, 7)
    }
    values = sorted({F(round((x + d * F(1, 100)) * 100), 100) for x in near | ties for d in (-1, 0, 1)})
    assert_same(plan, alone([*values, None], [None] * (len(values) + 1)), embedded)
    assert stacked(plan, [F(0), F(target), F(target) * 2]).column == "value:全"


def test_singles_carry_whole_numbers_only_while_every_step_is_exact_in_them() -> None:
    for target, most in ((F(95), "f4"), (F(2097153, 100), "f8")):
        (plan,) = compiled(inside(AT_LEAST.format(t=float(target), p=4))).plans()
        values = [target * F(2 * k + 1, 800) for k in range(0, 400, 3)]
        values = [F(int(x * 100) + d, 100) for x in values for d in (0, 1)]
        assert_same(plan, alone(values, [None] * len(values)), embedded)
        assert stacked(plan, values).carrier == most


@given(st.integers(1, 1 << 23), st.data())
def test_a_quotient_in_singles_is_rounded_down_where_its_terms_stay_below_their_limit(
    bottom: int, data: st.DataObject
) -> None:
    most = (1 << 23) - bottom
    tops = {
        x
        for k in range(1, 4)
        for x in (k * bottom - 1, k * bottom, most // bottom * bottom - 1, most)
        if 0 <= x <= most
    }
    tops.add(data.draw(st.integers(0, max(most, 0))))
    for top in tops:
        assert int(np.floor(np.float32(top) / np.float32(bottom))) == top // bottom


def test_a_score_of_words_is_a_sum_of_masks_and_unknown_words_are_the_rest() -> None:
    (plan,) = compiled(inside(WORDS.format(p=3))).plans()
    assert_same(plan, alone(["已完成", "部分完成", "没有", None, "已完成"], [None] * 5), embedded)
    assert set(stacked(plan, ["已完成", "部分完成", None]).words) == {"已完成", "部分完成"}


@settings(max_examples=examples(40), deadline=None)
@given(st.lists(st.tuples(st.integers(1, 900), st.integers(1, 9)), min_size=2, max_size=6), st.data())
def test_rows_of_one_shape_score_together_as_each_alone(rows, data) -> None:
    texts = [AT_LEAST.format(t=t, p=p).replace("全", f"行{i}", 1) for i, (t, p) in enumerate(rows)]
    (plan,) = compiled(inside("\n".join(texts))).plans()
    values = [data.draw(st.one_of(st.none(), st.integers(0, 1200), st.just(t))) for t, _ in rows for _ in range(3)]
    seen = [
        Observed({f"行{i}": (Entry(value=None if v is None else F(v), text="", applies=True, mark=None),) for i, v in enumerate(values[n::3])}, {}, {})
        for n in range(3)
    ]  # fmt: skip
    assert_same(plan, seen, embedded)


def test_many_blocks_are_scored_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    (plan,) = compiled(inside(AT_LEAST.format(t=95, p=4))).plans()
    values = [F(x, 10) for x in range(0, 1300, 7)] + [None]
    monkeypatch.setattr(embedded, "BLOCK", 16)
    assert_same(plan, alone(values, [None] * len(values)), embedded)


def test_no_objects_have_no_scores() -> None:
    (plan,) = compiled(inside(AT_LEAST.format(t=95, p=4))).plans()
    column = g.Column(name="value:全", per=1, low=0, high=100)
    program = to_integers(plan, [column], "full")
    empty = Strip(numbers=np.zeros(0, np.int64), states=np.zeros(0, np.uint8))
    made = embedded.compiled(program)(Grid(0, {"value:全": empty}))
    assert made.count == 0 and len(made.total.low) == 0


# ---- columns read at once

CELLS = st.one_of(
    st.none(),
    st.decimals(-(10**6), 10**6, places=2).map(str),
    st.sampled_from(["95%", "不适用", "乱", "1e3", "-0.05", "12.50", "", "5万"]),
)


def same(a, b) -> None:
    """Two columns that hold the same, whatever their denominators."""
    assert (a.numbers.astype(object) * b.per == b.numbers.astype(object) * a.per).all()
    assert (a.states == b.states).all() and (a.said == b.said).all()
    assert sorted((x.row, x.text, x.finding.code) for x in a.rejects) == sorted(
        (x.row, x.text, x.finding.code) for x in b.rejects
    )


DIGITS = st.one_of(
    st.text("0123579.-+, 　０１９．－−，_%", min_size=1, max_size=9),
    st.text("0129.", min_size=1, max_size=6),
    st.integers(0, 3000).map(str),
    st.tuples(st.sampled_from(["0", "00", "-0", "000", "20"]), st.integers(0, 199), st.sampled_from(["", ".5", ".10", "."])).map(
        lambda x: f"{x[0]}{x[1]}{x[2]}"
    ),
    st.tuples(st.integers(1890, 2110), st.integers(0, 13)).map(lambda x: f"{x[0]}.{x[1]:02}"),
    st.sampled_from(["٩٥", "९५", "9" * 20, "0." + "9" * 20, "1" + "0" * 70, "-" + "9" * 18, "0" * 30 + "1", "1e3", "290", "2024.06"]),
)  # fmt: skip
HEADINGS = [(key, field, unit) for key in ("value:率", "value:额", "value:数", "input:人", "input:比", "spent:spend/料") for field, units in (("value", ("", "%", "万元", "元", "件")), ("mark", ("",)), ("override", ("",)), ("prior", ("",))) for unit in units if field == "value" or key.startswith("value:")]  # fmt: skip


@cache
def three_units():
    """Percents, money, counts, raw data and money of a budget: plain numbers of each are read differently."""
    (plan,) = compiled(inside("""
      funds 万元 {
        income 拨款 full 100
        spend 料 full 100
      }
      input 人 : 人 values 0 .. 500
      input 比 : "%"
      率 full "≥95%" points 4 by 比例得分
      额 full "≤5万元" points 4 by 比例得分
      数 full "≥5件" points 4 by 比例得分
    """)).plans()  # fmt: skip
    assert len(plan.indicators) == 3 and len(plan.inputs) == 2 and plan.funds
    return plan


@pytest.mark.parametrize(("key", "field", "unit"), HEADINGS)
@settings(max_examples=examples(25), deadline=None)
@given(st.lists(DIGITS, min_size=1, max_size=24))
def test_numbers_read_together_are_those_observe_reads_one_by_one(key, field, unit, cells) -> None:
    """What a number is, ``observe`` says: the texts taken together are only some of those it reads."""
    reader = CellReader(three_units(), "full", key, field, unit)
    made = reader.column(pa.array(cells, pa.string()))
    found = [[d.code for d in reader.cell(x).found] for x in cells]
    values = [x if isinstance(x := reader.cell(cell).value, F) else None for cell in cells]
    assert [F(int(n), made.per) if s == 1 else None for n, s in zip(made.numbers, made.states, strict=True)] == values
    told: list[list[str]] = [[] for _ in cells]
    for x in made.rejects:
        told[x.row].append(x.finding.code)
    assert told == found


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(CELLS, max_size=30))
def test_a_dictionary_is_read_as_the_texts_it_stands_for(cells) -> None:
    (plan,) = compiled(inside(AT_LEAST.format(t=95, p=4))).plans()
    array = pa.array(cells, pa.string())
    plain, coded = (CellReader(plan, "full", "value:全") for _ in range(2))
    same(plain.column(array), coded.column(array.dictionary_encode()))
    same(plain.column(array), coded.column(pa.chunked_array([array, array.slice(0, 0)])))


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.integers(-(10**17), 10**17)), max_size=20),
    st.integers(0, 6),
    st.sampled_from([18, 30]),
)
def test_decimals_are_read_as_they_are_written(values, scale: int, precision: int) -> None:
    (plan,) = compiled(inside(AT_LEAST.format(t=95, p=4))).plans()
    if precision == 30:
        values = [x if x is None else x * 10**9 if abs(x) % 3 == 0 else x for x in values]
    array = pa.array(
        [None if x is None else Decimal(x).scaleb(-scale) for x in values], pa.decimal128(precision, scale)
    )
    reader = CellReader(plan, "full", "value:全")
    told = pa.array([None if x is None else format(x, "f") for x in array.to_pylist()], pa.string())
    same(reader.column(array.slice(1)), reader.column(told.slice(1)))
