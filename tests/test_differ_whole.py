"""Whole rulesets, changed in one or two places: what ``compare`` calls the same is scored the same, and every example is true."""

import re

import attrs
from gate import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring import Library

from perfdsl.diagnostics import has_errors
from perfdsl.differ import DIFFERS, OPEN, SAME, Difference, compare
from perfdsl.evaluate import evaluate
from perfdsl.observe import observe
from perfdsl.pipeline import understand
from perfdsl.plan import Plan
from perfdsl.scorecard import NOT_APPLICABLE
from perfdsl.testing import actuals, rulesets
from perfdsl.text import Source

NUMBER = re.compile(r"(?<![\w.组指标])\d+(?:\.\d+)?(?![\w.]*号)")
TURNED = {
    ">=": ">", "met -> 100%": "met -> 90%", "rescale": "zero", "sum from": "best from", "gather sum": "gather mean", "gather mean": "gather sum",
    " either": "", "取整": "", "exact": "", "missing -> 0": "missing -> 1", "by 比例得分": "by 达标得满分", "健全, 完善": "完善, 健全", "嘉奖": "表彰",
}  # fmt: skip


def plan_of(text: str) -> Plan | None:
    checked = understand(Source("a.perf", text), Library())
    plans = () if has_errors(checked.found) else checked.plans()
    return plans[0] if plans else None


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, str]:
    """A ruleset and the same with a number, a word of the language, a name or the order of rows changed."""
    text = draw(rulesets())
    other = text
    for _ in range(draw(st.integers(1, 2))):
        kind = draw(st.sampled_from(["number", "number", "word", "name", "row", "nothing"]))
        if kind == "number" and (spots := list(NUMBER.finditer(other, other.index("{")))):
            at = draw(st.sampled_from(spots))
            other = other[: at.start()] + draw(st.sampled_from(["0", "1", "2", "5", "50", "90"])) + other[at.end() :]
        elif kind == "word" and (words := [x for x in TURNED if x in other]):
            word = draw(st.sampled_from(words))
            other = other.replace(word, TURNED[word], draw(st.sampled_from([1, -1])))
        elif kind == "name" and (names := re.findall(r"(?:指标|组)\d+", other)):
            name = draw(st.sampled_from(names))
            other = re.sub(rf"{name}(?!\d)", f"新{name}", other)
        elif kind == "row" and (rows := [x for x in other.split("\n") if re.match(r"指标\d+ .*points", x)]):
            row = draw(st.sampled_from(rows))
            rest = other.replace(row + "\n", "", 1).rstrip()
            other = rest.removesuffix("}") + row + "\n}\n" if rest.endswith("}") else other
    return text, other


def examples_are_true(found: Difference, old: Plan, new: Plan) -> None:
    """Nothing differs without a range or an example, and examples show a difference."""
    thing = found.objects[0]
    for row in thing.rows:
        for example in (row.example, *(x.example for x in row.changes)):
            assert example is None or example.before != example.after
        assert row.effect != DIFFERS or row.stretches or row.example or any(x.effect == DIFFERS for x in row.changes) or (
            (row.effect == DIFFERS) and any(x.scoring is None for plan in (old, new) for x in plan.indicators))  # fmt: skip
    for change in thing.changes:
        if change.example is not None:
            assert change.effect == DIFFERS and change.example.before != change.example.after


@settings(max_examples=examples(50), deadline=None)
@given(changes(), st.data())
def test_what_is_the_same_is_scored_the_same(texts: tuple[str, str], data: st.DataObject) -> None:
    old, new = map(plan_of, texts)
    if old is None or new is None:
        return
    found = compare([old], [new])
    examples_are_true(found, old, new)
    assert (compare([new], [old]).effect == SAME) == (found.effect == SAME)
    thing = found.objects[0]
    back = {"/".join(row.path): "/".join(row.was) for row in thing.rows}
    same = {row.path: row.was for row in thing.rows if row.effect == SAME and not row.through}
    for _ in range(3):
        rows = data.draw(actuals(new))
        theirs = observe(new, rows, "full")[0]
        ours = observe(old, [attrs.evolve(x, name=back.get(x.name, x.name)) for x in rows], "full")[0]
        before, after = evaluate(old, ours)[0], evaluate(new, theirs)[0]
        known = {x.path: (x.score, x.low, x.high) for x in before.indicators}
        policy = (
            old.not_applicable != new.not_applicable
        )  # what becomes of a row that does not apply is a change of the object
        for row in after.indicators:
            if row.path in same and not (policy and row.status == NOT_APPLICABLE):
                assert (row.score, row.low, row.high) == known[same[row.path]], (texts, row.path, row.actual)
        if found.effect == SAME:
            assert (before.total, before.low, before.high, before.grade) == (
                after.total,
                after.low,
                after.high,
                after.grade,
            )


def test_the_law_above_sees_all_verdicts() -> None:
    """The changes are not so wild, nor so mild, that one verdict never comes up."""
    head = 'project "P" {\nnot_applicable rescale\n组0 weight 40% {\n指标1 points 4 full "≥7件" by 比例得分\n}\n组2 weight 60% {\n指标3 points 6 full "≥8件" by 比例得分\n}\n}'
    text = f"use 财预2020_10号\n{head}"
    plans = {
        effect: plan_of(other)
        for effect, other in {
            SAME: text.replace("by 比例得分", "by { completion >= 100% -> points  otherwise -> completion * points }"),
            DIFFERS: text.replace("40%", "30%").replace("60%", "70%"),
        }.items()
    }
    first = plan_of(text)
    assert first is not None
    for effect, plan in plans.items():
        assert plan is not None
        found = compare([first], [plan])
        assert found.effect == effect != OPEN
