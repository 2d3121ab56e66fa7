"""``perfdsl check --fix``: what can be mended in one way only, file by file, until nothing is left; files are written whole."""

import difflib
from collections.abc import Sequence
from pathlib import Path

import click

from perfdsl.cli.files import Library, Unreadable, read_source
from perfdsl.cli.main import say
from perfdsl.cli.writing import replace
from perfdsl.diagnostics import Diagnostic
from perfdsl.mend import mend
from perfdsl.pipeline import check
from perfdsl.text import Source

MOST_ROUNDS = 20  # one mend may bring the next mistake to light


def mend_files(found: Sequence[Diagnostic], names: Sequence[str], roots: Sequence[str], *, write: bool) -> int:
    """Mend every file of the run that has something to mend, or show how; the number of files that change."""
    able = {d.span.source.name for d in found if d.edits}
    changed = 0
    for name in names:
        if name == "-":
            raise Unreadable(
                say("标准输入不能改写，--fix 要文件名", "standard input cannot be rewritten; --fix needs a file name")
            )
        if name not in able:
            continue
        source, _ = read_source(name)
        if source is None:
            continue
        text, count, left = _mended(source, roots)
        if left:
            click.echo(
                say(f"{name}：有{left}处互相牵连，没有改", f"{name}: {left} left alone, they depend on each other"),
                err=True,
            )
        if text == source.text:
            continue
        changed += 1
        if write:
            replace(Path(name), text.encode())
            click.echo(say(f"{name}：改好{count}处", f"{name}: {count} mended"), err=True)
        else:
            old, new = source.text.splitlines(keepends=True), text.splitlines(keepends=True)
            click.echo("".join(difflib.unified_diff(old, new, name, name)), nl=False)
    return changed


def _mended(source: Source, roots: Sequence[str]) -> tuple[str, int, int]:
    """The text when nothing more can be mended, how many were, and how many are left."""
    count = 0
    for _ in range(MOST_ROUNDS):
        made = mend(source, check(source, Library(list(roots))).found)
        if not made.mended:
            return source.text, count, len(made.left)
        count += len(made.mended)
        source = Source(source.name, made.text)
    return source.text, count, 0
