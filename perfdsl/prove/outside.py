"""What is known of inputs besides the actual: the words or numbers they can be, as far as the object says."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

import attrs

from perfdsl.bounds import interval, substitute
from perfdsl.core import COHORT_KINDS, Case, Domain, Expr, Scoring, Value, is_large, references
from perfdsl.model import Indicator, Input, Object, indicators
from perfdsl.target import Deadline

MOST_LEVELS, MOST_NODES = 8, 2000
ANY = Domain(None, None)
NOT_NEGATIVE = Domain(Fraction(0), None)
PLACES = Domain(Fraction(1), None, whole=True)
SHARES = Domain(Fraction(0), Fraction(1))


@attrs.frozen
class Outside:
    """All an input can be: numbers of ``domain``, or one of ``words``.

    ``sure`` is False where not each of these is known to occur by itself (the score of another row, the value of a
    formula): then it proves, but refutes only where it is one of ``natural``.  ``never`` are numbers of the domain that
    do not occur all the same.  ``size`` is that of its printed unit.
    """

    domain: Domain = ANY
    words: tuple[str, ...] = ()
    sure: bool = True
    natural: tuple[Fraction, ...] = ()
    never: tuple[Fraction, ...] = ()
    size: Fraction = Fraction(1)

    def holds(self, number: Fraction) -> bool:
        """Can the input be that number?"""
        return self.domain.holds(number) and number not in self.never

    def occurs(self, value: Value) -> bool:
        """Is it known that the input can be that?"""
        return self.sure or not isinstance(value, Fraction) or value in self.natural


Known = Mapping[str, Outside]


@attrs.define(eq=False)
class Neighbours:
    """What an object says of other inputs, worked out when it is first asked for."""

    thing: Object
    found: Known | None = None
    rows: Mapping[str, Indicator] | None = None

    def of(self, names: Iterable[str]) -> tuple[tuple[str, Outside], ...]:
        """What is known of those of the names that belong to the object and not to the row itself."""
        asked = sorted(name for name in names if ":" in name)
        if not asked:
            return ()
        if self.found is None:
            self.found = outside_of(self.thing)
        return tuple((name, self.found[name]) for name in asked if name in self.found)

    def reached(self, row: Indicator) -> Indicator:
        """A computed, scored row with only those numbers in its domain that its formula may come to; any other row as it is."""
        if row.formula is None or row.scoring is None:
            return row
        if self.rows is None:
            self.rows = {"/".join(each.path): each for each in indicators(self.thing.rows)}
        formula = written_out(row.formula, self.rows)
        facts = {name: known_of(name, dict(self.of({name})), ANY).domain for name in references(formula)}
        low, high = interval(formula, facts)
        domain = row.domain
        lows = [end for end in (domain.low, low) if end is not None]
        highs = [end for end in (domain.high, high) if end is not None]
        narrow = attrs.evolve(domain, low=max(lows, default=None), high=min(highs, default=None))
        empty = narrow.low is not None and narrow.high is not None and narrow.low > narrow.high
        return row if empty or narrow == domain else attrs.evolve(row, domain=narrow)


def written_out(formula: Expr, rows: Mapping[str, Indicator]) -> Expr:
    """The formula with those of the rows it looks at put in; ``rows`` are by path."""
    for _ in range(MOST_LEVELS):
        more: dict[str, Expr] = {
            name: row.formula
            for name in references(formula)
            if name.startswith("value:") and (row := rows.get(name.removeprefix("value:"))) and row.formula is not None
        }
        if not more:
            break
        formula = substitute(formula, more)
        if is_large(formula, MOST_NODES, MOST_NODES):
            break
    return formula


def outside_of(thing: Object) -> dict[str, Outside]:
    """Everything an object says of what its rubrics may look at besides the actual."""
    found = {f"input:{each.name}": _input(each) for each in thing.inputs}
    for row in indicators(thing.rows):
        path = "/".join(row.path)
        found[f"value:{path}"] = _value(row)
        if row.scoring is not None:
            found[f"score:{path}"] = _score(row, row.scoring, thing.rounding)
            found[f"lost:{path}"] = _lost(row, found[f"score:{path}"])
    return found


def known_of(name: str, known: Known, own: Domain) -> Outside:
    """What is known of one name; ``own`` is the domain of the row that looks at it."""
    if name in known:
        return known[name]
    kind = name.partition(":")[0]
    if kind == "prior":
        return Outside(Domain(own.low, None))
    if kind == "schedule":
        return Outside(SHARES, size=Fraction(1, 100))
    if kind == "lost":
        return Outside(NOT_NEGATIVE, sure=False)
    if kind in COHORT_KINDS:
        limits = PLACES if kind in ("rank", "size") else SHARES if kind == "rank_share" else ANY
        return Outside(limits, never=(Fraction(0),) if kind == "rank_share" else ())  # the first of n has 1/n
    return Outside(ANY, sure=kind not in ("score", "value"))


def _input(each: Input) -> Outside:
    size = each.unit.scale if each.unit is not None else Fraction(1)
    return Outside(each.domain, each.words, size=size)


def domain_of(row: Indicator) -> Domain:
    """The numbers an actual can be: a day is a whole one."""
    if any(isinstance(use.target.meaning, Deadline) for use in row.targets):
        return attrs.evolve(row.domain, whole=True, step=Fraction(1))
    return row.domain


def _value(row: Indicator) -> Outside:
    """A formula need not come to everything its domain allows."""
    words = tuple(sorted({word for _, word in row.words}))
    size = row.unit.scale if row.unit is not None else Fraction(1)
    return Outside(domain_of(row), words, sure=row.formula is None, size=size)


def _score(row: Indicator, scoring: Scoring, rounding: int) -> Outside:
    """Any printed score between the limits, for a review may set it; by themselves the constant awards occur."""
    points = row.points or Fraction(0)
    step = Fraction(1, 10**rounding)
    domain = Domain(min(scoring.low, Fraction(0)), max(scoring.high, points), whole=True, step=step)
    awards = [_constant(case) for case in scoring.cases] if scoring.entries is None else []
    within = {min(max(award, scoring.low), scoring.high) for award in awards if award is not None}
    return Outside(domain, sure=False, natural=tuple(sorted(award for award in within if domain.holds(award))))


def _lost(row: Indicator, score: Outside) -> Outside:
    points, least = row.points or Fraction(0), score.domain.low or Fraction(0)
    natural = tuple(sorted({max(Fraction(0), points - number) for number in score.natural}))
    top = max(Fraction(0), points - least)
    return Outside(attrs.evolve(score.domain, low=Fraction(0), high=top), sure=False, natural=natural)


def _constant(case: Case) -> Fraction | None:
    low, high = interval(case.award, {})
    return low if low == high and case.high is None else None
