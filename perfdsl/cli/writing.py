"""Files out for all commands: whole or not at all, all of a run or none, and over nothing that should stay."""

import errno
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from perfdsl.cli.files import Unreadable, seen, why, without_waiting
from perfdsl.cli.main import say
from perfdsl.diagnostics import shorten


def refuse_existing(names: Iterable[str], inputs: Iterable[str], *, force: bool) -> None:
    """Stop before any work when a result would go over an input, twice to one file, on a folder or, without ``force``, over
    anything that is there.  A device or a pipe is written to; it holds nothing that could be lost."""
    given, taken = list(inputs), set()
    for name in names:
        refuse_inputs(name, given)
        real = os.path.realpath(name)
        if real in taken:
            raise Unreadable(say(f"“{shorten(name)}”写了两次", f"“{shorten(name)}” is named twice"))
        taken.add(real)
        if os.path.isdir(name):
            raise Unreadable(
                say(f"“{shorten(name)}”是文件夹，不能写成文件", f"“{shorten(name)}” is a folder, not a file")
            )
        if not force and os.path.lexists(name) and not _is_device(name):
            shown = shorten(name)
            raise Unreadable(
                say(f"“{shown}”已经有了；要覆盖它就加上 --force", f"“{shown}” exists; add --force to overwrite it")
            )


def refuse_inputs(name: str, inputs: Iterable[str]) -> None:
    """Stop when the result ``name`` is the same file as one of ``inputs``, or as anything read so far."""
    wanted = _identity(name)
    if wanted is not None and (wanted in seen() or any(wanted == _identity(x) for x in inputs)):
        raise Unreadable(
            say(f"不能把结果写到输入文件“{shorten(name)}”上", f"the result would overwrite the input “{shorten(name)}”")
        )


def _identity(name: str) -> tuple[int, int] | None:
    """The device and number of a regular file, whatever path leads to it."""
    try:
        found = os.stat(name)
    except (OSError, ValueError):
        return None
    return (found.st_dev, found.st_ino) if stat.S_ISREG(found.st_mode) else None


def _is_device(name: str | Path) -> bool:
    try:
        mode = os.stat(name).st_mode
    except (OSError, ValueError):
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def write_whole(name: str, data: bytes) -> None:
    """Write a file whole or not at all, never over anything that was read in this run."""
    write_all([(name, data)])


def write_all(made: Sequence[tuple[str, bytes]]) -> None:
    """Write the results of a run, all of them or none, never over anything that was read in it."""
    for name, _ in made:
        refuse_inputs(name, ())
    write_together({Path(name): data for name, data in made})


def replace(path: Path, data: bytes) -> None:
    """Put ``data`` in place of a file in one step; a link stays a link, a device or a pipe is written to."""
    write_together({path: data})


def write_together(files: Mapping[Path, bytes], *, folders: bool = False) -> None:
    """Write several files, all of them or none: every text is on the disk before the first one gets its name.

    With ``folders`` those that are missing are made.  A link stays a link, permissions stay, a device or a pipe is written to.
    """
    parts: list[tuple[Path, str]] = []
    made: list[Path] = []
    done = False
    path = Path()
    try:
        for path in files:
            if folders:
                _make(path.parent, made)
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, "Is a directory")
        for path, data in files.items():
            if not _is_device(path):
                parts.append(_part(path, data, made))
        for path, data in files.items():
            if _is_device(path):
                with open(path, "wb", opener=without_waiting) as device:
                    device.write(data)
        while parts:
            path, part = parts[0]
            fresh = not path.exists()
            os.replace(part, path)
            made += [path] if fresh else []
            del parts[0]
        done = True
    except (OSError, ValueError) as wrong:
        zh, en = why(wrong)
        shown = shorten(str(path))
        raise Unreadable(say(f"写不了“{shown}”：{zh}", f"cannot write “{shown}”: {en}")) from None
    finally:
        for _, part in parts:
            Path(part).unlink(missing_ok=True)
        for one in reversed([] if done else made):
            _take_back(one)


@contextmanager
def growing(name: str, folder: Path | None = None) -> Iterator[str]:
    """A file beside ``name`` to write to bit by bit; it takes the name when all is written, and is gone when not all was.

    In ``folder``, on the same disk, a program that is killed leaves nothing beside the result.
    """
    real = Path(os.path.realpath(name))
    part = ""
    try:
        mode = stat.S_IMODE(os.stat(real).st_mode) if real.exists() else 0o666 & ~_umask()
        place = folder if folder is not None and os.stat(folder).st_dev == os.stat(real.parent).st_dev else real.parent
        handle, part = tempfile.mkstemp(dir=place, prefix=".perfdsl-", suffix=real.suffix)
        os.close(handle)
        yield part
        os.chmod(part, mode)
        os.replace(part, real)
        part = ""
    except (OSError, ValueError) as wrong:
        zh, en = why(wrong)
        raise Unreadable(say(f"写不了“{shorten(name)}”：{zh}", f"cannot write “{shorten(name)}”: {en}")) from None
    finally:
        if part:
            Path(part).unlink(missing_ok=True)


def _part(path: Path, data: bytes, made: list[Path]) -> tuple[Path, str]:
    """The file ``path`` leads to, and a whole copy of the data beside it, with the permissions it shall have."""
    real = Path(os.path.realpath(path))
    mode = stat.S_IMODE(os.stat(real).st_mode) if real.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(dir=real.parent, prefix=".perfdsl-")
    made.append(Path(name))
    with open(handle, "wb") as file:
        file.write(data)
    os.chmod(name, mode)
    made.remove(Path(name))
    return real, name


def _make(folder: Path, made: list[Path]) -> None:
    """Make a folder and those above it, noting each."""
    lacking = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(lacking):
        one.mkdir()
        made.append(one)


def _take_back(path: Path) -> None:
    """Take away what a run that failed has made."""
    try:
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            path.unlink(missing_ok=True)
    except OSError:
        return  # somebody else has put something there, or it is gone: nothing of ours is left


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
