"""Rules as an object: loaded from a file, a text or plans; what is found in them; objects scored by them."""

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union

import attrs

from perfdsl.actuals import Row, Table
from perfdsl.api.files import HERE, Library, source_of
from perfdsl.api.given import rows_of_many, rows_of_one
from perfdsl.diagnostics import ERROR, Diagnostic, has_errors
from perfdsl.keywords import PERIOD_WORDS
from perfdsl.plan import Plan
from perfdsl.plan_json import dumps, loads
from perfdsl.scorecard import Scorecard
from perfdsl.tables import Names, read_table
from perfdsl.text import Source

if TYPE_CHECKING:
    from perfdsl.api.scorer import Scorer
    from perfdsl.api.tabled import ScoredTable

PathLike = Union[str, "os.PathLike[str]"]
Given = Union[PathLike, Mapping[str, object], Iterable[object]]


class RulesError(ValueError):
    """Rules with errors were asked to score; ``findings`` are what is wrong with them."""

    def __init__(self, findings: Sequence[Diagnostic]) -> None:
        self.findings = tuple(findings)
        wrong = [d for d in findings if d.severity == ERROR]
        first = "".join(f"\n{d.span.source.name}:{d.span.line} {d.code} {d.message()}" for d in wrong[:3])
        super().__init__(f"the rules have {len(wrong)} errors (Rules.check() lists them all):{first}")


@attrs.frozen
class Scored:
    """One object scored: its card, and everything found in its actual values, nothing dropped in silence."""

    card: Scorecard
    findings: tuple[Diagnostic, ...]

    @property
    def total(self) -> Fraction | None:
        """The total; None while something it needs is missing, it is then between ``card.low`` and ``card.high``."""
        return self.card.total

    @property
    def grade(self) -> str:
        """The name of the grade; empty without one."""
        return self.card.grade

    @property
    def complete(self) -> bool:
        """Is nothing left open, and was every value read?"""
        return self.card.complete and not has_errors(self.findings)

    def score(self, name: str) -> Fraction | None:
        """The score of a row or group by its name or path; None while it is open.  ``KeyError`` when there is no such one, or several."""
        scores = {x.path: x.score for x in self.card.indicators} | {x.path: x.score for x in self.card.groups}
        found = [x for x in scores if name == "/".join(x)] or [x for x in scores if name == x[-1]]
        if len(found) != 1:
            raise KeyError(
                f"{name}: {'several rows have this name, give the path' if found else 'no row of this name'}"
            )
        return scores[found[0]]


def load(rules: "PathLike | bytes | Plan | Iterable[Plan]", *, name: str = "") -> "Rules":
    """Rules from a ``.perf`` file or a compiled plan (a path), from their text, or from plans.

    A ``str`` is a text when it has a line break or a brace (no file name of rules has), else a path; a ``Path`` is always a
    path, ``bytes`` always a text.  ``name`` is what findings call a text.  What is wrong with the rules is told by
    ``Rules.check()``, not raised; raises ``OSError`` for a file that cannot be read, ``ValueError`` for JSON that is no plan,
    ``TypeError`` for anything else.
    """
    match rules:
        case Plan():
            return Rules((rules,))
        case bytes():
            return _of_bytes(name or HERE, rules, Path.cwd())
        case str() if {"\n", "{"} & set(rules):
            return _of_bytes(name or HERE, rules.encode("utf-8", "surrogatepass"), Path.cwd())
        case "":
            raise ValueError("rules are a path, a text, or plans; not an empty name")
        case str() | os.PathLike():
            path = Path(rules)
            return _of_bytes(name or str(path), path.read_bytes(), path.parent)
        case Iterable():
            plans = tuple(rules)
            if plans and all(isinstance(x, Plan) for x in plans):
                return Rules(plans)
    raise TypeError(f"rules are a path, a text, or plans; not {type(rules).__name__}")


def _of_bytes(name: str, data: bytes, folder: Path) -> "Rules":
    if name.endswith(".json") or data.lstrip()[:1] in (b"{", b"["):
        return Rules(loads(data.decode("utf-8-sig")))
    source, found = source_of(name, data)
    if source is None:
        return Rules((), tuple(found))
    from perfdsl.pipeline import understand  # a compiled plan needs no compiler

    library = Library(folder)
    made = understand(source, library)
    found = [*found, *made.found]
    return Rules(made.plans() if made.usable else (), tuple(found), source, library)


@attrs.frozen(eq=False)
class Rules:
    """Rules that were read: ``plans`` (one an object), empty where they have errors of form or meaning.

    Nothing in it changes; it may be shared between threads.
    """

    plans: tuple[Plan, ...]
    _read: tuple[Diagnostic, ...] = ()
    _source: Source | None = None
    _library: Library | None = None

    # ---- what they are

    @property
    def objects(self) -> tuple[str, ...]:
        """The names of what is assessed."""
        return tuple(x.object for x in self.plans)

    @property
    def usable(self) -> bool:
        """Can they score?  An unmet contract or a complaint does not stop scoring."""
        return bool(self.plans)

    def check(self) -> tuple[Diagnostic, ...]:
        """Everything the compiler finds, proofs and lints included, in order of place; nothing for a compiled plan.

        Settings beside the rules (``perfdsl.toml``) are not read: they are for the command.
        """
        return self._checked

    @cached_property
    def _checked(self) -> tuple[Diagnostic, ...]:
        if self._source is None or self._library is None:
            return self._read
        from perfdsl.pipeline import check  # only this pays for the proofs

        said = [d for d in self._read if d.code.startswith("E")]
        return (*said, *check(self._source, self._library).found)

    def of(self, name: str) -> "Rules":
        """The rules of one object."""
        found = tuple(x for x in self.plans if x.object == name)
        if not found:
            raise KeyError(f"{name}: the rules are about {'、'.join(self.objects)}")
        return Rules(found)

    def plan(self, object: str = "") -> Plan:
        """The plan of an object, or the only one.  Raises ``RulesError``, and ``ValueError`` where an object must be named."""
        if not self.plans:
            raise RulesError(self.check())
        if object and len(self.plans) > 1:
            return self.of(object).plans[0]
        if len(self.plans) > 1:
            raise ValueError(f"the rules are about several objects, say which: {'、'.join(self.objects)}")
        return attrs.evolve(self.plans[0], object=object) if object else self.plans[0]

    def to_json(self) -> str:
        """The compiled plan (docs/plan.md), which ``load`` reads back without the compiler."""
        if not self.plans:
            raise RulesError(self.check())
        return dumps(self.plans)

    # ---- scoring

    def score(self, actuals: Given, *, object: str = "", period: str = "full", as_of: date | None = None) -> Scored:
        """Score one object, exactly.

        ``actuals`` is a mapping by name (``{"接通率": "95%", "费用（万元）": 3, "满意度.评分": 8}``: the keys are headings of a wide table), rows (``Row``, or mappings by the
        headings of a long table), or the path of a file.  ``object`` names the object where rules or rows are about several;
        ``period`` is a period in either language, ``as_of`` the day that decides the schedule (default: the period's end).
        What does not fit is in ``Scored.findings``; raises ``RulesError`` for rules with errors, ``TypeError`` and
        ``ValueError`` for actuals of no such form, ``OSError`` for a file that cannot be read.
        """
        when = _when(period, as_of)
        plan = self.plan(object or self._named(actuals))
        rows, found, digest = self._rows(actuals, plan)
        plan, rows = self._of_object(rows, plan, object)
        from perfdsl.evaluate import evaluate
        from perfdsl.lints import lint_scored
        from perfdsl.observe import observe

        observed, unread = observe(plan, rows, when, digest)
        card, said = evaluate(plan, observed, when, as_of)
        return Scored(card, (*found, *unread, *said, *lint_scored(plan, card, observed)))

    def score_table(self, frame: Any, *, engine: str = "embedded", object: str = "", period: str = "full",
                    as_of: date | None = None) -> "ScoredTable":  # fmt: skip
        """Score all objects of a table, each as ``score`` would: Arrow, Polars or pandas in, the same kind out.

        One row an object and one column an indicator, or one row an observation, as files are read (docs/batch.md).
        ``engine`` is a name of ``perfdsl.engines``; ``exact`` is the exact engine object by object.  What an engine has no room for, the exact one scores.
        Raises as ``score`` does, and ``ValueError`` for an unknown engine or a table in which no column is an indicator;
        ``ModuleNotFoundError`` where the library of the engine is not installed.
        """
        from perfdsl.api.tabled import score_table

        return score_table(self, self.plan(object), frame, engine, _when(period, as_of), as_of)

    def scorer(
        self, names: Iterable[str], *, object: str = "", period: str = "full", as_of: date | None = None
    ) -> "Scorer":
        """A compiled function for one object after the other, given as mappings with these ``names`` (headings of a wide table).

        The same scores as ``score`` gives, without reasons; for use inside a service.  Raises as ``score`` does, and
        ``ValueError`` for a name that is no column of the rules.
        """
        from perfdsl.api.scorer import scorer

        if isinstance(names, str):
            raise TypeError("names are several, such as a list; not one str")
        return scorer(self.plan(object), tuple(names), _when(period, as_of), as_of)

    # ---- actual values

    @cached_property
    def _names(self) -> Names:
        from perfdsl.observe import row_names

        rows = frozenset().union(*map(row_names, self.plans))
        looked_at: frozenset[str] = frozenset().union(*(x.own_columns for x in self.plans))
        return Names(rows, frozenset(self.objects), looked_at)

    def _named(self, actuals: Given) -> str:
        """The object a mapping names itself."""
        several = len(self.plans) > 1 and isinstance(actuals, Mapping)
        return str(actuals.get("对象") or "") if several and isinstance(actuals, Mapping) else ""

    def _rows(self, actuals: Given, plan: Plan) -> tuple[list[Row], list[Diagnostic], str]:
        """The rows, what was wrong with their file, and its digest."""
        match actuals:
            case Mapping():
                return rows_of_one(actuals, self._names), [], ""
            case str() | os.PathLike():
                table, found = self._table(os.fspath(actuals), plan)
                return list(table.rows), found, table.sha256
            case Iterable() if not isinstance(actuals, bytes):
                return rows_of_many(actuals, self._names), [], ""
        raise TypeError(f"actual values are a mapping, rows or a path; not {type(actuals).__name__}")

    def _table(self, name: str, plan: Plan) -> tuple[Table, list[Diagnostic]]:
        from perfdsl.fill import Rules as Sheet
        from perfdsl.fill import read_back

        path, _, sheet = name.partition("#")
        if Path(name).exists():
            path, sheet = name, ""
        table, found = read_table(path, Path(path).read_bytes(), self._names, sheet=sheet)
        table, misfits = read_back(table, Sheet(self.plans))
        return table, [*found, *misfits]

    def _of_object(self, rows: list[Row], plan: Plan, object: str) -> tuple[Plan, list[Row]]:
        """The rows about one object, or about none in particular; one plan is a rule for whatever they are about."""
        named = list({row.object: None for row in rows if row.object})
        if len(self.plans) == 1 and not object and named and named != [plan.object]:
            if len(named) > 1:
                raise ValueError(
                    f"the rows are about several objects, say which, or use score_table: {'、'.join(named[:5])}"
                )
            plan = attrs.evolve(plan, object=named[0])
        return plan, [row for row in rows if row.object in ("", plan.object)]


def _when(period: str, as_of: date | None) -> str:
    """The period; raises for a day that is none as well."""
    if as_of is not None and not isinstance(as_of, date):
        raise TypeError(f"as_of is a date, not {type(as_of).__name__}")
    return read_period(period)


def read_period(word: str) -> str:
    """The period a word names, in either language."""
    found = PERIOD_WORDS.get(word)
    if found is None:
        raise ValueError(f"no period {word!r}; known: {', '.join(dict.fromkeys(PERIOD_WORDS))}")
    return found
