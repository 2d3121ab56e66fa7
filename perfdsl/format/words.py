"""How names, texts, numbers and keywords are spelt when a file is printed.

Whatever is spelt here is read back as the same name, text, number or keyword, or ``ValueError`` is raised.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import attrs

from perfdsl import syntax as s
from perfdsl.keywords import CHINESE, FORMULA_WORDS, FUNCTIONS, SETTINGS, SOFT, SPELLINGS
from perfdsl.lex import Lexer, fold
from perfdsl.quantity import format_number
from perfdsl.text import Source, Span

_GIVEN = tuple(word for meaning in ("actuals", "period") for word in (meaning, SETTINGS[meaning]))
LANGUAGES = ("en", "zh")
_QUOTE = re.compile(r'["＂\\]')
_LONG_QUOTE = re.compile(r'["＂]{3,}|["＂]+$|\\')


@attrs.frozen
class Words:
    """The spelling of one file: the language of its keywords, and whether words of formulas follow it.

    ``taken`` are the names the user gave; a word of the language that could be one of them is left as it is.
    """

    language: str
    translate: bool = False
    taken: frozenset[str] = frozenset()

    def key(self, meaning: str) -> str:
        """A keyword."""
        return CHINESE[meaning] if self.language == "zh" else meaning

    def name(self, name: s.Ident) -> str:
        """A name where a text would do as well: bare when it reads as one name, else in quotes."""
        return name.text if _stands_bare(name.text, name.span) else self.text(name.text)

    def named(self, name: str, span: Span) -> str:
        """The same for a name that stands at the start of ``span``."""
        return self.name(s.Ident(name, span=span))

    def path(self, names: tuple[str, ...]) -> str:
        """``group/indicator``."""
        return "/".join(self.name(s.Ident(name)) for name in names)

    def bare(self, name: str) -> str:
        """A name where only a name will do."""
        if _kind(name) not in ("NAME", "KEYWORD"):
            raise ValueError(f"not a name: {name!r}")
        return name

    def text(self, text: str) -> str:
        """A text in quotes; one that holds newlines in three."""
        if "\n" in text:
            return f'"""{_LONG_QUOTE.sub(_escape, text)}"""'
        return f'"{_QUOTE.sub(_escape, text)}"'

    def number(self, number: s.Number) -> str:
        """A number as written, or from its value when it was not read from a text."""
        made = number.text or format_number(number.value) + number.unit
        if "/" in made and "/" not in number.unit:
            raise ValueError(f"no finite decimal: {made}")
        return made

    def reference(self, name: str) -> str:
        """A word in a formula."""
        return self._word(name, FORMULA_WORDS, "POINTS")

    def function(self, name: str) -> str:
        """The name of a call."""
        return self._translated(name, FUNCTIONS, frozenset())

    def given(self, path: tuple[str, ...]) -> str:
        """What a ``given`` gives: a path, or one of its own words."""
        own = len(path) == 1 and path[0] in _GIVEN and not self.taken & set(_GIVEN)
        return self.setting(path[0]) if own else self.path(path)

    def setting(self, name: str) -> str:
        """The word a header or a ``given`` is set to."""
        return self._word(name, SETTINGS, "PERIOD")

    def _word(self, name: str, known: Mapping[str, str], allowed: str) -> str:
        made = self._translated(name, known, self.taken)
        word = SPELLINGS.get(made)
        return made if word is not None and word.kind == allowed else self.bare(made)

    def _translated(self, name: str, known: Mapping[str, str], taken: frozenset[str]) -> str:
        meaning = _meanings(tuple(known.items())).get(name) if self.translate else None
        if meaning is None or meaning in taken or known[meaning] in taken:
            return name
        return known[meaning] if self.language == "zh" else meaning


def words_for(file: s.File, keywords: str) -> Words:
    """The spelling for ``keywords``: ``en`` or ``zh`` convert, ``keep`` follows the majority of the file's keywords."""
    if keywords in LANGUAGES:
        return Words(keywords, True, frozenset(_given_names(file)))
    if keywords != "keep":
        raise ValueError(f"keywords must be keep, en or zh, not {keywords!r}")
    return Words(_majority(file.span.source))


def _majority(source: Source) -> str:
    lexer = Lexer(source)
    lexer.run()
    kinds = {word.kind for word in SPELLINGS.values()}
    spelt = [source.text[t.start : t.end] for t in lexer.tokens if t.kind in kinds]
    chinese = sum(not fold(word).isascii() for word in spelt)
    return "zh" if 2 * chinese > len(spelt) else "en"


def _given_names(part: Any) -> Iterator[str]:
    """Every name a reference in the file may mean."""
    if isinstance(part, tuple):
        for item in part:
            yield from _given_names(item)
    if not attrs.has(type(part)):
        return
    if isinstance(part, (s.Node, s.Definition, s.Input, s.Line, s.Rubric, s.Object, s.Award)):
        yield part.name.text
    if isinstance(part, (s.Input, s.Line)):
        yield part.alias
    elif isinstance(part, (s.Words, s.Level)):
        yield from (word.text for word in part.words)
    elif isinstance(part, s.Parameter):
        yield part.name
    elif isinstance(part, s.WordClause) and part.key == "as":
        yield part.text
    for field in attrs.fields(type(part)):
        if field.eq:
            yield from _given_names(getattr(part, field.name))


def _stands_bare(name: str, span: Span) -> bool:
    kind = _kind(name)
    return kind == "NAME" or kind == "KEYWORD" and span.text[:1] not in ("", '"', "“", "＂")


@lru_cache(maxsize=4096)
def _kind(text: str) -> str:
    """What ``text`` alone reads as: a NAME, a soft KEYWORD that can be a name, or nothing of the sort."""
    lexer = Lexer(Source("", text))
    lexer.run()
    if len(lexer.tokens) != 1 or lexer.found or lexer.comments:
        return ""
    token = lexer.tokens[0]
    if text in SPELLINGS:
        return "KEYWORD" if token.kind == "NAME" or token.kind in SOFT else ""
    return "NAME" if token.kind == "NAME" and token.value == text else ""


@lru_cache(maxsize=8)
def _meanings(known: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {spelling: meaning for meaning, chinese in known for spelling in (meaning, chinese)}


def _escape(found: re.Match[str]) -> str:
    return "".join("\\" + character for character in found.group())
