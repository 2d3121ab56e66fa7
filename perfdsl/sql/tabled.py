"""A plan over a table of a database: which columns it needs, what they may hold, and what there is to say of its rows."""

import re
from datetime import date
from fractions import Fraction
from math import ceil, floor

import attrs

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl import program as g
from perfdsl import target as t
from perfdsl.actuals import Observed
from perfdsl.core import Domain
from perfdsl.evaluate import Engine
from perfdsl.integers import apart_of, to_integers, units_of
from perfdsl.observe import is_word
from perfdsl.quantity import NO_UNIT, Unit, fold_width, format_number
from perfdsl.sql.expressions import roots
from perfdsl.sql.script import STATUS_WORDS
from perfdsl.sql.sources import ABSENT_SAYS, DAY, FLAG, WORD, Field, Note, Table

LAST_DAY = date.max.toordinal()
FREE = Domain(None, None)
ABSENT, REVIEW = OPTIONAL = ("不适用", "复核分")
CASES = {
    "met": "达标", "otherwise": "其余", "missing": "没有完成值", "completion": "完成率", "actual": "完成值", "prior": "上年值", "points": "分值",
    "target": "指标值", "gap": "差距", "excess": "超出", "mark": "评分", "not": "不", "and": "且", "or": "或",
}  # fmt: skip


@attrs.frozen(kw_only=True)
class Wanted:
    """How a table is to be read: the period, decimals and digits of its numbers, and the optional columns it has."""

    period: str = "full"
    as_of: date | None = None
    table: str = "完成值"
    key: str = "对象"
    places: int = 4
    digits: int = 14
    also: frozenset[str] = frozenset()


def to_table(plan: p.Plan, wanted: Wanted) -> tuple[g.Program, Table]:
    """The program of ``plan`` over a table that has exactly the columns it looks at; raises ``NotCovered``."""
    made = _Fields(plan, wanted)
    fields = made.all()
    program = to_integers(plan, [x.column for x in fields], wanted.period, wanted.as_of)
    asked, said = _asked(program)
    kept = [made.with_words(x, said.get(x.column.name, set())) for x in fields if x.column.name in asked]
    program = attrs.evolve(program, columns=tuple(x.column for x in kept))
    notes = {"/".join(i.path): made.note(i) for i in plan.indicators}
    return program, Table(name=wanted.table, key=wanted.key, object=plan.object, fields=tuple(kept), notes=notes)


class _Fields:
    """The columns a table may have for a plan."""

    def __init__(self, plan: p.Plan, wanted: Wanted) -> None:
        self.plan = plan
        self.wanted = wanted
        self.engine = Engine(plan, Observed({}, {}, {}), wanted.period, wanted.as_of)
        self.apart = frozenset(apart_of(plan))
        names = [i.path[-1] for i in plan.indicators] + [i.name for i in plan.inputs]
        self.headings = {
            "/".join(i.path): i.path[-1] if names.count(i.path[-1]) == 1 else "/".join(i.path) for i in plan.indicators
        }
        self.words: dict[str, tuple[tuple[str, str], ...]] = {}

    def all(self) -> list[Field]:
        """All of them, in the order of the plan."""
        found: list[Field] = []
        for row in self.plan.indicators:
            path = "/".join(row.path)
            found += self.scored_before(path) if path in self.apart else self.indicator(row, path)
        found += [self.input(x) for x in self.plan.inputs]
        return found + [self.spent(x) for x in sorted(_spent(self.plan))]

    def indicator(self, row: p.PlanIndicator, path: str) -> list[Field]:
        """The value of a row, the value of the year before, the assessor's mark, the reviewer's score."""
        heading = self.headings[path]
        target = next((x for x in row.targets if x.period == self.wanted.period), None)
        found: list[Field] = []
        if row.formula is None:
            found.append(self.value(row, target, heading))
            unit = self.unit(row, target)
            prior = self.number(f"prior:{path}", f"{heading}.上年值", unit, FREE)
            found.append(attrs.evolve(prior, about="上年值，" + prior.about))
        elif ABSENT in self.wanted.also:
            column = g.Column(name=f"value:{path}", states=frozenset({g.MISSING, g.ABSENT}))
            found.append(Field(column=column, heading=f"{heading}.{ABSENT}", kind=FLAG, about=ABSENT_SAYS))
        for kind, word in (("mark", "评分"), ("override", REVIEW)):
            if row.scoring is not None and (kind == "mark" or REVIEW in self.wanted.also):
                ends = (Fraction(0), row.points or Fraction(0), row.scoring.low, row.scoring.high)
                domain = Domain(min(ends), max(ends))
                made = self.number(f"{kind}:{path}", f"{heading}.{word}", NO_UNIT, domain)
                found.append(
                    attrs.evolve(
                        made,
                        about=f"{word}，分，{format_number(min(ends))}至{format_number(max(ends))}",
                        scale="1 即 " + format_number(Fraction(1, made.column.per)) + "分",
                    )
                )
        return found

    def unit(self, row: p.PlanIndicator, target: p.PlanTarget | None) -> Unit:
        """The unit plain numbers are in."""
        return (target.unit if target is not None else None) or row.unit or NO_UNIT

    def value(self, row: p.PlanIndicator, target: p.PlanTarget | None, heading: str) -> Field:
        """The value: a word, a day, or a number in its unit."""
        name = f"value:{'/'.join(row.path)}"
        aimed = target.target if target is not None else None
        if is_word(row, aimed):
            self.words[name] = _words(row, aimed)
            column = g.Column(name=name, states=frozenset({g.WORD, g.MISSING, g.ABSENT}))
            return Field(column=column, heading=heading, kind=WORD, about="文字")
        if aimed is not None and isinstance(aimed.meaning, t.Deadline):
            column = g.Column(name=name, low=1, high=LAST_DAY, states=self.states())
            made = Field(column=column, heading=heading, kind=DAY, low=1, high=LAST_DAY, about="日期（DATE）")
        else:
            made = self.number(name, heading, self.unit(row, target), row.domain)
        gathered = "，各单位汇总后的值" if row.gather is not None else ""
        made = attrs.evolve(made, about=made.about + gathered)
        return attrs.evolve(made, absent=f"{heading}.{ABSENT}") if ABSENT in self.wanted.also else made

    def states(self) -> frozenset[str]:
        """What a number's column may be."""
        return frozenset({g.NUMBER, g.MISSING, *((g.ABSENT,) if ABSENT in self.wanted.also else ())})

    def number(self, name: str, heading: str, unit: Unit, domain: Domain) -> Field:
        """A number in its unit, inside its domain."""
        places = self.wanted.places
        ratio = domain.step / unit.scale if domain.whole else Fraction(1)
        if domain.whole and ratio.denominator == 1:
            places = 0
        size = 10**places
        most = 10 ** (self.wanted.digits)
        low = -most if domain.low is None else max(-most, ceil(domain.low / unit.scale * size))
        high = most if domain.high is None else min(most, floor(domain.high / unit.scale * size))
        by = unit.scale / size
        column = g.Column(
            name=name, per=by.denominator, low=min(low, high) * by.numerator, high=max(low, high) * by.numerator,
            states=self.states() if name.startswith("value:") else frozenset({g.NUMBER, g.MISSING}),
        )  # fmt: skip
        about = f"单位：{unit.text or '无'}，" + (f"最多{places}位小数" if places else "整数")
        small = f"0.{'0' * (places - 1)}1" if places else "1"
        return Field(
            column=column, heading=heading, scale="" if by.numerator > 1 else f"1 即 {small}{unit.text}", places=places, times=by.numerator, low=low, high=high,
            step=(ratio * size).numerator if domain.whole else 1, about=about,
        )  # fmt: skip

    def input(self, item: p.PlanInput) -> Field:
        """A raw datum."""
        name = f"input:{item.name}"
        if not item.is_word:
            return self.number(name, item.name, item.unit or NO_UNIT, item.domain)
        self.words[name] = tuple((x, x) for x in item.words)
        column = g.Column(name=name, states=frozenset({g.WORD, g.MISSING}))
        about = "文字" + (f"：{'、'.join(item.words)}" if item.words else "")
        return Field(column=column, heading=item.name, kind=WORD, allowed=tuple(map(bare, item.words)), about=about)

    def spent(self, key: str) -> Field:
        """Money spent or received, in the unit of the table of funds."""
        unit = next((x.unit for x in self.plan.funds if not x.title), Unit("万元", Fraction(10000), (("money", 1),)))
        side, _, line = key.partition("/")
        heading = {"income": "收入", "spend": "支出"}.get(side, side) + (f"/{line}" if line else "")
        return self.number(f"spent:{key}", heading, unit, FREE)

    def scored_before(self, path: str) -> list[Field]:
        """The results of a row that is scored entry by entry, which no column of values holds: from ``perfdsl batch``."""
        units = units_of(self.engine)
        places = next(x for x in range(13, -1, -1) if units % 10**x == 0)
        row = self.engine.rows[path]
        assert row.scoring is not None  # it is scored
        ends = [row.scoring.low, row.scoring.high, Fraction(0), row.points or Fraction(0)]
        ends += [x for _, low, high in row.possible for x in (low, high)]
        heading, only = self.headings[path], frozenset({g.NUMBER})
        size = 10**places
        low, high = floor(min(ends) * size), ceil(max(ends) * size)
        by = units // size
        limits = [
            Field(
                column=g.Column(name=f"{kind}:{path}", low=low * by, high=high * by, states=only), heading=f"{heading}.{word}",
                places=places, times=by, low=low, high=high, about=f"逐条打分的行：{word}，由 perfdsl 算好",
            )
            for kind, word in (("low", "最低得分"), ("high", "最高得分"))
        ]  # fmt: skip
        flags = [
            Field(
                column=g.Column(name=f"{kind}:{path}", low=0, high=most, states=only), heading=f"{heading}.{word}",
                low=0, high=most, about=f"逐条打分的行：{word}",
            )
            for kind, word, most in (("open", "未定", 1), ("case", "情形", len(row.scoring.cases)))
        ]  # fmt: skip
        status = g.Column(name=f"status:{path}", states=frozenset({g.WORD}), words=tuple(STATUS_WORDS))
        told = tuple((said, key) for key, word in STATUS_WORDS.items() for said in (word, key))
        return [
            *limits,
            *flags,
            Field(column=status, heading=f"{heading}.状态", kind=WORD, words=told, about="逐条打分的行：状态"),
        ]

    def with_words(self, field: Field, asked: set[str]) -> Field:
        """A column of words with those the rules ask for, and all that means one of them."""
        if field.kind != WORD or field.words:
            return field
        told = dict(self.words.get(field.column.name, ()))
        told = {said: word for said, word in told.items() if word in asked} | {
            x: x for x in sorted(asked) if x not in told
        }
        words = tuple(sorted(set(told.values())))
        plain: dict[str, str] = {}
        for said, word in told.items():
            for one in (bare(said), bare(fold_width(said))):
                plain.setdefault(one, word)
        return attrs.evolve(field, column=attrs.evolve(field.column, words=words), words=tuple(plain.items()))

    def note(self, row: p.PlanIndicator) -> Note:
        """What a row is judged by."""
        target = self.engine.target_of(row)
        worth = f"{format_number(row.points)}分" if row.points is not None else ""
        aim = "，".join(x for x in (target.target.text if target is not None else "", worth) if x)
        cases = row.scoring.cases if row.scoring is not None else ()
        return Note("/".join(row.path), aim, tuple(_case(x) for x in cases))


def bare(text: str) -> str:
    """A word as a statement reads it: without spaces, and without a full stop at its end."""
    return "".join(text.split()).rstrip("。.")


def _case(case: c.Case) -> str:
    said = (re.sub(r"[a-z]+", lambda word: CASES.get(word[0], word[0]), x) for x in (case.text, case.award_text))
    return "，得 ".join(said)


def _words(row: p.PlanIndicator, aimed: t.Target | None) -> tuple[tuple[str, str], ...]:
    """What may be said, each with the word it means: the target's own text first, then the scale."""
    found: dict[str, str] = {}
    if aimed is not None:
        word = aimed.meaning.word if isinstance(aimed.meaning, t.Level) else aimed.text.strip()
        found[aimed.text.strip()] = word
    for said, word in row.words:
        found.setdefault(said, word)
    return tuple(found.items())


def _spent(plan: p.Plan) -> set[str]:
    """The lines of money any rule looks at."""
    exprs: list[c.Expr] = [x.condition for x in plan.ceilings] + [x.condition for x in plan.awards]
    exprs += [x.applies for x in plan.groups if x.applies is not None]
    exprs += [x.factor.value for x in plan.groups if x.factor is not None]
    for row in plan.indicators:
        exprs += [x for x in (row.formula, row.applies) if x is not None]
        exprs += [
            x
            for case in (row.scoring.cases if row.scoring else ())
            for x in (case.when, case.award, case.high)
            if x is not None
        ]
    names = {name for x in exprs for name in c.references(x)}
    return {name.partition(":")[2] for name in names if name.startswith("spent:")}


def _asked(program: g.Program) -> tuple[set[str], dict[str, set[str]]]:
    """The columns a program looks at, and the words it asks for in each."""
    found: set[str] = set()
    said: dict[str, set[str]] = {}
    for one in g.everything(roots(program)):
        match one:
            case g.Cell(name) | g.State(name, _):
                found.add(name)
            case g.Said(name, word):
                found.add(name)
                said.setdefault(name, set()).add(word)
    return found | {f"{kind}:{x}" for x in program.apart for kind in ("low", "high", "open", "status", "case")}, said
