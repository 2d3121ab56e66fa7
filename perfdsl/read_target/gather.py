"""Several clauses and the words between them put together to one meaning."""

import re

from perfdsl.lalr import Token
from perfdsl.quantity import format_number, parse_unit
from perfdsl.read_target.clause import Clause, Doubt, combine, unit_of, with_op, with_unit
from perfdsl.read_target.fold import squeeze
from perfdsl.read_target.statement import DIGITS, clean_label, core, worded
from perfdsl.read_target.words import BEFORE_NUMBER, REFERENCES, op_word
from perfdsl.target import PRINTED, Bound, Compound, Deadline, Free, Growth, Meaning, Nothing, Range, Target, unit_kind


class Gather:
    """A cell's text, the doubts about it, and the putting together of its clauses."""

    __slots__ = ("clean", "doubts", "offset", "places", "shown", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.shown, places = squeeze(text)
        start, end = core(self.shown)
        self.clean = self.shown[start:end]
        self.places = places[start:end] if places is not None else None
        self.offset = start
        self.doubts: list[Doubt] = []

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Offsets of the squeezed text as offsets of the original."""
        if self.places is None:
            return start + self.offset, end + self.offset
        if not self.places:
            return 0, len(self.text)
        if start >= len(self.places):
            return self.places[-1] + 1, self.places[-1] + 1
        return self.places[start], self.places[max(end, start + 1) - 1] + 1 if end > start else self.places[start]

    def doubt(self, code: str, start: int = 0, end: int = -1, **facts: str) -> None:
        """Note a doubt about a stretch of the squeezed text."""
        self.doubts.append(Doubt(code, start, len(self.clean) if end < 0 else end, facts))

    def doubt_beside(self, about: str, code: str, **facts: str) -> None:
        """Note a doubt about what stands beside the cell: its ``sign``, ``unit`` or ``name``."""
        self.doubts.append(Doubt(code, 0, len(self.clean), facts, about))

    def assemble(self, items: list[Token | Clause], clauses: list[Clause]) -> tuple[Meaning, str]:
        if len(items) == 1 and clauses[0].start == 0:
            return clauses[0].meaning or self._unread(clauses[0]), ""
        groups = [items] if _FULL_STOP_INSIDE.search(self.clean) else _split(items, _STRONG)
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
        if _MISGROUPED.search(self.clean[clauses[0].start : clauses[-1].end]):
            self.doubt("T112", clauses[0].start, clauses[-1].end, text=self.clean)
            return Free(self.shown), ""
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
        return last.meaning, self._label(_inner(items)[0], last.start, last)

    def _single(self, items: list[Token | Clause], clause: Clause) -> tuple[Meaning, str]:
        meaning = clause.meaning
        if meaning is None:
            return self._unread(clause), ""
        first, last = _inner(items)
        lead = clean_label(self.clean[first : clause.start])
        tail = clean_label(self.clean[clause.end : last])
        if self.clean[first : clause.start].endswith("("):
            tail = tail.removeprefix(")")
        if clause.start > 0 and self.clean[clause.start - 1] in "—―" and isinstance(meaning, Bound):
            text = self.clean[clause.start - 1 : clause.end]
            self.doubt("T121", clause.start - 1, clause.end, text=text, reading=value_text(meaning))
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
        limit = _LIMIT_IN_LEAD.match(lead)
        if limit is not None and isinstance(meaning, Bound) and not tail:
            return self._limit_apart(meaning, limit, first, clause)
        if _LIMIT_WORDS.search(lead + tail) or _JOINT_TAIL.match(tail):
            return self._unread(clause), ""
        if _ENDS_IN_DIGIT.search(lead) and self.clean[clause.start] in "0123456789:-约近":
            return self._unread(clause), ""
        if self._not_a_target(meaning, lead, tail):
            return Free(self.shown), ""
        if _LOST_PIECE.match(tail) and clause.end == last - len(tail):
            return self._unread(clause), ""
        if lead in _OCR_SIGNS:
            self.doubt("T103", first, clause.end, text=self.clean[first : clause.end], rest=value_text(meaning))
            return meaning, ""
        if not _LETTER.search(lead + tail):
            self.doubt("T112", 0, -1, text=self.clean)
            return Free(self.shown), ""
        if lead and tail:
            self.doubt("T114", first, last, value=value_text(meaning), label=lead + tail)
            return meaning, lead
        if tail:
            return meaning, self._label(clause.end, last, clause)
        return meaning, self._label(first, clause.start, clause)

    def _limit_apart(self, meaning: Bound, limit: re.Match[str], first: int, clause: Clause) -> tuple[Meaning, str]:
        """不突破预算350万元: a noun stands between the relation and its number."""
        op = op_word(limit[1])
        if op is None or (meaning.op is not None and meaning.op != op):
            return self._unread(clause), ""
        made = with_op(meaning, op)
        self.doubt("T114", first, clause.start, value=value_text(made), label=limit.group())
        return made, limit[2]

    def _not_a_target(self, meaning: Meaning, lead: str, tail: str) -> bool:
        """Is the number a remark inside a statement rather than its limit?"""
        bare = isinstance(meaning, Bound) and meaning.op is None
        if isinstance(meaning, Deadline):
            return tail.startswith(_AFTER_DATE) or len(tail) > 20
        if bare and lead and tail:
            unit = unit_of(meaning)
            return len(lead) > 4 or len(tail) > 6 or unit is None or unit_kind(unit) != "number" or not unit.dims
        if lead.endswith(REFERENCES):
            return True
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
            self.doubt("T114", start, end, value=value_text(clause.meaning), label=label)
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
            if not _WRITTEN.search(self.clean, start, end):
                continue
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


def value_text(meaning: Meaning | None) -> str:
    match meaning:
        case Bound(op=op, quantity=quantity):
            return f"{PRINTED[op]}{format_number(quantity.value)}{quantity.unit.text}"
        case Range(low=low, high=high, unit=unit):
            return f"{format_number(low)}-{format_number(high)}{unit.text}"
        case Deadline(date=date):
            return date.iso()
        case Growth(op=op, quantity=quantity):
            return f"{PRINTED[op]}{format_number(quantity.value)}{quantity.unit.text}" if quantity else ""
        case _:
            return ""


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

_WRITTEN = re.compile(r"[0-9A-Za-z一-龥]")

_LETTER = re.compile(r"[A-Za-z一-龥]")

_OCR_SIGNS = frozenset({"三", "Z", "z", "二", "一", "S", "s", "之", "乏", "M"})

_STRONG_OPS = sorted((w for w, e in BEFORE_NUMBER.items() if e.kind == "OP" and len(w) > 2), key=len, reverse=True)
_LIMIT_IN_LEAD = re.compile(f"({'|'.join(map(re.escape, _STRONG_OPS))})((?:(?![年期平均])[一-龥]){{1,6}})\\Z")
_LOST_PIECE = re.compile(  # what is left of a longer word
    r"[底末初多余几]|[A-Za-z]\Z|前(?!期|置|端|沿)|外|以(?!及)|[一-龥](?![\s\S])(?<![人次个家户名项件台套条期场份篇处座所辆株头亩天年月日时分秒元角位员班])"
)
_MISGROUPED = re.compile(r"[0-9][,。][0-9]")
_FULL_STOP_INSIDE = re.compile(r"[0-9]。[0-9]")
_AFTER_DATE = ("后", "之后", "以后", "起", "开始", "初", "以来", "至今")

_NOT_TAILS = ("以外", "之外", "后", "之后", "号", "#", "次方")

_NOT_LEADS = ("第", "前", "后", "除", "每隔", "非", "不是", "未", "不", "每")
