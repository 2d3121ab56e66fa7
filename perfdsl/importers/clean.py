"""The words of a cell without what the layout put into them: tags, spaces between Chinese characters, straight quotes."""

import re

from perfdsl.quantity import fold_width

_TAG = re.compile(r"</?(?:p|br|b|span|div|td|tr|strong|font|u|i|em)\b[^<>]*/?>", re.I)
_WIDE = "[\u2e80-\u9fff\u3000-\u303f\uf900-\ufaff\uff00-\uffef\u2018-\u201d\u2026\u2014\u2605\u2610-\u2612\u25a0-\u25ff\u2460-\u2473]"
_BETWEEN = re.compile(rf"(?<={_WIDE})[ \t\u00a0\u3000\n]+|[ \t\u00a0\u3000\n]+(?={_WIDE})")
_BROKEN_DECIMAL = re.compile(r"^([-+≥≤<>=＝]?\s*\d[\d,]*)\s*\.\s*(\d+)(\s*%)?$|^([-+]?\d[\d,]*)\s+\.(\d+)$")
_SIGN_SPACE = re.compile(r"^([≥≤<>=＝＞＜])\s+(?=\d)|(?<=\d)\s+(?=%)")
_PAIR = re.compile(r'"([^"]*)"')
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")


def clean(text: str, flattened: bool = False) -> str:
    """The words as a reader means them: no spaces beside Chinese characters, ``2. 5`` as ``2.5``.

    Tags are left over where a page was ``flattened`` to text; in the cell of a grid they are the user's own words.
    """
    text = _INVISIBLE.sub("", text)
    if flattened and "<" in text:
        text = _TAG.sub(" ", text)
    text = _BETWEEN.sub("", text.strip())
    text = re.sub(r"\s+", " ", text).strip()
    found = _BROKEN_DECIMAL.match(text)
    if found:
        text = text.replace(" ", "")
    return _SIGN_SPACE.sub(lambda m: m.group(1) or "", text)


def named(text: str) -> str:
    """A name: straight quotes in pairs become Chinese ones, so that it can be written without escapes."""
    return _PAIR.sub("“\\1”", text) if text.count('"') % 2 == 0 else text


MOST_NESTED = 20  # brackets in brackets: one more pass over the text for each


def key(text: str) -> str:
    """What a heading or label is looked up by: half width, without spaces, brackets with their content, and marks."""
    folded = fold_width(re.sub(r"\s+", "", text)).replace("(程)", "")
    for _ in range(MOST_NESTED):
        shorter = re.sub(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕", "", folded)
        if shorter == folded:
            break
        folded = shorter
    return re.sub(r"[:：*＊、,，/_\-—·.．。]", "", folded)


def bracket(text: str) -> str:
    """What stands in the last brackets of a heading: 万元, A, 10分."""
    found = re.findall(r"[(（]([^()（）]*)[)）]?", text)
    return found[-1].strip() if found else ""


def joined(first: str, second: str) -> str:
    """Two pieces of one cell as one text."""
    return clean(
        first + (" " if first[-1:].isascii() and second[:1].isascii() and first[-1:].isalpha() else "") + second
    )
