"""``score --against``: what the results are set against, found in what the command line names (docs/against.md)."""

import json
from collections.abc import Callable, Sequence

import attrs
import click
from attrs import evolve

from perfdsl.actuals import Row, Table
from perfdsl.attribute import Side, attribute
from perfdsl.cli.files import Unreadable, read_bytes
from perfdsl.cli.main import say
from perfdsl.cli.together import Scored, score_together
from perfdsl.cli.wanted import Stopped, Wanted, digest_of
from perfdsl.diagnostics import ERROR, Diagnostic, Kind, finding, has_errors
from perfdsl.plan import Plan
from perfdsl.saved import NotReport, read_report
from perfdsl.scorecard import Scorecard
from perfdsl.text import NOWHERE

Shared = list[tuple[Plan, list[Row]]]
RULES, REPORT, DATA = "rules", "report", "data"
NEW_ROWS = ("A101", "A102")  # data of this run under other rules: rows these do not know are new indicators


@attrs.frozen
class Shell:
    """What reading rules and tables needs from ``score``: its own ways of doing so."""

    plans: Callable[[str], tuple[list[Plan] | None, list[Diagnostic]]]
    tables: Callable[[Sequence[str], Sequence[Plan]], tuple[list[Table], list[Diagnostic]]]
    shared: Callable[[Sequence[Plan], Sequence[Row], list[Diagnostic]], Shared]


def compared(
    wanted: Wanted, shell: Shell, run: Sequence[Scored], chosen: Sequence[Scored], found: list[Diagnostic]
) -> tuple[list[Scorecard], list[Diagnostic]]:
    """The cards of the ``chosen`` of a run with their comparisons, and what is to be said besides ``found``."""
    kinds = {name: kind_of(name) for name in wanted.others}
    by_kind = {kind: [name for name in wanted.others if kinds[name] == kind] for kind in (RULES, REPORT, DATA)}
    if len(by_kind[RULES]) > 1 or len(by_kind[REPORT]) > 1 or (by_kind[REPORT] and (by_kind[RULES] or by_kind[DATA] or wanted.other_period)):  # fmt: skip
        raise click.UsageError(say("--against 至多一套规则加完成值，或单独一份存下的报告", "--against takes one set of rules and data, or one saved report alone"))  # fmt: skip
    said: list[Diagnostic] = []
    if by_kind[REPORT]:
        before = saved_sides(by_kind[REPORT][0])
    elif not wanted.others and wanted.other_period in (None, wanted.period):
        before = [Side(one.card, one.engine) for one in run]
    else:
        before, said = scored_sides(wanted, shell, by_kind[RULES], by_kind[DATA])
    known = {_place(d) for d in found}
    said = [d for d in said if d.severity == ERROR and _place(d) not in known]
    after = [Side(one.card, one.engine) for one in chosen]
    if not before:
        return [side.card for side in after], said
    made, more = set_against(before, after, wanted.other_object)
    return made, [*said, *more]


def set_against(
    before: Sequence[Side], after: Sequence[Side], name: str | None
) -> tuple[list[Scorecard], list[Diagnostic]]:
    """Each result beside its other: the object of that name, of its own name, or the only one on both sides."""
    if name is not None and not any(side.card.object == name for side in before):
        known = "、".join(side.card.object for side in before[:5])
        raise Unreadable(say(f"没有叫“{name}”的对象可比；有：{known}", f"there is no object “{name}” to compare with; known: {known}"))  # fmt: skip
    cards: list[Scorecard] = []
    found: list[Diagnostic] = []
    for side in after:
        wanted = name if name is not None else side.card.object
        other = next((x for x in before if x.card.object == wanted), None)
        if other is None and len(before) == len(after) == 1:
            other = before[0]
        if other is None:
            known = "、".join(x.card.object for x in before[:5])
            found.append(finding(NO_OTHER, NOWHERE, name=side.card.object, known=known))
            cards.append(side.card)
            continue
        made, said = attribute(other, side)
        cards.append(evolve(side.card, comparison=made))
        found.extend(said)
    return cards, found


def kind_of(name: str) -> str:
    """What a file is: rules, a saved report, or data."""
    path = name.partition("#")[0]
    if path == "-":
        return DATA
    if path.endswith(".perf"):
        return RULES
    if not path.lower().endswith(".json"):
        return DATA
    try:
        data = json.loads(read_bytes(path).decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return DATA  # reading it as a table says what is wrong
    first = data[0] if isinstance(data, list) and data else data
    if not isinstance(first, dict):
        return DATA
    if "format" in first and "ruleset_sha256" in first:
        return RULES
    return REPORT if "indicators" in first and "total" in first else DATA


def saved_sides(name: str) -> list[Side]:
    """The results of a saved report."""
    try:
        return [Side(card, None, name) for card in read_report(read_bytes(name).decode("utf-8-sig"))]
    except (NotReport, UnicodeDecodeError) as wrong:
        raise Unreadable(say(f"“{name}”不是可用的报告：{wrong}", f"“{name}” is not a usable report: {wrong}")) from None


def scored_sides(
    wanted: Wanted, shell: Shell, rules: list[str], data: list[str]
) -> tuple[list[Side], list[Diagnostic]]:
    """The results of other rules, data, or another period; what is not given is as in this run."""
    plans, found = shell.plans(rules[0] if rules else wanted.file)
    if plans is None:
        raise _stop(found)
    period = wanted.other_period or wanted.period
    names = data or [name for name in wanted.actuals if name != "-"]
    if not names:
        raise Unreadable(say("标准输入只能读一次；另一期或另一个对象要从文件读", "standard input can be read only once; give the data as a file"))  # fmt: skip
    tables, unread = shell.tables(names, plans)
    if has_errors(unread):
        raise _stop([*found, *unread])
    shared = shell.shared(plans, [row for table in tables for row in table.rows], found)
    digest = digest_of(tables)
    day = wanted.day if period == wanted.period and not rules else None
    members = [(plan, rows) for plan, rows in shared if _has_period(plan, period, found)]
    made = score_together(members, period, day, digest)
    found += [d for one in made for d in one.found if data or d.code not in NEW_ROWS]
    return [Side(one.card, one.engine, "、".join([*rules, *data])) for one in made], [*found, *unread]


def _has_period(plan: Plan, period: str, found: list[Diagnostic]) -> bool:
    """Do the rules set targets for the period, if they set any?  Says so when not."""
    periods = {use.period for row in plan.indicators for use in row.targets}
    if periods and period not in periods:
        found.append(finding(NO_PERIOD, NOWHERE, name=plan.object, period=_PERIODS.get(period, period),
                             known="、".join(_PERIODS[p] for p in _PERIODS if p in periods)))  # fmt: skip
        return False
    return True


def _stop(found: Sequence[Diagnostic]) -> Stopped:
    return Stopped(found)


def _place(found: Diagnostic) -> tuple[object, ...]:
    return found.code, found.span.source.name, found.span.start, found.facts


_PERIODS = {"q1": "一季度", "half": "半年", "q3": "三季度", "full": "全年", "cycle": "实施周期"}

NO_OTHER = Kind(
    "A140", ERROR, "对照里没有“{name}”", "there is no “{name}” to compare with", "对照里有：{known}；名称不同时用 --against-object 指明",
    "it has: {known}; name one with --against-object",
)  # fmt: skip
NO_PERIOD = Kind(
    "A141", ERROR, "“{name}”没有{period}的指标值，比不了", "“{name}” has no target for that period ({period})",
    "有指标值的期间：{known}", "periods with targets: {known}",
)  # fmt: skip
