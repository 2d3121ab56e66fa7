"""A Markdown extension: ``perf`` blocks in colour, a file name after a block's kind as its heading, Chinese without gaps.

Pages write ```` ```perf 规则.perf ````, which readers of the text, GitHub and the tests understand; the site wants an option.
A line of Chinese that goes on in the next one would get a space between them.
"""

import re
from collections.abc import Mapping

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor
from pygments import highlight
from pygments.formatters import HtmlFormatter

from sitegen.lexer import PerfLexer

NAMED = re.compile(r"^```([\w-]+) ([^\s=]+)$")
SHOWN_AS = {"perf-fragment": "perf", "xlsx": "csv"}


CHINESE = "[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”’—…]"
GOES_ON = re.compile(rf"(?<={CHINESE})$")
GOES_ON_FROM = re.compile(rf"{CHINESE}|\*\*{CHINESE}|`|\[")


class Named(Preprocessor):  # type: ignore[misc]
    """What the site must see where a page has a name after a block's kind."""

    def run(self, lines: list[str]) -> list[str]:
        """Every opening line of a block as the site wants it, and lines of Chinese joined outside of blocks."""
        made: list[str] = []
        inside = False
        for line in lines:
            fence = line.startswith("```")
            if made and not (inside or fence) and _goes_on(made[-1], line.lstrip()):
                made[-1] += line.lstrip()
            else:
                made.append(line if inside else _opened(line))
            inside ^= fence
        return made


def _goes_on(line: str, following: str) -> bool:
    """Is ``following`` the rest of a Chinese sentence?"""
    return not line.startswith(("#", "|")) and bool(GOES_ON.search(line) and GOES_ON_FROM.match(following))


def _opened(line: str) -> str:
    if named := NAMED.fullmatch(line):
        return f'```{SHOWN_AS.get(named[1], named[1])} title="{named[2]}"'
    kind = line.removeprefix("```")
    return f"```{SHOWN_AS[kind]}" if line.startswith("```") and kind in SHOWN_AS else line


class Fences(Extension):  # type: ignore[misc]
    """Runs before the blocks are read."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register with ``md``."""
        md.preprocessors.register(Named(md), "perf_fences", 100)


def makeExtension(**settings: object) -> Fences:
    """What Python-Markdown calls."""
    return Fences(**settings)


def accept(_language: str, inputs: Mapping[str, str], options: dict[str, str], *_: object) -> bool:
    """A ``perf`` block takes a title and nothing else."""
    options.update((key, value) for key, value in inputs.items() if key == "title")
    return set(inputs) <= {"title"}


def render(source: str, _language: str, _class: str, options: Mapping[str, str], _md: Markdown, **_: object) -> str:
    """A ``perf`` block as HTML."""
    look = HtmlFormatter(cssclass="highlight", wrapcode=True, filename=options.get("title", ""))
    made: str = highlight(source, PerfLexer(), look)
    return made
