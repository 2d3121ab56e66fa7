"""What two rules depend on besides the actual: settings in which these inputs have a value of their own.

Words, truths, limits that numbers are compared with, and whether something is there at all are enumerated; all settings
together leave nothing out.  A number that is computed with stays an input nobody knows.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise, product
from math import floor

import attrs

from perfdsl import core as c
from perfdsl.core import Domain, Expr, Ref, Value
from perfdsl.differ.found import OTHER, PRESENT
from perfdsl.prove import Exact

MOST = 256
Given = tuple[tuple[str, Value], ...]


@attrs.define
class Use:
    """How an input is used: the words and limits it is compared with, as a truth, and whether it is computed with."""

    words: set[str | bool] = attrs.Factory(set)
    limits: set[Fraction] = attrs.Factory(set)
    truth: bool = False
    computed: bool = False

    def options(self) -> list[Value]:
        """The words and truths to try, the missing one first."""
        found: list[Value] = [None]
        if self.truth or any(isinstance(word, bool) for word in self.words):
            found += [True, False]
        texts = sorted(word for word in self.words if isinstance(word, str))
        return [*found, *texts, OTHER] if texts else found


def uses(conditions: Iterable[Expr], awards: Iterable[Expr]) -> dict[str, Use]:
    """How every input is used."""
    found: dict[str, Use] = {}
    for expr in conditions:
        _note(expr, found, True)
    for expr in awards:
        _note(expr, found, False)
    return found


def _note(expr: Expr, found: dict[str, Use], condition: bool) -> None:
    match expr:
        case Ref(name):
            use = found.setdefault(name, Use())
            use.truth, use.computed = use.truth or condition, use.computed or not condition
        case c.Compare(_, Ref(name), c.Const(value)) | c.Compare(_, c.Const(value), Ref(name)) if value is not None:
            use = found.setdefault(name, Use())
            if isinstance(value, Fraction):
                use.limits.add(value)
            else:
                use.words.add(value)
        case c.Missing(Ref(name)):
            found.setdefault(name, Use())
        case c.If(test, then, other):
            _note(test, found, True)
            _note(then, found, condition)
            _note(other, found, condition)
        case _:
            inside = isinstance(expr, (c.And, c.Or, c.Not))
            for child in c.children(expr):
                _note(child, found, inside)


@attrs.frozen
class Possible:
    """What an input can be: the numbers of a domain, and where there is a list of them, certain words."""

    domain: Domain = Domain(None, None)
    words: tuple[str, ...] = ()


def settings(conditions: list[Expr], awards: list[Expr], domain: Domain, inputs: Mapping[str, Possible]) -> list[Given]:
    """Every setting to look at, ``domain`` being that of the actual; an input that is not in a setting stays unknown."""
    found = uses(conditions, awards)
    choices: list[list[Given]] = []
    size = 1
    for name in sorted(found.keys() - {"actual"}):
        options = _options(name, found[name], [*conditions, *awards], awards, domain, inputs.get(name, Possible()))
        if size * len(options) <= MOST:
            size *= len(options)
            choices.append(options)
    return [tuple(pair for part in parts for pair in part) for parts in product(*choices)]


def _options(
    name: str, use: Use, exprs: list[Expr], awards: list[Expr], domain: Domain, possible: Possible
) -> list[Given]:
    if not use.computed:
        within = LIMITS.get(name.partition(":")[0], possible.domain)
        numbers = _inside(use.limits, within)
        words = [w for w in use.words if isinstance(w, bool) or not possible.words or w in possible.words]
        kept = Use(set(words), set(), use.truth)
        some = [v for v in kept.options() if v != OTHER or _another(possible.words, words)]
        values = [*some, *numbers]
        return [((name, value),) for value in (values if len(values) > 1 else [None, PRESENT])]
    if name in ("prior", "schedule") and Exact.only_ratios(name, exprs, awards, domain):
        signed = name == "prior" and (domain.low is None or domain.low < 0)
        return [((name, None),), *(((name, Fraction(n)),) for n in ((1, 0, -1) if signed else (1, 0)))]
    return [((name, None),), ((name, PRESENT),)]


def _another(known: tuple[str, ...], words: Sequence[str | bool]) -> bool:
    return not known or not set(known) <= set(words)


def _inside(limits: set[Fraction], domain: Domain) -> list[Value]:
    """A number at each limit, between each two and beyond the outermost, as far as the domain has any."""
    if not limits:
        return []
    if domain.whole:
        near = {(floor(at / domain.step) + step) * domain.step for at in limits for step in (-1, 0, 1, 2)}
        return [x for x in sorted(near) if domain.holds(x)]
    edges = {*limits, *(at for at in (domain.low, domain.high) if at is not None)}
    inside = sorted(edges)
    between = [(low + high) / 2 for low, high in pairwise(inside)]
    return [x for x in sorted({*inside, *between, inside[0] - 1, inside[-1] + 1}) if domain.holds(x)]


LIMITS = {
    "rank": Domain(Fraction(1), None, True),
    "size": Domain(Fraction(1), None, True),
    "rank_share": Domain(Fraction(0), Fraction(1)),
    "schedule": Domain(Fraction(0), Fraction(1)),
}
