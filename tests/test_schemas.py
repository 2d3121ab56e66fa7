"""The published JSON keeps the shapes that docs/*.schema.json promise, and the pages explain every field of them."""

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_reports import EXAMPLES, ROOT, WRONG, Library, checked, rendered, scored

from perfdsl import plan_json
from perfdsl.actuals import Entry, Observed
from perfdsl.core import Add, And, Compare, Const, Div, Expr, Floor, If, Max, Missing, Not, Ref, Round
from perfdsl.evaluate import evaluate
from perfdsl.pipeline import check
from perfdsl.reports import Style
from perfdsl.show import diagnostics_json
from perfdsl.text import Source

DOCS = ROOT / "docs"
PAGES = {"plan": "plan.md", "diff": "diff.md", "advise": "advise.md", "report": "report.md", "check": "report.md",
         "monitor": "monitor.md", "collect": "fill.md", "conformance": "conformance.md"}  # fmt: skip


def schema(name: str) -> Any:
    return json.loads((DOCS / f"{name}.schema.json").read_text("utf-8"))


def validator(name: str) -> Any:
    return jsonschema.Draft202012Validator(schema(name))


def fields(part: Any) -> Iterator[str]:
    """The names of all properties anywhere in a schema."""
    if isinstance(part, dict):
        yield from part.get("properties", {})
        for inner in part.values():
            yield from fields(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from fields(inner)


@pytest.mark.parametrize("name", PAGES)
def test_schemas_are_schemas(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("half", [0, 1], ids=["chinese", "english"])
def test_every_field_is_explained_in_both_languages(name: str, half: int) -> None:
    page = (DOCS / PAGES[name]).read_text("utf-8")
    text = re.split(r"(?m)^# .*\(English\)$", page)[half]
    explained = {word for quoted in re.findall(r"`([^`\n]+)`", text) for word in [quoted, *quoted.split()]}
    assert set(fields(schema(name))) <= explained | {"diagnostics"}


def test_findings_have_one_shape_everywhere() -> None:
    assert schema("check")["$defs"]["diagnostic"] == schema("report")["$defs"]["diagnostic"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.rules.stem)
def test_plans_of_the_examples_fit(example: Any) -> None:
    plans = checked(example.rules).plans()
    validator("plan").validate(json.loads(plan_json.dumps(plans)))
    validator("plan").validate(json.loads(plan_json.dumps([*plans, *plans])))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.rules.stem)
@pytest.mark.parametrize("period", ["full", "half"])
@pytest.mark.parametrize("empty", [False, True], ids=["as given", "without data"])
def test_reports_of_the_examples_fit(example: Any, period: str, empty: bool) -> None:
    cards, found = scored(example, period, empty)
    validator("report").validate(json.loads(rendered("json", cards, found, Style())))
    validator("report").validate(json.loads(rendered("json", [*cards, *cards], found, Style(lang="en"))))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_findings_fit(lang: str) -> None:
    found = [d for example in EXAMPLES for d in checked(example.rules).found] + list(WRONG)
    assert any(d.accepted for d in found)
    validator("check").validate({"diagnostics": diagnostics_json(found, lang)})


def test_example_of_the_plan_page_is_true() -> None:
    page = (DOCS / "plan.md").read_text("utf-8")
    rules, shown = (re.findall(rf"(?s)```{kind}\n(.*?)```", page)[0] for kind in ("perf", "json"))
    (plan,) = check(Source("示例.perf", rules), Library()).plans()
    assert within(json.loads(shown), plan_json.encode(plan)["indicators"][0])
    given = {"产出/工单量": Entry(value=Fraction(85), text="85件"),
             "产出/接通率": Entry(value=Fraction(88, 100), text="88%", mark=Fraction(3, 2))}  # fmt: skip
    card, found = evaluate(plan, Observed({path: (entry,) for path, entry in given.items()}, {}, {}))
    assert ([row.score for row in card.indicators], card.total, found) == (
        [Fraction("5.1"), Fraction("1.5")],
        Fraction("6.6"),
        [],
    )
    card, _ = evaluate(plan, Observed({}, {}, {}))
    assert (card.indicators[0].score, card.indicators[0].low, card.indicators[0].high) == (None, 0, 6)


def within(part: Any, whole: Any) -> bool:
    """Is ``part`` what ``whole`` says, apart from what it leaves out?"""
    if isinstance(part, dict):
        return all(key in whole and within(inner, whole[key]) for key, inner in part.items())
    if isinstance(part, list):
        return len(part) == len(whole) and all(map(within, part, whole))
    return bool(part == whole)


LEAVES: st.SearchStrategy[Expr] = st.one_of(
    st.builds(Const, st.one_of(st.fractions(), st.booleans(), st.text(max_size=3), st.none())),
    st.sampled_from([Ref("actual"), Ref("value:甲/乙"), Ref("score:"), Ref("rank_share:总分, 类别")]),
)
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Add, st.tuples(inner, inner)), st.builds(And, st.tuples()), st.builds(Max, st.tuples(inner)),
        st.builds(Div, inner, inner), st.builds(Compare, st.sampled_from(["=", "!=", "<", ">", "<=", ">="]), inner, inner),
        st.builds(Not, inner), st.builds(If, inner, inner, inner), st.builds(Missing, inner),
        st.builds(Round, inner, st.integers(0, 4)), st.builds(Floor, inner),
    ),
    max_leaves=6,
)  # fmt: skip


@given(EXPRESSIONS)
def test_expressions_fit_and_come_back(expression: Expr) -> None:
    made = plan_json.expr(expression)
    jsonschema.Draft202012Validator({**schema("plan"), "oneOf": [{"$ref": "#/$defs/expression"}]}).validate(made)
    assert plan_json.expr_from(made) == expression


@pytest.mark.parametrize(
    "wrong",
    [
        {"sub": []},
        {"add": {"num": "1"}},
        {"num": 1},
        {"num": "0.1"} | {"ref": "actual"},
        {"div": [{"num": "1"}]},
        {"ref": "x"},
    ],
)
def test_what_is_no_expression_is_refused(wrong: object) -> None:
    fits = jsonschema.Draft202012Validator({**schema("plan"), "oneOf": [{"$ref": "#/$defs/expression"}]})
    assert not fits.is_valid(wrong)


@pytest.mark.parametrize("number", ["1", "-0.5", "1/3", "-10/7"])
def test_numbers_are_exact_strings(number: str) -> None:
    assert re.search(schema("plan")["$defs"]["number"]["pattern"], number)
    assert Fraction(number) is not None


@pytest.mark.parametrize("number", ["1e3", "1/0", ".5", "1.", "", "NaN", "+1"])
def test_other_spellings_of_numbers_are_refused(number: str) -> None:
    assert not re.search(schema("plan")["$defs"]["number"]["pattern"], number)
