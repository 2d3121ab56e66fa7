"""``perfdsl batch``: one set of rules over a table of many objects, part by part."""

import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from perfdsl.cli.batch_job import Outputs, opened_folder, stop_on
from perfdsl.cli.files import Unreadable
from perfdsl.cli.main import ALONE, Command, lang_option, language, say
from perfdsl.cli.output import COLOUR, complain, status
from perfdsl.cli.papers import FORCE
from perfdsl.cli.plan_store import are_many
from perfdsl.cli.score import DAY, PERIOD, read_plans
from perfdsl.cli.settings import SettingsFiles
from perfdsl.cli.writing import refuse_existing, write_whole
from perfdsl.diagnostics import ERROR, INFO, Diagnostic, Kind, finding, shorten
from perfdsl.fallback import ASKED, fallback_of
from perfdsl.plan import Plan
from perfdsl.text import NOWHERE

if TYPE_CHECKING:
    from perfdsl.batch import Job
    from perfdsl.cli.batch_data import Data
    from perfdsl.cli.batch_run import Ends

SUFFIXES, SUMMARIES = (".parquet", ".csv", ".xlsx"), (".html", ".svg", ".json")
SHOWN, MOST_LISTED = 20, 1000
EXACT = "exact"
SPARK = "spark"


@click.command(cls=Command, name="batch", help=say(
    "按一份规则给一张表里的很多对象打分。DATA 是 CSV、Parquet、Excel，装着它们的文件夹或通配符，或数据库地址（加 --query）；"
    "宽表一行一个对象，长表一行一个观测值。读不了的行另写在 NAME.rejects.csv。"
    "都打完、都完整、没有读不了的退出码为0，否则为1；数据或参数用不了为2。",
    "Score many objects of a table by one set of rules. DATA is CSV, Parquet, Excel, a folder or pattern of them, or the address of a "
    "database with --query; wide: a row an object, long: a row an observation. What could not be read goes to NAME.rejects.csv. "
    "Exit code 0 when every object is complete and every row was read, else 1; 2 when data or options cannot be used.",
))  # fmt: skip
@click.argument("rules", metavar="RULES...", nargs=-1, required=True)
@click.option("--actuals", "actuals", multiple=True, required=True, metavar="DATA",
              help=say("数据：文件、文件夹、通配符或数据库地址，可以给几个", "files, folders, patterns or a database; may be given several times"))  # fmt: skip
@click.option("--query", metavar="SQL", help=say("向数据库要数据的查询", "the query that gives the data of a database"))
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="SCORES",
    help=say("结果：.parquet .csv .xlsx", "the scores: .parquet .csv .xlsx"),
)
@click.option("--engine", "engine_name", default="embedded", show_default=True, metavar="NAME",
              help=say("用哪个引擎；exact 是精确引擎逐个打分", "which engine; exact scores one by one"))  # fmt: skip
@click.option("--master", default="", metavar="ADDRESS",
              help=say("--engine spark 用哪个 Spark：spark://…、sc://…、yarn、local[2]", "which Spark --engine spark uses: spark://…, sc://…, yarn, local[2]"))  # fmt: skip
@PERIOD
@DAY
@click.option("--summary", "summaries", multiple=True, metavar="FILE",
              help=say("汇总写成文件：.html .svg .json；可以给几个", "write the summary: .html .svg .json; may be given several times"))  # fmt: skip
@click.option("--part", "size", type=click.IntRange(1, 1 << 24), default=None, metavar="ROWS",
              help=say("一部分多少行，默认宽表 65536、长表 262144；各有规则时多少个项目，默认 2048",
                       "rows of a part, by default 65536 wide, 262144 long; with rules of their own so many projects, by default 2048"))  # fmt: skip
@click.option(
    "--top",
    type=click.IntRange(0, MOST_LISTED),
    default=0,
    metavar="N",
    help=say("列出总分的前几名", "list so many of the best totals"),
)
@click.option("--bottom", type=click.IntRange(0, MOST_LISTED), default=0, metavar="N",
              help=say("列出总分的末几名", "list so many of the lowest totals"))  # fmt: skip
@click.option(
    "--by",
    default="",
    metavar="INPUT",
    help=say("各类另列名单：哪一个输入项是类别", "lists of each class too: the input that names it"),
)
@FORCE
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", help=say("屏幕上的格式", "format printed")
)
@COLOUR
@lang_option
def command(rules: tuple[str, ...], actuals: tuple[str, ...], query: str | None, output: str, engine_name: str, master: str, period: str, as_of: date | None,
            summaries: tuple[str, ...], size: int | None, top: int, bottom: int, by: str, force: bool, style: str, colour: str) -> None:  # fmt: skip
    """Read rules, score part by part, put the parts together, tell what came of it."""
    many = are_many(rules)

    def about() -> dict[str, Any]:
        """What was asked for."""
        job = {"rules": list(rules), "actuals": _places(actuals), "period": period, "engine": engine_name}
        return {"format": "perfdsl-batch", "version": 1, **job}

    if engine_name == SPARK:
        if query is not None or size is not None or many or top or bottom or by:
            raise click.UsageError(
                say(
                    "--engine spark 不用 --query、--part、--top、--bottom 和 --by，规则只给一份",
                    "--engine spark takes one set of rules and no --query, --part, --top, --bottom or --by",
                )
            )
        told, found = _spark(rules, actuals, output, master, period, as_of, summaries, force, colour)
        _end(about() | told, found, summaries, style, colour, fine=_fine(told))
    if master:
        raise click.UsageError(say("--master 要和 --engine spark 一起用", "--master is for --engine spark"))
    names = Outputs(output, summaries, many=many, listed=bool(top or bottom))
    _check_names(names, [*rules, *actuals], force)
    stop_on(lacking(output), colour)
    _settle_arrow()
    engine = _engine(engine_name, colour)
    if by and not (top or bottom):
        raise click.UsageError(say("--by 要和 --top 或 --bottom 一起用", "--by is for --top and --bottom"))
    if many:
        from perfdsl.cli.batch_mixed import Asked, mixed
        from perfdsl.cli.batch_run import Ends

        asked = Asked(engine, period, as_of, size, Ends(top, bottom, by))
        told, found, fine = mixed(rules, _reading(actuals, query, colour), names, asked, colour)
    else:
        plan = one_plan(rules, colour)
        from perfdsl.batch import Job, classes_of
        from perfdsl.cli.batch_mixed import check_class
        from perfdsl.cli.batch_run import Ends

        check_class(sorted(classes_of(plan)), by)
        ends = Ends(top, bottom, by)
        job = Job(plan, engine, period, as_of)
        told, found = _worked(job, _reading(actuals, query, colour)(plan, period), names, size, ends)
        fine = _fine(told)
    _end(about() | names.told(told) | told, found, summaries, style, colour, fine=fine)


def _fine(told: dict[str, Any]) -> bool:
    """Were there objects, all of them complete, and was everything read?"""
    return told["objects"] == told["complete"] and not told["rejects"]["count"] and told["objects"] > 0


def _end(
    told: dict[str, Any], found: Sequence[Diagnostic], summaries: Sequence[str], style: str, colour: str, *, fine: bool
) -> NoReturn:
    """Say what came of the job, write its summaries, and leave."""
    told = told | {"exact": _said(told["exact"])}
    _print(told, found, style, colour)
    for name in summaries:
        write_whole(name, _summary(name, told))
    raise click.exceptions.Exit(0 if fine else 1)


def _spark(rules: tuple[str, ...], actuals: tuple[str, ...], output: str, master: str, period: str, as_of: date | None,
           summaries: tuple[str, ...], force: bool, colour: str) -> tuple[dict[str, Any], list[Diagnostic]]:  # fmt: skip
    """The same by Spark, which reads and writes the tables itself."""
    from perfdsl.cli.batch_spark import spark_batch

    refuse_existing(summaries, [x for x in actuals if "://" not in x], force=force)
    stop_on(lacking(""), colour)
    _engine(SPARK, colour)
    return spark_batch(one_plan(rules, colour), actuals, output, master, period, as_of, force, colour)


def _worked(
    job: "Job", data: "Data", names: Outputs, size: int | None, ends: "Ends"
) -> tuple[dict[str, Any], list[Diagnostic]]:
    """The job done and its result written; what is told of it."""
    from perfdsl.batch import Sizes, digest, lists_json, no_objects
    from perfdsl.cli.batch_output import (
        lists_to,
        parquet_to,
        refuse_too_many,
        rejects_to,
        scores_to,
        tables,
        write_results,
    )
    from perfdsl.cli.batch_run import USUAL, Run

    part = Sizes(size, size) if size else USUAL
    engine = job.engine.NAME if job.engine is not None else EXACT
    facts = [_plan_text(job.plan), job.period, job.as_of, engine, part, ends]
    with opened_folder(names, data, facts) as (folder, progress):
        done = Run(
            job, data, folder, part, ends, progress, lambda sums: refuse_too_many(names.output, sums.objects)
        ).run()
        progress.end()
        empty = no_objects(job.plan, job.period, job.as_of)
        if folder.parquet:
            made = [(names.output, parquet_to(folder, done.parts, empty))]
        else:
            made = [(names.output, scores_to(names.output, tables(folder, done.parts), empty))]
        if done.sums.rejects:
            made.append((names.rejects, rejects_to(folder.refused(done.parts), data.paths)))
        told = digest(job.plan, done.sums)
        if ends.wanted:
            words = next((x.words for x in job.plan.inputs if x.name == ends.by), ())
            rolls = done.lists.rolls(("", *words))
            told["lists"], told["lists_file"] = lists_json(rolls), names.lists
            made.append((names.lists, lists_to(rolls)))
        write_results(made, folder.path)
        if not done.sums.rejects:
            Path(names.rejects).unlink(missing_ok=True)
    return told, list(dict.fromkeys(data.found))


def _plan_text(plan: Plan) -> str:
    from perfdsl.plan_json import dumps

    return dumps([plan])


def one_plan(rules: Sequence[str], colour: str) -> Plan:
    """The plan all objects are scored by."""
    plans: list[Plan] = []
    for name in rules:
        files = SettingsFiles()
        made, found = read_plans(name, files.of(name))
        if made is None:
            complain([*files.found, *found], colour)
            raise click.exceptions.Exit(status(found) or 1)
        complain([d for d in (*files.found, *found) if d.severity == ERROR], colour)
        plans += made
    if len(plans) > 1:
        some = "、".join(x.object for x in plans[:5])
        raise Unreadable(
            say(
                f"批量打分用一份规则评所有对象；这里有 {len(plans)} 份：{shorten(some)}",
                f"batch scores all objects by one set of rules; there are {len(plans)}: {shorten(some)}",
            )
        )
    return plans[0]


def _engine(name: str, colour: str) -> Any:
    """The engine of that name; None for the exact one."""
    if name == EXACT:
        return None
    from perfdsl.engines import lacking as without
    from perfdsl.engines import members, named

    engine = named(name)
    if engine is None:
        known = "、".join((*(x.NAME for x in members()), EXACT))
        raise click.BadParameter(
            say(f"没有叫“{name}”的引擎；有：{known}", f"there is no engine “{name}”; known: {known}"),
            param_hint="--engine",
        )
    stop_on(without(engine), colour)
    return engine


def _reading(actuals: Sequence[str], query: str | None, colour: str) -> "Callable[[Plan, str], Data]":
    """How the data are read for a plan."""
    from perfdsl.cli.batch_data import Files
    from perfdsl.cli.batch_database import Database, check_address, is_database, without_driver

    if addresses := [x for x in actuals if is_database(x)]:
        check_address(addresses[0])
        if len(actuals) > 1 or query is None:
            raise click.UsageError(say("数据库地址只给一个，并用 --query 写查询", "give one database and its --query"))
        (address,) = actuals
        stop_on(without_driver(address), colour)
        return lambda plan, period: Database(address, query, plan, period)
    if query is not None:
        raise click.UsageError(say("--query 只用于数据库地址", "--query is for databases only"))
    return lambda plan, period: Files(actuals, plan, period)


def _check_names(names: Outputs, inputs: Sequence[str], force: bool) -> None:
    """What is to be written has a known form, is not there yet, and is no input."""
    for name, known in ((names.output, SUFFIXES), *((x, SUMMARIES) for x in names.summaries)):
        if Path(name).suffix.lower() not in known:
            shown = " ".join(known)
            raise Unreadable(
                say(
                    f"不会写“{shorten(name)}”这种文件；可以用 {shown}",
                    f"“{shorten(name)}” is no format known here; known: {shown}",
                )
            )
    refuse_existing(names.every, [x for x in inputs if "://" not in x], force=force)
    for name in (names.output, *names.summaries):
        folder = os.path.dirname(name)
        if folder and not os.path.isdir(folder):
            raise Unreadable(
                say(
                    f"写不了“{shorten(name)}”：没有文件夹“{shorten(folder)}”",
                    f"cannot write “{shorten(name)}”: there is no folder “{shorten(folder)}”",
                )
            )


def lacking(output: str) -> list[Diagnostic]:
    """What must be installed for the job."""
    gone = [x for x in ("numpy", "pyarrow") if find_spec(x) is None]
    if gone:
        return [finding(NO_BATCH, NOWHERE, libraries="、".join(gone))]
    if output.lower().endswith(".xlsx"):
        from perfdsl.cli.filling import no_writer

        return no_writer(output)
    return []


class _NoPandas:
    """An importer that finds no pandas."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name=name)


def _settle_arrow() -> None:
    """The system's allocator keeps what a part has used for the next one; Arrow's own gives it back, and asks anew.

    Arrow looks for pandas with the first list it is given, which takes a third of a second where pandas is installed;
    nothing here has a frame of it, so a process that is ours alone lets it find none.
    """
    import pyarrow as pa

    if "ARROW_DEFAULT_MEMORY_POOL" not in os.environ:
        pa.set_memory_pool(pa.system_memory_pool())
    if click.get_current_context().obj is ALONE and "pandas" not in sys.modules:
        sys.meta_path.insert(0, _NoPandas)
        try:
            pa.array([])
        finally:
            sys.meta_path.remove(_NoPandas)


def _places(actuals: tuple[str, ...]) -> list[str]:
    """Where the data came from, without passwords."""
    from perfdsl.cli.batch_database import is_database, shown_address

    return [shown_address(x) if is_database(x) else x for x in actuals]


def _summary(name: str, told: dict[str, Any]) -> bytes:
    from perfdsl.batch import html_page, svg_picture

    suffix = Path(name).suffix.lower()
    if suffix == ".json":
        return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")
    made = html_page(told, language()) if suffix == ".html" else svg_picture(told, language())
    return made.encode("utf-8", "backslashreplace")


def _said(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the exact engine scored, with the reason in words; said on standard error where nobody asked for it."""
    made = []
    for one in found:
        fallback = fallback_of(one)
        if fallback.why.kind != ASKED:
            click.echo(fallback.text(language()), err=True)
        made.append({**one, "reason": fallback.why.text(language())})
    return made


def _print(told: dict[str, Any], found: Sequence[Diagnostic], style: str, colour: str) -> None:
    if style == "json":
        from perfdsl.show import diagnostics_json

        click.echo(
            json.dumps({**told, "diagnostics": diagnostics_json(found, language())}, ensure_ascii=False, indent=1)
        )
        return
    from perfdsl.cli.batch_told import as_text

    told_of = [d for d in found if d.severity != INFO]
    complain(told_of[:SHOWN], colour)
    if len(told_of) > SHOWN:
        click.echo(say(f"……另有 {len(told_of) - SHOWN} 条提示", f"… and {len(told_of) - SHOWN} more"), err=True)
    click.echo(as_text(told))


NO_BATCH = Kind(
    "B100", ERROR, "批量打分要先安装：pip install \"perfdsl[batch]\"（缺 {libraries}）", "batch scoring needs: pip install \"perfdsl[batch]\" ({libraries})",
    "少量对象可以用 perfdsl score，不用另装", "for a few objects perfdsl score needs nothing more",
)  # fmt: skip
