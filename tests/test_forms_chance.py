"""Rules and tables of chance as workbooks: LibreOffice reckons every formula again and finds what the engine found."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scoring import rows
from sheets import needs_office
from test_forms_excel import CASES, DEEP, reckoned_alike, scored_plan, small_form

from perfdsl.cli.score import read_plans
from perfdsl.evaluate import Engine
from perfdsl.lay_out import lay_out
from perfdsl.layout import Result
from perfdsl.observe import observe
from perfdsl.testing import actuals
from perfdsl.testing.rulesets import source, tables, worlds
from perfdsl.workings import work_out

WORLDS, TABLES = (2000, 1500) if DEEP else (100, 60)


@needs_office
def test_worlds_of_chance_are_reckoned_alike(tmp_path: Path) -> None:
    """Rulesets and tables as Hypothesis builds them: edges, ties, weights, factors, missing values, several units."""
    layouts, about = [], []

    @settings(
        max_examples=WORLDS, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(st.data())
    def collect(data: st.DataObject) -> None:
        world = data.draw(worlds())
        text = source(world)
        plan = scored_plan(text)
        if plan is None:
            return
        given_rows = data.draw(tables(world))
        observed, _ = observe(plan, rows(given_rows), "full")
        engine = Engine(plan, observed, "full", None)
        card = engine.card()
        layouts.append(
            lay_out(small_form(), plan, Result(card=card, observed=observed, workings=work_out(engine, card)))[0]
        )
        about.append(f"{text}\n{given_rows}")

    collect()
    assert reckoned_alike(layouts, tmp_path, about) > 1000


@needs_office
def test_profiles_on_their_edges_and_ties_are_reckoned_alike(tmp_path: Path) -> None:
    """Values at the ends of bands, beside them, at half a cent, blanks and odd words, for the rules of every profile."""
    layouts, about = [], []
    profiles = [plan for rules, _ in CASES for plan in read_plans(str(rules))[0] or () if plan.scored]

    @settings(
        max_examples=TABLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(st.data())
    def collect(data: st.DataObject) -> None:
        plan = data.draw(st.sampled_from(profiles))
        given_rows = data.draw(actuals(plan))
        observed, _ = observe(plan, given_rows, "full")
        engine = Engine(plan, observed, "full", None)
        card = engine.card()
        layouts.append(
            lay_out(small_form(), plan, Result(card=card, observed=observed, workings=work_out(engine, card)))[0]
        )
        about.append(f"{plan.object}\n{[(row.name, row.value, row.mark, row.prior) for row in given_rows]}")

    collect()
    assert reckoned_alike(layouts, tmp_path, about) > 1000
