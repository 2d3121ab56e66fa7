"""One object after the other by a compiled function: values as Python has them straight to whole numbers.

What the function does not read (a unit inside a text it has not seen, a value outside its domain, a mistake) goes the whole
way through ``observe`` and the exact engine; the scores are the same, and the findings come with them.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from perfdsl import program as g
from perfdsl.actuals import Observed
from perfdsl.api.given import rows_of_one, text_of
from perfdsl.diagnostics import Diagnostic
from perfdsl.evaluate import Engine, evaluate
from perfdsl.integers import NotCovered, apart_of, to_integers, units_of
from perfdsl.observe import observe, row_names
from perfdsl.plan import Plan
from perfdsl.pythonic import written
from perfdsl.scorecard import Scorecard
from perfdsl.tables import Names

if TYPE_CHECKING:
    from perfdsl.batch import CellReader

PLACES, MANY_PLACES = 4, 18
MOST = 10**15
MOST_KNOWN = 1 << 12
READ = ("value", "mark", "override")
STATE = {state: number for number, state in enumerate(g.STATES)}
Values = tuple[Any, ...]


class Strange(Exception):
    """A value the compiled function does not read."""


_quick = tuple.__new__  # what the class would call, without the call of the class


class Quick(NamedTuple):
    """The scores of one object, without their reasons; ``findings`` are empty unless something did not fit.

    ``values`` are the whole numbers they are made from: ``scorer`` says what they are.
    """

    scorer: "Scorer"
    values: Values
    findings: tuple[Diagnostic, ...] = ()

    @property
    def low(self) -> Fraction:
        """The lowest the total can become."""
        return Fraction(self.values[0], self.scorer.units)

    @property
    def high(self) -> Fraction:
        """The highest the total can become."""
        return Fraction(self.values[1], self.scorer.units)

    @property
    def total(self) -> Fraction | None:
        """The total; None while something it needs is missing."""
        return None if self.values[2] else self.low

    @property
    def complete(self) -> bool:
        """Is nothing left open?"""
        return bool(self.values[3])

    @property
    def grade(self) -> str:
        """The name of the grade; empty without one."""
        return self.scorer.grades[self.values[4]]

    @property
    def scores(self) -> dict[str, Fraction | None]:
        """The score of every indicator and group by its path; None while it is open."""
        return {path: self._score(at) for path, at in self.scorer.places.items()}

    def score(self, path: str) -> Fraction | None:
        """The score of one indicator or group by its path; None while it is open.  Raises ``KeyError``."""
        return self._score(self.scorer.places[path])

    def _score(self, at: int) -> Fraction | None:
        return None if self.values[at + 1] else Fraction(self.values[at], self.scorer.units)


class Input(NamedTuple):
    """A name a scorer reads: the column of the plan, its field, and what a plain number is multiplied by (None: it is a word or a day)."""

    name: str
    column: str
    reader: "CellReader"

    @property
    def factor(self) -> Fraction | None:
        return self.reader.factor


@attrs.frozen(eq=False)
class Scorer:
    """Scores mappings whose keys are ``names``; a name that is not in a mapping has no value.

    ``compiled`` is False where the rules need the exact engine for every object.
    """

    plan: Plan
    names: tuple[str, ...]
    period: str
    as_of: date | None
    units: int
    places: dict[str, int]
    grades: tuple[str, ...]
    _fast: "Callable[[Mapping[str, Any]], Values]"
    _wide: "Callable[[], Callable[[Mapping[str, Any]], Values]]"

    @property
    def compiled(self) -> bool:
        """Is there a compiled function?"""
        return self._fast is not _none

    def __call__(self, actuals: Mapping[str, object]) -> Quick:
        """Score one object.  Raises ``TypeError`` and ``ValueError`` for values that are none (docs/api.md)."""
        try:
            return _quick(Quick, (self, self._fast(actuals), ()))
        except Strange:
            return self._slowly(actuals)

    @cached_property
    def _second(self) -> "Callable[[Mapping[str, Any]], Values]":
        """The function for values of more places, and for rows that do not apply; made when the first of them comes."""
        return self._wide()

    def _slowly(self, actuals: Mapping[str, object]) -> Quick:
        try:
            return Quick(self, self._second(actuals))
        except Strange:
            return self._exactly(actuals)

    @cached_property
    def _headings(self) -> Names:
        return Names(frozenset(row_names(self.plan)), frozenset(), self.plan.own_columns)

    def _exactly(self, actuals: Mapping[str, object]) -> Quick:
        given = {name: actuals[name] for name in self.names if name in actuals}
        observed, unread = observe(self.plan, rows_of_one(given, self._headings), self.period)
        card, said = evaluate(self.plan, observed, self.period, self.as_of)
        return Quick(self, _of_card(card, self.units, self.grades), (*unread, *said))


def _none(actuals: Mapping[str, object]) -> Values:
    """Of rules that are not compiled."""
    raise Strange


def _of_card(card: Scorecard, units: int, grades: tuple[str, ...]) -> Values:
    found: list[Any] = [
        int(card.low * units),
        int(card.high * units),
        card.total is None,
        card.complete,
        grades.index(card.grade),
    ]
    for part in card.indicators:
        found += [int(part.low * units), part.score is None]
    for group in card.groups:
        found += [int(group.low * units), group.score is None]
    return tuple(found)


def scorer(plan: Plan, names: Iterable[str], period: str, as_of: date | None) -> Scorer:
    """A scorer of ``plan``.  Raises ``ValueError`` for a name that is no column of it."""
    from perfdsl.batch import Shape

    names = tuple(names)
    shape = Shape(plan, period, names)
    inputs = [Input(names[x.place], _column(x.key, x.field), shape.reader(x.key, x.field, x.unit)) for x in shape.uses]
    known = {x.name for x in inputs}
    strange = [x for x in names if x not in known]
    if shape.long or strange:
        raise ValueError(f"no value of the rules is called {'、'.join(strange or names)}")
    twice = [x.name for at, x in enumerate(inputs) if x.column in {y.column for y in inputs[:at]}]
    if twice:
        raise ValueError(f"two names for the same value: {'、'.join(twice)}")
    units = units_of(Engine(plan, Observed({}, {}, {}), period, as_of))
    paths = ["/".join(x.path) for x in plan.indicators] + ["/".join(x.path) for x in plan.groups]
    places = {path: 5 + 2 * at for at, path in enumerate(paths)}
    fast: Callable[[Mapping[str, Any]], Values] = _none
    together = {x.column.partition(":")[2] for x in inputs} & shape.apart
    plain_fields = all(x.field in READ for x in shape.uses)
    covered = plain_fields and not (together or apart_of(plan) or plan.comparisons)

    def made(places: int, absent: bool) -> Callable[[Mapping[str, Any]], Values]:
        return _function(plan, inputs, period, as_of, paths, places, absent)

    if covered:
        try:
            fast = made(PLACES, False)
        except NotCovered:
            covered = False
    wide = (lambda: made(MANY_PLACES, True)) if covered else (lambda: _none)
    return Scorer(plan, names, period, as_of, units, places, ("", *(x.name for x in plan.grades)), fast, wide)


def _column(key: str, field: str) -> str:
    return key if field == "value" else f"{field}:{key.partition(':')[2]}"


def _function(
    plan: Plan, inputs: list[Input], period: str, as_of: date | None, paths: list[str], places: int, absent: bool
) -> Callable[[Mapping[str, Any]], Values]:
    """The function for values of so many places; ``absent`` ones may stand aside."""
    taken = [_Taker(x, places, absent) for x in inputs]
    program = to_integers(plan, [x.described for x in taken], period, as_of)
    made = written(program, reasons=False)
    space: dict[str, Any] = {}
    reads = [[f"v{at} = {how.format(repr(x.name))}" for at, x in enumerate(inputs)] for how in ("data[{}]", "get({})")]
    lines = [
        "def score(data):",
        "    try:",
        "        if data.__class__ is not dict: raise KeyError",
        *(f"        {x}" for x in reads[0]),
        "    except KeyError:  # a name that is not there, or another mapping, which may have its own answer to one",
        "        get = data.get",
        *(f"        {x}" for x in reads[1]),
    ]
    for at, one in enumerate(taken):
        wanted = [made.given.get((one.input.column, x), "_") for x in ("states", one.aspect)]
        space |= {f"take{at}": one.take, f"known{at}": one.known.get, f"said{at}": one.said.get}
        lines += [
            f"    {x}" for x in one.source(at, *wanted)
        ]  # also what nothing looks at may stand aside, or be wrong
    given = {x.input.column: ("states", x.aspect) for x in taken}
    defaults = {"numbers": 0, "said": -1, "states": 0}
    for (name, aspect), variable in made.given.items():
        if aspect not in given.get(name, ()):
            lines.append(f"    {variable} = {defaults[aspect]}")
    lines += [f"    {x}" for x in made.lines]
    heads = ["low:total", "high:total", "open:total", "complete", "grade"]
    results = [made.results[x] for x in heads] + [
        made.results[f"{kind}:{x}"] for x in paths for kind in ("low", "open")
    ]
    lines.append(f"    return ({', '.join(results)},)")
    exec(compile("\n".join(lines), "<scorer>", "exec"), space)
    found: Callable[[Mapping[str, Any]], Values] = space["score"]
    return found


class _Taker:
    """Reads the values of one input: what the column may hold, and how a value becomes a whole number of it."""

    def __init__(self, given: Input, places: int, absent: bool) -> None:
        self.input = given
        self.size = 10**places
        self.absent = absent
        factor = given.factor
        self.aspect = "numbers" if factor is not None or given.reader.field != "value" else "said"
        self.words = {word: at for at, word in enumerate(given.reader.words)}
        self.known: dict[str, tuple[int, int]] = {}
        self.said: dict[str, int] = {}  # of those that are words
        unit = (factor or Fraction(1)) / self.size  # the value of one step of the last place
        self.per, self.by = unit.denominator, unit.numerator
        domain = given.reader.domain
        self.low = -MOST * self.size * self.by if domain.low is None else -int(-domain.low * self.per // 1)
        self.high = MOST * self.size * self.by if domain.high is None else int(domain.high * self.per // 1)
        self.plain = factor is not None and not (domain.whole and (factor / domain.step).denominator != 1)
        self.whole = domain.whole
        self.limit = factor if factor is not None and factor >= 1000 else None  # larger ones may have been written out

    @property
    def described(self) -> g.Column:
        """What the column may hold."""
        some = frozenset({g.MISSING, g.ABSENT} if self.absent else {g.MISSING})
        words = tuple(self.words)
        if self.aspect == "said":
            return g.Column(name=self.input.column, states=some | {g.WORD}, words=words)
        return g.Column(name=self.input.column, per=self.per, low=self.low, high=self.high, states=some | {g.NUMBER})

    def source(self, at: int, state: str, value: str) -> list[str]:
        """Lines that read it into the variables of its state and its number or word."""
        none = "0" if self.aspect == "numbers" else "-1"
        v, number = f"v{at}", STATE[g.NUMBER]
        cases: list[tuple[str, str]] = []
        if self.plain and not self.whole:
            low, high = self.inside(self.by, self.size)
            least, most = max(low, 1 - MOST) / self.size, min(high, MOST - 1) / self.size
            size = float(self.size)  # exact, as r is: a power of ten below 10**22, and fewer than 53 bits
            nearest = f"int({v} * {size} + 0.5)" if low >= 0 else f"round({v} * {size})"
            put = f"{value} := {nearest}"
            short = f"({put}) / {size} == {v}"  # so few digits are its only ones
            scaled = f"{value} *= {self.by}; " if self.by > 1 else ""
            cases.append((f"c is float and {least} <= {v} <= {most} and {short}", f"{scaled}{state} = {number}"))
        if self.plain:
            by = self.size * self.by
            low, high = self.inside(by, 1)
            cases.append((f"c is int and {low} <= {v} <= {high}", f"{value} = {v} * {by}; {state} = {number}"))
        cases.append((f"{v} is None", f"{value} = {none}; {state} = 0"))
        if self.aspect == "said":
            text = f"c is str and ({value} := said{at}({v})) is not None", f"{state} = {STATE[g.WORD]}"
        else:
            text = f"c is str and (r := known{at}({v}))", f"{value}, {state} = r"
        cases.insert(len(cases) if self.plain else 0, text)
        lines = [f"{'elif' if i else 'if'} {test}: {does}" for i, (test, does) in enumerate(cases)]
        return [f"c = {v}.__class__", *lines, f"else: {value}, {state} = take{at}({v})"]

    def inside(self, by: int, size: int) -> tuple[int, int]:
        """Between which whole numbers of ``1/size`` a plain number may be taken as it is; larger ones may have been written out."""
        low, high = -(-self.low // by), self.high // by
        if self.limit is not None:
            edge = -(-self.limit.numerator * size // self.limit.denominator) - 1
            low, high = max(low, -edge), min(high, edge)
        return low, high

    def take(self, value: object) -> tuple[int, int]:
        """A value as number or word and state.  Raises ``Strange``."""
        text = text_of(value)
        found = self.known.get(text)
        if found is None:
            found = self.read(text)
            if len(self.known) < MOST_KNOWN:
                self.known[text] = found
                if self.aspect == "said" and found[1] == STATE[g.WORD]:
                    self.said[text] = found[0]
        return found

    def read(self, text: str) -> tuple[int, int]:
        """What ``observe`` makes of a text."""
        read = self.input.reader.cell(text)
        if read.found or (not read.applies and not self.absent):
            raise Strange
        if not read.applies:
            return (0 if self.aspect == "numbers" else -1), STATE[g.ABSENT]
        match read.value:
            case None:
                return (0 if self.aspect == "numbers" else -1), STATE[g.MISSING]
            case str() if self.aspect == "said":
                return self.words.get(read.value, -1), STATE[g.WORD]
            case Fraction() if self.aspect == "numbers":
                steps = read.value * self.per
                if steps.denominator == 1 and self.low <= steps.numerator <= self.high:
                    return steps.numerator, STATE[g.NUMBER]
        raise Strange
