"""Syntax to rows: one method for each sort of item, clause or line.

Every name, text, number and keyword of the file lands in exactly one cell, in the order of the grammar.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import assert_never

import attrs

from perfdsl import syntax as s
from perfdsl.format.formulas import arguments, formula
from perfdsl.format.layout import lay_out
from perfdsl.format.rows import Block, Cell, Row, blank_above
from perfdsl.format.words import Words, words_for
from perfdsl.keywords import SPELLINGS
from perfdsl.text import Span

MOST_CASES = 3  # a rubric with more of them has one on each line
_SOLO = frozenset({"note", "basis"})

Clause = s.Clause | s.Remark
Value = s.Ident | s.Text | s.Number


def format_file(file: s.File, keywords: str = "keep") -> str:
    """The canonical text of a file: parsing it gives the same file, and formatting that gives the same text.

    ``keywords``: ``en`` or ``zh`` spell every keyword in that language, ``keep`` in the one most of the source uses.
    A file with broken pieces has no canonical text and raises ``ValueError``, as does a name that cannot be spelt.
    """
    rows = _Rows(words_for(file, keywords), tuple(comment.span.start for comment in file.comments))
    return lay_out(rows.spaced(file.items), file.comments)


@attrs.frozen
class _Rows:
    """``words`` spell the file; ``comments`` are the places of its comments."""

    words: Words
    comments: tuple[int, ...]

    def spaced(self, items: Iterable[s.Item]) -> tuple[Row, ...]:
        """Rows of a file or an object; without a source to follow, each block stands apart."""
        made = []
        for item in items:
            row = self.item(item)
            block = row.own_block
            apart = not item.span.source.text and block is not None and bool(block.rows)
            made.append(attrs.evolve(row, blank=row.blank or apart))
        return tuple(made)

    def item(self, item: s.Item) -> Row:
        """Any item of a file, an object, a ruleset or a test."""
        match item:
            case s.Use() | s.Ceiling() | s.Award() | s.Given() | s.Expect():
                return self._statement(item)
            case s.Ruleset() | s.Object() | s.Test() | s.Scale() | s.Grades() | s.Lights() | s.Funds():
                return self._declaration(item)
            case s.Rubric():
                return self._rubric(item)
            case s.Header():
                return self._header(item)
            case s.Remark():
                return _row([self._remark(item)], item.span)
            case s.AcceptClause():
                return _row([self._accept(item)], item.span)
            case s.Input():
                return self._input(item)
            case s.Node():
                return self._node(item)
            case s.Definition():
                head = Cell(self.words.key("indicator"), self.words.name(item.name), item.span.start)
                return _row([head, *self._about(item)], item.span, "indicator")
            case s.Broken():
                raise _broken(item)
            case _:
                assert_never(item)

    # ---- statements on one line

    def _statement(self, item: s.Use | s.Ceiling | s.Award | s.Given | s.Expect) -> Row:
        words, start = self.words, item.span.start
        match item:
            case s.Use():
                name = words.text(item.name.text) if item.local else words.bare(item.name.text)
                return _row([Cell(words.key("use"), name, start), *self._picks(item.picks)], item.span)
            case s.Ceiling():
                cells = [
                    Cell(words.key("ceiling"), formula(item.condition, words), start),
                    Cell("->", formula(item.limit, words), item.limit.span.start, "->"),
                ]
                return _row(cells, item.span, "ceiling", 2)
            case s.Award():
                text = f"{words.name(item.name)} {words.key('when')} {formula(item.condition, words)}"
                return _row([Cell(words.key("award"), text, start)], item.span)
            case s.Given():
                cells = [Cell(words.key("given"), "", start), Cell(self._given(item), "", start, "text")]
                return _row(cells, item.span, "test", 2)
            case s.Expect():
                cells = [Cell(words.key("expect"), "", start), Cell(self._expect(item), "", start, "text")]
                return _row(cells, item.span, "test", 2)
            case _:
                assert_never(item)

    def _picks(self, picks: Sequence[s.Pick]) -> list[Cell]:
        """``for A, B as C``, each name with its comma."""
        words, cells = self.words, []
        for at, pick in enumerate(picks):
            row = f" {words.key('as')} {words.name(pick.row)}" if pick.row else ""
            text = words.name(pick.name) + row + ("," if at + 1 < len(picks) else "")
            cells.append(Cell("" if at else words.key("for"), text, pick.span.start))
        return cells

    def _given(self, item: s.Given) -> str:
        return f"{self.words.given(item.path)} {self._value(item.value)}{self._extras(item.extras)}"

    def _extras(self, extras: tuple[tuple[str, Value], ...]) -> str:
        return "".join(f", {self.words.bare(name)} {self._value(value)}" for name, value in extras)

    def _expect(self, item: s.Expect) -> str:
        words = self.words
        path = [words.path(item.path)] if item.path else []
        high = ["..", words.number(item.high)] if item.high is not None else []
        return " ".join([*path, words.key(item.what), self._value(item.value), *high]) + self._extras(item.extras)

    def _value(self, value: Value) -> str:
        match value:
            case s.Number():
                return self.words.number(value)
            case s.Text():
                return self.words.text(value.text)
            case s.Ident():
                period = SPELLINGS.get(value.text)
                if period is not None and period.kind == "PERIOD":
                    return self.words.key(period.meaning)
                return self.words.bare(value.text)
            case _:
                assert_never(value)

    # ---- headers

    def _header(self, item: s.Header) -> Row:
        words, values, start = self.words, item.values, item.span.start
        match item.key, values:
            case "info", (s.Text() as name, s.Text() as text):
                word = Cell(words.key("info"), words.text(name.text), start)
                return _row([word, Cell(words.text(text.text), "", text.span.start, "text")], item.span, "info", 2)
            case "agency" | "supervisor", (s.Text() as text,):
                cells = [Cell(words.key(item.key), "", start), Cell(words.text(text.text), "", start, "text")]
                return _row(cells, item.span, "agency", 2)
            case "default", (s.Ident() as kind, (s.Method() | s.Inline()) as method):
                by = self._by(f"{words.setting(kind.text)} {words.key('by')}", method, item.span)
                return _row([attrs.evolve(by, word=f"{words.key('default')} {by.word}")], item.span)
            case _:
                return _row([Cell(self._header_text(item), "", start)], item.span)

    def _header_text(self, item: s.Header) -> str:
        words = self.words
        match item.key, item.values:
            case "not_applicable to", names:
                path = "/".join(words.name(n) for n in names if isinstance(n, s.Ident))
                return f"{words.key('not_applicable')} {words.key('to')} {path}"
            case "total", (s.Number() as total, s.Number() as most):
                return f"{words.key('total')} {words.number(total)} {words.key('up to')} {words.number(most)}"
            case "effective", (s.Ident() as start,):
                return f"{words.key('effective')} {start.text} .."
            case "effective", (s.Ident() as start, s.Ident() as end):
                return f"{words.key('effective')} {start.text} .. {end.text}"
            case "schedule", (s.Ident(), s.Number(), *_):
                paces = [words.key(v.text) if isinstance(v, s.Ident) else self._setting(v) for v in item.values]
                return " ".join([words.key("schedule"), *paces])
            case _:
                return " ".join([words.key(item.key), *map(self._setting, item.values)])

    def _setting(self, value: Value | s.Method | s.Inline) -> str:
        if isinstance(value, s.Number):
            return self.words.number(value)
        if isinstance(value, s.Ident):
            return self.words.setting(value.text)
        raise ValueError(f"not a setting: {value!r}")

    # ---- declarations with a block

    def _declaration(self, item: s.Ruleset | s.Object | s.Test | s.Scale | s.Grades | s.Lights | s.Funds) -> Row:
        words = self.words
        match item:
            case s.Ruleset():
                head = f"{words.key('ruleset')} {words.name(item.name)}"
                return self._opened(head, self.spaced(item.items), item.span)
            case s.Object():
                head = f"{words.key(item.kind)} {words.text(item.name.text)}"
                return self._opened(head, self.spaced(item.items), item.span)
            case s.Test():
                head = f"{words.key('test')} {words.text(item.title)}"
                return self._opened(head, [self.item(i) for i in item.items], item.span)
            case s.Scale():
                head = f"{words.key('scale')} {words.name(item.name)}"
                return self._opened(head, [self._level(level) for level in item.levels], item.span)
            case s.Grades():
                head = words.key("grades") + (f" {words.name(item.name)}" if item.name else "")
                return self._opened(head, [self._band(band) for band in item.bands], item.span)
            case s.Lights():
                head = words.key("lights") + (f" {words.setting(item.about.text)}" if item.about else "")
                return self._opened(head, [self._band(band) for band in item.bands], item.span)
            case s.Funds():
                title = f"{words.text(item.title)} " if item.title else ""
                head = f"{words.key('funds')} {title}{words.bare(item.unit.text)}"
                return self._opened(head, [self._line(line) for line in item.lines], item.span)
            case _:
                assert_never(item)

    def _opened(self, head: str, rows: Sequence[Row], span: Span) -> Row:
        cells = [Cell(head, "", span.start)]
        return _row([*cells, self._own_block(cells, rows, span, opened=bool(rows))], span)

    def _own_block(self, head: list[Cell], rows: Sequence[Row], span: Span, *, opened: bool) -> Cell:
        """The last cell of a row, with its block; a comment before the brace goes inside it."""
        start = max(cell.start for cell in head)
        return Cell("", "", start, block=self._block(rows, start, span.end, opened=opened))

    def _block(self, rows: Sequence[Row], start: int, end: int, *, opened: bool) -> Block:
        commented = bisect_left(self.comments, end) > bisect_left(self.comments, start)
        opened = opened or commented or any(map(_needs_a_line, rows))
        return Block(tuple(rows), Cell("}", "", max(start, end - 1)), opened)

    def _level(self, level: s.Level | s.Broken) -> Row:
        if isinstance(level, s.Broken):
            raise _broken(level)
        names = Cell(", ".join(map(self.words.name, level.words)), "", level.span.start)
        share = Cell("->", formula(level.share, self.words), level.share.span.start, "->")
        return _row([names, share], level.span, "level", 2)

    def _band(self, band: s.Band | s.Broken) -> Row:
        words = self.words
        if isinstance(band, s.Broken):
            raise _broken(band)
        if not band.limits:
            return _row([Cell(words.key("otherwise"), words.name(band.name), band.span.start)], band.span, "band")
        limits = f" {words.key('and')} ".join(f"{op} {words.number(number)}" for op, number in band.limits)
        name = Cell(words.name(band.name), "", band.span.start)
        return _row([name, Cell(limits, "", band.limits[0][1].span.start, "text")], band.span, "band", 2)

    # ---- funds and inputs

    def _line(self, line: s.Line | s.Broken) -> Row:
        words = self.words
        if isinstance(line, s.Broken):
            raise _broken(line)
        cells = [Cell(words.key(line.side), "", line.span.start)] if line.side else []
        cells.append(Cell(words.name(line.name), "", line.name.span.start))
        lead = len(cells)
        for period, number in line.amounts:
            text = words.number(number)
            cells.append(Cell(words.key(period), text, number.span.start, period, number=not number.unit))
        if line.alias:
            cells.append(Cell(words.key("as"), words.bare(line.alias), key="as"))
        cells.extend(map(self._remark, line.remarks))
        if line.lines is not None:
            rows = [self._line(inner) for inner in line.lines]
            cells.append(self._own_block(cells, rows, line.span, opened=bool(rows)))
        return _row(cells, line.span, "side" if line.side else "line", lead)

    def _input(self, item: s.Input) -> Row:
        words = self.words
        cells = [Cell(words.key("input"), words.name(item.name), item.span.start)]
        if item.alias:
            cells.append(Cell(words.key("as"), words.bare(item.alias), key="as"))
        if item.type:
            cells.append(Cell(":", words.name(item.type), item.type.span.start, ":"))
        if isinstance(item.domain, s.Words):
            names = ", ".join(map(words.name, item.domain.words))
            cells.append(Cell(words.key("values"), names, item.domain.span.start, "values"))
        elif item.domain:
            cells.append(self._domain(item.domain))
        if item.unit:
            cells.append(Cell(words.key("unit"), words.text(item.unit), key="unit"))
        return _row([*cells, *map(self._remark, item.remarks)], item.span, "input")

    def _domain(self, domain: s.Domain) -> Cell:
        words = self.words
        whole = [words.key("whole")] if domain.whole else []
        high = [words.number(domain.high)] if domain.high is not None else []
        text = " ".join([*whole, words.number(domain.low), "..", *high])
        return Cell(words.key("values"), text, domain.span.start, "values")

    def _remark(self, remark: s.Remark) -> Cell:
        text = self.words.text(remark.text)
        return Cell(self.words.key(remark.kind), text, remark.span.start, remark.kind, solo=remark.kind in _SOLO)

    def _accept(self, item: s.AcceptClause) -> Cell:
        text = f"{self.words.bare(item.code)} {self.words.text(item.reason)}"
        return Cell(self.words.key("accept"), text, item.span.start, "accept", solo=True)

    # ---- nodes and their clauses

    def _node(self, node: s.Node) -> Row:
        cells = [Cell(self.words.name(node.name), "", node.span.start), *self._about(node)]
        if node.children is None:
            return _row(cells, node.span, "node")
        rows = [self.item(child) for child in node.children]
        return _row([*cells, self._own_block(cells, rows, node.span, opened=bool(rows))], node.span)

    def _about(self, item: s.Node | s.Definition) -> list[Cell]:
        """What stands after the name: the formula and the clauses."""
        cells: list[Cell] = []
        if isinstance(item.formula, s.Cases):
            span = item.formula.span
            cells.append(Cell("=", "", span.start, "=", block=self._cases(item.formula.cases, span.start, span.end)))
        elif item.formula is not None:
            cells.append(Cell("=", formula(item.formula, self.words), item.formula.span.start, "="))
        return [*cells, *(self._clause(clause) for clause in item.clauses)]

    def _clause(self, clause: s.Clause) -> Cell:
        words, start = self.words, clause.span.start
        match clause:
            case s.ByClause():
                return self._by(words.key("by"), clause.method, clause.span)
            case s.DomainClause():
                return attrs.evolve(self._domain(clause.domain), start=start)
            case s.RemarkClause():
                return self._remark(clause.remark)
            case s.AcceptClause():
                return self._accept(clause)
            case s.Broken():
                raise _broken(clause)
            case s.TargetClause():
                return Cell(words.key(clause.period), words.text(clause.text), start, clause.period)
            case s.AppliesClause():
                return Cell(words.key("applies"), formula(clause.condition, words), start, "applies")
            case s.FactorClause():
                return Cell(words.key("factor"), formula(clause.value, words), start, "factor")
            case s.GatherClause():
                how = words.key("weighted") if clause.column else words.setting(clause.how)
                return Cell(
                    words.key("gather"), f"{how} {words.name(clause.column)}" if clause.column else how, start, "gather"
                )
            case _:
                return self._short(clause)

    def _short(self, clause: s.PointsClause | s.NumberClause | s.BonusClause | s.Flag | s.WordClause) -> Cell:
        words, start = self.words, clause.span.start
        match clause:
            case s.PointsClause():
                shared = f" {words.key('shared')}" if clause.shared else ""
                return Cell(words.key("points"), words.number(clause.points) + shared, start, "points")
            case s.NumberClause():
                return Cell(words.key(clause.key), words.number(clause.number), start, clause.key)
            case s.BonusClause():
                text = f"{words.number(clause.low)} .. {words.number(clause.high)}"
                return Cell(words.key("bonus"), text, start, "bonus")
            case s.Flag():
                return Cell(words.key(clause.key), "", start, clause.key)
            case s.WordClause():
                text = words.bare(clause.text) if clause.key == "as" else words.text(clause.text)
                return Cell(words.key(clause.key), text, start, clause.key)
            case _:
                assert_never(clause)

    # ---- rubrics

    def _by(self, word: str, method: s.Method | s.Inline, span: Span) -> Cell:
        words = self.words
        if isinstance(method, s.Method):
            args = method.arguments
            name = method.name + arguments(args, words) if args else words.named(method.name, method.span)
            return Cell(word, name, span.start, "by")
        head = self._head(method.head) if method.head else ""
        return Cell(word, head, span.start, "by", block=self._cases(method.cases, span.start, span.end))

    def _head(self, head: s.Head) -> str:
        words = self.words
        parts = [words.key(head.how)] if head.how else []
        if head.over is not None:
            parts += [words.key("over"), words.number(head.over)]
        if head.per:
            parts += [words.key("per"), words.path((head.per,))]
        if head.base is not None:
            parts += [words.key("from"), words.number(head.base)]
        return " ".join(parts)

    def _cases(self, cases: tuple[s.Case | s.Broken, ...], start: int, end: int) -> Block:
        return self._block([self._case(case) for case in cases], start, end, opened=len(cases) > MOST_CASES)

    def _case(self, case: s.Case | s.Broken) -> Row:
        words = self.words
        if isinstance(case, s.Broken):
            raise _broken(case)
        condition = words.key("otherwise") if case.condition is None else formula(case.condition, words)
        high = f" .. {formula(case.high, words)}" if case.high is not None else ""
        award = Cell("->", formula(case.award, words) + high, case.award.span.start, "->")
        return _row([Cell(condition, "", case.span.start), award], case.span, "case", 2)

    def _rubric(self, item: s.Rubric) -> Row:
        words, name = self.words, item.name.text
        if item.parameters:
            name += f"({', '.join(map(self._parameter, item.parameters))})"
        elif name in SPELLINGS and SPELLINGS[name].kind == "POINTS":
            name += "()"  # only before a bracket is this word a name
        else:
            name = words.bare(name)
        cells = [Cell(words.key("rubric"), name, item.span.start)]
        if item.head:
            cells.append(Cell(self._head(item.head), "", item.head.span.start))
        cells.extend(map(self._remark, item.remarks))
        rows = [self._case(case) for case in item.cases]
        return _row([*cells, self._own_block(cells, rows, item.span, opened=len(rows) > MOST_CASES)], item.span)

    def _parameter(self, parameter: s.Parameter) -> str:
        name = self.words.bare(parameter.name)
        return name if parameter.default is None else f"{name}: {formula(parameter.default, self.words)}"


def _row(cells: Sequence[Cell], span: Span, family: str = "", lead: int = 1) -> Row:
    return Row(tuple(cells), family, lead, blank_above(span))


def _needs_a_line(row: Row) -> bool:
    """Can nothing follow the row on its line?  年度 before a text would read as a period."""
    return "\n" in row.flat or row.flat.endswith("年度")


def _broken(piece: s.Broken) -> ValueError:
    return ValueError(f"a file with broken pieces cannot be laid out: {piece.span!r}")
