"""The one call of Typst: its fonts, its data, the archival form."""

import json
from importlib.util import find_spec
from pathlib import Path

NEEDS = ("typst", "noto_cjk_sans_otc")
FONT = "Noto Sans CJK SC"
START = """
#let data = json(bytes(sys.inputs.data))
#set document(date: datetime(year: 2000, month: 1, day: 1))
#set text(font: sys.inputs.font, lang: "zh", region: "cn", cjk-latin-spacing: none)
"""


class Unset(RuntimeError):
    """Typst refused a template of ours: a bug, with its words."""


def typeset(template: str, data: object) -> bytes:
    """The PDF (PDF/A-2b) of a Typst ``template``, which finds ``data`` (what JSON can hold) under that name.

    The Chinese font comes with the package ``noto-cjk-sans-otc`` and is embedded; fonts of the machine are not looked at, so
    that the same data give the same bytes everywhere (an archival file needs a date; it is a fixed one).  Raises ``Unset`` where Typst refuses the template.
    """
    import typst

    inputs = {"data": json.dumps(data, ensure_ascii=False), "font": FONT}
    source = (START + template).encode("utf-8")
    try:
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[_fonts()])
        return typst.compile(source, font_paths=fonts, sys_inputs=inputs, pdf_standards="a-2b")
    except typst.TypstError as wrong:
        raise Unset(str(wrong)) from wrong


def _fonts() -> str:
    """The folder of the Chinese font."""
    found = find_spec("noto_cjk_sans_otc")
    if found is None or found.origin is None:
        raise Unset("noto-cjk-sans-otc is not installed")
    return str(Path(found.origin).parent)
