"""Files in and out for all commands: reading with the right encoding, writing whole or not at all."""

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from perfdsl.cli.main import say
from perfdsl.diagnostics import Diagnostic
from perfdsl.encoding import decode
from perfdsl.pipeline import Refusal
from perfdsl.resources import data_dir
from perfdsl.text import Source

MOST_BYTES = 256 * 1024 * 1024


class Unreadable(click.ClickException):
    """A file that cannot be read or written: exit code 2, one sentence."""

    exit_code = 2


def read_bytes(name: str) -> bytes:
    """The bytes of a file, or of standard input for ``-``."""
    if name == "-":
        return sys.stdin.buffer.read()
    path = Path(name)
    try:
        if path.is_dir():
            raise Unreadable(say(f"“{name}”是文件夹，这里要一个文件", f"“{name}” is a folder; a file is wanted here"))
        if path.stat().st_size > MOST_BYTES:
            raise Unreadable(say(f"“{name}”超过{MOST_BYTES >> 20}MB，不读", f"“{name}” is larger than {MOST_BYTES >> 20} MB"))
        return path.read_bytes()
    except (OSError, ValueError) as wrong:
        raise Unreadable(say(f"读不了“{name}”：{_why(wrong)}", f"cannot read “{name}”: {wrong}")) from None


def read_source(name: str) -> tuple[Source | None, list[Diagnostic]]:
    """A .perf text and what there is to say about its encoding; no source when it is not text."""
    shown = say("（标准输入）", "(standard input)") if name == "-" else name
    text, _, found = decode(shown, read_bytes(name))
    if any(d.severity == "error" for d in found):
        return None, found
    return Source(shown, text), found


def expand(names: Iterable[str], suffix: str = ".perf") -> Iterator[str]:
    """Files as given; a folder stands for all its files of the suffix, in order."""
    for name in names:
        if name != "-" and Path(name).is_dir():
            inside = sorted(str(p) for p in Path(name).rglob(f"*{suffix}") if p.is_file() and not _hidden(p, Path(name)))
            if not inside:
                raise Unreadable(say(f"文件夹“{name}”里没有 {suffix} 文件", f"there is no {suffix} file in “{name}”"))
            yield from inside
        else:
            yield name


def _hidden(path: Path, top: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(top).parts)


def write_whole(name: str, data: bytes, inputs: Iterable[str] = ()) -> None:
    """Write a file whole or not at all, never over one of ``inputs``."""
    path = Path(name)
    for source in inputs:
        if source != "-" and path.exists() and Path(source).exists() and path.samefile(source):
            raise Unreadable(say(f"不能把结果写到输入文件“{name}”上", f"the result would overwrite the input “{name}”"))
    replace(path, data)


def replace(path: Path, data: bytes) -> None:
    """Put ``data`` in place of a file in one step."""
    part = None
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".perfdsl-", delete=False) as file:
            part = file.name
            file.write(data)
        os.chmod(part, mode)
        if path.is_dir():
            raise IsADirectoryError(21, "Is a directory")
        os.replace(part, path)
    except OSError as wrong:
        if part is not None:
            Path(part).unlink(missing_ok=True)
        raise Unreadable(say(f"写不了“{path}”：{_why(wrong)}", f"cannot write “{path}”: {wrong}")) from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _why(wrong: OSError | ValueError) -> str:
    reasons = {2: "没有这个文件或文件夹", 13: "没有权限", 20: "路径里有一段不是文件夹", 21: "是文件夹", 28: "磁盘满了",
               30: "只读的位置", 36: "文件名太长"}  # fmt: skip
    return reasons.get(getattr(wrong, "errno", 0) or 0, str(wrong))


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
        here = _folder(beside.name)
        wanted = Path(os.path.abspath(here / path))
        real = wanted.resolve()
        if "://" in path or Path(path).is_absolute() or not any(real.is_relative_to(root) for root in self.roots):
            return Refusal("outside")
        if not wanted.is_file():
            return Refusal("absent")
        try:
            shown = os.path.relpath(wanted) if not Path(beside.name).is_absolute() else str(wanted)
            return self._source(wanted, shown) or Refusal("unreadable", say("不是文本", "not a text"))
        except Unreadable as wrong:
            return Refusal("unreadable", wrong.message)

    def _source(self, path: Path, shown: str) -> Source | None:
        if path not in self.read:
            text, _, found = decode(shown, read_bytes(str(path)))
            self.read[path] = None if any(d.severity == "error" for d in found) else Source(shown, text)
        return self.read[path]


def _folder(name: str) -> Path:
    path = Path(name)
    return (path if path.is_dir() else path.parent).resolve() if name != "-" else Path.cwd().resolve()
