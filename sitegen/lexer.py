"""Colours for ``.perf``: a Pygments lexer whose words are the tables of ``perfdsl.keywords``, in both spellings."""

import re

from pygments.lexer import RegexLexer, words
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Text

from perfdsl.keywords import FORMULA_WORDS, FUNCTIONS, SPELLINGS

NAMED = r"[\w·、《》]"
FREE = rf"(?<!{NAMED})"
END = rf"(?!{NAMED})"
KNOWN = {*FORMULA_WORDS, *FORMULA_WORDS.values(), *FUNCTIONS, *FUNCTIONS.values()} - set(SPELLINGS)


class PerfLexer(RegexLexer):  # type: ignore[misc]
    """Structure is the reader's: this only tells keywords, quoted cells, numbers and comments apart."""

    name = "perf"
    aliases = ("perf",)
    filenames = ("*.perf",)
    flags = re.MULTILINE
    tokens = {
        "root": [
            (r"#.*", Comment),
            (r'"""(?:[^"]|"(?!""))*"""', String),
            (r'"(?:[^"\\\n]|\\.)*"', String),
            (r"“[^”\n]*”(?![\w·])", String),
            (words(sorted(SPELLINGS, key=len, reverse=True), prefix=FREE, suffix=END), Keyword),
            (words(sorted(KNOWN, key=len, reverse=True), prefix=FREE, suffix=END), Name.Builtin),
            (rf"{FREE}\d[\d,]*(?:\.\d+)?(?:[%‰％]|[A-Za-z一-龥/]{{0,6}}){END}", Number),
            (r"->|→|\.\.|[<>=!≤≥≠＜＞＝]=?|[-+*/×÷−]", Operator),
            (r"[{}(),:;｛｝（），：；]", Punctuation),
            (rf"{NAMED}+", Name),
            (r"\s+|.", Text),
        ]
    }
