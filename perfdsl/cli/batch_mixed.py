"""``perfdsl batch`` where each project has its own rules: scores as a long table, totals beside it, and what was refused."""

import csv
import tempfile
from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from perfdsl.cli.batch_data import Data, Files
from perfdsl.cli.batch_output import REJECTS, write_tables
from perfdsl.cli.files import Unreadable
from perfdsl.cli.main import language, say
from perfdsl.cli.output import complain
from perfdsl.cli.plan_store import store_of
from perfdsl.cli.writing import growing
from perfdsl.diagnostics import Diagnostic
from perfdsl.write_actuals import guarded

if TYPE_CHECKING:
    import pyarrow as pa

    from perfdsl.mixed import Mixed, MixedJob

SUFFIXES = (".parquet", ".csv")
SHOWN = 20


def totals_name(output: str) -> str:
    """Where the totals go."""
    return str(Path(output).with_suffix("")) + ".totals" + Path(output).suffix


def mixed(rules: Sequence[str], actuals: Sequence[str], output: str, refused_name: str, engine: Any, period: str, as_of: date | None,
          colour: str) -> bool:  # fmt: skip
    """Score every object by its own rules and say what came of it; was everything complete and read?"""
    from perfdsl.mixed import MixedJob, carrier

    if Path(output).suffix.lower() not in SUFFIXES:
        raise Unreadable(
            say("很多份规则的得分写成 .parquet 或 .csv", "scores by many rules are written as .parquet or .csv")
        )
    if engine is None:
        raise click.UsageError(
            say("很多份规则一起评时不能用 --engine exact", "many rules are not scored by --engine exact")
        )
    store, found, twice = store_of(rules, period)
    complain(found, colour)
    store.as_of = as_of or store.as_of
    data = Files(actuals, carrier(store), period)
    run = Run(MixedJob(store, engine), data)
    with (
        tempfile.TemporaryDirectory(prefix="perfdsl-") as folder,
        growing(totals_name(output)) as totals,
        growing(output) as path,
    ):
        write_tables(path, Path(output).suffix, run.rows(Path(folder)))
        write_tables(totals, Path(output).suffix, iter(run.totals))
    Path(refused_name).unlink(missing_ok=True)
    if run.refused:
        run.write_refused(refused_name)
    complain(run.unknown(), colour)
    for name in twice:
        click.echo(
            say(f"“{name}”有两份规则，用了先读到的", f"“{name}” has two sets of rules; the first counts"), err=True
        )
    click.echo(run.told(output, refused_name))
    return run.objects == run.complete and not run.refused and not found and not twice


@attrs.define(eq=False)
class Run:
    """One job: its totals, what was refused by file and row, how many objects went by their own plan and why."""

    job: "MixedJob"
    data: Data
    totals: "list[pa.Table]" = attrs.Factory(list)
    refused: list[tuple[int, int, str, str, Diagnostic]] = attrs.Factory(list)
    apart: Counter[str] = attrs.Factory(Counter)
    starts: list[int] = attrs.Factory(list)
    blocks: list[tuple[Any, Any]] = attrs.Factory(list)
    objects: int = 0
    complete: int = 0

    def rows(self, folder: Path) -> "Iterator[pa.Table]":
        """The scores of all rows, part by part."""
        for part in self.job.score(self.tables(), folder):
            self.count(part)
            yield part.rows
        if not self.totals:
            raise Unreadable(say("没有规则，或者没有数据", "there are no rules or no data"))

    def tables(self) -> "Iterator[pa.Table]":
        """What was observed; where it stood is remembered."""
        first = 0
        for block in self.data.blocks():
            self.refused += [(x.file, x.row, x.object, x.text, x.finding) for x in block.refused]
            if not block.long:
                raise Unreadable(
                    say(
                        "各项目规则不同时用长表：对象、指标、实际值",
                        "different rules need a long table: 对象, 指标, 实际值",
                    )
                )
            if block.count:
                self.starts.append(first)
                even = int(block.rows[-1]) - int(block.rows[0]) == block.count - 1
                self.blocks.append((int(block.files[0]), int(block.rows[0]) if even else block.rows))
                first += block.count
                yield block.table

    def count(self, part: "Mixed") -> None:
        """What a part adds."""
        import pyarrow.compute as pc

        if part.totals.num_rows or not self.totals:
            self.totals.append(part.totals)
        self.objects += part.totals.num_rows
        self.complete += pc.sum(part.totals.column("完整")).as_py() or 0
        self.apart += part.apart
        for x in part.refused:
            at = bisect(self.starts, x.row) - 1
            file, rows = self.blocks[at]
            inside = x.row - self.starts[at]
            row = rows + inside if isinstance(rows, int) else int(rows[inside])
            facts = tuple((k, str(row) if k == "row" else v) for k, v in x.finding.facts)
            self.refused.append((file, row, x.object, x.text, x.finding._replace(facts=facts)))

    def unknown(self) -> list[Diagnostic]:
        """The first objects nobody has rules for, each once."""
        found = {owner: x for _, _, owner, _, x in sorted(self.refused, key=lambda x: x[:2]) if x.code == "B118"}
        return list(found.values())[:SHOWN]

    def write_refused(self, name: str) -> None:
        """Every observation that could not be read, in the order of the data."""
        lang = language()
        with (
            growing(name) as path,
            open(path, "w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file,
        ):
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(REJECTS)
            for number, row, owner, text, wrong in sorted(self.refused, key=lambda x: x[:2]):
                cells = (
                    self.data.paths[number],
                    str(row),
                    owner,
                    "",
                    text,
                    wrong.code,
                    wrong.message(lang),
                    wrong.help(lang),
                )
                writer.writerow([guarded(x) for x in cells])

    def told(self, output: str, refused_name: str) -> str:
        """What came of it, in a few lines."""
        kept = len(self.job.store.shapes)
        lines = [say(f"{self.objects} 个对象，{self.complete} 个完整；{kept} 种计分形状。得分：{output}，总分：{totals_name(output)}",
                     f"{self.objects} objects, {self.complete} complete; {kept} scoring shapes. Scores: {output}, totals: {totals_name(output)}")]  # fmt: skip
        for reason, count in sorted(self.apart.items(), key=lambda x: (-x[1], x[0])):
            lines.append(
                say(
                    f"  {count} 个按各自的方案逐个打分：{reason}",
                    f"  {count} were scored one by one by their own plan: {reason}",
                )
            )
        if self.refused:
            lines.append(
                say(
                    f"  {len(self.refused)} 行没有用上，见 {refused_name}",
                    f"  {len(self.refused)} rows were not used, see {refused_name}",
                )
            )
        return "\n".join(lines)
