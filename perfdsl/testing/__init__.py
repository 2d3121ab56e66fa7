"""Hypothesis strategies for those who test rules or programs around perfdsl (docs/testing.md); needs ``perfdsl[testing]``."""

from perfdsl.testing.actuals import actuals, values_of
from perfdsl.testing.rulesets import rulesets

__all__ = ["actuals", "rulesets", "values_of"]
