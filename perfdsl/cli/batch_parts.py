"""The parts of a job beside its result: each written whole, so that a job that was killed goes on where it stopped."""

import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from perfdsl import __version__
from perfdsl.batch import Refused, shown
from perfdsl.cli.batch_parquet import LEAST, encode
from perfdsl.cli.files import Unreadable, why
from perfdsl.cli.main import language, say
from perfdsl.cli.writing import growing, replace
from perfdsl.diagnostics import shorten

FORMAT = "perfdsl-batch-parts"
IN_ORDER, SCATTERED = "in order", "scattered"
NUMBER = "__number"  # of a row among all rows of a job whose objects are scattered
MANIFEST, LISTS, STORED, LOCK = "manifest.json", "lists.json", "stored.json", ".lock"
CHECKED = 1 << 20
SCORES, PARQUET = "arrow", "parquet"  # the scores of a part: as tables, or as they will be in the result
LARGE, TOGETHER = (
    1 << 14,
    1 << 9,
)  # rows read together from one part: of parts one after the other, of all parts at once


def job_digest(facts: Sequence[object]) -> str:
    """The same for the same job: rules, options and data."""
    return hashlib.sha256(
        json.dumps([__version__, *facts], ensure_ascii=False, default=str).encode("utf-8", "backslashreplace")
    ).hexdigest()


class Folder:
    """``NAME.parts/``: a manifest, and for each part its scores, what was refused, lists, its sums (written last).

    Only one job works in it: who comes second is told so.  Where the result is ``parquet``, large parts are encoded at once.
    """

    def __init__(self, path: Path, digest: str | None, data: Sequence[str], *, parquet: bool = False) -> None:
        self.path = path
        self.parquet = parquet
        self.manifest: dict[str, Any] = {
            "format": FORMAT, "version": 3, "job": digest or "", "order": IN_ORDER, "data": list(data[:100]), "process": os.getpid(),
        }  # fmt: skip
        self.resumed = False
        old = self._old()
        self.lock = Lock(path)
        if old is not None and not self.lock.held and _running(old.get("process")):
            raise taken(path)
        try:
            self._begin(old, digest)
        except BaseException:
            self.leave()
            raise

    def _begin(self, old: dict[str, Any] | None, digest: str | None) -> None:
        """Go on with what is there, or begin anew."""
        if old is not None and digest and old.get("job") == digest and old.get("version") == self.manifest["version"]:
            self.manifest["order"] = old["order"]
            self.resumed = self.count() > 0
            for left in self.path.glob(".perfdsl-*"):  # results that were being written
                left.unlink()
            self._save()
            self._mend()
        else:
            self.clear(IN_ORDER)

    def _old(self) -> dict[str, Any] | None:
        """The manifest of the job that was here; the folder of anything else is not touched."""
        if not self.path.exists():
            return None
        try:
            found = json.loads((self.path / MANIFEST).read_text("utf-8"))
        except (OSError, ValueError):
            found = None
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            if self.path.is_dir() and all(x.name == LOCK for x in self.path.iterdir()):
                return None
            name = shorten(str(self.path))
            raise Unreadable(
                say(
                    f"“{name}”不是这条命令留下的，不去动它；请改个结果名",
                    f"“{name}” was not left by this command; choose another name",
                )
            )
        return found

    def _mend(self) -> None:
        """A part that is not as it was written (a machine that lost its power) is made again, from rows that are read again."""
        found = [int(path.stem) for path in self.path.glob("[0-9]*.json") if path.stem.isdecimal()]
        damaged = [number for number in found if not _sound(self.sums_path(number))]
        for number in damaged:
            self.sums_path(number).unlink()
            for left in self.path.glob(f"{number:06}.*"):
                left.unlink()
        if self.rows.exists() and (damaged or not _sound(self.rows / STORED)):
            shutil.rmtree(self.rows)
        self.resumed = self.count() > 0

    def _save(self) -> None:
        replace(self.path / MANIFEST, json.dumps(self.manifest, ensure_ascii=False, indent=1).encode())

    def clear(self, order: str) -> None:
        """Begin anew; killed in the middle of this, what is still there is nobody's."""
        job, self.manifest["job"] = self.manifest["job"], ""
        self._save()
        for one in self.path.iterdir():
            if one.name not in (LOCK, MANIFEST):
                shutil.rmtree(one) if one.is_dir() and not one.is_symlink() else one.unlink()
        self.manifest["order"], self.manifest["job"] = order, job
        self._save()

    def remove(self) -> None:
        """All is done."""
        if not self.lock.held:
            self.lock.open()
        shutil.rmtree(self.path, ignore_errors=True)
        self.lock.open()

    def leave(self) -> None:
        """The job stops here: what is done stays for the next time, a folder without anything done goes."""
        if not self.has(0) and not (self.rows / STORED).exists():
            self.remove()
        self.lock.open()

    @property
    def scattered(self) -> bool:
        """Were the rows parted by their objects?"""
        return bool(self.manifest["order"] == SCATTERED)

    @property
    def rows(self) -> Path:
        """Where rows wait that are read more than once."""
        return self.path / "rows"

    # ---- parts

    def count(self) -> int:
        """How many parts are there without a gap."""
        number = 0
        while self.has(number):
            number += 1
        return number

    def has(self, number: int) -> bool:
        """Is the part there, whole?"""
        return self.sums_path(number).is_file()

    def scores_path(self, number: int) -> Path:
        """The scores of a part."""
        return self.path / f"{number:06}.arrow"

    def refused_path(self, number: int) -> Path:
        """What was refused in a part."""
        return self.path / f"{number:06}.rejects.jsonl"

    def sums_path(self, number: int) -> Path:
        """Its sums; they are there when all of it is."""
        return self.path / f"{number:06}.json"

    def beside(self, number: int, what: str) -> Path:
        """Something else of a part."""
        return self.path / f"{number:06}.{what}"

    def encodes(self, rows: int) -> bool:
        """Is the table of the scores of so many objects kept as it will be in the result?"""
        return self.parquet and not self.scattered and rows >= LEAST

    def write(
        self,
        number: int,
        tables: Mapping[str, Any],
        lines: Sequence[list[Any]],
        sums: Mapping[str, Any],
        lists: Any = None,
    ) -> None:
        """One part: its tables by the ends of their names, what was refused (``line_of``), lists; its sums last."""
        import pyarrow as pa

        options = pa.ipc.IpcWriteOptions(compression="lz4" if pa.Codec.is_available("lz4") else None)
        files = [self.refused_path(number)]
        for end, table in tables.items():
            if end == SCORES and self.encodes(table.num_rows):
                with growing(str(self.beside(number, PARQUET))) as name:
                    encode(name, [table], shown(table.schema))
                files.append(self.beside(number, PARQUET))
                continue
            with (
                growing(str(self.beside(number, end))) as name,
                pa.OSFile(name, "wb") as file,
                pa.ipc.new_file(file, table.schema, options=options) as writer,
            ):
                writer.write_table(table.unify_dictionaries().combine_chunks(), TOGETHER if self.scattered else LARGE)
            files.append(self.beside(number, end))
        text = "".join(f"{json.dumps(x, ensure_ascii=False)}\n" for x in lines)
        replace(self.refused_path(number), text.encode("utf-8", "backslashreplace"))
        if lists is not None:
            replace(
                self.beside(number, LISTS), json.dumps(lists, ensure_ascii=False).encode("utf-8", "backslashreplace")
            )
            files.append(self.beside(number, LISTS))
        kept = {"sums": sums, "files": sums_of(files)}
        replace(self.sums_path(number), json.dumps(kept, ensure_ascii=False).encode("utf-8", "backslashreplace"))

    def lists(self, number: int) -> Any:
        """The lists of a part; None where it has none."""
        path = self.beside(number, LISTS)
        return json.loads(path.read_text("utf-8")) if path.exists() else None

    def sums(self, number: int) -> dict[str, Any]:
        """The sums of a part."""
        found: dict[str, Any] = json.loads(self.sums_path(number).read_text("utf-8"))["sums"]
        return found

    def refused(self, numbers: Sequence[int], woven: bool = False) -> Iterator[list[Any]]:
        """What was refused in these parts, in the order of the rows; ``woven``: those of all parts are between each other."""
        import heapq

        def lines(number: int) -> Iterator[list[Any]]:
            with open(self.refused_path(number), encoding="utf-8") as file:
                for line in file:
                    yield json.loads(line)

        if not self.scattered and not woven:
            for number in numbers:
                yield from lines(number)
            return
        yield from heapq.merge(*(lines(number) for number in numbers), key=lambda x: (x[0], x[1]))


def _sound(list_of_files: Path) -> bool:
    """Are all files that are listed there as they were written?"""
    try:
        listed = json.loads(list_of_files.read_text("utf-8"))["files"]
        return all(_sum_of(list_of_files.parent / name) == written for name, written in listed.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def sums_of(files: Iterable[Path]) -> dict[str, list[int]]:
    """The list by which files are known again."""
    return {x.name: _sum_of(x) for x in files}


def _sum_of(path: Path) -> list[int]:
    """Size and check sum of a file: a disk that lost its power may have kept the size and not the bytes."""
    found = size = 0
    with open(path, "rb") as file:
        while data := file.read(CHECKED):
            found, size = zlib.crc32(data, found), size + len(data)
    return [size, found]


def line_of(one: Refused) -> list[Any]:
    """What is kept of something refused: in the language of the job, with the number of its row in the file."""
    facts = tuple((k, str(one.row) if k == "row" else v) for k, v in one.finding.facts)
    found = one.finding._replace(facts=facts)
    lang = language()
    return [one.file, one.row, one.object, one.column, one.text, found.code, found.message(lang), found.help(lang)]


def _running(process: object) -> bool:
    """Is the process that made the folder still at work?"""
    if not isinstance(process, int) or process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except (OSError, OverflowError):
        return False
    return _is_ours(process)


def _is_ours(process: int) -> bool:
    """A number that a system has given to another program since is no reason to wait; where that cannot be seen it is."""
    try:
        return b"batch" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return not Path("/proc/self").exists()


def taken(path: Path) -> Unreadable:
    """Another job is at work there."""
    name = shorten(str(path))
    return Unreadable(say(f"另一个进程正在写“{name}”；等它结束", f"another process is writing “{name}”; wait for it"))


class Lock:
    """A folder that is ours alone while this process lives; made where it is not there.

    Raises ``Unreadable`` where another process has it.  ``held`` is False where the system has no such locks.
    """

    def __init__(self, folder: Path) -> None:
        self.held = False
        self.handle = -1
        try:
            folder.mkdir(exist_ok=True)
            self.handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as wrong:
            zh, en = why(wrong)
            where, name = shorten(str(folder.absolute().parent)), shorten(folder.name)
            raise Unreadable(
                say(f"“{where}”里建不了“{name}”：{zh}", f"cannot make “{name}” in “{where}”: {en}")
            ) from None
        try:
            import fcntl
        except ImportError:  # a system without them
            return
        try:
            fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.held = True
        except BlockingIOError:
            self.open()
            raise taken(folder) from None
        except OSError:  # a disk without them
            return

    def open(self) -> None:
        """Let others in."""
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1
