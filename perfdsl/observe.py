"""Rows of actuals to observations of one plan: names matched, values read in the right unit, marks checked.

Total: what does not fit is reported with its row and column and counts as not given.
"""

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cached_property
from itertools import chain

from perfdsl import plan as p
from perfdsl import target as t
from perfdsl.actuals import Entry, Observed, Row
from perfdsl.core import Case, Compare, Const, Entries, Expr, If, Missing, Value, children, references
from perfdsl.dates import last_day
from perfdsl.diagnostics import ERROR, INFO, WARNING, Diagnostic, Kind, closest, stated
from perfdsl.keywords import PERIOD_WORDS, SIDES
from perfdsl.quantity import NO_UNIT, Quantity, Unit, fold_width, parse_number, parse_unit
from perfdsl.read_target import KINDS, read_actual
from perfdsl.target import unit_kind
from perfdsl.text import Span

SHARE = (("%", 1),)
SAID_HERE = frozenset({"T124", "T128", "T129"})  # a value that does not fit its target, which A106 to A108 say in place
SIDE_NAMES = {"income": "收入", "spend": "支出"}


def observe(plan: p.Plan, rows: Iterable[Row], period: str, sha256: str = "") -> tuple[Observed, list[Diagnostic]]:
    """The observations of ``plan`` for ``period``, and everything in the rows that does not fit it."""
    reader = _Reader(plan, period)
    for row in rows:
        reader.row(row)
    reader.check_duplicates()
    entries = {path: tuple(entry for entry, _ in found) for path, found in reader.entries.items()}
    return Observed(entries, reader.inputs, reader.spent, sha256), reader.found


def row_names(plan: p.Plan) -> set[str]:
    """Every name a row of actuals may carry for this plan: names, short names, paths, inputs, lines of money."""
    names = {name for i in plan.indicators for name in (i.path[-1], i.alias, "/".join(i.path))}
    names |= {name for i in plan.inputs for name in (i.name, i.alias)}
    lines = [line for table in plan.funds for line in table.lines]
    names |= {
        name for line in lines for name in (line.path[-1], line.alias, f"{SIDE_NAMES[line.side]}/{line.path[-1]}")
    }
    return (names | (set(SIDE_NAMES.values()) if lines else set())) - {""}


def column_names(plan: p.Plan) -> Callable[[str], str]:
    """Which column a name means: ``value:PATH``, ``input:NAME`` or ``spent:LINE``; empty when it means none, or several."""
    reader = _Reader(plan, "full")

    def column(name: str) -> str:
        name = " ".join(name.split())
        matches = reader._matches(name)
        if matches:
            return f"value:{'/'.join(matches[0].path)}" if len(matches) == 1 else ""
        if name in reader.input_names:
            return f"input:{reader.input_names[name].name}"
        money = reader._money_key(name)
        return f"spent:{money}" if money is not None else ""

    return column


def row_name(plan: p.Plan, column: str) -> str:
    """A name by which ``column_names`` finds a column; empty where every name means something else, or several things."""
    kind, _, path = column.partition(":")
    meant = column_names(plan)
    side, _, line = path.partition("/")
    names = [path, path.rpartition("/")[2]]
    match kind:
        case "value":
            names += [i.alias for i in plan.indicators if "/".join(i.path) == path]
        case "input":
            names += [i.alias for i in plan.inputs if i.name == path]
        case "spent":
            lines = [x for t in plan.funds for x in t.lines if f"{x.side}/{'/'.join(x.path)}" == path]
            own = [name for x in lines for name in (x.alias, x.path[-1], "/".join(x.path)) if name]
            title = SIDE_NAMES.get(side, side)
            names = [f"{title}/{line}" if line else title, *(f"{title}/{x}" for x in own), *own]
    return next((name for name in names if name and meant(name) == column), "")


def is_lost(found: Diagnostic) -> bool:
    """Does it say that something given does not count?"""
    return found.severity == ERROR or found.code in (WORD_FOR_DATE.code, DATE_TOO_COARSE.code)


class _Reader:
    def __init__(self, plan: p.Plan, period: str) -> None:
        self.plan = plan
        self.period = period
        self.found: list[Diagnostic] = []
        self.entries: dict[str, list[tuple[Entry, Row]]] = {}
        self.inputs: dict[str, Value] = {}
        self.spent: dict[str, Fraction] = {}
        self.weights: dict[str, tuple[tuple[str, int], ...]] = {}  # the dimension of each weighted mean
        self.names = _names(plan)
        self.input_names = {name: i for i in plan.inputs for name in (i.name, i.alias) if name}
        self.lines = [line for table in plan.funds for line in table.lines]
        self.balanced = [line for table in plan.funds if not table.title for line in table.lines]

    @cached_property
    def written(self) -> dict[str, str]:
        """The words of the rules; only values that are words ask for them."""
        return _words_written(self.plan)

    # ---- which row of the plan is meant

    def row(self, row: Row) -> None:
        """Take one row of the table, or say why not."""
        if row.period:
            period = PERIOD_WORDS.get(row.period.strip())
            if period is None:
                self._report(UNKNOWN_PERIOD, row, text=row.period)
                return
            if period != self.period:
                return
        name = " ".join(row.name.split())
        matches = self._matches(name)
        if len(matches) == 1:
            self._indicator(matches[0], row)
        elif matches:
            paths = "，".join("/".join(i.path) for i in matches[:4])
            self._report(AMBIGUOUS_NAME, row, name=name, paths=paths)
        elif name in self.input_names:
            self._input(self.input_names[name], row)
        elif (key := self._money_key(name)) is not None:
            self._money(key, row)
        else:
            near = closest(name, chain(self.names, self.input_names))
            self._report(UNKNOWN_ROW_NEAR if near else UNKNOWN_ROW, row, name=name, near=near)

    def _matches(self, name: str) -> list[p.PlanIndicator]:
        exact = self.names.get(fold_width(name), [])
        if exact or "/" not in name:
            return exact
        wanted = "/" + "/".join(part.strip() for part in name.split("/"))  # a name may itself hold a stroke
        return [i for i in self.plan.indicators if ("/" + "/".join(i.path)).endswith(wanted)]

    def _money_key(self, name: str) -> str | None:
        if name in SIDES:
            return SIDES[name]
        side, _, rest = name.partition("/")
        wanted = rest if side in SIDES and rest else name
        for lines in (self.balanced, self.lines):
            named = [x for x in lines if wanted in (x.alias, x.path[-1], "/".join(x.path))
                     and (side not in SIDES or not rest or x.side == SIDES[side])]  # fmt: skip
            if named:
                break
        else:
            return None
        return f"{named[0].side}/{'/'.join(named[0].path)}" if len(named) == 1 else None

    # ---- values

    def _indicator(self, indicator: p.PlanIndicator, row: Row) -> None:
        if indicator.formula is not None and row.value.strip() and not _left_out(row.value):
            self._report(COMPUTED_TYPED, row, name=indicator.path[-1])
            return
        target = next((x for x in indicator.targets if x.period == self.period), None)
        entry = self._entry(indicator, target, row)
        self.entries.setdefault("/".join(indicator.path), []).append((entry, row))

    def _entry(self, indicator: p.PlanIndicator, target: p.PlanTarget | None, row: Row) -> Entry:
        if target is None and indicator.targets and indicator.scoring is None:
            return Entry(value=None, text=row.value.strip(), explanation=row.explanation.strip(), span=row.span)
        unit = row.unit or ("%" if row.percent_format else "")
        aimed = target.target if target is not None else None
        words = is_word(indicator, aimed)
        due = not words and not isinstance(aimed.meaning if aimed is not None else None, t.Deadline)
        reading, doubts = read_actual(
            row.value, unit="" if words else unit, target=None if words else aimed, number=due
        )
        meaning = reading.meaning
        if words and isinstance(meaning, (t.Amount, t.OnDate, t.Unread)):
            meaning = t.Word(row.value.strip())
        elif not isinstance(meaning, t.Word):
            doubts = tuple(doubt for doubt in doubts if doubt.code not in SAID_HERE)
            for doubt in doubts:
                self._report(KINDS[doubt.code], row, **dict(doubt.facts))
            if isinstance(meaning, t.Unread) and any(KINDS[doubt.code].severity == ERROR for doubt in doubts):
                meaning = t.Missing()  # why it is no value has been said
        value, applies, none = self._meaning(indicator, target, meaning, row)
        if isinstance(value, Fraction) and not indicator.domain.holds(value):
            self._report(OUTSIDE, row, text=row.value.strip(), name=indicator.path[-1])
            value = None
        return Entry(
            value=value, text=row.value.strip() + (row.unit if isinstance(meaning, t.Amount) and row.unit and not _has_unit(row)
                                                   else ""),
            applies=applies, none_happened=none, mark=self._mark(row.mark, indicator, row, "评分"),
            override=self._mark(row.override, indicator, row, "复核分"), item=_item(indicator, row), times=self._times(row),
            prior=self._prior(indicator, target, row), weight=self._weight(indicator, row), explanation=row.explanation.strip(), evidence=row.evidence.strip(),
            span=row.span,
        )  # fmt: skip

    def _meaning(
        self, indicator: p.PlanIndicator, target: p.PlanTarget | None, meaning: object, row: Row
    ) -> tuple[Value, bool, bool]:
        """(value, applies, nothing happened)."""
        match meaning:
            case t.Amount(quantity=quantity):
                return self._amount(indicator, target, quantity, row), True, False
            case t.OnDate(date=date):
                return self._date(indicator, target, date, row), True, False
            case t.Word(text="未发生" | "没有发生") if (
                indicator.scoring is not None and indicator.scoring.entries is not None
            ):
                return None, True, True
            case t.Word(text=text):
                return self._word(indicator, target, text, row), True, False
            case t.NotApplicable():
                return None, False, False
            case t.NoneHappened():
                if indicator.scoring is not None and indicator.scoring.entries is not None:
                    return None, True, True
                return self._word(indicator, target, "无", row), True, False
            case t.Unread(text=text):
                self._report(UNREADABLE, row, text=text, column="实际值")
        return None, True, False

    def _amount(self, indicator: p.PlanIndicator, target: p.PlanTarget | None, quantity: Quantity, row: Row) -> Value:
        if target is not None and isinstance(target.target.meaning, t.Deadline):
            return None  # T139 has said so
        own = (target.unit if target is not None else None) or indicator.unit or NO_UNIT
        unit = quantity.unit
        if target is not None and isinstance(target.target.meaning, t.Growth) and row.prior:
            own = unit
        bare = not unit.dims and unit.scale == 1
        if bare and own.scale >= 1000 and abs(quantity.value) >= own.scale:
            self._report(SCALE_LEFT_OUT, row, text=row.value.strip(), name=indicator.path[-1], unit=own.text)
            return None
        if unit.dims == own.dims:
            return quantity.value * own.scale if bare else quantity.base
        if bare:
            if own.dims == SHARE:
                self._report(PLAIN_FOR_PERCENT, row, text=row.value.strip(), name=indicator.path[-1])
                return None
            return quantity.value * own.scale
        if unit.dims == () or (own.dims == () and _counts(unit)):
            return quantity.base
        if _denominators(unit) == () and _numerators(unit) == _numerators(own) and _denominators(own):
            self._report(UNIT_SHORTENED, row, text=row.value.strip(), unit=own.text, name=indicator.path[-1])
            below = own.text.partition("/")[2]
            per = parse_unit(below)
            return quantity.base / (per.scale if per is not None else 1)
        self._report(WRONG_UNIT, row, text=row.value.strip(), unit=own.text or "（无单位）", name=indicator.path[-1])
        return None

    def _date(self, indicator: p.PlanIndicator, target: p.PlanTarget | None, date: t.Date, row: Row) -> Value:
        if target is None and indicator.targets:
            return None  # not assessed in this period
        if target is None or not isinstance(target.target.meaning, t.Deadline):
            self._report(WRONG_UNIT, row, text=row.value.strip(), unit=_aim(target), name=indicator.path[-1])
            return None
        day = last_day(date, self.plan.year)
        limit = last_day(target.target.meaning.date, self.plan.year)
        if day is None:
            self._report(UNREADABLE, row, text=row.value.strip(), column="实际值")
            return None
        if (
            date.day is None
            and limit is not None
            and day > limit
            and (day.year, day.month) == (limit.year, limit.month)
        ):
            self._report(DATE_TOO_COARSE, row, text=row.value.strip(), name=indicator.path[-1])
            return None
        return Fraction(day.toordinal())

    def _word(self, indicator: p.PlanIndicator, target: p.PlanTarget | None, text: str, row: Row) -> Value:
        """A word as the scale calls it; where a number or a date is due, only the target's own text will do."""
        aimed = target.target if target is not None else None
        same = aimed is not None and _bare(row.value) == _bare(aimed.text)
        if aimed is not None and isinstance(aimed.meaning, t.Deadline) and same:
            day = last_day(aimed.meaning.date, self.plan.year)
            return Fraction(day.toordinal()) if day is not None else text
        if not is_word(indicator, aimed):
            if aimed is None and indicator.targets:
                return None  # not assessed in this period
            if isinstance(aimed.meaning if aimed else None, t.Deadline):
                self._report(WORD_FOR_DATE, row, text=text, name=indicator.path[-1])
                return text
            self._report(WORD_FOR_NUMBER, row, text=text, target=_aim(target), name=indicator.path[-1])
            return None
        if aimed is not None and same:
            return aimed.meaning.word if isinstance(aimed.meaning, t.Level) else aimed.text.strip()
        scale = {_bare(synonym): word for synonym, word in indicator.words}
        for said in (_bare(row.value), _bare(text)):
            if said in scale or said in self.written:
                return scale.get(said) or self.written[said]
        return text

    def _prior(self, indicator: p.PlanIndicator, target: p.PlanTarget | None, row: Row) -> Value:
        if not row.prior.strip():
            return None
        reading, _ = read_actual(row.prior, unit=row.unit, number=True)
        if not isinstance(reading.meaning, t.Amount):
            self._report(UNREADABLE, row, text=row.prior, column="上年值")
            return None
        return self._amount(indicator, target, reading.meaning.quantity, row)

    def _mark(self, text: str, indicator: p.PlanIndicator, row: Row, column: str) -> Fraction | None:
        """评分 or 复核分: points, or a percent of the points."""
        plain = fold_width(text.strip()).removesuffix("分")
        if not plain:
            return None
        share = plain.endswith("%")
        number = parse_number(plain.removesuffix("%"))
        if number is None or (share and indicator.points is None):
            self._report(UNREADABLE, row, text=text, column=column)
            return None
        return number / 100 * (indicator.points or 0) if share else number

    def _times(self, row: Row) -> int:
        if not row.times.strip():
            return 1
        number = parse_number(fold_width(row.times.strip()).rstrip("次件个项起"))
        if number is None or number.denominator != 1 or not 0 <= number <= 10**6:
            self._report(UNREADABLE, row, text=row.times, column="次数")
            return 1
        return int(number)

    def _weight(self, indicator: p.PlanIndicator, row: Row) -> Fraction | None:
        """How much a unit counts in a weighted mean; all rows of an indicator in one dimension."""
        column = indicator.gather.column if indicator.gather is not None else ""
        text, unit = _extra(row, column) if column else ("", "")
        if not text:
            return None
        reading, _ = read_actual(text, unit=unit, number=True)
        quantity = reading.meaning.quantity if isinstance(reading.meaning, t.Amount) else None
        path = "/".join(indicator.path)
        if quantity is None or self.weights.setdefault(path, quantity.unit.dims) != quantity.unit.dims:
            self._report(UNREADABLE, row, text=text, column=column)
            return None
        return quantity.base

    # ---- inputs and money

    def _input(self, item: p.PlanInput, row: Row) -> None:
        if item.name in self.inputs:
            self._report(TWICE, row, name=item.name)
            return
        if item.is_word:
            word = row.value.strip()
            allowed = {_bare(one): one for one in item.words} or self.written
            word = allowed.get(_bare(word), word)
            if item.words and word and word not in item.words:
                self._report(NOT_A_WORD, row, text=word, name=item.name, known="、".join(item.words))
                return
            self.inputs[item.name] = word or None
            return
        value = self._number(row, item.unit)
        if value is not None and not item.domain.holds(value):
            self._report(OUTSIDE, row, text=row.value.strip(), name=item.name)
            return
        self.inputs[item.name] = value

    def _money(self, key: str, row: Row) -> None:
        if key in self.spent:
            self._report(TWICE, row, name=row.name)
            return
        unit = next((table.unit for table in self.plan.funds if not table.title), parse_unit("万元"))
        value = self._number(row, unit)
        if value is not None:
            self.spent[key] = value

    def _number(self, row: Row, own: Unit | None) -> Fraction | None:
        reading, doubts = read_actual(row.value, unit=row.unit or ("%" if row.percent_format else ""), number=True)
        for doubt in doubts:
            self._report(KINDS[doubt.code], row, **dict(doubt.facts))
        if isinstance(reading.meaning, t.Missing):
            return None
        if not isinstance(reading.meaning, t.Amount):
            self._report(UNREADABLE, row, text=row.value, column="实际值")
            return None
        quantity, unit = reading.meaning.quantity, own or NO_UNIT
        if not quantity.unit.dims and quantity.unit.scale == 1:
            if unit.dims == SHARE:
                self._report(PLAIN_FOR_PERCENT, row, text=row.value.strip(), name=row.name)
                return None
            return quantity.value * unit.scale
        if quantity.unit.dims == unit.dims or not unit.dims or not quantity.unit.dims:
            return quantity.base
        self._report(WRONG_UNIT, row, text=row.value.strip(), unit=unit.text or "（无单位）", name=row.name)
        return None

    # ---- reports

    def check_duplicates(self) -> None:
        """Several rows belong only to rubrics that count entries, and even those say 无 or are reviewed once."""
        several = {"/".join(i.path): i.scoring.entries for i in self.plan.indicators
                   if i.scoring is not None and i.scoring.entries is not None}  # fmt: skip
        gathered = {"/".join(i.path) for i in self.plan.indicators if i.gather is not None}
        bonus = {"/".join(i.path) for i in self.plan.indicators if i.bonus}
        for path, found in self.entries.items():
            name = path.rpartition("/")[2]
            if path in several:
                self._check_values(name, several[path], found, nothing_is_none=path in bonus)
            if len(found) > 1 and path in gathered:
                self._check_units(name, found)
            elif len(found) > 1 and path not in several:
                for _, row in found[1:]:
                    self._report(TWICE, row, name=name)
                del found[1:]
            elif len(found) > 1:
                self._check_entries(name, several[path].per, found)

    def _check_units(self, name: str, found: list[tuple[Entry, Row]]) -> None:
        """Each unit once; one mark and one review for all of them together."""
        items = [entry.item for entry, _ in found]
        again = [row for at, (entry, row) in enumerate(found) if entry.item and entry.item in items[:at]]
        marked = [row for entry, row in found if entry.mark is not None]
        reviewed = [row for entry, row in found if entry.override is not None]
        for row in (*again, *marked[1:], *reviewed[1:]):
            self._report(TWICE, row, name=name)

    def _check_entries(self, name: str, per: str, found: list[tuple[Entry, Row]]) -> None:
        nothing = [row for entry, row in found if entry.none_happened]
        reviewed = [row for entry, row in found if entry.override is not None]
        for again in (*nothing[:1], *reviewed[1:]):
            self._report(TWICE, again, name=name)
        for entry, row in found if per else ():
            if not entry.item and entry.text and not entry.none_happened:
                self._report(ITEM_MISSING, row, name=name, per=per)

    def _check_values(self, name: str, how: Entries, found: list[tuple[Entry, Row]], *, nothing_is_none: bool) -> None:
        """An entry that is named or counted has a value or a mark; where none has, the row is not filled in, and that is said elsewhere.

        ``nothing_is_none``: a row without entries scores nothing and says no more.  Points of a checklist that are not met stay blank.
        """
        listed = {fold_width(word) for word in how.words} if how.how == "check" else set()
        if not nothing_is_none and not any(row.value.strip() or row.mark.strip() for _, row in found):
            return
        for entry, row in found:
            named = (entry.item and fold_width(entry.item) not in listed) or row.times.strip()
            if named and not row.value.strip() and not row.mark.strip():
                self._report(HALF_ENTRY, row, name=name, item=entry.item or "…", file=row.span.source.name,
                             cell=str(row.span.line))  # fmt: skip

    def _report(self, kind: Kind, row: Row, **facts: str) -> None:
        self.found.append(stated(kind, _place(row, facts.get("text", "")), {"row": str(row.span.line), **facts}))


def _has_unit(row: Row) -> bool:
    """Is the unit written beside the number already, in this width or that, or in words?"""
    text = fold_width(row.value)
    return fold_width(row.unit) in text or (row.unit == "%" and "百分之" in text)


def _left_out(text: str) -> bool:
    return isinstance(read_actual(text)[0].meaning, t.NotApplicable)


def _item(indicator: p.PlanIndicator, row: Row) -> str:
    """What the entry belongs to: the column its rubric groups by, 事项 unless it says otherwise."""
    per = (
        indicator.scoring.entries.per if indicator.scoring is not None and indicator.scoring.entries is not None else ""
    )
    return dict(row.extras).get(per, row.item).strip()


def _extra(row: Row, column: str) -> tuple[str, str]:
    """What stands in a column of the user's own, and the unit its heading may have in brackets."""
    for head, text in row.extras:
        name, _, unit = fold_width(head).strip().removesuffix(")").partition("(")
        if name.strip() == fold_width(column):
            return text.strip(), unit.strip()
    return "", ""


def _place(row: Row, text: str) -> Span:
    """The cell inside its row when it can be found there."""
    line = row.span
    at = line.text.find(text) if text else -1
    return Span(line.start + at, line.start + at + len(text), line.source) if at >= 0 else line


def _names(plan: p.Plan) -> dict[str, list[p.PlanIndicator]]:
    found: dict[str, list[p.PlanIndicator]] = {}
    for indicator in plan.indicators:
        for name in {indicator.path[-1], indicator.alias} - {""}:
            found.setdefault(fold_width(" ".join(name.split())), []).append(indicator)
    return found


def is_word(indicator: p.PlanIndicator, aimed: t.Target | None) -> bool:
    """Is the value of this row a word?"""
    if aimed is not None and not isinstance(aimed.meaning, t.Nothing):
        return isinstance(aimed.meaning, (t.Level, t.Free, t.Compound)) or (
            isinstance(aimed.meaning, t.Deadline) and aimed.meaning.repeats
        )
    if indicator.unit is not None or indicator.formula is not None:
        return False
    scoring = indicator.scoring
    if scoring is None:
        return False
    return any(_mentions_word(case.when) for case in scoring.cases) or (
        scoring.entries is not None and not any(_measures(case) for case in scoring.cases)
    )


def _measures(case: Case) -> bool:
    """Does a case look at how much the actual is?  Where none of several entries' does, each is a thing that happened."""
    guard = isinstance(case.when, If) and isinstance(case.when.test, Missing)  # what ``otherwise`` asks of every actual
    looked = references(case.award) if guard else references(case.award) | references(case.when)
    return bool(looked & {"actual", "completion", "gap", "excess"})


def _words_written(plan: p.Plan) -> dict[str, str]:
    """The words the rules compare with, found by what is left of them without the accidents of typing."""
    exprs = [x.condition for x in plan.ceilings] + [x.condition for x in plan.awards]
    exprs += [x.applies for x in plan.groups if x.applies is not None]
    exprs += [x.factor.value for x in plan.groups if x.factor is not None]
    for row in plan.indicators:
        exprs += [x for x in (row.formula, row.applies) if x is not None]
        if row.scoring is not None:
            exprs += [x for case in row.scoring.cases for x in (case.when, case.award)]
    found: dict[str, str] = {}
    while exprs:
        top = exprs.pop()
        if isinstance(top, Const) and isinstance(top.value, str):
            found.setdefault(_bare(top.value), top.value)
        exprs.extend(children(top))
    return found


def _mentions_word(expr: Expr) -> bool:
    stack = [expr]
    while stack:
        top = stack.pop()
        if isinstance(top, Compare) and isinstance(top.right, Const) and isinstance(top.right.value, str):
            return True
        stack.extend(children(top))
    return False


def _counts(unit: Unit) -> bool:
    """Does the unit count things, so that a target without unit may mean it?"""
    return unit_kind(unit) == "number"


def _numerators(unit: Unit) -> tuple[tuple[str, int], ...]:
    return tuple(d for d in unit.dims if d[1] > 0)


def _denominators(unit: Unit) -> tuple[tuple[str, int], ...]:
    return tuple(d for d in unit.dims if d[1] < 0)


def _bare(text: str) -> str:
    """A text without the accidents of typing: widths, spaces, a full stop at the end."""
    return "".join(fold_width(text).split()).rstrip("。.")


def _aim(target: p.PlanTarget | None) -> str:
    return target.target.text if target is not None else ""


UNKNOWN_ROW = Kind(
    "A101", ERROR, "第{row}行：没有叫“{name}”的指标或输入项", "row {row}: there is no indicator or input “{name}”",
    "核对名称；名称不唯一时写成 上级/名称", "check the name; write PARENT/NAME when it is not unique",
)  # fmt: skip
UNKNOWN_ROW_NEAR = Kind(
    "A102", ERROR, "第{row}行：没有叫“{name}”的指标或输入项", "row {row}: there is no indicator or input “{name}”",
    "是不是“{near}”？", "did you mean “{near}”?",
)  # fmt: skip
AMBIGUOUS_NAME = Kind(
    "A103", ERROR, "第{row}行：“{name}”不止一个：{paths}", "row {row}: “{name}” is not unique: {paths}",
    "写成 上级/名称，或在规则里起简称", "write PARENT/NAME, or give it a short name in the rules",
)  # fmt: skip
TWICE = Kind(
    "A104", ERROR, "第{row}行：“{name}”重复", "row {row}: “{name}” is given a second time", "保留一行", "keep one row",
)  # fmt: skip
UNREADABLE = Kind(
    "A105", ERROR, "第{row}行“{column}”：“{text}”读不懂", "row {row}, “{column}”: “{text}” cannot be read",
    "写成一个数和单位、一个日期或一个词", "write a number with its unit, a date, or a word",
)  # fmt: skip
PLAIN_FOR_PERCENT = Kind(
    "A106", ERROR, "第{row}行：“{name}”的指标值是百分比，完成值却写成“{text}”",
    "row {row}: “{name}” is a percent, its actual is written “{text}”",
    "写成 95% 这样的百分数（小数 0.95 要先换成 95%），或在“单位”列写 %", "write a percent such as 95% (0.95 means 95%), or put % into the unit column",
)  # fmt: skip
WRONG_UNIT = Kind(
    "A107", ERROR, "第{row}行：“{name}”的完成值“{text}”与指标的单位“{unit}”对不上",
    "row {row}: the actual “{text}” of “{name}” does not fit its unit “{unit}”", "核对单位", "check the unit",
)  # fmt: skip
WORD_FOR_NUMBER = Kind(
    "A108", ERROR, "第{row}行：“{name}”的指标值是“{target}”，完成值要写数，不能写“{text}”",
    "row {row}: the target of “{name}” is “{target}”; its actual must be a number, not “{text}”",
    "写上实际的数；没有发生写0，不适用写“不适用”", "write the number; 0 when nothing happened, 不适用 when it does not apply",
)  # fmt: skip
WORD_FOR_DATE = Kind(
    "A109", WARNING, "第{row}行：“{name}”要写完成日期，“{text}”无法判断", "row {row}: “{name}” needs a date; “{text}” cannot be judged",
    "写成 2024年11月30日 这样的日期", "write a date such as 2024年11月30日",
)  # fmt: skip
DATE_TOO_COARSE = Kind(
    "A110", WARNING, "第{row}行：“{name}”的完成日期“{text}”只到月，判断不了是否按期",
    "row {row}: the date “{text}” of “{name}” is too coarse to judge", "写到日", "write the day",
)  # fmt: skip
UNKNOWN_PERIOD = Kind(
    "A111", ERROR, "第{row}行：期间“{text}”不认识", "row {row}: unknown period “{text}”",
    "写 一季度、半年、三季度、全年 或 实施周期", "write q1, half, q3, full or cycle",
)  # fmt: skip
COMPUTED_TYPED = Kind(
    "A112", ERROR, "第{row}行：“{name}”由算式算出，不能直接填", "row {row}: “{name}” is computed and cannot be typed in",
    "填它用到的各项", "fill in what its formula uses",
)  # fmt: skip
NOT_A_WORD = Kind(
    "A113", ERROR, "第{row}行：“{name}”不能是“{text}”", "row {row}: “{name}” cannot be “{text}”", "可以是：{known}", "it may be: {known}",
)  # fmt: skip
OUTSIDE = Kind(
    "A114", ERROR, "第{row}行：“{name}”的值“{text}”超出取值范围", "row {row}: “{text}” is outside the domain of “{name}”",
    "核对这个数；确实可能有这样的值时，在规则里改 values（取值）", "check the number; widen values in the rules if it can be so",
)  # fmt: skip
UNIT_SHORTENED = Kind(
    "A115", INFO, "第{row}行：“{name}”的完成值“{text}”按“{unit}”理解", "row {row}: “{text}” of “{name}” was read in “{unit}”",
    "单位写全可免误会", "write the whole unit to be sure",
)  # fmt: skip
ITEM_MISSING = Kind(
    "A116", ERROR, "第{row}行：“{name}”按“{per}”分别计分，这一行没有写“{per}”",
    "row {row}: “{name}” is counted for each “{per}”, and this row does not name one",
    "补上“{per}”；不写的行会被当作同一个", "fill in “{per}”; rows without it count as one and the same",
)  # fmt: skip
HALF_ENTRY = Kind(
    "A175", ERROR, "{file} {cell}：“{name}”的一件（{item}）没有填实际值，没有算进去", "{file} {cell}: an entry of “{name}” ({item}) has no value and was not counted",
    "补上实际值；不算的，清空这一行", "type its value, or clear the row",
)  # fmt: skip
SCALE_LEFT_OUT = Kind(
    "A117", ERROR, "第{row}行：“{name}”以“{unit}”计，“{text}”看不出是不是已经换算", "row {row}: “{name}” is in “{unit}”; whether “{text}” is too cannot be told",
    "连单位一起写，例如 25{unit}，或在“单位”列写明", "write the unit too, for example 25{unit}, or fill in the unit column",
)  # fmt: skip
