"""One job: the data part by part, each scored and kept, then all parts together as the result.

A part is written while the next one is read and scored: encoding it takes as long as all the rest.

Where the rules compare objects the rows wait on the disk, are read once for each layer of comparisons, and then scored.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

from perfdsl.batch import (
    Block,
    Job,
    Lists,
    Refused,
    Scored,
    Sizes,
    Tally,
    as_json,
    beside,
    from_json,
    lists,
    lists_kept,
    lists_of_kept,
    parts,
    some_together,
    table_of,
    tally,
)  # fmt: skip
from perfdsl.cli.batch_data import Data, Unusable, nobodys
from perfdsl.cli.batch_job import Counter
from perfdsl.cli.batch_parts import NUMBER, SCATTERED, SCORES, Folder
from perfdsl.cli.batch_store import Cut, Piece, Scattered, Store, lines_of, pieces
from perfdsl.cli.main import say
from perfdsl.diagnostics import shorten

USUAL = Sizes(1 << 16, 1 << 18)
STORES = 256


class Ends(NamedTuple):
    """Which objects are listed: so many first and last ones of all, and of each class by the input ``by``."""

    top: int = 0
    bottom: int = 0
    by: str = ""

    @property
    def wanted(self) -> bool:
        """Is anything listed?"""
        return bool(self.top or self.bottom)


class Done(NamedTuple):
    """The numbers of the parts of a finished job, all sums, and who is listed."""

    parts: list[int]
    sums: Tally
    lists: Lists


class Run:
    """Scores ``data`` into ``folder``; parts of ``sizes``; ``check`` may stop the job by what it has come to."""

    def __init__(
        self,
        job: Job,
        data: Data,
        folder: Folder,
        sizes: Sizes,
        ends: Ends,
        progress: Counter,
        check: Callable[[Tally], None],
    ) -> None:
        self.job = job
        self.data = data
        self.folder = folder
        self.sizes = sizes
        self.ends = ends
        self.progress = progress
        self.check = check
        self.done = Done([], Tally(), Lists())
        self.writer = ThreadPoolExecutor(1)
        self.writing: tuple[int, Future[None]] | None = None

    def run(self) -> Done:
        """Every part."""
        with self.writer:
            return self._run()

    def _run(self) -> Done:
        if not self.folder.scattered:
            try:
                return self._in_order()
            except Scattered:
                self._written()
                self.folder.clear(SCATTERED)
                self.data.found.clear()
                self.data.done = 0
                self.data.nameless = ""
                self.done = Done([], Tally(), Lists())
        return self._scattered()

    def _in_order(self) -> Done:
        """The parts as the rows come; raises ``Scattered`` where an object is in two of them."""
        if self.job.plan.comparisons:
            cut = Cut(self.folder.rows)
            if cut.known() is None:
                cut.fill(self._told(pieces(parts(self._blocks(), self.sizes))))
            self._together(cut.pieces)
        else:
            self._one_after_the_other(pieces(parts(self._blocks(), self.sizes)))
        return self.done

    def _scattered(self) -> Done:
        """The rows parted by their objects first."""
        store = Store(self.folder.rows, STORES)
        known = store.known()
        if known is None:
            store.fill(self._blocks())
            known = store.known()
        assert known is not None  # it has just been written

        def found() -> Iterator[Piece]:
            return store.pieces(self.sizes.long)

        if self.job.plan.comparisons:
            self._together(found)
        else:
            self._one_after_the_other(found())
        number = len(self.done.parts)
        if known["lines"] or known["aside"]:
            if not self.folder.has(number):
                self._keep(number, None, known["lines"], Tally(aside=known["aside"]), None)
            self._add(number)
        return self.done

    def _blocks(self) -> Iterator[Block]:
        """The rows, all of one form: an object in both would be scored twice."""
        first: Block | None = None
        nameless = 0
        for block in self.data.blocks():
            nameless += 0 if block.long else block.count
            if self.data.nameless and (nameless > 1 or len(self.data.paths) > 1):
                raise nobodys(self.data.nameless)  # rows of several objects
            if first is None and block.count:
                first = block
            if first is not None and block.count and block.long != first.long:
                a, b = self.data.paths[int(first.files[0])], self.data.paths[int(block.files[0])]
                raise Unusable(
                    say(
                        f"“{shorten(a)}”和“{shorten(b)}”一个是长表、一个是宽表，不能一起评；请分开评",
                        f"“{shorten(a)}” and “{shorten(b)}” are one long and one wide: score them apart",
                    )
                )
            yield block

    def _told(self, found: Iterable[Piece]) -> Iterator[Piece]:
        """How far the reading is."""
        sums = Tally()
        for piece in found:
            sums.rows_read += piece.block.count
            self.progress.told(self.data, sums.rows_read, sums.objects)
            yield piece

    # ---- scores

    def _one_after_the_other(self, found: Iterable[Piece]) -> None:
        """Parts that know nothing of each other."""
        before: int | None = None
        for piece in found:
            if not self.folder.has(piece.number):
                self._score(piece, self.job.score(piece.block.table) if piece.block.count else None)
            if before is not None:
                self._add(before)
            before = piece.number
        if before is not None:
            self._add(before)

    def _together(self, again: Callable[[], Iterator[Piece]]) -> None:
        """Parts whose objects are compared with each other: read for each layer of comparisons, then scored."""
        numbers = [x.number for x in again()]
        left = [x for x in numbers if not self.folder.has(x)]
        if left:
            self._compared(again, left)
        for number in numbers:
            self._add(number)

    def _compared(self, again: Callable[[], Iterator[Piece]], left: Sequence[int]) -> None:
        """Score the parts that are left; the objects of all are in their places."""
        filled = [x.number for x in again() if x.block.count]

        def tables() -> Iterator[Any]:
            return (x.block.table for x in again() if x.block.count)

        found = some_together(self.job, tables, lambda place: filled[place] in left)
        for piece in again():
            made = next(found) if piece.block.count else None
            if piece.number in left:
                self._score(piece, made)

    def _score(self, piece: Piece, made: Scored | None) -> None:
        """Keep one part and what it was scored as; None: there is no object in it."""
        import numpy as np
        import pyarrow as pa

        number, block = piece.number, piece.block
        if made is None:
            self._keep(number, None, piece.lines, Tally(aside=block.aside), None)
            return
        lines = [*piece.lines, *lines_of(rejects(block, made.part.rejects))]
        lines.sort(key=lambda x: (x[0], x[1]))
        objects = made.part.objects
        kept = table_of(self.job.plan, objects, made.scores, whole=self.folder.encodes(len(objects)))
        table = beside(self.job.plan, kept, made.places)
        numbers: Any = range(number << 32, (number << 32) + len(objects))
        if piece.order is not None:
            numbers = piece.order
            if block.long:
                owners = block.table.column(0).combine_chunks().dictionary_encode()
                _, first = np.unique(np.asarray(owners.indices), return_index=True)
                numbers = piece.order[first]
            table = table.append_column(NUMBER, pa.array(numbers, pa.int64()))
        sums = tally(self.job.plan, objects, made.scores, made.fallbacks, numbers)
        sums.rows_read, sums.aside = block.count, block.aside
        self._keep(number, table, lines, sums, self._listed(made, numbers))

    def _listed(self, made: Scored, numbers: Sequence[int]) -> Lists | None:
        """The first and the last of one part."""
        if not self.ends.wanted:
            return None
        most = self.ends.top, self.ends.bottom
        found = lists(made.part.objects, numbers, made.part.grid, made.scores, most)
        if self.ends.by:
            found.add(lists(made.part.objects, numbers, made.part.grid, made.scores, most, self.ends.by))
        return found

    # ---- parts

    def _keep(self, number: int, table: Any, lines: Sequence[list[Any]], sums: Tally, listed: Lists | None) -> None:
        for line in lines:
            sums.rejects[line[5]] = sums.rejects.get(line[5], 0) + 1
        tables = {} if table is None else {SCORES: table}
        kept = None if listed is None else lists_kept(listed)
        self._written()
        self.writing = number, self.writer.submit(self.folder.write, number, tables, lines, as_json(sums), kept)

    def _written(self) -> None:
        """The part that is being written is there."""
        if self.writing is not None:
            _, done = self.writing
            self.writing = None
            done.result()

    def _add(self, number: int) -> None:
        """A part that is there joins the others."""
        if self.writing is not None and self.writing[0] == number:
            self._written()
        self.done.parts.append(number)
        self.done.sums.add(from_json(self.folder.sums(number)))
        listed = self.folder.lists(number)
        if listed is not None:
            self.done.lists.add(lists_of_kept(listed))
        self.check(self.done.sums)
        self.progress.told(self.data, self.done.sums.rows_read, self.done.sums.objects)


def rejects(block: Block, found: Sequence[tuple[str, Any]]) -> list[Refused]:
    """What the cells of a part could not be read as, with their places."""
    if not found:
        return []
    objects = block.table.column(0)
    return [
        Refused(int(block.files[x.row]), int(block.rows[x.row]), objects[x.row].as_py(), column, x.text, x.finding)
        for column, x in found
    ]  # fmt: skip
