"""What each production of ``grammar/perf.lark`` makes: one method per action name, tokens in, syntax nodes out."""

from typing import Any

from perfdsl import syntax as s
from perfdsl.lalr import Token
from perfdsl.lex import fold
from perfdsl.text import Source, Span

Heads = list[Any]


class Origin:
    """The actions for one source; every node they make knows its place in it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.repeated: list[Span] = []  # words said a second time where only one can count

    # ---- small pieces

    def _at(self, start: Token, end: Token) -> Span:
        return tuple.__new__(Span, (start[2], end[3], self.source))

    def _word(self, token: Token) -> str:
        """A name as written: a soft keyword in the place of a name is that word again."""
        if token.kind in ("NAME", "TEXT"):
            return str(token.value)
        return fold(self.source.text[token.start : token.end])

    def _name(self, token: Token) -> s.Ident:
        return s.Ident(self._word(token), span=Span(token.start, token.end, self.source))

    def _text(self, token: Token) -> s.Text:
        return s.Text(str(token.value), span=Span(token.start, token.end, self.source))

    def start(self, items: list[Any] | None = None) -> list[Any]:
        return items or []

    def first(self, item: Any) -> list[Any]:
        return [item]

    def more(self, items: list[Any], _: Token, item: Any) -> list[Any]:
        items.append(item)
        return items

    def broken(self, token: Token) -> s.Broken:
        return s.Broken(token.value, span=self._at(token, token))

    def broken_block(self, token: Token, _: Token, *rest: Any) -> s.Broken:
        items = rest[0] if len(rest) == 2 else []
        return s.Broken(token.value, tuple(items), span=self._at(token, rest[-1]))

    # ---- declarations

    def one_more(self, items: list[Any], item: Any) -> list[Any]:
        items.append(item)
        return items

    def use(self, word: Token, name: Token, _: Token | None = None, picks: list[s.Pick] | None = None) -> s.Use:
        end = picks[-1].span.end if picks else name.end
        span = Span(word.start, end, self.source)
        return s.Use(self._name(name), name.kind == "TEXT", tuple(picks or ()), span=span)

    def pick(self, name: Token, _: Token | None = None, row: Token | None = None) -> s.Pick:
        return s.Pick(self._name(name), self._name(row) if row else None, span=self._at(name, row or name))

    def definition(self, word: Token, name: Token, clauses: list[Any] | None = None) -> s.Definition:
        return self._definition(word, self._node(name, None, clauses or [], None, None))

    def computed_definition(
        self, word: Token, name: Token, _: Token, formula: Any, clauses: list[Any] | None = None
    ) -> s.Definition:
        return self._definition(word, self._node(name, formula, clauses or [], None, None))

    def _definition(self, word: Token, node: s.Node) -> s.Definition:
        span = Span(word.start, node.span.end, self.source)
        return s.Definition(node.name, node.clauses, node.formula, span=span)

    def ruleset(self, word: Token, name: Token, _: Token, *rest: Any) -> s.Ruleset:
        return s.Ruleset(self._name(name), _body(rest), span=self._at(word, rest[-1]))

    def object(self, word: Token, name: Token, _: Token, *rest: Any) -> s.Object:
        return s.Object(word.value, self._name(name), _body(rest), span=self._at(word, rest[-1]))

    def rubric(self, word: Token, name: Token, *rest: Any) -> s.Rubric:
        return self._rubric(word, name, (), rest)

    def rubric_bare(self, word: Token, name: Token, _: Token, __: Token, *rest: Any) -> s.Rubric:
        return self._rubric(word, name, (), rest)

    def rubric_params(self, word: Token, name: Token, _: Token, params: list[Any], __: Token, *rest: Any) -> s.Rubric:
        return self._rubric(word, name, tuple(params), rest)

    def _rubric(self, word: Token, name: Token, params: tuple[s.Parameter, ...], rest: tuple[Any, ...]) -> s.Rubric:
        heads, cases = _heads_and_body(rest)
        remarks = tuple(h for h in heads if isinstance(h, s.Remark))
        head = self._head([h for h in heads if not isinstance(h, s.Remark)])
        return s.Rubric(self._name(name), params, cases, head, remarks, span=self._at(word, rest[-1]))

    def param(self, name: Token) -> s.Parameter:
        return s.Parameter(self._word(name), span=self._at(name, name))

    def param_default(self, name: Token, _: Token, value: s.Expr) -> s.Parameter:
        return s.Parameter(self._word(name), value, span=Span(name.start, value.span.end, self.source))

    def aggregate(self, word: Token) -> tuple[str, Any, Token]:
        return "how", word.value, word

    def per(self, word: Token, name: Token) -> tuple[str, Any, Token]:
        return "per", self._word(name), word

    def base(self, word: Token, number: Any) -> tuple[str, Any, Token]:
        return "base", _number(number), word

    def over(self, word: Token, number: Token) -> tuple[str, Any, Token]:
        return "over", number.value, word

    def _head(self, parts: Heads) -> s.Head | None:
        given = {part[0]: part[1] for part in parts if isinstance(part, tuple) and part[1] != ""}
        if not given:
            return None
        tokens = [part[2] for part in parts if isinstance(part, tuple)]
        self._once([(part[0], self._at(part[2], part[2])) for part in parts if isinstance(part, tuple)])
        span = self._at(tokens[0], tokens[-1])
        return s.Head(given.get("how", ""), given.get("per", ""), given.get("over"), given.get("base"), span=span)

    def _once(self, said: list[tuple[str, Span]]) -> None:
        """Remember every word that was said before."""
        seen: set[str] = set()
        for word, span in said:
            if word in seen:
                self.repeated.append(span)
            seen.add(word)

    def scale(self, word: Token, name: Token, _: Token, *rest: Any) -> s.Scale:
        return s.Scale(self._name(name), _body(rest), span=self._at(word, rest[-1]))

    def level(self, words: list[Token], _: Token, share: s.Expr) -> s.Level:
        span = Span(words[0].start, share.span.end, self.source)
        return s.Level(tuple(self._name(w) for w in words), share, span=span)

    def grades(self, word: Token, _: Token, *rest: Any) -> s.Grades:
        return s.Grades(_body(rest), span=self._at(word, rest[-1]))

    def named_grades(self, word: Token, name: Token, _: Token, *rest: Any) -> s.Grades:
        return s.Grades(_body(rest), self._name(name), span=self._at(word, rest[-1]))

    def lights(self, word: Token, _: Token, *rest: Any) -> s.Lights:
        return s.Lights(_body(rest), span=self._at(word, rest[-1]))

    def named_lights(self, word: Token, about: Token, _: Token, *rest: Any) -> s.Lights:
        return s.Lights(_body(rest), self._name(about), span=self._at(word, rest[-1]))

    def band(self, name: Token, limits: list[tuple[str, s.Number]]) -> s.Band:
        return s.Band(self._name(name), tuple(limits), span=Span(name.start, limits[-1][1].span.end, self.source))

    def last_band(self, word: Token, name: Token) -> s.Band:
        return s.Band(self._name(name), (), span=self._at(word, name))

    def half_chain(self, op: Token, number: Token) -> list[tuple[str, s.Number]]:
        return [(op.value, number.value)]

    def full_chain(self, op: Token, number: Token, _: Token, op2: Token, number2: Token) -> list[tuple[str, s.Number]]:
        return [(op.value, number.value), (op2.value, number2.value)]

    # ---- headers, funds, inputs

    def _header(self, word: Token, *values: Any, key: str = "") -> s.Header:
        end = values[-1].span.end if values else word.end
        return s.Header(key or word.value, values, span=Span(word.start, end, self.source))

    def year(self, word: Token, number: Token) -> s.Header:
        return self._header(word, number.value)

    def agency(self, word: Token, text: Token) -> s.Header:
        return self._header(word, self._text(text))

    def total(self, word: Token, number: Token) -> s.Header:
        return self._header(word, number.value)

    def total_up_to(self, word: Token, number: Token, _: Token, most: Token) -> s.Header:
        return self._header(word, number.value, most.value)

    def rounding(self, word: Token, number: Token) -> s.Header:
        return self._header(word, number.value)

    def missing(self, word: Token, name: Token) -> s.Header:
        return self._header(word, self._name(name))

    def not_applicable(self, word: Token, name: Token) -> s.Header:
        if name.kind == "PERIOD":
            name = Token("NAME", fold(self.source.text[name.start : name.end]), name.start, name.end)
        return self._header(word, self._name(name))

    def not_applicable_to(self, word: Token, _: Token, path: list[Token]) -> s.Header:
        return self._header(word, *(self._name(p) for p in path), key="not_applicable to")

    def default(self, word: Token, name: Token, _: Token, method: s.Method | s.Inline) -> s.Header:
        return self._header(word, self._name(name), method)

    def info(self, word: Token, name: Token, text: Token) -> s.Header:
        return self._header(word, self._text(name), self._text(text))

    def schedule(self, word: Token, name: Token) -> s.Header:
        return self._header(word, self._name(name))

    def schedule_table(self, word: Token, paces: list[tuple[s.Ident, s.Number]]) -> s.Header:
        return self._header(word, *(part for pace in paces for part in pace))

    def pace(self, period: Token, number: Token) -> tuple[s.Ident, s.Number]:
        return s.Ident(period.value, span=self._at(period, period)), number.value

    def effective_from(self, word: Token, start: Token, _: Token | None = None) -> s.Header:
        return self._header(word, self._name(start))

    def effective_between(self, word: Token, start: Token, _: Token, end: Token) -> s.Header:
        return self._header(word, self._name(start), self._name(end))

    def remark(self, word: Token, text: Token) -> s.Remark:
        return s.Remark(word.value, text.value, span=self._at(word, text))

    def funds(self, word: Token, unit: Token, _: Token, *rest: Any) -> s.Funds:
        return s.Funds(self._name(unit), _body(rest), span=self._at(word, rest[-1]))

    def titled_funds(self, word: Token, title: Token, unit: Token, _: Token, *rest: Any) -> s.Funds:
        return s.Funds(self._name(unit), _body(rest), title.value, span=self._at(word, rest[-1]))

    def side_line(self, side: Token, name: Token, parts: list[Any] | None = None) -> s.Line:
        return self._line(side, name, parts or [], None, None)

    def side_group(self, side: Token, name: Token, *rest: Any) -> s.Line:
        parts, body = _heads_and_body(rest)
        return self._line(side, name, parts, body, rest[-1])

    def plain_line(self, name: Token, parts: list[Any] | None = None) -> s.Line:
        return self._line(None, name, parts or [], None, None)

    def plain_group(self, name: Token, *rest: Any) -> s.Line:
        parts, body = _heads_and_body(rest)
        return self._line(None, name, parts, body, rest[-1])

    def _line(self, side: Token | None, name: Token, parts: list[Any], body: Any, end: Token | None) -> s.Line:
        amounts = tuple((p[0], p[1]) for p in parts if isinstance(p, tuple))
        remarks = tuple(p for p in parts if isinstance(p, s.Remark))
        alias = next((p.text for p in parts if isinstance(p, s.WordClause)), "")
        self._once([(p.key, p.span) for p in parts if isinstance(p, s.WordClause)])
        stop = end.end if end else max([name.end, *(_end(p) for p in parts)])
        span = Span((side or name).start, stop, self.source)
        return s.Line(side.value if side else "", self._name(name), amounts, body, alias, remarks, span=span)

    def amount(self, period: Token, number: Any) -> tuple[str, s.Number]:
        return period.value, _number(number)

    def input(self, word: Token, name: Token, parts: list[Any] | None = None) -> s.Input:
        parts = parts or []
        alias = next((p.text for p in parts if isinstance(p, s.WordClause) and p.key == "as"), "")
        unit = next((p.text for p in parts if isinstance(p, s.WordClause) and p.key == "unit"), "")
        kind = next((p for p in parts if isinstance(p, s.Ident)), None)
        self._once([(_part_word(p), p.span) for p in parts if not isinstance(p, (s.Remark, s.Broken))])
        domain = next((p.domain if isinstance(p, s.DomainClause) else p for p in parts
                       if isinstance(p, (s.DomainClause, s.Words))), None)  # fmt: skip
        remarks = tuple(p for p in parts if isinstance(p, s.Remark))
        span = Span(word.start, max([name.end, *(_end(p) for p in parts)]), self.source)
        return s.Input(self._name(name), alias, kind, domain, unit, remarks, span=span)

    def input_type(self, _: Token, name: Token) -> s.Ident:
        return self._name(name)

    def value_words(self, word: Token, words: list[Token]) -> s.Words:
        return s.Words(tuple(self._name(w) for w in words), span=self._at(word, words[-1]))

    # ---- nodes and clauses

    def leaf(self, name: Token, clauses: list[Any] | None = None) -> s.Node:
        return self._node(name, None, clauses or [], None, None)

    def branch(self, name: Token, *rest: Any) -> s.Node:
        clauses, children = _heads_and_body(rest)
        return self._node(name, None, clauses, children, rest[-1])

    def computed(self, name: Token, _: Token, formula: Any, clauses: list[Any] | None = None) -> s.Node:
        return self._node(name, formula, clauses or [], None, None)

    def computed_branch(self, name: Token, _: Token, formula: Any, *rest: Any) -> s.Node:
        clauses, children = _heads_and_body(rest)
        return self._node(name, formula, clauses, children, rest[-1])

    def _node(self, name: Token, formula: Any, clauses: list[Any], children: Any, end: Token | None) -> s.Node:
        if end is not None:
            stop = end.end
        elif clauses:
            stop = clauses[-1].span.end
        else:
            stop = formula.span.end if formula is not None else name.end
        made = tuple([s.RemarkClause(c, span=c.span) if c.__class__ is s.Remark else c for c in clauses])
        span = tuple.__new__(Span, (name.start, stop, self.source))
        return s.Node(self._name(name), made, formula, children, span=span)

    def formula_cases(self, start: Token, *rest: Any) -> s.Cases:
        return s.Cases(_body(rest), span=self._at(start, rest[-1]))

    def target(self, period: Token, text: Token) -> s.TargetClause:
        start, end = text.start, text.end
        quotes = 3 if end - start >= 6 and self.source.text[start + 1] in '"＂' else 1
        cell = tuple.__new__(Span, (start + quotes, max(start + quotes, end - quotes), self.source))
        return s.TargetClause(period.value, text.value, span=self._at(period, text), cell=cell)

    def unquoted_target(self, period: Token, number: Any) -> s.NumberClause:
        made = _number(number)
        return s.NumberClause(period.value, made, span=Span(period.start, made.span.end, self.source))

    def points(self, word: Token, number: Token) -> s.PointsClause:
        return s.PointsClause(number.value, span=self._at(word, number))

    def points_shared(self, word: Token, number: Token, shared: Token) -> s.PointsClause:
        return s.PointsClause(number.value, True, span=self._at(word, shared))

    def up_to(self, word: Token, number: Token) -> s.NumberClause:
        return s.NumberClause("up to", number.value, span=self._at(word, number))

    def weight(self, word: Token, number: Token) -> s.NumberClause:
        return s.NumberClause("weight", number.value, span=self._at(word, number))

    def bonus(self, word: Token, low: Any, _: Token, high: Any) -> s.BonusClause:
        return s.BonusClause(_number(low), _number(high), span=Span(word.start, _number(high).span.end, self.source))

    def flag(self, word: Token) -> s.Flag:
        return s.Flag(word.value, span=self._at(word, word))

    def by(self, word: Token, method: s.Method | s.Inline) -> s.ByClause:
        return s.ByClause(method, span=Span(word.start, method.span.end, self.source))

    def applies(self, word: Token, condition: s.Expr) -> s.AppliesClause:
        return s.AppliesClause(condition, span=Span(word.start, condition.span.end, self.source))

    def factor(self, word: Token, value: s.Expr) -> s.FactorClause:
        return s.FactorClause(value, span=Span(word.start, value.span.end, self.source))

    def gather(self, word: Token, how: Token) -> s.GatherClause:
        return s.GatherClause(self._word(how), span=self._at(word, how))

    def gather_weighted(self, word: Token, _: Token, column: Token) -> s.GatherClause:
        return s.GatherClause("weighted", self._name(column), span=self._at(word, column))

    def accept(self, word: Token, code: Token, reason: Token) -> s.AcceptClause:
        return s.AcceptClause(self._word(code), reason.value, span=self._at(word, reason))

    def unit(self, word: Token, text: Token) -> s.WordClause:
        return s.WordClause("unit", self._word(text), span=self._at(word, text))

    def short(self, word: Token, name: Token) -> s.WordClause:
        return s.WordClause("as", self._word(name), span=self._at(word, name))

    def values_from(self, word: Token, low: Any, dots: Token) -> s.DomainClause:
        return self._domain(word, low, None, dots, whole=False)

    def values_between(self, word: Token, low: Any, dots: Token, high: Any) -> s.DomainClause:
        return self._domain(word, low, high, dots, whole=False)

    def whole_from(self, word: Token, _: Token, low: Any, dots: Token) -> s.DomainClause:
        return self._domain(word, low, None, dots, whole=True)

    def whole_between(self, word: Token, _: Token, low: Any, dots: Token, high: Any) -> s.DomainClause:
        return self._domain(word, low, high, dots, whole=True)

    def _domain(self, word: Token, low: Any, high: Any, dots: Token, *, whole: bool) -> s.DomainClause:
        top = _number(high) if high is not None else None
        span = Span(word.start, top.span.end if top else dots.end, self.source)
        return s.DomainClause(s.Domain(_number(low), top, whole, span=span), span=span)

    def negative(self, sign: Token, number: Token) -> s.Number:
        made: s.Number = number.value
        span = Span(sign.start, number.end, self.source)
        return s.Number(-made.value, made.unit, "-" + made.text, span=span)

    # ---- rubrics and expressions

    def named_method(self, name: Token) -> s.Method:
        return s.Method(self._word(name), span=self._at(name, name))

    def called_method(self, name: Token, _: Token, arguments: list[s.Argument], end: Token) -> s.Method:
        return s.Method(name.value, tuple(arguments), span=self._at(name, end))

    def called_bare(self, name: Token, _: Token, end: Token) -> s.Method:
        return s.Method(name.value, span=self._at(name, end))

    def inline_method(self, start: Token, *rest: Any) -> s.Inline:
        return s.Inline(_body(rest), span=self._at(start, rest[-1]))

    def inline_entries(self, word: Token, *rest: Any) -> s.Inline:
        heads, cases = _heads_and_body(rest)
        head = self._head([("how", word.value, word), *heads])
        return s.Inline(cases, head, span=self._at(word, rest[-1]))

    def arg(self, value: s.Expr) -> s.Argument:
        return s.Argument(value, span=value.span)

    def pair(self, label: s.Expr, _: Token, value: s.Expr) -> s.Argument:
        return s.Argument(value, label, span=label.span.to(value.span))

    def case(self, condition: s.Expr, _: Token, award: Any) -> s.Case:
        return self._case(condition, award, condition.span.start)

    def otherwise(self, word: Token, _: Token, award: Any) -> s.Case:
        return self._case(None, award, word.start)

    def _case(self, condition: s.Expr | None, award: Any, start: int) -> s.Case:
        low, high = award if isinstance(award, tuple) else (award, None)
        return s.Case(condition, low, high, span=Span(start, (high or low).span.end, self.source))

    def between(self, low: Any, _: Token, high: Any) -> tuple[Any, Any]:
        return low, high

    def either_of(self, left: s.Expr, _: Token, right: s.Expr) -> s.Expr:
        return _logic("or", left, right)

    def both_of(self, left: s.Expr, _: Token, right: s.Expr) -> s.Expr:
        return _logic("and", left, right)

    def not_so(self, word: Token, operand: s.Expr) -> s.Expr:
        return s.Not(operand, span=Span(word.start, operand.span.end, self.source))

    def compared(self, left: s.Expr, op: Token, right: s.Expr) -> s.Expr:
        return s.Compare(op.value, left, right, span=left.span.to(right.span))

    def compared_actual(self, op: Token, right: s.Expr) -> s.Expr:
        return s.Compare(op.value, None, right, span=Span(op.start, right.span.end, self.source))

    def plus(self, left: s.Expr, _: Token, right: s.Expr) -> s.Expr:
        return _chain("+", "+-", left, right)

    def minus(self, left: s.Expr, _: Token, right: s.Expr) -> s.Expr:
        return _chain("-", "+-", left, right)

    def times(self, left: s.Expr, _: Token, right: s.Expr) -> s.Expr:
        return _chain("*", "*/", left, right)

    def over_by(self, left: s.Expr, _: Token, right: s.Expr) -> s.Expr:
        return _chain("/", "*/", left, right)

    def minus_one(self, sign: Token, operand: s.Expr) -> s.Expr:
        span = Span(sign.start, operand.span.end, self.source)
        if isinstance(operand, s.Number):
            return s.Number(-operand.value, operand.unit, "-" + operand.text, span=span)
        return s.Negative(operand, span=span)

    def number(self, token: Token) -> s.Expr:
        made: s.Number = token.value
        return made

    def text(self, token: Token) -> s.Expr:
        return self._text(token)

    def reference(self, token: Token) -> s.Expr:
        return s.Reference(self._word(token), span=Span(token.start, token.end, self.source))

    def call(self, name: Token, _: Token, arguments: list[s.Argument], end: Token) -> s.Expr:
        return s.Call(name.value, tuple(arguments), span=self._at(name, end))

    def call_bare(self, name: Token, _: Token, end: Token) -> s.Expr:
        return s.Call(name.value, (), span=self._at(name, end))

    def bracket(self, start: Token, inner: s.Expr, end: Token) -> s.Expr:
        return s.Bracket(inner, span=self._at(start, end))

    def ceiling(self, word: Token, condition: s.Expr, _: Token, limit: s.Expr) -> s.Ceiling:
        return s.Ceiling(condition, limit, span=Span(word.start, limit.span.end, self.source))

    def award(self, word: Token, name: Token, _: Token, condition: s.Expr) -> s.Award:
        return s.Award(self._name(name), condition, span=Span(word.start, condition.span.end, self.source))

    # ---- tests

    def test(self, word: Token, title: Token, _: Token, *rest: Any) -> s.Test:
        return s.Test(title.value, _body(rest), span=self._at(word, rest[-1]))

    def first_name(self, name: Token) -> list[Token]:
        return [name]

    def more_name(self, names: list[Token], _: Token, name: Token) -> list[Token]:
        return [*names, name]

    def _value(self, value: Any) -> Any:
        if isinstance(value, s.Number):
            return value
        if value.kind == "NUMBER":
            return value.value
        if value.kind == "PERIOD":
            return s.Ident(value.value, span=self._at(value, value))
        return self._text(value) if value.kind == "TEXT" else self._name(value)

    def given(self, word: Token, path: list[Token], value: Any, extras: list[Any] | None = None) -> s.Given:
        made = self._value(value)
        end = extras[-1][1].span.end if extras else made.span.end
        names = tuple(self._word(p) for p in path)
        return s.Given(names, made, tuple(extras or ()), span=Span(word.start, end, self.source))

    def extra(self, _: Token, name: Token, value: Any) -> tuple[str, Any]:
        return self._word(name), self._value(value)

    def expect_total(self, word: Token, _: Token, figure: Any, extras: list[Any] | None = None) -> s.Expect:
        return self._expect(word, "total", [], figure, extras)

    def expect_grade(self, word: Token, _: Token, name: Token, extras: list[Any] | None = None) -> s.Expect:
        return self._expect(word, "grade", [], name, extras)

    def expect_score(
        self, word: Token, path: list[Token], _: Token, figure: Any, extras: list[Any] | None = None
    ) -> s.Expect:
        return self._expect(word, "score", path, figure, extras)

    def expect_word(
        self, word: Token, path: list[Token], what: Token, value: Token, extras: list[Any] | None = None
    ) -> s.Expect:
        return self._expect(word, what.value, path, value, extras)

    def _expect(self, word: Token, what: str, path: list[Token], figure: Any, extras: list[Any] | None) -> s.Expect:
        low, high = figure if isinstance(figure, tuple) and len(figure) == 2 else (figure, None)
        made, top = self._value(low), self._value(high) if high is not None else None
        end = extras[-1][1].span.end if extras else (top or made).span.end
        span = Span(word.start, end, self.source)
        return s.Expect(what, tuple(self._word(p) for p in path), made, top, tuple(extras or ()), span=span)


def _body(rest: tuple[Any, ...]) -> tuple[Any, ...]:
    """The items before the closing brace, if there are any."""
    return tuple(rest[0]) if len(rest) == 2 else ()


def _heads_and_body(rest: tuple[Any, ...]) -> tuple[list[Any], tuple[Any, ...]]:
    """``[heads] { [items] }`` split into its two lists."""
    brace = next(i for i, part in enumerate(rest) if isinstance(part, Token) and part.kind == "LB")
    heads = rest[0] if brace == 1 else []
    return heads, _body(rest[brace + 1 :])


def _part_word(part: Any) -> str:
    if isinstance(part, s.WordClause):
        return part.key
    return ":" if isinstance(part, s.Ident) else "values"


def _number(value: Any) -> s.Number:
    return value if isinstance(value, s.Number) else value.value


def _end(part: Any) -> int:
    if isinstance(part, tuple):
        return int(part[1].span.end)
    return int(part.span.end)


def _logic(op: str, left: s.Expr, right: s.Expr) -> s.Expr:
    span = left.span.to(right.span)
    if isinstance(left, s.Logic) and left.op == op:
        return s.Logic(op, (*left.operands, right), span=span)
    return s.Logic(op, (left, right), span=span)


def _chain(op: str, family: str, left: s.Expr, right: s.Expr) -> s.Expr:
    span = left.span.to(right.span)
    if isinstance(left, s.Chain) and left.rest[0][0] in family:
        return s.Chain(left.first, (*left.rest, (op, right)), span=span)
    return s.Chain(left, ((op, right),), span=span)


ACTIONS = tuple(name for name in vars(Origin) if not name.startswith("_"))
