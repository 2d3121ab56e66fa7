"""The calls of Typst: its fonts, its data, the archival form, and a drawing as a picture."""

import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typst

NEEDS = ("typst", "noto_cjk_sans_otc")
FONT = "Noto Sans CJK SC"
NO_GLYPH = "could not be displayed"
PICTURE_DOTS = 220  # an inch
START = """
#let data = json(bytes(sys.inputs.data))
#set document(date: datetime(year: 2000, month: 1, day: 1))
#set text(font: sys.inputs.font, lang: "zh", region: "cn", cjk-latin-spacing: none)
"""
DRAWING = """
#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(data.svg), format: "svg", width: data.width * 1pt)
"""


class Unset(RuntimeError):
    """Typst refused a template of ours: a bug, with its words."""


def typeset(template: str, data: object, folders: Sequence[str] = ()) -> bytes:
    """The PDF (PDF/A-2b) of a Typst ``template``, which finds ``data`` (what JSON can hold) under that name.

    The Chinese font comes with the package ``noto-cjk-sans-otc`` and is embedded; other fonts are taken from ``folders`` alone,
    so that the same data give the same bytes everywhere (an archival file needs a date; it is a fixed one).  Raises ``Unset``
    where Typst refuses the template.  A character that no font has is a box; the archival form forbids those, so that a
    document which holds one is an ordinary PDF.
    """
    import typst

    source, inputs, fonts = _given(template, data, folders)
    try:
        return typst.compile(source, format="pdf", sys_inputs=inputs, font_paths=fonts, pdf_standards="a-2b")
    except typst.TypstError as wrong:
        if NO_GLYPH not in str(wrong):
            raise Unset(str(wrong)) from wrong
    try:
        return typst.compile(source, format="pdf", sys_inputs=inputs, font_paths=fonts)
    except typst.TypstError as wrong:
        raise Unset(str(wrong)) from wrong


def picture(svg: str, width: int) -> bytes:
    """A drawing as PNG, ``width`` points wide, its Chinese in the font of ``typeset``.  Raises ``Unset`` as that does."""
    import typst

    source, inputs, fonts = _given(DRAWING, {"svg": svg, "width": width}, ())
    try:
        return typst.compile(source, format="png", ppi=PICTURE_DOTS, sys_inputs=inputs, font_paths=fonts)
    except typst.TypstError as wrong:
        raise Unset(str(wrong)) from wrong


def families(folders: Sequence[str] = ()) -> frozenset[str]:
    """The names of all fonts a template can use; folders that are not there have none."""
    return frozenset(_fonts(folders).families())


def _given(template: str, data: object, folders: Sequence[str]) -> tuple[bytes, dict[str, str], "typst.Fonts"]:
    """The template with its start, the data it finds, and where fonts are."""
    inputs = {"data": json.dumps(data, ensure_ascii=False).replace("\ufffd", "□"), "font": FONT}
    return (START + template).encode("utf-8"), inputs, _fonts(folders)


def _fonts(more: Sequence[str]) -> "typst.Fonts":
    """The Chinese font, then those of the folders; none of the machine's."""
    import typst

    found = find_spec("noto_cjk_sans_otc")
    if found is None or found.origin is None:
        raise Unset("noto-cjk-sans-otc is not installed")
    folders = [str(Path(found.origin).parent), *more]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
