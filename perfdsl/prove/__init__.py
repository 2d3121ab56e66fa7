"""The prover: ``prove`` decides the score contract of an object, ``cliffs`` lists the jumps of its awards."""

from perfdsl.prove.check import Cliff, Proofs, cliffs, prove
from perfdsl.prove.curves import Curve, Fixed, Hidden, Stairs
from perfdsl.prove.exact import Exact
from perfdsl.prove.steps import Step, Steps

__all__ = ["Cliff", "Curve", "Exact", "Fixed", "Hidden", "Proofs", "Stairs", "Step", "Steps", "cliffs", "prove"]
