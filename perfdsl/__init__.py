"""perfdsl: write performance indicators and scoring rubrics, prove them sound, score actual values exactly.

From Python (docs/api.md)::

    rules = perfdsl.load("规则.perf")
    rules.score({"座席资源个数": "48席"}).total
    rules.score_table(frame).frame

Nothing but this module is loaded until one of the names below is used.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from perfdsl.api import Rules, RulesError, Scored, ScoredTable, Scorer, load

__version__ = "0.1.0"
__all__ = ["Rules", "RulesError", "Scored", "ScoredTable", "Scorer", "__version__", "load"]


def __getattr__(name: str) -> object:
    """The names of the Python API, loaded when one of them is first used."""
    if name in __all__:
        from perfdsl import api

        return getattr(api, name)
    raise AttributeError(f"module 'perfdsl' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
