"""The statement of a program over a grid gives what the exact engine gives, on every database that can be had here."""

from collections.abc import Iterator
from fractions import Fraction

import hypothesis.strategies as st
import pytest
from agreement import PROFILES, core_agrees, edges_agree, rulesets_agree, same_or_refused
from hypothesis import given, settings
from sql_hosts import OnHost, Sqlite, lacking, maria, postgres
from test_laws import cases
from test_many import HUGE, PERCENT
from test_prove_laws import case_lists

from perfdsl.engines import Engine, duckdb_
from perfdsl.observe import observe
from perfdsl.testing import actuals
from perfdsl.testing.rulesets import tables

F = Fraction
NAMES = ("duckdb", "sqlite", "postgres", "mysql")


@pytest.fixture(scope="module", params=NAMES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each database in turn; a server is started once."""
    match request.param:
        case "duckdb":
            pytest.importorskip("duckdb")
            yield duckdb_
        case "sqlite":
            yield OnHost(Sqlite())
        case "postgres":
            pytest.importorskip("psycopg")
            if missing := lacking("initdb", "postgres"):
                pytest.skip(f"no PostgreSQL here ({missing})")
            with postgres() as host:
                yield OnHost(host)
        case "mysql":
            pytest.importorskip("pymysql")
            if missing := lacking("mariadbd", "mariadb-install-db"):
                pytest.skip(f"no MySQL or MariaDB here ({missing})")
            with maria() as host:
                yield OnHost(host)


def test_every_ruleset_scores_as_in_the_exact_engine(engine: Engine) -> None:
    @settings(max_examples=25, deadline=None)
    @given(cases(), st.data())
    def law(case, data) -> None:
        found = [data.draw(tables(case[0])) for _ in range(data.draw(st.integers(0, 4)))]
        rulesets_agree(case, found, engine)

    law()


def test_the_examples_score_as_in_the_exact_engine_on_their_edges(engine: Engine) -> None:
    @settings(max_examples=25, deadline=None)
    @given(st.sampled_from(PROFILES), st.data())
    def law(plan, data) -> None:
        drawn = data.draw(st.lists(actuals(plan), min_size=1, max_size=4))
        same_or_refused(plan, [observe(plan, x, "full")[0] for x in drawn], engine)

    law()


@pytest.mark.parametrize("row", PERCENT)
@pytest.mark.parametrize(("target", "points"), [(90, F(3, 2)), (60, F(4)), (F(947, 10), F(1, 10)), (90, F(25))])
def test_edges_ties_and_their_neighbours_score_as_in_the_exact_engine(
    row: str, target: Fraction, points: Fraction, engine: Engine
) -> None:
    edges_agree(row, target, points, engine)


def test_any_expression_of_the_core_scores_as_in_the_exact_engine(engine: Engine) -> None:
    value = st.one_of(st.none(), st.integers(-9, 9), st.fractions(-4, 4, max_denominator=6), st.just(HUGE))

    @settings(max_examples=60, deadline=None)
    @given(case_lists, st.lists(value, max_size=12))
    def law(found, values) -> None:
        core_agrees(found, values, engine)

    law()
