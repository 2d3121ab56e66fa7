"""The parts of a job beside its result: each written whole, so that a job that was killed goes on where it stopped."""

import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from perfdsl import __version__
from perfdsl.batch import OBJECT, Block, Refused, Tally, as_json, from_json, joined
from perfdsl.cli.batch_kept import keep, kept
from perfdsl.cli.files import Unreadable
from perfdsl.cli.main import language, say
from perfdsl.cli.writing import replace
from perfdsl.diagnostics import shorten

FORMAT = "perfdsl-batch-parts"
IN_ORDER, SCATTERED = "in order", "scattered"
NUMBER = "__number"  # of a row among all rows of a job whose objects are scattered


class Scattered(Exception):
    """The rows of an object stand in several parts."""


def job_digest(facts: Sequence[object]) -> str:
    """The same for the same job: rules, options and data."""
    return hashlib.sha256(
        json.dumps([__version__, *facts], ensure_ascii=False, default=str).encode("utf-8", "backslashreplace")
    ).hexdigest()


class Folder:
    """``NAME.parts/``: a manifest, and for each part its scores, what was refused, its sums (written last)."""

    def __init__(self, path: Path, digest: str | None, data: Sequence[str]) -> None:
        self.path = path
        self.manifest: dict[str, Any] = {
            "format": FORMAT, "version": 1, "job": digest or "", "order": IN_ORDER, "data": list(data[:100]), "process": os.getpid(),
        }  # fmt: skip
        self.resumed = False
        old = self._old()
        if old is not None and _running(old.get("process")):
            raise Unreadable(
                say(
                    f"另一个进程（{old['process']}）正在写“{path}”；等它结束",
                    f"another process ({old['process']}) is writing “{path}”; wait for it",
                )
            )
        if old is not None and digest is not None and old.get("job") == digest:
            self.manifest["order"] = old["order"]
            self.resumed = self.count() > 0
            self._save()
        else:
            self.clear(IN_ORDER)

    def _old(self) -> dict[str, Any] | None:
        """The manifest of the job that was here; the folder of anything else is not touched."""
        if not self.path.exists():
            return None
        try:
            found = json.loads((self.path / "manifest.json").read_text("utf-8"))
        except (OSError, ValueError):
            found = None
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            if self.path.is_dir() and not any(self.path.iterdir()):
                return None
            name = shorten(str(self.path))
            raise Unreadable(
                say(
                    f"“{name}”不是这条命令留下的，不去动它；请改个结果名",
                    f"“{name}” was not left by this command; choose another name",
                )
            )
        return found

    def _save(self) -> None:
        replace(self.path / "manifest.json", json.dumps(self.manifest, ensure_ascii=False, indent=1).encode())

    def clear(self, order: str) -> None:
        """Begin anew."""
        self.remove()
        try:
            self.path.mkdir(parents=False)
        except OSError as wrong:
            name = shorten(str(self.path))
            raise Unreadable(
                say(f"写不了“{name}”：{wrong.strerror}", f"cannot write “{name}”: {wrong.strerror}")
            ) from None
        self.manifest["order"] = order
        self._save()

    def remove(self) -> None:
        """All is done."""
        if self.path.exists():
            shutil.rmtree(self.path)

    @property
    def scattered(self) -> bool:
        """Were the rows parted by their objects?"""
        return bool(self.manifest["order"] == SCATTERED)

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

    def write(self, number: int, table: Any, refused: Sequence[Refused], sums: Tally) -> None:
        """One part, its sums last."""
        if table is not None:
            keep(table, self.scores_path(number))
        self._rest(number, [_line(x) for x in refused], sums)

    def write_known(self, number: int, known: Mapping[str, Any]) -> None:
        """A part without objects: what was refused while the rows were parted."""
        sums = Tally(aside=known["aside"])
        for line in known["lines"]:
            sums.rejects[line[5]] = sums.rejects.get(line[5], 0) + 1
        self._rest(number, known["lines"], sums)

    def _rest(self, number: int, lines: Sequence[list[Any]], sums: Tally) -> None:
        text = "".join(f"{json.dumps(x, ensure_ascii=False)}\n" for x in lines)
        replace(self.refused_path(number), text.encode("utf-8", "backslashreplace"))
        replace(
            self.sums_path(number), json.dumps(as_json(sums), ensure_ascii=False).encode("utf-8", "backslashreplace")
        )

    def sums(self, number: int) -> Tally:
        """The sums of a part."""
        return from_json(json.loads(self.sums_path(number).read_text("utf-8")))

    def objects(self, number: int) -> list[str]:
        """The objects of a part."""
        return [x for table in kept(self.scores_path(number), (OBJECT,)) for x in table.column(0).to_pylist()]

    def refused(self, numbers: Sequence[int]) -> Iterator[list[Any]]:
        """What was refused in these parts, in the order of the rows."""
        import heapq

        def lines(number: int) -> Iterator[list[Any]]:
            with open(self.refused_path(number), encoding="utf-8") as file:
                for line in file:
                    yield json.loads(line)

        if not self.scattered:
            for number in numbers:
                yield from lines(number)
            return
        yield from heapq.merge(*(lines(number) for number in numbers), key=lambda x: (x[0], x[1]))


def _line(one: Refused) -> list[Any]:
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


# ---- objects that stand together


class Seen:
    """Objects of the parts so far, eight bytes each; ``add`` raises ``Scattered`` where one comes again."""

    def __init__(self) -> None:
        self.fresh: list[Any] = []
        self.known: Any = None
        self.waiting = 0

    def add(self, objects: Sequence[str]) -> None:
        """The objects of the next part; looked through when they have doubled."""
        import numpy as np

        made = np.fromiter((_mark(x) for x in objects), dtype=np.uint64, count=len(objects))
        self.fresh.append(made)
        self.waiting += len(made)
        if self.waiting >= (0 if self.known is None else len(self.known)):
            self.check()

    def check(self) -> None:
        """Does any object stand in two parts?"""
        import numpy as np

        known = [self.known] if self.known is not None else []
        every = np.sort(np.concatenate([*known, *self.fresh])) if known or self.fresh else np.zeros(0, np.uint64)
        if (every[1:] == every[:-1]).any():
            raise Scattered
        self.known, self.fresh, self.waiting = every, [], 0


def _mark(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


# ---- objects that do not


class Store(NamedTuple):
    """Rows parted by their objects: one file for each part and each shape of rows."""

    folder: Path
    stores: int

    def fill(self, blocks: Iterator[Block]) -> None:
        """Put every row where its object belongs, with its number among all."""
        import numpy as np
        import pyarrow as pa

        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        writers: dict[tuple[int, Any], Any] = {}
        shapes: dict[Any, int] = {}
        numbered = 0
        refused: list[Refused] = []
        aside = 0
        try:
            for block in blocks:
                refused += block.refused
                aside += block.aside
                numbers = np.arange(numbered, numbered + block.count, dtype=np.int64)
                numbered += block.count
                table = block.table.append_column("__file", pa.array(block.files)).append_column(
                    "__row", pa.array(block.rows)
                )
                table = table.append_column(NUMBER, pa.array(numbers))
                key = (block.long, table.schema)
                shape = next(
                    (n for (long, schema), n in shapes.items() if long == block.long and schema.equals(table.schema)),
                    None,
                )
                if shape is None:
                    shape = shapes[key] = len(shapes)
                owners = self._owners(block)
                order = np.argsort(owners, kind="stable")
                starts = np.searchsorted(owners[order], np.arange(self.stores + 1))
                table = table.take(pa.array(order))
                for part in range(self.stores):
                    some = table.slice(starts[part], starts[part + 1] - starts[part])
                    if some.num_rows:
                        if (part, shape) not in writers:
                            path = self.folder / f"{part:04}-{shape:04}-{'long' if block.long else 'wide'}.arrow"
                            writers[part, shape] = pa.ipc.new_file(str(path), table.schema)
                        writers[part, shape].write_table(some)
        finally:
            for writer in writers.values():
                writer.close()
        lines = [_line(x) for x in sorted(refused, key=lambda x: (x.file, x.row))]
        known = {"lines": lines, "aside": aside, "rows": numbered}
        replace(self.folder / "refused.json", json.dumps(known, ensure_ascii=False).encode("utf-8", "backslashreplace"))

    def _owners(self, block: Block) -> Any:
        """The part of each row."""
        import numpy as np

        found = block.table.column(OBJECT).combine_chunks().dictionary_encode()
        marks = [zlib.crc32(x.encode("utf-8", "surrogatepass")) % self.stores for x in found.dictionary.to_pylist()]
        return np.array(marks, dtype=np.int64)[np.asarray(found.indices)]

    def known(self) -> dict[str, Any] | None:
        """What was refused while the rows were parted; None while that is not done."""
        try:
            found: dict[str, Any] = json.loads((self.folder / "refused.json").read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return found

    def blocks(self, most: int | None) -> Iterator[tuple[Block, Any]]:
        """The rows with their numbers, in the order of these: as many stores together as come to ``most`` rows."""
        found: dict[tuple[str, str], list[Path]] = {}
        for path in sorted(self.folder.glob("*.arrow")):
            part, _, form = path.stem.split("-")
            found.setdefault((form, part), []).append(path)
        held: list[Any] = []
        for (form, _), paths in sorted(found.items()):
            held += [_stored(path) for path in paths]
            if most is not None and sum(x.num_rows for x in held) >= most:
                yield _numbered(_alike(held), form)
                held = []
        if held:
            yield _numbered(_alike(held), form)


def _stored(path: Path) -> Any:
    import pyarrow as pa

    with pa.memory_map(str(path)) as file:
        return pa.ipc.open_file(file).read_all()


def _alike(tables: list[Any]) -> list[Any]:
    """Tables with the same columns: those one of them lacks are empty there."""
    import pyarrow as pa

    titles = list(dict.fromkeys(name for table in tables for name in table.schema.names))
    made = []
    for table in tables:
        for title in titles:
            if title not in table.schema.names:
                table = table.append_column(title, pa.array([""] * table.num_rows, pa.string()))
        made.append(table.select(titles))
    return made


def _numbered(tables: list[Any], form: str) -> tuple[Block, Any]:
    import numpy as np

    blocks = []
    numbers = []
    for table in tables:
        numbers.append(np.asarray(table.column(NUMBER)))
        files, rows = np.asarray(table.column("__file")), np.asarray(table.column("__row"))
        blocks.append(Block(table.drop_columns(["__file", "__row", NUMBER]), files, rows, form == "long"))
    every = np.concatenate(numbers)
    block = joined(blocks)
    if len(blocks) > 1:
        order = np.argsort(every, kind="stable")
        return block.taken(order), every[order]
    return block, every
