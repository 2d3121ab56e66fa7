"""The prover: ``prove`` decides the score contract of an object, ``cliffs`` lists the jumps of its awards, ``places`` what to test."""

from perfdsl.prove.breaks import Break, Places, Spot, places
from perfdsl.prove.check import Cliff, Proofs, cliffs, prove

__all__ = ["Break", "Cliff", "Places", "Proofs", "Spot", "cliffs", "places", "prove"]
