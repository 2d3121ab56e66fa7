"""The pytest plugin: options only.  What collects ``.perf`` files is loaded when it is asked for (docs/testing.md)."""

import pytest

COLLECTING = "perfdsl.cli.collecting"


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--perf`` and ``perf_paths``."""
    group = parser.getgroup("perfdsl")
    group.addoption("--perf", action="store_true", help="collect the tests and contracts of .perf files")
    parser.addini("perf_paths", "folders whose .perf files are collected without --perf too", type="paths", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """Load the rest only for a run that collects ``.perf`` files."""
    if config.getoption("--perf") or config.getini("perf_paths"):
        config.pluginmanager.import_plugin(COLLECTING)
