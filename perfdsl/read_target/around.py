"""Tokens for the words that lean on a number or a date, and for everything that does not.

Every character is passed over a bounded number of times: the left look is limited by the longest word and by
``MAX_MODS``, so the work grows with the length of the cell and nothing more.
"""

import re
from fractions import Fraction

from perfdsl.lalr import Token
from perfdsl.quantity import Quantity, Unit
from perfdsl.read_target.words import (
    AFTER_NUMBER,
    AFTER_SIZES,
    BEFORE_NUMBER,
    BEFORE_SIZES,
    MEASURE_ENDS,
    NEGATIONS,
    NOT_REACH,
    WEAK,
    WEAK_WORDS,
    Entry,
)

MAX_MODS = 8


class Around:
    """The place in a squeezed cell, and the words around what is read there.

    ``steps`` counts the work; ``doubts`` collects (sort, start, end, fact).
    """

    __slots__ = ("done", "doubts", "steps", "text", "tokens")

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = []
        self.doubts: list[tuple[str, int, int, str]] = []
        self.done = 0
        self.steps = 0

    def _quantity(self, at: int, end: int, value: Fraction, unit: Unit) -> int:
        sign = self._lead(at)
        if sign:
            at -= 1
            value = -value
            if not value:
                self.doubts.append(("zero", at, end, self.text[at:end]))
        self.tokens.append(Token("QTY", Quantity(value, unit), at, end))
        self.done = end
        return self._after(end, AFTER_NUMBER, AFTER_SIZES)

    def _lead(self, at: int) -> bool:
        """Make tokens of what stands before a number, back to the last one; was there a minus sign?"""
        text, done = self.text, self.done
        if at == done:
            return False
        sign = (text[at - 1] == "负" and text[at - 2 : at - 1] != "正") or (
            text[at - 1] == "-" and self._is_minus(at - 1)
        )
        cut, mods = self._mods(at - sign)
        if cut > done:
            self._gap(cut)
        self.tokens.extend(reversed(mods))
        return sign

    def _is_minus(self, at: int) -> bool:
        if at == self.done:
            return not self.tokens or self.tokens[-1].kind in _BEFORE_MINUS
        before = self.text[at - 1]
        if before == "-" and at - 1 == self.done and self.tokens and self.tokens[-1].kind == "QTY":
            return bool(self.tokens[-1].value.value < 0)
        return before in _OPENERS or before in _SIGNS or before in "~至到" or self._word_before(at) is not None

    def _mods(self, at: int) -> tuple[int, list[Token]]:
        mods: list[Token] = []
        while at > self.done and len(mods) < MAX_MODS:
            self.steps += 1
            c = self.text[at - 1]
            if c in _SIGNS:
                start = at
                while start > self.done and self.text[start - 1] in _SIGNS:
                    start -= 1
                    if "±" in self.text[start : start + 2] and start < at - 1:
                        start += 1
                        break
                mods.append(self._sign(start, at))
            elif c == ":" and (mods or self.text[at - 2 : at - 1] in _RELATIONS):
                start = at - 1
                mods.append(Token("VERB", ":", start, at))
            else:
                found = self._word_before(at)
                if found is None:
                    break
                entry, start = found
                joins = entry.kind == "PM" and start == self.done and self.tokens and self.tokens[-1].kind == "QTY"
                mods.append(Token("SPREAD" if joins else entry.kind, entry.value, start, at))
            at = start
        return at, mods

    def _sign(self, start: int, end: int) -> Token:
        raw = self.text[start:end]
        if raw == "±":
            joins = start == self.done and self.tokens and self.tokens[-1].kind == "QTY"
            return Token("SPREAD" if joins else "PM", raw, start, end)
        if raw == "+":
            alone = start == self.done or self.text[start - 1] in _OPENERS or self._word_before(start) is not None
            return Token("VERB" if alone else "WORD", raw, start, end)
        if raw in _ABOUT_SIGNS:
            return Token("ABOUT", raw, start, end)
        op = _SIGN_RUNS.get(raw) or merged_sign(raw)
        if op is None:
            self.doubts.append(("signs", start, end, raw))
            return Token("WORD", raw, start, end)
        return Token("OP", op, start, end)

    def _word_before(self, at: int) -> tuple[Entry, int] | None:
        text, done = self.text, self.done
        for size in BEFORE_SIZES.get(text[at - 1], ()) if at > done else ():
            start = at - size
            if start < done:
                continue
            word = text[start:at]
            entry = BEFORE_NUMBER.get(word)
            if entry is not None and self._stands(word, start):
                return entry, start
        return None

    def _stands(self, word: str, start: int) -> bool:
        """May the word be cut off here, or does it belong to a longer one (节约, 送达, 未完成)?"""
        if start == self.done:
            return True
        before = self.text[start - 1]
        if before in _OPENERS or before in _SIGNS:
            return True
        if before in NEGATIONS:
            return False
        if word == "达":
            return before + word not in NOT_REACH
        if len(word) == 1 and word in WEAK or word in WEAK_WORDS:
            return before in MEASURE_ENDS or self._follows_word(start)
        return True

    def _follows_word(self, at: int) -> bool:
        sizes = BEFORE_SIZES.get(self.text[at - 1], ())
        return any(at - size >= self.done and self.text[at - size : at] in BEFORE_NUMBER for size in sizes)

    def _after(self, at: int, table: dict[str, Entry], sizes: dict[str, tuple[int, ...]]) -> int:
        while at < len(self.text):
            self.steps += 1
            found = entry_at(self.text, at, table, sizes)
            if found is None or not self._fits(*found):
                break
            self.tokens.append(Token(found[0].kind, found[0].value, at, found[1]))
            at = found[1]
        if self.text.startswith("(", at):
            at = self._remark(at)
        self.done = at
        return at

    def _ends(self, at: int) -> bool:
        return at == len(self.text) or self.text[at] in STOPS or self._word_after(at)

    def _word_after(self, at: int) -> bool:
        found = entry_at(self.text, at, AFTER_NUMBER, AFTER_SIZES)
        return found is not None and (found[0].kind == "DONE" or self._fits(*found))

    def _fits(self, entry: Entry, end: int) -> bool:
        """完成 and 增长 lean on a number only at the end of their clause, + only where no number follows."""
        if entry.kind in ("DONE", "GREW"):
            return self._ends(end)
        return self.text[end - 1] != "+" or not self.text[end : end + 1].isdigit()

    def _remark(self, at: int) -> int:
        close = self.text.find(")", at, at + 60)
        if close < 0:
            return at
        inner = self.text[at + 1 : close]
        own = _INCLUDED.fullmatch(inner)
        if own is not None:
            self.tokens.append(Token("CLOSED", "out" if own[1] == "不" else "in", at, close + 1))
        else:
            self.tokens.append(Token("REMARK", inner, at, close + 1))
        self.done = close + 1
        if entry_at(self.text, close + 1, AFTER_NUMBER, AFTER_SIZES):
            return self._after(close + 1, AFTER_NUMBER, AFTER_SIZES)
        return close + 1

    def _opens(self, at: int) -> bool:
        if at == self.done:
            return True
        before = self.text[at - 1]
        return before in _OPENERS or before in _SIGNS or self._word_before(at) is not None

    def _closes(self, end: int) -> bool:
        return end == len(self.text) or self.text[end] in STOPS or self._word_after(end)

    def _op_before(self, at: int) -> bool:
        if at == self.done:
            return False
        if self.text[at - 1] in "≥≤<>=±":
            return True
        entry = self._word_before(at)
        return entry is not None and entry[0].kind == "OP"

    def _gap(self, end: int) -> None:
        """Tokens for the stretch between what was read and ``end``: joints, separators, words."""
        start, text = self.done, self.text
        if start >= end:
            return
        stretch = text[start:end]
        if self.tokens and self.tokens[-1].kind in _JOINABLE and stretch in JOINTS:
            last = self.tokens[-1]
            if JOINTS[stretch] == "DASH" and last.kind == "CLOSED" and self.tokens[-2].kind == "QTY":
                self.tokens[-1] = Token("EDGE", last.value, last.start, last.end)
            self.tokens.append(Token(JOINTS[stretch], stretch, start, end))
            self.done = end
            return
        for piece in _PIECES.finditer(stretch):
            self.steps += 1
            sort = "SEP" if piece.lastgroup == "sep" else "WORD"
            self.tokens.append(Token(sort, piece.group(), start + piece.start(), start + piece.end()))
        self.done = end


def entry_at(
    text: str, at: int, table: dict[str, Entry], sizes: dict[str, tuple[int, ...]]
) -> tuple[Entry, int] | None:
    for size in sizes.get(text[at : at + 1], ()):
        word = text[at : at + size]
        entry = table.get(word)
        if entry is not None:
            return entry, at + len(word)
    return None


def merged_sign(raw: str) -> str | None:
    """A run of signs that all point one way (>＝ ≥≥ ==>) as one; None when they contradict."""
    up, down, equal = (any(c in group for c in raw) for group in ("≥>", "≤<", "≥≤="))
    if up and down:
        return None
    if up or down:
        return (">" if up else "<") + ("=" if equal else "")
    return "="


_SIGNS = frozenset("≥≤<>=±≈+")
_RELATIONS = frozenset("≥≤<>=")
_ABOUT_SIGNS = frozenset({"≈", "≈≈"})
_SIGN_RUNS = {"≥": ">=", "≤": "<=", "=": "=", ">": ">", "<": "<", ">=": ">=", "<=": "<=", "=>": ">=", "=<": "<="}
STOPS = frozenset(';,。、；，)~ "“”‘’」】|!！?？')
_OPENERS = frozenset(';,。、(:"“”‘’「【】|')
_BEFORE_MINUS = frozenset({"OP", "ABOUT", "QUAL", "GROW", "BASE", "VERB", "SEP", "DASH"})
_JOINABLE = frozenset({"QTY", "DATE", "POST", "BEFORE", "CLOSED", "AROUND"})
JOINTS = {
    "-": "DASH", "~": "DASH", "至": "DASH", "到": "DASH", "—": "DASH", "——": "DASH", "--": "DASH",
    "―": "DASH", "─": "DASH", "~~": "DASH", "…": "DASH", "±": "PM", "+-": "PM", "且": "AND", "并且": "AND",
    "且小于": "AND", "和": "AND", "及": "AND", "与": "AND", ",且": "AND", "并": "AND", "同时": "AND", ",并": "AND",
}  # fmt: skip
_PIECES = re.compile(r"(?P<sep>[;。,、； ，|]+)|[^;。,、； ，|]+")
_INCLUDED = re.compile(r"(不?)(?:包?含|包括)(?:本数|[0-9.]+[^0-9]{0,4})?")
