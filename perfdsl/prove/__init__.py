"""The prover: ``prove`` decides the score contract of an object, ``cliffs`` lists the jumps of its awards."""

from perfdsl.prove.check import Cliff, Proofs, cliffs, prove

__all__ = ["Cliff", "Proofs", "cliffs", "prove"]
