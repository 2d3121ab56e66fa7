"""``--baseline`` and ``--write-baseline``: the findings that are known already, kept in a file beside the rules."""

import os
from collections.abc import Sequence
from pathlib import Path

import click

from perfdsl.baseline import BadBaseline, compare, dumps, known, loads
from perfdsl.cli.files import Unreadable, read_bytes
from perfdsl.cli.main import say
from perfdsl.cli.writing import refuse_inputs, replace
from perfdsl.diagnostics import Diagnostic

GONE_SHOWN = 10


def write_known(path: str, found: Sequence[Diagnostic], names: Sequence[str]) -> None:
    """Write what is found now and not accepted as known."""
    refuse_inputs(path, names)
    open_ones = [d for d in found if not d.accepted]
    replace(Path(path), dumps(known(open_ones, _called(path, names))).encode())
    click.echo(
        say(f"已把{len(open_ones)}处问题写进“{path}”", f"{len(open_ones)} findings written to “{path}”"), err=True
    )


def only_new(path: str, found: Sequence[Diagnostic], names: Sequence[str]) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """What the list does not hold, and what it does; how many it holds, and what it holds that is gone, is said."""
    try:
        before = loads(read_bytes(path).decode())
    except (BadBaseline, UnicodeDecodeError):
        raise Unreadable(
            say(f"“{path}”不是已知问题的清单，或版本不同；用 --write-baseline 重写一份",
                f"“{path}” is not a list of known findings, or one of another version; write it anew with --write-baseline")
        ) from None  # fmt: skip
    new, hidden, gone = compare(found, before, _called(path, names))
    click.echo(say(f"已知的问题{len(hidden)}处，没有列出", f"{len(hidden)} known findings left out"), err=True)
    for own in gone[:GONE_SHOWN]:
        place = f"{own.file} {own.path}".rstrip()
        click.echo(
            say(f"清单里的已经不在：{own.code} {place}：{own.words}", f"gone: {own.code} {place}: {own.words}"),
            err=True,
        )
    if len(gone) > GONE_SHOWN:
        click.echo(say(f"……不在的共{len(gone)}处", f"… {len(gone)} are gone in all"), err=True)
    return new, hidden


def _called(path: str, names: Sequence[str]) -> dict[str, str]:
    """Each file as it is called in the list: relative to the folder the list is in."""
    folder = os.path.dirname(os.path.abspath(path))
    return {name: os.path.relpath(os.path.abspath(name), folder).replace(os.sep, "/") for name in names if name != "-"}
