"""A slice of ``make prove-deep``: tens of thousands of small rubrics, none missed, none falsely accused."""

import prove_deep
import pytest

SLICE = {"one case": 2_500, "two cases": 5_000, "three cases": 5_000, "another input": 250, "grades": 2_500}


@pytest.mark.parametrize("family", prove_deep.PLAN)
def test_the_prover_says_what_trying_everything_says(family: str) -> None:
    tried, found = prove_deep.run(family, SLICE[family])
    assert tried == SLICE[family]
    assert found == []


def test_the_whole_of_it_is_a_million_rubrics() -> None:
    sizes = [min(most, family.size) for family, most in prove_deep.PLAN.values() if family is not None]
    assert sum(sizes) >= 10**6


def test_the_oracle_sees_what_is_wrong() -> None:
    """It is no use if it agrees with everything."""
    family = prove_deep.TWO
    seen = {code for index in range(0, family.size, 9973) for code in prove_deep.truth(family.sample(index))}
    assert {code[:4] for code in seen} == {"V101", "V102", "V103", "V104", "V105"}
