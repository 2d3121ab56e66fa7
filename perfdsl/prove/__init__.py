"""The prover: ``prove`` decides the score contract of an object, ``cliffs`` lists the jumps of its awards."""

from perfdsl.prove.check import Proofs, prove
from perfdsl.prove.jumps import Cliff, cliffs

__all__ = ["Cliff", "Proofs", "cliffs", "prove"]
