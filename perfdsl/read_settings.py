"""``perfdsl.toml``, or the table ``[tool.perfdsl]`` of a ``pyproject.toml``, as settings: a mistake in it is said with its line.

``tomllib`` is loaded only where there is such a file.
"""

import re
from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any

from perfdsl.diagnostics import ERROR, Diagnostic, Kind, closest, finding, stated
from perfdsl.settings import Settings
from perfdsl.text import Source, Span
from perfdsl.toml_place import toml_place

TABLES = ("accept", "limits")
SHARED_FILE = "pyproject.toml"


def read_settings(source: Source, codes: Collection[str], limits: Collection[str]) -> tuple[Settings, list[Diagnostic]]:
    """The settings in ``source`` and what is wrong with them; what is wrong is left out.

    ``codes`` are all codes there are, ``limits`` the names of all limits that can be set.
    """
    import tomllib

    try:
        given: Any = tomllib.loads(source.text, parse_float=str)
    except (tomllib.TOMLDecodeError, RecursionError) as wrong:
        return Settings(), [finding(NOT_TOML, toml_place(source, str(wrong)), words=str(wrong))]
    shared = source.name.endswith(SHARED_FILE)
    if shared:
        given = _inner(_inner(given, "tool"), "perfdsl")
    reader = _Reader(source, "tool.perfdsl." if shared else "", codes, limits)
    return reader.read(given), reader.found


class _Reader:
    """Reads one file; ``prefix`` stands before the names of its tables."""

    def __init__(self, source: Source, prefix: str, codes: Collection[str], limits: Collection[str]) -> None:
        self.source = source
        self.prefix = prefix
        self.codes = codes
        self.limits = limits
        self.found: list[Diagnostic] = []

    def read(self, given: Mapping[str, Any]) -> Settings:
        for name, value in given.items():
            if name not in TABLES or not isinstance(value, dict):
                self.say(UNKNOWN_SETTING, name, name=name, known="、".join(f"[{self.prefix}{t}]" for t in TABLES))
        accepted = [(c, reason) for c, value in _inner(given, "accept").items() if (reason := self.reason(c, value))]
        limits = [
            (n, limit) for n, value in _inner(given, "limits").items() if (limit := self.limit(n, value)) is not None
        ]
        return Settings(accepted=tuple(accepted), limits=tuple(limits))

    def reason(self, code: str, value: Any) -> str:
        if code not in self.codes:
            self.say(NO_SUCH_CODE, code, "accept", code=code)
        elif not isinstance(value, str) or not value.strip():
            self.say(NO_REASON, code, "accept", code=code)
        else:
            return value.strip()
        return ""

    def limit(self, name: str, value: Any) -> Fraction | None:
        if name not in self.limits:
            known = closest(name, sorted(self.limits)) or "、".join(sorted(self.limits)) or "无"
            self.say(NO_SUCH_LIMIT, name, "limits", name=name, known=known)
            return None
        number = (
            re.fullmatch(r"\s*(\d{1,30}(?:\.\d{1,30})?)\s*([%％]?)\s*", str(value))
            if type(value) in (str, int)
            else None
        )
        if number is None:
            self.say(NOT_A_LIMIT, name, "limits", name=name, value=value)
            return None
        return Fraction(number[1]) / (100 if number[2] else 1)

    def say(self, kind: Kind, key: str, table: str = "", **facts: object) -> None:
        self.found.append(stated(kind, self.place(key, table), facts))

    def place(self, key: str, table: str) -> Span:
        """Where a key or the head of a table stands, as far as its spelling shows it."""
        text, start = self.source.text, 0
        if table:
            head = re.search(rf"^[ \t]*\[[ \t]*{re.escape(self.prefix + table)}[ \t]*\]", text, re.M)
            start = head.end() if head else 0
        spelt = re.escape(key)
        found = re.compile(rf"^[ \t]*\[?[^=\n#]*?(?<!\w)({spelt})(?!\w)", re.M).search(text, start)
        return Span(*found.span(1), self.source) if found else Span(0, 0, self.source)


def _inner(given: Any, name: str) -> Mapping[str, Any]:
    value = given.get(name, {})
    return value if isinstance(value, dict) else {}


NOT_TOML = Kind(
    "C101", ERROR, "设置文件读不通：{words}", "the settings are not valid TOML: {words}",
    "按“代码 = \"理由\"”一行一条写，文字加引号，等号左边不能是汉字", "write one line CODE = \"reason\" each, texts in quotes",
)  # fmt: skip
UNKNOWN_SETTING = Kind(
    "C102", ERROR, "没有“{name}”这一节设置", "there is no settings table “{name}”", "可以写的有：{known}", "known: {known}",
)  # fmt: skip
NO_SUCH_CODE = Kind(
    "C103", ERROR, "没有检查代码{code}", "there is no code {code}",
    "代码写成L021的样子，见 docs/diagnostics.md", "a code looks like L021; docs/diagnostics.md lists them",
)  # fmt: skip
NO_REASON = Kind(
    "C104", ERROR, "接受{code}没有写理由", "{code} is accepted without a reason", "写成 {code} = \"理由\"", "write {code} = \"reason\"",
)  # fmt: skip
NO_SUCH_LIMIT = Kind(
    "C105", ERROR, "没有叫“{name}”的限额", "there is no limit “{name}”", "可以设的有：{known}", "known: {known}",
)  # fmt: skip
NOT_A_LIMIT = Kind(
    "C106", ERROR, "限额“{name}”的值“{value}”不是数", "the limit “{name}” is “{value}”, not a number",
    "写成 3、\"0.5\" 或 \"50%\"", "write 3, \"0.5\" or \"50%\"",
)  # fmt: skip
