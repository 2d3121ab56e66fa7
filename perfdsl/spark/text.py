"""Names, words and cells as Spark's SQL."""

from collections.abc import Iterable

SPACES = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
ROW, TEXT = "〔行〕", "〔原文〕"  # what stands in a finding for the row and the words of a cell until they are known


def quoted(name: str) -> str:
    """A name of a column."""
    return "`" + name.replace("`", "``") + "`"


def literal(text: str) -> str:
    """Words as a string: no sign of theirs ends it or means anything else."""
    return "'" + "".join(_ESCAPED.get(x, x) for x in text) + "'"


def among(what: str, several: Iterable[str]) -> str:
    """Is it one of these words?"""
    return f"{what} IN ({', '.join(literal(x) for x in several)})"


def trimmed(what: str) -> str:
    """Without white space around it, whichever white space it is."""
    return f"TRIM(BOTH {literal(SPACES)} FROM {what})"


def blank(what: str) -> str:
    """Does a text say nothing?"""
    return f"({what} IS NULL OR {trimmed(what)} = '')"


def every(*tests: str) -> str:
    """All of them hold."""
    if "FALSE" in tests:
        return "FALSE"
    told = [x for x in dict.fromkeys(tests) if x != "TRUE"]
    return f"({' AND '.join(told)})" if len(told) > 1 else next(iter(told), "TRUE")


def some(*tests: str) -> str:
    """One of them holds."""
    if "TRUE" in tests:
        return "TRUE"
    told = [x for x in dict.fromkeys(tests) if x != "FALSE"]
    return f"({' OR '.join(told)})" if len(told) > 1 else next(iter(told), "FALSE")


def opposite(test: str) -> str:
    """It does not hold."""
    return {"TRUE": "FALSE", "FALSE": "TRUE"}.get(test) or f"(NOT {test})"


def cases(tests: Iterable[tuple[str, str]], other: str) -> str:
    """The value of the first test that holds."""
    told = " ".join(f"WHEN {test} THEN {value}" for test, value in tests)
    return f"CASE {told} ELSE {other} END" if told else other


_ESCAPED = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}
