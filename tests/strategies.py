"""Hypothesis strategies that write .perf files: sentences of the grammar itself, spelt and laid out in every odd way.

A sentence is derived from ``grammar/perf.lark``, so a new production is covered the day it is written.
"""

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from hypothesis import strategies as st
from lark import Lark, Token
from lark.grammar import Rule
from lark.lexer import Lexer, LexerState

from perfdsl.keywords import WORDS
from perfdsl.resources import data_dir

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*/*.perf"))

NAMES = (
    "甲", "预算执行率", "12345热线", "“三公”经费", "“速”“质”提升", "ＡＢ１", "x_1", "《手册》·乙", "met", "完成率",
    "actual", "x", "座席、数", "15秒接通率", "“一，二”年",
)  # fmt: skip
TEXTS = (
    '"≤52席"', "“90%以上”", '""', '"a \\" b"', '"c\\\\"', '"# not a comment {"', '"""two\nlines "quoted" """',
    '"\\＂x"', '"“三公”经费"', '"全年"', "“反\\斜”", '"half-\u200bwidth　全角，。"', '"""\\"""\n"""',
    '"' + "很长的文字，" * 12 + '"', '"1,125.16"', '"支出"', '"项目 甲"',
)  # fmt: skip
NUMBERS = ("0", "3", "2.5", "90%", "１２．５％", "2万元", "30天", "0.9‰", "1.50", "007")
AMOUNTS = (*NUMBERS, "1,125.16", "12,345,678", "1663.63")
DATES = ("2020-02-25", "2024-1-1")
SIGNS = {
    "LB": "{｛", "RB": "}｝", "LP": "(（", "RP": ")）", "COMMA": ",，", "COLON": ":：",
    "ARROW": ("->", "→"), "DOTS": ("..", "．．"), "EQ": ("=", "==", "＝"), "NE": ("!=", "≠"),
    "LT": "<＜", "GT": ">＞", "LE": ("<=", "≤", "≦"), "GE": (">=", "≥", "＞＝"),
    "PLUS": "+＋", "MINUS": "-−", "STAR": "*×", "SLASH": "/÷",
}  # fmt: skip
GAPS = (" ",) * 12 + (
    "  ", "\t", "\n", "\n\n", "　", " \r\n ", " # 说明 \n", "\n  # own line\n", " #\n", "\n\n\n# a # b\n\n",
    " ＃全角\n",
)  # fmt: skip
STATEMENTS = frozenset({
    "decl", "closed_item", "open_item", "rule_item", "closed_part", "part", "row", "group", "group_item", "test_item", "fund_line", "case", "level", "band",
})  # fmt: skip
SPELLINGS = {
    kind: tuple(s for w in WORDS if w.kind == kind for s in (w.meaning, w.zh, *w.aliases) if s != "年度")
    for kind in {w.kind for w in WORDS}
}

MOST_DEPTH = 90  # of a derivation
Symbols = list[tuple[str, bool]]  # terminals, and whether each begins a statement


@cache
def productions() -> dict[str, tuple[Rule, ...]]:
    """The productions of every nonterminal, without those that stand for mistakes."""
    grammar = (data_dir("grammar") / "perf.lark").read_text(encoding="utf-8")
    made: dict[str, tuple[Rule, ...]] = {}
    for rule in _rules(grammar):
        if not any(symbol.name.startswith("ERR_") for symbol in rule.expansion):
            made[str(rule.origin.name)] = (*made.get(str(rule.origin.name), ()), rule)
    return made


def _rules(grammar: str) -> list[Rule]:
    class NoLexer(Lexer):
        def __init__(self, conf: object) -> None:
            """Tokens come from elsewhere."""

        def lex(self, lexer_state: LexerState, parser_state: object) -> Iterator[Token]:
            return iter(())

    return list(Lark(grammar, parser="lalr", lexer=NoLexer).rules)


@cache
def shortest(nonterminal: str) -> Rule:
    """The production with the fewest terminals."""
    return min(_finite(nonterminal), key=lambda rule: (_size(rule), len(rule.expansion)))


def _finite(nonterminal: str) -> list[Rule]:
    return [rule for rule in productions()[nonterminal] if _size(rule) < 10**6]


@cache
def _sizes() -> dict[str, int]:
    """The fewest terminals of each nonterminal."""
    sizes = dict.fromkeys(productions(), 10**6)
    changed = True
    while changed:
        changed = False
        for name, rules in productions().items():
            least = min(sum(1 if s.is_term else sizes[s.name] for s in rule.expansion) for rule in rules)
            if least < sizes[name]:
                sizes[name], changed = least, True
    return sizes


def _size(rule: Rule) -> int:
    return sum(1 if symbol.is_term else _sizes()[symbol.name] for symbol in rule.expansion)


class Writer:
    """Derives a sentence and spells it, asking ``chance`` for every choice."""

    def __init__(self, chance: random.Random, budget: int) -> None:
        self.chance = chance
        self.budget = budget
        self.symbols: Symbols = []
        self.starting = False
        self.depth = 0

    def derive(self, nonterminal: str) -> None:
        """Append a derivation of ``nonterminal``, a short one once the budget is spent."""
        short = self.budget <= 0 or self.depth > MOST_DEPTH
        self.depth += 1
        self.expand(shortest(nonterminal) if short else self.chance.choice(productions()[nonterminal]))
        self.depth -= 1

    def expand(self, rule: Rule) -> None:
        """Append what ``rule`` makes."""
        self.starting = self.starting or rule.origin.name in STATEMENTS
        for symbol in rule.expansion:
            if symbol.is_term:
                self.budget -= 1
                self.symbols.append((str(symbol.name), self.starting))
                self.starting = False
            else:
                self.derive(str(symbol.name))

    def text(self) -> str:
        """The sentence as a file."""
        out, before = "", ["", ""]
        for kind, starts in self.symbols:
            touching = kind == "LP" and before[-1] == "FUNC"
            gap = "" if touching else self.chance.choice(GAPS)
            out += gap + ("\n" if starts and "\n" not in gap else "") + self.spell(kind, before)
            before = [before[-1], kind]
        return out + self.chance.choice(("", "\n", "  # last", "\n\n# last\n"))

    def spell(self, kind: str, before: list[str]) -> str:
        """One token of ``kind``."""
        choice = self.chance.choice
        if kind in ("NAME", "FUNC"):
            return choice(NAMES if kind == "NAME" else ("max", "round", "得分", "比例得分", "points", "count", "最小"))
        if kind == "NUMBER":
            return choice(AMOUNTS if before[-1] == "PERIOD" or before == ["PERIOD", "MINUS"] else NUMBERS)
        if kind in ("TEXT", "DATE"):
            return choice(TEXTS if kind == "TEXT" else DATES)
        return choice(SIGNS[kind] if kind in SIGNS else SPELLINGS[kind])


def sentence(seed: int, budget: int = 120, start: str = "start") -> str:
    """One valid file, chosen by ``seed``."""
    writer = Writer(random.Random(seed), budget)
    writer.derive(start)
    return writer.text()


def containing(rule: Rule, seed: int = 0) -> str:
    """A short valid file in whose derivation ``rule`` takes part."""
    writer = Writer(random.Random(seed), 0)
    _write_around(writer, _path_to(str(rule.origin.name)), rule)
    return writer.text()


def _path_to(nonterminal: str) -> list[tuple[Rule, int]]:
    """The productions, and the places in them, that lead from the start to ``nonterminal``."""
    paths: dict[str, list[tuple[Rule, int]]] = {"start": []}
    queue = ["start"]
    for name in queue:
        for rule in productions()[name]:
            for index, symbol in enumerate(rule.expansion):
                if not symbol.is_term and symbol.name not in paths:
                    paths[symbol.name] = [*paths[name], (rule, index)]
                    queue.append(symbol.name)
    return paths[nonterminal]


def _write_around(writer: Writer, path: list[tuple[Rule, int]], rule: Rule) -> None:
    if not path:
        writer.expand(rule)
        return
    (outer, at), rest = path[0], path[1:]
    writer.starting = writer.starting or outer.origin.name in STATEMENTS
    for index, symbol in enumerate(outer.expansion):
        if index == at:
            _write_around(writer, rest, rule)
        elif symbol.is_term:
            writer.symbols.append((str(symbol.name), writer.starting))
            writer.starting = False
        else:
            writer.derive(str(symbol.name))


def files(budget: int = 120) -> st.SearchStrategy[str]:
    """Valid files."""
    return st.integers(0, 2**32).map(lambda seed: sentence(seed, budget))


def anything() -> st.SearchStrategy[str]:
    """Any text at all: every code point, lone surrogates too, and soups of the language's own pieces."""
    spellings = (spelling for words in SPELLINGS.values() for spelling in words)
    pieces = (*NAMES, *TEXTS, *AMOUNTS, *GAPS, *spellings, *'{}()"“”,:;→=-.\\#$')
    soup = st.lists(st.sampled_from(pieces), max_size=60).map("".join)
    return st.one_of(st.text(st.characters(), max_size=80), soup, damaged())


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A valid file with a piece cut out, doubled or replaced, or cut short."""
    text = draw(files(60)) if draw(st.booleans()) else draw(st.sampled_from(EXAMPLES)).read_text(encoding="utf-8")
    at, size = draw(st.integers(0, len(text))), draw(st.integers(0, 12))
    match draw(st.integers(0, 3)):
        case 0:
            return text[:at]
        case 1:
            return text[:at] + text[at + size :]
        case 2:
            return text[: at + size] + text[at:]
        case _:
            return text[:at] + draw(st.text(st.characters(), max_size=4)) + text[at + size :]
