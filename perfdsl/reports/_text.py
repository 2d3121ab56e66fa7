"""A user's words and numbers as they may stand on paper: nothing invisible acts on the words around it."""

import unicodedata
from fractions import Fraction
from functools import lru_cache

from perfdsl.quantity import format_number, round_half_up

_DROPPED = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")  # invisible, and harmless: what copying brings along
_REFUSED = frozenset({"Cc", "Cf", "Cs", "Cn"})  # controls (of direction too), half characters, what is no character
_BREAKS = frozenset("\n\r\x0b\x0c\x85\u2028\u2029")


def clean(text: str) -> str:
    """``text`` on one line without blanks at its ends: breaks and tabs are spaces, other controls are made visible as “�”."""
    return (text if text.isprintable() else _cleaned(text)).strip()


@lru_cache(maxsize=4096)
def _cleaned(text: str) -> str:
    return "".join(_sign(c) for c in text.replace("\r\n", "\n") if c not in _DROPPED)


def _sign(character: str) -> str:
    if character in _BREAKS or character == "\t":
        return " "
    return "�" if unicodedata.category(character) in _REFUSED else character


def percent(share: Fraction) -> str:
    """A share as a percentage of at most two decimals."""
    return f"{format_number(round_half_up(share * 100, 2))}%"


def tails(numbers: list[str]) -> list[str]:
    """What each number lacks behind its last digit to be as long as the longest: ``["15", "19.5"]`` gives ``[".0", ""]``."""
    decimals = [number.partition(".")[2] for number in numbers]
    most = max(map(len, decimals), default=0)
    return [_tail(number, most) for number in numbers]


def _tail(number: str, most: int) -> str:
    if not most or not number.replace(".", "").lstrip("+-").isdigit():
        return ""
    _, point, decimals = number.partition(".")
    return ("" if point else ".") + "0" * (most - len(decimals))
