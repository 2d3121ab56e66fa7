"""Printing for all commands: colour only on a terminal, findings as text, JSON or SARIF."""

import json
import os
import shutil
import sys
from collections.abc import Sequence

import click

from perfdsl.cli.main import language
from perfdsl.diagnostics import Diagnostic, has_errors

COLOUR = click.option("--color", "colour", type=click.Choice(["auto", "always", "never"]), default="auto",
                      help="auto | always | never")  # fmt: skip


UNREADABLE = frozenset(("D101", "D217", "D219", "D220", "D302", "D303", "D304", "D305", "D306", "D312", "D313", "D314"))


def use_colour(choice: str) -> bool:
    """Colour when asked for, or on a terminal that does not refuse it."""
    if choice != "auto":
        return choice == "always"
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def columns() -> int:
    """Width of the terminal; 100 where there is none."""
    return shutil.get_terminal_size((100, 24)).columns


def findings(found: Sequence[Diagnostic], style: str, colour: str, known: Sequence[Diagnostic] | None = None) -> str:
    """All findings in one of the three formats; SARIF has those a baseline lists as well."""
    from perfdsl.show import diagnostics_json, diagnostics_sarif, diagnostics_text  # not needed where nothing is said

    if style == "json":
        return json.dumps({"diagnostics": diagnostics_json(found, language())}, ensure_ascii=False, indent=1)
    if style == "sarif":
        return json.dumps(diagnostics_sarif(found, language(), known), ensure_ascii=False, indent=1)
    return diagnostics_text(found, language(), use_colour(colour), columns())


def complain(found: Sequence[Diagnostic], colour: str = "auto") -> None:
    """Findings on standard error, over what ``Stages`` says there."""
    if found:
        start = "\r\x1b[K" if sys.stderr.isatty() else ""
        click.echo(start + findings(found, "text", colour), err=True, color=True)


def status(found: Sequence[Diagnostic]) -> int:
    """0 fine, 1 errors, 2 a file that cannot be read as what it is given for: the same as one that cannot be opened."""
    if any(d.code in UNREADABLE for d in found):
        return 2
    return 1 if has_errors(found) else 0


class Progress:
    """Long work shows how far it is, on standard error, only when that is a terminal."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.shown = sys.stderr.isatty() and total > 20

    def step(self, done: int, name: str) -> None:
        """So many of the total are done."""
        if self.shown and (done % 10 == 0 or done == self.total):
            click.echo(f"\r\x1b[K{done}/{self.total} {name[-40:]}", nl=False, err=True)

    def end(self) -> None:
        """Leave the line empty."""
        if self.shown:
            click.echo("\r\x1b[K", nl=False, err=True)


class Stages:
    """Long work that cannot be counted says what it is at, on standard error, only when that is a terminal."""

    def __init__(self) -> None:
        self.shown = sys.stderr.isatty()

    def at(self, what: str) -> None:
        """This is done now."""
        if self.shown:
            click.echo(f"\r\x1b[K{what[-60:]}…", nl=False, err=True)

    def end(self) -> None:
        """Leave the line empty."""
        if self.shown:
            click.echo("\r\x1b[K", nl=False, err=True)
