"""One scored object as formulas: what is given, what each row works with, scores, sums, total and grade.

Every name the rules look at becomes a line of the sheet of workings, made when something first asks for it; the score of a
row, the sum of a group and the total are formulas over those lines and over the cells of the form.
"""

from fractions import Fraction

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl import target as t
from perfdsl.core import Value
from perfdsl.evaluate import Engine, Frame
from perfdsl.layout import Formula, Live, Ref, Refs, Working, Workings
from perfdsl.quantity import NO_UNIT, Unit
from perfdsl.scorecard import NOT_APPLICABLE, IndicatorScore, Scorecard
from perfdsl.workings.formula import Names, Unwritable, fitting, guarded, literal, quoted, settled, size_of, written
from perfdsl.workings.totals import Totals
from perfdsl.workings.typed import SHARE, base_words, based, inside, printed, scale, shape, unscaled

DAY_ZERO = 693594  # a day's number less its number in a spreadsheet
OWN = {"target": "指标值", "met": "是否达标", "completion": "完成率", "gap": "差额", "excess": "超出"}
FIXED = "适用与否、名次等按导出时的情况写定"


def work_out(engine: Engine, card: Scorecard) -> Workings:
    """The formulas of ``card``, which ``engine`` has made; empty where nothing carries points.

    ``live`` holds the formula of every score, group, total and grade by its key; ``given`` and ``shapes`` the values and
    printed forms of the cells an actual is typed into; ``notes`` what a reader of a cell should know.
    """
    return _Desk(engine, card).workings() if engine.plan.scored else Workings()


class _Desk:
    """The lines and formulas of one object while they are made."""

    def __init__(self, engine: Engine, card: Scorecard) -> None:
        self.engine = engine
        self.plan = engine.plan
        self.card = card
        self.rows = {"/".join(row.path): row for row in engine.plan.indicators}
        self.scores = {"/".join(row.path): row for row in card.indicators}
        self.lines: dict[str, Working] = {}
        self.live: dict[str, Live] = {}
        self.given: dict[str, Fraction | str | None] = {}
        self.shapes: dict[str, str] = {}
        self.notes: dict[str, str] = {}

    def workings(self) -> Workings:
        for path, score in self.scores.items():
            self.score(path, score)
        self.live.update(Totals(self.engine, self.card, self.truth).live())
        return Workings(lines=tuple(self.lines.values()), live=self.live, given=self.given, shapes=self.shapes,
                        notes=self.notes)  # fmt: skip

    # ---- scores

    def score(self, path: str, made: IndicatorScore) -> None:
        """The formula of one score, or its value with the reason why there is none."""
        row = self.rows[path]
        if row.scoring is None:
            return
        key = f"score:{path}"
        try:
            self.live[key] = Live(fitting(self.scored(row, made)), made.score, self.said(row))
        except Unwritable as why:
            self.live[key] = Live((), made.score, f"这一行不带公式（{why}），改了完成值要重新导出")

    def said(self, row: p.PlanIndicator) -> str:
        if row.gather is not None:
            return "完成值由几家单位汇总而来；在这里改的是汇总后的数"
        return FIXED if c.comparisons_in(row.formula or c.TRUE) else ""

    def scored(self, row: p.PlanIndicator, made: IndicatorScore) -> Formula:
        """The first case that holds, inside the limits of the row, rounded once; empty while it is open."""
        path, scoring = "/".join(row.path), row.scoring
        assert scoring is not None  # the caller looked
        if made.status == NOT_APPLICABLE:
            raise Unwritable("不适用或本期不考核")
        if scoring.entries is not None:
            raise Unwritable("由几条记录合成")
        if self.engine.applies(row) is None:
            raise Unwritable("是否适用还不能判定")
        frame = self.engine.frame(row)
        award = self.chain(row, frame, scoring.cases)
        if made.override is not None:
            over = self.give(f"override:{path}", row.path[-1], "复核分", made.override)
            award = ("IF(ISNUMBER(", over, "),", over, ",", *award, ")")
        digits = self.plan.rounding
        return ("IFERROR(ROUND(", *guarded(award, scoring.high), f',{digits}),"")')

    def chain(self, row: p.PlanIndicator, frame: Frame, cases: tuple[c.Case, ...]) -> Formula:
        """Case after case; where one cannot be decided only a case for what is missing has a chance."""
        if not cases:
            return ("NA()",)
        first, rest = cases[0], cases[1:]
        award = self.award(row, frame, first)
        if first.when == c.TRUE:
            return award
        when = self.formula(first.when, row, frame)
        decided: Formula = ("IF(", *when, ",", *award, ",", *self.chain(row, frame, rest), ")")
        saved = tuple(case for case in rest if case.missing)
        if not saved:
            return decided
        return ("IF(ISERROR(", *when, "),", *self.chain(row, frame, saved), ",", *decided, ")")

    def award(self, row: p.PlanIndicator, frame: Frame, case: c.Case) -> Formula:
        scoring, digits = row.scoring, self.plan.rounding
        assert scoring is not None  # only scored rows have cases
        if case.high is None:
            if isinstance(case.award, c.Const) and isinstance(case.award.value, Fraction):
                return (literal(min(max(case.award.value, scoring.low), scoring.high)),)
            inner = self.formula(case.award, row, frame)
            inner = settled(inner, size_of(case.award, self.names(row, frame)), digits + 3)
            return (f"MAX({literal(scoring.low)},MIN({literal(scoring.high)},", *inner, "))")
        mark = self.give(f"mark:{'/'.join(row.path)}", row.path[-1], "评分", frame.entry.mark)
        low, high = (("ROUND(", *guarded(self.formula(end, row, frame), scoring.high), f",{digits})")
                     for end in (case.award, case.high))  # fmt: skip
        return ("IF(AND(ISNUMBER(", mark, "),", mark, ">=", *low, ",", mark, "<=", *high, "),", mark, ",NA())")

    # ---- names

    def formula(self, expr: c.Expr, row: p.PlanIndicator | None, frame: Frame | None) -> Formula:
        """``expr`` as it stands in the rubric of ``row``, or outside of every row."""
        return written(expr, self.names(row, frame))

    def names(self, row: p.PlanIndicator | None, frame: Frame | None) -> Names:
        """What a rubric of ``row`` asks about names."""
        return Names(
            formula=lambda name: self.named(name, row),
            value=lambda asked: self.engine.value(asked, frame),
            is_word=lambda name: self.names_word(name, row),
            exact=lambda name: self.names_exact(name, row),
        )

    def truth(self, expr: c.Expr) -> Formula:
        """An expression outside of every row: a ceiling, a factor."""
        return self.formula(expr, None, None)

    def named(self, name: str, row: p.PlanIndicator | None) -> Formula:
        """The formula of a name: mostly the line that holds it."""
        kind, colon, path = name.partition(":")
        if not colon:
            return self.own(kind, row)
        match kind:
            case "value" if path in self.rows:
                return self.value_of(self.rows[path])
            case "met" if path in self.rows:
                return self.own("met", self.rows[path])
            case "score" | "lost":
                return self.score_of(kind, path)
            case "input" | "spent":
                return self.raw(name, kind, path)
        return self.fixed(name, self.engine.reference(name, None))

    def own(self, name: str, row: p.PlanIndicator | None) -> Formula:
        if name == "schedule":
            return self.fixed("schedule", self.engine.schedule())
        if row is None:
            return ("NA()",)
        path = "/".join(row.path)
        if name == "actual":
            return self.value_of(row)
        frame = self.engine.frame(row)
        if name == "mark":
            mark = self.give(f"mark:{path}", row.path[-1], "评分", frame.entry.mark)
            return ("IF(ISNUMBER(", mark, "),", mark, ",NA())")
        if name == "prior":
            if frame.entry.prior is not None and not isinstance(frame.entry.prior, Fraction):
                raise Unwritable("上年值不是数")
            unit = self.unit(row)
            cell = self.give(
                f"prior:{path}", row.path[-1], f"上年值（{unit.text}）", printed(frame.entry.prior, unit), shape(unit)
            )
            return based(cell, unit, None)
        key = f"{name}:{path}"
        if key not in self.lines:
            expr: c.Expr = _word_of_judge(frame, name)
            if isinstance(expr, c.Const):
                return (self.constant(expr),)
            made = self.formula(expr, row, frame)
            if name in ("gap", "excess") and row.formula is None:  # typed decimals: their difference has few digits
                made = settled(made, size_of(expr, self.names(row, frame)), 2)
            self.line(key, row.path[-1], OWN[name], self.engine.value(expr, frame), made)
        return (Ref(key),)

    def constant(self, expr: c.Const) -> str:
        made = written(expr, Names(lambda _: (), lambda _: None, lambda _: False, lambda _: False))
        return str(made[0])

    def value_of(self, row: p.PlanIndicator) -> Formula:
        """The actual in base units, or what it comes to by its formula; an error while it is missing or impossible."""
        path = "/".join(row.path)
        key = f"value:{path}"
        if key in self.lines:
            return (Ref(key),)
        frame = self.engine.frame(row)
        target = self.engine.target_of(row)
        if row.formula is not None:
            size = abs(frame.value) if isinstance(frame.value, Fraction) else Fraction(1)
            made = inside(self.formula(row.formula, None, None), row.domain, max(size, Fraction(1)))
            self.line(key, row.path[-1], f"完成值（{row.formula_text or '算式'}）", frame.value, made)
            unit = self.unit(row)
            shown = ("IFERROR(", *unscaled((Ref(key),), unit), ',"")')
            self.live[f"actual:{path}"] = Live(
                shown, printed(frame.value, unit) if isinstance(frame.value, Fraction) else ""
            )
            self.shapes[f"actual:{path}"] = shape(unit, computed=True)
            return (Ref(key),)
        cell = Ref(f"actual:{path}")
        if self.is_word(row, frame.value, target):
            said = self.scores[path].actual
            self.given[cell.key] = said or (frame.value if isinstance(frame.value, str) else None)
            self.shapes[cell.key] = "@"
            formula = self.word_formula(cell, row, frame.value, target)
            self.line(key, row.path[-1], "完成值（按规则里的词）", frame.value, formula)
            return (Ref(key),)
        if target is not None and isinstance(target.target.meaning, t.Deadline):
            self.given[cell.key] = frame.value - DAY_ZERO if isinstance(frame.value, Fraction) else None
            self.shapes[cell.key] = 'yyyy"年"m"月"d"日"'
            days: Formula = ("IF(ISNUMBER(", cell, "),", cell, f"+{DAY_ZERO},NA())")
            self.lines[key] = Working(
                key=key, subject=row.path[-1], what="完成日期（公元第几天）", value=frame.value, formula=days, shape="0"
            )
            return (Ref(key),)
        unit = self.unit(row)
        self.given[cell.key] = printed(frame.value, unit) if isinstance(frame.value, Fraction) else None
        self.shapes[cell.key] = shape(unit, self.given[cell.key])
        self.line(key, row.path[-1], "完成值" + (f"（折合{base_words(unit)}）" if scale(unit) != 1 else ""), frame.value,
                  based(cell, unit, row.domain))  # fmt: skip
        return (Ref(key),)

    def word_formula(self, cell: Ref, row: p.PlanIndicator, value: Value, target: p.PlanTarget | None) -> Formula:
        """Synonyms as the rules call them; any other word as it is typed."""
        calls = dict(row.words)
        if target is not None and isinstance(target.target.meaning, t.Level):
            calls[target.target.text.strip()] = target.target.meaning.word
        said = self.scores["/".join(row.path)].actual
        if isinstance(value, str) and said:
            calls[said] = value
        named: dict[str, list[str]] = {}
        for text, word in calls.items():
            if text != word:
                named.setdefault(word, []).append(text)
        inner: Formula = (cell,)
        for word, texts in named.items():
            tests: list[str | Ref | Refs] = []
            for text in texts:
                tests += [",", "EXACT(", cell, f",{quoted(text)})"]
            inner = ("IF(OR(", *tests[1:], f"),{quoted(word)},", *inner, ")")
        if value is None and said:  # words the engine could not use stand there as they were given
            inner = ("IF(EXACT(", cell, f",{quoted(said)}),NA(),", *inner, ")")
        return ("IF(ISTEXT(", cell, "),IF(", cell, '="",NA(),', *inner, "),NA())")

    def score_of(self, kind: str, path: str) -> Formula:
        """What a row, a group or everything got or lost."""
        key = f"score:{path}" if path in self.rows else f"group:{path}" if path else "whole"
        if kind == "score":
            return ("IF(ISNUMBER(", Ref(key), "),", Ref(key), ",NA())")
        made = self.scores[path] if path in self.rows else self.engine.group(path)
        full = literal(made.points or Fraction(0))
        return ("IF(ISNUMBER(", Ref(key), f"),MAX(0,{full}-", Ref(key), "),NA())")

    def raw(self, name: str, kind: str, path: str) -> Formula:
        """A datum that is given beside the actuals, or money spent, in the unit it is printed in."""
        item = next((x for x in self.plan.inputs if x.name == path), None) if kind == "input" else None
        value = self.engine.reference(name, None)
        subject = path.replace("income", "收入", 1).replace("spend", "支出", 1) if kind == "spent" else path
        if item is not None and item.is_word:
            cell = self.give(f"given:{name}", subject, "数据", value, "@")
            return ("IF(ISTEXT(", cell, "),", cell, ",NA())")
        if name not in self.lines:
            money = next((table.unit for table in self.plan.funds if not table.title), NO_UNIT)
            unit = (item.unit if item is not None else money) or NO_UNIT
            number = value if isinstance(value, Fraction) else None
            what = f"{'执行数' if kind == 'spent' else '数据'}{f'（{unit.text}）' if unit.text else ''}"
            cell = self.give(f"given:{name}", subject, what, printed(number, unit), shape(unit))
            if unit.scale == 1 or unit.dims == SHARE:
                return based(cell, unit, item.domain if item is not None else None)
            domain = item.domain if item is not None else None
            self.line(name, subject, f"折合{base_words(unit)}", value, based(cell, unit, domain))
        return (Ref(name),)

    def fixed(self, name: str, value: Value) -> Formula:
        """A value that does not change in the workbook: a budget, a place among others, whether something applies."""
        if value is None:
            return ("NA()",)
        if isinstance(value, bool):
            return ("TRUE" if value else "FALSE",)
        if name not in self.lines:
            kind, _, path = name.partition(":")
            what = {"plan": "预算数（元）", "schedule": "序时进度"}.get(kind, "名次等（写定）")
            self.lines[name] = Working(key=name, subject=path or "评价期间", what=what, value=value)
        return (Ref(name),)

    def give(self, key: str, subject: str, what: str, value: Value, shape: str = "General") -> Ref:
        """A cell of the workings somebody may type into."""
        if key not in self.lines:
            self.lines[key] = Working(key=key, subject=subject, what=what, value=value, shape=shape, open=True)
        return Ref(key)

    def line(self, key: str, subject: str, what: str, value: Value, formula: Formula) -> None:
        self.lines[key] = Working(key=key, subject=subject, what=what, value=value, formula=fitting(formula))

    # ---- what a name is

    def unit(self, row: p.PlanIndicator) -> Unit:
        target = self.engine.target_of(row)
        return (target.unit if target is not None else None) or row.unit or NO_UNIT

    def is_word(self, row: p.PlanIndicator, value: Value, target: p.PlanTarget | None) -> bool:
        if isinstance(value, (str, Fraction)):
            return isinstance(value, str)
        if target is not None:
            return isinstance(target.target.meaning, (t.Level, t.Free, t.Compound))
        cases = row.scoring.cases if row.scoring is not None else ()
        return row.unit is None and any(
            isinstance(part, c.Const) and isinstance(part.value, str) for case in cases for part in _leaves(case.when)
        )

    def names_word(self, name: str, row: p.PlanIndicator | None) -> bool:
        kind, _, path = name.partition(":")
        about = row if name == "actual" else self.rows.get(path) if kind == "value" else None
        if about is not None:
            return about.formula is None and self.is_word(
                about, self.engine.frame(about).value, self.engine.target_of(about)
            )
        return kind == "input" and any(x.name == path and x.is_word for x in self.plan.inputs)

    def names_exact(self, name: str, row: p.PlanIndicator | None) -> bool:
        """Typed as it is used, without a unit to multiply by."""
        if name == "target" and row is not None:
            aim = self.engine.frame(row).judge.target
            return isinstance(aim, c.Const) and isinstance(aim.value, Fraction) and "/" not in literal(aim.value)
        about = row if name == "actual" else self.rows.get(name.removeprefix("value:"))
        if about is None or about.formula is not None or (about.gather is not None and about.gather.how != "sum"):
            return False
        unit = self.unit(about)
        return unit.scale == 1 or unit.dims == SHARE


def _word_of_judge(frame: Frame, name: str) -> c.Expr:
    """One of the five words a target gives an indicator."""
    judge = frame.judge
    return {"target": judge.target, "met": judge.met, "completion": judge.completion, "gap": judge.gap,
            "excess": judge.excess}[name]  # fmt: skip


def _leaves(expr: c.Expr) -> list[c.Expr]:
    below = c.children(expr)
    return [leaf for part in below for leaf in _leaves(part)] if below else [expr]
