"""``perfdsl advise``: what to change to reach a grade or a total."""

import click

from perfdsl import advice as model
from perfdsl.advice import Advice, Goal, Prices
from perfdsl.advise import advise, read_costs
from perfdsl.cli.advice import as_json, as_text
from perfdsl.cli.files import Unreadable, read_source
from perfdsl.cli.main import Command, lang_option, language, say
from perfdsl.cli.output import COLOUR, columns, complain, status
from perfdsl.cli.score import chosen_object, read_day, read_period, read_plans, read_tables, shared_out
from perfdsl.cohort import Member
from perfdsl.diagnostics import Diagnostic, has_errors
from perfdsl.plan import Plan
from perfdsl.quantity import parse_number


@click.command(cls=Command, name="advise", help=say(
    "要达到某个等级（--grade）或总分（--total），单改一项要改到多少，几项一起改怎样最省。"
    "每个答案都重新打分核对过。已经达到或有办法时退出码为0，达不到或不完整时为1。",
    "What it takes to reach a grade (--grade) or a total (--total): the smallest change of each indicator alone, and the "
    "cheapest set. Every answer is scored again before it is shown. Exit code 0 when reached or found, else 1.",
))  # fmt: skip
@click.argument("file", metavar="FILE")
@click.option("--actuals", "actuals", multiple=True, required=True, metavar="DATA",
              help=say("完成值文件，可以给几个（- 表示标准输入）", "file of actual values; may be given several times"))  # fmt: skip
@click.option("--grade", metavar="GRADE", help=say("要达到的评价等级，如 优", "the grade to reach"))
@click.option("--total", metavar="NUMBER", help=say("要达到的总分，如 90", "the total to reach"))
@click.option("--cost", type=click.Choice(model.COSTS), default="gap", show_default=True,
              help=say("代价怎样算：gap 占到满分的差距的几成；target 占指标值的几成；count 改几项",
                       "cost of a change: gap to full marks, share of the target, or how many change"))  # fmt: skip
@click.option("--costs", metavar="TABLE", help=say("成本表（CSV）：指标,每单位成本,可否改动", "table of costs (CSV)"))
@click.option("--period", callback=lambda _, __, word: read_period(word), default="full", metavar="PERIOD", show_default=True,
              help=say("评价哪一期", "the period: q1 half q3 full cycle"))  # fmt: skip
@click.option("--as-of", "as_of", metavar="DATE", help=say("评价日期，如 2024-07-31", "day of evaluation"))
@click.option("--object", "only", metavar="NAME", help=say("只看这一个对象", "only this object"))
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", help=say("输出的格式", "format printed")
)
@COLOUR
@lang_option
def command(file: str, actuals: tuple[str, ...], grade: str | None, total: str | None, cost: str, costs: str | None, period: str,
            as_of: str | None, only: str | None, style: str, colour: str) -> None:  # fmt: skip
    """Read rules and data, advise, print."""
    goal, day = _goal(grade, total), read_day(as_of)
    plans, found = read_plans(file)
    if plans is None:
        raise _stop(found, colour)
    tables, unread = read_tables(actuals, plans)
    if has_errors(unread):
        raise _stop(unread, colour)
    about: list[Diagnostic] = []
    shared = shared_out(plans, [row for table in tables for row in table.rows], about)
    only = chosen_object(shared, only)
    for plan, _ in shared:
        if only in (None, plan.object):
            _check_goal(plan, goal)
    prices, wrong = _prices(costs, cost, plans)
    if prices is None or has_errors(about):
        raise _stop([*about, *wrong], colour)
    from perfdsl.observe import observe

    read = [observe(plan, own, period) for plan, own in shared]
    members = [Member(plan, observed) for (plan, _), (observed, _) in zip(shared, read, strict=True)]
    wanted = [i for i, member in enumerate(members) if only in (None, member.plan.object)]
    complain([d for i in wanted for d in read[i][1] if d.severity == "error"], colour)
    made = [advise(members, i, goal, prices, period, day) for i in wanted]
    click.echo(as_json(made) if style == "json" else as_text(made, language(), columns()))
    raise click.exceptions.Exit(0 if all(_helps(x) for x in made) else 1)


def _helps(made: Advice) -> bool:
    return made.status in (model.REACHED, model.FOUND)


def _stop(found: list[Diagnostic], colour: str) -> click.exceptions.Exit:
    """Say what is wrong and end."""
    complain(found, colour)
    return click.exceptions.Exit(status(found) or 1)


def _goal(grade: str | None, total: str | None) -> Goal:
    """The one goal asked for."""
    if (grade is None) == (total is None):
        raise click.UsageError(say("写 --grade 或 --total，二者写一个", "give one of --grade and --total"))
    if grade is not None:
        return Goal(grade=grade)
    number = parse_number(total or "")
    if number is None or number < 0:
        raise click.BadParameter(
            say(f"“{total}”不是总分，写成 90", f"“{total}” is no total; write 90"), param_hint="--total"
        )
    return Goal(total=number)


def _check_goal(plan: Plan, goal: Goal) -> None:
    """The object must have points, and the grade."""
    if not plan.scored:
        raise Unreadable(say(f"“{plan.object}”没有分值，谈不上总分和等级", f"“{plan.object}” has no points"))
    names = [band.name for band in plan.grades]
    if goal.grade and goal.grade not in names:
        known = "、".join(names) or say("（没有写评价等级）", "(none)")
        raise Unreadable(
            say(
                f"“{plan.object}”没有“{goal.grade}”这个等级；有：{known}",
                f"“{plan.object}” has no grade “{goal.grade}”; known: {known}",
            )
        )


def _prices(name: str | None, measure: str, plans: list[Plan]) -> tuple[Prices | None, list[Diagnostic]]:
    """What changes cost, by a table or by a measure."""
    if name is None:
        return Prices(measure), []
    source, found = read_source(name)
    if source is None:
        return None, found
    known = [n for plan in plans for i in plan.indicators for n in (i.path[-1], "/".join(i.path))]
    known += [i.name for plan in plans for i in plan.inputs]
    known += [n for plan in plans for f in plan.funds for line in f.lines for n in (line.path[-1],)] + ["支出", "收入"]
    prices, wrong = read_costs(source, dict.fromkeys(known))
    made = None if prices is None else Prices(measure, prices.rates, prices.fixed)
    return made, [*found, *wrong]
