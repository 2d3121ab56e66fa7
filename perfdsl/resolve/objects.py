"""One object of a file: its settings, money and inputs, then its tree with every formula and rubric elaborated."""

import itertools
from collections.abc import Mapping
from fractions import Fraction

from perfdsl import core as c
from perfdsl import model as m
from perfdsl import syntax as s
from perfdsl import target as t
from perfdsl.bounds import interval, substitute, truth
from perfdsl.diagnostics import Diagnostic, Label, finding
from perfdsl.keywords import SETTINGS
from perfdsl.quantity import Unit, format_number, parse_unit
from perfdsl.resolve import dimensions as ty
from perfdsl.resolve import gathering
from perfdsl.resolve import messages as say
from perfdsl.resolve.cohort import CIRCLE_OF_PLACES
from perfdsl.resolve.definitions import Completed
from perfdsl.resolve.formula import BROKEN, Meant, Names
from perfdsl.resolve.library import Library, Memo, declare, expression_words
from perfdsl.resolve.lights import check_twice, lights
from perfdsl.resolve.money import Money, funds
from perfdsl.resolve.names import Inputs, Scope
from perfdsl.resolve.rows import Points, Row, Targets, Tree, declared, domain_of, waivers
from perfdsl.resolve.rubrics import Applier, Subject
from perfdsl.text import Span

ENGLISH = {zh: en for en, zh in SETTINGS.items()} | {"满分": "full", "全年": "full", "年度": "full"}
LONGEST_TRAIL = 12
DECLARED = (s.Header, s.Funds, s.Input, s.Ceiling, s.Award, s.Node, s.Test, s.Rubric, s.Scale, s.Grades, s.Lights,
            s.AcceptClause, s.Broken)  # fmt: skip


YEAR = ("q1", "half", "q3", "full")  # in the order of the calendar


class Settings:
    """The headers of one object."""

    def __init__(self, headers: list[s.Header], found: list[Diagnostic]) -> None:
        self.found = found
        self.facts: list[tuple[str, str]] = []
        self.year: int | None = None
        self.total: Fraction | None = None
        self.total_span: Span | None = None
        self.most: Fraction | None = None
        self.rounding = 2
        self.missing = "report"
        self.not_applicable: m.NotApplicable | None = None
        self.move_to: tuple[s.Ident, ...] = ()
        self.schedule: tuple[tuple[str, Fraction], ...] = ()
        self.schedule_by = ""
        self.defaults: dict[str, s.Method | s.Inline] = {}
        seen: set[str] = set()
        for header in headers:
            key = header.key.split()[0]
            if header.key == "default" and isinstance(header.values[0], s.Ident):
                key += header.values[0].text
            if key in seen and key not in ("info",):
                found.append(finding(say.SETTING_TWICE, header.span, key=header.key))
            seen.add(key)
            self._read(header)

    def _read(self, header: s.Header) -> None:
        first = header.values[0]
        match header.key, first:
            case "year", s.Number(value=value):
                self.year = int(value) if value.denominator == 1 and 1900 <= value <= 2999 else None
                if self.year is None:
                    self._bad(header, "year", first.text, "1900–2999")
            case (("agency" | "supervisor"), s.Text(text=text)):
                self.facts.append((header.key, text))
            case "info", s.Text(text=text):
                said = header.values[1]
                self.facts.append((text, said.text if isinstance(said, s.Text) else ""))
            case "total", s.Number(value=value):
                self._total(header, value)
            case "rounding", s.Number(value=value):
                if value.denominator == 1 and 0 <= value <= 6:
                    self.rounding = int(value)
                else:
                    self._bad(header, "rounding", first.text, "0–6")
            case "missing", s.Ident(text=text):
                self.missing = self._one_of(header, "missing", text, ("report", "error")) or "report"
            case "not_applicable", s.Ident(text=text):
                policy = self._one_of(header, "not_applicable", text, ("rescale", "full", "zero"))
                self.not_applicable = m.NotApplicable(policy) if policy else None
            case "not_applicable to", _:
                self.move_to = tuple(v for v in header.values if isinstance(v, s.Ident))
            case "default", s.Ident(text=text):
                kind = self._one_of(header, "default", text, ("number", "level"))
                method = header.values[1]
                if kind and isinstance(method, (s.Method, s.Inline)):
                    self.defaults[kind] = method
            case "schedule", s.Ident(text=text):
                self._schedule(header, text)
            case "effective", s.Ident(text=text):
                self.facts.append(("effective", " ".join(v.text for v in header.values if isinstance(v, s.Ident))))

    def _total(self, header: s.Header, value: Fraction) -> None:
        self.total, self.total_span = value, header.span
        if len(header.values) > 1 and isinstance(header.values[1], s.Number):
            self.most = header.values[1].value

    def _schedule(self, header: s.Header, text: str) -> None:
        if len(header.values) == 1:
            self.schedule_by = (
                self._one_of(header, "schedule", text, ("months", "days")) or "months"
            )  # a wrong word is reported
            return
        self.schedule_by = "table"
        pairs = zip(header.values[::2], header.values[1::2], strict=True)
        self.schedule = tuple((p.text, n.value / 100) for p, n in pairs
                              if isinstance(p, s.Ident) and isinstance(n, s.Number))  # fmt: skip
        shares = [dict(self.schedule)[period] for period in YEAR if period in dict(self.schedule)]
        if (
            len(dict(self.schedule)) < len(self.schedule)
            or shares != sorted(shares)
            or not all(0 <= x <= 1 for x in shares)
        ):
            self.found.append(finding(say.SCHEDULE, header.span))

    def _one_of(self, header: s.Header, key: str, value: str, allowed: tuple[str, ...]) -> str:
        word = ENGLISH.get(value, value)
        if word in allowed:
            return word
        self._bad(header, key, value, "、".join(f"{w}（{SETTINGS.get(w, w)}）" for w in allowed))
        return ""

    def _bad(self, header: s.Header, key: str, value: str, allowed: str) -> None:
        self.found.append(finding(say.SETTING, header.span, key=key, value=value, known=allowed))


class ObjectResolver:
    """Resolves one object; ``run`` gives the model and appends to ``found``."""

    def __init__(self, completed: Completed, library: Library, memo: Memo, found: list[Diagnostic]) -> None:
        item = self.item = completed.item
        self.needs = completed.needs
        self.found = found
        self.library = library.extended()
        for inner in item.items:
            declare(self.library, inner, "", found)
        self.settings = Settings([i for i in item.items if isinstance(i, s.Header)], found)
        self.broken = any(isinstance(i, s.Broken) for i in item.items)
        self.tree = Tree([i for i in item.items if isinstance(i, s.Node)], self.broken, found)
        for broken in (i for i in item.items if isinstance(i, s.Broken)):
            self.tree.lost.update(broken.names)
        tables = [funds(i, found) for i in item.items if isinstance(i, s.Funds)]
        self.funds = tuple(table for table in tables if table is not None)
        self.inputs = [self._input(i) for i in item.items if isinstance(i, s.Input)]
        self.scope = Scope(self.tree, Inputs(self.inputs), Money(self.funds), self.library, found)
        self.memo = memo
        self.targets = Targets(self.library, self.settings.year, memo, found)
        self.applier = Applier(self.library, self._rubric_names, found)
        self.scored = False
        self.cache: dict[object, c.Scoring | None] = {}

    def run(self) -> m.Object:
        self._applicability()
        points = Points(self.tree, self.settings.rounding, self.found)
        points.run()
        self.scored = points.total() is not None or any(r.weight is not None for r in self.tree.roots)
        gathering.begin(self.tree.rows(), self.library, self.found)
        for row in self.tree.rows():
            if not row.is_group and not row.is_empty:
                self.targets.read(row)
                gathering.finish(row, self.library, self.found)
        self._domains()
        self._needed()
        rows = tuple(self._row(root, None) for root in self.tree.roots)
        made = self._object(rows, self._grades())
        self._unused()
        if self.scope.refers:
            self.found.extend(cycles(made))
        return made

    # ---- settings that look at the tree

    def _applicability(self) -> None:
        settings = self.settings
        if settings.move_to:
            name = "/".join(ident.text for ident in settings.move_to)
            groups = [row for row in self.tree.named(name) if row.is_group]
            if len(groups) == 1:
                settings.not_applicable = m.NotApplicable("to", groups[0].path)
            else:
                span = settings.move_to[0].span.to(settings.move_to[-1].span)
                self.found.append(finding(say.NO_SUCH_ROW, span, name=name))
                settings.not_applicable = m.NotApplicable("rescale")
        self.scope.can_be_left_out = settings.not_applicable is not None
        if settings.not_applicable is None:
            for row in self.tree.rows():
                if row.applies is not None:
                    self.found.append(finding(say.APPLIES_POLICY, row.spans["applies"]))
                    break

    def _domains(self) -> None:
        """What formulas may assume of the rows they name."""
        for row in self.tree.rows():
            if row.domain is not None and row.domain.high is not None and row.domain.low.value > row.domain.high.value:
                self.found.append(finding(say.DOMAIN_EMPTY, row.domain.span))
            if not row.is_group and not row.is_empty and row.node.formula is None:
                self.scope.env[f"value:{'/'.join(row.path)}"] = domain_of(row, _main_target(row))

    def _needed(self) -> None:
        """What formulas of the library find in the object under their names is what they mean by them."""
        for need in self.needs:
            own, wanted = self._own_type(need.name), self._wanted_type(need.item)
            if own is None or wanted is None or _one_dimension(own, wanted):
                continue
            for row in self.tree.by_name.get(need.row.text, []):
                if row.node.name is need.row:
                    self.scope.formulas[row.path] = BROKEN  # nothing more is said of it
            label = Label(need.item.name.span, "指标库里的", "in the library")
            self.found.append(finding(
                say.NEED_DIFFERS, need.row.span, labels=[label], row=need.row.text, name=need.name, own=ty.described(own, "zh"),
                wanted=ty.described(wanted, "zh"), own_en=ty.described(own, "en"), wanted_en=ty.described(wanted, "en"),
            ))  # fmt: skip

    def _own_type(self, name: str) -> ty.Type | None:
        item = self.scope.inputs.by_name.get(name)
        if item is not None:
            return ty.WORD if item.is_word else ty.of_unit(item.unit)
        rows = [row for row in self.tree.by_name.get(name, []) if not row.is_group and not row.is_empty]
        return self.scope.type_of(rows[0]) if len(rows) == 1 else None

    def _wanted_type(self, item: s.Input | s.Definition) -> ty.Type | None:
        if isinstance(item, s.Input):
            made = self._input(item)
            return ty.WORD if made.is_word else ty.of_unit(made.unit)
        unit = next((x.text for x in item.clauses if isinstance(x, s.WordClause) and x.key == "unit"), "")
        return ty.of_unit(parse_unit(unit)) if unit and parse_unit(unit) is not None else None

    def _object(self, rows: tuple[m.Row, ...], grades: tuple[m.Band, ...]) -> m.Object:
        settings = self.settings
        total = self._total()
        ceilings = tuple(self._ceiling(i, grades) for i in self.item.items if isinstance(i, s.Ceiling))
        awards = tuple(self._award(i) for i in self.item.items if isinstance(i, s.Award))
        return m.Object(
            kind=self.item.kind, name=self.item.name.text, year=settings.year, facts=tuple(settings.facts), total=total,
            most=settings.most, rounding=settings.rounding, missing=settings.missing,
            not_applicable=settings.not_applicable, schedule=settings.schedule, schedule_by=settings.schedule_by,
            funds=self.funds, inputs=tuple(self.inputs), rows=rows, grades=grades if self.scored else (),
            ceilings=tuple(x for x in ceilings if x is not None), awards=awards, lights=self._lights(),
            comparisons=tuple(self.scope.comparisons.made.values()), waivers=waivers(self.item.items),
            broken=tuple(sorted(self.tree.lost)), span=self.item.name.span, block=self.item.span,
        )  # fmt: skip

    def _total(self) -> Fraction | None:
        """The declared total, checked against the groups, or their sum."""
        declared_total = self.settings.total
        if not self.scored:
            if declared_total is not None and self.settings.total_span is not None and not self.tree.lost:
                span = self.settings.total_span
                self.found.append(finding(say.TOTAL_OF_NOTHING, span, points=format_number(declared_total)))
            return None
        weighted = any(row.weight is not None for row in self.tree.roots)
        added = Points(self.tree, self.settings.rounding, []).total() or Fraction(0)
        if weighted:
            return declared_total if declared_total is not None else Fraction(100)
        if declared_total is None:
            return added
        broken = self.broken or any(row.any_broken() for row in self.tree.roots)
        if added != declared_total and not broken and self.settings.total_span is not None:
            self.found.append(finding(say.TOTAL_OFF, self.settings.total_span, points=format_number(declared_total),
                                      total=format_number(added), off=format_number(abs(added - declared_total))))  # fmt: skip
        return declared_total

    def _input(self, item: s.Input) -> m.Input:
        unit: Unit | None = parse_unit(item.unit) if item.unit else None
        is_word = isinstance(item.domain, s.Words)
        if item.type is not None:
            word = item.type.text
            if word in ("text", "文字"):
                is_word = True
            elif word in ("percent", "百分比"):
                unit = parse_unit("%")
            elif word not in ("number", "数值"):
                unit = parse_unit(word)
                if unit is None:
                    self.found.append(finding(say.BAD_TYPE, item.type.span, name=item.name.text, type=word))
        domain = c.Domain(Fraction(0), None)
        if isinstance(item.domain, s.Domain):
            if unit is None and item.domain.low.unit:
                unit = parse_unit(item.domain.low.unit)
            domain = declared(item.domain, unit.scale if unit is not None else Fraction(1))
        words = tuple(w.text for w in item.domain.words) if isinstance(item.domain, s.Words) else ()
        return m.Input(name=item.name.text, alias=item.alias, unit=unit, words=words, is_word=is_word, domain=domain,
                       span=item.name.span)  # fmt: skip

    def _grades(self) -> tuple[m.Band, ...]:
        own = [inner for inner in self.item.items if isinstance(inner, s.Grades)]
        chosen = own[0] if own else self.library.grades.get("")
        if chosen is None and len(self.library.grades) == 1:
            (chosen,) = self.library.grades.values()
        if chosen is None:
            return ()
        bands = [band for band in chosen.bands if isinstance(band, s.Band)]
        return tuple(m.Band(b.name.text, tuple((op, number.value) for op, number in b.limits), b.span) for b in bands)

    def _lights(self) -> tuple[m.Lights, ...]:
        own = [inner for inner in self.item.items if isinstance(inner, s.Lights)]
        check_twice(own, self.found)
        return lights(own, self.library.lights)

    def _ceiling(self, item: s.Ceiling, grades: tuple[m.Band, ...]) -> m.Ceiling | None:
        condition = self.scope.elaborator().condition(item.condition)
        text = " ".join(item.condition.span.text.split())
        if isinstance(item.limit, s.Number) and not item.limit.unit:
            return m.Ceiling(condition=condition, total=item.limit.value, text=text, span=item.span)
        if isinstance(item.limit, s.Reference):
            names = [band.name for band in grades]
            if item.limit.name in names:
                return m.Ceiling(condition=condition, grade=item.limit.name, text=text, span=item.span)
            self.found.append(finding(say.NO_GRADE, item.limit.span, name=item.limit.name, known="、".join(names)))
            return None
        self.found.append(finding(say.NOT_A_LIMIT, item.limit.span, text=item.limit.span.text))
        return None

    def _award(self, item: s.Award) -> m.Award:
        condition = self.scope.elaborator().condition(item.condition)
        return m.Award(name=item.name.text, condition=condition, text=" ".join(item.condition.span.text.split()),
                       span=item.span)  # fmt: skip

    def _unused(self) -> None:
        here = self.item.name.span.source
        used = self.scope.inputs.used | {need.name for need in self.needs}
        for item in (x for x in self.inputs if x.span.source is here):
            if item.name not in used and not self.tree.lost:
                self.found.append(finding(say.UNUSED_INPUT, item.span, name=item.name))

    # ---- rows

    def _row(self, row: Row, bonus: tuple[Fraction, Fraction] | None) -> m.Row:
        if row.is_empty:
            return m.Empty(path=row.path, span=row.node.span)
        if not row.is_group:
            return self._indicator(row, bonus)
        if row.bonus is not None:
            if row.parent is not None:
                self.found.append(finding(say.BONUS_INSIDE, row.spans["bonus"], name=row.name))
            if row.bonus[0] > row.bonus[1]:
                self.found.append(finding(say.BONUS_LIMITS, row.spans["bonus"]))
            bonus = row.bonus
        applies = self.scope.elaborator().condition(row.applies) if row.applies is not None else None
        children = tuple(self._row(child, bonus) for child in row.children)
        if row.points and not row.leaves() and not row.any_broken() and row.bonus is None:
            self.found.append(finding(say.EITHER_WITHOUT_CHILD, row.node.name.span, name=row.name))
        return m.Group(
            path=row.path, points=row.points, weight=row.weight, bonus=row.bonus, either="either" in row.flags,
            factor=self._factor(row), most=row.most if row.factor is not None else None,
            applies=applies, applies_text=_text(row.applies), children=children, waivers=tuple(row.waivers),
            remarks=tuple(row.remarks), span=row.node.span, name_span=row.node.name.span,
        )  # fmt: skip

    def _factor(self, row: Row) -> c.Factor | None:
        """What the sum of a group is multiplied by: a number that no score changes and that is never below zero."""
        if row.factor is None:
            return None
        meant, text = self.scope.elaborator().value(row.factor), _text(row.factor)
        if meant.type.flavor == "broken":
            return None
        looks = {name.partition(":")[0] for name in c.references(meant.expr)}
        why = None
        if meant.type.flavor not in ty.SCALARS - {"points"} or looks - {"input", "value", "spent", "plan"}:
            why = (
                "它要是一个与得分、是否达标无关的数",
                "it must be a number that does not depend on scores or on what is met",
            )
        elif row.points is None and row.bonus is None and row.weight is None:
            why = "这一组没有分值，也不是加减分的组", "the group has no points and is no bonus block"
        if why is not None:
            self.found.append(
                finding(say.FACTOR_OF_WHAT, row.factor.span, name=row.name, text=text, why=why[0], why_en=why[1])
            )
            return None
        low, high = interval(meant.expr, self.scope.env)
        if low is None or low < 0:
            self.found.append(finding(say.FACTOR_BELOW_ZERO, row.factor.span, name=row.name, text=text))
            return None
        points = row.points or Fraction(0)
        most = row.most if row.most is not None else points
        if row.bonus is None and row.most is None and (high is None or high > 1) and points:
            reach = format_number(high * points) if high is not None else "∞"
            self.found.append(finding(say.FACTOR_EXCEEDS, row.factor.span, name=row.name, text=text, reach=reach,
                                      most=format_number(most)))  # fmt: skip
        settled = low == high and not c.references(meant.expr)
        return c.Factor(c.Const(low) if settled else meant.expr, text, low, high)

    def _indicator(self, row: Row, bonus: tuple[Fraction, Fraction] | None) -> m.Indicator:
        target = _main_target(row)
        value = self.scope.type_of(row) if row.value is None and row.node.formula is not None else row.value
        implied = self._implied_unit(row) if value is None else None
        if implied is not None:
            value = row.value = ty.of_unit(implied)
        formula = self._formula(row) if row.node.formula is not None else None
        domain = domain_of(row, target)
        if row.domain is None and isinstance(formula, c.Ref):
            domain = self.scope.env.get(formula.name, domain) if formula.name in self.scope.comparisons.made else domain
        scoring = self._scoring(row, value, domain, bonus)
        applies = self.scope.elaborator().condition(row.applies) if row.applies is not None else None
        unit = parse_unit(row.unit_text) if row.unit_text else next((u.unit for u in row.read if u.unit), implied)
        if row.gathered is not None and row.gathered.shares:
            unit = parse_unit("%")
        return m.Indicator(
            path=row.path, alias=row.alias, targets=tuple(row.read), points=row.points, most=row.most,
            direction=row.direction, nature=next((f for f in ("flow", "stock") if f in row.flags), ""), domain=domain,
            unit=unit, unit_text=row.unit_text, formula=formula,
            formula_text=_text(row.node.formula), scoring=scoring, gather=row.gathered, applies=applies, applies_text=_text(row.applies),
            words=self._words(row, value, scoring), waivers=tuple(row.waivers), remarks=tuple(row.remarks),
            bonus=bonus is not None, span=row.node.span, name_span=row.node.name.span,
        )  # fmt: skip

    def _implied_unit(self, row: Row) -> Unit | None:
        """Where no target says what the values are, the first limit of the rubric does: ``>= 90%`` compares percents."""
        method = row.method or self._default(row)
        for case in self._cases_of(method):
            for compare in _own_comparisons(case.condition):
                if isinstance(compare.right, s.Number) and compare.right.unit:
                    return parse_unit(compare.right.unit)
        return None

    def _cases_of(self, method: s.Method | s.Inline | None) -> list[s.Case]:
        """The cases of a rubric, used by name or written in place."""
        rubric = self.library.rubrics.get(method.name) if isinstance(method, s.Method) else None
        cases = method.cases if isinstance(method, s.Inline) else rubric.cases if rubric is not None else ()
        return [case for case in cases if isinstance(case, s.Case)]

    def _formula(self, row: Row) -> c.Expr:
        meant = self.scope.formula(row)
        if row.value is not None and meant.type.flavor != "broken" and not _fits(meant.type, row.value):
            self.found.append(finding(
                say.FORMULA_UNIT, row.node.name.span, name=row.name, left=ty.described(meant.type, "zh"),
                right=ty.described(row.value, "zh"), left_en=ty.described(meant.type, "en"),
                right_en=ty.described(row.value, "en"),
            ))  # fmt: skip
        return meant.expr

    def _scoring(
        self, row: Row, value: ty.Type | None, domain: c.Domain, bonus: tuple[Fraction, Fraction] | None
    ) -> c.Scoring | None:
        method = row.method or self._default(row)
        if row.broken:
            return None
        if method is None or (row.points is None and bonus is None):
            if row.points is not None and not row.broken:
                self.found.append(finding(say.NO_RUBRIC, row.node.name.span, name=row.name))
            elif row.own_method and row.points is None and not row.any_broken():
                self.found.append(finding(say.NO_POINTS, row.node.name.span, name=row.name))
            return None
        judged = any(not isinstance(use.target.meaning, t.Nothing) for use in row.read)
        if row.gathered is not None and value is None and _compares_words(self._cases_of(method)):
            words = (
                "计分方法比较文字，又没有在等级量表上的指标值",
                "its rubric compares words and no target is on a scale",
            )
            self.found.append(
                finding(say.CANNOT_GATHER, row.node.name.span, name=row.name, why=words[0], why_en=words[1])
            )
            return None
        if not judged and self._needs_target(method) and not row.broken:
            self.found.append(finding(say.NEEDS_TARGET, method.span, name=row.name))
            return None
        low, high = bonus if bonus is not None else (Fraction(0), row.most or row.points or Fraction(0))
        kind = value if value is not None else ty.WORD if _compares_words(self._cases_of(method)) else ty.PLAIN
        subject = Subject(kind, judged, row.points, low, high, domain, _aim(row), _zero(row))
        if isinstance(method, s.Inline):
            return self.applier.apply(method, subject)
        return self._remembered(method, subject)

    def _remembered(self, method: s.Method, subject: Subject) -> c.Scoring | None:
        """A named rubric is applied once for all rows alike, also those of other files where it is the library's."""
        rubric = self.library.rubrics.get(method.name)
        if rubric is None:
            return self.applier.apply(method, subject)
        key = (id(rubric), method.arguments, subject)
        known = self.memo.scorings.get(key)
        if known is not None:
            return known[1]  # type: ignore[no-any-return]
        if key not in self.cache:
            before = len(self.found)
            made = self.cache[key] = self.applier.apply(method, subject)
            if made is not None and len(self.found) == before and _closed(made):
                self.memo.scorings[key] = (rubric, made)
        return self.cache[key]

    def _rubric_names(self, own: Mapping[str, Meant], subject: Subject) -> Names:
        return self.scope.names(own, subject.domain, subject.aim)

    def _default(self, row: Row) -> s.Method | s.Inline | None:
        if row.points is None:
            return None
        return self.settings.defaults.get("level" if row.value == ty.WORD else "number")

    def _needs_target(self, method: s.Method | s.Inline) -> bool:
        words = {word for case in self._cases_of(method) for word in _case_words(case)}
        return bool(
            words & {"met", "达标", "completion", "完成率", "gap", "差额", "excess", "超额", "target", "指标值"}
        )

    def _words(self, row: Row, value: ty.Type | None, scoring: c.Scoring | None) -> tuple[tuple[str, str], ...]:
        """Every synonym of the scales this row's words are on."""
        if value is not None and value.flavor != "word" and not (row.gathered is not None and row.gathered.shares):
            return ()
        mentioned = {use.target.meaning.word for use in row.read if isinstance(use.target.meaning, t.Level)}
        for case in scoring.cases if scoring is not None else ():
            mentioned |= _words_in(case.when)
        scales = {id(scale): scale for word in mentioned if (scale := self.library.words.get(word)) is not None}
        return tuple(pair for scale in scales.values() for pair in scale.synonyms)


def _one_dimension(left: ty.Type, right: ty.Type) -> bool:
    """May one stand for the other in a formula?"""
    if "broken" in (left.flavor, right.flavor):
        return True
    return left[:2] == right[:2] or {left.flavor, right.flavor} in ({"share", "ratio"}, {"plain", "ratio"})


def _closed(scoring: c.Scoring) -> bool:
    """Does the rubric look at nothing but the indicator itself, so that it means the same everywhere?"""
    return not any(":" in name for case in scoring.cases for part in (case.when, case.award, case.high) if part is not None
                   for name in c.references(part))  # fmt: skip


def _main_target(row: Row) -> t.Target | None:
    """The target that says most about the values: the full-year one, else the last."""
    real = [use for use in row.read if not isinstance(use.target.meaning, t.Nothing)]
    chosen = next((use for use in real if use.period == "full"), real[-1] if real else None)
    return chosen.target if chosen is not None else None


def _aim(row: Row) -> int:
    """The sign of all targets that are numbers."""
    signs = set()
    for use in row.read:
        match use.judge.target:
            case c.Const(Fraction() as value):
                signs.add((value > 0) - (value < 0))
            case _ if not isinstance(use.target.meaning, t.Nothing):
                signs.add(0)
    return signs.pop() if len(signs) == 1 else 0


def _zero(row: Row) -> bool | None:
    """Does an actual of zero meet every target, or none?"""
    told = set()
    for use in row.read:
        if not isinstance(use.target.meaning, t.Nothing):
            met = truth(substitute(use.judge.met, {"actual": c.Const(Fraction(0))}), {})
            told.add(met.may_hold if met.may_hold != met.may_fail else None)
    return told.pop() if len(told) == 1 else None


def _text(expr: s.Expr | s.Cases | None) -> str:
    return " ".join(expr.span.text.split()) if expr is not None else ""


def _fits(left: ty.Type, right: ty.Type) -> bool:
    if left.flavor == right.flavor:
        return left.dims == right.dims
    return ty.comparable(left, right) or (left.flavor == "ratio" and right.flavor == "plain")


def _own_comparisons(condition: s.Expr | None) -> list[s.Compare]:
    """The comparisons of the actual in a condition, in order."""
    match condition:
        case s.Compare(left=None) | s.Compare(left=s.Reference(name="actual" | "完成值")):
            return [condition]
        case s.Logic(operands=operands):
            return [found for operand in operands for found in _own_comparisons(operand)]
        case s.Not(operand=inner) | s.Bracket(inner=inner):
            return _own_comparisons(inner)
    return []


def _case_words(case: s.Case) -> list[str]:
    parts = [part for part in (case.condition, case.award, case.high) if part is not None]
    return [word for part in parts for word in expression_words(part)]


def _compares_words(cases: list[s.Case]) -> bool:
    """Is the actual compared with texts?"""
    conditions = [case.condition for case in cases]
    return any(isinstance(x, s.Text) or (isinstance(x, s.Compare) and x.left is None and isinstance(x.right, s.Text))
               for x in conditions)  # fmt: skip


def _words_in(expr: c.Expr) -> set[str]:
    found: set[str] = set()
    stack = [expr]
    while stack:
        top = stack.pop()
        if isinstance(top, c.Const) and isinstance(top.value, str):
            found.add(top.value)
        stack.extend(c.children(top))
    return found


def cycles(made: m.Object) -> list[Diagnostic]:
    """Formulas, scores and conditions that need themselves."""
    needs: dict[str, set[str]] = {}
    spans: dict[str, Span] = {}
    for group in m.groups(made.rows):
        path = "/".join(group.path)
        below = {f"score:{'/'.join(child.path)}" for child in group.children if not isinstance(child, m.Empty)}
        below |= c.references(group.factor.value) if group.factor else set()
        needs[f"score:{path}"] = below | (c.references(group.applies) if group.applies else set())
        spans[f"score:{path}"] = group.name_span
    for row in m.indicators(made.rows):
        path = "/".join(row.path)
        needs[f"value:{path}"] = c.references(row.formula) if row.formula else set()
        scoring = {r for case in (row.scoring.cases if row.scoring else ())
                   for part in (case.when, case.award) for r in c.references(part)}  # fmt: skip
        applies = c.references(row.applies) if row.applies else set()
        needs[f"met:{path}"] = {f"value:{path}"}
        needs[f"applies:{path}"] = applies
        needs[f"score:{path}"] = scoring | applies | {f"value:{path}"}
        for kind in ("value", "score", "met", "applies"):
            spans[f"{kind}:{path}"] = row.name_span
        if formula_looks := c.comparisons_in(row.formula) if row.formula else []:
            needs[f"applies:{path}"] = needs[f"applies:{path}"] | set(formula_looks)
    needs |= _comparison_needs(made)
    spans.update(("total:", x.span) for x in reversed(made.ceilings) if x.total is not None)
    needs["score:"] = {f"score:{'/'.join(row.path)}" for row in made.rows if not isinstance(row, m.Empty)}
    return _find_cycles(needs, spans, made.span)


def _comparison_needs(made: m.Object) -> dict[str, set[str]]:
    """What comparisons look at, and the total after the ceilings that limit it."""
    ceilings = set().union(*(c.references(x.condition) for x in made.ceilings if x.total is not None))
    needs = {"total:": {"score:", *ceilings}}
    applies = {"/".join(g.path): c.references(g.applies) for g in m.groups(made.rows) if g.applies is not None}
    for one in made.comparisons:
        path = one.of.partition(":")[2].split("/")
        above = set().union(*(applies.get("/".join(path[:depth]), set()) for depth in range(1, len(path))))
        needs[one.name] = {one.of, f"applies:{'/'.join(path)}", *above}
    return needs


def _trail(name: str) -> str:
    """A member of a circle in words."""
    kind, _, path = name.partition(":")
    return f"{kind}({path})" if kind in c.COHORT_KINDS else path.rpartition("/")[2] or "总分"


def _find_cycles(needs: dict[str, set[str]], spans: dict[str, Span], elsewhere: Span) -> list[Diagnostic]:
    """Depth-first, without recursion: each circle is reported once, at its first member that has a place."""
    state: dict[str, int] = {}
    found: list[Diagnostic] = []
    for start in needs:
        if state.get(start):
            continue
        trail: dict[str, int] = {}
        stack: list[tuple[str, bool]] = [(start, False)]
        while stack:
            node, done = stack.pop()
            if done:
                state[node] = 2
                del trail[node]
                continue
            if state.get(node):
                continue
            state[node] = 1
            trail[node] = len(trail)
            stack.append((node, True))
            for other in sorted(needs.get(node, ())):
                other = other.replace("lost:", "score:", 1) if other.startswith("lost:") else other
                if state.get(other) == 1:
                    circle = [*itertools.islice(trail, trail[other], trail[other] + LONGEST_TRAIL), other]
                    span = next((spans[x] for x in circle if x in spans), elsewhere)
                    names = [_trail(x) for x in circle]
                    names[-1:-1] = ["…"] if len(circle) > LONGEST_TRAIL else []
                    placed = any(x.partition(":")[0] in c.COHORT_KINDS for x in circle)
                    kind = CIRCLE_OF_PLACES if placed else say.CYCLE
                    found.append(finding(kind, span, trail=" → ".join(names)))
                elif other in needs and not state.get(other):
                    stack.append((other, False))
    return found
