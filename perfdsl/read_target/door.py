"""Read one target cell: the words of the cell first, then what its columns and the indicator's name add."""

import re
from fractions import Fraction
from functools import lru_cache

import attrs

from perfdsl.lalr import Token
from perfdsl.quantity import (
    NO_UNIT,
    WORDS,
    Quantity,
    Unit,
    format_number,
    parse_unit,
    plain_number,
    round_half_up,
    unit_named,
)
from perfdsl.read_target.clause import (
    Clause,
    Doubt,
    combine,
    parse_items,
    unit_of,
    value_of,
    with_op,
    with_unit,
)
from perfdsl.read_target.findings import finding
from perfdsl.read_target.lexer import Lexer, merged_sign, squeeze
from perfdsl.read_target.statement import DIGITS, QUALITY, clean_label, read_words, worded
from perfdsl.read_target.words import COUNT_NAMES, MONEY_NAMES, RATE_ENDS, op_word
from perfdsl.target import (
    Bound,
    Compound,
    Deadline,
    Finding,
    Free,
    Growth,
    Level,
    Meaning,
    Nothing,
    Range,
    Schedule,
    Target,
    as_money,
    unit_kind,
)

LONGEST = 2000
_COMMON = re.compile(r"([≥≤=])([1-9][0-9]{0,8}(?:\.[0-9]{1,4})?)([^0-9年月日号]{1,3})")
_COMMON_SIGNS = {"≥": ">=", "≤": "<=", "=": "="}
Findings = tuple[Finding, ...]


def read_target(text: str, *, op: str = "", unit: str = "", name: str = "") -> tuple[Target, Findings]:
    """What a target cell means, with every doubt about it; never raises, whatever the text.

    ``op`` and ``unit`` are the table's own columns for sign and unit, ``name`` the indicator's name; the cell comes
    first, then the columns, then the name.
    """
    found = _read(text, op, unit, "")
    return _read(text, op, unit, name) if name and _name_matters(text, *found) else found


def _name_matters(text: str, target: Target, findings: Findings) -> bool:
    """Can the indicator's name change the reading: a number without unit or with a bare 万, or an empty cell?"""
    if isinstance(target.meaning, Nothing):
        return not text.strip()
    unit = unit_of(target.meaning)
    return unit is not None and (not unit.dims or any(f.code == "T115" for f in findings))


@lru_cache(maxsize=65536)
def _read(text: str, op: str, unit: str, name: str) -> tuple[Target, Findings]:
    if not (op or unit or name) and (common := _common(text)) is not None:
        return common, ()
    if len(text) > LONGEST:
        return Target(text, Free(text)), (finding("T125", 0, len(text), count=str(len(text))),)
    cell = Cell(text)
    target = cell.read()
    if isinstance(target.meaning, Nothing) and name and not text.strip():
        target = _from_name(cell, target, name)
    if op or unit or name:
        target = _Columns(cell, op, unit, name).apply(target)
    return cell.with_scale(target, name), cell.findings()


def _common(text: str) -> Target | None:
    """The form that nine cells in ten have, a sign, a number and a known unit, at a tenth of the cost.

    A test reads every such cell of the corpus both ways.
    """
    found = _COMMON.fullmatch(text)
    if found is None:
        return None
    sign, digits, word = found.groups()
    unit = WORDS.get(word)
    value = Fraction(digits)
    if unit is None or (word == "%" and value > 100):
        return None
    return Target(text, Bound(_COMMON_SIGNS[sign], Quantity(value, unit)))


class Cell:
    """One cell on its way from text to target."""

    __slots__ = ("clean", "doubts", "lexer", "places", "shown", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        clean, self.places = squeeze(text)
        if clean.startswith("(") and clean.endswith(")") and clean.count("(") == 1:
            clean = f",{clean[1:-1]},"
        self.shown = clean
        listed = QUALITY.match(clean)
        self.clean = "," * listed.end() + clean[listed.end() :] if listed else clean
        self.doubts: list[Doubt] = []
        self.lexer = Lexer(self.clean)

    def read(self) -> Target:
        """The target the words alone give."""
        word = read_words(self.clean)
        if word is not None:
            self.doubts.extend(word.doubts)
            return Target(self.text, word.meaning, word.label)
        tokens = self.lexer.run()
        items = parse_items(tokens)
        if items is None:
            return self._free("T112")
        clauses = [item for item in items if isinstance(item, Clause)]
        if not clauses:
            return self._free("")
        meaning, label = self._assemble(items, clauses)
        for clause in clauses:
            self.doubts.extend(clause.doubts)
        self._lexer_doubts(meaning)
        if isinstance(meaning, Free):
            return self._free("")
        return Target(self.text, meaning, label)

    def findings(self) -> Findings:
        """The doubts as findings, in the order of their places, in offsets of the text as given."""
        if not self.doubts:
            return ()
        unique = {(d.code, d.start, d.end): d for d in self.doubts}
        made = [Finding(d.code, *self.place(d.start, d.end), tuple(d.facts.items())) for d in unique.values()]
        return tuple(sorted(made, key=lambda f: (f.start, f.end, f.code)))

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Offsets of the squeezed text as offsets of the original."""
        if self.places is None:
            return start, end
        if start >= len(self.places):
            return len(self.text), len(self.text)
        return self.places[start], self.places[max(end, start + 1) - 1] + 1 if end > start else self.places[start]

    def doubt(self, code: str, start: int = 0, end: int = -1, **facts: str) -> None:
        """Note a doubt about a stretch of the squeezed text."""
        self.doubts.append(Doubt(code, start, len(self.clean) if end < 0 else end, facts))

    # -- putting clauses together -------------------------------------------------------------------------------

    def _assemble(self, items: list[Token | Clause], clauses: list[Clause]) -> tuple[Meaning, str]:
        if len(items) == 1:
            return clauses[0].meaning or self._unread(clauses[0]), ""
        groups = _split(items, _STRONG)
        if len(groups) > 1:
            return self._compound(groups, len(clauses)), ""
        return self._group(groups[0], len(clauses))

    def _unread(self, clause: Clause) -> Free:
        self.doubt("T112", clause.start, clause.end, text=self.clean[clause.start : clause.end])
        return Free(self.shown)

    def _group(self, items: list[Token | Clause], count: int) -> tuple[Meaning, str]:
        clauses = [item for item in items if isinstance(item, Clause)]
        if len(clauses) == 1:
            return self._single(items, clauses[0])
        pair = self._both_ends(items, clauses)
        if pair is not None:
            return pair, self._label(_inner(items)[0], clauses[0].start, clauses[0])
        around = self._around_subject(items, clauses)
        if around is not None:
            return around
        subject = self._subject_with_number(items, clauses)
        if subject is not None:
            return subject
        parts = _split(items, _WEAK)
        if len(parts) > 1 and all(_one_short_clause(part) for part in parts):
            return self._compound(parts, count), ""
        self.doubt("T106", clauses[0].start, clauses[-1].end, count=str(len(clauses)))
        return Free(self.shown), ""

    def _both_ends(self, items: list[Token | Clause], clauses: list[Clause]) -> Range | None:
        if len(clauses) != 2:
            return None
        start = clauses[0].start
        if any(isinstance(item, Token) and item.kind == "WORD" and item.start > start for item in items):
            return None
        if _SIGN_IN.search(self.clean[_inner(items)[0] : start]):
            return None
        return combine(clauses[0].meaning, clauses[1].meaning)

    def _around_subject(self, items: list[Token | Clause], clauses: list[Clause]) -> tuple[Meaning, str] | None:
        """90%≤合格率≤100%: the subject stands between its two limits."""
        if len(items) != 3 or len(clauses) != 2 or not isinstance(items[1], Token):
            return None
        low, word = clauses[0].meaning, items[1].value
        sign = _LEADING_SIGN.match(word)
        if sign is None or not isinstance(low, Bound) or low.op is not None:
            return None
        op = {"≤": ">=", "<=": ">=", "<": ">"}.get(sign.group())
        pair = combine(with_op(low, op), clauses[1].meaning) if op else None
        if pair is None:
            return None
        label = word[sign.end() :]
        self.doubt("T113", items[1].start, items[1].end, label=label)
        return pair, label

    def _subject_with_number(self, items: list[Token | Clause], clauses: list[Clause]) -> tuple[Meaning, str] | None:
        """15秒接通率≥90%: numbers inside the subject, one limit at the end."""
        last = items[-1]
        if last is not clauses[-1] or not isinstance(last.meaning, Bound) or last.meaning.op is None:
            return None
        for i, item in enumerate(items[:-1]):
            follows = items[i + 1]
            if isinstance(item, Clause):
                bare = isinstance(item.meaning, Bound) and item.meaning.op is None
                if not bare or not isinstance(follows, Token) or follows.kind != "WORD" or _doubtful(item):
                    return None
        if any(isinstance(item, Token) and item.kind == "SEP" for item in items):
            return None
        return last.meaning, self._label(0, last.start, last)

    def _single(self, items: list[Token | Clause], clause: Clause) -> tuple[Meaning, str]:
        meaning = clause.meaning
        if meaning is None:
            return self._unread(clause), ""
        first, last = _inner(items)
        lead = clean_label(self.clean[first : clause.start])
        tail = clean_label(self.clean[clause.end : last])
        if self.clean[first : clause.start].endswith("("):
            tail = tail.removeprefix(")")
        if not lead and not tail:
            return meaning, ""
        if tail.startswith("/"):
            own = unit_of(meaning)
            joined = parse_unit(own.text + tail) if own else None
            if joined is not None:
                return with_unit(meaning, joined), self._label(first, clause.start, clause) if lead else ""
        if not tail and _BRACKETED.fullmatch(self.clean[first : clause.start]):
            return meaning, self._label(first, clause.start, clause)
        if (
            _JOINED_ON.search(self.clean[first : clause.start])
            or _JOINED_ON.search(lead)
            or _SIGN_IN.search(lead + tail)
            or tail.startswith("/")
        ):
            return self._unread(clause), ""
        if _LIMIT_WORDS.search(lead + tail) or _JOINT_TAIL.match(tail):
            return self._unread(clause), ""
        if _ENDS_IN_DIGIT.search(lead) and self.clean[clause.start] in "0123456789:-约近":
            return self._unread(clause), ""
        if self._not_a_target(meaning, lead, tail):
            return Free(self.shown), ""
        if lead in _OCR_SIGNS:
            self.doubt("T103", first, clause.end, text=self.clean[first : clause.end], rest=_value_text(meaning))
            return meaning, ""
        if not _LETTER.search(lead + tail):
            self.doubt("T112", 0, -1, text=self.clean)
            return Free(self.shown), ""
        if lead and tail:
            self.doubt("T114", first, last, value=_value_text(meaning), label=lead + tail)
            return meaning, lead
        if tail:
            return meaning, self._label(clause.end, last, clause)
        return meaning, self._label(first, clause.start, clause)

    def _not_a_target(self, meaning: Meaning, lead: str, tail: str) -> bool:
        """Is the number a remark inside a statement rather than its limit?"""
        bare = isinstance(meaning, Bound) and meaning.op is None
        if isinstance(meaning, Deadline):
            return tail.startswith(_AFTER_DATE) or len(tail) > 20
        if bare and lead and tail:
            unit = unit_of(meaning)
            return len(lead) > 4 or len(tail) > 6 or unit is None or unit_kind(unit) != "number" or not unit.dims
        unit = unit_of(meaning)
        if lead.endswith("后") and unit is not None and unit_kind(unit) == "duration":
            return False
        return (bare and len(tail) > 6) or tail.startswith(_NOT_TAILS) or lead.endswith(_NOT_LEADS)

    def _label(self, start: int, end: int, clause: Clause) -> str:
        raw = self.clean[start:end]
        label = clean_label(raw)
        if not label:
            return ""
        dated = isinstance(clause.meaning, Deadline) and start >= clause.end
        if (
            len(label) > 20
            or dated
            or _WEAK_IN.search(label)
            or raw[:1] in ",、"
            or raw[-1:] in ",、"
            or _TREND.search(label)
        ):
            self.doubt("T114", start, end, value=_value_text(clause.meaning), label=label)
        else:
            self.doubt("T113", start, end, label=label)
        digits = DIGITS.search(label)
        if digits:
            self.doubt("T102", start, end, digits=digits.group())
        return label

    def _compound(self, groups: list[list[Token | Clause]], count: int) -> Meaning:
        parts = []
        for group in groups:
            start, end = _inner(group)
            if any(isinstance(item, Clause) for item in group):
                meaning, label = self._group(group, count)
                label = clean_label(label)
            else:
                meaning, label = worded(self.clean[start:end]).meaning, ""
            worded_part = isinstance(meaning, Free) and not DIGITS.search(meaning.text) and meaning.text != self.shown
            if (isinstance(meaning, Free) and not worded_part) or isinstance(meaning, Compound | Nothing):
                self.doubt("T106", start, end, count=str(count))
                return Free(self.shown)
            left, right = self.place(start, end)
            parts.append(Target(self.text[left:right], meaning, label))
        if len(parts) == 1:
            return parts[0].meaning
        self.doubts = [d for d in self.doubts if d.code != "T113"]
        self.doubt("T106", 0, -1, count=str(len(parts)))
        return Compound(tuple(parts))

    def _free(self, code: str) -> Target:
        """A statement, with a finding for every sort of number in it."""
        clean = self.clean
        if code:
            self.doubt(code, 0, -1, text=clean)
        damaged = _OCR_DIGITS.search(clean)
        if damaged:
            text = damaged.group()
            self.doubt(
                "T103", damaged.start(), damaged.end(), text=text, rest=text.lstrip("ZzSM").translate(_LETTER_DIGITS)
            )
        digits = DIGITS.search(clean)
        if digits:
            self.doubt("T102", digits.start(), digits.end(), digits=digits.group())
        else:
            for sort, start, end, text in self.lexer.doubts:
                if sort == "numeral":
                    self.doubt("T126", start, end, text=text)
            word = worded(clean.lstrip(","))
            self.doubts.extend(word.doubts)
            return Target(self.text, word.meaning, word.label)
        return Target(self.text, Free(self.shown))

    def _lexer_doubts(self, meaning: Meaning) -> None:
        if isinstance(meaning, Free):
            return
        for sort, start, end, fact in self.lexer.doubts:
            if sort == "unit":
                self.doubt("T101", start, end, unit=fact)
            elif sort == "noise":
                self.doubt("T120", start, end, text=fact, near=_near(fact))
            elif sort == "zero":
                self.doubt("T109", start, end, text=fact)
            elif sort == "fraction":
                self.doubt("T121", start, end, text=self.clean[start:end], reading="分数")
            elif sort == "signs":
                self.doubt("T108", start, end, first=fact[0], second=fact[-1])
            elif sort == "date" or (sort == "month" and not (isinstance(meaning, Deadline) and meaning.since)):
                reading = "日期" if isinstance(meaning, Deadline) else "时长"
                self.doubt("T119", start, end, text=fact, reading=reading)
        self._check_grouping()
        self._check_damage(meaning)

    def _check_grouping(self) -> None:
        if "，" in self.text and _GROUPED.search(self.clean):
            found = _GROUPED.search(self.clean)
            assert found is not None
            self.doubt("T121", found.start(), found.end(), text=found.group(), reading=found.group().replace(",", ""))

    def _check_damage(self, meaning: Meaning) -> None:
        """290% where ≥90% would be usual."""
        if not isinstance(meaning, Bound) or meaning.op is not None:
            return
        if len(self.clean) == 4 and self.clean.isdigit() and 2015 <= int(self.clean) <= 2035:
            self.doubt("T119", 0, -1, text=self.clean, reading="数")
        if unit_kind(meaning.quantity.unit) != "percent":
            return
        digits = format_number(meaning.quantity.value)
        if len(digits) > 2 and digits[0] in "2>7" and digits[1:].isdigit() and 50 <= int(digits[1:]) <= 100:
            self.doubt("T103", 0, -1, text=digits + "%", rest=digits[1:] + "%")

    def with_scale(self, target: Target, name: str) -> Target:
        """万 without what it counts: money where the name says so or nothing says otherwise, and always reported."""
        own = unit_of(target.meaning)
        if own is None or own.text.partition("/")[0] not in _SCALES:
            return target
        self.doubt("T115", 0, -1, text=self.clean)
        if own.text not in _SCALES or not isinstance(target.meaning, Bound):
            return target
        counts = any(word in name for word in COUNT_NAMES)
        if counts or (name and not any(word in name for word in MONEY_NAMES)):
            return target
        return attrs.evolve(target, meaning=with_unit(target.meaning, as_money(own)))


class _Columns:
    """What the sign column, the unit column and the name say about one reading."""

    def __init__(self, cell: Cell, op: str, unit: str, name: str) -> None:
        self.cell = cell
        self.op_text = squeeze(op)[0].strip()
        self.unit_text = squeeze(unit)[0].strip()
        self.name = squeeze(name)[0]

    def apply(self, target: Target) -> Target:
        """The target with the columns' share; contradictions become findings."""
        meaning = target.meaning
        if isinstance(meaning, Nothing):
            return target
        if isinstance(meaning, Compound):
            return target
        meaning = self._unit(meaning)
        meaning = self._sign(meaning)
        self._rate(meaning)
        return attrs.evolve(target, meaning=meaning)

    def _unit(self, meaning: Meaning) -> Meaning:
        column = "" if self.unit_text in _NO_COLUMN else self.unit_text
        own = unit_of(meaning)
        if own is None:
            if column:
                self._wordy_unit(meaning, column)
            return meaning
        if own == NO_UNIT:
            return self._bare(meaning, column)
        if not own.dims and own.text in _SCALES:
            return self._scaled(meaning, own, column)
        if column:
            self._compare_units(own, column)
        return meaning

    def _bare(self, meaning: Meaning, column: str) -> Meaning:
        if column:
            unit = parse_unit(column)
            if unit is None:
                self.cell.doubt("T101", unit=column)
            return with_unit(meaning, unit or unit_named(column))
        named = _NAME_UNIT.search(self.name)
        unit = parse_unit(named[1]) if named else None
        return with_unit(meaning, unit) if unit else meaning

    def _scaled(self, meaning: Meaning, own: Unit, column: str) -> Meaning:
        if column.startswith(own.text) and parse_unit(column):
            self.cell.doubt("T105", column=column, cell=own.text)
            return with_unit(meaning, unit_named(column))
        joined = parse_unit(own.text + column) if column else None
        if joined is not None:
            return with_unit(meaning, joined)
        return meaning

    def _compare_units(self, own: Unit, column: str) -> None:
        unit = parse_unit(column)
        if unit is None:
            if squeeze(column)[0] != own.text and column not in own.text:
                self.cell.doubt("T105", column=column, cell=own.text)
            return
        if unit.dims != own.dims and not own.text.startswith(f"{column}/") and not column.startswith(f"{own.text}/"):
            self.cell.doubt("T105", column=column, cell=own.text)

    def _wordy_unit(self, meaning: Meaning, column: str) -> None:
        unit = parse_unit(column)
        if unit is None or isinstance(meaning, Schedule):
            return
        if isinstance(meaning, Deadline):
            if unit_kind(unit) != "duration":
                self.cell.doubt("T105", column=column, cell=self.cell.clean)
            return
        self.cell.doubt("T111", text=self.cell.clean, column=column)

    def _sign(self, meaning: Meaning) -> Meaning:
        column = self.op_text
        if not column or column in _NO_COLUMN:
            return meaning
        op = column_op(column)
        worded = isinstance(meaning, Level | Free)
        if op is None:
            if (column in _QUALITATIVE and not worded and not isinstance(meaning, Schedule | Deadline)) or (
                column in _QUANTITATIVE and worded
            ):
                self.cell.doubt("T111", text=self.cell.clean, column=column)
            return meaning
        if worded:
            self.cell.doubt("T111", text=self.cell.clean, column=column)
            return meaning
        return self._numeric_sign(meaning, op)

    def _numeric_sign(self, meaning: Meaning, op: str) -> Meaning:
        match meaning:
            case Bound(op=None) | Growth(op=None):
                return with_op(meaning, op)
            case Bound(op=own) | Growth(op=own):
                if own != op:
                    self.cell.doubt("T104", column=self.op_text, cell=str(own))
            case Range():
                if op not in ("=", "<="):
                    self.cell.doubt("T104", column=self.op_text, cell=self.cell.clean)
            case Deadline():
                if op[0] == ">":
                    self.cell.doubt("T104", column=self.op_text, cell=self.cell.clean)
            case _:
                pass
        return meaning

    def _rate(self, meaning: Meaning) -> None:
        if unit_of(meaning) != NO_UNIT or not self.name:
            return
        value = value_of(meaning)
        if value is not None and _PAREN_END.sub("", self.name).endswith(RATE_ENDS):
            self.cell.doubt("T116", name=self.name, value=format_number(value))


def _from_name(cell: Cell, target: Target, name: str) -> Target:
    """An empty cell under a name that holds the target: read, and said so."""
    inner = Cell(name)
    found = inner.read()
    meaning = found.meaning
    has_limit = isinstance(meaning, Bound | Growth) and meaning.op is not None or isinstance(meaning, Range)
    if len(name) > LONGEST or not has_limit:
        return target
    cell.doubt("T117", 0, 0, value=_value_text(meaning))
    return Target(target.text, meaning)


def _split(items: list[Token | Clause], marks: re.Pattern[str]) -> list[list[Token | Clause]]:
    groups: list[list[Token | Clause]] = [[]]
    for item in items:
        if isinstance(item, Token) and item.kind == "SEP" and marks.search(item.value):
            groups.append([])
        else:
            groups[-1].append(item)
    return [group for group in groups if _has_content(group)] or [[]]


def _has_content(group: list[Token | Clause]) -> bool:
    return any(isinstance(item, Clause) or item.kind != "SEP" for item in group)


def _inner(items: list[Token | Clause]) -> tuple[int, int]:
    """Where a group begins and ends without its outer separators."""
    kept = [item for item in items if isinstance(item, Clause) or item.kind != "SEP"]
    return kept[0].start, kept[-1].end


def _one_short_clause(items: list[Token | Clause]) -> bool:
    clauses = [item for item in items if isinstance(item, Clause)]
    if len(clauses) != 1 or clauses[0].meaning is None:
        return False
    last = items[-1]
    return not (isinstance(last, Token) and len(last.value) > 6)


def _doubtful(clause: Clause) -> bool:
    return any(doubt.code in ("T108", "T107") for doubt in clause.doubts)


def _value_text(meaning: Meaning | None) -> str:
    match meaning:
        case Bound(op=op, quantity=quantity):
            return f"{op or ''}{format_number(quantity.value)}{quantity.unit.text}"
        case Range(low=low, high=high, unit=unit):
            return f"{format_number(low)}-{format_number(high)}{unit.text}"
        case Deadline(date=date):
            return date.iso()
        case Growth(op=op, quantity=quantity):
            return f"{op or ''}{format_number(quantity.value)}{quantity.unit.text}" if quantity else ""
        case _:
            return ""


def _near(digits: str) -> str:
    """The decimal a noisy one may have been."""
    value = plain_number(digits) or Fraction(0)
    for places in range(7):
        rounded = round_half_up(value, places)
        if abs(rounded - value) < abs(value) / 10**5:
            return format_number(rounded)
    return format_number(round_half_up(value, 6))


def column_op(text: str) -> str | None:
    """The relation a sign column says (≥, 大于等于, ＞=), None when it says none."""
    if text and not text.strip("≥≤<>="):
        return merged_sign(text)
    return op_word(text)


_STRONG = re.compile(r"[;。|；]")
_WEAK = re.compile(r"[,、，]")
_WEAK_IN = re.compile(r"[,、，;。]")
_LEADING_SIGN = re.compile(r"[≤<]=?")
_SIGN_IN = re.compile(r"[≥≤<>=±%‰+]")
_LIMIT_WORDS = re.compile(
    r"不超过|不低于|不少于|不高于|超过|低于|高于|大于|小于|以上|以下|以内|上年|去年|不足|至少|最多"
)
_TREND = re.compile(r"^且|^并|逐年|提高|提升|改善")
_JOINED_ON = re.compile(r"[-~—至到]\Z|[0-9][^0-9]{0,3}[或和及与]\Z")
_JOINT_TAIL = re.compile(r"[-~—或]|[至到].*[0-9]")
_ENDS_IN_DIGIT = re.compile(r"[0-9]\Z")
_BRACKETED = re.compile(r"【[^【】]+】:?")
_LETTER = re.compile(r"[A-Za-z一-龥]")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_OCR_SIGNS = frozenset({"三", "Z", "z", "二", "一", "S", "s", "之", "乏", "M"})
_OCR_DIGITS = re.compile(r"[0-9]+[OoIl][0-9OoIl]*%|[OIl]+[0-9][0-9OoIl]*%|[ZzSM][0-9]{2,3}%")
_LETTER_DIGITS = str.maketrans("OoIl", "0011")
_SCALES = frozenset({"十", "百", "千", "万", "亿", "十万", "百万", "千万", "十亿", "百亿", "千亿", "万亿"})
_NO_COLUMN = frozenset({"", "无", "/", "-", "—", "——", "--", "\\"})
_QUALITATIVE = frozenset({"定性", "定性指标"})
_QUANTITATIVE = frozenset({"定量", "定量指标"})
_NAME_UNIT = re.compile(r"\(([^()]{1,12})\)\Z")
_PAREN_END = re.compile(r"\([^()]*\)\Z")
_AFTER_DATE = ("后", "之后", "以后", "起", "开始", "初", "以来", "至今")
_NOT_TAILS = ("以外", "之外", "后", "之后", "号", "#", "次方")
_NOT_LEADS = ("第", "前", "后", "除", "每隔", "非", "不是", "未", "不", "每")
