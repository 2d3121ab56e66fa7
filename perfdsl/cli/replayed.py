"""Tests of a file run with the tables beside it, and what did not hold as lines: for ``perfdsl test`` and the pytest plugin."""

import os
from collections.abc import Sequence

from perfdsl import model as m
from perfdsl.actuals import Row
from perfdsl.cli.files import Unreadable
from perfdsl.cli.main import language, say
from perfdsl.diagnostics import Diagnostic, finding
from perfdsl.pipeline import USE_OUTSIDE, USE_UNREADABLE
from perfdsl.replay import Mismatch, Outcome, Tables, run
from perfdsl.text import Span


def outcome_of(test: m.Test, model: m.Model, name: str) -> Outcome:
    """One test of the file ``name``."""
    return run(test, model, tables_beside(name, model))


def tables_beside(name: str, model: m.Model) -> Tables:
    """Reads the tables a test of the file ``name`` asks for; what cannot be read is a finding."""

    def tables(file: str, span: Span) -> tuple[Sequence[Row], list[Diagnostic]]:
        try:
            return _read(file, name, span, model)
        except (Unreadable, OSError, ValueError) as wrong:
            return (), [finding(USE_UNREADABLE, span, name=file, words=str(wrong))]

    return tables


def _read(file: str, beside: str, span: Span, model: m.Model) -> tuple[Sequence[Row], list[Diagnostic]]:
    from perfdsl.cli.score import read_tables
    from perfdsl.lower import lower

    folder = os.path.realpath(os.path.dirname(beside))
    path = os.path.realpath(os.path.join(folder, file))
    if os.path.commonpath([folder, path]) != folder:
        return (), [finding(USE_OUTSIDE, span, name=file)]
    tables, found = read_tables([path], [lower(thing) for thing in model.objects])
    return tables[0].rows, found


def failure_lines(outcome: Outcome) -> list[str]:
    """What was expected and what came out, a line each; empty when the test passed."""
    lines = [_line(mismatch) for mismatch in outcome.mismatches]
    lines += [f"{d.code} {d.message(language())}" for d in outcome.found if d.severity == "error"]
    if not outcome.test.expected:
        lines.append(say("没有写 expect（预期），什么也没有检验", "there is no expect: nothing was tested"))
    return lines


def _line(mismatch: Mismatch) -> str:
    reason = mismatch.reason_en if language() == "en" else mismatch.reason_zh
    words = say(f"{mismatch.what}：应为 {mismatch.expected}，实得 {mismatch.got}",
                f"{mismatch.what}: expected {mismatch.expected}, got {mismatch.got}")  # fmt: skip
    return f"{words}  ({reason})" if reason else words
