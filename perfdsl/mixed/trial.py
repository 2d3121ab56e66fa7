"""Does whole-number arithmetic say what a shape says, whatever is given?  Asked once, before rows of it come into a store."""

from datetime import date

from perfdsl import plan as p
from perfdsl import program as g
from perfdsl.integers import NotCovered, row_program
from perfdsl.mixed.shapes import PATH

FAR = 10**12  # how large numbers are plays no part in what is covered
EVERY = frozenset(g.STATES)


def why_not(shape: p.Plan, period: str, as_of: date | None) -> str:
    """The kind of what is not covered; "" where every column may come that the shape allows."""
    columns = [g.Column(name=f"{x}:{PATH[0]}", per=100, low=-FAR, high=FAR, states=EVERY) for x in ("value", "mark")]
    for x in shape.inputs:
        states = EVERY if x.is_word else EVERY - {g.WORD} if x.name.startswith("f") else frozenset({g.NUMBER})
        columns.append(g.Column(name=f"input:{x.name}", per=100, low=-FAR, high=FAR, states=states))
    try:
        row_program(shape, PATH[0], columns, period, as_of)
    except NotCovered as wrong:
        return wrong.why.kind
    return ""
