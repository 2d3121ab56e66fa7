"""What the words of an object's formulas stand for: rows, inputs, money, and functions over other rows."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import chain

from perfdsl import core as c
from perfdsl import model as m
from perfdsl import syntax as s
from perfdsl.bounds import BESIDE_ZERO, HIGHEST, LOWEST, Env, Known, Range, known
from perfdsl.diagnostics import Diagnostic, closest, finding
from perfdsl.resolve import dimensions as ty
from perfdsl.resolve import messages as say
from perfdsl.resolve.cohort import TOTAL, Comparisons, Lookups
from perfdsl.resolve.formula import BROKEN, DO_NOT_ADD, Elaborator, Meant, Names
from perfdsl.resolve.library import Library, expression_words
from perfdsl.resolve.money import Money
from perfdsl.resolve.rows import Row, Tree
from perfdsl.text import Span

MOST_LOOKS = 100_000
SIGNED = {1: Range(BESIDE_ZERO, HIGHEST), -1: Range(LOWEST, BESIDE_ZERO)}


class Inputs:
    """The inputs of one object, and which of them were used."""

    def __init__(self, made: list[m.Input]) -> None:
        self.by_name = {name: item for item in made for name in (item.name, item.alias) if name}
        self.used: set[str] = set()

    def used_as(self, name: str) -> m.Input | None:
        """The input of that name, which is used here."""
        item = self.by_name.get(name)
        if item is not None:
            self.used.add(item.name)
        return item

    def find(self, name: str) -> Meant | None:
        """The value of an input."""
        item = self.used_as(name)
        if item is None:
            return None
        kind = ty.WORD if item.is_word else ty.of_unit(item.unit)
        return Meant(c.Ref(f"input:{item.name}"), kind)


class Scope:
    """Names of one object; ``formula_type(row)`` resolves a computed row's type when it is first needed."""

    def __init__(self, tree: Tree, inputs: Inputs, money: Money, library: Library, found: list[Diagnostic]) -> None:
        self.tree = tree
        self.inputs = inputs
        self.money = money
        self.library = library
        self.found = found
        self.can_be_left_out = False
        self.refers = False
        self.looked = 0
        self.env: dict[str, c.Domain] = {f"input:{i.name}": i.domain for i in inputs.by_name.values()}
        self.computing: set[m.Path] = set()
        self.formulas: dict[m.Path, Meant] = {}
        lookups = Lookups(self._row_argument, self.type_of, inputs.used_as, tree.by_name.__contains__)
        self.comparisons = Comparisons(lookups, library, self.env, found)

    def names(self, own: Mapping[str, Meant], actual: c.Domain | None = None, aim: int = 0) -> Names:
        """Names for one formula or rubric; ``actual`` is the domain of its own indicator, ``aim`` its target's sign."""

        def env() -> Env:
            found = known(self.env if actual is None else {**self.env, "actual": actual})
            return Known({**found.facts, c.Ref("target"): SIGNED[aim]}) if aim else found

        return Names(self.lookup, self.function, self.known, own, self.library.synonyms, env)

    def elaborator(self) -> Elaborator:
        """For a formula or condition outside a rubric."""
        return Elaborator(self.names({}), self.found)

    def known(self) -> Iterable[str]:
        """All names that could have been meant."""
        return chain(self.tree.by_name, self.inputs.by_name)

    # ---- values

    def lookup(self, name: str, span: Span) -> Meant | None:
        """An input's or an indicator's value; None when there is no such name."""
        found = self.inputs.find(name)
        if found is not None:
            return found
        if name in self.tree.lost:
            return BROKEN
        rows = [row for row in self.tree.by_name.get(name, []) if not row.is_empty]
        if not rows:
            return None
        row = self._one(rows, name, span)
        if row is None:
            return BROKEN
        if row.is_group:
            self.found.append(finding(say.GROUP_AS_VALUE, span, name=name))
            return BROKEN
        self.refers = True
        return Meant(c.Ref(f"value:{'/'.join(row.path)}"), self.type_of(row))

    def type_of(self, row: Row) -> ty.Type:
        """The type of a row's value: from its target or unit, else from its formula."""
        if row.value is not None:
            return row.value
        if row.node.formula is None:
            return ty.PLAIN
        if row.path in self.computing:
            return ty.BROKEN
        return self.formula(row).type

    def formula(self, row: Row) -> Meant:
        """The formula of a computed row, elaborated once; what it names comes first, so a long chain needs no depth."""
        waiting = [row]
        while waiting:
            top = waiting[-1]
            if top.path not in self.formulas and top.path not in self.computing:
                self.computing.add(top.path)
                waiting.extend(self._computed_first(top))
                continue
            waiting.pop()
            if top.path not in self.formulas:
                self.formulas[top.path] = self._formula(top.node.formula)
                self.computing.discard(top.path)
        return self.formulas[row.path]

    def _computed_first(self, row: Row) -> list[Row]:
        """The computed rows a formula names whose own formulas are still to be elaborated."""
        formula = row.node.formula
        parts = [formula] if not isinstance(formula, s.Cases) else [
            part for case in formula.cases if isinstance(case, s.Case) for part in (case.condition, case.award)]  # fmt: skip
        words = dict.fromkeys(word for part in parts if part is not None for word in expression_words(part))
        named = [rows[0] for word in words if len(rows := self.tree.by_name.get(word, [])) == 1]
        return [x for x in named if x.value is None and x.node.formula is not None
                and x.path not in self.formulas and x.path not in self.computing]  # fmt: skip

    def _formula(self, formula: s.Expr | s.Cases | None) -> Meant:
        if isinstance(formula, s.Cases):
            return self._by_cases(formula)
        assert formula is not None  # callers look
        return self.elaborator().value(formula)

    def _by_cases(self, formula: s.Cases) -> Meant:
        """``= { cases }``: the first case that holds gives the value; none gives nothing."""

        before: Known | None = known(self.env)
        parts: list[tuple[c.Expr, Meant]] = []
        for case in formula.cases:
            if isinstance(case, s.Broken):
                return BROKEN
            elaborator = self.elaborator()
            test = c.TRUE if case.condition is None else elaborator.condition(case.condition)
            inside = before.assuming(test, True) if before is not None else None
            parts.append((test, elaborator.with_env(inside if inside is not None else self.env).value(case.award)))
            before = before.assuming(test, False) if before is not None and test != c.TRUE else before
        kind = parts[0][1].type if parts else ty.BROKEN
        for _, meant in parts[1:]:
            joined = kind if kind == meant.type else ty.added(kind, meant.type)
            if joined is None:
                elaborator.report(DO_NOT_ADD, formula.span, left=kind, right=meant.type, text=formula.span.text)
                return BROKEN
            kind = joined
        made: c.Expr = c.UNDEFINED
        for test, meant in reversed(parts):
            made = meant.expr if test == c.TRUE else c.If(test, meant.expr, made)
        return self.elaborator().measured(Meant(made, kind), formula.span)

    def _one(self, rows: list[Row], name: str, span: Span) -> Row | None:
        if len(rows) == 1:
            return rows[0]
        paths = "，".join("/".join(row.path) for row in rows[:4])
        self.found.append(finding(say.AMBIGUOUS, span, name=name, paths=paths))
        return None

    # ---- functions over rows and money

    def function(self, elaborator: Elaborator, name: str, call: s.Call) -> Meant | None:
        """Functions that look at other rows; None when there is no such function."""
        self.refers = True
        match name:
            case "score" | "lost":
                return self._score(name, call)
            case "met":
                return self._met(call)
            case "count":
                return self._count(call)
            case "budget" | "plan" | "spent":
                return self._money(name, call)
        if name in c.COHORT_KINDS:
            return self.comparisons.read(name, call)
        return None

    def _row_argument(self, call: s.Call, index: int = 0) -> Row | None:
        """The row an argument names; None (reported) when it names none."""
        argument = call.arguments[index].value if len(call.arguments) > index else None
        if not isinstance(argument, s.Reference):
            span = argument.span if argument is not None else call.span
            self.found.append(finding(say.NO_SUCH_ROW, span, name=span.text))
            return None
        if argument.name in self.tree.lost:
            return None
        rows = [row for row in self.tree.by_name.get(argument.name, []) if not row.is_empty]
        if not rows:
            near = closest(argument.name, self.tree.by_name)
            kind = say.NO_SUCH_ROW_NEAR if near else say.NO_SUCH_ROW
            self.found.append(finding(kind, argument.span, name=argument.name, near=near))
            return None
        return self._one(rows, argument.name, argument.span)

    def _names_total(self, call: s.Call) -> bool:
        argument = call.arguments[0].value if call.arguments else None
        return isinstance(argument, s.Reference) and argument.name in TOTAL and argument.name not in self.tree.by_name

    def _score(self, name: str, call: s.Call) -> Meant:
        if self._names_total(call):
            return Meant(c.Ref(f"{name}:"), ty.POINTS)
        row = self._row_argument(call)
        return Meant(c.Ref(f"{name}:{'/'.join(row.path)}"), ty.POINTS) if row is not None else BROKEN

    def _met(self, call: s.Call) -> Meant:
        row = self._row_argument(call)
        if row is None or self._looks_too_often(row, call):
            return Meant(c.UNDEFINED, ty.BOOL)
        return Meant(c.And(tuple(_met(leaf) for leaf in row.leaves())) if row.is_group else _met(row), ty.BOOL)

    def _count(self, call: s.Call) -> Meant:
        what = call.arguments[0].value if len(call.arguments) == 2 else None
        word = what.name if isinstance(what, s.Reference) else ""
        if word not in ("met", "达标", "all", "全部"):
            self.found.append(finding(say.SETTING, call.span, key=call.name, value=call.span.text,
                                      known="count(met, 组)、count(all, 组)"))  # fmt: skip
            return BROKEN
        row = self._row_argument(call, 1)
        if row is None or self._looks_too_often(row, call):
            return BROKEN
        leaves = row.leaves()
        if word in ("met", "达标"):
            return Meant(c.Add(tuple(_one_if(self._counts(leaf, _met(leaf))) for leaf in leaves)), ty.PLAIN)
        if not self.can_be_left_out:
            return Meant(c.Const(Fraction(len(leaves))), ty.PLAIN)
        number = c.Add(tuple(_one_if(c.Ref(f"applies:{'/'.join(leaf.path)}")) for leaf in leaves))
        return Meant(c.If(c.Compare(">", number, c.ZERO), number, c.UNDEFINED), ty.PLAIN)

    def _looks_too_often(self, row: Row, call: s.Call) -> bool:
        """Many formulas over one large group are a product of the two: beyond any real table it is reported, once."""
        before, self.looked = self.looked, self.looked + len(row.leaves())
        if before <= MOST_LOOKS < self.looked:
            self.found.append(finding(say.LOOKS_TOO_OFTEN, call.span, text=call.span.text, most=MOST_LOOKS))
        return self.looked > MOST_LOOKS

    def _counts(self, leaf: Row, met: c.Expr) -> c.Expr:
        return c.And((c.Ref(f"applies:{'/'.join(leaf.path)}"), met)) if self.can_be_left_out else met

    def _money(self, name: str, call: s.Call) -> Meant:
        argument = call.arguments[0].value if len(call.arguments) == 1 else None
        line = argument.name if isinstance(argument, s.Reference) else ""
        if not line or self.money.find(line) is None:
            text = argument.span.text if argument is not None else call.name
            known = "、".join(self.money.known()[:12])
            self.found.append(finding(say.NO_SUCH_LINE, call.span, name=text, known=known))
            return BROKEN
        if name == "spent":
            return Meant(self.money.spent(line), ty.MONEY)
        amount = self.money.budget(line)
        if amount is None:
            self.found.append(finding(say.NO_AMOUNT, call.span, name=line))
            return BROKEN
        if name == "budget":
            return Meant(c.Const(amount), ty.MONEY)
        self.env[f"plan:{line}"] = self.money.planned(line)
        return Meant(c.Ref(f"plan:{line}"), ty.MONEY)


def _met(row: Row) -> c.Expr:
    return c.Ref(f"met:{'/'.join(row.path)}")


def _one_if(test: c.Expr) -> c.Expr:
    return c.If(test, c.ONE, c.ZERO)
