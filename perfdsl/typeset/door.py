"""The calls of Typst: its fonts, its data, the archival form, and a drawing as a picture."""

import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

NEEDS = ("typst", "noto_cjk_sans_otc")
FONT = "Noto Sans CJK SC"
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
    where Typst refuses the template.
    """
    return _compiled(template, data, folders, format="pdf", pdf_standards="a-2b")


def picture(svg: str, width: int) -> bytes:
    """A drawing as PNG, ``width`` points wide, its Chinese in the font of ``typeset``.  Raises ``Unset`` as that does."""
    return _compiled(DRAWING, {"svg": svg, "width": width}, (), format="png", ppi=PICTURE_DOTS)


def families(folders: Sequence[str] = ()) -> frozenset[str]:
    """The names of all fonts a template can use; folders that are not there have none."""
    import typst

    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=_folders(folders))
    return frozenset(found.families())


def _compiled(template: str, data: object, folders: Sequence[str], **how: object) -> bytes:
    import typst

    inputs = {"data": json.dumps(data, ensure_ascii=False), "font": FONT}
    try:
        made = typst.compile(
            (START + template).encode("utf-8"), sys_inputs=inputs, font_paths=_folders(folders), ignore_system_fonts=True, **how
        )  # fmt: skip
    except typst.TypstError as wrong:
        raise Unset(str(wrong)) from wrong
    if not isinstance(made, bytes):
        raise Unset("Typst made several files")
    return made


def _folders(more: Sequence[str]) -> list[str]:
    """The folder of the Chinese font, then others."""
    found = find_spec("noto_cjk_sans_otc")
    if found is None or found.origin is None:
        raise Unset("noto-cjk-sans-otc is not installed")
    return [str(Path(found.origin).parent), *more]
