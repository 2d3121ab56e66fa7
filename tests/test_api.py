"""The Python API: what it gives is what the exact engine gives, whatever the values and tables are made of."""

import json
import sys
from collections import OrderedDict, defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

import attrs
import hypothesis.strategies as st
import pyarrow as pa
import pytest
from agreement import PROFILES
from gate import examples
from hypothesis import given, settings
from scoring import compiled, inside, rows
from test_batch_hostile import columns
from test_laws import cases

import perfdsl
from perfdsl.actuals import Row
from perfdsl.api.given import text_of
from perfdsl.engines import lacking, members
from perfdsl.evaluate import evaluate
from perfdsl.observe import observe
from perfdsl.plan import Plan
from perfdsl.testing import actuals

F = Fraction
BODY = """
  total 100
  产出 points 70 {
    甲 full "≥90%" points 30 by 比例得分
    乙 full "≤5万元" points 20 by 比例得分
    丙 full "≥10件" points 20 by 比例得分
  }
  丁 full "健全" points 20 by { "健全" -> 100%  otherwise -> 0 .. 60% }
  戊 full "2024年6月30日前" points 10 by 比例得分
"""
GIVEN = {"甲": "88.5%", "乙（万元）": 6, "丙": 9, "丁": "不健全", "丁.评分": 7, "戊": date(2024, 6, 1)}


def rules_of(body: str = BODY) -> perfdsl.Rules:
    return perfdsl.load(inside(body))


def by_hand(plan: Plan, found: list[Row]):
    return evaluate(plan, observe(plan, found, "full")[0])[0]


# ---- loading


def test_rules_come_from_a_path_a_text_bytes_plans_and_compiled_plans(tmp_path) -> None:
    path = tmp_path / "规则.perf"
    path.write_text(inside(BODY), encoding="utf-8")
    compiled_path = tmp_path / "plan.json"
    first = perfdsl.load(path)
    compiled_path.write_text(first.to_json(), encoding="utf-8")
    sources = [str(path), inside(BODY), inside(BODY).encode("gb18030"), first.plans, first.plans[0], iter(first.plans), compiled_path, str(compiled_path),
               first.to_json(), first.to_json().encode()]  # fmt: skip
    total = first.score(GIVEN).total
    assert total is not None
    for source in sources:
        assert perfdsl.load(source).score(GIVEN).total == total, source


def test_rules_use_files_of_their_own_folder_and_no_others(tmp_path) -> None:
    (tmp_path / "里").mkdir()
    shared = "rubric 全有全无 { completion >= 100% -> 100%  otherwise -> 0 }\n"
    for folder in (tmp_path, tmp_path / "里"):
        (folder / "共用.perf").write_text(shared, encoding="utf-8")
    text = 'use "{}"\nproject "甲" {{ 工单 full "≥10件" points 10 by 全有全无 }}\n'
    inner = tmp_path / "里" / "规则.perf"
    inner.write_text(text.format("./共用.perf"), encoding="utf-8")
    assert perfdsl.load(inner).score({"工单": 10}).total == 10
    inner.write_text(text.format("../共用.perf"), encoding="utf-8")
    assert "R261" in {d.code for d in perfdsl.load(inner).check()}


def test_wrong_rules_are_findings_and_score_nothing() -> None:
    rules = perfdsl.load('project "甲" {\n  工单 full "≥10件" points 10 by 没有\n}\n')
    assert not rules.usable and rules.plans == ()
    assert [d.code for d in rules.check() if d.severity == "error"] == ["R206"]
    for call in (
        lambda: rules.score({}),
        lambda: rules.score_table(pa.table({})),
        lambda: rules.scorer([]),
        rules.to_json,
    ):
        with pytest.raises(perfdsl.RulesError, match="R206") as caught:
            call()
        assert [d.code for d in caught.value.findings] == [d.code for d in rules.check()]


def test_check_is_what_the_compiler_says() -> None:
    text = inside(BODY)
    assert [d.code for d in perfdsl.load(text).check()] == [d.code for d in compiled(text).found]
    doubtful = inside('工单 full "≥10件" points 10 by { completion >= 100% -> 10  otherwise -> 20 }')
    found = perfdsl.load(doubtful)
    assert (
        any(d.code[0] == "V" for d in found.check()) and found.usable
    )  # a broken contract is said and does not stop scoring


@pytest.mark.parametrize("wrong", [3, None, [], [3], object()])
def test_what_is_no_rules_is_a_type_error(wrong) -> None:
    with pytest.raises(TypeError, match="rules are"):
        perfdsl.load(wrong)


def test_what_cannot_be_read_is_told_as_python_tells_it(tmp_path) -> None:
    with pytest.raises(FileNotFoundError):
        perfdsl.load(tmp_path / "没有.perf")
    with pytest.raises(ValueError, match="not a perfdsl plan"):
        perfdsl.load('{"format": "other"}')
    with pytest.raises(FileNotFoundError):
        rules_of().score(tmp_path / "没有.csv")
    with pytest.raises(AttributeError):
        perfdsl.nothing_of_the_kind  # noqa: B018


# ---- one object


def test_a_mapping_scores_as_the_rows_it_stands_for() -> None:
    rules = rules_of()
    made = rules.score(GIVEN)
    by_rows = rows(
        [
            ("甲", "88.5%"),
            ("乙", "6", {"unit": "万元"}),
            ("丙", "9"),
            ("丁", "不健全", {"mark": "7"}),
            ("戊", "2024-06-01"),
        ]
    )
    card = by_hand(rules.plans[0], by_rows)
    assert [(x.score, x.status, x.case_number) for x in made.card.indicators] == [
        (x.score, x.status, x.case_number) for x in card.indicators
    ]
    assert (made.total, made.grade, made.complete) == (card.total, card.grade, True)
    assert made.score("产出/甲") == made.score("甲") == card.indicators[0].score
    assert made.score("产出") == card.groups[0].score
    with pytest.raises(KeyError):
        made.score("没有")


def test_rows_and_files_score_as_the_mapping(tmp_path) -> None:
    rules = rules_of()
    made = rules.score(GIVEN)
    long = [{"指标": "甲", "实际值": Decimal("88.5"), "单位": "%"}, {"indicator": "乙", "actual": 6.0, "unit": "万元"}, {"指标": "丙", "实际值（件）": 9},
            {"指标": "丁", "实际值": "不健全", "评分": 7}, {"指标": "戊", "实际值": date(2024, 6, 1)}]  # fmt: skip
    path = tmp_path / "值.csv"
    path.write_text(
        "指标,实际值,单位,评分\n甲,88.5,%,\n乙,6,万元,\n丙,9,,\n丁,不健全,,7\n戊,2024-06-01,,\n", encoding="utf-8"
    )
    for found in (long, iter(long), path, str(path)):
        assert rules.score(found).total == made.total
    assert rules.score(path).card.actuals_sha256


@pytest.mark.parametrize("value", ["9.5", Decimal("9.5"), F(19, 2), 9.5, "9.5件"])
def test_a_value_is_the_same_however_python_holds_it(value) -> None:
    rules = rules_of()
    assert rules.score({"丙": value}).score("丙") == rules.scorer(["丙"])({"丙": value}).score("产出/丙") == F(19)


@pytest.mark.parametrize("kind", ["int8", "uint8", "int64", "float16", "float32", "float64", "longdouble", "str_"])
def test_numbers_of_numpy_are_numbers(kind) -> None:
    numpy = pytest.importorskip("numpy")
    rules = rules_of('丙 full "≥0.7件" points 20 by 比例得分')
    for value in (9, 0) if "int" in kind else (9, 0, 0.7, 1000):
        made = getattr(numpy, kind)(value)
        assert text_of(made) == str(value).removesuffix(".0")
        one, quick = rules.score({"丙": made}), rules.scorer(["丙"])({"丙": made})
        assert one.score("丙") == quick.score("丙") == rules.score({"丙": str(value)}).score("丙")


def test_days_and_truths_of_numpy_are_days_and_truths() -> None:
    numpy = pytest.importorskip("numpy")
    assert text_of(numpy.datetime64("2024-11-30")) == text_of(numpy.datetime64("2024-11-30", "ns")) == "2024-11-30"
    assert (text_of(numpy.bool_(True)), text_of(numpy.bool_(False))) == ("是", "否")
    for strange in (numpy.float32("nan"), numpy.float32("-inf"), numpy.datetime64("2024-11-30T08:00")):
        with pytest.raises(ValueError, match="no actual value"):
            text_of(strange)
    for strange in (numpy.timedelta64(1, "D"), numpy.complex64(1), numpy.array([1]), numpy.bytes_(b"9")):
        with pytest.raises(TypeError, match="an actual value is"):
            text_of(strange)


def test_doubles_are_the_decimals_they_print_as() -> None:
    rules = rules_of('甲 full "≥1" points 10 by { actual = 0.3 -> 10  otherwise -> 0 }')
    assert rules.score({"甲": 0.1 + 0.2}).total == rules.scorer(["甲"])({"甲": 0.1 + 0.2}).total == 10


@pytest.mark.parametrize(
    ("value", "error"),
    [(object(), TypeError), (b"9", TypeError), ([9], TypeError), (float("nan"), ValueError), (float("inf"), ValueError), (F(1, 3), ValueError), (Decimal("NaN"), ValueError)],
)  # fmt: skip
def test_what_no_cell_holds_is_the_programmers_mistake(value, error) -> None:
    rules = rules_of()
    for call in (rules.score, rules.scorer(["丙"])):
        with pytest.raises(error):
            call({"丙": value})


def test_what_does_not_fit_is_found_and_never_dropped() -> None:
    made = rules_of().score({"甲": 0.9, "丙": "很多", "没有": 3, "丁": None})
    assert sorted(d.code for d in made.findings if d.severity == "error") == ["A101", "A106", "A108"]
    assert not made.complete and made.total is None


@pytest.mark.parametrize("wrong", [3, b"a,b", [3], [{"指标": "甲"}], {3: 4}])
def test_actuals_of_no_known_form_are_the_programmers_mistake(wrong) -> None:
    with pytest.raises((TypeError, ValueError)):
        rules_of().score(wrong)


TWO = 'project "甲" { 工单 full "≥10件" points 10 by { completion >= 100% -> 10  otherwise -> 0 } }\nproject "乙" { 工单 full "≥8件" points 10 by { completion >= 100% -> 10  otherwise -> 0 } }\n'


def test_of_several_objects_one_is_named() -> None:
    rules = perfdsl.load(TWO)
    assert rules.objects == ("甲", "乙")
    for call in (
        lambda: rules.score({"工单": 9}),
        lambda: rules.scorer(["工单"]),
        lambda: rules.score_table(pa.table({"工单": [9]})),
    ):
        with pytest.raises(ValueError, match="甲、乙"):
            call()
    assert [rules.score({"工单": 9}, object=x).total for x in ("甲", "乙")] == [0, 10]
    assert [rules.score({"工单": 9, "对象": x}).total for x in ("甲", "乙")] == [0, 10]
    assert rules.of("乙").score({"工单": 9}).card.object == "乙"
    assert rules.score_table(pa.table({"工单": [9]}), object="乙").scores.total.low[0] == 1000
    with pytest.raises(KeyError):
        rules.of("丙")
    long = [{"对象": x, "指标": "工单", "实际值": n} for x, n in (("甲", 10), ("乙", 7))]
    assert [rules.score(long, object=x).total for x in ("甲", "乙")] == [10, 0]


def test_one_rule_is_for_whatever_the_rows_are_about() -> None:
    rules = perfdsl.load(TWO).of("甲")
    assert rules.score([{"对象": "别的", "指标": "工单", "实际值": 10}]).card.object == "别的"
    with pytest.raises(ValueError, match="several objects"):
        rules.score([{"对象": x, "指标": "工单", "实际值": 10} for x in "丙丁"])


def test_the_period_is_named_in_either_language() -> None:
    rules = perfdsl.load(
        'project "甲" { 工单 half "≥5件" full "≥10件" points 10 by { completion >= 100% -> 10  otherwise -> 0 } }'
    )
    assert rules.score({"工单": 6}, period="半年").total == rules.score({"工单": 6}, period="half").total == 10
    assert rules.score({"工单": 6}).total == 0
    assert rules.scorer(["工单"], period="半年")({"工单": 6}).total == 10
    with pytest.raises(ValueError, match="no period"):
        rules.score({}, period="明年")


# ---- a compiled function


def mapping_of(found) -> dict[str, str]:
    """The rows of one object as one mapping; further columns by their headings."""
    made: dict[str, str] = {}
    for name, value, more in found:
        made[name] = value + (more.get("unit") or "")
        made |= {
            f"{name}.{zh}": more[field] for field, zh in (("mark", "评分"), ("override", "复核分")) if more.get(field)
        }
    return made


def assert_quick(rules: perfdsl.Rules, made: dict[str, object], function: perfdsl.Scorer | None = None) -> None:
    """The compiled function and the exact engine say the same."""
    function = function or rules.scorer(made)
    slow, quick = rules.score(made), function(made)
    card = slow.card
    assert (quick.total, quick.low, quick.high, quick.grade) == (card.total, card.low, card.high, card.grade)
    assert quick.complete == card.complete
    wanted = {"/".join(x.path): x.score for x in (*card.indicators, *card.groups)}
    assert quick.scores == wanted


@settings(max_examples=examples(150), deadline=None)
@given(cases())
def test_a_compiled_function_scores_any_rules_as_the_exact_engine(case) -> None:
    _, plan, table = case
    names = {x.path[-1] for x in plan.indicators} | {x.name for x in plan.inputs}
    found = [x for x in table if x[0] in names]
    if len({x[0] for x in found}) < len(found) or any(x[2].get("item") or x[2].get("prior") for x in found):
        return
    made = mapping_of(found)
    if made:
        assert_quick(perfdsl.load(plan), made)


@settings(max_examples=examples(100), deadline=None)
@given(st.sampled_from(PROFILES), st.data())
def test_a_compiled_function_scores_the_examples_as_the_exact_engine(plan, data) -> None:
    found = data.draw(actuals(plan))
    by_name = {x.name: x.value + x.unit for x in found}
    if by_name and len(by_name) == len(found):
        assert_quick(perfdsl.load(plan), by_name)


NUMBERS = st.one_of(
    st.integers(-5, 10**6),
    st.floats(-10, 1000),
    st.decimals(-10, 1000, places=3),
    st.sampled_from(["九成", "8件", "不适用", "很多", None]),
)


@settings(max_examples=examples(200), deadline=None)
@given(
    st.fixed_dictionaries(
        {
            "甲（%）": NUMBERS,
            "乙": NUMBERS,
            "丙": NUMBERS,
            "丁": st.sampled_from(["健全", "不健全", None, "不适用"]),
            "丁.评分": NUMBERS,
        }
    )
)
def test_a_compiled_function_reads_values_as_the_exact_engine(made) -> None:
    assert_quick(QUICK, made, QUICK_FUNCTION)


QUICK = rules_of("not_applicable rescale\n" + BODY)
QUICK_FUNCTION = QUICK.scorer(["甲（%）", "乙", "丙", "丁", "丁.评分"])


class Answering(dict[str, object]):
    def __missing__(self, name: str) -> object:
        raise AssertionError(name)


@settings(max_examples=examples(60), deadline=None)
@given(st.dictionaries(st.sampled_from(["甲（%）", "乙", "丙", "丁", "丁.评分", "别的"]), NUMBERS | st.just("健全")))
def test_a_compiled_function_takes_any_mapping_and_leaves_it_alone(made) -> None:
    if "丁" in made and not isinstance(made["丁"], str):
        del made["丁"]
    assert_quick(QUICK, {k: v for k, v in made.items() if k != "别的"}, QUICK_FUNCTION)
    before, wanted = dict(made), QUICK_FUNCTION(made)
    for one in (MappingProxyType(made), defaultdict(lambda: 1, made), Answering(made), OrderedDict(made)):
        again = QUICK_FUNCTION(one)
        assert (again.values, [x.message() for x in again.findings]) == (
            wanted.values,
            [x.message() for x in wanted.findings],
        )
        assert dict(one) == before == made


def test_a_compiled_function_is_compiled_where_it_can_be_and_says_where_not() -> None:
    assert rules_of().scorer(["甲"]).compiled
    grown = rules_of('甲 full "增长5%" points 10 by 比例得分')
    function = grown.scorer(["甲", "甲.上年值"])
    assert not function.compiled
    assert function({"甲": 110, "甲.上年值": 100}).total == grown.score({"甲": 110, "甲.上年值": 100}).total == 10


def test_names_of_a_compiled_function_are_checked() -> None:
    for wrong in (["没有"], ["甲", "甲"], ["甲", "甲（%）"], ["指标", "实际值"]):
        with pytest.raises(ValueError):
            rules_of().scorer(wrong)


# ---- tables

TABLE = {"项目": ["一", "二", "三", "四"], "甲（%）": [90.0, 45.5, None, 101.0], "乙": ["5万元", "60000元", "不适用", "很多"], "丙": [9, 10, None, 3],
         "丁": ["健全", "不健全", "健全", None], "丁.评分": [None, 12.0, None, 3.0], "备注": ["", "", "", ""]}  # fmt: skip


def kinds():
    polars, pandas = pytest.importorskip("polars"), pytest.importorskip("pandas")

    class Stream:
        """A table of a library nobody has heard of."""

        def __init__(self, table: dict[str, list[object]]) -> None:
            self.table = pa.table(table)

        def __arrow_c_stream__(self, requested_schema=None):
            return self.table.__arrow_c_stream__(requested_schema)

    return [
        (pa.table, pa.Table),
        (pa.record_batch, pa.Table),
        (polars.DataFrame, polars.DataFrame),
        (pandas.DataFrame, pandas.DataFrame),
        (Stream, pa.Table),
    ]


@pytest.mark.parametrize("engine", [*(x.NAME for x in members() if not lacking(x)), "exact"])
def test_a_table_of_any_kind_scores_as_its_objects(engine) -> None:
    rules = rules_of("not_applicable rescale\n" + BODY)
    cards = [rules.score({k: x[i] for k, x in TABLE.items() if k not in ("项目", "备注")}).card for i in range(4)]
    for make, kind in kinds():
        made = rules.score_table(make(TABLE), engine=engine)
        assert type(made.frame) is kind
        assert made.engine == engine and not made.reason
        found = made.arrow.to_pydict()
        assert found["对象"] == TABLE["项目"]
        assert found["总分"] == [x.total for x in cards]
        assert found["最低可能"] == [x.low for x in cards] and found["最高可能"] == [x.high for x in cards]
        assert found["等级"] == [x.grade for x in cards] and found["完整"] == [x.complete for x in cards]
        for at, row in enumerate(cards[0].indicators):
            assert found[f"{row.path[-1]}.得分"] == [x.indicators[at].score for x in cards]
        assert made.unread == ("备注",)
        assert [(x.row, x.column, x.text, x.finding.code) for x in made.rejects] == [(3, "乙", "很多", "A108")]
        assert "第4行" in made.rejects[0].finding.message()
        assert pa.table(made).equals(made.arrow)


def shown(made: perfdsl.ScoredTable) -> list[tuple[object, ...]]:
    return [(x.row, x.column, x.text, x.finding.code, x.finding.message()) for x in made.rejects]


@pytest.mark.parametrize("kind", columns())
def test_columns_of_every_kind_are_read_or_refused_as_the_exact_engine_does(kind) -> None:
    column = columns()[kind]
    names = pa.array(["一", "二", "三"], pa.string_view())
    body = '甲 full "≥90%" points 40 by 比例得分\n乙 full "≤5万元" points 30 by 比例得分\n丙 full "健全" points 30 by { "健全" -> 100%  otherwise -> 0 .. 60% }'
    wide = pa.table({"对象": names, "甲（%）": column, "乙": column, "丙": column})
    long = pa.table({"对象": names, "指标": pa.array(["乙"] * 3, pa.string_view()), "实际值": column})
    for table in (wide, long):
        exact = rules_of(body).score_table(table, engine="exact")
        told = sorted((x.row, x.column, x.text, x.finding.code) for x in exact.rejects)
        if kind in ("list", "struct", "map"):
            given_rows = [i for i, x in enumerate(column.to_pylist()) if x is not None]
            assert told == sorted(
                (i, name, json.dumps(column[i].as_py(), ensure_ascii=False, default=str), "D406")
                for i in given_rows
                for name in (("甲（%）", "乙", "丙") if table is wide else ("实际值",))
            )
        for engine in (x.NAME for x in members() if not lacking(x)):
            made = rules_of(body).score_table(table, engine=engine)
            assert made.arrow.equals(exact.arrow), engine
            assert shown(made) == shown(exact), engine


def test_a_dictionary_of_another_library_is_read_whatever_its_numbers_are() -> None:
    """Polars gives unsigned ones."""
    texts = pa.array([None, "90%", "45.5%", "90%"])
    for kind in (pa.uint32(), pa.uint8(), pa.int8(), pa.int64()):
        column = pa.DictionaryArray.from_arrays(texts.dictionary_encode().indices.cast(kind), ["90%", "45.5%"])
        made = rules_of().score_table(pa.table({"项目": list("一二三四"), "甲": column}))
        assert made.arrow["甲.得分"].to_pylist() == [None, 30, Decimal("15.17"), 30]


def test_results_come_back_exact_and_in_their_places() -> None:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    frame = pandas.DataFrame(TABLE, index=list("wxyz"))
    made = rules_of().score_table(frame)
    assert list(made.frame.index) == list("wxyz")
    assert made.frame["甲.得分"]["x"] == Decimal("15.17")
    assert str(made.frame["甲.得分"].dtype).startswith("decimal128")
    assert rules_of().score_table(polars.DataFrame(TABLE)).frame["甲.得分"].to_list()[1] == Decimal("15.17")


def test_pandas_cells_of_several_kinds_are_read_as_they_are_written() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"项目": ["一", "二", "三"], "丙": [9, "10件", None], "甲": ["88%", 0.9, "90%"]})
    made = rules_of().score_table(frame)
    assert made.arrow["丙.得分"].to_pylist() == [18, 20, None]
    assert [(x.row, x.column, x.text) for x in made.rejects] == [(1, "甲", "0.9")]


def test_pandas_cells_of_numpy_and_none_at_all_are_read_among_others() -> None:
    """What a column of objects holds after pandas has put rows together."""
    pandas, numpy = pytest.importorskip("pandas"), pytest.importorskip("numpy")
    nothing = [None, pandas.NA, pandas.NaT, numpy.nan, Decimal("nan")]
    cells = [numpy.int64(9), numpy.float32(8.1), "10件", 10**30, *nothing]
    texts = ["9", "8.1", "10件", str(10**30), *[None] * len(nothing)]
    names = [f"项{i}" for i in range(len(cells))]
    table = pandas.DataFrame({"项目": names, "丙": pandas.Series(cells, dtype=object)})
    wanted = rules_of().score_table(pa.table({"项目": names, "丙": texts})).arrow
    assert rules_of().score_table(table).arrow.equals(wanted)
    sparse = pandas.DataFrame({"项目": ["一", "二"], "丙": pandas.arrays.SparseArray([9, 10])})
    assert rules_of().score_table(sparse).arrow["丙.得分"].to_pylist() == [18, 20]


def test_whole_numbers_of_polars_may_be_longer_than_those_of_arrow() -> None:
    polars = pytest.importorskip("polars")
    table = polars.DataFrame({"项目": ["一", "二"], "丙": [10**30, None]}, schema_overrides={"丙": polars.Int128})
    made = rules_of().score_table(table)
    assert isinstance(made.frame, polars.DataFrame) and made.arrow["丙.得分"].to_pylist() == [20, None]


def test_a_long_table_is_scored_by_object() -> None:
    table = pa.table({"对象": ["一", "二", "一"], "指标": ["丙", "丙", "甲"], "实际值": ["9", "10", "90%"]})
    made = rules_of().score_table(table)
    assert made.arrow["对象"].to_pylist() == ["一", "二"]
    assert made.arrow["丙.得分"].to_pylist() == [18, 20] and made.arrow["甲.得分"].to_pylist() == [30, None]


def test_what_an_engine_has_no_room_for_the_exact_one_scores() -> None:
    pytest.importorskip("polars")
    rules = rules_of('工单 full "≥10亩" points 10 by 比例得分')
    table = pa.table({"项目": ["一", "二"], "工单": ["3." + "1" * 45, "9." + "2" * 45]})
    made = rules.score_table(table, engine="polars")
    assert made.engine == "exact" and "digits" in made.reason
    some = rules.score_table(table.set_column(1, "工单", [["3." + "1" * 45, "9"]]), engine="polars")
    assert some.engine == "polars" and [(x.count, x.indicators) for x in some.fallbacks] == [(1, ())]
    assert some.arrow["总分"][0] == made.arrow["总分"][0]
    assert made.arrow["总分"].to_pylist() == [rules.score({"工单": x}).total for x in table["工单"].to_pylist()]


def test_objects_of_one_table_are_compared_with_each_other() -> None:
    rules = rules_of("total 10\n工单 unit 件\n占比 = rank_share(工单) by { <= 50% -> 10  otherwise -> 0 } points 10")
    assert rules.usable, [d.message() for d in rules.check()]
    made = rules.score_table(pa.table({"项目": ["一", "二", "三", "四"], "工单": [4, 3, 2, 1]}))
    assert made.engine == "embedded" and not made.reason
    assert made.arrow["总分"].to_pylist() == [10, 10, 0, 0]


def test_tables_that_are_none_are_the_programmers_mistake() -> None:
    rules = rules_of()
    polars = pytest.importorskip("polars")
    objects = polars.DataFrame({"甲": [object()]}, schema_overrides={"甲": polars.Object})
    complexes = pytest.importorskip("pandas").DataFrame({"甲": [1 + 2j]})
    for wrong in (3, {"甲": [1]}, polars.DataFrame({"甲": [1]}).lazy(), polars.Series("甲", [1]), objects, complexes):
        with pytest.raises(TypeError):
            rules.score_table(wrong)
    for table in ({"别的": [1]}, {"指标": ["甲"]}):
        with pytest.raises(ValueError, match="no column is an indicator"):
            rules.score_table(pa.table(table))
    with pytest.raises(ValueError, match="same heading"):
        rules.score_table(pa.table([pa.array([1]), pa.array([2])], names=["丙", "丙"]))
    with pytest.raises(ValueError, match="no engine 'x'"):
        rules.score_table(pa.table({"丙": [1]}), engine="x")


def test_an_engine_that_is_not_installed_is_named_with_its_extra(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(ModuleNotFoundError, match=r"perfdsl\[polars\]"):
        rules_of().score_table(pa.table({"丙": [1]}), engine="polars")


def test_an_empty_table_has_no_rows_of_results() -> None:
    for engine in (x.NAME for x in members() if not lacking(x)):
        made = rules_of().score_table(
            pa.table({"项目": pa.array([], pa.string()), "丙": pa.array([], pa.int64())}), engine=engine
        )
        assert made.arrow.num_rows == 0 and "总分" in made.arrow.schema.names


# ---- the shape of it


def test_texts_of_values_read_back_as_the_values() -> None:
    assert [text_of(x) for x in (None, "a", True, 3, -0.1, 1e15, Decimal("1.50"), F(-7, 40), date(2024, 2, 29))] == [
        "", "a", "是", "3", "-0.1", "1000000000000000", "1.50", "-0.175", "2024-02-29"]  # fmt: skip


@given(st.integers(-(10**30), 10**30), st.integers(0, 20))
def test_fractions_with_a_finite_decimal_are_written_exactly(top, places) -> None:
    assert Fraction(text_of(Fraction(top, 10**places))) == Fraction(top, 10**places)


def test_everything_public_is_found_and_typed() -> None:
    assert set(perfdsl.__all__) <= set(dir(perfdsl))
    for name in perfdsl.__all__:
        assert getattr(perfdsl, name) is not None
    assert (Path(perfdsl.__file__).parent / "py.typed").exists()
    for name in ("score", "score_table", "scorer", "check", "of", "plan", "to_json"):
        function = getattr(perfdsl.Rules, name)
        assert function.__doc__ and "return" in function.__annotations__
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        rules_of().plans = ()


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(["10", "99.5", "很多", "", "不适用", "3e2", "1234567"]), min_size=1, max_size=4),
        min_size=2,
        max_size=5,
    )
)
def test_rules_that_have_scored_tables_score_the_next_as_rules_that_have_not(columns) -> None:
    rules = rules_of("not_applicable rescale\n" + BODY)

    def told(rules: perfdsl.Rules, cells: list[str]) -> tuple[object, ...]:
        made = rules.score_table(pa.table({"甲": cells, "乙": cells[::-1]}))
        return (
            made.arrow.to_pydict(),
            [(x.row, x.column, x.text, x.finding.code, x.finding.message()) for x in made.rejects],
            made.reason,
        )

    fresh = [told(rules_of("not_applicable rescale\n" + BODY), cells) for cells in columns]
    assert [told(rules, cells) for cells in columns] == fresh
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda cells: told(rules, cells), columns * 3)) == fresh * 3


def test_a_program_is_compiled_once_for_tables_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = rules_of(BODY)
    engine = next(x for x in members() if x.NAME == "embedded")
    seen, compiled = [], engine.compiled
    monkeypatch.setattr(engine, "compiled", lambda program: (seen.append(program), compiled(program))[1])
    for cells in (["1", "2"], ["3", "4"]):
        rules.score_table(pa.table({"甲": cells}))
    assert len(seen) == 1
    with pytest.raises(ValueError):
        rules.score_table(pa.table({"没有": ["1"]}))
    rules.score_table(pa.table({"甲": ["1"]}), period="half")
    assert len(seen) == 2


@pytest.mark.parametrize("as_of", ["2024-07-31", 20240731])
def test_a_day_that_is_none_is_a_mistake_of_the_program(as_of: object) -> None:
    rules = perfdsl.load('project "甲" { 工单 full "≥10件" points 10 by { met -> 10  otherwise -> 0 } }')
    for call in (rules.score, rules.score_table, rules.scorer):
        with pytest.raises(TypeError, match="as_of is a date"):
            call({"工单": 3}, as_of=as_of)  # type: ignore[operator]
    with pytest.raises(TypeError, match="names are several"):
        rules.scorer("工单")
    with pytest.raises(ValueError, match="empty name"):
        perfdsl.load("")
