"""Files in for all commands, read with the right encoding; ``writing`` is for files out."""

import errno
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import click

from perfdsl.cli.main import say
from perfdsl.diagnostics import Diagnostic, shorten
from perfdsl.encoding import decode
from perfdsl.resources import data_dir
from perfdsl.text import Refusal, Source

MOST_BYTES = 100 << 20
MOST_TEXT = 16 << 20  # of a text in the language, or a list; a hundred thousand indicators are half of that


class Unreadable(click.ClickException):
    """A file that cannot be read or written: exit code 2, one sentence."""

    exit_code = 2


def read_bytes(name: str) -> bytes:
    """The bytes of a file, or of standard input for ``-`` (which can be read once); never more than ``MOST_BYTES``."""
    if name == "-":
        if seen().get("-"):
            raise Unreadable(say("标准输入只能读一次", "standard input can be read only once"))
        seen()["-"] = True
        return _bounded(sys.stdin.buffer, name)
    try:
        if os.path.isdir(name):
            raise Unreadable(
                say(
                    f"“{shorten(name)}”是文件夹，这里要一个文件",
                    f"“{shorten(name)}” is a folder; a file is wanted here",
                )
            )
        with open(name, "rb", opener=without_waiting) as file:
            remember(file)
            return _bounded(file, name)
    except (OSError, ValueError) as wrong:
        zh, en = why(wrong)
        raise Unreadable(say(f"读不了“{shorten(name)}”：{zh}", f"cannot read “{shorten(name)}”: {en}")) from None


def _bounded(file: BinaryIO, name: str) -> bytes:
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise _too_large(name, MOST_BYTES)
    return data


def _too_large(name: str, most: int) -> Unreadable:
    return Unreadable(
        say(f"“{shorten(name)}”超过{most >> 20}MB，不读", f"“{shorten(name)}” is larger than {most >> 20} MB")
    )


def without_waiting(name: str, flags: int) -> int:
    """Open a file; a named pipe to which nobody writes is empty, not a reason to wait for ever."""
    handle = os.open(name, flags | getattr(os, "O_NONBLOCK", 0))
    os.set_blocking(handle, True)
    return handle


def remember(file: BinaryIO) -> None:
    """An open file was read in this run: results are never written over it."""
    found = os.fstat(file.fileno())
    seen()[found.st_dev, found.st_ino] = True


def seen() -> dict[object, bool]:
    """What this run has read, by device and number: results are never written over it."""
    context = click.get_current_context(silent=True)
    made: dict[object, bool] = context.meta.setdefault(__name__, {}) if context is not None else {}
    return made


def read_source(name: str) -> tuple[Source | None, list[Diagnostic]]:
    """A .perf text and what there is to say about its encoding; no source when it is not text."""
    return source_of(name, read_bytes(name))


def source_of(name: str, data: bytes) -> tuple[Source | None, list[Diagnostic]]:
    """The same of bytes that are already read."""
    shown = say("（标准输入）", "(standard input)") if name == "-" else name
    if len(data) > MOST_TEXT:
        raise _too_large(name, MOST_TEXT)
    text, _, found = decode(shown, data)
    if any(d.severity == "error" for d in found):
        return None, found
    return Source(shown, text), found


def expand(names: Iterable[str], suffix: str = ".perf") -> Iterator[str]:
    """Files as given; a folder stands for all its files of the suffix, in order."""
    for name in names:
        if name != "-" and os.path.isdir(name):
            inside = sorted(
                str(p) for p in Path(name).rglob(f"*{suffix}") if p.is_file() and not _hidden(p, Path(name))
            )
            if not inside:
                raise Unreadable(
                    say(
                        f"文件夹“{shorten(name)}”里没有 {suffix} 文件",
                        f"there is no {suffix} file in “{shorten(name)}”",
                    )
                )
            yield from inside
        else:
            yield name


def _hidden(path: Path, top: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(top).parts)


def why(wrong: OSError | ValueError) -> tuple[str, str]:
    """The reason in both languages."""
    reason = getattr(wrong, "strerror", None) or str(wrong)
    reasons = {
        errno.ENOENT: "没有这个文件或文件夹", errno.EACCES: "没有权限", errno.EPERM: "没有权限", errno.ENOTDIR: "路径里有一段不是文件夹",
        errno.EISDIR: "是文件夹", errno.ENOSPC: "磁盘满了", errno.EROFS: "只读的位置", errno.ENAMETOOLONG: "文件名太长",
        errno.ELOOP: "链接绕成了圈", errno.ENXIO: "管道的另一头没有程序",
        errno.EIO: "磁盘出错", errno.EDQUOT: "磁盘满了", errno.EFBIG: "文件太大",
    }  # fmt: skip
    return reasons.get(getattr(wrong, "errno", 0) or 0, reason), reason


class Library:
    """Finds what ``use`` names: rulesets of this installation, and files beside the one that uses them."""

    def __init__(self, roots: Iterable[str]) -> None:
        self.roots = [_folder(name) for name in roots]
        self.read: dict[Path, Source | None] = {}

    def library(self, name: str) -> Source | None:
        """A ruleset of ``rulesets/``."""
        if "/" in name or "\\" in name or name.startswith("."):
            return None
        path = data_dir("rulesets") / f"{name}.perf"
        return self._source(path, f"rulesets/{name}.perf") if path.is_file() else None

    def library_names(self) -> list[str]:
        """All rulesets of ``rulesets/``."""
        return sorted(p.stem for p in data_dir("rulesets").glob("*.perf"))

    def local(self, beside: Source, path: str) -> Source | Refusal:
        """A file relative to ``beside``, inside one of the given folders."""
        wanted = Path(os.path.abspath(_folder(beside.name) / path))
        try:
            real = Path(os.path.realpath(wanted))
            if "://" in path or Path(path).is_absolute() or not any(real.is_relative_to(root) for root in self.roots):
                return Refusal("outside")
            if not wanted.is_file():
                return Refusal("absent")
            shown = os.path.relpath(wanted) if not Path(beside.name).is_absolute() else str(wanted)
            return self._source(wanted, shown) or Refusal("unreadable", say("不是文本", "not a text"))
        except Unreadable as wrong:
            return Refusal("unreadable", wrong.message)
        except (OSError, ValueError) as wrong:
            return Refusal("unreadable", why(wrong)[0])

    def _source(self, path: Path, shown: str) -> Source | None:
        if path not in self.read:
            self.read[path], _ = source_of(shown, read_bytes(str(path)))
        return self.read[path]


def _folder(name: str) -> Path:
    path = Path(name)
    try:
        return Path(os.path.realpath(path if path.is_dir() else path.parent)) if name != "-" else Path.cwd()
    except OSError:  # a name no file system takes; reading it says so
        return Path.cwd()
