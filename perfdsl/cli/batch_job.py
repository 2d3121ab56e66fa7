"""What a job of ``batch`` writes, the folder it works in, and how far it is."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from perfdsl.cli.main import language, say
from perfdsl.cli.output import complain, status
from perfdsl.cli.writing import refuse_inputs
from perfdsl.diagnostics import Diagnostic
from perfdsl.text import counted

if TYPE_CHECKING:
    from perfdsl.cli.batch_data import Data
    from perfdsl.cli.batch_parts import Folder


def stop_on(found: Sequence[Diagnostic], colour: str) -> None:
    """Nothing goes on with these."""
    if found:
        complain(found, colour)
        raise click.exceptions.Exit(status(found) or 1)


@attrs.frozen
class Outputs:
    """The files of a job: beside the scores those that are told of, each called after them."""

    output: str
    summaries: tuple[str, ...]
    many: bool = attrs.field(kw_only=True)
    listed: bool = attrs.field(kw_only=True)

    def _beside(self, end: str) -> str:
        return str(Path(self.output).with_suffix("")) + end

    @property
    def rejects(self) -> str:
        """What could not be read."""
        return self._beside(".rejects.csv")

    @property
    def totals(self) -> str:
        """The totals, where the scores are a long table."""
        return self._beside(".totals" + Path(self.output).suffix)

    @property
    def lists(self) -> str:
        """The first and the last."""
        return self._beside(".lists.csv")

    @property
    def parts(self) -> Path:
        """The folder of the parts."""
        return Path(self._beside(".parts"))

    @property
    def every(self) -> list[str]:
        """All that may be written."""
        more = [self.totals] if self.many else []
        return [self.output, self.rejects, *more, *([self.lists] if self.listed else []), *self.summaries]

    def told(self, told: dict[str, Any]) -> dict[str, Any]:
        """The names that are told."""
        made: dict[str, Any] = {
            "output": self.output,
            "rejects_file": self.rejects if told["rejects"]["count"] else None,
        }
        if self.many:
            made["totals_file"] = self.totals
        return made


class Counter:
    """How far the work is, on standard error, only when that is a terminal."""

    def __init__(self) -> None:
        self.shown = sys.stderr.isatty()

    def told(self, data: "Data", rows: int, objects: int) -> None:
        """So much is done."""
        if self.shown:
            share = f"{100 * data.done // data.total}% " if data.total else ""
            words = say(
                f"{share}{rows} 行，{objects} 个对象", f"{share}{counted(rows, 'row')}, {counted(objects, 'object')}"
            )
            click.echo(f"\r\x1b[K{words}", nl=False, err=True)

    def end(self) -> None:
        """Leave the line empty."""
        if self.shown:
            click.echo("\r\x1b[K", nl=False, err=True)


@contextmanager
def opened_folder(names: Outputs, data: "Data", facts: Sequence[object]) -> "Iterator[tuple[Folder, Counter]]":
    """The folder of the parts, gone on with where the job is the same; it goes when all is done.

    Data that are refused leave nothing; whatever else stops the job leaves what was done.
    """
    from perfdsl.cli.batch_data import Refusal, Unusable
    from perfdsl.cli.batch_parts import Folder, job_digest

    identity = data.identity()
    digest = None if identity is None else job_digest([*facts, language(), identity])
    for name in names.every:
        refuse_inputs(name, data.paths)
    columnar = not names.many and names.output.lower().endswith(".parquet")
    folder = Folder(names.parts, digest, data.paths, parquet=columnar)
    if folder.resumed:
        click.echo(
            say(f"接着上次的做：已有 {folder.count()} 部分", f"going on: {folder.count()} parts are done"), err=True
        )
    progress = Counter()
    try:
        yield folder, progress
    except Refusal as wrong:
        folder.remove()
        stop_on(wrong.found, "auto")
        raise
    except Unusable:
        folder.remove()
        raise
    except BaseException:
        folder.leave()
        raise
    finally:
        progress.end()
    folder.remove()
