"""Are two conditions, or two numbers, equal whatever the inputs?  Decided by the comparison of rules, or not claimed."""

from fractions import Fraction

from perfdsl import core as c
from perfdsl.bounds import substitute
from perfdsl.core import Domain, Expr, Ref
from perfdsl.differ.normal import key
from perfdsl.differ.ranges import Compared, Pair, compare_rules
from perfdsl.differ.rule import Rule, Step
from perfdsl.differ.worlds import LIMITS, Possible, uses

ZERO = Fraction(0)


def compared(before: Expr, after: Expr, inputs: dict[str, Possible], *, truth: bool) -> Compared:
    """Where two settled expressions differ: as conditions, or (not ``truth``) as numbers; over the one input computed with, if there is one.

    Neither a stretch nor a doubt: equal for all inputs, the missing ones included.
    """
    if key(before) == key(after):
        return Compared((), ())
    used = uses([before, after], []) if truth else uses([], [before, after])
    several = [name for name, use in used.items() if use.computed]
    domain = Domain(None, None)
    if len(several) == 1:
        domain = LIMITS.get(several[0].partition(":")[0], inputs.get(several[0], Possible()).domain)
        own: dict[str, Expr] = {several[0]: Ref("actual")}
        before, after = substitute(before, own), substitute(after, own)
    return compare_rules(Pair(old=_rule(before, domain, truth), new=_rule(after, domain, truth), inputs=inputs))


def _rule(expr: Expr, domain: Domain, truth: bool) -> Rule:
    """1 where a condition holds, 0 where it does not, undecided elsewhere; a number is what it comes to."""
    parts = [(expr, c.ONE), (c.Not(expr), c.ZERO)] if truth else [(c.TRUE, expr)]
    steps = tuple(Step(when, award, None, c.Case(when, award, None, "", "", 0)) for when, award in parts)
    return Rule(steps=steps, domain=domain, low=ZERO, high=ZERO, places=None, open=(ZERO, ZERO), words={})
