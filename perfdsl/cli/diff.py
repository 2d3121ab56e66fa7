"""``perfdsl diff``: what another version of the rules does to scores."""

import json
from collections.abc import Sequence
from datetime import date

import click
from attrs import evolve

from perfdsl.actuals import Row
from perfdsl.cli.main import Command, lang_option, language, say
from perfdsl.cli.output import COLOUR, columns, complain
from perfdsl.cli.score import DAY, PERIOD, read_plans, read_tables, score_all, shared_out
from perfdsl.diagnostics import Diagnostic, has_errors
from perfdsl.differ import SAME, Difference, Effect, Held, compare, effects
from perfdsl.plan import Plan


@click.command(cls=Command, name="diff", help=say(
    "比较两套规则：对每个指标证明得分是否处处相同，否则列出哪些完成值得分不同、差多少。OLD、NEW 是 .perf 文件或评价方案。"
    "任何完成值下都相同退出码为0，得分不同或没有证明相同为1，用法不对或读不了为2。",
    "Compare two sets of rules: for each indicator, whether scores are the same for every actual (proved), else where they differ and by how "
    "much. OLD and NEW are .perf files or plans. Exit code 0 when all results are the same, 1 when they differ or are not proved the same, 2 when a file cannot be read.",
))  # fmt: skip
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--actuals", "actuals", multiple=True, metavar="DATA",
              help=say("完成值文件：再列出谁的得分、等级变了", "actual values: also list whose scores and grades change"))  # fmt: skip
@PERIOD
@DAY
@click.option(
    "--format", "style", type=click.Choice(["text", "md", "json"]), default="text", help=say("格式", "format printed")
)
@COLOUR
@lang_option
def command(
    old: str, new: str, actuals: tuple[str, ...], period: str, as_of: date | None, style: str, colour: str
) -> None:
    """Read both rules, compare, score where there are actuals, print."""
    from perfdsl.show_diff import diff_json, diff_markdown, diff_text

    pair = [_plans(name, colour) for name in (old, new)]
    found = compare(*pair)
    affected = _affected(found, pair, actuals, (period, as_of), colour) if actuals else None
    if style == "json":
        click.echo(json.dumps(diff_json(found, affected, language()), ensure_ascii=False, indent=1))
    elif style == "md":
        click.echo(diff_markdown(found, affected, language()), nl=False)
    else:
        click.echo(diff_text(found, affected, language(), columns()), nl=False)
    raise click.exceptions.Exit(0 if found.effect == SAME else 1)


def _plans(name: str, colour: str) -> list[Plan]:
    """The plans of a file; one with errors cannot be compared."""
    plans, found = read_plans(name)
    if plans is None:
        complain([d for d in found if d.severity == "error"], colour)
        raise click.exceptions.Exit(2)
    return plans


def _affected(
    found: Difference,
    pair: Sequence[Sequence[Plan]],
    actuals: tuple[str, ...],
    at: tuple[str, date | None],
    colour: str,
) -> tuple[Effect, ...]:
    """Both scorings of the same rows; a row under its other name is found by that."""
    everything = [plan for plans in pair for plan in plans]
    tables, unread = read_tables(actuals, everything)
    rows = [row for table in tables for row in table.rows]
    said: list[Diagnostic] = list(unread)
    sides = [
        _scored(pair[0], _renamed(found, rows, back=True), at, said),
        _scored(pair[1], _renamed(found, rows), at, said),
    ]
    errors = [d for d in said if d.severity == "error"]
    complain(list(dict.fromkeys(errors)), colour)
    if has_errors(unread):
        raise click.exceptions.Exit(2)
    return effects(found, *sides)


def _scored(
    plans: Sequence[Plan], rows: Sequence[Row], at: tuple[str, date | None], said: list[Diagnostic]
) -> list[Held]:
    shared = shared_out(plans, rows, said)
    cards, found = score_all(shared, at[0], at[1], "")
    said += found
    return [Held(plan, card) for (plan, _), card in zip(shared, cards, strict=True)]


def _renamed(found: Difference, rows: Sequence[Row], *, back: bool = False) -> list[Row]:
    """Rows under the names of the new rules, or ``back`` under those of the old ones."""
    names: dict[str, str] = {}
    for thing in found.objects:
        for row in thing.rows:
            if row.renamed:
                here, there = (row.path, row.was) if back else (row.was, row.path)
                names |= {"/".join(here): "/".join(there)}
                if here[-1] != there[-1]:
                    names[here[-1]] = "/".join(there)
    return [evolve(row, name=names.get(row.name.strip(), row.name)) for row in rows]
