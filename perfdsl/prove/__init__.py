"""The prover: ``prove`` decides the score contract of an object, ``cliffs`` lists the jumps of its awards."""

from perfdsl.prove.check import Cliff, Proofs, cliffs, prove
from perfdsl.prove.steps import Step, Steps

__all__ = ["Cliff", "Proofs", "Step", "Steps", "cliffs", "prove"]
