"""A cell folded to half width, without spaces, with one sign for each look-alike."""

import re

from perfdsl.quantity import fold_width


def squeeze(text: str) -> tuple[str, list[int] | None]:
    """The text folded to half width without spaces and controls, and the place of each kept character.

    A space between two digits stays, because 95 98 is not 9598.
    """
    folded = fold_width(text)
    if folded.isascii() is False:
        folded = folded.translate(_LOOK_ALIKE)
        if ("〉" in folded) != ("〈" in folded):
            folded = folded.replace("〉", ">").replace("〈", "<")
    if not _BLANK.search(folded):
        return folded, None
    folded = _BLANK.sub(" ", folded)
    kept = [i for i, c in enumerate(folded) if c != " " or _splits(folded, i)]
    return "".join([folded[i] for i in kept]), kept


def _splits(text: str, at: int) -> bool:
    if at == 0 or at + 1 >= len(text) or not text[at - 1].isdigit():
        return False
    after = _AFTER_GAP.match(text, at)
    return after is not None and not _THOUSANDS.match(text, at)


_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\u2060\ufeff]")
_AFTER_GAP = re.compile(r" +[0-9]")
_THOUSANDS = re.compile(r" [0-9]{3}(?![0-9])")
_LOOK_ALIKE = str.maketrans(
    {
        "≧": "≥", "⩾": "≥", "≩": "≥", "⪰": "≥", "≽": "≥", "≮": "≥", "﹥": ">", "›": ">",
        "≦": "≤", "⩽": "≤", "≨": "≤", "⪯": "≤", "≼": "≤", "≯": "≤", "﹤": "<", "‹": "<",
        "═": "=", "﹦": "=", "゠": "=", "⩵": "=", "≡": "=", "−": "-", "﹣": "-", "‐": "-", "‑": "-", "‒": "-",
        "﹪": "%", "℅": "%", "٪": "%", "﹢": "+", "➕": "+", "∶": ":", "︰": ":", "￥": "¥", "＄": "$", "﹕": ":", "﹔": ";", "﹐": ",",
        "﹙": "(", "﹚": ")", "∼": "~", "〜": "~", "～": "~", "˜": "~", "–": "-", "⁓": "~",
        "╱": "/", "∕": "/", "⁄": "/", "＊": "*", "﹡": "*", "✕": "×", "✖": "×", "╳": "×", "•": "·",
    }
)  # fmt: skip
