"""Rules by chance, aimed at what engines do differently: odd limits, negative and zero targets, thirds of a point, nested sums."""

import random
from collections.abc import Callable
from fractions import Fraction

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from scoring import compiled
from test_batch_cohort import texts
from test_prove_laws import case_lists

from perfdsl import core as c
from perfdsl.plan import Plan
from perfdsl.quantity import format_number
from perfdsl.testing.rulesets import SCALE, rulesets

F = Fraction
HEAD = f"use 财预2020_10号\n{SCALE}scale 级别 {{ Ａ级 -> 100%; a级 -> 60%; “B 级” -> 1/3 }}\n".replace(" 1/3", " 33.3%")
UNITS = ("件", "%", "万元", "小时", "吨", "人次")
LIMITS = ("1", "3", "7", "8", "52", "0.3", "12.5", "94.7", "333.33", "1000", "99999.99")
FINE = ("0.125", "33.3333", "1.00001", "0.0007")
DAYS = ("6月30日前", "2024年12月31日前", "2月底前", "9月前")


class Rules:
    """One object, written line by line."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.numbers = iter(range(10**6))
        self.simple = chance.random() < 0.35  # what most rules are
        self.small = chance.random() < 0.85
        self.rounding = chance.choice((0, 1, 2, 2, 2, 2, 3, 6))
        self.above: list[str] = []  # inputs and money
        self.named: list[tuple[str, str]] = []  # indicators with a number, and their units
        self.rows: list[str] = []

    def one(self, *of: str) -> str:
        return self.chance.choice(of)

    def likely(self, share: float) -> bool:
        return self.chance.random() < share

    def points(self) -> Fraction:
        wanted = self.chance.choice(
            (F(1), F(2), F(3), F(5), F(7), F(10), F(3, 2), F(1, 10), F(22, 10), F(1257, 100), F(7, 1000), F(1, 10**6))
        )
        size = 10**self.rounding
        return max(F(1, size), F(int(wanted * size), size))

    def limit(self) -> str:
        return self.one(*LIMITS, *(FINE if self.likely(0.3) else ()))

    def percent(self) -> str:
        return self.one("60%", "80%", "95%", "33.3%", "66.7%", "99.99%", "0.5%", "100%", "120%")

    def text(self) -> str:
        """The whole file."""
        policy = self.one("rescale", "rescale", "zero", "full", "to 组0")
        if self.likely(0.55):  # a row or two alone
            parts = [self.row(self.points())[0] for _ in range(self.chance.choice((1, 1, 2)))]
            lines = [
                f"not_applicable {'rescale' if policy.startswith('to') else policy}",
                f"rounding {self.rounding}",
                "year 2024",
                self.grades(),
            ]
            return "\n".join([*lines, *self.above, *parts, *self.tail()])
        weighted = self.likely(0.1 if self.small else 0.3)
        groups = self.groups(weighted)
        lines = [
            f"not_applicable {'rescale' if weighted and policy.startswith('to') else policy}",
            f"rounding {self.rounding}",
            "year 2024",
        ]
        lines.append(self.grades())
        if self.likely(0.3):
            groups.append(self.bonus())
        return "\n".join([*lines, *self.above, *groups, *self.tail()])

    def grades(self) -> str:
        if not self.likely(0.6):
            return ""
        return (
            "grades { "
            + self.one(
                "优 >= 90  良 >= 80  otherwise 差",
                "优 > 66.67 and <= 100  良 >= 33.333 and <= 66.67  差 < 33.333",
                "甲 >= 99.995  otherwise 乙",
            )
            + " }"
        )

    # ---- the tree

    def groups(self, weighted: bool) -> list[str]:
        shares = (
            self.chance.choice((("100%",), ("33.3%", "66.7%"), ("50%", "12.34%", "37.66%")))
            if weighted
            else ("",) * (1 if self.small else 2)
        )
        made = [self.group(f"组{i}", share, 1) for i, share in enumerate(shares)]
        return (
            made
            if weighted or self.small
            else [*made, *(self.row(self.points())[0] for _ in range(self.chance.randint(0, 1)))]
        )

    def group(self, name: str, weight: str, depth: int) -> str:
        either = not weight and self.likely(0.15)
        worth, parts, total = self.points(), [], F(0)
        for _ in range(self.chance.randint(1, 2 if self.small else 3)):
            text, points = self.row(worth if either else self.points(), bare=either)
            parts.append(text)
            total += points
        total = worth if either else total
        if depth and not either and self.likely(0.1 if self.small else 0.3):
            inner, points = self.inner(name)
            parts.append(inner)
            total += points
        head = f"weight {weight}" if weight else f"points {format_number(total)}"
        return (
            f"{name} {head} {'either' if either else ''} {self.factor(name, total, weight)} {self.applies(0.1)} {{\n"
            + "\n".join(parts)
            + "\n}"
        )

    def inner(self, name: str) -> tuple[str, Fraction]:
        text, worth = self.row(self.points())
        more, points = self.row(self.points())
        total = worth + points
        return f"{name}内 points {format_number(total)} {self.applies(0.2)} {{\n{text}\n{more}\n}}", total

    def factor(self, name: str, total: Fraction, weight: str) -> str:
        if self.simple or not self.likely(0.2):
            return ""
        self.above.append(f"input 系{name} values 0.5 .. 1.5")
        high = "" if weight or self.likely(0.5) else f" up to {format_number(total * 2)}"
        return f"factor 系{name}{self.one('', ' * 2 / 3', ' / 7')}{high}"

    def applies(self, share: float) -> str:
        if self.simple or not self.likely(share):
            return ""
        if self.named and self.likely(0.4):
            name, unit = self.chance.choice(self.named)
            return f"applies {name} {self.one('>', '>=', '!=')} {self.one('0', '3')}{unit}"
        name = f"适用{next(self.numbers)}"
        if self.likely(0.5):
            self.above.append(f'input {name} values "是", "否", "Ａ 类"')
            return f"applies {name} {self.one('=', '!=')} {self.one(chr(34) + '是' + chr(34), chr(34) + 'Ａ 类' + chr(34))}"
        self.above.append(f"input {name} : 件 values -5 .. 100")
        return f"applies {name} {self.one('>=', '<', '=')} {self.one('0', '1', '99.5')}件"

    def bonus(self) -> str:
        return self.one(
            '加 bonus -3 .. 5 { 嘉奖 by best per 事项 { "省级" -> 3  "市级" -> 2 }  通报 by sum { "通报" -> -1 } }',
            '加 bonus -2 .. 1 { 加一 full "≥3件" by { met -> 1  otherwise -> max(-2, -gap / 1件) } }',
            '加 bonus 0 .. 4 { 加一 by check { "甲" -> 1  "乙" -> 0.5 } }',
        )  # fmt: skip

    def tail(self) -> list[str]:
        made: list[str] = []
        if self.simple:
            return made
        if self.named and self.likely(0.4):
            name, unit = self.chance.choice(self.named)
            made.append(
                f"ceiling {name} {self.one('<', '>=', '=')} {self.limit()}{unit} -> {self.one('1', '0.5', '0')}"
            )
        if self.named and self.likely(0.5):
            name, _ = self.chance.choice(self.named)
            made.append(
                f"award 无失分 when lost({name}) = 0 {self.one('', 'and met(' + name + ')', 'or lost(总分) <= 1', 'and not (score(总分) < 3)')}"
            )
        return made

    # ---- rows

    def row(self, points: Fraction, bare: bool = False) -> tuple[str, Fraction]:
        """One indicator, and its points."""
        kinds: list[Callable[[str], str]] = (
            [self.counted] * 8 + [self.signed] * 3 + [self.spanned, self.worded, self.worded, self.dated, self.grown]
        )
        if not self.simple:
            kinds += [self.computed, self.divided, self.spent, self.several, self.several, self.gathered]
        name = f"指标{next(self.numbers)}"
        formula, _, clauses = self.chance.choice(kinds)(name).partition("|")
        worth = "" if bare else f"points {format_number(points)}"
        return f"{name} {formula} {worth} {self.applies(0.12)} {clauses}", points

    def periods(self, text: str) -> str:
        half = self.one("", "", f'half "{text}"', 'half "无"')
        return f'full "{text}" {half}'

    def counted(self, name: str) -> str:
        unit, limit = self.one(*UNITS), self.limit()
        sign, way = self.chance.choice(
            (
                ("≥", "higher"),
                ("≤", "lower"),
                (">", "higher"),
                ("<", "lower"),
                ("=", "exact"),
                ("=", "higher"),
                ("", "lower"),
            )
        )
        self.named.append((name, unit))
        return f"| {self.periods(sign + limit + unit)} {way} by {self.rubric(unit, limit)}"

    def signed(self, name: str) -> str:
        """Zero and negative targets, negative actuals."""
        unit, limit = self.one("件", "万元", "吨"), self.one("0", "0", "-3", "-0.5", "2.5")
        sign, way = self.chance.choice((("≥", "higher"), ("≤", "lower"), ("=", "exact"), ("=", "lower")))
        self.named.append((name, unit))
        rubric = self.one(
            "达标得满分", self.stepped(unit), self.curved(unit, "-7.5", "0", "11"), self.banded(unit), self.offset(unit)
        )
        low, high = self.one("-1000", "-99999999999"), self.one("1000", "99999999999")
        return f"| {self.periods(sign + limit + unit)} {way} values {low}{unit} .. {high}{unit} by {rubric}"

    def spanned(self, name: str) -> str:
        unit = self.one("件", "小时", "人次")
        between = self.one("3~5", "0.5~7.25", "0~9", "12-13")
        return f"| {self.periods(between + unit)} by {self.rubric(unit, '3')}"

    def worded(self, name: str) -> str:
        word = self.one("健全", "较健全", "完善", "是", "Ａ级", "a级", "有所提升")
        bands = '{ "健全" -> 80% .. 100%  "Ａ级" -> 33.3%  != "a级" and met -> 66.7%  otherwise -> 0 .. 60% }'
        return f"| {self.periods(word)} by {self.one('比例得分', '达标得满分', bands, '{ completion >= 60% -> completion  missing -> 0  otherwise -> 10% }')}"

    def dated(self, name: str) -> str:
        return f"| {self.periods(self.one(*DAYS))} by {self.one('达标得满分', '{ met -> 100%  gap <= 10天 -> 50%  otherwise -> 0 }', '{ met -> 100%  otherwise -> max(0, points - 0.3 * ceil(gap / 7天)) }')}"

    def grown(self, name: str) -> str:
        target = self.one("较上年增长5%", "同比下降3%以上", "不低于上年", "较上年增长33.33%")
        return f"| {self.periods(target)} by {self.one('达标得满分', '{ met -> 100%  otherwise -> 40% }', '{ met -> 100%  missing -> 0  otherwise -> 0 .. 50% }')}"

    def computed(self, name: str) -> str:
        self.above += [f"input 数{name} : 件 values -100 .. 99999999", f"input 底{name} : 件 values 1 .. 99999999"]
        formula = self.one(
            f"数{name} / 底{name}",
            f"(数{name} - 底{name}) / 底{name}",
            f"min(1, max(-1, 数{name} / 底{name}))",
            f"abs(数{name}) / 底{name}",
        )
        return f'= {formula} | full "≥{self.one("90", "33.3", "100", "0.7")}%" half "≥50%" values -10000000000% .. 10000000000% by {self.one("达标得满分", self.banded("%"), self.stepped("%"))}'

    def divided(self, name: str) -> str:
        self.above += [
            f"input 甲{name} : 元 values 0 .. 999999999999",
            f"input 乙{name} : 人 values whole 0 .. 1000000",
        ]
        return f'= {{ 乙{name} > 0人 -> 甲{name} / 乙{name}  otherwise -> 0元 / 1人 }} | full "≤{self.limit()}元/人" lower by {self.one("达标得满分", "{ met -> 100%  otherwise -> completion }")}'

    def spent(self, name: str) -> str:
        self.above.append(
            f"funds 万元 {{ spend 线{name} full 30 half {self.one('15', '0', '7.77')} }}"
            if not any(x.startswith("funds") for x in self.above)
            else ""
        )
        line = next((x.split()[4] for x in self.above if x.startswith("funds")), "")
        return f'= spent({line}) / budget({line}) | full "≥{self.one("90", "99.99", "50")}%" half "≥50%" by {self.rubric("%", "50")}'

    def several(self, name: str) -> str:
        way = self.one(
            'check { "甲项" -> 40%  "乙项" -> 60% }', 'sum from 100% { "违规" -> -33.3%  "表扬" -> 12.5% }', 'best per 事项 { "省级" -> 50%  "市级" -> 25% }',
            'mean { "好" -> 100%  "中" -> 66.7%  "差" -> 0 }', 'trimmed mean over 3 { otherwise -> 0 .. points }', 'mean { otherwise -> 0 .. points }',
            'mean { >= 90 -> 100%  >= 60 -> 60%  otherwise -> 0 }' if self.likely(0.0) else 'mean per 事项 { "好" -> 100%  otherwise -> 1% .. 99% }',
        )  # fmt: skip
        return f"| by {way}"

    def gathered(self, name: str) -> str:
        if self.likely(0.3):
            return f"| {self.periods('较健全')} by {self.one('比例得分', '达标得满分')} gather {self.one('mean', 'weighted 资金')}"
        unit = self.one("件", "%")
        how = self.one("mean", "weighted 资金", *(["sum"] if unit == "件" else []))
        return f"| {self.periods('≥' + self.limit() + unit)} by {self.rubric(unit, '3')} gather {how}"

    # ---- rubrics

    def rubric(self, unit: str, limit: str) -> str:
        made = [
            "比例得分", "比例得分", "达标得满分", f"及格比例得分(gate: {self.one('60%', '80%', '33.3%')})", self.stepped(unit), self.stepped(unit), self.banded(unit), self.shared(), self.shared(),
            self.curved(unit, "0", limit, format_number(F(limit) * 2)), self.offset(unit), self.rounded(), self.looking_back(), self.judged(),
        ]  # fmt: skip
        return self.one(*made)

    def stepped(self, unit: str) -> str:
        step, each = self.one("1", "0.1", "3", "0.07", "12.5") + unit, self.one("0.5", "0.3", "0.07", "1")
        how = self.one(
            f"floor(gap / {step})",
            f"ceil(gap / {step})",
            f"gap / {step} / 7",
            f"gap / {step}",
            f"round(gap / {step}, 1)",
        )
        return f"{{ met -> 100%  otherwise -> max(0, points - {each} * {how}) }}"

    def banded(self, unit: str) -> str:
        low, high = sorted((F(self.limit()), F(self.limit())))
        a, b = format_number(low) + unit, format_number(high + F(1, 100)) + unit
        sign = self.one(">=", ">")
        return self.one(
            f"{{ {sign} {b} -> 100%  >= {a} and < {b} -> 61.7%  otherwise -> 0 }}",
            f"{{ = {a} -> 100%  < {a} or > {b} -> 33.3%  missing -> 1%  otherwise -> 0 }}",
            f"{{ not (actual < {b}) -> 100%  actual != {a} and met -> 50%  otherwise -> 0% .. 10% }}",
        )

    def shared(self) -> str:
        return self.one(
            f"{{ completion >= {self.percent()} -> 100%  completion >= 30% -> 66.7%  otherwise -> 0 }}",
            "{ met -> 100%  completion > 50% -> interpolate(completion, 50%: 0%, 99%: 100%)  otherwise -> 0 }",
            "{ met -> 100%  completion >= 60% -> 33.3% .. 100%  otherwise -> 0 .. 60% }",
            "{ completion >= 100% -> 100%  missing -> 0  otherwise -> completion }",
        )

    def curved(self, unit: str, a: str, b: str, top: str) -> str:
        return f"{{ otherwise -> interpolate(actual, {a}{unit}: {self.one('0%', '100%', '33.3%')}, {b}{unit}: 50%, {top}{unit}: {self.one('100%', '0%')}) }}"

    def offset(self, unit: str) -> str:
        return self.one(
            f"{{ otherwise -> clamp(points - 0.3 * abs(actual - {self.limit()}{unit}) / 1{unit}, 0, points) }}",
            f"{{ met -> 100%  otherwise -> max(0, min(points, points * (1 - gap / {self.limit()}{unit}))) }}",
            "{ met -> min(points, points / 2 + points * excess / 3" + unit + ")  otherwise -> 0 }",
        )

    def rounded(self) -> str:
        return self.one(
            f"{{ met -> 100%  otherwise -> round(points * completion, {self.chance.randint(0, 3)}) }}",
            "{ met -> 100%  otherwise -> floor(points * completion * 3) / 3 }",
            "{ otherwise -> points * min(100%, completion) }",
        )

    def looking_back(self) -> str:
        return self.one(
            "{ actual > prior -> 100%  actual = prior -> 50%  otherwise -> 0 }",
            "{ met -> 100%  prior > actual -> 0 .. 30%  missing -> 0  otherwise -> 20% }",
        )

    def judged(self) -> str:
        return self.one(
            "{ otherwise -> 0 .. points }",
            "{ met -> 100%  otherwise -> 0% .. 33.3% }",
            "{ met -> 100%  missing -> 0  otherwise -> 50% }",
        )


# ---- plainer rules, each project with amounts of its own


class Plain:
    """Rules without entries: what is scored by shape where each project has rules of its own.

    ``form`` draws what all variants have in common, ``amounts`` the numbers and words of one of them.
    """

    def __init__(self, form: random.Random, amounts: random.Random) -> None:
        self.form = form
        self.amounts = amounts

    def number(self) -> Fraction:
        digits = self.amounts.choice((0, 0, 1, 2, 2, 4))
        return F(self.amounts.randint(1, 10 ** self.amounts.choice((2, 3, 5))), 10**digits)

    def share(self, low: int, high: int) -> str:
        return format_number(F(self.amounts.randint(low * 100, high * 100), 100)) + "%"

    def text(self) -> str:
        """The body of a project."""
        form = self.form
        lines = [f"rounding {form.choice((0, 1, 2, 2, 2, 3))}", "year 2024"]
        policy = form.choice(("rescale", "zero", "full", ""))
        lines += [f"not_applicable {policy}"] if policy else []
        if form.random() < 0.7:
            low, high = sorted(self.amounts.sample(range(50, 100), 2))
            lines.append(f"grades {{ 优 >= {high}  良 >= {low}  otherwise 差 }}")
        facts = bool(policy) and form.random() < 0.5
        weights = () if facts else form.choice(((), (), ("100%",), ("33.3%", "66.7%"), ("12.5%", "50%", "37.5%")))
        lines += self.facts() if facts else []
        number = 0
        for at in range(len(weights) or form.randint(1, 3)):
            rows, total = [], F(0)
            for _ in range(form.randint(1, 4)):
                worth = F(self.amounts.choice((100, 150, 200, 300, 500, 700, 1000, 3300)), 100)
                if not form.random() < 0.2:
                    worth = F(round(worth))
                rows.append(f"指标{number} points {format_number(worth)} {self.row()}")
                number, total = number + 1, total + worth
            head = f"weight {weights[at]}" if weights else f"points {format_number(total)}"
            lines.append(f"组{at} {head} {{\n" + "\n".join(rows) + "\n}")
        if form.random() < 0.3:
            lines.append('加分 bonus -3 .. 5 { 嘉奖 by { "省级" -> 3  "市级" -> 1.5  otherwise -> 0 } }')
        return "\n".join(lines)

    def facts(self) -> list[str]:
        """Money and inputs, rows computed from them or under a condition, a ceiling."""
        form, unit = self.form, self.form.choice(("万元", "元"))
        each = [
            F(self.amounts.randint(1, 10 ** self.amounts.choice((3, 5, 7))), 100) for _ in range(form.randint(1, 3))
        ]
        spends = [f"spend 费{i} full {format_number(x)}" for i, x in enumerate(each)]
        found = [f"funds {unit} {{", f"income 财政 full {format_number(sum(each))}", *spends, "}"]
        found += [
            "input 办结 : 件 values whole 0 ..",
            "input 应办 : 件 values whole 1 ..",
            'input 方式 values "自办", "外包"',
        ]
        conditions = (
            f"办结 > {self.amounts.randint(0, 20)}件",
            '方式 = "外包"',
            "spent(支出) >= budget(支出)",
            "met(办结率)",
            f"执行率 >= {self.share(50, 120)}",
        )
        formulas = (
            "spent(支出) / budget(支出)",
            "spent(费0) / budget(支出)",
            "{ spent(支出) > 0元 -> spent(费0) / spent(支出)  otherwise -> 0% }",
        )
        rubrics = ("比例得分", "达标得满分", f"{{ met -> 100%  completion >= {self.share(40, 90)} -> 60%  otherwise -> 0 }}",
                   f'{{ 方式 = "外包" and not met -> 0  met -> 100%  otherwise -> {self.share(1, 99)} }}')  # fmt: skip
        rows = [(f'执行率 = {form.choice(formulas)} full "≥{self.share(60, 110)}" {form.choice(("", "values 0% .. 120%"))}', rubrics[:3]),
                (f'办结率 = {form.choice(("办结 / 应办", "min(100%, 办结 / 应办)"))} full "≥{self.share(50, 100)}" half "≥{self.share(20, 60)}"', rubrics),
                (f'专项 full "≥{format_number(self.number())}件" applies {form.choice(conditions)}', rubrics)]  # fmt: skip
        rows = rows[: form.choice((2, 3))]
        worth = [self.amounts.randint(1, 30) for _ in rows]
        found.append(f"事实 points {sum(worth)} {{")
        found += [
            f"{head} points {points} by {form.choice(ways)}" for (head, ways), points in zip(rows, worth, strict=True)
        ]
        found.append("}")
        if form.random() < 0.4:
            found.append(f"ceiling {form.choice(conditions[:3])} -> {self.amounts.randint(1, 60)}")
        return found

    def row(self) -> str:
        form = self.form
        if form.random() < 0.2:
            word = self.amounts.choice(("健全", "完善", "是"))
            rubric = form.choice(
                (
                    "达标得满分",
                    "比例得分",
                    f'{{ "{word}" -> 100%  otherwise -> 0 .. {self.share(20, 80)} }}',
                    "{ met -> 100%  otherwise -> 0 }",
                )
            )
            return f'full "{word}" half "{word}" by {rubric}'
        unit = form.choice(("件", "%", "万元", "天", "人次"))
        sign = form.choice(("≥", "≤", ">", "<", "=", ""))
        limit, half = (format_number(self.number()) for _ in range(2))
        way = "exact" if sign == "=" else form.choice(("higher", "lower")) if not sign else ""
        halves = form.choice((f'half "{sign}{half}{unit}"', "", 'half "无"'))
        return f'full "{sign}{limit}{unit}" {halves} {way} by {self.rubric(unit)}'

    def rubric(self, unit: str) -> str:
        form = self.form
        low, high = sorted(self.amounts.sample(range(1, 100), 2))
        step, each = format_number(self.number()), format_number(F(self.amounts.randint(1, 300), 100))
        a, b = sorted((self.number(), self.number()))
        edges = f"{format_number(a)}{unit}", f"{format_number(b + F(1, 100))}{unit}"
        return form.choice((
            "比例得分", "比例得分", "达标得满分", f"及格比例得分(gate: {high}%)",
            f"{{ completion >= {high}% -> 100%  completion >= {low}% -> {self.share(10, 90)}  otherwise -> 0 }}",
            f"{{ >= {edges[1]} -> 100%  >= {edges[0]} -> {self.share(10, 90)}  otherwise -> 0 }}",
            f"{{ > {edges[1]} -> {self.share(10, 90)}  <= {edges[0]} -> 100%  otherwise -> 33.3% }}",
            f"{{ > {edges[1]} -> 100%  <= {edges[0]} -> 50% }}",
            f"{{ met -> 100%  otherwise -> max(0, points - {each} * ceil(gap / {step}{unit})) }}",
            f"{{ met -> 100%  otherwise -> max({self.share(1, 20)} * points, points - {each} * floor(gap / {step}{unit})) }}",
            f"{{ met -> 100%  otherwise -> max(0, points - gap / {step}{unit} / 7) }}",
            f"{{ met -> 100%  completion > {low}% -> interpolate(completion, {low}%: 0%, {high}%: 100%)  otherwise -> 0 }}",
            f"{{ otherwise -> interpolate(actual, {edges[0]}: {self.share(0, 50)}, {edges[1]}: 100%) }}",
            f"{{ otherwise -> points * min(100%, max({self.share(0, 40)}, completion)) }}",
            f"{{ met -> 100%  missing -> 0  otherwise -> {self.share(1, 99)} }}",
            f"{{ met -> 100%  completion >= {low}% -> {low}% .. 100%  otherwise -> 0 .. {low}% }}",
            f"{{ met -> min(points, points / 2 + points * excess / {step}{unit})  otherwise -> 0 }}",
        ))  # fmt: skip


def plain_rules(number: int, variants: int) -> list[tuple[str, Plan]]:
    """Rules of one form with different amounts, as texts and compiled; those with errors are left out."""
    made = []
    for variant in range(variants):
        text = f'{HEAD}project "P" {{\n{Plain(random.Random(number), random.Random(f"{number} {variant}")).text()}\n}}'
        checked = compiled(text)
        if checked.usable:
            made.append((text, checked.plans()[0]))
    return made


# ---- plans


def drawn(strategy: "st.SearchStrategy[object]", number: int) -> object:
    """One value of a strategy, the same for the same number, and not the simplest."""
    found: list[object] = []

    @seed(number)
    @settings(
        max_examples=4, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(strategy)
    def take(value: object) -> None:
        found.append(value)

    take()
    return found[-1]


def core_plan(number: int) -> Plan:
    """Any cases of the core calculus, on one row."""
    import attrs

    (plan,) = compiled(
        f'{HEAD}project "P" {{ not_applicable zero\n全 full "≥3件" points 3 values -99999999999件 .. 99999999999件 higher by 比例得分 }}'
    ).plans()
    (row,) = plan.indicators
    cases = tuple(c.Case(when, award, None, "", "", 1) for when, award in drawn(case_lists, number))  # type: ignore[attr-defined]
    scoring = attrs.evolve(row.scoring, cases=cases, low=F(-2), high=F(5, 2))
    return attrs.evolve(plan, indicators=(attrs.evolve(row, scoring=scoring),))


def rules_of(number: int) -> tuple[str, Plan | None]:
    """The rules of a number, as text and compiled; None where they have errors."""
    chance = random.Random(number)
    kind = chance.random()
    if kind < 0.08:
        plan = core_plan(number)
        return f"core calculus {number}: {plan.indicators[0].scoring}", plan
    if kind < 0.14:
        text = str(drawn(rulesets(), number))
    elif kind < 0.22:
        text = f'{HEAD}project "P" {{\n{drawn(texts(), number)}\n}}'
    else:
        text = f'{HEAD}project "P" {{\n{Rules(chance).text()}\n}}'
    checked = compiled(text)
    return text, checked.plans()[0] if checked.usable else None
