"""``perfdsl test``: tests in the language."""

import re
from xml.etree import ElementTree

import click

from perfdsl.cli.files import Library, expand, read_source, write_whole
from perfdsl.cli.main import Command, lang_option, say
from perfdsl.cli.output import COLOUR, complain, use_colour
from perfdsl.cli.replayed import failure_lines, outcome_of
from perfdsl.pipeline import Checked, understand
from perfdsl.replay import Outcome


@click.command(cls=Command, name="test", help=say(
    "运行写在 .perf 文件（或文件夹）里的 test；有不符的，列出应得与实得。",
    "Run the tests written in .perf files or folders; print what was expected and what came out.",
))  # fmt: skip
@click.argument("paths", nargs=-1, required=True, metavar="PATHS…")
@click.option("--junit", metavar="F", help=say("另写一份 JUnit XML", "also write JUnit XML"))
@COLOUR
@lang_option
def command(paths: tuple[str, ...], junit: str | None, colour: str) -> None:
    """Run all, print failures and a summary."""
    results: list[tuple[str, Outcome]] = []
    unread: list[str] = []
    for name in dict.fromkeys(expand(paths)):
        checked = _understood(name, paths, colour)
        if checked is None:
            unread.append(name)
            continue
        results.extend((name, outcome_of(test, checked.model, name)) for test in checked.model.tests)
    for name, outcome in results:
        if not outcome.passed:
            _show(name, outcome, use_colour(colour))
    failed = sum(not outcome.passed for _, outcome in results)
    if junit:
        write_whole(junit, _junit(results, unread))
    click.echo(say(f"{len(results)}个测试，{len(results) - failed}个通过，{failed}个不符",
                   f"{len(results)} tests, {len(results) - failed} passed, {failed} failed"))  # fmt: skip
    if unread:
        click.echo(
            say(f"{len(unread)}个文件有错误，没有运行", f"{len(unread)} files have errors and were not run"), err=True
        )
    raise click.exceptions.Exit(1 if failed or unread else 0)


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


def _show(name: str, outcome: Outcome, colour: bool) -> None:
    red, bold, off = ("\x1b[31m", "\x1b[1m", "\x1b[0m") if colour else ("", "", "")
    line = outcome.test.span.line
    click.echo(f"{red}{say('不符', 'FAILED')}{off} {bold}{outcome.test.title}{off}  {name}:{line}", color=True)
    for words in failure_lines(outcome):
        click.echo(f"  {words}", color=True)


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
