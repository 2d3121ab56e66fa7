"""Text to ``syntax.File``: total, and one diagnostic for each broken line.

The automaton of ``grammar/perf.lark`` is run with a recovery in the manner of yacc's ``error`` token: the piece that is
broken becomes a ``Broken`` node, and reading goes on with the next clause or line.
"""

import gc
from functools import cache, lru_cache
from typing import Any

from perfdsl import lalr
from perfdsl.diagnostics import ERROR, Diagnostic, Edit, Kind, closest, finding
from perfdsl.keywords import SOFT, SPELLINGS
from perfdsl.lalr import Stacks, Token
from perfdsl.lex import MOST_NESTING, MOST_TERMS, Lexer
from perfdsl.parse_actions import ACTIONS, Origin
from perfdsl.syntax import File, Ident, Node
from perfdsl.text import Source, Span


def parse(source: Source) -> tuple[File, list[Diagnostic]]:
    """The file as written, and what is wrong with its form.  Never raises, whatever the text."""
    lexer = Lexer(source)
    was_enabled = gc.isenabled()
    gc.disable()  # building a tree of many small nodes makes no garbage worth looking for
    try:
        lexer.run()
        found = lexer.found
        tokens = _not_too_deep(lexer.tokens, source, found)
        cut = len(tokens) < len(lexer.tokens)
        _mark_slips(tokens, source, found)
        recovery = _Recovery(source, tokens, found, cut)
        items = _run(source, tokens, recovery)
    finally:
        if was_enabled:
            gc.enable()
    file = File(tuple(items), tuple(lexer.comments), span=Span(0, len(source.text), source))
    return file, _one_per_line(found)


@cache
def _tables() -> lalr.Tables:
    return lalr.tables("perf")


@cache
def _bound() -> list[lalr.Bound]:
    return lalr.bind(_tables(), {name: getattr(Origin, name) for name in ACTIONS})


def _run(source: Source, tokens: list[Token], recovery: "_Recovery") -> list[Any]:
    origin = Origin(source)
    result: list[Any] = lalr.run(_tables(), _bound(), tokens, origin, recovery.step, SOFT)
    recovery.found.extend(finding(SAID_TWICE, span, text=span.text) for span in origin.repeated)
    return result


def _not_too_deep(tokens: list[Token], source: Source, found: list[Diagnostic]) -> list[Token]:
    """Cut the file where brackets are nested deeper, or a formula is longer, than anyone can mean."""
    if not _could_be_deep(source.text):
        return tokens
    depth = terms = prefixes = 0
    operand = False  # does an operand end just before this token?
    for index, token in enumerate(tokens):
        kind = token.kind
        depth = max(0, depth + _DEPTH.get(kind, 0))
        if kind in _OPERATORS:
            terms += 1
            prefixes = 0 if operand else prefixes + 1
        elif kind not in _IN_FORMULA or operand and kind in _STARTS_OPERAND:
            terms = prefixes = 0
        operand = kind in _ENDS_OPERAND
        if depth > MOST_NESTING or terms > MOST_TERMS or prefixes > MOST_NESTING:
            too, most = (TOO_LONG, MOST_TERMS) if terms > MOST_TERMS else (TOO_DEEP, MOST_NESTING)
            found.append(finding(too, Span(token.start, token.end, source), most=most))
            return tokens[:index]
    return tokens


def _could_be_deep(text: str) -> bool:
    """Are there enough brackets or operators in the whole text for any limit to be reached?"""
    brackets = sum(map(text.count, "{(｛（"))
    return brackets > MOST_NESTING or sum(map(text.count, _SIGNS)) > MOST_NESTING


def _mark_slips(tokens: list[Token], source: Source, found: list[Diagnostic]) -> None:
    """A name inside a row, where only a clause can stand, is a misspelt keyword: it costs that clause alone.

    Two names side by side, of which the second has the clauses, are one name with a space that wants quotes.
    """
    for at in range(1, len(tokens) - 1):
        token = tokens[at]
        if token.kind == "MINUS" and token.first and tokens[at - 1].kind in _OPERANDS:
            found.append(
                finding(LEADING_MINUS, Span(token.start, token.end, source), text=_rest_of_line(source, token.start))
            )
        if token.kind in SOFT and _names_a_row(tokens, at):
            tokens[at] = token._replace(kind="NAME", value=source.text[token.start : token.end])
        elif (
            token.kind == "NAME"
            and not token.first
            and _splits_a_name(tokens, at)
            and (source.text[tokens[at - 1].end : token.start].isspace())
        ):
            span = Span(tokens[at - 1].start, token.end, source)
            found.append(finding(SPACE_IN_NAME, span, text=span.text))
            tokens[at] = Token("ERR_CLAUSE", (), token.start, token.end)
        elif token.kind == "NAME" and not token.first and _ends_clause(tokens, at - 1) and _not_a_row(tokens, at):
            text = source.text[token.start : token.end]
            near = _near(text)
            span = Span(token.start, token.end, source)
            found.append(_unknown(span, near))
            end = at + 1
            while end < len(tokens) and not tokens[end].first and tokens[end].kind in _SLIPPED:
                tokens[end] = tokens[end]._replace(kind=_SKIP)
                end += 1
            tokens[at] = Token("ERR_CLAUSE", (), token.start, tokens[end - 1].end)


def _rest_of_line(source: Source, start: int) -> str:
    return source.line_text(source.line_of(start)).strip() if start < len(source.text) else ""


def _names_a_row(tokens: list[Token], at: int) -> bool:
    """Is a word that could begin a header or declaration the name of a row: does a clause of a row follow it?"""
    if not (tokens[at].first or tokens[at - 1].kind in ("LB", "RB")):
        return False
    following = tokens[at + 1].kind
    if following == "PERIOD":
        return at + 2 < len(tokens) and tokens[at + 2].kind == "TEXT"
    return following in _ROW_CLAUSES or (following == "EQ" and tokens[at].kind != "CEILING")


def _splits_a_name(tokens: list[Token], at: int) -> bool:
    """Is the token the second half of a row's name: a name before it begins a row, a clause of the row follows it?"""
    before, following = tokens[at - 1], tokens[at + 1]
    begins = before.first or at == 1 or tokens[at - 2].kind in ("LB", "RB")
    return before.kind == "NAME" and begins and not following.first and following.kind in _ROW_CLAUSES


def _ends_clause(tokens: list[Token], at: int) -> bool:
    """Can the token end a clause of a row (and so not be the row's own name)?"""
    kind, before = tokens[at].kind, tokens[at - 1].kind if at else "LB"
    if kind == "NUMBER":
        return before in ("POINTS", "UPTO", "WEIGHT", "DOTS", "NAME", "FACTOR")
    if kind == "NAME":
        return (
            before in ("BY", "AS", "NAME", "FACTOR", "GATHER", "WEIGHTED") or tokens[at].first or before in ("LB", "RB")
        )
    if kind == "TEXT":
        return before in ("PERIOD", "REMARK", "UNIT") or before == "NAME" and tokens[at - 2].kind == "ACCEPT"
    return kind in ("SHARED", "DIRECTION", "NATURE", "EITHER")


def _not_a_row(tokens: list[Token], at: int) -> bool:
    """Does nothing follow the name that could make it a row of its own?"""
    following = tokens[at + 1]
    if following.first or following.kind == "RB":
        before = tokens[at - 1]
        return before.kind != "NAME" or tokens[at - 2].kind in ("BY", "AS", "FACTOR", "GATHER", "WEIGHTED")
    if at + 2 < len(tokens) and tokens[at + 2].kind == "LB" and following.kind in ("NAME", *SOFT):
        return bool(_near(tokens[at].value))  # ``gahter mean {``: a clause of the group, not two rows
    if following.kind == "NAME" and at + 2 < len(tokens):
        return tokens[at + 2].first or tokens[at + 2].kind == "RB"
    return following.kind in ("TEXT", "NUMBER")


def _one_per_line(found: list[Diagnostic]) -> list[Diagnostic]:
    """The first finding of each line: what follows on the same line is usually its echo."""
    kept: dict[int, Diagnostic] = {}
    for diagnostic in sorted(found, key=lambda d: d.span.start):
        kept.setdefault(diagnostic.span.line, diagnostic)
    return list(kept.values())


class _Recovery:
    """What to do at a token that does not fit: report, drop the broken piece, tell the automaton where to go on."""

    def __init__(self, source: Source, tokens: list[Token], found: list[Diagnostic], cut: bool) -> None:
        self.source = source
        self.tokens = tokens
        self.found = found
        self.last = -1
        self.closed = cut  # what was cut off cannot be missed

    def step(self, stacks: Stacks, token: Token, at: int) -> int:
        """Handle ``token``, the ``at``-th; answers how many tokens to move on."""
        if token.kind == lalr.END:
            return self._at_end(stacks, token)
        if token.kind == _SKIP:
            return 1
        complete = "ERR_ITEM" in _tables().states[stacks.states[-1]]
        repeated, self.last = at == self.last, at
        if token.kind == "RB" and complete and not repeated:
            self._report(EXTRA_BRACE, token)
            return 1
        if token.first and not complete and not repeated and at:
            self._report_incomplete(self.tokens[at - 1], stacks)
            self._shift_error(stacks, "ERR_CLAUSE" if self._can(stacks, "ERR_CLAUSE") else "ERR_ITEM", token)
            return 0
        if not repeated and token.kind not in _ERRORS:
            self._report_unexpected(token, self.tokens[at - 1] if at else None, stacks)
        kind = "ERR_CLAUSE" if not token.first and not repeated and self._can(stacks, "ERR_CLAUSE") else "ERR_ITEM"
        if kind == "ERR_CLAUSE" and self._opens_rows(token, at):
            self._shift_error(stacks, kind, token)
            return 0
        self._replace(stacks, kind, at)
        return 0

    def _at_end(self, stacks: Stacks, token: Token) -> int:
        """The text ends inside a block: say which brace is open, and close everything."""
        if not self.closed:
            self.closed = True
            brace = next((v for v in reversed(stacks.values) if isinstance(v, Token) and v.kind == "LB"), None)
            if brace is not None:
                self._report(NOT_CLOSED, brace)
            elif self.tokens:
                self._report_incomplete(self.tokens[-1], stacks)
        if "RB" in _tables().states[stacks.states[-1]]:
            self.tokens.append(Token("RB", "RB", token.start, token.end))
        else:
            self._shift_error(stacks, "ERR_ITEM", token)
        return 0

    def _can(self, stacks: Stacks, kind: str) -> bool:
        """Is there a state on the stack, inside the innermost brace, that shifts ``kind``?"""
        states = _tables().states
        for state, value in zip(reversed(stacks.states), reversed([None, *stacks.values]), strict=True):
            if states[state].get(kind, -1) >= 0:
                return True
            if isinstance(value, Token) and value.kind == "LB":
                return False
        return False

    def _shift_error(self, stacks: Stacks, kind: str, token: Token) -> None:
        """Pop what is broken and put the error token ``kind`` before ``token``."""
        states = _tables().states
        lost: list[str] = []
        while states[stacks.states[-1]].get(kind, -1) < 0:
            stacks.states.pop()
            lost.extend(_words_of(stacks.values.pop()))
        stacks.states.append(states[stacks.states[-1]][kind])
        stacks.values.append(Token(kind, tuple(lost), token.start, token.start))

    def _replace(self, stacks: Stacks, kind: str, at: int) -> None:
        """Pop what is broken and let an error token take the place of the rest of the line."""
        states = _tables().states
        tokens = self.tokens
        lost = _words_of(tokens[at])
        while kind not in states[stacks.states[-1]]:
            stacks.states.pop()
            lost.extend(_words_of(stacks.values.pop()))
        end = at + self._skip(at)
        tokens[at] = Token(kind, tuple(lost), tokens[at].start, tokens[end - 1].end, tokens[at].first)
        for index in range(at + 1, end):
            tokens[index] = tokens[index]._replace(kind=_SKIP)

    def _skip(self, at: int) -> int:
        """Tokens up to the end of the line; stops before a ``{`` that opens a group, jumps over one of cases."""
        tokens, index = self.tokens, at
        while index < len(tokens) and (index == at or not tokens[index].first):
            kind = tokens[index].kind
            if kind == "RB" and index > at:
                break
            if kind == "LB":
                if index > at and tokens[index - 1].kind not in _OPENS_CASES and self._closes_later(index):
                    break
                index = self._matching(index)
            index += 1
        return max(1, min(index, len(tokens)) - at)

    def _opens_rows(self, token: Token, at: int) -> bool:
        """Is it the brace of a group, whose rows are not lost with an unfinished clause before it?"""
        return token.kind == "LB" and self.tokens[at - 1].kind not in _OPENS_CASES and self._closes_later(at)

    def _closes_later(self, index: int) -> bool:
        end = self._matching(index)
        return end >= len(self.tokens) or any(self.tokens[i].first for i in range(index + 1, end + 1))

    def _matching(self, index: int) -> int:
        depth = 0
        for at in range(index, len(self.tokens)):
            kind = self.tokens[at].kind
            depth += (kind == "LB") - (kind == "RB")
            if depth == 0:
                return at
        return len(self.tokens)

    # ---- words

    def _report(self, kind: Kind, token: Token) -> None:
        self.found.append(finding(kind, Span(token.start, token.end, self.source), text=self._words(token)))

    def _words(self, token: Token) -> str:
        return self.source.text[token.start : token.end]

    def _report_incomplete(self, previous: Token, stacks: Stacks) -> None:
        span = Span(previous.start, previous.end, self.source)
        wanted = _wanted(stacks)
        self.found.append(finding(INCOMPLETE, span, text=self._words(previous), wanted=wanted[0], wanted_en=wanted[1]))

    def _report_unexpected(self, token: Token, previous: Token | None, stacks: Stacks) -> None:
        span = Span(token.start, token.end, self.source)
        text = self._words(token)
        if token.first and token.kind in _RESERVED:
            self.found.append(finding(RESERVED_WORD, span, text=text))
        elif token.kind in _COMPARES:
            self.found.append(finding(COMPARED_TWICE, span, text=text))
        elif token.kind == "FUNC":
            self.found.append(finding(BRACKET_IN_NAME, span, text=text))
        elif (
            previous is not None
            and previous.kind == "NAME"
            and not token.first
            and token.kind in ("TEXT", "NUMBER", "LB", "NAME")
        ):
            word = self._words(previous)
            near = _near(word)
            at = Span(previous.start, previous.end, self.source)
            self.found.append(_unknown(at, near))
        elif token.kind == "NAME" and (near := _near(text)):
            self.found.append(_unknown(span, near))
        else:
            wanted = _wanted(stacks)
            self.found.append(finding(UNEXPECTED, span, text=text, wanted=wanted[0], wanted_en=wanted[1]))


_OPERATORS = frozenset({"PLUS", "MINUS", "STAR", "SLASH", "AND", "OR", "NOT"})
_DEPTH = {"LB": 1, "LP": 1, "RB": -1, "RP": -1}
_STARTS_OPERAND = frozenset({"NAME", "NUMBER", "TEXT", "FUNC", "LP", "POINTS", *SOFT})
_OPERANDS = frozenset({"NAME", "NUMBER", "TEXT", "RP", "POINTS"})
_ENDS_OPERAND = _OPERANDS | SOFT.keys()
_IN_FORMULA = _STARTS_OPERAND | _ENDS_OPERAND | {"COMMA", "EQ", "NE", "LT", "GT", "LE", "GE"}
_SIGNS = ("-", "－", "\u2212", "–", "+", "＋", "*", "＊", "×", "/", "／", "÷", "and", "or", "not", "且", "或", "非")
_ROW_CLAUSES = frozenset({"PERIOD", "POINTS", "BY", "UPTO", "WEIGHT", "BONUS", "EITHER", "DIRECTION", "NATURE", "VALUES",
                          "APPLIES", "ACCEPT", "UNIT", "FACTOR", "GATHER"})  # fmt: skip
_RESERVED = frozenset(word.kind for word in SPELLINGS.values() if word.reserved)
_SKIP = "SKIP"
_SLIPPED = frozenset({"TEXT", "NUMBER", "NAME", "AGGREGATE", "WEIGHTED"})  # what belongs to a misspelt clause
_ERRORS = frozenset({"ERR_ITEM", "ERR_CLAUSE", _SKIP})
_OPENS_CASES = frozenset({"BY", "EQ", "AGGREGATE", "OVER", "FROM", "GRADES", "LIGHTS", "NUMBER"})

_COMPARES = frozenset({"EQ", "NE", "LT", "GT", "LE", "GE"})
_WANTED = (
    ("OBJECT", "use、project 这样的声明", "a declaration such as use or project"),
    ("TEXT", "带引号的文字", "a text in quotes"),
    ("NUMBER", "数字", "a number"),
    ("ARROW", "“->”", "“->”"),
    ("LB", "“{”", "“{”"),
    ("RP", "“)”", "“)”"),
    ("NAME", "名称", "a name"),
    ("RB", "“}”", "“}”"),
    ("BY", "评分、分值等子句", "a clause such as by or points"),
)


def _wanted(stacks: Stacks) -> tuple[str, str]:
    """What could stand here, in a few words of both languages."""
    row = _tables().states[stacks.states[-1]]
    words = [(zh, en) for kind, zh, en in _WANTED if kind in row][:3]
    if not words:
        return "别的内容", "something else"
    return "或".join(w[0] for w in words), " or ".join(w[1] for w in words)


def _words_of(value: Any) -> list[str]:
    """The names that go down with a popped piece of the stack."""
    if isinstance(value, Token):
        return [value.value] if value.kind in ("NAME", "TEXT") else []
    if isinstance(value, (Ident, Node)):
        return [value.text if isinstance(value, Ident) else value.name.text]
    if isinstance(value, list):
        return [word for item in value for word in _words_of(item)]
    return []


def _unknown(span: Span, near: str) -> Diagnostic:
    """A word that is none, and the keyword it is like; one letter too many, too few or out of place is surely that keyword."""
    word = span.text
    short, long = sorted((word, near), key=len)
    rest = iter(long)
    slip = sorted(word) == sorted(near) or len(long) == len(short) + 1 and all(letter in rest for letter in short)
    edits = [Edit(span, near)] if near.isascii() and len(near) > 3 and slip else []
    return finding(UNKNOWN_WORD_NEAR if near else UNKNOWN_WORD, span, edits=edits, word=word, near=near)


@lru_cache(maxsize=1024)
def _near(word: str) -> str:
    """The keyword of the same script that is nearest to ``word``."""
    return closest(word, [known for known in SPELLINGS if known != word and known.isascii() == word.isascii()])


UNEXPECTED = Kind(
    "P110", ERROR, "这里不该出现“{text}”", "“{text}” does not belong here",
    "这里应当是{wanted}", "expected {wanted_en}",
)  # fmt: skip
INCOMPLETE = Kind(
    "P111", ERROR, "“{text}”后面没有写完", "the line stops too early after “{text}”",
    "后面应当还有{wanted}", "expected {wanted_en} to follow",
)  # fmt: skip
UNKNOWN_WORD = Kind(
    "P112", ERROR, "“{word}”不是这里认识的词", "“{word}” is not a word known here",
    "检查拼写；若它是一行的名称，请另起一行；名称含空格或标点时请加引号",
    "check the spelling; a name that starts a row stands on a line of its own; quote names with spaces or signs",
)  # fmt: skip
UNKNOWN_WORD_NEAR = Kind(
    "P113", ERROR, "“{word}”不是这里认识的词", "“{word}” is not a word known here",
    "是不是想写“{near}”？", "did you mean “{near}”?",
)  # fmt: skip
NOT_CLOSED = Kind(
    "P114", ERROR, "这个“{”一直到文件末尾都没有闭合", "this “{” is never closed",
    "在这一组的末尾补上“}”", "add the missing “}” where the group ends",
)  # fmt: skip
EXTRA_BRACE = Kind(
    "P115", ERROR, "多了一个“}”", "a “}” too many",
    "删去它，或在前面补上对应的“{”", "remove it, or add the “{” it belongs to",
)  # fmt: skip
TOO_DEEP = Kind(
    "P116", ERROR, "括号嵌套超过{most}层，其后的内容没有读",
    "brackets are nested deeper than {most}; the rest was not read",
    "检查是否漏写了“}”", "check for a missing “}”",
)  # fmt: skip
BRACKET_IN_NAME = Kind(
    "P117", ERROR, "名称“{text}”后面紧跟着括号", "the name “{text}” is followed by a bracket",
    "名称里有括号时，请给整个名称加引号", "put a name that contains brackets in quotes",
)  # fmt: skip
TOO_LONG = Kind(
    "P118", ERROR, "一个算式里的运算超过{most}个，其后的内容没有读",
    "a formula has more than {most} operations; the rest was not read",
    "把算式拆成几个有名称的指标或输入项", "split the formula into several named values",
)  # fmt: skip
SAID_TWICE = Kind(
    "P119", ERROR, "“{text}”说了两次", "“{text}” is said twice",
    "只留一处", "keep one of them",
)  # fmt: skip
SPACE_IN_NAME = Kind(
    "P120", ERROR, "“{text}”中间有空格，读成了两个名称", "“{text}” has a space in it and reads as two names",
    "名称里有空格时给整个名称加引号；确是两行的，请分两行写", "quote a name that contains a space, or put two rows on two lines",
)  # fmt: skip
RESERVED_WORD = Kind(
    "P121", ERROR, "“{text}”是关键字，不能直接作一行的名称", "“{text}” is a keyword and cannot begin a row as its name",
    "是名称就加引号；是子句就接在上一行后面", "quote it if it is a name; a clause follows its row",
)  # fmt: skip
LEADING_MINUS = Kind(
    "P122", ERROR, "这一行以减号开头（{text}），会与上一行的得分连成减法", "this line begins with a minus ({text}) and would be subtracted from the award before it",
    "确是减法的，把减号写在上一行末尾；是负数的，前面要有“->”", "for a subtraction end the line before with the minus; a negative award stands after “->”",
)  # fmt: skip
COMPARED_TWICE = Kind(
    "P123", ERROR, "这里不能再有比较“{text}”", "a second comparison “{text}” cannot stand here",
    "两头都有界限时写成 >= 60% and < 80%（且）；一行不能以比较开头", "for two limits write >= 60% and < 80%",
)  # fmt: skip
