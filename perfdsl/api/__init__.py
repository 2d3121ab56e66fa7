"""The Python API (docs/api.md): rules loaded once, objects scored one by one or as tables of any kind."""

from perfdsl.api.rules import Rules, RulesError, Scored, load
from perfdsl.api.scorer import Scorer
from perfdsl.api.tabled import ScoredTable

__all__ = ["Rules", "RulesError", "Scored", "ScoredTable", "Scorer", "load"]
