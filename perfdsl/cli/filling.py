"""What ``template`` and ``collect`` share: libraries that may be absent, files that are not written over."""

import os
from importlib.util import find_spec
from pathlib import Path

from perfdsl.cli.files import Unreadable, read_bytes, source_of
from perfdsl.cli.main import say
from perfdsl.diagnostics import ERROR, Diagnostic, Kind, finding, shorten
from perfdsl.text import NOWHERE


def no_writer(name: str) -> list[Diagnostic]:
    """What must be installed before a workbook is written."""
    return [] if find_spec("xlsxwriter") is not None else [finding(NO_WRITER, NOWHERE, name=name)]


def read_names(path: str) -> list[str]:
    """A list of objects: one a line, blank lines and lines that begin with # aside, each once."""
    source, _ = source_of(path, read_bytes(path))
    if source is None:
        raise Unreadable(say(f"“{shorten(path)}”不是文本", f"“{shorten(path)}” is not a text"))
    if any(c < " " or c == "\x7f" for c in "".join(source.text.split())):
        raise Unreadable(
            say(
                f"“{shorten(path)}”里有控制字符，不是名单", f"“{shorten(path)}” holds control characters; it is no list"
            )
        )
    lines = (" ".join(line.split()) for line in source.text.splitlines())
    names = list(dict.fromkeys(line for line in lines if line and not line.startswith("#")))
    if not names:
        raise Unreadable(say(f"“{shorten(path)}”里没有名称", f"there is no name in “{shorten(path)}”"))
    return names


def file_name(name: str, taken: set[str]) -> str:
    """A name for the file of an object that every system takes; one that is taken gets a number."""
    bare = "".join("_" if c in '\\/:*?"<>|' or not c.isprintable() else c for c in name).strip(" .")
    while len(bare.encode()) > 200:
        bare = bare[:-1]
    bare = bare or "对象"
    made, number = bare, 2
    while made.casefold() in taken:
        made, number = f"{bare}_{number}", number + 1
    taken.add(made.casefold())
    return f"{made}.xlsx"


def is_folder(name: str) -> bool:
    """Is a folder meant?"""
    return name.endswith(("/", os.sep)) or Path(name).is_dir()


NO_WRITER = Kind(
    "A160", ERROR, "{name}：写电子表格要先安装：pip install \"perfdsl[excel]\"", "{name}: writing workbooks needs: pip install \"perfdsl[excel]\"",
    "汇总表也可以写成 .csv，不用另装", "the gathered table may also be a .csv, which needs nothing more",
)  # fmt: skip
