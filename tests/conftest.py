"""What every test may ask for: ``--update`` rewrites recorded outputs, so that the diff is what gets reviewed."""

import os

import pytest
from hypothesis import settings

# The gate must say the same of the same change; at a desk every run looks at new examples.
settings.register_profile("gate", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("desk", deadline=None, print_blob=True)
settings.load_profile("gate" if os.environ.get("CI") else "desk")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite recorded outputs instead of comparing them")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Are recorded outputs to be rewritten?"""
    return bool(request.config.getoption("--update"))
