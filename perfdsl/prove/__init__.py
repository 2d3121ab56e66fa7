"""The prover: ``prove`` decides the score contract of an object, ``cliffs`` lists the jumps of its awards."""

from perfdsl.prove.check import Cliff, cliffs, prove

__all__ = ["Cliff", "cliffs", "prove"]
