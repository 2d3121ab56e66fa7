"""``perfdsl score``: the main job."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click
from attrs import evolve

from perfdsl.actuals import Row, Table
from perfdsl.cli.files import Library, Unreadable, read_bytes, source_of
from perfdsl.cli.main import Command, lang_option, language, say
from perfdsl.cli.output import COLOUR, columns, complain, status, use_colour
from perfdsl.cli.papers import (
    FORCE,
    FORM,
    NEVER,
    is_paper,
    load_form,
    papers,
    unwritable,
    usual_form,
    with_scores,
)
from perfdsl.cli.settings import SettingsFiles
from perfdsl.cli.together import score_together
from perfdsl.cli.wanted import Stopped, Wanted, against_options, digest_of
from perfdsl.cli.writing import refuse_existing, write_all
from perfdsl.diagnostics import ERROR, Diagnostic, Kind, closest, finding, has_errors
from perfdsl.keywords import PERIOD_NAMES, PERIOD_WORDS
from perfdsl.plan import Plan
from perfdsl.plan_json import BadPlan, loads
from perfdsl.reports import Report, Style, lacking, members
from perfdsl.scorecard import Scorecard
from perfdsl.settings import STANDARD, Settings

if TYPE_CHECKING:
    from perfdsl.cli.together import Scored
    from perfdsl.form import Form


def read_period(word: str, option: str = "--period") -> str:
    """The period a word names, in either language."""
    if word in PERIOD_WORDS:
        return PERIOD_WORDS[word]
    known = "、".join(dict.fromkeys(PERIOD_WORDS))
    raise click.BadParameter(
        say(f"没有“{word}”这一期；可以写 {known}", f"no period “{word}”; known: {known}"), param_hint=option
    )


def read_day(text: str | None) -> date | None:
    if text is None:
        return None
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text.strip())
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    raise click.BadParameter(
        say(f"“{text}”不是日期，写成 2024-07-31", f"“{text}” is not a date; write 2024-07-31"), param_hint="--as-of"
    )


PERIOD = click.option(
    "--period",
    callback=lambda _, __, word: read_period(word),
    default="full",
    metavar="PERIOD",
    show_default=True,
    help=say(
        "评价哪一期：q1 half q3 full cycle，或一季度、半年、三季度、全年、实施周期", "the period: q1 half q3 full cycle"
    ),
)
DAY = click.option(
    "--as-of",
    "as_of",
    callback=lambda _, __, text: read_day(text),
    metavar="DATE",
    help=say("评价日期，如 2024-07-31；决定序时进度", "day of evaluation, e.g. 2024-07-31"),
)


@click.command(cls=Command, name="score", help=say(
    "按规则给完成值打分。FILE 是 .perf 文件或 compile 得到的方案；DATA 是 CSV、Excel 或 JSON。"
    "结果完整且没有错误时退出码为0，不完整或有错误时为1。",
    "Score actual values by the rules. FILE is a .perf file or a compiled plan; DATA is CSV, Excel or JSON. "
    "Exit code 0 when complete and free of errors, else 1.",
))  # fmt: skip
@click.argument("file", metavar="FILE")
@click.option("--actuals", "actuals", multiple=True, required=True, metavar="DATA",
              help=say("完成值文件，可以给几个（- 表示标准输入）", "file of actual values; may be given several times"))  # fmt: skip
@PERIOD
@DAY
@click.option("--object", "only", metavar="NAME", help=say("只评这一个对象", "score only this object"))
@click.option("-o", "--output", "outputs", multiple=True, metavar="REPORT",
              help=say("写报告，按后缀定格式（.html .md .txt .json）；.xlsx .docx .pdf 写成官方的自评表；可以给几个",
                       "write reports by suffix (.html .md .txt .json); .xlsx .docx .pdf are written in an official form"))  # fmt: skip
@FORM
@FORCE
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", help=say("屏幕上的格式", "format printed")
)
@click.option("-v", "--verbose", is_flag=True, help=say("列出每个指标的得分理由", "print the reason of every score"))
@against_options
@COLOUR
@lang_option
def command(file: str, actuals: tuple[str, ...], period: str, as_of: date | None, only: str | None, outputs: tuple[str, ...],
            form_name: str | None, force: bool, style: str, verbose: bool, others: tuple[str, ...], other_period: str | None, other_object: str | None,
            colour: str) -> None:  # fmt: skip
    """Read rules and data, score, print and write."""
    day = as_of
    wanted = Wanted(file=file, actuals=actuals, period=period, day=day, others=others,
                    other_period=read_period(other_period, "--against-period") if other_period else None,
                    other_object=other_object)  # fmt: skip
    inputs = [file, *actuals, *wanted.inputs]
    refuse_existing(outputs, [*inputs, *([form_name] if form_name else [])], force=force)
    forms = [name for name in outputs if is_paper(name, form_name)]
    reports = [name for name in outputs if name not in forms]
    form, lacking_or_wrong = _wanted_form(form_name, forms)
    lacking_or_wrong += [said for name in reports for said in lacking(_member(name), name)]
    if has_errors(lacking_or_wrong):
        complain(lacking_or_wrong, colour)
        raise click.exceptions.Exit(1)
    run = scored(wanted, only, colour)
    layouts, left_out = with_scores(run.chosen, form or _usual(run.shared), file) if forms else ([], [])
    made, cut = papers(forms, layouts) if forms else ([], [])
    everything = [*run.found, *left_out, *cut]
    look = Style(lang=language(), columns=columns(), colour=use_colour(colour), verbose=verbose)
    plain = evolve(look, colour=False, columns=100)
    made += [(name, _render(_member(name).NAME, run.cards, everything, plain)) for name in reports]
    refuse_existing(outputs, inputs, force=force)  # what appeared meanwhile
    write_all(made)
    shown = "json" if style == "json" else "terminal"
    click.echo(_render(shown, run.cards, everything, look).decode(), nl=False, color=True)
    raise click.exceptions.Exit(0 if run.complete and not has_errors(everything) else 1)


class Run(NamedTuple):
    """One scoring: the cards as compared, all that was found, the objects with their rows, and what was scored of each."""

    cards: list[Scorecard]
    found: list[Diagnostic]
    shared: list[tuple[Plan, list[Row]]]
    chosen: "list[Scored]"

    @property
    def complete(self) -> bool:
        """Is nothing left open?"""
        return all(card.complete and not _open(card) for card in self.cards)


def scored(wanted: Wanted, only: str | None, colour: str) -> Run:
    """The cards (of one object where ``only`` names it) and all that was found.

    Where rules or data cannot be used it says so and ends the run with 1.
    """
    files = SettingsFiles()
    settings = files.of(wanted.file)
    plans, found = read_plans(wanted.file, settings)
    found = [*files.found, *found]
    if plans is None:
        complain(found, colour)
        raise click.exceptions.Exit(status(found) or 1)
    tables, unread = read_tables(wanted.actuals, plans)
    unread += other_periods(tables, wanted.period)
    if has_errors(unread):
        complain([*found, *unread], colour)
        raise click.exceptions.Exit(status(unread) or 1)
    found_objects: list[Diagnostic] = []
    rows = [row for table in tables for row in table.rows]
    shared = shared_out(plans, rows, found_objects)
    only = chosen_object(shared, only)
    run = score_together(shared, wanted.period, wanted.day, digest_of(tables), settings)
    chosen = [x for x in run if only in (None, x.card.object)]
    cards = [x.card for x in chosen]
    everything = once([*found, *unread, *found_objects, *(d for x in chosen for d in x.found)])
    if wanted.asked:
        from perfdsl.cli.against import Shell, compared  # only a comparison pays for it

        try:
            cards, said = compared(wanted, Shell(read_plans, read_tables, shared_out), run, chosen, everything)
        except Stopped as stopped:
            complain([*everything, *stopped.found], colour)
            raise click.exceptions.Exit(status(stopped.found) or 1) from None
        everything += said
    return Run(cards, everything, shared, chosen)


class NoPlan(Unreadable):
    """A file, or a line of it (counted from 1), that should hold a compiled plan and does not."""

    def __init__(self, file: str, line: int, why: str) -> None:
        where = say(f"第{line}行", f", line {line},") if line else ""
        super().__init__(
            say(
                f"“{file}”{where}不是可用的评价方案，请重新编译（{why}）",
                f"“{file}”{where} is not a usable plan: {why}",
            )
        )
        self.file, self.line, self.why = file, line, why


class NoObject(Unreadable):
    """Rules for other rules to use: there is nothing in the file to score."""


def read_plans(file: str, settings: Settings = STANDARD) -> tuple[list[Plan] | None, list[Diagnostic]]:
    """The plans of a .perf file or of a compiled plan; None when it has errors of form or meaning."""
    data = read_bytes(file)
    if file.endswith(".json") or data.lstrip()[:1] in (b"{", b"["):
        try:
            return list(loads(data.decode("utf-8-sig"))), []
        except (BadPlan, UnicodeDecodeError) as wrong:
            raise NoPlan(file, 0, str(wrong)) from None
    from perfdsl.pipeline import Shared, check  # a compiled plan needs no compiler

    source, said = source_of(file, data)
    if source is None:
        return None, said
    checked = check(source, Library([file]), Shared(settings=settings))
    found = [*said, *checked.found]
    if not checked.usable:
        return None, found
    plans = list(checked.plans())
    if not plans:
        raise NoObject(say(f"“{file}”里没有要评价的对象", f"there is no object to score in “{file}”"))
    return plans, found


def read_tables(
    names: Sequence[str], plans: Sequence[Plan], columns: frozenset[str] = frozenset()
) -> tuple[list[Table], list[Diagnostic]]:
    """All tables of actuals, and what is wrong with them; ``columns`` are further ones that are looked at."""
    from perfdsl.fill import Rules, read_back
    from perfdsl.observe import row_names
    from perfdsl.tables import Names, read_table

    rules = Rules(plans)
    rows = frozenset().union(*map(row_names, plans))
    looked_at = columns.union(*(plan.own_columns for plan in plans))
    known = Names(rows, frozenset(plan.object for plan in plans), looked_at)
    tables: list[Table] = []
    found: list[Diagnostic] = []
    for name in names:
        path, _, sheet = name.partition("#")
        if sheet and Path(name).exists():
            path, sheet = name, ""
        table, problems = read_table(path, read_bytes(path), known, sheet=sheet)
        table, misfits = read_back(table, rules)
        tables.append(table)
        found += [*problems, *misfits]
    return tables, found


def other_periods(tables: Sequence[Table], period: str) -> list[Diagnostic]:
    """Sheets that were filled for another period than the one that is scored."""
    from perfdsl.fill import OTHER_PERIOD

    sheets = [(table, table.filled) for table in tables if table.filled is not None]
    return [
        finding(OTHER_PERIOD, sheet.span, file=table.name, theirs=sheet.period, ours=PERIOD_NAMES.get(period, period))
        for table, sheet in sheets
        if PERIOD_WORDS.get(sheet.period, period) != period
    ]


def once(found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """What a filled sheet says of a cell is not said again, with less about the place, by what observes the row."""
    from perfdsl.fill import NOT_A_DATE, NOT_A_NUMBER, REPEATS

    told = {(id(d.span.source), d.span.line) for d in found if d.kind in (NOT_A_DATE, NOT_A_NUMBER)}
    if not told:
        return list(found)
    return [d for d in found if d.code not in REPEATS or (id(d.span.source), d.span.line) not in told]


def score_all(
    shared: Sequence[tuple[Plan, list[Row]]], period: str, day: date | None, sha256: str, settings: Settings = STANDARD
) -> tuple[list[Scorecard], list[Diagnostic]]:
    """The cards of all objects, and what was found."""
    made = score_together(shared, period, day, sha256, settings)
    return [x.card for x in made], [d for x in made for d in x.found]


def shared_out(plans: Sequence[Plan], rows: Sequence[Row], found: list[Diagnostic]) -> list[tuple[Plan, list[Row]]]:
    """Rows by object.  One plan with rows about other objects is a rule for all of them."""
    named: dict[str, list[Row]] = {}
    for row in rows:
        named.setdefault(row.object, []).append(row)
    loose = named.pop("", [])
    if len(plans) == 1:
        plan = plans[0]
        if not named or list(named) == [plan.object]:
            return [(plan, list(rows))]
        if loose:
            found.append(finding(WHICH_OBJECT, loose[0].span, known="、".join(list(named)[:5])))
        return [(evolve(plan, object=name), own) for name, own in named.items()]
    known = {plan.object: None for plan in plans}
    some = "、".join(list(known)[:5])
    for name, own in named.items():
        if name not in known:
            found.append(finding(UNKNOWN_OBJECT, own[0].span, name=name, known=closest(name, known) or some))
    if loose:
        found.append(finding(WHICH_OBJECT, loose[0].span, known=some))
    return [(plan, named.get(plan.object, [])) for plan in plans]


def _open(card: Scorecard) -> bool:
    """Is it compared with something whose total is not known?"""
    made = card.comparison
    return made is not None and made.compares_totals and made.difference is None


def chosen_object(shared: list[tuple[Plan, list[Row]]], only: str | None) -> str | None:
    """The one object asked for, which must be there."""
    if only is not None and all(plan.object != only for plan, _ in shared):
        known = "、".join(plan.object for plan, _ in shared)
        raise Unreadable(say(f"没有叫“{only}”的对象；有：{known}", f"there is no object “{only}”; known: {known}"))
    return only


def _wanted_form(form_name: str | None, forms: list[str]) -> tuple["Form | None", list[Diagnostic]]:
    """The form that is asked for, and why it or its files cannot be written; refused before any work is done."""
    found = unwritable(forms, NEVER)
    if form_name is None:
        return None, found
    form, wrong = load_form(form_name)
    return form, [*found, *wrong]


def _usual(shared: Sequence[tuple[Plan, list[Row]]]) -> "Form":
    form, _ = load_form(usual_form(shared[0][0]))
    assert form is not None  # a form that comes with perfdsl
    return form


def _member(name: str) -> Report:
    suffix = Path(name).suffix.lower()
    for member in members():
        if suffix == member.SUFFIX:
            return member
    known = "、".join(sorted(member.SUFFIX for member in members()))
    raise Unreadable(say(f"不会写“{name}”这种报告；可以用 {known}", f"no report format for “{name}”; known: {known}"))


def _render(member: str, cards: list[Scorecard], found: list[Diagnostic], look: Style) -> bytes:
    chosen = next(m for m in members() if member == m.NAME)
    made: bytes = chosen.render(cards, found, look)
    return made


UNKNOWN_OBJECT = Kind(
    "A120", ERROR, "完成值里的对象“{name}”不在规则文件里", "the object “{name}” is not in the rules", "规则文件里有：{known}", "the rules have: {known}",
)  # fmt: skip
WHICH_OBJECT = Kind(
    "A121", ERROR, "规则文件里有几个对象，这一行没有写是哪一个", "the rules hold several objects; this row does not say which",
    "加上“对象”列：{known}", "add a column 对象: {known}",
)  # fmt: skip
