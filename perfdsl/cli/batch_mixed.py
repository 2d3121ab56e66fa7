"""``perfdsl batch`` where each project has its own rules: scores as a long table, totals beside it, and what was refused."""

import hashlib
import io
import shutil
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs
import click

from perfdsl.cli.batch_data import Data, file_identity
from perfdsl.cli.batch_job import Counter, Outputs, opened_folder
from perfdsl.cli.batch_parts import SCORES, Folder, line_of
from perfdsl.cli.files import Unreadable
from perfdsl.cli.main import say
from perfdsl.cli.output import complain
from perfdsl.cli.plan_store import STORE, store_of
from perfdsl.diagnostics import Diagnostic, shorten
from perfdsl.plan import Plan

if TYPE_CHECKING:
    import pyarrow as pa

    from perfdsl.batch import Block, Lists, Refused
    from perfdsl.cli.batch_run import Ends
    from perfdsl.mixed import ManyTally, Melted, Mixed, MixedJob, Store
    from perfdsl.mixed import Refused as Unread

TOTALS = "totals.arrow"
SHOWN = 20
NO_OWNER = "B118"
ASKED_FOR = "asked for"


class Asked(NamedTuple):
    """What a job was told: the engine (None: the exact one), period and day, projects a part, and which are listed."""

    engine: Any
    period: str
    as_of: date | None
    size: int | None
    ends: "Ends"


def mixed(
    rules: Sequence[str], reading: Callable[[Plan, str], Data], names: Outputs, asked: Asked, colour: str
) -> tuple[dict[str, Any], list[Diagnostic], bool]:
    """Score every object by its own rules: what is told of it, findings, and whether all was complete and read."""
    from perfdsl.batch import lists_json
    from perfdsl.cli.batch_output import lists_to, rejects_to, scores_to, tables, write_results
    from perfdsl.engines import named
    from perfdsl.mixed import MixedJob, carrier, cut, rolls_of

    period, ends = asked.period, asked.ends
    store, found, twice = store_of(rules, period, "" if asked.engine is not None else ASKED_FOR)
    complain(found, colour)
    store.as_of = asked.as_of or store.as_of
    check_class(sorted(store.classes), ends.by)
    data = reading(carrier(store), period)
    if not store.count:
        raise Unreadable(say("没有一份可用的规则", "there are no usable rules"))
    facts = [_identity(rules, store), period, store.as_of, asked.engine and asked.engine.NAME, asked.size, ends]
    if asked.size is not None:
        store = cut(store, asked.size)
    with opened_folder(names, data, facts) as (folder, progress):
        engine: Any = asked.engine or named("embedded")  # which has nothing to do where all plans are whole
        job = MixedJob(store, engine, (ends.top, ends.bottom), ends.by)
        run = Run(job, data, folder, progress, names.output)
        run.run()
        progress.end()
        made = [
            (names.output, scores_to(names.output, tables(folder, run.numbers, SCORES), run.empty(SCORES))),
            (names.totals, scores_to(names.totals, tables(folder, run.numbers, TOTALS), run.empty(TOTALS))),
        ]
        if run.sums.rejects:
            made.append((names.rejects, rejects_to(folder.refused(run.numbers, woven=True), data.paths)))
        told = run.sums.told()
        if ends.wanted:
            rolls = rolls_of(run.lists, store.classes.get(ends.by, ()), say("满分{full}", " of {full} points"))
            told["lists"], told["lists_file"] = lists_json(rolls), names.lists
            made.append((names.lists, lists_to(rolls)))
        write_results(made, folder.path)
        if not run.sums.rejects:
            Path(names.rejects).unlink(missing_ok=True)
    for name in twice:
        click.echo(
            say(f"“{name}”有两份规则，用了先读到的", f"“{name}” has two sets of rules; the first counts"), err=True
        )
    fine = told["objects"] == told["complete"] and not run.sums.rejects and not found and not twice
    return told | {"shapes": len(store.shapes)}, list(dict.fromkeys([*run.unknown, *data.found])), fine


def check_class(known: Sequence[str], by: str) -> None:
    """``--by`` names an input that parts objects into classes."""
    if by and by not in known:
        shown = "、".join(known) or say("没有", "none")
        raise click.BadParameter(
            say(
                f"“{shorten(by)}”不是类别；可以用的输入项：{shown}",
                f"“{shorten(by)}” is no class; inputs that are: {shown}",
            ),
            param_hint="--by",
        )


def _identity(rules: Sequence[str], store: "Store") -> object:
    """What the rules are now."""
    from perfdsl.mixed import written

    if len(rules) == 1 and rules[0].endswith(STORE):
        return file_identity(rules[0])
    made = io.BytesIO()
    written(store, made)
    return hashlib.sha256(made.getbuffer()).hexdigest()


@attrs.define(eq=False)
class Origin:
    """Where the observations of a block stand: the number of its file, its rows (the first, where one follows the other).

    ``wide`` leads from the rows of ``table`` back to the cells of a wide one.
    """

    file: int
    rows: Any
    table: Any
    wide: "Melted | None" = None

    @classmethod
    def of(cls, block: "Block", store: "Store") -> "Origin":
        """The block as observations, a row each."""
        from perfdsl.mixed import melted

        first, last = int(block.rows[0]), int(block.rows[-1])
        rows = first if last - first == block.count - 1 else block.rows
        if block.long:
            return cls(int(block.files[0]), rows, block.table)
        made = melted(block.table, store)
        return cls(int(block.files[0]), rows, made.table, made._replace(table=made.table.slice(0, 0)))

    def place(self, found: "Unread", number: int) -> "Refused":
        """What was refused of one of the observations."""
        from perfdsl.batch import NAMES, Refused

        column, text = found.column, found.text
        inside = number
        if self.wide is not None:
            inside = int(self.wide.rows[number])
            column = self.wide.heading(number, column)
            text = found.value if found.finding.code in NAMES else text
        row = self.rows + inside if isinstance(self.rows, int) else int(self.rows[inside])
        return Refused(self.file, row, found.object, column, text, found.finding)


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
    lists: "Lists" = attrs.field(init=False)
    unknown: list[Diagnostic] = attrs.Factory(list)
    lines: list[list[Any]] = attrs.Factory(list)
    starts: list[int] = attrs.Factory(list)
    blocks: list["Origin"] = attrs.Factory(list)
    read: int = 0
    aside: int = 0

    def run(self) -> None:
        """Every part, and one for what was refused while reading."""
        from perfdsl.batch import Lists
        from perfdsl.mixed import ManyTally, kept, of_kept

        self.sums, self.lists = ManyTally(), Lists()
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
            self.read += block.count
            if not block.count:
                continue
            origin = Origin.of(block, self.job.store)
            self.starts.append(first)
            self.blocks.append(origin)
            table, origin.table = origin.table, None
            first += table.num_rows
            self.progress.told(self.data, self.read, 0)
            yield table

    def keep(self, number: int, part: "Mixed") -> None:
        """A part that was scored."""
        from perfdsl.batch import lists_kept
        from perfdsl.mixed import kept

        lines: list[list[Any]] = []
        nobodys: set[tuple[int, int]] = set()
        for x in part.refused:
            at = bisect(self.starts, x.row) - 1
            one, code = self.blocks[at].place(x, x.row - self.starts[at]), x.finding.code
            if code == NO_OWNER and (one.file, one.row) in nobodys:
                continue  # all of a wide row is nobody's
            if code == NO_OWNER:
                nobodys.add((one.file, one.row))
            lines.append(line_of(one))
            part.tally.rejects[code] = part.tally.rejects.get(code, 0) + 1
            if (
                code == NO_OWNER
                and len(self.unknown) < SHOWN
                and x.finding.facts not in [y.facts for y in self.unknown]
            ):
                self.unknown.append(x.finding)  # once an object, whatever the number of its rows
        lines.sort(key=lambda x: (x[0], x[1]))
        lists = None if part.lists is None else lists_kept(part.lists)
        self.folder.write(number, {SCORES: part.rows, TOTALS: part.totals}, lines, kept(part.tally), lists)

    def add(self, number: int, of_kept: Callable[[dict[str, Any]], "ManyTally"]) -> None:
        """A part that is there joins the others."""
        from perfdsl.batch import lists_of_kept
        from perfdsl.cli.batch_output import refuse_too_many

        self.numbers.append(number)
        self.sums.add(of_kept(self.folder.sums(number)))
        listed = self.folder.lists(number)
        if listed is not None:
            self.lists.add(lists_of_kept(listed))
        refuse_too_many(self.output, self.sums.lines)
        self.progress.told(self.data, self.read, self.sums.objects)

    def empty(self, end: str) -> "pa.Table":
        """A table of no rows."""
        import pyarrow as pa

        with pa.OSFile(str(self.folder.beside(0, end)), "rb") as file:
            return pa.ipc.open_file(file).schema.empty_table()
