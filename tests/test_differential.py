"""A slice of ``make differential``: rules and objects by chance, every engine against the exact one."""

from collections.abc import Iterator

import pytest
from conformance_engines import QUICK, Ask
from differential import batches, engines, projects, told, tried
from differential_engines import Programs
from differential_rules import rules_of
from test_conformance import OneOff

HERE = QUICK - {"postgres", "mysql", "mixed", "table"}


@pytest.fixture(scope="module")
def asks() -> Iterator[dict[str, Ask]]:
    with engines(set(HERE)) as found:
        yield found


def test_most_rules_by_chance_compile() -> None:
    made = [rules_of(number)[1] for number in range(24)]
    assert sum(plan is not None for plan in made) > 18
    assert rules_of(3)[0] == rules_of(3)[0]


@pytest.mark.parametrize("number", range(16))
def test_every_engine_scores_rules_by_chance_as_the_exact_engine(number: int, asks: dict[str, Ask]) -> None:
    found = tried(1, number, asks, 60)
    assert found.found == ()
    assert {name: x.wrong for name, x in found.tallies.items() if x.wrong} == {}


def test_projects_with_amounts_of_their_own_score_as_the_exact_engine() -> None:
    made, said = projects(1, 1, 40, variants=4)
    assert said == []
    assert made.wrong == 0
    assert made.rows > 10 * made.handed  # nearly all go by their shapes


def test_the_slice_reaches_every_engine(asks: dict[str, Ask]) -> None:
    scored = dict.fromkeys(asks, 0)
    for number in range(16):
        for name, made in tried(2, number, asks, 20).tallies.items():
            scored[name] += made.rows
    assert min(scored.values()) > 0


def test_a_difference_is_made_small_and_can_be_seen_again() -> None:
    ask = Programs(OneOff())  # type: ignore[arg-type]
    text, batch = next(
        x for x in batches(1, 2, 40) if x[1].plan.indicators and len(x[1].ones) > 1 and not x[1].plan.comparisons
    )
    said = told("off", ask, batch, ask(batch), "--seed 1 --only 2", text)
    assert "1 of" in said
    assert "--seed 1 --only 2" in said
    assert "found" in said
