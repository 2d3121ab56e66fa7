"""The prover: ``prove`` decides the score contract of an object, ``cliffs`` lists the jumps of its awards, ``places`` what to test."""

from perfdsl.prove.breaks import Break, Places, Spot, places
from perfdsl.prove.check import Proofs, prove
from perfdsl.prove.curves import Curve, Fixed, Hidden, Stairs
from perfdsl.prove.exact import Exact
from perfdsl.prove.jumps import Cliff, cliffs
from perfdsl.prove.steps import Step, Steps

__all__ = [
    "Break", "Cliff", "Curve", "Exact", "Fixed", "Hidden", "Places", "Proofs", "Spot", "Stairs", "Step", "Steps",
    "cliffs", "places", "prove",
]  # fmt: skip
