"""``perfdsl batch`` where each project has its own rules: scores as a long table, totals beside it, and what was refused."""

import hashlib
import io
import shutil
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from perfdsl.cli.batch_data import Data, Unusable, file_identity
from perfdsl.cli.batch_job import Counter, Outputs, opened_folder
from perfdsl.cli.batch_parts import SCORES, Folder, line_of
from perfdsl.cli.files import Unreadable
from perfdsl.cli.main import say
from perfdsl.cli.output import complain
from perfdsl.cli.plan_store import STORE, store_of
from perfdsl.diagnostics import Diagnostic
from perfdsl.plan import Plan

if TYPE_CHECKING:
    import pyarrow as pa

    from perfdsl.mixed import ManyTally, Mixed, MixedJob, Store

TOTALS = "totals.arrow"
SHOWN = 20
NO_OWNER = "B118"


def mixed(rules: Sequence[str], reading: Callable[[Plan, str], Data], names: Outputs, engine: Any, period: str, as_of: date | None,
          colour: str) -> tuple[dict[str, Any], list[Diagnostic], bool]:  # fmt: skip
    """Score every object by its own rules: what is told of it, findings, and whether all was complete and read."""
    from perfdsl.cli.batch_output import rejects_to, scores_to, tables, write_results
    from perfdsl.mixed import MixedJob, carrier

    if engine is None:
        raise click.UsageError(
            say("很多份规则一起评时不能用 --engine exact", "many rules are not scored by --engine exact")
        )
    store, found, twice = store_of(rules, period)
    complain(found, colour)
    store.as_of = as_of or store.as_of
    data = reading(carrier(store), period)
    if not store.count:
        raise Unreadable(say("没有一份可用的规则", "there are no usable rules"))
    with opened_folder(names, data, [_identity(rules, store), period, store.as_of, engine.NAME]) as (folder, progress):
        run = Run(MixedJob(store, engine), data, folder, progress, names.output)
        run.run()
        progress.end()
        made = [
            (names.output, scores_to(names.output, tables(folder, run.numbers, SCORES), run.empty(SCORES))),
            (names.totals, scores_to(names.totals, tables(folder, run.numbers, TOTALS), run.empty(TOTALS))),
        ]
        if run.sums.rejects:
            made.append((names.rejects, rejects_to(folder.refused(run.numbers, woven=True), data.paths)))
        write_results(made, folder.path)
        if not run.sums.rejects:
            Path(names.rejects).unlink(missing_ok=True)
    for name in twice:
        click.echo(
            say(f"“{name}”有两份规则，用了先读到的", f"“{name}” has two sets of rules; the first counts"), err=True
        )
    told = run.sums.told()
    fine = told["objects"] == told["complete"] and not run.sums.rejects and not found and not twice
    return told | {"shapes": len(store.shapes)}, list(dict.fromkeys([*run.unknown, *data.found])), fine


def _identity(rules: Sequence[str], store: "Store") -> object:
    """What the rules are now."""
    from perfdsl.mixed import written

    if len(rules) == 1 and rules[0].endswith(STORE):
        return file_identity(rules[0])
    made = io.BytesIO()
    written(store, made)
    return hashlib.sha256(made.getbuffer()).hexdigest()


@attrs.define(eq=False)
class Run:
    """Scores part by part into ``folder``; observations are put on the shelves of their parts first, each time anew."""

    job: "MixedJob"
    data: Data
    folder: Folder
    progress: Counter
    output: str
    numbers: list[int] = attrs.Factory(list)
    sums: "ManyTally" = attrs.field(init=False)
    unknown: list[Diagnostic] = attrs.Factory(list)
    lines: list[list[Any]] = attrs.Factory(list)
    starts: list[int] = attrs.Factory(list)
    blocks: list[tuple[Any, Any]] = attrs.Factory(list)
    read: int = 0
    aside: int = 0

    def run(self) -> None:
        """Every part, and one for what was refused while reading."""
        from perfdsl.mixed import ManyTally, kept, of_kept

        self.sums = ManyTally()
        shutil.rmtree(self.folder.rows, ignore_errors=True)
        self.folder.rows.mkdir()
        number = -1
        for number, part in enumerate(self.job.some(self.tables(), lambda x: not self.folder.has(x), self.folder.rows)):
            if part is not None:
                self.keep(number, part)
            self.add(number, of_kept)
        if number < 0:
            raise Unreadable(say("没有数据", "there are no data"))
        last = number + 1
        made = ManyTally(rows_read=self.read, aside=self.aside)
        for line in self.lines:
            made.rejects[line[5]] = made.rejects.get(line[5], 0) + 1
        self.folder.write(last, {}, self.lines, kept(made))
        self.add(last, of_kept)

    def tables(self) -> "Iterator[pa.Table]":
        """What was observed; where it stood is remembered."""
        first = 0
        for block in self.data.blocks():
            self.lines += [line_of(x) for x in block.refused]
            self.aside += block.aside
            if not block.long:
                raise Unusable(
                    say(
                        "各项目规则不同时用长表：对象、指标、实际值",
                        "different rules need a long table: 对象, 指标, 实际值",
                    )
                )
            self.starts.append(first)
            even = block.count and int(block.rows[-1]) - int(block.rows[0]) == block.count - 1
            place = int(block.files[0]) if block.count else 0
            self.blocks.append((place, int(block.rows[0]) if even else block.rows))
            first += block.count
            self.read = first
            self.progress.told(self.data, self.read, 0)
            yield block.table

    def keep(self, number: int, part: "Mixed") -> None:
        """A part that was scored."""
        from perfdsl.batch import Refused
        from perfdsl.mixed import kept

        lines = []
        for x in part.refused:
            at = bisect(self.starts, x.row) - 1
            file, rows = self.blocks[at]
            inside = x.row - self.starts[at]
            row = rows + inside if isinstance(rows, int) else int(rows[inside])
            lines.append(line_of(Refused(file, row, x.object, "", x.text, x.finding)))
            code = x.finding.code
            part.tally.rejects[code] = part.tally.rejects.get(code, 0) + 1
            if code == NO_OWNER and len(self.unknown) < SHOWN and x.finding not in self.unknown:
                self.unknown.append(x.finding)
        lines.sort(key=lambda x: (x[0], x[1]))
        self.folder.write(number, {SCORES: part.rows, TOTALS: part.totals}, lines, kept(part.tally))

    def add(self, number: int, of_kept: Callable[[dict[str, Any]], "ManyTally"]) -> None:
        """A part that is there joins the others."""
        from perfdsl.cli.batch_output import refuse_too_many

        self.numbers.append(number)
        self.sums.add(of_kept(self.folder.sums(number)))
        refuse_too_many(self.output, self.sums.lines)
        self.progress.told(self.data, self.read, self.sums.objects)

    def empty(self, end: str) -> "pa.Table":
        """A table of no rows."""
        import pyarrow as pa

        with pa.OSFile(str(self.folder.beside(0, end)), "rb") as file:
            return pa.ipc.open_file(file).schema.empty_table()
