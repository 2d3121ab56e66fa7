"""Common indicators of rulesets in the rows of a file: ``use … for`` completes each row before anything is resolved.

A completed row is an ordinary computed row: whatever holds for one written by hand holds for it.
"""

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import NamedTuple

import attrs

from perfdsl import model as m
from perfdsl import syntax as s
from perfdsl import target as t
from perfdsl.diagnostics import Diagnostic, Label, closest, finding
from perfdsl.read_target import read_target
from perfdsl.resolve import messages as say
from perfdsl.resolve.shelf import Home, Known, Shelf
from perfdsl.resolve.written import (
    ENGLISH,
    MOST_LEVELS,
    MOST_TERMS,
    calls_in,
    in_words,
    parts_of,
    size_of,
    value_words,
    with_inside,
)

DIRECTIONS, NATURES = frozenset({"higher", "lower", "exact"}), frozenset({"flow", "stock"})
ALLOWED = ("unit", "direction", "nature", "values", "note", "basis", "source")
MOST_INSIDE = 8
OF_ROWS = frozenset({"score", "lost", "met", "count", "rank", "rank_share", "best"})


class Need(NamedTuple):
    """A name the object has itself, which a formula of the library also needs: both must be of one dimension."""

    name: str
    item: s.Input | s.Definition
    row: s.Ident


class Completed(NamedTuple):
    """An object whose rows have the formulas of the library, and what these take from the object's own names."""

    item: s.Object
    needs: tuple[Need, ...] = ()


class Chosen(NamedTuple):
    """A definition that computes the rows of one name."""

    known: Known
    pick: s.Pick | None = None


@attrs.define(eq=False)
class Completer:
    """Completes the objects of one file; ``chosen`` says which definition computes the rows of which name."""

    shelf: Shelf
    chosen: Mapping[str, Chosen]
    found: list[Diagnostic]
    met: set[str] = attrs.Factory(set)

    def completed(self, item: s.Object) -> Completed:
        """The object with the formulas of its rows and the inputs these need."""
        if not self.chosen:
            return Completed(item)
        own = _names(item)
        needs: dict[tuple[str, int], Need] = {}
        inputs: dict[str, s.Input] = {}
        items: list[s.Item] = []
        for inner in item.items:
            items.append(self._node(inner, own, needs, inputs) if isinstance(inner, s.Node) else inner)
        return Completed(attrs.evolve(item, items=(*inputs.values(), *items)), tuple(needs.values()))

    def _node(self, node: s.Node, own: frozenset[str], needs: dict[tuple[str, int], Need], inputs: dict[str, s.Input]) -> s.Node:  # fmt: skip
        if node.children is not None:
            below = tuple(self._node(x, own, needs, inputs) if isinstance(x, s.Node) else x for x in node.children)
            return attrs.evolve(node, children=below)
        chosen = self.chosen.get(node.name.text)
        if chosen is None:
            return node
        self.met.add(node.name.text)
        definition = chosen.known.item
        if node.formula is not None and definition.formula is not None:
            label = Label(definition.name.span, "指标库里的算式", "the formula of the library")
            self.found.append(finding(say.ROW_HAS_FORMULA, node.name.span, labels=[label], name=node.name.text))
            return node
        flat = Flat(self.shelf, own, self.found, node.name)
        formula = node.formula if definition.formula is None else flat.formula(chosen.known)
        needs.update({(need.name, id(need.item)): need for need in flat.needs})
        for name, wanted in flat.inputs.items():
            inputs.setdefault(name, wanted)
        return attrs.evolve(node, formula=formula, clauses=(*node.clauses, *self._clauses(node, definition)))

    def _clauses(self, node: s.Node, definition: s.Definition) -> list[s.Clause]:
        """What the definition says and the row does not."""
        stated = {_family(clause) for clause in node.clauses}
        said: list[s.Clause] = []
        for clause in allowed(definition):
            family = _family(clause)
            if family in ("direction", "nature") and isinstance(clause, s.Flag):
                if not self._contradicted(node, clause, family):
                    said.append(clause)
            elif family not in stated:
                said.append(clause)
            if family == "unit" and family not in stated and isinstance(clause, s.WordClause):
                self._bare_targets(node, clause.text)
        return said

    def _contradicted(self, node: s.Node, flag: s.Flag, family: str) -> bool:
        """Does the row say the direction or kind itself, in words or by the sign of its target?  A difference is told."""
        label = Label(flag.span, "指标库里写的", "the library says")
        for clause in node.clauses:
            if isinstance(clause, s.Flag) and _family(clause) == family:
                if clause.key != flag.key:
                    self.found.append(finding(say.SAYS_OTHERWISE, clause.span, labels=[label], name=node.name.text, own=clause.span.text,
                                              other=flag.span.text))  # fmt: skip
                return True
        if family == "nature" or any(isinstance(x, s.Flag) and _family(x) == family for x in node.clauses):
            return False
        for clause in node.clauses:
            if isinstance(clause, s.TargetClause) and _against(clause.text, flag.key):
                self.found.append(finding(say.SAYS_OTHERWISE, clause.cell, labels=[label], name=node.name.text, own=clause.text,
                                          other=flag.span.text))  # fmt: skip
                return True
        return False

    def _bare_targets(self, node: s.Node, unit: str) -> None:
        """A target without a unit is read in that of the library, which is said: ≤1 as 1% is hardly ever meant."""
        for clause in node.clauses:
            meaning = read_target(clause.text)[0].meaning if isinstance(clause, s.TargetClause) else None
            if isinstance(clause, s.TargetClause) and isinstance(meaning, t.Bound):
                quantity = meaning.quantity
                if quantity.value and not quantity.unit.dims and quantity.unit.scale == 1:
                    self.found.append(
                        finding(say.UNIT_OF_LIBRARY, clause.cell, name=node.name.text, text=clause.text, unit=unit)
                    )

    def unmatched(self, lost: Collection[str]) -> None:
        """A definition taken for a row that no object has is a mistake; what was ``lost`` may have been the row."""
        for name, chosen in self.chosen.items():
            if chosen.pick is not None and name not in self.met and name not in lost:
                self.found.append(finding(say.MATCHES_NO_ROW, (chosen.pick.row or chosen.pick.name).span, name=name))


class Flat:
    """The formula of one definition, with those of other definitions in place unless the object has rows of their names."""

    def __init__(self, shelf: Shelf, own: frozenset[str], found: list[Diagnostic], row: s.Ident) -> None:
        self.shelf = shelf
        self.own = own
        self.found = found
        self.row = row
        self.needs: list[Need] = []
        self.inputs: dict[str, s.Input] = {}
        self.made: dict[int, s.Expr | None] = {}

    def formula(self, known: Known) -> s.Expr | s.Cases | None:
        """The formula over inputs, money and the object's own rows; None (reported) when it cannot be had."""
        made = self._formula(known, (known.item.name.text,))
        if made is None:
            return None
        terms, levels = size_of(made)
        if terms > MOST_TERMS or levels > MOST_LEVELS:
            self._tangled(known, f"合起来超过{MOST_TERMS}次运算", f"comes to more than {MOST_TERMS} operations in all")
            return None
        return made

    def _formula(self, known: Known, trail: tuple[str, ...]) -> s.Expr | s.Cases | None:
        formula = known.item.formula
        if formula is None:
            return None
        parts = list(parts_of(formula))
        inside: dict[str, s.Expr] = {}
        for word in dict.fromkeys(word for part in parts for word in value_words(part)):
            if not self._word(word, known, trail, inside):
                return None
        return with_inside(formula, inside)

    def _word(self, word: str, known: Known, trail: tuple[str, ...], inside: dict[str, s.Expr]) -> bool:
        """Find what a name stands for; False (reported) when its formula cannot be put in its place."""
        wanted = self.shelf.input(word, known.home)
        others = self.shelf.definitions(word, self.shelf.around(known.home)) if wanted is None else []
        if word in self.own and not (word == self.row.text and others):
            meant = wanted or (others[0].item if others else None)
            if meant is not None:
                self.needs.append(Need(word, meant, self.row))
            return True
        if wanted is not None:
            self.inputs.setdefault(word, wanted)
            return True
        if not others:
            return True  # a word of the language, or one that is reported where the formula is read
        if word in trail or len(trail) >= MOST_INSIDE:
            self._tangled(
                known, f"绕得太深：{' → '.join((*trail, word))}", f"leads too far: {' → '.join((*trail, word))}"
            )
            return False
        made = self._inner(others[0], (*trail, word))
        if made is not None:
            inside[word] = made
        return made is not None

    def _inner(self, known: Known, trail: tuple[str, ...]) -> s.Expr | None:
        key = id(known.item)
        if key not in self.made:
            made = self._formula(known, trail)
            name = known.item.name.text
            if isinstance(made, s.Cases) or known.item.formula is None:
                self._tangled(known, f"用到的“{name}”不是一个算式", f"needs “{name}”, which is no single formula")
                made = None
            if made is not None and size_of(made)[0] > MOST_TERMS:
                self._tangled(
                    known, f"合起来超过{MOST_TERMS}次运算", f"comes to more than {MOST_TERMS} operations in all"
                )
                made = None
            self.made[key] = None if made is None or isinstance(made, s.Cases) else s.Bracket(made, span=made.span)
        return self.made[key]

    def _tangled(self, known: Known, why: str, why_en: str) -> None:
        label = Label(known.item.name.span, "在指标库里", "in the library")
        self.found.append(
            finding(say.TANGLED, self.row.span, labels=[label], name=self.row.text, why=why, why_en=why_en)
        )


def chosen(file: s.File, shelf: Shelf, found: list[Diagnostic]) -> dict[str, Chosen]:
    """What the ``use … for`` of a file choose, by the name of the row."""
    made: dict[str, Chosen] = {}
    for use in (item for item in file.items if isinstance(item, s.Use)):
        used = shelf.used(use)
        for pick in use.picks if used is not None else ():
            assert used is not None
            known = shelf.definitions(pick.name.text, shelf.rings(used))
            row = (pick.row or pick.name).text
            if not known:
                names = shelf.names(used)
                near = closest(pick.name.text, names)
                kind = say.NO_DEFINITION_NEAR if near else say.NO_DEFINITION
                listed = "、".join(names[:12]) + ("…" if len(names) > 12 else "") if names else "（没有）"
                found.append(
                    finding(kind, pick.name.span, name=pick.name.text, ruleset=use.name.text, near=near, known=listed)
                )
            elif len(known) > 1:
                rulesets = "、".join(x.home.ruleset.name.text for x in known)
                found.append(finding(say.IN_SEVERAL, pick.name.span, name=pick.name.text, rulesets=rulesets))
            elif row in made:
                before = made[row].pick
                labels = [Label(before.span, "前一个在这里", "the first one")] if before is not None else []
                found.append(finding(say.TAKEN_TWICE, pick.span, labels=labels, name=row))
            else:
                made[row] = Chosen(known[0], pick)
    return made


def of_ruleset(ruleset: s.Ruleset, file: s.File) -> dict[str, Chosen]:
    """In its own tests a ruleset's definitions compute the rows of their names."""
    home = Home(ruleset, file)
    return {item.name.text: Chosen(Known(item, home)) for item in ruleset.items if isinstance(item, s.Definition)}


def rehearsed(ruleset: s.Ruleset, file: s.File, shelf: Shelf, found: list[Diagnostic]) -> Completed | None:
    """The definitions of a ruleset as the rows of an object, to be resolved for what is wrong with them."""
    said: dict[str, s.Definition | s.Input] = {}
    for each in ruleset.items:
        if isinstance(each, (s.Definition, s.Input)):
            said.setdefault(each.name.text, each)  # a second one is reported as such
    if not said:
        return None
    own = [x for x in said.values() if isinstance(x, s.Definition)]
    inputs = [x for x in said.values() if isinstance(x, s.Input)]
    names = frozenset(said)
    foreign: dict[str, s.Input] = {}
    nodes: list[s.Item] = []
    for item in own:
        before = len(found)
        _check(item, found)
        Flat(shelf, frozenset(), found, item.name).formula(Known(item, Home(ruleset, file)))
        if len(found) > before:
            continue
        flat = Flat(shelf, names, [], item.name)
        formula = flat.formula(Known(item, Home(ruleset, file)))
        foreign.update(flat.inputs)
        nodes.append(s.Node(item.name, tuple(allowed(item)), formula, span=item.span))
    for one in inputs:
        if one.alias:
            found.append(finding(say.NOT_FOR_THE_LIBRARY, one.span, name=one.name.text, text=f"as {one.alias}"))
    here = ruleset.name.span
    lines = tuple(s.Line(side, s.Ident(side, span=here), (("full", s.Number(Fraction(1), text="1", span=here)),), span=here)
                  for side in ("income", "spend"))  # fmt: skip
    funds = s.Funds(s.Ident("万元", span=here), lines, span=here)
    inside = tuple({x.name.text: x for x in (*foreign.values(), *inputs)}.values())
    return Completed(s.Object("project", ruleset.name, (funds, *inside, *nodes), span=ruleset.span))


def _check(item: s.Definition, found: list[Diagnostic]) -> None:
    """A library says what an indicator is; what it is worth and when it is reached belongs to whoever uses it."""
    kept = {id(clause) for clause in allowed(item)}
    for clause in item.clauses:
        if id(clause) not in kept and not isinstance(clause, s.Broken):
            found.append(finding(say.NOT_FOR_THE_LIBRARY, clause.span, name=item.name.text, text=clause.span.text))
    for call in (call for part in parts_of(item.formula) for call in calls_in(part)):
        if ENGLISH.get(call.name, call.name) in OF_ROWS:
            found.append(finding(say.NOT_FOR_THE_LIBRARY, call.span, name=item.name.text, text=call.span.text))


def allowed(item: s.Definition) -> list[s.Clause]:
    """The clauses a definition may have: unit, direction, kind, values and remarks."""
    return [clause for clause in item.clauses if _family(clause) in ALLOWED]


def _family(clause: s.Clause) -> str:
    match clause:
        case s.Flag(key=key):
            return "direction" if key in DIRECTIONS else "nature" if key in NATURES else key
        case s.WordClause(key=key):
            return key
        case s.DomainClause():
            return "values"
        case s.RemarkClause(remark=remark):
            return remark.kind
    return ""


def _against(cell: str, direction: str) -> bool:
    """Does the sign of a target speak against a direction?"""
    meaning = read_target(cell)[0].meaning
    if not isinstance(meaning, t.Bound) or meaning.op not in (">=", ">", "<=", "<"):
        return False
    return direction != ("higher" if meaning.op in (">=", ">") else "lower")


def _names(item: s.Object) -> frozenset[str]:
    """What the rows and inputs of an object are called."""
    found: set[str] = set()
    waiting: list[object] = list(item.items)
    while waiting:
        top = waiting.pop()
        if isinstance(top, s.Input):
            found.update((top.name.text, top.alias))
        elif isinstance(top, s.Node):
            if top.clauses or top.formula is not None or top.children is not None:
                found.add(top.name.text)
            found.update(x.text for x in top.clauses if isinstance(x, s.WordClause) and x.key == "as")
            waiting.extend(top.children or ())
    return frozenset(found - {""})


# ---- for explain


def described(ruleset: s.Ruleset, file: s.File, shelf: Shelf) -> list[m.Definition]:
    """What ``explain`` says of the definitions of a ruleset."""
    home = Home(ruleset, file)
    return [_described(Known(item, home), shelf) for item in ruleset.items if isinstance(item, s.Definition)]


def _described(known: Known, shelf: Shelf) -> m.Definition:
    item = known.item
    flat = Flat(shelf, frozenset(), [], item.name)
    flat.formula(known)
    said = {_family(clause): clause for clause in allowed(item)}
    unit = next((x.text for x in item.clauses if isinstance(x, s.WordClause) and x.key == "unit"), "")
    formula = item.formula
    return m.Definition(
        name=item.name.text, ruleset=known.home.ruleset.name.text,
        formula_text=" ".join(formula.span.text.split()) if formula is not None else "",
        words_zh=in_words(formula, unit, "zh") if formula is not None else "",
        words_en=in_words(formula, unit, "en") if formula is not None else "",
        inputs=tuple((x.name.text, _unit_of(x)) for x in flat.inputs.values()), unit_text=unit,
        direction=_key(said.get("direction")), nature=_key(said.get("nature")),
        remarks=tuple(m.Remark(x.remark.kind, x.remark.text) for x in item.clauses if isinstance(x, s.RemarkClause)),
        span=item.span,
    )  # fmt: skip


def _key(clause: s.Clause | None) -> str:
    return clause.key if isinstance(clause, s.Flag) else ""


def _unit_of(item: s.Input) -> str:
    """What an input is given in."""
    if isinstance(item.domain, s.Words):
        return "、".join(word.text for word in item.domain.words)
    return item.unit or (item.type.text if item.type is not None else "")
