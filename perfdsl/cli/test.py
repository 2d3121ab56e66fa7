"""``perfdsl test``: tests in the language."""

import os
import re
from collections.abc import Sequence
from xml.etree import ElementTree

import click

from perfdsl import model as m
from perfdsl.actuals import Row
from perfdsl.cli.files import Library, Unreadable, expand, read_source, write_whole
from perfdsl.cli.main import Command, lang_option, language, say
from perfdsl.cli.output import COLOUR, complain, use_colour
from perfdsl.diagnostics import Diagnostic, finding
from perfdsl.pipeline import USE_OUTSIDE, USE_UNREADABLE, Checked, understand
from perfdsl.replay import Mismatch, Outcome, run
from perfdsl.text import Span


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
        results.extend((name, outcome) for outcome in _run_file(checked, name, paths))
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


def _run_file(checked: Checked, name: str, paths: tuple[str, ...]) -> list[Outcome]:
    def tables(file: str, span: Span) -> tuple[Sequence[Row], list[Diagnostic]]:
        try:
            return _read(file, name, span, checked.model)
        except (Unreadable, OSError, ValueError) as wrong:
            return (), [finding(USE_UNREADABLE, span, name=file, words=str(wrong))]

    return [run(test, checked.model, tables) for test in checked.model.tests]


def _read(file: str, beside: str, span: Span, model: m.Model) -> tuple[Sequence[Row], list[Diagnostic]]:
    from perfdsl.cli.score import read_tables
    from perfdsl.lower import lower

    folder = os.path.realpath(os.path.dirname(beside))
    path = os.path.realpath(os.path.join(folder, file))
    if os.path.commonpath([folder, path]) != folder:
        return (), [finding(USE_OUTSIDE, span, name=file)]
    tables, found = read_tables([path], [lower(thing) for thing in model.objects])
    return tables[0].rows, found


def _show(name: str, outcome: Outcome, colour: bool) -> None:
    red, bold, off = ("\x1b[31m", "\x1b[1m", "\x1b[0m") if colour else ("", "", "")
    line = outcome.test.span.line
    click.echo(f"{red}{say('不符', 'FAILED')}{off} {bold}{outcome.test.title}{off}  {name}:{line}", color=True)
    for mismatch in outcome.mismatches:
        click.echo(_line(mismatch), color=True)
    for diagnostic in outcome.found:
        if diagnostic.severity == "error":
            click.echo(f"  {diagnostic.code} {diagnostic.message(language())}", color=True)
    if not outcome.test.expected:
        click.echo(
            "  " + say("没有写 expect（预期），什么也没有检验", "there is no expect: nothing was tested"), color=True
        )


def _line(mismatch: Mismatch) -> str:
    reason = mismatch.reason_en if language() == "en" else mismatch.reason_zh
    words = say(f"  {mismatch.what}：应为 {mismatch.expected}，实得 {mismatch.got}",
                f"  {mismatch.what}: expected {mismatch.expected}, got {mismatch.got}")  # fmt: skip
    return f"{words}  ({reason})" if reason else words


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
            lines = [_line(x).strip() for x in outcome.mismatches]
            lines += [f"{d.code} {d.message(language())}" for d in outcome.found if d.severity == "error"]
            failure = ElementTree.SubElement(
                case, "failure", message=_printable(lines[0]) if lines else "no expectation"
            )
            failure.text = _printable("\n".join(lines))
    made: bytes = ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True)
    return made


def _printable(text: str) -> str:
    """XML has no way to write control characters."""
    return re.sub("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
