"""Scorecards told in prose: what was scored, what was lost, what is not explained; nothing that a card does not hold."""

from perfdsl.narrate.door import narrate

__all__ = ["narrate"]
