"""One job: the data part by part, each scored and kept, then all parts together as the result."""

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import click

from perfdsl.batch import Block, Job, Refused, Sizes, Tally, parts, table_of, tally
from perfdsl.cli.batch_data import Data
from perfdsl.cli.batch_parts import NUMBER, SCATTERED, Folder, Scattered, Seen, Store
from perfdsl.cli.files import Unreadable
from perfdsl.cli.main import say
from perfdsl.diagnostics import shorten

USUAL = Sizes(1 << 16, 1 << 18)
STORES = 256


class Done(NamedTuple):
    """The numbers of the parts of a finished job, and all sums."""

    parts: list[int]
    sums: Tally


class Run:
    """Scores ``data`` into ``folder``; parts of ``sizes`` (none: all objects together, where they are compared);
    ``check`` may stop the job by what it has come to."""

    def __init__(
        self,
        job: Job,
        data: Data,
        folder: Folder,
        sizes: Sizes,
        progress: "Counter",
        check: Callable[[Tally], None],
    ) -> None:
        self.job = job
        self.data = data
        self.folder = folder
        self.sizes = sizes
        self.progress = progress
        self.check = check

    def run(self) -> Done:
        """Every part."""
        if not self.folder.scattered:
            try:
                return self._in_order()
            except Scattered:
                self.folder.clear(SCATTERED)
                self.data.found.clear()
                self.data.done = 0
        return self._scattered()

    def _in_order(self) -> Done:
        """The parts as the rows come; raises ``Scattered`` where an object is in two of them."""
        sums, seen = Tally(), Seen()
        numbers: list[int] = []
        for number, block in enumerate(parts(self._blocks(), self.sizes)):
            if not self.folder.has(number):
                self._score(number, block, None)
            made = self.folder.sums(number)
            sums.add(made)
            self.check(sums)
            if block.long and made.objects:
                seen.add(self.folder.objects(number))
            numbers.append(number)
            self.progress.step(self.data, sums)
        seen.check()
        return Done(numbers, sums)

    def _blocks(self) -> Iterator[Block]:
        """The rows, all of one form: an object in both would be scored twice."""
        first: Block | None = None
        for block in self.data.blocks():
            if first is None and block.count:
                first = block
            if first is not None and block.count and block.long != first.long:
                a, b = self.data.paths[int(first.files[0])], self.data.paths[int(block.files[0])]
                raise Unreadable(
                    say(
                        f"“{shorten(a)}”和“{shorten(b)}”一个是长表、一个是宽表，不能一起评；请分开评",
                        f"“{shorten(a)}” and “{shorten(b)}” are one long and one wide: score them apart",
                    )
                )
            yield block

    def _scattered(self) -> Done:
        """The rows parted by their objects first."""
        store = Store(self.folder.path / "objects", STORES)
        known = store.known()
        if known is None:
            store.fill(self._blocks())
            known = store.known()
        assert known is not None  # it has just been written
        sums = Tally()
        numbers: list[int] = []
        for number, (block, order) in enumerate(store.blocks(self.sizes.long)):
            if not self.folder.has(number):
                self._score(number, block, order)
            sums.add(self.folder.sums(number))
            self.check(sums)
            numbers.append(number)
            self.progress.step(self.data, sums)
        number = len(numbers)
        if known["lines"] or known["aside"]:
            if not self.folder.has(number):
                self.folder.write_known(number, known)
            sums.add(self.folder.sums(number))
            numbers.append(number)
        return Done(numbers, sums)

    def _score(self, number: int, block: Block, order: Any) -> None:
        """One part."""
        import numpy as np
        import pyarrow as pa

        if not block.count:
            sums = Tally(aside=block.aside)
            self._keep(number, None, block.refused, sums)
            return
        made = self.job.score(block.table)
        refused = [*block.refused, *rejects(block, made.part.rejects)]
        refused.sort(key=lambda x: (x.file, x.row))
        table = table_of(self.job.plan, made.part.objects, made.scores)
        numbers: Any = range(number << 32, (number << 32) + len(made.part.objects))
        if order is not None:
            firsts = order
            if block.long:
                owners = block.table.column(0).combine_chunks().dictionary_encode()
                _, first = np.unique(np.asarray(owners.indices), return_index=True)
                firsts = order[first]
            table = table.append_column(NUMBER, pa.array(firsts, pa.int64()))
            numbers = firsts
        sums = tally(self.job.plan, made.part.objects, made.scores, made.reason, numbers)
        sums.rows_read, sums.aside = block.count, block.aside
        self._keep(number, table, refused, sums)

    def _keep(self, number: int, table: Any, refused: Sequence[Refused], sums: Tally) -> None:
        for one in refused:
            sums.rejects[one.finding.code] = sums.rejects.get(one.finding.code, 0) + 1
        self.folder.write(number, table, refused, sums)


def rejects(block: Block, found: Sequence[tuple[str, Any]]) -> list[Refused]:
    """What the cells of a part could not be read as, with their places."""
    if not found:
        return []
    objects = block.table.column(0)
    return [
        Refused(int(block.files[x.row]), int(block.rows[x.row]), objects[x.row].as_py(), column, x.text, x.finding)
        for column, x in found
    ]  # fmt: skip


class Counter:
    """How far the work is, on standard error, only when that is a terminal."""

    def __init__(self) -> None:
        self.shown = sys.stderr.isatty()

    def step(self, data: Data, sums: Tally) -> None:
        """So much is done."""
        if self.shown:
            share = f"{100 * data.done // data.total}% " if data.total else ""
            words = say(
                f"{share}{sums.rows_read} 行，{sums.objects} 个对象",
                f"{share}{sums.rows_read} rows, {sums.objects} objects",
            )
            click.echo(f"\r\x1b[K{words}", nl=False, err=True)

    def end(self) -> None:
        """Leave the line empty."""
        if self.shown:
            click.echo("\r\x1b[K", nl=False, err=True)
