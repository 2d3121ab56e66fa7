"""What every test may ask for: ``--update`` rewrites recorded outputs, so that the diff is what gets reviewed."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite recorded outputs instead of comparing them")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Are recorded outputs to be rewritten?"""
    return bool(request.config.getoption("--update"))
