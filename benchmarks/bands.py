"""Rubrics of ever more bands: what proving one costs, beside asking z3 whether the same bands leave a gap or overlap."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

from perfdsl.quantity import format_number

SIZES = (10, 100, 1_000, 10_000)
MOST_ASKED = 1_000  # z3's time grows with the square of the bands: ten thousand are not waited for


def rubric(bands: int) -> str:
    """A rate cut into so many bands, a little more for each; nothing left out, nothing said twice."""
    cuts = [Fraction(100 * n, bands) for n in range(bands)]
    lines = [f">= {format_number(low)}% and < {format_number(high)}% -> {format_number(Fraction(100 * n, bands))}"
             for n, (low, high) in enumerate(pairwise(cuts))]  # fmt: skip
    lines.append(f">= {format_number(cuts[-1])}% -> 100")
    body = "\n  ".join(lines)
    return f'project "P" {{\n办结率 full "≥{format_number(cuts[-1])}%" values 0% .. 100% points 100 by {{\n  {body}\n}}\n}}'


def prover(bands: int) -> Callable[[], object]:
    """The proofs alone, of a model that is already read: gaps, bounds, order, reach, dead cases."""
    from perfdsl.pipeline import understand
    from perfdsl.prove import prove
    from perfdsl.text import Source

    thing = understand(Source("t.perf", rubric(bands)), Nothing()).model.objects[0]

    def job() -> object:
        found = prove(thing)
        if found:
            raise SystemExit(f"{bands} bands: {found[0].message()}")
        return found

    return job


class Nothing:
    """No library."""

    def library(self, name: str) -> None:
        return None

    def library_names(self) -> list[str]:
        return []


def solver(bands: int) -> Callable[[], object]:
    """Two questions to z3 about the same bands: a number in none of them, and one in a band and an earlier one."""
    import z3

    cuts = [Fraction(n, bands) for n in range(bands + 1)]
    borders = [z3.Q(cut.numerator, cut.denominator) for cut in cuts]

    def job() -> object:
        x = z3.Real("x")
        inside = [z3.And(x >= low, x < high) for low, high in pairwise(borders[:-1])]
        inside.append(x >= borders[-2])
        gap, twice = z3.Solver(), z3.Solver()
        gap.add(x >= 0, x <= 1, z3.Not(z3.Or(*inside)))
        twice.add(x >= 0, x <= 1, z3.Not(z3.AtMost(*inside, 1)))
        said = gap.check(), twice.check()
        if said != (z3.unsat, z3.unsat):
            raise SystemExit(f"{bands} bands: z3 says {said}")
        return said

    return job
