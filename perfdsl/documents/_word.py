"""The words of a Word paragraph: runs, tabs, boxes to tick, fractions, changes that are tracked; what hangs on it is collected."""

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from attrs import define, field

MOST_DEEP = 60
SKIPPED = frozenset({
    "rPr", "pPr", "delText", "instrText", "delInstrText", "bookmarkStart", "bookmarkEnd", "proofErr", "sdtPr", "sdtEndPr", "rt",
    "rubyPr", "lastRenderedPageBreak", "commentRangeStart", "commentRangeEnd", "del", "moveFrom", "smartTagPr", "customXmlPr",
    "ctrlPr", "fPr", "oMathParaPr",
})  # fmt: skip
WORDS = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}
# Wingdings and its kin keep their signs in the private area: the code is what the font shows at that place.
SYMBOLS = {
    "wingdings": {0x6F: "□", 0x71: "□", 0xA8: "□", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑", 0x6C: "●", 0x6E: "■", 0x75: "◆",
                  0xA1: "○", 0xE0: "→", 0x9F: "•", 0xA7: "▪"},
    "wingdings 2": {0x50: "✓", 0x4F: "✗", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x2A: "□", 0xA3: "□", 0x30: "☑"},
    "symbol": {0xB3: "≥", 0xA3: "≤", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xB9: "≠", 0xA5: "∞", 0xB0: "°", 0xB7: "•"},
}  # fmt: skip
_RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")


@define
class Seen:
    """What was met in a whole document."""

    tracked: int = 0
    hidden: int = 0
    pictures: int = 0
    too_deep: bool = False


@define
class Words:
    """One paragraph: its text, the text boxes anchored in it, and the notes it refers to (footnote, endnote, comment)."""

    seen: Seen
    pieces: list[str] = field(factory=list)
    boxes: list[Element] = field(factory=list)
    notes: list[tuple[str, str]] = field(factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces).rstrip()

    def walk(self, elements: Iterable[Element], deep: int = 0) -> None:
        """Take in what stands in a paragraph."""
        if deep > MOST_DEEP:
            self.seen.too_deep = True
            return
        for element in elements:
            self._take(element, tag(element), deep + 1)

    def _take(self, element: Element, name: str, deep: int) -> None:
        if name in ("del", "moveFrom"):
            self.seen.tracked += 1
        elif name in ("t", "sym", "br", "fldChar") or name in WORDS:
            self.pieces.append(_piece(element, name))
        elif name == "r":
            self._run(element, deep)
        elif name in ("drawing", "pict", "object"):
            self._drawing(element)
        elif name == "AlternateContent":
            self.walk(alternative(element), deep)
        elif name in ("footnoteReference", "endnoteReference", "commentReference"):
            self.notes.append((name.removesuffix("Reference"), attribute(element, "id")))
        elif name == "f":
            self._fraction(element, deep)
        elif name not in SKIPPED:
            self.seen.tracked += name in ("ins", "moveTo")
            self.walk(element, deep)

    def _run(self, run: Element, deep: int) -> None:
        properties = child(run, "rPr")
        if properties is not None and is_on(child(properties, "vanish")):
            self.seen.hidden += 1
            return
        raised = child(properties, "vertAlign") if properties is not None else None
        start = len(self.pieces)
        self.walk(run, deep)
        if raised is not None and attribute(raised, "val") == "superscript":
            words = "".join(self.pieces[start:])
            if words.strip("0123456789+-") == "":
                self.pieces[start:] = [words.translate(_RAISED)]

    def _drawing(self, element: Element) -> None:
        """Text boxes are read, the outermost ones here; other drawings are counted."""
        boxes = list(outermost(element, "txbxContent"))
        self.boxes += boxes
        self.seen.pictures += not boxes

    def _fraction(self, element: Element, deep: int) -> None:
        for sign, part in (("", child(element, "num")), ("/", child(element, "den"))):
            self.pieces.append(sign)
            if part is not None:
                self.walk(part, deep)


def _piece(element: Element, name: str) -> str:
    match name:
        case "t":
            return element.text or ""
        case "br":
            return "\n" if attribute(element, "type") in ("", "textWrapping") else ""
        case "sym":
            return _symbol(element)
        case "fldChar":
            return _tick(element)
    return WORDS[name]


def _symbol(element: Element) -> str:
    try:
        code = int(attribute(element, "char"), 16)
    except ValueError:
        return ""
    font = attribute(element, "font").lower()
    low = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    if low in SYMBOLS.get(font, {}):
        return SYMBOLS[font][low]
    return chr(low) if 0x20 <= low < 0x7F or 0xFF < low < 0xD800 else "\ufffd"


def _tick(element: Element) -> str:
    """A box of a form: ticked, not ticked, or another field, which has no words of its own."""
    box = next((e for e in element.iter() if tag(e) == "checkBox"), None)
    if box is None:
        return ""
    chosen = child(box, "checked")
    return "☑" if is_on(chosen if chosen is not None else child(box, "default")) else "□"


# ---- elements


def tag(element: Element) -> str:
    """The name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Element | None, name: str) -> str:
    """An attribute by its bare name; empty when it is not there."""
    if element is None:
        return ""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def child(element: Element | None, name: str) -> Element | None:
    """The first child of that name."""
    return next((e for e in element if tag(e) == name), None) if element is not None else None


def is_on(element: Element | None) -> bool:
    """Is a property there and not switched off?"""
    return element is not None and attribute(element, "val") not in ("0", "false", "off")


def number(element: Element | None, least: int, most: int) -> int:
    """The value of a property as a number between two limits; ``least`` when there is none."""
    text = attribute(element, "val")
    return min(max(int(text), least), most) if text.isascii() and text.isdigit() and len(text) < 10 else least


def alternative(element: Element) -> Iterable[Element]:
    """What is chosen of several ways to say the same."""
    chosen = child(element, "Choice")
    return chosen if chosen is not None else child(element, "Fallback") or ()


def outermost(element: Element, name: str) -> Iterator[Element]:
    """The descendants of that name that stand in no other of that name; of several ways to say the same, the first."""
    waiting = [element]
    while waiting:
        one = waiting.pop()
        if tag(one) == name:
            yield one
        else:
            waiting.extend(reversed(list(alternative(one) if tag(one) == "AlternateContent" else one)))
