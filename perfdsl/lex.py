"""Characters to tokens: words, texts, numbers and signs of a .perf file, in time linear in its length.

Full-width digits and punctuation read as their half-width forms; texts and comments keep the user's own characters.
"""

import re
import unicodedata
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

from perfdsl.diagnostics import ERROR, Diagnostic, Edit, Kind, finding
from perfdsl.keywords import SPELLINGS
from perfdsl.lalr import Token
from perfdsl.quantity import is_unit
from perfdsl.syntax import Comment, Number
from perfdsl.text import Source, Span

MOST_DIGITS = 60
MOST_NESTING = 64
MOST_TERMS = 400

_FOLD = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F) if c != 0xFF3C} | {
    0x3000: 32, 0x2212: 45, 0x2013: 45, 0x00D7: 42, 0x00F7: 47, 0x2265: 0x2265, 0xFF0E: 46, 0x2026: 0x2026,
}  # fmt: skip

_MASTER = re.compile(
    r"""[ \t]*(?:
        (?P<ws>[ \t\r\n\f\v\u00a0\u2002-\u200b\ufeff;]+)
      | (?P<comment>\#[^\n]*)
      | (?P<date>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?![\w·、《》]))
      | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[%‰])?(?![\w·、《》“]|\.[0-9]))
      | (?P<decimal>[0-9]+\.[0-9]+[\w%‰]*)
      | (?P<word>(?:[\w·、《》]|“[^”\n]*”)+)
      | (?P<long>\"\"\"(?s:(?:[^"\\]|\\.|\"(?!\"\"))*)\"\"\")
      | (?P<text>"(?!"")(?:[^"\\\n]|\\[^\n])*")
      | (?P<sign>->|→|\.\.|<=|>=|==|=>|=<|!=|[{}(),:=<>≤≥≦≧≠+\-*/])
      | (?P<open>["“][^\n]*)
      | (?P<other>.)
      | (?P<end>\Z))""",
    re.VERBOSE,
)

_SIGNS = {
    "{": "LB", "}": "RB", "(": "LP", ")": "RP", ",": "COMMA", ":": "COLON", "->": "ARROW", "→": "ARROW", "..": "DOTS",
    "=": "EQ", "==": "EQ", "!=": "NE", "≠": "NE", "<": "LT", ">": "GT", "<=": "LE", "≤": "LE", "≦": "LE",
    ">=": "GE", "≥": "GE", "≧": "GE", "+": "PLUS", "-": "MINUS", "*": "STAR", "/": "SLASH",
}  # fmt: skip
_SIGNS |= {"=>": "ARROW", "=<": "LE"}
_DOUBTFUL = {"=>": "“->” / “>=”", "=<": "“<=”"}
_OPERATORS = {"EQ": "=", "NE": "!=", "LT": "<", "GT": ">", "LE": "<=", "GE": ">="}
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![\w.])")
_DIGITS = re.compile(r"([0-9]+(?:\.[0-9]+)?)(.*)", re.DOTALL)
_CELL = re.compile(r"[ \t]*(?:[\"“0-9]|-[0-9])")
_PIECE = re.compile(r"“[^”\n]*”")
_TWO_WORDS = {"up": re.compile(r"[ \t]+to(?!\w)"), "trimmed": re.compile(r"[ \t]+mean(?!\w)")}
_DELICATE = frozenset({"年度", *_TWO_WORDS})
_STICKS = '"(“'
_LOOSE = " \n\r\t;{})#,"
_fraction = lru_cache(maxsize=4096)(Fraction)
_WORDY = re.compile(r"[\w“\"]")


class Lexer:
    """One pass over one source; ``tokens``, ``comments`` and ``found`` hold what came of it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.folded = fold(source.text)
        self.tokens: list[Token] = []
        self.comments: list[Comment] = []
        self.found: list[Diagnostic] = []
        self.broken_line = -1  # the end of the last line on which a text was not closed

    def run(self) -> None:
        """Read the whole text."""
        folded, source, tokens = self.folded, self.source, self.tokens
        match = _MASTER.match
        readers: dict[str, Callable[[str, int, int, bool], int]] = {
            "comment": self._comment, "date": self._date, "number": self._number, "decimal": self._decimal,
            "text": self._text, "long": self._long, "open": self._open, "other": self._other,
        }  # fmt: skip
        text, new, append = source.text, tuple.__new__, tokens.append
        at, first, size, spelled = 0, True, len(folded), SPELLINGS
        while at < size:  # the plain cases are written out here: this loop sees every token of every file
            found = match(folded, at)
            assert found is not None  # <other> takes any character
            group = found.lastgroup
            assert group is not None  # every alternative is named
            word = found[group]
            end = found.end()
            at = end - len(word)
            if group == "ws":
                first = first or "\n" in word or ";" in word
                at = end
                continue
            if group == "word":
                known = spelled.get(word)
                if (
                    folded[end : end + 1] in _STICKS
                    or word in _DELICATE
                    or known is None
                    and (word[0] in "0123456789" or "“" in word)
                ):
                    end = self._word(word, at, end, first)
                elif known is None:
                    append(new(Token, ("NAME", word, at, end, first)))
                else:
                    append(new(Token, (known.kind, known.meaning, at, end, first)))
            elif group == "text" and "\\" not in word and folded[end : end + 1] in _LOOSE:
                append(new(Token, ("TEXT", text[at + 1 : end - 1], at, end, first)))
            elif group == "sign":
                kind = _SIGNS[word]
                if word in _DOUBTFUL:
                    edits = [Edit(self._span(at, end), "<=")] if word == "=<" else []
                    self.found.append(
                        finding(DOUBTFUL_SIGN, self._span(at, end), edits=edits, text=word, meant=_DOUBTFUL[word])
                    )
                append(new(Token, (kind, _OPERATORS.get(kind, kind), at, end, first)))
            elif group != "end":
                end = readers[group](text[at:end], at, end, first)
            if group != "comment":
                first = False
            at = end

    # ---- words

    def _word(self, word: str, at: int, end: int, first: bool) -> int:
        if word[0] == "“" and word.find("”") == len(word) - 1:
            return self._piece(word, at, end, first)
        known = SPELLINGS.get(word)
        following = self.folded[end : end + 1]
        joined = _TWO_WORDS.get(word)
        if joined and (more := joined.match(self.folded, end)):
            known = SPELLINGS[f"{word} {more.group().strip()}"]
            self._emit(known.kind, known.meaning, at, more.end(), first)
            return more.end()
        if following == "(" and (known is None or not known.reserved or known.kind == "POINTS"):
            self._emit("FUNC", word, at, end, first)
            return end
        if following == '"':
            self._touching(at, end + 1, end)
        if known is not None and not (known.kind == "PERIOD" and word == "年度" and not self._target_follows(end)):
            self._emit(known.kind, known.meaning, at, end, first)
        elif (split := self._glued_keyword(word)) is not None:
            self._touching(at, end, at + split)
            self._emit(SPELLINGS[word[:split]].kind, SPELLINGS[word[:split]].meaning, at, at + split, first)
            self._emit("TEXT", self.source.text[at + split + 1 : end - 1], at + split, end, False)
        elif word[0] in "0123456789" and self._quantity(word, at, end, first):
            return end
        else:
            self._emit("NAME", self._verbatim_pieces(word, at), at, end, first)
        return end

    def _verbatim_pieces(self, word: str, at: int) -> str:
        """A name reads in its half-width form, but what stands between “ and ” keeps the user's own characters."""
        if "“" not in word:
            return word
        return _PIECE.sub(lambda piece: self.source.text[at + piece.start() : at + piece.end()], word)

    def _piece(self, word: str, at: int, end: int, first: bool) -> int:
        self._emit("TEXT", self.source.text[at + 1 : end - 1], at, end, first)
        return end

    def _target_follows(self, end: int) -> bool:
        return _CELL.match(self.folded, end) is not None

    @staticmethod
    def _glued_keyword(word: str) -> int | None:
        """Where a keyword ends that touches a “text” which ends the word, as in 半年“≤52席”."""
        split = word.find("“")
        known = SPELLINGS.get(word[:split]) if split > 0 and word.find("”") == len(word) - 1 else None
        return split if known is not None and known.reserved else None

    # ---- numbers

    def _date(self, word: str, at: int, end: int, first: bool) -> int:
        self._emit("DATE", self.folded[at:end], at, end, first)
        return end

    def _number(self, _: str, at: int, end: int, first: bool) -> int:
        if self._is_amount() and (more := _GROUPED.match(self.folded, at)):
            end = more.end()
        word = self.folded[at:end]
        digits, unit = (word[:-1], word[-1]) if word[-1] in "%‰" else (word, "")
        self._emit("NUMBER", self._value(digits, unit, at, end), at, end, first)
        return end

    def _is_amount(self) -> bool:
        """Does a period, or a period and a minus, stand before this place?  Only there does a comma group digits."""
        if not self.tokens or self.tokens[-1].kind not in ("PERIOD", "MINUS"):
            return False
        return self.tokens[-1].kind == "PERIOD" or self.tokens[-2:-1] != [] and self.tokens[-2].kind == "PERIOD"

    def _decimal(self, _: str, at: int, end: int, first: bool) -> int:
        word = self.folded[at:end]
        if not self._quantity(word, at, end, first):
            self.found.append(finding(NO_SUCH_UNIT, self._span(at, end), word=word))
            self._emit("NUMBER", self._value(_split(word)[0], "", at, end), at, end, first)
        return end

    def _quantity(self, word: str, at: int, end: int, first: bool) -> bool:
        digits, unit = _split(word)
        if unit and not is_unit(unit):
            return False
        self._emit("NUMBER", self._value(digits, unit, at, end), at, end, first)
        return True

    def _value(self, digits: str, unit: str, at: int, end: int) -> Number:
        plain = digits.replace(",", "")
        if len(plain) > MOST_DIGITS:
            self.found.append(finding(TOO_MANY_DIGITS, self._span(at, end), count=len(plain), most=MOST_DIGITS))
            plain = "0"
        return Number(_fraction(plain), unit, digits + unit, span=self._span(at, end))

    # ---- texts, comments and what is left

    def _text(self, word: str, at: int, end: int, first: bool) -> int:
        self._emit("TEXT", _unescaped(word[1:-1]), at, end, first)
        if _WORDY.match(self.folded, end):
            self._touching(at, end + 1, end)
        return end

    def _long(self, word: str, at: int, end: int, first: bool) -> int:
        self._emit("TEXT", _unescaped(word[3:-3]), at, end, first)
        return end

    def _open(self, word: str, at: int, end: int, first: bool) -> int:
        """An unclosed text: up to the other sort of quote (once on a line), else to the end of its line or the file."""
        edits: list[Edit] = []
        if self.folded.startswith('"""', at):
            end = len(self.folded)
        elif end != self.broken_line:
            self.broken_line = end
            wrong = self.folded.find('"' if word[0] == "“" else "”", at + 1, end)
            end = end if wrong < 0 else wrong + 1
            if wrong >= 0:  # the two sorts of quotes were mixed
                edits = [Edit(self._span(wrong, end), "”" if word[0] == "“" else '"')]
        self.found.append(finding(UNTERMINATED, self._span(at, end), edits=edits, text=self.source.text[at:end]))
        self._emit("TEXT", self.source.text[at + 1 : end], at, end, first)
        return end

    def _comment(self, word: str, at: int, end: int, _: bool) -> int:
        alone = not self.tokens or self.source.text.rfind("\n", 0, at) >= self.tokens[-1].end
        self.comments.append(Comment(word[1:].rstrip(), alone, span=self._span(at, end)))
        return end

    def _other(self, word: str, at: int, end: int, _: bool) -> int:
        while end < len(self.folded) and self.folded[end] == self.folded[at]:
            end += 1
        edits = [Edit(self._span(at, end), "")] if unicodedata.category(word[0]) == "Cf" else []  # nobody sees it
        self.found.append(
            finding(STRAY_CHARACTER, self._span(at, end), edits=edits, text=word, code=f"U+{ord(word[0]):04X}")
        )
        return end

    def _emit(self, kind: str, value: Any, at: int, end: int, first: bool) -> None:
        self.tokens.append(Token(kind, value, at, end, first))

    def _touching(self, at: int, end: int, between: int) -> None:
        """A word and a text without a space, which belongs at ``between``."""
        edits = [Edit(self._span(between, between), " ")]
        self.found.append(finding(PUT_A_SPACE, self._span(at, end), edits=edits, text=self.source.text[at:end]))

    def _span(self, at: int, end: int) -> Span:
        return Span(at, end, self.source)


def _unescaped(body: str) -> str:
    return re.sub(r"\\(.)", r"\1", body, flags=re.DOTALL) if "\\" in body else body


def fold(text: str) -> str:
    """The text with full-width letters, digits and signs in their half-width forms; lengths do not change."""
    return text.translate(_FOLD)


def _split(word: str) -> tuple[str, str]:
    found = _DIGITS.fullmatch(word)
    assert found is not None  # callers pass words that start with a digit
    return found.group(1), found.group(2)


STRAY_CHARACTER = Kind(
    "P101", ERROR, "这里有一个不认识的字符“{text}”（{code}）", "unexpected character “{text}” ({code})",
    "删去它；若它是名称的一部分，请给整个名称加引号",
    "remove it; if it belongs to a name, put the whole name in quotes",
)  # fmt: skip
UNTERMINATED = Kind(
    "P102", ERROR, "这段文字的引号没有闭合：{text}", "this text has no closing quote: {text}",
    "在文字末尾补上引号", "add the closing quote at the end of the text",
)  # fmt: skip
PUT_A_SPACE = Kind(
    "P103", ERROR, "“{text}”连在一起，看不出哪里是词、哪里是文字", "“{text}” runs a word and a text together",
    "在关键字、名称与引号之间加一个空格", "put a space between the word and the quote",
)  # fmt: skip
TOO_MANY_DIGITS = Kind(
    "P104", ERROR, "这个数有{count}位，超过{most}位", "this number has {count} digits, more than {most}",
    "检查是否误粘贴；换用万、亿等更大的单位", "check for a paste error, or use a larger unit",
)  # fmt: skip
NO_SUCH_UNIT = Kind(
    "P105", ERROR, "“{word}”里的单位不认识", "the unit in “{word}” is not known",
    "数字后面只能紧跟认识的单位；名称以数字开头并带小数点时请加引号",
    "a number may be followed only by a known unit; put a name that starts with a decimal in quotes",
)  # fmt: skip
DOUBTFUL_SIGN = Kind(
    "P106", ERROR, "“{text}”不是这里的写法", "“{text}” is not a sign of the language",
    "写成{meant}", "write {meant}",
)  # fmt: skip
