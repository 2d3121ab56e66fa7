"""``perfdsl batch --engine spark``: the data and the scores stay on storage that all workers see (docs/cluster.md)."""

import csv
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from perfdsl.cli.files import Unreadable
from perfdsl.cli.main import language, say
from perfdsl.cli.output import complain
from perfdsl.cli.writing import growing, refuse_existing, refuse_inputs
from perfdsl.diagnostics import Diagnostic, shorten

if TYPE_CHECKING:
    from perfdsl.plan import Plan
    from perfdsl.spark import Done

NAME = "spark"
FILES = (".parquet", ".csv")


def spark_batch(
    plan: "Plan",
    actuals: Sequence[str],
    output: str,
    master: str,
    period: str,
    as_of: date | None,
    force: bool,
    colour: str,
) -> tuple[dict[str, Any], list[Diagnostic]]:
    """The job done and its result written; what is told of it."""
    from perfdsl.batch import digest
    from perfdsl.spark import Halt, score

    suffix = Path(output).suffix.lower() if "://" not in output else ""
    rejects = str(Path(output).with_suffix("")) + ".rejects.csv" if suffix else output.rstrip("/") + ".rejects"
    _check(output, suffix, rejects, [x for x in actuals if "://" not in x], force)
    try:
        done = score(
            master,
            (plan, period, as_of),
            actuals,
            output if suffix or "://" in output else os.path.abspath(output),
            force,
            language(),
        )
    except Halt as wrong:
        complain(wrong.found, colour)
        raise click.exceptions.Exit(1) from None
    if done.scores is not None:
        _write(output, rejects, done)
    told = digest(plan, done.sums)
    return {"output": output, "rejects_file": rejects if told["rejects"]["count"] else None, **told}, list(done.found)


def _check(output: str, suffix: str, rejects: str, inputs: Sequence[str], force: bool) -> None:
    """What is to be written has a known form, and goes over nothing but what Spark wrote before."""
    if suffix and suffix not in FILES:
        raise Unreadable(
            say(
                f"--engine spark 写 Parquet 文件夹（名字不带后缀）、.parquet 或 .csv，不写“{shorten(output)}”",
                f"--engine spark writes a folder of Parquet (a name without suffix), .parquet or .csv, not “{shorten(output)}”",
            )
        )
    if suffix:
        refuse_existing([output, rejects], inputs, force=force)
        return
    for name in (output, rejects) if "://" not in output else ():
        refuse_inputs(name, inputs)
        if not os.path.lexists(name) or (force and os.path.isfile(os.path.join(name, "_SUCCESS"))):
            continue
        raise Unreadable(
            say(
                f"“{shorten(name)}”已经有了"
                + ("，又不是 Spark 写的，不去动它" if force else "；要覆盖它就加上 --force"),
                f"“{shorten(name)}” exists"
                + (" and was not written by Spark" if force else "; add --force to overwrite it"),
            )
        )


def _write(output: str, rejects: str, done: "Done") -> None:
    """One file of scores, and one of what was left out."""
    from perfdsl.cli.batch_output import REJECTS, scores_to
    from perfdsl.write_actuals import guarded

    with growing(output) as path:
        scores_to(output, iter([done.scores]), done.scores.schema.empty_table())(path)
    if done.refused is None:
        Path(rejects).unlink(missing_ok=True)
        return
    with growing(rejects) as path, open(path, "w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(REJECTS)
        for row in done.refused.to_pylist():
            writer.writerow([x if isinstance(x, int) else guarded(x or "") for x in row.values()])
