"""The statement of a program over a grid gives what the exact engine gives, on every database that can be had here."""

from collections.abc import Iterator
from fractions import Fraction

import hypothesis.strategies as st
import numpy as np
import pytest
from agreement import PROFILES, core_agrees, edges_agree, rulesets_agree, same_or_refused
from hypothesis import given, settings
from scoring import compiled, inside
from sql_hosts import OnHost, Sqlite, lacking, maria, postgres
from test_laws import cases
from test_many import HUGE, PERCENT
from test_prove_laws import case_lists

from perfdsl import program as g
from perfdsl.engines import Engine, duckdb_, embedded
from perfdsl.grid import Grid, Strip
from perfdsl.integers import to_integers
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


def test_many_objects_on_several_threads_come_back_in_their_order() -> None:
    pytest.importorskip("duckdb")
    rng = np.random.default_rng(6)
    count = 300_000
    (plan,) = compiled(inside("""
      办结率 full "≥90%" points 40 by 比例得分
      成本 full "≤5万元" points 30 by 比例得分
      质量 full "健全" points 30 by { "健全" -> 100%  otherwise -> 0 .. 60% }
    """)).plans()  # fmt: skip
    there = rng.choice(2, count, p=[0.01, 0.99]).astype("u1")
    grid = Grid(count, {
        "value:办结率": Strip(per=10**6, numbers=rng.integers(0, 1_200_000, count) * there, states=there),
        "value:成本": Strip(numbers=rng.integers(0, 90_000, count)),
        "value:质量": Strip(states=np.full(count, 2, "u1"), said=rng.integers(-1, 2, count).astype("i4"), words=("健全", "不健全")),
        "mark:质量": Strip(per=100, numbers=rng.integers(0, 2000, count)),
    })  # fmt: skip
    states = (g.NUMBER, g.MISSING)
    columns = [
        g.Column(name="value:办结率", per=10**6, low=0, high=1_200_000, states=frozenset(states)),
        g.Column(name="value:成本", low=0, high=90_000, states=frozenset({g.NUMBER})),
        g.Column(name="value:质量", states=frozenset({g.WORD}), words=("健全", "不健全")),
        g.Column(name="mark:质量", per=100, low=0, high=2000, states=frozenset({g.NUMBER})),
    ]
    program = to_integers(plan, columns)
    a, b = embedded.compiled(program)(grid), duckdb_.compiled(program)(grid)
    assert a.rows.keys() == b.rows.keys() and a.groups.keys() == b.groups.keys()
    for x, y in [(a.rows[path], b.rows[path]) for path in a.rows]:
        known = ~np.asarray(x.open, dtype=bool)
        assert (x.open == y.open).all() and (x.case == y.case).all() and (x.status == y.status).all()
        assert (x.score[known] == y.score[known]).all() and known.any()
    assert (
        (a.total.low == b.total.low).all() and (a.total.high == b.total.high).all() and (a.complete == b.complete).all()
    )
