"""The report in prose as a file, one format a member.

A member is a module of this folder with ``NAME``, ``SUFFIX``, ``NEEDS`` (libraries), ``EXTRA`` (what brings them) and ``write``;
there is no list to keep, and a module that lacks one of them is refused.  Names that begin with ``_`` are what several share.
"""

import pkgutil
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Protocol, cast

from perfdsl.diagnostics import ERROR, INFO, Diagnostic, Kind, finding
from perfdsl.narrative import Narrative
from perfdsl.publish._look import PLACES, Look
from perfdsl.text import NOWHERE

__all__ = ["BadMember", "Look", "Member", "PLACES", "checked", "lacking", "members"]


class Member(Protocol):
    """What a member of this family has."""

    NAME: str
    SUFFIX: str
    NEEDS: tuple[str, ...]
    EXTRA: str

    def write(self, told: Narrative, look: Look) -> bytes:
        """The whole file; the same report in the same look always gives the same bytes."""


class BadMember(TypeError):
    """A module of this folder that is no writer."""


@cache
def members() -> tuple[Member, ...]:
    """Every member in the order of the file names."""
    found = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    return tuple(checked(import_module(f"{__name__}.{name}")) for name in found)


def checked(module: ModuleType) -> Member:
    """``module`` as a member, or ``BadMember`` with what it lacks."""
    known = vars(module)
    for name, kind in (("NAME", str), ("SUFFIX", str), ("NEEDS", tuple), ("EXTRA", str)):
        if not isinstance(known.get(name), kind):
            raise BadMember(f"{module.__name__} lacks {name}")
    if not callable(known.get("write")):
        raise BadMember(f"{module.__name__} lacks write(told, look)")
    return cast(Member, module)


def lacking(member: Member, name: str, look: Look) -> list[Diagnostic]:
    """What keeps ``member`` from writing the file ``name``: a library, a font; or what it does without."""
    if not all(map(_installed, member.NEEDS)):
        return [finding(NO_LIBRARY, NOWHERE, name=name, extra=member.EXTRA)]
    if member.NAME == "docx" and not can_draw():
        return [finding(NO_PICTURES, NOWHERE, name=name)]
    if member.NAME != "pdf" or not look.named:
        return []
    from perfdsl.typeset import families  # only a font somebody names needs it

    known = families(look.folders)
    absent = [font for font in dict.fromkeys(look.named) if font not in known]
    return [finding(NO_FONT, NOWHERE, name=name, font=font) for font in absent]


def can_draw() -> bool:
    """Is there what makes a picture of a drawing?"""
    return _installed("typst") and _installed("noto_cjk_sans_otc")


def _installed(library: str) -> bool:
    return find_spec(library) is not None


NO_LIBRARY = Kind(
    "F160", ERROR, "{name}：写这种文字报告要先安装：pip install \"perfdsl[{extra}]\"",
    "{name}: writing this report needs: pip install \"perfdsl[{extra}]\"",
    "或者写成 .html，不用另装", "or write .html, which needs nothing more",
)  # fmt: skip
NO_PICTURES = Kind(
    "F161", INFO, "{name}：没有安装画图的组件，图写成用方块字符排的表", "{name}: charts are tables of block characters: nothing that draws is installed",
    "要图片，先安装：pip install \"perfdsl[pdf]\"", "for pictures: pip install \"perfdsl[pdf]\"",
)  # fmt: skip
NO_FONT = Kind(
    "F162", ERROR, "{name}：找不到字体“{font}”，没有写", "{name}: there is no font “{font}”; nothing was written",
    "用 --font-dir 指出字体文件所在的文件夹，名称与字体里的一致；或者不写 --font，用随 perfdsl[pdf] 安装的字体",
    "name the folder of its file with --font-dir, and the font as it calls itself; or leave --font out",
)  # fmt: skip
