"""``perfdsl test``: tests in the language."""

import json
import re
from fractions import Fraction
from xml.etree import ElementTree

import click

from perfdsl.cli.covered import Percent, as_json, enough, measured, suggested, table
from perfdsl.cli.files import Library, expand, read_source
from perfdsl.cli.main import Command, lang_option, say
from perfdsl.cli.output import COLOUR, complain, use_colour
from perfdsl.cli.replayed import failure_lines, outcome_of
from perfdsl.cli.writing import write_whole
from perfdsl.coverage import Coverage
from perfdsl.pipeline import Checked, understand
from perfdsl.quantity import format_number
from perfdsl.replay import Outcome


@click.command(cls=Command, name="test", help=say(
    "运行写在 .perf 文件（或文件夹）里的 test；有不符的，列出应得与实得。",
    "Run the tests written in .perf files or folders; print what was expected and what came out.",
))  # fmt: skip
@click.argument("paths", nargs=-1, required=True, metavar="PATHS…")
@click.option("--junit", metavar="F", help=say("另写一份 JUnit XML", "also write JUnit XML"))
@click.option(
    "--coverage",
    is_flag=True,
    help=say("另列出各档、各界点有没有测到", "also list which cases and boundaries are exercised"),
)
@click.option("--fail-under", "least", type=Percent(), metavar="95%",
              help=say("测到的不足这么多时退出码为1", "exit code 1 when less than this is exercised"))  # fmt: skip
@click.option(
    "--suggest", is_flag=True, help=say("打印还缺的测试，可以照抄", "print the missing tests, ready to paste")
)
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text",
              help=say("覆盖情况的格式", "format of the coverage"))  # fmt: skip
@COLOUR
@lang_option
def command(
    paths: tuple[str, ...],
    junit: str | None,
    coverage: bool,
    least: Fraction | None,
    suggest: bool,
    style: str,
    colour: str,
) -> None:
    """Run all, print failures, what is exercised where that is asked for, and a summary."""
    files: dict[str, tuple[Checked, list[Outcome]]] = {}
    unread: list[str] = []
    for name in dict.fromkeys(expand(paths)):
        checked = _understood(name, paths, colour)
        if checked is None:
            unread.append(name)
            continue
        files[name] = (checked, [outcome_of(test, checked.model, name) for test in checked.model.tests])
    results = [(name, outcome) for name, (_, outcomes) in files.items() for outcome in outcomes]
    as_data = style == "json"
    for name, outcome in results:
        if not outcome.passed:
            _show(name, outcome, use_colour(colour), err=as_data)
    failed = sum(not outcome.passed for _, outcome in results)
    if junit:
        write_whole(junit, _junit(results, unread))
    too_little = False
    if coverage or suggest or least is not None or as_data:
        found = measured(list(files.values()))
        too_little = least is not None and not enough(found, least)
        _cover(found, suggest, as_data)
    click.echo(say(f"{len(results)}个测试，{len(results) - failed}个通过，{failed}个不符",
                   f"{len(results)} tests, {len(results) - failed} passed, {failed} failed"), err=as_data)  # fmt: skip
    if unread:
        click.echo(
            say(f"{len(unread)}个文件有错误，没有运行", f"{len(unread)} files have errors and were not run"), err=True
        )
    if too_little and least is not None:
        words = format_number(least)
        click.echo(say(f"测到的不足{words}%", f"less than {words}% is exercised"), err=True)
    raise click.exceptions.Exit(1 if failed or unread or too_little else 0)


def _cover(found: Coverage, suggest: bool, as_data: bool) -> None:
    """Print the table and the suggested tests, or both as JSON; the table is made before suggestions add to it."""
    shown = as_json(found) if as_data else table(found)
    text, made = suggested(found) if suggest else ("", [])
    if isinstance(shown, dict):
        data = {**shown, "suggestions": [one._asdict() for one in made]} if suggest else shown
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
        return
    click.echo(shown)
    if text:
        click.echo(f"\n{text}")


def _understood(name: str, paths: tuple[str, ...], colour: str) -> Checked | None:
    source, said = read_source(name)
    if source is None:
        complain(said, colour)
        return None
    checked = understand(source, Library(paths))
    if not checked.usable:
        complain([d for d in checked.found if d.severity == "error"], colour)
        return None
    return checked


def _show(name: str, outcome: Outcome, colour: bool, err: bool) -> None:
    red, bold, off = ("\x1b[31m", "\x1b[1m", "\x1b[0m") if colour else ("", "", "")
    line = outcome.test.span.line
    click.echo(f"{red}{say('不符', 'FAILED')}{off} {bold}{outcome.test.title}{off}  {name}:{line}", color=True, err=err)
    for words in failure_lines(outcome):
        click.echo(f"  {words}", color=True, err=err)


def _junit(results: list[tuple[str, Outcome]], unread: list[str]) -> bytes:
    failed = sum(not outcome.passed for _, outcome in results)
    count = {"tests": str(len(results) + len(unread)), "failures": str(failed), "errors": str(len(unread))}
    suite = ElementTree.Element("testsuite", {"name": "perfdsl"} | count)
    for name in unread:
        broken = ElementTree.SubElement(suite, "testcase", classname=_printable(name), name=_printable(name))
        ElementTree.SubElement(
            broken, "error", message=say("文件有错误，没有运行", "the file has errors and was not run")
        )
    for name, outcome in results:
        case = ElementTree.SubElement(
            suite, "testcase", classname=_printable(name), name=_printable(outcome.test.title)
        )
        if not outcome.passed:
            lines = failure_lines(outcome)
            failure = ElementTree.SubElement(case, "failure", message=_printable(lines[0]))
            failure.text = _printable("\n".join(lines))
    made: bytes = ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True)
    return made


def _printable(text: str) -> str:
    """XML has no way to write control characters."""
    return re.sub("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
